"""`check`: every row is the fold of its changes, SQLite's own check passes, references and signatures hold."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from db.entities import Entity, entities
from db.journal import certificates, facts, merged, store
from db.journal.changes import (
    Change,
    ChangeId,
    Operation,
    digest,
    operation_message,
    parse_id,
    session_message,
)
from db.journal.fold import Folded, fold
from db.journal.keys import verifies
from db.journal.ranges import Ranges, spans_of
from db.journal.rights import Certificates
from db.ledger import Ledger

Derived = dict[str, set[tuple[Any, ...]]]
"""Derived table → the rows that follow from the journal."""


@dataclass
class CheckResult:
    """faults: one sentence each; records, changes, operations: how many were looked at; repaired: rows."""

    faults: list[str] = field(default_factory=list)
    records: int = 0
    changes: int = 0
    operations: int = 0
    repaired: int = 0


def check(ledger: Ledger, repair: bool = False, progress: Callable[[int], None] | None = None) -> CheckResult:
    """Check the whole ledger; with `repair` the rows and derived tables are rebuilt from the journal.

    Repair never touches the journal: a fault there (a signature, a missing change) stays a fault.
    """
    result = CheckResult()
    with ledger.read() as connection:
        for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if line != "ok":
                result.faults.append(f"文件完整性：{line}")
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            result.faults.append(f"引用不完整：{len(broken)} 处（{broken[0][0]} → {broken[0][2]} 等）")
        wrong: dict[str, list[str]] = {}
        valid = certificates.load(connection)
        derived: Derived = {table: set() for table in _DERIVED}
        for target in entities().values():
            wrong[target.name] = _check_entity(connection, target, valid, derived, result, progress)
        for name in merged.MERGING:
            derived["merged"] |= merged.computed(connection, name)
        _check_derived(connection, derived, result)
        _check_signatures(connection, result)
    if (repair and any(wrong.values())) or (repair and result.faults):
        result.repaired = _repair(ledger)
    return result


def _check_entity(
    connection: Connection,
    target: Entity,
    valid: Certificates,
    derived: Derived,
    result: CheckResult,
    progress: Callable[[int], None] | None,
) -> list[str]:
    columns = ", ".join(f'"{c}"' for c in target.columns)
    rows = iter(
        connection.execution_options(stream_results=True).exec_driver_sql(
            f'SELECT {columns} FROM "{target.name}" ORDER BY id'
        )
    )
    wrong: list[str] = []
    row = next(rows, None)
    for changes in store.load_all(connection, target.name):
        result.records += 1
        result.changes += len(changes)
        if progress and result.records % 5000 == 0:
            progress(result.records)
        folded = fold(changes, valid)
        _note_derived(target, folded, changes, derived)
        while row is not None and row[0] < folded.record:
            wrong.append(row[0])
            row = next(rows, None)
        if row is None or row[0] != folded.record:
            wrong.append(folded.record)
            continue
        if tuple(row) != store.row_of(target, folded):
            wrong.append(folded.record)
        row = next(rows, None)
    while row is not None:
        wrong.append(row[0])
        row = next(rows, None)
    if wrong:
        result.faults.append(f"{target.name}：{len(wrong)} 行与变更记录不符（{wrong[0]} 等）")
    return wrong


_DERIVED = {
    "conflict": ("entity, record, field", "填报不一致的标记"),
    "visit_place": ("appointment, visit, commissioner", "服务记录与名额的对应"),
    "aside": ("entity, record, session, seq", "待处理改动的标记"),
    "merged": ("entity, record, stands", "合并后的对应"),
    "also": ("entity, record, kind, value, now", "交换范围的依据"),
}
"""Derived tables: their columns and what they are called."""


def _note_derived(target: Entity, folded: Folded, changes: list[Change], derived: Derived) -> None:
    record = folded.record
    derived["conflict"].update((target.name, record, f) for f in store.known_conflicts(target, folded))
    derived["aside"].update((target.name, record, *i) for i in folded.aside)
    derived["also"].update((target.name, record, *fact) for fact in facts.also(target, folded, changes))
    if target.name == "visit":
        derived["visit_place"].update(store.visit_places([folded]))


def _check_derived(connection: Connection, derived: Derived, result: CheckResult) -> None:
    for table, (columns, title) in _DERIVED.items():
        found = {tuple(r) for r in connection.exec_driver_sql(f"SELECT {columns} FROM {table}")}
        if found != derived[table]:
            result.faults.append(f"{title}有 {len(found ^ derived[table])} 处不符")
    if certificates.load(connection) != certificates.computed(connection, store.station_changes(connection)):
        result.faults.append("使用单位的认可与变更记录不符")
    rows = connection.exec_driver_sql("SELECT session, seq FROM change")
    if Ranges.of(spans_of((r[0], r[1]) for r in rows)) != store.held(connection):
        result.faults.append("已有改动的编号清单不符")


def _check_signatures(connection: Connection, result: CheckResult) -> None:
    keys = certificates.public_keys(connection, store.station_changes(connection))
    stations = {}
    for session, station, opened, signature in connection.exec_driver_sql(
        "SELECT session, station, opened, signature FROM incarnation"
    ):
        if not verifies(keys.get(station, ""), signature, session_message(session, station, opened)):
            result.faults.append(f"会话 {session} 的签名不符")
        stations[session] = station
    rows = connection.exec_driver_sql(
        "SELECT session, first, last, label, actor, wall, undoes, signature FROM operation"
    ).fetchall()
    for session, first, last, label, actor, wall, undoes, signature in rows:
        result.operations += 1
        identity = ChangeId(session, first)
        operation = Operation(
            identity, last, label, actor, wall, parse_id(undoes) if undoes else None, signature
        )
        digests = {c.id.seq: digest(c, *c.texts) for c in Ledger.operation_changes(connection, identity)}
        if len(digests) < last - first + 1:  # only part of it came: its other digests came with it
            absent = connection.exec_driver_sql(
                "SELECT seq, digest FROM absent_digest WHERE session = ? AND seq BETWEEN ? AND ?",
                (session, first, last),
            )
            digests.update({row[0]: bytes(row[1]) for row in absent})
        ordered = [digests[n] for n in sorted(digests)]
        key = keys.get(stations.get(session, ""), "")
        if not verifies(key, signature, operation_message(operation, ordered)):
            result.faults.append(f"操作“{label}”（{identity}）的签名不符")
    orphans = connection.exec_driver_sql(
        "SELECT count(*) FROM change c WHERE NOT EXISTS "
        "(SELECT 1 FROM operation o WHERE o.session = c.session AND o.first = c.operation)"
    ).scalar_one()
    if orphans:
        result.faults.append(f"{orphans} 条变更没有所属的操作")


def _repair(ledger: Ledger) -> int:
    """Rebuild every row and derived table from the journal, in one transaction."""
    with ledger.transaction() as connection:
        return store.rebuild(connection)
