"""A parcel: what one package holds, apart from how it is sealed. Making one, and merging one that came.

Frames are JSON: {"s": sessions, "o": operations, "c": changes, "a": digests of changes that do not come along}.
Texts of values, replaces and saw travel exactly as they were signed.
"""

import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection

from db.bulk import collector_resting
from db.engine import known_failures
from db.errors import FirstContact, Refused
from db.exchange import peers
from db.exchange.peers import SHORT
from db.exchange.scope import Address, Scope
from db.exchange.wire import (
    DAMAGED,
    FRAME_BYTES,
    absent_row,
    change_row,
    operation_row,
    read_frame,
)
from db.journal import certificates, store
from db.journal.changes import Change, ChangeId, Draft, Operation, digest, parse_id
from db.journal.merging import FORGED, TORN, Merged, Merger, missing_reference
from db.journal.ranges import Ranges, spans_of
from db.journal.rights import CHILDREN
from db.ledger import Ledger, Outcome, keep_trust
from db.queries import names
from db.queries.attachments import keep_blob

HOURS = 3_600_000
"""Milliseconds."""


@dataclass
class Parcel:
    """What goes to an address. changes: how many; ids: which; blobs: (sha256, bytes) that go along."""

    ledger: Ledger
    address: Address
    manifest: dict[str, Any]
    ids: Ranges
    stations: Ranges
    blobs: list[tuple[str, int]]
    photos_sent_before: int = 0

    def frames(self) -> Iterator[bytes]:
        """The frames, station records first, the rest by identity."""
        with self.ledger.read() as connection:
            yield from _frames(connection, self.stations, self.ids)
            yield from _frames(connection, self.ids.minus(self.stations), self.ids)

    def blob(self, sha256: str) -> bytes:
        """The bytes of an attachment."""
        with self.ledger.read() as connection:
            found = connection.exec_driver_sql(
                "SELECT data FROM blob WHERE sha256 = ?", (sha256,)
            ).scalar_one()
            return bytes(found)


def make(ledger: Ledger, address: Address, *, resend: bool = False) -> Parcel:
    """What an address has not confirmed. resend: also photos that were sent before (补发照片)."""
    with ledger.read() as connection:
        held = store.held(connection)
        known, showed = peers.ranges(connection, address.station)
        everything = address.role == "bureau"
        if everything:
            ids = held.minus(known)
            if peers.role(connection, ledger.station) != "bureau":
                ids = ids.minus(_settings(connection))
        else:
            Scope(connection, address, known).fill(ledger.station)
            rows = connection.exec_driver_sql(
                "SELECT c.session, c.seq FROM in_scope s CROSS JOIN change c "
                "ON c.record = s.record AND c.entity = s.entity"
            )
            ids = Ranges.of(spans_of((r[0], r[1]) for r in rows)).minus(known)
        stations = Ranges.of(spans_of(c.id for c in store.station_changes(connection))).intersection(ids)
        blobs, before = _blobs(connection, address, everything, resend)
        theirs = held.only(peers.sessions(connection, address.station))
        manifest = {
            "from": peers.identity(connection, ledger.station),
            "to": {
                "role": address.role, "county": address.county, "place": address.place,
                "person": address.person, "station": address.station, **_named(connection, address),
            },
            "made": int(time.time() * 1000),
            "actor": ledger.actor,
            "demo": peers.demo(connection),
            "have": theirs.union(held.intersection(showed)).as_json(),
            "changes": len(ids),
            "blobs": len(blobs),
            "bureaus": peers.bureaus(connection, ledger.station),
        }  # fmt: skip
    return Parcel(ledger, address, manifest, ids, stations, blobs, before)


