"""Sidebar: the name of the app, the pages, settings at the bottom; folds to icons in a narrow window."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from ui import icons, theme
from ui.theme import Size, Tone
from ui.widgets.basic import label
from ui.widgets.pill import caption_font, paint_pill, pill_width


class NavButton(QAbstractButton):
    """One page in the sidebar; the badge counts what waits there."""

    def __init__(self, title: str, icon: str, shortcut: str) -> None:
        super().__init__()
        self.setText(title)
        self.setCheckable(True)
        self.setAccessibleName(title)
        self._icon, self._badge, self._tone = icon, "", "warn"
        self._shortcut = shortcut
        self.folded = False
        self._ring = False
        self.setFixedHeight(Size.NAV)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tip()

    def set_badge(self, text: str, tone: Tone = "warn") -> None:
        """Show a count, or nothing."""
        self._badge, self._tone = text, tone
        self.setAccessibleDescription(text)
        self.update()
        self._tip()

    def _tip(self) -> None:
        badge = f" {self._badge}" if self._badge else ""
        self.setToolTip(f"{self.text()}{badge}（{self._shortcut}）" if self._shortcut else self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Arrows and Enter are the sidebar's; a button alone would take them for itself.
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # The ring is for those who use the keyboard; a click or the start of the window needs none.
        by_keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._ring = event.reason() in by_keys
        super().focusInEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(Size.SIDEBAR, Size.NAV)

    def paintEvent(self, event: QPaintEvent) -> None:
        t: theme.Tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.accent_soft if chosen else t.hover))
            painter.drawRoundedRect(box, Size.RADIUS, Size.RADIUS)
        if self.hasFocus() and self._ring:
            painter.setPen(QColor(t.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, Size.RADIUS, Size.RADIUS)
        side = Size.NAV_ICON
        left = (self.width() - side) // 2 if self.folded else 14
        place = QRect(left, (self.height() - side) // 2, side, side)
        icons.draw(painter, place, self._icon, "accent_ink" if chosen else "sub")
        if self.folded:
            if self._badge:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(t.strong(self._tone)))  # type: ignore[arg-type]
                painter.drawEllipse(QRectF(self.width() - 14, 8, 6, 6))
            painter.end()
            return
        font = painter.font()
        font.setBold(chosen)
        painter.setFont(font)
        painter.setPen(QColor(t.accent_ink if chosen else t.text))
        text = QRect(left + side + 10, 0, self.width() - left - side - 10, self.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self._badge:
            font.setBold(False)
            painter.setFont(caption_font(font))
            width = pill_width(font, self._badge)
            pill = QRectF(self.width() - width - 6, (self.height() - Size.PILL) / 2, width, Size.PILL)
            paint_pill(painter, pill, self._badge, self._tone)  # type: ignore[arg-type]
        painter.end()


class Sidebar(QFrame):
    """``chosen`` carries the key of the page that the user wants."""

    chosen = Signal(str)

    def __init__(self, app_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self._buttons: dict[str, NavButton] = {}
        self._folded = False
        self._texts = ("", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 14, 10, 10)
        column.setSpacing(2)
        self._name = label(app_name, "appname")
        self._caption = label("", "caption")
        for part in (self._name, self._caption):
            part.setContentsMargins(Size.GAP, 0, 0, 0)
            column.addWidget(part)
        column.addSpacing(10)
        self._upper, self._lower = QVBoxLayout(), QVBoxLayout()
        for part_layout in (self._upper, self._lower):
            part_layout.setSpacing(2)
        column.addLayout(self._upper)
        column.addStretch(1)
        column.addLayout(self._lower)
        self.setFixedWidth(Size.SIDEBAR)

    def set_caption(self, text: str, tail: str = "") -> None:
        """Unit and year below the name of the app; a long unit is shortened, the year (`tail`) never."""
        self._texts = (text, tail)
        metrics = self._caption.fontMetrics()
        room = Size.SIDEBAR - 2 * (Size.GAP_MID + 2) - metrics.horizontalAdvance(tail)
        self._caption.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) + tail)
        self._caption.setToolTip(text + tail)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.set_caption(*self._texts)  # only now the style sheet has given the caption its size

    def add(self, key: str, title: str, icon: str, shortcut: str, *, bottom: bool = False) -> None:
        """Append a page."""
        entry = NavButton(title, icon, shortcut)
        entry.clicked.connect(lambda _checked=False: self._click(key))
        self._buttons[key] = entry
        (self._lower if bottom else self._upper).addWidget(entry)

    def set_current(self, key: str) -> None:
        """Mark the page in front."""
        for each, entry in self._buttons.items():
            entry.setChecked(each == key)

    def set_badge(self, key: str, text: str, tone: Tone = "warn") -> None:
        """Count what waits on a page."""
        self._buttons[key].set_badge(text, tone)

    def buttons(self) -> list[NavButton]:
        """The entries from top to bottom."""
        both = (self._upper, self._lower)
        found = (layout.itemAt(at).widget() for layout in both for at in range(layout.count()))
        return [entry for entry in found if isinstance(entry, NavButton)]

    def button(self, key: str) -> NavButton:
        """The entry of a page."""
        return self._buttons[key]

    def fold(self, folded: bool) -> None:
        """Icons only, or icons with names."""
        if folded == self._folded:
            return
        self._folded = folded
        for part in (self._name, self._caption):
            part.setVisible(not folded)
        for entry in self._buttons.values():
            entry.folded = folded
            entry.update()
        self.setFixedWidth(Size.SIDEBAR_FOLDED if folded else Size.SIDEBAR)

    def is_folded(self) -> bool:
        """True while only the icons are seen."""
        return self._folded

    def _click(self, key: str) -> None:
        self._buttons[key].setChecked(True)
        self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entries = self.buttons()
        focus = next((at for at, entry in enumerate(entries) if entry.hasFocus()), -1)
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if focus >= 0 and step:
            entries[(focus + step) % len(entries)].setFocus(Qt.FocusReason.TabFocusReason)
        elif focus >= 0 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            entries[focus].click()
        else:
            super().keyPressEvent(event)
