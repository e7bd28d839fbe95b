"""Merging what other stations wrote: known changes are left out, forged or torn ones refused, the rest applied.

Merging writes no change of its own. The caller holds the write transaction; whatever is raised here undoes it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from db.entities import entity
from db.errors import Refused
from db.ids import bound
from db.journal import facts, store
from db.journal.changes import (
    Change,
    ChangeId,
    Operation,
    digest,
    operation_message,
    parse_id,
    session_message,
)
from db.journal.keys import SHIPPED, verifies
from db.journal.ranges import Ranges, spans_of

FORKED = "收到的改动与已有的改动编号相同而内容不同，来源可疑，已拒绝。台账没有改动。"
FORGED = "文件中有改动的签名不符，来源可疑，已拒绝。台账没有改动。"
TORN = "收到的内容不完整，没有接收。请先发一份上报，再请对方重新下发。"

SessionRow = tuple[str, str, int, bytes]
"""session, station, opened (milliseconds since 1970), signature"""


@contextmanager
def missing_reference() -> Iterator[None]:
    """Say in one sentence that something refers to what is not there."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(TORN) from error


@dataclass
class Merged:
    """fresh: how many changes were new; ids: they; applied: the rows written; born: records that were not here."""

    fresh: int = 0
    ids: Ranges = field(default_factory=Ranges)
    applied: store.Applied = field(default_factory=store.Applied)
    born: dict[str, list[str]] = field(default_factory=dict)
    stations: set[str] = field(default_factory=set)


