"""The window: pages on demand, refreshing only what is seen, folding, toast, search, input method."""

import sys
import threading
from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui import inputmethod
from ui.shell import errors
from ui.shell.errors import ErrorDialog
from ui.shell.page import Page
from ui.shell.window import MainWindow, PageEntry
from ui.theme import Size
from ui.widgets.ask import Question
from ui.widgets.droplist import Hit


class Recorder(Page):
    shows = frozenset({"visit", "commissioner"})

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[frozenset[str]] = []
        self.leave = True
        self.field = QLineEdit(self)
        self.other = QLineEdit(self)

    def caption(self) -> str:
        return "214 条"

    def refresh(self, kinds: frozenset[str]) -> None:
        self.seen.append(kinds)

    def may_leave(self) -> bool:
        return self.leave


def make(qtbot: QtBot) -> tuple[MainWindow, list[str]]:
    made: list[str] = []

    def maker(key: str) -> Callable[[], Page]:
        def build() -> Page:
            made.append(key)
            return Recorder()

        return build

    window = MainWindow("科技特派员服务台账")
    for key, title, icon in (
        ("home", "工作台", "dashboard"),
        ("people", "特派员", "commissioner"),
        ("visits", "服务记录", "visit"),
    ):
        window.add_page(PageEntry(key, title, icon, maker(key)))
    window.add_page(PageEntry("settings", "设置", "settings", maker("settings"), bottom=True))
    window.goto("home")
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window, made


def page(window: MainWindow, key: str) -> Recorder:
    found = window.page(key)
    assert isinstance(found, Recorder)
    return found


def test_pages_are_made_at_their_first_visit(qtbot: QtBot) -> None:
    window, made = make(qtbot)
    assert made == ["home"]
    qtbot.mouseClick(window.sidebar.button("visits"), Qt.MouseButton.LeftButton)
    assert made == ["home", "visits"] and window.current() == "visits"
    assert window.topbar.title() == "服务记录"
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.current() == "people" and window.sidebar.button("people").isChecked()
    window.goto("home")
    assert made == ["home", "visits", "people"]


def test_sidebar_by_arrows_and_enter(qtbot: QtBot) -> None:
    window, _made = make(qtbot)
    window.sidebar.button("home").setFocus()
    for number in range(3):
        qtbot.keyClick(window.sidebar.buttons()[number], Qt.Key.Key_Down)
    assert window.sidebar.button("settings").hasFocus() and window.current() == "home"
    qtbot.keyClick(window.sidebar.button("settings"), Qt.Key.Key_Return)
    assert window.current() == "settings"


def test_only_what_is_seen_is_refreshed(qtbot: QtBot) -> None:
    window, _made = make(qtbot)
    home = page(window, "home")
    assert home.seen == [Recorder.shows]
    window.note_changes(frozenset({"visit", "team"}))
    window.note_changes(frozenset({"team"}))
    assert home.seen[1:] == [frozenset({"visit"})]
    window.goto("visits")
    window.note_changes(frozenset({"visit"}))
    window.note_changes(frozenset({"commissioner"}))
    assert len(home.seen) == 2
    window.goto("home")
    assert home.seen[2:] == [frozenset({"visit", "commissioner"})]
    window.goto("visits")
    window.goto("home")
    assert len(home.seen) == 3


def test_a_page_with_typed_text_may_stay(qtbot: QtBot) -> None:
    window, _made = make(qtbot)
    page(window, "home").leave = False
    assert not window.goto("visits")
    assert window.current() == "home" and window.sidebar.button("home").isChecked()
    page(window, "home").leave = True


def test_a_narrow_window_folds_the_sidebar(qtbot: QtBot) -> None:
    window, _made = make(qtbot)
    window.resize(1100, 700)
    assert window.sidebar.is_folded() and window.sidebar.width() == Size.SIDEBAR_FOLDED
    assert "Alt+3" in window.sidebar.button("visits").toolTip()
    window.resize(1366, 768)
    assert not window.sidebar.is_folded() and window.sidebar.width() == Size.SIDEBAR


def test_keys_of_the_window(qtbot: QtBot) -> None:
    window, _made = make(qtbot)
    heard: list[str] = []
    window.newVisit.connect(lambda: heard.append("new"))
    window.undoWanted.connect(lambda: heard.append("undo"))
    window.redoWanted.connect(lambda: heard.append("redo"))
    window.helpWanted.connect(heard.append)
    control = Qt.KeyboardModifier.ControlModifier
    for key in (Qt.Key.Key_N, Qt.Key.Key_Z, Qt.Key.Key_Y):
        qtbot.keyClick(window, key, control)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert heard == ["new", "undo", "redo", "home"]
    qtbot.keyClick(window, Qt.Key.Key_K, control)
    assert window.topbar.search.hasFocus()


