"""`apply`: the one way changes enter the ledger, and how they are read back."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Row

from db.entities import DELETED, Entity, entities, entity
from db.journal import certificates, facts, merged
from db.journal.changes import Change, ChangeId, Operation, heads_from
from db.journal.fold import Folded, fold
from db.journal.ranges import Ranges, spans_of
from db.journal.rights import Certificates

T = TypeVar("T")

CHUNK = 500
"""Records per IN list, below SQLite's limit of variables on every build."""

CHANGE_COLUMNS = 'session, seq, operation, wall, entity, record, kind, "values", replaces, saw, format, salt'

SELECT_CHANGE = (
    "SELECT c.session, c.seq, c.operation, c.wall, c.entity, c.record, c.kind, "
    'c."values", c.replaces, c.saw, c.format, c.salt, i.station '
    "FROM change c LEFT JOIN incarnation i ON i.session = c.session "
)
"""Changes with their author's station, as `change_from` takes them."""


@dataclass
class Applied:
    """What an application did: entity → ids of the records whose rows were written."""

    records: dict[str, list[str]] = field(default_factory=dict)

    @property
    def entities(self) -> frozenset[str]:
        """The kinds of things that changed."""
        return frozenset(self.records)


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


def marks(items: Sequence[Any]) -> str:
    """As many question marks as there are items."""
    return ",".join("?" * len(items))


def apply(connection: Connection, operations: Sequence[Operation], changes: Sequence[Change]) -> Applied:
    """Write operations with their changes and fold them into the tables.

    The caller holds the write transaction. The changes are new to this ledger, in canonical form and know their
    station. The window, the command line, imports, undo and merging all come through here.
    """
    touched: dict[str, dict[str, None]] = {}
    for change in changes:
        touched.setdefault(change.entity, {})[change.record] = None
    known = known_records(connection, (r for records in touched.values() for r in records))
    _insert_journal(connection, operations, changes)
    _hold(connection, changes)
    affected: dict[str, dict[str, None]] = {}
    if "station" in touched:
        affected = _certificates_anew(connection, touched["station"])
    valid = certificates.load(connection)
    applied = Applied()
    single: dict[str, list[Change]] = {}
    for change in changes:
        if change.record not in known:
            single.setdefault(change.record, []).append(change)
    for name, records in touched.items():
        target = entity(name)
        if target is None:  # only a newer version knows it: kept and passed on, not folded
            continue
        # Part by part: an import of 100,000 does not hold all its rows a second time.
        for part in chunks(r for r in records if r not in known):
            of_entity = (([c for c in single[r] if c.entity == name]) for r in part)
            write_rows(connection, target, [(fold(found, valid), found) for found in of_entity], new=True)
        _refold(connection, target, (r for r in records if r in known), valid)
        applied.records[name] = list(records)
    for name, records in affected.items():
        target = entity(name)
        others = [r for r in records if r not in touched.get(name, ())]
        if target is not None and others:
            _refold(connection, target, others, valid)
            applied.records.setdefault(name, []).extend(others)
    return applied


def refold_trust(connection: Connection) -> Applied:
    """Bring certificates and rows up to date after a person's decision about a station."""
    applied = Applied()
    affected = _certificates_anew(connection, ())
    valid = certificates.load(connection)
    for name, records in affected.items():
        target = entity(name)
        if target is not None:
            _refold(connection, target, records, valid)
            applied.records[name] = list(records)
    return applied


def _certificates_anew(connection: Connection, touched: Iterable[str]) -> dict[str, dict[str, None]]:
    """Compute the certificates; returns the records that stations wrote whose certificate is another now."""
    changed = certificates.refresh(connection, station_changes(connection, touched))
    affected: dict[str, dict[str, None]] = {}
    for station in changed:
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT c.entity, c.record FROM incarnation i JOIN change c ON c.session = i.session "
            "WHERE i.station = ?",
            (station,),
        )
        for name, record in rows:
            affected.setdefault(name, {})[record] = None
    return affected


