"""设置: the unit's name, 经办人, batches, backup and restore, check, password, looks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from commissioner_app import actors, batches, history, ledgers, maintenance, paths
from commissioner_app.ledgers import NewLedger
from ui import main_window, tasks, theme
from ui.help import HelpPanel, help_of
from ui.main_window import LedgerWindow
from ui.settings.actor import ActorDialog
from ui.settings.batches import BatchSection, YearDialog
from ui.settings.ledgerfile import LedgerSection
from ui.settings.look import LookSection
from ui.settings.page import SettingsPage
from ui.settings.password import PasswordSection
from ui.settings.unit import UnitSection
from ui.shell.page import Page
from ui.widgets.ask import Question
from ui.wizard import opening

make_page = main_window.LedgerWindow._make

really_exec = QDialog.exec


@pytest.fixture(autouse=True)
def no_unexpected_dialog(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests answer real dialogs; one that nobody answers is given up after a while."""

    def limited(dialog: QDialog) -> int:
        QTimer.singleShot(15_000, dialog, dialog.reject)
        return really_exec(dialog)

    monkeypatch.setattr(QDialog, "exec", limited)


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


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LedgerWindow]:
    monkeypatch.setattr(
        main_window.LedgerWindow,
        "_make",
        lambda self, key: make_page(self, key) if key == "settings" else Page(),
    )
    ledger = ledgers.create(
        tmp_path / "a.ktledger", NewLedger("bureau", name="甲局", actor="演示甲", roster="2022")
    )
    shown = opening.show_main(ledger)
    shown.activateWindow()
    yield shown
    last = list(opening._open)
    opening.close_all()
    for each in last:  # not close(): after a failure it would ask what to do with typed text
        each.context.close()
        each.deleteLater()


def page(window: LedgerWindow, key: str) -> SettingsPage:
    window.open("settings", key)
    found = window.page("settings")
    assert isinstance(found, SettingsPage)
    return found


def test_a_batch_is_edited_and_saved_by_keys(qtbot: QtBot, window: LedgerWindow) -> None:
    section = page(window, "batches").section("batches")
    assert isinstance(section, BatchSection)
    section.state.setCurrentText("已选派")
    click(qtbot, section.saver)
    assert "文号" in section.form.shown_error("state")
    qtbot.keyClicks(section.document, "YS-2022-1")
    section.evaluation.last.setText("2023.1.31")
    assert section.dirty()
    ledger = window.context.ledger
    qtbot.keyClick(section.document, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: batches.all_batches(ledger)[0].document_number == "YS-2022-1")
    (batch,) = batches.all_batches(ledger)
    assert (batch.state, batch.evaluation_to, batch.service_to) == ("已选派", "2023-01-31", "2023-03-31")
    qtbot.waitUntil(lambda: not tasks.busy() and not section.dirty())
    window.context.undo()
    qtbot.waitUntil(lambda: section.document.text() == "")


def test_a_new_batch_for_another_year(qtbot: QtBot, window: LedgerWindow) -> None:
    section = page(window, "batches").section("batches")
    assert isinstance(section, BatchSection)

    def fill(dialog: QWidget) -> None:
        assert isinstance(dialog, YearDialog)
        dialog.year.setText("2022")
        qtbot.keyClick(dialog.year, Qt.Key.Key_Return)
        assert "已经有" in dialog.form.shown_error("year")
        dialog.year.setText("2023")
        qtbot.keyClick(dialog.year, Qt.Key.Key_Return)

    answer(YearDialog, fill)
    click(qtbot, section.new)
    qtbot.waitUntil(lambda: section.name.text().startswith("2023年度"))
    assert section.list.count() == 2 and section.list.currentRow() == 0


def test_typed_text_keeps_the_page_until_decided(qtbot: QtBot, window: LedgerWindow) -> None:
    shown = page(window, "batches")
    section = shown.section("batches")
    assert isinstance(section, BatchSection)
    section.document.setText("X")
    answer(Question, lambda dialog: dialog.reject())  # type: ignore[attr-defined]
    assert not window.goto("home") and window.current() == "settings"
    answer(Question, lambda dialog: dialog.buttons[1].click())  # type: ignore[attr-defined]
    assert window.goto("home") and section.document.text() == ""


