"""Importing tables of visits and returned 填报表: choose files, see what would happen, then write each as one operation."""

from collections.abc import Callable, Sequence
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
from commissioner_app.imports.many import FileResult, import_all, save_problems
from ui.context import Context
from ui.tasks import Progress
from ui.theme import Size
from ui.widgets.basic import button, label

SHOWN_FILES = 6


class ImportDialog(QDialog):
    """What an import would do: a line for every file, and every row that was not read, with its reason."""

    def __init__(self, parent: QWidget, context: Context, found: Sequence[FileResult]) -> None:
        super().__init__(parent)
        self._context, self._found = context, found
        self.setWindowTitle(_tr("导入服务记录"))
        self.setMinimumWidth(Size.DIALOG + 240)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        column.addWidget(label(self._title(), "cardtitle"))
        several = len(found) > 1
        for each in found[:SHOWN_FILES]:
            text = f"{each.path.name}：{each.sentence}" if several else each.sentence
            column.addWidget(label(text, "error" if each.result is None else "", wrap=True))
        if len(found) > SHOWN_FILES:
            column.addWidget(label(_tr("另有 {0} 个文件").format(len(found) - SHOWN_FILES), "caption"))
        ignored = dict.fromkeys(name for f in found if f.result for name in f.result.ignored)
        if ignored:
            column.addWidget(label(_tr("没有读入的列：{0}").format("、".join(ignored)), "caption", wrap=True))
        self.table = QTableWidget(0, 4)
        problems = [(f.path.name, p) for f in found if f.result for p in f.problems]
        if problems:
            said = _tr("下面各行没有导入，改好后再导入一次即可，已导入的不会重复：")
            column.addWidget(label(said, "caption", wrap=True))
            self._fill([(name, p.sheet, str(p.row or "—"), p.message) for name, p in problems], several)
            column.addWidget(self.table)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.save = button(_tr("另存问题行…"), icon="export", on_click=self.save_problems)
        self.save.setVisible(bool(problems))
        row.addWidget(self.save)
        row.addStretch(1)
        useful = sum(f.result.created + f.result.updated for f in found if f.result)
        self.cancel = button(_tr("取消"), on_click=self.reject)
        row.addWidget(self.cancel)
        self.go = button(_tr("导入 {0} 条").format(f"{useful:,}"), "primary", on_click=self.accept)
        self.go.setEnabled(bool(useful))
        row.addWidget(self.go)
        column.addStretch(1)
        column.addLayout(row)

    def _title(self) -> str:
        if len(self._found) == 1:
            return self._found[0].path.name
        return _tr("{0} 个文件").format(len(self._found))

    def _fill(self, rows: Sequence[tuple[str, str, str, str]], several: bool) -> None:
        table = self.table
        table.setRowCount(len(rows))
        table.setHorizontalHeaderLabels([_tr("文件"), _tr("工作表"), _tr("行"), _tr("原因")])
        table.setAccessibleName(_tr("没有导入的行"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setColumnHidden(0, not several)
        for n, cells in enumerate(rows):
            for at, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                table.setItem(n, at, item)
        for at, width in ((0, 180), (1, 110), (2, 64)):
            table.setColumnWidth(at, width)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.verticalHeader().setDefaultSectionSize(Size.ROW)
        table.horizontalHeader().setFixedHeight(Size.ROW)
        table.setFixedHeight((min(7, len(rows)) + 1) * Size.ROW + 2)

    def save_problems(self) -> None:
        """Write what was not imported as a table."""
        start = paths.free_path(paths.documents(), _tr("没有导入的行"), ".xlsx")
        name, _ = QFileDialog.getSaveFileName(
            self, _tr("另存问题行"), str(start), _tr("Excel 表格 (*.xlsx);;CSV (*.csv)")
        )
        if name:
            c, found, path = self._context, self._found, Path(name)
            c.read(lambda: save_problems(found, path),
                   lambda n: c.said.emit(_tr("已保存 {0} 行：{1}").format(n, path.name), False), self)  # fmt: skip


def import_with_preview(
    parent: QWidget, context: Context, files: Path | Sequence[Path] | None = None
) -> None:
    """Ask for files, show what would happen, then import; known failures are told by the window."""
    if files is None:
        names, _ = QFileDialog.getOpenFileNames(
            parent,
            _tr("导入服务记录或填报表"),
            str(paths.documents()),
            _tr("表格 (*.xlsx *.xls *.xlsm *.et *.csv)"),
        )
        files = [Path(name) for name in names]
    wanted = [files] if isinstance(files, Path) else list(files)
    if not wanted:
        return

    def preview(found: list[FileResult]) -> None:
        if len(found) == 1 and found[0].result is None:
            context.refused.emit(found[0].refused)
        elif ImportDialog(parent, context, found).exec() == QDialog.DialogCode.Accepted:
            _run(parent, context, [f.path for f in found if f.result], False, told)

    def told(found: list[FileResult]) -> None:
        if len(found) == 1:
            text = found[0].sentence
        else:
            made = sum(f.result.created for f in found if f.result)
            changed = sum(f.result.updated for f in found if f.result)
            text = _tr("{0} 个文件：新增 {1}，更新 {2}。").format(len(found), f"{made:,}", f"{changed:,}")
        context.said.emit(_tr("已导入。") + text, any(f.result for f in found))

    _run(parent, context, wanted, True, preview)


def _run(
    parent: QWidget,
    context: Context,
    files: Sequence[Path],
    dry_run: bool,
    done: Callable[[list[FileResult]], object],
) -> None:
    progress = Progress(_tr("正在读取表格") if dry_run else _tr("正在导入服务记录"))

    def told(n: int, total: int) -> None:
        progress.check()
        progress.report(n, total, files[n].name)

    watch = getattr(parent.window(), "watch", None)
    if watch is not None and len(files) > 1:
        watch(progress)
    context.read(
        lambda: import_all(context.ledger, files, dry_run, told), done, parent, "import", progress=progress
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportDialog", text)
