"""服务记录 as table, calendar and timeline; filters that are named, seen and taken away."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QDialog, QMenu
from pytestqt.qtbot import QtBot

from commissioner_app import makers, paths, visit_conditions, visits
from commissioner_app.ledgers import Ledger
from commissioner_app.visit_conditions import Conditions
from commissioner_app.visit_views import Gap, Stay
from commissioner_app.visits import VisitFilter
from ui.visits import saved
from ui.visits.conditions import ConditionsDialog
from ui.visits.page import VisitsPage
from ui.visits.timeline import ENTRY

Settle = Callable[[], None]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(open_page: Callable[..., VisitsPage], demo_ledger: Ledger) -> VisitsPage:
    return open_page(VisitsPage, demo_ledger)


def shown(page: VisitsPage) -> list[visits.VisitRow]:
    return [v for r in range(page.model.rowCount()) if (v := page.model.visit(r))]


def test_keys_switch_the_view_and_the_choice_is_remembered(
    page: VisitsPage, open_page: Callable[..., VisitsPage], demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    assert page.views.currentWidget() is page.table
    qtbot.keyClick(page.table, Qt.Key.Key_2, CTRL)
    settle()
    assert page.views.calendar.isVisible() and page.views.calendar.grid.hasFocus()
    assert page.bar.switch.buttons["calendar"].isChecked()
    assert paths.read_settings()["visits_view"] == "calendar"
    qtbot.keyClick(page.bar.switch.buttons["calendar"], Qt.Key.Key_Right)
    settle()
    assert page.views.timeline.isVisible()
    again = open_page(VisitsPage, demo_ledger)
    settle()
    assert again.views.timeline.isVisible() and again.views.timeline.model.rowCount() > 0
    qtbot.keyClick(again.views.timeline.view, Qt.Key.Key_1, CTRL)
    assert again.table.isVisible()


def test_the_calendar_goes_by_keys_and_a_day_tells_its_visits(
    page: VisitsPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page.bar.switch.choose("calendar")
    settle()
    calendar, grid = page.views.calendar, page.views.calendar.grid
    calendar.go_to(date(2022, 9, 14))
    settle()
    assert calendar.title.text() == "2022年9月" and "本月" in calendar.sums.text()
    days = page.views.day_list
    expected = {v.id for v in shown(page) if v.date == "2022-09-14"}
    assert days.isVisible() and {v.id for v in days.visits()} == expected and len(expected) == 2
    for key, day in (
        (Qt.Key.Key_Right, date(2022, 9, 15)), (Qt.Key.Key_Down, date(2022, 9, 22)), (Qt.Key.Key_Home, date(2022, 9, 19)),
        (Qt.Key.Key_Up, date(2022, 9, 12)), (Qt.Key.Key_PageDown, date(2022, 10, 12)), (Qt.Key.Key_PageUp, date(2022, 9, 12)),
    ):  # fmt: skip
        qtbot.keyClick(grid, key)
        assert calendar.day == day
    calendar.go_to(date(2022, 8, 31))
    qtbot.keyClick(grid, Qt.Key.Key_Right)  # over the end of the month
    settle()
    assert calendar.day == date(2022, 9, 1) and calendar.title.text() == "2022年9月"
    calendar.go_to(date(2022, 10, 31))
    qtbot.keyClick(grid, Qt.Key.Key_PageDown)
    assert calendar.day == date(2022, 11, 30)
    text = grid.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert text.startswith("2022年11月30日 周三")
    QAbstractItemModelTester(calendar.model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_a_visit_of_the_day_opens_and_enter_lists_the_day(
    page: VisitsPage, qtbot: QtBot, settle: Settle
) -> None:
    page.bar.switch.choose("calendar")
    page.views.calendar.go_to(date(2022, 9, 14))
    settle()
    days = page.views.day_list
    days.view.setFocus()
    qtbot.keyClick(days.view, Qt.Key.Key_Return)
    settle()
    assert page.editor.isVisible() and page.editor.visit == days.visits()[0].id
    page.views.calendar.go_to(date(2022, 9, 15))  # another day: its list again
    settle()
    assert days.isVisible() and not page.editor.isVisible() and days.empty.isVisible()
    page.views.calendar.go_to(date(2022, 9, 14))
    settle()
    qtbot.keyClick(page.views.calendar.grid, Qt.Key.Key_Return)
    settle()
    assert page.table.isVisible() and {v.date for v in shown(page)} == {"2022-09-14"}
    (chip,) = page.bar._removable
    assert chip.text().startswith("2022年9月14日")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    settle()
    assert len(shown(page)) == 214 and not page.bar._removable


def test_calendar_and_timeline_show_what_the_filter_lets_through(
    page: VisitsPage, qtbot: QtBot, settle: Settle
) -> None:
    page.bar.switch.choose("calendar")
    page.views.calendar.go_to(date(2022, 9, 14))
    settle()
    every = sum(d.count for d in page.views.calendar.model.found.values())
    page.county.setCurrentIndex(page.county.findText("温县"))
    settle()
    found = page.views.calendar.model.found
    assert 0 < sum(d.count for d in found.values()) < every
    assert {v.county for d in found.values() for v in d.visits} == {"410825"}
    page.chips.set_current("draft")
    settle()
    assert not any("2022-09-01" <= day <= "2022-09-30" for day in page.views.calendar.model.found)
    assert "没有" in page.views.calendar.sums.text()


def test_the_timeline_of_one_commissioner(
    page: VisitsPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page.table.selectRow(5)
    settle()
    who = page.model.visit(5).names
    page.bar.switch.choose("timeline")
    settle()
    timeline = page.views.timeline
    assert timeline.maker().name == who  # whose visit was in view
    stays = [e.visit for e in timeline.model.entries if isinstance(e, Stay)]
    mine = [v for v in shown(page) if who in v.names.split("、")]
    assert [v.id for v in stays] == [v.id for v in reversed(mine)] or {v.id for v in stays} == {
        v.id for v in mine
    }
    assert [v.date for v in stays] == sorted(v.date or "" for v in stays)
    assert f"{len(stays)} 次" in timeline.sums.text()
    gaps = [e for e in timeline.model.entries if isinstance(e, Gap)]
    assert all(g.days >= 30 for g in gaps) and (f"有 {len(gaps)} 段" in timeline.sums.text()) == bool(gaps)
    # Keys go from visit to visit; heads and gaps are passed over, each visit opens beside it.
    timeline.view.setFocus()
    timeline.view.setCurrentIndex(timeline.model.index(1))
    settle()
    for _ in range(3):
        qtbot.keyClick(timeline.view, Qt.Key.Key_Down)
        settle()
        entry = timeline.view.currentIndex().data(ENTRY)
        assert isinstance(entry, Stay) and page.editor.visit == entry.visit.id
    before = timeline.who.currentIndex()
    qtbot.keyClick(timeline.view, Qt.Key.Key_PageDown, CTRL)
    settle()
    assert timeline.who.currentIndex() == before + 1
    assert {e.visit.names for e in timeline.model.entries if isinstance(e, Stay)} <= {timeline.maker().name}


def test_a_person_asked_for_is_whose_timeline_it_is(page: VisitsPage, settle: Settle) -> None:
    maker = next(m for m in makers.listed(page._context.ledger, None) if m.name == "演示三")
    page.show_item({"commissioner": maker.commissioner})
    page.bar.switch.choose("timeline")
    settle()
    settle()
    assert page.views.timeline.maker().name == "演示三"
    assert [c.text() for c in page.bar._removable] == ["特派员：演示三  ×"]
    page.views.timeline.step(1)
    settle()
    settle()
    assert [c.text() for c in page.bar._removable] == [f"特派员：{page.views.timeline.maker().name}  ×"]
    assert {v.names for v in shown(page)} <= {page.views.timeline.maker().name}


def test_nothing_to_show_says_so(
    open_page: Callable[..., VisitsPage], fresh_ledger: Ledger, settle: Settle
) -> None:
    page = open_page(VisitsPage, fresh_ledger)
    page.bar.switch.choose("timeline")
    settle()
    assert (
        page.views.timeline.empty.isVisible()
        and "还没有录入特派员" in page.views.timeline.empty.sentence.text()
    )
    page.bar.switch.choose("calendar")
    settle()
    assert page.views.day_list.empty.isVisible()


def test_more_conditions_narrow_the_list_and_are_taken_away_one_by_one(
    page: VisitsPage, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(dialog: ConditionsDialog) -> int:
        dialog.show()
        dialog.who.setText("没有这个人")
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        assert dialog.result() != QDialog.DialogCode.Accepted and "没有这位特派员" in dialog.form.shown_error(
            "who"
        )
        dialog.who.clear()
        qtbot.keyClicks(dialog.who, "yss")
        qtbot.keyClick(dialog.who, Qt.Key.Key_Down)
        qtbot.keyClick(dialog.who, Qt.Key.Key_Return)
        dialog.period.first.setText("2022-06-01")
        dialog.period.last.setText("2022-10-31")
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        return dialog.result()

    monkeypatch.setattr(ConditionsDialog, "exec", fill)
    qtbot.mouseClick(page.bar.narrow, Qt.MouseButton.LeftButton)
    settle()
    rows = shown(page)
    assert rows and {v.names for v in rows} == {"演示三"}
    assert all("2022-06-01" <= (v.date or "") <= "2022-10-31" for v in rows)
    assert [c.text() for c in page.bar._removable] == ["特派员：演示三  ×", "2022-06-01 至 2022-10-31  ×"]
    qtbot.mouseClick(page.bar._removable[0], Qt.MouseButton.LeftButton)
    settle()
    assert len({v.names for v in shown(page)}) > 5 and all(
        (v.date or "") >= "2022-06-01" for v in shown(page)
    )


def test_a_filter_gets_a_name_is_used_renamed_and_deleted(
    page: VisitsPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.county.setCurrentIndex(page.county.findText("温县"))
    page.chips.set_current("submitted")
    settle()
    wanted = {v.id for v in shown(page)}
    assert wanted

    def name(dialog: saved.SaveDialog) -> int:
        dialog.show()
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        assert "名称" in dialog.error.text()
        dialog.name.setText("温县待审核")
        qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
        return dialog.result()

    monkeypatch.setattr(saved.SaveDialog, "exec", name)
    page.bar.save_conditions()
    page.show_item({})
    settle()
    assert len(shown(page)) == 214

    menu = QMenu()
    saved.fill_menu(menu, page._context, page.bar)
    assert [a.text() for a in menu.actions() if a.isEnabled() and a.text()] == ["温县待审核", "管理…"]
    menu.actions()[0].trigger()
    settle()
    settle()
    assert {v.id for v in shown(page)} == wanted and page.chips.current() == "submitted"
    assert page.county.currentText() == "温县"
    menu = QMenu()
    saved.fill_menu(menu, page._context, page.bar)
    assert menu.actions()[0].isChecked()

    def manage(dialog: saved.ManageDialog) -> int:
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.list.hasFocus, timeout=5000)
        monkeypatch.setattr(
            saved._Rename, "exec", lambda d: (d.name.setText("温县"), d._go(), d.result())[-1]
        )
        qtbot.keyClick(dialog.list, Qt.Key.Key_F2)
        assert list(visit_conditions.saved(demo_ledger)) == ["温县"]
        qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
        assert dialog.list.count() == 0 and not dialog.delete_button.isEnabled()
        return 1

    monkeypatch.setattr(saved.ManageDialog, "exec", manage)
    page.bar.manage_saved()
    assert visit_conditions.saved(demo_ledger) == {}


def test_a_filter_whose_chip_is_not_there_yet_is_used_all_the_same(page: VisitsPage, settle: Settle) -> None:
    page.bar.use(Conditions(state="stale"))
    settle()
    settle()
    assert page.model.rowCount() == 214  # there is none that changed after its review: all again


def test_what_other_pages_ask_for_still_comes(page: VisitsPage, demo_ledger: Ledger, settle: Settle) -> None:
    page.show_item({"county": "410825", "label": "温县", "state": "submitted"})
    settle()
    settle()
    assert {(v.county, v.state) for v in shown(page)} == {("410825", "submitted")}
    assert page.county.currentText() == "温县"
    page.show_item({"text": "祥云镇", "label": "祥云镇"})
    settle()
    assert [c.text() for c in page.bar._removable] == ["祥云镇  ×"] and page.filter.text() == ""
    listed = visits.listed_rowids(demo_ledger, VisitFilter(text="祥云镇"), "date", True)
    assert page.model.rowCount() == len(listed) > 0
