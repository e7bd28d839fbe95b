"""Attachments and their bytes."""

from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True)
class AttachmentRow:
    """One attachment of a visit; here: its bytes are in this ledger."""

    id: str
    kind: str
    file_name: str
    sha256: str
    size: int
    caption: str
    here: bool


def keep_blob(connection: Connection, sha256: str, data: bytes) -> bool:
    """Keep bytes once; returns whether they were not here. The caller holds the write transaction."""
    known = connection.exec_driver_sql("SELECT 1 FROM blob WHERE sha256 = ?", (sha256,)).scalar()
    if not known:
        connection.exec_driver_sql("INSERT INTO blob (sha256, data) VALUES (?,?)", (sha256, data))
    return not known


def of_visit(connection: Connection, visit: str) -> list[AttachmentRow]:
    """The attachments of a visit, oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT a.id, coalesce(a.kind, ''), coalesce(a.file_name, ''), coalesce(a.sha256, ''), "
        "coalesce(a.size, 0), coalesce(a.caption, ''), b.sha256 IS NOT NULL FROM attachment a "
        "LEFT JOIN blob b ON b.sha256 = a.sha256 WHERE a.visit = ? AND a.deleted = 0 ORDER BY a.id",
        (visit,),
    )
    return [AttachmentRow(r[0], r[1], r[2], r[3], r[4], r[5], bool(r[6])) for r in rows]
