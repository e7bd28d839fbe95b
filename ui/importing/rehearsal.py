"""预演: row by row what would happen, the doubtful ones to be decided, the batch it goes into."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from commissioner_app.imports.match import Candidate
from commissioner_app.imports.plan import KEEP, OTHER, SAME_AS, SKIP, Action, Plan
from commissioner_app.rows import BatchRow
from ui import icons
from ui.importing.planmodel import Line, PlanModel, Rehearsed, columns
from ui.importing.rowdetail import RowDetail
from ui.importing.words import WRITES, action_word
from ui.theme import Size
from ui.widgets.badge import badge_size
from ui.widgets.basic import Combo, label
from ui.widgets.card import Card
from ui.widgets.chips import ChipRow
from ui.widgets.empty import EmptyState
from ui.widgets.table import DataTable

_SHEET = 0


class RehearsalStep(QWidget):
    """``decided`` comes when a decision was made (`decisions` has all), ``yearChosen`` carries another batch's year,
    ``tableWanted`` a sheet's name, the row as Excel counts and the list's first column, to be seen there."""

    decided = Signal()
    yearChosen = Signal(object)
    tableWanted = Signal(str, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan: Plan | None = None
        self.decisions: dict[str, str] = {}
        self._asked: dict[str, tuple[Candidate, ...]] = {}  # whom a row could mean, also after it is decided
        self._key = ""
        self._quiet = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP_MID)
        row.addWidget(self._list(), 1)
        self.detail = RowDetail()
        self.detail.decided.connect(self._decide)
        self.detail.tableWanted.connect(self._look_up)
        row.addWidget(self.detail)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._look)
        for keys, number in (("1", 1), ("2", 2), ("3", 3), ("Backspace", 0)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda number=number: self.detail.answer(number))
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self._to_filter)

    def _list(self) -> Card:
        card = Card(flush=True)
        top = QVBoxLayout()
        top.setContentsMargins(Size.GAP_MID, Size.GAP_MID - 4, Size.GAP_MID, 0)
        top.setSpacing(Size.GAP)
        tools = QHBoxLayout()
        tools.setSpacing(Size.GAP)
        self.batch = Combo()
        self.batch.setFixedWidth(Size.PERIOD)
        self.batch.setAccessibleName(self.tr("导入到哪个批次"))
        self.batch.activated.connect(lambda _at: self.yearChosen.emit(self.batch.currentData()))
        self.summary = label("", "sub")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选姓名、县、内容"))
        self.filter.setAccessibleName(self.tr("筛选"))
        self.filter.setToolTip(self.tr("筛选（Ctrl+F）"))
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icons.icon("filter"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.setFixedWidth(Size.SEARCH * 2 // 3)
        self.filter.textChanged.connect(lambda _text: self._narrow())
        tools.addWidget(label(self.tr("导入到")))
        tools.addWidget(self.batch)
        tools.addWidget(self.summary, 1)
        tools.addWidget(self.filter)
        top.addLayout(tools)
        self.chips = ChipRow()
        self.chips.changed.connect(lambda _key: self._narrow())
        top.addWidget(self.chips)
        card.body.addLayout(top)
        self.model = PlanModel(self)
        self.table = DataTable(columns())
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("逐行预演"))
        self.table.setIconSize(badge_size("!"))
        self._empty = EmptyState("filter", self.tr("没有符合筛选条件的行。"))
        self.table.set_empty(self._empty)
        self.table.selected.connect(lambda _count: self._moved())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._moved())
        card.body.addWidget(self.table, 1)
        return card

    # -- showing ---------------------------------------------------------------------------------------

    def show_batches(self, batches: Sequence[BatchRow], year: int | None) -> None:
        """Offer the batches; the one of a year is chosen."""
        self.batch.clear()
        for batch in batches:
            name = self.tr("{0}年度").format(batch.year) if batch.year else batch.name
            self.batch.addItem(name, batch.year)
        self.batch.setCurrentIndex(max(self.batch.findData(year), 0))

    def show_plan(self, made: Rehearsed) -> None:
        """Show what would happen; the row that is open stays open."""
        plan, counts = made.plan, made.counts
        first = self.plan is None or self.plan.book is not plan.book
        if first:
            self._asked = {}
            self.chips.set_current("all")
        self._asked |= {row.key: row.candidates for row in plan.rows if row.candidates}
        self.plan = plan
        chips: list[tuple[str, str, int | None]] = [("all", self.tr("全部"), counts["all"])]
        chips += [(a.value, action_word(a), counts[a.value]) for a in Action if counts[a.value]]
        if counts["notes"]:
            chips.append(("notes", self.tr("有提示"), counts["notes"]))
        self.chips.set_chips(chips)
        skipped = self.tr("另有 {0} 行标题、小计和说明不导入").format(f"{plan.skipped:,}")
        self.summary.setText(skipped if plan.skipped else "")
        self.table.setColumnHidden(_SHEET, len({line.sheet for line in made.lines}) < 2)
        self._quiet = True
        self.model.show(made.lines, self.chips.current())
        self._quiet = False
        self._go_to((self._next_open("") if first else "") or self._key)

    def writing(self) -> int:
        """How many people would be written."""
        return sum(row.action in WRITES for row in self.plan.rows) if self.plan else 0

    def codes(self) -> frozenset[str]:
        """The 名额编号 of all that would be written."""
        return (
            frozenset(row.place for row in self.plan.rows if row.action in WRITES)
            if self.plan
            else frozenset()
        )

    def _narrow(self) -> None:
        if self._quiet:
            return
        self._quiet = True
        self.model.narrow(self.chips.current() or "all", self.filter.text())
        self._quiet = False
        self._go_to(self._key)

    def _look_up(self) -> None:
        line = self.detail.line
        if line is not None and line.row is not None:
            left = line.row.proposal.span[0] if line.row.proposal else 0
            self.tableWanted.emit(line.sheet, line.number, left)

    def _to_filter(self) -> None:
        self.filter.setFocus()
        self.filter.selectAll()

    # -- which row -------------------------------------------------------------------------------------

    def _moved(self) -> None:
        if not self._quiet:
            self._later.start()

    def _look(self) -> None:
        """Show the row that the keyboard stands on."""
        at = self.table.currentIndex().row()
        lines = self.model.lines()
        line = lines[at] if 0 <= at < len(lines) else None
        if line is not None:
            self._key = line.key
        self.detail.setVisible(line is not None)
        key = line.key if line is not None else ""
        decision = self.decisions.get(key, "")
        asked = self._asked.get(key, ()) if line and (line.action == Action.ASK or decision) else ()
        self.detail.show_line(line, decision, asked, len(self._selected()))

    def _selected(self) -> list[Line]:
        lines = self.model.lines()
        return [lines[row] for row in self.table.selected_rows() if row < len(lines)]

    def _go_to(self, key: str) -> None:
        """Mark a row and show it; the first where that one is not in sight."""
        row = max(self.model.row_of(key), 0)
        self._quiet = True
        if self.model.lines():
            index = self.model.index(row, 1)
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(index, flags)
            self.table.scrollTo(index)
        self._quiet = False
        self._look()

    def _next_open(self, key: str) -> str:
        """The next row after one that has to be decided and is not yet; "" where there is none."""
        lines = self.model.lines()
        start = self.model.row_of(key) + 1
        for line in lines[start:] + lines[:start]:
            if line.action == Action.ASK and line.key != key and line.key not in self.decisions:
                return line.key
        return ""

    # -- deciding --------------------------------------------------------------------------------------

    def _decide(self, decision: str) -> None:
        line = self.detail.line
        if line is None or line.row is None:
            return
        chosen = [each for each in self._selected() if each.row is not None]
        if len(chosen) > 1 and line in chosen:
            self._decide_all(chosen, decision)
        self._set(line.key, decision)
        made = self.plan.decisions if self.plan else {}
        self.model.wait_for(frozenset(key for key, what in self.decisions.items() if made.get(key) != what))
        following = self._next_open(line.key) if line.action == Action.ASK and decision else ""
        if following:
            self._go_to(following)
        self.decided.emit()

    def _decide_all(self, lines: Sequence[Line], decision: str) -> None:
        for line in lines:
            assert line.row is not None
            if decision.startswith((SAME_AS, KEEP)):
                if line.action == Action.ASK and line.row.candidates:
                    best = max(line.row.candidates, key=lambda c: c.score)
                    self._set(line.key, decision.partition(":")[0] + ":" + best.commissioner)
            elif decision == SKIP:
                if line.action == Action.ASK or line.action in WRITES:
                    self._set(line.key, SKIP)
            elif decision != OTHER or line.action == Action.ASK:
                self._set(line.key, decision)

    def _set(self, key: str, decision: str) -> None:
        if decision:
            self.decisions[key] = decision
        else:
            self.decisions.pop(key, None)
