"""Figures of a period, grouped in the ways that pages and reports show them, from one reading of the visits.

A visit that names several places counts once in totals by county, month and way, once for each of its places,
and once for their category and team.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from sqlalchemy import Connection

from db.journal.merged import standing
from db.queries.visits import VisitFilter, visit_where

TRAINING = "技术培训"
"""The way of service whose visits count as trainings held."""


@dataclass(frozen=True)
class Figures:
    """half_days counts half days; trained counts 人次; trainings counts visits whose way was 技术培训."""

    visits: int = 0
    half_days: int = 0
    trained: int = 0
    households: int = 0
    villages: int = 0
    recipients: int = 0
    trainings: int = 0


class _Tally:
    """Figures while they are added up."""

    __slots__ = ("half_days", "households", "recipients", "trained", "trainings", "villages", "visits")

    def __init__(self) -> None:
        self.visits = self.half_days = self.trained = self.households = self.trainings = 0
        self.villages: set[object] = set()
        self.recipients: set[object] = set()

    def figures(self) -> Figures:
        """The sums so far."""
        return Figures(
            self.visits, self.half_days, self.trained, self.households, len(self.villages), len(self.recipients),
            self.trainings,
        )  # fmt: skip


@dataclass(frozen=True)
class Gathered:
    """Figures of a filter: in all, by county (code), month (YYYY-MM), place, category, team; visits by way.

    last_dates: the latest date by place; places_by_county: how many places served each county.
    """

    total: Figures = field(default_factory=Figures)
    by_county: dict[str | None, Figures] = field(default_factory=dict)
    by_month: dict[str, Figures] = field(default_factory=dict)
    by_place: dict[str, Figures] = field(default_factory=dict)
    by_category: dict[str, Figures] = field(default_factory=dict)
    by_team: dict[str, Figures] = field(default_factory=dict)
    by_way: dict[str, int] = field(default_factory=dict)
    last_dates: dict[str, str] = field(default_factory=dict)
    places_by_county: dict[str, int] = field(default_factory=dict)


def gather(connection: Connection, f: VisitFilter) -> Gathered:
    """All figures of a filter."""
    belongs = {
        row[0]: (row[1], row[2])
        for row in connection.exec_driver_sql("SELECT id, category, team FROM appointment")
    }
    total = _Tally()
    counties: defaultdict[str | None, _Tally] = defaultdict(_Tally)
    months: defaultdict[str, _Tally] = defaultdict(_Tally)
    places: defaultdict[str, _Tally] = defaultdict(_Tally)
    categories: defaultdict[str, _Tally] = defaultdict(_Tally)
    teams: defaultdict[str, _Tally] = defaultdict(_Tally)
    ways: dict[str | None, int] = {}
    last: dict[str, str] = {}
    serving: defaultdict[str, set[str]] = defaultdict(set)
    # Few different texts stand in these columns, so each is read once.
    read_who: dict[str | None, tuple[tuple[_Tally, ...], tuple[str, ...]]] = {}

    def named(who: str | None) -> tuple[tuple[_Tally, ...], tuple[str, ...]]:
        found = tuple(dict.fromkeys(p[0] for p in orjson.loads(who or "[]") if p and isinstance(p[0], str)))
        kinds = [belongs.get(p, (None, None)) for p in found]
        tallies = [places[p] for p in found]
        tallies += [categories[c] for c in dict.fromkeys(k[0] for k in kinds) if c]
        tallies += [teams[t] for t in dict.fromkeys(k[1] for k in kinds) if t]
        return tuple(tallies), found

    where, values = visit_where(f)
    rows = connection.exec_driver_sql(
        f"SELECT v.county, v.township, v.village, {standing('recipient', 'v.recipient')}, v.date, "
        "coalesce(v.half_days,0), coalesce(v.trained,0), "
        f"coalesce(v.households,0), v.ways, v.who FROM visit v WHERE {where}",
        tuple(values),
    )
    for county, township, village, recipient, date, half_days, trained, households, way, who in cast(
        "Iterable[tuple[Any, ...]]", rows.cursor
    ):
        if who not in read_who:
            read_who[who] = named(who)
        tallies, found = read_who[who]
        place = (county, township, village) if village else None
        training = TRAINING in way if way else False
        for tally in (total, counties[county], months[(date or "")[:7]], *tallies):
            tally.visits += 1
            tally.half_days += half_days
            tally.trained += trained
            tally.households += households
            if place:
                tally.villages.add(place)
            if recipient:
                tally.recipients.add(recipient)
            if training:
                tally.trainings += 1
        ways[way] = ways.get(way, 0) + 1
        for p in found:
            if date and date > last.get(p, ""):
                last[p] = date
            if county:
                serving[county].add(p)
    by_way: dict[str, int] = {}
    for text, n in ways.items():
        found_ways = orjson.loads(text or "[]")
        for way in found_ways if isinstance(found_ways, list) else ():
            by_way[way] = by_way.get(way, 0) + n
    return Gathered(
        total.figures(),
        {k: t.figures() for k, t in counties.items()},
        {k: t.figures() for k, t in months.items()},
        {k: t.figures() for k, t in places.items()},
        {k: t.figures() for k, t in categories.items()},
        {k: t.figures() for k, t in teams.items()},
        dict(sorted(by_way.items(), key=lambda item: (-item[1], item[0]))),
        last,
        {k: len(p) for k, p in serving.items()},
    )


def by_county_and_month(connection: Connection, f: VisitFilter) -> dict[tuple[str, str], tuple[int, int]]:
    """(visits, half days) by county and month; answered from the covering index alone."""
    where, values = visit_where(f)
    rows = connection.exec_driver_sql(
        "SELECT v.county, substr(v.date,1,7), count(*), coalesce(sum(v.half_days),0) FROM visit v "
        f"WHERE {where} GROUP BY 1, 2",
        tuple(values),
    )
    return {(row[0] or "", row[1] or ""): (row[2], row[3]) for row in rows}
