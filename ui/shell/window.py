"""MainWindow: sidebar, top bar, pages, status line, and the keys that work everywhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ui import tasks
from ui.shell.page import Page
from ui.shell.sidebar import Sidebar
from ui.shell.statusline import StatusLine
from ui.shell.taskbar import TaskBar
from ui.shell.topbar import TopBar
from ui.theme import Size, Tone
from ui.widgets.toast import Toast


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page before it exists: what the sidebar shows, and how the page is made at its first visit."""

    key: str
    title: str
    icon: str
    make: Callable[[], Page]
    bottom: bool = False


class MainWindow(QMainWindow):
    """The signals say what the user wants; who composes the window connects them."""

    newVisit = Signal()
    undoWanted = Signal()
    redoWanted = Signal()
    helpWanted = Signal(str)
    pageShown = Signal(str)

    def __init__(self, app_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(app_name)
        self.setMinimumSize(Size.MIN_WIDTH, Size.MIN_HEIGHT)
        self.resize(Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT)
        self._entries: dict[str, PageEntry] = {}
        self._pages: dict[str, Page] = {}
        self._current = ""

        self.sidebar = Sidebar(app_name)
        self.topbar = TopBar()
        self.stack = QStackedWidget()
        self.taskbar = TaskBar()
        self.status = StatusLine()
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.topbar)
        # What is offered above every page; takes no room while nothing is.
        above = QWidget()
        above.hide()
        self.offers = QVBoxLayout(above)
        self.offers.setContentsMargins(Size.GAP_WIDE, Size.GAP, Size.GAP_WIDE, 0)
        right.addWidget(above)
        right.addWidget(self.stack, 1)
        right.addWidget(self.taskbar)
        right.addWidget(self.status)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(right, 1)
        self.setCentralWidget(whole)
        self._toast = Toast(self.stack)

        self.sidebar.chosen.connect(self.goto)
        self.topbar.mainAction.connect(self.newVisit)
        self._key("Ctrl+K", self.tr("搜索"), self.topbar.focus_search)
        self.new_action = self._key("Ctrl+N", self.tr("登记服务"), self.newVisit.emit)
        self.undo_action = self._key("Ctrl+Z", self.tr("撤销"), self.undoWanted.emit)
        self.redo_action = self._key("Ctrl+Y", self.tr("重做"), self.redoWanted.emit)
        self._key("F1", self.tr("本页帮助"), lambda: self.helpWanted.emit(self._current))
        self._key("F6", self.tr("到底部的提示"), self._toast.focus_action)

    def _key(self, keys: str, text: str, do: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: do())
        self.addAction(action)
        return action

    def add_page(self, entry: PageEntry) -> None:
        """Append a page to the sidebar; Alt+1 … Alt+9 go to the first nine in order."""
        number = len(self._entries) + 1
        keys = f"Alt+{number}" if number <= 9 else ""
        self._entries[entry.key] = entry
        self.sidebar.add(entry.key, entry.title, entry.icon, keys, bottom=entry.bottom)
        if keys:
            self._key(keys, entry.title, lambda: self.goto(entry.key))
        _tab_through(self.sidebar.buttons())

    def goto(self, key: str) -> bool:
        """Bring a page to the front, making it at its first visit; False if the one in front must not be
        left.
        """
        if key == self._current:
            self.sidebar.set_current(key)
            return True
        before = self._pages.get(self._current)
        if before is not None:
            if not before.may_leave():
                self.sidebar.set_current(self._current)
                return False
            before.go()
        entry = self._entries[key]
        if key not in self._pages:
            made = entry.make()
            self._pages[key] = made
            self.stack.addWidget(made)
            self._order(made)
            made.captionChanged.connect(lambda text: self._caption(key, text))
        page = self._pages[key]
        self._current = key
        self.sidebar.set_current(key)
        self.stack.setCurrentWidget(page)
        self._toast.raise_()  # a page made just now lies above it
        page.come()
        self.topbar.set_page(entry.title, page.caption())
        self.pageShown.emit(key)
        return True

    def _order(self, page: Page) -> None:
        """Let Tab go from the end of a page to what stands below it (a new child comes last of all)."""
        last: QWidget = page
        following: QWidget | None = page.nextInFocusChain()
        while following is not None and following is not page and page.isAncestorOf(following):
            last, following = following, following.nextInFocusChain()
        bar = self.topbar
        below = [self._toast.button, self.taskbar.cancel, self.status.actor, self.status.unsent]
        # Tab goes round in a ring, so all else is put behind the page, beginning with what stands below it.
        _tab_through([last, *below, *self.sidebar.buttons(), bar.search, bar.period, bar.main])

    def current(self) -> str:
        """The key of the page in front."""
        return self._current

    def page(self, key: str) -> Page | None:
        """A page if it has been made."""
        return self._pages.get(key)

    def note_changes(self, kinds: frozenset[str]) -> None:
        """Tell every page that records of these kinds have changed."""
        for page in self._pages.values():
            page.note_changes(kinds)

    def set_badge(self, key: str, text: str, tone: Tone = "warn") -> None:
        """Count in the sidebar what waits on a page."""
        self.sidebar.set_badge(key, text, tone)

    def toast(self, text: str, action_text: str = "", action: Callable[[], object] | None = None) -> None:
        """Say at the bottom what was done; the action is usually 撤销, F6 puts the keyboard on it."""
        self._toast.say(text, action_text, action)

    def watch(self, progress: tasks.Progress) -> None:
        """Show long work at the bottom."""
        self.taskbar.watch(progress)

    def busy(self, on: bool) -> None:
        """The pointer says that something short is being waited for; calls nest."""
        if on:
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)
        else:
            QGuiApplication.restoreOverrideCursor()

    def _caption(self, key: str, text: str) -> None:
        if key == self._current:
            self.topbar.set_caption(text)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Qt would put the cursor into the search, as the first field it finds.
        if self._current and self.focusWidget() in (None, self.topbar.search):
            self.sidebar.button(self._current).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < Size.FOLD_BELOW
        self.sidebar.fold(narrow)
        self.topbar.narrow(narrow)
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        page = self._pages.get(self._current)
        if page is not None and not page.may_leave():
            event.ignore()
            return
        tasks.shut_down()
        super().closeEvent(event)


def _tab_through(widgets: Sequence[QWidget]) -> None:
    """Let Tab visit these one after the other."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)
