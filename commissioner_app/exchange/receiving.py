"""Receiving: what a file would bring, shown before anything is applied, and applying it as one operation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from commissioner_app.exchange import container, phrases
from commissioner_app.exchange.container import Envelope
from commissioner_app.exchange.people import Peer, of_identity
from commissioner_app.exchange.sending import Progress
from commissioner_app.labels import ENTITIES, field_label
from db.entities import DELETED
from db.errors import Refused
from db.exchange import parcel
from db.exchange.parcel import QUIET, Merge
from db.exchange.scope import Address
from db.journal import certificates
from db.journal.rights import why_not
from db.ledger import Connection, Ledger
from db.queries import exchange as queries
from db.queries import names
from db.queries.exchange import LogRow

OTHER_SENDER = "这个文件与刚才查看的不是同一个单位发来的，没有接收。请重新查看并核对。"

LINES = 500
"""How many records a preview lists."""

_ORDER = ("visit", "recipient", "assignment", "appointment", "appointment_person", "commissioner",
          "commissioner_private", "team", "organisation", "category", "batch")  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One record of the preview. what: new / changed / deleted / conflict / refused."""

    entity: str
    record: str
    what: str
    kind: str
    text: str
    detail: str


@dataclass(frozen=True)
class Inspection:
    """What a file would do here. made: the sender's clock, in milliseconds; more: lines left out."""

    sender: Peer
    first_contact: bool
    warning: str
    introduces: tuple[Peer, ...]
    made: int
    actor: str
    clock_note: str
    new: int
    changed: int
    unchanged: int
    conflicts: int
    refused: int
    attachments: int
    bytes: int
    by_kind: tuple[tuple[str, int, int], ...]
    lines: tuple[Line, ...]
    more: int
    part: int
    of: int
    file: Path


@dataclass(frozen=True)
class Receipt:
    """What a file did. records: entity → records whose rows changed."""

    sender: Peer
    new: int
    changed: int
    unchanged: int
    conflicts: int
    refused: int
    attachments: int
    clock_note: str = ""
    records: dict[str, list[str]] = field(default_factory=dict)

    @property
    def entities(self) -> frozenset[str]:
        """The kinds of things that changed."""
        return frozenset(self.records)


def envelope(path: Path) -> Envelope:
    """What can be read of a file without opening it: whether it needs a passphrase, which part it is."""
    return container.envelope(path)


def inspect(
    ledger: Ledger, path: Path, passphrase: str | None = None, progress: Progress | None = None
) -> Inspection:
    """Tell what a file would bring; nothing is written. Raises Refused with one sentence."""
    shown: list[Inspection] = []
    with opened(ledger, path, passphrase) as reader:

        def look(connection: Connection, merge: Merge) -> None:
            shown.append(_inspection(connection, merge, reader, path))

        parcel.receive(
            ledger, reader.manifest, reader.frames(), reader.blobs, trust=True, rehearse=True, mark=False,
            finish=lambda sender: reader.finish(sender["public_key"]), look=look, progress=progress or _silent,
        )  # fmt: skip
    return shown[0]


def apply(
    ledger: Ledger,
    path: Path,
    passphrase: str | None = None,
    accept: bool = False,
    progress: Progress | None = None,
    own: Address | None = None,
    compared: str | None = None,
) -> Receipt:
    """Merge a file in one transaction: all or nothing.

    accept: a person has compared the 核对码 of a sender seen for the first time. own: who this laptop is going
    to be, while its ledger is being made. compared: the sender's 核对码 when a person looked at the file; another
    file may be in its place since. Raises Refused with one sentence; then nothing has changed.
    """
    peer: list[Peer] = []

    def look(connection: Connection, merge: Merge) -> None:
        peer.append(of_identity(connection, merge.sender))
        if compared is not None and peer[0].fingerprint != compared:
            raise Refused(OTHER_SENDER)

    with opened(ledger, path, passphrase) as reader:
        merge = parcel.receive(
            ledger, reader.manifest, reader.frames(), reader.blobs, trust=accept, mark=own is None, own=own,
            finish=lambda sender: reader.finish(sender["public_key"]), progress=progress or _silent,
            file=path.name, size=reader.size, look=look,
        )  # fmt: skip
    new, changed = merge.counts
    return Receipt(
        peer[0], new, changed, merge.unchanged, len(merge.conflicts), len(merge.refused), merge.attachments,
        clock_note(merge), merge.records,
    )  # fmt: skip


@contextmanager
def opened(ledger: Ledger, path: Path, passphrase: str | None) -> Iterator[container.Reader]:
    """The file, opened with this station's key or the passphrase."""
    found = container.envelope(path)
    if found.sealed == "passphrase" and not passphrase:
        raise Refused("这个文件用口令加密，请输入对方告诉您的口令。")
    private = None if found.sealed == "passphrase" else ledger.station_key.private
    secret = phrases.tidy(passphrase) if passphrase else None
    with container.Reader(path, private, secret) as reader:
        yield reader


