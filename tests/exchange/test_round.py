"""What a file carries between the bureau, a county and a commissioner, over real ledgers and real files."""

import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from commissioner_app import attachments, conflicts, exchange, history, statistics, visits
from commissioner_app.exchange import sending
from commissioner_app.people import private_id
from db.check import check
from db.entities import entities
from db.errors import Refused
from db.exchange import parcel
from db.ledger import Draft, Ledger
from tests.office import Office

XIUWU, WEN = "410821", "410825"


def value(ledger: Ledger, record: str, name: str) -> Any:
    folded = ledger.folded(record)
    return folded.values.get(name) if folded else None


def records(ledger: Ledger, entity: str) -> set[str]:
    with ledger.read() as connection:
        return {r[0] for r in connection.exec_driver_sql(f'SELECT id FROM "{entity}" WHERE deleted = 0')}


def rows(ledger: Ledger, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
    with ledger.read() as connection:
        return {
            t: sorted(map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{t}"')), key=repr)
            for t in tables
        }


def edit(ledger: Ledger, record: str, **values: object) -> None:
    visits.save(ledger, record, dict(values))


def test_a_visit_goes_up_and_its_review_comes_home(office: Office) -> None:
    c, w, b = office["c"], office["w"], office["b"]
    record = office.visit("c")
    visits.submit(c, [record])
    office.bring("c", "w")
    visits.pass_visits(w, [record], "审核人")
    office.bring("w", "b")
    office.bring("w", "c")
    for ledger in (c, w, b):
        assert value(ledger, record, "review")[0] == "passed"
        assert value(ledger, record, "content") == "查看长势"
        assert not check(ledger).faults
    period = statistics.default_period(b)
    totals = [statistics.overview(ledger, period).total for ledger in (b, w)]
    assert totals[0] == totals[1] and totals[0].visits == 1


def test_what_was_confirmed_does_not_go_again_and_a_lost_file_does(office: Office) -> None:
    office.visit("c")
    peer = office.peer("c", "w")
    assert exchange.outlook(office["c"], peer).new_visits == 1
    lost = office.make("c", "w")
    lost.unlink()
    assert exchange.outlook(office["c"], peer).new_visits == 1, "nothing has come back yet"
    assert exchange.unsent(office["c"]) > 0
    office.bring("c", "w")
    office.bring("w", "c")
    assert exchange.outlook(office["c"], peer).changes == 0
    assert exchange.unsent(office["c"]) == 0


def test_an_older_file_after_a_newer_one_and_the_same_twice_change_nothing(office: Office) -> None:
    record = office.visit("c")
    older = office.make("c", "w")
    edit(office["c"], record, content="第二稿")
    newer = office.make("c", "w")
    exchange.apply(office["w"], newer)
    before = rows(office["w"], *entities(), "conflict", "aside")
    for file in (older, newer, older):
        receipt = exchange.apply(office["w"], file)
        assert (receipt.new, receipt.changed, receipt.conflicts) == (0, 0, 0)
    assert rows(office["w"], *entities(), "conflict", "aside") == before
    assert value(office["w"], record, "content") == "第二稿"


def test_looking_into_a_file_changes_nothing_at_all(office: Office) -> None:
    office.visit("c")
    file = office.make("c", "w")
    w = office["w"]
    with w.read() as connection:
        tables = [
            r[0] for r in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
    before = rows(w, *tables)
    found = exchange.inspect(w, file)
    assert (found.new, found.changed, found.first_contact) == (1, 0, False)
    assert [(line.kind, line.what) for line in found.lines] == [("服务记录", "new")]
    assert rows(w, *tables) == before


def test_a_file_name_is_never_trusted(office: Office) -> None:
    record = office.visit("c")
    file = office.make("c", "w")
    odd = file.rename(file.with_name("..%2f..%2f焦作市_下发博爱县_19990101_99(1).ktpack"))
    assert exchange.inspect(office["w"], odd).sender.role == "commissioner"
    exchange.apply(office["w"], odd)
    assert record in records(office["w"], "visit")
    name = exchange.file_name(office["w"], office.peer("w", "b"))
    assert name.startswith("修武县_上报_20") and name.endswith(".ktpack")
    assert exchange.file_name(office["b"], office.peer("b", "w")).startswith("焦作市_下发修武县_20")


def test_nobody_gets_phones_they_do_not_need(office: Office) -> None:
    b, w, c = office["b"], office["w"], office["c"]
    places = office.places(b)
    mine = places[0].people[0].commissioner
    others = [p.people[0].commissioner for p in places[1:3]]
    assert records(c, "commissioner_private") == {private_id(mine)}
    assert records(w, "commissioner_private") == {private_id(p) for p in (mine, *others)}  # all serve 修武县
    made = parcel.make(b, exchange.find(b, exchange.Wanted(county="温县"), True).address)
    carried = b"".join(made.frames())
    assert b"1380000000" not in carried, "another county's phones"


def test_what_moves_out_of_a_county_still_reaches_it(office: Office) -> None:
    record = office.visit("w")
    office.settle()
    place = office.places(office["b"])[0]
    (stay,) = place.assignments
    office["b"].write("调整", [Draft("assignment", stay.id, "update", {"where": [WEN, None]})])
    visits.save(office["b"], record, {"where": [WEN, None, None]})
    office.bring("b", "w")
    assert value(office["w"], stay.id, "where")[0] == WEN
    assert value(office["w"], record, "where")[0] == WEN
    with office["w"].read() as connection:
        shown = connection.exec_driver_sql("SELECT county FROM visit WHERE id = ?", (record,)).scalar()
    assert shown == WEN, "the county no longer counts it"


def test_two_values_are_both_kept_and_the_decision_travels(office: Office) -> None:
    record = office.visit("c")
    office.settle()
    edit(office["c"], record, content="本人写的")
    edit(office["w"], record, content="县里写的", trained=12)
    office.settle()
    for name in "bwc":
        (conflict,) = conflicts.of_record(office[name], record)
        assert {x.value for x in conflict.choices} == {"本人写的", "县里写的"}
        assert {x.station for x in conflict.choices} == {"演示人员1", "修武县科技局"}
        assert value(office[name], record, "trained") == 12, "another field merges silently"
    conflicts.decide(office["w"], record, {"content": "第三种写法"})
    office.settle()
    for name in "bwc":
        assert not conflicts.of_record(office[name], record)
        assert value(office[name], record, "content") == "第三种写法"
        texts = {ch.values.get("content") for ch in office[name].history(record)}
        assert {"本人写的", "县里写的"} <= texts, "nothing is lost"


def test_a_review_that_did_not_see_an_edit_counts_as_pending(office: Office) -> None:
    record = office.visit("c")
    visits.submit(office["c"], [record])
    office.settle()
    visits.pass_visits(office["w"], [record], "审核人")
    edit(office["c"], record, trained=55)
    office.settle()
    with office["b"].read() as connection:
        state, stale = connection.exec_driver_sql(
            "SELECT state, stale FROM visit WHERE id = ?", (record,)
        ).one()
    assert (state, stale) == ("passed", 1)
    counts = visits.state_counts(office["b"], visits.VisitFilter())
    assert counts.get("passed", 0) == 0 and counts["submitted"] == 1, "it counts as pending"


def test_a_deletion_against_an_edit_shows_both(office: Office) -> None:
    record = office.visit("c")
    office.settle()
    visits.delete(office["w"], [record])
    edit(office["c"], record, content="又补充了内容")
    office.settle()
    for name in "bw":
        (conflict,) = conflicts.of_record(office[name], record)
        assert conflict.field == "_deleted" and {x.value for x in conflict.choices} == {True, False}
        assert record in records(office[name], "visit"), "shown until somebody decides"


def test_what_a_station_may_not_write_is_kept_aside_taken_over_or_dismissed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = office.visit("c")
    visits.submit(office["c"], [record])
    office.settle()
    with pytest.raises(Refused, match="审核"):
        visits.pass_visits(office["c"], [record], "审核人")
    team = sorted(records(office["c"], "team"))[0]
    was = value(office["b"], team, "tasks")
    monkeypatch.setattr(Ledger, "_may", lambda *_: True)  # a changed program
    visits.pass_visits(office["c"], [record], "审核人")
    office["c"].write("改", [Draft("team", team, "update", {"tasks": "自定任务"})])
    monkeypatch.undo()
    office.settle()
    for name in "wb":
        assert value(office[name], record, "review")[0] == "submitted"
        assert value(office[name], team, "tasks") == was
    found = {a.entity: a for a in exchange.asides(office["b"])}
    assert found["visit"].reason == "科技特派员不能审核服务记录。" and found["visit"].can_take
    assert "自定任务" in found["team"].change and found["team"].station == "演示人员1（2022-团-01）"
    assert not {a.entity: a for a in exchange.asides(office["w"])}["team"].can_take
    with pytest.raises(Refused):
        exchange.take_over(office["w"], [found["team"].id])
    taken = exchange.take_over(office["b"], [found["team"].id])
    exchange.dismiss(office["b"], [found["visit"].id])
    office.settle()
    for name in "bwc":
        assert value(office[name], team, "tasks") == "自定任务"
        assert value(office[name], record, "review")[0] == "submitted"
        assert not exchange.asides(office[name])
        assert not check(office[name]).faults
    history.undo(office["b"], taken.operation)
    assert value(office["b"], team, "tasks") == was


def test_a_county_carries_the_bureaus_changes_but_cannot_write_in_its_name(office: Office) -> None:
    place = office.places(office["b"])[0]
    office["b"].write("改", [Draft("appointment", place.id, "update", {"remark": "市里的备注"})])
    office.bring("b", "w")
    office.bring("w", "c")
    assert value(office["c"], place.id, "remark") == "市里的备注"
    peer = office.peer("w", "c")
    made = parcel.make(office["w"], peer.address)
    office["w"].write(
        "记录", [Draft("recipient", "r", "insert", {"name": "演示社", "where": [XIUWU, None, None]})]
    )
    made = parcel.make(office["w"], peer.address)
    for frame in made.frames():
        rows_ = json.loads(frame)
        for row in rows_["c"]:
            if row[5] == "r":
                row[4], row[5], row[7] = "appointment", place.id, '{"remark":"伪造"}'
                with pytest.raises(Refused, match="签名不符"):
                    parcel.receive(office["c"], made.manifest, [json.dumps(rows_).encode()])
                break
    assert value(office["c"], place.id, "remark") == "市里的备注"


def test_an_operation_of_which_only_a_part_was_passed_on_still_proves_its_author(office: Office) -> None:
    b = office["b"]
    places = office.places(b)
    office["b"].write("改", [
        Draft("appointment", places[0].id, "update", {"remark": "给一"}),
        Draft("appointment", places[-1].id, "update", {"remark": "给别人"}),
    ])  # fmt: skip
    office.bring("b", "w")
    assert value(office["w"], places[0].id, "remark") == "给一"
    assert office["w"].folded(places[-1].id) is None
    with office["w"].read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM absent_digest").scalar_one() > 0
    office.bring("w", "c")
    for name in "wc":
        assert not check(office[name]).faults


def test_first_contact_is_refused_until_a_person_has_compared_and_the_decision_is_kept(
    office: Office, tmp_path: Path
) -> None:
    from commissioner_app import ledgers
    from commissioner_app.ledgers import NewLedger

    with ledgers.create(tmp_path / "x.ktledger", NewLedger("county", "温县", roster="2022")) as other:
        office.laptops["x"] = other
        file = office.make("x", "b")
        found = exchange.inspect(office["b"], file, "口令口令2468")
        assert found.first_contact and found.sender.state == "unknown"
        assert found.sender.fingerprint == exchange.own(other).fingerprint
        assert [len(g) for g in found.sender.fingerprint.split(" ")] == [4] * 6
        with pytest.raises(Refused, match=found.sender.fingerprint):
            exchange.apply(office["b"], file, "口令口令2468")
        assert not [p for p in exchange.peers(office["b"]) if p.station == other.station]
        exchange.apply(office["b"], file, "口令口令2468", accept=True)
        assert office.peer("b", "x").state == "trusted"
        assert not exchange.inspect(office["b"], file, "口令口令2468").first_contact
        exchange.refuse(office["b"], office.peer("b", "x"))
        with pytest.raises(Refused, match="已拒绝"):
            exchange.apply(office["b"], file, "口令口令2468")
        exchange.trust(office["b"], other.station)
        exchange.apply(office["b"], file, "口令口令2468")
        # The bureau hands its list down: the other county is no stranger to this one.
        office.settle()
        assert {p.station for p in exchange.peers(office["w"]) if p.state == "trusted"} >= {other.station}
    del office.laptops["x"]


def test_what_a_station_writes_after_its_end_does_not_count(office: Office) -> None:
    before = office.visit("c", content="停用以前")
    office.settle()
    exchange.end(office["b"], office["c"].station)
    after = office.visit("c", content="停用以后")
    office.bring("b", "w")
    office.bring("c", "w")
    office.bring("w", "b")
    assert before in records(office["b"], "visit") and after not in records(office["b"], "visit")
    assert [a.record for a in exchange.asides(office["b"]) if a.entity == "visit"] == [after]
    office.bring("w", "c")
    with pytest.raises(Refused, match="已停用"):
        office.visit("c", content="不能再写")


def test_photos_go_once_unless_asked_and_arrive_whole(office: Office, tmp_path: Path) -> None:
    record = office.visit("c")
    pictures = []
    for n in range(3):
        file = tmp_path / f"照片{n}.jpg"
        file.write_bytes(os.urandom(200_000 + n))
        pictures.append(file)
    attachments.add(office["c"], "visit", record, pictures)
    peer = office.peer("c", "w")
    assert exchange.outlook(office["c"], peer).photos == 3
    lost = office.make("c", "w")
    assert lost.stat().st_size > 600_000
    again = exchange.outlook(office["c"], peer)
    assert (again.new_visits, again.photos, again.photos_sent_before) == (1, 0, 3)
    assert office.bring("c", "w").attachments == 0
    assert [a.here for a in attachments.listed(office["w"], "visit", record)] == [False] * 3
    assert office.bring("c", "w", resend=True).attachments == 3
    office.bring("w", "b")
    for a in attachments.listed(office["b"], "visit", record):
        with office["b"].read() as connection:
            data = connection.exec_driver_sql(
                "SELECT data FROM blob WHERE sha256 = ?", (a.sha256,)
            ).scalar_one()
        assert a.here and hashlib.sha256(data).hexdigest() == a.sha256
    assert exchange.outlook(office["w"], office.peer("w", "c")).photos == 0, "they came from there"


def test_a_large_package_goes_as_several_in_any_order(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = office.visit("c")
    more = [office.visit("c", content=f"第 {n} 次") for n in range(40)]
    for n in range(4):
        file = tmp_path / f"{n}.jpg"
        file.write_bytes(os.urandom(30_000))
        attachments.add(office["c"], "visit", record, [file])
    monkeypatch.setattr(sending.container, "LIMIT_PART", 20_000 + 30_000)
    monkeypatch.setattr(sending, "BYTES_A_CHANGE", 800)
    target = tmp_path / "大.ktpack"
    sent = exchange.send(office["c"], office.peer("c", "w"), target)
    assert len(sent.files) > 2 and all(f.stat().st_size < 60_000 for f in sent.files)
    w = office["w"]
    for file in reversed(sent.files):
        found = exchange.inspect(w, file)
        assert found.of == len(sent.files)
        exchange.apply(w, file)
    assert {record, *more} <= records(w, "visit")
    assert all(a.here for a in attachments.listed(w, "visit", record))
    assert not check(w).faults
    assert exchange.outlook(w, office.peer("w", "c")).new_visits == 0
    office.bring("w", "c")
    assert exchange.outlook(office["c"], office.peer("c", "w")).changes == 0


def test_a_wrong_clock_is_told_of_and_poisons_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = office.visit("c")
    office.settle()
    true = time.time
    year = 365 * 24 * 3600
    monkeypatch.setattr(time, "time", lambda: true() + 3 * year)
    edit(office["c"], record, content="三年后的电脑写的")
    file = office.make("c", "w")
    monkeypatch.setattr(time, "time", true)
    found = exchange.inspect(office["w"], file)
    assert "演示人员1" in found.clock_note and "快约 109" in found.clock_note
    exchange.apply(office["w"], file)
    assert value(office["w"], record, "content") == "三年后的电脑写的"
    edit(office["w"], record, content="县里随后改的")
    office.settle()
    for name in "bwc":
        assert value(office[name], record, "content") == "县里随后改的"
        assert not conflicts.of_record(office[name], record)
    monkeypatch.setattr(time, "time", lambda: true() - 5 * year)
    office["c"]._last_wall = 0
    edit(office["c"], record, content="五年前的电脑写的")
    file = office.make("c", "w")
    monkeypatch.setattr(time, "time", true)
    assert "慢" in exchange.inspect(office["w"], file).clock_note
    exchange.apply(office["w"], file)
    assert value(office["w"], record, "content") == "五年前的电脑写的"


def test_what_came_is_marked_until_somebody_has_looked(office: Office) -> None:
    exchange.seen_arrivals(office["w"])
    own = office.visit("w")
    came = office.visit("c")
    office.bring("c", "w")
    assert came in exchange.arrived(office["w"]) and own not in exchange.arrived(office["w"])
    exchange.seen_arrivals(office["w"], [came])
    assert came not in exchange.arrived(office["w"])
    log = exchange.log(office["w"])
    assert (log[0].direction, log[0].new) == ("received", 1) and log[0].bytes > 0


def test_training_data_stays_among_itself(office: Office, tmp_path: Path) -> None:
    from commissioner_app import demo

    with demo.make(tmp_path / "d.ktledger") as training:
        office.laptops["d"] = training
        file = office.make("d", "w")
        with pytest.raises(Refused, match="演示数据"):
            exchange.apply(office["w"], file, "口令口令2468", accept=True)
    del office.laptops["d"]


def test_the_report_is_the_same_at_both_ends(office: Office, tmp_path: Path) -> None:
    for n in range(3):
        record = office.visit("c", trained=10 * n, households=n)
        visits.submit(office["c"], [record])
    office.bring("c", "w")
    with office["w"].read() as connection:
        found = [r[0] for r in connection.exec_driver_sql("SELECT id FROM visit WHERE deleted = 0")]
    visits.pass_visits(office["w"], found, "审核人")
    office.settle()
    period = statistics.default_period(office["b"])
    texts = [statistics.overview(office[n], period).total for n in "bwc"]
    assert texts[0] == texts[1] == texts[2] and texts[0].trained == 30


def test_a_stranger_once_refused_stays_refused_and_can_be_accepted_later(
    office: Office, tmp_path: Path
) -> None:
    from commissioner_app import ledgers
    from commissioner_app.ledgers import NewLedger

    b = office["b"]
    with ledgers.create(tmp_path / "x.ktledger", NewLedger("county", "温县", roster="2022")) as other:
        office.laptops["x"] = other
        file = office.make("x", "b")
        exchange.refuse(b, exchange.inspect(b, file, "口令口令2468").sender)
        with pytest.raises(Refused, match="已拒绝"):
            exchange.inspect(b, file, "口令口令2468")
        shown = next(p for p in exchange.peers(b) if p.station == other.station)
        assert (shown.state, shown.county, shown.fingerprint) == (
            "refused",
            WEN,
            exchange.own(other).fingerprint,
        )
        exchange.trust(b, other.station)
        exchange.apply(b, file, "口令口令2468")
        assert office.peer("b", "x").state == "trusted"
    del office.laptops["x"]
    assert not check(b).faults