def split(whole: Parcel, limit: int, bytes_a_change: int) -> list[Parcel]:
    """The parcel as several of about `limit` bytes, each complete in itself, to be received in any order.

    Reference data goes in each, visits with what belongs to them in one of them, attachments where there is room.
    """
    changes = len(whole.ids) * bytes_a_change
    if changes + sum(size for _, size in whole.blobs) <= limit:
        return [whole]
    slices = _slices(whole, changes // (limit * 3 // 4) + 1)
    parts = [Parcel(whole.ledger, whole.address, {}, ids, whole.stations, []) for ids in slices]
    room = [limit - len(p.ids) * bytes_a_change for p in parts]
    for sha256, size in whole.blobs:
        at = next((n for n, left in enumerate(room) if left >= size), None)
        if at is None:
            parts.append(Parcel(whole.ledger, whole.address, {}, Ranges(), Ranges(), []))
            room.append(limit)
            at = len(parts) - 1
        parts[at].blobs.append((sha256, size))
        room[at] -= size
    for part in parts:
        part.manifest = {
            **whole.manifest, "changes": len(part.ids), "blobs": len(part.blobs), "sent": whole.ids.as_json(),
        }  # fmt: skip
    return parts


def _slices(whole: Parcel, count: int) -> list[Ranges]:
    """The changes in so many sets: a visit's all in one, everything that is no visit's in each."""
    if count == 1:
        return [whole.ids]
    owners: dict[str, str] = {}
    spans: list[list[ChangeId]] = [[] for _ in range(count)]
    with whole.ledger.read() as connection:
        for child in CHILDREN:
            owners.update(
                (r[0], r[1])
                for r in connection.exec_driver_sql(f"SELECT id, visit FROM {child} WHERE visit IS NOT NULL")
            )
        for session, first, last in whole.ids:
            rows = connection.exec_driver_sql(
                "SELECT seq, entity, record FROM change WHERE session = ? AND seq BETWEEN ? AND ?",
                (session, first, last),
            )
            for seq, entity, record in rows:
                visit = record if entity == "visit" else owners.get(record)
                wanted = range(count) if visit is None else (zlib.crc32(visit.encode()) % count,)
                for n in wanted:
                    spans[n].append(ChangeId(session, seq))
    return [Ranges.of(spans_of(ids)) for ids in spans]


def _named(connection: Connection, address: Address) -> dict[str, str | None]:
    """A commissioner's name and place number: a laptop without a ledger can tell for whom a file is."""
    name = names.name(connection, "commissioner", address.person) if address.person else ""
    code = names.name(connection, "appointment", address.place) if address.place else ""
    return {"name": name[:SHORT] or None, "code": code[:SHORT] or None}


def _settings(connection: Connection) -> Ranges:
    rows = connection.exec_driver_sql(
        "SELECT c.session, c.seq FROM setting s JOIN change c ON c.record = s.id"
    )
    return Ranges.of(spans_of((r[0], r[1]) for r in rows))


def _blobs(
    connection: Connection, address: Address, everything: bool, resend: bool
) -> tuple[list[tuple[str, int]], int]:
    """Attachments in scope that are here, and how many were left out because they had gone before."""
    scoped = "" if everything else "AND a.id IN (SELECT record FROM in_scope WHERE entity = 'attachment')"
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT b.sha256, length(b.data), p.sha256 IS NOT NULL FROM attachment a "
        "JOIN blob b ON b.sha256 = a.sha256 LEFT JOIN blob_sent p ON p.peer = ? AND p.sha256 = b.sha256 "
        f"WHERE a.deleted = 0 {scoped} ORDER BY b.sha256",
        (address.station or peers.nobody(address.role, address.county, address.place),),
    ).fetchall()
    return [(r[0], r[1]) for r in rows if resend or not r[2]], sum(1 for r in rows if r[2])


def _frames(connection: Connection, wanted: Ranges, going: Ranges) -> Iterator[bytes]:
    """Frames of the wanted changes; going: everything that the package holds."""
    frame = _Frame()
    for session, first, last in wanted:
        frame.session(connection, session)
        operations = connection.exec_driver_sql(
            "SELECT first, last, label, actor, wall, undoes, signature FROM operation WHERE session = ? "
            "AND first <= ? AND last >= ? ORDER BY first",
            (session, last, first),
        ).fetchall()
        for row in operations:
            begin, end = max(first, row[0]), min(last, row[1])
            undoes = parse_id(row[5]) if row[5] else None
            header = Operation(ChangeId(session, row[0]), row[1], row[2], row[3], row[4], undoes, row[6])
            # The digests of what stays behind go with the operation's first change that goes.
            if _goes_first(going, header, begin):
                yield from frame.operation(connection, header, going)
            else:
                frame.header(header)
            rows = connection.exec_driver_sql(
                f"{store.SELECT_CHANGE} WHERE c.session = ? AND c.seq BETWEEN ? AND ? ORDER BY c.seq",
                (session, begin, end),
            )
            for found in rows:
                frame.change(store.change_from(found))
                if frame.full:
                    yield frame.taken()
                    frame.session(connection, session)
                    frame.header(header)
    if frame.filled:
        yield frame.taken()


