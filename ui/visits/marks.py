"""What calendar, timeline and lists say of a visit in a small place: a sign for its state, a day with its weekday."""

from datetime import date

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from commissioner_app.visits import VisitRow
from ui import theme
from ui.visits.model import TONES

SIGN = 8
"""Pixels of a state's sign."""


def state_of(row: VisitRow) -> str:
    """The state that a quick filter would find a visit by."""
    return "submitted" if row.stale else row.state or "draft"


def draw_state(painter: QPainter, box: QRectF, state: str) -> None:
    """Draw a state as a sign that differs in shape too: dot passed, ring waiting, cross returned, dash draft."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(theme.tokens().strong(TONES.get(state, "plain")))
    pen = QPen(colour, 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    inner = box.adjusted(1, 1, -1, -1)
    if state == "passed":
        painter.setBrush(colour)
        painter.drawEllipse(inner)
    elif state == "submitted":
        painter.drawEllipse(inner)
    elif state == "returned":
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    else:
        middle = box.center().y()
        painter.drawLine(QPointF(inner.left(), middle), QPointF(inner.right(), middle))
    painter.restore()


def weekday(day: date) -> str:
    """周一 … 周日."""
    return "周" + "一二三四五六日"[day.weekday()]


def day_text(iso: str) -> str:
    """2022年7月3日 周日; the text itself where it is not a date."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.year}年{day.month}月{day.day}日 {weekday(day)}"
