"""The table of places: what its columns show, how they sort, what the chips and the filter box leave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from commissioner_app import obligation_states, pinyin
from commissioner_app.obligations import Progress
from commissioner_app.rows import Figures, PlaceRow
from ui.widgets.badge import badge
from ui.widgets.barchart import number_text
from ui.widgets.table import Column, ToneRole

Index = QModelIndex | QPersistentModelIndex
DASH = "—"


@dataclass(frozen=True)
class Line:
    """A place with its figures of the period; counties are names; fresh: it or its person has just come.

    own: what whoever holds the place has made of it, where others have made visits for it, too. progress: in the
    batch's evaluation period.
    """

    place: PlaceRow
    figures: Figures
    counties: str
    last: str
    fresh: bool = False
    own: Figures | None = None
    progress: Progress | None = None

    @property
    def title(self) -> str:
        """The person's name, or the code of an open place."""
        return self.place.name or self.place.code


def columns() -> list[Column]:
    """The columns as they are at first."""
    tr = _tr
    return [
        Column("code", tr("名额编号"), 118),
        Column("name", tr("姓名"), 96),
        Column("category", tr("类别"), 99),
        Column("organisation", tr("派出单位"), 112),
        Column("specialty", tr("专业"), 96, stretch=True),
        Column("team", tr("服务团"), 160, hidden=True),
        Column("county", tr("受援县"), 70),
        Column("phone", tr("联系电话"), 120, hidden=True),
        Column("visits", tr("次数"), 54, numeric=True),
        Column("days", tr("天数"), 56, numeric=True),
        Column("progress", tr("考核进度"), 188, toned=True, hidden=True),
        Column("last", tr("最近服务"), 104, hidden=True),
        Column("title", tr("职称"), 96, hidden=True),
    ]


_SHOWN: dict[str, Callable[[Line], str]] = {
    "code": lambda r: r.place.code,
    "name": lambda r: r.place.name,
    "category": lambda r: r.place.category_name,
    "organisation": lambda r: r.place.organisation_name,
    "specialty": lambda r: r.place.specialty,
    "team": lambda r: r.place.team_name,
    "county": lambda r: r.counties,
    "phone": lambda r: r.place.phone,
    "progress": lambda r: obligation_states.short_text(r.progress) if r.progress else "",
    "visits": lambda r: f"{r.figures.visits:,}" if r.place.commissioner or r.figures.visits else "",
    "days": lambda r: (
        number_text(r.figures.half_days / 2) if r.place.commissioner or r.figures.visits else ""
    ),
    "last": lambda r: r.last,
    "title": lambda r: r.place.title,
}
_NUMBERS: dict[str, Callable[[Line], float]] = {
    "visits": lambda r: r.figures.visits,
    "days": lambda r: r.figures.half_days,
    "progress": lambda r: -1.0 if r.progress is None or r.progress.done is None else r.progress.done,
}
_TONES = {"behind": "warn", "reached": "accent"}


