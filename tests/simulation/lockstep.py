"""The reference world with a real ledger file beside every station: what one does, the other does.

Every write, package, backup, copy and accident of the model is repeated with the app's own code, under the same
identities and times. At each package the same changes go, at each arrival the same is accepted or refused, and
between and at the end rows, conflicts and what is kept aside are the model's.
"""

import pickle
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db import engine
from db import ledger as ledger_module
from db.check import check
from db.entities import DELETED, entities
from db.errors import Refused
from db.exchange import parcel
from db.journal import certificates, merging, store
from db.journal.changes import Draft, Operation, digest, operation_message, session_message
from db.journal.fold import Folded
from db.journal.keys import SHIPPED
from db.journal.ranges import Ranges, spans_of
from db.ledger import Ledger
from tests.oracle import wide
from tests.simulation import mapping

BUREAU = mapping.station("BU")


class Differs(AssertionError):
    """The app did something else than the model."""


@dataclass
class Tally:
    """What histories were made of."""

    histories: int = 0
    steps: int = 0
    writes: int = 0
    packages: int = 0
    applied: int = 0
    refused: int = 0
    strangers: int = 0
    compared: int = 0
    differ: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count another's, too."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class _Secrets:
    """The session that the model has drawn."""

    session = ""

    def session_id(self, station: str) -> str:
        assert self.session
        return self.session


SECRETS = _Secrets()


@contextmanager
def prepared() -> Iterator[None]:
    """Sessions as the model draws them, a shipping station of our own, no write-ahead log, no waiting for disks."""
    old = ledger_module.session_id, ledger_module.wal_is_safe, ledger_module.connect, engine.connect
    bound = merging.bound

    def quick(*args: Any, **kwargs: Any) -> Any:
        connection = old[3](*args, **kwargs)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    ledger_module.session_id = SECRETS.session_id
    # The model's sessions sort as its names do, which breaks ties; so none of them is bound to a station's id.
    merging.bound = lambda session, station: True
    ledger_module.wal_is_safe = lambda path: False
    ledger_module.connect = engine.connect = quick
    SHIPPED[mapping.station("SHIP")] = mapping.station_key("SHIP").public
    try:
        yield
    finally:
        ledger_module.session_id, ledger_module.wal_is_safe, ledger_module.connect, engine.connect = old
        merging.bound = bound
        del SHIPPED[mapping.station("SHIP")]


class Station(wide.world.Station):
    """A station of the model that takes its ledger file along when it is backed up, restored or copied."""

    def copy_state(s) -> dict[str, Any]:
        if not isinstance(s.w, Lockstep):  # the model alone, in another test of this process
            return dict(super().copy_state())
        return {**super().copy_state(), "file": s.w.kept(s)}

    def load_state(s, b: dict[str, Any]) -> None:
        super().load_state(b)
        if isinstance(s.w, Lockstep):
            s.w.brought_back(s, b["file"])


wide.world.Station = wide.Station = Station


