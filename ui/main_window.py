"""Puts the main window together: pages, status line, period, undo, search, messages."""

import contextlib
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QCoreApplication, Qt, QTimer

from commissioner_app import paths
from ui.shell.dropping import DropSheet
from ui.shell.page import Page
from ui.shell.window import MainWindow, PageEntry
from ui.widgets.droplist import Hit

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent
    from PySide6.QtWidgets import QWidget

    from ui.context import Context


PAGES = {
    "home": ("ui.home.page", "HomePage"),
    "commissioners": ("ui.commissioners.page", "CommissionersPage"),
    "teams": ("ui.teams.page", "TeamsPage"),
    "assignments": ("ui.assignments.page", "AssignmentsPage"),
    "recipients": ("ui.recipients.page", "RecipientsPage"),
    "visits": ("ui.visits.page", "VisitsPage"),
    "reports": ("ui.reports.page", "ReportsPage"),
    "exchange": ("ui.exchange.page", "ExchangePage"),
    "settings": ("ui.settings.page", "SettingsPage"),
}
"""Where each page is; imported at its first visit, so that the start waits for none but the first."""


NEW_YEAR = "new year"
"""What stands for 新年度批次… among the periods of the top bar."""


class LedgerWindow(MainWindow):
    """The main window of one open ledger.

    The frame can be shown before its ledger is open (`attach` then fills it): what reads ledgers takes longer to
    load than the window, and nobody should wait for it before an empty screen.
    """

    context: "Context"

    def __init__(self, context: "Context | None" = None) -> None:
        super().__init__(_tr("科技特派员服务台账"))
        for key, title, icon, bottom in (
            ("home", _tr("工作台"), "dashboard", False),
            ("commissioners", _tr("特派员"), "commissioner", False),
            ("teams", _tr("服务团"), "team", False),
            ("assignments", _tr("受援县安排"), "assignment", False),
            ("recipients", _tr("受援单位"), "recipient", False),
            ("visits", _tr("服务记录"), "visit", False),
            ("reports", _tr("报告"), "report", False),
            ("exchange", _tr("数据交换"), "exchange", False),
            ("settings", _tr("设置"), "settings", True),
        ):
            self.add_page(PageEntry(key, title, icon, partial(self._make, key), bottom))
        self._finder: Any = None
        self._sheet = DropSheet(self, self._drop_words, self._drop_zones)
        self._sheet.dropped.connect(self.take_files)
        if context is not None:
            self.attach(context)

    def attach(self, context: "Context") -> None:
        """Show a ledger in the frame."""
        self.context = context
        context.setParent(self)
        context.changed.connect(self._changed)
        context.periodChanged.connect(self._show_period)
        context.said.connect(self._say)
        context.refused.connect(self.toast)
        self.undoWanted.connect(context.undo)
        self.redoWanted.connect(context.redo)
        self.newVisit.connect(self._new_visit)
        self.helpWanted.connect(self._help)
        self.topbar.periodChosen.connect(self._choose_period)
        self.status.actorClicked.connect(self._switch_actor)
        self.status.unsentClicked.connect(lambda: self.open("exchange", "send"))
        self.topbar.search.set_source(self._search)
        self.topbar.search.activated.connect(self._go_to)
        self._show_period()
        self._show_status()
        self.goto("home")
        QTimer.singleShot(0, self._count_pending)
        QTimer.singleShot(0, self._count_exchange)
        QTimer.singleShot(0, self._offer_unsaved)

    def _make(self, key: str) -> Page:
        module, name = PAGES[key]
        page: Page = getattr(import_module(module), name)(self.context)
        wants = getattr(page, "wants", None)
        if wants is not None:
            wants.connect(self.open)
        return page

    def open(self, key: str, what: object = None) -> None:
        """Go to a page and let it show something: a record's id, a filter, or "new"."""
        if self.goto(key) and what is not None:
            if isinstance(what, str) and key in ("commissioners", "teams", "assignments"):
                self._show_year_of(what)
            page = self.page(key)
            show = getattr(page, "show_item", None)
            if show is not None:
                show(what)

    def restore_place(self) -> None:
        """Where the window was last; the first time as large as designed, or the whole screen if that is smaller."""
        kept = paths.read_settings().get("window")
        if isinstance(kept, str) and self.restoreGeometry(QByteArray.fromBase64(kept.encode())):
            return
        room = self.screen().availableGeometry()
        frame = 32  # a title bar, which nobody can measure before the window is shown
        if room.width() < self.width() or room.height() < self.height() + frame:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _offer_unsaved(self) -> None:
        """What the last run could not save is offered above every page; 服务记录 has a bar of its own."""
        from ui.visits.unsaved import Unsaved, UnsavedBar

        unsaved, bar = Unsaved.of(self.context), UnsavedBar(self.context)
        bar.wanted.connect(lambda kept: self.open("visits", kept))
        self.offers.addWidget(bar)

        def show() -> None:
            self.offers.parentWidget().setVisible(bool(unsaved.waiting()) and self.current() != "visits")

        unsaved.changed.connect(show)
        self.pageShown.connect(lambda _key: show())
        unsaved.refresh()

    # -- what the frame shows --------------------------------------------------------------------------

    def _show_period(self) -> None:
        choices = self.context.period_choices()
        if self.context.period not in choices:
            choices = [self.context.period, *choices]
        more: list[tuple[str, object]] = []
        if self.context.rights == "bureau":
            more.append((_tr("新年度批次…"), NEW_YEAR))
        self.topbar.set_periods([(p.label or p.text, p) for p in choices], self.context.period, more)
        self._show_status()

    def _choose_period(self, period: object) -> None:
        page = self.page(self.current())
        if period == NEW_YEAR:
            self._show_period()  # the period in force stays until there is another
            self.new_year()
        elif page is not None and not page.may_leave():
            self._show_period()
        else:
            self.context.set_period(period)  # type: ignore[arg-type]

    def _show_year_of(self, record: str) -> None:
        """Show the year that a place, team or person found in another one belongs to."""
        from commissioner_app import batches, periods

        c = self.context
        years = batches.years_of(c.ledger, record)
        if c.batch is not None and years and c.batch.id not in {b.id for b in years} and years[0].year:
            c.set_period(periods.evaluation_period(c.batches, years[0].year))

    def new_year(self) -> None:
        """新年度批次: a new batch from the last one; only the bureau makes batches."""
        from ui.settings.newyear import begin_year

        page = self.page(self.current())
        if self.context.rights != "bureau":
            self.toast(_tr("选派批次由市科技局建立，收到下发的数据包后就会出现在这里。"))
        elif page is None or page.may_leave():
            begin_year(self, self.context)

    def _show_status(self) -> None:
        from commissioner_app import backups

        c = self.context
        year = _tr(" · {0}年度").format(c.batch.year) if c.batch else ""
        self.sidebar.set_caption(c.unit, year)
        self.status.set_ledger(c.ledger.path.name, str(c.ledger.path))
        self.status.set_station(c.unit)
        self.status.set_actor(c.ledger.actor)
        when = backups.latest(c.ledger.path)
        self.status.set_backup(when.strftime("%Y-%m-%d %H:%M") if when else _tr("尚未备份"))
        self.status.set_mark(_tr("演示数据") if c.demo else "")

    def _changed(self, kinds: frozenset[str]) -> None:
        self.note_changes(kinds)
        if kinds & {"batch", "setting", "station"}:
            self._show_period()
        if "visit" in kinds:
            self._count_pending()
        self._count_exchange()

    def _count_pending(self) -> None:
        from commissioner_app import visits
        from commissioner_app.statistics import Scope, visit_filter

        c = self.context
        f = visit_filter(c.period, Scope(), states=())

        def show(counts: dict[str, int]) -> None:
            n = counts.get("returned" if c.role == "commissioner" else "submitted", 0)
            self.set_badge("visits", f"{n:,}" if n else "")

        c.read(lambda: visits.state_counts(c.ledger, f), show, self, "pending")

    def _count_exchange(self) -> None:
        """What waits in 数据交换 for a person, and what has not been handed up yet."""
        ledger = self.context.ledger

        def read() -> tuple[int, int, int]:
            from commissioner_app import conflicts, exchange  # the start does not wait for it
            from commissioner_app.exchange.asides import count as count_kept

            gone = exchange.on_the_way(ledger)
            return conflicts.count(ledger) + count_kept(ledger), exchange.unsent(ledger) - gone, gone

        def show(found: tuple[int, int, int]) -> None:
            waiting, unsent, gone = found
            self.set_badge("exchange", f"{waiting:,}" if waiting else "")
            text = _tr("有 {0} 条改动尚未上报").format(f"{unsent:,}") if unsent > 0 else ""
            text = text or (_tr("已上报，等待对方确认收到") if gone else "")
            self.status.set_unsent(text)

        self.context.read(read, show, self, "exchange")

    # -- files from outside ----------------------------------------------------------------------------

    def _drop_words(self, files: "list[Path]") -> str:
        good = _packages(files)
        if len(good) == 1:
            return _tr("松开鼠标，查看 {0}").format(good[0].name)
        if good:
            return _tr("松开鼠标，依次查看 {0} 个数据包").format(len(good))
        if self._drop_zones(files):
            return _tr("拖到没有盖住的框里，再松开鼠标")
        page = self.page(self.current())
        if page is not None and (words := page.drop_words(files)):
            return words
        if tables := _tables(files):
            visits = self.current() == "visits"
            if visits and len(tables) > 1:
                return _tr("松开鼠标，导入 {0} 个服务记录表或填报表").format(len(tables))
            text = _tr("松开鼠标，导入服务记录 {0}") if visits else _tr("松开鼠标，导入名单 {0}")
            return text.format(tables[0].name)
        return _tr("这里接收数据包（.ktpack）和 Excel 表格")

    def _drop_zones(self, files: "list[Path]") -> "list[QWidget]":
        page = self.page(self.current())
        return page.drop_zones(files) if page is not None and not _packages(files) else []

    def take_files(self, files: "list[Path]") -> None:
        """Files dropped on the window, double-clicked or named at the start: packages are looked at."""
        good = _packages(files)
        if good:
            self.open("exchange", good)
        elif tables := _tables(files):
            self._import_tables(tables)
        elif files and not ((page := self.page(self.current())) and page.take_files(files)):
            self.toast(
                _tr("没有打开“{0}”：拖到窗口里的只能是数据包（.ktpack）或 Excel 表格。").format(files[0].name)
            )

    def _import_tables(self, files: "list[Path]") -> None:
        """Tables dropped on 服务记录 hold visits, one dropped anywhere else a roster."""
        if self.current() == "visits":
            from ui.imports import import_with_preview

            import_with_preview(self, self.context, files)
        elif self.goto("commissioners"):
            from ui.commissioners import transfer

            transfer.preview(self, self.context, files[0])

    def _say(self, text: str, undoable: bool) -> None:
        self.toast(text, _tr("撤销") if undoable else "", self.context.undo if undoable else None)

    # -- commands --------------------------------------------------------------------------------------

    def _new_visit(self) -> None:
        self.open("visits", "new")

    def _help(self, key: str) -> None:
        from ui.help import show_help

        show_help(self, key)

    def _switch_actor(self) -> None:
        from ui.settings.actor import switch_actor

        if switch_actor(self, self.context):
            self._show_status()

    def _search(self, text: str, answer: object) -> None:
        from ui.search.finder import Finder

        if self._finder is None:
            self._finder = Finder(self.context)
        self._finder.find(text, answer)

    def _go_to(self, hit: Hit) -> None:
        target: Any = hit.key
        key, what = target
        if key == "command":
            what(self)
        else:
            self.open(key, what)

    def closeEvent(self, event: "QCloseEvent") -> None:
        super().closeEvent(event)
        if event.isAccepted():
            with contextlib.suppress(OSError):  # the place of the window is not worth a message
                paths.write_settings(window=bytes(self.saveGeometry().toBase64().data()).decode())
            self.context.close()


def _packages(files: "list[Path]") -> "list[Path]":
    return [path for path in files if path.suffix.lower() == ".ktpack"]


def _tables(files: "list[Path]") -> "list[Path]":
    return [path for path in files if path.suffix.lower() in (".xlsx", ".xls", ".xlsm", ".et", ".csv")]


def _tr(text: str) -> str:
    return QCoreApplication.translate("LedgerWindow", text)
