"""GrowingText: a text box as high as its text, within bounds, so that a visit is read without scrolling in boxes."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget


class GrowingText(QPlainTextEdit):
    """Between `least` and `most` pixels high; Tab goes to the next field."""

    def __init__(self, least: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bounds = least, most
        self.setTabChangesFocus(True)
        self.setFixedHeight(least)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._bounds[0])

    def _fit(self, *_args: object) -> None:
        # The layout of a plain text edit counts lines, not pixels.
        lines = self.document().documentLayout().documentSize().height()
        edges = 2 * self.frameWidth() + int(2 * self.document().documentMargin()) + 10
        wanted = int(lines * self.fontMetrics().lineSpacing()) + edges
        least, most = self._bounds
        height = min(max(wanted, least), most)
        if height != self.height():
            self.setFixedHeight(height)
