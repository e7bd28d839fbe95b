"""Glyph: an icon as a widget; painted fresh, so it follows the theme and any scale of the screen."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons
from ui.theme import Size


class Glyph(QWidget):
    """The icon ``name`` in the token ``colour``."""

    def __init__(
        self, name: str, colour: str = "sub", size: int = Size.ICON, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._what = (name, colour, size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set(self, name: str, colour: str) -> None:
        """Show another icon or colour."""
        self._what = (name, colour, self._what[2])
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._what[2], self._what[2])

    def paintEvent(self, event: QPaintEvent) -> None:
        name, colour, size = self._what
        painter = QPainter(self)
        box = QRect((self.width() - size) // 2, (self.height() - size) // 2, size, size)
        icons.draw(painter, box, name, colour)
        painter.end()
