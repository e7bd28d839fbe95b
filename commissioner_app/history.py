"""History: what was done by whom and when, old → new; undo and redo."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from commissioner_app.labels import ENTITIES, Reader, field_label
from commissioner_app.personal import private_id
from db.entities import DELETED
from db.errors import Refused
from db.journal.changes import ChangeId
from db.ledger import Connection, Ledger, Outcome
from db.queries import journal, roster
from db.queries import people as queries
from db.queries.journal import OperationInfo as OperationInfo


@dataclass(frozen=True)
class Step:
    """One field of one record changed: who, when, old → new, in words."""

    operation: ChangeId
    when: str
    actor: str
    station: str
    label: str
    field: str
    old: str
    new: str


def when_text(wall: int) -> str:
    """2022-09-28 14:05, in this laptop's time zone."""
    return dt.datetime.fromtimestamp(wall / 1000).strftime("%Y-%m-%d %H:%M")


def operations(ledger: Ledger, limit: int = 200) -> list[OperationInfo]:
    """The latest operations of all stations, newest first."""
    with ledger.read() as connection:
        return journal.operations(connection, ledger.station, limit)


def record_history(ledger: Ledger, record: str, reader: Reader | None = None) -> list[Step]:
    """The history of a record, newest first, with readable Chinese labels of fields and values."""
    reader = reader or Reader(ledger)
    changes = ledger.history(record)
    by_id = {c.id: c for c in changes}
    with ledger.read() as connection:
        infos = {
            o.id: o
            for o in journal.operations(connection, ledger.station, limit=len(changes) + 1, record=record)
        }
    steps = []
    for change in changes:
        info = infos.get(ChangeId(change.id.session, change.operation))
        for name, value in change.values.items():
            olds = [by_id[i].values.get(name) for i in change.replaces.get(name, ()) if i in by_id]
            old = " / ".join(dict.fromkeys(reader.value(change.entity, name, o) for o in olds)) or "—"
            steps.append(
                Step(
                    ChangeId(change.id.session, change.operation),
                    when_text(change.wall),
                    info.actor if info else "",
                    info.station if info else "",
                    info.label if info else "",
                    field_label(change.entity, name),
                    old if name != DELETED or olds else "未删除",
                    reader.value(change.entity, name, value),
                )
            )
    return steps[::-1]


# That a stay belongs to its place, or a phone to its person, is no news in their history.
_OWNERS = {"assignment": "appointment", "commissioner_private": "commissioner"}


def records_history(ledger: Ledger, records: list[str]) -> list[Step]:
    """The histories of several records together, newest first."""
    reader = Reader(ledger)
    dated: list[tuple[int, Step]] = []
    for record in records:
        changes = ledger.history(record)
        walls = {ChangeId(c.id.session, c.operation): c.wall for c in changes}
        entity = changes[0].entity if changes else ""
        owner = field_label(entity, _OWNERS[entity]) if entity in _OWNERS else ""
        dated += [(walls[s.operation], s) for s in record_history(ledger, record, reader) if s.field != owner]
    return [s for _, s in sorted(dated, key=lambda pair: -pair[0])]


def place_history(ledger: Ledger, place: str) -> list[Step]:
    """What happened to a place and the people on it, what was removed included."""
    with ledger.read() as connection:
        tenures = roster.tenures(connection, place)
        people = _with_merged(connection, (commissioner for _, commissioner in tenures))
    return records_history(
        ledger, [place, *(t for t, _ in tenures), *people, *(private_id(c) for c in people)]
    )


def person_history(ledger: Ledger, commissioner: str) -> list[Step]:
    """What happened to a person, to the records merged with theirs and to all their private data, newest first."""
    with ledger.read() as connection:
        people = _with_merged(connection, [commissioner])
    return records_history(ledger, [*people, *(private_id(c) for c in people)])


def _with_merged(connection: Connection, people: Iterable[str]) -> list[str]:
    """People with those that were merged with them."""
    return list(dict.fromkeys(r for c in people for r in queries.joined(connection, "commissioner", c)))


def stays_history(ledger: Ledger, place: str) -> list[Step]:
    """The moves of a place between counties, removed stays included."""
    with ledger.read() as connection:
        found = roster.stays(connection, place)
    return records_history(ledger, found)


def operation_steps(
    ledger: Ledger, operation: ChangeId, limit: int = 300
) -> list[tuple[str, str, str, str, str]]:
    """What an operation changed: (kind, record's title, field, old, new), at most `limit` lines."""
    reader = Reader(ledger)
    with ledger.read() as connection:
        changes = ledger.operation_changes(connection, operation)[:limit]
    found = []
    titles: dict[str, dict[str, str]] = {}
    for entity in {c.entity for c in changes}:
        titles[entity] = reader.titles(entity, [c.record for c in changes if c.entity == entity])
    for change in changes:
        by_id = {c.id: c for c in ledger.history(change.record)} if change.replaces else {}
        for name, value in change.values.items():
            olds = [by_id[i].values.get(name) for i in change.replaces.get(name, ()) if i in by_id]
            found.append(
                (
                    ENTITIES.get(change.entity, change.entity),
                    titles[change.entity].get(change.record, ""),
                    field_label(change.entity, name),
                    " / ".join(dict.fromkeys(reader.value(change.entity, name, o) for o in olds)) or "—",
                    reader.value(change.entity, name, value),
                )
            )
    return found