def _silent(done: int, total: int) -> None:
    """No progress asked for."""


def clock_note(merge: Merge) -> str:
    """A sentence on laptops whose clock is far off, "" for none; nothing is lost because of it."""
    notes = [f"“{name}”的电脑时间比本机{_hours(ms)}" for name, ms in merge.clocks]
    return "；".join(notes) + "，请提醒对方校准。内容不受影响。" if notes else ""


def _hours(ms: int) -> str:
    hours = round(abs(ms) / 3_600_000)
    length = f"约 {round(hours / 24)} 天" if hours >= 48 else f"约 {hours} 小时"
    return ("快" if ms > 0 else "慢") + length


def _inspection(connection: Connection, merge: Merge, reader: container.Reader, path: Path) -> Inspection:
    new, changed = merge.counts
    kinds = [
        (ENTITIES.get(e, "其他"), len(merge.new.get(e, ())), len(merge.changed.get(e, ())))
        for e in sorted({*merge.new, *merge.changed} - set(QUIET), key=_rank)
    ]
    lines, more = _lines(connection, merge)
    sender = of_identity(connection, merge.sender)
    if merge.first_contact:  # it is rehearsed as if it had been accepted
        sender = replace(sender, state="unknown")
    return Inspection(
        sender, merge.first_contact, merge.warning,
        tuple(of_identity(connection, i) for i in merge.introduces), int(merge.manifest["made"]),
        str(merge.manifest.get("actor") or ""), clock_note(merge), new, changed, merge.unchanged,
        len(merge.conflicts), len(merge.refused), merge.attachments, reader.size,
        tuple((k, n, c) for k, n, c in kinds if n or c), tuple(lines), more, reader.envelope.part,
        reader.envelope.of, path,
    )  # fmt: skip


def _rank(entity: str) -> int:
    return _ORDER.index(entity) if entity in _ORDER else len(_ORDER)


def _lines(connection: Connection, merge: Merge) -> tuple[list[Line], int]:
    """The records to look into: what needs a decision first, then what is new and changed."""
    disputed: dict[tuple[str, str], list[str]] = {}
    for entity, record, name in merge.conflicts:
        disputed.setdefault((entity, record), []).append(field_label(entity, name))
    items = [(e, r, "conflict", "、".join(f)) for (e, r), f in disputed.items()]
    valid = certificates.load(connection)
    for entity, record, identity in merge.refused:
        changes = queries.changes_in(connection, [record], merge.ids).get(record, [])
        change = next((c for c in changes if c.id == identity), None)
        reason = why_not(valid.get(change.station), change) if change else ""
        items.append((entity, record, "refused", reason))
    kinds = sorted({*merge.new, *merge.changed} - set(QUIET), key=_rank)
    for what, found in (("new", merge.new), ("changed", merge.changed)):
        items += [(e, r, what, "") for e in kinds for r in found.get(e, ()) if (e, r) not in disputed]
    shown, more = items[:LINES], max(0, len(items) - LINES)
    titles = _titles(connection, shown)
    touched = queries.changes_in(connection, [r for _, r, what, _ in shown if what == "changed"], merge.ids)
    lines = []
    for entity, record, what, detail in shown:
        text, content = titles.get((entity, record), ("", ""))
        if what == "changed":
            fields = {f: None for c in touched.get(record, ()) for f in c.values}
            if any(c.values.get(DELETED) for c in touched.get(record, ())):
                what = "deleted"
            detail = "、".join(field_label(entity, f) for f in fields if f != DELETED)
        lines.append(Line(entity, record, what, ENTITIES.get(entity, "其他"), text, detail or content))
    return lines, more


def _titles(
    connection: Connection, items: list[tuple[str, str, str, str]]
) -> dict[tuple[str, str], tuple[str, str]]:
    by_entity: dict[str, list[str]] = {}
    for entity, record, _, _ in items:
        by_entity.setdefault(entity, []).append(record)
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for entity, records in by_entity.items():
        if entity == "visit":
            found.update({(entity, r): t for r, t in queries.visit_titles(connection, records).items()})
        else:
            titles = names.titles(connection, entity, records)
            found.update({(entity, r): (t, "") for r, t in titles.items()})
    return found


def log(ledger: Ledger, limit: int = 200) -> list[LogRow]:
    """The latest files sent and received (往来记录)."""
    with ledger.read() as connection:
        return queries.log(connection, limit)


def arrived(ledger: Ledger) -> frozenset[str]:
    """Records that came with a file and that nobody has looked at since (新到)."""
    with ledger.read() as connection:
        return frozenset(queries.arrived(connection))


def seen_arrivals(ledger: Ledger, records: list[str] | None = None) -> None:
    """Take the 新到 mark of some records (of all, for None) away."""
    with ledger.transaction() as connection:
        queries.forget_arrivals(connection, records)