def test_unit_and_actor(qtbot: QtBot, window: LedgerWindow) -> None:
    section = page(window, "unit").section("unit")
    assert isinstance(section, UnitSection)
    section.name.setText("")
    click(qtbot, section.saver)
    assert section.form.shown_error("name")
    qtbot.keyClicks(section.name, "YiJu")
    click(qtbot, section.saver)
    qtbot.waitUntil(lambda: window.context.unit == "YiJu")

    def add(dialog: QWidget) -> None:
        assert isinstance(dialog, ActorDialog)
        qtbot.keyClicks(dialog.new, "Yi")
        qtbot.keyClick(dialog.new, Qt.Key.Key_Return)

    answer(ActorDialog, add)
    click(qtbot, window.status.actor)
    assert window.context.ledger.actor == "Yi" and "Yi" in window.status.actor.text()
    ledgers.rename_station(window.context.ledger, "丙局")
    newest = history.operations(window.context.ledger)[0]
    assert newest.actor == "Yi" and actors.known(window.context.ledger) == ["演示甲", "Yi"]


def test_check_backup_and_restore(qtbot: QtBot, window: LedgerWindow) -> None:
    section = page(window, "check").section("ledger")
    assert isinstance(section, LedgerSection)
    qtbot.waitUntil(lambda: "台账完好" in section.result.text(), timeout=10_000)
    click(qtbot, section.backer)
    qtbot.waitUntil(lambda: section.model.rowCount() == 1, timeout=5000)
    ledgers.rename_station(window.context.ledger, "后来的名称")
    qtbot.waitUntil(lambda: not tasks.busy())
    section.table.selectRow(0)
    answer(Question, lambda dialog: dialog.buttons[0].click())  # type: ignore[attr-defined]
    click(qtbot, section.restorer)
    qtbot.waitUntil(lambda: bool(opening._open) and opening._open[0] is not window, timeout=10_000)
    (after,) = opening._open
    assert after.context.unit == "甲局" and "已恢复" in after._toast.message.text()
    found = maintenance.listed_backups(after.context.ledger.path)
    assert [b.why for b in found] == ["恢复前", ""]


def test_a_password_is_set_and_the_sheet_offered(qtbot: QtBot, window: LedgerWindow) -> None:
    section = page(window, "password").section("password")
    assert isinstance(section, PasswordSection)
    click(qtbot, section.setter)
    assert section.fields.form.shown_error("first")
    qtbot.keyClicks(section.fields.first, "shanyao2022")
    qtbot.keyClicks(section.fields.again, "shanyao2022")
    click(qtbot, section.setter)
    qtbot.waitUntil(lambda: bool(opening._open) and opening._open[0] is not window, timeout=10_000)
    (after,) = opening._open
    assert after.context.ledger.encrypted
    qtbot.waitUntil(lambda: after.current() == "settings")
    again = page(after, "password").section("password")
    assert isinstance(again, PasswordSection) and not again.sheet.isHidden()
    qtbot.keyClicks(again.old, "wrong")
    qtbot.keyClicks(again.fields.first, "shanyao2023")
    qtbot.keyClicks(again.fields.again, "shanyao2023")
    click(qtbot, again.setter)
    qtbot.waitUntil(lambda: "密码不对" in again.form.shown_error("old"))
    with qtbot.waitSignal(again.saver.saved, timeout=10_000):
        click(qtbot, again.saver.save)
    assert again.saver.written is not None and again.saver.written.read_bytes().startswith(b"%PDF")


def test_looks_are_kept(qtbot: QtBot, window: LedgerWindow) -> None:
    section = page(window, "look").section("look")
    assert isinstance(section, LookSection)
    click(qtbot, section.modes.cards["dark"])
    assert theme.tokens().name == "dark" and paths.read_settings()["theme"] == "dark"
    click(qtbot, section.modes.cards["light"])
    assert theme.tokens().name == "light"
    page(window, "about")


def test_help_follows_the_page(qtbot: QtBot, window: LedgerWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    panel = window.findChild(HelpPanel)
    assert panel is not None and panel.isVisible()
    window.goto("settings")
    assert "设置" in panel.windowTitle()
    for key in ("home", "commissioners", "teams", "assignments", "visits", "reports", "settings"):
        _title, lines, keys = help_of(key)
        assert 5 <= len(lines) <= 8 and len(keys) >= 4
