"""The table of last year's places in 新年度批次: what becomes of each, and with which category, sender and county."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from commissioner_app import pinyin
from commissioner_app.years import CHOICES, Choice, Wish
from ui.theme import Tone
from ui.widgets.table import Column, ToneRole

Index = QModelIndex | QPersistentModelIndex
DASH = "—"
TONES: dict[Choice, Tone] = {"stay": "accent", "open": "info", "leave": "bad"}


@dataclass(frozen=True)
class Entry:
    """A place's wish; `key` is the category it goes on with (a key of the CategoryTable, "" for none)."""

    wish: Wish
    key: str


def columns() -> list[Column]:
    """The columns as they are at first."""
    tr = _tr
    return [
        Column("choice", tr("去留"), 128, toned=True),
        Column("name", tr("姓名"), 104),
        Column("code", tr("原编号"), 116),
        Column("category", tr("新类别"), 108, toned=True),
        Column("organisation", tr("派出单位"), 132, stretch=True),
        Column("county", tr("受援县"), 84),
        Column("team", tr("服务团"), 150, hidden=True),
    ]


class PlacesModel(QAbstractTableModel):
    """Shows those that the chip and the filter text leave; ``edited`` after every change of a wish."""

    edited = Signal()

    def __init__(self, county: Callable[[str | None], str]) -> None:
        super().__init__()
        self._columns = columns()
        self._county = county
        self._all: list[Entry] = []
        self._shown: list[int] = []
        self._categories: dict[str, str] = {}
        self._teams: dict[str, str] = {}
        self._chip, self._text = "all", ""
        self._sort, self._descending = "", False

    def set_entries(self, entries: Sequence[Entry], teams: dict[str, str]) -> None:
        """Take these; teams are names by record."""
        self._all, self._teams = list(entries), teams
        self._arrange()

    def set_categories(self, names: dict[str, str]) -> None:
        """The names of the new batch's categories by key; a place whose category is gone has none."""
        self._categories = names
        self._tell()

    def category_names(self) -> dict[str, str]:
        """What `set_categories` was given."""
        return self._categories

    def entries(self) -> list[Entry]:
        """All of them, in the order they came."""
        return list(self._all)

    def shown(self) -> list[Entry]:
        """Those in the table, in its order."""
        return [self._all[n] for n in self._shown]

    def wishes(self) -> tuple[Wish, ...]:
        """What becomes of each place, the categories by name ("" where the new batch has none for it)."""
        return tuple(replace(e.wish, category=self._categories.get(e.key, "")) for e in self._all)

    def narrow(self, chip: str, text: str) -> None:
        """Leave only those of a chip that the text is found in."""
        if (chip, text) != (self._chip, self._text):
            self._chip, self._text = chip, text
            self._arrange()

    def choose(self, rows: Iterable[int], choice: Choice) -> int:
        """Decide about some rows; nobody is kept at an empty place. How many were decided."""
        count = 0
        for row in rows:
            entry = self._all[self._shown[row]]
            if choice != "stay" or entry.wish.place.commissioner:
                self._put(row, replace(entry, wish=replace(entry.wish, choice=choice)))
                count += 1
        self._tell()
        return count

    def toggle(self, rows: Sequence[int]) -> None:
        """Leave, or back again if all of these leave."""
        entries = [self._all[self._shown[row]] for row in rows]
        back = bool(entries) and all(not e.wish.goes_on for e in entries)
        for row, entry in zip(rows, entries, strict=True):
            choice: Choice = ("stay" if entry.wish.place.commissioner else "open") if back else "leave"
            self._put(row, replace(entry, wish=replace(entry.wish, choice=choice)))
        self._tell()

    def set_category(self, rows: Iterable[int], key: str) -> None:
        """Let these go on with a category."""
        for row in rows:
            self._put(row, replace(self._all[self._shown[row]], key=key))
        self._tell()

    def change(self, rows: Iterable[int], **values: str | None) -> None:
        """Let these go on with another sender, team or county."""
        for row in rows:
            entry = self._all[self._shown[row]]
            self._put(row, replace(entry, wish=replace(entry.wish, **values)))  # type: ignore[arg-type]
        self._tell()

    def _put(self, row: int, entry: Entry) -> None:
        self._all[self._shown[row]] = entry

    def _tell(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(self._columns) - 1))
        self.edited.emit()

    def _text_of(self, entry: Entry, key: str) -> str:
        wish = entry.wish
        match key:
            case "choice":
                return CHOICES[wish.choice]
            case "name":
                return wish.place.name
            case "code":
                return wish.place.code
            case "category":
                return self._categories.get(entry.key, _tr("请选择")) if wish.goes_on else ""
            case "organisation":
                return wish.organisation_name
            case "county":
                return self._county(wish.county) if wish.goes_on else ""
        return self._teams.get(wish.team or "", "")

    def _belongs(self, entry: Entry) -> bool:
        chip = self._chip
        if chip == "all" or entry.wish.choice == chip:
            return True
        return chip == f"category:{entry.wish.place.category}"

    def _arrange(self) -> None:
        self.beginResetModel()
        self._shown = [n for n, e in enumerate(self._all) if self._belongs(e) and self._matches(e)]
        if self._sort:
            self._shown.sort(key=lambda n: self._key(self._all[n]), reverse=self._descending)
        self.endResetModel()

    def _matches(self, entry: Entry) -> bool:
        words = (self._text_of(entry, column.key) for column in self._columns)
        return not self._text.strip() or pinyin.found(self._text, *words, entry.wish.place.category_name)

    def _key(self, entry: Entry) -> str:
        shown = self._text_of(entry, self._sort)
        return pinyin.initials(shown) + shown

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry, key = self._all[self._shown[index.row()]], self._columns[index.column()].key
        text = self._text_of(entry, key)
        if role == Qt.ItemDataRole.DisplayRole:
            return text or DASH
        if role == ToneRole:
            if key == "category":
                return "bad" if entry.wish.goes_on and entry.key not in self._categories else None
            return TONES[entry.wish.choice]
        if role == Qt.ItemDataRole.ToolTipRole:
            return text if len(text) > 3 else None
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


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewYearPlaces", text)
