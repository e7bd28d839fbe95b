"""The table of visits: holds row numbers only; rows are fetched when they come into view and kept for a while."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from commissioner_app.divisions import Divisions
from commissioner_app.visits import STALE, STATES, VisitRow, days_text
from ui.theme import Tone
from ui.widgets.badge import badge
from ui.widgets.table import Column, ToneRole

Index = QModelIndex | QPersistentModelIndex

PAGE = 100
CACHE = 4000
TONES: dict[str, Tone] = {"submitted": "warn", "passed": "accent", "returned": "bad", "draft": "plain"}


def columns(tr: Callable[[str], str]) -> list[Column]:
    """The columns; their keys are those by which the list can be sorted."""
    return [
        Column("date", tr("日期"), 100),
        Column("who", tr("特派员"), 96),
        Column("place", tr("地点"), 156),
        Column("content", tr("服务内容"), 220, stretch=True),
        Column("half_days", tr("天数"), 64, numeric=True),
        Column("trained", tr("培训"), 64, numeric=True),
        Column("state", tr("状态"), 104, toned=True),
        Column("recipient", tr("受援单位"), 160, hidden=True),
        Column("ways", tr("服务方式"), 140, hidden=True),
        Column("households", tr("服务农户"), 84, numeric=True, hidden=True),
        Column("number", tr("编号"), 130, hidden=True),
    ]


def state_text(row: VisitRow) -> str:
    """The state in words; what needs a person says so."""
    if row.disputed:
        return "填报不一致"
    if row.stale:
        return STALE
    return STATES.get(row.state or "draft", "")


class VisitModel(QAbstractTableModel):
    """`fetch` gives the rows of some row numbers; `sortWanted` asks for another order by a column's key.

    `fetched` carries the row numbers and records of those that have just come into view.
    """

    sortWanted = Signal(str, bool)
    fetched = Signal(object)

    def __init__(
        self,
        fetch: Callable[[list[int]], dict[int, VisitRow]],
        divisions: Divisions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._divisions = divisions
        self._rowids: array[int] = array("q")
        self._cache: OrderedDict[int, VisitRow] = OrderedDict()
        self.columns = columns(self.tr)
        self._arrived: frozenset[str] = frozenset()
        self._doubted: Mapping[int, Sequence[str]] = {}
        self._sentences: dict[str, Sequence[str]] = {}
        self._badges = {
            (True, False): badge(self.tr("新"), "info"),
            (False, True): badge("!", "warn"),
            (True, True): badge(self.tr("新!"), "warn"),
        }

    def set_rowids(self, rowids: "array[int]") -> None:
        """Show these visits in this order; rows are read anew."""
        self.beginResetModel()
        self._rowids = rowids
        self._cache.clear()
        self.endResetModel()

    def set_arrived(self, records: frozenset[str]) -> None:
        """Mark these as 新到."""
        if records != self._arrived:
            self._arrived = records
            if self._rowids:
                last = self.index(len(self._rowids) - 1, len(self.columns) - 1)
                self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.DecorationRole])

    def set_doubts(self, titles: Mapping[int, Sequence[str]]) -> None:
        """Mark these as 待核实: by row number the titles of the rules that have met a visit."""
        if titles != self._doubted:
            self._doubted = titles
            self._sentences.clear()
            if self._rowids:
                last = self.index(len(self._rowids) - 1, len(self.columns) - 1)
                self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.DecorationRole])

    def set_sentences(self, sentences: Mapping[str, Sequence[str]]) -> None:
        """What is found about some visits (records), for their tooltips; until then these tell the titles."""
        self._sentences.update(sentences)

    def has_doubt(self, rowid: int) -> bool:
        """Whether a visit (row number) is marked as 待核实."""
        return rowid in self._doubted

    def is_doubted(self, row: int) -> bool:
        """Whether the visit in a table row is marked as 待核实."""
        return self._rowids[row] in self._doubted

    def doubts_of(self, row: VisitRow) -> Sequence[str]:
        """What is to be checked about a visit, in words."""
        titles = self._doubted.get(row.rowid, ())
        return (self._sentences.get(row.id) or titles) if titles else ()

    def rowid(self, row: int) -> int:
        """The visit's row number in a table row."""
        return self._rowids[row]

    def row_of(self, rowid: int) -> int:
        """The table row of a visit, -1 where it is not listed."""
        try:
            return self._rowids.index(rowid)
        except ValueError:
            return -1

    def visit(self, row: int) -> VisitRow | None:
        """The visit in a table row; fetched with its neighbours where it is not at hand."""
        rowid = self._rowids[row]
        found = self._cache.get(rowid)
        if found is None:
            first = row - row % PAGE
            wanted = [i for i in self._rowids[first : first + PAGE] if i not in self._cache]
            fresh = self._fetch(wanted)
            self._cache.update(fresh)
            self.fetched.emit(fresh)
            while len(self._cache) > CACHE:
                self._cache.popitem(last=False)
            found = self._cache.get(rowid)
        return found

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rowids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        wanted = (
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.DecorationRole, ToneRole,
        )  # fmt: skip
        if not index.isValid() or role not in wanted:
            return None
        row = self.visit(index.row())
        if row is None:
            return None
        key = self.columns[index.column()].key
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, key)
        if role == ToneRole:
            tone = "bad" if row.disputed else "warn" if row.stale else TONES.get(row.state or "draft")
            return tone if key == "state" else None
        if role == Qt.ItemDataRole.DecorationRole:
            marks = (row.id in self._arrived, row.rowid in self._doubted)
            return self._badges.get(marks) if key == "content" else None
        return self._tip(row, key)

    def _tip(self, row: VisitRow, key: str) -> str | None:
        text = self._text(row, key)
        if key == "state" and row.disputed:
            return self.tr("填报不一致，请打开核对；{0}").format(STATES.get(row.state or "draft", ""))
        if key == "content":
            if row.id in self._arrived:
                text = self.tr("新到：{0}").format(text)
            doubts = self.doubts_of(row)
            return "\n".join([text, *(self.tr("待核实：{0}").format(d) for d in doubts)])
        return text if key in ("place", "who", "state", "recipient", "ways") and text != "—" else None

    def _text(self, row: VisitRow, key: str) -> str:
        match key:
            case "date":
                return row.date or "—"
            case "who":
                return row.names or "—"
            case "place":
                return self._divisions.text(row.county, row.township, row.village) or "—"
            case "content":
                return " ".join((row.content or "—").split())
            case "half_days":
                return days_text(row.half_days) or "—"
            case "trained":
                return "—" if row.trained is None else f"{row.trained:,}"
            case "households":
                return "—" if row.households is None else f"{row.households:,}"
            case "state":
                return state_text(row)
            case "recipient":
                return row.recipient_name or "—"
            case "ways":
                return "、".join(row.ways) or "—"
        return row.number or "—"

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(self.columns):
            self.sortWanted.emit(self.columns[column].key, order == Qt.SortOrder.DescendingOrder)
