"""The plan against the ledger: nobody doubled, near matches asked about, decisions, one operation, problems saved."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from commissioner_app import batches, divisions, history, people, places, tables, years
from commissioner_app.imports import grid, plan, shape
from commissioner_app.imports.grid import Sheet, Workbook
from commissioner_app.imports.plan import KEEP, OTHER, SAME_AS, SKIP, Action, Plan, PlanRow
from commissioner_app.imports.problems import save_problems
from commissioner_app.imports.roster import import_roster
from commissioner_app.ledgers import Ledger
from db.check import check
from db.entities import DELETED
from db.errors import Refused
from db.ledger import Draft

FARM = "河南农业大学"
HEAD = ["姓名", "单位", "类别", "手机", "职称"]
TEAM = "省中药材产业科技特派员服务团"
Make = Callable[..., Plan]


def listed(ledger: Ledger) -> list[places.PlaceRow]:
    return places.listed(ledger, batches.all_batches(ledger)[0])


def book(*rows: Sequence[object], head: Sequence[str] = HEAD) -> Workbook:
    return Workbook([Sheet("名单", [list(head), *map(list, rows)])], [], "演示.xlsx")


@pytest.fixture
def make(roster: Ledger) -> Make:
    def planned(
        *rows: Sequence[object], head: Sequence[str] = HEAD, decisions: dict[str, str] | None = None
    ) -> Plan:
        made = book(*rows, head=head)
        return plan.make(roster, made, shape.propose(made, plan.known_words(roster)), None, decisions)

    return planned


def one(made: Plan) -> PlanRow:
    (row,) = made.rows
    return row


def count(ledger: Ledger) -> int:
    with ledger.read() as c:
        return int(c.exec_driver_sql("SELECT count(*) FROM change").scalar_one())


def test_a_plan_writes_nothing_and_applying_it_is_one_operation(roster: Ledger, make: Make) -> None:
    before = count(roster)
    made = make(["演示甲", FARM, "校派", "13800000001", "教授"], ["演示乙", FARM, "校派", "", ""])
    assert count(roster) == before and [r.action for r in made.rows] == [Action.FILL] * 2 and made.writes
    assert [r.place for r in made.rows] == ["2022-校派-01", "2022-校派-02"]
    operations = len(history.operations(roster))
    assert plan.apply(roster, made).operation is not None and count(roster) > before
    assert len(history.operations(roster)) == operations + 1
    again = make(["演示甲", FARM, "校派", "13800000001", "教授"], ["演示乙", FARM, "校派", "", ""])
    assert [r.action for r in again.rows] == [Action.SAME] * 2 and not again.writes
    assert plan.apply(roster, again).operation is None
    history.undo(roster)
    assert not any(p.name for p in listed(roster))
    plan.apply(roster, make(["演示甲", FARM, "校派", "", ""]))
    assert [p.code for p in listed(roster) if p.name] == ["2022-校派-01"]
    assert not check(roster).faults


def test_fields_that_change_are_named(roster: Ledger, make: Make) -> None:
    plan.apply(roster, make(["演示甲", FARM, "校派", "13800000001", "讲师"]))
    row = one(make(["演示甲", FARM, "", "13800000001", "教授"]))
    assert row.action is Action.CHANGE and not row.fresh and row.place == "2022-校派-01"
    assert [(c.field, c.old, c.new) for c in row.changes] == [("职称", "讲师", "教授")]
    assert (
        one(make(["演示甲", FARM + "农学院", "", "", ""])).action is Action.SAME
    )  # part of the unit; empty says nothing


@pytest.mark.parametrize(
    ("row", "action"),
    [
        (["演示张三", FARM, "", "", ""], Action.SAME), (["演示张三", "", "", "13800000001", ""], Action.SAME),
        (["演示张三", "演示研究院", "", "13800000001", ""], Action.CHANGE), (["演示张三", "", "", "", ""], Action.SAME),
        (["演示张三", FARM, "校派", "13900000009", ""], Action.FILL), (["演示张三", "演示研究院", "", "", ""], Action.ASK),
        (["演示章三", FARM, "校派", "", ""], Action.ASK), (["演示李四", "演示研究院", "省派", "13800000001", ""], Action.ASK),
        (["演示章三", FARM, "校派", "13900000009", ""], Action.FILL), (["演示章三", "演示研究院", "省派", "", ""], Action.FILL),
        (["演示王五", FARM, "校派", "", ""], Action.FILL),
    ],
)  # fmt: skip
def test_who_is_known_asked_about_or_new(roster: Ledger, make: Make, row: list[str], action: Action) -> None:
    plan.apply(roster, make(["演示张三", FARM, "校派", "13800000001", ""]))
    found = one(make(row))
    assert found.action is action
    assert bool(found.candidates) == (action is Action.ASK) == bool(found.reason)
    assert found.fresh == (action is Action.FILL)


def test_names_written_nearly_alike_in_one_unit_are_asked_about(roster: Ledger, make: Make) -> None:
    plan.apply(
        roster,
        make(
            ["演示王小明", FARM, "校派", "", ""],
            ["演示单丽娟", FARM, "校派", "", ""],
            ["演示测试甲", FARM, "校派", "", ""],
        ),
    )
    for name, why in (("演示王小朋", "相近"), ("演示王晓明", "同音"), ("演示山丽娟", "同音")):
        row = one(make([name, FARM, "校派", "", ""]))
        assert (
            row.action is Action.ASK
            and why in row.candidates[0].why
            and row.candidates[0].place.startswith("2022-校派")
        )
    assert one(make(["演示测试乙", FARM, "校派", "", ""])).action is Action.FILL  # 甲 and 乙 tell two apart


def test_near_matches_are_only_sought_among_those_who_were_there_before(make: Make) -> None:
    made = make(["演示王小明", FARM, "校派", "", ""], ["演示王晓明", FARM, "校派", "", ""])
    assert [r.action for r in made.rows] == [Action.FILL] * 2


def test_rows_that_wait_say_nothing_of_others_and_a_new_unit_is_made_once(roster: Ledger, make: Make) -> None:
    plan.apply(roster, make(["演示王小明", FARM, "校派", "", ""]))
    made = make(
        ["演示王晓明", FARM, "", "", ""],
        ["演示王晓明", FARM, "", "", ""],
        ["演示甲", "演示所", "", "", ""],
        ["演示乙", "演示所", "", "", ""],
    )
    assert [r.action for r in made.rows[:2]] == [Action.ASK] * 2
    assert sum(d.entity == "organisation" for d in made.drafts) == 1


def test_decisions(roster: Ledger, make: Make) -> None:
    plan.apply(roster, make(["演示王小明", FARM, "校派", "", "讲师"]))
    made = make(["演示王晓明", FARM, "校派", "", "教授"])
    row = one(made)
    who = row.candidates[0].commissioner
    assert made.undecided == 1 and not made.writes and made.problems[0].row == 2
    same = one(plan.decide(roster, made, {row.key: SAME_AS + who}))
    assert [(c.field, c.new) for c in same.changes] == [("姓名", "演示王晓明"), ("职称", "教授")]
    kept = one(plan.decide(roster, made, {row.key: KEEP + who}))
    assert [(c.field, c.new) for c in kept.changes] == [("职称", "教授")] and kept.action is Action.CHANGE
    other = one(plan.decide(roster, made, {row.key: OTHER}))
    assert other.action is Action.FILL and other.fresh
    skipped = plan.decide(roster, made, {row.key: SKIP})
    assert one(skipped).action is Action.SKIP and not skipped.problems and not skipped.writes
    assert one(plan.decide(roster, skipped, {row.key: ""})).action is Action.ASK
    plan.apply(roster, plan.decide(roster, made, {row.key: SAME_AS + who}))
    assert [p.name for p in listed(roster) if p.name] == ["演示王晓明"]
    gone = one(plan.decide(roster, made, {row.key: SAME_AS + "nobody"}))
    assert gone.action is Action.PROBLEM


def test_two_rows_cannot_both_be_one_person(roster: Ledger, make: Make) -> None:
    plan.apply(roster, make(["演示王小明", FARM, "校派", "", ""]))
    made = make(["演示王晓明", FARM, "", "", ""], ["演示王小名", FARM, "", "", ""])
    who = made.rows[0].candidates[0].commissioner
    both = plan.decide(roster, made, {r.key: SAME_AS + who for r in made.rows})
    assert [r.action for r in both.rows] == [Action.CHANGE, Action.PROBLEM] and "第 2 行" in both.rows[
        1
    ].reason


def test_somebody_twice_in_the_list_is_read_once(make: Make) -> None:
    head = [*HEAD, "受援县"]
    made = make(
        ["演示甲", FARM, "校派", "", "", "温县"], ["演示甲", FARM, "校派", "", "", "温县"], ["演示甲", FARM, "校派", "", "", "修武县"],
        ["演示甲", "演示研究院", "省派", "", "", ""], head=head,
    )  # fmt: skip
    assert [r.action for r in made.rows] == [Action.FILL, Action.SAME, Action.PROBLEM, Action.FILL]
    assert "只读入一次" in made.rows[1].notes[0] and "受援县不同" in made.rows[2].reason
    other = plan.with_decisions(made.decisions, {made.rows[1].key: OTHER})
    assert (
        make(["演示甲", FARM, "校派", "", ""], ["演示甲", FARM, "校派", "", ""], decisions=other)
        .rows[1]
        .fresh
    )


def test_people_of_last_year_are_matched_not_doubled(roster: Ledger, make: Make) -> None:
    plan.apply(roster, make(["演示甲", FARM, "校派", "13800000001", ""]))
    batches.create(roster, 2023)
    row = one(make(["演示甲", FARM, "校派", "13800000001", ""]))
    assert row.action is Action.NEW_PLACE and not row.fresh and row.place == "2023-校派-01"
    assert one(make(["演示甲", "演示研究院", "校派", "", ""])).action is Action.ASK
    plan.apply(roster, make(["演示甲", FARM, "校派", "13800000001", ""]))
    with roster.read() as c:
        assert c.exec_driver_sql("SELECT count(*) FROM commissioner").scalar() == 1


def test_somebody_who_has_left_is_not_put_back(roster: Ledger, make: Make) -> None:
    plan.apply(roster, make(["演示甲", FARM, "校派", "", ""]))
    place = next(p for p in listed(roster) if p.name)
    people.change_person(roster, place.id, "2022-06-01", name="演示乙")
    row = one(make(["演示甲", FARM, "校派", "", ""]))
    assert row.action is Action.SAME and "已经离任" in row.notes[0]


def test_whoever_follows_begins_the_day_after(roster: Ledger, make: Make) -> None:
    plan.apply(roster, make(["演示甲", FARM, "校派", "", ""]))
    place = next(p for p in listed(roster) if p.name)
    tenure = {"period": [None, "2022-05-31"]}
    roster.write("离任", [Draft("appointment_person", place.people[0].tenure, "update", tenure)])
    head = ["名额编号", "姓名", "单位"]
    plan.apply(roster, make([place.code, "演示乙", FARM], head=head))
    held = next(p for p in listed(roster) if p.id == place.id).people
    assert [(h.name, h.held_from, h.held_to) for h in held] == [
        ("演示甲", None, "2022-05-31"),
        ("演示乙", "2022-06-01", None),
    ]


# -- places --------------------------------------------------------------------------------------------


def test_codes_go_before_open_places(roster: Ledger, make: Make) -> None:
    head = ["名额编号", "姓名", "单位", "类别"]
    made = make(
        ["", "演示甲", FARM, "校派"],
        ["2022-校派-01", "演示乙", FARM, ""],
        ["2022-校派-01", "演示丙", FARM, ""],
        head=head,
    )
    assert [(r.action, r.place) for r in made.rows] == [
        (Action.FILL, "2022-校派-02"), (Action.FILL, "2022-校派-01"), (Action.PROBLEM, ""),
    ]  # fmt: skip
    plan.apply(roster, made)
    row = one(make(["2022-校派-01", "演示其他人", "", ""], head=head))
    assert row.action is Action.PROBLEM and "换人" in row.reason
    assert one(make(["2022-校派-02", "演示乙", FARM, ""], head=head)).action is Action.PROBLEM
    assert one(make(["2022-校派-09", "", FARM, ""], head=head)).reason == "台账里没有名额“2022-校派-09”。"


def test_open_places_of_category_sender_team_and_county_are_filled(make: Make) -> None:
    head = ["姓名", "单位", "类别", "服务团", "受援县"]
    made = make(
        ["演示甲", "河南师范大学", "", TEAM, ""], ["演示乙", "演示研究院", "省派", "", "温县"], ["演示丙", FARM, "", "", "博爱县"],
        ["演示丁", "演示研究院", "", "", ""], ["演示戊", FARM, "校派", "", "沁阳市"], head=head,
    )  # fmt: skip
    assert [r.place[:7] for r in made.rows] == [
        "2022-团-",
        "2022-省派",
        "2022-校派",
        "2022-省派",
        "2022-校派",
    ]
    assert [r.action.value for r in made.rows] == [
        "fill",
        "fill",
        "fill",
        "fill",
        "place",
    ]  # 校派 serve three counties only


def test_a_county_that_disagrees_is_a_problem_and_nothing_of_the_row_is_written(
    roster: Ledger, make: Make
) -> None:
    head = ["姓名", "单位", "类别", "受援县", "职称"]
    plan.apply(roster, make(["演示甲", FARM, "校派", "温县", "讲师"], head=head))
    row = one(make(["演示甲", FARM, "校派", "修武县", "教授"], head=head))
    assert row.action is Action.PROBLEM and "受援县安排" in row.reason and not row.drafts


def test_townships_periods_and_candidates(roster: Ledger, make: Make) -> None:
    head = ["姓名", "单位", "类别", "服务县", "派驻时间"]
    made = make(
        ["演示甲", FARM, "校派", "温县祥云镇", "2022年5月—2023年1月"], ["演示乙", FARM, "校派", "修武县、温县", ""],
        ["演示丙", FARM, "校派", "待安排", "2022.4"], ["演示丁", FARM, "校派", "温县（待安排）", "长期"], head=head,
    )  # fmt: skip
    assert (
        made.rows[2].notes == ("服务期限没有写入：没有受援县。",) and "服务期限“长期”" in made.rows[3].reason
    )
    plan.apply(roster, made)
    found = {p.name: p for p in listed(roster) if p.name}
    (stay,) = found["演示甲"].assignments
    assert (stay.county, stay.assigned_from, stay.assigned_to) == ("410825", "2022-05-01", "2023-01-31")
    assert [divisions.Divisions.of(roster).name(t) for t in stay.townships] == ["祥云镇"]
    assert set(found["演示乙"].candidate_counties) == {"410821", "410825"} and not found["演示乙"].assignments
    assert not found["演示丙"].assignments


def test_several_people_of_a_row_share_or_have_their_own(make: Make) -> None:
    head = ["姓名", "单位", "专业", "受援县", "备注"]
    made = make(
        ["演示甲\n演示乙", FARM, "小麦\n玉米", "温县\n修武县", "同一课题组"], ["演示丙、演示丁", FARM, "小麦、玉米", "温县", ""],
        ["演示戊、演示己", FARM, "", "温县、修武县", ""], ["演示庚、演示辛", f"{FARM}、演示研究院", "", "", ""], head=head,
    )  # fmt: skip
    assert [(r.row, r.part, r.name, r.values.get("专业"), r.county, r.values.get("备注")) for r in made.rows[:4]] == [
        (2, 0, "演示甲", "小麦", "温县", "同一课题组"), (2, 1, "演示乙", "玉米", "修武县", "同一课题组"),
        (3, 0, "演示丙", "小麦、玉米", "温县", None), (3, 1, "演示丁", "小麦、玉米", "温县", None),
    ]  # fmt: skip
    assert made.rows[4].action is Action.PROBLEM and "无法确定各自去哪里" in made.rows[4].reason
    assert [r.values["派出单位"] for r in made.rows[5:]] == [FARM, "演示研究院"]


def test_what_was_deleted_comes_back_with_the_list(roster: Ledger, make: Make) -> None:
    head = ["名额编号", "姓名", "单位", "类别", "服务团", "受援县"]
    row = ["演示-1", "演示甲", "演示研究所", "演示类别", "演示服务团", "温县"]
    plan.apply(roster, make(row, head=head))
    (place,) = (p for p in listed(roster) if p.name)
    gone = [("assignment", place.assignments[0].id), ("appointment_person", place.people[0].tenure), ("appointment", place.id),
            ("commissioner", place.commissioner), ("team", place.team), ("category", place.category), ("organisation", place.organisation)]  # fmt: skip
    roster.write("删除", [Draft(e, r, "delete", {DELETED: True}) for e, r in gone if r])
    assert not any(p.name for p in listed(roster))
    plan.apply(roster, make(row, head=head))
    (back,) = (p for p in listed(roster) if p.name)
    assert (back.code, back.category_name, back.team_name, back.organisation_name) == (
        "演示-1",
        *row[3:5],
        row[2],
    )
    assert [a.county for a in back.assignments] == ["410825"] and not check(roster).faults


def test_the_leader_of_a_team(roster: Ledger, make: Make) -> None:
    head = ["姓名", "单位", "类别"]
    made = make(
        ["演示乙（副团长）", "河南师范大学", "服务团成员"],
        ["演示甲（团长）", "河南师范大学", "服务团成员"],
        ["演示丙（团长）", "河南师范大学", "服务团成员"],
        head=head,
    )
    plan.apply(roster, made)
    with roster.read() as c:
        leader = c.exec_driver_sql("SELECT leader FROM team").scalar()
    assert next(p.name for p in listed(roster) if p.id == leader) == "演示甲" and made.rows[2].notes


def test_new_categories_and_teams_only_where_a_row_needs_them(roster: Ledger, make: Make) -> None:
    head = ["姓名", "单位", "类别", "服务团", "手机"]
    made = make(
        ["演示甲", FARM, "县选省资助", "演示小麦服务团", ""],
        ["演示乙", FARM, "坏类别", "坏服务团", "12"],
        head=head,
    )
    plan.apply(roster, made)
    with roster.read() as c:
        names = {r[0] for r in c.exec_driver_sql("SELECT name FROM category UNION SELECT name FROM team")}
    assert {"县选省资助", "演示小麦服务团"} <= names and not names & {"坏类别", "坏服务团"}


# -- writing -------------------------------------------------------------------------------------------


def test_a_ledger_that_has_gone_on_is_not_overwritten_unseen(roster: Ledger, make: Make) -> None:
    made = make(["演示甲", FARM, "校派", "", ""])
    plan.apply(roster, make(["演示乙", FARM, "校派", "", ""]))
    before = count(roster)
    with pytest.raises(Refused, match=r"有了变动.*。$"):
        plan.apply(roster, made)
    assert count(roster) == before
    fresh = plan.make(roster, made.book, made.proposals, made.year, made.decisions)
    assert plan.apply(roster, fresh).operation


def test_what_was_not_written_is_saved_as_a_table_that_can_be_imported(
    roster: Ledger, tmp_path: Path
) -> None:
    made = Workbook(
        [Sheet("甲", [["姓名", "单位", "手机"], ["演示甲", FARM, "12"], ["演示乙", FARM, ""]]),
         Sheet("乙", [["单位", "姓名", "原因"], [FARM, "演示丙、演示丁等5人", "演示"]]), Sheet("丙", [["演示说明"]])], ["旧"], "演示.xlsx",
    )  # fmt: skip
    found = plan.make(roster, made, shape.propose(made))
    assert save_problems(found, tmp_path / "p.csv") == save_problems(found, tmp_path / "p.xlsx") == 4
    with open(tmp_path / "p.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["工作表", "行", "原因", "姓名", "单位", "手机", "原因（第 3 列）"]
    assert [r[:2] for r in rows[1:]] == [["旧", "—"], ["丙", "—"], ["甲", "2"], ["乙", "2"]]
    assert rows[3][3:6] == ["演示甲", FARM, "12"] and rows[4][3:] == ["演示丙、演示丁等5人", FARM, "", "演示"]
    assert [tables.text(c) for c in tables.read(tmp_path / "p.xlsx").sheets[0].rows[3]][:4] == [
        "甲",
        "2",
        rows[3][2],
        "演示甲",
    ]


def test_columns_that_are_not_read_are_named(roster: Ledger, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("姓名,单位,身高,空\n演示甲,河南农业大学,180,\n", "utf-8")
    assert import_roster(roster, tmp_path / "a.csv", dry_run=True).as_dict()["ignored"] == ["身高"]


def test_a_proposal_that_was_changed_is_what_is_planned(roster: Ledger) -> None:
    made = book(["演示甲", FARM, "13800000001"], ["演示乙", FARM, ""], head=["姓名", "单位", "备用"])
    (found,) = shape.propose(made)
    changed = shape.with_columns(found, {**found.columns, 2: "联系电话"})
    assert plan.make(roster, made, [changed]).rows[0].values["联系电话"] == "13800000001"
    noted = shape.with_kind(changed, 2, shape.Kind.NOTE)
    assert len(plan.make(roster, made, [noted]).rows) == 1
    with pytest.raises(Refused, match="没有“姓名”列"):
        plan.make(roster, made, [shape.with_columns(found, {1: "派出单位"})])
    with pytest.raises(Refused, match="没有一行人员"):
        plan.make(roster, made, [shape.with_included(found, False)])


def test_without_a_batch_nothing_is_imported(make_ledger: Callable[..., Ledger]) -> None:
    made = grid.pasted("姓名\t单位\n演示甲\tx")
    with pytest.raises(Refused, match="选派批次"):
        plan.make(make_ledger(), made, shape.propose(made))


def test_ditto_marks_stand_for_what_is_above_them(make: Make) -> None:
    head = ["姓名", "单位", "受援县", "职称"]
    made = make(
        ["演示甲", FARM, "温县", "教授"],
        ["演示乙", "同上", "〃", "同上"],
        ["演示丙", "〃", "修武县", '"'],
        head=head,
    )
    told = [(r.values["派出单位"], r.county, r.values["职称"]) for r in made.rows]
    assert told == [(FARM, "温县", "教授"), (FARM, "温县", "教授"), (FARM, "修武县", "教授")]


@pytest.mark.parametrize(
    ("told", "county"),
    [("示范区", "焦作城乡一体化示范区"), ("城乡一体化示范区", "焦作城乡一体化示范区"), ("市示范区", "焦作城乡一体化示范区"),
     ("温县（祥云镇）", "温县"), ("温县(祥云镇、黄庄镇)", "温县")],
)  # fmt: skip
def test_counties_as_offices_write_them(make: Make, told: str, county: str) -> None:
    assert one(make(["演示甲", FARM, told], head=["姓名", "单位", "受援县"])).county.startswith(county)


def test_a_county_without_anybody_does_not_hold_up_the_others(roster: Ledger) -> None:
    rows = [["姓名", "单位"], ["演示甲", FARM]]
    two = Workbook([Sheet("温县", rows), Sheet("博爱县", rows[:1])], [], "演示.xlsx")
    proposals = shape.propose(two, plan.known_words(roster))
    assert [p.included for p in proposals] == [True, False] and "博爱县" in proposals[1].reason


def test_an_empty_column_parts_two_lists_side_by_side(make: Make) -> None:
    half = ["姓名", "单位", "电话"]
    made = make(["演示甲", FARM, "13800000001", None, "演示乙", FARM, "13800000002"], head=[*half, "", *half])
    assert {r.name for r in made.rows} == {"演示甲", "演示乙"}


@pytest.mark.parametrize(
    ("title", "year"),
    [("焦作市2023年度科技特派员名单", 2023), ("2022年科技特派员名单　填报日期：2023年5月6日", 2022), ("填报日期：2023年5月6日", None),
     ("2022—2023年度科技特派员名单", None), ("科技特派员名单", None)],
)  # fmt: skip
def test_the_year_in_the_title(roster: Ledger, title: str, year: int | None) -> None:
    made = Workbook([Sheet("名单", [[title], HEAD, ["演示甲", FARM, "省派", "", ""]])], [], "演示.xlsx")
    proposals = shape.propose(made, plan.known_words(roster))
    assert shape.told_year(proposals) == year
    told = [p.message for p in plan.make(roster, made, proposals).problems]
    assert any("请核对年度" in m for m in told) == (year == 2023)


def test_last_years_list_goes_into_last_years_batch(roster: Ledger, tmp_path: Path) -> None:
    years.create(roster, years.proposed(roster))
    book_ = openpyxl.Workbook()
    for row in (["焦作市2022年度科技特派员名单"], HEAD, ["演示补", FARM, "省派", "13800000099", ""]):
        book_.active.append(row)
    book_.save(tmp_path / "名单.xlsx")
    result = import_roster(roster, tmp_path / "名单.xlsx")
    assert (result.created, result.problems) == (1, [])
    where = {b.year: {p.name for p in places.listed(roster, b)} for b in batches.all_batches(roster)}
    assert "演示补" in where[2022] and "演示补" not in where[2023]
