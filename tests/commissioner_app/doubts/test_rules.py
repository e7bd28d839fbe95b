"""Every rule points out what it is about and nothing else, through a real ledger file, asked in three ways."""

import datetime as dt
from collections.abc import Callable

import pytest

from commissioner_app import assignments, attachments, batches, doubts, places, visits
from commissioner_app.doubts import TakenPhoto, figures
from commissioner_app.doubts.calendar import day_off
from commissioner_app.ledgers import Ledger
from commissioner_app.people import save_person
from db.ids import new_id
from db.ledger import Draft
from tests.commissioner_app.doubts.conftest import BOAI

NOW = "2022-09-30"
TEXT = "到大玉兰村查看铁棍山药长势，讲解线虫病绿色防控，示范土壤处理。"


def found(ledger: Ledger, visit: str, rule: str, now: str = NOW) -> doubts.Finding | None:
    """The finding of a rule, the same however it is asked for."""
    doubts.forget(ledger)
    alone = doubts.of_visits(ledger, [visit], now)[visit]
    editor = doubts.of_values(ledger, {}, visit, now=now)
    every = doubts.all_of(ledger, now=now)
    listed = doubts.of_visits(ledger, [visit], now)[visit]
    assert {f.rule: f.sentence for f in alone} == {f.rule: f.sentence for f in editor}
    assert {f.rule: (f.sentence, set(f.others), f.count) for f in alone} == {
        f.rule: (f.sentence, set(f.others), f.count) for f in listed
    }
    rowid = visits.rowid_of(ledger, visit)
    assert {f.rule for f in listed} == {r for r in every.counts if rowid in every.rows(r)}
    return next((f for f in listed if f.rule == rule), None)


def photo(ledger: Ledger, visit: str, name: str, sha: str, source: str | None = None, taken: str | None = None,
          kind: str = attachments.PHOTO) -> None:  # fmt: skip
    values = {
        "visit": visit,
        "kind": kind,
        "file_name": name,
        "sha256": sha,
        "source_sha256": source,
        "taken_at": taken,
    }
    ledger.write("照片", [Draft("attachment", new_id(), "insert", values)])


def test_outside_the_service_period(ledger: Ledger, log: Callable) -> None:
    outside = log(day="2022-03-31")
    told = found(ledger, outside, "outside_period")
    assert told and told.sentence == "服务日期 2022-03-31 不在服务期（2022-04-01 至 2023-03-31）内。"
    assert not found(ledger, log(day="2022-04-01"), "outside_period")
    over = log(day="2023-03-30", end="2023-04-02", half=4)
    told = found(ledger, over, "outside_period", "2023-05-01")
    assert told and "2023-03-30 至 2023-04-02" in told.sentence


def test_future(ledger: Ledger, log: Callable) -> None:
    visit = log(day="2022-10-01")
    assert found(ledger, visit, "future_date")
    assert not found(ledger, visit, "future_date", "2022-10-01")
    assert found(ledger, log(day="2022-09-29", end="2022-10-02", half=2), "future_date")


def test_overlap_and_two_counties(ledger: Ledger, log: Callable) -> None:
    morning = log(half=1, times=("09:00", "11:30"))
    assert not found(ledger, morning, "overlap")
    afternoon = log(half=1, times=("14:00", "17:00"), county=BOAI)
    assert not found(ledger, afternoon, "overlap") and not found(ledger, morning, "two_counties")
    other = log("演示乙", half=1, times=("09:00", "11:30"), county=BOAI)
    assert not found(ledger, other, "overlap")
    again = log(half=1, times=("8:30", "10:00"))
    told = found(ledger, again, "overlap")
    assert told and told.others == (morning,) and told.count == 1
    assert told.sentence == "与另外 1 条服务记录占用同一个半天：演示甲 2022-06-01 温县。"
    assert found(ledger, morning, "overlap").others == (again,)
    assert not found(ledger, again, "two_counties") and not found(ledger, afternoon, "overlap")
    elsewhere = log(half=1, times=("10:30", "12:00"), county=BOAI)
    told = found(ledger, elsewhere, "two_counties")
    assert told and set(told.others) == {morning, again} and "温县" in told.sentence
    assert found(ledger, morning, "two_counties").others == (elsewhere,)
    assert not found(ledger, afternoon, "two_counties")


def test_half_days_without_times_overlap_only_where_the_day_is_full(ledger: Ledger, log: Callable) -> None:
    first, second = log(half=1), log(half=1)
    assert not found(ledger, first, "overlap")
    third = log(half=1)
    assert set(found(ledger, first, "overlap").others) == {second, third}


