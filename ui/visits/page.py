"""服务记录: the filtered visits as table, calendar or timeline, beside them the one that is read, changed or reviewed."""

from array import array
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from commissioner_app import exchange, intake, paths, scans, visits
from commissioner_app.drafts import Kept
from commissioner_app.makers import Maker
from commissioner_app.places import PlaceRow
from commissioner_app.visit_conditions import Conditions, of_wish
from commissioner_app.visits import Opened, VisitFilter, VisitSums
from ui.context import ALL_KINDS, Context
from ui.shell.page import Page
from ui.theme import Size
from ui.visits import doubts, menu, reading
from ui.visits.bulk import BulkBar
from ui.visits.doubting import Doubting
from ui.visits.editor import WIDTH, VisitEditor
from ui.visits.fields import all_places
from ui.visits.filterbar import FilterBar
from ui.visits.listcard import ListCard
from ui.visits.model import VisitModel
from ui.visits.reading import Read
from ui.visits.switch import VIEWS
from ui.visits.table import VisitTable
from ui.visits.unsaved import PASTE, Unsaved, UnsavedBar
from ui.visits.views import Asked, Views
from ui.widgets.badge import badge_size
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState

if TYPE_CHECKING:
    from ui.visits.review.page import ReviewPage


_LISTED = frozenset(
    {
        "visit",
        "visit_companion",
        "recipient",
        "appointment",
        "appointment_person",
        "commissioner",
        "organisation",
    }
)
"""What the list and the editor say; on other kinds only 待核实 depends."""


