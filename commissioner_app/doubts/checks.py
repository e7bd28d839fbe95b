"""The rules themselves: what is worth checking about one visit, and about all visits of one person."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from commissioner_app.doubts import figures
from commissioner_app.doubts.calendar import days_off
from commissioner_app.doubts.halfdays import Claim, claim, clashing, minutes, ordinal, share, touch
from commissioner_app.doubts.rules import Rules
from db.queries.doubts import Person, Reference
from db.queries.statistics import TRAINING

FIGURES = {"trained": "培训人数", "households": "服务农户"}
NOTHING: dict[str, str] = {}


class Hit(NamedTuple):
    """A rule that a visit has met: words of the sentence, and the row numbers of the other visits concerned.

    The visit itself may be among them; total: how many they are where not all are named.
    """

    words: dict[str, str]
    others: tuple[int, ...] = ()
    total: int | None = None


Hits = dict[str, dict[int, Hit]]
"""Rule → row number of the visit → what was met."""


class Whose(NamedTuple):
    """Whom a visit counts for, and the places it names."""

    people: tuple[Person, ...]
    places: tuple[str, ...]


class Seen(NamedTuple):
    """A visit as the rules see it: day numbers, claimed half days, whose, ways of service."""

    rowid: int
    date: str
    end_date: str
    start: int | None
    end: int
    half_days: int | None
    claim: Claim | None
    county: str | None
    whose: Whose
    ways: tuple[str, ...]
    trained: int | None
    households: int | None


class Log:
    """The visits of one person, packed: a city's hundred thousand would else take as many objects."""

    WIDTH = 8

    def __init__(self) -> None:
        self._numbers = array("q")

    def add(self, seen: Seen, county: int) -> None:
        """Enter a visit; county: a number for it, 0 for none."""
        first, last, need = seen.claim or (0, 0, 0)
        training = TRAINING in seen.ways
        self._numbers.extend(
            (seen.rowid, first, last, need, county, _count(seen.trained), _count(seen.households), training)
        )

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        """(row number, first slot, last slot, need, county, trained, households, training); -1 for no figure."""
        return zip(*[iter(self._numbers)] * self.WIDTH, strict=True)


def _count(value: Any) -> int:
    return value if type(value) is int and 0 <= value < 2**53 else -1


