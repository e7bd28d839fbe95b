"""The dialog for what went wrong: what happened, that nothing was lost, what to do; details only on
request.
"""

import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.glyph import Glyph


class ErrorDialog(QDialog):
    """Three sentences and, behind 详情, a text to copy for whoever helps."""

    def __init__(
        self, happened: str, safe: str, advice: str, details: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("出了点问题"))
        self.setMinimumWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP_MID)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP_MID)
        head.addWidget(Glyph("error", "bad", Size.DIALOG_ICON), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Size.GAP)
        words.addWidget(label(happened, "cardtitle", wrap=True))
        for text in (safe, advice):
            if text:
                words.addWidget(label(text, wrap=True))
        head.addLayout(words, 1)
        column.addLayout(head)
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setFixedHeight(6 * Size.CONTROL)
        self.details.setAccessibleName(self.tr("详情"))
        self.details.hide()
        column.addWidget(self.details)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        if details:
            self.more = button(self.tr("详情"), on_click=self._toggle)
            self.more.setCheckable(True)
            row.addWidget(self.more)
            row.addWidget(button(self.tr("复制详情"), icon="copy", on_click=self.copy))
        row.addStretch(1)
        close = button(self.tr("知道了"), "primary", on_click=self.accept)
        close.setDefault(True)
        row.addWidget(close)
        column.addLayout(row)
        close.setFocus()

    def copy(self) -> None:
        """The details to the clipboard."""
        QGuiApplication.clipboard().setText(self.details.toPlainText())

    def _toggle(self) -> None:
        self.details.setVisible(self.more.isChecked())
        self.adjustSize()


class _Hook(QObject):
    """Brings a bug from whatever thread to the GUI thread, one dialog at a time."""

    caught = Signal(str)

    def __init__(self, log: Callable[[str], object], version: str) -> None:
        super().__init__()
        self._log, self._version, self._open = log, version, False
        self.caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def handle(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        self._log(text)
        self.caught.emit(f"{self._version}\n{text}".strip())

    def _show(self, details: str) -> None:
        if self._open or QApplication.instance() is None:
            return
        self._open = True
        try:
            ErrorDialog(
                self.tr("这一步没有做成，程序里有一个错误。"),
                self.tr("已经保存的内容都在，没有丢失。"),
                self.tr("请再试一次；如果又出现，请点“复制详情”，发给为您提供软件的人。"),
                details,
                QApplication.activeWindow(),
            ).exec()
        finally:
            self._open = False


def install(log: Callable[[str], object], version: str = "") -> None:
    """Let uncaught errors of all threads be logged (``log`` gets the traceback) and shown by the dialog."""
    hook = _Hook(log, version)
    QCoreApplication.instance().setProperty("errorHook", hook)  # type: ignore[union-attr]
    sys.excepthook = hook.handle
    threading.excepthook = lambda args: hook.handle(args.exc_type, args.exc_value, args.exc_traceback)
