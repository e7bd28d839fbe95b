"""A ledger file: opening, reading, and `write`, the one door through which people's work enters."""

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from db import migrate
from db.bulk import collector_resting
from db.divisions import load_divisions
from db.engine import (
    APPLICATION_ID,
    CACHE_KB,
    connect,
    is_encrypted,
    key_for,
    known_failures,
    looks_like_key,
    make_engine,
    raw_key,
    wal_is_safe,
)
from db.entities import DELETED, REVIEW, entity
from db.errors import LedgerError, NotALedger, Refused
from db.ids import session_id
from db.journal import certificates, store
from db.journal.changes import (
    Change,
    ChangeId,
    Draft,
    Heads,
    Operation,
    digest,
    operation_message,
    session_message,
    values_json,
)
from db.journal.fold import Folded, all_heads, fold
from db.journal.keys import StationKey
from db.journal.merging import Merger, missing_reference
from db.journal.ranges import Ranges
from db.journal.rights import Certificates, counted, why_not
from db.journal.steps import in_step
from db.journal.undo import plan_undo

NOT_YET = ChangeId("", 0)
"""Stands for the identity until the change has got its number."""

LARGE_CACHE_KB = 200_000
"""Page cache for a write of tens of thousands of rows: what does not fit is written and read again and again."""

QUIET_SECONDS = 2.0
"""After this long without a write the log is folded into the file, because officers copy the bare file."""


@dataclass(frozen=True)
class Outcome:
    """What a write did: its operation (None when nothing had to change) and the records by entity."""

    operation: ChangeId | None
    records: dict[str, list[str]] = field(default_factory=dict)
    skipped: list[tuple[str, str, str, str]] = field(default_factory=list)

    @property
    def entities(self) -> frozenset[str]:
        """The kinds of things that changed."""
        return frozenset(self.records)


