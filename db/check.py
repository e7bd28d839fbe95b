"""`check`: every row is the fold of its changes, SQLite's own check passes, references and signatures hold."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from db.entities import Entity, entities
from db.journal import store
from db.journal.changes import (
    Change,
    ChangeId,
    Operation,
    digest,
    heads_json,
    operation_message,
    parse_id,
    session_message,
    values_json,
)
from db.journal.fold import Folded, fold
from db.journal.keys import verifies
from db.ledger import Ledger


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
        for target in entities().values():
            wrong[target.name] = _check_entity(connection, target, result, progress)
        _check_derived(connection, result)
        _check_signatures(connection, result)
    if (repair and any(wrong.values())) or (repair and result.faults):
        result.repaired = _repair(ledger)
    return result


def _check_entity(
    connection: Connection, target: Entity, result: CheckResult, progress: Callable[[int], None] | None
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
        folded = fold(changes)
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


def _check_derived(connection: Connection, result: CheckResult) -> None:
    places: set[tuple[Any, ...]] = set()
    conflicts: set[tuple[Any, ...]] = set()
    for target in entities().values():
        for changes in store.load_all(connection, target.name):
            folded = fold(changes)
            conflicts.update((target.name, folded.record, f) for f in store.known_conflicts(target, folded))
            if target.name == "visit":
                places.update(store.visit_places([folded]))
    found = {tuple(r) for r in connection.exec_driver_sql("SELECT entity, record, field FROM conflict")}
    if found != conflicts:
        result.faults.append(f"填报不一致的标记有 {len(found ^ conflicts)} 处不符")
    found = {
        tuple(r)
        for r in connection.exec_driver_sql("SELECT appointment, visit, commissioner FROM visit_place")
    }
    if found != places:
        result.faults.append(f"服务记录与名额的对应有 {len(found ^ places)} 处不符")


def _check_signatures(connection: Connection, result: CheckResult) -> None:
    keys = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT id, public_key FROM station")}
    stations = {}
    for session, station, opened, signature in connection.exec_driver_sql(
        "SELECT session, station, opened, signature FROM incarnation"
    ):
        if not verifies(keys.get(station) or "", signature, session_message(session, station, opened)):
            result.faults.append(f"会话 {session} 的签名不符")
        stations[session] = station
    rows = connection.exec_driver_sql(
        "SELECT session, first, last, label, actor, wall, undoes, signature FROM operation"
    ).fetchall()
    for session, first, last, label, actor, wall, undoes, signature in rows:
        result.operations += 1
        identity = ChangeId(session, first)
        changes: list[Change] = Ledger.operation_changes(connection, identity)
        operation = Operation(
            identity, last, label, actor, wall, parse_id(undoes) if undoes else None, signature
        )
        digests = [
            digest(c, values_json(c.values), heads_json(c.replaces), heads_json(c.saw)) for c in changes
        ]
        # Where only part of an operation came, its missing digests travel with the package (exchange).
        complete = len(changes) == last - first + 1
        key = keys.get(stations.get(session, "")) or ""
        if complete and not verifies(key, signature, operation_message(operation, digests)):
            result.faults.append(f"操作“{label}”（{identity}）的签名不符")
    orphans = connection.exec_driver_sql(
        "SELECT count(*) FROM change c WHERE NOT EXISTS "
        "(SELECT 1 FROM operation o WHERE o.session = c.session AND o.first = c.operation)"
    ).scalar_one()
    if orphans:
        result.faults.append(f"{orphans} 条变更没有所属的操作")


def _repair(ledger: Ledger) -> int:
    """Rebuild every row and derived table from the journal, in one transaction."""
    count = 0
    with ledger._transaction() as connection:
        connection.exec_driver_sql("DELETE FROM conflict")
        connection.exec_driver_sql("DELETE FROM visit_place")
        for target in entities().values():
            connection.exec_driver_sql(
                f'DELETE FROM "{target.name}" WHERE id NOT IN (SELECT record FROM change WHERE entity = ?)',
                (target.name,),
            )
            batch: list[Folded] = []
            for changes in list(store.load_all(connection, target.name)):
                batch.append(fold(changes))
                count += 1
                if len(batch) >= 5000:
                    store.write_rows(connection, target, batch, new=True)
                    batch = []
            store.write_rows(connection, target, batch, new=True)
    return count
