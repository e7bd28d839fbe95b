"""Reading what belongs to a place's stays: the recipients they name, and which of them have a scan."""

from collections.abc import Collection

from sqlalchemy import Connection

from db.journal.merged import standing
from db.journal.store import chunks, marks


def county(connection: Connection, stay: str) -> str | None:
    """The county of a stay, None for an unknown one."""
    found = connection.exec_driver_sql("SELECT county FROM assignment WHERE id = ?", (stay,)).scalar()
    return str(found) if found else None


def recipient_names(connection: Connection, records: Collection[str]) -> dict[str, tuple[str, str]]:
    """Of some recipients (who stands for it now, its name), deleted ones included."""
    found: dict[str, tuple[str, str]] = {}
    for part in chunks(records):
        rows = connection.exec_driver_sql(
            f"SELECT r.id, s.id, coalesce(s.name, '') FROM recipient r JOIN recipient s "
            f"ON s.id = {standing('recipient', 'r.id')} WHERE r.id IN ({marks(part)})",
            tuple(part),
        )
        found.update({row[0]: (row[1], row[2]) for row in rows})
    return found


def with_scans(connection: Connection, stays: Collection[str]) -> set[str]:
    """Which of these stays have an attachment."""
    found: set[str] = set()
    for part in chunks(stays):
        rows = connection.exec_driver_sql(
            f"SELECT DISTINCT assignment FROM attachment WHERE deleted = 0 AND assignment IN ({marks(part)})",
            tuple(part),
        )
        found.update(row[0] for row in rows)
    return found
