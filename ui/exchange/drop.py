"""DropArea: the invitation to drag files here or to choose them."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from commissioner_app.exchange import SUFFIX
from ui import theme
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.glyph import Glyph


def packages_of(files: list[Path]) -> list[Path]:
    """Those of them that are packages."""
    return [path for path in files if path.suffix.lower() == SUFFIX]


class DropArea(QWidget):
    """Says what can be dropped (the window takes it, wherever it is let go); ``chooseWanted`` asks for the dialog."""

    chooseWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE)
        column.setSpacing(Size.GAP)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(1)
        self._glyph = Glyph("export", "accent", Size.EMPTY_ICON)
        column.addWidget(self._glyph, 0, middle)
        self.text = label(self.tr("把收到的 .ktpack 文件拖到这里"), "cardtitle")
        column.addWidget(self.text, 0, middle)
        column.addWidget(label(self.tr("可以一次拖入几个；先看内容，点“接收”才会写入台账"), "sub"), 0, middle)
        column.addSpacing(Size.GAP)
        self.chooser = button(self.tr("选择文件…"), "primary", icon="folder", on_click=self.chooseWanted.emit)
        self.chooser.setToolTip(self.tr("选择文件（Ctrl+O）"))
        column.addWidget(self.chooser, 0, middle)
        column.addStretch(1)

    def sizeHint(self) -> QSize:
        return QSize(480, 220)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(t.handle), 1.5, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(t.surface))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, Size.CARD_RADIUS, Size.CARD_RADIUS)
        painter.end()