def _goes_first(going: Ranges, header: Operation, begin: int) -> bool:
    before = Ranges({header.id.session: [(header.id.seq, begin - 1)]}) if begin > header.id.seq else Ranges()
    return not before.intersection(going)


class _Frame:
    """Rows collected until a frame is large enough."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Any]] = {"s": [], "o": [], "c": [], "a": []}
        self._size = 0
        self._named: set[object] = set()

    @property
    def full(self) -> bool:
        return self._size >= FRAME_BYTES

    @property
    def filled(self) -> bool:
        return any(self._rows.values())

    def taken(self) -> bytes:
        data = orjson.dumps(self._rows)
        self.__init__()  # type: ignore[misc]
        return data

    def session(self, connection: Connection, session: str) -> None:
        if session not in self._named:
            self._named.add(session)
            row = connection.exec_driver_sql(
                "SELECT session, station, opened, signature FROM incarnation WHERE session = ?", (session,)
            ).fetchone()
            if row:
                self._rows["s"].append([row[0], row[1], row[2], bytes(row[3]).hex()])

    def header(self, operation: Operation) -> None:
        if operation.id not in self._named:
            self._named.add(operation.id)
            self._rows["o"].append(operation_row(operation))
            self._size += 300

    def operation(self, connection: Connection, header: Operation, going: Ranges) -> Iterator[bytes]:
        """The operation with the digests of its changes that do not go along; full frames on the way."""
        self.header(header)
        session, first = header.id
        missing = Ranges({session: [(first, header.last)]}).minus(going)
        for _, begin, end in missing:
            rows = connection.exec_driver_sql(
                f"{store.SELECT_CHANGE} WHERE c.session = ? AND c.seq BETWEEN ? AND ? ORDER BY c.seq",
                (session, begin, end),
            )
            digests = {c.id.seq: digest(c, *c.texts) for c in map(store.change_from, rows)}
            told = connection.exec_driver_sql(
                "SELECT seq, digest FROM absent_digest WHERE session = ? AND seq BETWEEN ? AND ?",
                (session, begin, end),
            )
            digests.update({row[0]: bytes(row[1]) for row in told})
            for seq in sorted(digests):
                self._rows["a"].append(absent_row(session, seq, digests[seq]))
                self._size += 100
                if self.full:
                    yield self.taken()
                    self.session(connection, session)
                    self.header(header)

    def change(self, change: Change) -> None:
        row = change_row(change)
        self._rows["c"].append(row)
        self._size += 160 + len(row[7]) + len(row[8] or "") + len(row[9] or "")


@dataclass
class Merge:
    """What merging a parcel did or, rehearsed, would do.

    new / changed: records by entity; unchanged: records that were as they are; conflicts, refused: those that
    came of it; attachments: bytes that were not here; first_contact: the sender is not trusted yet.
    """

    sender: dict[str, Any]
    manifest: dict[str, Any]
    new: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, list[str]] = field(default_factory=dict)
    unchanged: int = 0
    conflicts: list[tuple[str, str, str]] = field(default_factory=list)
    refused: list[tuple[str, str, ChangeId]] = field(default_factory=list)
    attachments: int = 0
    photo_bytes: int = 0
    bytes: int = 0  # of the file
    first_contact: bool = False
    warning: str = ""
    introduces: list[dict[str, Any]] = field(default_factory=list)
    clocks: list[tuple[str, int]] = field(
        default_factory=list
    )  # station's name, milliseconds ahead of this laptop
    records: dict[str, list[str]] = field(default_factory=dict)
    fresh: int = 0
    ids: Ranges = field(default_factory=Ranges)

    @property
    def counts(self) -> tuple[int, int]:
        """How many records are new, how many changed."""
        return (
            sum(len(r) for e, r in self.new.items() if e not in QUIET),
            sum(len(r) for e, r in self.changed.items() if e not in QUIET),
        )


QUIET = ("station", "setting", "visit_companion", "attachment")
"""Entities that are not counted as records of their own: parts of others, and what keeps the exchange going."""


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
