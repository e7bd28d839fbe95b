"""What commissioners have done in a period, by place and person, in groups that a rule can count or leave out."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection

from db.journal.merged import standing
from db.queries.visits import VisitFilter, visit_where


@dataclass(frozen=True)
class Served:
    """Some visits of a place by one person, all with the same ways and as many half days; last: the latest date."""

    place: str
    person: str | None
    ways: tuple[str, ...]
    half_days: int
    visits: int
    last: str


def served(connection: Connection, f: VisitFilter, batch: str) -> list[Served]:
    """The visits that a filter lets through, of the places of a batch; a visit of several places counts for each."""
    where, values = visit_where(f)
    rows = connection.exec_driver_sql(
        f"SELECT p.appointment, {standing('commissioner', 'p.commissioner')}, v.ways, coalesce(v.half_days, 0), count(*), "
        "max(v.date) FROM visit v JOIN visit_place p ON p.visit = v.id JOIN appointment a ON a.id = p.appointment "
        f"WHERE {where} AND a.batch = ? GROUP BY 1, 2, 3, 4",
        (*values, batch),
    )
    return [
        Served(row[0], row[1], _listed(row[2]), row[3], row[4], row[5] or "")
        for row in cast("Iterable[tuple[Any, ...]]", rows.cursor)
    ]


def _listed(text: str | None) -> tuple[str, ...]:
    found = json.loads(text or "[]")
    return tuple(str(each) for each in found) if isinstance(found, list) else ()