def station_changes(connection: Connection, more: Iterable[str] = ()) -> list[Change]:
    """The changes of all station records (and of `more`, whose rows may not be written yet)."""
    records = {row[0] for row in connection.exec_driver_sql("SELECT id FROM station")} | set(more)
    return [
        c for part in chunks(sorted(records)) for cs in load(connection, part, "station").values() for c in cs
    ]


def _refold(connection: Connection, target: Entity, records: Iterable[str], valid: Certificates) -> None:
    for part in chunks(records):
        found = load(connection, part, target.name).values()
        write_rows(connection, target, [(fold(changes, valid), changes) for changes in found])


def rebuild(connection: Connection) -> int:
    """Compute every row and derived table anew from the journal; returns the number of records."""
    for table in ("conflict", "aside", "also", "visit_place", "held", "merged"):
        connection.exec_driver_sql(f"DELETE FROM {table}")
    connection.exec_driver_sql(
        "INSERT INTO held (session, first, last) SELECT session, min(seq), max(seq) FROM "
        "(SELECT session, seq, seq - row_number() OVER (PARTITION BY session ORDER BY seq) AS island FROM change) "
        "GROUP BY session, island"
    )
    stations = [
        row[0]
        for row in connection.exec_driver_sql("SELECT DISTINCT record FROM change WHERE entity = 'station'")
    ]
    certificates.refresh(connection, station_changes(connection, stations))
    valid = certificates.load(connection)
    count = 0
    for target in entities().values():
        connection.exec_driver_sql(
            f'DELETE FROM "{target.name}" WHERE id NOT IN (SELECT record FROM change WHERE entity = ?)',
            (target.name,),
        )
        batch: list[tuple[Folded, list[Change]]] = []
        for changes in list(load_all(connection, target.name)):
            batch.append((fold(changes, valid), changes))
            count += 1
            if len(batch) >= 5000:
                write_rows(connection, target, batch, new=True)
                batch = []
        write_rows(connection, target, batch, new=True)
    return count


def known_records(connection: Connection, records: Iterable[str], name: str | None = None) -> set[str]:
    """Which of the records have changes here; with `name` of that entity."""
    known: set[str] = set()
    for part in chunks(records):
        rows = connection.exec_driver_sql(
            f"SELECT DISTINCT record FROM change WHERE record IN ({marks(part)})"
            + ("" if name is None else " AND entity = ?"),
            (*part, *(() if name is None else (name,))),
        )
        known.update(row[0] for row in rows)
    return known


def _insert_journal(
    connection: Connection, operations: Sequence[Operation], changes: Sequence[Change]
) -> None:
    arrival = connection.exec_driver_sql("SELECT coalesce(max(arrival), 0) FROM operation").scalar_one()
    headers = [
        (
            o.id.session, o.id.seq, o.last, o.label, o.actor, o.wall, str(o.undoes) if o.undoes else None,
            o.signature, arrival + n,
        )
        for n, o in enumerate(operations, 1)
    ]  # fmt: skip
    if headers:  # none where further changes came of an operation that is known
        connection.exec_driver_sql(
            "INSERT INTO operation (session, first, last, label, actor, wall, undoes, signature, arrival) "
            "VALUES (?,?,?,?,?,?,?,?,?)",
            headers,
        )
    connection.exec_driver_sql(
        f"INSERT INTO change ({CHANGE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        [
            (
                c.id.session, c.id.seq, c.operation, c.wall, c.entity, c.record, c.kind,
                *c.texts, c.format, c.salt,
            )
            for c in changes
        ],
    )  # fmt: skip