class PlacesModel(QAbstractTableModel):
    """Shows those of the lines given that the chip and the filter text leave, in the order chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns()
        self._all: list[Line] = []
        self._lines: list[Line] = []
        self._chip, self._text = "all", ""
        self._sort, self._descending = "", False
        self.imported: frozenset[str] = frozenset()  # 名额编号 of those who were imported last
        self._new, self._bad = badge(_tr("新"), "info"), badge("!", "bad")
        self._marks = {"behind": badge("!", "warn"), "reached": badge("✓", "accent")}

    def show(self, lines: Sequence[Line]) -> None:
        """Take other lines."""
        self._all = list(lines)
        self._arrange()

    def narrow(self, chip: str, text: str) -> None:
        """Leave only those of a chip that the text is found in."""
        if (chip, text) != (self._chip, self._text):
            self._chip, self._text = chip, text
            self._arrange()

    def lines(self) -> list[Line]:
        """What is shown, in order."""
        return self._lines

    def all_lines(self) -> list[Line]:
        """What it was given."""
        return self._all

    def is_imported(self, line: Line) -> bool:
        """Whether the person of a place was in the list that was imported last (and is still there)."""
        return bool(line.place.commissioner) and line.place.code in self.imported

    def row_of(self, place: str | None) -> int:
        """Where a place stands now; -1 where it is not shown."""
        return next((n for n, line in enumerate(self._lines) if line.place.id == place), -1)

    def looked_at(self, place: str) -> None:
        """A place has been opened: it is not 新到 any more, though a chip goes on showing it."""
        for lines in (self._all, self._lines):
            for n, line in enumerate(lines):
                if line.place.id == place:
                    lines[n] = replace(line, fresh=False)
        row = self.row_of(place)
        if row >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns) - 1))

    def _arrange(self) -> None:
        self.beginResetModel()
        self._lines = [line for line in self._all if self._belongs(line) and matches(line, self._text)]
        if self._sort:
            self._lines.sort(key=self._key, reverse=self._descending)
            # An empty cell says nothing about order: it stays below, whichever way one sorts.
            self._lines.sort(key=self._says_nothing)
        self.endResetModel()

    def _says_nothing(self, line: Line) -> bool:
        if self._sort == "progress":
            return not state_of(line)
        return self._sort not in _NUMBERS and not _SHOWN[self._sort](line)

    def _belongs(self, line: Line) -> bool:
        return self.is_imported(line) if self._chip == "imported" else belongs(line, self._chip)

    def _key(self, line: Line) -> tuple[float, str]:
        if self._sort in _NUMBERS:
            return _NUMBERS[self._sort](line), line.place.code
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
            return self._bad if is_disputed(line) else self._new if line.fresh else None
        if key == "progress" and role in (Qt.ItemDataRole.DecorationRole, ToneRole):
            signs = self._marks if role == Qt.ItemDataRole.DecorationRole else _TONES
            return signs.get(state_of(line))
        if role == Qt.ItemDataRole.ToolTipRole:
            if key in ("code", "name") and is_disputed(line):
                return _tr("填报不一致，请打开核对")
            if key == "name" and line.fresh:
                return _tr("新到")
            if key == "progress" and line.progress is not None:
                return obligation_states.long_text(line.progress)
            if key in ("visits", "days") and line.own is not None:
                days = number_text(line.own.half_days / 2)
                return _tr("名额合计；其中{0} {1} 次、{2} 天").format(
                    line.title, f"{line.own.visits:,}", days
                )
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


def foot_text(all_shown: int, chosen: int, lines: Sequence[Line]) -> str:
    """共 38 个名额，已选 2 个 · 2 人 · 服务 3 人次、2.5 天; lines: those that the sums are of."""
    text = _tr("共 {0} 个名额").format(f"{all_shown:,}")
    if chosen:
        text += _tr("，已选 {0} 个").format(f"{chosen:,}")
    people = sum(1 for line in lines if line.place.commissioner)
    visits = sum(line.figures.visits for line in lines)
    days = sum(line.figures.half_days for line in lines) / 2
    return text + _tr(" · {0} 人 · 服务 {1} 人次、{2} 天").format(
        f"{people:,}", f"{visits:,}", number_text(days)
    )


def is_disputed(line: Line) -> bool:
    """Whether something of the place or of the person on it is filled in differently elsewhere."""
    return line.place.disputed or line.place.person_disputed


def state_of(line: Line) -> obligation_states.State:
    """How a place stands to what its batch demands; "" where nobody is compared."""
    return obligation_states.state_of(line.progress) if line.progress is not None else ""


def belongs(line: Line, chip: str) -> bool:
    """Whether a chip shows a place: all, staffed, open, arrived, behind, reached, silent, or a category's id."""
    if chip == "all":
        return True
    if chip == "arrived":
        return line.fresh
    if chip in ("behind", "reached"):
        return state_of(line) == chip
    if chip == "silent":
        return line.progress is not None and line.progress.silent
    if chip in ("staffed", "open"):
        return bool(line.place.commissioner) == (chip == "staffed")
    return line.place.category == chip


def texts_of(line: Line) -> tuple[str, ...]:
    """What the filter looks into, beside the person's name."""
    p = line.place
    return (
        p.code,
        p.organisation_name,
        p.specialty,
        p.category_name,
        p.team_name,
        line.counties,
        p.phone,
    )


def matches(line: Line, text: str) -> bool:
    """Whether the filter text is found in a place: words in Chinese, or pinyin, whole or cut short.

    Whoever held the place before is found, too.
    """
    people = dict.fromkeys([line.place.name, *(h.name for h in line.place.people)])
    return not text.strip() or pinyin.found(text, *texts_of(line), people=people)


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlacesModel", text)
