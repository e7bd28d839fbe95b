"""What the rules of doubts (待核实) read: visits and whose they are, periods, stays, photos, texts, answers."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Connection

from db.journal.ranges import Ranges
from db.journal.store import chunks, marks
from db.queries.roster import covers

Person = tuple[str, str]
"""("commissioner", id of who stands for them) or, for a place without a person, ("place", id)."""

VISIT = "v.rowid, v.date, v.end_date, v.start_time, v.end_time, v.half_days, v.county, v.who, v.ways, v.trained, v.households"
"""Columns of a visit that the rules look at, in the order of `visits`."""

PHOTO = "a.deleted = 0 AND a.kind = '照片'"


@dataclass(frozen=True)
class Reference:
    """What visits are held against. periods: place → (from, to) of its batch's service; stays: place → (county, from, to).

    standing: people that were merged → who stands for them; names: county → its everyday name.
    """

    periods: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    stays: dict[str, list[tuple[str, str | None, str | None]]] = field(default_factory=dict)
    standing: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def counties(self, places: Iterable[str], day: str) -> list[str]:
        """The counties that some places are assigned to on a day."""
        return list(
            dict.fromkeys(
                county
                for p in places
                for county, start, end in self.stays.get(p, ())
                if covers(start, end, day)
            )
        )

    def person(self, place: str, commissioner: str | None) -> Person:
        """Whom a visit of a place counts for."""
        if commissioner is None:
            return ("place", place)
        return ("commissioner", self.standing.get(commissioner, commissioner))


def reference(connection: Connection) -> Reference:
    """What visits are held against now."""
    stays: dict[str, list[tuple[str, str | None, str | None]]] = {}
    for place, county, start, end in connection.exec_driver_sql(
        "SELECT appointment, county, assigned_from, assigned_to FROM assignment WHERE deleted = 0 AND county IS NOT NULL "
        "ORDER BY assigned_from, id"
    ):
        stays.setdefault(place, []).append((county, start, end))
    periods = connection.exec_driver_sql(
        "SELECT a.id, b.service_from, b.service_to FROM appointment a JOIN batch b ON b.id = a.batch "
        "WHERE b.deleted = 0 AND (b.service_from IS NOT NULL OR b.service_to IS NOT NULL)"
    )
    merged = connection.exec_driver_sql("SELECT record, stands FROM merged WHERE entity = 'commissioner'")
    names = connection.exec_driver_sql("SELECT code, name FROM division WHERE level = 1")
    return Reference(
        {row[0]: (row[1], row[2]) for row in periods}, stays, {row[0]: row[1] for row in merged},
        {row[0]: row[1] for row in names},
    )  # fmt: skip


def _rows(connection: Connection, sql: str, values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows as the driver gives them, one after the other."""
    return iter(cast("Iterable[tuple[Any, ...]]", connection.exec_driver_sql(sql, values).cursor))


def _some(rowids: Iterable[int]) -> tuple[str, tuple[str]]:
    return "SELECT value FROM json_each(?)", (json.dumps(sorted(rowids)),)


def visits(connection: Connection, rowids: Iterable[int] | None = None) -> Iterator[tuple[Any, ...]]:
    """The live visits (some of them, by row number) with the columns of `VISIT`."""
    if rowids is None:
        return _rows(connection, f"SELECT {VISIT} FROM visit v WHERE v.deleted = 0")
    some, values = _some(rowids)
    return _rows(
        connection, f"SELECT {VISIT} FROM visit v WHERE v.deleted = 0 AND v.rowid IN ({some})", values
    )


def texts(connection: Connection, rowids: Iterable[int] | None = None) -> Iterator[tuple[int, str | None]]:
    """(row number, content) of the live visits; of some by row number also None for those that are deleted."""
    if rowids is None:
        found = _rows(connection, "SELECT rowid, content FROM visit WHERE deleted = 0")
    else:
        some, values = _some(rowids)
        case = "CASE WHEN deleted = 0 THEN content END"
        found = _rows(connection, f"SELECT rowid, {case} FROM visit WHERE rowid IN ({some})", values)
    return ((row[0], row[1]) for row in found)