class VisitsPage(Page):
    """`wants` asks the window for another page with something to show there."""

    key, icon = "visits", "visit"
    shows = _LISTED | doubts.KINDS
    wants = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._sort = ("date", True)
        self._wanted: str | None = None
        self._opening: str | None = None
        self._wanted_chip = self._asked = ""
        self._arrived: frozenset[str] = frozenset()
        self._counts: dict[str, int] = {}
        self._total = VisitSums(0, 0, 0, 0)
        self._review: ReviewPage | None = None
        self.bar = FilterBar(context, self)
        self.chips, self.filter, self.county, self.always = (
            self.bar.chips, self.bar.filter, self.bar.county, self.bar.always
        )  # fmt: skip
        self.model = VisitModel(lambda ids: visits.rows(context.ledger, ids), context.divisions, self)
        self.table = VisitTable(
            self.model.columns, keep=lambda layout: paths.write_settings(visits_table=layout)
        )
        self.doubting = Doubting(context, self.model, self)
        self.views = Views(context, self.table, self._list_asked)
        self.bulk = BulkBar(context, self.selected_ids)
        self.editor = VisitEditor(context)
        self.nothing = EmptyState("visit", self.tr("选中一条记录，在这里查看和修改。"))
        self.unsaved = UnsavedBar(context, brief=True)
        self._build()
        self._connect()
        self._keys()
        self._show_editor(False)
        Unsaved.of(context).refresh()
        view = paths.read_settings().get("visits_view")
        if view in VIEWS:
            self.bar.switch.choose(view)

    def _build(self) -> None:
        self.table.setModel(self.model)
        self.table.setIconSize(badge_size(self.tr("新!")))
        self.table.setAccessibleName(self.tr("服务记录列表"))
        self.table.load_layout(paths.read_settings().get("visits_table"))
        self.empty = EmptyState("visit", "", action=self.tr("登记服务"), link=self.tr("从 Excel 导入"))
        self.table.set_empty(self.empty)
        self.card = ListCard(self._context, self.bar, self.views, self.bulk)
        self.blank = Card(flush=True)
        self.blank.body.addWidget(self.nothing)
        for part in (self.unsaved, self.blank, self.views.day_list):
            part.setFixedWidth(WIDTH)
        side = QVBoxLayout()
        side.setSpacing(Size.GAP)
        for part in (self.unsaved, self.editor, self.views.day_list, self.blank):
            side.addWidget(part)
        self.listing = QWidget()
        row = QHBoxLayout(self.listing)
        row.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        row.setSpacing(Size.GAP_MID)
        row.addWidget(self.card, 1)
        row.addLayout(side)
        self.whole = QStackedWidget()
        self.whole.addWidget(self.listing)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.whole)

    def _connect(self) -> None:
        c = self._context
        c.periodChanged.connect(lambda: self.captionChanged.emit(self.caption()))
        self.bar.changed.connect(self.reload)
        self.bar.used.connect(self._use)
        self.bar.switch.changed.connect(self._switch)
        self.bar.menu.clicked.connect(lambda: menu.open_menu(self, c))
        self.model.sortWanted.connect(self._sort_by)
        self.table.selected.connect(self._selected)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _old: self._show_row(now.row()))
        self.table.activated.connect(lambda _i: self.editor.fields.content.setFocus())
        self.empty.begun.connect(self.new)
        self.empty.linked.connect(self.import_table)
        self.editor.saved.connect(self._saved)
        self.editor.closed.connect(self._closed)
        self.editor.duplicateWanted.connect(self.duplicate)
        self.editor.historyWanted.connect(self._history)
        self.editor.bind_keys(self)
        self.editor.photos.album.taking.sheetsFound.connect(lambda files: menu.file_signed(self, c, files))
        self.unsaved.wanted.connect(self.show_item)
        self.views.visitWanted.connect(lambda visit: self.editor.settle(lambda: self._open(visit)))
        self.views.dayShown.connect(
            lambda: self._show_editor(
                self.editor.isVisibleTo(self) and (self.editor.is_new or self.editor.dirty)
            )
        )
        self.views.dayWanted.connect(self._list_day)
        self.views.makerWanted.connect(self._want_maker)
        self.doubting.changed.connect(self._show_chips)
        self.card.lookedWanted.connect(self.look_at_all)
        self.card.reviewWanted.connect(self.review)
        self.bulk.deleted.connect(self._closed)
        self.bulk.printWanted.connect(lambda: menu.print_selected(self, c))
        self.bulk.exportWanted.connect(lambda: menu.export_selected(self, c))
        self.bulk.answerWanted.connect(self.answer_selected)

    def _keys(self) -> None:
        for keys, do in (
            ("Ctrl+F", self._focus_filter),
            ("Ctrl+D", self._duplicate_current),
            ("Ctrl+R", self.review),
            ("Ctrl+P", lambda: menu.print_selected(self, self._context)),
            ("F8", self._review_key),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)
        delete = QShortcut(QKeySequence("Del"), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.bulk.delete_all)

    # -- what the window asks --------------------------------------------------------------------------

    def caption(self) -> str:
        return self.tr("{0} 共 {1} 条").format(
            self._context.period.label or self._context.period.text, f"{self._total.visits:,}"
        )

    def activated(self) -> None:
        if not self.editor.is_new and self._reviewing() is None:
            self.views.currentWidget().setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        self.reload()
        if (reviewing := self._reviewing()) is not None:
            reviewing.refresh()
        shown = self._opening or self.editor.visit
        if shown and not self.editor.dirty and kinds & _LISTED:
            self._open(shown)

    def may_leave(self) -> bool:
        """What is typed stays in the editor and in a draft on disk."""
        self._context.keep_looked()
        self.editor.keep_draft()
        return True

    def drop_words(self, files: list[Path]) -> str:
        """What would happen with files dropped on the window now; "" where they are not for this page."""
        if self.editor.isVisible():
            return self.editor.drop_words(files)
        found = [f for f in files if scans.is_scan(f)]
        if len(found) == 1:
            return self.tr("松开鼠标，识别签字单 {0}").format(found[0].name)
        return self.tr("松开鼠标，识别 {0} 个签字单文件").format(len(found)) if found else ""

    def take_files(self, files: list[Path]) -> bool:
        """Files that were dropped on the window: signed sheets find their visits, all else goes to the one in the editor."""
        shown = self.editor.isVisible()
        if not any(intake.fits(f) if shown else scans.is_scan(f) for f in files):
            return False
        if not shown:
            menu.file_signed(self, self._context, files)
        elif self.editor.photos.locked:
            menu.sort_out(self, self._context, files)
        else:
            self.editor.take_files(files)
        return True

    def show_item(self, what: object) -> None:
        """Show a visit (its id), begin one ("new"), do something ("import", "signed", "forms", "blank", "review"), or list
        what a filter lets through (a dict)."""
        reviewing = self._reviewing()
        if reviewing is not None and what != "review":
            reviewing.finish()
        if what == "new":
            self.new()
        elif isinstance(what, Kept):
            self.recognise() if what.editor == PASTE else self.editor.settle(lambda: self._restore(what))
        elif what == "review":
            self.review()
        elif isinstance(what, str) and what in menu.ACTIONS:
            menu.ACTIONS[what](self, self._context)
        elif isinstance(what, str):
            self._wanted = what
            self._put(Conditions())
            self.reload()
            if what != self.editor.visit or self.editor.is_new:
                self.editor.settle(lambda: self._open(what))
        elif isinstance(what, dict):
            self._use(of_wish(what))

    # -- listing ---------------------------------------------------------------------------------------

    def _use(self, c: Conditions) -> None:
        self._put(c)
        self.reload()

    def _put(self, c: Conditions) -> None:
        # The chip may not be there before the list has been read.
        self._wanted_chip = c.state if c.state != "all" else ""
        self.bar.show_conditions(c)

    def _conditions(self) -> Conditions:
        c = self.bar.conditions()
        return replace(c, state=self._wanted_chip) if self._wanted_chip else c

    def filter_now(self) -> VisitFilter:
        """What the table lists."""
        c = self._conditions()
        f = c.filter(self._context.period, self._arrived)
        return replace(f, only_rows=self.doubting.found.of(c.rule)) if c.state == "doubt" else f

    def reload(self) -> None:
        """List anew, on a worker thread; a later call supersedes an earlier one."""
        c, conditions, period = self._context, self._conditions(), self._context.period
        self._asked = conditions.state
        looked = frozenset(c.looked)
        c.read(
            lambda: reading.read(c.ledger, conditions, period, *self._sort, looked),
            self._listed, self, "list",
        )  # fmt: skip
        if conditions.state != "doubt":  # else they are looked at with the list
            self.doubting.read(reading.whole(conditions.filter(period)))
            self.views.reload()

    def _listed(self, read: Read) -> None:
        found = read.listing
        self._arrived, self._total, self._counts = read.arrived, found.sums, dict(found.counts)
        if read.doubts is not None:
            self.doubting.show(read.doubts)
            self.views.reload()
        self.model.set_arrived(self._arrived)
        keep = self._wanted or self.editor.visit
        self.model.set_rowids(found.rowids)
        self._wanted = None
        whole = sum(self._counts.get(s, 0) for s in visits.STATES)
        self._show_chips()
        if self._wanted_chip:
            blocked = self.chips.blockSignals(True)
            self.chips.set_current(self._wanted_chip)
            self.chips.blockSignals(blocked)
            self._wanted_chip = ""
        if self.chips.current() != self._asked:  # there is none of them any more
            self.reload()
            return
        self._say_empty(whole)
        if keep:
            self._select_visit(keep)
        self._selected(len(self.table.selected_rows()) if found.rowids else 0)
        self.captionChanged.emit(self.caption())

    def _show_chips(self) -> None:
        counts, current = self._counts, self.chips.current()
        whole = sum(counts.get(s, 0) for s in visits.STATES)
        chips: list[tuple[str, str, int | None]] = [("all", self.tr("全部"), whole)]
        chips += [
            (s, visits.STATES[s], counts.get(s, 0)) for s in ("submitted", "returned", "passed", "draft")
        ]
        doubted = len(self.doubting.found.of())
        hinted = any(self.doubting.found.rows.values())
        wanted = "doubt" in (current, self._wanted_chip)
        if hinted or wanted:
            chips.append(("doubt", self.tr("待核实"), doubted))
        if counts.get("disputed"):
            chips.append(("disputed", self.tr("填报不一致"), counts["disputed"]))
        if counts.get("stale"):
            chips.append(("stale", self.tr("审核后有改动"), counts["stale"]))
        # One that is chosen stays while its last record is being looked at.
        if counts.get("arrived") or (current == "arrived" and self.model.rowCount()):
            chips.append(("arrived", self.tr("新到"), counts.get("arrived", 0)))
        self.bar.set_chips(chips)
        on = (self._wanted_chip or self.chips.current()) == "doubt"
        self.bar.set_rules(self.doubting.found.counts(), on)
        self.card.show_counts(counts.get("arrived", 0), counts.get("submitted", 0))

    def answer_selected(self) -> None:
        """说明: settle a doubt of several visits with one remark."""
        self.doubting.answer(self.selected_rowids(), self.bar.conditions().rule)

    def _say_empty(self, whole: int) -> None:
        if self.bar.conditions().narrowed:
            self.empty.set_sentence(self.tr("没有符合条件的服务记录。"))
        elif not whole:
            self.empty.set_sentence(
                self.tr("{0}还没有服务记录。下乡服务一次，就在这里登记一条。").format(
                    self._context.period.label
                )
            )

    def _select_visit(self, visit: str) -> None:
        rowid = visits.rowid_of(self._context.ledger, visit)
        row = self.model.row_of(rowid) if rowid is not None else -1
        if row >= 0:
            index = self.model.index(row, 0)
            blocked = self.table.selectionModel().blockSignals(True)
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.table.selectionModel().blockSignals(blocked)
            self.table.scrollTo(index)
            self.table.viewport().update()

    def _sort_by(self, key: str, descending: bool) -> None:
        if (key, descending) != self._sort:
            self._sort = (key, descending)
            self.reload()

    def _selected(self, count: int) -> None:
        several = count > 1 and self.views.current() == "table"
        rows = self.table.selected_rows() if several else []
        doubted = any(self.model.is_doubted(r) for r in rows)
        text = self.card.show_selected(len(rows), doubted, self._total)
        if several:
            ids = self.selected_rowids()
            ledger = self._context.ledger
            self._context.read(
                lambda: visits.sums_of(ledger, ids), lambda s: self.card.show_sums(text, s), self, "sums"
            )
        else:
            self.card.show_sums(text, self._total)

    # -- views -----------------------------------------------------------------------------------------

    def _switch(self, view: str) -> None:
        paths.write_settings(visits_view=view)
        day = self.bar.conditions().day
        if view != "table" and day:
            self.bar.set_day(None)
        self.views.bring(view, day)
        self._show_editor(self.editor.isVisibleTo(self) and view != "calendar")
        self._selected(len(self.table.selected_rows()))
        self.views.currentWidget().setFocus()

    def _list_asked(self) -> Asked:
        at = self.table.currentIndex().row()
        row = self.model.visit(at) if 0 <= at < self.model.rowCount() else None
        return Asked(replace(self.filter_now(), day=None), self._conditions(), row, self.editor.visit)

    def _list_day(self, day: str) -> None:
        """List a day's visits in the table."""
        self.bar.set_day(day)
        self.bar.switch.choose("table")
        self.table.setFocus()

    def _want_maker(self, maker: Maker) -> None:
        place = None if maker.commissioner else maker.place
        self._use(
            replace(self.bar.conditions(), commissioner=maker.commissioner, appointment=place, label="")
        )

    # -- the one that is shown -------------------------------------------------------------------------

    def _show_editor(self, on: bool) -> None:
        in_calendar = self.bar.switch.current() == "calendar"
        self.editor.setVisible(on)
        self.views.day_list.setVisible(not on and in_calendar)
        self.blank.setVisible(not on and not in_calendar)

    def _show_row(self, row: int) -> None:
        if row < 0 or len(self.table.selected_rows()) > 1:
            return
        visit = self.model.visit(row)
        if visit is not None and (visit.id != self.editor.visit or self.editor.is_new):
            self.editor.settle(lambda: self._open(visit.id))

    def _open(self, visit: str) -> None:
        c = self._context
        self._opening = visit  # a refresh meanwhile must not bring back the one shown before

        def read() -> tuple[Opened | None, list[PlaceRow]]:
            opened = visits.open_visit(c.ledger, visit)
            return opened, all_places(c, opened.values if opened else None)

        def show(found: tuple[Opened | None, list[PlaceRow]]) -> None:
            opened, places = found
            if self._opening != visit:  # something else has been begun since
                return
            self._opening = None
            if opened is None:
                self._closed()
            elif not (self.editor.dirty and self.editor.visit == visit):
                self.editor.show_visit(opened, places)
                self._show_editor(True)
                self._looked_at(visit)

        c.read(read, show, self, "open")

    def _looked_at(self, visit: str) -> None:
        """Opened: it is not 新到 any more."""
        if visit in self._arrived:
            self._context.looked.add(visit)
            self._arrived -= {visit}
            self._counts["arrived"] = max(self._counts.get("arrived", 0) - 1, 0)
            self.model.set_arrived(self._arrived)
            self._show_chips()
            self._selected(len(self.table.selected_rows()))

    def look_at_all(self) -> None:
        """Take the mark 新到 from everything that came, on all pages."""
        c = self._context

        def done(_none: object) -> None:
            c.looked.clear()
            c.changed.emit(ALL_KINDS)
            self.reload()

        c.read(lambda: exchange.seen_arrivals(c.ledger), done, self, "looked")

    def new(self) -> None:
        """Ctrl+N: begin a visit."""
        if self.editor.is_new:
            self.editor.fields.who.setFocus()
            return
        self.editor.settle(self._begin)

    def _begin(self) -> None:
        self._opening = None
        self.table.clearSelection()
        self._show_editor(True)
        self.editor.begin(all_places(self._context))

    def _restore(self, kept: Kept) -> None:
        """Go on with what an earlier run has left."""
        c, visit = self._context, kept.content.get("visit")
        self._opening = None

        def read() -> tuple[Opened | None, list[PlaceRow]]:
            opened = visits.open_visit(c.ledger, visit) if visit else None
            return opened, all_places(c, opened.values if opened else None)

        def show(found: tuple[Opened | None, list[PlaceRow]]) -> None:
            self.table.clearSelection()
            self._show_editor(True)
            self.editor.restore(kept, *found)

        c.read(read, show, self, "open")

    def recognise(self) -> None:
        """粘贴识别: log what somebody wrote into WeChat."""
        from ui.visits.paste import recognise

        Unsaved.of(self._context).begin(PASTE)  # it takes up what it left by itself
        row = self._list_asked().row
        place = row.who[0][0] if row is not None and row.who else self.bar.conditions().appointment
        recognise(self, self._context, place, lambda found: self.show_item(found[0]) if found else None)

    def duplicate(self, visit: str) -> None:
        """A new visit like this one."""
        c = self._context
        opened = visits.open_visit(c.ledger, visit)
        if opened:
            self._opening = None
            self._show_editor(True)
            self.editor.duplicate(opened, all_places(c, opened.values))

    def _duplicate_current(self) -> None:
        if self.editor.visit:
            self.editor.settle(lambda: self.duplicate(self.editor.visit or ""))

    def _saved(self, visit: str, then_new: bool) -> None:
        if then_new:
            self._begin()
            self.reload()
        else:
            self._wanted = visit
            self.reload()
            self._open(visit)

    def _closed(self) -> None:
        self._show_editor(False)
        self.editor._opened = None
        self.reload()
        self.views.currentWidget().setFocus()

    def _history(self, record: str) -> None:
        from ui.history.dialog import show_record_history

        show_record_history(self, self._context, record)

    # -- review ----------------------------------------------------------------------------------------

    def _reviewing(self) -> "ReviewPage | None":
        return (
            self._review if self._review is not None and self.whole.currentWidget() is self._review else None
        )

    def review(self) -> None:
        """逐条审核: go through what waits for review among the visits listed, beginning with the one in view."""
        if self._context.role == "commissioner" or self._reviewing() is not None:
            return
        self.editor.settle(self._begin_review)

    def _begin_review(self) -> None:
        from ui.visits.review.page import ReviewPage

        c, (sort, descending) = self._context, self._sort
        f = replace(self.filter_now(), states=("submitted",), stale=False, disputed=False)
        visit = self.editor.visit
        if self._review is None:
            self._review = ReviewPage(c)
            self._review.ended.connect(self._end_review)
            self.whole.addWidget(self._review)
        page = self._review

        def begin(rowids: "array[int]") -> None:
            if not rowids:
                c.said.emit(self.tr("所列记录中没有待审核的。"), False)
                return
            self.whole.setCurrentWidget(page)
            page.begin(rowids, visit)

        c.read(lambda: visits.listed_rowids(c.ledger, f, sort, descending), begin, self, "review")

    def _end_review(self, visit: str) -> None:
        self.whole.setCurrentWidget(self.listing)
        self._wanted = visit or None
        self.reload()
        if visit:
            self._open(visit)
        self.views.currentWidget().setFocus()

    def _review_key(self) -> None:
        if (reviewing := self._reviewing()) is not None:
            reviewing.pass_visit()
        elif len(self.table.selected_rows()) <= 1:
            self.editor.pass_visit()

    # -- several at once, files ------------------------------------------------------------------------

    def selected_rowids(self) -> list[int]:
        """The row numbers of the visits selected in the table."""
        return [self.model.rowid(r) for r in self.table.selected_rows()]

    def selected_ids(self) -> list[str]:
        """The visits selected in the table, in its order."""
        rowids = self.selected_rowids()
        found = visits.rows(self._context.ledger, rowids)
        return [found[r].id for r in rowids if r in found]

    def _focus_filter(self) -> None:
        self.filter.setFocus()
        self.filter.selectAll()

    def import_table(self) -> None:
        """Import visits from tables: shows what would happen before anything is written."""
        menu.ACTIONS["import"](self, self._context)

    def export_table(self) -> None:
        """Write what is listed to a file."""
        menu.export_listed(self, self._context)
