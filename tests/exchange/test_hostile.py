"""What a changed program with valid keys of its own may not reach: each attack here once succeeded."""

import contextlib
from pathlib import Path
from typing import Any

import orjson
import pytest

from commissioner_app import conflicts, exchange, ledgers, papers, statistics, visits
from commissioner_app.exchange.joining import create_from_package
from commissioner_app.ledgers import NewLedger
from commissioner_app.people import private_id
from db.check import check
from db.errors import Refused
from db.exchange import parcel, peers
from db.exchange.scope import Address
from db.exchange.wire import change_row, operation_row
from db.ids import new_id
from db.journal import certificates
from db.journal.changes import Change, ChangeId, Operation, digest, operation_message, session_message
from db.journal.keys import StationKey
from db.ledger import Draft, Ledger
from tests.office import Office

XIUWU, WEN = "410821", "410825"
SECRET = "口令口令2468"
WALL = 1_700_000_000_000

Wish = tuple[str, str, str, dict[str, Any], dict[str, Any]]
"""entity, record, kind, values, replaces"""


class Evil:
    """Signs what it likes with a station's own valid key, and puts it straight into a parcel."""

    def __init__(self, ledger: Ledger, key: StationKey | None = None) -> None:
        self.ledger = ledger
        self.key = key or ledger.station_key
        self.station = certificates.station_id(key.public) if key else ledger.station

    def new_session(self) -> str:
        """As an honest program draws it."""
        from db import ids

        return (
            ids.session_id(self.station) if hasattr(ids, "session_id") else new_id()[-16:].replace("-", "0")
        )

    def session(self, session: str) -> list[Any]:
        return [session, self.station, 1, self.key.sign(session_message(session, self.station, 1)).hex()]

    def changes(self, wishes: tuple[Wish, ...], session: str, wall: int = WALL) -> list[Change]:
        return [
            Change(ChangeId(session, n), 1, wall, entity, record, kind, values,
                   {f: tuple(i) for f, i in replaces.items()}, salt=b"s" * 16)
            for n, (entity, record, kind, values, replaces) in enumerate(wishes, 1)
        ]  # fmt: skip

    def sign(self, changes: list[Change], absent: dict[int, bytes] | None = None) -> Operation:
        told = {c.id.seq: digest(c, *c.texts) for c in changes} | (absent or {})
        first = ChangeId(changes[0].id.session, min(told))
        operation = Operation(first, max(told), "改", "某", changes[0].wall)
        operation.signature = self.key.sign(operation_message(operation, [told[n] for n in sorted(told)]))
        return operation

    def give(self, to: Ledger, *wishes: Wish, wall: int = WALL, session: str = "", **manifest: Any) -> None:
        """Have an honest ledger receive these changes."""
        session = session or self.new_session()
        changes = self.changes(wishes, session, wall)
        self.deliver(to, [self.session(session)], [self.sign(changes)], changes, **manifest)

    def deliver(
        self,
        to: Ledger,
        sessions: list[Any],
        operations: list[Operation],
        changes: list[Change],
        trust: bool = False,
        **manifest: Any,
    ) -> None:
        ordered = sorted(changes, key=lambda c: (c.entity != "station", c.id))
        frame = {"s": sessions, "o": [operation_row(o) for o in operations], "c": [change_row(c) for c in ordered],
                 "a": []}  # fmt: skip
        with to.read() as connection:
            there = peers.identity(connection, to.station)
        with self.ledger.read() as connection:
            me = peers.identity(connection, self.ledger.station)
        told = {
            "from": me, "to": {k: there[k] for k in ("role", "county", "place", "person", "station")}, "made": WALL,
            "actor": "某", "demo": False, "have": {}, "changes": len(changes), "blobs": 0, "bureaus": [], **manifest,
        }  # fmt: skip
        parcel.receive(to, told, [orjson.dumps(frame)], trust=trust)

    def tries(self, to: Ledger, *wishes: Wish, **options: Any) -> None:
        """As `give`; to be refused is as good as to be kept aside."""
        with contextlib.suppress(Refused):
            self.give(to, *wishes, **options)


def value(ledger: Ledger, record: str, name: str) -> Any:
    folded = ledger.folded(record)
    return folded.values.get(name) if folded else None


def carried(sender: Ledger, to: Address) -> bytes:
    """All changes that a package of an honest ledger for somebody holds."""
    return b"".join(parcel.make(sender, to).frames())


def persons(office: Office) -> list[str]:
    return [p.people[0].commissioner for p in office.places(office["b"])[:3]]


def theirs(office: Office) -> str:
    """A visit of another commissioner, entered by the county."""
    place = office.places(office["b"])[1]
    record = {"who": [[place.id, None]], "time": ["2022-09-28", None, None, None, 2], "where": [XIUWU, None, None],
              "content": "别人的"}  # fmt: skip
    return str(visits.save(office["w"], None, record).records["visit"][0])


