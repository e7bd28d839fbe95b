"""Tenures (任期): who holds which place from when to when, and what each made there. Visits stay with who made them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from commissioner_app.periods import day
from db.errors import Refused
from db.ids import new_id
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import people as queries
from db.queries import roster
from db.queries.people import TenureRow
from db.queries.roster import Named, covers

COUNTED = ("submitted", "passed")


@dataclass(frozen=True)
class Held:
    """Somebody's time at a place with the counted visits of that time, half_days in half days.

    tenure is "" for visits that somebody made for a place at a time when they did not hold it.
    """

    tenure: str
    place: str
    code: str
    category: str
    year: int | None
    batch_name: str
    commissioner: str
    name: str
    held_from: str | None
    held_to: str | None
    visits: int
    half_days: int


def of_person(ledger: Ledger, commissioner: str) -> list[Held]:
    """The places that somebody holds and held, of all batches, in order of time; of merged ones all."""
    with ledger.read() as connection:
        rows = queries.tenures(connection, commissioner=commissioner)
        places = {row.place for row in rows} | set(queries.places_visited_for(connection, commissioner))
        return [h for h in _held(connection, places) if h.commissioner == commissioner]


def of_place(ledger: Ledger, place: str) -> list[Held]:
    """Who holds and held a place, in order of time, and who else made visits for it."""
    with ledger.read() as connection:
        return _held(connection, [place])


def _held(connection: Connection, places: Iterable[str]) -> list[Held]:
    places = sorted(set(places))
    by_place: dict[str, list[TenureRow]] = {place: [] for place in places}
    for row in queries.tenures(connection, places):
        by_place[row.place].append(row)
    sums: dict[str, list[int]] = {}
    outside: dict[tuple[str, str], list[int]] = {}
    for place, person, date, half_days in queries.visits_made(connection, places, COUNTED):
        tally = _tally(by_place[place], person, date, sums)
        if tally is None:
            if person is None:
                continue  # nobody is named and nobody held the place then
            tally = outside.setdefault((place, person), [0, 0])
        tally[0] += 1
        tally[1] += half_days
    names = queries.people_names(connection, {person for _, person in outside})
    titles = queries.place_titles(connection, places)
    found: list[Held] = []
    for place in sorted(places, key=lambda p: (titles[p][2] or 0, titles[p][0]) if p in titles else (0, "")):
        for r in by_place[place]:
            visits, half_days = sums.get(r.tenure, (0, 0))
            found.append(
                Held(
                    r.tenure, place, r.code, r.category, r.year, r.batch_name, r.commissioner, r.name, r.held_from,
                    r.held_to, visits, half_days,
                )
            )  # fmt: skip
        code, category, year, batch = titles.get(place, ("", "", None, ""))
        for (other, person), (visits, half_days) in outside.items():
            if other == place:
                found.append(
                    Held(
                        "", place, code, category, year, batch, person, names.get(person, ""), None, None, visits,
                        half_days,
                    )
                )  # fmt: skip
    return found


def _tally(
    rows: list[TenureRow], person: str | None, date: str, sums: dict[str, list[int]]
) -> list[int] | None:
    """The sums of the time that a visit belongs to: of that person or, where nobody is named, of whoever came last."""
    fitting = [r for r in rows if person in (None, r.commissioner) and covers(r.held_from, r.held_to, date)]
    return sums.setdefault(fitting[-1].tenure, [0, 0]) if fitting else None


def made_from(ledger: Ledger, place: str, commissioner: str, from_day: str) -> int:
    """How many visits somebody has made for a place from a day on, in whatever state."""
    states = ("draft", "submitted", "returned", "passed")
    with ledger.read() as connection:
        found = queries.visits_made(connection, [place], states)
    return sum(1 for _, person, date, _ in found if person == commissioner and date >= from_day)


def free_from(ledger: Ledger, place: str) -> str | None:
    """The day from which a place is open: the one after the last person's last, None if nobody ever held it."""
    with ledger.read() as connection:
        last = roster.last_tenure_end(connection, place)
    return (dt.date.fromisoformat(last) + dt.timedelta(days=1)).isoformat() if last else None


def spare(ledger: Ledger, batch: str | None = None) -> list[Named]:
    """People who hold no place of a batch (of any, for None) now; the note is their sending organisation."""
    with ledger.read() as connection:
        return roster.spare_people(connection, batch)


def tenure_draft(place: str, commissioner: str, held_from: str | None, held_to: str | None) -> Draft:
    """Somebody takes a place."""
    return Draft("appointment_person", new_id(), "insert", {
        "appointment": place, "commissioner": commissioner, "period": [held_from, held_to],
    })  # fmt: skip


def change_drafts(ledger: Ledger, place: str, commissioner: str, from_day: str) -> list[Draft]:
    """Drafts of 换人: whoever holds a place on a day leaves the day before, somebody else comes. Raises Refused.

    Who comes stays as long as who leaves would have.
    """
    from_day = day(from_day)
    with ledger.read() as connection:
        rows = [r for r in queries.tenures(connection, [place]) if r.held_to is None or r.held_to >= from_day]
    if any(r.held_from and r.held_from >= from_day for r in rows):
        raise Refused("换人的日期要晚于现任特派员开始的日期。")
    if any(r.commissioner == commissioner for r in rows):
        raise Refused("接任的特派员已经在这个名额上。")
    last = (dt.date.fromisoformat(from_day) - dt.timedelta(days=1)).isoformat()
    drafts = [Draft("appointment_person", r.tenure, "update", {"period": [r.held_from, last]}) for r in rows]
    ends = [r.held_to for r in rows]
    until = max((e for e in ends if e), default=None) if ends and None not in ends else None
    return [*drafts, tenure_draft(place, commissioner, from_day, until)]


def leave_place(ledger: Ledger, tenure: str) -> Outcome:
    """Take somebody out of a place, as if entered by mistake (the person and the visits stay)."""
    return ledger.write("移出名额", [Draft("appointment_person", tenure, "delete", {"_deleted": True})])
