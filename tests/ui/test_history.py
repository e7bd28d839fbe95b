"""操作历史: the list, what an operation changed, undoing any of them; the history of one record."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from commissioner_app import ledgers, people, places, visits
from commissioner_app.batches import all_batches
from commissioner_app.ledgers import NewLedger
from ui import tasks
from ui.context import Context
from ui.history.dialog import HistoryDialog
from ui.history.panel import HistoryPanel


@pytest.fixture
def context(qtbot: QtBot, tmp_path: Path) -> Iterator[Context]:
    ledger = ledgers.create(
        tmp_path / "a.ktledger", NewLedger("bureau", name="甲局", actor="演示甲", roster="2022")
    )
    made = Context(ledger)
    yield made
    tasks.shut_down()
    made.close()
    ledger.close()


def logged(context: Context, content: str, trained: int) -> str:
    place = places.listed(context.ledger, all_batches(context.ledger)[0])[0]
    values = {
        "who": [[place.id, None]],
        "time": ["2022-09-28", None, None, None, 1],
        "where": ["410825", None, None],
        "content": content,
        "trained": trained,
    }
    outcome = visits.save(context.ledger, None, values)
    return outcome.records["visit"][0]


def opened(qtbot: QtBot, context: Context) -> HistoryDialog:
    dialog = HistoryDialog(context)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.waitUntil(lambda: dialog.model.rowCount() > 0)
    return dialog


def labels(dialog: HistoryDialog) -> list[str]:
    return [str(dialog.model.index(n, 3).data()) for n in range(dialog.model.rowCount())]


def settled(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not tasks.busy())


def test_any_operation_is_taken_back(qtbot: QtBot, context: Context) -> None:
    ledger = context.ledger
    visit = logged(context, "查看山药长势", 10)
    visits.save(ledger, visit, {"trained": 20})
    visits.save(ledger, visit, {"content": "讲解防控"})
    dialog = opened(qtbot, context)
    assert labels(dialog)[:3] == ["修改服务记录", "修改服务记录", "登记服务"]
    dialog.table.selectRow(1)
    qtbot.waitUntil(lambda: bool(dialog.changes.groups()))
    assert ("培训人数", "10", "20") in dialog.changes.groups()[0].lines
    qtbot.mouseClick(dialog.undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "已撤销" in dialog.notice.text())
    values = ledger.folded(visit).values
    assert values["trained"] == 10 and values["content"] == "讲解防控"
    qtbot.waitUntil(lambda: labels(dialog)[0] == "撤销：修改服务记录")
    assert any("（已撤销）" in text for text in labels(dialog))
    settled(qtbot)
    dialog.table.selectRow(0)
    settled(qtbot)
    assert dialog.undo.text() == "重做这一步"
    qtbot.mouseClick(dialog.undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ledger.folded(visit).values["trained"] == 20)


def test_what_is_left_as_it_is_is_named(qtbot: QtBot, context: Context) -> None:
    ledger = context.ledger
    visit = logged(context, "甲", 10)
    visits.save(ledger, visit, {"trained": 20, "content": "乙"})
    visits.save(ledger, visit, {"trained": 30})
    dialog = opened(qtbot, context)
    dialog.table.selectRow(1)
    settled(qtbot)
    qtbot.mouseClick(dialog.undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "培训人数" in dialog.notice.text())
    values = ledger.folded(visit).values
    assert (values["trained"], values["content"]) == (30, "甲")
    settled(qtbot)


def test_filter(qtbot: QtBot, context: Context) -> None:
    people.save_person(context.ledger, None, {"name": "演示丙"})
    dialog = opened(qtbot, context)
    qtbot.keyClick(dialog, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    dialog.search.setText("演示丙")
    assert labels(dialog) == ["录入特派员 演示丙"] and "1 步" in dialog.count.text()
    dialog.search.setText("没有这样的")
    assert dialog.model.rowCount() == 0 and not dialog.undo.isEnabled()
    dialog.search.clear()
    dialog.chips.set_current("others")
    assert labels(dialog) == ["随程序提供2022年度名额"]
    settled(qtbot)


def test_history_of_a_record(qtbot: QtBot, context: Context) -> None:
    visit = logged(context, "甲", 10)
    panel = HistoryPanel(context)
    qtbot.addWidget(panel)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.show_record(visit)
    qtbot.waitUntil(lambda: len(panel.list.groups()) == 1)
    visits.save(context.ledger, visit, {"trained": 20})
    qtbot.waitUntil(lambda: len(panel.list.groups()) == 2)
    newest = panel.list.groups()[0]
    assert newest.title == "修改服务记录" and newest.lines == (("培训人数", "10", "20"),)
    assert "演示甲" in newest.caption and "甲局" in newest.caption
    panel.show_record(None)
    assert panel.list.groups() == []
    settled(qtbot)
