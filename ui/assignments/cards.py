"""Cards of the board: what a card says, the model of one column, and how a card is painted."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from commissioner_app.rows import PlaceRow
from ui import theme
from ui.theme import Size, Tone
from ui.widgets.pill import caption_font, paint_pill, pill_width

Index = QModelIndex | QPersistentModelIndex
MIME = "application/x-commissioner-places"
PAD = 10
LINE = 20


@dataclass(frozen=True)
class CardText:
    """A place in a column; ``lines`` stand below the title, a place without a person is ``open``."""

    place: PlaceRow
    title: str
    lines: tuple[str, ...]
    tone: Tone
    open: bool = False

    @property
    def spoken(self) -> str:
        """The card for a screen reader."""
        return "，".join((self.title, self.place.category_name, *self.lines))


class CardModel(QAbstractListModel):
    """The cards of one column; dragging carries the places' ids."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cards: list[CardText] = []

    def show(self, cards: Sequence[CardText]) -> None:
        """Take other cards."""
        self.beginResetModel()
        self._cards = list(cards)
        self.endResetModel()

    def cards(self) -> list[CardText]:
        """What the column holds."""
        return self._cards

    def row_of(self, place: str) -> int:
        """Where a place stands, -1 if it does not."""
        return next((n for n, card in enumerate(self._cards) if card.place.id == place), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        card = self._cards[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return card.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return card.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join((f"{card.place.code}  {card.place.name}".strip(), *card.lines))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | (Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag(0))

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        rows = sorted(index.row() for index in indexes)
        data.setData(MIME, "\n".join(self._cards[row].place.id for row in rows).encode())
        data.setText("、".join(self._cards[row].title for row in rows))
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction


def places_of(data: QMimeData) -> list[str]:
    """The places that a drag carries."""
    return bytes(data.data(MIME).data()).decode().split("\n") if data.hasFormat(MIME) else []


class CardDelegate(QStyledItemDelegate):
    """Paints a card: title and category pill, then its lines."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        card = index.model().cards()[index.row()]  # type: ignore[attr-defined]
        return QSize(120, 2 * PAD + LINE + 2 + LINE * len(card.lines) + Size.GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card: CardText = index.model().cards()[index.row()]  # type: ignore[attr-defined]
        t = theme.tokens()
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        whole: QRect = option.rect  # type: ignore[attr-defined]
        box = QRectF(whole.adjusted(1, 1, -1, -Size.GAP + 1))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = t.accent if chosen or focused else t.handle if hovered else t.line
        width = 2.0 if focused else 1.0
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(QColor(t.accent_soft if chosen else t.surface))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), Size.CARD_RADIUS, Size.CARD_RADIUS)
        left, right, top = int(box.left()) + PAD, int(box.right()) - PAD, int(box.top()) + PAD
        pill = pill_width(painter.font(), card.place.category_name) if card.place.category_name else 0
        if pill:
            paint_pill(
                painter,
                QRectF(right - pill, top - 1, pill, Size.PILL + 2),
                card.place.category_name,
                card.tone,
            )
        title = QFont(painter.font())
        title.setPixelSize(Size.CARD_TITLE)
        title.setBold(True)
        painter.setFont(title)
        painter.setPen(QColor(t.sub if card.open else t.text))
        room = right - left - pill - Size.GAP
        _line(painter, QRect(left, top, room, LINE), card.title)
        painter.setFont(caption_font(painter.font()))
        small = QFont(painter.font())
        small.setBold(False)
        painter.setFont(small)
        # Captions on the soft ground of a chosen card would fall short of the contrast wanted.
        painter.setPen(QColor(t.text if chosen else t.sub))
        for n, text in enumerate(card.lines):
            _line(painter, QRect(left, top + LINE + 2 + n * LINE, right - left, LINE), text)
        painter.restore()


def _line(painter: QPainter, box: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
