"""考核要求: what is demanded, how far somebody has got, who is behind, who is silent."""

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commissioner_app import batches, ledgers, obligations, places, visits
from commissioner_app.ledgers import Ledger
from commissioner_app.periods import Period
from db.errors import Refused
from db.ledger import Draft
from tests.commissioner_app.doubts.conftest import log, office_file

__all__ = ["log", "office_file"]

NOW = "2022-09-30"  # 183 of the 275 days of the evaluation period: 66.5 %


@pytest.fixture
def ledger(office_file: Path, tmp_path: Path) -> Iterator[Ledger]:
    path = tmp_path / "o.ktledger"
    shutil.copyfile(office_file, path)
    opened = ledgers.open_ledger(path)
    yield opened
    opened.close()


def state(ledger: Ledger, visit: str, to: str) -> None:
    ledger.write("审核", [Draft("visit", visit, "update", {"review": [to, None, None, None]})])


def of(ledger: Ledger, name: str, today: str = NOW) -> obligations.Progress:
    batch = batches.all_batches(ledger)[0]
    return next(p for p in obligations.progress(ledger, batch, today) if p.place.name == name)


def test_no_rule_set_by_default(ledger: Ledger, log: Callable) -> None:
    batch = batches.all_batches(ledger)[0]
    assert batch.rule_set == "" and not obligations.problem(batch)
    state(ledger, log(), "submitted")
    found = of(ledger, "演示甲")
    assert (found.rule_set, found.done, found.behind, found.sentence) == (
        None,
        None,
        False,
        "已服务 1 次、1 天。",
    )
    assert len(obligations.progress(ledger, batch, NOW)) == 38


def test_the_rule_sets_say_what_the_notices_say() -> None:
    henan, other = obligations.rule_sets()
    assert (henan.id, henan.visits, henan.half_days, henan.text) == ("henan-2024", 12, 60, "12 次或 30 天")
    assert (other.id, other.visits, other.half_days, other.least_half_days) == (
        "shijiazhuang-2023",
        12,
        None,
        2,
    )
    assert all(r.source and r.note for r in obligations.rule_sets())


def test_chosen_for_a_batch_and_named(ledger: Ledger) -> None:
    batch = batches.all_batches(ledger)[0]
    with pytest.raises(Refused):
        obligations.choose(ledger, batch.id, "henan-2031")
    outcome = obligations.choose(ledger, batch.id, "henan-2024")
    assert batches.all_batches(ledger)[0].rule_set == "henan-2024"
    found = of(ledger, "演示甲").rule_set
    assert found and found.name.startswith("河南省 2024 年度")
    obligations.choose(ledger, batch.id, None)
    assert not batches.all_batches(ledger)[0].rule_set
    assert outcome.operation
    newer = dataclasses.replace(batch, rule_set="henan-2031")
    assert (
        "请升级" in obligations.problem(newer)
        and obligations.progress(ledger, newer, NOW)[0].rule_set is None
    )


def test_either_suffices_and_behind_is_below_both(ledger: Ledger, log: Callable) -> None:
    obligations.choose(ledger, batches.all_batches(ledger)[0].id, "henan-2024")
    found = of(ledger, "演示甲")
    assert (found.expected_visits, found.expected_half_days, found.behind) == (7, 39, True)
    assert found.sentence == "已服务 0 次、0 天，要求 12 次或 30 天；按进度应有 7 次或 19.5 天。"
    for n in range(7):
        state(ledger, log(day=f"2022-05-{n + 10}", half=1), "passed" if n % 2 else "submitted")
    found = of(ledger, "演示甲")
    assert (found.visits, found.half_days, found.behind) == (7, 7, False)
    assert found.done == pytest.approx(7 / 12)
    assert of(ledger, "演示甲", "2022-12-31").behind
    state(ledger, log("演示乙", day="2022-07-01", end="2022-07-20", half=39), "submitted")
    assert not of(ledger, "演示乙").behind and of(ledger, "演示乙", "2022-10-05").behind
    state(ledger, log("演示乙", day="2022-08-01", end="2022-08-20", half=21), "submitted")
    found = of(ledger, "演示乙", "2022-12-31")
    assert (found.done, found.behind) == (1.0, False)
    assert found.sentence == "已服务 2 次、30 天，要求 12 次或 30 天，已达到。"


def test_nobody_is_behind_on_the_first_days_and_before(ledger: Ledger) -> None:
    obligations.choose(ledger, batches.all_batches(ledger)[0].id, "henan-2024")
    for day in ("2022-01-01", "2022-04-01", "2022-04-04"):
        assert not of(ledger, "演示甲", day).behind
    assert not of(ledger, "演示甲", "2022-04-10").behind  # half a day is expected, no visit yet
    assert of(ledger, "演示甲", "2022-04-30").behind
    assert not any(
        p.behind
        for p in obligations.progress(ledger, batches.all_batches(ledger)[0], NOW)
        if not p.place.name
    )


