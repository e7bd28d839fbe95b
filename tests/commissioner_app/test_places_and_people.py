"""A place and its person saved together, 换人, and what a form checks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commissioner_app import assignments, batches, history, ledgers, people, pinyin, places
from commissioner_app.errors import Refused
from commissioner_app.ledgers import Ledger


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.create(
        tmp_path / "a.ktledger", ledgers.NewLedger("bureau", "", "演示科技局", "演示员", roster="2022")
    )
    yield made
    made.close()


def place(ledger: Ledger, code: str, on: str | None = None):
    return next(p for p in places.listed(ledger, batches.all_batches(ledger)[0], on) if p.code == code)


def test_place_and_person_are_one_operation_and_one_undo(bureau):
    found = place(bureau, "2022-省派-01")
    people.save_entry(
        bureau,
        found.id,
        place_values={"organisation_name": "演示大学", "funding": "演示经费"},
        person_values={"name": "演示 甲", "organisation_name": "演示大学", "birth_month": "1980年5月"},
    )
    now = place(bureau, "2022-省派-01")
    assert (now.name, now.organisation_name, now.funding) == ("演示甲", "演示大学", "演示经费")
    assert people.person(bureau, now.commissioner)["birth_month"] == "1980-05"
    assert people.organisation_names(bureau).count("演示大学") == 1
    history.undo(bureau)
    back = place(bureau, "2022-省派-01")
    assert back.commissioner is None and back.organisation_name == "" and back.funding == found.funding


def test_whoever_comes_after_somebody_left_begins_the_day_after(bureau):
    found = place(bureau, "2022-省派-01")
    people.save_entry(bureau, found.id, person_values={"name": "演示甲"})
    people.change_person(bureau, found.id, "2022-10-01", name="演示乙")
    with pytest.raises(Refused, match="要晚于"):
        people.change_person(bureau, found.id, "2022-10-01", name="演示丙")
    assert place(bureau, "2022-省派-01", "2022-09-30").name == "演示甲"
    assert place(bureau, "2022-省派-01", "2022-10-01").name == "演示乙"
    assert [each.name for each in people.spare(bureau)] == ["演示甲"]
    tenure = place(bureau, "2022-省派-01").people[-1].tenure
    people.leave_place(bureau, tenure)
    known = next(each for each in people.spare(bureau) if each.name == "演示乙")
    people.save_entry(bureau, found.id, commissioner=known.id, joins=True)
    assert place(bureau, "2022-省派-01").people[-1].held_from == "2022-10-01"
    labels = [step.label for step in history.place_history(bureau, found.id)]
    assert "换人：演示乙" in labels and "移出名额" in labels


def test_several_stays_are_changed_in_one_operation(bureau):
    batch = batches.all_batches(bureau)[0]
    found = place(bureau, "2022-省派-01")
    assignments.move(bureau, batch, [found], "410825", "2022-04-01")
    assignments.move(bureau, batch, [place(bureau, found.code)], "410822", "2022-10-01")
    first, second = place(bureau, found.code).assignments
    outcome = assignments.save_many(
        bureau, {first.id: ({"remark": "演示一"}, None), second.id: ({"remark": "演示二"}, None)}
    )
    assert set(outcome.records["assignment"]) == {first.id, second.id}
    assert [a.remark for a in place(bureau, found.code).assignments] == ["演示一", "演示二"]
    with pytest.raises(Refused, match="早于"):
        assignments.save(bureau, first.id, {"period": ["2022-05-01", "2022-04-01"]})
    steps = history.stays_history(bureau, found.id)
    assert any(s.old == "2022-04-01 至 2023-03-31" and s.new == "2022-04-01 至 2022-09-30" for s in steps)


@pytest.mark.parametrize(
    ("typed", "stored", "good"),
    [
        ("1980.5", "1980-05", True),
        ("198005", "1980-05", True),
        ("1980-13", "1980-13", False),
        ("85年", "85年", False),
    ],
)
def test_month_of_birth(typed, stored, good):
    assert people.birth_month(typed) == stored
    assert (people.birth_month_problem(typed) == "") is good


def test_mail_and_pinyin():
    assert people.email_problem("a@example.cn") == "" and people.email_problem("a@b") != ""
    assert pinyin.initials("张三丰") == "zsf"
    assert pinyin.found("zsf wx", "张三丰", "温县") and not pinyin.found("zsx", "张三丰")