def test_two_counties_only_where_it_is_certain(ledger: Ledger, log: Callable) -> None:
    morning = log(half=1, times=("09:00", "11:30"))
    log(half=1, times=("14:00", "17:00"), county=BOAI)
    either = log(half=1)  # in the morning it is the same county, in the afternoon the other
    assert found(ledger, either, "overlap").count == 2
    assert not found(ledger, either, "two_counties") and not found(ledger, morning, "two_counties")


def test_days_on_the_road_overlap_the_day_they_end(ledger: Ledger, log: Callable) -> None:
    stay = log(day="2022-06-06", end="2022-06-08", half=6)
    last = log(day="2022-06-08", half=1, times=("14:00", "16:00"), county=BOAI)
    assert found(ledger, last, "overlap").others == found(ledger, last, "two_counties").others == (stay,)
    assert found(ledger, stay, "overlap").others == (last,)
    assert not found(ledger, log(day="2022-06-09", half=2), "overlap")


def test_a_teams_day_counts_for_each(ledger: Ledger, log: Callable) -> None:
    team = log("演示甲、演示乙")
    one, other = log("演示甲"), log("演示乙", county=BOAI)
    told = found(ledger, team, "overlap")
    assert told and set(told.others) == {one, other}
    assert found(ledger, one, "overlap").others == (team,)
    assert found(ledger, team, "two_counties").others == (other,)


def test_one_person_at_two_places_or_merged_is_one(ledger: Ledger, log: Callable) -> None:
    one = log("演示甲")
    twin = log("演示乙")
    assert not found(ledger, one, "overlap")
    known = {p.name: p.commissioner for p in places.listed(ledger, None, "2022-09-01") if p.name}
    merge = Draft("commissioner", known["演示乙"], "update", {"merged_into": known["演示甲"]})
    outcome = ledger.write("合并", [merge])
    assert found(ledger, one, "overlap").others == (twin,)
    ledger.undo(outcome.operation, "撤销")
    assert not found(ledger, one, "overlap")


def test_more_days_than_days(ledger: Ledger, log: Callable) -> None:
    told = found(ledger, log(half=3), "days_exceed")
    assert told and told.sentence == "填写了 1.5 天，但 2022-06-01 只有 1 天。"
    assert not found(ledger, log(day="2022-06-02", half=2), "days_exceed")
    assert found(ledger, log(day="2022-06-06", end="2022-06-08", half=7), "days_exceed").sentence.endswith(
        "只有 3 天。"
    )
    assert not found(ledger, log(day="2022-06-13", end="2022-06-15", half=6), "days_exceed")


def test_county_not_assigned(ledger: Ledger, log: Callable) -> None:
    assert not found(ledger, log(), "county_unassigned")
    told = found(ledger, log(day="2022-06-02", county=BOAI), "county_unassigned")
    assert told and told.sentence == "2022-06-02 没有到博爱县服务的安排（当日安排：温县）。"
    told = found(ledger, log("演示丙", day="2022-06-03"), "county_unassigned")
    assert told and "没有安排" in told.sentence
    assert found(ledger, log("演示甲、演示丙", day="2022-06-07"), "county_unassigned")
    place = next(p for p in places.listed(ledger, None, "2022-09-01") if p.name == "演示甲")
    batch = batches.all_batches(ledger)[0]
    assignments.move(ledger, batch, [place], BOAI, "2022-06-20")
    assert not found(ledger, log(day="2022-06-19", half=1), "county_unassigned")
    assert found(ledger, log(day="2022-06-20"), "county_unassigned")
    assert found(ledger, log(day="2022-06-18", end="2022-06-21"), "county_unassigned")


def test_nearly_the_same_text(ledger: Ledger, log: Callable) -> None:
    first = log(content=TEXT)
    assert not found(ledger, first, "near_text")
    copy = log("演示乙", day="2022-07-05", content=TEXT.replace("，", ", ").replace("长势", "的长势"))
    told = found(ledger, copy, "near_text")
    assert told and told.others == (first,)
    assert told.sentence == "服务内容与演示甲 2022-06-01 温县相同或几乎相同（99%）。"
    assert found(ledger, first, "near_text").others == (copy,)
    assert not found(
        ledger, log(content="到陈家沟指导小麦一喷三防，解答农户提问，示范土壤处理。"), "near_text"
    )
    short = log(content="查看长势", day="2022-07-08")
    log(content="查看长势", day="2022-07-09")
    assert not found(ledger, short, "near_text")