def _hold(connection: Connection, changes: Sequence[Change]) -> None:
    """Note which numbers this ledger holds now, and let go of the digests that stood for them."""
    by_session: dict[str, list[tuple[str, int, int]]] = {}
    for span in spans_of(c.id for c in changes):
        by_session.setdefault(span[0], []).append(span)
    for session, spans in by_session.items():
        if len(spans) > CHUNK:  # a sieve: what a county got of a large operation
            rows = connection.exec_driver_sql(
                "SELECT session, first, last FROM held WHERE session = ?", (session,)
            )
            whole = Ranges.of([*(tuple(r) for r in rows), *spans])
            connection.exec_driver_sql("DELETE FROM held WHERE session = ?", (session,))
            connection.exec_driver_sql("INSERT INTO held (session, first, last) VALUES (?,?,?)", list(whole))
        else:
            for _, first, last in spans:
                _hold_span(connection, session, first, last)
        absent = connection.exec_driver_sql(
            "SELECT 1 FROM absent_digest WHERE session = ? LIMIT 1", (session,)
        ).scalar()
        if absent:
            connection.exec_driver_sql(
                "DELETE FROM absent_digest WHERE session = ? AND seq BETWEEN ? AND ?", list(spans)
            )


def _hold_span(connection: Connection, session: str, first: int, last: int) -> None:
    before = connection.exec_driver_sql(
        "SELECT first, last FROM held WHERE session = ? AND first <= ? ORDER BY first DESC LIMIT 1",
        (session, first),
    ).fetchone()
    if before is not None and before[1] + 1 >= first:
        first, last = before[0], max(before[1], last)
    after = connection.exec_driver_sql(
        "SELECT max(last) FROM held WHERE session = ? AND first > ? AND first <= ?",
        (session, first, last + 1),
    ).scalar()
    if after is not None:
        connection.exec_driver_sql(
            "DELETE FROM held WHERE session = ? AND first > ? AND first <= ?", (session, first, last + 1)
        )
        last = max(last, after)
    connection.exec_driver_sql(
        "INSERT INTO held (session, first, last) VALUES (?,?,?) "
        "ON CONFLICT(session, first) DO UPDATE SET last = excluded.last",
        (session, first, last),
    )


def held(connection: Connection) -> Ranges:
    """Every change that this ledger holds."""
    rows = connection.exec_driver_sql("SELECT session, first, last FROM held ORDER BY session, first")
    found: dict[str, list[tuple[int, int]]] = {}
    for session, first, last in rows:
        found.setdefault(session, []).append((first, last))
    return Ranges(found)


def change_from(row: Row[Any]) -> Change:
    """The change of a row selected with SELECT_CHANGE."""
    session, seq, operation, wall, name, record, kind, values, replaces, saw, number, salt, station = tuple(
        row
    )
    return Change(
        ChangeId(session, seq), operation, wall, name, record, kind,
        orjson.loads(values), heads_from(replaces), heads_from(saw), number, salt, station or "",
        (values, replaces, saw),
    )  # fmt: skip


def load(
    connection: Connection, records: Collection[str], name: str | None = None
) -> dict[str, list[Change]]:
    """All changes of some records (at most CHUNK of them), by record; with `name` those of that entity."""
    found: dict[str, list[Change]] = {}
    rows = connection.exec_driver_sql(
        f"{SELECT_CHANGE} WHERE c.record IN ({marks(list(records))})", tuple(records)
    )
    for row in rows:
        change = change_from(row)
        if name is None or change.entity == name:
            found.setdefault(change.record, []).append(change)
    return found


def load_all(connection: Connection, name: str) -> Iterator[list[Change]]:
    """The changes of an entity, record by record, without holding them all."""
    rows = connection.execution_options(stream_results=True).exec_driver_sql(
        f"{SELECT_CHANGE} WHERE c.entity = ? ORDER BY c.record", (name,)
    )
    current: list[Change] = []
    for row in rows:
        change = change_from(row)
        if current and current[0].record != change.record:
            yield current
            current = []
        current.append(change)
    if current:
        yield current


