"""From nothing to a ledger: the wizard by keyboard and mouse, passwords, the 恢复单, what cannot be opened."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from commissioner_app import batches, ledgers, paths, recovery
from commissioner_app.ledgers import Ledger, NewLedger
from ui import main_window, tasks
from ui.main_window import LedgerWindow
from ui.shell.page import Page
from ui.wizard import opening
from ui.wizard.unlock import UnlockDialog
from ui.wizard.welcome import Welcome

RETURN = Qt.Key.Key_Return

really_exec = QDialog.exec


@pytest.fixture(autouse=True)
def no_unexpected_dialog(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests answer real dialogs; one that nobody answers is given up after a while."""

    def limited(dialog: QDialog) -> int:
        QTimer.singleShot(15_000, dialog, dialog.reject)
        return really_exec(dialog)

    monkeypatch.setattr(QDialog, "exec", limited)


@pytest.fixture
def welcome(qtbot: QtBot) -> Iterator[Welcome]:
    dialog = Welcome()
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog.activateWindow()
    yield dialog
    if dialog.ledger is not None:
        dialog.ledger.close()
    dialog.go_to(-1)  # in the midst of the steps closing would ask
    dialog.close()
    dialog.deleteLater()


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Windows without pages, and closed at the end."""
    monkeypatch.setattr(main_window.LedgerWindow, "_make", lambda _window, _key: Page())
    yield
    opening.close_all()


def press(qtbot: QtBot, key: Qt.Key) -> None:
    """A key to whatever has the keyboard."""
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget)
    qtbot.keyClick(widget, key)


def written(qtbot: QtBot, text: str) -> None:
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget)
    qtbot.keyClicks(widget, text)


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def answer(dialog_type: type, do: Callable[[QWidget], None]) -> None:
    """Do something with the next modal dialog of a kind, once it is there."""

    def look() -> None:
        shown = QApplication.activeModalWidget()
        if isinstance(shown, dialog_type):
            do(shown)
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)


def test_a_new_user_by_keyboard_alone(qtbot: QtBot, welcome: Welcome) -> None:
    assert welcome.new.hasFocus()
    press(qtbot, RETURN)
    assert welcome.at() == 0
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Up)
    press(qtbot, RETURN)
    assert welcome.at() == 1 and welcome.unit.name.text() == "焦作市科技局"
    press(qtbot, RETURN)
    assert welcome.at() == 1 and welcome.unit.form.shown_error("actor")  # not yet filled in
    written(qtbot, "Yan Shi")
    press(qtbot, RETURN)
    assert welcome.at() == 2
    qtbot.keyClick(welcome, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: welcome.at() == 1)  # a button's shortcut shows the click for a moment
    assert welcome.unit.actor.text() == "Yan Shi"
    for _ in range(3):
        press(qtbot, RETURN)
    assert welcome.at() == 4
    with qtbot.waitSignal(welcome.accepted, timeout=10_000):
        press(qtbot, RETURN)
    info = ledgers.info(welcome.ledger)
    assert (info.places, info.commissioners, info.role, info.station) == (38, 0, "bureau", "焦作市科技局")
    assert welcome.ledger.actor == "Yan Shi" and welcome.ledger.path.parent == paths.documents()


def test_a_county_by_mouse_with_a_password_and_its_sheet(
    qtbot: QtBot, welcome: Welcome, tmp_path: Path
) -> None:
    click(qtbot, welcome.new)
    click(qtbot, welcome.role.roles.cards["county"])
    click(qtbot, welcome.next)
    click(qtbot, welcome.next)
    assert welcome.unit.form.shown_error("county") and welcome.unit.county.hasFocus()
    welcome.unit.county.setCurrentIndex(welcome.unit.county.findText("温县"))
    assert welcome.unit.name.text() == "温县科技局"
    welcome.unit.name.setText("温县科学技术局")
    welcome.unit.actor.setText("演示甲")
    click(qtbot, welcome.next)
    click(qtbot, welcome.roster.kinds.cards["new"])
    welcome.roster.year.setText("2023")
    assert welcome.roster.name.text().startswith("2023年度")
    welcome.roster.evaluation.last.setText("2023-11-30")
    click(qtbot, welcome.next)
    click(qtbot, welcome.passwords.kinds.cards["password"])
    qtbot.keyClicks(welcome.passwords.fields.first, "wenxian2023")
    qtbot.keyClicks(welcome.passwords.fields.again, "wenxian2022")
    click(qtbot, welcome.next)
    assert welcome.at() == 3 and "不一样" in welcome.passwords.fields.form.shown_error("again")
    welcome.passwords.fields.again.setText("wenxian2023")
    click(qtbot, welcome.next)
    welcome.place.place.set_path(tmp_path / "温县.ktledger")
    click(qtbot, welcome.next)
    qtbot.waitUntil(lambda: welcome.at() == 5, timeout=10_000)
    saver = welcome.sheet.saver
    saver.place.set_path(tmp_path / "恢复单.pdf")
    with qtbot.waitSignal(saver.saved, timeout=10_000):
        press(qtbot, RETURN)  # until the sheet is saved, Enter saves it
    click(qtbot, welcome.next)
    ledger = welcome.ledger
    assert welcome.result() == Welcome.DialogCode.Accepted and ledger.encrypted
    assert ledgers.station_values(ledger) == ("county", "温县科学技术局", "410825")
    (batch,) = batches.all_batches(ledger)
    assert (batch.year, batch.evaluation_to, batch.service_to) == (2023, "2023-11-30", "2023-12-31")
    assert (tmp_path / "恢复单.pdf").read_bytes().startswith(b"%PDF")


def test_what_went_wrong_stands_in_place(qtbot: QtBot, welcome: Welcome, tmp_path: Path) -> None:
    welcome.unit.actor.setText("演示甲")
    welcome.go_to(4)
    taken = tmp_path / "a.ktledger"
    taken.write_bytes(b"x")
    welcome.place.place.set_path(taken)
    click(qtbot, welcome.next)
    assert "同名" in welcome.place.form.shown_error("place")
    (tmp_path / "file").write_bytes(b"x")
    welcome.place.place.set_path(tmp_path / "file" / "b.ktledger")
    click(qtbot, welcome.next)
    qtbot.waitUntil(lambda: bool(welcome.error.text()), timeout=10_000)
    assert welcome.ledger is None and welcome.next.isEnabled() and taken.read_bytes() == b"x"


def test_training_data_and_an_existing_ledger(
    qtbot: QtBot, welcome: Welcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "b.ktledger"
    broken.write_bytes(b"SQLite format 3\x00" + b"x" * 5000)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(broken), ""))
    click(qtbot, welcome.existing)
    assert welcome.notice.isVisible() and "台账" in welcome.notice.text() and welcome.ledger is None
    with qtbot.waitSignal(welcome.accepted, timeout=20_000):
        click(qtbot, welcome.training)
    assert ledgers.is_demo(welcome.ledger)


def test_first_ledger_asks_for_the_password(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "p.ktledger"
    made = ledgers.create(path, NewLedger("bureau", roster="2022"), "山药2022")
    key = made.key
    made.close()
    seen: list[str] = []

    def typed(dialog: QWidget) -> None:
        assert isinstance(dialog, UnlockDialog)
        qtbot.keyClicks(dialog.password, "nothing")
        qtbot.keyClick(dialog.password, RETURN)
        qtbot.waitUntil(lambda: bool(dialog.error.text()), timeout=5000)
        seen.append(dialog.error.text())
        click(qtbot, dialog.other)
        dialog.key.setPlainText("zz")
        seen.append(dialog.error.text())
        groups = [key[n : n + 4].upper() for n in range(0, 96, 4)]
        dialog.key.setPlainText(" ".join(groups[:12]) + "\n" + "-".join(groups[12:]))
        qtbot.keyClick(dialog.key, RETURN)

    answer(UnlockDialog, typed)
    ledger = opening.first_ledger(path)
    assert ledger is not None and ledgers.info(ledger).places == 38
    ledger.close()
    assert "密码不对" in seen[0] and "恢复单" in seen[1]


def test_first_ledger_says_why_and_offers_the_ways_on(qtbot: QtBot, tmp_path: Path) -> None:
    paths.write_settings(last_ledger=str(tmp_path / "U盘" / "gone.ktledger"))
    seen: list[str] = []

    def close(dialog: QWidget) -> None:
        assert isinstance(dialog, Welcome)
        seen.append(dialog.notice.text())
        assert dialog.retry.isVisible() and dialog.existing.isVisible()
        dialog.close()

    answer(Welcome, close)
    assert opening.first_ledger(None) is None
    assert "gone.ktledger" in seen[0] and "U 盘" in seen[0]


def shown(window: LedgerWindow) -> Ledger:
    ledger: Ledger = window.context.ledger
    return ledger


@pytest.mark.usefixtures("bare")
def test_the_window_is_remembered_and_backed_up(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BACKUP_DELAY_MS", 0)
    ledger = ledgers.create(tmp_path / "a.ktledger", NewLedger("bureau", roster="2022"))
    window = opening.show_main(ledger)
    assert paths.last_ledger() == ledger.path
    qtbot.waitUntil(lambda: len(list((tmp_path / "备份").glob("*.ktledger"))) == 1, timeout=5000)
    qtbot.waitUntil(lambda: not tasks.busy())
    window.close()


@pytest.mark.usefixtures("bare")
def test_another_ledger_takes_the_place_of_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first = ledgers.create(tmp_path / "a.ktledger", NewLedger("bureau", roster="2022"))
    ledgers.create(tmp_path / "b.ktledger", NewLedger("county", "温县", year=2023)).close()
    window = opening.show_main(first)
    assert opening.switch_ledger(window, first.path) is None
    assert opening.switch_ledger(window, tmp_path / "nothing.ktledger") is None
    assert window.isVisible()
    second = opening.switch_ledger(window, tmp_path / "b.ktledger")
    assert second is not None and second.isVisible() and shown(second).path.name == "b.ktledger"
    assert paths.last_ledger() == tmp_path / "b.ktledger" and QGuiApplication.quitOnLastWindowClosed()
    second.close()


@pytest.mark.usefixtures("bare")
def test_a_password_is_changed_under_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.ktledger"
    window = opening.show_main(ledgers.create(path, NewLedger("bureau", roster="2022")))
    second = opening.with_closed_ledger(
        window, "…", lambda: recovery.change_password(path, None, "山药2022"), "密码已设置", "山药2022"
    )
    assert second is not None and shown(second).encrypted, second._toast.message.text()

    def fail() -> None:
        recovery.change_password(path, "wrong", None)

    third = opening.with_closed_ledger(second, "…", fail, "")
    assert third is not None and shown(third).encrypted and "密码" in third._toast.message.text()
    third.close()
