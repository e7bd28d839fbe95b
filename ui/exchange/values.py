"""The values of a field side by side: cards to choose from, with what differs marked."""

from html import escape

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from commissioner_app.conflicts import Choice
from commissioner_app.differences import Parts
from ui import theme
from ui.theme import Size
from ui.widgets.basic import label, restyle
from ui.widgets.pill import Pill


class MarkedText(QLabel):
    """A text that wraps, with the pieces marked that differ: a soft ground and a line under them."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self.setSizePolicy(policy)
        theme.notifier().changed.connect(self._draw)
        self._draw()

    def plain(self) -> str:
        """The text without marks."""
        return "".join(text for text, _ in self._parts)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _draw(self) -> None:
        t = theme.tokens()
        style = f"background-color:{t.warn_soft}; color:{t.warn_ink}; text-decoration:underline;"
        pieces = []
        for text, differs in self._parts:
            shown = escape(text).replace("\n", "<br>")
            pieces.append(f'<span style="{style}">{shown}</span>' if differs else shown)
        self.setText("".join(pieces))


class ValueCard(QFrame):
    """One value with who wrote it, where and when; ``chosen`` is sent by a click, Enter or Space, ``taken`` by a
    double click.
    """

    chosen = Signal()
    taken = Signal()

    def __init__(self, number: int, choice: Choice, parts: Parts, shown: bool) -> None:
        super().__init__()
        self.choice = choice
        self._number = number
        self.setProperty("card", True)
        self.setProperty("value", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if choice.may:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_MID, Size.GAP + Size.TIGHT, Size.GAP_MID, Size.GAP + Size.TIGHT)
        column.setSpacing(Size.GAP)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP)
        who = choice.authors[0] if choice.authors else None
        self.number = Pill(str(number), "plain")
        head.addWidget(self.number)
        station = label((who.station if who else "") or self.tr("未知单位"), "sub", wrap=True)
        station.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        station.setToolTip(station.text())
        head.addWidget(station, 1)
        if shown:
            head.addWidget(Pill(self.tr("现在显示"), "info"))
        column.addLayout(head)
        self.text = MarkedText(parts)
        column.addWidget(self.text, 1)
        for author in choice.authors[:3]:
            words = [author.actor, author.when]
            if author.station and author is not who:
                words.insert(0, author.station)
            column.addWidget(label("  ".join(w for w in words if w), "caption", wrap=True))
        if len(choice.authors) > 3:
            column.addWidget(label(self.tr("等 {0} 处").format(len(choice.authors)), "caption"))
        told = "，".join(w for w in (choice.text, choice.station, choice.actor, choice.when) if w)
        self.setAccessibleName(self.tr("第 {0} 个：{1}").format(number, told))
        if not choice.may:
            self.setToolTip(self.tr("按权限不由本单位选定"))
        elif number < 10:
            self.setToolTip(self.tr("选定这一个（{0}）；双击选定并看下一处").format(number))
        self.mark(False)

    def mark(self, on: bool) -> None:
        """Show whether this is the chosen one."""
        self.setProperty("chosen", on)
        self.number.set(
            self.tr("{0} 已选定").format(self._number) if on else str(self._number),
            "accent" if on else "plain",
        )
        self.setAccessibleDescription(self.tr("已选定") if on else "")
        restyle(self)

    def is_chosen(self) -> bool:
        """Whether it is marked as the chosen one."""
        return bool(self.property("chosen"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.choice.may:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.chosen.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.choice.may:
            self.taken.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not event.modifiers():
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class Beside(QWidget):
    """Cards beside each other, two in a row while there is room for two; equally high in a row."""

    NARROW = 220

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[QWidget] = []
        self._across = 0
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(Size.GAP + Size.TIGHT)

    def show_cards(self, cards: list[QWidget]) -> None:
        """Show these instead of what there was."""
        for old in self._cards:
            old.hide()
            old.deleteLater()
        self._cards, self._across = cards, 0
        for card in cards:
            card.setParent(self)
            card.show()
        self._arrange()

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._arrange()

    def _arrange(self) -> None:
        fits = max(self.width() // self.NARROW, 1)
        wanted = 3 if len(self._cards) % 3 == 0 and fits >= 3 else 2
        across = min(wanted, fits, max(len(self._cards), 1))
        if across == self._across:
            return
        self._across = across
        while item := self._rows.takeAt(0):
            row = item.layout()
            while row is not None and row.count():
                row.takeAt(0)
            if row is not None:
                row.deleteLater()
        for first in range(0, len(self._cards), across):
            row = QHBoxLayout()
            row.setSpacing(Size.GAP + Size.TIGHT)
            for card in self._cards[first : first + across]:
                row.addWidget(card, 1)
            for _ in range(across - len(self._cards[first : first + across])):
                row.addStretch(1)
            self._rows.addLayout(row)
