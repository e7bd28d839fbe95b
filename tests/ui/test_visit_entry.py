"""Logging a visit fast: what it opens with, one field for the place, suggestions, teams, copies, keys."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from commissioner_app import batches, places, visit_entry, visits
from commissioner_app.ledgers import Ledger, NewLedger, create
from db.queries.visits import VisitFilter, VisitRow
from tests.ui.holds import held
from ui.context import Context
from ui.main_window import LedgerWindow
from ui.visits import beginning
from ui.visits.page import VisitsPage

Settle = Callable[[], None]
CTRL = Qt.KeyboardModifier.ControlModifier


def rows(ledger: Ledger, **f: Any) -> list[VisitRow]:
    rowids = visits.listed_rowids(ledger, VisitFilter(**f), "date", True)
    found = visits.rows(ledger, rowids)
    return [found[r] for r in rowids]


def newest(ledger: Ledger) -> VisitRow:
    """The visit that was logged last."""
    found = visits.rows(ledger, visits.listed_rowids(ledger, VisitFilter(), "date", True))
    return found[max(found)]


@pytest.fixture
def page(open_page: Callable[..., VisitsPage], small_ledger: Ledger, settle: Settle) -> VisitsPage:
    made = open_page(VisitsPage, small_ledger)
    settle()
    return made


def begin(page: VisitsPage, qtbot: QtBot, settle: Settle) -> Any:
    page.show_item("new")
    settle()
    qtbot.waitUntil(lambda: page.editor.hints.gazetteer is not None, timeout=10_000)
    assert page.editor.is_new
    return page.editor.fields


def type_place(page: VisitsPage, qtbot: QtBot, text: str) -> None:
    place = page.editor.fields.place
    place.setFocus()
    place.selectAll()
    qtbot.keyClicks(place, text)


def shown(place: Any) -> list[tuple[str, str]]:
    return [(hit.title, hit.caption) for hit in place.drop.hits()]


def test_a_visit_opens_with_whom_was_looked_at_and_where_they_were_last(
    page: VisitsPage, small_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    first = rows(small_ledger)[0]
    page.show_item(first.id)
    settle()
    f = begin(page, qtbot, settle)
    assert f.who.values() == [first.names]
    assert f.place.where() == [first.county, first.township, None]
    assert f.recipient.text() == first.recipient_name != ""
    assert not page.editor.dirty  # nothing has been typed: Esc leaves without a question
    qtbot.keyClick(f.content, Qt.Key.Key_Escape)
    assert not page.editor.isVisible()


def test_choosing_somebody_else_takes_the_place_of_the_guess_and_brings_their_county(
    page: VisitsPage, small_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    found = rows(small_ledger)
    mine, theirs = found[0], next(r for r in found if r.county != found[0].county and "、" not in r.names)
    page.show_item(mine.id)
    settle()
    f = begin(page, qtbot, settle)
    f.who.toggle(theirs.names)
    settle()
    assert f.who.values() == [theirs.names]
    assert f.place.where()[0] == next(r for r in found if r.names == theirs.names).county
    # The second one is no longer a guess: both are meant. A place that was typed stays.
    type_place(page, qtbot, "xyz")
    qtbot.keyClick(f.place, Qt.Key.Key_Return)
    f.who.toggle(mine.names)
    settle()
    assert sorted(f.who.values()) == sorted([mine.names, theirs.names]) and f.place.text() == "温县 祥云镇"
    for name in (mine.names, theirs.names, "演示二"):
        f.who.toggle(name)
        settle()
    assert f.who.values() == ["演示二"] and f.place.text() == "温县 祥云镇"


def test_the_person_logged_for_last_comes_again_after_a_restart(
    page: VisitsPage, small_ledger: Ledger, open_page: Callable[..., VisitsPage], qtbot: QtBot, settle: Settle
) -> None:
    place = next(
        p for p in places.listed(small_ledger, batches.all_batches(small_ledger)[0]) if p.name == "演示三"
    )
    visit_entry.remember_place(small_ledger, place.id)
    page.table.clearSelection()
    page._closed()
    settle()
    assert begin(page, qtbot, settle).who.values() == ["演示三"]


def test_a_commissioner_opens_as_themselves_and_names_others_besides(
    page: VisitsPage, small_ledger: Ledger, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, settle: Settle
) -> None:
    mine = next(
        p for p in places.listed(small_ledger, batches.all_batches(small_ledger)[0]) if p.name == "演示三"
    )
    page._context.role = "commissioner"
    monkeypatch.setattr(beginning.exchange, "own", lambda _ledger: SimpleNamespace(place=mine.id))
    f = begin(page, qtbot, settle)
    assert f.who.values() == ["演示三"]
    f.who.toggle("演示二")
    assert sorted(f.who.values()) == ["演示三", "演示二"]


def test_what_is_being_read_does_not_push_away_what_is_being_begun(
    page: VisitsPage, small_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    with held():
        page.show_item(rows(small_ledger)[5].id)
        page.show_item("new")
        page.editor.fields.content.setPlainText("正在写的")
    settle()
    assert page.editor.is_new and page.editor.fields.content.toPlainText() == "正在写的"


def test_the_place_in_one_field_by_initials(page: VisitsPage, qtbot: QtBot, settle: Settle) -> None:
    f = begin(page, qtbot, settle)
    type_place(page, qtbot, "xy")
    assert shown(f.place)[0] == ("祥云镇", "温县")
    qtbot.keyClick(f.place, Qt.Key.Key_Return)
    assert f.place.text() == "温县 祥云镇" and f.place.where() == ["410825", "410825101", None]
    # A village is looked for nearby first, and brings its township and county.
    type_place(page, qtbot, "dyl")
    assert shown(f.place)[:2] == [("大玉兰", "温县 祥云镇"), ("东延陵", "修武县 王屯乡")]
    qtbot.keyClick(f.place, Qt.Key.Key_Down)
    qtbot.keyClick(f.place, Qt.Key.Key_Return)
    assert f.place.text() == "修武县 王屯乡 东延陵"
    # Leaving the field takes the first hit for letters.
    type_place(page, qtbot, "wx dyl")
    f.content.setFocus()
    assert f.place.where() == ["410825", "410825101", "410825101219"]


def test_a_place_that_is_not_in_the_table_stays_in_words_and_one_that_is_there_twice_is_asked(
    page: VisitsPage, qtbot: QtBot, settle: Settle
) -> None:
    f = begin(page, qtbot, settle)
    f.place.set_where(["410825", "410825101", None])
    f.place.setFocus()
    f.place.setText("老苗圃")  # QTest types ASCII only
    f.place.textEdited.emit("老苗圃")
    assert shown(f.place)[-1] == ("温县 祥云镇 老苗圃", "按所填文字")
    f.content.setFocus()
    assert f.place.text() == "温县 祥云镇 老苗圃" and f.place.where() == ["410825", "410825101", "老苗圃"]
    assert "老苗圃" in f.place.toolTip()
    f.place.setText("太行街道")
    assert "有 2 处" in f.shown_error("place")
    f.place.set_near(None)
    f.place.setText("某个地方")
    assert "受援县" in f.shown_error("place") and page.editor.save() is False


def test_days_follow_until_they_are_typed(page: VisitsPage, qtbot: QtBot, settle: Settle) -> None:
    f = begin(page, qtbot, settle)
    qtbot.keyClicks(f.date, "2022-7-3")
    qtbot.keyClicks(f.start_time, "9:00")
    qtbot.keyClicks(f.end_time, "11:30")
    assert f.days.text() == "0.5"
    f.end_time.clear()
    qtbot.keyClicks(f.end_time, "16:00")
    assert f.days.text() == "1"
    qtbot.keyClicks(f.end_date, "2022-7-5")
    assert f.days.text() == "3"
    f.days.clear()
    qtbot.keyClicks(f.days, "1.5")
    f.end_time.clear()
    qtbot.keyClicks(f.end_time, "10:00")
    assert f.days.text() == "1.5"


def test_what_was_used_before_is_suggested_by_pinyin(
    page: VisitsPage, small_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    f = begin(page, qtbot, settle)
    f.topic.setFocus()
    qtbot.keyClicks(f.topic, "hsy")
    assert [h.title for h in f.topic.drop.hits()] == ["怀山药"]
    qtbot.keyClick(f.topic, Qt.Key.Key_Return)
    assert f.topic.text() == "怀山药"
    assert "水肥一体化" in f.techniques.choices() and "演示脱毒种苗" in f.varieties.choices()
    # A recipient brings its place where none is typed, and those nearby come first.
    known = next(r for r in page.editor.hints.known.recipients if r.name == "演示山药种植专业合作社")
    f.place.clear()
    f.typed.discard("place")
    f.recipient.setFocus()
    f.recipient.selectAll()
    qtbot.keyClicks(f.recipient, "ysshanyao" if not known.keys.split()[1].startswith("yssy") else "yssyzz")
    assert f.recipient.drop.hits()[0].title == "演示山药种植专业合作社"
    qtbot.keyClick(f.recipient, Qt.Key.Key_Return)
    assert f.recipient.text() == "演示山药种植专业合作社" and f.place.text() == "温县 祥云镇"


def test_words_that_were_logged_just_now_are_suggested_next_time(
    page: VisitsPage, small_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    visit = rows(small_ledger, states=("draft",))[0].id
    with qtbot.waitSignal(page._context.changed):  # the window has heard of it
        visits.save(
            small_ledger,
            visit,
            {"topic": "新写的主题", "techniques": ["新写的技术"]},
            recipient_name="新写的合作社",
        )
    f = begin(page, qtbot, settle)
    assert "新写的技术" in f.techniques.choices()
    assert any(w == "新写的主题" and "xxdzt" in keys for w, keys in page.editor.hints.texts("topic"))
    assert any(r.name == "新写的合作社" for r in page.editor.hints.known.recipients)


def fill(page: VisitsPage, qtbot: QtBot, day: str = "2022-7-3") -> None:
    f = page.editor.fields
    f.date.clear()
    qtbot.keyClicks(f.date, day)
    qtbot.keyClicks(f.days, "0.5")
    type_place(page, qtbot, "wx dyl")
    qtbot.keyClick(f.place, Qt.Key.Key_Return)
    f.content.setPlainText("指导铁棍山药种植")


def test_a_whole_team_is_one_visit_that_each_member_counts(
    page: VisitsPage, small_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    f = begin(page, qtbot, settle)
    f.who.setFocus()
    qtbot.keyClick(f.who, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    assert len(f.who.values()) == 18 and "18 人" in f._fields["who"].head.text()
    f.who.toggle(f.who.values()[0])
    assert "17 人" in f._fields["who"].head.text()
    fill(page, qtbot)
    page.editor.save(submit=True)
    settle()
    visit = newest(small_ledger)
    who = small_ledger.folded(visit.id).values["who"]
    assert len(who) == 17 and all(person for _, person in who)
    for place, _ in (who[0], who[-1]):
        assert visit.id in {r.id for r in rows(small_ledger, appointment=place)}


def test_a_team_is_found_in_the_list_and_ticked_once_more_goes(
    page: VisitsPage, qtbot: QtBot, settle: Settle
) -> None:
    f = begin(page, qtbot, settle)
    f.who.setFocus()
    qtbot.keyClicks(f.who, "z")
    panel: Any = f.who.panel()
    panel.entry.setText("整团")
    qtbot.keyClick(panel.entry, Qt.Key.Key_Return)
    assert len(f.who.values()) == 18 and not any("整团" in v for v in f.who.values())
    f.who.choose_team()
    assert f.who.values() == []


def test_ctrl_enter_begins_the_next_with_person_place_and_date(
    page: VisitsPage, small_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    f = begin(page, qtbot, settle)
    f.who.set_values(["演示三"])
    fill(page, qtbot)
    f.recipient.setText("演示药材合作社")
    f.companions.toggle("演示同行甲、演示同行乙")
    qtbot.keyClick(f.content, Qt.Key.Key_Return, CTRL)
    settle()
    settle()
    saved = newest(small_ledger)
    assert saved.date == "2022-07-03" and sorted(visits.companions(small_ledger, saved.id)) == [
        "演示同行乙",
        "演示同行甲",
    ]
    assert page.editor.is_new and not page.editor.dirty
    assert f.who.values() == ["演示三"] and f.date.value() == date(2022, 7, 3)
    assert f.place.text() == "温县 祥云镇 大玉兰" and f.content.toPlainText() == "" and f.days.text() == ""
    assert f.recipient.text() == "演示药材合作社" and f.companions.values() == []


def test_a_copy_has_all_but_the_day_the_photos_and_the_review(
    page: VisitsPage, small_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    visit = rows(small_ledger, states=("passed",))[0]
    visits.save(small_ledger, visit.id, {"satisfaction": "满意"}, companions=["演示同行"], reason="演示")
    page.show_item(visit.id)
    settle()
    qtbot.keyClick(page.table, Qt.Key.Key_D, CTRL)
    settle()
    f = page.editor.fields
    old = visits.open_visit(small_ledger, visit.id)
    assert page.editor.is_new and f.content.toPlainText() == old.values["content"]
    assert f.companions.values() == ["演示同行"] and f.satisfaction.currentText() == ""
    after = date.fromisoformat(old.values["time"][0]) + timedelta(days=1)
    assert f.date.value() == after  # 2022 is over: not today, the next day
    assert page.editor.photos.album.items == []
    qtbot.keyClick(f.content, Qt.Key.Key_S, CTRL)
    settle()
    copy = newest(small_ledger)
    assert copy.id != visit.id and copy.state == "draft" and copy.number != old.values["number"]


def test_ctrl_s_saves_wherever_the_keyboard_is_in_the_page(
    page: VisitsPage, small_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    visit = rows(small_ledger, states=("draft",))[0].id
    page.show_item(visit)
    settle()
    page.editor.fields.trained.setText("41")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_S, CTRL)
    settle()
    assert small_ledger.folded(visit).values["trained"] == 41


def test_ctrl_n_anywhere_in_the_window(small_ledger: Ledger, qtbot: QtBot, settle: Settle) -> None:
    window: Any = LedgerWindow(Context(small_ledger))
    qtbot.addWidget(window)
    window.show()
    settle()
    for key in ("settings", "home"):
        window.goto(key)
        settle()
        inside = window.page(key).findChildren(QWidget)[-1]
        qtbot.keyClick(inside, Qt.Key.Key_N, CTRL)
        settle()
        page = window.page("visits")
        assert window.current() == "visits" and page.editor.is_new and page.editor.isVisible()
        page.editor.give_up()


def test_all_fields_of_the_log_are_there_and_come_back(
    page: VisitsPage, small_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    values = {
        "time": ["2022-07-03", "2022-07-04", "09:00", "16:30", 4], "where": ["410825", "410825101", "410825101219"],
        "recipient_contact": ["演示老赵", "13800009999"], "ways": ["现场指导", "技术培训"], "industry": "中药材", "topic": "怀山药",
        "content": "讲解", "problem": "线虫病", "solution": "轮作", "trained": 32, "households": 5, "varieties": ["演示一号"],
        "techniques": ["水肥一体化"], "materials": "资料 50 份", "opinion": "很好", "satisfaction": "较满意", "remark": "备注",
        "typical": True,
    }  # fmt: skip
    visit = rows(small_ledger, states=("draft",))[0].id
    visits.save(small_ledger, visit, values, companions=["演示同行"])
    page.show_item(visit)
    settle()
    shown_values = page.editor.fields.values()
    assert {k: shown_values[k] for k in values} == values
    assert page.editor.fields.companion_names() == ["演示同行"]
    # Shown and saved again, nothing changes.
    page.editor.dirty = True
    before = len(small_ledger.history(visit))
    page.editor.save()
    settle()
    assert len(small_ledger.history(visit)) == before


@pytest.mark.parametrize("width", [1084, 1170])
def test_the_content_stays_wide_on_small_screens(page: VisitsPage, width: int, settle: Settle) -> None:
    """As in windows of 1280 and 1366 pixels."""
    page.resize(width, 600)
    settle()
    at = [c.key for c in page.model.columns].index("content")
    assert page.table.columnWidth(at) >= 170
    assert page.editor.fields.content.width() >= 300
    # What is arranged for a narrow window is not kept as the user's own layout.
    assert "trained" not in page.table.layout_now()["hidden"]
    page.resize(1700, 600)
    settle()
    assert not page.table.isColumnHidden([c.key for c in page.model.columns].index("trained"))


@pytest.fixture
def county_ledger(tmp_path: Path) -> Iterator[Ledger]:
    with create(tmp_path / "温县.ktledger", NewLedger("county", "410825", actor="演示员")) as ledger:
        yield ledger


def test_an_empty_ledger_of_a_county_begins_with_its_county(
    county_ledger: Ledger, open_page: Callable[..., VisitsPage], qtbot: QtBot, settle: Settle
) -> None:
    f = begin(open_page(VisitsPage, county_ledger), qtbot, settle)
    assert f.place.text() == "温县" and f.who.values() == []
