"""受援县安排 as its users touch it: the board over a real ledger."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication

from commissioner_app import assignments, batches, demo, ledgers, places
from commissioner_app.ledgers import Ledger
from ui import tasks, theme
from ui.assignments.cards import mime_of, places_of
from ui.assignments.page import AssignmentsPage
from ui.context import Context

XIUWU, WEN, BOAI, QINYANG = "410821", "410825", "410822", "410882"


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.apply(qapp, "light")


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.create(
        tmp_path / "a.ktledger", ledgers.NewLedger("bureau", "", "演示科技局", "演示员", roster="2022")
    )
    yield made
    made.close()


@pytest.fixture
def training(tmp_path: Path) -> Iterator[Ledger]:
    with demo.make(tmp_path / "d.ktledger", visits_wanted=60) as made:
        yield made


@pytest.fixture
def show(qtbot) -> Iterator[Callable[[Ledger], AssignmentsPage]]:
    contexts = []

    def make(ledger: Ledger) -> AssignmentsPage:
        context = Context(ledger)
        contexts.append(context)
        page = AssignmentsPage(context)
        context.changed.connect(page.note_changes)  # as the window does
        qtbot.addWidget(page)
        page.resize(1170, 680)
        page.show()
        page.come()
        qtbot.waitUntil(lambda: bool(page.board.counties()) and settled())

        def in_front() -> bool:
            page.activateWindow()  # a screen does this when another window goes, the offscreen one not always
            return page.board.here() is not None and page.board.here().list.hasFocus()

        qtbot.waitUntil(in_front)
        return page

    yield make
    tasks.shut_down()
    for context in contexts:
        context.close()


def settled() -> bool:
    return not tasks.busy()


def counts(page: AssignmentsPage) -> dict[str, str]:
    return {c: page.board.column(c).count.text() for c in page.board.counties()}


def stays(ledger: Ledger, code: str) -> list[tuple]:
    found = places.listed(ledger, batches.all_batches(ledger)[0])
    place = next(p for p in found if p.code == code)
    return [(a.county, a.assigned_from, a.assigned_to) for a in place.assignments]


def codes(page: AssignmentsPage, county: str) -> list[str]:
    return [card.place.code for card in page.board.column(county).list.cards.cards()]


def click(qtbot, page, county: str, row: int, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    view = page.board.column(county).list
    spot = view.visualRect(view.cards.index(row)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, spot)


def by_code(page: AssignmentsPage, code: str):
    return next(p for p in page._read.places if p.code == code)


def go_to(qtbot, page: AssignmentsPage, day: str) -> None:
    page.day.setText(day)
    qtbot.keyClick(page.day, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page._read.on == day and settled())


def drop(page: AssignmentsPage, data: QMimeData, county: str) -> None:
    view = page.board.column(county).list
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(20, 20), Qt.DropAction.MoveAction, data, left, none)
    QApplication.sendEvent(view.viewport(), enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(20, 20), Qt.DropAction.MoveAction, data, left, none, QEvent.Type.Drop)
    QApplication.sendEvent(view.viewport(), event)


def test_the_shipped_roster_stands_on_the_board(qtbot, bureau, show):
    page = show(bureau)
    assert page.board.counties() == ["", XIUWU, WEN, BOAI]
    assert (
        len(page.board.shelf.list.counties()) == 8 and (QINYANG, "沁阳市") in page.board.shelf.list.counties()
    )
    assert counts(page) == {"": "20", XIUWU: "18", WEN: "0", BOAI: "0"}
    assert page.caption() == "38 个名额"
    chips = page.tools.chips
    assert [chips.chip(k).text() for k in chips._chips] == ["全部 38", "服务团成员 18", "省派 16", "校派 4"]
    assert page.board.column("").under.text() == "省派 16 · 校派 4"
    # The counts above the columns follow the category.
    chips.set_current(list(chips._chips)[3])
    assert len(codes(page, "")) == 4 and codes(page, XIUWU) == []
    assert counts(page)[""] == "4/20" and page.board.column("").under.text() == "校派 4"
    assert counts(page)[XIUWU] == "0/18" and "筛选出 4 张卡片" in page.foot.text()
    assert "可选：修武县、博爱县、温县" in page.board.column("").list.cards.cards()[0].lines[1]


def test_dropping_several_cards_assigns_them_in_one_operation(qtbot, bureau, show):
    page = show(bureau)
    source = page.board.column("").list
    click(qtbot, page, "", 0)
    click(qtbot, page, "", 2, Qt.KeyboardModifier.ShiftModifier)
    wanted = codes(page, "")[:3]
    drop(page, mime_of(page.board.selected_cards()), WEN)
    qtbot.waitUntil(lambda: counts(page)[WEN] == "3" and settled())
    assert counts(page)[""] == "17" and codes(page, WEN) == wanted and source.cards.row_of("") < 0
    assert stays(bureau, wanted[0]) == [(WEN, "2022-04-01", "2023-03-31")]
    # The selection goes with them, and one undo takes all three back.
    assert page.board.here().county == WEN and len(page.board.selected_ids()) == 3
    page._context.undo()
    qtbot.waitUntil(lambda: counts(page) == {"": "20", XIUWU: "18", WEN: "0", BOAI: "0"})


def test_what_one_sees_while_dragging(qtbot, bureau, show, monkeypatch):
    page = show(bureau)
    go_to(qtbot, page, "2022-10-01")
    page.board.choose([by_code(page, "2022-省派-01").id, by_code(page, "2022-团-01").id])
    target, source = page.board.column(WEN), page.board.column("")
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    seen: dict[str, Any] = {}

    def drag(self, _action):
        # What the system does while the button is held, up to the target.
        data = self.mimeData()
        seen["places"], seen["wide"] = places_of(data), self.pixmap().width()
        seen["faded"] = [c.list.cards.faded(0) for c in (source, page.board.column(XIUWU))]
        enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.MoveAction, data, left, none)
        QApplication.sendEvent(target.list.viewport(), enter)
        seen["lit"], seen["words"] = target.is_lit(), target.under.text()
        QApplication.sendEvent(target.list.viewport(), QDragLeaveEvent())
        mine = mime_of(source.selected())
        own = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.MoveAction, mine, left, none)
        QApplication.sendEvent(source.list.viewport(), own)
        seen["own"] = own.isAccepted()
        return Qt.DropAction.IgnoreAction

    monkeypatch.setattr(QDrag, "exec", drag)
    source.list.startDrag(Qt.DropAction.MoveAction)
    assert len(seen["places"]) == 2 and seen["faded"] == [True, True] and seen["wide"] > 200
    assert seen["lit"] and seen["words"] == "安排 2 个，自 2022-10-01 起" and not seen["own"]
    assert not target.is_lit() and target.under.text() == "" and not source.list.cards.faded(0)


def test_an_empty_county_on_the_shelf_takes_cards_and_opens(qtbot, bureau, show):
    page = show(bureau)
    shelf = page.board.shelf.list
    row = [code for code, _ in shelf.counties()].index(QINYANG)
    spot = shelf.visualRect(shelf.slots.index(row, 0)).center()
    data = mime_of(page.board.column("").list.cards.cards()[:2])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind in (QDragEnterEvent, QDragMoveEvent):
        QApplication.sendEvent(shelf.viewport(), kind(spot, Qt.DropAction.MoveAction, data, left, none))
    assert shelf.lit == row and shelf.saying == "安排 2 个"
    event = QDropEvent(QPointF(spot), Qt.DropAction.MoveAction, data, left, none, QEvent.Type.Drop)
    QApplication.sendEvent(shelf.viewport(), event)
    qtbot.waitUntil(lambda: QINYANG in page.board.counties() and settled())
    assert counts(page)[QINYANG] == "2" and shelf.lit == -1
    assert (QINYANG, "沁阳市") not in shelf.counties()
    # A click makes a column of an empty one, which can be put back.
    code, _name = shelf.counties()[0]
    qtbot.mouseClick(shelf.viewport(), left, none, shelf.visualRect(shelf.slots.index(0, 0)).center())
    assert code in page.board.counties() and not page.board.column(code).fold.isHidden()
    page.board.column(code).fold.click()
    assert code not in page.board.counties()


def test_by_keyboard_alone(qtbot, bureau, show):
    page = show(bureau)
    view = page.board.column("").list
    assert view.hasFocus() and page.board.current().place.code == codes(page, "")[0]
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    wanted = codes(page, "")[1:3]
    assert len(page.board.selected_ids()) == 2
    picker = page.mover.picker
    qtbot.keyClick(view, Qt.Key.Key_M)
    assert picker.isVisible() and picker.shown()[:3] == [XIUWU, WEN, BOAI] and picker.shown()[-1] == ""
    qtbot.keyClicks(picker.field, "bo")
    assert picker.shown() == [BOAI]
    picker.field.clear()
    qtbot.keyClicks(picker.field, "ba")
    qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: counts(page)[BOAI] == "2" and settled())
    assert codes(page, BOAI) == wanted and not picker.isVisible()
    there = page.board.column(BOAI).list
    qtbot.waitUntil(there.hasFocus)
    qtbot.keyClick(there, Qt.Key.Key_Left)
    qtbot.keyClick(page.board.column(WEN).list, Qt.Key.Key_Left)
    assert page.board.column(XIUWU).list.hasFocus()
    assert page.board.current().place.code == "2022-团-01" and len(page.board.selected_ids()) == 1
    qtbot.keyClick(page.board.column(XIUWU).list, Qt.Key.Key_M)
    qtbot.keyClick(picker.field, Qt.Key.Key_Escape)
    assert not picker.isVisible() and page.board.column(XIUWU).list.hasFocus()


def test_cut_and_paste_and_space(qtbot, bureau, show):
    page = show(bureau)
    view, ctrl = page.board.column("").list, Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(view, Qt.Key.Key_Down, ctrl)
    qtbot.keyClick(view, Qt.Key.Key_Down, ctrl)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    wanted = [codes(page, "")[0], codes(page, "")[2]]
    assert [c.place.code for c in page.board.selected_cards()] == wanted
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert len(page.board.selected_ids()) == 1
    qtbot.keyClick(view, Qt.Key.Key_Space)
    qtbot.keyClick(view, Qt.Key.Key_X, ctrl)
    qtbot.waitUntil(lambda: "已剪切 2 个" in page.foot.text())
    assert view.cards.faded(0) and not view.cards.faded(1)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert page.board.cut_ids() == [] and not view.cards.faded(0)
    qtbot.keyClick(view, Qt.Key.Key_X, ctrl)
    for county in ("", XIUWU, WEN):  # what is cut stays selected on the way
        qtbot.keyClick(page.board.column(county).list, Qt.Key.Key_Right)
    assert page.board.column(BOAI).list.hasFocus() and len(page.board.selected_ids()) == 2
    qtbot.keyClick(page.board.column(BOAI).list, Qt.Key.Key_Right)
    shelf = page.board.shelf.list
    assert shelf.hasFocus()
    while shelf.county() != QINYANG:
        qtbot.keyClick(shelf, Qt.Key.Key_Down)
    qtbot.keyClick(shelf, Qt.Key.Key_V, ctrl)
    qtbot.waitUntil(lambda: counts(page).get(QINYANG) == "2" and settled())
    assert codes(page, QINYANG) == wanted and page.board.here().county == QINYANG


def test_the_rubber_band_selects_in_several_columns(qtbot, bureau, show):
    page = show(bureau)
    first, second = page.board.column(""), page.board.column(XIUWU)
    ground = page.board.area.widget()
    left = Qt.MouseButton.LeftButton
    start = QPoint(2, 4)  # the column's edge, beside its cards
    view = second.list
    end = first.mapFromGlobal(view.viewport().mapToGlobal(view.visualRect(view.cards.index(1)).center()))
    qtbot.mousePress(first, left, pos=start)
    where, none = QPointF(first.mapToGlobal(end)), Qt.KeyboardModifier.NoModifier
    move = QMouseEvent(QEvent.Type.MouseMove, QPointF(end), where, left, left, none)
    QApplication.sendEvent(first, move)  # qtbot's moves hold no button
    assert page.board.band.isVisible() and page.board.band.geometry() == ground.rect()
    qtbot.mouseRelease(first, left, pos=end)
    assert not page.board.band.isVisible()
    assert len(second.selected()) == 2 and 1 < len(first.selected()) < 5
    # A card itself is no place to begin: there one drags.
    spot = view.visualRect(view.cards.index(0)).center()
    qtbot.mousePress(view.viewport(), left, pos=spot)
    assert page.board.band._from is None
    qtbot.mouseRelease(view.viewport(), left, pos=spot)
    # A click beside the cards leaves nothing selected.
    qtbot.mouseClick(first, left, pos=start)
    assert page.board.selected_ids() == []


def test_moving_on_from_a_day_ends_the_stay_before(qtbot, training, show):
    page = show(training)
    code = next(c for c in codes(page, WEN) if "省派" in c)
    assert not page.tools.today.isEnabled()
    go_to(qtbot, page, "2022-10-01")
    page.board.choose([by_code(page, code).id])
    with qtbot.waitSignal(page._context.said) as said:
        drop(page, mime_of(page.board.selected_cards()), BOAI)
    assert said.args[0].endswith("安排到博爱县，自 2022-10-01 起")
    qtbot.waitUntil(lambda: code in codes(page, BOAI) and settled())
    assert stays(training, code) == [(WEN, "2022-04-01", "2022-09-30"), (BOAI, "2022-10-01", "2023-03-31")]
    go_to(qtbot, page, "2022-09-30")
    assert code in codes(page, WEN)
    page.tools.today.click()
    qtbot.waitUntil(lambda: code in codes(page, BOAI) and settled())
    assert not page.tools.today.isEnabled()
    # A day outside the service period is pointed out, and leads back.
    go_to(qtbot, page, "2023-04-01")
    page.tools.notices.buttons()["day"].click()
    qtbot.waitUntil(lambda: page._read.on == "2023-03-31" and settled())


def test_what_is_pointed_out_filters_and_selects_the_cards(qtbot, training, show):
    batch = batches.all_batches(training)[0]
    late, twice = (
        next(p for p in places.listed(training, batch) if p.code == c)
        for c in ("2022-省派-01", "2022-省派-02")
    )
    assignments.save(training, late.assignments[0].id, {"period": ["2022-04-01", "2023-06-30"]})
    assignments.add(training, batch, twice.id, XIUWU)
    page = show(training)
    buttons = page.tools.notices.buttons()
    assert {k: b.text() for k, b in buttons.items()} == {
        "overlap": "日期重叠 1", "outside": "超出服务期 1", "none": "没有安排 2", "empty": "没有名额的县 8",
    }  # fmt: skip
    buttons["overlap"].click()
    shown = {c: codes(page, c) for c in page.board.counties() if codes(page, c)}
    assert set(shown) == {XIUWU, BOAI} and all(v == ["2022-省派-02"] for v in shown.values())
    assert page.board.selected_ids() == [twice.id]
    card = page.board.column(BOAI).list.cards.cards()[0]
    assert (
        any("日期重叠" in text for text in card.marks)
        and "日期重叠" in card.tip
        and "日期重叠" in card.spoken
    )
    buttons["overlap"].click()
    assert len(codes(page, XIUWU)) > 18
    buttons["empty"].click()
    assert page.board.shelf.list.hasFocus()
    # Once it is mended it is pointed out no more, and the filter with it is gone.
    buttons["outside"].click()
    assignments.save(training, late.assignments[0].id, {"period": ["2022-04-01", "2023-03-31"]})
    qtbot.waitUntil(lambda: "outside" not in page.tools.notices.buttons() and settled())
    assert page.tools.notices.current() == "" and len(codes(page, XIUWU)) > 18


def test_the_filter_finds_by_pinyin(qtbot, training, show):
    page = show(training)
    page.activated()
    qtbot.keyClick(page.board.column("").list, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.tools.filter.hasFocus)
    qtbot.keyClicks(page.tools.filter, "spjg")  # no 食品加工, but 农产品加工 has no such letters in a row
    qtbot.waitUntil(lambda: "筛选出 0 张卡片" in page.foot.text())
    page.tools.filter.clear()
    qtbot.keyClicks(page.tools.filter, "ncpjg")
    qtbot.waitUntil(lambda: 0 < len(codes(page, XIUWU)) < 18)
    assert all(c.place.specialty == "农产品加工" for c in page.board.column(XIUWU).list.cards.cards())
    place = by_code(page, "2022-团-02")
    page.show_item(place.id)
    qtbot.waitUntil(lambda: page.board.selected_ids() == [place.id] and settled())
    assert page.tools.filter.text() == "" and page.fold.isChecked()


def test_the_plus_takes_the_selection(qtbot, bureau, show):
    page = show(bureau)
    found = page.board.column("").list.cards.cards()[0].place
    page.board.choose([found.id])
    qtbot.mouseClick(page.board.column(WEN).add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: counts(page)[WEN] == "1" and settled())
    assert stays(bureau, found.code)[0][0] == WEN
    with qtbot.waitSignal(page._context.said) as said:
        page.board.column(WEN).add.click()
    assert "请先选中名额" in said.args[0]


def test_a_ledger_without_places_says_what_to_do(qtbot, ledger, show):
    context = Context(ledger)
    page = AssignmentsPage(context)
    qtbot.addWidget(page)
    page.show()
    page.come()
    qtbot.waitUntil(lambda: page.empty.isVisible() and settled())
    with qtbot.waitSignal(page.wants) as wanted:
        page.empty.button.click()
    assert wanted.args[0] == "commissioners"
    context.close()


def test_a_new_column_keeps_selection_focus_and_detail(qtbot, training, show):
    page = show(training)
    place = next(p for p in page._read.places if p.name == "演示四")
    page.fold.setChecked(True)
    page.board.choose([place.id])
    qtbot.waitUntil(lambda: page.panel.card() is not None and settled())
    other = next(p for p in page._read.places if p.code == "2022-省派-01")
    assignments.move(training, page._context.batch, [other], QINYANG, "2022-04-01")
    qtbot.waitUntil(lambda: QINYANG in page.board.counties() and settled())
    assert page.board.selected_ids() == [place.id] and page.board.current().place.id == place.id
    assert page.board.column(XIUWU).list.hasFocus()
    assert page.panel.card().place.id == place.id


def test_clicks_select_several_and_another_column_starts_anew(qtbot, bureau, show):
    page = show(bureau)
    click(qtbot, page, "", 1)
    click(qtbot, page, "", 3, Qt.KeyboardModifier.ShiftModifier)
    assert len(page.board.selected_ids()) == 3
    click(qtbot, page, XIUWU, 0)
    assert len(page.board.selected_ids()) == 1 and page.board.here().county == XIUWU


def test_a_board_that_says_the_same_is_not_laid_out_anew(qtbot, bureau, show):
    page = show(bureau)
    resets = []
    for county in page.board.counties():
        page.board.column(county).list.cards.modelReset.connect(lambda county=county: resets.append(county))
    page.reload()
    qtbot.waitUntil(settled)
    assert resets == []
    page.mover.assign([by_code(page, "2022-省派-01").id], WEN)
    qtbot.waitUntil(lambda: counts(page)[WEN] == "1" and settled())
    assert sorted(resets) == ["", WEN]
