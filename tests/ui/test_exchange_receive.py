"""接收: what the page shows of a file and asks before it takes it; what the ledger holds afterwards."""

import os
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from commissioner_app import attachments, conflicts, exchange
from commissioner_app.exchange import phrases, sending
from commissioner_app.exchange.container import sentences
from commissioner_app.ledgers import NewLedger
from db.ledger import Draft, Ledger
from tests.office import SECRET, Office
from tests.ui.holds import AtFirstReport, held
from ui.exchange.page import ExchangePage
from ui.exchange.receive import ReceivePanel

Open = Callable[..., ExchangePage]
Settle = Callable[[], None]
Answer = Callable[[str], list[QDialog]]
LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.usefixtures("machine")


def received(ledger: Ledger) -> list[str]:
    """The names of the files that a ledger has taken, the latest first."""
    return [e.file for e in exchange.log(ledger) if e.direction == "received"]


def look_at(page: ExchangePage, settle: Settle, *files: Path) -> ReceivePanel:
    page.show_item(list(files))
    settle()
    panel: ReceivePanel = page.panel("receive")
    return panel


def test_files_are_looked_at_one_after_the_other(
    office: Office, open_page: Open, qtbot: QtBot, settle: Settle
) -> None:
    w = office["w"]
    disputed, changed = office.visit("c"), office.visit("c")
    office.bring("c", "w")
    office.edit("w", disputed, content="县里写的")
    office.edit("c", disputed, content="本人写的")
    office.edit("c", changed, content="查看长势，讲解防冻")
    for content in ("讲解浇水", "讲解防冻"):
        office.visit("c", content=content)
    first = office.make("c", "w")
    first = first.rename(first.with_name("1.ktpack"))
    place = office.places(office["b"])[0]
    office["b"].write("改", [Draft("appointment", place.id, "update", {"remark": "市里的备注"})])
    second = office.make("b", "w")
    second = second.rename(second.with_name("2.ktpack"))
    before = received(w)
    page = open_page(ExchangePage, w)
    panel = look_at(page, settle, second, first)
    preview = panel.preview
    assert page.current() == "receive" and panel.stack.currentWidget() is preview
    assert preview.name.text() == "演示人员1（2022-团-01）" and preview.pill.text() == "已认可"
    assert "2.ktpack" in panel.waiting.text() and preview.table.model().rowCount() == 4
    assert preview.code.boxes.groups() == exchange.own(office["c"]).fingerprint.split()
    assert not preview.refuser.isVisible() and not preview.compared.isVisible() and not preview.why.text()
    assert preview.taker.hasFocus() and received(w) == before
    preview.chips.set_current("conflict")
    assert preview.model.rowCount() == 1 and preview.model.index(0, 0).data() == "填报不一致"
    assert "服务内容" in preview.model.index(0, 3).data()
    qtbot.mouseClick(preview.taker, LEFT)
    settle()
    assert panel.stack.currentWidget() is panel.result and received(w) == ["1.ktpack", *before]
    assert w.folded(changed).values["content"] == "查看长势，讲解防冻"
    assert len(conflicts.inbox(w)) == 1 and page.tabs.tabText(2) == "填报不一致 1"
    assert "还有 1 个" in panel.result.next.text() and panel.result.to_conflicts.isVisible()
    with qtbot.waitSignal(page.wants) as caught:
        qtbot.mouseClick(panel.result.arrivals, LEFT)
    assert caught.args == ["visits", {"arrived": True}]
    qtbot.mouseClick(panel.result.next, LEFT)
    settle()
    assert panel.stack.currentWidget() is preview and not panel.waiting.isVisible()
    assert preview.name.text() == "焦作市科技局" and preview.model.rowCount() == 1
    qtbot.mouseClick(preview.leaver, LEFT)
    settle()
    assert panel.stack.currentWidget() is panel.start and received(w) == ["1.ktpack", *before]
    assert w.folded(place.id).values.get("remark") is None and second.exists()


