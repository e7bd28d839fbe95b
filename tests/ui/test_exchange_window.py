"""Packages that come from outside: dropped on the window, double-clicked, handed over by a second start."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from commissioner_app import __main__, exchange
from commissioner_app.exchange import found
from commissioner_app.ledgers import Ledger
from ui import app as start
from ui import main_window
from ui.context import Context
from ui.importing.window import ImportWindow
from ui.imports import ImportDialog
from ui.main_window import LedgerWindow
from ui.shell import handover
from ui.shell.page import Page

make_page = main_window.LedgerWindow._make
Settle = Callable[[], None]


@pytest.fixture
def window(
    qtbot: QtBot, fresh_ledger: Ledger, monkeypatch: pytest.MonkeyPatch, settle: Settle
) -> LedgerWindow:
    """The real window with the one page that is tried here."""
    monkeypatch.setattr(
        LedgerWindow, "_make", lambda self, key: make_page(self, key) if key == "exchange" else Page()
    )
    monkeypatch.setattr(found, "removable_drives", lambda: [])
    shown = LedgerWindow(Context(fresh_ledger))
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitExposed(shown)
    settle()
    return shown  # closed by qtbot, its context with it


def mime(*files: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    return data


def enter(data: QMimeData) -> QDragEnterEvent:
    action, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QDragEnterEvent(QPoint(300, 20), action, data, left, none)


def drop(window: LedgerWindow, data: QMimeData) -> None:
    """As the platform does it: over the search field first, then let go."""
    handle = window.windowHandle()
    QApplication.sendEvent(handle, enter(data))
    action, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(300, 20), action, data, left, none, QEvent.Type.Drop)
    QApplication.sendEvent(handle, event)


def test_a_package_is_dropped_anywhere(
    window: LedgerWindow, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    path = tmp_path / "温县_上报.ktpack"
    path.write_bytes(b"not a package")
    data = mime(path)
    QApplication.sendEvent(window.windowHandle(), enter(data))
    assert window._sheet.isVisible() and path.name in window._sheet.text.text()
    assert window._sheet.geometry() == window.rect()
    QApplication.sendEvent(window.windowHandle(), QDragLeaveEvent())
    assert not window._sheet.isVisible()
    drop(window, data)
    settle()
    assert not window._sheet.isVisible() and window.current() == "exchange"
    panel = window.page("exchange").panel("receive")
    assert path.name in panel.trouble.title.text() or panel.stack.currentWidget() is panel.preview
    assert window.topbar.search.text() == ""


def test_another_file_gets_one_sentence(window: LedgerWindow, tmp_path: Path) -> None:
    drop(window, mime(tmp_path / "说明.docx"))
    assert window.current() == "home" and "说明.docx" in window._toast.message.text()
    nothing = QMimeData()
    QApplication.sendEvent(window.windowHandle(), enter(nothing))
    assert not window._sheet.isVisible()


def test_a_table_is_imported_as_what_the_page_holds(
    window: LedgerWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("姓名,派出单位\n演示甲,河南农业大学\n", "utf-8")
    data = mime(path)
    QApplication.sendEvent(window.windowHandle(), enter(data))
    assert "导入名单 名单.csv" in window._sheet.text.text()
    drop(window, data)
    settle()
    opened: ImportWindow = window.findChildren(ImportWindow)[0]
    assert window.current() == "commissioners" and opened.step() == 1 and opened.name.text() == "名单.csv"
    opened.reject()
    window.goto("visits")
    settle()
    asked: list[str] = []

    def refuse(dialog: ImportDialog) -> int:
        asked.append(dialog.windowTitle())
        return 0

    monkeypatch.setattr(ImportDialog, "exec", refuse)
    path.write_text("特派员,日期,服务内容\n演示甲,2022-09-01,查看地黄长势\n", "utf-8")
    drop(window, mime(path))
    settle()
    assert asked == ["导入服务记录"]


def test_the_foot_says_what_is_not_sent_yet(
    window: LedgerWindow, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "unsent", lambda _l: 3)
    window._count_exchange()
    settle()
    assert window.status.unsent.isVisible() and "3" in window.status.unsent.text()
    qtbot.mouseClick(window.status.unsent, Qt.MouseButton.LeftButton)
    settle()
    assert window.current() == "exchange" and window.page("exchange").current() == "send"
    monkeypatch.setattr(exchange, "unsent", lambda _l: 0)
    window._count_exchange()
    settle()
    assert not window.status.unsent.isVisible()


def test_a_double_click_names_package_and_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[list[str]] = []

    def open_window(args: list[str]) -> int:
        opened.append(args)
        return 0

    monkeypatch.setattr(start, "open_window", open_window)
    assert __main__.main(["/a/b.KTPACK"]) == 0 and opened == [["/a/b.KTPACK"]]
    assert start._ledger_path(["x.ktpack", "y.ktledger"]) == Path("y.ktledger")
    assert start._files(["x.ktpack", "y.ktledger", "z.ktpack"], ".ktpack") == [
        Path("x.ktpack"),
        Path("z.ktpack"),
    ]


SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
app = QCoreApplication([])
from ui.shell.handover import hand_over
print(hand_over([Path(name) for name in sys.argv[1:]]))
"""


def test_a_second_start_hands_its_packages_over(qtbot: QtBot, tmp_path: Path) -> None:
    took: list[list[Path]] = []
    has_window = True

    def take(files: list[Path]) -> bool:
        took.append(files)
        return has_window

    assert not handover.hand_over([tmp_path / "a.ktpack"])  # nobody listens yet
    listener = handover.Listener(take)
    assert listener.listening()

    def second() -> str:
        process = subprocess.Popen(
            [sys.executable, "-c", SECOND, str(tmp_path / "甲.ktpack")],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )  # fmt: skip
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
        assert process.stdout is not None
        return process.stdout.read().strip()

    assert second() == "True" and took == [[tmp_path / "甲.ktpack"]]
    has_window = False
    assert second() == "False"  # it then opens a window of its own
    other = handover.Listener(take)
    assert not other.listening() and listener.listening()  # the first goes on
    other.close()
    listener.close()
    assert not handover.hand_over([tmp_path / "a.ktpack"])
