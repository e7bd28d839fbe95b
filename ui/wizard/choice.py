"""ChoiceCard: one of a few ways on, as a large card with an icon, a title and one line."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from ui import icons, theme
from ui.theme import Size
from ui.widgets.pill import caption_font

HEIGHT = 2 * Size.ROW
TILE = Size.NAV + 2


class ChoiceCard(QAbstractButton):
    """A card to click; ``checkable`` cards show a dot for the chosen one, others an arrow that goes on."""

    def __init__(self, icon: str, title: str, line: str, *, checkable: bool = False) -> None:
        super().__init__()
        self._icon, self._line = icon, line
        self.setText(title)
        self.setCheckable(checkable)
        self.setAccessibleName(title)
        self.setAccessibleDescription(line)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(360, HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A card that goes on is taken by Enter too; on one that only chooses Enter is the dialog's.
        if not self.isCheckable() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        border = t.accent if chosen or self.hasFocus() else t.handle if self.underMouse() else t.line
        width = 2.0 if chosen and self.hasFocus() else 1.0
        painter.setPen(QPen(QColor(border), width))
        painter.setBrush(QColor(t.accent_soft if chosen else t.hover if self.underMouse() else t.surface))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, Size.CARD_RADIUS, Size.CARD_RADIUS)
        top = (self.height() - TILE) // 2
        tile = QRect(Size.GAP_MID, top, TILE, TILE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.surface if chosen else t.accent_soft))
        painter.drawRoundedRect(tile, Size.CARD_RADIUS, Size.CARD_RADIUS)
        inner = TILE // 4
        icons.draw(painter, tile.adjusted(inner, inner, -inner, -inner), self._icon, "accent_ink")
        left = tile.right() + Size.GAP_MID
        room = self.width() - left - Size.GAP_WIDE - Size.ICON - Size.GAP
        font = QFont(self.font())
        font.setPixelSize(Size.CARD_TITLE)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(t.text))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(left, top - 2, room, TILE // 2 + 2), middle, self.text())
        painter.setFont(caption_font(self.font()))
        painter.setPen(QColor(t.text if chosen else t.sub))
        line = painter.fontMetrics().elidedText(self._line, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, top + TILE // 2, room, TILE // 2 + 2), middle, line)
        sign = QRect(
            self.width() - Size.GAP_MID - Size.ICON, (self.height() - Size.ICON) // 2, Size.ICON, Size.ICON
        )
        if not self.isCheckable():
            icons.draw(painter, sign, "next", "accent_ink" if self.underMouse() or self.hasFocus() else "sub")
        elif chosen:
            icons.draw(painter, sign, "done", "accent_ink")
        else:
            painter.setPen(QPen(QColor(t.handle), 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(sign).adjusted(1.5, 1.5, -1.5, -1.5))
        painter.end()


class ChoiceGroup(QWidget):
    """Cards of which one is chosen; arrow keys move and choose, Tab passes the group as one stop."""

    changed = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str, str, str]], current: str = "") -> None:
        """``choices`` are (key, icon, title, line)."""
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP + Size.TIGHT)
        self.cards: dict[str, ChoiceCard] = {}
        for key, icon, title, line in choices:
            card = ChoiceCard(icon, title, line, checkable=True)
            card.clicked.connect(lambda _checked=False, key=key: self.choose(key))
            card.installEventFilter(self)
            column.addWidget(card)
            self.cards[key] = card
        self._current = ""
        self.choose(current or choices[0][0])

    def current(self) -> str:
        """The key of the chosen card."""
        return self._current

    def choose(self, key: str) -> None:
        """Choose a card; sends ``changed`` if it is another."""
        changed = key != self._current
        self._current = key
        for each, card in self.cards.items():
            card.setChecked(each == key)
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each == key else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self.cards[key])
        if changed:
            self.changed.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}.get(
            Qt.Key(event.key()), 0
        )
        if not step:
            return False
        order = list(self.cards)
        key = order[(order.index(self._current) + step) % len(order)]
        self.choose(key)
        self.cards[key].setFocus(Qt.FocusReason.OtherFocusReason)
        return True
