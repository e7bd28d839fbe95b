"""The table of teams."""

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

from commissioner_app import pinyin, teams
from commissioner_app.rows import Figures, PlaceRow, TaskRow, TeamRow
from ui.widgets.badge import badge
from ui.widgets.barchart import number_text
from ui.widgets.table import Column, ToneRole

Index = QModelIndex | QPersistentModelIndex
DASH = "—"


@dataclass(frozen=True)
class Line:
    """A team with its places, figures of the period and agreed tasks; county is a name."""

    team: TeamRow
    places: tuple[PlaceRow, ...]
    figures: Figures
    county: str
    tasks: tuple[TaskRow, ...] = ()

    @property
    def overdue(self) -> int:
        """Agreed tasks that should have been done."""
        return teams.overdue_count(self.tasks)

    @property
    def people(self) -> int:
        """Members with a person."""
        return sum(1 for p in self.places if p.commissioner)

    @property
    def leader(self) -> str:
        """The leader's name, or the code of an open place; "" for none."""
        return next((p.name or p.code for p in self.places if p.id == self.team.leader), "")


def columns() -> list[Column]:
    """The columns as they are at first."""
    return [
        Column("name", _tr("名称"), 210, stretch=True),
        Column("level", _tr("级别"), 60),
        Column("industry", _tr("产业"), 74),
        Column("organisation", _tr("派出单位"), 120, hidden=True),
        Column("county", _tr("服务县"), 70),
        Column("leader", _tr("团长"), 84, hidden=True),
        Column("places", _tr("名额"), 56, numeric=True),
        Column("people", _tr("人员"), 56, numeric=True, hidden=True),
        Column("visits", _tr("次数"), 56, numeric=True),
        Column("days", _tr("天数"), 60, numeric=True),
        Column("tasks", _tr("约定任务"), 118, toned=True),
    ]


_SHOWN: dict[str, Callable[[Line], str]] = {
    "name": lambda r: r.team.name,
    "level": lambda r: r.team.level,
    "industry": lambda r: r.team.industry,
    "organisation": lambda r: r.team.organisation_name,
    "county": lambda r: r.county,
    "leader": lambda r: r.leader,
    "places": lambda r: f"{len(r.places):,}",
    "people": lambda r: f"{r.people:,}",
    "visits": lambda r: f"{r.figures.visits:,}",
    "days": lambda r: number_text(r.figures.half_days / 2),
    "tasks": lambda r: _tasks(r),
}
_NUMBERS: dict[str, Callable[[Line], float]] = {
    "places": lambda r: len(r.places),
    "people": lambda r: r.people,
    "visits": lambda r: r.figures.visits,
    "days": lambda r: r.figures.half_days,
    "tasks": lambda r: r.overdue * 1000 + len(r.tasks),
}


def _tasks(line: Line) -> str:
    """4 项，逾期 1."""
    if not line.tasks:
        return ""
    late = _tr("，逾期 {0}").format(line.overdue) if line.overdue else ""
    return _tr("{0} 项").format(len(line.tasks)) + late


class TeamsModel(QAbstractTableModel):
    """Shows the lines in the order chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns()
        self._lines: list[Line] = []
        self._sort, self._descending = "", False
        self._bad = badge("!", "bad")

    def show(self, lines: Sequence[Line]) -> None:
        """Take other lines."""
        self.beginResetModel()
        self._lines = list(lines)
        self._arrange()
        self.endResetModel()

    def lines(self) -> list[Line]:
        """What is shown, in order."""
        return self._lines

    def row_of(self, team: str) -> int:
        """Where a team stands, -1 if it does not."""
        return next((n for n, line in enumerate(self._lines) if line.team.id == team), -1)

    def _arrange(self) -> None:
        if self._sort:
            self._lines.sort(key=self._key, reverse=self._descending)

    def _key(self, line: Line) -> tuple[float, str]:
        if self._sort in _NUMBERS:
            return _NUMBERS[self._sort](line), line.team.name
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
            return self._bad if line.team.disputed else None
        if role == ToneRole and key == "tasks":
            return "bad" if line.overdue else None
        if role == Qt.ItemDataRole.ToolTipRole and key == "name":
            return _tr("填报不一致，请打开核对") if line.team.disputed else line.team.name
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
        self.beginResetModel()
        self._arrange()
        self.endResetModel()


def _tr(text: str) -> str:
    return QCoreApplication.translate("TeamsModel", text)
