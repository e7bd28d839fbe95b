"""换人: visits stay with who made them, and the sums are right for both, in the tenures and on the command line."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commissioner_app import batches, cli, ledgers, people, personal, places, statistics, tenures, visits
from commissioner_app.errors import Refused
from commissioner_app.ledgers import Ledger
from commissioner_app.places import PlaceRow
from commissioner_app.statistics import Scope
from db.journal.changes import Draft


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.create(
        tmp_path / "a.ktledger", ledgers.NewLedger("bureau", "", "演示科技局", "演示员", roster="2022")
    )
    yield made
    made.close()


def place(ledger: Ledger, code: str = "2022-省派-01") -> PlaceRow:
    return next(p for p in places.listed(ledger, batches.all_batches(ledger)[0]) if p.code == code)


def visit(ledger: Ledger, who: list[list[str | None]], day: str, half_days: int, trained: int = 0) -> None:
    values = {"who": who, "time": [day, None, None, None, half_days], "where": ["410825", None, None],
              "content": "查看长势", "trained": trained}  # fmt: skip
    visits.save(ledger, None, values, submit=True)


@pytest.fixture
def changed(bureau: Ledger) -> tuple[Ledger, str, str, str]:
    """A place held by 演示甲 until September and by 演示乙 since, both with visits; one names nobody."""
    at = place(bureau).id
    people.save_entry(bureau, at, person_values={"name": "演示甲"})
    a = str(place(bureau).commissioner)
    visit(bureau, [[at, a]], "2022-05-10", 2, 30)
    visit(bureau, [[at, a]], "2022-06-10", 1)
    visit(bureau, [[at, None]], "2022-07-01", 2)  # logged before anybody was entered
    people.change_person(bureau, at, "2022-10-01", name="演示乙")
    b = str(place(bureau).commissioner)
    visit(bureau, [[at, b]], "2022-10-20", 3, 5)
    visit(bureau, [[at, a]], "2022-11-01", 2)  # 演示甲 came once more
    return bureau, at, a, b


def test_visits_stay_with_who_made_them(changed: tuple[Ledger, str, str, str]) -> None:
    ledger, at, a, b = changed
    held = [
        (h.name, h.held_from, h.held_to, h.visits, h.half_days, bool(h.tenure))
        for h in tenures.of_place(ledger, at)
    ]
    assert held == [
        ("演示甲", None, "2022-09-30", 3, 5, True),
        ("演示乙", "2022-10-01", None, 1, 3, True),
        ("演示甲", None, None, 1, 2, False),  # outside their time
    ]
    assert [(h.code, h.year, h.visits) for h in tenures.of_person(ledger, b)] == [("2022-省派-01", 2022, 1)]
    assert [(h.held_to, h.visits) for h in tenures.of_person(ledger, a)] == [("2022-09-30", 3), (None, 1)]
    assert tenures.made_from(ledger, at, a, "2022-10-01") == 1
    o = statistics.overview(ledger, statistics.default_period(ledger))
    rows = {
        m.name: (m.figures.visits, m.figures.half_days, m.figures.trained, m.last)
        for m in o.by_person
        if m.place.id == at
    }
    assert rows == {"演示甲": (4, 7, 30, "2022-11-01"), "演示乙": (1, 3, 5, "2022-10-20")}
    assert (
        sum(m.figures.visits for m in o.by_person)
        == o.total.visits
        == dict((p.id, f.visits) for p, f in o.by_place)[at]
    )
    for name, expected in (("演示甲", 4), ("演示乙", 1), ("2022-省派-01", 5)):
        scope = statistics.resolve_scope(ledger, o.batch, person=name)
        found = statistics.overview(ledger, o.period, scope)
        assert (found.scope_name, found.total.visits) == (
            name if name != "2022-省派-01" else "演示乙",
            expected,
        ), name


def test_the_command_line_gives_both_their_own(
    changed: tuple[Ledger, str, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = changed[0]
    out = tmp_path / "s.csv"
    assert cli.run(["export", "statistics", "--ledger", str(ledger.path), "--out", str(out)]) == 0
    rows = [r for r in csv.reader(out.read_text("utf-8-sig").splitlines()) if r[0] == "特派员"]
    found = {r[1]: (r[3], r[4], r[6]) for r in rows if r[1].startswith("演示")}
    assert found == {"演示甲": ("4", "3.5", "30"), "演示乙": ("1", "1.5", "5")}
    assert len(rows) == 39  # 37 places without a change, and the two
    capsys.readouterr()
    pdf = tmp_path / "a.pdf"
    assert (
        cli.run(
            [
                "report",
                "service",
                "--ledger",
                str(ledger.path),
                "--commissioner",
                "演示乙",
                "--out",
                str(pdf),
                "--json",
            ]
        )
        == 0
    )
    assert json.loads(capsys.readouterr().out)["pages"] >= 1


def test_a_teams_day_counts_for_each_once(bureau: Ledger) -> None:
    first, second = place(bureau), place(bureau, "2022-省派-02")
    for p, name in ((first, "演示甲"), (second, "演示乙")):
        people.save_entry(bureau, p.id, person_values={"name": name})
    a, b = place(bureau).commissioner, place(bureau, "2022-省派-02").commissioner
    visit(bureau, [[first.id, a], [second.id, b]], "2022-05-10", 2)
    o = statistics.overview(bureau, statistics.default_period(bureau), Scope())
    assert o.total.visits == 1
    assert [(m.name, m.figures.visits) for m in o.by_person if m.figures.visits] == [
        ("演示甲", 1),
        ("演示乙", 1),
    ]


def test_who_leaves_before_the_end_hands_the_rest_over(bureau: Ledger) -> None:
    at = place(bureau).id
    people.save_person(bureau, None, {"name": "演示甲"})
    (known,) = people.spare(bureau)
    bureau.write("任职", [people.tenure_draft(at, known.id, "2022-04-01", "2023-03-31")])
    people.change_person(bureau, at, "2022-10-01", name="演示乙")
    held = [(h.name, h.held_from, h.held_to) for h in tenures.of_place(bureau, at)]
    assert held == [("演示甲", "2022-04-01", "2022-09-30"), ("演示乙", "2022-10-01", "2023-03-31")]
    with pytest.raises(Refused, match="要晚于"):
        people.change_person(bureau, at, "2022-09-15", name="演示丙")
    with pytest.raises(Refused, match="已经在这个名额上"):
        people.change_person(
            bureau, at, "2022-11-01", commissioner=tenures.of_place(bureau, at)[1].commissioner
        )


def test_somebody_who_holds_two_places_is_reported_over_both(bureau: Ledger) -> None:
    first, second = place(bureau).id, place(bureau, "2022-省派-02").id
    people.save_entry(bureau, first, person_values={"name": "演示甲"})
    a = place(bureau).commissioner
    bureau.write("任职", [people.tenure_draft(second, str(a), None, None)])
    visit(bureau, [[first, a]], "2022-05-10", 2)
    visit(bureau, [[second, a]], "2022-05-11", 2)
    batch = batches.all_batches(bureau)[0]
    scope = statistics.resolve_scope(bureau, batch, person="演示甲")
    assert scope == Scope(person=a)
    o = statistics.overview(bureau, statistics.default_period(bureau), scope)
    assert (o.total.visits, len(o.places), o.scope_name) == (2, 2, "演示甲")
    bureau.write("录入", [Draft("commissioner", "another", "insert", {"name": "演示甲"}),
                        people.tenure_draft(place(bureau, "2022-省派-03").id, "another", None, None)])  # fmt: skip
    with pytest.raises(Refused, match="不止一位"):
        statistics.resolve_scope(bureau, batch, person="演示甲")


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("", ""),
        ("11010519491231002X", ""),
        (" １１０１０５１９４９１２３１００２ｘ ", ""),
        ("110105194912310021", "校验位"),
        ("11010519491331002X", "出生日期"),
        ("110105194902290021", "出生日期"),
        ("110105299912310025", "出生日期"),
        ("110105189912310025", "出生日期"),
        ("4108**********1234", "18 位"),
        ("110105491231002", "18 位"),
    ],
)
def test_id_numbers(number: str, problem: str) -> None:
    found = personal.id_number_problem(number)
    assert (problem in found) if problem else not found


def test_what_an_id_number_tells(bureau: Ledger) -> None:
    assert personal.id_number_tells("11010519491231002x") == ("1949-12", "女")
    assert personal.id_number_tells("4108**********1234") is None
    people.save_person(bureau, None, {"name": "演示甲", "id_number": " 11010519491231002x"})
    (known,) = people.spare(bureau)
    assert people.person(bureau, known.id)["id_number"] == "11010519491231002X"
    with pytest.raises(Refused, match="18 位"):
        people.save_person(bureau, known.id, {"id_number": "1101**********002X"})
