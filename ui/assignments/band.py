"""The rubber band: dragged from anywhere beside the cards it selects those it touches, in all columns."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui import theme
from ui.assignments.cardlist import CardList
from ui.assignments.columns import BoardColumn
from ui.theme import Size


class Band(QWidget):
    """Lies over the columns. ``swept`` carries the places touched by column; ``begun`` whether they come on top
    of what is selected (Ctrl, Shift)."""

    begun = Signal(bool)
    swept = Signal(object)
    ended = Signal()

    def __init__(self, ground: QWidget, columns: Callable[[], Sequence[BoardColumn]]) -> None:
        super().__init__(ground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._ground, self._columns = ground, columns
        self._from: QPoint | None = None
        self._box = QRect()
        self._on = False
        self.hide()
        ground.installEventFilter(self)

    def watch(self, column: BoardColumn) -> None:
        """Begin also in this column: beside its cards."""
        column.installEventFilter(self)
        column.list.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseMove,
            QEvent.Type.MouseButtonRelease,
        ) or not isinstance(watched, QWidget):
            return False
        assert isinstance(event, QMouseEvent)
        at = watched.mapTo(self._ground, event.position().toPoint())
        if kind == QEvent.Type.MouseButtonPress:
            view = watched.parentWidget()
            on_card = isinstance(view, CardList) and view.card_at(event.position().toPoint()) >= 0
            if event.button() != Qt.MouseButton.LeftButton or on_card:
                return False
            self._from, self._box, self._on = at, QRect(), False
            if isinstance(view, CardList):
                view.setFocus(Qt.FocusReason.MouseFocusReason)
            keep = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            self.begun.emit(bool(event.modifiers() & keep))
            return True
        if self._from is None:
            return False
        if kind == QEvent.Type.MouseMove:
            self._sweep(at)
        else:
            self._from = None
            self.hide()
            self.ended.emit()
        return True

    def _sweep(self, at: QPoint) -> None:
        assert self._from is not None
        if not self._on and (at - self._from).manhattanLength() < QApplication.startDragDistance():
            return
        if not self._on:
            self._on = True
            self.setGeometry(self._ground.rect())
            self.show()
            self.raise_()
        self._box = QRect(self._from, at).normalized()
        self.update()
        self.swept.emit({column.county: self._touched(column) for column in self._columns()})

    def _touched(self, column: BoardColumn) -> set[str]:
        view = column.list
        seen = QRect(view.viewport().mapTo(self._ground, QPoint(0, 0)), view.viewport().size())
        part = self._box & seen
        if part.isEmpty():
            return set()
        part.translate(-seen.topLeft())
        cards = view.cards.cards()
        first = view.indexAt(QPoint(part.left(), max(part.top(), 0)))
        found: set[str] = set()
        for row in range(first.row() if first.isValid() else len(cards), len(cards)):
            box = view.visualRect(view.cards.index(row))
            if box.top() > part.bottom():
                break
            if box.intersects(part):
                found.add(cards[row].place.id)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge, ground = QColor(theme.tokens().accent), QColor(theme.tokens().accent)
        ground.setAlphaF(0.12)
        painter.setPen(edge)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self._box).adjusted(0.5, 0.5, -0.5, -0.5), Size.TIGHT, Size.TIGHT)
        painter.end()
