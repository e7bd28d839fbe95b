"""A new year's batch from the last one: one operation, computed ids, everything taken back at once."""

from dataclasses import replace

import pytest

from commissioner_app import (
    assignments,
    batches,
    demo,
    history,
    ledgers,
    people,
    places,
    statistics,
    teams,
    years,
)
from commissioner_app.batches import CategoryLine
from commissioner_app.periods import Period
from commissioner_app.years import Category
from db.errors import Refused
from db.ids import computed_id
from db.ledger import Draft
from tests.office import WEN, XIUWU


@pytest.fixture
def ledger(tmp_path):
    with demo.make(tmp_path / "d.ktledger", visits_wanted=20) as made:
        yield made


@pytest.fixture
def plan(ledger):
    return years.proposed(ledger)


def of_year(ledger, year: int):
    return next(b for b in batches.all_batches(ledger) if b.year == year)


def choose(plan, code: str, **values):
    wishes = tuple(replace(w, **values) if w.place.code == code else w for w in plan.wishes)
    return replace(plan, wishes=wishes)


def test_what_is_proposed(ledger, plan):
    assert (plan.year, plan.service, plan.evaluation) == (
        2023, ("2023-04-01", "2024-03-31"), ("2023-04-01", "2023-12-31"))  # fmt: skip
    assert "2023" in plan.name and "2022" not in plan.name
    assert [c.name for c in plan.categories] == [c.name for c in batches.categories(ledger, plan.last.id)]
    assert [w.choice for w in plan.wishes].count("stay") == 31
    assert [w.choice for w in plan.wishes].count("open") == 7
    # Periods may overlap: what falls into both is told, not forbidden.
    assert years.overlap(plan) == ""
    early = replace(plan, evaluation=("2022-07-01", "2023-06-30"))
    assert "2022-07-01 至 2022-12-31" in years.overlap(early) and years.problem(early) == ""
    assert years.moved(plan, 2025).service == ("2025-04-01", "2026-03-31")
    leap = replace(plan.last, service_from="2023-03-01", service_to="2024-02-29", year=2023)
    assert years.proposed(ledger, 2024, leap).service == ("2024-03-01", "2025-02-28")


def test_a_year_goes_over_in_one_operation_and_comes_back(ledger, plan):
    before = (len(history.operations(ledger)), statistics.default_period(ledger))
    plan = choose(plan, "2022-省派-01", choice="open")
    plan = choose(plan, "2022-省派-02", choice="leave")
    plan = choose(plan, "2022-省派-03", category="校派", county=WEN)
    plan = choose(plan, "2022-团-01", choice="leave")  # the leader
    plan = replace(plan, fresh={"省派": 2})
    by_name = {t.name: t for t in years.totals(plan)}
    assert (by_name["省派"].before, by_name["省派"].after, by_name["校派"].after) == (16, 16, 5)
    assert by_name["省派"].leave == 1 and by_name["省派"].fresh == 2 and by_name["省派"].stay == 6
    assert years.team_count(plan) == 1
    years.create(ledger, plan)
    assert len(history.operations(ledger)) == before[0] + 1
    batch = of_year(ledger, 2023)
    assert (batch.state, batch.document_number, batch.evaluation_to) == ("拟选派", "", "2023-12-31")
    found = {p.code: p for p in places.listed(ledger, batch)}
    old = {p.code: p for p in places.listed(ledger, of_year(ledger, 2022))}
    assert len(found) == sum(t.after for t in by_name.values()) == 38
    assert {len(p) for p in (found, old)} == {38}  # last year stands as it was
    # 续聘: the same person at a new place that names the old one.
    four, was = found["2023-省派-04"], old["2022-省派-04"]
    assert (four.commissioner, four.organisation, four.category_name) == (
        was.commissioner,
        was.organisation,
        "省派",
    )
    assert ledger.folded(four.id).values["continues"] == was.id
    (stay,) = four.assignments
    assert (stay.county, stay.assigned_from, stay.assigned_to) == (
        was.assignments[0].county, "2023-04-01", "2024-03-31")  # fmt: skip
    assert stay.agreement_state is None
    # 名额保留、换人: the place with its county, nobody on it, nobody's continuation.
    one = found["2023-省派-01"]
    assert one.commissioner is None and "continues" not in {
        k for k, v in ledger.folded(one.id).values.items() if v
    }
    assert one.assignments[0].county == old["2022-省派-01"].assignments[0].county
    # 退出: its number is free and nobody else's.
    assert "2023-省派-02" not in found and {"2023-省派-17", "2023-省派-18"} <= set(found)
    changed = found["2023-校派-05"]
    assert changed.commissioner == old["2022-省派-03"].commissioner and changed.assignments[0].county == WEN
    (team,) = teams.listed(ledger, batch.id)
    assert (team.places, team.leader, team.county) == (17, None, XIUWU)
    (kept,) = teams.listed(ledger, of_year(ledger, 2022).id)
    assert kept.id != team.id and kept.places == 18
    history.undo(ledger)
    assert [b.year for b in batches.all_batches(ledger)] == [2022]
    assert statistics.default_period(ledger) == before[1]
    assert teams.listed(ledger, None) == [kept]
    history.redo(ledger)
    assert len(places.listed(ledger, of_year(ledger, 2023))) == 38