class Checker:
    """Holds visits against the rules. today: ISO date; words are shared between visits that have the same."""

    def __init__(self, rules: Rules, reference: Reference, today: str) -> None:
        self.rules, self.reference, self.today = rules, reference, today
        overlap = rules["overlap"]
        self._noon = minutes(overlap["afternoon_from"]) or 0, minutes(overlap["morning_until"]) or 0
        self._without_photos = frozenset(rules["photo_missing"]["ways_without"])
        self._whose: dict[str | None, Whose] = {}
        self._ways: dict[str | None, tuple[str, ...]] = {}
        self._words: dict[tuple[str, ...], dict[str, str]] = {}
        self._counties: dict[str, int] = {}
        self._days: dict[tuple[str, str], list[str]] = {}

    def see(self, row: Sequence[Any]) -> Seen:
        """A row of `queries.visits` as the rules see it."""
        rowid, date, end_date, start_time, end_time, half_days, county, who, ways, trained, households = row
        whose = self._whose.get(who)
        if whose is None:
            whose = self._whose[who] = self.whose(orjson.loads(who) if who else None)
        said = self._ways.get(ways)
        if said is None:
            said = self._ways[ways] = _listed(orjson.loads(ways) if ways else None)
        return self.seen(
            rowid, (date, end_date, start_time, end_time, half_days), county, whose, said, trained, households
        )  # fmt: skip

    def seen(
        self, rowid: int, time: Sequence[Any], county: str | None, whose: Whose, ways: tuple[str, ...],
        trained: int | None, households: int | None,
    ) -> Seen:  # fmt: skip
        """A visit as the rules see it; time: date, end date, start time, end time, half days."""
        date, end_date, start_time, end_time, half_days = time
        start = ordinal(date)
        end = (ordinal(end_date) if end_date else None) or start
        if type(half_days) is not int:
            half_days = None
        claimed = claim(start, end, start_time, end_time, half_days, *self._noon)
        return Seen(
            rowid, date or "", end_date or date or "", start, end or 0, half_days, claimed, county, whose, ways,
            trained, households,
        )  # fmt: skip

    def whose(self, who: Any) -> Whose:
        """Whom the pairs [place, person] of a visit mean; what is no such pair is left out."""
        people: dict[Person, None] = {}
        places: dict[str, None] = {}
        for pair in who if isinstance(who, list | tuple) else ():
            if isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], str):
                person = pair[1] if isinstance(pair[1], str) else None
                places[pair[0]] = people[self.reference.person(pair[0], person)] = None
        return Whose(tuple(people), tuple(places))

    def county(self, county: str | None) -> int:
        """A number for a county, 0 for none."""
        return self._counties.setdefault(county, len(self._counties) + 1) if county else 0

    def alone(self, v: Seen) -> Iterator[tuple[str, Hit]]:
        """What a visit meets by itself, photos apart."""
        if v.start is None:
            return
        span = v.end - v.start + 1
        days = v.date if v.end_date == v.date else f"{v.date} 至 {v.end_date}"
        for place in v.whose.places:
            start, end = self.reference.periods.get(place, (None, None))
            if (start and v.date < start) or (end and v.end_date > end):
                period = f"{start or '—'} 至 {end or '—'}"
                yield "outside_period", Hit(self._share("date", days, "period", period))
                break
        if v.date > self.today or v.end_date > self.today:
            yield "future_date", Hit(self._share("date", days))
        if v.half_days is not None and 0 < 2 * span < v.half_days:
            told = f"{v.half_days / 2:g}"
            yield "days_exceed", Hit(self._share("date", days, "days", told, "span", str(span)))
        assigned = self._unassigned(v)
        if assigned is not None:
            yield "county_unassigned", Hit(self._share("date", days, "assigned", assigned))
        off = days_off(v.start, v.end, v.half_days)
        if off:
            yield "day_off", Hit(self._share("days_off", off))

    def _unassigned(self, v: Seen) -> str | None:
        """Where the first place that is not assigned to the visit's county serves that day; None if all are."""
        if not v.county:
            return None
        for place in v.whose.places:
            if any(v.county not in self._assigned(place, day) for day in {v.date, v.end_date}):
                found = self._assigned(place, v.date)
                return "、".join(self.reference.names.get(c, c) for c in found) or "没有安排"
        return None

    def _assigned(self, place: str, day: str) -> list[str]:
        found = self._days.get((place, day))
        if found is None:
            found = self._days[place, day] = self.reference.counties([place], day)
        return found

    def photos(self, v: Seen, photos: Sequence[tuple[str, str | None]] | None) -> Iterator[tuple[str, Hit]]:
        """What a visit's photos (file's name, when taken) show; None for no photo."""
        if not photos:
            if not (v.ways and self._without_photos.issuperset(v.ways)):
                yield "photo_missing", Hit(NOTHING)
            return
        if v.start is None:
            return
        slack = self.rules["photo_other_day"]["days"]
        other = []
        for name, taken in photos:
            day = ordinal(taken[:10]) if taken else None
            if day is not None and not v.start - slack <= day <= v.end + slack:
                other.append(f"“{name}”拍摄于 {(taken or '')[:10]}")
        if other:
            more = f"等 {len(other)} 张" if len(other) > 3 else ""
            yield "photo_other_day", Hit({"photos": "，".join(other[:3]) + more})

    def together(self, log: Iterable[tuple[int, ...]]) -> Hits:
        """What one person's visits meet beside one another."""
        visits = list(log)
        return {**self._half_days(visits), "unusual_figures": self._figures(visits)}

    def _half_days(self, visits: list[tuple[int, ...]]) -> Hits:
        claims = [Claim(*v[1:4]) for v in visits if v[3]]
        found: Hits = {"overlap": {}, "two_counties": {}}
        clashes = sorted(clashing(claims))
        if not clashes:
            return found
        rows: dict[Claim, list[int]] = {}
        by_county: dict[tuple[Claim, int], list[int]] = {}
        for rowid, first, last, need, county, *_ in visits:
            c = Claim(first, last, need)
            rows.setdefault(c, []).append(rowid)
            by_county.setdefault((c, county), []).append(rowid)
        counties: dict[Claim, list[int]] = {}
        for c, county in by_county:
            counties.setdefault(c, []).append(county)
        longest = max(c.last - c.first for c in clashes)
        for at, c in enumerate(clashes):
            near = [o for o in _around(clashes, at, longest) if touch(c, o)]
            hit = Hit(NOTHING, tuple(r for o in near for r in rows[o]))
            found["overlap"].update(dict.fromkeys(rows[c], hit))
            for county in counties[c]:
                elsewhere = [
                    r
                    for o in near
                    if county and share(c, o)
                    for other in counties[o]
                    if other not in (0, county)
                    for r in by_county[o, other]
                ]
                if elsewhere:
                    hit = Hit(NOTHING, tuple(elsewhere))
                    found["two_counties"].update(dict.fromkeys(by_county[c, county], hit))
        return found

    def _figures(self, visits: list[tuple[int, ...]]) -> dict[int, Hit]:
        rule = self.rules["unusual_figures"]
        told: dict[int, list[str]] = {}
        for at, label in ((5, FIGURES["trained"]), (6, FIGURES["households"])):
            # Only of trained people a training has other numbers.
            kinds = [(v[at], bool(v[7]) and at == 5) for v in visits]
            unusual = figures.unusual(kinds, rule["visits"], rule["spread"], rule["least"])
            if unusual:
                for v, kind in zip(visits, kinds, strict=True):
                    if kind in unusual:
                        told.setdefault(v[0], []).append(f"{label} {kind[0]}（平时约 {unusual[kind]:g}）")
        return {rowid: Hit({"figures": "，".join(words)}) for rowid, words in told.items()}

    def _share(self, *words: str) -> dict[str, str]:
        found = self._words.get(words)
        if found is None:
            found = self._words[words] = dict(zip(words[::2], words[1::2], strict=True))
        return found


def _around(clashes: list[Claim], at: int, longest: int) -> list[Claim]:
    """The claims that may touch one, of those in order of their first slot; longest: slots between first and last."""
    start = bisect_left(clashes, clashes[at].first - longest, key=lambda o: o.first)
    end = bisect_right(clashes, clashes[at].last, key=lambda o: o.first)
    return clashes[start:end]


def _listed(value: Any) -> tuple[str, ...]:
    return tuple(str(v) for v in value) if isinstance(value, list) else ()
