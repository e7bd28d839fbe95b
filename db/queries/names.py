"""Small look-ups: names and titles of records, settings, the station, divisions."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection

from db.entities import entities
from db.journal.store import chunks, marks

_TITLES = {
    "visit": "coalesce(number, date, id)",
    "appointment": "code",
    "batch": "name",
    "setting": "key",
    "commissioner_private": "(SELECT name FROM commissioner c WHERE c.id = x.commissioner)",
    "appointment_person": "(SELECT code FROM appointment a WHERE a.id = x.appointment) || coalesce(' ' || "
    "(SELECT name FROM commissioner c WHERE c.id = x.commissioner), '')",
    "assignment": "(SELECT a.code || coalesce(' ' || (SELECT c.name FROM appointment_person t JOIN commissioner c "
    "ON c.id = t.commissioner WHERE t.appointment = a.id AND t.deleted = 0 ORDER BY coalesce(t.held_from, '') DESC "
    "LIMIT 1), '') FROM appointment a WHERE a.id = x.appointment)",
    "attachment": "file_name",
    "team_task": "title",
    "doubt_answer": "rule",
}
"""What to call a record of an entity; its name where nothing else is said."""


def titles(connection: Connection, entity: str, records: Sequence[str]) -> dict[str, str]:
    """What to call some records."""
    found: dict[str, str] = {}
    if entities().get(entity) is None:  # a newer version's
        return found
    for part in chunks(records):
        rows = connection.exec_driver_sql(
            f'SELECT x.id, {_TITLES.get(entity, "name")} FROM "{entity}" x WHERE x.id IN ({marks(part)})',
            tuple(part),
        )
        found.update({row[0]: str(row[1] or "") for row in rows})
    return found


def name(connection: Connection, table: str, record: str | None) -> str:
    """The name of a record (the code of a place); "" where there is none."""
    column = {"appointment": "code"}.get(table, "name")
    found = connection.exec_driver_sql(f'SELECT "{column}" FROM "{table}" WHERE id = ?', (record,)).scalar()
    return str(found or "")


def setting(connection: Connection, record: str) -> dict[str, Any]:
    """The value of a shared setting; {} where there is none."""
    found = connection.exec_driver_sql(
        "SELECT value FROM setting WHERE id = ? AND deleted = 0", (record,)
    ).scalar()
    value = orjson.loads(found) if found else {}
    return value if isinstance(value, dict) else {}


def station(connection: Connection, record: str) -> tuple[str, str, str | None]:
    """(role, unit's name, county code) of a station; empty where it is unknown."""
    row = connection.exec_driver_sql(
        "SELECT role, name, county FROM station WHERE id = ?", (record,)
    ).fetchone()
    return (row[0] or "", row[1] or "", row[2]) if row else ("", "", None)


def divisions(connection: Connection) -> list[tuple[str, str | None, int, str, str]]:
    """(code, parent, level, everyday name, full name) of every division, by code."""
    rows = connection.exec_driver_sql(
        "SELECT code, parent, level, name, full_name FROM division ORDER BY code"
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]
