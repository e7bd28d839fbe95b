"""Reading visits: ordered row numbers for a filter, the rows of those in view, counts and sums."""

import datetime as dt
import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sqlalchemy import Connection

from db.journal.merged import standing
from db.journal.store import chunks, marks

_PERSON = standing("commissioner", "p.commissioner")
_RECIPIENT = standing("recipient", "v.recipient")
_SENDER = standing("organisation", "coalesce(c.organisation, a.organisation)")

_MEMBERS = "SELECT ? UNION SELECT m.record FROM merged m WHERE m.entity = '{}' AND m.stands = ?"

_MEANT = (
    "OR v.county IN (SELECT value FROM json_each(?)) OR v.township IN (SELECT value FROM json_each(?)) "
    f"OR {_RECIPIENT} IN (SELECT value FROM json_each(?)) OR v.id IN (SELECT p.visit FROM visit_place p "
    "WHERE p.commissioner IN (SELECT value FROM json_each(?))) "
)
"""SQL of the records that a word may stand for."""

SORTS = {
    "date": "v.date {d}, v.id {d}",
    "number": "v.number {d}, v.id {d}",
    "who": f"(SELECT min(coalesce(c.name, a.code)) FROM visit_place p LEFT JOIN commissioner c ON c.id = {_PERSON} "
    "LEFT JOIN appointment a ON a.id = p.appointment WHERE p.visit = v.id) {d}, v.date DESC, v.id",
    "place": "v.county {d}, v.township {d}, v.village {d}, v.date DESC, v.id",
    "recipient": f"(SELECT r.name FROM recipient r WHERE r.id = {_RECIPIENT}) {{d}}, v.date DESC, v.id",
    "ways": "v.ways {d}, v.date DESC, v.id",
    "content": "v.content {d}, v.id",
    "half_days": "v.half_days {d}, v.date DESC, v.id",
    "trained": "v.trained {d}, v.date DESC, v.id",
    "households": "v.households {d}, v.date DESC, v.id",
    "state": "v.state {d}, v.date DESC, v.id",
}
"""Ways to order the list; {d} stands for the direction."""


@dataclass(frozen=True)
class VisitFilter:
    """What to list. Dates are inclusive ISO dates; county is a division code; ids are records.

    arrived: the records that came with the last receipt, counted beside the states; only_arrived lists only those.
    meant: for some words of the text the people, recipients, counties and townships that they may stand for.
    day: only visits that were under way on that day; only_rows: only these row numbers.
    """

    start: str | None = None
    end: str | None = None
    states: tuple[str, ...] = ()
    county: str | None = None
    appointment: str | None = None
    commissioner: str | None = None
    team: str | None = None
    batch: str | None = None
    recipient: str | None = None
    text: str = ""
    disputed: bool = False
    stale: bool = False
    arrived: frozenset[str] = frozenset()
    only_arrived: bool = False
    meant: tuple[tuple[str, frozenset[str]], ...] = ()
    day: str | None = None
    only_rows: frozenset[int] | None = None


@dataclass(frozen=True)
class VisitRow:
    """A visit as a list shows it; half_days counts half days; places are division codes or typed words."""

    rowid: int
    id: str
    number: str | None
    date: str | None
    end_date: str | None
    start_time: str | None
    end_time: str | None
    half_days: int | None
    who: tuple[tuple[str, str | None], ...]
    county: str | None
    township: str | None
    village: str | None
    recipient: str | None
    ways: tuple[str, ...]
    industry: str | None
    topic: str | None
    content: str | None
    trained: int | None
    households: int | None
    state: str | None
    disputed: bool
    stale: bool
    names: str = field(default="", kw_only=True)
    organisation: str = field(default="", kw_only=True)
    recipient_name: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class VisitSums:
    """visits; half_days in half days; trained in 人次; households in 户."""

    visits: int
    half_days: int
    trained: int
    households: int