def test_photos_missing_of_another_day_reused(ledger: Ledger, log: Callable) -> None:
    visit = log()
    assert found(ledger, visit, "photo_missing")
    photo(ledger, visit, "签字.jpg", "s", kind=attachments.SCAN)
    assert found(ledger, visit, "photo_missing")
    photo(ledger, visit, "微信.jpg", "a1", "a0")
    assert not found(ledger, visit, "photo_missing") and not found(ledger, visit, "photo_other_day")
    photo(ledger, visit, "当天.jpg", "b1", "b0", "2022-06-01T09:12:00")
    assert not found(ledger, visit, "photo_other_day")
    photo(ledger, visit, "前天.jpg", "c1", "c0", "2022-05-30T09:12:00")
    told = found(ledger, visit, "photo_other_day")
    assert told and told.sentence == "照片不是服务当天拍摄的：“前天.jpg”拍摄于 2022-05-30。"
    assert not found(ledger, visit, "photo_reused")
    remote = log(day="2022-06-09", ways=["远程指导"])
    assert not found(ledger, remote, "photo_missing")
    assert found(ledger, log(day="2022-06-10", ways=["远程指导", "现场指导"]), "photo_missing")
    several = log(day="2022-06-13", end="2022-06-15", half=4)
    photo(ledger, several, "中间.jpg", "d1", "d0", "2022-06-14T09:12:00")
    assert not found(ledger, several, "photo_other_day")


@pytest.mark.parametrize(("sha", "source"), [("a1", None), ("x1", "a0"), ("a0", None)])
def test_a_photo_is_known_by_its_bytes_and_by_its_source(
    ledger: Ledger, log: Callable, sha: str, source: str | None
) -> None:
    one, other = log(), log("演示乙", day="2022-07-04")
    photo(ledger, one, "田间.jpg", "a1", "a0")
    photo(ledger, one, "田间(1).jpg", "a1", "a0")  # twice at the same visit is no doubt
    photo(ledger, other, "别的.jpg", "z1", "z0")
    assert not found(ledger, one, "photo_reused")
    photo(ledger, other, "又一张.jpg", sha, source)
    told = found(ledger, other, "photo_reused")
    assert told and told.others == (one,)
    assert told.sentence == "照片“又一张.jpg”还用于：演示甲 2022-06-01 温县。"
    assert found(ledger, one, "photo_reused").others == (other,)
    visits.delete(ledger, [one])
    assert not found(ledger, other, "photo_reused")


def test_figures_far_above_the_usual(ledger: Ledger, log: Callable) -> None:
    days = [f"2022-06-{n:02d}" for n in range(1, 11)]
    usual = [log(day=d, trained=20 + n, households=5, ways=["技术培训"]) for n, d in enumerate(days)]
    assert not any(found(ledger, v, "unusual_figures") for v in usual[:2])
    large = log(day="2022-06-20", trained=2500, households=6, ways=["技术培训"])
    told = found(ledger, large, "unusual_figures")
    assert (
        told and told.sentence == "培训人数 2500（平时约 25），远高于本人平时的数字，请核对是否多写了一位。"
    )
    assert not found(ledger, usual[0], "unusual_figures")
    assert found(ledger, log(day="2022-06-21", households=300), "unusual_figures")
    assert not found(ledger, log(day="2022-06-22", trained=60, ways=["技术培训"]), "unusual_figures")
    assert not found(
        ledger, log("演示乙", day="2022-06-23", trained=2500), "unusual_figures"
    )  # nothing to compare with


def test_what_is_usual() -> None:
    def unusual(*values: int, training: tuple[int, ...] = ()) -> set[int]:
        kinds = [(v, False) for v in values] + [(v, True) for v in training]
        return {v for v, _ in figures.unusual(kinds, at_least=8, spread=5, least=20)}

    assert unusual(*[1] * 8, 19) == set()  # below 20 nothing claims much
    assert unusual(*[1] * 8, 20) == {20}
    assert unusual(*[30] * 9, 40, 100) == set()
    assert unusual(*[30] * 9, 110) == {110}
    assert unusual(*[2] * 40, training=(35, 40, 45) * 3) == set()  # trainings among themselves
    assert unusual(*[2] * 40, training=(400,)) == {400}  # too few of them: held against all
    assert unusual(*[20, 25] * 3, 9000) == set()  # too few to know
    assert unusual(*[5, 8, 12, 20, 30, 45, 60, 90, 120], 200) == set()  # who writes everything