def other_county(office: Office, tmp_path: Path) -> Ledger:
    """温县, made from a file of the bureau and known to it."""
    peer = next(p for p in exchange.addressees(office["b"]) if p.county == WEN)
    file = tmp_path / "wen.ktpack"
    exchange.send(office["b"], peer, file, SECRET)
    made = create_from_package(
        tmp_path / "wen.ktledger", NewLedger("county", "温县", actor="温"), file, SECRET
    )
    office.laptops["x"] = made
    office.bring("x", "b", accept=True)
    return made


def flow(office: Office) -> None:
    """Honest exchange goes on, and every ledger checks."""
    office.visit("c")
    office.settle()
    for name in "bwc":
        assert not check(office[name]).faults


# -- rights ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wall", [-5, 9_000_000_000_000])
def test_a_county_does_not_become_bureau_by_entering_itself_again(office: Office, wall: int) -> None:
    w, b = office["w"], office["b"]
    place = office.places(b)[0].id
    evil = Evil(w)
    again = {"role": "bureau", "name": "修武县科技局", "public_key": w.station_key.public}
    with b.read() as connection:  # entered after its first record, as the table is sorted
        sessions = peers.sessions(connection, w.station)
    session = next(s for s in iter(evil.new_session, "") if s > max(sessions) or s[0] == "f")
    evil.tries(b, ("station", w.station, "insert", again, {}), wall=wall, session=session)
    evil.tries(b, ("appointment", place, "update", {"remark": "伪造"}, {}))
    assert value(b, place, "remark") != "伪造"
    assert b.certificates().get(w.station) is None or b.certificates()[w.station].role == "county"


def test_a_commissioner_is_not_sent_what_is_for_a_county_after_entering_itself_again(office: Office) -> None:
    w, c = office["w"], office["c"]
    with c.read() as connection:
        me = peers.identity(connection, c.station)
    again = {"role": "county", "county": XIUWU, "name": me["name"], "public_key": c.station_key.public}
    shown = {**me, "role": "county", "county": XIUWU}
    Evil(c).tries(w, ("station", c.station, "insert", again, {}), session="0" * 16, **{"from": shown})
    Evil(c).tries(w, ("station", c.station, "insert", again, {}), **{"from": shown})
    Evil(c).tries(w, ("station", c.station, "insert", again, {}))
    for peer in exchange.peers(w):
        if peer.station == c.station:
            assert peer.role == "commissioner" and b"13800000002" not in carried(w, peer.address)
    assert w.certificates().get(c.station) is None or w.certificates()[c.station].role == "commissioner"


@pytest.mark.parametrize("steps", [1, 2])
def test_entering_a_record_again_is_no_way_to_overwrite_it(
    office: Office, tmp_path: Path, steps: int
) -> None:
    w, b, c = office["w"], office["b"], office["c"]
    record = theirs(office)
    office.settle()
    x = other_county(office, tmp_path)
    heads = list(w.seen(record)["content"])
    mine = [[office.places(b)[0].id, None]]
    for ledger, to, own in ((c, w, {"who": mine}), (x, b, {"where": [WEN, None, None]})):
        evil = Evil(ledger)
        if steps == 2:
            evil.tries(to, ("visit", record, "insert", own, {}))
        kind = "insert" if steps == 1 else "update"
        more = own if steps == 1 else {}
        evil.tries(to, ("visit", record, kind, {**more, "content": "劫持"}, {"content": heads}))
        evil.tries(
            to, ("visit", record, kind, {**more, "content": "劫持", "_deleted": True}, {"content": heads})
        )
        assert "别人的" in [ch.value for f in conflicts.of_record(to, record) if f.field == "content"
                            for ch in f.choices] or value(to, record, "content") == "别人的"  # fmt: skip
        with to.read() as connection:
            assert (
                connection.exec_driver_sql("SELECT deleted FROM visit WHERE id = ?", (record,)).scalar() == 0
            )
    flow(office)


def test_one_table_entered_at_two_stations_stays_editable_by_both(office: Office) -> None:
    w, c = office["w"], office["c"]
    place = office.places(c)[0]
    record, values = new_id(), {"who": [[place.id, None]], "where": [XIUWU, None, None], "content": "表"}
    for ledger in (w, c):
        ledger.write("导入", [Draft("visit", record, "insert", values)])
    office.settle()
    for n, name in enumerate("cwcw"):
        office[name].write("改", [Draft("visit", record, "update", {"content": f"第 {n} 稿"})])
        office.settle()
        for each in "bwc":
            assert value(office[each], record, "content") == f"第 {n} 稿"
            assert not conflicts.of_record(office[each], record) and not check(office[each]).faults


