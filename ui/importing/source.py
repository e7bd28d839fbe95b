"""来源: a file chosen or dropped, or a table pasted; what went wrong with the last one."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from ui import theme
from ui.exchange.asking import ReadingPage
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.glyph import Glyph

SUFFIXES = (".xlsx", ".xls", ".xlsm", ".et", ".csv")


def tables_of(files: list[Path]) -> list[Path]:
    """Those of the files that look like tables."""
    return [path for path in files if path.suffix.lower() in SUFFIXES]


class SourceStep(QWidget):
    """``fileWanted`` asks for the file dialog, ``pasteWanted`` for the clipboard, ``stopped`` is 取消."""

    fileWanted = Signal()
    pasteWanted = Signal()
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._choice = QWidget()
        column = QVBoxLayout(self._choice)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP_MID)
        self.trouble = label("", "notice", tone="bad", wrap=True)
        self.trouble.hide()
        column.addWidget(self.trouble)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP_MID)
        self.choose = button(self.tr("选择文件…"), "primary", icon="folder", on_click=self.fileWanted.emit)
        self.choose.setToolTip(self.tr("选择文件（Ctrl+O）"))
        self.paste = button(self.tr("粘贴表格"), icon="paste", on_click=self.pasteWanted.emit)
        self.paste.setToolTip(self.tr("粘贴表格（Ctrl+V）"))
        row.addWidget(
            _Area(
                "export",
                self.tr("把名单文件拖到这里"),
                self.tr("Excel、WPS 表格或 CSV（.xlsx .xls .et .csv）"),
                self.choose,
            ),
            3,
        )
        row.addWidget(
            _Area(
                "paste",
                self.tr("或者粘贴一张表"),
                self.tr("在 WPS、Excel 或微信里复制，再按 Ctrl+V"),
                self.paste,
            ),
            2,
        )
        column.addLayout(row, 1)
        about = self.tr(
            "名单是什么样就怎样导入：大标题、两行表头、分组行、小计和签字行都会自己认出来。"
            "先核对、再预演，按“导入”之前台账不会改动。"
        )
        words = label(about, "caption", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(words)
        self._reading = ReadingPage()
        self._reading.stopped.connect(self.stopped)
        self._stack.addWidget(self._choice)
        self._stack.addWidget(self._reading)

    def begin(self, name: str) -> None:
        """Say what is being read."""
        self._reading.begin(self.tr("正在读取 {0}…").format(name))
        self._stack.setCurrentWidget(self._reading)

    def ask(self, trouble: str = "") -> None:
        """Offer the ways again; `trouble` says why the last table was not read."""
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        self._stack.setCurrentWidget(self._choice)
        self.choose.setFocus()

    def reading(self) -> bool:
        """Whether something is being read."""
        return self._stack.currentWidget() is self._reading


def clipboard() -> tuple[list[Path], str, str]:
    """What was copied: files of the file manager, which people paste as well; a table as text and as HTML."""
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    if data is None:  # whatever the stubs say, an empty clipboard has none
        return [], "", ""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return files, data.text().strip("\n"), data.html() if data.hasHtml() else ""


class _Area(QWidget):
    """A dashed field with a picture, what to do, and a button for it."""

    def __init__(self, icon: str, title: str, caption: str, do: QWidget) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE)
        column.setSpacing(Size.GAP)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(1)
        column.addWidget(Glyph(icon, "accent", Size.EMPTY_ICON), 0, middle)
        column.addWidget(label(title, "cardtitle"), 0, middle)
        words = label(caption, "sub", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(words)
        column.addSpacing(Size.GAP)
        column.addWidget(do, 0, middle)
        column.addStretch(1)

    def sizeHint(self) -> QSize:
        return QSize(Size.SEARCH, Size.POPUP_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(t.handle), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(t.surface))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, Size.CARD_RADIUS, Size.CARD_RADIUS)
        painter.end()
