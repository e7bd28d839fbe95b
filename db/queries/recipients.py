"""Reading recipient organisations (受援单位): how often they were served, what names them, what was told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from db.journal.merged import standing
from db.journal.store import marks
from db.queries.visits import VisitFilter, visit_where

_VISITED = standing("recipient", "v.recipient")
_NAMED = standing("recipient", "j.value")


@dataclass(frozen=True)
class Served:
    """Visits to a recipient and the latest of their dates (ISO)."""

    visits: int = 0
    last: str = ""


@dataclass(frozen=True)
class Known:
    """A recipient's row, whether or not it is shown: whether it was deleted, or merged with others."""

    deleted: bool
    merged: bool


def served(connection: Connection, f: VisitFilter) -> dict[str, Served]:
    """The visits that a filter lets through by recipient; those of merged ones count for the one that stands."""
    where, values = visit_where(f)
    rows = connection.exec_driver_sql(
        f"SELECT {_VISITED} AS stands, count(*), coalesce(max(v.date), '') FROM visit v "
        f"WHERE {where} AND v.recipient IS NOT NULL GROUP BY stands",
        tuple(values),
    )
    return {row[0]: Served(row[1], row[2]) for row in rows}


def stays(connection: Connection) -> dict[str, int]:
    """How many stays (受援县安排) name each recipient."""
    rows = connection.exec_driver_sql(
        f"SELECT {_NAMED} AS stands, count(DISTINCT a.id) FROM assignment a, json_each(a.recipients) j "
        "WHERE a.deleted = 0 AND a.recipients IS NOT NULL GROUP BY stands"
    )
    return {row[0]: row[1] for row in rows}


def members(connection: Connection, recipient: str) -> list[str]:
    """The records that are one with a recipient, itself first."""
    rows = connection.exec_driver_sql(
        "SELECT record FROM merged WHERE entity = 'recipient' AND stands = ? ORDER BY record", (recipient,)
    )
    return [recipient, *(row[0] for row in rows)]


def naming(connection: Connection, records: Sequence[str]) -> tuple[int, int]:
    """(visits, stays) that name any of these records."""
    wanted = tuple(records)
    visits = connection.exec_driver_sql(
        f"SELECT count(*) FROM visit WHERE deleted = 0 AND recipient IN ({marks(wanted)})", wanted
    ).scalar_one()
    named = connection.exec_driver_sql(
        "SELECT count(DISTINCT a.id) FROM assignment a, json_each(a.recipients) j "
        f"WHERE a.deleted = 0 AND a.recipients IS NOT NULL AND j.value IN ({marks(wanted)})",
        wanted,
    ).scalar_one()
    return int(visits), int(named)


def known(connection: Connection, record: str) -> Known | None:
    """A recipient's row as it stands, None where there never was one."""
    row = connection.exec_driver_sql(
        "SELECT deleted, EXISTS (SELECT 1 FROM merged m WHERE m.entity = 'recipient' AND r.id IN (m.record, m.stands)) "
        "FROM recipient r WHERE id = ?",
        (record,),
    ).fetchone()
    return Known(bool(row[0]), bool(row[1])) if row else None


def stands_for(connection: Connection, record: str | None) -> str | None:
    """The record that is shown for one; itself where it was not merged."""
    if record is None:
        return None
    return str(connection.exec_driver_sql(f"SELECT {standing('recipient', '?1')}", (record,)).scalar_one())


def settings_of(connection: Connection, key: str) -> frozenset[str]:
    """The settings that are kept under a key."""
    rows = connection.exec_driver_sql("SELECT id FROM setting WHERE key = ? AND deleted = 0", (key,))
    return frozenset(row[0] for row in rows)