def test_what_counts(ledger: Ledger, log: Callable) -> None:
    batch = batches.all_batches(ledger)[0]
    obligations.choose(ledger, batch.id, "henan-2024")
    log(day="2022-05-10")  # a draft
    state(ledger, log(day="2022-05-11"), "returned")
    state(ledger, log(day="2022-03-31"), "passed")
    state(ledger, log(day="2023-01-01"), "passed")
    gone = log(day="2022-05-12")
    state(ledger, gone, "passed")
    visits.delete(ledger, [gone])
    state(ledger, log(day="2022-05-13", ways=["远程指导"]), "passed")
    state(ledger, log("演示甲、演示乙", day="2022-05-14", ways=["远程指导", "现场指导"], half=1), "passed")
    found = of(ledger, "演示甲")
    assert (found.visits, found.half_days, found.left_out, found.last) == (1, 1, 1, "2022-05-14")
    assert found.sentence.startswith("已服务 1 次、0.5 天（另有 1 次不计入），要求")
    assert of(ledger, "演示乙").visits == 1
    obligations.choose(ledger, batch.id, "shijiazhuang-2023")
    found = of(ledger, "演示甲")
    assert (found.visits, found.left_out, found.expected_half_days) == (0, 2, None)
    assert found.sentence.endswith("要求 12 次；按进度应有 7 次。")


def test_a_visit_changed_after_its_review_still_counts(ledger: Ledger, log: Callable) -> None:
    visit = log(day="2022-05-10")
    state(ledger, visit, "passed")
    ledger.write("改", [Draft("visit", visit, "update", {"content": "另写"})])
    assert of(ledger, "演示甲").visits == 1


def test_members_of_a_team_are_held_against_nothing(ledger: Ledger) -> None:
    batch = batches.all_batches(ledger)[0]
    obligations.choose(ledger, batch.id, "henan-2024")
    member = next(p for p in places.listed(ledger, batch) if p.team)
    from commissioner_app.people import save_person

    save_person(ledger, None, {"name": "演示团员"}, place=member.id)
    found = of(ledger, "演示团员")
    assert (found.rule_set, found.done, found.behind) == (None, None, False)
    assert found.sentence == "已服务 0 次、0 天；服务团另有要求，本程序没有其数字，不作比较。"


def test_a_place_that_has_changed_hands_tells_who_did_what(ledger: Ledger, log: Callable) -> None:
    state(ledger, log(day="2022-05-10"), "passed")
    place = of(ledger, "演示甲").place
    from commissioner_app.people import save_person

    other = save_person(ledger, None, {"name": "演示接任"}).records["commissioner"][0]
    tenure = place.people[0].tenure
    ledger.write("换人", [
        Draft("appointment_person", tenure, "update", {"period": [None, "2022-06-30"]}),
        Draft("appointment_person", "next", "insert", {"appointment": place.id, "commissioner": other, "period": ["2022-07-01", None]}),
    ])  # fmt: skip
    visit = log(day="2022-08-01", half=1)
    ledger.write("谁", [Draft("visit", visit, "update", {"who": [[place.id, other]]})])
    state(ledger, visit, "passed")
    found = of(ledger, "演示接任")
    assert [(p.name, p.visits, p.half_days) for p in found.people] == [("演示甲", 1, 2), ("演示接任", 1, 1)]
    assert (found.visits, found.half_days) == (2, 3)


def test_silent_for_thirty_days(ledger: Ledger, log: Callable) -> None:
    assert not of(ledger, "演示甲", "2022-04-30").silent and of(ledger, "演示甲", "2022-05-01").silent
    state(ledger, log(day="2022-08-31"), "passed")
    assert not of(ledger, "演示甲", "2022-09-30").silent and of(ledger, "演示甲", "2022-10-01").silent
    assert obligations.silent_before(Period("2022-04-01", "2022-12-31"), "2023-06-01") == "2022-12-01"
    assert obligations.silent_before(Period("2022-04-01", "2022-12-31"), "2022-03-01") is None


def test_the_share_of_a_period_that_has_passed() -> None:
    period = Period("2022-04-01", "2022-04-10")
    days = ("2022-03-31", "2022-04-01", "2022-04-05", "2022-04-10", "2022-04-11")
    assert [obligations.elapsed(period, d) for d in days] == [0, 0.1, 0.5, 1, 1]
