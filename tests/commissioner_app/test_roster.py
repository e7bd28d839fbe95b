"""The roster: what ships, people and places, import of a list."""

import csv
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import resources
from commissioner_app import assignments, batches, history, ledgers, people, places, statistics
from commissioner_app.imports.roster import import_roster
from commissioner_app.ledgers import Ledger, NewLedger
from db.check import check
from db.errors import Refused
from db.shipped import bring_roster

# Released files are never edited; a correction ships as a new file.
RELEASED = {"roster/2022.json": "3b7b46cc3196f36f051ece856a7565b6b8201d8a54a0e7e7d015e38a17b554a8"}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.create(tmp_path / "l.ktledger", NewLedger("bureau", roster="2022", actor="演示员"))
    yield made
    made.close()


def listed(ledger: Ledger) -> list[places.PlaceRow]:
    return places.listed(ledger, batches.all_batches(ledger)[0])


def write(path: Path, *rows: list[str]) -> Path:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_released_files_are_as_they_were_released() -> None:
    for name, expected in RELEASED.items():
        assert hashlib.sha256(resources.path(name).read_bytes()).hexdigest() == expected


def test_the_places_of_2022(ledger: Ledger) -> None:
    found = listed(ledger)
    kinds = {k: [p for p in found if p.category_name == k] for k in ("服务团成员", "省派", "校派")}
    assert [len(v) for v in kinds.values()] == [18, 16, 4]
    assert all(p.commissioner is None for p in found)
    assert {p.team_name for p in kinds["服务团成员"]} == {"省中药材产业科技特派员服务团"}
    assert all([a.county for a in p.assignments] == ["410821"] for p in kinds["服务团成员"])
    assert {p.organisation_name for p in kinds["校派"]} == {"河南农业大学"}
    assert all(
        set(p.candidate_counties) == {"410821", "410822", "410825"} and not p.assignments
        for p in kinds["校派"]
    )
    assert {p.organisation_name for p in kinds["省派"]} == {""}
    assert not check(ledger).faults


def test_two_ledgers_made_apart_hold_the_same_38_places(tmp_path: Path, ledger: Ledger) -> None:
    other = ledgers.create(tmp_path / "o.ktledger", NewLedger("county", "温县", roster="2022"))
    assert [p.id for p in listed(other)] == [p.id for p in listed(ledger)]
    bring_roster(other, "2022")
    assert len(listed(other)) == 38
    other.close()


def test_a_list_fills_open_places_and_doubles_nobody(ledger: Ledger, tmp_path: Path) -> None:
    table = write(
        tmp_path / "名单.csv",
        ["焦作市2022年度科技特派员名单"],
        ["序号", "姓名", "工作单位", "类别", "服务县"],
        ["一、产业科技特派员服务团"],
        ["1", "张　三", "河南师范大学", "", ""],
        ["二、校派科技特派员"],
        ["2", "李四", "河南农业大学", "", "温县"],
        ["3", "王五", "河南农业大学", "", "火星县"],
        ["4", "", "河南农业大学", "", ""],
        ["合计", "4"],
    )
    result = import_roster(ledger, table)
    assert (result.rows, result.created) == (4, 2)
    assert [p.row for p in result.problems] == [7, 8]
    found = {p.name: p for p in listed(ledger) if p.name}
    assert found["张三"].category_name == "服务团成员" and found["李四"].category_name == "校派"
    assert found["李四"].counties("2022-09-01") == ["410825"]
    assert len(listed(ledger)) == 38
    assert import_roster(ledger, table).unchanged == 2
    history.undo(ledger)
    assert not any(p.name for p in listed(ledger))


def test_only_when_no_open_place_is_left_a_new_one_is_made(ledger: Ledger, tmp_path: Path) -> None:
    rows = [[f"演示{chr(0x4E00 + n)}", "河南农业大学", "校派"] for n in range(5)]
    import_roster(ledger, write(tmp_path / "l.csv", ["姓名", "工作单位", "类别"], *rows))
    found = listed(ledger)
    assert len(found) == 39 and found[-1].code == "2022-校派-05"


def test_a_person_of_the_same_name_with_another_phone_is_another_person(
    ledger: Ledger, tmp_path: Path
) -> None:
    head = ["姓名", "派出单位", "类别", "联系电话"]
    import_roster(ledger, write(tmp_path / "a.csv", head, ["演示甲", "河南农业大学", "校派", "13800000001"]))
    result = import_roster(
        ledger, write(tmp_path / "b.csv", head, ["演示甲", "河南农业大学", "校派", "13800000002"])
    )
    assert result.created == 1
    assert len([p for p in listed(ledger) if p.name == "演示甲"]) == 2


