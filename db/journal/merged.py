"""Duplicates that were merged (合并): of each connected set one record stands for all.

`merged_into` joins both ways at once, so two stations that merge the same two in opposite directions agree: the
smallest id of those that are still there stands for the set.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

MERGING = ("commissioner", "organisation", "recipient")
"""Entities whose records can be merged."""


def standing(entity: str, column: str) -> str:
    """SQL of the record that stands for the one in `column`."""
    return f"coalesce((SELECT m.stands FROM merged m WHERE m.entity = '{entity}' AND m.record = {column}), {column})"


def stands(connection: Connection) -> dict[str, str]:
    """Which record stands for each that was merged."""
    return {row[0]: row[1] for row in connection.exec_driver_sql("SELECT record, stands FROM merged")}


def refresh(connection: Connection, entity: str, records: Iterable[str], joins: bool) -> None:
    """Bring `merged` up to date after rows of an entity were written; joins: one of them names another."""
    if not joins:
        known = {
            r
            for row in connection.exec_driver_sql(
                "SELECT record, stands FROM merged WHERE entity = ?", (entity,)
            )
            for r in row
        }
        if not known or known.isdisjoint(records):
            return
    connection.exec_driver_sql("DELETE FROM merged WHERE entity = ?", (entity,))
    rows = computed(connection, entity)
    if rows:
        connection.exec_driver_sql("INSERT INTO merged (entity, record, stands) VALUES (?,?,?)", sorted(rows))


def computed(connection: Connection, entity: str) -> set[tuple[str, str, str]]:
    """(entity, record, who stands for it) as the rows of the entity tell."""
    pairs = [
        (row[0], row[1])
        for row in connection.exec_driver_sql(
            f'SELECT id, merged_into FROM "{entity}" WHERE merged_into IS NOT NULL AND merged_into != id'
        )
    ]
    root: dict[str, str] = {}

    def find(record: str) -> str:
        while root.setdefault(record, record) != record:
            root[record] = root[root[record]]
            record = root[record]
        return record

    for one, other in pairs:
        low, high = sorted((find(one), find(other)))
        root[high] = low
    sets: dict[str, list[str]] = {}
    for record in sorted(root):
        sets.setdefault(find(record), []).append(record)
    gone = {
        row[0]
        for row in connection.exec_driver_sql(
            f'SELECT id FROM "{entity}" WHERE deleted = 1 AND id IN (SELECT id FROM "{entity}" WHERE merged_into '
            f'IS NOT NULL UNION SELECT merged_into FROM "{entity}")'
        )
    } if root else set()  # fmt: skip
    found: set[tuple[str, str, str]] = set()
    for members in sets.values():
        stands = next((m for m in members if m not in gone), members[0])
        found.update((entity, m, stands) for m in members if m != stands)
    return found