class Ledger:
    """An open ledger.

    Attributes: path; key (raw SQLCipher key and salt as hex, None for a plain file); engine; station
    (record id of this laptop's station); actor (经办人, written into every operation).
    """

    def __init__(self, path: Path, key: str | None, readonly: bool = False) -> None:
        self.path = path
        self.key = key
        self.readonly = readonly
        self.engine = make_engine(path, key, readonly)
        self.actor = ""
        self._lock = threading.RLock()
        # A lock of its own: the window asks every second and must not wait for a long write.
        self._watch_lock = threading.Lock()
        self._watch: Any = None
        self._session: str | None = None
        self._seq = 0
        self._last_wall = 0
        self._listeners: list[Callable[[Outcome], None]] = []
        self._timer: threading.Timer | None = None
        self._wal = False
        self._closed = False
        self.station = ""
        self._station_key: StationKey | None = None

    # -- opening ---------------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: Path, password: str | None = None) -> "Ledger":
        """Make an empty ledger; the file must not exist. A refused creation leaves no file."""
        if path.exists():
            raise Refused(f"文件已经存在，没有覆盖：{path}")
        if password and looks_like_key(password):
            raise Refused("密码不能是 96 位的十六进制数字：那是恢复单上密钥的形式。请换一个密码。")
        path.parent.mkdir(parents=True, exist_ok=True)
        key = raw_key(password, secrets.token_bytes(16)) if password else None
        ledger = cls(path, key)
        try:
            with known_failures():
                ledger._migrate()
                with ledger.transaction() as connection:
                    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                    load_divisions(connection)
                ledger._set_journal_mode()
        except BaseException:
            ledger.engine.dispose()
            remove_ledger(path)
            raise
        return ledger

    @classmethod
    def open(
        cls, path: Path, password: str | None = None, before_upgrade: Callable[["Ledger"], Any] | None = None
    ) -> "Ledger":
        """Open a ledger, migrating its tables if they are older; `before_upgrade` makes the backup.

        Raises NotALedger, WrongPassword, NewerLedger (the file is then not touched), DiskTrouble.
        """
        if not path.is_file():
            raise NotALedger(f"找不到台账文件：{path}")
        if path.stat().st_size == 0:
            raise NotALedger("这个文件是空的，不是服务台账。")
        try:
            key = key_for(path, password)
        except OSError as error:
            raise NotALedger(f"无法读取台账文件：{path}") from error
        with known_failures(path):
            # A stick that is write-protected, a folder of somebody else: it can still be read and printed.
            readonly = not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
            ledger = cls(path, key, readonly)
            try:
                with ledger.read() as connection:
                    found = migrate.revision(connection)
                if found is None:
                    raise NotALedger("这个文件不是服务台账，没有打开。")
                if found != migrate.HEAD:
                    if before_upgrade:
                        before_upgrade(ledger)
                    ledger._migrate()
                    with ledger.transaction() as connection:
                        store.rebuild(connection)  # what later tables derive from the journal
                ledger._set_journal_mode()
                ledger._load_station()
            except BaseException:
                ledger.engine.dispose()
                raise
        return ledger

    def _migrate(self) -> None:
        with self.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")  # the pragma does nothing inside a transaction
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            migrate.upgrade(connection)
            if connection.in_transaction():
                connection.commit()
            connection.invalidate()  # do not reuse a connection without foreign keys

    def _set_journal_mode(self) -> None:
        if self.readonly:
            return
        mode = "WAL" if wal_is_safe(self.path) else "DELETE"
        raw = connect(self.path, self.key)
        try:
            found = raw.execute(f"PRAGMA journal_mode = {mode}").fetchone()[0]
        except Exception:  # read-only media: reading still works, a write will say so
            found = ""
        finally:
            raw.close()
        self._wal = str(found).lower() == "wal"

    def _load_station(self) -> None:
        with self.read() as connection:
            rows = connection.exec_driver_sql("SELECT key, value FROM local")
            local = {str(row[0]): str(row[1]) for row in rows}
        self.station = local.get("station", "")
        self.actor = local.get("actor", "")
        if "private_key" in local:
            self._station_key = StationKey(bytes.fromhex(local["private_key"]))

    def make_station(self, values: dict[str, Any], actor: str) -> Outcome:
        """Give a new ledger its identity: draw the key, keep it here, write the station's record."""
        self.draw_key(actor)
        return self.enter_station(values)

    def draw_key(self, actor: str) -> None:
        """Make this laptop's key; the station's id follows from it, so nobody else's can stand under it."""
        self._station_key = StationKey()
        self.station, self.actor = certificates.station_id(self._station_key.public), actor
        with self.transaction() as connection:
            connection.exec_driver_sql(
                "INSERT INTO local (key, value) VALUES (?,?)",
                [
                    ("station", self.station),
                    ("private_key", self._station_key.private.hex()),
                    ("actor", actor),
                ],
            )

    def enter_station(self, values: dict[str, Any]) -> Outcome:
        """Write the record of this station: role, county, place and person never change in it."""
        values = {**values, "public_key": self.station_key.public}
        return self.write("建立台账", [Draft("station", self.station, "insert", values)])

    @property
    def station_key(self) -> StationKey:
        """This laptop's key; raises LedgerError for a ledger without one."""
        if self._station_key is None:
            raise LedgerError("这个台账还没有登记本机，不能写入。")
        return self._station_key

    def set_local(self, key: str, value: str) -> None:
        """Keep something that belongs to this laptop alone (never exchanged, no history)."""
        with known_failures(), self.transaction() as connection:
            connection.exec_driver_sql(
                "INSERT INTO local (key, value) VALUES (?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value",
                (key, value),
            )
        if key == "actor":
            self.actor = value

    def local(self, key: str, default: str = "") -> str:
        """What `set_local` kept."""
        with self.read() as connection:
            found = connection.exec_driver_sql("SELECT value FROM local WHERE key=?", (key,)).scalar()
        return default if found is None else str(found)

    @property
    def encrypted(self) -> bool:
        """Whether the ledger has a password."""
        return self.key is not None

    def close(self) -> None:
        """Fold the log into the file and let go of it; closing twice is harmless."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            if self._timer:
                self._timer.cancel()
        self.engine.dispose()
        self._checkpoint()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- reading ---------------------------------------------------------------------------------------

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose reads all see the same state."""
        if self._closed:
            raise LedgerError("台账已经关闭，这一步没有做。")
        with known_failures(self.path), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def orm(self) -> Iterator[Session]:
        """A session of mapped objects for reading; leaving it with something to write is a bug."""
        with self.read() as connection, Session(connection, autoflush=False) as session:
            yield session
            if session.dirty or session.new or session.deleted:
                raise AssertionError("mapped classes are for reading; writes go through the journal")

    def data_version(self) -> int:
        """A number that differs once another process has written (PRAGMA data_version)."""
        if self._closed:
            raise LedgerError("台账已经关闭。")
        with known_failures(), self._watch_lock:
            if self._watch is None:
                self._watch = connect(self.path, self.key, self.readonly)
            return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def history(self, record: str) -> list[Change]:
        """All changes of a record, oldest first."""
        with self.read() as connection:
            return sorted(self._changes_of(connection, record), key=lambda c: c.order)

    @staticmethod
    def _changes_of(connection: Connection, record: str) -> list[Change]:
        """The changes of a record; where somebody has used its id for another kind too, of the one that counts."""
        changes = store.load(connection, [record]).get(record, [])
        names = sorted({c.entity for c in changes})
        if len(names) > 1:
            valid = certificates.load(connection)
            of = {name: [c for c in changes if c.entity == name] for name in names}
            changes = next((of[name] for name in names if fold(of[name], valid).born), of[names[0]])
        return changes

    def folded(self, record: str) -> Folded | None:
        """The record as the fold of its changes that count, None where there is none."""
        with self.read() as connection:
            changes = self._changes_of(connection, record)
            return fold(changes, certificates.load(connection)) if changes else None

    def certificates(self) -> Certificates:
        """The stations whose changes count here, and what they may write."""
        with self.read() as connection:
            return certificates.load(connection)

    def seen(self, record: str) -> Heads:
        """What an editor that opens now shows: per field the heads that carry the shown value."""
        folded = self.folded(record)
        return folded.shown if folded else {}

    def stamp(self) -> str:
        """What this ledger knows now, as text for a file that people edit and bring back."""
        with self.read() as connection:
            return store.held(connection).text()

    def as_of(self, stamp: str, records: Iterable[str]) -> dict[str, Folded]:
        """Some records as they were when `stamp` was taken, as far as their changes are here."""
        known = Ranges.from_text(stamp)
        found: dict[str, Folded] = {}
        with self.read() as connection:
            valid = certificates.load(connection)
            for part in store.chunks(records):
                for record, changes in store.load(connection, part).items():
                    then = [c for c in changes if c.id in known]
                    if then:
                        found[record] = fold(then, valid)
        return found

    # -- writing ---------------------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[Outcome], None]) -> Callable[[], None]:
        """Call `listener` after every operation (on the thread that wrote); returns how to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @contextmanager
    def transaction(self, large: bool = False) -> Iterator[Connection]:
        """The one write transaction. large: tens of thousands of rows come, so pages stay in memory meanwhile."""
        if self._closed:  # a late worker must not write into what has taken the file's place
            raise LedgerError("台账已经关闭，这一步没有做，也没有保存。")
        with (
            self._lock,
            self.engine.connect().execution_options(immediate=True) as connection,
            _room(connection, large),
            connection.begin(),
        ):
            yield connection

    def write(
        self,
        label: str,
        drafts: Sequence[Draft] | Callable[[Connection], Sequence[Draft]],
        *,
        undoes: ChangeId | None = None,
        skipped: Sequence[tuple[str, str, str, str]] = (),
    ) -> Outcome:
        """One operation: number, sign, store and fold the drafts in one transaction, durable on return.

        `drafts` may be a function of the connection, run inside the write transaction, where what is
        written depends on what is there. Changes that change nothing are left out; when none is left
        nothing is written. Raises LedgerError; then nothing changed.
        """
        _ = self.station_key
        with known_failures(self.path), self._lock:
            session, seq, wall = self._session or session_id(self.station), self._seq, self._now()
            with self.transaction() as connection:
                wishes = in_step(connection, list(drafts(connection)) if callable(drafts) else drafts)
                with collector_resting(len(wishes)):
                    changes = self._number(connection, wishes, session, seq, wall)
                    if not changes:
                        return Outcome(None, skipped=list(skipped))
                    operation = Operation(changes[0].id, changes[-1].id.seq, label, self.actor, wall, undoes)
                    self._sign(operation, changes)
                    if self._session is None:
                        self._open_session(connection, session, wall)
                    applied = store.apply(connection, [operation], changes)
            self._session, self._seq = session, changes[-1].id.seq
        outcome = Outcome(operation.id, applied.records, list(skipped))
        self.told(outcome)
        return outcome

    def receive(self, operations: Sequence[Operation], changes: Sequence[Change],
                sessions: Sequence[tuple[str, str, int, bytes]] = ()) -> Outcome:  # fmt: skip
        """Merge changes whose signatures the caller has verified; known ones are left out. Writes no change.

        The same identity with other content is malice and refused. Raises Refused; then nothing changed.
        """
        with (
            missing_reference(),
            known_failures(),
            self.transaction() as connection,
            collector_resting(len(changes)),
        ):
            merger = Merger(connection)
            merger.add(sessions, operations, list({c.id: c for c in changes}.values()))
            merged = merger.finish()
        outcome = Outcome(None, merged.applied.records)
        if merged.fresh:
            self.told(outcome)
        return outcome

    def decide_trust(self, station: str, decision: str, public_key: str, identity: dict[str, Any]) -> Outcome:
        """Keep a person's decision (accepted / refused) about a station and bring the rows up to it.

        identity: what the person saw {name, role, county, place, person}. It stays on this laptop.
        """
        with known_failures(), self.transaction() as connection:
            applied = keep_trust(connection, station, decision, public_key, identity, self.actor)
        outcome = Outcome(None, applied.records)
        self.told(outcome)
        return outcome

    def undo(self, operation: ChangeId, label: str) -> Outcome:
        """Take an operation back as far as nobody has built on it; what stays is named in `skipped`."""
        skipped: list[tuple[str, str, str, str]] = []

        def drafts(connection: Connection) -> list[Draft]:
            # Planned inside the write transaction, so that nobody builds on it between plan and write.
            changes = self.operation_changes(connection, operation)
            if any(c.entity == "station" for c in changes):
                raise Refused("使用单位的登记和认可不能撤销。")
            kinds = {c.record: c.entity for c in changes}
            histories: dict[str, list[Change]] = {}
            for part in store.chunks(kinds):
                for record, found in store.load(connection, part).items():
                    histories[record] = [c for c in found if c.entity == kinds[record]]
            undoing = {
                (row[0], row[1])
                for row in connection.exec_driver_sql(
                    "SELECT session, first FROM operation WHERE undoes IS NOT NULL"
                )
            }
            restoring = {
                c.id for known in histories.values() for c in known if (c.id.session, c.operation) in undoing
            }
            valid = certificates.load(connection)

            def allowed(name: str, record: str, kind: str, values: dict[str, Any]) -> bool:
                wish = Change(NOT_YET, 0, 0, name, record, kind, values, station=self.station)
                return self._may(wish, histories[record], valid)

            plan = plan_undo(changes, lambda record: histories[record], restoring, valid, allowed)
            skipped.extend(plan.skipped)
            return plan.drafts

        return self.write(label, drafts, undoes=operation, skipped=skipped)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other threads of this program from writing, e.g. between choosing what to undo and undoing it."""
        with self._lock:
            yield

    @staticmethod
    def operation_changes(connection: Connection, operation: ChangeId) -> list[Change]:
        """The changes of an operation, in order."""
        rows = connection.exec_driver_sql(
            f"{store.SELECT_CHANGE} WHERE c.session = ? AND c.seq >= ? AND c.seq <= (SELECT last FROM operation "
            "WHERE session = ? AND first = ?) ORDER BY c.seq",
            (operation.session, operation.seq, operation.session, operation.seq),
        )
        return [store.change_from(row) for row in rows]

    def _now(self) -> int:
        # Two operations in one millisecond still have an order on this laptop.
        self._last_wall = max(int(time.time() * 1000), self._last_wall + 1)
        return self._last_wall

    def _number(
        self, connection: Connection, drafts: list[Draft], session: str, seq: int, wall: int
    ) -> list[Change]:
        kinds = {d.record: d.entity for d in drafts}
        histories: dict[str, list[Change]] = {}
        for part in store.chunks(kinds):
            for record, found in store.load(connection, part).items():
                histories[record] = [c for c in found if c.entity == kinds[record]]
        valid = certificates.load(connection)
        salts = os.urandom(16 * len(drafts))
        changes: list[Change] = []
        first = seq + 1
        for n, draft in enumerate(drafts):
            change = self._change(draft, histories, valid)
            if change is None:
                continue
            if not self._may(change, histories.get(draft.record, ()), valid):
                if draft.kind == "insert" and change.kind == "update":
                    continue  # entered again what is there and not ours to change
                raise Refused(self._forbidden(change, valid))
            seq += 1
            change.id, change.operation, change.wall = ChangeId(session, seq), first, wall
            change.salt = salts[16 * n : 16 * n + 16]
            histories.setdefault(draft.record, []).append(change)
            changes.append(change)
        return changes

    def _may(self, change: Change, known: Sequence[Change], valid: Certificates) -> bool:
        """Whether this station may write the change; what it may not would be kept aside everywhere."""
        own = valid.get(self.station)
        if own is None:  # its very first change enters the station itself
            return change.entity == "station" and change.record == self.station
        if own.ended is not None:
            return False
        return own.whole or any(c is change for c in counted([*known, change], valid))

    def may_write(
        self, connection: Connection, entity_: str, record: str, kind: str, values: dict[str, Any]
    ) -> bool:
        """Whether this station may write such a change now."""
        wish = Change(NOT_YET, 0, 0, entity_, record, kind, values, station=self.station)
        known = store.load(connection, [record], entity_).get(record, [])
        return self._may(wish, known, certificates.load(connection))

    def _forbidden(self, change: Change, valid: Certificates) -> str:
        own = valid.get(self.station)
        if own is not None and own.ended is not None:
            return "本单位在市科技局已停用，台账只能查看和打印，没有保存。"
        return f"{why_not(own, change)}没有保存。"

    def _change(self, draft: Draft, histories: dict[str, list[Change]], valid: Certificates) -> Change | None:
        """The change of a draft without its number, None where it would change nothing."""
        target = entity(draft.entity)
        if target is None:
            raise ValueError(f"unknown entity {draft.entity}")
        values: dict[str, Any] = {}
        fields = target.fields
        for name, value in draft.values.items():
            field = fields.get(name)
            if field is None:
                if name != DELETED:
                    raise ValueError(f"{draft.entity} has no field {name}")
                values[name] = bool(value)
            elif field.plain_text and type(value) is str and value.isascii() and "\r" not in value:
                values[name] = value.strip() or None
            else:
                values[name] = field.canonical(value)
        known = histories.get(draft.record)
        if not known:
            # A new record starts with what it has; a field that is empty has no change to name.
            values = {f: v for f, v in values.items() if v is not None}
            return Change(NOT_YET, 0, 0, draft.entity, draft.record, "insert", values, station=self.station)
        folded = fold(known, valid)
        if draft.kind == "insert" and folded.deleted:
            values.setdefault(DELETED, False)  # what is entered again is there again
        # A row that is only a stub, because the insert of it does not count, is born by entering it.
        kind = "update" if draft.kind == "insert" and folded.born else draft.kind
        replaces: Heads = {}
        for name in list(values):
            if draft.replaces is not None:
                replaces[name] = draft.replaces.get(name, ())
                continue
            unchanged = values[name] == folded.values.get(name) and name != DELETED
            if unchanged and name not in folded.conflicts and name != REVIEW.get(draft.entity):
                del values[name]
                continue
            if name in fields and fields[name].quiet:
                replaces[name] = folded.heads.get(name, ())
                continue
            shown = draft.seen if draft.seen is not None and name != DELETED else folded.shown
            replaces[name] = shown.get(name, ())
        if not values:
            return None
        saw = draft.saw
        if saw is None:
            judged: Any = values.get(REVIEW.get(draft.entity, ""))
            judging = values.get(DELETED) or (judged and judged[0] in ("passed", "returned"))
            saw = (draft.seen or all_heads(folded)) if judging else {}
        saw = {f: ids for f, ids in saw.items() if f != DELETED}
        return Change(
            NOT_YET, 0, 0, draft.entity, draft.record, kind, values, replaces, saw, station=self.station
        )

    def _sign(self, operation: Operation, changes: list[Change]) -> None:
        digests = [digest(c, *c.texts) for c in changes]
        operation.signature = self.station_key.sign(operation_message(operation, digests))

    def _open_session(self, connection: Connection, session: str, wall: int) -> None:
        signature = self.station_key.sign(session_message(session, self.station, wall))
        connection.exec_driver_sql(
            "INSERT INTO incarnation (session, station, opened, signature) VALUES (?,?,?,?)",
            (session, self.station, wall, signature),
        )

    def told(self, outcome: Outcome) -> None:
        for listener in list(self._listeners):
            listener(outcome)
        with self._lock:
            if self._timer:
                self._timer.cancel()
            if self._wal and not self._closed:
                self._start_timer()

    def _start_timer(self) -> None:
        self._timer = threading.Timer(QUIET_SECONDS, self._checkpoint)
        self._timer.daemon = True
        self._timer.start()

    def _checkpoint(self) -> None:
        """Fold the write-ahead log into the file, so that a copy of the bare file holds everything."""
        with self._lock:
            if self._closed and self._watch is not None:
                with self._watch_lock:
                    self._watch.close()
                    self._watch = None
            if not self._wal:
                return
            try:
                raw = connect(self.path, self.key)
                try:
                    busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                finally:
                    raw.close()
            except Exception:  # the disk is gone or the file is locked: nothing is lost, the log stays
                busy = 1
            if busy and not self._closed:  # somebody was reading: the next quiet moment folds it
                self._start_timer()