class Lockstep(wide.World):
    """One history, played twice."""

    def __init__(w, folder: Path, seed: int = 0, population: int = 5, log: list[str] | None = None) -> None:
        w.folder = folder
        w.files = 0
        w.ledgers: dict[str, Ledger] = {}
        w.tally = Tally()
        w.unchecked = False
        w.receiving = False
        w.ship_operations: list[tuple[Operation, list[Any]]] = []
        w.rows: dict[tuple[str, str], Any] = {}
        w.every = 0
        super().__init__(seed, log, population=population)

    def __getstate__(w) -> dict[str, Any]:
        return {k: v for k, v in w.__dict__.items() if k not in ("ledgers", "rows", "log")}

    # -- files -----------------------------------------------------------------------------------------

    def path(w, name: str) -> Path:
        return w.folder / f"{name.replace(chr(39), '_')}.ktledger"

    def begun(w, st: Any) -> None:
        """A new ledger: its own key, and the bureau's from the preset."""
        if st.key == "SHIP":
            return
        path = w.path(st.name)
        template = w.folder / "template.ktledger"
        if not template.exists():
            Ledger.create(template).close()
        shutil.copy(template, path)
        key = mapping.station_key(st.key)
        with Ledger.open(path) as ledger:
            for name, text in (
                ("station", mapping.station(st.key)), ("private_key", key.private.hex()), ("actor", st.name),
            ):  # fmt: skip
                ledger.set_local(name, text)
        ledger = w.opened_file(st)
        if st.key != "BU":
            told = {
                "name": None, "role": "bureau", "county": None, "place": None, "person": None,
            }  # fmt: skip
            ledger.decide_trust(BUREAU, "accepted", mapping.station_key("BU").public, told)

    def opened_file(w, st: Any) -> Ledger:
        ledger = Ledger.open(w.path(st.name))
        w.ledgers[st.name] = ledger
        return ledger

    def open_all(w, folder: Path, log: list[str] | None) -> None:
        """Go on from files that were copied elsewhere."""
        w.folder, w.log, w.ledgers, w.rows = folder, log, {}, {}
        for st in w.stations:
            ledger = w.opened_file(st)
            with ledger.read() as connection:
                last = connection.exec_driver_sql(
                    "SELECT max(seq) FROM change WHERE session = ?", (mapping.session(st.inc),)
                ).scalar()
            # The model's stations stay open; the file was only copied.
            if last:
                ledger._session, ledger._seq = mapping.session(st.inc), last

    def close_all(w) -> None:
        for ledger in w.ledgers.values():
            ledger.close()

    def kept(w, st: Any) -> Path:
        """A copy of the bare file, as officers make it."""
        w.files += 1
        target = w.folder / f"kept{w.files}"
        shutil.copy(w.path(st.name), target)
        return target

    def brought_back(w, st: Any, file: Path) -> None:
        if st.name in w.ledgers:
            w.ledgers.pop(st.name).close()
        shutil.copy(w.folder / file.name, w.path(st.name))
        w.opened_file(st)

    def shipped(w, st: Any, rosters: list[Any]) -> None:
        super().shipped(st, rosters)
        key = mapping.station_key("SHIP")
        session = mapping.session(w.ship.inc)
        station = mapping.station("SHIP")
        row = (session, station, 1, key.sign(session_message(session, station, 1)))
        changes = [c for _, cs in w.ship_operations for c in cs]
        w.ledgers[st.name].receive([o for o, _ in w.ship_operations], changes, [row])

    # -- writing ---------------------------------------------------------------------------------------

    def write(w, st: Any, recs: list[Any], quiet: bool = False, op: Any = None) -> list[Any]:
        out: list[Any] = super().write(st, recs, quiet, op)
        w.tally.writes += 1
        if st.key == "SHIP":
            w.ship_operations.append(w.signed(st, out))
        elif not w.receiving and not w.alone:
            w.mirror(st, out)
        return out

    def signed(w, st: Any, out: list[Any]) -> tuple[Operation, list[Any]]:
        """The operation as the app would have made it."""
        changes = [mapping.change(c) for c in out]
        for n, c in enumerate(changes):
            c.operation, c.salt = changes[0].id.seq, bytes([n + 1]) * 16
        operation = Operation(changes[0].id, changes[-1].id.seq, "模拟", st.name, changes[0].wall)
        digests = [digest(c, *c.texts) for c in changes]
        operation.signature = mapping.station_key(st.key).sign(operation_message(operation, digests))
        return operation, changes

    def mirror(w, st: Any, out: list[Any]) -> None:
        ledger = w.ledgers[st.name]
        SECRETS.session = mapping.session(st.inc)
        if ledger._session not in (None, SECRETS.session):
            w.differs(f"{st.name} writes under {ledger._session}, the model under {SECRETS.session}")
        if w.unchecked:
            return w.forced(st, ledger, out)
        drafts = []
        for c in out:
            x = mapping.change(c)
            drafts.append(Draft(x.entity, x.record, x.kind, x.values, replaces=x.replaces, saw=x.saw))
        ledger._now = lambda: out[0].wall  # type: ignore[method-assign]
        try:
            outcome = ledger.write("模拟", drafts)
        except Refused as error:
            w.differs(f"{st.name}: the app refuses what the model writes: {error} {out}")
        first = mapping.identity(out[0].id)
        if outcome.operation != first:
            w.differs(f"{st.name}: the app wrote {outcome.operation}, the model {first}")
        with ledger.read() as connection:
            written = Ledger.operation_changes(connection, first)
        want = [mapping.change(c) for c in out]
        for x, y in zip(want, written, strict=False):
            for name in ("id", "wall", "entity", "record", "kind", "values", "replaces", "saw"):
                if getattr(x, name) != getattr(y, name):
                    w.differs(
                        f"{st.name}: {name} of {x.id} {x.record}: model {getattr(x, name)}, app {getattr(y, name)}"
                    )
        if len(want) != len(written):
            w.differs(
                f"{st.name}: the operation has {len(written)} changes, the model's {len(want)}: {written} / {want}"
            )

    def forced(w, st: Any, ledger: Ledger, out: list[Any]) -> None:
        """What an app without scruples would write."""
        operation, changes = w.signed(st, out)
        with ledger.transaction() as connection:
            if ledger._session is None:
                ledger._open_session(connection, SECRETS.session, out[0].wall)
            store.apply(connection, [operation], changes)
        ledger._session, ledger._seq = SECRETS.session, changes[-1].id.seq

    @contextmanager
    def scruples_off(w) -> Iterator[None]:
        w.unchecked = True
        try:
            yield
        finally:
            w.unchecked = False

    def do_rogue(w, *args: Any) -> None:
        with w.scruples_off():
            super().do_rogue(*args)

    def do_mischief(w, *args: Any) -> None:
        with w.scruples_off():
            super().do_mischief(*args)

    def do_takeover(w, *args: Any) -> None:
        with w.scruples_off():  # it may enter again what somebody else has entered since
            super().do_takeover(*args)

    # -- packages --------------------------------------------------------------------------------------

    def make(w, st: Any, to: Any) -> dict[str, Any]:
        p: dict[str, Any] = super().make(st, to)
        if w.alone:
            return p
        made = parcel.make(w.ledgers[st.name], address(to, None if isinstance(to, wide.Unseen) else to.key))
        w.tally.packages += 1
        want = Ranges.of(spans_of(mapping.identity(c.id) for c in p["changes"]))
        if want != made.ids:
            w.differs(
                f"{st.name} -> {to.name}: only the model sends {w.named(st, want.minus(made.ids))}, "
                f"only the app {w.named(st, made.ids.minus(want))}"
            )
        have = Ranges.of(spans_of(map(mapping.identity, p["have"])))
        if have.as_json() != made.manifest["have"]:
            w.differs(
                f"{st.name} -> {to.name}: says to have {made.manifest['have']}, the model {have.as_json()}"
            )
        frames = list(made.frames())
        p["app"] = (made.manifest, frames)
        p["said"] = p["have"]
        return p

    def named(w, st: Any, ids: Ranges) -> list[str]:
        """The records of some changes, for a message."""
        by_id = {mapping.identity(i): c for i, c in st.led.ch.items()}
        return sorted({f"{by_id[i].rec}:{by_id[i].id}" for i in by_id if i in ids})[:8]

    def apply(w, st: Any, p: dict[str, Any]) -> Any:
        if w.alone:
            return super().apply(st, p)
        key = p["frm"]
        trust = key != "BU" and st.led.certs().get(key) is None and key not in st.accepted
        w.receiving = True
        before, said = len(st.led.ch), st.lasthave.get(key)
        try:
            verdict = super().apply(st, p)
        finally:
            w.receiving = False
        w.tally.applied += 1
        if (
            verdict is None
            and not p["changes"]
            and said == st.lasthave[key]
            and before == len(st.led.ch)
            and w.quick
        ):
            return None  # nothing came, nothing was said that was not known: most packages of the ending
        manifest, frames = p["app"]
        if p["have"] != p["said"]:  # forged
            told = Ranges.of(spans_of(map(mapping.identity, p["have"])))
            manifest = {**manifest, "have": told.as_json()}
        ledger = w.ledgers[st.name]
        SECRETS.session = mapping.session(st.inc)
        ledger._now = lambda: w.now + st.off  # type: ignore[method-assign]
        answer = None
        try:
            trust = trust and verdict not in ("stranger", "nobody")
            new = None if st in w.stations else address(st, None)
            parcel.receive(ledger, manifest, frames, trust=trust, own=new)
        except Refused as error:
            answer = str(error)
        name = f"{p['frmname']} -> {st.name}"
        if verdict == "stranger":
            w.tally.strangers += 1
            if answer is None or "科技特派员之间" not in answer:
                w.differs(f"{name}: a stranger, but the app says {answer}")
        elif verdict == "nobody":
            w.tally.strangers += 1
            if answer is None:
                w.differs(f"{name}: the sender is nobody known, and the app takes it")
        elif verdict is not None:
            w.tally.refused += 1
            if answer != parcel.TORN:
                w.differs(f"{name}: the model says {verdict}, the app {answer}")
        elif answer is not None:
            w.differs(f"{name}: the app refuses: {answer}")
        w.every += 1
        if len(st.led.ch) != before and w.every % 4 == 0 and not w.setting_up and st in w.stations:
            w.compare(st)
        return verdict

    setting_up = True
    quick = False

    thorough = True
    alone = False  # the model goes on by itself

    def quiesce(w, tag: str = "") -> bool:
        w.quick = True
        try:
            still = bool(super().quiesce(tag))
        finally:
            w.quick = False
        if not tag:
            w.compare_all(w.thorough)
            w.alone = not w.thorough
        return still

    # -- comparing -------------------------------------------------------------------------------------

    def compare(w, st: Any) -> None:
        """The station's ledger against the model's: identities, certificates, rows, conflicts, what is aside."""
        w.tally.compared += 1
        with w.ledgers[st.name].read() as connection:
            w._compare(st, connection)

    def _compare(w, st: Any, connection: Any) -> None:
        led, run = st.led, connection.exec_driver_sql
        ids = {(r[0], r[1]) for r in run("SELECT session, seq FROM change")}
        want_ids = {mapping.identity(i) for i in led.ch}
        if ids != want_ids:
            w.differs(f"{st.name}: changes only here {ids - want_ids}, only in the model {want_ids - ids}")
        valid = {k: c for k, c in certificates.load(connection).items() if c.role != "ship"}
        want = {k: c for k, c in mapping.certificates(led).items() if c.role != "ship"}
        if "st:BU" not in led.byrec:
            want.pop(BUREAU)
        if valid != want:
            keys = {k for k in {*valid, *want} if valid.get(k) != want.get(k)}
            names = {mapping.station(x.key): x.name for x in w.stations}
            w.differs(
                f"{st.name}: certificates {[(names.get(k, k), valid.get(k)) for k in keys]}, "
                f"the model's {[want.get(k) for k in keys]}"
            )
        rows: dict[str, set[Any]] = {name: set() for name in entities()}
        conflicts: set[Any] = set()
        aside: set[Any] = set()
        for rec in led.byrec:
            key = (st.name, rec)
            fold = led.fold(rec)
            if key not in w.rows or w.rows[key][0] is not fold:
                w.rows[key] = (fold, *_expected(led, rec))
            _, name, row, disputed, kept = w.rows[key]
            rows[name].add(row)
            conflicts |= disputed
            aside |= kept
        for name, target in entities().items():
            columns = ", ".join(f'"{c}"' for c in target.columns)
            got = {tuple(r) for r in run(f'SELECT {columns} FROM "{name}"')}
            if got != rows[name]:
                w.differs(f"{st.name} {name}: only the app {sorted(got - rows[name], key=repr)[:3]}, "
                          f"only the model {sorted(rows[name] - got, key=repr)[:3]}")  # fmt: skip
        found = {tuple(r) for r in run("SELECT entity, record, field FROM conflict")}
        if found != conflicts:
            w.differs(
                f"{st.name} conflicts: only the app {found - conflicts}, only the model {conflicts - found}"
            )
        found = {tuple(r) for r in run("SELECT entity, record, session, seq FROM aside")}
        if found != aside:
            w.differs(f"{st.name} aside: only the app {found - aside}, only the model {aside - found}")

    def compare_all(w, thorough: bool) -> None:
        for st in w.stations:
            w.compare(st)
            if thorough:
                faults = check(w.ledgers[st.name]).faults
                if faults:
                    w.differs(f"{st.name}: check says {faults}")

    def differs(w, text: str) -> None:
        raise Differs(text)


