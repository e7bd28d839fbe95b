"""受援县安排 as its users touch it: the board over a real ledger."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from commissioner_app import batches, demo, history, ledgers, places
from commissioner_app.ledgers import Ledger
from ui import editing, tasks, theme
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
    assert counts(page) == {"": "20", XIUWU: "18", WEN: "0", BOAI: "0"}
    assert page.caption() == "38 个名额"
    assert [page.chips.chip(k).text() for k in page.chips._chips] == [
        "全部 38",
        "服务团成员 18",
        "省派 16",
        "校派 4",
    ]
    page.chips.set_current(list(page.chips._chips)[3])
    assert len(codes(page, "")) == 4 and codes(page, XIUWU) == []
    assert "可选：修武县、博爱县、温县" in page.board.column("").list.cards.cards()[0].lines[1]


def test_dropping_several_cards_assigns_them_in_one_operation(qtbot, bureau, show):
    page = show(bureau)
    source = page.board.column("").list
    source.setFocus()
    for row in (0, 1, 2):
        source.selectionModel().select(source.cards.index(row), source.selectionModel().SelectionFlag.Select)
    wanted = codes(page, "")[:3]
    drop(page, source.cards.mimeData(source.selectedIndexes()), WEN)
    qtbot.waitUntil(lambda: counts(page)[WEN] == "3" and settled())
    assert counts(page)[""] == "17" and codes(page, WEN) == wanted
    assert stays(bureau, wanted[0]) == [(WEN, "2022-04-01", "2023-03-31")]
    # The selection goes with them, and one undo takes all three back.
    assert page.board.here().county == WEN and len(page.board.selected_ids()) == 3
    page._context.undo()
    qtbot.waitUntil(lambda: counts(page) == {"": "20", XIUWU: "18", WEN: "0", BOAI: "0"})


def test_by_keyboard_alone(qtbot, bureau, show):
    page = show(bureau)
    page.activated()
    view = page.board.column("").list
    assert view.hasFocus() and page.board.current().place.code == codes(page, "")[0]
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    wanted = codes(page, "")[1:3]
    assert len(page.board.selected_ids()) == 2
    menu = page.open_menu()
    words = [a.text() for a in menu.actions()]
    assert words[:4] == ["&0  待安排", "&1  修武县", "&2  温县", "&3  博爱县"] and "其他县" in words[4]
    qtbot.keyClick(menu, Qt.Key.Key_3)
    qtbot.waitUntil(lambda: counts(page)[BOAI] == "2" and settled())
    assert codes(page, BOAI) == wanted
    there = page.board.column(BOAI).list
    page.activateWindow()  # a screen does this when a menu closes, the offscreen one does not
    qtbot.waitUntil(there.hasFocus)
    qtbot.keyClick(there, Qt.Key.Key_Left)
    qtbot.keyClick(page.board.column(WEN).list, Qt.Key.Key_Left)
    assert page.board.column(XIUWU).list.hasFocus()
    assert page.board.current().place.code == "2022-团-01" and len(page.board.selected_ids()) == 1


def test_moving_on_from_a_day_ends_the_stay_before(qtbot, training, show):
    page = show(training)
    code = next(c for c in codes(page, WEN) if "省派" in c)
    place = next(p for p in page._read.places if p.code == code)
    page.day.setText("2022-10-01")
    qtbot.keyClick(page.day, Qt.Key.Key_Return)
    qtbot.waitUntil(settled)
    page.board.choose([place.id])
    page.assign(page.board.selected_ids(), BOAI)
    qtbot.waitUntil(lambda: code in codes(page, BOAI) and settled())
    assert stays(training, code) == [(WEN, "2022-04-01", "2022-09-30"), (BOAI, "2022-10-01", "2023-03-31")]
    page.day.setText("2022-09-30")
    qtbot.keyClick(page.day, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: code in codes(page, WEN) and settled())
    # In the panel both stays stand, the history tells the move.
    page.board.choose([place.id])
    page.fold.setChecked(True)
    qtbot.waitUntil(lambda: len(page.panel.sheets()) == 2 and settled())
    page.panel.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: "2022-04-01 至 2023-03-31 → 2022-04-01 至 2022-09-30" in page.panel.steps.text())


def test_townships_and_agreement_are_saved_from_the_panel(qtbot, training, show):
    page = show(training)
    place = next(p for p in page._read.places if p.name == "演示一")
    page.board.choose([place.id])
    view = page.board.here().list
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.panel.sheets()) == 1 and settled())
    sheet = page.panel.sheets()[0]
    assert "七贤镇" in sheet.townships.choices()
    sheet.townships.toggle("七贤镇")
    sheet.sheet.widget("number").setText("演示-001")
    sheet.state.setCurrentText("已签")
    sheet.period.last.setText("2022-03-01")
    assert not page.panel.save() and sheet.sheet.shown_error("period") == "结束日期早于开始日期"
    sheet.period.last.setText("2023-04-30")
    qtbot.keyClick(sheet.period.last, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not page.panel.dirty() and settled())
    qtbot.waitUntil(lambda: "超出服务期" in page.panel.notice.text())
    saved = next(p for p in page._read.places if p.id == place.id).assignments[0]
    assert page._context.divisions.name(saved.townships[0]) == "七贤镇"
    assert (saved.agreement_number, saved.agreement_state, saved.assigned_to) == (
        "演示-001",
        "已签",
        "2023-04-30",
    )
    assert any("七贤镇" in line for line in page.board.current().lines)
    page.panel.sheets()[0].delete_button.click()
    qtbot.waitUntil(lambda: place.code in codes(page, "") and settled())
    assert any(s.field == "删除" for s in history.stays_history(training, place.id))


def test_typed_text_is_asked_about_before_another_card_is_shown(qtbot, training, show, monkeypatch):
    page = show(training)
    first, second = (p for p in page._read.places if p.name in ("演示一", "演示二"))
    page.fold.setChecked(True)
    page.board.choose([first.id])
    qtbot.waitUntil(lambda: len(page.panel.sheets()) == 1 and settled())
    page.panel.sheets()[0].sheet.widget("number").setText("演示-002")
    monkeypatch.setattr(editing, "ask_unsaved", lambda *_: "stay")
    page.board.choose([second.id])
    qtbot.waitUntil(lambda: page.board.selected_ids() == [first.id])
    assert page.panel.dirty() and page.panel.card().place.id == first.id
    assert not page.may_leave()
    monkeypatch.setattr(editing, "ask_unsaved", lambda *_: "save")
    page.board.choose([second.id])
    qtbot.waitUntil(lambda: page.panel.card().place.id == second.id and settled())
    qtbot.waitUntil(
        lambda: any(
            a.agreement_number == "演示-002"
            for p in page._read.places
            if p.id == first.id
            for a in p.assignments
        )
    )


def test_another_county_gets_a_column_and_the_plus_takes_the_selection(qtbot, bureau, show):
    page = show(bureau)
    action = next(a for a in page.others.menu().actions() if a.text() == "沁阳市")
    action.trigger()
    assert page.board.counties()[-1] == QINYANG
    found = page.board.column("").list.cards.cards()[0].place
    page.board.choose([found.id])
    qtbot.mouseClick(page.board.column(QINYANG).add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: counts(page)[QINYANG] == "1" and settled())
    assert stays(bureau, found.code)[0][0] == QINYANG
    with qtbot.waitSignal(page._context.said) as said:
        page.board.column(QINYANG).add.click()
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
    page.others.menu().actions()[0].trigger()
    qtbot.waitUntil(settled)
    assert page.board.selected_ids() == [place.id] and page.board.current().place.id == place.id
    assert page.board.column(XIUWU).list.hasFocus()
    assert page.panel.card().place.id == place.id


def test_shift_click_selects_several_and_another_column_starts_anew(qtbot, bureau, show):
    page = show(bureau)

    def click(county: str, row: int, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        view = page.board.column(county).list
        spot = view.visualRect(view.cards.index(row)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, spot)

    click("", 1)
    click("", 3, Qt.KeyboardModifier.ShiftModifier)
    assert len(page.board.selected_ids()) == 3
    click(XIUWU, 0)
    assert len(page.board.selected_ids()) == 1 and page.board.here().county == XIUWU
