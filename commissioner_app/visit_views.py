"""Views of filtered visits beside the list: a month's calendar, one commissioner's timeline; visits found by a few words."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from commissioner_app.periods import Period
from commissioner_app.spelled import with_meanings
from db.ledger import Ledger
from db.queries import visits as queries
from db.queries.visits import VisitFilter, VisitRow

LINES = 4
"""Visits of a day that a calendar can show; more are counted."""

GAP_DAYS = 30
"""So many days without a visit are pointed out."""


@dataclass(frozen=True)
class Day:
    """A day with visits: how many are under way, half days of those that begin on it, the first of them."""

    count: int
    half_days: int
    visits: tuple[VisitRow, ...]


@dataclass(frozen=True)
class Month:
    """The visits of the six weeks around a month, by ISO date; `visits` and `half_days` are the month's own."""

    year: int
    month: int
    days: dict[str, Day]
    visits: int
    half_days: int


def weeks(year: int, month: int) -> list[dt.date]:
    """The 42 days of a month's page, from the Monday of the week in which the month begins."""
    first = dt.date(year, month, 1)
    monday = first - dt.timedelta(days=first.weekday())
    return [monday + dt.timedelta(days=n) for n in range(42)]


def month(ledger: Ledger, f: VisitFilter, year: int, month: int) -> Month:
    """The month's page of the visits that a filter lets through."""
    days = weeks(year, month)
    with ledger.read() as connection:
        meant = with_meanings(connection, replace(f, day=None))
        found = queries.calendar(connection, meant, days[0].isoformat(), days[-1].isoformat(), LINES)
        rows = queries.visit_rows(connection, sorted({r for d in found.values() for r in d.rowids}))
        first, last = month_ends(year, month)
        own = [day for day in found if first <= day <= last]
        inside = replace(meant, start=max(first, meant.start or first), end=min(last, meant.end or last))
        begun = len(queries.visit_rowids(connection, inside))
    return Month(
        year, month,
        {day: Day(d.count, d.half_days, tuple(rows[r] for r in d.rowids if r in rows)) for day, d in found.items()},
        begun, sum(found[day].half_days for day in own),
    )  # fmt: skip


def month_ends(year: int, month: int) -> tuple[str, str]:
    """The first and the last day of a month, ISO."""
    first = dt.date(year, month, 1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return first.isoformat(), last.isoformat()


def of_day(ledger: Ledger, f: VisitFilter, day: str) -> list[VisitRow]:
    """The visits of a filter that are under way on a day, in the order of the day."""
    with ledger.read() as connection:
        meant = with_meanings(connection, replace(f, day=day))
        rowids = queries.visit_rowids(connection, meant, "date", descending=False)
        rows = queries.visit_rows(connection, rowids)
    found = [rows[r] for r in rowids if r in rows]
    return sorted(found, key=lambda v: (v.date != day, v.start_time or "~"))


@dataclass(frozen=True)
class MonthHead:
    """Begins a month of a timeline."""

    month: str
    visits: int
    half_days: int


@dataclass(frozen=True)
class Gap:
    """So many days without a visit: `where` is begin (before the first), between, or end (since the last)."""

    where: str
    first: str
    last: str
    days: int


@dataclass(frozen=True)
class Stay:
    """One visit of a timeline; `again`: another visit of the same day stands above it."""

    visit: VisitRow
    again: bool


Entry = MonthHead | Gap | Stay


def timeline(ledger: Ledger, f: VisitFilter, period: Period, now: str) -> list[Entry]:
    """One commissioner's visits, day after day, with the gaps of 30 days and more; now: today, ISO.

    Days that have not come are no gap, nor is the time outside `period` (the filter may reach further).
    """
    with ledger.read() as connection:
        meant = with_meanings(connection, f)
        rowids = queries.visit_rowids(connection, meant, "date", descending=False)
        rows = queries.visit_rows(connection, rowids)
    visits = [rows[r] for r in rowids if r in rows]
    return list(_entries([v for v in visits if v.date], period, now))


def _entries(visits: Sequence[VisitRow], period: Period, now: str) -> Iterator[Entry]:
    sums: dict[str, tuple[int, int]] = {}
    for v in visits:
        n, half_days = sums.get((v.date or "")[:7], (0, 0))
        sums[(v.date or "")[:7]] = (n + 1, half_days + (v.half_days or 0))
    until, where, month, day = period.start, "begin", "", ""
    for v in visits:
        date = v.date or ""
        apart = days_between(until, date)
        if apart >= GAP_DAYS:
            yield Gap(where, until, date, apart)
        if date[:7] != month:
            month = date[:7]
            yield MonthHead(month, *sums[month])
        yield Stay(v, date == day)
        day, where = date, "between"
        until = max(until, v.end_date or date)
    last = min(period.end, now)
    apart = days_between(until, last)
    if visits and apart >= GAP_DAYS:
        yield Gap("end", until, last, apart)


def days_between(first: str, last: str) -> int:
    """Days from one ISO date to another; 0 where one of them is not a date."""
    try:
        return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days
    except ValueError:
        return 0


def meant(ledger: Ledger, f: VisitFilter) -> VisitFilter:
    """The filter with what its words may mean as pinyin, for those who ask the ledger themselves."""
    with ledger.read() as connection:
        return with_meanings(connection, f)


def matching(ledger: Ledger, f: VisitFilter, most: int = 12) -> list[VisitRow]:
    """The latest visits that a filter lets through, at most so many: to choose one by a few words."""
    with ledger.read() as connection:
        rowids = queries.visit_rowids(connection, with_meanings(connection, f), "date")[:most]
        rows = queries.visit_rows(connection, rowids)
    return [rows[r] for r in rowids if r in rows]


def by_id(ledger: Ledger, visits: Sequence[str]) -> dict[str, VisitRow]:
    """The rows of some visits, by record; those that are gone are left out."""
    with ledger.read() as connection:
        rowids = queries.rowids_of(connection, visits)
        rows = queries.visit_rows(connection, list(rowids.values()))
    return {v.id: v for v in rows.values()}