def _expected(led: Any, rec: str) -> tuple[str, Any, set[Any], set[Any]]:
    want = mapping.expected(led, rec)
    name, record = mapping.ENTITIES[led.fold(rec).ent], mapping.record(rec)
    target = entities()[name]
    folded = Folded(
        record, name, want["values"], {}, frozenset(want["conflicts"]), want["deleted"], frozenset(want["stale"]),
        want["born"],
    )  # fmt: skip
    # What is deleted asks nobody to decide about its fields any more; they are in conflict again if it comes back.
    shown = {
        f for f in want["conflicts"] if not want["deleted"] and (f == DELETED or not target.fields[f].quiet)
    }
    row = [
        record,
        int(want["deleted"] or not want["born"]),
        int(bool(shown)),
        *store.row_of(target, folded)[3:],
    ]
    return name, tuple(row), {(name, record, f) for f in shown}, {(name, record, *i) for i in want["aside"]}


def address(st: Any, key: str | None) -> parcel.Address:
    """Whom a package is for: a station, or with no key whoever will be of its role, county and place."""
    at = mapping.place_of(st.role)
    station = None if key is None else mapping.station(key)
    return parcel.Address(mapping.ROLES[st.role[0]], at["county"], at["place"], at["person"], station)


# -- many ------------------------------------------------------------------------------------------------


