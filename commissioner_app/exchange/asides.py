"""What is kept aside (待处理): changes that their station may not write, to be taken over or dismissed."""

from collections.abc import Iterable
from dataclasses import dataclass

from commissioner_app.exchange.people import title
from commissioner_app.history import when_text
from commissioner_app.labels import ENTITIES, Reader, field_label
from db.entities import DELETED
from db.errors import Refused
from db.exchange import peers
from db.journal import certificates, store
from db.journal.changes import Change, Draft, Heads, parse_id
from db.journal.fold import Folded, all_heads, fold
from db.journal.rights import Certificates, why_not
from db.ledger import Connection, Ledger, Outcome
from db.queries import exchange as queries


@dataclass(frozen=True)
class Aside:
    """One change kept aside. id: session.seq; change: what it wants, in words; can_take: this station may."""

    id: str
    kind: str
    title: str
    change: str
    reason: str
    station: str
    actor: str
    when: str
    entity: str
    record: str
    can_take: bool


def asides(ledger: Ledger) -> list[Aside]:
    """Everything that is kept aside, newest first; stations that wait to be accepted are not among it."""
    reader = Reader(ledger)
    with ledger.read() as connection:
        valid = certificates.load(connection)
        return [_aside(connection, ledger, reader, c, valid) for c in _open(connection, valid)]


def _open(connection: Connection, valid: Certificates) -> list[Change]:
    """What a person can decide: a change that says what is shown anyway (a batch made apart) asks nothing."""
    changes = [c for c in queries.aside(connection) if c.entity in ENTITIES and c.entity != "station"]
    folded: dict[str, Folded] = {}
    for part in store.chunks({c.record for c in changes}):
        folded.update({r: fold(known, valid) for r, known in store.load(connection, part).items()})
    return [
        c
        for c in changes
        if not folded[c.record].born
        or any(folded[c.record].values.get(f) != v for f, v in c.values.items() if f != DELETED)
        or DELETED in c.values
    ]


def count(ledger: Ledger) -> int:
    """How many changes are kept aside."""
    with ledger.read() as connection:
        return len(_open(connection, certificates.load(connection)))


def _aside(
    connection: Connection, ledger: Ledger, reader: Reader, change: Change, valid: Certificates
) -> Aside:
    if change.entity == "visit":
        named = queries.visit_titles(connection, [change.record]).get(change.record, ("", ""))[0]
        if not named and isinstance(change.values.get("time"), list):
            named = str(change.values["time"][0] or "")
    else:
        named = reader.titles(change.entity, [change.record]).get(change.record, "")
        named = named or str(change.values.get("name") or change.values.get("code") or "")
    words = [
        "删除"
        if f == DELETED and v
        else f"{field_label(change.entity, f)}：{reader.value(change.entity, f, v)}"
        for f, v in change.values.items()
    ]
    verb = {"insert": "新增", "update": "修改", "delete": ""}[change.kind]
    return Aside(
        str(change.id), ENTITIES[change.entity], named, (verb + " " + "；".join(words)).strip(),
        why_not(valid.get(change.station), change), title(connection, peers.identity(connection, change.station)),
        queries.actor_of(connection, change.id, change.operation), when_text(change.wall), change.entity,
        change.record, ledger.may_write(connection, change.entity, change.record, change.kind, change.values),
    )  # fmt: skip


def take_over(ledger: Ledger, ids: list[str]) -> Outcome:
    """Make changes that were kept aside count, as changes of this station. Raises Refused without the right."""
    return _decide(ledger, "采用待处理的改动", ids, taking=True)


def dismiss(ledger: Ledger, ids: list[str]) -> Outcome:
    """Decide that changes kept aside are not to count: what is shown now is written anew over them."""
    return _decide(ledger, "不采用待处理的改动", ids, taking=False)


def _decide(ledger: Ledger, label: str, ids: list[str], taking: bool) -> Outcome:
    wanted = {parse_id(i) for i in ids}

    def drafts(connection: Connection) -> list[Draft]:
        valid = certificates.load(connection)
        by_record: dict[tuple[str, str], list[Change]] = {}
        for change in sorted(queries.aside(connection), key=lambda c: c.order):
            if change.id in wanted:
                by_record.setdefault((change.entity, change.record), []).append(change)
        found: list[Draft] = []
        for (entity, record), changes in by_record.items():
            folded = fold(store.load(connection, [record], entity)[record], valid)
            found.append((_taken if taking else _dismissed)(changes, folded))
        return found

    outcome = ledger.write(label, drafts)
    if outcome.operation is None:
        raise Refused("这些改动已经处理过了。")
    return outcome


def _taken(changes: list[Change], folded: Folded) -> Draft:
    """One change of what several wanted, the later over the earlier; it stands in the place of all of them."""
    values = {f: v for change in changes for f, v in change.values.items()}
    kind = next((c.kind for c in changes if c.kind == "insert"), changes[-1].kind)
    judging = "review" in values or values.get(DELETED)
    return Draft(
        folded.entity, folded.record, kind, values, replaces=_over(changes, folded, values),
        saw=all_heads(folded) if judging else {},
    )  # fmt: skip


def _dismissed(changes: list[Change], folded: Folded) -> Draft:
    """Write what is shown now over them; a record that never counted is deleted."""
    if not folded.born:
        gone: Heads = {DELETED: tuple(sorted(c.id for c in changes))}
        return Draft(
            folded.entity, folded.record, "delete", {DELETED: True}, replaces=gone, saw=all_heads(folded)
        )
    values = {f: folded.values.get(f) for c in changes for f in c.values if f != DELETED}
    if any(DELETED in c.values for c in changes):
        values[DELETED] = folded.deleted
    return Draft(
        folded.entity, folded.record, "update", values, replaces=_over(changes, folded, values), saw={}
    )


def _over(changes: list[Change], folded: Folded, fields: Iterable[str]) -> Heads:
    return {
        f: tuple(sorted({*folded.shown.get(f, ()), *(c.id for c in changes if f in c.values)}))
        for f in fields
    }
