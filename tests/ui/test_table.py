"""DataTable: copying, columns, alignment, empty state."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ui.theme import Size
from ui.widgets.empty import EmptyState
from ui.widgets.table import Column, DataTable, Layout

COLUMNS = [Column("date", "日期"), Column("name", "特派员"), Column("days", "天数", numeric=True, width=80)]


class Rows(QAbstractTableModel):
    def __init__(self, rows: list[list[Any]]) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, parent: Any = None) -> int:
        return len(self.rows)

    def columnCount(self, parent: Any = None) -> int:
        return len(COLUMNS)

    def data(self, index: Any, role: int = 0) -> Any:
        return self.rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        return COLUMNS[section].title if role == Qt.ItemDataRole.DisplayRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if column >= 0:
            self.layoutAboutToBeChanged.emit()
            self.rows.sort(key=lambda row: row[column], reverse=order == Qt.SortOrder.DescendingOrder)
            self.layoutChanged.emit()

    def add(self, row: list[Any]) -> None:
        self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows))
        self.rows.append(row)
        self.endInsertRows()


def make(qtbot: QtBot, kept: list[Layout] | None = None) -> tuple[DataTable, Rows]:
    model = Rows(
        [["2022-09-27", "演示\t二", 1], ["2022-09-28", "演示一", 0.5], ["2022-09-26", "演示三", None]]
    )
    table = DataTable(COLUMNS, keep=kept.append if kept is not None else None)
    table.setModel(model)
    table.resize(500, 300)
    qtbot.addWidget(table)
    with qtbot.waitExposed(table):
        table.show()
    return table, model


def test_copy_is_what_is_seen(qtbot: QtBot) -> None:
    table, _model = make(qtbot)
    table.horizontalHeader().moveSection(2, 0)
    table.show_column(0, False)
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1\t演示 二\n0.5\t演示一\n\t演示三"


def test_selection_is_counted_in_ranges(qtbot: QtBot) -> None:
    table, _model = make(qtbot)
    heard: list[int] = []
    table.selected.connect(heard.append)
    table.selectAll()
    assert heard[-1] == 3 and table.selected_ranges() == [(0, 2)]
    table.clearSelection()
    table.selectRow(1)
    assert heard[-1] == 1 and table.selected_rows() == [1]


def test_a_click_on_the_header_sorts(qtbot: QtBot) -> None:
    table, model = make(qtbot)
    header = table.horizontalHeader()
    spot = header.viewport().rect().topLeft()
    spot.setX(20)
    spot.setY(10)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert [row[0] for row in model.rows] == ["2022-09-26", "2022-09-27", "2022-09-28"]
    assert header.isSortIndicatorShown() and header.sortIndicatorSection() == 0
    assert table.rowHeight(0) == Size.ROW and header.height() == Size.ROW


def test_layout_is_kept_and_comes_back(qtbot: QtBot) -> None:
    kept: list[Layout] = []
    table, _model = make(qtbot, kept)
    table.setColumnWidth(1, 222)
    table.horizontalHeader().moveSection(2, 0)
    table.show_column(0, False)
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: bool(kept))
    other, _rows = make(qtbot)
    other.load_layout(kept[-1])
    assert other.layout_now() == table.layout_now()
    assert kept[-1]["order"] == ["days", "date", "name"] and kept[-1]["hidden"] == ["date"]
    assert kept[-1]["widths"]["name"] == 222 and kept[-1]["descending"]
    other.reset_layout()
    assert other.layout_now()["order"] == ["date", "name", "days"] and other.layout_now()["hidden"] == []


def test_the_last_column_stays(qtbot: QtBot) -> None:
    table, _model = make(qtbot)
    for number in range(3):
        table.show_column(number, False)
    assert [table.isColumnHidden(number) for number in range(3)] == [True, True, False]


def test_column_menu_ticks_what_is_shown(qtbot: QtBot) -> None:
    table, _model = make(qtbot)
    table.show_column(1, False)
    menu = table.column_menu()
    ticks = {action.text(): action.isChecked() for action in menu.actions() if action.isCheckable()}
    assert ticks == {"日期": True, "特派员": False, "天数": True}
    menu.actions()[1].trigger()
    assert not table.isColumnHidden(1)
    menu.close()


def test_empty_state_stands_while_there_are_no_rows(qtbot: QtBot) -> None:
    table = DataTable(COLUMNS)
    empty = EmptyState("visit", "还没有服务记录。", action="登记服务", link="从 Excel 导入")
    table.set_empty(empty)
    model = Rows([])
    table.setModel(model)
    qtbot.addWidget(table)
    table.show()
    assert empty.isVisible()
    with qtbot.waitSignal(empty.begun):
        empty.button.click()
    model.add(["2022-09-28", "演示一", 1])
    assert not empty.isVisible()


def test_painting_a_selection_asks_only_for_what_is_seen(qtbot: QtBot) -> None:
    asked: list[int] = []

    class Many(Rows):
        def rowCount(self, parent: Any = None) -> int:
            return 5000

        def data(self, index: Any, role: int = 0) -> Any:
            return None

        def flags(self, index: Any) -> Qt.ItemFlag:
            asked.append(index.row())
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    table = DataTable(COLUMNS)
    model = Many([])
    table.setModel(model)
    table.resize(500, 300)
    qtbot.addWidget(table)
    with qtbot.waitExposed(table):
        table.show()
    table.selectAll()
    table.grab()
    assert max(asked) < 100
