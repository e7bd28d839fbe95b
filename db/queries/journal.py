"""Reading the journal: operations, their changes, conflicts, and counts."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from db.journal.changes import ChangeId, parse_id
from db.journal.store import chunks


@dataclass(frozen=True)
class OperationInfo:
    """An operation as a list shows it; wall in milliseconds; mine: made at this station."""

    id: ChangeId
    label: str
    actor: str
    wall: int
    changes: int
    station: str
    undoes: ChangeId | None
    mine: bool


_SELECT = (
    "SELECT o.session, o.first, o.label, o.actor, o.wall, o.last - o.first + 1, coalesce(s.name, ''), o.undoes, "
    "i.station FROM operation o LEFT JOIN incarnation i ON i.session = o.session "
    "LEFT JOIN station s ON s.id = i.station "
)


def _info(row: tuple, station: str) -> OperationInfo:  # type: ignore[type-arg]
    return OperationInfo(
        ChangeId(row[0], row[1]), row[2], row[3], row[4], row[5], row[6],
        parse_id(row[7]) if row[7] else None, row[8] == station,
    )  # fmt: skip


def operations(
    connection: Connection, station: str, limit: int = 200, record: str | None = None, mine: bool = False
) -> list[OperationInfo]:
    """The latest operations, newest first; with `record` only those that touched it, with `mine` this station's."""
    where, values = [], []
    if record:
        where.append(
            "EXISTS (SELECT 1 FROM change c WHERE c.record = ? AND c.session = o.session AND c.operation = o.first)"
        )
        values.append(record)
    if mine:
        where.append("i.station = ?")
        values.append(station)
    rows = connection.exec_driver_sql(
        _SELECT + (f"WHERE {' AND '.join(where)} " if where else "") + "ORDER BY o.arrival DESC LIMIT ?",
        (*values, limit),
    )
    return [_info(tuple(row), station) for row in rows]


def operation(connection: Connection, identity: ChangeId, station: str) -> OperationInfo | None:
    """One operation."""
    row = connection.exec_driver_sql(
        _SELECT + "WHERE o.session = ? AND o.first = ?", tuple(identity)
    ).fetchone()
    return _info(tuple(row), station) if row else None


def authors(connection: Connection, identities: Collection[ChangeId]) -> dict[ChangeId, tuple[str, str]]:
    """(station's name, actor) of some operations."""
    found: dict[ChangeId, tuple[str, str]] = {}
    for part in chunks(identities, 250):
        pairs = ",".join(["(?,?)"] * len(part))
        rows = connection.exec_driver_sql(
            "SELECT o.session, o.first, coalesce(s.name, ''), o.actor FROM operation o "
            "LEFT JOIN incarnation i ON i.session = o.session LEFT JOIN station s ON s.id = i.station "
            f"WHERE (o.session, o.first) IN (VALUES {pairs})",
            tuple(value for identity in part for value in identity),
        )
        found.update({ChangeId(row[0], row[1]): (row[2], row[3] or "") for row in rows})
    return found


def conflicts(connection: Connection) -> list[tuple[str, str, str]]:
    """(entity, record, field) of every conflict."""
    rows = connection.exec_driver_sql("SELECT entity, record, field FROM conflict ORDER BY 1, 2, 3")
    return [(r[0], r[1], r[2]) for r in rows]


def change_count(connection: Connection) -> int:
    """How many changes the ledger holds."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM change").scalar_one())


def live_count(connection: Connection, entity: str, where: str = "") -> int:
    """How many live records an entity has; `where` is SQL of our own, never of the user's."""
    return int(
        connection.exec_driver_sql(f'SELECT count(*) FROM "{entity}" WHERE deleted = 0 {where}').scalar_one()
    )


def arrivals_since(connection: Connection, arrival: int) -> list[tuple[ChangeId, int]]:
    """(operation, arrival) of what came into the ledger after an arrival, in order."""
    rows = connection.exec_driver_sql(
        "SELECT session, first, arrival FROM operation WHERE arrival > ? ORDER BY arrival", (arrival,)
    )
    return [(ChangeId(row[0], row[1]), row[2]) for row in rows]


def latest_arrival(connection: Connection) -> int:
    """The number of the operation that came last, 0 for none."""
    return int(connection.exec_driver_sql("SELECT coalesce(max(arrival), 0) FROM operation").scalar_one())
