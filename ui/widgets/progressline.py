"""ProgressLine: a name, its figures in words, and a bar below them."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Size, Tone
from ui.widgets.pill import caption_font


class ProgressLine(QWidget):
    """``share`` is the filled part of the bar, 0 … 1."""

    def __init__(self, name: str, figures: str, share: float, tone: Tone = "accent") -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set(name, figures, share, tone)

    def set(self, name: str, figures: str, share: float, tone: Tone = "accent") -> None:
        """Show another line."""
        self._name, self._figures, self._tone = name, figures, tone
        self._share = min(max(share, 0.0), 1.0)
        self.setAccessibleName(f"{name} {figures}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 20 + Size.GAP + Size.BAR)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        head = QRectF(0, 0, self.width(), 20)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.save()
        painter.setFont(caption_font(self.font()))
        painter.setPen(QColor(t.sub))
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | middle, self._figures)
        used = painter.fontMetrics().horizontalAdvance(self._figures) + Size.GAP
        painter.restore()
        painter.setPen(QColor(t.text))
        room = int(head.width() - used)
        name = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | middle, name)
        bar = QRectF(0, self.height() - Size.BAR, self.width(), Size.BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.track))
        painter.drawRoundedRect(bar, Size.BAR / 2, Size.BAR / 2)
        if self._share > 0:
            bar.setWidth(max(Size.BAR, bar.width() * self._share))
            painter.setBrush(QColor(t.strong(self._tone)))
            painter.drawRoundedRect(bar, Size.BAR / 2, Size.BAR / 2)
        painter.end()
