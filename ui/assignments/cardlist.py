"""The cards of one column as a list: keys, and dragging to and from it."""

from PySide6.QtCore import QItemSelectionModel, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView

from ui import theme
from ui.assignments.cards import CardModel, places_of
from ui.assignments.paint import CardDelegate, card_box
from ui.theme import Size
from ui.widgets.pill import caption_font


class CardList(QListView):
    """The signals say what the user does: ``over`` how many cards are dragged above (0: none any more),
    ``dropped`` which, ``sideways`` -1 or 1 for ← and →, ``wished`` a key: move, cut, paste, cancel."""

    sideways = Signal(int)
    dropped = Signal(list)
    over = Signal(list)
    dragged = Signal(QPoint)
    dragWanted = Signal()
    opened = Signal()
    entered = Signal()
    focused = Signal()
    wished = Signal(str)
    menuWanted = Signal(QPoint)

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.hint = hint
        self.cards = CardModel(self)
        self.setModel(self.cards)
        self.setItemDelegate(CardDelegate(self))
        # The column's ground shows through; the focus is seen at the card.
        self.setStyleSheet("QListView, QListView:focus { background: transparent; border: none; }")
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(False)
        self.verticalScrollBar().setSingleStep(Size.ROW)
        self.doubleClicked.connect(lambda _index: self.opened.emit())

    def set_movable(self, movable: bool) -> None:
        """Whether cards may be dragged from and to this column."""
        self.setDragEnabled(movable)
        self.setAcceptDrops(movable)

    def card_at(self, at: QPoint) -> int:
        """The row of the card itself at a point of the viewport, -1 beside the cards."""
        index = self.indexAt(at)
        return index.row() if index.isValid() and card_box(self.visualRect(index)).contains(at) else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.cards.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setFont(caption_font(self.font()))
            painter.setPen(QColor(theme.tokens().sub))
            box = self.viewport().rect().adjusted(Size.GAP, Size.GAP_WIDE, -Size.GAP, 0)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(box, flags, self.hint)
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        wish = wish_of(event)
        if wish:
            self.wished.emit(wish)
        elif step:
            self.sideways.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            flag = QItemSelectionModel.SelectionFlag.Toggle
            self.selectionModel().select(self.currentIndex(), flag)
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) or not event.text().strip():
            super().keyPressEvent(event)
        else:
            # Letters are no search by title here: M moves.
            event.ignore() if not event.matches(QKeySequence.StandardKey.SelectAll) else self.selectAll()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if (
            self.card_at(self.viewport().mapFromGlobal(event.globalPos())) >= 0
            or self.currentIndex().isValid()
        ):
            self.menuWanted.emit(event.globalPos())

    # -- dragging --------------------------------------------------------------------------------------

    def startDrag(self, _actions: Qt.DropAction) -> None:
        # The board's whole selection is dragged, that of the other columns too.
        self.dragWanted.emit()

    def takes(self, data: QMimeData) -> list[str]:
        """The places of a drag, if any of them would be new here."""
        found = places_of(data)
        return found if any(self.cards.row_of(place) < 0 for place in found) else []

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if found := self.takes(event.mimeData()):
            event.acceptProposedAction()
            self.over.emit(found)
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        at = event.position().toPoint()
        self.dragged.emit(self.viewport().mapToGlobal(at))
        edge, bar = Size.ROW, self.verticalScrollBar()
        if at.y() < edge or at.y() > self.viewport().height() - edge:
            bar.setValue(bar.value() + (-Size.GAP_MID if at.y() < edge else Size.GAP_MID))
        if self.takes(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.over.emit([])

    def dropEvent(self, event: QDropEvent) -> None:
        self.over.emit([])
        if found := self.takes(event.mimeData()):
            event.acceptProposedAction()
            self.dropped.emit(found)


def wish_of(event: QKeyEvent) -> str:
    """What a key of the board means, "" for the others."""
    key = QKeySequence.StandardKey
    if event.matches(key.Cut):
        return "cut"
    if event.matches(key.Paste):
        return "paste"
    if event.key() == Qt.Key.Key_Escape:
        return "cancel"
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
    return "move" if event.key() == Qt.Key.Key_M and plain else ""
