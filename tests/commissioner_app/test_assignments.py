"""Moving places between counties, what is pointed out, and what is told of it afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commissioner_app import (
    assignments,
    attachments,
    batches,
    history,
    ledgers,
    moves,
    places,
    recipients,
    stay_notices,
)
from commissioner_app.divisions import Divisions
from commissioner_app.errors import Refused
from commissioner_app.ledgers import Ledger
from commissioner_app.rows import BatchRow, PlaceRow
from db.ledger import Draft

XIUWU, WEN, BOAI, QINYANG = "410821", "410825", "410822", "410882"
FROM, TO = "2022-04-01", "2023-03-31"


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Ledger]:
    with ledgers.create(
        tmp_path / "a.ktledger", ledgers.NewLedger("bureau", "", "演示科技局", "演示员", roster="2022")
    ) as made:
        yield made


def the_batch(ledger: Ledger) -> BatchRow:
    return batches.all_batches(ledger)[0]


def place(ledger: Ledger, code: str = "2022-省派-01") -> PlaceRow:
    return next(p for p in places.listed(ledger, the_batch(ledger)) if p.code == code)


def stays(ledger: Ledger, code: str = "2022-省派-01") -> list[tuple]:
    return [(a.county, a.assigned_from, a.assigned_to) for a in place(ledger, code).assignments]


def move(ledger: Ledger, county: str | None, on: str, code: str = "2022-省派-01", whole: bool = True):
    return assignments.move(ledger, the_batch(ledger), [place(ledger, code)], county, on, whole)


def test_a_first_stay_covers_the_period_unless_a_day_was_chosen(bureau: Ledger) -> None:
    move(bureau, WEN, "2022-09-01")
    assert stays(bureau) == [(WEN, FROM, TO)]
    move(bureau, BOAI, "2022-09-01", "2022-省派-02", whole=False)
    assert stays(bureau, "2022-省派-02") == [(BOAI, "2022-09-01", TO)]
    found = [place(bureau, "2022-省派-03"), place(bureau, "2022-省派-04")]
    assert assignments.begins(the_batch(bureau), found, WEN, "2022-09-01") == FROM
    # One that is moved from there and one that was never assigned begin on different days.
    mixed = [place(bureau), found[0]]
    assert assignments.begins(the_batch(bureau), mixed, BOAI, "2022-09-01") is None


def test_a_move_ends_what_was_and_leaves_what_comes_later(bureau: Ledger) -> None:
    move(bureau, WEN, FROM)
    move(bureau, BOAI, "2022-10-01")
    move(bureau, XIUWU, "2022-06-15")
    assert stays(bureau) == [
        (WEN, FROM, "2022-06-14"),
        (XIUWU, "2022-06-15", "2022-09-30"),
        (BOAI, "2022-10-01", TO),
    ]
    move(bureau, None, "2022-08-01")
    assert stays(bureau)[1] == (XIUWU, "2022-06-15", "2022-07-31")
    # From 待安排 again: until the next stay begins.
    move(bureau, QINYANG, "2022-09-01")
    assert stays(bureau)[2] == (QINYANG, "2022-09-01", "2022-09-30")


def test_a_move_to_where_one_of_two_stays_is_keeps_that_one(bureau: Ledger) -> None:
    move(bureau, WEN, FROM)
    assignments.add(bureau, the_batch(bureau), place(bureau).id, BOAI)
    assert place(bureau).counties("2022-09-01") == [WEN, BOAI]
    move(bureau, BOAI, "2022-09-01")
    assert sorted(stays(bureau)) == [(BOAI, FROM, TO), (WEN, FROM, "2022-08-31")]
    assert move(bureau, BOAI, "2022-09-01").operation is None


def test_a_corrected_stay_takes_nothing_of_its_county_along(bureau: Ledger, tmp_path: Path) -> None:
    move(bureau, WEN, FROM)
    bare = place(bureau).assignments[0].id
    move(bureau, BOAI, FROM)
    assert [a.id for a in place(bureau).assignments] == [bare] and stays(bureau) == [(BOAI, FROM, TO)]
    assignments.save(bureau, bare, {"agreement": ["演示-1", "2022-04-20", "已签"]})
    move(bureau, XIUWU, FROM)
    (now,) = place(bureau).assignments
    assert now.id != bare and now.agreement_number is None and stays(bureau) == [(XIUWU, FROM, TO)]
    scan = tmp_path / "协议.pdf"
    scan.write_bytes(b"%PDF")
    attachments.add(bureau, "assignment", now.id, [scan], assignments.SCAN)
    move(bureau, WEN, FROM)
    (later,) = place(bureau).assignments
    assert later.id != now.id and attachments.listed(bureau, "assignment", later.id) == []
    history.undo(bureau)
    assert place(bureau).assignments[0].id == now.id


def test_the_plan_is_made_from_what_is_there_when_it_is_written(bureau: Ledger) -> None:
    move(bureau, WEN, FROM)
    stale = place(bureau)
    move(bureau, BOAI, "2022-10-01")
    assignments.move(bureau, the_batch(bureau), [stale], XIUWU, "2022-12-01")
    assert stays(bureau) == [
        (WEN, FROM, "2022-09-30"),
        (BOAI, "2022-10-01", "2022-11-30"),
        (XIUWU, "2022-12-01", TO),
    ]


def test_recipients_are_found_or_made_by_name(bureau: Ledger) -> None:
    move(bureau, WEN, FROM)
    stay = place(bureau).assignments[0].id
    assignments.save(bureau, stay, {"new_recipients": ["演示山药合作社", "演示农场"]})
    made = recipients.listed(bureau)
    assert {(r.name, r.kind, r.county) for r in made} == {
        ("演示山药合作社", "合作社", WEN),
        ("演示农场", "其他", WEN),
    }
    first = next(r.id for r in made if r.name == "演示农场")
    assignments.save(bureau, stay, {"recipients": [first], "new_recipients": [" 演示山药合作社 "]})
    assert set(place(bureau).assignments[0].recipients) == {r.id for r in made}
    assert len(recipients.listed(bureau)) == 2
    known = assignments.known_recipients(bureau, BOAI, place(bureau).assignments[0].recipients)
    assert sorted(known.names.values()) == ["演示农场", "演示山药合作社"]
    assert not assignments.known_recipients(bureau, BOAI).names
    with pytest.raises(Refused, match="日期"):
        assignments.save(bureau, stay, {"agreement": ["1", "2022-02-30", None]})


def test_what_is_pointed_out(bureau: Ledger) -> None:
    batch, name = the_batch(bureau), Divisions.of(bureau).name

    def kinds(code: str, on: str = "2022-09-01") -> list[str]:
        return [n.kind for n in stay_notices.of_place(batch, place(bureau, code), on, name)]

    assert kinds("2022-省派-01") == ["none"]
    move(bureau, WEN, FROM)
    assert kinds("2022-省派-01") == []
    stay = place(bureau).assignments[0]
    assignments.save(bureau, stay.id, {"period": ["2022-03-31", "2022-08-31"]})
    assert kinds("2022-省派-01") == ["outside", "none"]
    assignments.add(bureau, batch, stay.appointment, BOAI, "2022-08-31")
    assert kinds("2022-省派-01") == ["overlap", "outside"]
    notice = stay_notices.of_place(batch, place(bureau), "2022-09-01", name)[0]
    assert stay.id in notice.stays and "温县（2022-03-31 至 2022-08-31）" in notice.text
    assignments.save(bureau, stay.id, {"period": [FROM, "2022-08-30"]})
    assert kinds("2022-省派-01") == []
    # The four 校派 have three counties to choose from.
    move(bureau, QINYANG, FROM, "2022-校派-01")
    move(bureau, WEN, FROM, "2022-校派-02")
    assert (kinds("2022-校派-01"), kinds("2022-校派-02")) == (["candidate"], [])
    # An open end reaches as far as the period does; a period the wrong way round comes only by import.
    assignments.save(bureau, stay.id, {"period": [None, "2022-08-30"]})
    assert kinds("2022-省派-01") == []
    assignments.save(bureau, stay.id, {"period": ["2023-04-01", None]})
    assert "outside" in kinds("2022-省派-01")
    bureau.write("导入", [Draft("assignment", stay.id, "update", {"period": ["2022-12-01", "2022-10-01"]})])
    assert kinds("2022-省派-01") == ["reversed"]  # and no overlap with the other one, which it would reach


def test_empty_counties_and_days_outside(bureau: Ledger) -> None:
    counties = [d.code for d in Divisions.of(bureau).counties()]
    found = places.listed(bureau, the_batch(bureau))
    empty = stay_notices.empty_counties(counties, found, "2022-09-01")
    assert empty == [c for c in counties if c != XIUWU]
    assert stay_notices.empty_counties(counties, found, "2024-01-01") == counties
    batch = the_batch(bureau)
    assert stay_notices.day_notice(batch, TO) == ""
    assert "不在服务期（2022-04-01 至 2023-03-31）内" in stay_notices.day_notice(batch, "2023-04-01")


def test_the_trail_tells_every_move_removed_stays_included(bureau: Ledger) -> None:
    batch = the_batch(bureau)
    assert moves.trail(bureau, place(bureau).id) == moves.Trail((), ())
    move(bureau, WEN, FROM)
    move(bureau, BOAI, "2022-10-01")
    second = place(bureau).assignments[1].id
    assignments.save(bureau, second, {"where": [BOAI, ["410822101"]], "new_recipients": ["演示农场"]})
    assignments.delete(bureau, second)
    trail = moves.trail(bureau, place(bureau).id)
    assert [(s.county, s.period, s.removed) for s in trail.stays] == [
        ("温县", "2022-04-01 至 2022-09-30", False),
        ("博爱县", "2022-10-01 至 2023-03-31", True),
    ]
    told = [m.lines for m in trail.moves]
    town = Divisions.of(bureau).name("410822101")
    assert told == [
        ("删除在博爱县的安排（2022-10-01 至 2023-03-31）",),
        (f"博爱县的乡镇：— → {town}", "博爱县的受援单位：— → 演示农场"),
        ("在温县到 2022-09-30 为止（原为 2023-03-31）", "安排到博爱县，2022-10-01 至 2023-03-31"),
        ("安排到温县，2022-04-01 至 2023-03-31",),
    ]
    assert {(m.actor, m.station) for m in trail.moves} == {("演示员", "演示科技局")}
    history.undo(bureau)
    again = moves.trail(bureau, place(bureau).id)
    assert again.moves[0].lines == ("恢复在博爱县的安排（2022-10-01 至 2023-03-31）",)
    assert not again.stays[1].removed and again.moves[0].label.startswith("撤销")
    move(bureau, XIUWU, "2022-10-01", "2022-省派-02")
    move(bureau, WEN, "2022-04-01", "2022-省派-02")
    other = moves.trail(bureau, place(bureau, "2022-省派-02").id)
    assert other.moves[0].lines == ("由修武县改为温县",)
    assert batch.id == the_batch(bureau).id


def test_who_may_move_and_who_may_fill_in() -> None:
    assert [assignments.may_move(r) for r in ("bureau", "county", "commissioner")] == [True, False, False]
    assert assignments.may_fill_in("bureau", None, WEN) and assignments.may_fill_in("county", WEN, WEN)
    assert not assignments.may_fill_in("county", WEN, BOAI)
    assert not assignments.may_fill_in("county", None, None)
    assert not assignments.may_fill_in("commissioner", WEN, WEN)
    assert "本县" in assignments.why_not("county") and "查看" in assignments.why_not("commissioner")