@contextmanager
def _room(connection: Connection, large: bool) -> Iterator[None]:
    """More page cache for a large write, and its log folded into the file afterwards, in a quiet moment."""
    if not large:
        yield
        return
    raw: Any = connection.connection.driver_connection  # outside a transaction, which SQLAlchemy would begin
    raw.execute(f"PRAGMA cache_size = -{LARGE_CACHE_KB}")
    raw.execute("PRAGMA wal_autocheckpoint = 0")
    try:
        yield
    finally:
        raw.execute("PRAGMA wal_autocheckpoint = 1000")
        raw.execute(f"PRAGMA cache_size = -{CACHE_KB}")


def keep_trust(
    connection: Connection, station: str, decision: str, public_key: str, identity: dict[str, Any], actor: str
) -> store.Applied:
    """Write the decision and what follows from it; the caller holds the write transaction."""
    connection.exec_driver_sql(
        "INSERT INTO trust (station, decision, decided, actor, public_key, identity) VALUES (?,?,?,?,?,?) "
        "ON CONFLICT(station) DO UPDATE SET decision=excluded.decision, decided=excluded.decided, "
        "actor=excluded.actor, public_key=excluded.public_key, identity=excluded.identity",
        (station, decision, int(time.time() * 1000), actor, public_key, values_json(identity)),
    )
    return store.refold_trust(connection)


def remove_ledger(path: Path) -> None:
    """Remove a ledger file that was never finished, with its side files."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(str(path) + suffix).unlink(missing_ok=True)


__all__ = ["Connection", "Draft", "Ledger", "Outcome", "is_encrypted", "remove_ledger"]
