"""What is kept in memory is at every moment what a reading from scratch finds; answers; rules that are changed."""

import random
from collections.abc import Callable

import pytest

from commissioner_app import assignments, attachments, batches, doubts, history, ledgers, places, visits
from commissioner_app.doubts import desk, rules
from commissioner_app.labels import Reader
from commissioner_app.ledgers import Ledger
from commissioner_app.visits import VisitFilter
from db.check import check
from db.errors import Refused
from db.ids import new_id
from db.journal.changes import ChangeId
from db.ledger import Draft
from tests.commissioner_app.doubts.conftest import BOAI, WEN
from tests.office import Office

NOW = "2022-09-30"
WORDS = (
    "查看铁棍山药长势讲解线虫病防控",
    "查看铁棍山药长势讲解线虫病绿色防控",
    "开展怀地黄育苗技术培训发放资料",
    "短",
)


def everything(ledger: Ledger, ids: list[str]) -> object:
    every = doubts.all_of(ledger, now=NOW)
    told = doubts.of_visits(ledger, ids, NOW)
    findings = {v: {f.rule: (f.sentence, set(f.others), f.count, f.answer) for f in told[v]} for v in ids}
    for found in findings.values():
        if "near_text" in found:  # which of several is named first depends on when it came
            found["near_text"] = ("", found["near_text"][1], *found["near_text"][2:])
    return every.counts, every.open_rows, every.answered_rows, findings


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_what_a_reading_from_scratch_finds(ledger: Ledger, log: Callable, seed: int) -> None:
    rng = random.Random(seed)
    other = ledgers.open_ledger(ledger.path)  # a second program that writes into the same file
    batch = batches.all_batches(ledger)[0]
    found = [p for p in places.listed(ledger, batch, "2022-06-01") if p.name]
    ids = [log("演示甲", day="2022-06-01", content=WORDS[0])]
    outcomes: list[ChangeId] = []
    doubts.all_of(ledger, now=NOW)

    def values() -> dict[str, object]:
        who = rng.sample(["演示甲", "演示乙", "演示丙"], rng.choice((1, 1, 2)))
        return log.values(  # type: ignore[attr-defined, no-any-return]
            "、".join(who), f"2022-06-0{rng.randrange(1, 5)}", rng.randrange(1, 3), content=rng.choice(WORDS),
            county=rng.choice((WEN, BOAI)), trained=rng.choice((None, 20, 25, 3000)), times=rng.choice(((None, None), ("09:00", "11:00"))),
        )  # fmt: skip

    for _ in range(25):
        on = rng.choice((ledger, ledger, other))
        match rng.randrange(7):
            case 0 | 1 | 2:
                outcome = visits.save(on, None, values())
                ids += outcome.records["visit"]
            case 3:
                outcome = visits.save(on, rng.choice(ids), values())
            case 4:
                outcome = visits.delete(on, [rng.choice(ids)])
            case 5:
                photo = {
                    "visit": rng.choice(ids),
                    "kind": attachments.PHOTO,
                    "file_name": "a.jpg",
                    "sha256": rng.choice("ab"),
                }
                outcome = on.write("照片", [Draft("attachment", new_id(), "insert", photo)])
            case _:
                if outcomes and rng.random() < 0.6:
                    outcome = on.undo(outcomes.pop(rng.randrange(len(outcomes))), "撤销")
                else:
                    outcome = assignments.move(
                        on, batch, [rng.choice(found)], rng.choice((WEN, BOAI, None)), "2022-06-02"
                    )
        if outcome.operation:
            outcomes.append(outcome.operation)
        if rng.random() < 0.6:
            kept = everything(ledger, ids)
            doubts.forget(ledger)
            assert everything(ledger, ids) == kept
    other.close()


def test_what_is_settled_is_no_longer_told(ledger: Ledger, log: Callable) -> None:
    ids = [log(content=WORDS[0]), log(content=WORDS[1])]
    for visit in ids:
        photo = {"visit": visit, "kind": attachments.PHOTO, "file_name": "a.jpg", "sha256": "a"}
        ledger.write("照片", [Draft("attachment", new_id(), "insert", photo)])
    shared = ("overlap", "near_text", "photo_reused")

    def counted() -> list[int]:
        counts = doubts.all_of(ledger, now=NOW).counts
        return [counts[rule].open for rule in shared]

    assert counted() == [2, 2, 2]
    gone = visits.delete(ledger, ids[:1])
    assert counted() == [0, 0, 0]
    ledger.undo(gone.operation, "撤销")
    assert counted() == [2, 2, 2]