def test_first_contact_waits_for_the_comparison(
    office: Office, open_page: Open, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A county that nobody has heard of gets a file from its neighbour, whose clock is three days ahead."""
    x = office.add("x", NewLedger("county", "温县", roster="2022"))
    true = time.time
    monkeypatch.setattr(time, "time", lambda: true() + 3 * 24 * 3600)
    file = office.make("w", "x")
    monkeypatch.setattr(time, "time", true)
    page = open_page(ExchangePage, x)
    page.show_item({"file": file})
    settle()
    panel = page.panel("receive")
    panel.locked.phrase.setText(SECRET)
    qtbot.mouseClick(panel.locked.unlock, LEFT)
    settle()
    preview = panel.preview
    assert preview.first.isVisible() and preview.pill.text() == "第一次收到"
    assert "焦作市科技局" in preview.introduces.text()
    assert preview.clock.isVisible() and "快约 3 天" in preview.clock.text()
    assert preview.code.text() == exchange.own(office["w"]).fingerprint
    assert not preview.taker.isEnabled() and "核对码" in preview.why.text()
    assert preview.compared.isVisible() and not preview.confirmed.isVisible()
    qtbot.keyClick(preview.compared, Qt.Key.Key_Space)
    assert preview.taker.isEnabled() and not preview.why.text() and not exchange.peers(x)
    qtbot.mouseClick(preview.taker, LEFT)
    settle()
    assert panel.stack.currentWidget() is panel.result
    found = {p.name: p.state for p in exchange.peers(x) if p.role != "commissioner"}
    assert found == {"焦作市科技局": "trusted", "修武县科技局": "trusted"}


def test_a_file_of_another_station_in_the_place_of_the_one_that_was_compared(
    young_office: Office, open_page: Open, qtbot: QtBot, settle: Settle
) -> None:
    b, file = young_office["b"], young_office.make("w", "b")
    panel = look_at(open_page(ExchangePage, b), settle, file)
    assert panel.preview.code.text() == exchange.own(young_office["w"]).fingerprint
    panel.preview.compared.click()
    young_office.make("c", "b").replace(file)
    qtbot.mouseClick(panel.preview.taker, LEFT)
    settle()
    assert panel.stack.currentWidget() is panel.trouble and "不是同一个单位" in panel.trouble.text.text()
    assert not exchange.peers(b) and not received(b)


def test_another_laptop_of_a_known_unit_needs_a_word_by_phone(
    office: Office, open_page: Open, qtbot: QtBot, settle: Settle
) -> None:
    b = office["b"]
    office.add("x", NewLedger("county", "修武县", roster="2022"))
    panel = look_at(open_page(ExchangePage, b), settle, office.make("x", "b"))
    panel.locked.phrase.setText(SECRET)
    qtbot.mouseClick(panel.locked.unlock, LEFT)
    settle()
    preview = panel.preview
    assert preview.warning.isVisible() and preview.warning.property("tone") == "bad"
    assert "已有另一台电脑" in preview.warning.text() and preview.pill.text() == "需要核实"
    assert not preview.first.isVisible() and preview.refuser.isVisible()
    before = received(b)
    preview.compared.click()
    assert "电话核实" in preview.why.text()
    qtbot.mouseClick(preview.taker, LEFT)
    settle()
    assert panel.stack.currentWidget() is preview and received(b) == before
    preview.confirmed.click()
    qtbot.mouseClick(preview.taker, LEFT)
    settle()
    assert panel.stack.currentWidget() is panel.result and len(received(b)) == len(before) + 1
    assert office.peer("b", "x").state == office.peer("b", "w").state == "trusted"


def test_a_station_is_refused_after_a_question(
    young_office: Office, open_page: Open, qtbot: QtBot, settle: Settle, answer: Answer
) -> None:
    w, before = young_office["w"], received(young_office["w"])
    file = young_office.make("c", "w")
    page = open_page(ExchangePage, w)
    panel = look_at(page, settle, file)
    assert panel.preview.first.isVisible() and not panel.preview.taker.isEnabled()
    asked = answer("取消")
    qtbot.mouseClick(panel.preview.refuser, LEFT)
    settle()
    assert asked[0].windowTitle() == "拒绝“演示人员1（2022-团-01）”？"
    assert panel.stack.currentWidget() is panel.preview and len(exchange.peers(w)) == 1
    answer("拒绝此单位")
    with qtbot.waitSignal(page._context.said) as said:
        qtbot.mouseClick(panel.preview.refuser, LEFT)
    settle()
    assert said.args[0].startswith("已拒绝") and panel.stack.currentWidget() is panel.start
    assert young_office.peer("w", "c").state == "refused" and received(w) == before
    look_at(page, settle, file)
    assert panel.stack.currentWidget() is panel.trouble and "已拒绝" in panel.trouble.text.text()


def test_a_passphrase_is_asked_for_once_for_all_parts(
    office: Office,
    open_page: Open,
    qtbot: QtBot,
    settle: Settle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visit = office.visit("c")
    for n in range(2):
        (tmp_path / f"{n}.jpg").write_bytes(os.urandom(30_000))
        attachments.add(office["c"], "visit", visit, [tmp_path / f"{n}.jpg"])
    monkeypatch.setattr(sending.container, "LIMIT_PART", 40_000)
    right = phrases.generate()
    parts = exchange.send(office["c"], office.peer("c", "w"), tmp_path / "大.ktpack", right).files
    assert len(parts) == 2
    page = open_page(ExchangePage, office["w"])
    page.activateWindow()
    panel = look_at(page, settle, *parts)
    assert panel.stack.currentWidget() is panel.locked and panel.locked.phrase.hasFocus()
    panel.locked.phrase.setText("不对的口令")
    qtbot.keyClick(panel.locked.phrase, Qt.Key.Key_Return)
    settle()
    assert panel.stack.currentWidget() is panel.locked
    assert panel.locked.form.shown_error("phrase") == sentences.WRONG_PASSPHRASE
    panel.locked.phrase.setText(right.replace("-", "").upper())
    qtbot.mouseClick(panel.locked.unlock, LEFT)
    settle()
    assert panel.stack.currentWidget() is panel.preview and "2 个文件" in panel.preview.parts.text()
    qtbot.mouseClick(panel.preview.taker, LEFT)
    settle()
    assert "2 个文件中的第 1 个" in panel.result.parts.text()
    qtbot.mouseClick(panel.result.next, LEFT)
    settle()
    assert panel.stack.currentWidget() is panel.preview  # without asking again
    assert panel.preview.inspection.part == 2


def test_a_damaged_file_is_one_sentence_and_a_good_copy_or_the_next_comes(
    office: Office, open_page: Open, qtbot: QtBot, settle: Settle
) -> None:
    whole, other = office.make("c", "w"), office.make("b", "w")
    damaged = whole.with_name("a.ktpack")
    damaged.write_bytes(whole.read_bytes()[:-100])
    panel = look_at(open_page(ExchangePage, office["w"]), settle, damaged, other)
    trouble = panel.trouble
    assert panel.stack.currentWidget() is trouble and trouble.title.text() == "没有接收 a.ktpack"
    assert trouble.text.text() == sentences.TRUNCATED and "还有 1 个" in trouble.go_on.text()
    buttons: Iterable[QPushButton] = trouble.findChildren(QPushButton)
    again = next(b for b in buttons if b.text() == "再试一次")
    qtbot.mouseClick(again, LEFT)
    settle()
    assert panel.stack.currentWidget() is trouble
    shutil.copyfile(whole, damaged)
    qtbot.mouseClick(again, LEFT)
    settle()
    assert panel.stack.currentWidget() is panel.preview and panel.preview.inspection.file == damaged
    damaged.write_bytes(b"")  # between the look and the taking
    qtbot.mouseClick(panel.preview.taker, LEFT)
    settle()
    assert panel.stack.currentWidget() is trouble and trouble.text.text() == sentences.EMPTY
    qtbot.mouseClick(trouble.go_on, LEFT)
    settle()
    assert panel.stack.currentWidget() is panel.preview and panel.preview.inspection.file == other


def test_reading_is_stopped_while_the_file_is_opened_and_after_all_was_read(
    office: Office, open_page: Open, qtbot: QtBot, settle: Settle
) -> None:
    office.visit("c")
    w, file = office["w"], office.make("c", "w")
    page = open_page(ExchangePage, w)
    page.show_item("receive")
    settle()
    panel = page.panel("receive")
    with held():
        page.show_item([file])
        assert panel.stack.currentWidget() is panel.reading
        qtbot.mouseClick(panel.reading.stop, LEFT)
    settle()
    assert panel.stack.currentWidget() is panel.start
    with w.transaction():  # nothing can be tried out in the ledger meanwhile
        page.show_item([file])
        qtbot.waitUntil(lambda: panel._progress is not None)
        AtFirstReport(panel._progress, lambda: qtbot.mouseClick(panel.reading.stop, LEFT))
    settle()
    assert panel.stack.currentWidget() is panel.start
    look_at(page, settle, file)
    assert panel.stack.currentWidget() is panel.preview and panel.preview.inspection.new == 1


def test_a_taking_that_is_cancelled_changes_nothing(
    office: Office, open_page: Open, qtbot: QtBot, settle: Settle
) -> None:
    w, visit = office["w"], office.visit("c")
    panel = look_at(open_page(ExchangePage, w), settle, office.make("c", "w"))
    preview, before = panel.preview, received(w)
    with w.transaction():
        qtbot.mouseClick(preview.taker, LEFT)
        assert not preview.taker.isEnabled() and not preview.leaver.isEnabled()
        panel._progress.cancel()  # as the bar at the foot of the window does
    settle()
    assert panel.stack.currentWidget() is preview and received(w) == before and w.folded(visit) is None
    assert preview.leaver.isEnabled()
    qtbot.mouseClick(preview.taker, LEFT)
    settle()
    assert panel.stack.currentWidget() is panel.result and w.folded(visit) is not None
