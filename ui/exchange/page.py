"""数据交换: one tab for each part of it; a tab is made when it is first looked at."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from commissioner_app import conflicts
from commissioner_app.exchange import Peer
from commissioner_app.exchange.asides import count as count_kept
from ui.context import ALL_KINDS, Context
from ui.exchange import words
from ui.shell.page import Page
from ui.theme import Size
from ui.widgets.basic import tabs


class ExchangePage(Page):
    """``show_item`` takes the key of a tab, a package, or several; ``wants`` asks the window for another page."""

    key, icon = "exchange", "exchange"
    shows = ALL_KINDS
    wants = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.context = context
        self._makers: list[tuple[str, str, Callable[[], QWidget]]] = [
            ("send", words.sending(context.role), self._send),
            ("receive", self.tr("接收"), self._receive),
            ("conflicts", self.tr("填报不一致"), self._conflicts),
            ("kept", self.tr("待处理"), self._kept),
            ("stations", self.tr("使用单位"), self._stations),
            ("log", self.tr("往来记录"), self._log),
        ]
        self._panels: dict[str, Any] = {}
        self._late: set[str] = set()  # tabs that changed while they were not seen
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP_MID)
        self.tabs = tabs(*(title for _key, title, _make in self._makers))
        self.tabs.setAccessibleName(self.tr("数据交换的内容"))
        column.addWidget(self.tabs)
        self.stack = QStackedWidget()
        self._holders: dict[str, QVBoxLayout] = {}
        for key, _title, _make in self._makers:
            holder = QWidget()
            inside = QVBoxLayout(holder)
            inside.setContentsMargins(0, 0, 0, 0)
            self._holders[key] = inside
            self.stack.addWidget(holder)
        column.addWidget(self.stack, 1)
        self.tabs.currentChanged.connect(self._turn)

    # -- the parts -------------------------------------------------------------------------------------

    def _send(self) -> QWidget:
        from ui.exchange.send import SendPanel

        return SendPanel(self._context)

    def _receive(self) -> QWidget:
        from ui.exchange.receive import ReceivePanel

        panel = ReceivePanel(self._context)
        panel.wants.connect(self._want)
        return panel

    def _conflicts(self) -> QWidget:
        from ui.exchange.inbox import InboxPanel

        return self._counting("conflicts", InboxPanel(self._context))

    def _kept(self) -> QWidget:
        from ui.exchange.kept import KeptPanel

        return self._counting("kept", KeptPanel(self._context))

    def _stations(self) -> QWidget:
        from ui.exchange.stations import StationsPanel

        panel = StationsPanel(self._context)
        panel.wants.connect(self._want)
        panel.sendWanted.connect(self._send_to)
        return panel

    def _log(self) -> QWidget:
        from ui.exchange.log import LogPanel

        panel = LogPanel(self._context)
        panel.wants.connect(self._want)
        return panel

    def _counting(self, key: str, panel: Any) -> QWidget:
        panel.counted.connect(partial(self._show_count, key))
        wants = getattr(panel, "wants", None)
        if wants is not None:
            wants.connect(self._want)
        assert isinstance(panel, QWidget)
        return panel

    def panel(self, key: str) -> Any:
        """A tab's content, made if it was not yet looked at."""
        if key not in self._panels:
            made: Any = next(make for each, _title, make in self._makers if each == key)()
            self._panels[key] = made
            self._holders[key].addWidget(made)
            made.refresh()
        return self._panels[key]

    # -- what the window asks --------------------------------------------------------------------------

    def caption(self) -> str:
        return self.tr("用文件与上下级单位交换，不需要网络")

    def current(self) -> str:
        """The key of the tab in front."""
        return self._makers[self.tabs.currentIndex()][0]

    def activated(self) -> None:
        self._activate(self.current())

    def refresh(self, kinds: frozenset[str]) -> None:
        if kinds & {"station", "setting"}:
            self.tabs.setTabText(0, words.sending(self._context.role))
        self._late = set(self._panels)
        self._freshen(self.current())
        self._count()

    def show_item(self, what: object) -> None:
        """Bring a tab to the front ("send" … "log"), or look at packages: a path, several, {"file": path}."""
        if isinstance(what, dict):
            what = what.get("files") or what.get("file")
        if isinstance(what, Path):
            what = [what]
        if isinstance(what, str):
            at = next((n for n, (key, _t, _m) in enumerate(self._makers) if key == what), -1)
            if at >= 0:
                self.tabs.setCurrentIndex(at)
                self._activate(what)
        elif isinstance(what, Sequence) and what:
            self.show_item("receive")
            self.panel("receive").offer([Path(str(path)) for path in what])

    # -- turning ---------------------------------------------------------------------------------------

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self._freshen(self.current())

    def _freshen(self, key: str) -> None:
        """Make a tab, or read anew what changed while it was not seen."""
        known = key in self._panels
        panel = self.panel(key)
        if known and key in self._late:
            panel.refresh()
        self._late.discard(key)

    def _activate(self, key: str) -> None:
        activated = getattr(self.panel(key), "activated", None)
        if activated is not None:
            activated()

    def _want(self, page: str, what: object) -> None:
        if page == self.key:
            self.show_item(what)
        else:
            self.wants.emit(page, what)

    def _send_to(self, peer: Peer) -> None:
        self.show_item("send")
        self.panel("send").choose(peer)

    # -- counts ----------------------------------------------------------------------------------------

    def _count(self) -> None:
        ledger = self._context.ledger

        def show(found: tuple[int, int]) -> None:
            self._show_count("conflicts", found[0])
            self._show_count("kept", found[1])

        self._context.read(lambda: (conflicts.count(ledger), count_kept(ledger)), show, self, "counts")

    def _show_count(self, key: str, count: int) -> None:
        at, title = next((n, title) for n, (each, title, _m) in enumerate(self._makers) if each == key)
        self.tabs.setTabText(at, f"{title} {count:,}" if count else title)
