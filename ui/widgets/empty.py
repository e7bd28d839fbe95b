"""EmptyState: what belongs here, one button that begins it, one link."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.glyph import Glyph


class EmptyState(QWidget):
    """``begun`` is sent by the button, ``linked`` by the link; either may be absent."""

    begun = Signal()
    linked = Signal()

    def __init__(
        self, icon: str, sentence: str, *, action: str = "", link: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE)
        column.setSpacing(Size.GAP)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(2)
        self._glyph = Glyph(icon, "sub", Size.EMPTY_ICON)
        column.addWidget(self._glyph, 0, middle)
        self.sentence = label(sentence, "sub", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.sentence)
        if action:
            column.addSpacing(Size.GAP)
            self.button = button(action, "primary", on_click=self.begun.emit)
            column.addWidget(self.button, 0, middle)
        if link:
            column.addWidget(button(link, "link", on_click=self.linked.emit), 0, middle)
        column.addStretch(3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # In a low table the words and the button matter more than the picture.
        self._glyph.setVisible(self.height() >= 6 * Size.CONTROL)

    def set_sentence(self, sentence: str) -> None:
        """Say something else, as when a filter leaves nothing."""
        self.sentence.setText(sentence)
