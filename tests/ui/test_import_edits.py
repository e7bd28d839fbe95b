"""A table that was exported here and comes back: its edits are shown, then written as one operation."""

from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from commissioner_app import batches, exports, history, people, places
from commissioner_app.ledgers import Ledger
from ui import tasks
from ui.commissioners import transfer
from ui.commissioners.page import CommissionersPage
from ui.context import Context
from ui.importing.edits import EditsView
from ui.importing.window import REHEARSAL, SOURCE


@dataclass(frozen=True)
class Cell:
    row: int
    who: str
    field: str
    before: str
    after: str
    disputed: bool = False


@dataclass(frozen=True)
class Trouble:
    row: int
    message: str


EDITS = (
    Cell(3, "演示一", "职称", "讲师", "副教授"),
    Cell(5, "演示三", "联系电话", "", "13800000003", disputed=True),
    Cell(9, "演示七", "专业", "植物保护", ""),
)
TROUBLE = (Trouble(4, "联系电话“1380”不是 11 位手机号码。"),)


def column(view: EditsView, key: int) -> list[str]:
    return [str(view.model.index(row, key).data()) for row in range(view.model.rowCount())]


def test_edits_and_problems_stand_in_the_order_of_the_table(qtbot: QtBot) -> None:
    view = EditsView()
    qtbot.addWidget(view)
    view.resize(1000, 500)
    view.show()
    view.show_edits(EDITS, TROUBLE, "表中改了 3 处。")
    assert column(view, 0) == ["3", "4", "5", "9"]
    assert column(view, 1) == ["修改", "未能读入", "将填报不一致", "修改"]
    assert column(view, 4) == ["讲师", "—", "—", "植物保护"] and column(view, 5)[3] == "—"
    assert view.chips.chip("disputed").text() == "将填报不一致 1"
    view.chips.chip("disputed").click()
    assert column(view, 2) == ["演示三"]
    assert "两个值都会保留" in str(view.model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole))
    view.chips.chip("all").click()
    qtbot.keyClicks(view.filter, "ysq")
    assert column(view, 2) == ["演示七"]  # by initials
    view.show_edits(())
    view.filter.clear()
    assert "没有改过的内容" in view._empty.sentence.text() and view._empty.isVisible()


def test_a_returned_table_goes_straight_to_its_edits_and_is_written_once(
    qtbot: QtBot, demo_ledger: Ledger, tmp_path: Path
) -> None:
    batch = batches.all_batches(demo_ledger)[0]
    place = next(p for p in places.listed(demo_ledger, batch) if p.name == "演示一")
    title = people.person(demo_ledger, place.commissioner)["title"]
    path = tmp_path / "选派名单2022（改）.xlsx"
    exports.export_roster(demo_ledger, path, 2022)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    columns = {str(cell.value): cell.column for cell in sheet[3]}
    sheet.cell(4, columns["职称"]).value = "副教授（改）"
    sheet.cell(5, columns["联系电话"]).value = "12"
    sheet.cell(42, columns["姓名"]).value = "演示新来"
    sheet.cell(42, columns["派出单位"]).value = "河南农业大学"
    sheet.cell(42, columns["类别"]).value = "省派"
    book.save(path)
    context = Context(demo_ledger)
    page = CommissionersPage(context)
    qtbot.addWidget(page)
    window = transfer.bring_in(page, context)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    window.open_file(path)
    qtbot.waitUntil(lambda: not tasks.busy())
    assert window.step() == REHEARSAL and window.stack.currentWidget() is window.edits
    assert column(window.edits, 2)[0] == "演示一" and column(window.edits, 2)[2] == "演示新来"
    assert column(window.edits, 0) == ["4", "5", "42"]
    assert window.next.text() == "写入 2 处修改" and not window.steps.isTabEnabled(1)
    window._back()
    assert window.step() == SOURCE
    window.forward()
    with qtbot.waitSignal(context.said) as said:
        window.next.click()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert said.args == ["已写入 2 处修改", True] and not window.isVisible()
    assert people.person(demo_ledger, place.commissioner)["title"] == "副教授（改）"
    assert any(p.name == "演示新来" for p in places.listed(demo_ledger, batch))
    history.undo(demo_ledger)
    assert people.person(demo_ledger, place.commissioner)["title"] == title
    assert all(p.name != "演示新来" for p in places.listed(demo_ledger, batch))
    tasks.shut_down()
    context.close()
