"""Import and export of the roster: file dialogs, the preview, and the work on a thread."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from commissioner_app import exports, paths
from commissioner_app.imports.result import ImportResult
from commissioner_app.imports.roster import import_roster
from ui.commissioners.dialogs import ImportPreview
from ui.context import Context


def bring_in(owner: QWidget, context: Context) -> None:
    """Choose a table, show what it would do, and read it in after 导入."""
    name, _ = QFileDialog.getOpenFileName(
        owner, _tr("导入名单"), str(paths.documents()), _tr("表格 (*.xlsx *.xls *.csv);;所有文件 (*)")
    )
    if name:
        preview(owner, context, Path(name))


def preview(owner: QWidget, context: Context, path: Path) -> None:
    """Read the table without writing and show what it holds."""
    year = context.batch.year if context.batch else None

    def ask(result: ImportResult) -> None:
        if ImportPreview(path.name, result, owner).exec():
            context.read(lambda: import_roster(context.ledger, path, year), told, owner, "import")

    def told(result: ImportResult) -> None:
        context.said.emit(result.sentence, bool(result.created or result.updated))

    context.read(lambda: import_roster(context.ledger, path, year, dry_run=True), ask, owner, "import")


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