def test_an_ended_station_accepts_nobody(office: Office) -> None:
    w, b = office["w"], office["b"]
    exchange.end(b, w.station)
    key = StationKey()
    evil, puppet = Evil(w), Evil(w, key)
    place = office.places(b)[0]
    record = {"role": "commissioner", "appointment": place.id, "name": "假", "public_key": key.public}
    one, two = puppet.new_session(), evil.new_session()
    born = puppet.changes((("station", puppet.station, "insert", record, {}),), one)
    accepted = evil.changes((("station", puppet.station, "update", {"accepted": True}, {}),), two)
    evil.deliver(b, [puppet.session(one), evil.session(two)], [puppet.sign(born), evil.sign(accepted)],
                 [*born, *accepted])  # fmt: skip
    assert puppet.station not in b.certificates()
    assert not check(b).faults


def test_settings_come_only_from_another_laptop_of_the_bureau(office: Office) -> None:
    for name, to in (("c", "w"), ("w", "b")):
        Evil(office[name]).tries(office[to], ("setting", "s", "insert", {"key": "demo", "value": {}}, {}))
    flow(office)


def test_a_county_cannot_introduce_the_bureau_with_another_key(office: Office, tmp_path: Path) -> None:
    key = StationKey()
    with (
        ledgers.create(tmp_path / "x.ktledger", NewLedger("county", "温县", roster="2022")) as x,
        ledgers.create(tmp_path / "y.ktledger", NewLedger("county", "博爱县", roster="2022")) as y,
    ):
        made = parcel.make(x, exchange.own(y).new_laptop().address)
        with office["b"].read() as connection:
            bureau = peers.identity(connection, office["b"].station)
        manifest = {**made.manifest, "bureaus": [{**bureau, "public_key": key.public}]}
        with pytest.raises(Refused):
            parcel.receive(y, manifest, made.frames(), trust=True)


def test_what_an_ended_county_receives_is_received(office: Office, tmp_path: Path) -> None:
    w = office["w"]
    two = next(p for p in exchange.addressees(w) if p.role == "commissioner" and p.station is None)
    exchange.send(w, two, tmp_path / "d.ktpack", SECRET)
    office.laptops["d"] = create_from_package(
        tmp_path / "d.ktledger", NewLedger("commissioner"), tmp_path / "d.ktpack", SECRET
    )
    exchange.end(office["b"], w.station)
    office.bring("b", "w")
    office.bring("d", "w", accept=True)


# -- private data --------------------------------------------------------------------------------------------


def test_private_data_of_others_is_reached_by_no_reference(office: Office) -> None:
    w, c = office["w"], office["c"]
    place, victim = office.places(office["b"])[0].id, private_id(persons(office)[1])
    evil = Evil(c)
    evil.tries(w, ("visit", "v1", "insert", {"who": [[place, victim]]}, {}))
    evil.tries(w, ("visit", "v2", "insert", {"who": [[place, None], [victim, None]]}, {}))
    session = evil.new_session()
    evil.tries(w, ("visit", "v3", "insert", {"who": [[place, None]], "recipient": victim}, {}),
               ("visit", "v3", "update", {"recipient": None}, {"recipient": [ChangeId(session, 1)]}),
               session=session)  # fmt: skip
    evil.tries(w, ("recipient", victim, "insert", {"name": "同号"}, {}))
    evil.tries(w, ("commissioner_private", victim, "insert", {"commissioner": persons(office)[0]}, {}))
    assert b"13800000002" not in carried(w, office.peer("w", "c").address)
    flow(office)


def test_a_station_that_says_to_be_somebody_else_is_not_sent_their_data(office: Office) -> None:
    w, key = office["w"], StationKey()
    evil, place, victim = Evil(office["c"], key), office.places(w)[0].id, persons(office)[1]
    values = {"role": "commissioner", "appointment": place, "commissioner": victim, "name": "演示人员1",
              "public_key": key.public}  # fmt: skip
    session = evil.new_session()
    changes = evil.changes((("station", evil.station, "insert", values, {}),), session)
    me = {"station": evil.station, "name": "演示人员1", "role": "commissioner", "county": None, "place": place,
          "person": victim, "public_key": key.public}  # fmt: skip
    operation = evil.sign(changes)
    evil.deliver(w, [evil.session(session)], [operation], changes, trust=True, **{"from": me})
    address = next(p for p in exchange.peers(w) if p.station == evil.station).address
    assert b"13800000002" not in carried(w, address)


def test_a_record_under_two_entities_is_two_records(office: Office) -> None:
    w, evil, record = office["w"], Evil(office["c"]), theirs(office)
    visits.save(w, record, {"where": [WEN, None, None]})
    visits.save(w, record, {"where": ["410823", None, None]})
    session = evil.new_session()
    evil.tries(w, ("recipient", record, "insert", {"name": "同号", "where": [XIUWU, None, None]}, {}),
               ("recipient", record, "update", {"where": ["410823", None, None]}, {"where": [ChangeId(session, 1)]}),
               session=session)  # fmt: skip
    assert not check(w).faults
    flow(office)