def visit_where(f: VisitFilter) -> tuple[str, list[Any]]:
    """SQL of a filter over `visit v`, and its values."""
    parts, values = ["v.deleted = 0"], []
    for column, operator, value in (
        ("v.date", ">=", f.start),
        ("v.date", "<=", f.end),
        ("v.county", "=", f.county),
    ):
        if value is not None:
            parts.append(f"{column} {operator} ?")
            values.append(value)
    if f.recipient is not None:
        parts.append(f"v.recipient IN ({_MEMBERS.format('recipient')})")
        values += [f.recipient, f.recipient]
    if f.states:
        # What was changed after its review waits for another one (审核后有改动).
        waiting = {"submitted": "OR v.stale = 1", "passed": "AND v.stale = 0"}
        either = [waiting[s] for s in waiting if s in f.states]
        more = either[0] if len(either) == 1 else ""
        parts.append(f"(v.state IN ({marks(f.states)}) {more})")
        values += f.states
    places = []
    if f.appointment is not None:
        places.append("p.appointment = ?")
        values.append(f.appointment)
    if f.commissioner is not None:
        # A visit that names nobody was made by whoever held the place that day.
        members = _MEMBERS.format("commissioner")
        places.append(
            f"(p.commissioner IN ({members}) OR (p.commissioner IS NULL AND EXISTS (SELECT 1 FROM appointment_person t "
            f"WHERE t.appointment = p.appointment AND t.deleted = 0 AND t.commissioner IN ({members}) "
            "AND coalesce(t.held_from, '') <= v.date AND v.date <= coalesce(t.held_to, '9'))))"
        )
        values += [f.commissioner] * 4
    if f.team is not None:
        places.append("p.appointment IN (SELECT id FROM appointment WHERE team = ?)")
        values.append(f.team)
    if f.batch is not None:
        places.append("p.appointment IN (SELECT id FROM appointment WHERE batch = ?)")
        values.append(f.batch)
    if places:
        parts.append(
            "EXISTS (SELECT 1 FROM visit_place p WHERE p.visit = v.id AND " + " AND ".join(places) + ")"
        )
    if f.disputed:
        parts.append("v.disputed = 1")
    if f.stale:
        parts.append("v.stale = 1")
    if f.only_arrived:
        parts.append("v.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(sorted(f.arrived)))
    if f.day is not None:
        parts.append("v.date BETWEEN ? AND ? AND coalesce(v.end_date, v.date) >= ?")
        values += [_reaching_back(f.day), f.day, f.day]
    if f.only_rows is not None:
        parts.append("v.rowid IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(sorted(f.only_rows)))
    meant = dict(f.meant)
    for word in f.text.split():
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        texts = ["v.content", "v.topic", "v.number", "v.problem", "v.solution", "v.industry", "v.ways",
                 "v.varieties", "v.techniques", "v.village", "v.township"]  # fmt: skip
        found = " OR ".join(f"{t} LIKE ? ESCAPE '\\'" for t in texts)
        records = meant.get(word.lower())
        parts.append(
            f"({found} {_MEANT if records else ''}"
            "OR v.recipient IN (SELECT id FROM recipient WHERE name LIKE ? ESCAPE '\\') OR v.id IN "
            f"(SELECT p.visit FROM visit_place p JOIN commissioner c ON c.id IN (p.commissioner, {_PERSON}) WHERE c.name LIKE ? "
            "ESCAPE '\\') OR v.village IN (SELECT code FROM division WHERE level=3 AND name LIKE ? ESCAPE '\\') "
            "OR v.township IN (SELECT code FROM division WHERE level=2 AND name LIKE ? ESCAPE '\\'))"
        )
        values += [like] * len(texts)
        if records:
            values += [json.dumps(sorted(records))] * 4
        values += [like] * 4
    return " AND ".join(parts), values


LONGEST_DAYS = 366
"""A visit that says to have lasted longer is not looked for on its later days."""


def _reaching_back(day: str) -> str:
    """The earliest day on which a visit that is under way on `day` may have begun."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=LONGEST_DAYS)).isoformat()


def visit_rowids(
    connection: Connection, f: VisitFilter, sort: str = "date", descending: bool = True
) -> "array[int]":
    """Row numbers of the visits that the filter lets through, in order (8 bytes each)."""
    where, values = visit_where(f)
    order = SORTS[sort].format(d="DESC" if descending else "ASC")
    rows = connection.exec_driver_sql(
        f"SELECT v.rowid FROM visit v WHERE {where} ORDER BY {order}", tuple(values)
    )
    return array("q", (row[0] for row in rows))


_COLUMNS = (
    "v.rowid, v.id, v.number, v.date, v.end_date, v.start_time, v.end_time, v.half_days, v.who, v.county, "
    "v.township, v.village, v.recipient, v.ways, v.industry, v.topic, v.content, v.trained, v.households, "
    "v.state, v.disputed, v.stale, r.name"
)


def visit_rows(connection: Connection, rowids: Sequence[int]) -> dict[int, VisitRow]:
    """The rows of some visits (any number), by row number."""
    found: dict[int, VisitRow] = {}
    for part in chunks(rowids):
        names, organisations = _names(connection, "rowid", part)
        for row in connection.exec_driver_sql(
            f"SELECT {_COLUMNS} FROM visit v LEFT JOIN recipient r ON r.id = {_RECIPIENT} "
            f"WHERE v.rowid IN ({marks(part)})",
            tuple(part),
        ):
            values = list(row)
            recipient_name = values.pop() or ""
            values[8] = tuple((p[0], p[1]) for p in _listed(values[8]) if isinstance(p, list) and len(p) == 2)
            values[13] = tuple(str(w) for w in _listed(values[13]))
            values[20], values[21] = bool(values[20]), bool(values[21])
            found[row[0]] = VisitRow(
                *values,
                names=names.get(row[1], ""),
                organisation=organisations.get(row[1], ""),
                recipient_name=recipient_name,
            )
    return found


def _listed(text: str | None) -> list[Any]:
    """The items of a pick list; none where another station has put something else there."""
    found = json.loads(text or "[]")
    return found if isinstance(found, list) else []


def _names(connection: Connection, key: str, part: Sequence[Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Names of people (or codes of places without one) and their organisations, by visit."""
    people: dict[str, list[str]] = {}
    organisations: dict[str, list[str]] = {}
    for visit, name, organisation in connection.exec_driver_sql(
        "SELECT p.visit, coalesce(c.name, a.code), o.name FROM visit v JOIN visit_place p ON p.visit = v.id "
        f"LEFT JOIN appointment a ON a.id = p.appointment LEFT JOIN commissioner c ON c.id = {_PERSON} "
        f"LEFT JOIN organisation o ON o.id = {_SENDER} WHERE v.{key} IN ({marks(part)}) "
        "ORDER BY a.code",
        tuple(part),
    ):
        people.setdefault(visit, []).append(name or "")
        if organisation and organisation not in organisations.setdefault(visit, []):
            organisations[visit].append(organisation)
    return {v: "、".join(n) for v, n in people.items()}, {v: "、".join(o) for v, o in organisations.items()}


@dataclass(frozen=True)
class Listing:
    """What a list shows: row numbers in order, their sums, and how many there are in each state.

    counts are of the same filter without its states and marks; `disputed`, `stale` and `arrived` stand beside the
    states.
    """

    rowids: "array[int]"
    sums: VisitSums
    counts: dict[str, int]


def visit_listing(
    connection: Connection, f: VisitFilter, sort: str = "date", descending: bool = True
) -> Listing:
    """List visits and count the quick filters beside them in one reading."""
    every = replace(f, states=(), disputed=False, stale=False, only_arrived=False, only_rows=None)
    fresh = _rowids(connection, f.arrived)
    where, values = visit_where(every)
    order = SORTS[sort].format(d="DESC" if descending else "ASC")
    rows = connection.exec_driver_sql(
        "SELECT v.rowid, coalesce(v.state, 'draft'), v.disputed, v.stale, coalesce(v.half_days,0), "
        f"coalesce(v.trained,0), coalesce(v.households,0) FROM visit v WHERE {where} ORDER BY {order}",
        tuple(values),
    )
    rowids = array("q")
    counts: dict[str, int] = {"disputed": 0, "stale": 0, "arrived": 0}
    half_days = trained = households = 0
    whole = not (f.states or f.disputed or f.stale or f.only_arrived or f.only_rows is not None)
    for rowid, state, disputed, stale, days, people, farms in cast("Iterable[tuple[Any, ...]]", rows.cursor):
        if stale:
            state = "submitted"
        counts[state] = counts.get(state, 0) + 1
        if disputed or stale:
            counts["disputed"] += disputed
            counts["stale"] += stale
        if fresh and rowid in fresh:
            counts["arrived"] += 1
        if whole or (
            (not f.states or state in f.states)
            and (disputed or not f.disputed)
            and (stale or not f.stale)
            and (rowid in fresh or not f.only_arrived)
            and (f.only_rows is None or rowid in f.only_rows)
        ):
            rowids.append(rowid)
            half_days += days
            trained += people
            households += farms
    return Listing(rowids, VisitSums(len(rowids), half_days, trained, households), counts)


def rowids_of(connection: Connection, records: Sequence[str]) -> dict[str, int]:
    """The row numbers of some visits that are there, by record."""
    found: dict[str, int] = {}
    for part in chunks(records):
        rows = connection.exec_driver_sql(
            f"SELECT id, rowid FROM visit WHERE deleted = 0 AND id IN ({marks(part)})", tuple(part)
        )
        found.update({row[0]: row[1] for row in rows})
    return found


def _rowids(connection: Connection, records: Iterable[str]) -> frozenset[int]:
    """The row numbers of those records that are visits."""
    found: set[int] = set()
    for part in chunks(records):
        rows = connection.exec_driver_sql(f"SELECT rowid FROM visit WHERE id IN ({marks(part)})", tuple(part))
        found.update(row[0] for row in rows)
    return frozenset(found)


def sums_of(connection: Connection, rowids: Sequence[int]) -> VisitSums:
    """The sums of some visits (a selection)."""
    total = [0, 0, 0, 0]
    for part in chunks(rowids):
        row = connection.exec_driver_sql(
            "SELECT count(*), coalesce(sum(half_days),0), coalesce(sum(trained),0), coalesce(sum(households),0) "
            f"FROM visit WHERE rowid IN ({marks(part)})",
            tuple(part),
        ).one()
        total = [a + b for a, b in zip(total, row, strict=True)]
    return VisitSums(*total)


def state_counts(connection: Connection, f: VisitFilter) -> dict[str, int]:
    """How many visits are in each state; `disputed` and `stale` beside them."""
    where, values = visit_where(f)
    counts = {"disputed": 0, "stale": 0}
    for state, n, disputed, stale in connection.exec_driver_sql(
        "SELECT CASE WHEN v.stale = 1 THEN 'submitted' ELSE v.state END AS shown, count(*), sum(v.disputed), "
        f"sum(v.stale) FROM visit v WHERE {where} GROUP BY shown",
        tuple(values),
    ):
        counts[state or "draft"] = counts.get(state or "draft", 0) + n
        counts["disputed"] += disputed
        counts["stale"] += stale
    return counts


def numbers_of_year(connection: Connection, year: str) -> int:
    """How many visits have a 编号 of that year's series; the next counter is one more."""
    return int(
        connection.exec_driver_sql(
            "SELECT count(*) FROM visit WHERE number >= ? AND number < ?", (f"{year}-", f"{year}.")
        ).scalar_one()
    )


def rowid_of(connection: Connection, record: str) -> int | None:
    """The row number of a visit, None where there is no such row."""
    found = connection.exec_driver_sql("SELECT rowid FROM visit WHERE id = ?", (record,)).scalar()
    return None if found is None else int(found)


RECENT = 20_000
"""Among how many of the latest visits words are looked for: what was written years ago is not suggested."""


def used_words(connection: Connection, column: str, limit: int = 500) -> list[str]:
    """What was written in a text column or pick list lately, the most frequent first."""
    lately = f"(SELECT {column} FROM visit WHERE deleted = 0 ORDER BY rowid DESC LIMIT {RECENT})"
    if column in ("ways", "varieties", "techniques"):
        sql = (
            f"SELECT j.value, count(*) AS n FROM {lately} v, json_each(v.{column}) j WHERE v.{column} IS NOT NULL "
            "GROUP BY 1 ORDER BY n DESC, 1 LIMIT ?"
        )
    elif column in ("topic", "industry", "materials", "contact"):
        sql = (
            f"SELECT {column}, count(*) AS n FROM {lately} WHERE {column} IS NOT NULL "
            "GROUP BY 1 ORDER BY n DESC, 1 LIMIT ?"
        )
    else:
        raise ValueError(column)
    return [str(row[0]) for row in connection.exec_driver_sql(sql, (limit,))]


def used_companions(connection: Connection, limit: int = 500) -> list[str]:
    """Who went along lately, the most frequent first."""
    rows = connection.exec_driver_sql(
        "SELECT name, count(*) AS n FROM (SELECT name FROM visit_companion WHERE deleted = 0 AND name IS NOT NULL "
        f"ORDER BY rowid DESC LIMIT {RECENT}) GROUP BY name ORDER BY n DESC, name LIMIT ?",
        (limit,),
    )
    return [str(row[0]) for row in rows]


@dataclass(frozen=True)
class LastVisit:
    """Where a place was last, and whom it served there."""

    date: str | None
    county: str | None
    township: str | None
    recipient_name: str
    contact: str | None
    contact_phone: str | None


def last_visit(connection: Connection, appointment: str) -> LastVisit | None:
    """The visit of a place that was logged last, whatever its date; None where it has none."""
    row = connection.exec_driver_sql(
        "SELECT v.date, v.county, v.township, coalesce(r.name, ''), v.contact, v.contact_phone FROM visit_place p "
        f"JOIN visit v ON v.id = p.visit LEFT JOIN recipient r ON r.id = {_RECIPIENT} AND r.deleted = 0 "
        "WHERE p.appointment = ? AND v.deleted = 0 ORDER BY p.visit DESC LIMIT 1",
        (appointment,),
    ).fetchone()
    return LastVisit(*row) if row else None


def visits_by_number(connection: Connection, numbers: Iterable[str]) -> dict[str, list[str]]:
    """Records of the live visits by 编号, of those that were asked for."""
    found: dict[str, list[str]] = {}
    for part in chunks({n for n in numbers if n}):
        for record, number in connection.exec_driver_sql(
            f"SELECT id, number FROM visit WHERE deleted = 0 AND number IN ({marks(part)})", tuple(part)
        ):
            found.setdefault(number, []).append(record)
    return found


def states_of(connection: Connection, visits: Sequence[str]) -> list[tuple[str, str, bool]]:
    """(record, state, stale) of the live ones of some visits."""
    found: list[tuple[str, str, bool]] = []
    for part in chunks(visits):
        rows = connection.exec_driver_sql(
            f"SELECT id, coalesce(state,'draft'), stale FROM visit WHERE deleted = 0 AND id IN ({marks(part)})",
            tuple(part),
        )
        found += [(row[0], row[1], bool(row[2])) for row in rows]
    return found


def companions(connection: Connection, visits: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """(record, name) of those who went along, by visit, in the order they were named."""
    found: dict[str, list[tuple[str, str]]] = {}
    for part in chunks(visits):
        for record, visit, name in connection.exec_driver_sql(
            f"SELECT id, visit, coalesce(name,'') FROM visit_companion WHERE deleted = 0 AND visit IN ({marks(part)}) "
            "ORDER BY id",
            tuple(part),
        ):
            found.setdefault(visit, []).append((record, name))
    return found


def briefs(
    connection: Connection, visits: Sequence[str]
) -> dict[str, tuple[str, str, str | None, str | None]]:
    """(date, names, county, township) of some visits: enough to tell which one is meant."""
    found: dict[str, tuple[str, str, str | None, str | None]] = {}
    for part in chunks(visits):
        names, _ = _names(connection, "id", part)
        for record, day, county, township in connection.exec_driver_sql(
            f"SELECT id, coalesce(date,''), county, township FROM visit WHERE id IN ({marks(part)})",
            tuple(part),
        ):
            found[record] = (day, names.get(record, ""), county, township)
    return found


def stale_visits(connection: Connection) -> list[str]:
    """Visits whose content changed after they had passed, the latest first; those in dispute are left out."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM visit WHERE deleted = 0 AND stale = 1 AND disputed = 0 ORDER BY date DESC, id DESC"
    )
    return [row[0] for row in rows]


@dataclass(frozen=True)
class VisitDetails:
    """The fields of a visit that a list does not show."""

    problem: str | None
    solution: str | None
    varieties: tuple[str, ...]
    techniques: tuple[str, ...]
    materials: str | None
    contact: str | None
    contact_phone: str | None
    opinion: str | None
    satisfaction: str | None
    remark: str | None


def visit_details(connection: Connection, rowids: Sequence[int]) -> dict[int, VisitDetails]:
    """What `visit_rows` leaves out, by row number."""
    found: dict[int, VisitDetails] = {}
    for part in chunks(rowids):
        for row in connection.exec_driver_sql(
            "SELECT rowid, problem, solution, varieties, techniques, materials, contact, contact_phone, opinion, "
            f"satisfaction, remark FROM visit WHERE rowid IN ({marks(part)})",
            tuple(part),
        ):
            lists = [tuple(str(w) for w in _listed(row[n])) for n in (3, 4)]
            found[row[0]] = VisitDetails(row[1], row[2], lists[0], lists[1], *row[5:11])
    return found


def visits_outside(connection: Connection, periods: Sequence[tuple[str, str]]) -> int:
    """How many live visits have a date in none of some periods (inclusive ISO dates)."""
    where = " AND ".join("NOT (date BETWEEN ? AND ?)" for _ in periods)
    values = tuple(day for period in periods for day in period)
    found = connection.exec_driver_sql(f"SELECT count(*) FROM visit WHERE deleted = 0 AND {where}", values)
    return int(found.scalar_one())


@dataclass
class CalendarDay:
    """A day of a calendar: visits under way on it, half days of those that begin on it, the first row numbers."""

    count: int = 0
    half_days: int = 0
    rowids: list[int] = field(default_factory=list)


def calendar(
    connection: Connection, f: VisitFilter, first: str, last: str, lines: int
) -> dict[str, CalendarDay]:
    """The visits of some days (inclusive ISO dates), by day; of each day the first `lines` row numbers.

    A visit of several days is on each of them.
    """
    start = max(first, f.start or first)
    where, values = visit_where(replace(f, start=start, end=min(last, f.end or last)))
    found: dict[str, CalendarDay] = {}
    for day, count, half_days in connection.exec_driver_sql(
        f"SELECT v.date, count(*), coalesce(sum(v.half_days),0) FROM visit v WHERE {where} GROUP BY v.date",
        tuple(values),
    ):
        found[day] = CalendarDay(count, half_days)
    for rowid, day in connection.exec_driver_sql(
        "SELECT rowid, date FROM (SELECT v.rowid AS rowid, v.date AS date, row_number() OVER (PARTITION BY v.date "
        f"ORDER BY coalesce(v.start_time, '~'), v.id) AS n FROM visit v WHERE {where}) WHERE n <= ? ORDER BY date, n",
        (*values, lines),
    ):
        found[day].rowids.append(rowid)
    back = max(_reaching_back(first), f.start or "")
    where, values = visit_where(replace(f, start=back, end=min(last, f.end or last)))
    for rowid, begun, ended in connection.exec_driver_sql(
        f"SELECT v.rowid, v.date, v.end_date FROM visit v WHERE {where} AND v.end_date > v.date AND v.end_date >= ? "
        "ORDER BY v.date, v.id",
        (*values, first),
    ):
        for day in _days(max(begun, first), min(ended, last)):
            if day != begun:
                entry = found.setdefault(day, CalendarDay())
                entry.count += 1
                if len(entry.rowids) < lines:
                    entry.rowids.append(rowid)
    return found


def _days(first: str, last: str) -> Iterable[str]:
    """The days from one ISO date to another; none where one of them is not a date."""
    try:
        day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    except ValueError:
        return
    while day <= end:
        yield day.isoformat()
        day += dt.timedelta(days=1)
