"""BarChart: one bar a month with its value above and its name below."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Size
from ui.widgets.pill import caption_font


def number_text(value: float) -> str:
    """A figure for reading: thousands separated, no needless decimals."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


class BarChart(QWidget):
    """Set (name, value) pairs; a screen reader gets the same as one sentence."""

    def __init__(self, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = unit
        self._bars: list[tuple[str, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(Size.CHART_HEIGHT)

    def set_bars(self, bars: Sequence[tuple[str, float]]) -> None:
        """Show these; zero leaves its place empty."""
        self._bars = list(bars)
        self.setAccessibleDescription(
            "，".join(f"{name} {number_text(value)}{self._unit}" for name, value in self._bars)
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 150)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = theme.tokens()
        painter.setFont(caption_font(self.font()))
        if not any(value > 0 for _name, value in self._bars):
            painter.setPen(QColor(t.sub))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("本期还没有服务记录"))
            painter.end()
            return
        line = painter.fontMetrics().height()
        highest = max(value for _name, value in self._bars)
        step = self.width() / len(self._bars)
        width = max(6.0, min(step * 0.5, Size.COLUMN_WIDEST))
        ground = self.height() - line - Size.TIGHT
        room = ground - line - Size.TIGHT
        for at, (name, value) in enumerate(self._bars):
            middle = step * (at + 0.5)
            painter.setPen(QColor(t.sub))
            painter.drawText(
                QRectF(middle - step / 2, ground + Size.TIGHT, step, line), Qt.AlignmentFlag.AlignCenter, name
            )
            if value <= 0:
                continue
            height = max(2.0, room * value / highest)
            box = QRectF(middle - width / 2, ground - height, width, height)
            painter.fillPath(_bar(box, min(3.0, height)), QColor(t.accent))
            painter.setPen(QColor(t.text))
            painter.drawText(
                QRectF(middle - step / 2, box.top() - line - 2, step, line),
                Qt.AlignmentFlag.AlignCenter,
                number_text(value),
            )
        painter.end()


def _bar(box: QRectF, radius: float) -> QPainterPath:
    """A bar with rounded upper corners standing on a flat foot."""
    path = QPainterPath(box.bottomLeft())
    path.lineTo(box.left(), box.top() + radius)
    path.quadTo(box.topLeft(), QPointF(box.left() + radius, box.top()))
    path.lineTo(box.right() - radius, box.top())
    path.quadTo(box.topRight(), QPointF(box.right(), box.top() + radius))
    path.lineTo(box.bottomRight())
    path.closeSubpath()
    return path
