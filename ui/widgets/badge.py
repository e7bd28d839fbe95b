"""A pill as an icon, for table cells: 新 before a text, ! before one that is filled in differently elsewhere."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap

from ui.theme import Size, Tone
from ui.widgets.pill import caption_font, paint_pill


class _Engine(QIconEngine):
    def __init__(self, text: str, tone: Tone) -> None:
        super().__init__()
        self._what = (text, tone)

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        return size.boundedTo(badge_size(self._what[0]))

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.save()
        painter.setFont(QGuiApplication.font())
        paint_pill(painter, QRectF(rect), *self._what)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Engine(*self._what)


def badge(text: str, tone: Tone) -> QIcon:
    """The icon; a table that shows it needs `setIconSize(badge_size(…))` of its widest one."""
    return QIcon(_Engine(text, tone))


def badge_size(text: str) -> QSize:
    """How large a badge is."""
    written = QFontMetrics(caption_font(QGuiApplication.font())).horizontalAdvance(text)
    return QSize(max(written + Size.GAP + 2, Size.PILL), Size.PILL)
