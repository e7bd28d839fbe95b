"""A parcel: what one package holds, apart from how it is sealed. Merging one that came; `making` makes one."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from db.bulk import collector_resting
from db.engine import known_failures
from db.errors import FirstContact, Refused
from db.exchange import peers
from db.exchange.making import Parcel, make, split
from db.exchange.merge import QUIET, Merge
from db.exchange.scope import Address
from db.exchange.wire import DAMAGED, read_frame
from db.journal import certificates, store
from db.journal.changes import ChangeId, Draft
from db.journal.merging import FORGED, TORN, Merged, Merger, missing_reference
from db.journal.ranges import Ranges, spans_of
from db.ledger import Ledger, Outcome, keep_trust
from db.queries.attachments import keep_blob

LARGE = 20_000
"""Changes from which on a merge gets more memory for its pages."""

MARKED = 5_000
"""Up to so many records of one file are marked 新到."""


class _Rehearsed(Exception):
    """Ends the transaction of a rehearsal without a trace."""


def receive(
    ledger: Ledger,
    manifest: Mapping[str, Any],
    frames: Iterable[bytes],
    blobs: Callable[[], Iterable[tuple[str, int, Iterable[bytes]]]] = tuple,
    *,
    trust: bool = False,
    rehearse: bool = False,
    mark: bool = True,
    finish: Callable[[dict[str, Any]], None] = lambda _: None,
    look: Callable[[Connection, Merge], None] = lambda *_: None,
    own: Address | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
    file: str = "",
    size: int = 0,
) -> Merge:
    """Merge a parcel in one transaction; raises Refused with one sentence, then nothing has changed.

    trust: a person has compared the fingerprint of a sender seen for the first time. rehearse: only tell what
    would happen. finish: called with the sender's identity when everything has been read, verifies the seal;
    look: may read the merged state before the transaction ends. mark: note what came as 新到. own: who this
    laptop is going to be, while its station has no record yet.
    """
    told = peers.read_manifest(manifest)
    peers.check_key(told)
    merge = Merge(told.sender, dict(manifest))
    try:
        large = told.changes > LARGE
        with missing_reference(), known_failures(), ledger.transaction(large) as connection:
            with collector_resting(told.changes):
                peers.check_address(connection, ledger, told, own)
                stand = peers.standing(connection, ledger, told, own)
                merge.first_contact, merge.warning = stand.first_contact, stand.warning
                merge.introduces = stand.introduces
                if stand.first_contact and not trust:
                    raise FirstContact(
                        f"第一次收到“{told.sender['name']}”的文件，没有接收。请打电话核对对方的核对码："
                        f"{certificates.fingerprint(told.sender['public_key'])}"
                    )
                merged = _merge(connection, ledger, told, stand, merge, frames, blobs, own, progress)
                finish(told.sender)
            _count(connection, merge, merged)
            if mark:
                _mark(connection, ledger, merged)
            look(connection, merge)
            if rehearse:
                raise _Rehearsed
            merge.bytes = size
            peers.note(connection, told, merged.ids_seen)
            peers.log(connection, ledger, "received", told.sender, file, merge)
    except _Rehearsed:
        return merge
    ledger.told(Outcome(None, merge.records))
    if own is None:
        accept(ledger, told.sender["station"])
    return merge


def _merge(
    connection: Connection,
    ledger: Ledger,
    told: peers.Told,
    stand: peers.Standing,
    merge: Merge,
    frames: Iterable[bytes],
    blobs: Callable[[], Iterable[tuple[str, int, Iterable[bytes]]]],
    own: Address | None,
    progress: Callable[[int, int], None],
) -> "_Seen":
    if stand.first_contact:
        for identity in (told.sender, *stand.introduces):
            keep_trust(
                connection, identity["station"], "accepted", identity["public_key"], identity, ledger.actor
            )
    keys = certificates.public_keys(connection, store.station_changes(connection))
    peers.pin(keys, told.sender)
    for identity in stand.introduces if stand.first_contact else ():
        peers.pin(keys, identity)
    own_role = own.role if own else peers.role(connection, ledger.station)
    seen = _Seen(Merger(connection, keys), keys, own_role == told.sender["role"] == "bureau")
    done = 0
    for data in frames:
        done += seen.add(data)
        progress(done, told.changes)
    seen.merged = seen.merger.finish()
    if done != told.changes:
        raise Refused(DAMAGED)
    if stand.first_contact:
        applied = store.refold_trust(connection)  # its record may have been here before the trust
        for name, records in applied.records.items():
            seen.merged.applied.records.setdefault(name, []).extend(records)
    peers.same_identity(connection, told)
    for sha256, size, chunks in blobs():
        merge.attachments += _keep_blob(connection, sha256, chunks, told.sender["station"])
        merge.photo_bytes += size
    merge.clocks = peers.clocks(connection, told, seen.merged.ids)
    return seen


class _Seen:
    """The frames of one parcel on their way into the ledger."""

    def __init__(self, merger: Merger, keys: dict[str, str], settings: bool) -> None:
        self.merger = merger
        self.keys = keys
        self.settings = settings  # shared by the laptops of one bureau, and by nobody else
        self.merged = Merged()
        self.spans: list[tuple[str, int, int]] = []
        self.records: set[str] = set()

    def add(self, data: bytes) -> int:
        sessions, operations, changes, absent = read_frame(data)
        if not self.settings and any(c.entity == "setting" for c in changes):
            raise Refused(FORGED)
        peers.learn_keys(self.keys, sessions, changes)
        self.merger.add(sessions, operations, changes, absent)
        self.spans += spans_of(c.id for c in changes)
        self.records.update(c.record for c in changes)
        return len(changes)

    @property
    def ids_seen(self) -> Ranges:
        return Ranges.of(self.spans)


def _keep_blob(connection: Connection, sha256: str, chunks: Iterable[bytes], peer: str) -> int:
    data = b"".join(chunks)  # read in any case: its hash is part of what is verified
    connection.exec_driver_sql(
        "INSERT INTO blob_sent (peer, sha256) VALUES (?,?) ON CONFLICT DO NOTHING", (peer, sha256)
    )
    return int(keep_blob(connection, sha256, data))


def _count(connection: Connection, merge: Merge, seen: "_Seen") -> None:
    merged = seen.merged
    merge.fresh, merge.ids = merged.fresh, merged.ids
    merge.records = {name: list(dict.fromkeys(r)) for name, r in merged.applied.records.items()}
    merge.new = dict(merged.born)
    born = {r for records in merged.born.values() for r in records}
    merge.changed = {
        name: [r for r in records if r not in born and r in seen.records]
        for name, records in merge.records.items()
    }
    touched = {r for records in merge.records.values() for r in records}
    merge.unchanged = len(seen.records - touched)
    for part in store.chunks(sorted(touched)):
        rows = connection.exec_driver_sql(
            f"SELECT entity, record, field FROM conflict WHERE record IN ({store.marks(part)})", tuple(part)
        )
        merge.conflicts += [(r[0], r[1], r[2]) for r in rows]
        rows = connection.exec_driver_sql(
            f"SELECT entity, record, session, seq FROM aside WHERE record IN ({store.marks(part)})",
            tuple(part),
        )
        merge.refused += [(r[0], r[1], ChangeId(r[2], r[3])) for r in rows if (r[2], r[3]) in merged.ids]


def _mark(connection: Connection, ledger: Ledger, seen: "_Seen") -> None:
    """Note what others wrote as 新到, until somebody has looked at it."""
    rows = [
        (record, name)
        for name in ("visit", "commissioner", "appointment", "recipient", "assignment", "team")
        for record in seen.merged.applied.records.get(name, ())
        if record in seen.records
    ]
    if 0 < len(rows) <= MARKED:  # a whole ledger that arrives is not looked through record by record
        connection.exec_driver_sql(
            "INSERT INTO arrived (record, entity) VALUES (?,?) ON CONFLICT DO NOTHING", rows
        )


def accept(ledger: Ledger, station: str) -> Outcome:
    """Write that this station accepts another, where its role lets it and it has not yet done so.

    The bureau accepts everyone whose file a person here has taken, a county its commissioners: so their
    certificate counts wherever this change is passed on.
    """

    def drafts(connection: Connection) -> list[Draft]:
        return peers.acceptance(connection, ledger.station, station)

    return ledger.write("认可使用单位", drafts)


__all__ = ["QUIET", "TORN", "Address", "Merge", "Parcel", "accept", "make", "receive", "split"]
