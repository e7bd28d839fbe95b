"""待核实 in the list: the chip, the marks, one rule of several, answers for several at once."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from commissioner_app import doubts, visits
from commissioner_app.ledgers import Ledger
from commissioner_app.visits import VisitFilter
from ui.visits import answering
from ui.visits.page import VisitsPage

Settle = Callable[[], None]


@pytest.fixture
def ledger(demo_ledger: Ledger) -> Ledger:
    """Only two rules are on, so that what they meet can be counted by hand."""
    for rule in doubts.rules_of(demo_ledger).rules:
        doubts.change(demo_ledger, rule, enabled=rule in ("future_date", "days_exceed"))
    rows = visits.rows(demo_ledger, visits.listed_rowids(demo_ledger, VisitFilter(), "date", True)[:4])
    for n, v in enumerate(rows.values()):
        visits.save(demo_ledger, v.id, {"time": [v.date, None, "09:00", "11:00", 9 + n]})
    return demo_ledger


@pytest.fixture
def page(open_page: Callable[..., VisitsPage], ledger: Ledger) -> VisitsPage:
    return open_page(VisitsPage, ledger)


def test_the_chip_counts_and_lists_them(
    page: VisitsPage, ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    settle()
    assert page.chips.chip("doubt").text() == "待核实 4"
    page.chips.set_current("doubt")
    settle()
    settle()
    assert page.model.rowCount() == 4 and page._total.visits == 4
    assert not page.bar.rule.isHidden() and page.bar.rule.count() == 2
    assert page.bar.rule.itemText(1).endswith(" 4")
    index = page.model.index(0, 3)
    assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()
    settle()
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    sentence = doubts.of_visits(ledger, [page.model.visit(0).id])[page.model.visit(0).id][0].sentence
    assert f"待核实：{sentence}" in tip
    # The count follows the other filters.
    page.county.setCurrentIndex(page.county.findText("温县"))
    settle()
    settle()
    in_wen = sum(page.model.visit(r).county == "410825" for r in range(page.model.rowCount()))
    assert page.model.rowCount() == in_wen
    assert page.chips.chip("doubt").text() == f"待核实 {in_wen}"


def test_several_are_answered_at_once_and_undone(
    page: VisitsPage, ledger: Ledger, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle()
    page.chips.set_current("doubt")
    settle()
    settle()
    page.table.selectAll()
    settle()
    assert page.bulk.answer.isVisible()

    def answer(dialog: answering.AnswerDialog) -> int:
        dialog._go()
        assert dialog.error.text()  # not without words
        assert dialog.which.currentText().endswith("（4 条）")
        dialog.text.setPlainText("跨年驻点，已核实")
        dialog._go()
        return dialog.result()

    monkeypatch.setattr(answering.AnswerDialog, "exec", answer)
    qtbot.mouseClick(page.bulk.answer, Qt.MouseButton.LeftButton)
    settle()
    qtbot.waitUntil(lambda: not doubts.all_of(ledger).visits, timeout=5000)
    settle()
    settle()
    qtbot.waitUntil(lambda: page.model.rowCount() != 4, timeout=5000)
    page._context.undo()
    settle()
    qtbot.waitUntil(lambda: doubts.all_of(ledger).visits == 4, timeout=5000)


def test_a_doubt_that_is_gone_leaves_the_list(
    page: VisitsPage, ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    settle()
    page.chips.set_current("doubt")
    settle()
    settle()
    first = page.model.visit(0)
    visits.save(ledger, first.id, {"time": [first.date, None, "09:00", "11:00", 1]})
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=5000)
    settle()
    assert page.chips.chip("doubt").text() == "待核实 3"


def test_without_doubts_there_is_no_chip(
    open_page: Callable[..., VisitsPage], demo_ledger: Ledger, settle: Settle
) -> None:
    for rule in doubts.rules_of(demo_ledger).rules:
        doubts.change(demo_ledger, rule, enabled=False)
    page = open_page(VisitsPage, demo_ledger)
    settle()
    assert "doubt" not in page.chips._chips and page.bar.rule.isHidden()
