"""Three ledgers that exchange packages, in whatever order people and sticks come up with (the app's code alone).

What must always hold: reading a package again changes nothing; A with B is B with A; once everything has been
exchanged all show the same; whatever a save has confirmed is current, in history or in a conflict.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from db.check import check
from db.entities import DELETED, entities
from db.errors import Refused
from db.exchange import parcel
from db.journal import store
from db.journal.changes import Change, ChangeId, Draft, Operation, parse_id
from db.journal.undo import plan_choice
from db.ledger import Ledger, Outcome

COUNTY = "410825"
NAMES = ("bureau", "county", "commissioner")
EDGES = (("commissioner", "county"), ("county", "bureau"), ("bureau", "county"), ("county", "commissioner"))
PLACE, PERSON = "place-1", "person-1"


def address(ledger: Ledger, name: str) -> parcel.Address:
    """Whom a package is for."""
    return parcel.Address(
        name,
        COUNTY if name == "county" else None,
        PLACE if name == "commissioner" else None,
        PERSON if name == "commissioner" else None,
        ledger.station,
    )


Package = tuple[dict[str, Any], list[bytes]]


def package(source: Ledger, to: parcel.Address) -> Package:
    made = parcel.make(source, to)
    return made.manifest, list(made.frames())


@pytest.fixture(scope="module", autouse=True)
def beginning() -> Iterator[Path]:
    """A bureau, a county and a commissioner who know each other; every example begins with copies of their files."""
    folder = Path(tempfile.mkdtemp())
    ledgers = {name: Ledger.create(folder / f"{name}.ktledger") for name in NAMES}
    bureau, county, commissioner = ledgers.values()
    bureau.make_station({"role": "bureau", "name": "演示市科学技术局"}, "演示")
    county.make_station({"role": "county", "county": COUNTY, "name": "演示县科学技术局"}, "演示")
    bureau.write("选派", [
        Draft("commissioner", PERSON, "insert", {"name": "演示员"}),
        Draft("appointment", PLACE, "insert", {"code": "演示01"}),
        Draft("appointment_person", "holds-1", "insert", {"appointment": PLACE, "commissioner": PERSON}),
        Draft("assignment", "stay-1", "insert", {"appointment": PLACE, "where": [COUNTY, None]}),
    ])  # fmt: skip
    parcel.receive(county, *package(bureau, address(county, "county")), trust=True)
    parcel.receive(bureau, *package(county, address(bureau, "bureau")), trust=True)
    to_be = parcel.Address("commissioner", place=PLACE, person=PERSON)
    commissioner.draw_key("演示")
    parcel.receive(commissioner, *package(county, to_be), trust=True, own=to_be)
    commissioner.enter_station(
        {"role": "commissioner", "appointment": PLACE, "commissioner": PERSON, "name": "演示员"}
    )
    for a, b in EDGES * 2:
        parcel.receive(ledgers[b], *package(ledgers[a], address(ledgers[b], b)), trust=True)
    for ledger in ledgers.values():
        ledger.close()
    Merging.source = folder
    yield folder
    shutil.rmtree(folder)


def rows(ledger: Ledger, of: set[str] | None = None) -> dict[str, list[Any]]:
    """Every row and derived mark, all or of some records."""
    with ledger.read() as c:
        found = {}
        for table in [*entities(), "conflict", "aside", "visit_place"]:
            key = {"visit_place": "visit"}.get(table, "id" if table in entities() else "record")
            cursor = c.exec_driver_sql(f"SELECT {key}, t.* FROM {table} t")
            found[table] = sorted((tuple(r) for r in cursor if of is None or r[0] in of), key=repr)
        return found


def journal(ledger: Ledger) -> dict[ChangeId, Change]:
    with ledger.read() as c:
        return {x.id: x for name in entities() for part in store.load_all(c, name) for x in part}


def poured(source: Ledger, target: Ledger) -> None:
    """Everything of one ledger into another, as a package without limits would."""
    with source.read() as c:
        sessions = [
            tuple(r) for r in c.exec_driver_sql("SELECT session, station, opened, signature FROM incarnation")
        ]
        operations = [
            Operation(ChangeId(r[0], r[1]), *r[2:6], parse_id(r[6]) if r[6] else None, r[7])
            for r in c.exec_driver_sql(
                "SELECT session, first, last, label, actor, wall, undoes, signature FROM operation"
            )
        ]
    target.receive(operations, list(journal(source).values()), sessions)


who = st.sampled_from(NAMES)
number = st.integers(0, 11)
word = st.sampled_from(["甲", "乙", "丙", "丁"])


class Merging(RuleBasedStateMachine):
    source: Path

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.ledgers = {}
        for name in NAMES:
            shutil.copy(self.source / f"{name}.ktledger", self.folder)
            self.ledgers[name] = Ledger.open(self.folder / f"{name}.ktledger")
        self.net: list[tuple[str, Package]] = []
        self.editors: dict[str, tuple[str, dict]] = {}
        self.confirmed: list[Change] = []
        self.own: dict[str, list[ChangeId]] = {name: [] for name in NAMES}
        self.visits = 0

    # -- people ----------------------------------------------------------------------------------------

    def said(self, name: str, outcome: Outcome) -> None:
        """The screen has confirmed it: from now on it must not get lost."""
        if outcome.operation:
            self.own[name].append(outcome.operation)
            with self.ledgers[name].read() as c:
                self.confirmed += Ledger.operation_changes(c, outcome.operation)

    def write(self, name: str, *drafts: Draft) -> None:
        try:
            self.said(name, self.ledgers[name].write("填报", drafts))
        except Refused as error:
            assert "没有保存" in str(error)

    def visit(self, name: str, n: int) -> str | None:
        with self.ledgers[name].read() as c:
            found = [r[0] for r in c.exec_driver_sql("SELECT id FROM visit WHERE deleted = 0 ORDER BY id")]
        return found[n % len(found)] if found else None

    @rule(name=who, text=word)
    def enter(self, name: str, text: str) -> None:
        self.visits += 1
        record = f"visit-{self.visits}"
        self.write(
            name,
            Draft("visit", record, "insert", {
                "who": [[PLACE, None]], "where": [COUNTY, None, None], "content": text,
                "review": ["submitted", None, None, None],
            }),
            Draft("visit_companion", f"with-{self.visits}", "insert", {"visit": record, "name": text}),
        )  # fmt: skip

    @rule(name=who, n=number, text=word, field=st.sampled_from(["content", "topic", "ways"]))
    def edit(self, name: str, n: int, text: str, field: str) -> None:
        record = self.visit(name, n)
        if record:
            self.write(name, Draft("visit", record, "update", {field: [text] if field == "ways" else text}))

    @rule(name=who, n=number)
    def open_editor(self, name: str, n: int) -> None:
        record = self.visit(name, n)
        if record:
            self.editors[name] = (record, self.ledgers[name].seen(record))

    @precondition(lambda self: self.editors)
    @rule(name=who, text=word)
    def save_editor(self, name: str, text: str) -> None:
        if name in self.editors:
            record, seen = self.editors.pop(name)
            self.write(name, Draft("visit", record, "update", {"content": text}, seen=seen))

    @rule(name=who, n=number, state=st.sampled_from(["passed", "returned", "submitted"]))
    def review(self, name: str, n: int, state: str) -> None:
        record = self.visit(name, n)
        if record:
            self.write(name, Draft("visit", record, "update", {"review": [state, name, None, None]}))

    @rule(name=who, n=number)
    def delete(self, name: str, n: int) -> None:
        record = self.visit(name, n)
        if record:
            self.write(name, Draft("visit", record, "delete", {DELETED: True}))

    @rule(name=who, back=st.integers(0, 2))
    def undo(self, name: str, back: int) -> None:
        if len(self.own[name]) > back:
            self.said(name, self.ledgers[name].undo(self.own[name][-1 - back], "撤销"))

    @rule(name=who, n=number, head=st.integers(0, 3))
    def decide(self, name: str, n: int, head: int) -> None:
        ledger = self.ledgers[name]
        with ledger.read() as c:
            found = c.exec_driver_sql(
                "SELECT entity, record, field FROM conflict ORDER BY 1, 2, 3"
            ).fetchall()
        if not found:
            return
        entity, record, field = found[n % len(found)]
        known = ledger.history(record)
        heads = ledger.folded(record).heads[field]
        value = next(c for c in known if c.id == heads[head % len(heads)]).values[field]
        self.write(name, plan_choice(entity, record, field, value, known, ledger.certificates()))

    # -- sticks ----------------------------------------------------------------------------------------

    @rule(edge=st.sampled_from(EDGES))
    def make(self, edge: tuple[str, str]) -> None:
        a, b = edge
        self.net.append((b, package(self.ledgers[a], address(self.ledgers[b], b))))

    @precondition(lambda self: self.net)
    @rule(n=number, stays=st.booleans())
    def deliver(self, n: int, stays: bool) -> None:
        n %= len(self.net)
        to, parts = self.net[n] if stays else self.net.pop(n)
        ledger = self.ledgers[to]
        parcel.receive(ledger, *parts)
        before, count = rows(ledger), len(journal(ledger))
        merge = parcel.receive(ledger, *parts)
        assert (merge.fresh, merge.new) == (0, {}) and not any(merge.changed.values())
        assert rows(ledger) == before and len(journal(ledger)) == count

    @precondition(lambda self: self.net)
    @rule(n=number)
    def lose(self, n: int) -> None:
        self.net.pop(n % len(self.net))

    # -- what must hold --------------------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            self.together()
            self.settled()
        finally:
            for ledger in self.ledgers.values():
                ledger.close()
            shutil.rmtree(self.folder)

    def together(self) -> None:
        """A with B is B with A."""
        both = []
        for a, b in (("county", "commissioner"), ("commissioner", "county")):
            path = self.folder / f"{a}-{b}.ktledger"
            self.ledgers[a]._checkpoint()
            shutil.copy(self.ledgers[a].path, path)
            with Ledger.open(path) as ledger:
                poured(self.ledgers[b], ledger)
                both.append(rows(ledger))
        assert both[0] == both[1]

    def settled(self) -> None:
        """When nothing is left to send all show the same, and nothing that was confirmed is gone."""
        for _ in range(6):
            moved = 0
            for a, b in EDGES:
                manifest, frames = package(self.ledgers[a], address(self.ledgers[b], b))
                moved += manifest["changes"]
                parcel.receive(self.ledgers[b], manifest, frames)
            if not moved:
                break
        assert not moved
        bureau = self.ledgers["bureau"]
        all_changes = journal(bureau)
        for name in ("county", "commissioner"):
            mine = journal(self.ledgers[name])
            assert {
                i for i, c in all_changes.items() if c.entity in ("visit", "visit_companion")
            } <= mine.keys()
            assert mine.keys() <= all_changes.keys()
            records = {c.record for c in mine.values()}
            assert rows(self.ledgers[name], records) == rows(bureau, records)
        for change in self.confirmed:
            here = all_changes[change.id]
            assert here.values == change.values
            folded = bureau.folded(change.record)
            known = bureau.history(change.record)
            for field in change.values:
                current = change.id in folded.heads[field]
                replaced = any(change.id in c.replaces.get(field, ()) for c in known)
                assert current or replaced
                if current and folded.values.get(field) != change.values[field] and field != DELETED:
                    assert field in folded.conflicts
        for ledger in self.ledgers.values():
            assert not check(ledger).faults


Merging.TestCase.settings = settings(max_examples=25, stateful_step_count=40)
TestMerging = Merging.TestCase
