"""What follows a visit or a stay: companions and attachments carry its county and places, written with it."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection

from db.journal.changes import Draft
from db.journal.rights import CHILDREN, county_of, places_of


def in_step(connection: Connection, wishes: Sequence[Draft]) -> list[Draft]:
    """The drafts, completed by what follows from them: who may write a child is told by the child itself."""
    visits = {d.record: d for d in wishes if d.entity == "visit" and {"where", "who"} & d.values.keys()}
    children = [d for d in wishes if d.entity in CHILDREN]
    if not visits and not children:
        return list(wishes)
    found = list(wishes)
    for draft in children:
        visit = draft.values.get("visit")
        if isinstance(visit, str) and "places" not in draft.values:
            draft.values.update(_belonging(connection, visit, visits.get(visit)))
        stay = draft.values.get("assignment")
        if isinstance(stay, str) and "county" not in draft.values:  # the scan of an agreement is its county's
            draft.values["county"] = connection.exec_driver_sql(
                "SELECT county FROM assignment WHERE id = ?", (stay,)
            ).scalar()
    named = {d.record for d in children}
    for visit, draft in visits.items():
        if draft.kind == "insert":
            continue
        for name in CHILDREN:
            rows = connection.exec_driver_sql(
                f'SELECT id FROM "{name}" WHERE visit = ? AND deleted = 0', (visit,)
            )
            for (record,) in rows.fetchall():
                if record not in named:
                    values = _belonging(connection, visit, draft)
                    found.append(Draft(name, record, "update", values))
    return found


def _belonging(connection: Connection, visit: str, draft: Draft | None) -> dict[str, Any]:
    """The county and places of a visit as they will be."""
    row = connection.exec_driver_sql("SELECT county, who FROM visit WHERE id = ?", (visit,)).fetchone()
    county = row[0] if row else None
    who = orjson.loads(row[1]) if row and row[1] else None
    values = draft.values if draft else {}
    if "where" in values:
        county = county_of("visit", values)
    if "who" in values:
        who = values["who"]
    return {"county": county, "places": places_of("visit", {"who": [list(p) for p in who or ()]})}