def test_toast_takes_back_once(qtbot: QtBot) -> None:
    window, _made = make(qtbot)
    undone: list[int] = []
    window.toast("已保存", "撤销", lambda: undone.append(1))
    toast = window._toast
    assert toast.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert toast.button.hasFocus()
    qtbot.keyClick(toast.button, Qt.Key.Key_Space)
    assert undone == [1] and not toast.isVisible()
    window.toast("已导出")
    assert toast.isVisible() and not toast.button.isVisible()
    assert not toast.focus_action()


def test_search_drops_late_answers_and_activates(qtbot: QtBot) -> None:
    window, _made = make(qtbot)
    box = window.topbar.search
    answers: dict[str, Callable[[Sequence[Hit]], None]] = {}
    box.set_source(lambda typed, answer: answers.update({typed: answer}))
    box.setFocus()
    for typed in ("温", "温县"):
        box.setText(typed)
        box.ask()
    answers["温县"]([Hit("温县", "服务记录", "visit", 7), Hit("温县农场", "受援单位", "recipient", 8)])
    answers["温"]([Hit("旧", key=1)])
    assert [hit.title for hit in box.drop.hits()] == ["温县", "温县农场"]
    qtbot.keyClick(box, Qt.Key.Key_Down)
    with qtbot.waitSignal(box.activated) as heard:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert heard.args[0].key == 8 and box.text() == ""


def test_tab_follows_reading_order(qtbot: QtBot) -> None:
    window, _made = make(qtbot)
    window.status.set_actor("演示员")
    window.topbar.set_periods([("2022年度考核期", 1)])
    window.goto("visits")
    shown = page(window, "visits")
    at: QWidget | None = window.sidebar.button("home")
    order: list[QWidget | None] = []
    while at not in order:
        order.append(at)
        assert at is not None
        at = at.nextInFocusChain()
        while at is not None and (not at.isVisible() or not at.focusPolicy() & Qt.FocusPolicy.TabFocus):
            at = at.nextInFocusChain()
    bar = window.topbar
    expected: list[QWidget] = [*window.sidebar.buttons(), bar.search, bar.period, bar.main]
    assert order == [*expected, shown.field, shown.other, window.status.actor]


def test_error_dialog_hides_details_until_asked(qtbot: QtBot) -> None:
    dialog = ErrorDialog("没有做成。", "没有丢失。", "请再试一次。", "ValueError: x")
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.details.isVisible()
    dialog.more.click()
    assert dialog.details.isVisible()
    dialog.copy()
    assert QGuiApplication.clipboard().text() == "ValueError: x"


def test_question_names_its_choices_and_begins_at_the_safe_one(qtbot: QtBot) -> None:
    dialog = Question(None, "删除照片？", "删除后不能恢复。", ["删除", "只移出"], danger=True)
    qtbot.addWidget(dialog)
    dialog.show()
    assert [made.text() for made in dialog.buttons] == ["删除", "只移出", "取消"]
    assert dialog.buttons[-1].isDefault()
    dialog.buttons[1].click()
    assert dialog.chosen == 1 and not dialog.isVisible()


def test_input_method_is_chosen_only_where_it_helps() -> None:
    def chosen(module: str, names: set[str], platform: str = "linux") -> dict[str, str]:
        environment = {"QT_IM_MODULE": module, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}
        inputmethod.prepare(environment, platform, names.__contains__)
        return environment

    both = {inputmethod.PORTAL, inputmethod.FCITX}
    assert chosen("fcitx", {inputmethod.PORTAL})["IBUS_USE_PORTAL"] == "1"
    assert chosen("fcitx5", both)["QT_IM_MODULE"] == "ibus"
    assert chosen("", both)["QT_IM_MODULE"] == "ibus"
    assert chosen("", {inputmethod.PORTAL})["QT_IM_MODULE"] == ""
    assert chosen("fcitx", set())["QT_IM_MODULE"] == "fcitx"
    assert chosen("ibus", both) == {"QT_IM_MODULE": "ibus", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}
    assert "IBUS_USE_PORTAL" not in chosen("fcitx", both, "win32")


def test_a_bug_is_logged_and_shown_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[str] = []
    shown: list[str] = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(ErrorDialog, "exec", lambda dialog: shown.append(dialog.details.toPlainText()))
    errors.install(logged.append, "0.1")
    try:
        raise ValueError("broken")
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    qtbot.waitUntil(lambda: bool(shown))
    assert "ValueError: broken" in logged[0] and shown[0].startswith("0.1\n")
