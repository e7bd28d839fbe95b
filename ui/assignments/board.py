"""The board: a column of cards for 待安排 and for each county; cards go over by dragging or by Ctrl+M."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QItemSelectionModel, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.assignments.cards import CardDelegate, CardModel, CardText, places_of
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.pill import Pill, caption_font

COLUMN = 212
PAD_SIDE = 10


@dataclass(frozen=True)
class ColumnText:
    """A column: the county's code ("" for 待安排), its name, its cards, and how many it has unfiltered."""

    county: str
    name: str
    cards: tuple[CardText, ...]
    count: int


class CardList(QListView):
    """``sideways`` carries -1 or 1 for ← and →, ``dropped`` the places; ``over`` says a drag is above."""

    sideways = Signal(int)
    dropped = Signal(list)
    over = Signal(bool)
    dragged = Signal(QPoint)
    opened = Signal()
    entered = Signal()

    def __init__(self, hint: str) -> None:
        super().__init__()
        self._hint = hint
        self.cards = CardModel(self)
        self.setModel(self.cards)
        self.setItemDelegate(CardDelegate(self))
        self.setProperty("board", True)
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

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.cards.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setFont(caption_font(self.font()))
            painter.setPen(QColor(theme.tokens().sub))
            box = self.viewport().rect().adjusted(Size.GAP, Size.GAP_WIDE, -Size.GAP, 0)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(box, flags, self._hint)
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.sideways.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.entered.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is not self and places_of(event.mimeData()):
            event.acceptProposedAction()
            self.over.emit(True)
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.dragged.emit(self.viewport().mapToGlobal(event.position().toPoint()))
        if event.source() is not self and places_of(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.over.emit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.over.emit(False)
        if found := places_of(event.mimeData()):
            event.acceptProposedAction()
            self.dropped.emit(found)


class BoardColumn(QFrame):
    """One column with its heading, count and cards."""

    addWanted = Signal()

    def __init__(self, county: str, name: str) -> None:
        super().__init__()
        self.county, self.name = county, name
        self._lit = False
        self.setMinimumWidth(COLUMN)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD_SIDE, Size.GAP, PAD_SIDE - 4, Size.TIGHT)
        column.setSpacing(Size.GAP)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP)
        head.setContentsMargins(0, 0, 4, 0)
        self.count = Pill("0", "info")
        self.add = button(
            self.tr("把选中的名额安排到{0}").format(name) if county else self.tr("把选中的名额放回待安排"),
            "tool",
            icon="add",
            on_click=self.addWanted.emit,
        )
        self.add.setFlat(True)
        self.add.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has Ctrl+M
        self.add.setStyleSheet("QPushButton:!hover { background: transparent; border-color: transparent; }")
        head.addWidget(label(name, "cardtitle"))
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.add)
        column.addLayout(head)
        self.list = CardList(
            self.tr("把名额拖到这里，或选中后按 Ctrl+M") if county else self.tr("所有名额都已安排")
        )
        self.list.over.connect(self._light)
        column.addWidget(self.list, 1)

    def show_cards(self, text: ColumnText) -> None:
        """Show these cards; what was selected stays so where it is still here."""
        kept = {card.place.id for card in self.selected()}
        at = self.current()
        y = self.list.verticalScrollBar().value()
        self.list.cards.show(text.cards)
        self.count.set(f"{text.count:,}", "info")
        self.list.setAccessibleName(self.tr("{0}，{1} 个名额").format(self.name, text.count))
        self.select(kept, at.place.id if at else None)
        self.list.verticalScrollBar().setValue(y)

    def selected(self) -> list[CardText]:
        """The selected cards, in order."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        cards = self.list.cards.cards()
        return [cards[row] for row in rows if row < len(cards)]

    def current(self) -> CardText | None:
        """The card that the keyboard is on."""
        row = self.list.currentIndex().row()
        cards = self.list.cards.cards()
        return cards[row] if 0 <= row < len(cards) else None

    def select(self, places: set[str], current: str | None = None) -> None:
        """Select these places as far as they are here."""
        selection = self.list.selectionModel()
        rows = [row for row in (self.list.cards.row_of(p) for p in places) if row >= 0]
        here = self.list.cards.row_of(current) if current else -1
        flag = QItemSelectionModel.SelectionFlag
        if here >= 0:
            selection.setCurrentIndex(self.list.cards.index(here), flag.NoUpdate)
        selection.clearSelection()
        for row in rows:
            selection.select(self.list.cards.index(row), flag.Select)

    def _light(self, on: bool) -> None:
        self._lit = on
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = theme.tokens()
        painter.setPen(QColor(t.accent) if self._lit else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.accent_soft if self._lit else t.side))
        edge = 0.5 if self._lit else 0.0
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), Size.CARD_RADIUS, Size.CARD_RADIUS
        )
        painter.end()


class Board(QScrollArea):
    """``moved`` carries (places, county); ``chosen`` the current card or None; ``opened`` that its detail is wanted."""

    moved = Signal(list, str)
    chosen = Signal(object)
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: dict[str, BoardColumn] = {}
        self._quiet = False
        self._here = ""
        # Qt goes on selecting after its signals: what it chose is told when it is done, and once.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(lambda: self.chosen.emit(self.current()))
        inner = QWidget()
        inner.setProperty("scrolled", True)
        self._row = QHBoxLayout(inner)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Size.GAP + 4)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)

    def show_columns(self, columns: Sequence[ColumnText]) -> None:
        """Show these columns; selection and focus stay where they were."""
        self._quiet = True
        if [c.county for c in columns] != list(self._columns):
            self._rebuild(columns)
        for text in columns:
            self._columns[text.county].show_cards(text)
        self._quiet = False
        self._tell()

    def _rebuild(self, columns: Sequence[ColumnText]) -> None:
        kept, at, here = set(self.selected_ids()), self.current(), self._here
        focused = any(column.list.hasFocus() for column in self._columns.values())
        for old in self._columns.values():
            old.list.blockSignals(True)  # the focus that wanders off means nothing
            self._row.removeWidget(old)
            old.setParent(None)
            old.deleteLater()
        self._columns = {}
        for text in columns:
            made = BoardColumn(text.county, text.name)
            self._columns[text.county] = made
            self._row.addWidget(made, 1)
            self._listen(made)
            made.show_cards(text)
            made.select(kept, at.place.id if at else None)
        self._here = here if here in self._columns else ""
        if focused:
            self.focus()

    def _listen(self, column: BoardColumn) -> None:
        county, view = column.county, column.list
        view.sideways.connect(lambda step: self._sideways(county, step))
        view.dropped.connect(lambda found: self.moved.emit(found, county))
        view.dragged.connect(self._nudge)
        view.opened.connect(self.opened.emit)
        view.entered.connect(lambda: self._enter(county))
        view.selectionModel().selectionChanged.connect(lambda *_: self._selected(county))
        view.selectionModel().currentChanged.connect(lambda *_: self._tell())
        column.addWanted.connect(lambda: self.moved.emit(self.selected_ids(but=county), county))

    # -- what is selected ------------------------------------------------------------------------------

    def column(self, county: str) -> BoardColumn:
        """The column of a county, "" for 待安排."""
        return self._columns[county]

    def counties(self) -> list[str]:
        """The columns' counties in order."""
        return list(self._columns)

    def selected_ids(self, but: str | None = None) -> list[str]:
        """The places selected in all columns, or in all but one."""
        found = [
            card.place.id for key, column in self._columns.items() if key != but for card in column.selected()
        ]
        return list(dict.fromkeys(found))

    def current(self) -> CardText | None:
        """The card that is shown in detail: where the keyboard is, as long as it is selected."""
        column = self._columns.get(self._here)
        card = column.current() if column else None
        if column is not None and card is not None and card in column.selected():
            return card
        chosen = column.selected() if column else []
        return chosen[0] if chosen else None

    def here(self) -> BoardColumn | None:
        """The column that the keyboard is in."""
        return self._columns.get(self._here)

    def choose(self, places: Sequence[str], county: str | None = None) -> None:
        """Select places and put the keyboard on the first (in the column of ``county``, else where it is)."""
        homes = [
            key
            for key, column in self._columns.items()
            if places and column.list.cards.row_of(places[0]) >= 0 and (county is None or key == county)
        ]
        if not homes:
            return
        self._quiet = True
        for key, column in self._columns.items():
            column.select(set(places) if key == homes[0] else set(), places[0] if key == homes[0] else None)
        self._here = homes[0]
        self._quiet = False
        home = self._columns[homes[0]]
        home.list.setFocus()
        home.list.scrollTo(home.list.currentIndex())
        self.ensureWidgetVisible(home, 0, 0)
        self._tell()

    def focus(self) -> None:
        """Put the keyboard into the column it was in, else the first that has cards."""
        column = self.here() or next(
            (c for c in self._columns.values() if c.list.cards.cards()),
            next(iter(self._columns.values()), None),
        )
        if column is not None:
            column.list.setFocus()

    def _selected(self, county: str) -> None:
        if self._quiet:
            return
        several = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
        self._quiet = True
        if self._columns[county].selected():
            self._here = county
            if not several:
                for key, column in self._columns.items():
                    if key != county:
                        column.list.selectionModel().clearSelection()
        self._quiet = False
        self._tell()

    def _enter(self, county: str) -> None:
        """The keyboard has come into a column: without a selection it takes the card it is on."""
        self._here = county
        column = self._columns[county]
        if not self.selected_ids() and column.list.cards.cards():
            row = max(column.list.currentIndex().row(), 0)
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            column.list.selectionModel().setCurrentIndex(column.list.cards.index(row), flag)

    def _sideways(self, county: str, step: int) -> None:
        keys = list(self._columns)
        at = keys.index(county) + step
        if not 0 <= at < len(keys):
            return
        target = self._columns[keys[at]]
        row = min(max(self._columns[county].list.currentIndex().row(), 0), target.list.cards.rowCount() - 1)
        self.ensureWidgetVisible(target, 0, 0)
        target.list.setFocus()
        if row >= 0:
            target.list.setCurrentIndex(target.list.cards.index(row))

    def _nudge(self, at: QPoint) -> None:
        """While something is dragged near an edge the board moves on."""
        x, bar = self.mapFromGlobal(at).x(), self.horizontalScrollBar()
        if x < Size.GAP_WIDE:
            bar.setValue(bar.value() - Size.GAP_MID)
        elif x > self.width() - Size.GAP_WIDE:
            bar.setValue(bar.value() + Size.GAP_MID)

    def _tell(self) -> None:
        if not self._quiet:
            self._later.start()
