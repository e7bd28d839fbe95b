"""Import and export of the roster: the window and the file dialog, wherever they are asked for."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from commissioner_app import exports, paths
from ui.context import Context

if TYPE_CHECKING:
    from ui.importing.window import ImportWindow


def bring_in(owner: QWidget, context: Context) -> "ImportWindow":
    """Open 导入名单 at its first step: choose a file or paste a table."""
    from ui.importing.window import ImportWindow  # the page is shown without it

    window = ImportWindow(context, owner)
    window.imported.connect(lambda codes: _show_imported(owner, codes))
    window.open()
    return window


def preview(owner: QWidget, context: Context, path: Path) -> None:
    """Open 导入名单 with a file."""
    bring_in(owner, context).open_file(path)


def paste_in(owner: QWidget, context: Context) -> None:
    """Open 导入名单 with the table in the clipboard."""
    bring_in(owner, context).paste()


def _show_imported(owner: QWidget, codes: frozenset[str]) -> None:
    """Show in 特派员 who has just been imported."""
    what = {"chip": "imported", "codes": codes}
    wants, window = getattr(owner, "wants", None), owner.window()
    if wants is not None:
        wants.emit("commissioners", what)
    elif opens := getattr(window, "open", None):
        opens("commissioners", what)


def bring_out(owner: QWidget, context: Context) -> None:
    """Choose where to, and write the roster; ID numbers are masked."""
    year = context.batch.year if context.batch else None
    stem = paths.free_path(paths.documents(), _tr("选派名单{0}").format(year or ""), ".xlsx")
    name, _ = QFileDialog.getSaveFileName(
        owner, _tr("导出名单"), str(stem), _tr("Excel 表格 (*.xlsx);;CSV (*.csv)")
    )
    if not name:
        return
    path = Path(name)

    def told(rows: int) -> None:
        context.said.emit(_tr("已导出 {0} 行到 {1}").format(f"{rows:,}", path.name), False)

    context.read(lambda: exports.export_roster(context.ledger, path, year), told, owner, "export")


def _tr(text: str) -> str:
    return QCoreApplication.translate("RosterTransfer", text)
