"""Reading people and sending organisations: who is whose duplicate, who held which place, who made which visits."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from db.journal.merged import standing
from db.journal.store import chunks, marks
from db.queries.roster import PersonRow

_HOLDER = standing("commissioner", "t.commissioner")


@dataclass(frozen=True)
class TenureRow:
    """Somebody's time at a place, with the place's batch; ends may be open."""

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


@dataclass(frozen=True)
class PersonFacts:
    """A person that stands for itself, with all that tells whether another is the same; visits in all states."""

    id: str
    name: str
    organisation: str | None
    organisation_name: str
    values: dict[str, object] = field(hash=False)
    phone: str = ""
    id_number: str = ""
    visits: int = 0
    half_days: int = 0
    places: tuple[str, ...] = ()
    open_places: tuple[str, ...] = ()


@dataclass(frozen=True)
class OrganisationFacts:
    """A sending organisation that stands for itself, and how much names it."""

    id: str
    name: str
    aliases: tuple[str, ...]
    remark: str
    people: int
    places: int
    teams: int


def joined(connection: Connection, entity: str, record: str) -> list[str]:
    """The records that were merged with one, itself included; who stands for them comes first."""
    stands = connection.exec_driver_sql(
        "SELECT stands FROM merged WHERE entity = ? AND record = ?", (entity, record)
    ).scalar()
    first = str(stands or record)
    rows = connection.exec_driver_sql(
        "SELECT record FROM merged WHERE entity = ? AND stands = ? ORDER BY record", (entity, first)
    )
    return [first, *(row[0] for row in rows)]


def tenures(
    connection: Connection, places: Iterable[str] | None = None, commissioner: str | None = None
) -> list[TenureRow]:
    """Who holds and held some places, or the places of a person; in order of time, the merged as the one."""
    found: list[TenureRow] = []
    sql = (
        "SELECT t.id, a.id, coalesce(a.code,''), coalesce(k.name,''), b.year, coalesce(b.name,''), c.id, "
        "coalesce(c.name,''), t.held_from, t.held_to FROM appointment_person t "
        "JOIN appointment a ON a.id = t.appointment AND a.deleted = 0 "
        f"JOIN commissioner c ON c.id = {_HOLDER} AND c.deleted = 0 LEFT JOIN category k ON k.id = a.category "
        "LEFT JOIN batch b ON b.id = a.batch WHERE t.deleted = 0"
    )
    order = " ORDER BY coalesce(b.year, 0), a.code, coalesce(t.held_from,''), t.id"
    if commissioner is not None:
        rows = connection.exec_driver_sql(f"{sql} AND c.id = ?{order}", (commissioner,))
        found += [TenureRow(*row) for row in rows]
    for part in chunks(sorted(set(places))) if places is not None else ():
        rows = connection.exec_driver_sql(f"{sql} AND a.id IN ({marks(part)}){order}", tuple(part))
        found += [TenureRow(*row) for row in rows]
    return found


def holders(connection: Connection) -> dict[str, tuple[PersonRow, ...]]:
    """Who holds and held each place, in order of time, the merged as the one."""
    found: dict[str, list[PersonRow]] = {}
    for row in connection.exec_driver_sql(
        "SELECT t.appointment, t.id, c.id, coalesce(c.name,''), t.held_from, t.held_to FROM appointment_person t "
        f"JOIN commissioner c ON c.id = {_HOLDER} WHERE t.deleted = 0 AND c.deleted = 0 "
        "ORDER BY coalesce(t.held_from,''), t.id"
    ):
        found.setdefault(row[0], []).append(PersonRow(*row[1:]))
    return {place: tuple(people) for place, people in found.items()}


def visits_made(
    connection: Connection, places: Iterable[str], states: tuple[str, ...]
) -> list[tuple[str, str | None, str, int]]:
    """(place, person, date, half days) of the visits of some places that are in some states."""
    found: list[tuple[str, str | None, str, int]] = []
    person = standing("commissioner", "p.commissioner")
    for part in chunks(sorted(set(places))):
        rows = connection.exec_driver_sql(
            f"SELECT p.appointment, {person}, coalesce(v.date,''), coalesce(v.half_days,0) FROM visit_place p "
            f"JOIN visit v ON v.id = p.visit WHERE p.appointment IN ({marks(part)}) AND v.deleted = 0 "
            f"AND v.state IN ({marks(states)})",
            (*part, *states),
        )
        found += [(row[0], row[1], row[2], row[3]) for row in rows]
    return found


def places_visited_for(connection: Connection, commissioner: str) -> list[str]:
    """The places for which somebody has made visits, as any of the merged."""
    ids = joined(connection, "commissioner", commissioner)
    rows = connection.exec_driver_sql(
        f"SELECT DISTINCT appointment FROM visit_place WHERE commissioner IN ({marks(ids)})", tuple(ids)
    )
    return [row[0] for row in rows]


def place_titles(
    connection: Connection, places: Iterable[str]
) -> dict[str, tuple[str, str, int | None, str]]:
    """(code, category, year, batch's name) of some places."""
    found: dict[str, tuple[str, str, int | None, str]] = {}
    for part in chunks(sorted(set(places))):
        for row in connection.exec_driver_sql(
            "SELECT a.id, coalesce(a.code,''), coalesce(k.name,''), b.year, coalesce(b.name,'') FROM appointment a "
            "LEFT JOIN category k ON k.id = a.category LEFT JOIN batch b ON b.id = a.batch "
            f"WHERE a.id IN ({marks(part)})",
            tuple(part),
        ):
            found[row[0]] = (row[1], row[2], row[3], row[4])
    return found


def people_names(connection: Connection, records: Iterable[str]) -> dict[str, str]:
    """Names of people by record."""
    found: dict[str, str] = {}
    for part in chunks(sorted(set(records))):
        rows = connection.exec_driver_sql(
            f"SELECT id, coalesce(name,'') FROM commissioner WHERE id IN ({marks(part)})", tuple(part)
        )
        found.update({row[0]: row[1] for row in rows})
    return found


def known_names(connection: Connection) -> list[tuple[str, str]]:
    """(record, name) of everybody, merged ones by their own name and that of who stands for them."""
    rows = connection.exec_driver_sql(
        "SELECT id, name FROM commissioner WHERE deleted = 0 AND name IS NOT NULL UNION "
        "SELECT m.record, c.name FROM merged m JOIN commissioner c ON c.id = m.stands "
        "WHERE m.entity = 'commissioner' AND c.name IS NOT NULL"
    )
    return [(row[0], row[1]) for row in rows]


_FIELDS = (
    "gender",
    "birth_month",
    "department",
    "title",
    "post",
    "degree",
    "specialty",
    "industries",
    "remark",
)


def all_people(connection: Connection) -> list[PersonFacts]:
    """Everybody that stands for itself, by name."""
    made: dict[str, tuple[int, int]] = {}
    person = standing("commissioner", "p.commissioner")
    for row in connection.exec_driver_sql(
        f"SELECT {person} AS who, count(DISTINCT v.id), sum(coalesce(v.half_days,0)) FROM visit_place p "
        "JOIN visit v ON v.id = p.visit WHERE v.deleted = 0 AND p.commissioner IS NOT NULL GROUP BY who"
    ):
        made[row[0]] = (row[1], row[2])
    held: dict[str, list[str]] = {}
    now: dict[str, list[str]] = {}
    for place, people in holders(connection).items():
        for each in people:
            held.setdefault(each.commissioner, []).append(place)
            if each.held_to is None:
                now.setdefault(each.commissioner, []).append(place)
    every = {place for places in held.values() for place in places}
    titles = {place: title[0] for place, title in place_titles(connection, every).items()}
    found = []
    private = ", ".join(
        f"coalesce(max(CASE WHEN p.commissioner = c.id THEN p.{f} END), max(p.{f}), '')"
        for f in ("phone", "id_number", "email")
    )
    for row in connection.exec_driver_sql(
        f"SELECT c.id, coalesce(c.name,''), o.id, coalesce(o.name,''), {private}, "
        f"{', '.join('c.' + f for f in _FIELDS)} FROM commissioner c "
        f"LEFT JOIN organisation o ON o.id = {standing('organisation', 'c.organisation')} "
        f"LEFT JOIN commissioner_private p ON {standing('commissioner', 'p.commissioner')} = c.id AND p.deleted = 0 "
        "WHERE c.deleted = 0 AND c.id NOT IN (SELECT record FROM merged WHERE entity = 'commissioner') "
        "GROUP BY c.id ORDER BY c.name, c.id"
    ):
        values: dict[str, object] = dict(zip(("email", *_FIELDS), row[6:], strict=True))
        values["industries"] = json.loads(row[6 + 1 + _FIELDS.index("industries")] or "null")
        visits, half_days = made.get(row[0], (0, 0))
        codes = [titles[p] for p in dict.fromkeys(held.get(row[0], ())) if p in titles]
        open_codes = tuple(titles[p] for p in dict.fromkeys(now.get(row[0], ())) if p in titles)
        found.append(
            PersonFacts(
                row[0],
                row[1],
                row[2],
                row[3],
                values,
                row[4],
                row[5],
                visits,
                half_days,
                tuple(codes),
                open_codes,
            )
        )
    return found


def all_organisations(connection: Connection) -> list[OrganisationFacts]:
    """Every sending organisation that stands for itself, by name."""
    counts: dict[str, list[int]] = {}
    for n, table in enumerate(("commissioner", "appointment", "team")):
        own = "AND x.id NOT IN (SELECT record FROM merged WHERE entity = 'commissioner') " if n == 0 else ""
        for record, many in connection.exec_driver_sql(
            f"SELECT {standing('organisation', 'x.organisation')} AS o, count(*) FROM {table} x "
            f"WHERE x.deleted = 0 AND x.organisation IS NOT NULL {own}GROUP BY o"
        ):
            counts.setdefault(record, [0, 0, 0])[n] = many
    rows = connection.exec_driver_sql(
        "SELECT id, coalesce(name,''), aliases, coalesce(remark,'') FROM organisation WHERE deleted = 0 "
        "AND id NOT IN (SELECT record FROM merged WHERE entity = 'organisation') ORDER BY name, id"
    )
    return [
        OrganisationFacts(r[0], r[1], tuple(json.loads(r[2] or "[]")), r[3], *counts.get(r[0], (0, 0, 0)))
        for r in rows
    ]


def settings_of(connection: Connection, key: str) -> list[dict[str, object]]:
    """The values of the shared settings of one key."""
    rows = connection.exec_driver_sql(
        "SELECT value FROM setting WHERE key = ? AND deleted = 0 AND value IS NOT NULL ORDER BY id", (key,)
    )
    found = [json.loads(row[0]) for row in rows]
    return [value for value in found if isinstance(value, dict)]