def test_a_change_of_person_keeps_both_and_the_visits(ledger: Ledger) -> None:
    place = listed(ledger)[0]
    first = people.save_person(ledger, None, {"name": "演示甲"}, place=place.id).records["commissioner"][0]
    second = people.save_person(ledger, None, {"name": "演示乙"}).records["commissioner"][0]
    people.change_person(ledger, place.id, "2022-09-01", commissioner=second)
    with ledger.read() as c:
        from db.queries.roster import places as read

        before = next(p for p in read(c, place.batch, "2022-08-31") if p.id == place.id)
        after = next(p for p in read(c, place.batch, "2022-09-01") if p.id == place.id)
    assert (before.commissioner, after.commissioner) == (first, second)


def test_moves_between_counties_keep_their_history(ledger: Ledger) -> None:
    batch = batches.all_batches(ledger)[0]
    place = listed(ledger)[0]
    assignments.move(ledger, batch, [place], "410825", "2022-10-01")
    moved = listed(ledger)[0]
    assert [(a.county, a.assigned_from, a.assigned_to) for a in moved.assignments] == [
        ("410821", "2022-04-01", "2022-09-30"), ("410825", "2022-10-01", "2023-03-31"),
    ]  # fmt: skip
    assert moved.counties("2022-09-30") == ["410821"] and moved.counties("2022-10-01") == ["410825"]
    history.undo(ledger)
    assert listed(ledger)[0].counties("2022-12-01") == ["410821"]


@pytest.mark.parametrize(
    ("number", "good"),
    [("11010519491231002X", True), ("110105194912310021", False), ("123", False), ("", True)],
)
def test_id_numbers_by_gb_11643(number: str, good: bool) -> None:
    assert (people.id_number_problem(number) == "") is good


def test_personal_data_is_masked() -> None:
    assert people.mask_phone("13812341234") == "138****1234"
    assert people.mask_id("11010519491231002X") == "1101**********002X"


def test_what_is_refused_changes_nothing(ledger: Ledger) -> None:
    place = listed(ledger)[0]
    tries: list[Callable[[], object]] = [
        lambda: people.save_person(ledger, None, {"name": ""}, place=place.id),
        lambda: people.save_person(ledger, None, {"name": "甲", "phone": "12"}, place=place.id),
        lambda: people.save_person(ledger, None, {"name": "甲", "id_number": "1"}, place=place.id),
        lambda: batches.save(ledger, place.batch, {"service_period": ["2022-09-01", "2022-01-01"]}),
        lambda: statistics.resolve_scope(ledger, None, county="火星"),
    ]
    with ledger.read() as c:
        before = c.exec_driver_sql("SELECT count(*) FROM change").scalar()
    for attempt in tries:
        with pytest.raises(Refused, match=r"。$"):
            attempt()
    with ledger.read() as c:
        assert c.exec_driver_sql("SELECT count(*) FROM change").scalar() == before


def test_undo_and_redo_go_up_and_down_like_a_stack(ledger: Ledger) -> None:
    place = listed(ledger)[0]
    person = people.save_person(ledger, None, {"name": "演示甲"}, place=place.id).records["commissioner"][0]
    people.save_person(ledger, person, {"title": "教授"})
    people.save_person(ledger, person, {"title": "研究员"})

    def title() -> str | None:
        return people.person(ledger, person).get("title")

    history.undo(ledger)
    assert title() == "教授"
    history.undo(ledger)
    assert title() is None
    history.undo(ledger)
    assert not people.person(ledger, person)
    for expected in (None, "教授", "研究员"):
        history.redo(ledger)
        assert title() == expected
    assert history.redoable(ledger) is None
    history.undo(ledger)
    people.save_person(ledger, person, {"title": "新写的"})
    assert history.redoable(ledger) is None  # new work: what was taken back stays so
    assert not check(ledger).faults


def test_next_years_list_leaves_last_years_places_alone(ledger: Ledger, tmp_path: Path) -> None:
    head = ["名额编号", "姓名", "类别", "服务团"]
    batches.create(ledger, 2023)
    import_roster(ledger, write(tmp_path / "a.csv", head, ["甲-1", "演示甲", "省派", "演示团"]), year=2023)
    batches.create(ledger, 2024)
    import_roster(ledger, write(tmp_path / "b.csv", head, ["甲-1", "演示乙", "省派", "演示团"]), year=2024)
    by_year = {b.year: places.listed(ledger, b) for b in batches.all_batches(ledger)}
    assert [p.name for p in by_year[2023]] == ["演示甲"] and [p.name for p in by_year[2024]] == ["演示乙"]
    assert [p.team_name for p in by_year[2023]] == ["演示团"] == [p.team_name for p in by_year[2024]]