def test_many_changes_at_once_are_read_anew(
    ledger: Ledger, log: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "BULK", 3)
    monkeypatch.setattr(desk, "MANY", 1)
    ids = [log(content=WORDS[0])]
    doubts.all_of(ledger, now=NOW)
    for _ in range(5):
        ids.append(log(content=WORDS[1]))
    kept = everything(ledger, ids)
    doubts.forget(ledger)
    assert everything(ledger, ids) == kept
    assert doubts.all_of(ledger, now=NOW).counts["near_text"].open == 6


def test_a_page_that_opens_reads_nothing_anew(
    ledger: Ledger, log: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [log(), log()]
    doubts.all_of(ledger, now=NOW)
    monkeypatch.setattr(desk.queries, "visits", None)
    monkeypatch.setattr(desk.queries, "texts", None)
    assert doubts.all_of(ledger, now=NOW).counts["overlap"].open == 2
    doubts.answer(ledger, ids, "overlap", "两条是同一天上下午")
    assert doubts.all_of(ledger, now=NOW).counts["overlap"].answered == 2
    doubts.change(ledger, "overlap", enabled=False, sentence="重叠")
    assert "overlap" not in doubts.all_of(ledger, now=NOW).counts
    assert doubts.of_visits(ledger, ids, NOW)[ids[0]]


def test_tomorrow_is_no_longer_the_future(ledger: Ledger, log: Callable) -> None:
    log(day="2022-10-01")
    assert doubts.all_of(ledger, now=NOW).counts["future_date"].open == 1
    assert doubts.all_of(ledger, now="2022-10-01").counts["future_date"].open == 0


def test_counts_of_a_filter(ledger: Ledger, log: Callable) -> None:
    log(day="2022-06-05"), log(day="2022-06-07"), log("演示乙", day="2022-07-03")
    every = doubts.all_of(ledger, now=NOW)
    assert (every.counts["photo_missing"].open, every.counts["day_off"].open, every.visits) == (3, 2, 3)
    june = doubts.all_of(ledger, VisitFilter("2022-06-01", "2022-06-30"), NOW)
    assert (june.counts["photo_missing"].open, june.counts["day_off"].open) == (2, 1)
    assert june.rows("day_off") < june.rows() and len(june.rows()) == 2
    remote = log(day="2022-06-12", ways=["远程指导"])  # a Sunday, and no photo is asked for
    assert doubts.of_visits(ledger, [remote], NOW)[remote][0].severity == "hint"
    assert doubts.all_of(ledger, now=NOW).visits == 3
    visits.delete(ledger, [remote])
    listing = visits.listing(ledger, VisitFilter("2022-06-01", "2022-06-30"), "date", False)
    assert set(listing.rowids) == june.rows()


def test_answers_are_given_changed_taken_back_and_undone(ledger: Ledger, log: Callable) -> None:
    ids = [log(), log(day="2022-06-07")]

    def answers() -> list[str | None]:
        told = doubts.of_visits(ledger, ids, NOW)
        return [next(f.answer for f in told[v] if f.rule == "photo_missing") for v in ids]

    assert answers() == [None, None]
    with pytest.raises(Refused, match="请写明情况"):
        doubts.answer(ledger, ids, "photo_missing", "  ")
    with pytest.raises(Refused, match="没有这条"):
        doubts.answer(ledger, ids, "nonsense", "好")
    given = doubts.answer(ledger, ids, "photo_missing", "手机损坏，有签字单")
    assert answers() == ["手机损坏，有签字单"] * 2 and len(given.records["doubt_answer"]) == 2
    count = doubts.all_of(ledger, now=NOW).counts["photo_missing"]
    assert (count.open, count.answered) == (0, 2)
    assert doubts.all_of(ledger, now=NOW).visits == 0
    assert len(doubts.all_of(ledger, now=NOW).rows("photo_missing", answered=True)) == 2
    again = doubts.answer(ledger, ids[:1], "photo_missing", "已补照片")
    assert answers() == ["已补照片", "手机损坏，有签字单"]
    ledger.undo(again.operation, "撤销")
    assert answers() == ["手机损坏，有签字单"] * 2
    back = doubts.take_back(ledger, ids, "photo_missing")
    assert answers() == [None, None]
    assert doubts.take_back(ledger, ids, "photo_missing").operation is None
    doubts.answer(ledger, ids[:1], "photo_missing", "再次说明")
    assert answers() == ["再次说明", None]
    assert back.operation and not check(ledger).faults
    assert "没有照片" in [
        s.new for s in history.record_history(ledger, next(iter(given.records["doubt_answer"])))
    ]
    labels = [o.label for o in history.operations(ledger)][:5]
    assert "说明“没有照片” 2 条" in labels and "撤回说明“没有照片” 2 条" in labels


def test_an_answer_of_one_office_reaches_the_others(office: Office) -> None:
    visit = office.visit("c")
    office.settle()
    doubts.answer(office["w"], [visit], "photo_missing", "县里核实过")
    office.settle()
    for name in "bwc":
        told = {f.rule: f.answer for f in doubts.of_visits(office[name], [visit], NOW)[visit]}
        assert told["photo_missing"] == "县里核实过"
    doubts.answer(office["c"], [visit], "photo_missing", "照片已补")
    office.settle()
    told = {f.rule: f.answer for f in doubts.of_visits(office["b"], [visit], NOW)[visit]}
    assert told["photo_missing"] == "照片已补"


def test_rules_are_changed_kept_and_taken_back(ledger: Ledger, log: Callable) -> None:
    log(content=WORDS[0])
    near = log(content=WORDS[1], day="2022-06-07")
    assert doubts.all_of(ledger, now=NOW).counts["near_text"].open == 2
    outcome = doubts.change(ledger, "near_text", percent=99, severity="hint", sentence="{who}：{percent}%")
    assert doubts.all_of(ledger, now=NOW).counts["near_text"].open == 0
    assert (rules.of(ledger)["near_text"].severity, rules.of(ledger)["near_text"]["least"]) == ("hint", 10)
    doubts.change(ledger, "near_text", percent=90)
    told = {f.rule: f for f in doubts.of_visits(ledger, [near], NOW)[near]}["near_text"]
    assert (told.severity, told.sentence[:5]) == ("hint", "演示甲：9")
    with ledger.read() as connection:
        kept = rules.names.setting(connection, rules.SETTING)
    assert kept == {"doubts": {"near_text": {"severity": "hint", "sentence": "{who}：{percent}%"}}}
    doubts.reset(ledger, "near_text")
    assert rules.of(ledger) == rules.shipped() and doubts.reset(ledger, "near_text").operation is None
    assert outcome.operation
    ledger.undo(outcome.operation, "撤销")
    assert not check(ledger).faults
    step = history.record_history(ledger, rules.SETTING, Reader(ledger))
    assert any("内容雷同：相同程度超过（%） 99，“{who}：{percent}%”，提示" in s.new for s in step)


@pytest.mark.parametrize(
    "wish",
    [{"percent": 100}, {"percent": "90"}, {"percent": True}, {"least": 0}, {"severity": "bad"}, {"enabled": 1},
     {"sentence": " "}, {"sentence": "{secret}"}, {"sentence": "{others"}, {"sentence": "{}"}, {"what": 1}],
)  # fmt: skip
def test_what_a_rule_cannot_be_changed_to(ledger: Ledger, wish: dict[str, object]) -> None:
    with pytest.raises(Refused):
        doubts.change(ledger, "near_text", **wish)
    with pytest.raises(Refused):
        doubts.change(ledger, "nonsense", enabled=False)
    with pytest.raises(Refused):
        doubts.change(ledger, "photo_other_day", days=True)
    assert rules.of(ledger) == rules.shipped()


def test_broken_changes_fall_back_with_a_sentence(ledger: Ledger, log: Callable) -> None:
    broken = {
        "near_text": {"percent": 900, "enabled": "no", "least": 12}, "overlap": {"afternoon_from": "noon"}, "newer": {},
        "day_off": 7, "photo_missing": {"ways_without": ["远程指导", "技术咨询 "], "sentence": "{x}"},
    }  # fmt: skip
    value = {"key": "doubts", "value": {"doubts": broken}}
    ledger.write("外来", [Draft("setting", rules.SETTING, "insert", value)])
    found = rules.of(ledger)
    assert len(found.problems) == 6 and all("“" in p and p.endswith("。") for p in found.problems)
    assert (found["near_text"]["percent"], found["near_text"]["least"], found.on("near_text")) == (
        90,
        12,
        True,
    )
    assert found["photo_missing"]["ways_without"] == ["远程指导", "技术咨询"]
    log()
    assert doubts.all_of(ledger, now=NOW).problems == found.problems
    assert rules.merged(["x"]).problems and not rules.merged({}).problems
    assert rules.merged(["x"]) == rules.shipped()
    doubts.change(ledger, "day_off", enabled=False)
    assert not rules.of(ledger).on("day_off") and len(rules.of(ledger).problems) == 5


def test_what_ships_is_whole() -> None:
    found = rules.shipped()
    assert len(found.rules) == 12 and all(r.enabled and r.why and r.source for r in found.rules.values())
    assert [r.id for r in found.rules.values() if r.severity == "hint"] == ["day_off"]
    for rule in found.rules.values():
        assert rule.checked_sentence(rule.sentence) == rule.sentence
        assert all(p.checked(p.value) == p.value for p in rule.parameters.values())
