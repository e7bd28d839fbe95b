"""Views: table, calendar and timeline of the same filtered visits in one place; reads what the one in front shows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from commissioner_app import makers, periods, visit_views
from commissioner_app.makers import Maker
from commissioner_app.visit_conditions import Conditions
from commissioner_app.visit_views import Entry, Month
from commissioner_app.visits import VisitFilter, VisitRow
from ui.context import Context
from ui.visits.calendar import MonthCalendar
from ui.visits.daylist import DayList
from ui.visits.switch import VIEWS
from ui.visits.timeline import Timeline
from ui.widgets.table import DataTable


@dataclass(frozen=True)
class Asked:
    """What the page lists now: the filter without its day, the conditions, the row and the visit in view."""

    filter: VisitFilter
    conditions: Conditions
    row: VisitRow | None
    visit: str | None


class Views(QStackedWidget):
    """Signals: `visitWanted` a visit to be opened, `dayShown` the day list has something else to show, `dayWanted` a day to
    be listed in the table, `makerWanted` another commissioner, where the conditions name one."""

    visitWanted = Signal(str)
    dayShown = Signal()
    dayWanted = Signal(str)
    makerWanted = Signal(object)

    def __init__(self, context: Context, table: DataTable, asked: Callable[[], Asked]) -> None:
        super().__init__()
        self._context, self._asked = context, asked
        self._maker: Maker | None = None
        self.table = table
        self.calendar = MonthCalendar(context.divisions)
        self.timeline = Timeline(context.divisions)
        self.day_list = DayList(context.divisions)
        for view in (self.table, self.calendar, self.timeline):
            self.addWidget(view)
        self.calendar.monthChanged.connect(self._read_month)
        self.calendar.chosen.connect(self._read_day)
        self.calendar.opened.connect(self.dayWanted)
        self.day_list.opened.connect(self.visitWanted)
        self.day_list.listWanted.connect(self.dayWanted)
        self.timeline.makerChosen.connect(self._choose_maker)
        self.timeline.opened.connect(self.visitWanted)

    def current(self) -> str:
        """The view in front."""
        return VIEWS[self.currentIndex()]

    def bring(self, view: str, day: str | None) -> None:
        """Bring a view to the front; the calendar opens at a day, else at that of the visit in view."""
        self.setCurrentIndex(VIEWS.index(view))
        if view == "calendar":
            row, p = self._asked().row, self._context.period
            wanted = day or (row.date if row else None) or min(max(periods.today(), p.start), p.end)
            self.calendar.go_to(date.fromisoformat(wanted))
        self.reload()

    def reload(self) -> None:
        """Read anew what calendar or timeline show; the table is the page's own."""
        if self.current() == "calendar":
            self._read_month(self.calendar.day.year, self.calendar.day.month)
            self._read_day(self.calendar.day.isoformat())
        elif self.current() == "timeline":
            self._read_timeline()

    def _read_month(self, year: int, month: int) -> None:
        ledger, f = self._context.ledger, self._asked().filter

        def read() -> Month:
            return visit_views.month(ledger, f, year, month)

        self._context.read(read, self.calendar.show_month, self, "month")

    def _read_day(self, day: str) -> None:
        ledger, f = self._context.ledger, self._asked().filter

        def show(found: list[VisitRow]) -> None:
            if self.current() == "calendar" and self.calendar.day.isoformat() == day:
                self.day_list.show_day(day, found)
                self.dayShown.emit()

        self._context.read(lambda: visit_views.of_day(ledger, f, day), show, self, "day")

    def _read_timeline(self) -> None:
        c, asked, before, now = self._context, self._asked(), self._maker, periods.today()
        batch, period = c.batch, c.period

        def read() -> tuple[list[Maker], Maker | None, list[Entry]]:
            found = makers.listed(c.ledger, batch)
            maker = whose(found, asked, before)
            if maker is None:
                return found, None, []
            place = None if maker.commissioner else maker.place
            mine = replace(asked.filter, commissioner=maker.commissioner, appointment=place)
            return found, maker, visit_views.timeline(c.ledger, mine, period, now)

        def show(result: tuple[list[Maker], Maker | None, list[Entry]]) -> None:
            found, self._maker, entries = result
            self.timeline.set_makers(found, self._maker)
            self.timeline.show_entries(entries, asked.visit)

        c.read(read, show, self, "timeline")

    def _choose_maker(self, maker: Maker) -> None:
        self._maker = maker
        c = self._asked().conditions
        if c.commissioner or c.appointment:
            self.makerWanted.emit(maker)
        else:
            self._read_timeline()


def whose(found: list[Maker], asked: Asked, before: Maker | None) -> Maker | None:
    """Whose timeline is shown: the one asked for, else the one before, else who made the visit in view, else the first."""
    person, place = asked.conditions.commissioner, asked.conditions.appointment
    if not person and not place:
        if before in found:
            return before
        if asked.row and asked.row.who:
            place, person = asked.row.who[0]
    chosen = next((m for m in found if person and m.commissioner == person), None)
    chosen = chosen or next((m for m in found if place and m.place == place), None)
    return chosen or next((m for m in found if m.commissioner), None)