def test_two_laptops_that_do_the_same_meet(tmp_path, monkeypatch):
    made = []
    for name in ("a", "b"):
        with ledgers.create(
            tmp_path / f"{name}.ktledger", ledgers.NewLedger("bureau", roster="2022")
        ) as ledger:
            for place in places.listed(ledger, of_year(ledger, 2022))[:2]:
                stay = assignments.draft(place.id, WEN, "2022-04-01", "2023-03-31")
                who = computed_id("演示", place.code)
                person = Draft("commissioner", who, "insert", {"name": "演示"})
                ledger.write("演示", [stay, person, people.tenure_draft(place.id, who, None, None)])
            plan = replace(years.proposed(ledger), fresh={"校派": 1})
            if name == "b":  # one more leaves here: the others are the same places all the same
                plan = choose(plan, "2022-省派-05", choice="leave")
            outcome = years.create(ledger, plan)
            made.append({(entity, r) for entity, records in outcome.records.items() for r in records})
            assert {p.code for p in places.listed(ledger, of_year(ledger, 2023))} >= {
                "2023-省派-16",
                "2023-校派-05",
            }
    assert made[1] < made[0] and len(made[0] - made[1]) == 1


def test_teams_and_stays_may_stay_behind(ledger, plan):
    years.create(ledger, replace(plan, teams=False, stays=False))
    found = places.listed(ledger, of_year(ledger, 2023))
    assert not any(p.team or p.assignments for p in found) and len(found) == 38
    assert teams.listed(ledger, of_year(ledger, 2023).id) == []


def test_the_leader_goes_over(ledger, plan):
    years.create(ledger, plan)
    (team,) = teams.listed(ledger, of_year(ledger, 2023).id)
    first = next(p for p in places.listed(ledger, of_year(ledger, 2023)) if p.code == "2023-团-01")
    assert team.leader == first.id and first.name == "演示一"


def test_categories_are_renamed_added_and_left(ledger, plan):
    names = [c.name for c in plan.categories]
    kept = [replace(c, name="省资助", full_name="") if c.name == "省派" else c for c in plan.categories]
    kept = [c for c in kept if c.name != "校派"] + [Category("县选省资助", "", ("县选",))]
    changed = replace(plan, categories=tuple(kept))
    # A renamed category's places are the caller's to carry along; one that ends has places without a category.
    assert {w.place.category_name for w in years.unsettled(changed)} == {"省派", "校派"} and "校派" in names
    with pytest.raises(Refused, match="20 个名额还没有选定"):
        years.create(ledger, changed)
    new = {"省派": "省资助", "校派": "县选省资助"}
    wishes = tuple(replace(w, category=new.get(w.category, w.category)) for w in plan.wishes)
    changed = replace(changed, wishes=wishes, fresh={"县选省资助": 3})
    assert {t.name: (t.before, t.after) for t in years.totals(changed)}["县选省资助"] == (0, 7)
    years.create(ledger, changed)
    batch = of_year(ledger, 2023)
    found = batches.open_categories(ledger, batch.id).lines
    assert {(c.name, c.full_name, c.aliases, c.places) for c in found} >= {
        ("县选省资助", "县选省资助科技特派员", ("县选",), 7)
    }
    assert "2023-省资助-07" in {p.code for p in places.listed(ledger, batch)}
    assert [c.name for c in batches.categories(ledger, of_year(ledger, 2022).id)] == names


def test_an_empty_batch_of_the_year_is_filled(ledger, plan):
    batches.create(ledger, 2023)
    made = of_year(ledger, 2023)
    batches.save(ledger, made.id, {"document_number": "演科〔2023〕1号", "state": "已选派"})
    years.create(ledger, replace(plan, categories=plan.categories[:3]))
    (batch,) = [b for b in batches.all_batches(ledger) if b.year == 2023]
    assert (batch.id, batch.document_number, batch.state) == (made.id, "演科〔2023〕1号", "已选派")
    assert len(batches.categories(ledger, batch.id)) == 3 and len(places.listed(ledger, batch)) == 38
    with pytest.raises(Refused, match="已经有名额"):
        years.create(ledger, plan)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"year": 1999}, "年份"),
        ({"name": " "}, "批次名称"),
        ({"service": ("2023-04-01", None)}, "请填写服务期"),
        ({"evaluation": ("2023-04-01", "2023-03-01")}, "考核期的结束日期早于"),
        ({"categories": ()}, "至少保留一个类别"),
        ({"fresh": {"省派": 501}}, "最多 500"),
    ],
)
def test_what_cannot_be_is_refused(ledger, plan, wrong, sentence):
    with pytest.raises(Refused, match=sentence):
        years.create(ledger, replace(plan, **wrong))
    assert len(batches.all_batches(ledger)) == 1


