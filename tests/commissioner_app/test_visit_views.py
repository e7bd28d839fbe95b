"""Calendar, timeline, named filters, what a reviewer is shown, and several tables imported at once."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from commissioner_app import demo, history, makers, reviewing, visit_conditions, visit_views, visits
from commissioner_app.imports.grid import read as read_table
from commissioner_app.imports.many import import_all, save_problems
from commissioner_app.ledgers import Ledger
from commissioner_app.periods import Period
from commissioner_app.visit_conditions import Conditions, of_wish
from commissioner_app.visit_views import Gap, MonthHead, Stay
from db.errors import Refused
from db.ledger import Draft
from db.queries.visits import VisitFilter

YEAR = Period("2022-04-01", "2022-12-31")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "演示.ktledger"
    demo.make(path, visits_wanted=60).close()
    return path


@pytest.fixture
def ledger(prepared: Path, tmp_path: Path) -> Iterator[Ledger]:
    path = tmp_path / "演示.ktledger"
    path.write_bytes(prepared.read_bytes())
    with Ledger.open(path) as opened:
        yield opened


def log(
    ledger: Ledger, who: str, day: str, end: str | None = None, half_days: int = 1, **more: object
) -> str:
    maker = makers.find(makers.listed(ledger, None), who)
    assert maker is not None
    values = {
        "who": [[maker.place, maker.commissioner]], "time": [day, end, None, None, half_days],
        "where": ["410825", None, None], "content": "演示内容", **more,
    }  # fmt: skip
    return visits.save(ledger, None, values).records["visit"][0]


def test_a_months_page_begins_on_a_monday_and_has_six_weeks() -> None:
    days = visit_views.weeks(2022, 8)  # begins on a Monday
    assert days[0] == dt.date(2022, 8, 1) and len(days) == 42
    assert visit_views.weeks(2022, 5)[0] == dt.date(2022, 4, 25)  # begins on a Sunday
    assert visit_views.month_ends(2024, 2) == ("2024-02-01", "2024-02-29")
    assert visit_views.month_ends(2022, 12) == ("2022-12-01", "2022-12-31")


def test_the_calendar_counts_what_the_list_has(ledger: Ledger) -> None:
    f = VisitFilter(start=YEAR.start, end=YEAR.end)
    page = visit_views.month(ledger, f, 2022, 9)
    first, last = visit_views.month_ends(2022, 9)
    listed = visits.listing(ledger, VisitFilter(start=first, end=last), "date", False)
    inside = [d for day, d in page.days.items() if first <= day <= last]
    assert sum(d.count for d in inside) == len(listed.rowids) == page.visits > 0
    assert page.half_days == listed.sums.half_days
    # The filter holds in the calendar as in the list, and a page reaches into its neighbours.
    only = visit_views.month(ledger, VisitFilter(states=("draft",)), 2022, 12)
    assert {v.state for d in only.days.values() for v in d.visits} == {"draft"}
    assert any(day < first for day in page.days)


def test_a_visit_of_several_days_is_on_each_of_them(ledger: Ledger) -> None:
    long = log(ledger, "演示一", "2022-09-29", "2022-10-02", half_days=7)
    f = VisitFilter(start=YEAR.start, end=YEAR.end)
    september = visit_views.month(ledger, f, 2022, 9)
    for day in ("2022-09-29", "2022-09-30", "2022-10-01", "2022-10-02"):
        assert long in [v.id for v in visit_views.of_day(ledger, f, day)], day
        assert september.days[day].count == len(visit_views.of_day(ledger, f, day))
    assert long not in [v.id for v in visit_views.of_day(ledger, f, "2022-10-03")]
    assert long not in [v.id for v in visit_views.of_day(ledger, f, "2022-09-28")]
    # Its half days count once, on the day it began.
    before = september.days["2022-09-30"].half_days
    assert before == sum(
        v.half_days or 0 for v in visit_views.of_day(ledger, f, "2022-09-30") if v.id != long
    )
    # In the next month's page it is there from that page's first day on.
    assert long in [v.id for v in visit_views.month(ledger, f, 2022, 10).days["2022-09-30"].visits]


def test_a_full_day_shows_the_first_and_counts_all(ledger: Ledger) -> None:
    for n in range(9):
        log(ledger, "演示一", "2023-02-07", content=f"第{n}次")
    day = visit_views.month(ledger, VisitFilter(), 2023, 2).days["2023-02-07"]
    assert day.count == 9 and len(day.visits) == visit_views.LINES and day.half_days == 9


def test_an_end_date_that_is_none_does_not_break_the_page(ledger: Ledger) -> None:
    record = log(ledger, "演示一", "2022-09-28")
    ledger.write(
        "别的电脑", [Draft("visit", record, "update", {"time": ["2022-09-28", "某天", None, None, 1]})]
    )
    page = visit_views.month(ledger, VisitFilter(), 2022, 9)
    assert record in [v.id for v in page.days["2022-09-28"].visits]


def entries(
    ledger: Ledger, now: str, who: str = "演示三十七", period: Period = YEAR
) -> list[visit_views.Entry]:
    maker = makers.find(makers.listed(ledger, None), who)
    f = VisitFilter(start=period.start, end=period.end, commissioner=maker.commissioner)
    return visit_views.timeline(ledger, f, period, now)


def test_the_timeline_tells_gaps_of_thirty_days(ledger: Ledger) -> None:
    everything = visits.listed_rowids(ledger, VisitFilter(), "date", True)
    visits.delete(ledger, [v.id for v in visits.rows(ledger, everything).values()])
    log(ledger, "演示三十七", "2022-04-30")  # 29 days after the period began
    log(ledger, "演示三十七", "2022-05-01", "2022-05-03", half_days=6)
    log(ledger, "演示三十七", "2022-06-02")  # 30 days after the end of a visit of several days
    log(ledger, "演示三十七", "2022-06-02", content="同日第二次")
    found = entries(ledger, "2022-07-01")
    assert [type(e).__name__ for e in found] == [
        "MonthHead", "Stay", "MonthHead", "Stay", "Gap", "MonthHead", "Stay", "Stay",
    ]  # fmt: skip
    assert found[4] == Gap("between", "2022-05-03", "2022-06-02", 30)
    assert found[2] == MonthHead("2022-05", 1, 6) and found[5] == MonthHead("2022-06", 2, 2)
    assert [e.again for e in found if isinstance(e, Stay)] == [False, False, False, True]
    # Since the last visit; what has not come is no gap.
    assert entries(ledger, "2022-07-02")[-1] == Gap("end", "2022-06-02", "2022-07-02", 30)
    assert entries(ledger, "2024-01-01")[-1] == Gap("end", "2022-06-02", "2022-12-31", 212)
    late = Period("2022-03-31", "2022-12-31")
    assert entries(ledger, "2022-07-01", period=late)[0] == Gap("begin", "2022-03-31", "2022-04-30", 30)
    assert entries(ledger, "2022-07-01", who="演示一") == []


def test_filters_keep_their_names_on_this_laptop(ledger: Ledger) -> None:
    one, two = Conditions(state="submitted", county="410825"), Conditions(text="山药", start="2022-07-01")
    operations = len(history.operations(ledger))
    visit_conditions.save(ledger, " 温县  待审核 ", one)
    visit_conditions.save(ledger, "三季度", two)
    assert visit_conditions.saved(ledger) == {"温县 待审核": one, "三季度": two}
    assert list(visit_conditions.saved(ledger)) == ["温县 待审核", "三季度"]
    visit_conditions.rename(ledger, "温县 待审核", "温县")
    assert list(visit_conditions.saved(ledger)) == ["温县", "三季度"]
    with pytest.raises(Refused, match="已有"):
        visit_conditions.rename(ledger, "温县", "三季度")
    with pytest.raises(Refused, match="名称"):
        visit_conditions.save(ledger, "  ", one)
    visit_conditions.delete(ledger, "温县")
    assert visit_conditions.saved(ledger) == {"三季度": two}
    assert (
        len(history.operations(ledger)) == operations
    )  # nothing of it is a change that others would receive
    ledger.set_local("visit_filters", "{broken")
    assert visit_conditions.saved(ledger) == {}
    ledger.set_local("visit_filters", '{"旧": {"state": "draft", "of_a_newer_version": 1}, "坏": 3}')
    assert visit_conditions.saved(ledger) == {"旧": Conditions(state="draft")}


def test_conditions_ask_the_ledger_for_what_they_say() -> None:
    f = Conditions().filter(YEAR)
    assert (f.start, f.end, f.states) == ("2022-04-01", "2022-12-31", ())
    f = Conditions(state="submitted", always=True, text="山药", extra="祥云镇").filter(YEAR)
    assert (f.start, f.end, f.states, f.text) == (None, None, ("submitted",), "山药 祥云镇")
    f = Conditions(start="2021-07-01").filter(YEAR)
    assert (f.start, f.end) == ("2021-07-01", None)  # its own dates stand for the period
    assert of_wish({"arrived": True}) == Conditions(state="arrived", always=True)
    assert of_wish({"place": "x", "label": "甲"}) == Conditions(appointment="x", label="甲")
    assert of_wish({"text": "祥云镇", "nonsense": 1, "county": None}) == Conditions(extra="祥云镇")
    assert not Conditions(label="x", always=True).narrowed and Conditions(rule="photo").narrowed


def test_a_reviewer_sees_what_was_changed_since_the_visit_had_passed(ledger: Ledger) -> None:
    record = log(ledger, "演示一", "2022-07-03", content="原来的", trained=3)
    visits.submit(ledger, [record])
    case = reviewing.case(ledger, record)
    assert case is not None and case.pending and case.changed == ()  # never passed
    visits.save(ledger, record, {"content": "审核时的"})
    visits.pass_visits(ledger, [record])
    assert not reviewing.case(ledger, record).pending
    visits.save(ledger, record, {"content": "改一次"})
    visits.save(ledger, record, {"content": "改两次", "trained": 30})
    case = reviewing.case(ledger, record)
    assert case.pending
    told = {c.label: (c.old, c.new) for c in case.changed}
    assert told == {"服务内容": ("审核时的", "改两次"), "培训人数": ("3", "30")}
    visits.delete(ledger, [record])
    assert reviewing.case(ledger, record) is None


def test_what_waits_can_be_made_a_draft_again(ledger: Ledger) -> None:
    states = {
        v.state: v.id
        for v in visits.rows(ledger, visits.listed_rowids(ledger, VisitFilter(), "date", True)).values()
    }
    before = {s: ledger.folded(v).values["review"] for s, v in states.items()}
    outcome = visits.withdraw(ledger, list(states.values()))
    assert set(outcome.records["visit"]) == {states["submitted"], states["returned"]}
    assert ledger.folded(states["passed"]).values["review"] == before["passed"]
    assert ledger.folded(states["submitted"]).values["review"][0] == "draft"


def test_people_of_one_name_are_told_apart(ledger: Ledger) -> None:
    found = makers.listed(ledger, None)
    assert makers.find(found, "演示一").commissioner and makers.find(found, "2022-团-01").name == "演示一"
    twins = [m for m in found if m.name in ("演示一", "演示二")]
    same = [makers.Maker("演示一（2022-团-01）", "演示一", twins[0].commissioner, "a", "2022-团-01"),
            makers.Maker("演示一（2022-团-02）", "演示一", twins[1].commissioner, "b", "2022-团-02")]  # fmt: skip
    assert makers.find(same, "演示一") is None and makers.find(same, "演示一（2022-团-02）") == same[1]
    vacant = next(m for m in found if m.commissioner is None)
    assert vacant.title == vacant.code


def test_several_tables_and_one_that_is_none(ledger: Ledger, tmp_path: Path) -> None:
    head = "特派员,日期,天数,受援县,服务内容\n"
    (tmp_path / "甲.csv").write_text(
        f"{head}演示一,2022-06-01,1,温县,甲\n无此人,2022-06-01,1,温县,乙\n", "utf-8"
    )
    (tmp_path / "乙.csv").write_text(f"{head}演示二,2022-06-02,1,温县,丙\n", "utf-8")
    (tmp_path / "丙.csv").write_text("没有,表头\n1,2\n", "utf-8")
    files = [tmp_path / f"{n}.csv" for n in "甲丙乙"]
    count = len(visits.listed_rowids(ledger, VisitFilter(), "date", True))
    told: list[int] = []
    tried = import_all(ledger, files, True, lambda n, of: told.append(n))
    assert told == [0, 1, 2] and len(visits.listed_rowids(ledger, VisitFilter(), "date", True)) == count
    found = import_all(ledger, files)
    assert [f.sentence for f in found] == [f.sentence for f in tried]
    assert len(visits.listed_rowids(ledger, VisitFilter(), "date", True)) == count + 2
    assert found[1].result is None and "表头" in found[1].refused
    assert save_problems(found, tmp_path / "问题.xlsx") == 2
    (sheet,) = read_table(tmp_path / "问题.xlsx").sheets
    cells = [[str(c) for c in row] for row in sheet.rows]
    assert cells[0] == ["文件", "工作表", "行", "原因"]
    assert cells[1][0] == "甲.csv" and cells[1][2] in ("3", "3.0") and "无此人" in cells[1][3]
    assert cells[2][0] == "丙.csv" and "表头" in cells[2][3]


def test_a_few_words_find_a_visit(ledger: Ledger) -> None:
    record = log(ledger, "演示一", "2023-01-05", "2023-01-07", half_days=5)
    number = ledger.folded(record).values["number"]
    assert [v.id for v in visit_views.matching(ledger, VisitFilter(text=number))] == [record]
    assert [v.id for v in visit_views.matching(ledger, VisitFilter(text="演示一", day="2023-01-06"))] == [
        record
    ]
    assert len(visit_views.matching(ledger, VisitFilter(text="演示"), 5)) == 5
    assert list(visit_views.by_id(ledger, [record, "none"])) == [record]
