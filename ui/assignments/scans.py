"""The scans of an agreement: a list that files can be dropped on, with opening, saving and removing."""

import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import attachments
from commissioner_app.attachments import AttachmentRow
from commissioner_app.ledgers import Outcome
from ui import theme
from ui.clearing import clear
from ui.context import Context
from ui.shell.dropping import local_files
from ui.theme import Size
from ui.widgets.barchart import number_text
from ui.widgets.basic import button, label

OPENS = (
    *(".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic"),
    *(".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".txt"),
)
"""What is opened with a program of the system; anything else may only be saved (it came from elsewhere)."""


def size_text(size: int) -> str:
    """1.2 MB, 340 KB."""
    return f"{number_text(round(size / 1e6, 1))} MB" if size >= 10**6 else f"{max(size // 1000, 1):,} KB"


class Scans(QFrame):
    """The attachments of one record; `changed` comes after one was added or removed."""

    changed = Signal()

    def __init__(self, context: Context, owner: str, record: str, kind: str) -> None:
        super().__init__()
        self._context, self._owner, self._record, self._kind = context, owner, record, kind
        self._rows: list[AttachmentRow] = []
        self._editable = True
        self._lit = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP, Size.TIGHT, Size.GAP, Size.TIGHT)
        column.setSpacing(Size.TIGHT)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column.addLayout(self._list)
        foot = QHBoxLayout()
        foot.setSpacing(Size.GAP)
        self.hint = label("", "caption", wrap=True)
        self.add_button = button(self.tr("选择文件…"), "link", on_click=self.choose)
        self.add_button.setAccessibleName(self.tr("添加{0}扫描件").format(kind))
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.add_button)
        column.addLayout(foot)
        self.set_editable(True)

    def set_editable(self, editable: bool) -> None:
        """Whether files may be added and removed."""
        self._editable = editable
        self.setAcceptDrops(editable)
        self.add_button.setVisible(editable)
        self.show_rows(self._rows)

    def rows(self) -> list[AttachmentRow]:
        """What is listed."""
        return list(self._rows)

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        found: list[QWidget] = []
        for n in range(self._list.count()):
            line = self._list.itemAt(n).widget()
            found += line.findChildren(type(self.add_button)) if line is not None else []
        return [*found, self.add_button]

    def show_rows(self, rows: list[AttachmentRow]) -> None:
        """List these."""
        self._rows = list(rows)
        clear(self._list)
        for row in rows:
            self._list.addWidget(self._line(row))
        nothing = self.tr("扫描件拖到这里") if self._editable else self.tr("还没有扫描件")
        self.hint.setText(nothing if not rows or self._editable else "")

    def _line(self, row: AttachmentRow) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Size.TIGHT)
        name = button(self._short(row.file_name), "link", on_click=partial(self.open, row))
        name.setToolTip(self.tr("打开 {0}（{1}）").format(row.file_name, size_text(row.size)))
        name.setAccessibleName(self.tr("打开 {0}").format(row.file_name))
        line.addWidget(name)
        line.addWidget(label(size_text(row.size) if row.here else self.tr("还没有收到"), "caption"), 1)
        save = button(self.tr("另存为…"), "link", on_click=partial(self.save_as, row))
        save.setAccessibleName(self.tr("另存 {0}").format(row.file_name))
        line.addWidget(save)
        if self._editable:
            gone = button(self.tr("删除"), "link", on_click=partial(self.remove, row))
            gone.setAccessibleName(self.tr("删除 {0}").format(row.file_name))
            line.addWidget(gone)
        return made

    def _short(self, name: str) -> str:
        return self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 150)

    # -- doing -----------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read what is attached now."""
        ledger, owner, record = self._context.ledger, self._owner, self._record
        self._context.read(
            lambda: attachments.listed(ledger, owner, record), self.show_rows, self, "attachments"
        )

    def choose(self) -> None:
        """Ask for files to add."""
        names, _ = QFileDialog.getOpenFileNames(
            self,
            self.tr("选择{0}扫描件").format(self._kind),
            "",
            self.tr("扫描件和文档 (*.pdf *.ofd *.jpg *.jpeg *.png *.tif *.doc *.docx *.wps);;所有文件 (*)"),
        )
        self.add([Path(name) for name in names])

    def add(self, files: list[Path]) -> None:
        """Attach files; 撤销 takes them away again."""
        if not files or not self._editable:
            return
        c, owner, record, kind = self._context, self._owner, self._record, self._kind
        said = files[0].name if len(files) == 1 else self.tr("{0} 个文件").format(len(files))
        c.do(
            lambda: attachments.add(c.ledger, owner, record, files, kind),
            self.tr("已添加{0}").format(said),
            done=self._changed,
            owner=self,
        )

    def remove(self, row: AttachmentRow) -> None:
        """Take one away; 撤销 brings it back."""
        c = self._context
        c.do(
            lambda: attachments.remove(c.ledger, [row.id]),
            self.tr("已删除{0}").format(row.file_name),
            done=self._changed,
            owner=self,
        )

    def _changed(self, _outcome: Outcome) -> None:
        self.reload()
        self.changed.emit()

    def open(self, row: AttachmentRow) -> None:
        """Show one with the program that the system has for it."""
        if Path(row.file_name).suffix.lower() not in OPENS:
            self._context.said.emit(self.tr("这种文件不直接打开，请用“另存为”。"), False)
            return
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="keji-", ignore_cleanup_errors=True)
        target = Path(self._folder.name) / Path(row.file_name).name
        ledger = self._context.ledger
        self._context.read(
            lambda: attachments.save_as(ledger, row, target),
            lambda _none: QDesktopServices.openUrl(QUrl.fromLocalFile(str(target))),
            self,
            "open",
        )

    def save_as(self, row: AttachmentRow) -> None:
        """Write one to a file of the user's choice."""
        name, _ = QFileDialog.getSaveFileName(self, self.tr("另存为"), row.file_name)
        if name:
            ledger = self._context.ledger
            said = self.tr("已另存为 {0}").format(Path(name).name)
            self._context.read(
                lambda: attachments.save_as(ledger, row, Path(name)),
                lambda _none: self._context.said.emit(said, False),
                self,
            )

    # -- dropping --------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()
            self._light(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._light(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._light(False)
        if files := local_files(event.mimeData()):
            event.acceptProposedAction()
            self.add(files)

    def _light(self, on: bool) -> None:
        self._lit = on
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = Qt.PenStyle.SolidLine if self._lit else Qt.PenStyle.DashLine
        painter.setPen(QPen(QColor(t.accent if self._lit else t.scroll), 1, line))
        painter.setBrush(QColor(t.accent_soft) if self._lit else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Size.RADIUS, Size.RADIUS)
        painter.end()
