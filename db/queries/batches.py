"""Reading what a batch is made of: its categories with their use, and the senders that its places name themselves."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection

from db.journal.merged import standing


@dataclass(frozen=True)
class CategoryRow:
    """A category with its place in the order and how many places use it."""

    id: str
    name: str
    full_name: str
    aliases: tuple[str, ...]
    position: int | None
    places: int


def categories(connection: Connection, batch: str) -> list[CategoryRow]:
    """The categories of a batch in their order."""
    rows = connection.exec_driver_sql(
        "SELECT k.id, coalesce(k.name,''), coalesce(k.full_name,''), k.aliases, k.position, "
        "(SELECT count(*) FROM appointment a WHERE a.category = k.id AND a.deleted = 0) "
        "FROM category k WHERE k.deleted = 0 AND k.batch = ? ORDER BY k.position, k.name",
        (batch,),
    )
    return [CategoryRow(r[0], r[1], r[2], tuple(json.loads(r[3] or "[]")), r[4], r[5]) for r in rows]


def senders(connection: Connection, batch: str) -> dict[str, str | None]:
    """The sending organisation that each place of a batch names itself, whoever holds it."""
    rows = connection.exec_driver_sql(
        f"SELECT id, {standing('organisation', 'organisation')} FROM appointment WHERE deleted = 0 AND batch = ?",
        (batch,),
    )
    return {row[0]: row[1] for row in rows}


def category_name(connection: Connection, record: str) -> str | None:
    """The name under which a category stands now, None where there is none (any more)."""
    found = connection.exec_driver_sql(
        "SELECT coalesce(name,'') FROM category WHERE id = ? AND deleted = 0", (record,)
    ).scalar()
    return None if found is None else str(found)


def batches_of(connection: Connection, record: str) -> set[str]:
    """The batches of a place, of a team, or of the places that a person holds or has held."""
    rows = connection.exec_driver_sql(
        "SELECT batch FROM appointment WHERE id = ?1 UNION SELECT batch FROM team WHERE id = ?1 "
        "UNION SELECT a.batch FROM appointment_person t JOIN appointment a ON a.id = t.appointment "
        f"WHERE t.deleted = 0 AND a.deleted = 0 AND {standing('commissioner', 't.commissioner')} = ?1",
        (record,),
    )
    return {row[0] for row in rows if row[0]}


def place_count(connection: Connection, batch: str) -> int:
    """How many places a batch has."""
    found = connection.exec_driver_sql(
        "SELECT count(*) FROM appointment WHERE deleted = 0 AND batch = ?", (batch,)
    )
    return int(found.scalar_one())
