"""Conflicts (填报不一致): the inbox of what waits for a person, and decisions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commissioner_app import ledgers
from commissioner_app.disputes import Author, Case, Changed, Choice, Conflict
from commissioner_app.entry import Entry, entry_of
from commissioner_app.labels import ENTITIES, Reader
from db.entities import DELETED, REVIEW
from db.errors import Refused
from db.journal import certificates, store
from db.journal.changes import Change, Heads
from db.journal.fold import Folded, fold
from db.journal.rights import Certificates
from db.journal.undo import plan_choice
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import journal
from db.queries import visits as queries

LABEL = "核对填报不一致"
OWNERS = {"visit_companion": "visit", "doubt_answer": "visit", "attachment": "visit", "commissioner_private": "commissioner",
          "appointment_person": "appointment", "assignment": "appointment"}  # fmt: skip
"""Records that are shown with another one: the field that names it."""


@dataclass(frozen=True)
class InboxItem:
    """Something a person has to decide: a field in conflict, or a review whose visit has changed since.

    kind and title say which record, in words; choices are the values (the shown one first), entry how another
    one is typed; owner is (entity, record) of what shows it. A stale review has no choices but `changes` and
    `review`, what had been judged. opened: all heads as they were read, for `decide_many` and the reviews.
    """

    entity: str
    record: str
    field: str
    kind: str
    title: str
    label: str
    choices: tuple[Choice, ...]
    before: str
    entry: Entry
    owner: tuple[str, str]
    opened: Heads
    changes: tuple[Changed, ...] = ()
    review: str = ""

    @property
    def stale(self) -> bool:
        """Whether this is a review to be made again, not a field in conflict."""
        return not self.choices

    @property
    def mine(self) -> bool:
        """Whether this station may decide it at all; else it waits for another."""
        return self.stale or any(c.may for c in self.choices)

    @property
    def deletion(self) -> bool:
        """Whether it is about deleting or keeping the record."""
        return self.field == DELETED

    @property
    def key(self) -> tuple[str, str]:
        """(record, field), as `decide_many` wants it."""
        return self.record, self.field

    @property
    def wall(self) -> int:
        """When the latest of it was written."""
        return max([c.wall for c in self.choices] + [c.author.wall for c in self.changes], default=0)


def of_record(ledger: Ledger, record: str, reader: Reader | None = None) -> list[Conflict]:
    """The conflicts of a record, by field."""
    with ledger.read() as connection:
        changes = store.load(connection, [record]).get(record)
        if not changes:
            return []
        case = Case(changes, reader or Reader(ledger), certificates.load(connection), ledger.station)
        return case.conflicts(journal.authors(connection, case.operations))


def _cases(connection: Connection, ledger: Ledger, reader: Reader, records: Iterable[str]) -> Iterable[Case]:
    """The records with their histories, in batches: a query for each would take minutes over a slow disk."""
    valid = certificates.load(connection)
    for part in store.chunks(records):
        histories = store.load(connection, part)
        for record in part:
            if record in histories:
                case = Case(histories[record], reader, valid, ledger.station)
                if not case.folded.deleted:
                    yield case


def inbox(ledger: Ledger, reader: Reader | None = None) -> list[InboxItem]:
    """What waits for a decision, the latest first: every field in conflict, every review that has to be made again.

    Reviews are left out where this station may not review (a commissioner's).
    """
    reader = reader or Reader(ledger)
    role, _, _ = ledgers.station_values(ledger)
    with ledger.read() as connection:
        disputed = list(dict.fromkeys(record for _, record, _ in journal.conflicts(connection)))
        stale = queries.stale_visits(connection) if role != "commissioner" else []
        cases = list(_cases(connection, ledger, reader, disputed))
        again = list(_cases(connection, ledger, reader, stale))
        operations = {i for case in (*cases, *again) for i in case.operations}
        authors = journal.authors(connection, operations)
        titles = _titles(connection, reader, [c.folded for c in (*cases, *again)])
    items = []
    for case in cases:
        f = case.folded
        items += [
            InboxItem(
                f.entity, f.record, c.field, ENTITIES.get(f.entity, f.entity), titles.get(f.record, ""),
                "删除或保留" if c.field == DELETED else c.label, c.choices, c.before, entry_of(f.entity, c.field),
                _owner(f), f.heads,
            )
            for c in case.conflicts(authors)
        ]  # fmt: skip
    for case in again:
        f, name = case.folded, REVIEW[case.folded.entity]
        if f.stale:
            items.append(
                InboxItem(
                    f.entity, f.record, name, ENTITIES[f.entity], titles.get(f.record, ""), "审核后有改动", (), "",
                    Entry(""), _owner(f), f.heads, case.changes(authors), reader.value(f.entity, name, f.values[name]),
                )
            )  # fmt: skip
    return sorted(items, key=lambda item: -item.wall)


def _owner(folded: Folded) -> tuple[str, str]:
    name = OWNERS.get(folded.entity)
    record = folded.values.get(name) if name else None
    return (name, record) if name and isinstance(record, str) else (folded.entity, folded.record)


def _titles(connection: Connection, reader: Reader, found: list[Folded]) -> dict[str, str]:
    """What to call records in a list: 2022-09-28 张三丰 温县 黄庄镇 for a visit, a name for the rest."""
    by_entity: dict[str, list[str]] = {}
    for f in found:
        by_entity.setdefault(f.entity, []).append(f.record)
    titles: dict[str, str] = {}
    for record, brief in queries.briefs(connection, by_entity.pop("visit", [])).items():
        day, who, county, township = brief
        titles[record] = " ".join(p for p in (day, who, reader.place(county, township)) if p)
    for name, records in by_entity.items():
        titles.update(reader.titles(name, records))
    return titles


def common(items: Sequence[InboxItem]) -> list[tuple[str, dict[tuple[str, str], Any]]]:
    """What can be decided for several fields at once: (unit, values) for each unit that wrote some of them, who wrote
    most of them first, at last ("", values) for the values written later. Deletions are never decided so.
    """
    fields = [i for i in items if not i.stale and not i.deletion and i.mine]
    units: Counter[str] = Counter()
    values: dict[str, dict[tuple[str, str], Any]] = {}
    latest: dict[tuple[str, str], Any] = {}
    for item in fields:
        written = [(a.wall, n, a.station) for n, c in enumerate(item.choices) if c.may for a in c.authors]
        for _, n, unit in sorted(written):
            values.setdefault(unit, {})[item.key] = item.choices[n].value
            latest[item.key] = item.choices[n].value
        units.update({unit for _, _, unit in written if unit})
    found = [(unit, values[unit]) for unit, _ in units.most_common()]
    return [*found, ("", latest)] if latest else []


def listed(ledger: Ledger) -> list[dict[str, Any]]:
    """Every conflict as `conflicts --json` tells it: {entity, record, field, choices [{value, station, actor, time}]}."""
    return [
        {
            "entity": item.entity,
            "record": item.record,
            "field": item.field,
            "choices": [
                {"value": c.value, "station": c.station, "actor": c.actor, "time": c.when}
                for c in item.choices
            ],
        }
        for item in sorted(inbox(ledger), key=lambda i: (i.entity, i.record, i.field))
        if not item.stale
    ]


def count(ledger: Ledger) -> int:
    """How many fields are in conflict."""
    with ledger.read() as connection:
        return len(journal.conflicts(connection))


def decide(ledger: Ledger, record: str, values: dict[str, Any]) -> Outcome:
    """Choose a value for some fields of a record: it replaces all that were in conflict. Raises Refused."""
    return decide_many(ledger, {(record, name): value for name, value in values.items()})


def decide_many(
    ledger: Ledger, values: Mapping[tuple[str, str], Any], opened: Mapping[str, Heads] | None = None
) -> Outcome:
    """Choose a value, one of those in conflict or another, for fields of any records in one operation.

    `opened` holds by record the heads that the person saw (`InboxItem.opened`): a value that came meanwhile is
    not replaced unseen, the field stays in conflict. What is no longer in conflict is left alone and named in
    `skipped`; with a deletion nothing else of its record is written. Raises Refused where nothing is left to
    decide, where this station may not write, or for a value the field cannot have.
    """
    wanted: dict[str, dict[str, Any]] = {}
    for (record, name), value in values.items():
        wanted.setdefault(record, {})[name] = value
    skipped: list[tuple[str, str, str, str]] = []

    def drafts(connection: Connection) -> list[Draft]:
        made = []
        valid = certificates.load(connection)
        for part in store.chunks(wanted):
            histories = store.load(connection, part)
            for record in part:
                changes = histories.get(record, [])
                folded = fold(changes, valid) if changes else None
                open_ = folded.conflicts if folded and not folded.deleted else frozenset()
                name = folded.entity if folded else ""
                skipped.extend((name, record, f, "decided") for f in wanted[record] if f not in open_)
                chosen = {f: v for f, v in wanted[record].items() if f in open_}
                if chosen:
                    made.append(_decision(name, record, chosen, changes, valid, (opened or {}).get(record)))
        return made

    try:
        outcome = ledger.write(LABEL, drafts, skipped=skipped)
    except (TypeError, ValueError) as error:
        raise Refused("填写的内容不合这一项的格式，没有保存，请重新填写。") from error
    if outcome.operation is None:
        raise Refused("这里已经没有不一致的内容，可能已在别处选定。")
    return Outcome(outcome.operation, outcome.records, list(skipped))


def _decision(
    name: str,
    record: str,
    chosen: dict[str, Any],
    changes: list[Change],
    valid: Certificates,
    opened: Heads | None,
) -> Draft:
    """One change for all chosen fields of a record, so that a review chosen with them has seen them."""
    if chosen.get(DELETED):
        chosen = {DELETED: True}
    parts = [plan_choice(name, record, f, v, changes, valid) for f, v in chosen.items()]
    whole = Draft(name, record, parts[0].kind, dict(chosen), replaces={}, saw={})
    assert whole.replaces is not None and whole.saw is not None
    for part in parts:
        whole.replaces |= part.replaces or {}
        whole.saw |= part.saw or {}
    if opened is not None:
        whole.replaces = {f: opened.get(f, ()) for f in chosen}
        if whole.saw:
            whole.saw = {f: ids for f, ids in opened.items() if f != DELETED}
    return whole


__all__ = [
    "Author",
    "Changed",
    "Choice",
    "Conflict",
    "InboxItem",
    "common",
    "count",
    "decide",
    "decide_many",
    "inbox",
    "listed",
    "of_record",
]
