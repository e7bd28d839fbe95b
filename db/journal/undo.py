"""Undo, redo and the inbox: one function over the heads as they would be without some changes."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from db.entities import DELETED
from db.journal.changes import Change, ChangeId, Draft, Heads
from db.journal.fold import Folded, all_heads, fold, heads_of
from db.journal.rights import Certificates


@dataclass
class UndoPlan:
    """Drafts that take an operation back, and what is left as it is: (entity, record, field, reason)."""

    drafts: list[Draft] = field(default_factory=list)
    skipped: list[tuple[str, str, str, str]] = field(default_factory=list)


May = Callable[[str, str, str, dict[str, Any]], bool]
"""Whether this station may write a change: (entity, record, kind, values)."""


Lane = dict[str, tuple[Any, tuple[ChangeId, ...], ChangeId | None]]


def plan_undo(
    operation: Collection[Change],
    history: Callable[[str], list[Change]],
    restoring: Collection[ChangeId] = frozenset(),
    certificates: Certificates | None = None,
    may: May = lambda *_: True,
) -> UndoPlan:
    """Plan to take back an operation; `history` gives all changes of a record.

    `restoring` names changes that undo has written: where one has put the operation's own value back, what
    came between cancels out, so that Ctrl+Z can be pressed again and again.

    A field is undone only while the operation's own changes are all its heads, by writing the heads it
    would have without them (a decided conflict comes back as a conflict); an insert only if nobody built
    on it. Redo is the undo of the undo. What the station `may` not write is skipped, too.
    """
    plan = UndoPlan()
    by_record: dict[str, list[Change]] = {}
    for change in sorted(operation, key=lambda c: c.id.seq):
        by_record.setdefault(change.record, []).append(change)
    own_ids = {c.id for c in operation}
    for record, own in by_record.items():
        known = history(record)
        folded = fold(known, certificates)
        if any(c.kind == "insert" for c in own):
            _undo_insert(plan, folded, known, own_ids, may)
            continue
        by_id = {c.id: c for c in known}
        lanes: list[Lane] = []
        for name in sorted({f for c in own for f in c.values}):
            writing = {c.id for c in own if name in c.values}
            heads = folded.heads.get(name, ())
            gone = own_ids
            if not writing <= set(heads) and _put_back(name, writing, heads, by_id, restoring):
                gone = own_ids | _descendants(known, name, writing)
                writing = set(heads)
            if not writing <= set(heads) or (folded.deleted and name != DELETED):
                plan.skipped.append((folded.entity, record, name, "changed"))
                continue
            without = [c.id for c in heads_of(known, name, gone, folded.counting)]
            back = [i for i in without if i not in heads]
            keep = [i for i in without if i in heads]
            todo: list[tuple[Any, tuple[ChangeId, ...], ChangeId | None]]
            if back:
                todo = [(by_id[i].values[name], tuple(sorted(writing)), i) for i in back]
            elif keep:
                kept = keep[-1]
                todo = [(by_id[kept].values[name], tuple(sorted({*writing, kept})), kept)]
            else:
                todo = [(False if name == DELETED else None, tuple(sorted(writing)), None)]
            if not all(may(folded.entity, record, "update", {name: value}) for value, _, _ in todo):
                plan.skipped.append((folded.entity, record, name, "right"))
                continue
            for n, item in enumerate(todo):
                while len(lanes) <= n:
                    lanes.append({})
                lanes[n][name] = item
        plan.drafts += [_lane_draft(folded.entity, record, lane, by_id) for lane in lanes]
    return plan


def _put_back(
    name: str,
    writing: set[ChangeId],
    heads: Collection[ChangeId],
    by_id: dict[ChangeId, Change],
    restoring: Collection[ChangeId],
) -> bool:
    """Whether all heads are the operation's own or its own value put back by an undo."""
    values = {repr(by_id[i].values[name]) for i in writing}
    return bool(heads) and all(
        i in writing or (i in restoring and repr(by_id[i].values[name]) in values) for i in heads
    )


def _descendants(known: Collection[Change], name: str, start: set[ChangeId]) -> set[ChangeId]:
    """Every change that replaces one of `start` in a field, directly or through others."""
    found = set(start)
    grown = True
    while grown:
        more = {c.id for c in known if c.id not in found and found & set(c.replaces.get(name, ()))}
        found |= more
        grown = bool(more)
    return found


def _undo_insert(
    plan: UndoPlan, folded: Folded, known: list[Change], own_ids: set[ChangeId], may: May
) -> None:
    # What stands in the record counts as the operation's own also where an undo has put the same value back.
    wrote = {(f, repr(c.values[f])) for c in known if c.id in own_ids for f in c.values}
    by_id = {c.id: c for c in known}
    built_on = any(
        (name, repr(by_id[i].values[name])) not in wrote and by_id[i].values[name] is not None
        for name, ids in folded.heads.items()
        if name != DELETED
        for i in ids
    )
    if folded.deleted or built_on:
        plan.skipped.append((folded.entity, folded.record, DELETED, "changed"))
        return
    if not may(folded.entity, folded.record, "delete", {DELETED: True}):
        plan.skipped.append((folded.entity, folded.record, DELETED, "right"))
        return
    plan.drafts.append(
        Draft(
            folded.entity, folded.record, "delete", {DELETED: True},
            replaces={DELETED: folded.heads.get(DELETED, ())}, saw=all_heads(folded),
        )
    )  # fmt: skip


def _lane_draft(entity: str, record: str, lane: Lane, by_id: dict[ChangeId, Change]) -> Draft:
    saw: Heads = {}
    for name, (_, _, source) in lane.items():
        # A judgement comes back with what it had seen, not with more; what it wrote itself was seen too.
        if source is not None and name in ("review", DELETED):
            judged = by_id[source]
            for f, ids in (*judged.saw.items(), *((f, (source,)) for f in judged.values)):
                if f not in (name, DELETED):
                    saw[f] = tuple(sorted({*saw.get(f, ()), *ids}))
    kind = "delete" if lane.get(DELETED, (False,))[0] else "update"
    return Draft(
        entity, record, kind,
        {f: value for f, (value, _, _) in lane.items()},
        replaces={f: ids for f, (_, ids, _) in lane.items()},
        saw=saw,
    )  # fmt: skip


def plan_choice(
    entity: str,
    record: str,
    name: str,
    value: Any,
    known: list[Change],
    certificates: Certificates | None = None,
) -> Draft:
    """A decision in the inbox: a new change that replaces all heads of the field."""
    folded = fold(known, certificates)
    heads = folded.heads.get(name, ())
    judging = name == "review" or (name == DELETED and value)
    return Draft(
        entity, record, "delete" if name == DELETED and value else "update",
        {name: value}, replaces={name: heads}, saw=all_heads(folded) if judging else {},
    )  # fmt: skip
