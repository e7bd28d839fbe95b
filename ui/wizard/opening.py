"""From the start of the program to an open window, from one ledger to another, and the end."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QProgressBar, QVBoxLayout, QWidget

from commissioner_app import backups, paths
from commissioner_app.errors import LedgerError
from commissioner_app.ledgers import Ledger
from ui import tasks
from ui.context import Context
from ui.main_window import LedgerWindow
from ui.theme import Size
from ui.widgets.basic import label
from ui.wizard.unlock import open_asking

BACKUP_DELAY_MS = 2000
BACKUP_EVERY = dt.timedelta(days=1)

_open: list[LedgerWindow] = []


def first_ledger(path: Path | None, packages: list[Path] | None = None) -> Ledger | None:
    """The ledger to begin with: the one given, else the welcome window's; None if the user closes that.

    The first of the packages is chosen in the welcome window; if the ledger is made from it, it is taken out of
    the list.
    """
    reason = ""
    if path is None:
        last = paths.read_settings().get("last_ledger")
        if isinstance(last, str) and last:
            path = Path(last)
    if path is not None:
        if not path.is_file():
            reason = _tr("找不到上次使用的台账：{0}。它可能在没有插上的 U 盘里，或已经移到别处。").format(
                path
            )
        else:
            try:
                ledger = open_asking(None, path)
            except LedgerError as error:
                reason = _tr("没有打开 {0}：{1}").format(path.name, error)
            else:
                if ledger is not None:
                    return ledger
                reason = _tr("{0} 没有打开，因为没有输入密码。").format(path.name)
    return welcome(None, reason, path, packages=packages)


def welcome(
    parent: QWidget | None,
    reason: str = "",
    retry: Path | None = None,
    *,
    begin_new: bool = False,
    packages: list[Path] | None = None,
) -> Ledger | None:
    """Show the welcome window until there is a ledger; None if it is closed. packages: as for `first_ledger`."""
    from ui.wizard.welcome import Welcome  # the ordinary start does not need it

    package = packages[0] if packages else None
    dialog = Welcome(parent, reason=reason, retry=retry, begin_new=begin_new, package=package)
    dialog.exec()
    if packages and dialog.joined in packages:
        packages.remove(dialog.joined)
    return dialog.ledger


def show_main(ledger: Ledger, frame: LedgerWindow | None = None) -> LedgerWindow:
    """Show the main window of an open ledger, remember the ledger, back it up when that is due.

    `frame` is a window that is on the screen already and still without a ledger.
    """
    window = frame or LedgerWindow()
    if frame is None:
        window.restore_place()
    window.attach(Context(ledger))
    window.show()
    _open.append(window)
    paths.remember_ledger(ledger.path)
    QTimer.singleShot(BACKUP_DELAY_MS, window, lambda: _back_up(window))
    return window


def take_files(files: list[Path]) -> bool:
    """Show packages in the window that was opened last and bring it to the front; False without a window."""
    windows = [window for window in _open if shiboken6.isValid(window)]
    if not windows:
        return False
    window = windows[-1]
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
    # Not while the other process waits for an answer: showing the page may ask a question first.
    QTimer.singleShot(0, window, lambda: window.take_files(files))
    return True


def close_all() -> None:
    """Wait for what is still being done, then close the ledgers."""
    tasks.shut_down()
    for window in _open:
        if shiboken6.isValid(window):
            window.context.ledger.close()
    _open.clear()


def switch_ledger(window: LedgerWindow, path: Path) -> LedgerWindow | None:
    """Open another ledger in the place of this one; None (and a sentence) if that is not to be."""
    if path.resolve() == window.context.ledger.path.resolve():
        window.toast(_tr("这个台账已经打开。"))
        return None
    try:
        ledger = open_asking(window, path)
    except LedgerError as error:
        window.toast(str(error))
        return None
    return None if ledger is None else replace_window(window, ledger)


def replace_window(window: LedgerWindow, ledger: Ledger) -> LedgerWindow | None:
    """Close a window with its ledger and show another ledger; None if the page in front is not to be left."""
    with _StayOpen():
        geometry = window.saveGeometry()
        if not _let_go(window):
            ledger.close()
            return None
        return _show_at(ledger, geometry)


def with_closed_ledger(
    window: LedgerWindow, title: str, work: Callable[[], Any], sentence: str, password: str | None = None
) -> LedgerWindow | None:
    """Do `work` (on a worker thread) while the window's ledger is closed, then show it again.

    `password` opens it afterwards, else the present key does, else the user is asked. What `work` refuses is
    said in the new window. None if the page in front is not to be left, or there is nothing to open afterwards.
    """
    old = window.context.ledger
    with _StayOpen():
        geometry = window.saveGeometry()
        if not _let_go(window):
            return None
        error = _wait_for(title, work)
        if error is not None:
            sentence, password = str(error), None
        try:
            ledger = open_asking(None, old.path, password or old.key)
        except LedgerError as trouble:
            ledger = welcome(None, _tr("没有打开 {0}：{1}").format(old.path.name, trouble), old.path)
        if ledger is None:
            QTimer.singleShot(0, QApplication.quit)
            return None
        shown = _show_at(ledger, geometry)
        shown.toast(sentence)
        return shown


def _show_at(ledger: Ledger, geometry: Any) -> LedgerWindow:
    shown = show_main(ledger)
    shown.restoreGeometry(geometry)
    return shown


def _let_go(window: LedgerWindow) -> bool:
    """Close and delete a window, close its ledger; False if the window stays. Not from inside its own events."""
    # What is due at once still finds its window open.
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    if not window.close():
        return False
    if window in _open:
        _open.remove(window)
    window.context.ledger.close()
    # Not deleteLater: a signal on its way to the window would open the file again behind our back.
    shiboken6.delete(window)
    return True


def _back_up(window: LedgerWindow) -> None:
    """An automatic backup, if the last one is older than a day; training data need none."""
    context = window.context
    last = backups.latest(context.ledger.path)
    if context.demo or (last is not None and dt.datetime.now() - last < BACKUP_EVERY):
        return

    def made(_path: Path) -> None:
        window.status.set_backup(dt.datetime.now().strftime("%Y-%m-%d %H:%M"))

    def failed(error: BaseException) -> None:
        if not isinstance(error, LedgerError | OSError):
            raise error
        window.toast(_tr("自动备份没有做成：{0}").format(error))

    tasks.run(lambda: backups.make(context.ledger), done=made, failed=failed, owner=window)


def _wait_for(title: str, work: Callable[[], Any]) -> LedgerError | None:
    """Do something short while no window is open, with a small sign that it is being done."""
    dialog = QDialog(None, Qt.WindowType.Dialog | Qt.WindowType.CustomizeWindowHint)
    dialog.setWindowTitle(title)
    dialog.setMinimumWidth(Size.DIALOG)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE)
    column.setSpacing(Size.GAP_MID)
    column.addWidget(label(title, "cardtitle"))
    bar = QProgressBar()
    bar.setRange(0, 0)
    bar.setAccessibleName(title)
    column.addWidget(bar)
    dialog.show()
    loop = QEventLoop()
    found: list[BaseException] = []

    def failed(error: BaseException) -> None:
        found.append(error)
        loop.quit()

    tasks.run(work, done=lambda _result: loop.quit(), failed=failed)
    loop.exec()
    dialog.hide()
    dialog.deleteLater()
    if not found:
        return None
    if isinstance(found[0], LedgerError):
        return found[0]
    if isinstance(found[0], OSError):
        return LedgerError(_tr("文件读写失败：{0}。台账没有改动。").format(found[0].strerror or found[0]))
    raise found[0]


class _StayOpen:
    """Between one window and the next the program does not end."""

    def __enter__(self) -> None:
        QApplication.setQuitOnLastWindowClosed(False)

    def __exit__(self, *_: object) -> None:
        QApplication.setQuitOnLastWindowClosed(True)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Opening", text)
