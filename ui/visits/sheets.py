"""服务记录单 of chosen visits: written with progress, seen, printed, saved or opened."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import paths, visit_sheets
from commissioner_app.papers import Written
from commissioner_app.pdfpages import PdfPages
from ui.context import Context
from ui.reports.preview import Preview
from ui.tasks import Progress
from ui.theme import Size
from ui.widgets.basic import button, label

_MARGIN = 64


def print_sheets(owner: QWidget, context: Context, visits: Sequence[str]) -> None:
    """Write the sheets of some visits (records, in this order) into one PDF and show it."""
    if not visits:
        context.said.emit(_tr("请先选中要打印的服务记录。"), False)
        return
    progress = Progress(_tr("正在生成服务记录单"))
    total = len(visits)

    def told(done: int) -> None:
        progress.report(done, total)
        progress.check()

    folder = tempfile.TemporaryDirectory(prefix="commissioner-sheets-", ignore_cleanup_errors=True)
    out = Path(folder.name) / f"{_tr('服务记录单')}.pdf"
    watch = getattr(owner.window(), "watch", None)
    if watch is not None:
        watch(progress)

    def work() -> tuple[Written, PdfPages]:
        written = visit_sheets.write(context.ledger, visits, out, system_fonts=True, progress=told)
        return written, PdfPages(written.path)

    def show(found: tuple[Written, PdfPages]) -> None:
        SheetsDialog(owner, context, _tr("服务记录单"), *found, folder).open()

    context.read(work, show, owner, "sheets", progress=progress)


class SheetsDialog(QDialog):
    """The paper as it will be; `folder` lives as long as the dialog."""

    def __init__(
        self, parent: QWidget, context: Context, title: str, written: Written, pages: PdfPages,
        folder: "tempfile.TemporaryDirectory[str]",
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._context, self._title, self._written, self._folder = context, title, written, folder
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        around = parent.window().size()
        self.resize(min(around.width() - 2 * _MARGIN, 860), around.height() - _MARGIN)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Size.GAP_MID, 0, Size.GAP_MID)
        head = QHBoxLayout()
        head.setContentsMargins(Size.GAP_WIDE, 0, Size.GAP_WIDE, 0)
        head.addWidget(label(title, "cardtitle"))
        self.where = label("", "caption")
        head.addWidget(self.where)
        head.addStretch(1)
        column.addLayout(head)
        self.notice = label(
            _tr("这些字没有字体可用，打印出来是空的：{0}").format("、".join(sorted(written.missing))),
            "notice", tone="warn", wrap=True,
        )  # fmt: skip
        self.notice.setVisible(bool(written.missing))
        column.addWidget(self.notice)
        self.preview = Preview()
        self.preview.setAccessibleName(_tr("{0}预览").format(title))
        self.preview.pageChanged.connect(
            lambda n, of: self.where.setText(_tr("第 {0} 页，共 {1} 页").format(n, of))
        )
        column.addWidget(self.preview, 1)
        self.preview.show_pages(pages)
        foot = QHBoxLayout()
        foot.setContentsMargins(Size.GAP_WIDE, Size.GAP, Size.GAP_WIDE, 0)
        foot.setSpacing(Size.GAP)
        self.open_button = button(_tr("用其他程序打开"), on_click=self.open_file)
        self.save_button = button(_tr("保存 PDF…"), on_click=self.save)
        self.save_button.setToolTip(_tr("保存（Ctrl+S）"))
        self.print_button = button(_tr("打印…"), "primary", icon="print", on_click=self.print)
        self.print_button.setToolTip(_tr("打印（Ctrl+P）"))
        foot.addWidget(self.open_button)
        foot.addStretch(1)
        foot.addWidget(button(_tr("关闭"), on_click=self.reject))
        foot.addWidget(self.save_button)
        foot.addWidget(self.print_button)
        column.addLayout(foot)
        for keys, do in (("Ctrl+P", self.print), ("Ctrl+S", self.save)):
            QShortcut(QKeySequence(keys), self).activated.connect(do)
        self.print_button.setFocus()

    def print(self) -> None:
        """Print by the system's dialog."""
        from ui.reports.printing import print_pdf

        print_pdf(self, self._context, self._written.path, self._title)

    def save(self) -> None:
        """Save a copy."""
        start = paths.free_path(paths.documents(), self._title, ".pdf")
        name, _ = QFileDialog.getSaveFileName(self, _tr("保存 PDF"), str(start), _tr("PDF 文件 (*.pdf)"))
        if name:
            path = Path(name if name.lower().endswith(".pdf") else name + ".pdf")
            data = self._written.path.read_bytes()
            said = _tr("已保存 {0} 页：{1}").format(self._written.pages, path)
            self._context.read(
                lambda: path.write_bytes(data), lambda _n: self._context.said.emit(said, False), self
            )

    def open_file(self) -> None:
        """Show it in the program that the system has for it."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.path))):
            self._context.refused.emit(_tr("没有程序能打开 PDF，可以保存为文件。"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("SheetsDialog", text)
