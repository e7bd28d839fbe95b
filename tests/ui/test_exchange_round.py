"""From one laptop to another and back, through the pages that both people use, with the real use cases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from commissioner_app import exchange, ledgers
from commissioner_app.exchange import found
from commissioner_app.ledgers import Ledger, NewLedger
from ui.exchange import destination
from ui.exchange.page import ExchangePage

Open = Callable[..., ExchangePage]
Settle = Callable[[], None]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Ledger, Ledger]]:
    """A county's and the bureau's ledger, which have never met."""
    monkeypatch.setattr(destination, "removable_drives", lambda: [])
    monkeypatch.setattr(found, "removable_drives", lambda: [])
    county = ledgers.create(
        tmp_path / "县.ktledger", NewLedger("county", county="温县", roster="2022", actor="演示甲")
    )
    bureau = ledgers.create(tmp_path / "市.ktledger", NewLedger("bureau", roster="2022", actor="演示乙"))
    yield county, bureau
    county.close()
    bureau.close()


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_a_county_reports_and_the_bureau_answers(
    two: tuple[Ledger, Ledger], open_page: Open, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    county, bureau = two
    stick = tmp_path / "stick"
    stick.mkdir()
    # The county writes for a bureau that it has never heard of: a passphrase goes by phone.
    here = open_page(ExchangePage, county)
    form = here.panel("send").form
    assert form.peer.role == "bureau" and form.peer.station is None and form.secret.isVisible()
    form.where.choose(stick)
    click(qtbot, form.go)
    settle()
    sent = here.panel("send").sent
    assert sent.isVisible() and not form.error.isVisible(), form.error.text()
    package, phrase = next(stick.glob("*.ktpack")), sent.phrase.text()

    # The bureau opens it, compares the 核对码 and takes it.
    there = open_page(ExchangePage, bureau)
    there.show_item({"file": package})
    settle()
    panel = there.panel("receive")
    panel.locked.phrase.setText(phrase.replace("-", " ").upper())
    click(qtbot, panel.locked.unlock)
    settle()
    preview = panel.preview
    assert panel.stack.currentWidget() is preview, panel.locked.form.shown_error("phrase")
    assert preview.code.text() == exchange.own(county).fingerprint and not preview.taker.isEnabled()
    preview.compared.click()
    click(qtbot, preview.taker)
    settle()
    assert panel.stack.currentWidget() is panel.result, panel.trouble.text.text()
    there.show_item("stations")
    settle()
    assert there.panel("stations").detail.peer.state == "trusted"

    # The answer needs no passphrase; the county compares in its turn.
    there.show_item("send")
    there.panel("send").refresh()
    settle()
    back = there.panel("send")
    row = next(n for n in range(back.model.rowCount()) if back.model.key(n).station == county.station)
    back.table.selectRow(row)
    settle()
    back.form.where.choose(stick)
    assert not back.form.secret.isVisible()
    click(qtbot, back.form.go)
    settle()
    answer = next(path for path in stick.glob("*.ktpack") if path != package)
    here.show_item([answer])
    settle()
    mine = here.panel("receive")
    assert mine.stack.currentWidget() is mine.preview, mine.trouble.text.text()
    if not mine.preview.compared.isHidden():
        mine.preview.compared.click()
    click(qtbot, mine.preview.taker)
    settle()
    assert mine.stack.currentWidget() is mine.result, mine.trouble.text.text()
    here.show_item("log")
    here.panel("log").refresh()
    settle()
    log = here.panel("log").model
    assert [log.index(n, 1).data() for n in range(log.rowCount())] == ["接收", "发送"]


def test_a_file_that_was_not_copied_whole(
    two: tuple[Ledger, Ledger], open_page: Open, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    county, bureau = two
    whole = tmp_path / "温县_上报.ktpack"
    to = exchange.addressees(county)[0]
    exchange.send(county, to, whole, passphrase="abcd-efgh-jkmn-pqrs")
    part = tmp_path / "半个.ktpack"
    part.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    page = open_page(ExchangePage, bureau)
    page.show_item([part])
    settle()
    panel = page.panel("receive")
    panel.locked.phrase.setText("abcd-efgh-jkmn-pqrs")
    click(qtbot, panel.locked.unlock)
    settle()
    assert panel.stack.currentWidget() is panel.trouble  # the passphrase was right
    sentence = panel.trouble.text.text()
    assert sentence.endswith("。") and "\n" not in sentence
    assert [p for p in exchange.peers(bureau) if p.station == county.station] == []