def label_of(ledger: Ledger, operation: ChangeId) -> str:
    """What an operation is called: 撤销：登记服务."""
    with ledger.read() as connection:
        found = journal.operation(connection, operation, ledger.station)
    return found.label if found else ""


def since(ledger: Ledger, arrival: int) -> tuple[list[ChangeId], int]:
    """The operations that came into the ledger after an arrival, and the latest arrival now."""
    with ledger.read() as connection:
        found = journal.arrivals_since(connection, arrival)
    return [operation for operation, _ in found], found[-1][1] if found else arrival


def latest_arrival(ledger: Ledger) -> int:
    """The number of the operation that came into the ledger last."""
    with ledger.read() as connection:
        return journal.latest_arrival(connection)


def undoable(ledger: Ledger) -> OperationInfo | None:
    """The latest operation of this station that Ctrl+Z takes back: not itself an undo, not yet undone."""
    return _latest(ledger)[0]


def redoable(ledger: Ledger) -> OperationInfo | None:
    """The latest undo that nothing has followed: Ctrl+Y takes it back."""
    return _latest(ledger)[1]


def _latest(ledger: Ledger) -> tuple[OperationInfo | None, OperationInfo | None]:
    """What undo and redo would take next, walking back from the newest own operation.

    An operation's depth is 0, that of an undo 1, of a redo 2, of the undo of a redo 3 …: an odd one takes
    its target back and can be redone until new work follows; an even one stands and can be undone.
    """
    with ledger.read() as connection:
        own = journal.operations(connection, ledger.station, 400, mine=True)
    by_id = {o.id: o for o in own}

    def depth(o: OperationInfo) -> int:
        n = 0
        while o.undoes is not None and o.undoes in by_id:
            o, n = by_id[o.undoes], n + 1
        return n

    taken: set[ChangeId] = set()
    undo_next: OperationInfo | None = None
    redo_next: OperationInfo | None = None
    for o in own:
        if o.id in taken:
            continue
        level = depth(o)
        if o.undoes is not None:
            taken.add(o.undoes)
        if level % 2:
            redo_next = redo_next or o
            continue
        if level == 0:
            if undo_next is None and not _foundation(o):
                undo_next = o
            break
        undo_next = undo_next or o
    if undo_next is not None and undo_next.undoes is None and redo_next is not None:
        # New work after the undo: what was taken back before it stays so.
        newer = own.index(undo_next) < own.index(redo_next)
        redo_next = None if newer else redo_next
    return undo_next, redo_next


def _foundation(o: OperationInfo) -> bool:
    """What a ledger begins with is not undone by Ctrl+Z."""
    return o.label == "建立台账" or o.label.startswith("标为演示")


def undo(ledger: Ledger, operation: ChangeId | None = None) -> Outcome:
    """Take back an operation (the latest of this station for None). Raises Refused where there is nothing."""
    with ledger.alone():
        if operation is None:
            info = undoable(ledger)
        else:
            with ledger.read() as connection:
                info = journal.operation(connection, operation, ledger.station)
        if info is None:
            raise Refused("没有可以撤销的操作。")
        return ledger.undo(info.id, _undo_label(info))


def _undo_label(info: OperationInfo) -> str:
    what = info.label.removeprefix("撤销：").removeprefix("重做：")
    taking_back = info.undoes is None or info.label.startswith("重做：")
    return f"{'撤销' if taking_back else '重做'}：{what}"


def redo(ledger: Ledger) -> Outcome:
    """Take back the latest undo. Raises Refused where there is nothing."""
    with ledger.alone():
        info = redoable(ledger)
        if info is None:
            raise Refused("没有可以重做的操作。")
        return undo(ledger, info.id)


def skipped_words(ledger: Ledger, skipped: list[tuple[str, str, str, str]], limit: int = 8) -> list[str]:
    """What an undo has left as it is, in words: 服务记录 2022-0214-K7QD 的培训人数; at most `limit` of them."""
    reader = Reader(ledger)
    words = []
    for entity, record, field, _reason in skipped[:limit]:
        title = reader.titles(entity, [record]).get(record, "")
        name = f"{ENTITIES.get(entity, entity)} {title}".strip()
        words.append(name if field == DELETED or not field else f"{name} 的{field_label(entity, field)}")
    return list(dict.fromkeys(words))
