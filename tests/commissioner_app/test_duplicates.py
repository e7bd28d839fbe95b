"""Duplicates: who is found, what merging keeps, and that it holds whichever ledger merges in which direction."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from commissioner_app import (
    attachments,
    batches,
    duplicates,
    history,
    ledgers,
    merging,
    people,
    places,
    statistics,
    visits,
)
from commissioner_app.duplicates import Pair
from commissioner_app.errors import Refused
from commissioner_app.ledgers import Ledger
from db.check import check
from db.exchange import parcel
from db.journal.changes import Draft

ONE_ID, OTHER_ID = "11010519491231002X", "41082119900101001X"


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.create(
        tmp_path / "a.ktledger", ledgers.NewLedger("bureau", "", "演示科技局", "演示员", roster="2022")
    )
    yield made
    made.close()


def add(ledger: Ledger, name: str, unit: str = "河南农业大学", **values: Any) -> str:
    wanted = {"name": name, "organisation_name": unit or None, **values}
    return people.save_person(ledger, None, wanted).records["commissioner"][0]


def reasons(ledger: Ledger) -> dict[frozenset[str], tuple[str, ...]]:
    return {frozenset((p.one, p.other)): p.reasons for p in duplicates.find(ledger)}


def the_pair(ledger: Ledger, *records: str) -> Pair:
    (pair,) = [p for p in duplicates.find(ledger) if {p.one, p.other} == set(records)]
    return pair


def visit(ledger: Ledger, place: str, person: str | None, day: str = "2022-09-01", half_days: int = 2) -> str:
    values = {
        "who": [[place, person]], "time": [day, None, None, None, half_days], "where": ["410825", None, None],
        "content": "查看长势",
    }  # fmt: skip
    return visits.save(ledger, None, values, submit=True).records["visit"][0]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"name": "演示甲"}, {"name": "演示 甲"}, "姓名相同 派出单位相同"),
        ({"name": "演示甲"}, {"name": "演示甲", "unit": "河南农大"}, "姓名相同 派出单位相近"),
        ({"name": "演示甲"}, {"name": "演示甲", "unit": ""}, "姓名相同 一处没有填派出单位"),
        ({"name": "演示甲"}, {"name": "演示甲", "unit": "河南大学"}, ""),
        ({"name": "演示甲", "phone": "13800000001"}, {"name": "演示乙", "phone": "138 0000 0001", "unit": "某厂"}, "联系电话相同"),
        ({"name": "演示甲", "phone": "0391-3562000"}, {"name": "演示乙", "phone": "0391-3562000"}, ""),
        ({"name": "演示甲", "id_number": ONE_ID}, {"name": "演示乙", "unit": "某厂", "id_number": ONE_ID.lower()}, "身份证号相同"),
        ({"name": "演示甲", "id_number": ONE_ID}, {"name": "演示甲", "id_number": OTHER_ID}, ""),
        ({"name": "王晓明"}, {"name": "王小明"}, "姓名读音相同 派出单位相同"),
        ({"name": "王晓明"}, {"name": "王小明", "unit": "河南大学"}, ""),
        ({"name": "刘金龙"}, {"name": "刘金荣"}, "姓名读音相近"),
        ({"name": "李建国"}, {"name": "李建军"}, ""),
        ({"name": "单雄信"}, {"name": "单雄心"}, "姓名读音相同"),
        ({"name": "演示四", "phone": "13800000004"}, {"name": "演示十", "phone": "13800000010"}, ""),
        ({"name": "演示甲", "phone": "13800000001"}, {"name": "演示甲", "phone": "13800000002"}, "但联系电话不同"),
        ({"name": "演示甲", "unit": "一厂", "birth_month": "1980-01"}, {"name": "演示甲", "unit": "二厂", "birth_month": "1980-01"}, "出生年月相同"),
    ],
)  # fmt: skip
def test_who_is_probably_the_same(
    bureau: Ledger, one: dict[str, Any], other: dict[str, Any], why: str
) -> None:
    pair = frozenset((add(bureau, **one), add(bureau, **other)))
    found = reasons(bureau)
    if not why:
        assert pair not in found
    else:
        assert all(any(word in reason for reason in found[pair]) for word in why.split()), found[pair]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("河南农大", "河南农业大学", True),
        ("河南师大", "河南师范大学", True),
        ("河南省农业科学院", "河南农业科学院", True),
        ("河南省农科院", "河南省农业科学院", True),
        ("河南师犯大学", "河南师范大学", True),
        ("河南农业大学农学院", "河南农业大学", True),
        ("河南大学", "河南农业大学", False),
        ("河南林业大学", "河南农业大学", False),
        ("河南科技大学", "河南科技学院", False),
        ("焦作市演示农业技术推广第一服务中心", "焦作市演示农业技术推广第二服务中心", False),
        ("焦作市演示农业技术推广服务中心", "焦作市演示农业技术推厂服务中心", True),
        ("河南省农业科学院植物保护研究所", "河南省农业科学院园艺研究所", False),
    ],
)
def test_which_units_are_probably_the_same(bureau: Ledger, one: str, other: str, same: bool) -> None:
    for n, name in enumerate((one, other)):
        add(bureau, f"演示{'甲乙'[n]}", name)
    found = {frozenset(p.titles) for p in duplicates.find_organisations(bureau)}
    assert (frozenset((one, other)) in found) is same


def test_merging_keeps_chosen_values_and_both_histories_in_one_step(bureau: Ledger, tmp_path: Path) -> None:
    first, second = places.listed(bureau, batches.all_batches(bureau)[0])[:2]
    a = add(bureau, "演示甲", phone="13800000001", title="讲师", industries=["蔬菜"])
    b = add(bureau, "演示甲", "", phone="13800000001", title="教授", industries=["果树"], id_number=ONE_ID)
    bureau.write(
        "任职", [people.tenure_draft(first.id, a, None, None), people.tenure_draft(second.id, b, None, None)]
    )
    visit(bureau, first.id, a)
    visit(bureau, second.id, b, "2022-09-02")
    paper = tmp_path / "聘书.pdf"
    paper.write_bytes(b"%PDF-1.4")
    attachments.add(bureau, "commissioner", b, [paper], "材料")
    low, high = sorted((a, b))
    pair = the_pair(bureau, a, b)
    both = merging.compare(bureau, pair)
    assert both is not None and [s.record for s in both.sides] == [low, high]
    assert {name for name, _ in both.fields if merging.differs(both, name)} == {
        "organisation",
        "title",
        "industries",
        "id_number",
    }
    assert any("同一批次" in w for w in both.warnings) and both.sides[0].words["phone"] == "13800000001"
    assert ONE_ID not in str([s.words for s in both.sides])
    chosen = merging.proposed(both)
    assert both.sides[chosen["organisation"]].record == a and both.sides[chosen["id_number"]].record == b
    chosen["title"] = 0 if both.sides[0].record == b else 1
    outcome = merging.merge(bureau, both, chosen)
    assert outcome.operation is not None and not check(bureau).faults
    # Whoever gets the merged one gets the one that stands for it, too: packages are closed under references.
    assert bureau.folded(high).values["merged_into"] == low and not bureau.folded(low).values.get(
        "merged_into"
    )
    assert {bureau.folded(people.private_id(r)).values.get("id_number") for r in (low, high)} == {ONE_ID}
    o = statistics.overview(bureau, statistics.default_period(bureau))
    assert [(m.commissioner, m.figures.visits) for m in o.by_person if m.figures.visits] == [
        (low, 1),
        (low, 1),
    ]
    one = people.person(bureau, low)
    assert (one["title"], one["phone"], one["id_number"]) == ("教授", "13800000001", ONE_ID)
    assert (
        one["industries"] == sorted(["蔬菜", "果树"])
        and people.organisation_of(bureau, one["organisation"]) == "河南农业大学"
    )
    now = {p.id: p for p in places.listed(bureau, batches.all_batches(bureau)[0])}
    assert now[first.id].commissioner == now[second.id].commissioner == low
    assert now[second.id].phone == "13800000001"
    assert len(visits.listed_rowids(bureau, visits.VisitFilter(commissioner=low), "date", True)) == 2
    assert [f.file_name for f in attachments.listed(bureau, "commissioner", low)] == ["聘书.pdf"]
    steps = history.person_history(bureau, low)
    assert [s.new for s in steps if s.label == "录入特派员 演示甲" and s.field == "职称"] in (
        ["讲师", "教授"],
        ["教授", "讲师"],
    )
    assert any(s.field == "并入" and s.new == "演示甲" for s in steps)
    assert not duplicates.find(bureau)
    # A later change reaches the private data of both, for each goes to other stations.
    people.save_person(bureau, low, {"phone": "13800000009"}, opened=people.seen(bureau, low))
    assert {bureau.folded(people.private_id(r)).values["phone"] for r in (low, high)} == {"13800000009"}
    history.undo(bureau)
    history.undo(bureau)
    assert people.person(bureau, a)["title"] == "讲师" and people.person(bureau, b)["title"] == "教授"
    assert not people.person(bureau, a).get("id_number") and len(duplicates.find(bureau)) == 1
    assert not check(bureau).faults


def test_whoever_was_merged_is_deleted_as_a_whole_and_not_with_visits(bureau: Ledger) -> None:
    place = places.listed(bureau, batches.all_batches(bureau)[0])[0]
    a, b = sorted((add(bureau, "演示甲"), add(bureau, "演示甲")))
    both = merging.compare(bureau, the_pair(bureau, a, b))
    assert both is not None
    merging.merge(bureau, both, merging.proposed(both))
    made = visit(bureau, place.id, b)
    with pytest.raises(Refused, match="1 条服务记录"):
        people.delete_person(bureau, a)
    visits.delete(bureau, [made])
    people.delete_person(bureau, a)
    assert bureau.folded(a).deleted and bureau.folded(b).deleted
    assert not [n for n in people.spare(bureau) if n.name == "演示甲"]


def test_said_to_be_two_they_are_not_asked_about_again_until_undone(bureau: Ledger) -> None:
    a, b = add(bureau, "演示甲"), add(bureau, "演示甲")
    pair = the_pair(bureau, a, b)
    duplicates.keep_apart(bureau, pair)
    assert not duplicates.find(bureau)
    steps = history.operation_steps(bureau, history.undoable(bureau).id)
    assert any("演示甲（河南农业大学）、演示甲（河南农业大学）" in new for *_, new in steps)
    history.undo(bureau)
    assert duplicates.find(bureau) == [pair]


def test_what_was_merged_meanwhile_is_refused(bureau: Ledger) -> None:
    a, b, c = sorted(add(bureau, "演示甲") for _ in range(3))
    stale = merging.compare(bureau, the_pair(bureau, b, c))
    fresh = merging.compare(bureau, the_pair(bureau, a, b))
    assert stale and fresh
    merging.merge(bureau, fresh, {})
    with pytest.raises(Refused, match="刚被合并"):
        merging.merge(bureau, stale, {})
    people.delete_person(bureau, c)
    assert merging.compare(bureau, Pair("commissioner", a, c, ("", ""), (), 1)) is None


def test_a_unit_under_two_names_becomes_one_with_the_other_as_alias(bureau: Ledger) -> None:
    a, b = add(bureau, "演示甲", "河南农大"), add(bureau, "演示乙", "河南农业大学")
    (pair,) = duplicates.find_organisations(bureau)
    both = merging.compare(bureau, pair)
    assert both is not None and dict(both.sides[0].facts)["特派员"] == "1 人"
    merging.merge(bureau, both, merging.proposed(both))
    assert "河南农大" not in people.organisation_names(bureau)
    units = {people.organisation_of(bureau, people.person(bureau, p)["organisation"]) for p in (a, b)}
    assert units == {"河南农业大学"}
    people.save_person(bureau, None, {"name": "演示丙", "organisation_name": "河南农大"})
    assert "河南农大" not in people.organisation_names(bureau) and not duplicates.find_organisations(bureau)
    history.undo(bureau)
    history.undo(bureau)
    assert "河南农大" in people.organisation_names(bureau)


def test_two_ledgers_that_merge_the_same_pair_in_opposite_directions_agree(
    make_ledger: Callable[..., Ledger],
) -> None:
    one, other = make_ledger("a"), make_ledger("b")

    def bring(source: Ledger, to: Ledger) -> None:
        made = parcel.make(source, parcel.Address("bureau", station=to.station))
        parcel.receive(to, made.manifest, list(made.frames()), trust=True)

    low, high = sorted((add(one, "演示甲", phone="13800000001"), add(one, "演示甲", title="教授")))
    bring(one, other)
    bring(other, one)
    # Each takes the other one's side, and once somebody wrote the reference the other way round.
    for ledger, side in ((one, 0), (other, 1)):
        both = merging.compare(ledger, the_pair(ledger, low, high))
        assert both is not None
        merging.merge(ledger, both, {name: side for name, _ in both.fields})
    other.write("合并", [Draft("commissioner", low, "update", {"merged_into": high})])
    for _ in range(2):
        bring(one, other)
        bring(other, one)
    for ledger in (one, other):
        assert not check(ledger).faults and not duplicates.find(ledger)
        with ledger.read() as c:
            assert [tuple(r) for r in c.exec_driver_sql("SELECT record, stands FROM merged")] == [(high, low)]
    assert people.person(one, low) == people.person(other, low)
    # What they chose differently waits for a person, nothing is lost.
    assert one.folded(low).conflicts == other.folded(low).conflicts and not one.folded(high).conflicts