def row_of(target: Entity, folded: Folded) -> tuple[Any, ...]:
    """The table's row of a folded record, in the order of `Entity.columns`."""
    row = target.blank_row.copy()
    row[0] = folded.record
    # A record whose insert does not count has a row all the same, so that references hold; nobody is shown it.
    row[1] = int(folded.deleted or not folded.born)
    if folded.conflicts:
        row[2] = int(bool(known_conflicts(target, folded)))
    if folded.stale:
        row[3] = 1
    places = target.places
    for name, value in folded.values.items():
        place = places.get(name)
        if place is None or value is None:
            continue
        at, f = place
        if type(value) in f.direct:
            row[at] = value
        else:
            cells = f.to_columns(value)
            row[at : at + len(cells)] = cells
    return tuple(row)


def known_conflicts(target: Entity, folded: Folded) -> set[str]:
    """The fields in conflict that this version can show; of a deleted record nothing is shown any more."""
    if folded.deleted:
        return set()
    return {
        f for f in folded.conflicts if f == DELETED or (f in target.fields and not target.fields[f].quiet)
    }


def write_rows(
    connection: Connection, target: Entity, items: list[tuple[Folded, list[Change]]], new: bool = False
) -> None:
    """Write the rows of folded records with their changes, their marks and whatever is derived from them."""
    if not items:
        return
    folded = [f for f, _ in items]
    connection.exec_driver_sql(_statement(target), [row_of(target, f) for f in folded])
    if not new:
        for part in chunks(f.record for f in folded):
            for table in ("conflict", "aside", "also"):
                connection.exec_driver_sql(
                    f"DELETE FROM {table} WHERE entity = ? AND record IN ({marks(part)})",
                    (target.name, *part),
                )
    disputed = [(target.name, f.record, c) for f in folded for c in sorted(known_conflicts(target, f))]
    if disputed:
        connection.exec_driver_sql("INSERT INTO conflict (entity, record, field) VALUES (?,?,?)", disputed)
    aside = [(*i, target.name, f.record) for f in folded if f.aside for i in sorted(f.aside)]
    if aside:
        connection.exec_driver_sql("INSERT INTO aside (session, seq, entity, record) VALUES (?,?,?,?)", aside)
    also = [(f.record, *fact, target.name) for f, changes in items for fact in facts.also(target, f, changes)]
    if also:
        connection.exec_driver_sql(
            "INSERT INTO also (record, kind, value, now, entity) VALUES (?,?,?,?,?) ON CONFLICT DO NOTHING",
            also,
        )
    if target.name == "visit":
        _write_visit_places(connection, folded, new)
    elif target.name in merged.MERGING:
        joins = any(f.values.get("merged_into") for f in folded)
        merged.refresh(connection, target.name, [f.record for f in folded], joins)


@cache
def _statement(target: Entity) -> str:
    # An upsert, never INSERT OR REPLACE: that deletes first and cascades.
    names = ", ".join(f'"{c}"' for c in target.columns)
    updates = ", ".join(f'"{c}"=excluded."{c}"' for c in target.columns if c != "id")
    return (
        f'INSERT INTO "{target.name}" ({names}) VALUES ({marks(target.columns)}) '
        f"ON CONFLICT(id) DO UPDATE SET {updates}"
    )


def _write_visit_places(connection: Connection, folded: list[Folded], new: bool) -> None:
    if not new:
        for part in chunks(f.record for f in folded):
            connection.exec_driver_sql(f"DELETE FROM visit_place WHERE visit IN ({marks(part)})", tuple(part))
    rows = visit_places(folded)
    if rows:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO visit_place (appointment, visit, commissioner) VALUES (?,?,?)", rows
        )


def visit_places(folded: Iterable[Folded]) -> list[tuple[str, str, str | None]]:
    """The rows (place, visit, person) that visits count for; deleted ones count for nobody."""
    rows = []
    for record in folded:
        who = record.values.get("who")
        if record.deleted or not record.born or not isinstance(who, list):
            continue
        for pair in who:
            if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str):
                rows.append((pair[0], record.record, pair[1] if isinstance(pair[1], str) else None))
    return rows
