"""The rows of a rehearsal for a table: what would happen with each, narrowed by a chip and a text."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from commissioner_app import pinyin
from commissioner_app.imports.plan import Action, FieldChange, Plan, PlanRow
from ui.importing.words import DASH, TONES, action_word
from ui.widgets.badge import badge
from ui.widgets.table import Column, ToneRole

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

_FRESH = ("派出单位", "职称", "专业", "联系电话")
"""What tells of a person who is new, in the order in which an officer says it."""


@dataclass(frozen=True)
class Line:
    """One line of the table: a person, or (``row`` None) a sheet that was not read at all."""

    row: PlanRow | None
    sheet: str
    number: int
    action: Action
    text: str

    @property
    def key(self) -> str:
        """The person's key in the file."""
        return self.row.key if self.row else ""


_ACTION = 2


def columns() -> list[Column]:
    """The columns of the rehearsal; 处理 is the `_ACTION`th."""
    return [
        Column("sheet", _tr("工作表"), 92, hidden=True),
        Column("number", _tr("行"), 56, numeric=True),
        Column("action", _tr("处理"), 88, toned=True),
        Column("name", _tr("姓名"), 96),
        Column("category", _tr("类别"), 104),
        Column("place", _tr("名额编号"), 118),
        Column("county", _tr("受援县"), 76),
        Column("text", _tr("内容"), 240, stretch=True),
    ]


@dataclass(frozen=True)
class Rehearsed:
    """A plan with its lines and how many each chip shows; made on the thread that planned."""

    plan: Plan
    lines: list[Line]
    counts: Counter[str]


def rehearsed(plan: Plan) -> Rehearsed:
    """The lines in the order of the file; at the end sheets that nobody could see in the step before (hidden ones)."""
    lines = [Line(row, row.sheet, row.row, row.action, text_of(row)) for row in plan.rows]
    seen = {proposal.sheet.name for proposal in plan.proposals}
    unseen = [p for p in plan.problems if not p.row and p.sheet not in seen]
    lines += [Line(None, p.sheet, 0, Action.PROBLEM, p.message) for p in unseen]
    counts = Counter(line.action.value for line in lines)
    counts.update(all=len(lines), notes=sum(bool(row.notes) for row in plan.rows))
    return Rehearsed(plan, lines, counts)


def text_of(row: PlanRow) -> str:
    """What happens with a row, in one line."""
    if row.action in (Action.ASK, Action.PROBLEM):
        return row.reason
    if row.action == Action.SAME:
        return _tr("与台账一致")
    if row.action == Action.SKIP:
        return _tr("按您的决定不导入")
    if row.fresh:
        return " · ".join(row.values[field] for field in _FRESH if row.values.get(field))
    changes = "；".join(change_text(change) for change in row.changes)
    if row.action == Action.CHANGE:
        return changes
    return _tr("已在台账中的人员") + (f"；{changes}" if changes else "")


def change_text(change: FieldChange) -> str:
    """A change in one line: 职称 讲师 → 教授."""
    return f"{change.field} {change.old or DASH} → {change.new or DASH}"


class PlanModel(QAbstractTableModel):
    """Shows those of the lines given that the chip and the filter text leave, in the order chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns()
        self._all: list[Line] = []
        self._lines: list[Line] = []
        self._chip, self._text = "all", ""
        self._sort, self._descending = -1, False
        self._noted = badge("!", "info")
        self._waiting: frozenset[str] = frozenset()  # decided, and being planned anew

    def show(self, lines: Sequence[Line], chip: str) -> None:
        """Take other lines, and show those of a chip."""
        self._all, self._chip, self._waiting = list(lines), chip, frozenset()
        self._arrange()

    def wait_for(self, keys: frozenset[str]) -> None:
        """Say of these that they have been decided, while the plan is made anew."""
        self._waiting = keys
        if self._lines:
            self.dataChanged.emit(self.index(0, _ACTION), self.index(len(self._lines) - 1, _ACTION))

    def narrow(self, chip: str, text: str) -> None:
        """Leave only those of a chip that the text is found in."""
        if (chip, text) != (self._chip, self._text):
            self._chip, self._text = chip, text
            self._arrange()

    def lines(self) -> list[Line]:
        """What is shown, in order."""
        return self._lines

    def row_of(self, key: str) -> int:
        """Where a person of the file stands now; -1 where it is not shown."""
        return next((n for n, line in enumerate(self._lines) if line.row and line.key == key), -1)

    def _arrange(self) -> None:
        self.beginResetModel()
        self._lines = [line for line in self._all if belongs(line, self._chip) and self._found(line)]
        if self._sort >= 0:
            key = self._columns[self._sort].key
            self._lines.sort(
                key=lambda line: (_number(line, key), _shown(line, key)), reverse=self._descending
            )
        self.endResetModel()

    def _found(self, line: Line) -> bool:
        wanted = self._text.strip()
        return not wanted or pinyin.found(
            wanted, *(_shown(line, key) for key in ("name", "category", "place", "county", "text"))
        )

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line, key = self._lines[index.row()], self._columns[index.column()].key
        if role == Qt.ItemDataRole.DisplayRole:
            if key == "action" and line.key in self._waiting:
                return _tr("已确认")
            return _shown(line, key) or DASH
        if role == ToneRole:
            tone = TONES[line.action]
            return None if tone == "plain" else tone
        if role == Qt.ItemDataRole.DecorationRole and key == "name":
            return self._noted if line.row and line.row.notes else None
        if role == Qt.ItemDataRole.ToolTipRole and key in ("name", "text"):
            return "\n".join([line.text, *(line.row.notes if line.row else ())]) or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()


def belongs(line: Line, chip: str) -> bool:
    """Whether a chip shows a line: all, notes, or an action."""
    if chip == "notes":
        return bool(line.row and line.row.notes)
    return chip == "all" or line.action.value == chip


def _number(line: Line, key: str) -> int:
    return line.number if key == "number" else 0


def _shown(line: Line, key: str) -> str:
    row = line.row
    if key == "sheet":
        return line.sheet
    if key == "number":
        return str(line.number) if line.number else ""
    if key == "action":
        return action_word(line.action)
    if key == "text":
        return line.text
    if row is None:
        return ""
    return {"name": row.name, "category": row.category, "place": row.place, "county": row.county}[key]


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlanModel", text)
