"""逐条审核: the pending visits by keyboard; every decision is an operation over what was shown."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from commissioner_app import attachments, doubts, history, visits
from commissioner_app.ledgers import Ledger
from commissioner_app.visits import VisitFilter
from ui.visits import answering
from ui.visits.opinion import OpinionDialog
from ui.visits.page import VisitsPage
from ui.visits.review import page as review_module
from ui.visits.review.page import ReviewPage

Settle = Callable[[], None]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key may decide as soon as a visit is shown, unless a test says otherwise."""
    monkeypatch.setattr(review_module, "DECIDE_AFTER_S", 0)


@pytest.fixture
def listing(open_page: Callable[..., VisitsPage], demo_ledger: Ledger) -> VisitsPage:
    return open_page(VisitsPage, demo_ledger)


@pytest.fixture
def page(listing: VisitsPage, qtbot: QtBot, settle: Settle) -> ReviewPage:
    qtbot.keyClick(listing.table, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    settle()
    settle()
    review = listing._review
    assert review is not None and review.isVisible()
    return review


def press(qtbot: QtBot, page: ReviewPage, settle: Settle, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(page, key)
        settle()
        settle()


def pending(ledger: Ledger) -> list[str]:
    found = visits.listed_rowids(ledger, VisitFilter(states=("submitted",)), "date", True)
    rows = visits.rows(ledger, found)
    return [rows[r].id for r in found]


def state(ledger: Ledger, visit: str) -> str:
    return str(ledger.folded(visit).values["review"][0])


def test_keys_go_through_what_waits_and_decide(
    page: ReviewPage, listing: VisitsPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    queue = pending(demo_ledger)
    assert page.hasFocus() and page.case.opened.id == queue[0] and page.progress.text() == "第 1 / 14 条"
    assert (page.case.row.content or "?") in page.sheet.texts["服务内容"]
    press(qtbot, page, settle, Qt.Key.Key_J, Qt.Key.Key_Down, Qt.Key.Key_K)
    assert page.case.opened.id == queue[1] and page.progress.text() == "第 2 / 14 条"
    operations = len(history.operations(demo_ledger))
    press(qtbot, page, settle, Qt.Key.Key_P)
    assert state(demo_ledger, queue[1]) == "passed" and page.case.opened.id == queue[2]
    press(qtbot, page, settle, Qt.Key.Key_Return)
    assert state(demo_ledger, queue[2]) == "passed" and page.case.opened.id == queue[3]

    def answer(dialog: OpinionDialog) -> int:
        dialog.text.setPlainText("请补现场照片")
        dialog._go()
        return dialog.result()

    monkeypatch.setattr(OpinionDialog, "exec", answer)
    press(qtbot, page, settle, Qt.Key.Key_R)
    assert demo_ledger.folded(queue[3]).values["review"][:3] == ["returned", "演示员", "请补现场照片"]
    assert len(history.operations(demo_ledger)) == operations + 3  # each decision by itself
    assert page.left.text() == "已通过 2 · 已退回 1 · 还剩 11" and page.bar.value() == 3
    # One that is decided is seen again, and cannot be passed twice.
    press(qtbot, page, settle, Qt.Key.Key_K)
    assert page.case.opened.id == queue[3] and not page.approve.isEnabled()
    press(qtbot, page, settle, Qt.Key.Key_P)
    assert state(demo_ledger, queue[3]) == "returned"
    press(qtbot, page, settle, Qt.Key.Key_Escape)
    assert listing.whole.currentWidget() is listing.listing and listing.table.hasFocus()
    assert listing.editor.visit == queue[3]


def test_undo_brings_a_decision_back(
    page: ReviewPage, listing: VisitsPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    queue = pending(demo_ledger)
    press(qtbot, page, settle, Qt.Key.Key_P, Qt.Key.Key_P)
    assert page.left.text() == "已通过 2 · 还剩 12"
    listing._context.undo()
    settle()
    settle()
    settle()
    assert state(demo_ledger, queue[1]) == "submitted" and state(demo_ledger, queue[0]) == "passed"
    assert page.left.text() == "已通过 1 · 还剩 13" and page.case.opened.id == queue[2]


def test_what_was_passed_over_comes_at_the_end_and_then_it_is_done(
    listing: VisitsPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    keep = pending(demo_ledger)[:3]
    visits.withdraw(demo_ledger, pending(demo_ledger)[3:])
    settle()
    listing.review()
    settle()
    settle()
    page = listing._review
    press(qtbot, page, settle, Qt.Key.Key_J, Qt.Key.Key_P)
    assert page.case.opened.id == keep[2]
    press(qtbot, page, settle, Qt.Key.Key_P)
    assert page.case.opened.id == keep[0]
    press(qtbot, page, settle, Qt.Key.Key_P)
    assert page.finished.isVisible() and "通过 3 条" in page.end.sentence.text()
    assert not pending(demo_ledger) and not page.body.isVisible()
    # Taken back, it is there again.
    listing._context.undo()
    settle()
    settle()
    settle()
    assert not page.finished.isVisible() and page.case.opened.id == keep[0]
    press(qtbot, page, settle, Qt.Key.Key_P)
    qtbot.keyClick(page.end.button, Qt.Key.Key_Return)
    settle()
    assert listing.whole.currentWidget() is listing.listing


def test_a_decision_is_over_what_was_shown(
    page: ReviewPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = pending(demo_ledger)
    first = page.case.opened
    # What another process has written stands not on the screen yet: the review does not cover it.
    page._context._stop()
    visits.save(demo_ledger, queue[0], {"content": "刚刚改的"})
    press(qtbot, page, settle, Qt.Key.Key_P)
    assert first.values["content"] != "刚刚改的"
    folded = demo_ledger.folded(queue[0])
    assert folded.stale and folded.values["review"][0] == "passed"
    assert queue[0] in pending(demo_ledger)  # 审核后有改动: it waits again
    page._context._stop = lambda: None


def test_what_changes_while_it_is_read_is_shown_and_said(
    page: ReviewPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    queue = pending(demo_ledger)
    visits.save(demo_ledger, queue[0], {"content": "刚刚改的"})
    qtbot.waitUntil(lambda: page.sheet.texts.get("服务内容") == "刚刚改的", timeout=5000)
    settle()
    assert page.sheet.texts["服务内容"] == "刚刚改的" and "刚刚有改动" in page.sheet.notice.text()
    press(qtbot, page, settle, Qt.Key.Key_P)
    folded = demo_ledger.folded(queue[0])
    assert folded.values["review"][0] == "passed" and not folded.stale
    visits.delete(demo_ledger, [queue[1]])
    qtbot.waitUntil(lambda: page.case is not None and page.case.opened.id == queue[2], timeout=5000)
    assert page.case.opened.id == queue[2]  # one that is gone is passed over


def test_what_changed_after_its_review_is_among_them_with_its_changes(
    listing: VisitsPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    visits.withdraw(demo_ledger, pending(demo_ledger))
    passed = listing.model.visit(40)
    assert passed.state == "passed"
    visits.save(demo_ledger, passed.id, {"trained": 77})
    settle()
    listing.review()
    settle()
    settle()
    page = listing._review
    assert page.progress.text() == "第 1 / 1 条" and page.case.opened.id == passed.id
    assert "审核后有改动" in page.sheet.notice.text()
    assert [(c.label, c.new) for c in page.case.changed] == [("培训人数", "77")]
    press(qtbot, page, settle, Qt.Key.Key_F8)
    assert state(demo_ledger, passed.id) == "passed" and page.finished.isVisible()


def test_a_key_pressed_twice_or_held_decides_once(
    page: ReviewPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = pending(demo_ledger)
    monkeypatch.setattr(review_module, "DECIDE_AFTER_S", 30)
    page._shown_at = time.monotonic() - 60
    press(qtbot, page, settle, Qt.Key.Key_P, Qt.Key.Key_P, Qt.Key.Key_Return)
    assert [state(demo_ledger, v) for v in queue[:2]] == ["passed", "submitted"]


def test_enter_on_a_button_presses_that_button(
    page: ReviewPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    queue = pending(demo_ledger)
    page.next.setFocus()
    qtbot.keyClick(page.next, Qt.Key.Key_Return)
    settle()
    settle()
    assert page.case.opened.id == queue[1] and state(demo_ledger, queue[0]) == "submitted"
    # A button that a decision switches off does not hand the keyboard to 结束审核.
    page.approve.setFocus()
    qtbot.keyClick(page.approve, Qt.Key.Key_Return)
    settle()
    settle()
    assert state(demo_ledger, queue[1]) == "passed" and page.hasFocus() and page.isVisible()


def test_the_filter_of_the_list_holds_and_a_visit_in_view_comes_first(
    listing: VisitsPage, demo_ledger: Ledger, settle: Settle
) -> None:
    listing.county.setCurrentIndex(listing.county.findText("温县"))
    listing.chips.set_current("submitted")
    settle()
    count = listing.model.rowCount()
    assert 1 < count < 14
    listing.table.selectRow(1)
    settle()
    chosen = listing.editor.visit
    listing.review()
    settle()
    settle()
    page = listing._review
    assert page.progress.text() == f"第 2 / {count} 条" and page.case.opened.id == chosen


def test_photos_stand_beside_the_text_and_arrows_change_them(
    listing: VisitsPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    first = pending(demo_ledger)[0]
    for name, colour in (("红.jpg", "red"), ("蓝.jpg", "blue")):
        Image.new("RGB", (800, 600), colour).save(tmp_path / name)
    attachments.add_photos(demo_ledger, first, [tmp_path / "红.jpg", tmp_path / "蓝.jpg"])
    listing.review()
    settle()
    settle()
    page = listing._review
    pictures = page.pictures
    assert pictures.strip.count() == 2 and "第 1 / 2 张" in pictures.caption.text()
    seen: list[str] = []
    for _ in range(3):
        pixel = pictures.large.image().pixelColor(400, 300)
        seen.append("red" if pixel.red() > 200 else "blue" if pixel.blue() > 200 else "?")
        press(qtbot, page, settle, Qt.Key.Key_Right)
    assert seen == ["red", "blue", "red"]
    press(qtbot, page, settle, Qt.Key.Key_J)
    assert pictures.large.image() is None and "没有照片" in pictures.large.accessibleName()


def test_doubts_stand_beside_the_text_and_are_answered(
    page: ReviewPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = page.case.opened.id
    open_before = [
        f for f in doubts.of_visits(demo_ledger, [visit])[visit] if f.severity == "doubt" and not f.answered
    ]
    assert open_before and page.findings._title.text() == f"待核实 {len(open_before)} 项"

    def answer(dialog: answering.AnswerDialog) -> int:
        dialog.text.setPlainText("已电话核实")
        dialog._go()
        return dialog.result()

    monkeypatch.setattr(answering.AnswerDialog, "exec", answer)
    buttons: Iterable[QPushButton] = page.findings.findChildren(QPushButton)
    link = next(b for b in buttons if b.text() == "说明…")
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    settle()
    settle()
    settle()
    left = [
        f for f in doubts.of_visits(demo_ledger, [visit])[visit] if f.severity == "doubt" and not f.answered
    ]
    assert len(left) == len(open_before) - 1 and page.case.opened.id == visit
    assert page.findings._title.text() == (f"待核实 {len(left)} 项" if left else "没有待核实的情况")


def test_a_commissioner_reviews_nothing(
    open_page: Callable[..., VisitsPage], demo_ledger: Ledger, settle: Settle
) -> None:
    page = open_page(VisitsPage, demo_ledger)
    page._context.role = "commissioner"
    page.reload()
    settle()
    page.review()
    settle()
    assert page._review is None and not page.card.review.isVisible()


def test_nothing_to_review_is_said(listing: VisitsPage, demo_ledger: Ledger, settle: Settle) -> None:
    said: list[str] = []
    listing._context.said.connect(lambda text, _u: said.append(text))
    visits.withdraw(demo_ledger, pending(demo_ledger))
    settle()
    listing.review()
    settle()
    assert said[-1] == "所列记录中没有待审核的。" and listing.whole.currentWidget() is listing.listing
