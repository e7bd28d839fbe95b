"""The shelf at the board's right: counties without a place lie on it, narrow, and take cards all the same."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from ui import theme
from ui.assignments.cardlist import wish_of
from ui.assignments.cards import places_of
from ui.assignments.columns import Words
from ui.theme import Size
from ui.widgets.basic import label
from ui.widgets.pill import caption_font

Index = QModelIndex | QPersistentModelIndex
CODE = Qt.ItemDataRole.UserRole
WIDTH = 124
SLOT = 48


class ShelfList(QListView):
    """``dropped`` carries places and a county, ``opened`` a county that is to become a column, ``pasted`` one."""

    dropped = Signal(list, str)
    opened = Signal(str)
    pasted = Signal(str)
    wished = Signal(str)
    sideways = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.slots = QStandardItemModel(self)
        self.setModel(self.slots)
        self.setItemDelegate(_Slots(self))
        self.setStyleSheet("QListView, QListView:focus { background: transparent; border: none; }")
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAcceptDrops(True)
        self.setAccessibleName(self.tr("还没有名额的县（市、区）"))
        self.words: Words = lambda _places, _county: ""
        self.lit, self.saying = -1, ""
        self.clicked.connect(lambda index: self.opened.emit(str(index.data(CODE))))

    def show_counties(self, counties: Sequence[tuple[str, str]]) -> None:
        """Lay these out: (code, name)."""
        if counties == self.counties():
            return
        at = max(self.currentIndex().row(), 0)
        self.slots.clear()
        for code, name in counties:
            item = QStandardItem(name)
            item.setData(code, CODE)
            item.setToolTip(self.tr("{0}还没有名额：把卡片拖到这里，点击展开成一列").format(name))
            self.slots.appendRow(item)
        self.setCurrentIndex(self.slots.index(min(at, len(counties) - 1), 0))

    def counties(self) -> list[tuple[str, str]]:
        """What lies here."""
        items = (self.slots.item(row) for row in range(self.slots.rowCount()))
        return [(str(item.data(CODE)), item.text()) for item in items]

    def county(self) -> str:
        """The county that the keyboard is on."""
        return str(self.currentIndex().data(CODE) or "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wish = wish_of(event)
        if wish == "paste":
            self.pasted.emit(self.county())
        elif wish:
            self.wished.emit(wish)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.sideways.emit(-1 if event.key() == Qt.Key.Key_Left else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.county():
            self.opened.emit(self.county())
        else:
            super().keyPressEvent(event)

    # -- dragging --------------------------------------------------------------------------------------

    def _over(self, at: QPoint | None, data: QMimeData | None = None) -> bool:
        index = self.indexAt(at) if at is not None else None
        row = index.row() if index is not None and index.isValid() else -1
        found = places_of(data) if data is not None else []
        self.lit = row if found else -1
        county = str(index.data(CODE)) if index is not None and row >= 0 else ""
        self.saying = self.words(found, county).split("，")[0] if self.lit >= 0 else ""
        self.viewport().update()
        return self.lit >= 0

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.setAccepted(bool(places_of(event.mimeData())))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setAccepted(self._over(event.position().toPoint(), event.mimeData()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._over(None)

    def dropEvent(self, event: QDropEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._over(None)
        found = places_of(event.mimeData())
        if found and index.isValid():
            event.acceptProposedAction()
            self.dropped.emit(found, str(index.data(CODE)))


class _Slots(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTH - 2 * Size.GAP, SLOT + Size.TIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self.parent()
        assert isinstance(view, ShelfList)
        t = theme.tokens()
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        whole: QRect = option.rect  # type: ignore[attr-defined]
        lit = view.lit == index.row()
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(whole).adjusted(1, 1, -1, -Size.TIGHT)
        edge = t.accent if lit or focused else t.handle if hovered else t.scroll
        line = Qt.PenStyle.SolidLine if lit or focused else Qt.PenStyle.DashLine
        painter.setPen(QPen(QColor(edge), 2 if lit or focused else 1, line))
        painter.setBrush(QColor(t.accent_soft) if lit else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, Size.RADIUS, Size.RADIUS)
        inner = box.adjusted(Size.GAP, 0, -Size.TIGHT, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(t.accent_ink if lit else t.text))
        name = str(index.data())
        if lit:
            upper, lower = QRectF(inner), QRectF(inner)
            upper.setHeight(inner.height() / 2 + 3)
            lower.setTop(inner.top() + inner.height() / 2)
            short = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(inner.width()))
            painter.drawText(upper, middle, short)
            painter.setFont(caption_font(painter.font()))
            painter.drawText(lower, middle, view.saying)
        else:
            painter.drawText(inner, middle | Qt.TextFlag.TextWrapAnywhere, name)
        painter.restore()


class Shelf(QFrame):
    """The list under its caption."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP, Size.GAP, Size.GAP, Size.TIGHT)
        column.setSpacing(Size.TIGHT)
        head = label(self.tr("尚无名额"), "sub")
        head.setFixedHeight(Size.CONTROL)
        self.under = label(self.tr("拖到县名上即可"), "caption")
        self.under.setFixedHeight(Size.PILL)
        self.list = ShelfList()
        column.addWidget(head)
        column.addWidget(self.under)
        column.addWidget(self.list, 1)

    def set_movable(self, movable: bool) -> None:
        """Whether cards may be dropped here."""
        self.list.setAcceptDrops(movable)
        self.under.setText(self.tr("拖到县名上即可") if movable else self.tr("点击展开"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.tokens().side))
        painter.drawRoundedRect(QRectF(self.rect()), Size.CARD_RADIUS, Size.CARD_RADIUS)
        painter.end()
