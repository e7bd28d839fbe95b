"""Conflicts (填报不一致): all values with who and when, and the decision for one of them."""

from dataclasses import dataclass
from typing import Any

from commissioner_app.history import when_text
from commissioner_app.labels import Reader, field_label
from db.entities import DELETED
from db.errors import Refused
from db.journal import certificates
from db.journal.changes import Change, ChangeId
from db.journal.fold import fold
from db.journal.undo import plan_choice
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import journal


@dataclass(frozen=True)
class Choice:
    """One of the values: text is the value in words, when a time of day of the laptop that wrote it."""

    value: Any
    text: str
    station: str
    actor: str
    when: str


@dataclass(frozen=True)
class Conflict:
    """A field with two or more different heads; the value shown comes first."""

    entity: str
    record: str
    field: str
    label: str
    choices: tuple[Choice, ...]


def of_record(ledger: Ledger, record: str, reader: Reader | None = None) -> list[Conflict]:
    """The conflicts of a record, by field."""
    changes = ledger.history(record)
    if not changes:
        return []
    folded = fold(changes, ledger.certificates())
    by_id = {c.id: c for c in changes}
    reader = reader or Reader(ledger)
    found = []
    for name in sorted(folded.conflicts):
        with ledger.read() as connection:
            heads = [by_id[i] for i in folded.heads.get(name, ())[::-1]]
            choices = [_choice(connection, ledger, reader, name, change) for change in heads]
        if name == DELETED and all(c.value for c in choices):
            # Deleted here, edited there: keeping the record is the other choice.
            choices.append(Choice(False, "保留（别处有新的改动）", "", "", ""))
        distinct = {repr(c.value): c for c in reversed(choices)}
        found.append(
            Conflict(
                folded.entity,
                record,
                name,
                field_label(folded.entity, name),
                tuple(reversed(distinct.values())),
            )
        )
    return found


def _choice(connection: Connection, ledger: Ledger, reader: Reader, name: str, change: Change) -> Choice:
    info = journal.operation(connection, ChangeId(change.id.session, change.operation), ledger.station)
    text = reader.value(change.entity, name, change.values[name])
    return Choice(
        change.values[name],
        text,
        info.station if info else "",
        info.actor if info else "",
        when_text(change.wall),
    )


def listed(ledger: Ledger) -> list[dict[str, Any]]:
    """Every conflict as `conflicts --json` tells it: {entity, record, field, choices [{value, station, actor, time}]}."""
    with ledger.read() as connection:
        records = list(dict.fromkeys((entity, record) for entity, record, _ in journal.conflicts(connection)))
    reader = Reader(ledger)
    return [
        {
            "entity": entity,
            "record": record,
            "field": conflict.field,
            "choices": [
                {"value": c.value, "station": c.station, "actor": c.actor, "time": c.when}
                for c in conflict.choices
            ],
        }
        for entity, record in records
        for conflict in of_record(ledger, record, reader)
    ]


def count(ledger: Ledger) -> int:
    """How many fields are in conflict."""
    with ledger.read() as connection:
        return len(journal.conflicts(connection))


def decide(ledger: Ledger, record: str, values: dict[str, Any]) -> Outcome:
    """Choose a value for some fields of a record: it replaces all that were in conflict. Raises Refused."""

    def drafts(connection: Connection) -> list[Draft]:
        changes = ledger.history(record)
        valid = certificates.load(connection)
        open_ = fold(changes, valid).conflicts if changes else frozenset()
        return [
            plan_choice(changes[0].entity, record, f, v, changes, valid)
            for f, v in values.items()
            if f in open_
        ]

    outcome = ledger.write("核对填报不一致", drafts)
    if outcome.operation is None:
        raise Refused("这里已经没有不一致的内容，可能已在别处选定。")
    return outcome
