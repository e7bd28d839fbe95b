"""A panel that hangs below a field inside the same window.

It is a child of the window, not a popup window: input methods lose their text field in Qt's popups on
Windows and on some Linux desktops, and these panels are used while Chinese is being typed.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from ui.theme import Size


class Overlay(QFrame):
    """Below (or, without room there, above) its anchor; closes when the focus or a click goes elsewhere."""

    closed = Signal()

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor)
        self._anchor = anchor
        self._watching = False
        # Once opened it belongs to the window, yet must not outlive its field.
        anchor.destroyed.connect(self.deleteLater)
        self.setProperty("overlay", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.hide()

    def open(self, width: int, height: int) -> None:
        """Show at the anchor with the size wanted, as far as the window has room for it."""
        window = self._anchor.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        top = self._anchor.mapTo(window, QPoint(0, 0))
        edge = Size.TIGHT
        below = window.height() - top.y() - self._anchor.height() - 2 * edge
        above = top.y() - 2 * edge
        width = min(max(width, self._anchor.width()), window.width() - 2 * edge)
        left = max(edge, min(top.x(), window.width() - width - edge))
        if height <= below or below >= above:
            height = min(height, below)
            y = top.y() + self._anchor.height() + edge
        else:
            height = min(height, above)
            y = top.y() - edge - height
        self.setGeometry(QRect(left, y, width, height))
        self.show()
        if not self._watching:
            self._watching = True
            QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
            QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]
        self.raise_()

    def close_panel(self) -> None:
        """Hide; ``closed`` is sent once."""
        if self.isVisible():
            self.hide()

    def hideEvent(self, event: QEvent) -> None:
        application = QApplication.instance()
        if self._watching and application is not None:
            self._watching = False
            application.removeEventFilter(self)
            application.focusChanged.disconnect(self._focus_moved)  # type: ignore[attr-defined]
            self.closed.emit()

    def _inside(self, widget: QWidget | None) -> bool:
        return widget is not None and any(
            part is widget or part.isAncestorOf(widget) for part in (self, self._anchor)
        )

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if not self._inside(new):
            self.close_panel()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if (
            kind == QEvent.Type.MouseButtonPress
            and isinstance(event, QMouseEvent)
            and isinstance(watched, QWidget)
        ):
            if not self._inside(watched):
                self.close_panel()
        elif kind == QEvent.Type.Resize and watched is self._anchor.window():
            self.close_panel()
        elif (
            # Claimed already as a shortcut override, or a shortcut on Esc of the page would win.
            kind in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and isinstance(watched, QWidget)
            and self._inside(watched)
        ):
            event.accept()
            if kind == QEvent.Type.KeyPress:
                self.close_panel()
                self._anchor.setFocus()
            return True
        return False
