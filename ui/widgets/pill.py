"""Pill: a state in a word on a soft ground."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Size, Tone


class Pill(QWidget):
    """A short text with a tone; takes no room while the text is empty."""

    def __init__(self, text: str = "", tone: Tone = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._tone = "", tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set(text, tone)

    def set(self, text: str, tone: Tone) -> None:
        """Show another state."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The word shown."""
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(pill_width(self.font(), self._text) if self._text else 0, Size.PILL + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        painter = QPainter(self)
        paint_pill(painter, QRectF(self.rect()), self._text, self._tone)
        painter.end()


def caption_font(base: QFont) -> QFont:
    """``base`` at the size of captions."""
    font = QFont(base)
    font.setPixelSize(Size.CAPTION)
    return font


def pill_width(base: QFont, text: str) -> int:
    """How wide a pill with this text is."""
    return QFontMetrics(caption_font(base)).horizontalAdvance(text) + 2 * Size.GAP + 4


def paint_pill(painter: QPainter, box: QRectF, text: str, tone: Tone) -> None:
    """Paint a pill that fills ``box`` (for delegates and the sidebar as well as for the widget)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.tokens().soft(tone)))
    painter.drawRoundedRect(box, Size.GAP, Size.GAP)
    painter.setFont(caption_font(painter.font()))
    painter.setPen(QColor(theme.tokens().ink(tone)))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
