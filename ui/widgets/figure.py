"""FigureCard: one large number with what it counts above and a note below."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import Size, Tone
from ui.widgets.basic import label, restyle
from ui.widgets.card import Card
from ui.widgets.glyph import Glyph


class FigureCard(Card):
    """A figure of 工作台; a click or Enter on it sends ``activated`` when it is made ``clickable``."""

    activated = Signal()

    def __init__(
        self,
        caption: str,
        *,
        icon: str,
        tone: Tone = "accent",
        clickable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._what = caption
        self._clickable = clickable
        if clickable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        line = QHBoxLayout()
        line.addWidget(label(caption, "caption"))
        line.addStretch(1)
        self._icon = Glyph(icon, size=Size.NAV_ICON)
        self._icon_name = icon
        line.addWidget(self._icon)
        self.number = label("—", "figure")
        self.note = label("", "caption")
        self.body.setSpacing(Size.TIGHT + 2)
        self.body.addLayout(line)
        self.body.addWidget(self.number)
        self.body.addWidget(self.note)
        self.set_tone(tone)

    def set_figure(self, number: str, note: str = "") -> None:
        """Show ``number`` (already written with thousands separators) and the sentence below it."""
        self.number.setText(number)
        self.note.setText(note)
        self.note.setToolTip(note)
        self.setAccessibleName(f"{self._what} {number}")
        self.setAccessibleDescription(note)

    def set_tone(self, tone: Tone) -> None:
        """``warn`` and ``bad`` colour the number too; the note says in words why."""
        self.number.setProperty("tone", tone if tone in ("warn", "bad") else "plain")
        restyle(self.number)
        self._icon.set(self._icon_name, "sub" if tone == "plain" else tone)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._clickable and self.rect().contains(event.position().toPoint()):
            self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._clickable and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
        else:
            super().keyPressEvent(event)
