"""What helps while a visit is typed: days from times, with what a visit opens, a copy's day; reasons and photos in one save."""

from pathlib import Path

import pytest
from PIL import Image

from commissioner_app import (
    attachments,
    batches,
    demo,
    history,
    intake,
    places,
    suggestions,
    visit_entry,
    visits,
)
from commissioner_app.divisions import Divisions
from commissioner_app.ledgers import Ledger
from db.check import check
from db.queries.visits import VisitFilter


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory):
    with demo.make(tmp_path_factory.mktemp("d") / "演示.ktledger", 60) as made:
        yield made


@pytest.mark.parametrize(
    ("date", "end", "start", "until", "half_days"),
    [
        ("2022-07-03", None, "09:00", "11:30", 1),
        ("2022-07-03", None, "09:00", "13:00", 1),
        ("2022-07-03", None, "09:00", "13:01", 2),
        ("2022-07-03", None, "09:00", "16:00", 2),
        ("2022-07-03", None, "16:00", "09:00", None),
        ("2022-07-03", None, "09:00", None, None),
        (None, None, "09:00", "11:30", 1),
        ("2022-07-03", "2022-07-05", None, None, 6),
        ("2022-07-03", "2022-07-05", "14:00", "11:00", 4),
        ("2022-07-03", "2022-07-03", "09:00", "11:00", 1),
        ("2022-07-31", "2022-08-01", None, None, 4),
    ],
)
def test_days_follow_from_times_and_dates(
    date: str | None, end: str | None, start: str | None, until: str | None, half_days: int | None
) -> None:
    assert visit_entry.half_days_of(date, end, start, until) == half_days


@pytest.mark.parametrize(
    ("text", "half_days"),
    [("0.5", 1), ("1", 2), ("1.5天", 3), ("半天", 1), ("全天", 2), ("0.3", None), ("0", None), ("-1", None), ("", None),
     ("nan", None), ("inf", None), ("一", None), (" 2 ", 4)],
)  # fmt: skip
def test_days_as_they_are_written(text: str, half_days: int | None) -> None:
    assert visit_entry.half_days_typed(text) == half_days


def test_a_visit_opens_where_its_commissioner_was_last(ledger: Ledger) -> None:
    batch = batches.all_batches(ledger)[0]
    found = places.listed(ledger, batch)
    day = batches.reference_day(batch)
    row = next(
        iter(visits.rows(ledger, visits.listed_rowids(ledger, VisitFilter(), "date", True)[:1]).values())
    )
    opened = visits.open_visit(ledger, row.id)
    place = next(p for p in found if p.id == opened.values["who"][0][0])
    told = visit_entry.opening(ledger, place, day)
    assert (told.county, told.township) == (row.county, row.township)
    assert told.recipient == opened.recipient_name != ""
    nobody = next(p for p in found if not p.people)
    assert visit_entry.opening(ledger, nobody, day, "410825").recipient == ""
    assert visit_entry.opening(ledger, None, day, "410825") == visit_entry.Opening("410825", None)


def test_the_day_of_a_new_visit(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = batches.all_batches(ledger)[0]

    def day(now: str, after: str | None = None) -> str | None:
        monkeypatch.setattr(visit_entry, "today", lambda: now)
        return visit_entry.likely_day(batch, "2022-04-01", "2022-12-31", after)

    assert day("2022-07-03") == "2022-07-03"
    assert day("2023-02-01") == "2023-02-01"  # after the evaluation period the service goes on
    assert day("2026-01-01") is None
    assert day("2026-01-01", "2022-12-31") == "2023-01-01"
    assert day("2026-01-01", "7月3日") is None


def test_a_copy_lasts_as_long_and_leaves_the_review_behind(ledger: Ledger) -> None:
    values = {"who": visits.who_of([], ["x"], ""), "time": ["2022-07-03", "2022-07-05", None, None, 6],
              "where": ["410825", None, None], "content": "演示", "satisfaction": "满意", "typical": True}  # fmt: skip
    values["who"] = visits.open_visit(ledger, next(iter(visits.rows(ledger, [1, 2, 3]).values())).id).values[
        "who"
    ]
    outcome = visits.save(ledger, None, values, recipient_name="演示合作社", submit=True)
    copy = visits.duplicate_values(ledger, outcome.records["visit"][0], "2022-08-30")
    assert copy["time"] == ["2022-08-30", "2022-09-01", None, None, 6] and copy["content"] == "演示"
    assert not {"number", "review", "satisfaction", "typical"} & copy.keys()


def test_a_reason_stands_in_the_review_with_the_change_and_goes_with_it(ledger: Ledger) -> None:
    rowids = visits.listed_rowids(ledger, VisitFilter(states=("passed",)), "date", True)
    visit = visits.rows(ledger, rowids[:1])[rowids[0]].id
    before = ledger.folded(visit).values
    outcome = visits.save(ledger, visit, {"trained": 77}, reason=" 数字写错 ")
    assert ledger.folded(visit).values["review"] == ["submitted", None, "修改原因：数字写错", None]
    assert len(history.operation_steps(ledger, outcome.operation)) == 2  # in one operation
    ledger.undo(outcome.operation, "撤销")
    assert ledger.folded(visit).values == before
    # One that has not passed needs no reason and keeps none.
    other = visits.rows(
        ledger, (r := visits.listed_rowids(ledger, VisitFilter(states=("submitted",)), "date", True))[:1]
    )[r[0]].id
    visits.save(ledger, other, {"trained": 5}, reason="不用")
    assert ledger.folded(other).values["review"] == ["submitted", None, None, None]


def test_photos_come_with_the_visit_in_one_operation(ledger: Ledger, tmp_path: Path) -> None:
    Image.effect_noise((80, 60), 40).convert("RGB").save(tmp_path / "a.jpg")
    ready = [f for _, f in intake.prepare(ledger, [tmp_path / "a.jpg", tmp_path / "a.jpg"]).files]
    who = visits.open_visit(ledger, visits.rows(ledger, [1])[1].id).values["who"]
    values = {
        "who": who,
        "time": ["2022-07-03", None, None, None, 1],
        "where": ["410825", None, None],
        "content": "演示",
    }
    outcome = visits.save(ledger, None, values, attach=ready)
    (visit,) = outcome.records["visit"]
    (row,) = attachments.listed(ledger, "visit", visit)
    assert row.here and row.kind == "照片" and outcome.records["attachment"] == [row.id]
    folded = ledger.folded(row.id).values
    assert folded["county"] == "410825" and folded["places"] == [
        who[0][0]
    ]  # so its rights follow the visit's
    attachments.set_caption(ledger, row.id, " 现场讲解 ")
    attachments.set_kind(ledger, row.id, "签字单")
    (row,) = attachments.listed(ledger, "visit", visit)
    assert (row.caption, row.kind) == ("现场讲解", "签字单")
    assert not check(ledger).faults


def test_suggestions_come_from_what_was_used_and_the_near_first(ledger: Ledger) -> None:
    known = suggestions.load(ledger, Divisions.of(ledger))
    topics = dict(known.texts["topic"])
    assert "hsy" in topics["怀山药"] and known.lists["ways"][0] == "现场指导"
    assert "演示脱毒种苗" in known.lists["varieties"] and "水肥一体化" in known.lists["techniques"]
    found = suggestions.fitting(known.recipients, "ysjt", ["410825", "410825103", None])
    assert {r.name for r in found} == {"演示家庭农场"} and len(found) == 2
    assert found[0].where[0] == "410825"
    assert suggestions.fitting(known.recipients, " ", [None, None, None]) == []
