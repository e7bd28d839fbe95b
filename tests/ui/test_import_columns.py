"""导入名单, its first two steps: files and pasted tables, and what they are taken for."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from commissioner_app import history
from commissioner_app.imports.shape import Kind
from commissioner_app.ledgers import Ledger
from tests import rosters
from ui import tasks
from ui.context import Context
from ui.importing.window import COLUMNS, REHEARSAL, SOURCE, ImportWindow

Show = Callable[[], ImportWindow]


@pytest.fixture
def show(qtbot: QtBot, fresh_ledger: Ledger) -> Iterator[Show]:
    made: list[Context] = []

    def open_window() -> ImportWindow:
        context = Context(fresh_ledger)
        made.append(context)
        window = ImportWindow(context)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(window)
        window.resize(1200, 680)
        window.open()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield open_window
    tasks.shut_down()
    for context in made:
        context.close()


def wait(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not tasks.busy(), timeout=10_000)


def read(qtbot: QtBot, window: ImportWindow, path: Path) -> None:
    window.open_file(path)
    wait(qtbot)


def fields(window: ImportWindow) -> list[str]:
    p = window.columns.proposals()[0]
    return [p.columns.get(c, "") for c in range(p.sheet.width)]


def test_what_is_no_list_leaves_the_first_step_with_one_sentence(
    qtbot: QtBot, show: Show, fresh_ledger: Ledger, tmp_path: Path
) -> None:
    window = show()
    word = tmp_path / "其实是文档.xlsx"
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    random, locked, empty = tmp_path / "乱.xlsx", tmp_path / "密.xlsx", tmp_path / "空.csv"
    random.write_bytes(bytes(n * 7 % 251 for n in range(20_000)))
    locked.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    )
    empty.write_text("")
    operations = len(history.operations(fresh_ledger, 99))
    for path, told in (
        (word, "Word"),
        (random, "不是有效的表格"),
        (locked, "密码"),
        (empty, "空"),
        (tmp_path / "无.xls", "找不到"),
    ):
        read(qtbot, window, path)
        assert window.step() == SOURCE and told in window.source.trouble.text(), path.name
        assert window.source.trouble.isVisible()
        assert window.next.isHidden() and not window.steps.isTabEnabled(COLUMNS)
        assert window.focusWidget() is window.source.choose
    assert len(history.operations(fresh_ledger, 99)) == operations
    read(qtbot, window, rosters.messy(tmp_path / "名单.xlsx"))
    assert window.step() == COLUMNS and window.source.trouble.isHidden()


def test_a_real_list_is_shown_as_it_is_with_what_every_row_is(
    qtbot: QtBot, show: Show, tmp_path: Path
) -> None:
    window = show()
    read(qtbot, window, rosters.messy(tmp_path / "名单.xlsx"))
    view, p = window.columns.view, window.columns.proposals()[0]
    assert window.name.text() == "名单.xlsx"
    assert fields(window) == [
        "序号",
        "姓名",
        "性别",
        "派出单位",
        "职称",
        "专业",
        "联系电话",
        "电子邮箱",
        "受援县",
        "",
    ]
    assert view.fields.combo(1).currentText() == "姓名" and "姓名" in view.fields.combo(1).accessibleName()
    assert view.fields.combo(9).currentText() == "不导入"
    assert [k for k in p.kinds if k != Kind.DATA] == [
        Kind.TITLE, Kind.INFO, Kind.HEADER, Kind.HEADER, Kind.SECTION, Kind.SECTION, Kind.SECTION, Kind.TOTAL,
        Kind.NOTE, Kind.SIGNATURE,
    ]  # fmt: skip
    assert view.columnSpan(0, 0) == 10 and view.rowSpan(2, 1) == 2 and view.columnSpan(2, 6) == 2
    assert view.sheet.index(5, 1).data() == "演示　林嘉"  # as it was typed
    assert "8 行人员" in window.columns.foot.text()
    # The second sheet holds no list: it is there, without a tick, and says why.
    assert [p.included for p in window.columns.proposals()] == [True, False]
    window.columns.tables.setFocus()
    qtbot.keyClick(window.columns.tables, Qt.Key.Key_Down)
    assert "填表说明" in window.columns.notice.text() and view.sheet.index(0, 0).data() == "填表说明"


def test_a_column_is_given_another_field_from_the_keyboard(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    window = show()
    read(qtbot, window, rosters.messy(tmp_path / "名单.xlsx"))
    header = window.columns.view.fields
    header.focus_column(0)
    for _ in range(5):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    combo = header.combo(5)
    assert combo.hasFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)  # 专业 → 服务产业
    wait(qtbot)
    assert fields(window)[5] == "服务产业" and combo.hasFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Delete)
    wait(qtbot)
    assert fields(window)[5] == "" and "研究方向" in window.columns.foot.text()
    # A field is read from one column only: the other one is left out.
    header.combo(9).setCurrentText("姓名")
    header.combo(9).activated.emit(header.combo(9).currentIndex())
    wait(qtbot)
    assert fields(window)[1] == "" and fields(window)[9] == "姓名"
    assert header.combo(1).currentText() == "不导入"


def test_changes_in_quick_succession_all_count(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    window = show()
    read(qtbot, window, rosters.messy(tmp_path / "名单.xlsx"))
    header = window.columns.view.fields
    for column in (4, 5, 7):
        header.chosen.emit(column, "")
    wait(qtbot)
    assert [fields(window)[c] for c in (4, 5, 7)] == ["", "", ""]


def test_rows_are_told_to_be_people_or_not(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    window = show()
    read(qtbot, window, rosters.messy(tmp_path / "名单.xlsx"))
    view = window.columns.view
    view.setFocus()
    view.selectRow(6)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    wait(qtbot)
    assert view.sheet.kind(6) == Kind.NOTE and "7 行人员" in window.columns.foot.text()
    assert view.currentIndex().row() == 6
    qtbot.keyClick(view, Qt.Key.Key_Space)
    wait(qtbot)
    assert view.sheet.kind(6) == Kind.DATA
    at = view.visualRect(view.sheet.index(7, 1)).center()
    QApplication.sendEvent(
        view.viewport(),
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.viewport().mapToGlobal(at)),
    )
    menu = QApplication.activePopupWidget()
    assert menu is not None and view.chosen_rows() == [7]
    action = next(a for a in menu.actions() if "不是人员" in a.text())
    action.trigger()
    menu.close()
    wait(qtbot)
    assert view.sheet.kind(7) == Kind.NOTE


def test_the_header_is_told_by_hand(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    window = show()
    path = tmp_path / "怪.csv"
    path.write_text("演示甲,河南农业大学,13800000001\n演示乙,河南农业大学,13800000002\n", "utf-8")
    read(qtbot, window, path)
    assert window.step() == COLUMNS and not window.columns.proposals()[0].included
    assert window.columns.rail.isVisible() and "没有读入" in window.columns.notice.text()
    window.forward()
    assert window.step() == COLUMNS and window.columns.notice.property("tone") == "bad"
    assert window.columns.tables.hasFocus()  # there is nothing to go on with
    # Naming a column takes the table in.
    header = window.columns.view.fields
    for column, field in ((0, "姓名"), (1, "派出单位"), (2, "联系电话")):
        header.chosen.emit(column, field)
    wait(qtbot)
    p = window.columns.proposals()[0]
    assert p.included and p.columns == {0: "姓名", 1: "派出单位", 2: "联系电话"} and len(p.data) == 2
    view = window.columns.view
    view.selectRow(0)
    next(a for a in view.row_menu().actions() if "这一行是表头" in a.text()).trigger()
    wait(qtbot)
    assert window.columns.proposals()[0].header == (0,)
    next(a for a in view.row_menu().actions() if "没有表头" in a.text()).trigger()
    wait(qtbot)
    assert window.columns.proposals()[0].header == ()


def test_without_names_the_next_step_says_what_is_missing(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    window = show()
    read(qtbot, window, rosters.messy(tmp_path / "名单.xlsx"))
    window.columns.view.fields.chosen.emit(1, "")
    wait(qtbot)
    assert "姓名" in window.columns.notice.text()
    qtbot.mouseClick(window.next, Qt.MouseButton.LeftButton)
    assert window.step() == COLUMNS and window.columns.notice.property("tone") == "bad"
    assert window.columns.view.fields.combo(1).hasFocus()
    window.columns.view.fields.chosen.emit(1, "姓名")
    wait(qtbot)
    assert not window.columns.notice.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot)
    assert window.step() == REHEARSAL


def clip(text: str = "", html: str = "", files: tuple[Path, ...] = ()) -> None:
    data = QMimeData()
    if text:
        data.setText(text)
    if html:
        data.setHtml(html)
    if files:
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    QGuiApplication.clipboard().setMimeData(data)


def test_a_table_is_pasted_as_text_as_html_or_as_a_file(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    window = show()
    clip(rosters.PASTED)
    qtbot.keyClick(window.source.choose, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot)
    assert window.step() == COLUMNS and window.name.text() == "粘贴的表格"
    assert len(window.columns.proposals()[0].data) == 2
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.step() == SOURCE
    rows = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in line.split(chr(9)))}</tr>"
        for line in rosters.PASTED.splitlines()
    )
    clip("演示甲", f"<html><body><table><tr><td colspan=6>演示名单</td></tr>{rows}</table></body></html>")
    window.source.paste.click()
    wait(qtbot)
    p = window.columns.proposals()[0]
    assert window.step() == COLUMNS and p.kinds[0] == Kind.TITLE and window.columns.view.columnSpan(0, 0) == 6
    window.go(SOURCE)
    clip(files=(rosters.messy(tmp_path / "名单.xlsx"),))
    window.source.paste.click()
    wait(qtbot)
    assert window.name.text() == "名单.xlsx"
    window.go(SOURCE)
    QGuiApplication.clipboard().clear()
    window.source.paste.click()
    assert window.step() == SOURCE and "剪贴板里没有表格" in window.source.trouble.text()


def test_a_file_is_chosen_or_dropped(
    qtbot: QtBot, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = show()
    path = rosters.messy(tmp_path / "名单.xlsx")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    window.source.choose.click()
    wait(qtbot)
    assert window.step() == COLUMNS
    other = rosters.messy(tmp_path / "另一份.xlsx")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(other))])
    window._sheet.come(data)
    assert window._sheet.isVisible() and "另一份.xlsx" in window._sheet.text.text()
    window._sheet.hide()
    window._sheet.dropped.emit([other])
    wait(qtbot)
    assert window.name.text() == "另一份.xlsx" and window.step() == COLUMNS


def test_ten_thousand_rows_need_no_widget_each(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    from PySide6.QtWidgets import QWidget

    window = show()
    read(qtbot, window, rosters.messy(tmp_path / "小.xlsx"))
    few = len(window.findChildren(QWidget))
    read(qtbot, window, rosters.messy(tmp_path / "大.xlsx", rows=3000))
    assert window.columns.view.sheet.rowCount() > 3000
    assert len(window.findChildren(QWidget)) <= few + 5
    assert window.columns.view.rowAt(QPoint(0, 5).y()) == 0


def test_two_lists_side_by_side_and_id_numbers_are_masked(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    window = show()
    path = tmp_path / "两栏.csv"
    path.write_text(
        "姓名,派出单位,身份证号,姓名,派出单位,身份证号\n"
        "演示甲,河南农业大学,11010519491231002X,演示丙,河南师范大学,\n"
        "演示乙,河南农业大学,,演示丁,河南师范大学,\n",
        "utf-8",
    )
    read(qtbot, window, path)
    tables, view = window.columns.tables, window.columns.view
    captions = [tables.model().index(n, 0).data(Qt.ItemDataRole.UserRole + 83) for n in (0, 1)]
    assert captions == ["A–C 列 · 2 人", "D–F 列 · 2 人"]
    assert [view.isColumnHidden(n) for n in range(6)] == [False] * 3 + [True] * 3
    assert view.sheet.index(1, 2).data() == "1101**********002X"
    tables.setFocus()
    qtbot.keyClick(tables, Qt.Key.Key_Down)
    assert [view.isColumnHidden(n) for n in range(6)] == [True] * 3 + [False] * 3
    qtbot.keyClick(tables, Qt.Key.Key_Space)
    wait(qtbot)
    assert [p.included for p in window.columns.proposals()] == [True, False]
    window.forward()
    wait(qtbot)
    rehearsal = window.rehearsal
    assert [line.row.name for line in rehearsal.model.lines() if line.row] == ["演示甲", "演示乙"]
    grid = rehearsal.detail._grid
    assert "1101**********002X" in {grid.itemAt(n).widget().text() for n in range(grid.count())}
