"""Making a parcel: what an address has not confirmed, as frames.

Frames are JSON: {"s": sessions, "o": operations, "c": changes, "a": digests of changes that do not come along}.
Texts of values, replaces and saw travel exactly as they were signed.
"""

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from db.exchange import peers
from db.exchange.peers import SHORT
from db.exchange.scope import Address, Scope
from db.exchange.wire import FRAME_BYTES, absent_row, change_row, operation_row
from db.journal import store
from db.journal.changes import Change, ChangeId, Operation, digest, parse_id
from db.journal.ranges import Ranges, spans_of
from db.journal.rights import CHILDREN
from db.ledger import Ledger
from db.queries import names


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