def test_days_off_are_a_hint(ledger: Ledger, log: Callable) -> None:
    told = found(ledger, log(day="2022-06-03"), "day_off")  # a Friday, 端午节
    assert told and told.severity == "hint" and told.sentence == "2022-06-03 是端午节假期。"
    assert found(ledger, log(day="2022-06-12"), "day_off").sentence == "2022-06-12 是星期日。"
    assert not found(ledger, log(day="2022-10-08"), "day_off", "2022-12-01")  # a Saturday worked (调休)
    assert not found(ledger, log(day="2022-06-13"), "day_off")
    assert not found(ledger, log(day="2022-06-17", end="2022-06-20", half=4), "day_off")  # Friday and Monday
    assert found(ledger, log(day="2022-06-24", end="2022-06-27", half=6), "day_off")


def test_beyond_the_calendars_years_only_weekends_count() -> None:
    def of(text: str) -> str:
        return day_off(dt.date.fromisoformat(text).toordinal())

    assert (of("1999-10-01"), of("1999-10-02")) == ("", "星期六")
    assert (of("2099-10-01"), of("2099-10-03")) == ("", "星期六")
    assert (of("2022-10-01"), of("2022-10-09")) == ("国庆节假期", "")


def test_a_visit_that_is_not_saved_yet(ledger: Ledger, log: Callable) -> None:
    kept = log(content=TEXT, half=2)
    photo(ledger, kept, "田间.jpg", "a1", "a0")
    values = log.values(content=TEXT, half=2, county=BOAI)  # type: ignore[attr-defined]
    told = {f.rule: f for f in doubts.of_values(ledger, values, now=NOW)}
    assert set(told) == {"overlap", "two_counties", "county_unassigned", "near_text"}
    assert all(f.visit == "" and not f.answered for f in told.values())
    assert told["near_text"].others == (kept,)
    assert told["county_unassigned"].sentence == "2022-06-01 没有到博爱县服务的安排（当日安排：温县）。"
    assert "photo_missing" in {f.rule for f in doubts.of_values(ledger, values, photos=[], now=NOW)}
    held = [TakenPhoto("新.jpg", "x", "a0", "2022-05-01T08:00:00")]
    told = {f.rule: f for f in doubts.of_values(ledger, values, photos=held, now=NOW)}
    assert (
        told["photo_reused"].others == (kept,) and "photo_other_day" in told and "photo_missing" not in told
    )
    assert doubts.of_values(ledger, {}, now=NOW) == []
    assert doubts.of_values(ledger, {"time": ["2022-13-45", None, None, None, 1]}, now=NOW) == []


def test_what_an_editor_holds_goes_before_what_is_saved(ledger: Ledger, log: Callable) -> None:
    log(content=TEXT)
    visit = log(content=TEXT)
    assert {"overlap", "near_text"} <= {f.rule for f in doubts.of_values(ledger, {}, visit, now=NOW)}
    changed = {
        "time": ["2022-06-02", None, None, None, 2],
        "content": "走访加工企业，梳理山药粉护色工艺技术需求三项。",
    }
    assert {f.rule for f in doubts.of_values(ledger, changed, visit, now=NOW)} == {"photo_missing"}


def test_foreign_values_stop_nothing(ledger: Ledger, log: Callable) -> None:
    log()
    values = [
        {"who": [["x"], "y", [1, 2], None]}, {"time": ["2022-06-31", "x", "y", "z", -3]}, {"where": ["火星", None, None]},
        {"ways": ["技术培训"], "trained": -5}, {"content": "\U0002b74e" * 30}, {"time": ["0001-01-01", "9999-12-31", None, None, 9]},
    ]  # fmt: skip
    for each in values:
        ledger.write("外来", [Draft("visit", new_id(), "insert", each)])
    every = doubts.all_of(ledger, now=NOW)
    assert every.visits >= 1
    with ledger.read() as connection:
        ids = [row[0] for row in connection.exec_driver_sql("SELECT id FROM visit")]
    assert len(doubts.of_visits(ledger, ids, NOW)) == 7
    assert doubts.of_visits(ledger, ["nobody"], NOW) == {"nobody": []}


def test_a_place_that_is_gone(ledger: Ledger, log: Callable) -> None:
    record = save_person(ledger, None, {"name": "演示丁"}).records["commissioner"][0]
    visit = log(who="演示甲")
    visits.save(ledger, visit, {"who": [["gone", record]]})
    rules = {f.rule for f in doubts.of_visits(ledger, [visit], NOW)[visit]}
    assert rules == {"county_unassigned", "photo_missing"}