def prepare(folder: Path, population: int) -> bytes:
    """The state after setup, files included, from which every history of this population starts."""
    folder.mkdir(parents=True, exist_ok=True)
    world = Lockstep(folder, population=population)
    world.compare_all(thorough=True)
    world.close_all()
    for st in world.stations:
        st.led.certc = None
    return pickle.dumps(world)


def play(
    start: bytes, source: Path, folder: Path, seed: int, steps: list[Any], thorough: bool = True,
    log: list[str] | None = None, tally: Tally | None = None,
) -> Lockstep:  # fmt: skip
    """One history from the prepared state; raises Differs where the app does, or the judge finds, anything else.

    thorough: go on in the app after the last exchange, when everything in conflict is decided, and run `check`.
    """
    world: Lockstep = pickle.loads(start)
    for file in source.glob("*.ktledger"):
        shutil.copy(file, folder)
    world.setting_up, world.thorough = False, thorough
    world.rng = random.Random(seed)
    world.tally = tally or Tally()
    world.open_all(folder, log)
    try:
        for step in steps:
            world.tally.steps += 1
            world.step(step)
        for st in world.stations:
            world.compare(st)
        world.judge()
        if thorough:  # whatever was in conflict has been decided
            world.compare_all(thorough)
        if world.viol:
            raise Differs(f"the model's judge: {world.viol}")
    finally:
        with suppress(Exception):
            world.close_all()
    return world


def room() -> Path:
    """Where files cost no disk."""
    shm = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="lockstep-", dir=shm if shm.is_dir() else None))


def shrunk(
    start: bytes, source: Path, seed: int, steps: list[Any], same: Callable[[str], bool] = lambda _: True
) -> tuple[list[Any], str]:
    """The shortest history found that still differs, and how."""

    def fails(some: list[Any]) -> str:
        folder = room()
        try:
            play(start, source, folder, seed, some, thorough=False)
        except Differs as error:
            return str(error) if same(str(error)) else ""
        finally:
            shutil.rmtree(folder)
        return ""

    size = max(1, len(steps) // 2)
    text = fails(steps)
    while size:
        at = 0
        while at < len(steps):
            fewer = steps[:at] + steps[at + size :]
            found = fails(fewer)
            if found:
                steps, text = fewer, found
            else:
                at += size
        size //= 2
    return steps, text


__all__ = ["Differs", "Lockstep", "Tally", "play", "prepare", "prepared", "room", "shrunk"]