class Merger:
    """Takes a package frame by frame.

    With `keys` (station → public key, for stations that this ledger does not know yet) every session and
    operation is verified; without, the caller has done so.
    """

    def __init__(self, connection: Connection, keys: dict[str, str] | None = None) -> None:
        self._connection = connection
        self._keys = keys
        self._held = store.held(connection)
        rows = connection.exec_driver_sql("SELECT session, station, opened, signature FROM incarnation")
        self._sessions: dict[str, SessionRow] = {row[0]: tuple(row) for row in rows}
        self._new_sessions: list[SessionRow] = []
        self._pending: dict[tuple[str, int], dict[int, bytes]] = {}
        self._headers: dict[tuple[str, int], Operation] = {}
        self._known_headers: set[tuple[str, int]] = set()
        self._absent: dict[tuple[str, int], bytes] = {}
        self._to_verify: set[tuple[str, int]] = set()
        self._replaced: dict[ChangeId, set[tuple[str, str]]] = {}
        self._referred: set[tuple[str, str]] = set()
        self._spans: list[tuple[str, int, int]] = []
        self._early: set[ChangeId] = set()
        self._laid: dict[str, list[tuple[int, int]]] = {}
        self._last = ChangeId("", 0)
        self.merged = Merged()

    def add(
        self,
        sessions: Iterable[SessionRow],
        operations: Sequence[Operation],
        changes: Sequence[Change],
        absent: Iterable[tuple[str, int, bytes]] = (),
    ) -> None:
        """Merge one frame: sessions and operations of its changes, and digests of changes that did not come."""
        self._add_sessions(sessions)
        fresh_headers = self._add_headers(operations)
        for session, seq, value in absent:
            self._absent[session, seq] = value
        fresh = self._fresh(changes)
        for change in fresh:
            if (change.id.session, change.operation) not in self._headers:
                raise Refused(FORGED)
            for ids in change.replaces.values():
                for i in ids:
                    self._replaced.setdefault(i, set()).add((change.entity, change.record))
            target = entity(change.entity)
            if target is not None:
                self._referred.update(facts.references(target, change.values))
        new = {change.record for change in fresh if change.kind == "insert"}
        needed = {(c.id.session, c.operation) for c in fresh}
        headers = [self._headers[key] for key in fresh_headers if key in needed]
        late = [key for key in sorted(needed - self._known_headers) if key not in fresh_headers]
        headers += [self._headers[key] for key in late]
        self._known_headers |= needed
        if not fresh:
            return
        known = store.known_records(self._connection, new)
        applied = store.apply(self._connection, headers, fresh)
        for name, records in applied.records.items():
            seen = self.merged.applied.records.setdefault(name, [])
            seen.extend(records)
        for change in fresh:
            if change.record in new and change.record not in known:
                self.merged.born.setdefault(change.entity, []).append(change.record)
                known.add(change.record)
        self.merged.fresh += len(fresh)
        self._spans += spans_of(c.id for c in fresh)

    def _add_sessions(self, sessions: Iterable[SessionRow]) -> None:
        for row in sessions:
            known = self._sessions.get(row[0])
            if known is not None:
                if known != row:
                    raise Refused(FORKED)
                continue
            self._sessions[row[0]] = row
            self._new_sessions.append(row)
            self._connection.exec_driver_sql(
                "INSERT INTO incarnation (session, station, opened, signature) VALUES (?,?,?,?)", row
            )

    def _add_headers(self, operations: Sequence[Operation]) -> list[tuple[str, int]]:
        fresh = []
        for operation in operations:
            key = (operation.id.session, operation.id.seq)
            if self._keys is not None:
                self._apart(operation)
            known = self._headers.get(key) or self._stored(key)
            if known is not None:
                if known != operation:
                    raise Refused(FORKED)
                self._headers[key] = known
                continue
            self._headers[key] = operation
            fresh.append(key)
        return fresh

    def _apart(self, operation: Operation) -> None:
        """Operations of a session follow each other: a change that is in two would be sent twice."""
        session, first = operation.id
        key = (session, first)
        if key in self._headers:
            return
        laid = self._laid.setdefault(session, [])
        at = bisect_right(laid, (first, 0))
        near = [*laid[max(at - 1, 0) : at], *laid[at : at + 1]]
        near += self._connection.exec_driver_sql(
            "SELECT * FROM (SELECT first, last FROM operation WHERE session = ? AND first < ? "
            "ORDER BY first DESC LIMIT 1) UNION ALL SELECT * FROM (SELECT first, last FROM operation "
            "WHERE session = ? AND first > ? ORDER BY first LIMIT 1)",
            (session, first, session, first),
        ).fetchall()
        if any(other != first and other <= operation.last and last >= first for other, last in near):
            raise Refused(FORGED)
        laid.insert(at, (first, operation.last))

    def _stored(self, key: tuple[str, int]) -> Operation | None:
        row = self._connection.exec_driver_sql(
            "SELECT last, label, actor, wall, undoes, signature FROM operation WHERE session = ? AND first = ?",
            key,
        ).fetchone()
        if row is None:
            return None
        self._known_headers.add(key)
        undoes = parse_id(row[4]) if row[4] else None
        return Operation(ChangeId(*key), row[0], row[1], row[2], row[3], undoes, row[5])

    def _fresh(self, changes: Sequence[Change]) -> list[Change]:
        fresh: list[Change] = []
        known: dict[ChangeId, bytes] = {}
        for change in changes:
            if self._keys is not None:
                self._in_order(change)
            session = self._sessions.get(change.id.session)
            change.station = session[1] if session else ""
            if session is None and self._keys is not None:
                raise Refused(FORGED)
            value = digest(change, *change.texts)
            if change.id in self._held:
                known[change.id] = value
            else:
                fresh.append(change)
                if self._keys is not None:
                    key = (change.id.session, change.operation)
                    self._pending.setdefault(key, {})[change.id.seq] = value
                    self._to_verify.add(key)
        for session_id, first, last in spans_of(known):
            rows = self._connection.exec_driver_sql(
                f"{store.SELECT_CHANGE} WHERE c.session = ? AND c.seq BETWEEN ? AND ?",
                (session_id, first, last),
            )
            for row in rows:
                here = store.change_from(row)
                if known[here.id] != digest(here, *here.texts):
                    raise Refused(FORKED)
        return fresh

    def _in_order(self, change: Change) -> None:
        """In a package changes stand by their identities, station records first: so none can come twice."""
        if change.entity == "station" and change.id not in self._early:
            self._early.add(change.id)
        elif change.entity != "station" and change.id > self._last:
            self._last = change.id
        else:
            raise Refused(FORGED)

    def finish(self) -> Merged:
        """Verify and close; raises Refused for what is forged or refers to what is not there."""
        self.merged.ids = Ranges.of(self._spans)
        if self._keys is not None:
            self._verify()
        self._closed()
        self.merged.stations = {self._sessions[s][1] for s in self.merged.ids.spans if s in self._sessions}
        return self.merged

    def _verify(self) -> None:
        for session, station, opened, signature in self._new_sessions:
            # Stations from before the exchange (their id does not follow from a key) have unbound sessions.
            if station[14:15] == "5" and station not in SHIPPED and not bound(session, station):
                raise Refused(FORGED)
            if not verifies(self._key(station), signature, session_message(session, station, opened)):
                raise Refused(FORGED)
        absent: list[tuple[str, int, bytes]] = []
        for key in sorted(self._to_verify):
            operation = self._headers[key]
            session, first = key
            digests = self._pending[key]
            if not all(first <= seq <= operation.last for seq in digests):
                raise Refused(FORGED)
            if len(digests) < operation.last - first + 1:
                self._fill(operation, digests, absent)
            ordered = [digests[seq] for seq in range(first, operation.last + 1)]
            key_text = self._key(self._sessions[session][1])
            if not verifies(key_text, operation.signature, operation_message(operation, ordered)):
                raise Refused(FORGED)
        if absent:
            self._connection.exec_driver_sql(
                "INSERT INTO absent_digest (session, seq, digest) VALUES (?,?,?) ON CONFLICT DO NOTHING",
                absent,
            )

    def _fill(
        self, operation: Operation, digests: dict[int, bytes], absent: list[tuple[str, int, bytes]]
    ) -> None:
        """The digests of an operation's other changes: from this ledger, or as the package tells them."""
        session, first = operation.id
        if operation.last - first > 10_000_000:
            raise Refused(FORGED)
        rows = self._connection.exec_driver_sql(
            f"{store.SELECT_CHANGE} WHERE c.session = ? AND c.seq BETWEEN ? AND ?",
            (session, first, operation.last),
        )
        for row in rows:
            change = store.change_from(row)
            if change.id.seq not in digests:
                digests[change.id.seq] = digest(change, *change.texts)
        told = self._connection.exec_driver_sql(
            "SELECT seq, digest FROM absent_digest WHERE session = ? AND seq BETWEEN ? AND ?",
            (session, first, operation.last),
        )
        for seq, value in told:
            digests.setdefault(seq, bytes(value))
        for seq in range(first, operation.last + 1):
            if seq not in digests:
                value = self._absent.get((session, seq))
                if value is None:
                    raise Refused(TORN)
                digests[seq] = value
                absent.append((session, seq, value))

    def _key(self, station: str) -> str:
        key = (self._keys or {}).get(station, "")
        if not key:
            # A copied laptop is not sent what the other one has confirmed, so perhaps not who the author is.
            raise Refused(TORN)
        return key

    def _closed(self) -> None:
        held = store.held(self._connection)
        if not all(i in held for i in self._replaced):
            raise Refused(TORN)
        if self._keys is not None:
            self._same_record()
        by_entity: dict[str, set[str]] = {}
        for name, record in self._referred:
            by_entity.setdefault(name, set()).add(record)
        for name, records in by_entity.items():
            if len(store.known_records(self._connection, records, name)) < len(records):
                raise Refused(TORN)

    def _same_record(self) -> None:
        """What a change replaces is of its own record: else it could not be passed on to whom that is not sent."""
        for session, first, last in spans_of(self._replaced):
            rows = self._connection.exec_driver_sql(
                "SELECT seq, entity, record FROM change WHERE session = ? AND seq BETWEEN ? AND ?",
                (session, first, last),
            )
            for seq, name, record in rows:
                if self._replaced[ChangeId(session, seq)] != {(name, record)}:
                    raise Refused(FORGED)
