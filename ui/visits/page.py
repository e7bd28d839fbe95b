"""服务记录: the list of visits with quick filters, beside it the one that is being read, changed or reviewed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout

from commissioner_app import exchange, exports, paths, visits
from commissioner_app.drafts import Kept
from commissioner_app.statistics import Scope, visit_filter
from commissioner_app.visits import Listing, Opened, VisitFilter, VisitSums, days_text
from ui.context import ALL_KINDS, Context
from ui.shell.page import Page
from ui.theme import Size
from ui.visits.editor import WIDTH, VisitEditor
from ui.visits.fields import all_places
from ui.visits.model import VisitModel
from ui.visits.opinion import ask_opinion
from ui.visits.table import VisitTable
from ui.visits.unsaved import PASTE, Unsaved, UnsavedBar
from ui.widgets.badge import badge_size
from ui.widgets.basic import Combo, button, label
from ui.widgets.card import Card
from ui.widgets.chips import ChipRow
from ui.widgets.empty import EmptyState

FILTER_MS = 150
"""So long after the last key the list is filtered."""


class VisitsPage(Page):
    """`wants` asks the window for another page with something to show there."""

    key, icon = "visits", "visit"
    shows = frozenset(
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
    wants = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._extra: dict[str, Any] = {}
        self._sort = ("date", True)
        self._wanted: str | None = None
        self._opening: str | None = None
        self._wanted_chip = self._asked = ""
        self._arrived: frozenset[str] = frozenset()
        self._counts: dict[str, int] = {}
        self._total = VisitSums(0, 0, 0, 0)
        self.model = VisitModel(lambda ids: visits.rows(context.ledger, ids), context.divisions, self)
        self.model.sortWanted.connect(self._sort_by)
        self.table = VisitTable(
            self.model.columns, keep=lambda layout: paths.write_settings(visits_table=layout)
        )
        self.table.setModel(self.model)
        self.table.setIconSize(badge_size(self.tr("新")))
        self.table.setAccessibleName(self.tr("服务记录列表"))
        self.table.load_layout(paths.read_settings().get("visits_table"))
        self.table.selected.connect(self._selected)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _old: self._show_row(now.row()))
        self.editor = VisitEditor(context)
        self.editor.saved.connect(self._saved)
        self.editor.closed.connect(self._closed)
        self.editor.duplicateWanted.connect(self.duplicate)
        self.editor.historyWanted.connect(self._history)
        self.editor.bind_keys(self)
        self.nothing = EmptyState("visit", self.tr("选中一条记录，在这里查看和修改。"))
        self.blank = Card(flush=True)
        self.blank.body.addWidget(self.nothing)
        self.blank.setFixedWidth(WIDTH)
        self._build()
        context.periodChanged.connect(lambda: self.captionChanged.emit(self.caption()))
        for keys, do in (
            ("Ctrl+F", self._focus_filter),
            ("Ctrl+D", self._duplicate_current),
            ("F8", self._review_key),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)
        delete = QShortcut(QKeySequence("Del"), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.delete_selected)
        self.table.activated.connect(lambda _i: self.editor.fields.content.setFocus())
        self._show_editor(False)
        Unsaved.of(context).refresh()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        row.setSpacing(Size.GAP_MID)
        card = Card(flush=True)
        top = QHBoxLayout()
        top.setContentsMargins(Size.GAP_MID, Size.GAP + Size.TIGHT, Size.GAP_MID, 0)
        self.chips = ChipRow()
        self.chips.changed.connect(lambda _key: self.reload())
        top.addWidget(self.chips, 1)
        self.menu_button = button(self.tr("导入、导出和列"), "tool", icon="more", on_click=self._menu)
        top.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(top)
        second = QHBoxLayout()
        second.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.TIGHT)
        second.setSpacing(Size.GAP)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选：姓名、单位、村、内容，拼音也行（Ctrl+F）"))
        self.filter.setAccessibleName(self.tr("筛选服务记录"))
        self.filter.setClearButtonEnabled(True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(FILTER_MS)
        self._typing.timeout.connect(self.reload)
        self.filter.textChanged.connect(lambda _t: self._typing.start())
        self.county = Combo()
        self.county.setAccessibleName(self.tr("受援县"))
        self.county.addItem(self.tr("全部受援县"), None)
        for d in self._context.divisions.counties():
            self.county.addItem(d.name, d.code)
        self.county.currentIndexChanged.connect(lambda _i: self.reload())
        self.always = button(self.tr("不限期间"), "chip", on_click=self.reload)
        self.always.setCheckable(True)
        self.always.setToolTip(self.tr("也列出日期不在右上角所选期间内的记录"))
        self.extra = button("", "chip", on_click=self.clear_extra)
        self.extra.setToolTip(self.tr("去掉这个条件"))
        second.addWidget(self.filter, 1)
        second.addWidget(self.county)
        second.addWidget(self.always)
        second.addWidget(self.extra)
        self.extra.hide()
        card.body.addLayout(second)
        self.empty = EmptyState("visit", "", action=self.tr("登记服务"), link=self.tr("从 Excel 导入"))
        self.empty.begun.connect(self.new)
        self.empty.linked.connect(self.import_table)
        self.table.set_empty(self.empty)
        card.body.addWidget(self.table, 1)
        self.foot = label("", "caption")
        self.foot.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.TIGHT)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(0, 0, Size.GAP_MID, 0)
        bottom.addWidget(self.foot, 1)
        self.submit_many = button(self.tr("提交审核"), "link", on_click=self.submit_selected)
        self.pass_many = button(self.tr("审核通过"), "link", on_click=self.pass_selected)
        self.return_many = button(self.tr("退回…"), "link", on_click=self.return_selected)
        self.delete_many = button(self.tr("删除"), "link", on_click=self.delete_selected)
        self.looked = button(self.tr("全部标为已看"), "link", on_click=self.look_at_all)
        self.looked.setToolTip(self.tr("去掉所有“新到”的标记"))
        bottom.addWidget(self.looked)
        self.looked.hide()
        for part in (self.submit_many, self.pass_many, self.return_many, self.delete_many):
            bottom.addWidget(part)
            part.hide()
        card.body.addLayout(bottom)
        row.addWidget(card, 1)
        side = QVBoxLayout()
        side.setSpacing(Size.GAP)
        self.unsaved = UnsavedBar(self._context, brief=True)
        self.unsaved.setFixedWidth(WIDTH)
        self.unsaved.wanted.connect(self.show_item)
        side.addWidget(self.unsaved)
        side.addWidget(self.editor)
        side.addWidget(self.blank)
        row.addLayout(side)

    # -- what the window asks --------------------------------------------------------------------------

    def caption(self) -> str:
        return self.tr("{0} 共 {1} 条").format(
            self._context.period.label or self._context.period.text, f"{self._total.visits:,}"
        )

    def activated(self) -> None:
        if not self.editor.is_new:
            self.table.setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        self.reload()
        shown = self._opening or self.editor.visit
        if shown and not self.editor.dirty:
            self._open(shown)

    def may_leave(self) -> bool:
        """What is typed stays in the editor and in a draft on disk."""
        self._context.keep_looked()
        self.editor.keep_draft()
        return True

    def drop_words(self, files: list[Path]) -> str:
        """What would happen with files dropped on the window now; "" where they are not for this page."""
        return self.editor.drop_words(files) if self.editor.isVisible() else ""

    def take_files(self, files: list[Path]) -> bool:
        """Files that were dropped on the window; False where they are not for this page."""
        return self.editor.isVisible() and self.editor.take_files(files)

    def show_item(self, what: object) -> None:
        """Show a visit (its id), begin one ("new"), bring in a table ("import"), go on with a draft (Kept).

        Or list what a filter lets through (a dict).
        """
        if what == "new":
            self.new()
        elif isinstance(what, Kept):
            self.recognise() if what.editor == PASTE else self.editor.settle(lambda: self._restore(what))
        elif what == "import":
            self.import_table()
        elif isinstance(what, str):
            self._wanted = what
            self._clear_filters()
            self.reload()
            if what != self.editor.visit or self.editor.is_new:
                self.editor.settle(lambda: self._open(what))
        elif isinstance(what, dict):
            self._clear_filters()
            self._extra = {k: v for k, v in what.items() if k not in ("state", "arrived")}
            self.extra.setText(f"{what.get('label', '')}  ×")
            self.extra.setVisible(bool(what.get("label")))
            self.always.setChecked(bool(what.get("always") or what.get("arrived")))
            # The chip may not be there before the list has been read.
            self._wanted_chip = "arrived" if what.get("arrived") else str(what.get("state") or "")
            self.reload()

    # -- listing ---------------------------------------------------------------------------------------

    def _filter(self, chip: str = "") -> VisitFilter:
        c = self._context
        chip = chip or self._wanted_chip or self.chips.current() or "all"
        states = (chip,) if chip in visits.STATES else ()
        scope = Scope()
        base = visit_filter(c.period, scope, states, self.filter.text())
        extra = self._extra
        return VisitFilter(
            start=None if self.always.isChecked() else extra.get("start", base.start),
            end=None if self.always.isChecked() else extra.get("end", base.end),
            states=states,
            county=self.county.currentData() or extra.get("county"),
            appointment=extra.get("appointment") or extra.get("place"),
            commissioner=extra.get("commissioner"),
            team=extra.get("team"),
            recipient=extra.get("recipient"),
            text=" ".join(t for t in (self.filter.text(), extra.get("text", "")) if t),
            disputed=chip == "disputed",
            stale=chip == "stale",
            arrived=self._arrived,
            only_arrived=chip == "arrived",
        )

    def reload(self) -> None:
        """List anew, on a worker thread; a later call supersedes an earlier one."""
        c, f = self._context, self._filter()
        sort, descending = self._sort
        looked = frozenset(c.looked)
        self._asked = self._wanted_chip or self.chips.current() or "all"

        def read() -> tuple[frozenset[str], Listing]:
            # What was opened stays in the list of 新到 until the page is left: no row jumps away.
            every = exchange.arrived(c.ledger)
            return every - looked, visits.listing(c.ledger, replace(f, arrived=every), sort, descending)

        c.read(read, self._listed, self, "list")

    def _listed(self, read: tuple[frozenset[str], Listing]) -> None:
        self._arrived, found = read
        rowids = found.rowids
        self._total, self._counts = found.sums, dict(found.counts)
        self.model.set_arrived(self._arrived)
        keep = self._wanted or self.editor.visit
        self.model.set_rowids(rowids)
        self._wanted = None
        whole = sum(found.counts.get(s, 0) for s in visits.STATES)
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
        self._selected(len(self.table.selected_rows()) if rowids else 0)
        self.captionChanged.emit(self.caption())

    def _show_chips(self) -> None:
        counts = self._counts
        whole = sum(counts.get(s, 0) for s in visits.STATES)
        chips: list[tuple[str, str, int | None]] = [("all", self.tr("全部"), whole)]
        chips += [
            (s, visits.STATES[s], counts.get(s, 0)) for s in ("submitted", "returned", "passed", "draft")
        ]
        if counts.get("disputed"):
            chips.append(("disputed", self.tr("填报不一致"), counts["disputed"]))
        if counts.get("stale"):
            chips.append(("stale", self.tr("审核后有改动"), counts["stale"]))
        # One that is chosen stays while its last record is being looked at.
        if counts.get("arrived") or (self.chips.current() == "arrived" and self.model.rowCount()):
            chips.append(("arrived", self.tr("新到"), counts.get("arrived", 0)))
        self.chips.set_chips(chips)

    def _say_empty(self, whole: int) -> None:
        narrowed = bool(
            self.filter.text()
            or self._extra
            or self.county.currentData()
            or self.chips.current() not in ("all", "")
        )
        if narrowed:
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
        total = self._total
        text = self.tr("共 {0} 条").format(f"{total.visits:,}")
        if count > 1:
            text += self.tr("，已选 {0} 条").format(f"{count:,}")
        for part in (self.submit_many, self.pass_many, self.return_many, self.delete_many):
            part.setVisible(
                count > 1
                and (part not in (self.pass_many, self.return_many) or self._context.role != "commissioner")
            )
        self.looked.setVisible(count < 2 and bool(self._counts.get("arrived")))
        if count > 1:
            ids = [self.model.rowid(r) for r in self.table.selected_rows()]
            self._context.read(
                lambda: visits.sums_of(self._context.ledger, ids), lambda s: self._foot(text, s), self, "sums"
            )
        else:
            self._foot(text, total)

    def _foot(self, text: str, sums: VisitSums) -> None:
        more = self.tr(" · 合计 {0} 天 · 培训 {1} 人次").format(
            days_text(sums.half_days), f"{sums.trained:,}"
        )
        self.foot.setText(text + more)

    # -- the one that is shown -------------------------------------------------------------------------

    def _show_editor(self, on: bool) -> None:
        self.editor.setVisible(on)
        self.blank.setVisible(not on)

    def _show_row(self, row: int) -> None:
        if row < 0 or len(self.table.selected_rows()) > 1:
            return
        visit = self.model.visit(row)
        if visit is not None and (visit.id != self.editor.visit or self.editor.is_new):
            self.editor.settle(lambda: self._open(visit.id))

    def _open(self, visit: str) -> None:
        c = self._context
        self._opening = visit  # a refresh meanwhile must not bring back the one shown before

        def read() -> tuple[Opened | None, Any]:
            opened = visits.open_visit(c.ledger, visit)
            return opened, all_places(c, opened.values if opened else None)

        def show(found: tuple[Opened | None, Any]) -> None:
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
            self.looked.setVisible(bool(self._counts["arrived"]))

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

        def read() -> tuple[Opened | None, Any]:
            opened = visits.open_visit(c.ledger, visit) if visit else None
            return opened, all_places(c, opened.values if opened else None)

        def show(found: tuple[Opened | None, Any]) -> None:
            self.table.clearSelection()
            self._show_editor(True)
            self.editor.restore(kept, *found)

        c.read(read, show, self, "open")

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
        self.table.setFocus()

    def _history(self, record: str) -> None:
        from ui.history.dialog import show_record_history

        show_record_history(self, self._context, record)

    def _review_key(self) -> None:
        if len(self.table.selected_rows()) <= 1:
            self.editor.pass_visit()

    # -- several at once -------------------------------------------------------------------------------

    def _selected_ids(self) -> list[str]:
        rowids = [self.model.rowid(r) for r in self.table.selected_rows()]
        found = visits.rows(self._context.ledger, rowids)
        return [found[r].id for r in rowids if r in found]

    def submit_selected(self) -> None:
        """Hand the selected drafts in."""
        ids, c = self._selected_ids(), self._context
        c.do(lambda: visits.submit(c.ledger, ids), self.tr("已提交审核"), owner=self)

    def pass_selected(self) -> None:
        """Pass those of the selected that wait for it."""
        ids, c = self._selected_ids(), self._context
        c.do(lambda: visits.pass_visits(c.ledger, ids), self.tr("所选待审核记录已审核通过"), owner=self)

    def return_selected(self) -> None:
        """Return the selected with one opinion."""
        ids, c = self._selected_ids(), self._context
        opinion = ask_opinion(self, len(ids))
        if opinion:
            c.do(lambda: visits.return_visits(c.ledger, ids, opinion), self.tr("已退回"), owner=self)

    def delete_selected(self) -> None:
        """Delete the selected; 撤销 brings them back."""
        ids, c = self._selected_ids(), self._context
        if ids:
            c.do(lambda: visits.delete(c.ledger, ids), self.tr("已删除 {0} 条服务记录").format(len(ids)), owner=self,
                 done=lambda _o: self._closed())  # fmt: skip

    # -- filters and files -----------------------------------------------------------------------------

    def _focus_filter(self) -> None:
        self.filter.setFocus()
        self.filter.selectAll()

    def _clear_filters(self) -> None:
        for part in (self.filter, self.county, self.chips):
            part.blockSignals(True)
        self.filter.clear()
        self.county.setCurrentIndex(0)
        if "all" in self.chips._chips:
            self.chips.set_current("all")
        for part in (self.filter, self.county, self.chips):
            part.blockSignals(False)
        self._extra = {}
        self.extra.hide()

    def clear_extra(self) -> None:
        """Take away the condition that another page has set."""
        self._extra = {}
        self.extra.hide()
        self.reload()

    def _menu(self) -> None:
        menu = QMenu(self)
        menu.addAction(self.tr("粘贴识别…")).triggered.connect(self.recognise)
        menu.addAction(self.tr("从 Excel 导入…")).triggered.connect(self.import_table)
        menu.addAction(self.tr("导出列表…")).triggered.connect(self.export_table)
        menu.addSeparator()
        menu.addAction(self.tr("选择列…")).triggered.connect(lambda: self.table.column_menu())
        menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))

    def recognise(self) -> None:
        """粘贴识别: log what somebody wrote into WeChat."""
        from ui.visits.paste import recognise

        Unsaved.of(self._context).begin(PASTE)  # it takes up what it left by itself
        at = self.table.currentIndex().row()
        row = self.model.visit(at) if at >= 0 else None
        place = row.who[0][0] if row is not None and row.who else self._extra.get("appointment")
        recognise(self, self._context, place, lambda found: self.show_item(found[0]) if found else None)

    def import_table(self) -> None:
        """Import visits from a table: shows what would happen before anything is written."""
        from ui.imports import import_with_preview

        import_with_preview(self, self._context)

    def export_table(self) -> None:
        """Write what is listed to a file."""
        start = str(paths.documents() / self.tr("服务记录.xlsx"))
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("导出服务记录"), start, self.tr("Excel 表格 (*.xlsx);;CSV (*.csv)")
        )
        if name:
            c, f = self._context, self._filter()
            c.read(lambda: exports.export_visits(c.ledger, Path(name), f),
                   lambda n: c.said.emit(self.tr("已导出 {0} 条：{1}").format(f"{n:,}", name), False), self)  # fmt: skip
