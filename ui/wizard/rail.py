"""StepRail: the steps of the wizard at its left, with what is done and where one is."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import icons, theme
from ui.theme import Size
from ui.widgets.pill import caption_font

DOT = 24


class StepRail(QWidget):
    """The name of the app and below it the numbered steps; without steps a few lines about the app."""

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._title, self._lines = title, list(lines)
        self._steps: list[str] = []
        self._at = 0
        self.setFixedWidth(Size.SIDEBAR + Size.GAP_WIDE)

    def set_steps(self, steps: Sequence[str], at: int) -> None:
        """Show these steps, the one at ``at`` as the present one."""
        self._steps, self._at = list(steps), at
        self.setAccessibleName("、".join(self._steps))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(t.side))
        painter.fillRect(QRect(self.width() - 1, 0, 1, self.height()), QColor(t.line))
        left, room = Size.GAP_WIDE, self.width() - 2 * Size.GAP_WIDE
        font = QFont(self.font())
        font.setPixelSize(Size.CARD_TITLE)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(t.text))
        y = Size.GAP_WIDE + Size.GAP
        painter.drawText(QRect(left, y, room, Size.GAP_WIDE), Qt.AlignmentFlag.AlignVCenter, self._title)
        y += Size.CONTROL
        if self._steps:
            self._paint_steps(painter, left, y + Size.GAP_MID, room)
        else:
            painter.setFont(caption_font(self.font()))
            painter.setPen(QColor(t.sub))
            for line in self._lines:
                flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
                box = painter.boundingRect(QRect(left, y, room, self.height()), flags, line)
                painter.drawText(QRect(left, y, room, box.height()), flags, line)
                y += box.height() + Size.GAP
        painter.end()

    def _paint_steps(self, painter: QPainter, left: int, y: int, room: int) -> None:
        t = theme.tokens()
        for n, step in enumerate(self._steps):
            dot = QRect(left, y, DOT, DOT)
            now, done = n == self._at, n < self._at
            if n + 1 < len(self._steps):
                painter.setPen(QPen(QColor(t.accent if done else t.line), 1.5))
                x = left + DOT // 2
                painter.drawLine(x, y + DOT + 3, x, y + Size.NAV + Size.GAP - 3)
            painter.setPen(Qt.PenStyle.NoPen if now or done else QPen(QColor(t.handle), 1.2))
            painter.setBrush(QColor(t.accent if now else t.accent_soft if done else t.side))
            painter.drawEllipse(QRectF(dot).adjusted(0.5, 0.5, -0.5, -0.5))
            if done:
                icons.draw(painter, dot.adjusted(5, 5, -5, -5), "check", "accent_ink")
            else:
                painter.setFont(caption_font(self.font()))
                painter.setPen(QColor(t.on if now else t.sub))
                painter.drawText(dot, Qt.AlignmentFlag.AlignCenter, str(n + 1))
            font = QFont(self.font())
            font.setBold(now)
            painter.setFont(font)
            painter.setPen(QColor(t.text if now else t.sub))
            text = QRect(left + DOT + Size.GAP + 2, y, room - DOT - Size.GAP, DOT)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, step)
            y += Size.NAV + Size.GAP
