"""What the page of visits does with files and paper: its menu, import, export, record sheets, forms, signed sheets."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMenu

from commissioner_app import exports, paths, scans
from commissioner_app.visits import VisitFilter
from ui.context import Context

if TYPE_CHECKING:
    from ui.visits.page import VisitsPage


def open_menu(page: "VisitsPage", context: Context) -> None:
    """The menu at the right of the quick filters."""
    menu = QMenu(page)
    menu.addAction(_tr("粘贴识别…")).triggered.connect(page.recognise)
    bring_in = menu.addMenu(_tr("导入"))
    bring_in.addAction(_tr("服务记录表、填报表…")).triggered.connect(lambda: bring(page, context))
    bring_in.addAction(_tr("签字单（扫描件、照片）…")).triggered.connect(lambda: choose_signed(page, context))
    bring_out = menu.addMenu(_tr("导出"))
    bring_out.addAction(_tr("所列记录…")).triggered.connect(lambda: export_listed(page, context))
    chosen = bring_out.addAction(_tr("所选记录…"))
    chosen.triggered.connect(lambda: export_selected(page, context))
    bring_out.addAction(_tr("填报表（发给特派员填写）…")).triggered.connect(lambda: forms(page, context))
    menu.addSeparator()
    sheets = menu.addAction(_tr("打印服务记录单…\tCtrl+P"))
    sheets.triggered.connect(lambda: print_selected(page, context))
    empty = menu.addAction(_tr("打印空白记录单…"))
    empty.triggered.connect(lambda: page.wants.emit("reports", {"paper": "blank-sheet"}))
    menu.addSeparator()
    if context.role != "commissioner":
        menu.addAction(_tr("逐条审核\tCtrl+R")).triggered.connect(page.review)
    columns = menu.addAction(_tr("选择列…"))
    columns.triggered.connect(lambda: page.table.column_menu())
    columns.setEnabled(page.bar.switch.current() == "table")
    for action in (chosen, sheets):
        action.setEnabled(bool(page.table.selected_rows()))
    menu.popup(page.bar.menu.mapToGlobal(page.bar.menu.rect().bottomLeft()))


def bring(page: "VisitsPage", context: Context) -> None:
    """Import tables of visits and returned forms."""
    from ui.imports import import_with_preview

    import_with_preview(page, context)


def file_signed(page: "VisitsPage", context: Context, files: list[Path]) -> None:
    """Look at scans of signed sheets."""
    from ui.visits.signed import file_signed

    file_signed(page, context, files)


def sort_out(page: "VisitsPage", context: Context, files: list[Path]) -> None:
    """Files dropped beside a visit that has passed: signed sheets may still come, photos may not."""
    context.read(
        lambda: scans.coded(files),
        lambda coded: file_signed(page, context, files) if coded else page.editor.take_files(files),
        page,
        "signed",
    )


def choose_signed(page: "VisitsPage", context: Context) -> None:
    """Ask for scans of signed sheets."""
    from ui.visits.signed import choose_signed

    choose_signed(page, context)


def forms(page: "VisitsPage", context: Context) -> None:
    """Write forms for commissioners to fill in."""
    from ui.visits.forms import FormsDialog

    FormsDialog(page, context).open()


def print_selected(page: "VisitsPage", context: Context) -> None:
    """Show the record sheets of the selected visits, or of the one in the editor."""
    from ui.visits.sheets import print_sheets

    shown = [page.editor.visit] if page.editor.visit and page.editor.isVisible() else []
    ids = page.selected_ids() if page.bar.switch.current() == "table" else []
    print_sheets(page, context, ids or shown)


ACTIONS: dict[str, Callable[["VisitsPage", Context], None]] = {
    "import": bring,
    "signed": choose_signed,
    "forms": forms,
}
"""What can be asked of the page by a word."""


def export_listed(page: "VisitsPage", context: Context) -> None:
    """Write what is listed to a file."""
    _export(page, context, page.filter_now())


def export_selected(page: "VisitsPage", context: Context) -> None:
    """Write the selected visits to a file."""
    _export(page, context, VisitFilter(only_rows=frozenset(page.selected_rowids())))


def _export(page: "VisitsPage", context: Context, f: VisitFilter) -> None:
    start = paths.free_path(paths.documents(), _tr("服务记录"), ".xlsx")
    name, _ = QFileDialog.getSaveFileName(
        page, _tr("导出服务记录"), str(start), _tr("Excel 表格 (*.xlsx);;CSV (*.csv)")
    )
    if name:
        context.read(lambda: exports.export_visits(context.ledger, Path(name), f),
                     lambda n: context.said.emit(_tr("已导出 {0} 条：{1}").format(f"{n:,}", name), False), page)  # fmt: skip


def _tr(text: str) -> str:
    return QCoreApplication.translate("VisitsMenu", text)
