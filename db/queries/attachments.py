"""Attachments and their bytes."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from db.journal.store import chunks, marks


@dataclass(frozen=True)
class AttachmentRow:
    """One attachment; size in bytes; here: its bytes are in this ledger."""

    id: str
    kind: str
    file_name: str
    sha256: str
    size: int
    caption: str
    here: bool
    media_type: str = ""
    taken_at: str | None = None
    source_sha256: str = ""
    position: tuple[float, float] | None = None


def keep_blob(connection: Connection, sha256: str, data: bytes) -> bool:
    """Keep bytes once; returns whether they were not here. The caller holds the write transaction."""
    known = connection.exec_driver_sql("SELECT 1 FROM blob WHERE sha256 = ?", (sha256,)).scalar()
    if not known:
        connection.exec_driver_sql("INSERT INTO blob (sha256, data) VALUES (?,?)", (sha256, data))
    return not known


OWNERS = ("visit", "commissioner", "assignment")
"""What attachments may belong to."""


def listed(connection: Connection, owner: str, record: str) -> list[AttachmentRow]:
    """The attachments of a visit, a person (their duplicates' included) or a stay, oldest first."""
    if owner not in OWNERS:
        raise ValueError(owner)
    mine = f"SELECT ?1 UNION SELECT record FROM merged WHERE entity = '{owner}' AND stands = ?1"
    rows = connection.exec_driver_sql(
        "SELECT a.id, coalesce(a.kind, ''), coalesce(a.file_name, ''), coalesce(a.sha256, ''), "
        "coalesce(a.size, 0), coalesce(a.caption, ''), b.sha256 IS NOT NULL, coalesce(a.media_type, ''), a.taken_at, "
        "coalesce(a.source_sha256, ''), a.latitude, a.longitude FROM attachment a "
        "LEFT JOIN blob b ON b.sha256 = a.sha256 "
        f"WHERE a.{owner} IN ({mine}) AND a.deleted = 0 ORDER BY a.id",
        (record,),
    )
    return [
        AttachmentRow(
            r[0], r[1], r[2], r[3], r[4], r[5], bool(r[6]), r[7], r[8], r[9],
            None if r[10] is None or r[11] is None else (r[10], r[11]),
        )
        for r in rows
    ]  # fmt: skip


def sources(connection: Connection, visit: str) -> set[str]:
    """What the photos of a visit were made from (SHA-256), and their own bytes'."""
    rows = connection.exec_driver_sql(
        "SELECT source_sha256, sha256 FROM attachment WHERE visit = ? AND deleted = 0", (visit,)
    )
    return {sha for row in rows for sha in row if sha}


def uses_elsewhere(connection: Connection, shas: Iterable[str], visit: str | None) -> dict[str, set[str]]:
    """Which other visits have a photo of these bytes or made from this file, by SHA-256.

    There is no index by SHA-256: at a million photos this reads for a second, so it is asked on a worker thread.
    """
    found: dict[str, set[str]] = {}
    for part in chunks(sorted(set(shas))):
        here = marks(part)
        rows = connection.exec_driver_sql(
            "SELECT a.sha256, a.source_sha256, a.visit FROM attachment a JOIN visit v ON v.id = a.visit "
            f"WHERE a.deleted = 0 AND v.deleted = 0 AND a.visit IS NOT ? AND (a.sha256 IN ({here}) "
            f"OR a.source_sha256 IN ({here}))",
            (visit, *part, *part),
        )
        wanted = set(part)
        for sha, source, other in rows:
            for each in {sha, source} & wanted:
                found.setdefault(each, set()).add(other)
    return found


def visits_here(connection: Connection, visits: Iterable[str]) -> set[str]:
    """Which of these visits this ledger has."""
    found: set[str] = set()
    for part in chunks(sorted(set(visits))):
        rows = connection.exec_driver_sql(
            f"SELECT id FROM visit WHERE deleted = 0 AND id IN ({marks(part)})", tuple(part)
        )
        found.update(row[0] for row in rows)
    return found


def blob(connection: Connection, sha256: str) -> bytes | None:
    """The bytes of an attachment, None where they have not arrived."""
    found = connection.exec_driver_sql("SELECT data FROM blob WHERE sha256 = ?", (sha256,)).scalar()
    return None if found is None else bytes(found)
