"""Conflicts (填报不一致): both values with who and when."""

from typing import Any

from commissioner_app.history import when_text
from db.journal.changes import ChangeId
from db.ledger import Ledger
from db.queries import journal


def listed(ledger: Ledger) -> list[dict[str, Any]]:
    """Every conflict as `conflicts --json` tells it: {entity, record, field, choices [{value, station, actor, time}]}."""
    with ledger.read() as connection:
        found = journal.conflicts(connection)
    answer = []
    for entity, record, name in found:
        folded = ledger.folded(record)
        if folded is None:
            continue
        by_id = {c.id: c for c in ledger.history(record)}
        choices = []
        for i in folded.heads.get(name, ())[::-1]:
            change = by_id[i]
            with ledger.read() as connection:
                info = journal.operation(connection, ChangeId(i.session, change.operation), ledger.station)
            choices.append(
                {
                    "value": change.values[name],
                    "station": info.station if info else "",
                    "actor": info.actor if info else "",
                    "time": when_text(change.wall),
                }
            )
        answer.append({"entity": entity, "record": record, "field": name, "choices": choices})
    return answer


def count(ledger: Ledger) -> int:
    """How many fields are in conflict."""
    with ledger.read() as connection:
        return len(journal.conflicts(connection))
