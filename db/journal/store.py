"""`apply`: the one way changes enter the ledger, and how they are read back."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Row

from db.entities import Entity, entity
from db.journal.changes import Change, ChangeId, Operation, heads_from
from db.journal.fold import Folded, fold

T = TypeVar("T")

CHUNK = 500
"""Records per IN list, below SQLite's limit of variables on every build."""

_CHANGE_COLUMNS = 'session, seq, operation, wall, entity, record, kind, "values", replaces, saw, format, salt'


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

    The caller holds the write transaction. The changes are new to this ledger and in canonical form. The
    window, the command line, imports, undo and merging all come through here.
    """
    touched: dict[str, dict[str, None]] = {}
    for change in changes:
        touched.setdefault(change.entity, {})[change.record] = None
    known = _known_records(connection, (r for records in touched.values() for r in records))
    _insert_journal(connection, operations, changes)
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
            write_rows(connection, target, [fold(single[r]) for r in part], new=True)
        for part in chunks(r for r in records if r in known):
            write_rows(connection, target, [fold(found) for found in load(connection, part).values()])
        applied.records[name] = list(records)
    return applied


def _known_records(connection: Connection, records: Iterable[str]) -> set[str]:
    known: set[str] = set()
    for part in chunks(records):
        rows = connection.exec_driver_sql(
            f"SELECT DISTINCT record FROM change WHERE record IN ({marks(part)})", tuple(part)
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
        f"INSERT INTO change ({_CHANGE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        [
            (
                c.id.session, c.id.seq, c.operation, c.wall, c.entity, c.record, c.kind,
                *c.texts, c.format, c.salt,
            )
            for c in changes
        ],
    )  # fmt: skip


def change_from(row: Row[Any]) -> Change:
    """The change of a row selected with the journal's columns."""
    session, seq, operation, wall, name, record, kind, values, replaces, saw, number, salt = tuple(row)
    return Change(
        ChangeId(session, seq), operation, wall, name, record, kind,
        orjson.loads(values), heads_from(replaces), heads_from(saw), number, salt,
    )  # fmt: skip


def load(connection: Connection, records: Collection[str]) -> dict[str, list[Change]]:
    """All changes of some records (at most CHUNK of them), by record."""
    found: dict[str, list[Change]] = {}
    rows = connection.exec_driver_sql(
        f"SELECT {_CHANGE_COLUMNS} FROM change WHERE record IN ({marks(list(records))})", tuple(records)
    )
    for row in rows:
        change = change_from(row)
        found.setdefault(change.record, []).append(change)
    return found


def load_all(connection: Connection, name: str) -> Iterator[list[Change]]:
    """The changes of an entity, record by record, without holding them all."""
    rows = connection.execution_options(stream_results=True).exec_driver_sql(
        f"SELECT {_CHANGE_COLUMNS} FROM change WHERE entity = ? ORDER BY record", (name,)
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
    disputed = bool(folded.conflicts and known_conflicts(target, folded))
    row: list[Any] = [folded.record, int(folded.deleted), int(disputed)]
    if target.derived:
        row.append(int(bool(folded.stale)))
    values = folded.values
    for name, f in target.fields.items():
        value = values.get(name)
        if value is None:
            row += f.blank
        elif f.plain_text and type(value) is str:
            row.append(value)
        else:
            row += f.to_columns(value)
    return tuple(row)


def known_conflicts(target: Entity, folded: Folded) -> set[str]:
    """The fields in conflict that this version can show."""
    return {f for f in folded.conflicts if f in target.fields or f.startswith("_")}


def write_rows(connection: Connection, target: Entity, folded: list[Folded], new: bool = False) -> None:
    """Write the rows of folded records, their conflict marks and whatever is derived from them."""
    if not folded:
        return
    connection.exec_driver_sql(_statement(target), [row_of(target, f) for f in folded])
    ids = [f.record for f in folded]
    if not new:
        for part in chunks(ids):
            connection.exec_driver_sql(
                f"DELETE FROM conflict WHERE entity = ? AND record IN ({marks(part)})", (target.name, *part)
            )
    disputed = [(target.name, f.record, c) for f in folded for c in sorted(known_conflicts(target, f))]
    if disputed:
        connection.exec_driver_sql("INSERT INTO conflict (entity, record, field) VALUES (?,?,?)", disputed)
    if target.name == "visit":
        _write_visit_places(connection, folded, new)


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
        if record.deleted or not isinstance(who, list):
            continue
        for pair in who:
            if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str):
                rows.append((pair[0], record.record, pair[1] if isinstance(pair[1], str) else None))
    return rows
