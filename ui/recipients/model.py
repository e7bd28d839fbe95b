"""The table of recipients: what its columns show, how they sort, what chips, county and filter box leave."""

from collections.abc import Callable, Sequence
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
from commissioner_app.recipients import RecipientRow, Registered
from ui.widgets.badge import badge
from ui.widgets.table import Column

Index = QModelIndex | QPersistentModelIndex
DASH = "—"


@dataclass(frozen=True)
class Line:
    """A recipient with its visits; county, township and village are names."""

    entry: Registered
    county: str
    township: str
    village: str

    @property
    def row(self) -> RecipientRow:
        """The recipient itself."""
        return self.entry.row

    @property
    def place(self) -> str:
        """温县 祥云镇 大玉兰村."""
        return " ".join(part for part in (self.county, self.township, self.village) if part)


def columns() -> list[Column]:
    """The columns as they are at first."""
    tr = _tr
    return [
        Column("name", tr("名称"), 186, stretch=True),
        Column("kind", tr("性质"), 88),
        Column("county", tr("受援县"), 76),
        Column("township", tr("乡镇"), 88),
        Column("village", tr("村"), 96, hidden=True),
        Column("contact", tr("联系人"), 88),
        Column("phone", tr("电话"), 120, hidden=True),
        Column("visits", tr("服务次数"), 84, numeric=True),
        Column("last", tr("最近服务"), 110),
    ]


_SHOWN: dict[str, Callable[[Line], str]] = {
    "name": lambda r: r.row.name,
    "kind": lambda r: r.row.kind,
    "county": lambda r: r.county,
    "township": lambda r: r.township,
    "village": lambda r: r.village,
    "contact": lambda r: r.row.contact,
    "phone": lambda r: r.row.phone,
    "visits": lambda r: f"{r.entry.period.visits:,}",
    "last": lambda r: r.entry.period.last,
}


class RecipientsModel(QAbstractTableModel):
    """Shows those of the lines given that the chip, the county and the filter text leave, in the order chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns()
        self._all: list[Line] = []
        self._lines: list[Line] = []
        self._wish: tuple[str, str | None, str] = ("all", None, "")
        self._sort, self._descending = "", False
        self._bad = badge("!", "bad")

    def show(self, lines: Sequence[Line]) -> None:
        """Take other lines."""
        self._all = list(lines)
        self._arrange()

    def narrow(self, chip: str, county: str | None, text: str) -> None:
        """Leave only those of a chip and a county that the text is found in."""
        if (chip, county, text) != self._wish:
            self._wish = (chip, county, text)
            self._arrange()

    def lines(self) -> list[Line]:
        """What is shown, in order."""
        return self._lines

    def all_lines(self) -> list[Line]:
        """What it was given."""
        return self._all

    def line(self, recipient: str) -> Line | None:
        """A recipient, shown or not."""
        return next((each for each in self._all if each.row.id == recipient), None)

    def row_of(self, recipient: str) -> int:
        """Where a recipient stands now; -1 where it is not shown."""
        return next((n for n, line in enumerate(self._lines) if line.row.id == recipient), -1)

    def _arrange(self) -> None:
        chip, county, text = self._wish
        self.beginResetModel()
        self._lines = [
            line
            for line in self._all
            if belongs(line, chip) and county in (None, line.row.county) and matches(line, text)
        ]
        if self._sort:
            self._lines.sort(key=self._key, reverse=self._descending)
            # An empty cell says nothing about order: it stays below, whichever way one sorts.
            self._lines.sort(key=lambda line: not _SHOWN[self._sort](line))
        self.endResetModel()

    def _key(self, line: Line) -> tuple[float, str]:
        if self._sort == "visits":
            return line.entry.period.visits, line.row.name
        shown = _SHOWN[self._sort](line)
        return 0, pinyin.initials(shown) + shown

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line, key = self._lines[index.row()], self._columns[index.column()].key
        if role == Qt.ItemDataRole.DisplayRole:
            return _SHOWN[key](line) or DASH
        if role == Qt.ItemDataRole.DecorationRole and key == "name":
            return self._bad if line.row.disputed else None
        if role == Qt.ItemDataRole.ToolTipRole:
            if key == "name" and line.row.disputed:
                return _tr("填报不一致，请打开核对")
            shown = _SHOWN[key](line)
            return shown if len(shown) > 3 else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort = self._columns[column].key if column >= 0 else ""
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._arrange()


def belongs(line: Line, chip: str) -> bool:
    """Whether a chip shows a recipient: all, or a kind ("" for one whose kind is not filled in)."""
    return chip == "all" or line.row.kind == chip.removeprefix("kind:")


def texts_of(line: Line) -> tuple[str, ...]:
    """What the filter looks into."""
    r = line.row
    return (r.name, line.county, line.township, line.village, r.contact, r.phone)


def matches(line: Line, text: str) -> bool:
    """Whether the filter text is found in a recipient: words in Chinese, or pinyin initials."""
    return not text.strip() or pinyin.found(text, *texts_of(line))


def _tr(text: str) -> str:
    return QCoreApplication.translate("RecipientsModel", text)
