"""服务记录: logging, changing, reviewing visits by mouse and keyboard over a real ledger."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from commissioner_app import drafts, history, visits
from commissioner_app.cli import run as cli
from commissioner_app.ledgers import Ledger
from db.queries.visits import VisitFilter
from ui.history.conflicts import ChooseDialog
from ui.visits import editor as editor_module
from ui.visits.page import VisitsPage

Settle = Callable[[], None]


def count(ledger: Ledger, **f: object) -> int:
    return len(visits.listed_rowids(ledger, VisitFilter(**f), "date", True))


def fill(page: VisitsPage, qtbot: QtBot, who: str = "2022-校派-01") -> None:
    f = page.editor.fields
    f.who.set_values([who])
    f.who.changed.emit([who])
    qtbot.keyClicks(f.date, "2022-7-3")
    qtbot.keyClicks(f.start_time, "9:00")
    qtbot.keyClicks(f.end_time, "11:30")
    qtbot.waitUntil(lambda: page.editor.hints.gazetteer is not None, timeout=10_000)
    f.place.clear()
    qtbot.keyClicks(f.place, "wx dyl")
    qtbot.keyClick(f.place, Qt.Key.Key_Return)
    f.recipient.setText("演示合作社")
    f.ways.toggle("现场指导")
    f.content.setPlainText("指导铁棍山药种植")
    qtbot.keyClicks(f.trained, "32")


@pytest.fixture
def page(open_page: Callable[..., VisitsPage], fresh_ledger: Ledger) -> VisitsPage:
    return open_page(VisitsPage, fresh_ledger)


def test_an_empty_page_says_what_to_do_and_begins_it(page: VisitsPage, qtbot: QtBot) -> None:
    assert page.empty.isVisible() and "还没有服务记录" in page.empty.sentence.text()
    qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    assert page.editor.isVisible() and page.editor.is_new


def test_log_a_visit_by_keyboard(
    page: VisitsPage, fresh_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page.show_item("new")
    fill(page, qtbot)
    # Days come from the times; the village tells its township and county.
    assert page.editor.fields.days.text() == "0.5"
    assert page.editor.fields.place.text() == "温县 祥云镇 大玉兰"
    qtbot.keyClick(page.editor.fields.trained, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert count(fresh_ledger) == 1
    row = next(
        iter(
            visits.rows(
                fresh_ledger, visits.listed_rowids(fresh_ledger, VisitFilter(), "date", True)
            ).values()
        )
    )
    assert (row.date, row.half_days, row.county, row.trained, row.state) == (
        "2022-07-03",
        1,
        "410825",
        32,
        "draft",
    )
    assert row.recipient_name == "演示合作社" and row.village == "410825101219"
    assert page.editor.visit == row.id and not page.editor.dirty
    settle()
    assert page.model.rowCount() == 1


def test_ctrl_enter_saves_and_begins_the_next(
    page: VisitsPage, fresh_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page.show_item("new")
    fill(page, qtbot)
    qtbot.keyClick(page.editor.fields.trained, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert count(fresh_ledger) == 1 and page.editor.is_new
    assert page.editor.fields.content.toPlainText() == ""


def test_bad_input_is_marked_in_words_and_nothing_is_saved(
    page: VisitsPage, fresh_ledger: Ledger, qtbot: QtBot
) -> None:
    page.show_item("new")
    f = page.editor.fields
    qtbot.keyClicks(f.days, "0.3")
    assert "半天" in f.shown_error("days")
    f.trained.setText("三十")
    assert "整数" in f.shown_error("trained")
    qtbot.mouseClick(page.editor.submit, Qt.MouseButton.LeftButton)
    assert f.shown_error("who") and f.shown_error("content")
    assert count(fresh_ledger) == 0


def test_edit_shows_in_history_and_undo_takes_it_back(
    open_page: Callable[..., VisitsPage], demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(VisitsPage, demo_ledger)
    page.table.selectRow(0)
    settle()
    visit = page.editor.visit
    assert visit
    old = demo_ledger.folded(visit).values["content"]
    page.editor.fields.content.setPlainText("改过的内容")
    qtbot.mouseClick(page.editor.store, Qt.MouseButton.LeftButton)
    settle()
    steps = history.record_history(demo_ledger, visit)
    assert (steps[0].field, steps[0].old, steps[0].new) == ("服务内容", old, "改过的内容")
    page._context.undo()
    settle()
    settle()
    assert demo_ledger.folded(visit).values["content"] == old
    assert page.editor.fields.content.toPlainText() == old


def test_review_passes_by_f8_only_in_review(
    open_page: Callable[..., VisitsPage], demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(VisitsPage, demo_ledger)
    pending = count(demo_ledger, states=("submitted",))
    page.chips.set_current("passed")
    settle()
    page.table.selectRow(0)
    settle()
    qtbot.keyClick(page.table, Qt.Key.Key_F8)
    settle()
    assert count(demo_ledger, states=("submitted",)) == pending
    page.chips.set_current("submitted")
    settle()
    assert page.model.rowCount() == pending
    page.table.selectRow(0)
    settle()
    visit = page.editor.visit
    qtbot.keyClick(page.table, Qt.Key.Key_F8)
    settle()
    assert demo_ledger.folded(visit).values["review"][:2] == ["passed", "演示员"]
    assert count(demo_ledger, states=("submitted",)) == pending - 1


def test_bulk_return_needs_an_opinion(
    open_page: Callable[..., VisitsPage],
    demo_ledger: Ledger,
    qtbot: QtBot,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from ui.visits import opinion

    page = open_page(VisitsPage, demo_ledger)
    page.chips.set_current("submitted")
    settle()
    page.table.selectAll()
    settle()
    assert "已选" in page.card.foot.text()

    def answer(dialog: opinion.OpinionDialog) -> int:
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        assert dialog.error.text()  # not without an opinion
        dialog.text.setPlainText("请补照片")
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(opinion.OpinionDialog, "exec", answer)
    page.bulk.return_all()
    settle()
    assert count(demo_ledger, states=("submitted",)) == 0
    assert count(demo_ledger, states=("returned",)) == 14 + 4


def test_filter_sort_and_sums(
    open_page: Callable[..., VisitsPage], demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(VisitsPage, demo_ledger)
    QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.filter.setText("山药")
    qtbot.waitUntil(lambda: page.model.rowCount() < 214, timeout=5000)
    settle()
    shown = [page.model.visit(r) for r in range(page.model.rowCount())]
    assert 0 < len(shown) < 214 and all("山药" in f"{v.content}{v.topic}{v.recipient_name}" for v in shown)
    page.filter.clear()
    qtbot.waitUntil(lambda: page.model.rowCount() == 214, timeout=5000)
    page.table.sortByColumn(5, Qt.SortOrder.DescendingOrder)
    settle()
    trained = [page.model.visit(r).trained or 0 for r in range(page.model.rowCount())]
    assert len(trained) == 214 and trained == sorted(trained, reverse=True)
    assert f"{sum(trained):,}" in page.card.foot.text()
    page.show_item({"county": "410825", "label": "温县"})
    settle()
    assert {page.model.visit(r).county for r in range(page.model.rowCount())} == {"410825"}


def test_what_the_command_line_writes_shows_in_the_open_window(
    open_page: Callable[..., VisitsPage], demo_ledger: Ledger, settle: Settle, tmp_path, qtbot: QtBot
) -> None:
    page = open_page(VisitsPage, demo_ledger)
    table = tmp_path / "t.csv"
    table.write_text("特派员,日期,天数,受援县,服务内容\n演示一,2022-06-01,1,温县,命令行写入\n", "utf-8")
    assert cli(["import", "visits", str(table), "--ledger", str(demo_ledger.path)]) == 0
    page._context.look_for_others()
    settle()
    assert page.model.rowCount() == 215


def test_typed_text_survives_another_writer_and_a_crash(
    open_page: Callable[..., VisitsPage],
    demo_ledger: Ledger,
    settle: Settle,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = open_page(VisitsPage, demo_ledger)
    page.table.selectRow(0)
    settle()
    visit = page.editor.visit
    page.editor.fields.content.setPlainText("我正在写")
    # Somebody else changes the same field meanwhile; the typed text stays, and saving makes a conflict, no loss.
    visits.save(demo_ledger, visit, {"content": "别处改的"})
    settle()
    assert page.editor.fields.content.toPlainText() == "我正在写"
    qtbot.waitUntil(lambda: bool(drafts.waiting(demo_ledger)), timeout=5000)
    # As after a crash: a page made anew offers what was typed.
    again = open_page(VisitsPage, demo_ledger)
    assert again.unsaved.isVisible() and "我正在写" in again.unsaved.text.text()
    qtbot.mouseClick(again.unsaved.restore, Qt.MouseButton.LeftButton)
    settle()
    assert again.editor.visit == visit and not again.unsaved.isVisible()
    assert again.editor.fields.content.toPlainText() == "我正在写" and again.editor.dirty
    again.editor.save()
    settle()
    settle()
    folded = demo_ledger.folded(visit)
    assert folded.conflicts == {"content"}
    bar = again.editor.conflicts
    qtbot.waitUntil(bar.isVisible, timeout=5000)
    assert "填报不一致：服务内容" in bar.text.text()

    def choose(dialog: ChooseDialog) -> int:
        texts = [c.text for c in dialog._groups[0][0].choices]
        assert set(texts) == {"我正在写", "别处改的"}
        dialog.choose(0, texts.index("别处改的"))
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(ChooseDialog, "exec", choose)
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    settle()
    settle()
    assert (
        demo_ledger.folded(visit).values["content"] == "别处改的" and not demo_ledger.folded(visit).conflicts
    )
    assert not bar.isVisible()
    assert not drafts.waiting(demo_ledger)


def test_choosing_another_visit_asks_before_typed_text_goes(
    open_page: Callable[..., VisitsPage], demo_ledger: Ledger, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(VisitsPage, demo_ledger)
    page.table.selectRow(0)
    settle()
    first = page.editor.visit
    page.editor.fields.content.setPlainText("要保存的")
    asked: list[str] = []

    def save_it(_parent: object, question: str, *_rest: object, **_more: object) -> int:
        asked.append(question)
        return 0

    monkeypatch.setattr(editor_module, "ask", save_it)
    page.table.selectRow(3)
    settle()
    assert asked and demo_ledger.folded(first).values["content"] == "要保存的"


def test_delete_and_undo(
    open_page: Callable[..., VisitsPage], demo_ledger: Ledger, settle: Settle, qtbot: QtBot
) -> None:
    page = open_page(VisitsPage, demo_ledger)
    page.table.selectRow(1)
    settle()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    settle()
    assert count(demo_ledger) == 213 and page.model.rowCount() == 213
    page._context.undo()
    settle()
    settle()
    assert count(demo_ledger) == 214 and page.model.rowCount() == 214


def test_a_visit_outside_the_period_does_not_vanish(
    page: VisitsPage, fresh_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    said: list[str] = []
    page._context.said.connect(lambda text, _undoable: said.append(text))
    page.show_item("new")
    fill(page, qtbot)
    page.editor.fields.date.setText("2019-07-03")  # a mistyped year
    page.editor.save(submit=True)
    settle()
    settle()
    assert page.model.rowCount() == 0 and "不在2022年度考核期内" in said[-1]
    qtbot.mouseClick(page.always, Qt.MouseButton.LeftButton)
    settle()
    assert page.model.rowCount() == 1
    from commissioner_app import statistics
    from commissioner_app.attention import attention

    o = statistics.overview(fresh_ledger, page._context.period)
    assert any("不在任何批次的期间内" in a.text for a in attention(fresh_ledger, o))


def test_a_double_click_on_submit_does_not_approve(
    page: VisitsPage, fresh_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page.show_item("new")
    fill(page, qtbot)
    page.editor.save()
    settle()
    settle()
    qtbot.waitUntil(page.editor.submit.isEnabled, timeout=5000)
    qtbot.mouseClick(page.editor.submit, Qt.MouseButton.LeftButton)
    settle()
    settle()
    assert page.editor.approve.isVisible() and not page.editor.approve.isEnabled()
    qtbot.waitUntil(page.editor.approve.isEnabled, timeout=5000)


def test_people_are_found_by_pinyin_and_bring_their_county(
    open_page: Callable[..., VisitsPage], demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(VisitsPage, demo_ledger)
    page.show_item("new")
    f = page.editor.fields
    f.who.setFocus()
    qtbot.keyClicks(f.who, "y")
    panel: Any = f.who.panel()
    assert panel is not None
    qtbot.keyClicks(panel.entry, "sy")
    qtbot.keyClick(panel.entry, Qt.Key.Key_Return)
    assert f.who.values() == ["演示一"]
    settle()
    assert f.place.where()[0] == "410821"
