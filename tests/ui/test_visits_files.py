"""服务记录: several visits at once, record sheets, forms, tables that come in, what goes out."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from commissioner_app import fillin, places, visits
from commissioner_app.imports.grid import read as read_table
from commissioner_app.ledgers import Ledger
from commissioner_app.pdfpages import PdfPages
from commissioner_app.visits import VisitFilter
from ui.imports import ImportDialog
from ui.tasks import Cancelled, Progress
from ui.visits.forms import FormsDialog, write_forms
from ui.visits.page import VisitsPage
from ui.visits.sheets import SheetsDialog, print_sheets

Settle = Callable[[], None]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(open_page: Callable[..., VisitsPage], demo_ledger: Ledger) -> VisitsPage:
    return open_page(VisitsPage, demo_ledger)


@pytest.fixture
def said(page: VisitsPage) -> list[str]:
    told: list[str] = []
    page._context.said.connect(lambda text, _undoable: told.append(text))
    page._context.refused.connect(told.append)
    return told


def choose(page: VisitsPage, settle: Settle, first: int, last: int) -> list[str]:
    flags = QItemSelectionModel.SelectionFlag
    rows = QItemSelection(page.model.index(first, 0), page.model.index(last, 0))
    page.table.selectionModel().select(rows, flags.ClearAndSelect | flags.Rows)
    settle()
    return page.selected_ids()


def sheets_of(page: VisitsPage) -> SheetsDialog:
    made: Iterable[SheetsDialog] = page.findChildren(SheetsDialog)
    (dialog,) = (d for d in made if d.isVisible())
    return dialog


def states(ledger: Ledger, ids: list[str]) -> list[str]:
    return [ledger.folded(v).values["review"][0] for v in ids]


def test_what_is_done_with_several_says_how_many_it_changed(
    page: VisitsPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle, said: list[str]
) -> None:
    ids = choose(page, settle, 0, 4)  # three drafts, two that wait
    assert states(demo_ledger, ids) == ["draft"] * 3 + ["submitted"] * 2
    assert page.bulk.isVisible() and "已选 5 条" in page.card.foot.text()
    qtbot.mouseClick(page.bulk.approve, Qt.MouseButton.LeftButton)
    settle()
    assert states(demo_ledger, ids) == ["draft"] * 3 + ["passed"] * 2
    assert said[-1] == "已审核通过 2 条，其余 3 条未变"
    page._context.undo()
    settle()
    settle()
    assert states(demo_ledger, ids) == ["draft"] * 3 + ["submitted"] * 2
    choose(page, settle, 0, 4)
    qtbot.mouseClick(page.bulk.submit, Qt.MouseButton.LeftButton)
    settle()
    settle()
    assert states(demo_ledger, ids) == ["submitted"] * 5 and said[-1] == "已提交审核 3 条，其余 2 条未变"
    choose(page, settle, 0, 4)
    qtbot.mouseClick(page.bulk.withdraw, Qt.MouseButton.LeftButton)
    settle()
    settle()
    assert states(demo_ledger, ids) == ["draft"] * 5 and said[-1] == "已改回草稿 5 条"
    choose(page, settle, 0, 4)
    qtbot.mouseClick(page.bulk.approve, Qt.MouseButton.LeftButton)
    settle()
    assert said[-1] == "所选记录中没有待审核的。"


def test_one_selected_offers_nothing_for_several(page: VisitsPage, settle: Settle) -> None:
    choose(page, settle, 2, 2)
    assert not page.bulk.isVisible()
    page._context.role = "commissioner"
    choose(page, settle, 2, 5)
    assert page.bulk.isVisible() and not page.bulk.approve.isVisible() and page.bulk.submit.isVisible()


def test_the_sheets_of_the_selected_are_seen_saved_and_printed(
    page: VisitsPage, qtbot: QtBot, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:  # fmt: skip
    ids = choose(page, settle, 3, 5)
    numbers = [page._context.ledger.folded(v).values["number"] for v in ids]
    qtbot.keyClick(page.table, Qt.Key.Key_P, CTRL)
    settle()
    settle()
    dialog = sheets_of(page)
    qtbot.waitUntil(lambda: dialog.where.text() == "第 1 页，共 3 页", timeout=5000)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(tmp_path / "单"), ""))
    qtbot.keyClick(dialog, Qt.Key.Key_S, CTRL)
    settle()
    pages = PdfPages(tmp_path / "单.pdf")
    texts = ["".join(pages.text(n).split()) for n in range(len(pages))]
    pages.close()
    assert [n in t for n, t in zip(numbers, texts, strict=True)] == [True] * 3

    def answer(print_dialog: QPrintDialog) -> int:
        print_dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        print_dialog.printer().setOutputFileName(str(tmp_path / "打印.pdf"))
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(QPrintDialog, "exec", answer)
    qtbot.mouseClick(dialog.print_button, Qt.MouseButton.LeftButton)
    printed = PdfPages(tmp_path / "打印.pdf")
    assert len(printed) == 3
    printed.close()
    dialog.reject()


def test_the_sheet_of_the_visit_in_the_editor(
    page: VisitsPage, qtbot: QtBot, settle: Settle, said: list[str]
) -> None:
    page.table.selectRow(4)
    settle()
    page.bar.switch.choose("timeline")
    settle()
    settle()
    page.activateWindow()
    page.views.timeline.view.setFocus()
    qtbot.waitUntil(page.views.timeline.view.hasFocus, timeout=5000)
    qtbot.keyClick(page.views.timeline.view, Qt.Key.Key_P, CTRL)
    settle()
    dialog = sheets_of(page)
    assert dialog.windowTitle() == "服务记录单"
    qtbot.waitUntil(lambda: dialog.where.text() == "第 1 页，共 1 页", timeout=5000)
    dialog.reject()
    print_sheets(page, page._context, [])
    assert said[-1] == "请先选中要打印的服务记录。"


def test_sheets_can_be_cancelled(page: VisitsPage, settle: Settle, monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[Progress] = []

    def watch(progress: Progress) -> None:
        watched.append(progress)
        progress.cancel()

    monkeypatch.setattr(page, "watch", watch, raising=False)
    choose(page, settle, 0, 9)
    page.bulk.printWanted.emit()
    settle()
    assert watched[0].title == "正在生成服务记录单" and not page.findChildren(SheetsDialog)


def test_forms_for_chosen_commissioners_go_into_a_folder_and_come_back(
    page: VisitsPage, demo_ledger: Ledger, qtbot: QtBot, settle: Settle, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, said: list[str], answer: Callable[[str], list[QDialog]],
) -> None:  # fmt: skip
    page.show_item("forms")
    dialog: FormsDialog
    (dialog,) = page.findChildren(FormsDialog)
    assert dialog.list.count() == 31 and not dialog.go.isEnabled()
    qtbot.keyClicks(dialog.filter, "yss")
    visible = [i for i in dialog._items() if not i.isHidden()]
    assert len(visible) < 31 and any(i.text().startswith("演示三　") for i in visible)
    dialog.filter.setText("2022-团-03")
    qtbot.mouseClick(dialog.all, Qt.MouseButton.LeftButton)
    assert [p.name for p in dialog.chosen()] == ["演示三"]
    dialog.filter.clear()
    dialog.list.setCurrentRow(0)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    assert dialog.count.text() == "已选 2 人"
    (tmp_path / "服务填报表_演示三.xlsx").write_text("填了一半")  # never written over
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a: str(tmp_path))
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    settle()
    assert sorted(f.name for f in tmp_path.glob("*.xlsx")) == [
        "服务填报表_演示一.xlsx", "服务填报表_演示三.xlsx", "服务填报表_演示三（2）.xlsx",
    ]  # fmt: skip
    assert (tmp_path / "服务填报表_演示三.xlsx").read_text() == "填了一半"
    assert said[-1] == "已导出 2 份填报表" and dialog.show_folder.isVisible()
    dialog.reject()

    # Filled in and sent back, both at once: onto their commissioners, with what could not be read named.
    import openpyxl

    files = []
    for n, name in enumerate(("服务填报表_演示一", "服务填报表_演示三（2）")):
        book = openpyxl.load_workbook(tmp_path / f"{name}.xlsx")
        sheet = book["填报表"]
        columns = {sheet.cell(4, c).value: c for c in range(1, 22)}
        for row, day in enumerate(("2022-07-0" + str(n + 1), "某天"), 5):
            for title, value in (("日期", day), ("天数", 0.5), ("受援县", "温县"), ("服务内容", f"填报{n}")):
                sheet.cell(row, columns[title]).value = value
        files.append(tmp_path / f"{name}(1).xlsx")
        book.save(files[-1])
    before = page.model.rowCount()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_a: ([str(f) for f in files], ""))
    dialogs = answer("导入 2 条")
    page.import_table()
    settle()
    settle()
    settle()
    (asked,) = dialogs
    assert isinstance(asked, ImportDialog) and asked.table.rowCount() == 2
    cells = [asked.table.item(0, c).text() for c in range(4)]
    assert cells[0] == files[0].name and cells[2] == "6" and "某天" in cells[3]
    assert page.model.rowCount() == before + 2 and said[-1] == "已导入。2 个文件：新增 2，更新 0。"
    rows = visits.rows(
        demo_ledger, visits.listed_rowids(demo_ledger, VisitFilter(text="填报"), "date", False)
    )
    assert {(v.names, v.date) for v in rows.values()} == {("演示一", "2022-07-01"), ("演示三", "2022-07-02")}


def test_forms_stop_between_two_and_one_that_cannot_be_made_is_named(
    page: VisitsPage, demo_ledger: Ledger, tmp_path: Path
) -> None:
    found = places.listed(demo_ledger, page._context.batch)
    vacant = next(p for p in found if not p.commissioner)
    written = write_forms(page._context, [found[0], vacant], tmp_path, Progress(""))
    assert [f.name for f in written.files] == [f"{Path(fillin.file_name(found[0])).stem}.xlsx"]
    assert len(written.refused) == 1 and written.refused[0].startswith(f"{vacant.code}：")
    stopped = Progress("")
    stopped.cancel()
    with pytest.raises(Cancelled):
        write_forms(page._context, found[1:3], tmp_path, stopped)
    assert len(list(tmp_path.glob("*.xlsx"))) == 1


def test_rows_that_were_not_imported_are_saved_as_a_table(
    page: VisitsPage, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str],
    answer: Callable[[str], list[QDialog]],
) -> None:  # fmt: skip
    table = tmp_path / "表.csv"
    table.write_text("特派员,日期,天数,受援县,服务内容,天气\n无此人,2022-06-01,1,温县,甲,晴\n", "utf-8")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(tmp_path / "问题.xlsx"), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_a: ([str(table)], ""))
    dialogs = answer("另存问题行…")
    page.import_table()
    settle()
    settle()
    asked = dialogs[0]
    assert isinstance(asked, ImportDialog)
    assert not asked.go.isEnabled() and asked.table.isColumnHidden(0)
    rows = [[str(c) for c in row] for row in read_table(tmp_path / "问题.xlsx").sheets[0].rows]
    assert len(rows) == 2 and "无此人" in rows[1][3] and said[-1].startswith("已保存 1 行")
    # A file that is no table of visits is told at once.
    table.write_text("甲,乙\n1,2\n", "utf-8")
    page.import_table()
    settle()
    assert "没有找到表头" in said[-1] and len(dialogs) == 1


def test_selected_and_listed_go_out(
    page: VisitsPage, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    out = tmp_path / "出.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(out), ""))
    choose(page, settle, 2, 4)
    page.bulk.exportWanted.emit()
    settle()
    assert said[-1].startswith("已导出 3 条") and len(out.read_text("utf-8-sig").splitlines()) == 1 + 3
    page.chips.set_current("returned")
    settle()
    page.export_table()
    settle()
    assert said[-1].startswith("已导出 4 条")
