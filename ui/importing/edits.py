"""What a table that was exported here and comes back edited would change: cell by cell, before anything is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from commissioner_app import pinyin
from commissioner_app.ledgers import Outcome
from ui import icons
from ui.importing.words import DASH
from ui.theme import Size
from ui.widgets.basic import label
from ui.widgets.card import Card
from ui.widgets.chips import ChipRow
from ui.widgets.empty import EmptyState
from ui.widgets.table import Column, DataTable, ToneRole

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Edit(Protocol):
    """One cell that somebody edited; `disputed`: the ledger has gone on since, so both values will stand."""

    @property
    def row(self) -> int: ...
    @property
    def who(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def disputed(self) -> bool: ...


class Problem(Protocol):
    """A row that could not be taken; row 0 stands for the whole sheet."""

    @property
    def row(self) -> int: ...
    @property
    def message(self) -> str: ...


@dataclass(frozen=True)
class Returned:
    """A table that came back: what was edited in it, and how to write that as one operation."""

    sentence: str
    edits: Sequence[Edit]
    problems: Sequence[Problem]
    write: Callable[[], Outcome]


@dataclass(frozen=True)
class _Line:
    row: int
    state: str  # "edit", "disputed" or "problem"
    who: str
    field: str
    before: str
    after: str


class EditsView(Card):
    """Shows edits and problems in the order of the table's rows; chips tell them apart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(flush=True, parent=parent)
        top = QVBoxLayout()
        top.setContentsMargins(Size.GAP_MID, Size.GAP_MID - 4, Size.GAP_MID, 0)
        top.setSpacing(Size.GAP)
        self.about = label("", wrap=True)
        top.addWidget(self.about)
        tools = QHBoxLayout()
        self.chips = ChipRow()
        self.chips.changed.connect(lambda _key: self._narrow())
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选姓名、内容"))
        self.filter.setAccessibleName(self.tr("筛选"))
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icons.icon("filter"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.setFixedWidth(Size.SEARCH * 2 // 3)
        self.filter.textChanged.connect(lambda _text: self._narrow())
        tools.addWidget(self.chips, 1)
        tools.addWidget(self.filter)
        top.addLayout(tools)
        self.body.addLayout(top)
        columns = [
            Column("row", self.tr("行"), 56, numeric=True),
            Column("state", self.tr("处理"), 116, toned=True),
            Column("who", self.tr("特派员"), 130),
            Column("field", self.tr("项目"), 110),
            Column("before", self.tr("导出时"), 200),
            Column("after", self.tr("表中改为"), 260, stretch=True),
        ]
        self.model = _Edits(columns, self)
        self.table = DataTable(columns)
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("表中的修改"))
        self._empty = EmptyState("done", "")
        self.table.set_empty(self._empty)
        self.body.addWidget(self.table, 1)

    def show_edits(self, edits: Sequence[Edit], problems: Sequence[Problem] = (), sentence: str = "") -> None:
        """Show these edits and the rows that could not be taken."""
        lines = [
            _Line(e.row, "disputed" if e.disputed else "edit", e.who, e.field, e.before, e.after)
            for e in edits
        ]
        lines += [_Line(p.row, "problem", "", "", "", p.message) for p in problems]
        lines.sort(key=lambda line: line.row)
        counts = {state: sum(line.state == state for line in lines) for state in self.model.words()}
        chips: list[tuple[str, str, int | None]] = [("all", self.tr("全部"), len(lines))]
        chips += [(state, word, counts[state]) for state, word in self.model.words().items() if counts[state]]
        self.chips.set_chips(chips)
        self.about.setText(sentence)
        self.about.setVisible(bool(sentence))
        self._empty.set_sentence(
            self.tr("没有符合筛选条件的修改。") if lines else self.tr("表里没有改过的内容，台账不需要改动。")
        )
        self.model.show(lines)
        self._narrow()

    def _narrow(self) -> None:
        self.model.narrow(self.chips.current() or "all", self.filter.text())


class _Edits(QAbstractTableModel):
    def __init__(self, columns: Sequence[Column], parent: QObject) -> None:
        super().__init__(parent)
        self._columns = list(columns)
        self._all: list[_Line] = []
        self._lines: list[_Line] = []
        self._wish = ("all", "")
        self._sort, self._descending = -1, False

    def words(self) -> dict[str, str]:
        return {"edit": self.tr("修改"), "disputed": self.tr("将填报不一致"), "problem": self.tr("未能读入")}

    def show(self, lines: Sequence[_Line]) -> None:
        self._all = list(lines)
        self._arrange()

    def narrow(self, chip: str, text: str) -> None:
        self._wish = (chip, text)
        self._arrange()

    def _arrange(self) -> None:
        chip, text = self._wish
        self.beginResetModel()
        self._lines = [
            line
            for line in self._all
            if chip in ("all", line.state)
            and (not text.strip() or pinyin.found(text, line.who, line.field, line.before, line.after))
        ]
        if self._sort >= 0:
            key = self._columns[self._sort].key
            self._lines.sort(
                key=lambda line: (line.row if key == "row" else 0, self._shown(line, key)),
                reverse=self._descending,
            )
        self.endResetModel()

    def _shown(self, line: _Line, key: str) -> str:
        if key == "row":
            return str(line.row) if line.row else ""
        return self.words()[line.state] if key == "state" else str(getattr(line, key))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line, key = self._lines[index.row()], self._columns[index.column()].key
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(line, key) or DASH
        if role == ToneRole:
            return {"edit": "info", "disputed": "warn", "problem": "bad"}[line.state]
        if role == Qt.ItemDataRole.ToolTipRole:
            if key == "state" and line.state == "disputed":
                return self.tr("导出之后台账里也改过这一项，两个值都会保留，请随后核对。")
            return self._shown(line, key) or None
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
