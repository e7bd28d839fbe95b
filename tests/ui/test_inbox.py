"""数据交换's inbox and what is kept aside, by mouse and keyboard over real ledgers; the marks on the pages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton, QTableView
from pytestqt.qtbot import QtBot

from commissioner_app import conflicts, exchange, people, places, visits
from commissioner_app.exchange import Aside
from commissioner_app.ledgers import Ledger
from db.entities import DELETED
from db.ledger import Draft
from tests.conflict_cases import befriend, bring, edit, make_county, visits_of
from ui import tasks
from ui.commissioners.page import CommissionersPage
from ui.context import Context
from ui.exchange import inbox as inbox_module
from ui.exchange.inbox import InboxPanel
from ui.exchange.kept import KeptPanel
from ui.exchange.page import ExchangePage
from ui.visits.page import VisitsPage

Settle = Callable[[], None]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def county(tmp_path: Path, demo_ledger: Ledger) -> Iterator[Ledger]:
    ledger = make_county(tmp_path / "县.ktledger")
    befriend(demo_ledger, ledger)
    yield ledger
    ledger.close()


@pytest.fixture
def show(qtbot: QtBot, settle: Settle) -> Iterator[Callable[..., Any]]:
    made: list[Any] = []

    def make(kind: Any, ledger: Ledger) -> Any:
        context = Context(ledger)
        panel = kind(context)
        context.setParent(panel)
        qtbot.addWidget(panel)
        panel.resize(1120, 600)
        panel.show()
        qtbot.waitExposed(panel)
        qtbot.waitUntil(lambda: not panel._soon.isActive())
        settle()
        made.append(panel)
        return panel

    yield make
    tasks.shut_down()
    for panel in made:
        panel._context.close()


@pytest.fixture
def disputed(demo_ledger: Ledger, county: Ledger) -> list[str]:
    """Two visits in conflict: of the first trained and content, of the other trained; the county wrote later."""
    one, other = visits_of(demo_ledger, state="submitted")[:2]
    edit(demo_ledger, one, content="市里：查看怀山药长势，讲解线虫病防控")
    edit(county, one, content="县里：查看怀山药长势，讲解线虫病防控和轮作")
    for n, record in enumerate((one, other)):
        edit(demo_ledger, record, trained=10 + n)
        edit(county, record, trained=20 + n)
    bring(county, demo_ledger)
    return [one, other]


def pick(table: QTableView, row: int) -> None:
    """Choose a row as the arrow keys do (selectRow heeds keys that QTest has left pressed)."""
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().setCurrentIndex(table.model().index(row, 0), flags.ClearAndSelect | flags.Rows)


def choose(panel: InboxPanel, record: str, field: str, qtbot: QtBot) -> None:
    pick(panel.table, panel.model.row_of((record, field)))
    qtbot.waitUntil(lambda: panel.conflict.item is not None and panel.conflict.item.key == (record, field))


def left(panel: InboxPanel, n: int, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(panel._items) == n and not tasks.busy(), timeout=10_000)


def test_nothing_in_conflict_says_so(show: Callable[..., InboxPanel], fresh_ledger: Ledger) -> None:
    panel = show(InboxPanel, fresh_ledger)
    assert panel.empty.isVisible() and panel.empty.sentence.text().startswith("没有填报不一致")
    assert not panel.go.isVisible() and not panel.open.isVisible()


def test_choose_by_number_decide_by_ctrl_enter_and_undo(
    show: Callable[..., InboxPanel], demo_ledger: Ledger, disputed: list[str], qtbot: QtBot
) -> None:
    one = disputed[0]
    panel = show(InboxPanel, demo_ledger)
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    counts: list[int] = []
    panel.counted.connect(counts.append)
    assert panel.model.rowCount() == 3
    choose(panel, one, "content", qtbot)
    cards = panel.conflict.cards
    assert [c.choice.station for c in cards] == ["温县科技局", "焦作市科技局（演示）"]
    assert "县里经办" in cards[0].accessibleName()
    assert cards[0].text.plain().endswith("和轮作") and "underline" in cards[0].text.text()
    panel.table.setFocus()
    # Nothing is written before something is chosen.
    qtbot.keyClick(panel.table, Qt.Key.Key_Return, CTRL)
    assert panel.conflict.missing.isVisible() and len(conflicts.inbox(demo_ledger)) == 3
    qtbot.keyClick(panel.table, Qt.Key.Key_2)
    assert cards[1].is_chosen() and not panel.conflict.missing.isVisible()
    with qtbot.waitSignal(panel._context.said) as said:
        qtbot.keyClick(panel.table, Qt.Key.Key_Return, CTRL)
    assert said.args == ["已选定服务内容", True]
    left(panel, 2, qtbot)
    assert demo_ledger.folded(one).values["content"].startswith("市里") and counts[-1] == 2
    assert panel.conflict.item is not None and panel.conflict.item.field == "trained"  # the next one
    panel._context.undo()
    left(panel, 3, qtbot)
    assert demo_ledger.folded(one).conflicts == {"content", "trained"}


def test_the_keyboard_is_in_the_list_as_soon_as_the_inbox_is_asked_for(
    demo_ledger: Ledger, disputed: list[str], qtbot: QtBot, settle: Settle
) -> None:
    page = ExchangePage(Context(demo_ledger))
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    page.show_item("conflicts")
    settle()
    panel = page.panel("conflicts")
    qtbot.waitUntil(lambda: panel.table.hasFocus() and panel.conflict.item is not None)
    qtbot.keyClick(panel.table, Qt.Key.Key_2)
    assert panel.conflict.cards[1].is_chosen()
    tasks.shut_down()
    page.context.close()


def test_click_and_double_click(
    show: Callable[..., InboxPanel], demo_ledger: Ledger, disputed: list[str], qtbot: QtBot
) -> None:
    panel = show(InboxPanel, demo_ledger)
    choose(panel, disputed[1], "trained", qtbot)
    qtbot.mouseClick(panel.conflict.cards[1], Qt.MouseButton.LeftButton)
    assert panel.conflict.chosen() == 11
    qtbot.mouseDClick(panel.conflict.cards[0], Qt.MouseButton.LeftButton)
    left(panel, 2, qtbot)
    assert demo_ledger.folded(disputed[1]).values["trained"] == 21


def test_a_third_value_is_checked_kept_and_written(
    show: Callable[..., InboxPanel], demo_ledger: Ledger, disputed: list[str], qtbot: QtBot, settle: Settle
) -> None:
    one, other = disputed
    panel = show(InboxPanel, demo_ledger)
    choose(panel, one, "trained", qtbot)
    qtbot.mouseClick(panel.conflict.other, Qt.MouseButton.LeftButton)
    box = panel.conflict.third.box
    qtbot.keyClicks(box, "3x")
    assert "整数" in panel.conflict.third.error.text()
    qtbot.keyClick(box, Qt.Key.Key_Return, CTRL)
    settle()
    assert len(conflicts.inbox(demo_ledger)) == 3
    qtbot.keyClick(box, Qt.Key.Key_Backspace)
    qtbot.keyClicks(box, "3")
    assert not panel.conflict.third.error.isVisible() and panel.conflict.chosen() == 33
    # Going to another one and back loses nothing.
    choose(panel, other, "trained", qtbot)
    assert panel.conflict.third is None
    choose(panel, one, "trained", qtbot)
    assert panel.conflict.third is not None and panel.conflict.chosen() == 33
    # Nor does what others write meanwhile.
    visits.save(demo_ledger, other, {"topic": "别处"})
    settle()
    assert panel.conflict.chosen() == 33
    qtbot.mouseClick(panel.go, Qt.MouseButton.LeftButton)
    left(panel, 2, qtbot)
    assert (
        demo_ledger.folded(one).values["trained"] == 33 and "trained" not in demo_ledger.folded(one).conflicts
    )
    # A long text begins with what is shown: often only a word has to be changed.
    choose(panel, one, "content", qtbot)
    qtbot.keyClick(panel.table, Qt.Key.Key_0)
    assert panel.conflict.third.box.toPlainText().startswith("县里")
    # A number key typed into the text is text, not a choice.
    qtbot.keyClicks(panel.conflict.third.box, "1")
    assert not panel.conflict.cards[0].is_chosen() and "1" in panel.conflict.third.box.toPlainText()


def test_several_at_once(
    show: Callable[..., InboxPanel], demo_ledger: Ledger, disputed: list[str], qtbot: QtBot
) -> None:
    panel = show(InboxPanel, demo_ledger)
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_A, CTRL)
    qtbot.waitUntil(panel.several.isVisible)
    texts = [text for text, _ in panel.several.ways]
    assert texts[-1] == "都采用较晚填写的" and "都采用 焦作市科技局（演示） 填写的" in texts
    found: Any = panel.several
    press = next(
        b for b in found.findChildren(QPushButton) if b.text() == "都采用 焦作市科技局（演示） 填写的"
    )
    qtbot.mouseClick(press, Qt.MouseButton.LeftButton)
    left(panel, 0, qtbot)
    assert [demo_ledger.folded(r).values["trained"] for r in disputed] == [10, 11]
    assert panel.empty.isVisible()
    panel._context.undo()  # one undo for all
    left(panel, 3, qtbot)


def test_delete_against_edit(
    show: Callable[..., InboxPanel], demo_ledger: Ledger, county: Ledger, qtbot: QtBot
) -> None:
    record = visits_of(demo_ledger, state="submitted")[0]
    demo_ledger.write("删除", [Draft("visit", record, "delete", {DELETED: True})])
    edit(county, record, trained=77)
    bring(county, demo_ledger)
    panel = show(InboxPanel, demo_ledger)
    qtbot.waitUntil(lambda: len(panel.conflict.cards) == 2)
    assert "删除" in panel.caption.text() and not panel.conflict.other.isVisible()
    assert panel.conflict.cards[1].choice.text == "保留（另有改动：培训人数）"
    wanted: list[object] = []
    panel.wants.connect(lambda page, what: wanted.append((page, what)))
    qtbot.mouseClick(panel.open, Qt.MouseButton.LeftButton)
    assert wanted == [("visits", record)]
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_1)
    qtbot.keyClick(panel.table, Qt.Key.Key_Return, CTRL)
    left(panel, 0, qtbot)
    assert demo_ledger.folded(record).deleted


def test_stale_reviews_are_made_again(
    show: Callable[..., InboxPanel],
    demo_ledger: Ledger,
    county: Ledger,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = visits_of(demo_ledger, state="passed")[:2]
    for record in (one, other):
        demo_ledger.write(
            "审核", [Draft("visit", record, "update", {"review": ["passed", "甲", None, "2022-12-30"]})]
        )
        edit(county, record, trained=88)
    bring(county, demo_ledger)
    panel = show(InboxPanel, demo_ledger)
    assert panel.chips.chip("stale").text() == "审核后有改动 2"
    pick(panel.table, panel.model.row_of((one, "review")))
    qtbot.waitUntil(panel.stale.isVisible)
    assert not panel.go.isVisible() and panel.still.isVisible()
    monkeypatch.setattr(inbox_module, "ask_opinion", lambda _parent, _count: "请核实人数")
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    left(panel, 1, qtbot)
    assert demo_ledger.folded(one).values["review"][0] == "returned"
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_F8)
    left(panel, 0, qtbot)
    folded = demo_ledger.folded(other)
    assert folded.values["review"][0] == "passed" and not folded.stale and folded.values["trained"] == 88


def test_kept_aside_is_taken_over_or_dismissed(
    show: Callable[..., KeptPanel], demo_ledger: Ledger, tmp_path: Path, qtbot: QtBot
) -> None:
    stranger = make_county(tmp_path / "县.ktledger")
    befriend(demo_ledger, stranger, accepted=False)
    records = visits_of(demo_ledger)[:3]
    old = [demo_ledger.folded(r).values.get("trained") for r in records]
    for n, record in enumerate(records):
        stranger.write("修改", [Draft("visit", record, "update", {"trained": 60 + n})])
    bring(stranger, demo_ledger)
    stranger.close()
    panel = show(KeptPanel, demo_ledger)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3)
    assert [demo_ledger.folded(r).values.get("trained") for r in records] == old
    assert panel.reason.text() and "培训人数" in panel.change.text() and "温县科技局" in panel.who.text()
    row = next(r for r in range(3) if panel._asides[str(panel.model.key(r))].record == records[0])
    pick(panel.table, row)
    qtbot.waitUntil(lambda: "60" in panel.change.text())
    qtbot.mouseClick(panel.drop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2 and not tasks.busy())
    panel.table.selectAll()
    qtbot.waitUntil(lambda: panel.go.text() == "采用 2")
    qtbot.mouseClick(panel.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 0 and not tasks.busy())
    assert not panel.go.isVisible()
    assert [demo_ledger.folded(r).values.get("trained") for r in records] == [old[0], 61, 62]
    panel._context.undo()
    qtbot.waitUntil(lambda: demo_ledger.folded(records[1]).values.get("trained") == old[1], timeout=10_000)
    qtbot.waitUntil(lambda: not tasks.busy())
    assert [demo_ledger.folded(r).values.get("trained") for r in records] == old


def test_a_change_that_may_not_be_taken_over_is_only_dismissed(
    show: Callable[..., KeptPanel], fresh_ledger: Ledger, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Aside("s.1", "服务记录", "记录", "培训人数：1 → 2", "不属于该县", "温县科技局", "县里经办", "2022-12-28 10:05",
                 "visit", "v", False)  # fmt: skip
    monkeypatch.setattr(exchange, "asides", lambda _ledger: [kept])
    panel = show(KeptPanel, fresh_ledger)
    qtbot.waitUntil(lambda: panel.reason.text() == "不属于该县")
    assert not panel.go.isEnabled() and panel.drop.isEnabled() and "权限" in panel.go.toolTip()


def test_what_has_just_come_is_marked_until_it_is_opened(
    open_page: Callable[..., VisitsPage],
    demo_ledger: Ledger,
    qtbot: QtBot,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    came = set(visits_of(demo_ledger)[:3])
    monkeypatch.setattr(exchange, "arrived", lambda _ledger: frozenset(came))
    page = open_page(VisitsPage, demo_ledger)
    assert page.chips.chip("arrived").text() == "新到 3" and page.card.looked.isVisible()
    page.show_item({"arrived": True})
    settle()
    assert page.model.rowCount() == 3 and page.chips.current() == "arrived"
    cell = page.model.index(0, [c.key for c in page.model.columns].index("content"))
    assert str(cell.data(Qt.ItemDataRole.ToolTipRole)).startswith("新到")
    assert cell.data(Qt.ItemDataRole.DecorationRole) is not None
    pick(page.table, 0)
    settle()
    assert not str(cell.data(Qt.ItemDataRole.ToolTipRole)).startswith("新到")
    assert page.chips.chip("arrived").text() == "新到 2" and page.model.rowCount() == 3
    forgotten: list[object] = []

    def forget(_ledger: Ledger, records: list[str] | None = None) -> None:
        forgotten.append(records)
        came.difference_update(came if records is None else records)

    monkeypatch.setattr(exchange, "seen_arrivals", forget)
    assert page.may_leave()  # what was opened loses its mark for good when the page is left
    settle()
    assert len(forgotten[0]) == 1 and len(came) == 2 and not page._context.looked
    qtbot.mouseClick(page.card.looked, Qt.MouseButton.LeftButton)
    settle()
    settle()
    assert (
        "arrived" not in page.chips._chips and page.model.rowCount() > 3 and not page.card.looked.isVisible()
    )


def test_another_page_can_ask_for_a_chip_before_the_list_was_read(
    open_page: Callable[..., VisitsPage],
    demo_ledger: Ledger,
    county: Ledger,
    disputed: list[str],
    settle: Settle,
) -> None:
    page = open_page(VisitsPage, demo_ledger)
    page.show_item({"state": "disputed"})
    settle()
    assert page.chips.current() == "disputed" and page.model.rowCount() == 2
    pick(page.table, 0)
    settle()
    settle()
    assert "填报不一致" in page.editor.fields._fields["trained"].head.text()
    assert "填报不一致" not in page.editor.fields._fields["topic"].head.text()
    conflicts.decide_many(demo_ledger, {i.key: i.choices[0].value for i in conflicts.inbox(demo_ledger)})
    page.show_item({"state": "disputed"})  # there is none any more: all are listed
    settle()
    settle()
    assert page.chips.current() == "all" and page.model.rowCount() > 2


def test_people_in_conflict_and_newly_come_are_marked_in_their_table(
    open_page: Callable[..., CommissionersPage],
    demo_ledger: Ledger,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = [p for p in places.listed(demo_ledger, None) if p.commissioner][:2]
    seen = people.seen(demo_ledger, first.commissioner)
    people.save_person(demo_ledger, first.commissioner, {"phone": "13911110001"}, opened=seen)
    people.save_person(demo_ledger, first.commissioner, {"phone": "13911110002"}, opened=seen)
    monkeypatch.setattr(exchange, "arrived", lambda _ledger: frozenset({second.commissioner}))
    page = open_page(CommissionersPage, demo_ledger)
    settle()

    def mark(place: str) -> object:
        return page.model.index(page.model.row_of(place), 1).data(Qt.ItemDataRole.DecorationRole)

    assert mark(first.id) is not None and mark(second.id) is not None
    assert "填报不一致" in page.model.index(page.model.row_of(first.id), 0).data(Qt.ItemDataRole.ToolTipRole)
    assert page.chips.chip("arrived").text() == "新到 1"
    page.show_item(second.id)
    settle()
    assert mark(second.id) is None
