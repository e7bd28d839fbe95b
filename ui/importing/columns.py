"""核对列: the table as it is in the file, what it was taken for, and every way to say otherwise."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from commissioner_app.imports import shape
from commissioner_app.imports.fields import NUMBER, SURE
from commissioner_app.imports.grid import Workbook
from commissioner_app.imports.shape import Kind, Proposal
from ui.context import Context
from ui.importing.sheetview import SheetView
from ui.importing.tablelist import TableList
from ui.theme import Size, Tone
from ui.widgets.basic import button, label, restyle
from ui.widgets.card import Card

Change = Callable[[list[Proposal]], list[Proposal]]

DOUBTFUL = 0.6
_RAIL = 216


class ColumnsStep(QWidget):
    """``changed`` comes whenever something else would be read."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.book: Workbook | None = None
        self._known: frozenset[str] = frozenset()
        self._proposals: list[Proposal] = []
        self._at = 0
        self._waiting: list[Change] = []
        self._told: set[int] = set()  # tables whose columns or header a person has changed
        self._working = False
        self._round = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP_MID)
        self.rail = Card(self.tr("要读的表"), flush=True)
        self.rail.setFixedWidth(_RAIL)
        self.tables = TableList()
        self.tables.chosen.connect(self._look_at)
        self.tables.ticked.connect(self._tick)
        self.rail.body.addWidget(self.tables)
        row.addWidget(self.rail)
        card = Card(flush=True)
        card.body.setSpacing(0)
        self._bar = QWidget()
        line = QHBoxLayout(self._bar)
        line.setContentsMargins(Size.GAP, Size.GAP, Size.GAP, Size.GAP)
        line.setSpacing(Size.GAP)
        self.notice = label("", "notice", wrap=True)
        self.restore = button(self.tr("恢复自动识别"), "link", on_click=self._forget)
        line.addWidget(self.notice, 1)
        line.addWidget(self.restore, 0, Qt.AlignmentFlag.AlignVCenter)
        card.body.addWidget(self._bar)
        self.view = SheetView()
        self.view.setAccessibleName(self.tr("表格原样"))
        self.view.fields.chosen.connect(self._name)
        self.view.peopleWanted.connect(self._people)
        self.view.headerWanted.connect(self._header)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._show_foot())
        card.body.addWidget(self.view, 1)
        below = QHBoxLayout()
        below.setContentsMargins(Size.GAP_MID, Size.GAP, Size.GAP_MID, 0)
        below.setSpacing(Size.GAP_WIDE)
        self.foot = label("", "caption", wrap=True)
        below.addWidget(self.foot, 1)
        below.addWidget(label(self.tr("右键一行可以改：是表头、是人员、不是人员"), "caption"))
        card.body.addLayout(below)
        row.addWidget(card, 1)

    # -- what is read ----------------------------------------------------------------------------------

    def take(self, book: Workbook, proposals: Sequence[Proposal], known: frozenset[str]) -> None:
        """Show another file."""
        self.book, self._known = book, known
        self._proposals, self._waiting = list(proposals), []
        self._told = set()
        self._round += 1
        self._working = False
        self._at = next((n for n, p in enumerate(self._proposals) if p.included), 0)
        self._show()

    def proposals(self) -> tuple[Proposal, ...]:
        """The tables as they are understood now."""
        return tuple(self._proposals)

    def told(self) -> tuple[Proposal, ...]:
        """Those that are read as a person said: worth remembering for tables of the same shape."""
        return tuple(p for n, p in enumerate(self._proposals) if n in self._told and p.included)

    def show_row(self, sheet: str, number: int, left: int = 0) -> None:
        """Bring a row, as Excel counts, of the list that begins in column `left` to the front."""
        for n, p in enumerate(self._proposals):
            here = p.sheet.name == sheet and p.span[0] == left and p.first < number <= p.last + 1
            if p.included and here:
                if n != self._at:
                    self._at = n
                    self._show()
                self.view.show_row(number - 1)
                return

    def busy(self) -> bool:
        """Whether a change is still being worked out."""
        return self._working

    def problem(self) -> str:
        """Why there is nothing to go on with yet, in a sentence; the table concerned is brought to the front."""
        wanted = [n for n, p in enumerate(self._proposals) if p.included]
        if not wanted:
            reason = self._proposals[self._at].reason if self._proposals else ""
            return reason or self.tr("没有选中要读的表，请在左边勾选名单所在的表。")
        for n in wanted:
            if why := shape.missing(self._proposals[n]):
                if n != self._at:
                    self._at = n
                    self._show()
                return why
        return ""

    def insist(self, why: str) -> None:
        """Say the more clearly why it does not go on, and put the keyboard where that is solved."""
        self._tell(self.notice.text() or why, "bad")
        if self._proposals and not self._proposals[self._at].included:
            self.tables.setFocus()
        elif self._proposals:
            columns, span = self._proposals[self._at].columns, self._proposals[self._at].span
            width = range(span[0], min(span[1], self._proposals[self._at].sheet.width))
            self.view.fields.focus_column(next((c for c in width if c not in columns), span[0]))

    # -- what the user says ----------------------------------------------------------------------------

    def _look_at(self, at: int) -> None:
        if 0 <= at < len(self._proposals) and at != self._at:
            self._at = at
            self._show()

    def _tick(self, at: int, on: bool) -> None:
        self._edit(at, lambda p: shape.with_included(p, on))

    def _name(self, column: int, field: str) -> None:
        def named(p: Proposal) -> Proposal:
            # A field is read from one column; the one it had before is left out.
            columns = {c: f for c, f in p.columns.items() if c != column and (f != field or f == NUMBER)}
            if field:
                columns[column] = field
            return _included(shape.with_columns(p, columns))

        self._told.add(self._at)
        self._edit(self._at, named)

    def _people(self, rows: list[int], people: bool) -> None:
        def kinds(p: Proposal) -> Proposal:
            others = [row for row in rows if (p.kinds[row - p.first] == Kind.DATA) != people]
            kind = Kind.DATA if people else Kind.NOTE
            if not others:
                return p
            # All but the last are noted only: each reading of the whole table costs time.
            noted = replace(p, told={**p.told, **dict.fromkeys(others, kind)})
            told = shape.with_kind(noted, others[-1], kind)
            return _included(told) if people else told

        self._edit(self._at, kinds)

    def _header(self, rows: list[int]) -> None:
        self._told.add(self._at)
        self._edit(self._at, lambda p: _included(shape.with_header(p, tuple(rows))))

    def _forget(self) -> None:
        book, known, at = self.book, self._known, self._at
        if book is None:
            return
        self._told.discard(at)

        def again(proposals: list[Proposal]) -> list[Proposal]:
            shape.forget(proposals[at])
            fresh = shape.propose(book, known)
            return fresh if len(fresh) == len(proposals) else proposals

        self._queue(lambda ps: ps[:at] + again(ps)[at : at + 1] + ps[at + 1 :])

    def _edit(self, at: int, change: Callable[[Proposal], Proposal]) -> None:
        self._queue(lambda ps: [change(p) if n == at else p for n, p in enumerate(ps)])

    def _queue(self, change: Change) -> None:
        """Work a change out on a thread, on top of those that are still under way."""
        self._waiting.append(change)
        if not self._working:
            self._work()

    def _work(self) -> None:
        changes, self._waiting = self._waiting, []
        before, round_ = list(self._proposals), self._round
        self._working = True

        def run() -> list[Proposal]:
            now = before
            for change in changes:
                now = change(now)
            return now

        def done(now: list[Proposal]) -> None:
            if round_ != self._round:
                return
            self._working = False
            self._proposals = now
            self._show()
            if self._waiting:
                self._work()
            self.changed.emit()

        def failed(sentence: str) -> None:
            if round_ == self._round:
                self._working, self._waiting = False, []
                self._show()
                self._tell(sentence, "bad")

        self._context.read(run, done, self, failed=failed)

    # -- showing ---------------------------------------------------------------------------------------

    def _show(self) -> None:
        several = len(self._proposals) > 1 or any(not p.included for p in self._proposals)
        self.rail.setVisible(several)
        self.tables.show_tables(self._proposals, self._at)
        proposal = self._proposals[self._at] if self._proposals else None
        self.view.show_proposal(proposal)
        self._show_notice(proposal)
        self._show_foot()

    def _show_notice(self, p: Proposal | None) -> None:
        self.restore.setVisible(p is not None and p.remembered)
        if p is None:
            self._tell("", "plain")
            return
        unsure = sum(1 for column in p.columns if p.sure.get(column, 1.0) < SURE)
        if not p.included:
            more = self.tr("如果它就是名单，请在左边勾选，或在列的上方选择字段。")
            self._tell(f"{p.reason}{more}", "info")
        elif why := shape.missing(p):
            self._tell(self.tr("{0}请在那一列的上方选择字段，或右键指定哪一行是表头。").format(why), "warn")
        elif p.remembered:
            self._tell(self.tr("已按上次的设置识别。"), "accent")
        elif p.confidence < DOUBTFUL:
            self._tell(self.tr("这个表的样子不常见，请看一看每一列上方的字段是否正确。"), "warn")
        elif unsure:
            self._tell(self.tr("有 {0} 列不能确定，请核对黄色的字段。").format(unsure), "warn")
        else:
            self._tell("", "plain")

    def _tell(self, text: str, tone: Tone) -> None:
        self.notice.setText(text)
        self.notice.setProperty("tone", tone)
        restyle(self.notice)
        self._bar.setVisible(bool(text))

    def _show_foot(self) -> None:
        if not self._proposals:
            return
        p = self._proposals[self._at]
        people = sum(kind == Kind.DATA for kind in p.kinds)
        others = sum(kind not in (Kind.DATA, Kind.EMPTY) for kind in p.kinds)
        parts = [self.tr("{0} 行人员").format(f"{people:,}")]
        if others:
            parts.append(self.tr("另外 {0} 行是标题、分组、小计和说明").format(f"{others:,}"))
        if p.unmapped:
            names = "、".join(" ".join(t.split()) or self.tr("（无列名）") for t in p.unmapped.values())
            parts.append(self.tr("不导入的列：{0}").format(names))
        row = self.view.currentIndex().row()
        section = p.sections[row].replace("\n", " / ") if 0 <= row < len(p.sections) else ""
        if section and p.kinds[row] == Kind.DATA:
            parts.append(self.tr("第 {0} 行属于“{1}”").format(p.first + row + 1, section))
        self.foot.setText(" · ".join(parts))


def _included(p: Proposal) -> Proposal:
    """Who says what a table holds wants it read."""
    return p if p.included else shape.with_included(p, True)
