"""Importing a table of visits: choose the file, see what would happen, then write it as one operation."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from commissioner_app import paths
from commissioner_app.imports.result import ImportResult
from commissioner_app.imports.visits import import_visits
from ui.context import Context
from ui.theme import Size
from ui.widgets.basic import button, label


class ImportDialog(QDialog):
    """What an import would do: counts, and the rows that could not be read."""

    def __init__(self, parent: QWidget, path: Path, result: ImportResult) -> None:
        super().__init__(parent)
        self.setWindowTitle(_tr("导入"))
        self.setMinimumWidth(Size.DIALOG + 120)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        column.addWidget(label(path.name, "cardtitle"))
        column.addWidget(label(result.sentence, wrap=True))
        if result.problems:
            column.addWidget(
                label(_tr("下面各行没有导入，请改好后再导入一次（已导入的不会重复）："), "caption", wrap=True)
            )
            table = QTableWidget(len(result.problems), 3)
            table.setHorizontalHeaderLabels([_tr("工作表"), _tr("行"), _tr("原因")])
            table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
            table.verticalHeader().hide()
            table.setShowGrid(False)
            for n, p in enumerate(result.problems):
                for at, text in enumerate((p.sheet, str(p.row or "—"), p.message)):
                    table.setItem(n, at, QTableWidgetItem(text))
            table.setColumnWidth(0, 110)
            table.setColumnWidth(1, 56)
            table.horizontalHeader().setStretchLastSection(True)
            table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
            table.setFixedHeight(min(8, len(result.problems) + 1) * Size.ROW)
            column.addWidget(table)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(_tr("取消"), on_click=self.reject))
        self.go = button(_tr("导入"), "primary", on_click=self.accept)
        self.go.setEnabled(bool(result.created or result.updated))
        row.addWidget(self.go)
        column.addSpacing(Size.GAP)
        column.addLayout(row)


def import_with_preview(parent: QWidget, context: Context, path: Path | None = None) -> None:
    """Ask for the file, show the dry run, then import; known failures are told by the window."""
    if path is None:
        name, _ = QFileDialog.getOpenFileName(
            parent, _tr("导入服务记录"), str(paths.documents()), _tr("表格 (*.xlsx *.xls *.csv)")
        )
        if not name:
            return
        path = Path(name)
    file = path

    def preview(result: ImportResult) -> None:
        if ImportDialog(parent, file, result).exec() != QDialog.DialogCode.Accepted:
            return
        context.read(
            lambda: import_visits(context.ledger, file),
            lambda r: context.said.emit(_tr("已导入。") + r.sentence, True),
            parent,
        )

    context.read(lambda: import_visits(context.ledger, file, dry_run=True), preview, parent, "import")


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportDialog", text)
