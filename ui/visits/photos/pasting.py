"""Pasting: Ctrl+V of pictures and files anywhere in the editor goes to the photos; text goes into the fields."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from ui.visits.photos.strip import PhotoStrip


class Pasting(QObject):
    """Watches the controls of an editor, as they are when it is made."""

    def __init__(self, editor: QWidget, strip: PhotoStrip) -> None:
        super().__init__(editor)
        self._strip = strip
        for widget in [editor, *editor.findChildren(QWidget)]:
            widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        return event.matches(QKeySequence.StandardKey.Paste) and self._strip.paste(
            QGuiApplication.clipboard().mimeData()
        )
