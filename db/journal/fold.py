"""The fold: what a record is, as a pure function of the set of its changes.

Nothing here knows a database or a clock: the result depends only on the set of changes, never on the order
in which packages arrived. Rules: DESIGN.md, "The journal"; proven against shared/model by tests/db/test_fold.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from db.entities import DELETED, NOT_REVIEWED, REVIEW
from db.journal.changes import Change, ChangeId, Heads
from db.journal.formats import upgraded
from db.journal.rights import Certificates, counted


@dataclass(slots=True)
class Folded:
    """A record as it stands.

    values: the shown value of each field; heads: per field the identities that no other known change
    replaces, the shown one last; conflicts: fields with two or more different heads; disputed_delete: a
    deletion that somebody's edit had not been seen by; stale: fields of a review that changed unseen;
    born: an insert counts (else the row is a stub, there for references only); aside: changes that do not count
    and that nobody has taken over or dismissed; counting: the changes that count, None for all.
    """

    record: str
    entity: str
    values: dict[str, Any] = field(default_factory=dict)
    heads: Heads = field(default_factory=dict)
    conflicts: frozenset[str] = frozenset()
    deleted: bool = False
    stale: frozenset[str] = frozenset()
    born: bool = False
    aside: frozenset[ChangeId] = frozenset()
    counting: frozenset[ChangeId] | None = None

    @property
    def shown(self) -> Heads:
        """Per field the heads that carry the shown value: what an ordinary save replaces."""
        return self._shown

    _shown: Heads = field(default_factory=dict)


def heads_of(
    changes: Collection[Change],
    name: str,
    without: Collection[ChangeId] = frozenset(),
    counting: Collection[ChangeId] | None = None,
) -> list[Change]:
    """The heads of a field, the one to be shown last; as they would be without some changes (for undo).

    With `counting` only those are heads; a counted change made on top of one that is kept aside replaces also
    what that had replaced: its writer saw it through it.
    """
    writing = [
        c
        for c in changes
        if name in c.values and c.id not in without and (counting is None or c.id in counting)
    ]
    replaced: set[ChangeId] = set()
    if counting is None:
        for change in writing:
            replaced.update(change.replaces.get(name, ()))
    else:
        under = {c.id: c for c in changes if c.id not in counting and c.id not in without}
        todo = [i for c in writing for i in c.replaces.get(name, ())]
        while todo:
            i = todo.pop()
            if i not in replaced:
                replaced.add(i)
                if i in under:
                    todo += under[i].replaces.get(name, ())
    return sorted((c for c in writing if c.id not in replaced), key=lambda c: c.order)


def fold(changes: Iterable[Change], certificates: Certificates | None = None) -> Folded:
    """Fold the changes of one record; raises ValueError for none.

    With `certificates` only what their stations may write counts; without, everything does.
    """
    known = [upgraded(c) for c in changes]
    if not known:
        raise ValueError("a record without changes cannot be folded")
    counting: frozenset[ChangeId] | None = None
    if certificates is not None:
        allowed = counted(known, certificates)
        if len(allowed) < len(known):
            counting = frozenset(c.id for c in allowed)
    if counting is None and len(known) == 1 and known[0].kind == "insert" and DELETED not in known[0].values:
        return _fold_insert(known[0])
    inserts = [c for c in known if c.kind == "insert"]
    result = Folded(known[0].record, known[0].entity, counting=counting)
    result.born = any(counting is None or c.id in counting for c in inserts)
    if counting is not None:
        covered = {i for c in known if c.id in counting for ids in c.replaces.values() for i in ids}
        result.aside = frozenset(c.id for c in known if c.id not in counting and c.id not in covered)
    by_id = {c.id: c for c in known}
    conflicts = set()
    for name in {f for c in known for f in c.values}:
        heads = heads_of(known, name, counting=counting)
        if not heads:
            continue
        value = heads[-1].values[name]
        result.values[name] = value
        result.heads[name] = tuple(c.id for c in heads)
        result._shown[name] = tuple(c.id for c in heads if c.values[name] == value)
        if any(c.values[name] != value for c in heads):
            conflicts.add(name)
    _fold_deletion(result, by_id, conflicts)
    result.conflicts = frozenset(conflicts)
    _fold_review(result, by_id)
    result.values.pop(DELETED, None)
    return result


def _fold_insert(change: Change) -> Folded:
    """The most common record by far: one insert and nothing since (bulk imports stand on it)."""
    only: tuple[ChangeId, ...] = (change.id,)
    heads: Heads = dict.fromkeys(change.values, only)
    return Folded(change.record, change.entity, dict(change.values), heads, born=True, _shown=heads)


def _fold_deletion(result: Folded, by_id: dict[ChangeId, Change], conflicts: set[str]) -> None:
    """Deleted only if every deletion head says so and each had seen all that stands in the record."""
    heads = [by_id[i] for i in result.heads.get(DELETED, ())]
    deleting = [c for c in heads if c.values[DELETED]]
    if not deleting:
        conflicts.discard(DELETED)
        return
    unseen = any(
        not any(_seen(by_id, i, name, c.saw) for c in deleting)
        for name, ids in result.heads.items()
        if name != DELETED
        for i in ids
    )
    if unseen:
        conflicts.add(DELETED)
    # Until a disputed deletion is decided the record is shown, marked, not hidden.
    result.deleted = len(deleting) == len(heads) and not unseen


def _fold_review(result: Folded, by_id: dict[ChangeId, Change]) -> None:
    """A review counts for the content it saw; what changed outside that set makes it stale."""
    name = REVIEW.get(result.entity)
    value = result.values.get(name) if name else None
    passed = isinstance(value, list) and value and value[0] == "passed"
    if name is None or not passed or name in result.conflicts:
        return
    reviews = [by_id[i] for i in result.heads[name]]
    beside = NOT_REVIEWED.get(result.entity, frozenset()) | {name, DELETED}
    result.stale = frozenset(
        f
        for f, ids in result.heads.items()
        if f not in beside
        and any(not any(i == r.id or _seen(by_id, i, f, r.saw) for r in reviews) for i in ids)
    )


def _seen(by_id: dict[ChangeId, Change], i: ChangeId, name: str, saw: Heads) -> bool:
    """Whether the head `i` was on the judge's screen; the same value counts as seen."""
    seen = saw.get(name, ())
    if i in seen:
        return True
    value = by_id[i].values[name]
    return any(j in by_id and by_id[j].values.get(name) == value for j in seen)


def all_heads(folded: Folded) -> Heads:
    """What a deletion or a review notes as seen: every head of every field."""
    return {f: ids for f, ids in folded.heads.items() if f != DELETED}