# -- nobody can stop the exchange of others --------------------------------------------------------------------


def test_operations_that_overlap_are_refused_at_once(office: Office) -> None:
    w, evil = office["w"], Evil(office["c"])
    session = evil.new_session()
    changes = evil.changes(
        tuple(("recipient", f"r{n}", "insert", {"name": "社"}, {}) for n in range(3)), session
    )
    changes[1].operation = 2
    operations = [evil.sign(changes), evil.sign(changes[1:2])]
    with contextlib.suppress(Refused):
        evil.deliver(w, [evil.session(session)], operations, changes)
    flow(office)


def test_nobody_signs_for_a_session_of_somebody_else(office: Office) -> None:
    w, b, evil = office["w"], office["b"], Evil(office["c"])
    w.close()
    office.laptops["w"] = w = Ledger.open(w.path)
    office.visit("w")
    with w.read() as connection:
        session = connection.exec_driver_sql(
            "SELECT session FROM incarnation WHERE station = ? ORDER BY opened DESC", (w.station,)
        ).scalar()
    evil.tries(b, ("recipient", "r", "insert", {"name": "社"}, {}), session=session)
    flow(office)


def test_what_is_replaced_belongs_to_the_same_record(office: Office, tmp_path: Path) -> None:
    w, b, c = office["w"], office["b"], office["c"]
    own = list(c.seen(private_id(persons(office)[0]))["phone"])
    visit = {"who": [[office.places(b)[0].id, None]], "where": [WEN, None, None], "content": "毒"}
    Evil(c).tries(w, ("visit", "v", "insert", visit, {"content": own}))
    office.settle()
    other_county(office, tmp_path)
    office.bring("b", "x")
    flow(office)


SHAPES: list[dict[str, Any]] = [
    {"who": [None]}, {"who": [5]}, {"who": [[["x"], None]]}, {"who": 5}, {"time": [5]}, {"time": "x"},
    {"time": [1, [], {}, None, 2]}, {"where": {"a": 1}}, {"ways": [["x"]]}, {"ways": [{"a": 1}]}, {"trained": "很多"},
    {"trained": 2**63}, {"review": ["submitted", [], {}, 3]}, {"recipient": ["x"]}, {"content": {"a": 1}},
    {"_deleted": "是"}, {"_deleted": []},
]  # fmt: skip


@pytest.mark.parametrize("shapes", [SHAPES])
def test_values_of_another_shape_stop_no_list_and_no_report(
    office: Office, shapes: list[dict[str, Any]]
) -> None:
    w, evil = office["w"], Evil(office["c"])
    place = office.places(office["b"])[0]
    good = {"time": ["2022-09-28", None, None, None, 2], "where": [XIUWU, None, None], "content": "好",
            "review": ["submitted", None, None, None]}  # fmt: skip
    for n, shape in enumerate(shapes):
        own = [[place.id, None]]
        odd = {**good, **shape}
        odd["who"] = [*own, *shape["who"]] if isinstance(shape.get("who"), list) else shape.get("who", own)
        evil.tries(w, ("visit", f"v{n}", "insert", odd, {}))
    period = statistics.default_period(w)
    with w.read() as connection:
        came = [r[0] for r in connection.exec_driver_sql("SELECT id FROM visit")]
    for record in came:
        visits.open_visit(w, record)
        visits.duplicate_values(w, record)
        visits.save(w, record, {"remark": "可以修改"}, companions=["张三"])
        visits.pass_visits(w, [record], "审核人")
    statistics.overview(w, period)
    papers.service_data(w, papers.ReportWish(period))
    visits.delete(w, came)
    flow(office)


@pytest.mark.parametrize("wall", [2**53 - 1, -(2**53) + 1])
def test_a_time_beyond_every_calendar_stops_no_history(office: Office, wall: int) -> None:
    from commissioner_app import history

    w, record = office["w"], office.visit("c")
    office.settle()
    Evil(office["c"]).tries(w, ("visit", record, "update", {"content": "何时"}, {}), wall=wall)
    history.operations(w)
    history.record_history(w, record)
    conflicts.of_record(w, record)


def test_a_passphrase_typed_with_full_width_signs_is_the_same(office: Office) -> None:
    from commissioner_app.exchange import phrases

    assert phrases.tidy("ｋ７ｍ２－９ｘｑｐ－４ｈｈｄ－ｔ３ｗｚ") == "k7m2-9xqp-4hhd-t3wz"
    assert phrases.tidy("口令１２３４５６") == phrases.tidy("口令123456")