def test_a_county_makes_no_batch(office):
    county = office["w"]
    with pytest.raises(Refused, match="市科技局"):
        years.create(county, replace(years.proposed(county, 2030), year=2030))


def test_who_holds_a_place_last_is_who_stays(ledger):
    place = next(p for p in places.listed(ledger, of_year(ledger, 2022)) if p.code == "2022-省派-04")
    people.change_person(ledger, place.id, "2022-10-01", name="演示接任")
    years.create(ledger, years.proposed(ledger))
    (now,) = [p for p in places.listed(ledger, of_year(ledger, 2023)) if p.code == "2023-省派-04"]
    assert now.name == "演示接任"


def test_the_year_of_a_period_is_its_batch(ledger, plan):
    """Also where the service period of the next year begins before this one ends."""
    years.create(ledger, replace(plan, service=("2023-01-01", "2023-12-31")))
    found = batches.all_batches(ledger)
    last, new = of_year(ledger, 2022), of_year(ledger, 2023)
    for batch in (last, new):
        for start, end in (
            (batch.service_from, batch.service_to),
            (batch.evaluation_from, batch.evaluation_to),
        ):
            assert statistics.batch_of(found, Period(start, end)).id == batch.id


# -- categories in 设置 ---------------------------------------------------------------------------------


def test_categories_are_data_of_the_batch(ledger):
    batch = of_year(ledger, 2022)
    opened = batches.open_categories(ledger, batch.id)
    lines = list(opened.lines)
    at = next(n for n, c in enumerate(lines) if c.name == "省派")
    assert lines[at].places == 16
    lines[at] = replace(lines[at], aliases=(*lines[at].aliases, "省资助"))
    lines.append(CategoryLine(None, "县选省资助"))
    outcome = batches.save(ledger, batch, {"remark": "演示"}, None, (opened, lines))
    assert {k: len(v) for k, v in outcome.records.items()} == {"batch": 1, "category": 2}
    now = batches.open_categories(ledger, batch.id).lines
    assert [c.name for c in now] == [c.name for c in lines] and "省资助" in now[at].aliases
    assert now[-1].full_name == "县选省资助科技特派员"
    # Other order, a new name.
    opened = batches.open_categories(ledger, batch.id)
    lines = [opened.lines[-1], *opened.lines[:-1]]
    lines[0] = replace(lines[0], name="县选")
    batches.save(ledger, batch, {}, None, (opened, lines))
    assert [c.name for c in batches.categories(ledger, batch.id)][:2] == ["县选", opened.lines[0].name]
    # What has places is not taken out; what has none is; and a name that was left may be used again.
    opened = batches.open_categories(ledger, batch.id)
    rest = [line for line in opened.lines if line.name != "省派"]
    with pytest.raises(Refused, match="“省派”还有 16 个名额，不能删除"):
        batches.save(ledger, batch, {}, None, (opened, rest))
    rest = [line for line in opened.lines if line.places] + [CategoryLine(None, "县选省资助")]
    batches.save(ledger, batch, {}, None, (opened, rest))
    now = batches.open_categories(ledger, batch.id).lines
    assert {c.name for c in now} == {"服务团成员", "省派", "校派", "县选省资助"}
    history.undo(ledger)
    # A name that another category has left: whoever is entered under it is a new one.
    opened = batches.open_categories(ledger, batch.id)
    batches.save(ledger, batch, {}, None, (opened, [*opened.lines, CategoryLine(None, "县选省资助")]))
    assert {"县选", "县选省资助"} < {c.name for c in batches.categories(ledger, batch.id)}


def test_only_edits_of_categories_become_changes(ledger):
    batch = of_year(ledger, 2022)
    opened = batches.open_categories(ledger, batch.id)
    assert batches.save(ledger, batch, {}, None, (opened, opened.lines)).operation is None
    # Somebody else adds one and renames another meanwhile: neither is touched by saving what was opened before.
    made = batches.category_draft(batch.id, 2022, "演示新类", 9)
    other = opened.lines[0].id
    ledger.write("别处", [made, Draft("category", other, "update", {"full_name": "演示全称"})])
    lines = [
        replace(line, aliases=(*line.aliases, "演示别名")) if n == 1 else line
        for n, line in enumerate(opened.lines)
    ]
    batches.save(ledger, batch, {}, None, (opened, lines))
    now = {c.id: c for c in batches.open_categories(ledger, batch.id).lines}
    assert now[made.record].name == "演示新类" and now[other].full_name == "演示全称"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [(["省派", ""], "没有名称"), (["省派", "省派"], "都叫“省派”")],
)
def test_categories_that_cannot_be_told_apart(names, sentence):
    assert sentence in batches.category_problem([CategoryLine(None, n) for n in names])
    both = [CategoryLine(None, n, "", ("省",)) for n in ("甲", "乙")]
    assert "同时写在“甲”和“乙”下" in batches.category_problem(both)