def rows_of_people(
    connection: Connection, people: Iterable[Person], standing: dict[str, str]
) -> list[tuple[int, str, str | None]]:
    """(row number, place, commissioner) of the live visits that count for some people."""
    wanted = set(people)
    ids = {p for kind, p in wanted if kind == "commissioner"}
    ids |= {record for record, stands in standing.items() if stands in ids}
    rows = _rows(
        connection,
        "SELECT v.rowid, p.appointment, p.commissioner FROM visit_place p JOIN visit v ON v.id = p.visit "
        "WHERE v.deleted = 0 AND (p.commissioner IN (SELECT value FROM json_each(?)) OR (p.commissioner IS NULL "
        "AND p.appointment IN (SELECT value FROM json_each(?))))",
        (json.dumps(sorted(ids)), json.dumps(sorted(p for kind, p in wanted if kind == "place"))),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def photos(
    connection: Connection, rowids: Iterable[int] | None = None
) -> Iterator[tuple[int, str, str | None]]:
    """(visit's row number, file's name, when taken) of the photos of live visits (of some)."""
    some, values = _some(rowids) if rowids is not None else ("", ())
    only = f"AND v.rowid IN ({some})" if some else ""
    # The comma join would let SQLite begin at either table; from the visits it takes the index by visit.
    return cast(
        "Iterator[tuple[int, str, str | None]]",
        _rows(
            connection,
            "SELECT v.rowid, coalesce(a.file_name, ''), a.taken_at FROM visit v JOIN attachment a ON a.visit = v.id "
            f"WHERE v.deleted = 0 AND {PHOTO} {only}",
            values,
        ),
    )


def reused_photos(connection: Connection) -> list[tuple[str, int, str]]:
    """(hash, visit's row number, file's name) of the photos whose bytes or source stand at two live visits or more."""
    rows = _rows(
        connection,
        "WITH p AS (SELECT v.rowid AS visit, a.sha256 AS hash, coalesce(a.file_name, '') AS name FROM attachment a "
        f"JOIN visit v ON v.id = a.visit WHERE v.deleted = 0 AND {PHOTO} AND a.sha256 IS NOT NULL UNION "
        "SELECT v.rowid, a.source_sha256, coalesce(a.file_name, '') FROM attachment a JOIN visit v ON v.id = a.visit "
        f"WHERE v.deleted = 0 AND {PHOTO} AND a.source_sha256 IS NOT NULL) "
        "SELECT hash, visit, name FROM p WHERE hash IN (SELECT hash FROM p GROUP BY hash HAVING count(DISTINCT visit) > 1) "
        "ORDER BY visit, name, hash",
    )
    return [(row[0], row[1], row[2]) for row in rows]


def visits_with_photos(connection: Connection, hashes: Iterable[str]) -> list[tuple[str, int]]:
    """(hash, visit's row number) of the live visits that hold photos with some bytes or sources."""
    some = json.dumps(sorted(set(hashes)))
    rows = _rows(
        connection,
        "WITH h AS MATERIALIZED (SELECT value FROM json_each(?)) "
        "SELECT a.sha256, v.rowid FROM attachment a JOIN visit v ON v.id = a.visit WHERE v.deleted = 0 "
        f"AND {PHOTO} AND a.sha256 IN (SELECT value FROM h) UNION "
        "SELECT a.source_sha256, v.rowid FROM attachment a JOIN visit v ON v.id = a.visit WHERE v.deleted = 0 "
        f"AND {PHOTO} AND a.source_sha256 IN (SELECT value FROM h) ORDER BY 2, 1",
        (some,),
    )
    return [(row[0], row[1]) for row in rows]


def photo_hashes(connection: Connection, rowids: Iterable[int]) -> list[tuple[int, str, str]]:
    """(visit's row number, hash, file's name) of the photos of some visits; a photo may have two hashes."""
    some, values = _some(rowids)
    found: list[tuple[int, str, str]] = []
    for rowid, sha, source, name in _rows(
        connection,
        "SELECT v.rowid, a.sha256, a.source_sha256, coalesce(a.file_name, '') FROM visit v "
        f"JOIN attachment a ON a.visit = v.id WHERE {PHOTO} AND v.rowid IN ({some}) ORDER BY v.rowid, a.id",
        values,
    ):
        found += [(rowid, each, name) for each in dict.fromkeys((sha, source)) if each]
    return found


def rowids(connection: Connection, visits: Sequence[str]) -> dict[str, int]:
    """Visit → row number, deleted ones included."""
    found: dict[str, int] = {}
    for part in chunks(visits):
        rows = connection.exec_driver_sql(
            f"SELECT id, rowid FROM visit WHERE id IN ({marks(part)})", tuple(part)
        )
        found.update({row[0]: row[1] for row in rows})
    return found


def ids(connection: Connection, rowids: Sequence[int]) -> dict[int, str]:
    """Row number → visit."""
    found: dict[int, str] = {}
    for part in chunks(rowids):
        rows = connection.exec_driver_sql(
            f"SELECT rowid, id FROM visit WHERE rowid IN ({marks(part)})", tuple(part)
        )
        found.update({row[0]: row[1] for row in rows})
    return found


def answers(connection: Connection, visits: Sequence[str] | None = None) -> dict[tuple[str, str], str]:
    """(visit, rule) → remark of the live answers (to doubts about some visits)."""
    found: dict[tuple[str, str], str] = {}
    parts: Iterable[Sequence[str] | None] = [None] if visits is None else chunks(visits)
    for part in parts:
        where = f"AND visit IN ({marks(part)})" if part is not None else ""
        for visit, rule, answer in connection.exec_driver_sql(
            "SELECT visit, rule, answer FROM doubt_answer WHERE deleted = 0 AND visit IS NOT NULL AND rule IS NOT NULL "
            f"{where} ORDER BY id",
            tuple(part or ()),
        ):
            found[visit, rule] = answer or ""
    return found


def answered(connection: Connection) -> list[tuple[str, int]]:
    """(rule, visit's row number) of the live answers."""
    rows = connection.exec_driver_sql(
        "SELECT d.rule, v.rowid FROM doubt_answer d JOIN visit v ON v.id = d.visit "
        "WHERE d.deleted = 0 AND v.deleted = 0 AND d.rule IS NOT NULL"
    )
    return [(row[0], row[1]) for row in rows]


def trust_stamp(connection: Connection) -> tuple[Any, ...]:
    """Differs once a person has decided about a station: then rows change without a change of the journal."""
    return tuple(connection.exec_driver_sql("SELECT count(*), coalesce(max(decided), 0) FROM trust").one())


def changed(connection: Connection, fresh: Ranges) -> dict[str, set[str]]:
    """Entity → records of some changes of the journal."""
    found: dict[str, set[str]] = {}
    for session, first, last in fresh:
        for entity, record in connection.exec_driver_sql(
            "SELECT entity, record FROM change WHERE session = ? AND seq BETWEEN ? AND ?",
            (session, first, last),
        ):
            found.setdefault(entity, set()).add(record)
    return found


def visits_of_attachments(connection: Connection, attachments: Sequence[str]) -> list[str]:
    """The visits that some attachments belong to, removed ones included."""
    found: list[str] = []
    for part in chunks(attachments):
        rows = connection.exec_driver_sql(
            f"SELECT DISTINCT visit FROM attachment WHERE visit IS NOT NULL AND id IN ({marks(part)})",
            tuple(part),
        )
        found += [row[0] for row in rows]
    return found
