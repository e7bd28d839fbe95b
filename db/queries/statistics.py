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
from db.queries.people import holders
from db.queries.roster import current_person
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

    __slots__ = (
        "half_days",
        "households",
        "last",
        "recipients",
        "trained",
        "trainings",
        "villages",
        "visits",
    )

    def __init__(self) -> None:
        self.visits = self.half_days = self.trained = self.households = self.trainings = 0
        self.villages: set[object] = set()
        self.recipients: set[object] = set()
        self.last = ""

    def add(self, other: "_Tally") -> None:
        """Count what another one has counted, too."""
        self.visits += other.visits
        self.half_days += other.half_days
        self.trained += other.trained
        self.households += other.households
        self.trainings += other.trainings
        self.villages |= other.villages
        self.recipients |= other.recipients
        self.last = max(self.last, other.last)

    def figures(self) -> Figures:
        """The sums so far."""
        return Figures(
            self.visits, self.half_days, self.trained, self.households, len(self.villages), len(self.recipients),
            self.trainings,
        )  # fmt: skip


Holder = tuple[str, str | None]
"""A place, and the person who made visits for it (the one that stands for merged ones; None: nobody is named)."""


@dataclass(frozen=True)
class Gathered:
    """Figures of a filter: in all, by county (code), month (YYYY-MM), place, category, team; visits by way.

    by_holder parts the visits of a place by who made them: they stay with them when the place changes hands.
    last_dates and last_by_holder: the latest date; places_by_county: how many places served each county.
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
    by_holder: dict[Holder, Figures] = field(default_factory=dict)
    last_by_holder: dict[Holder, str] = field(default_factory=dict)


def gather(connection: Connection, f: VisitFilter) -> Gathered:
    """All figures of a filter."""
    total = _Tally()
    counties: defaultdict[str | None, _Tally] = defaultdict(_Tally)
    months: defaultdict[str, _Tally] = defaultdict(_Tally)
    ways: dict[str | None, int] = {}
    # Few different texts stand in this column: what belongs to places and people is added up by text first.
    made: defaultdict[tuple[str | None, str], _Tally] = defaultdict(_Tally)
    serving: defaultdict[str, set[str | None]] = defaultdict(set)
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
        place = (county, township, village) if village else None
        training = TRAINING in way if way else False
        # Where nobody is named the day tells whose visit it was.
        key = (who, date if date and who and "null" in who else "")
        theirs = made[key]
        if date and date > theirs.last:
            theirs.last = date
        for tally in (total, counties[county], months[(date or "")[:7]], theirs):
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
        if county:
            serving[county].add(who)
    by_way: dict[str, int] = {}
    for text, n in ways.items():
        found_ways = orjson.loads(text or "[]")
        for way in found_ways if isinstance(found_ways, list) else ():
            by_way[way] = by_way.get(way, 0) + n
    parted = _Parted(connection)
    for (who, date), tally in made.items():
        parted.add(who, date, tally)
    return Gathered(
        total.figures(),
        {k: t.figures() for k, t in counties.items()},
        {k: t.figures() for k, t in months.items()},
        {k: t.figures() for k, t in parted.places.items()},
        {k: t.figures() for k, t in parted.categories.items()},
        {k: t.figures() for k, t in parted.teams.items()},
        dict(sorted(by_way.items(), key=lambda item: (-item[1], item[0]))),
        {k: t.last for k, t in parted.places.items() if t.last},
        {k: len({place for who in texts for place, _ in _pairs(who)}) for k, texts in serving.items()},
        {k: t.figures() for k, t in parted.holders.items()},
        {k: t.last for k, t in parted.holders.items() if t.last},
    )


class _Parted:
    """Figures by place, category, team and holder, from those by what stands in `who`."""

    def __init__(self, connection: Connection) -> None:
        self.places: defaultdict[str, _Tally] = defaultdict(_Tally)
        self.categories: defaultdict[str, _Tally] = defaultdict(_Tally)
        self.teams: defaultdict[str, _Tally] = defaultdict(_Tally)
        self.holders: defaultdict[Holder, _Tally] = defaultdict(_Tally)
        self._belongs = {
            row[0]: (row[1], row[2])
            for row in connection.exec_driver_sql("SELECT id, category, team FROM appointment")
        }
        self._stands: dict[str, str] = {
            row[0]: row[1]
            for row in connection.exec_driver_sql(
                "SELECT record, stands FROM merged WHERE entity = 'commissioner'"
            )
        }
        self._held = holders(connection)

    def add(self, who: str | None, date: str, tally: _Tally) -> None:
        """Count the visits of one text for whom it names; date: of all of them, where the text leaves somebody out."""
        pairs = _pairs(who)
        places = list(dict.fromkeys(place for place, _ in pairs))
        kinds = [self._belongs.get(place, (None, None)) for place in places]
        named = [(place, self._maker(place, person, date)) for place, person in pairs]
        for place in places:
            self.places[place].add(tally)
        for category in dict.fromkeys(kind[0] for kind in kinds):
            if category:
                self.categories[category].add(tally)
        for team in dict.fromkeys(kind[1] for kind in kinds):
            if team:
                self.teams[team].add(tally)
        for holder in dict.fromkeys(named):
            self.holders[holder].add(tally)

    def _maker(self, place: str, person: str | None, date: str) -> str | None:
        if person is None:
            held = current_person(self._held.get(place, ()), date)
            return held.commissioner if held else None
        return self._stands.get(person, person)


def _pairs(who: str | None) -> list[Holder]:
    """The (place, person) that a visit's `who` names."""
    found = orjson.loads(who or "[]")
    return [
        (pair[0], pair[1] if len(pair) > 1 and isinstance(pair[1], str) else None)
        for pair in (found if isinstance(found, list) else ())
        if isinstance(pair, list) and pair and isinstance(pair[0], str)
    ]


def by_county_and_month(connection: Connection, f: VisitFilter) -> dict[tuple[str, str], tuple[int, int]]:
    """(visits, half days) by county and month; answered from the covering index alone."""
    where, values = visit_where(f)
    rows = connection.exec_driver_sql(
        "SELECT v.county, substr(v.date,1,7), count(*), coalesce(sum(v.half_days),0) FROM visit v "
        f"WHERE {where} GROUP BY 1, 2",
        tuple(values),
    )
    return {(row[0] or "", row[1] or ""): (row[2], row[3]) for row in rows}
