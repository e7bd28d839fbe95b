"""Cards of the board: what a card says, and the model of one column."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from commissioner_app.rows import PlaceRow
from ui.theme import Tone

Index = QModelIndex | QPersistentModelIndex
MIME = "application/x-commissioner-places"


@dataclass(frozen=True)
class CardText:
    """A place in a column; ``lines`` stand below the title, a place without a person is ``open``.

    ``marks`` are sentences that the card shows a sign for, ``notes`` those that only its tooltip says.
    """

    place: PlaceRow
    title: str
    lines: tuple[str, ...]
    tone: Tone
    open: bool = False
    marks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """The card for a screen reader."""
        return "，".join((self.title, self.place.category_name, *self.lines, *self.marks))

    @property
    def tip(self) -> str:
        """The whole card, for where its lines are cut off, and what is to be noted."""
        head = f"{self.place.code}  {self.place.name}".strip()
        said = [f"· {text}" for text in (*self.marks, *self.notes)]
        return "\n".join((head, self.place.category_name, *self.lines, *said))


class CardModel(QAbstractListModel):
    """The cards of one column; dragging carries the places' ids."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cards: list[CardText] = []
        self._rows: dict[str, int] = {}
        self._faded: frozenset[str] = frozenset()

    def show(self, cards: Sequence[CardText]) -> bool:
        """Take other cards; False if they are the same as before."""
        if list(cards) == self._cards:
            return False
        self.beginResetModel()
        self._cards = list(cards)
        self._rows = {card.place.id: row for row, card in enumerate(self._cards)}
        self.endResetModel()
        return True

    def cards(self) -> list[CardText]:
        """What the column holds."""
        return self._cards

    def row_of(self, place: str) -> int:
        """Where a place stands, -1 if it does not."""
        return self._rows.get(place, -1)

    def fade(self, places: Collection[str]) -> None:
        """Paint these paler: they are being moved."""
        faded = frozenset(places) & self._rows.keys()
        if faded != self._faded:
            self._faded = faded
            if self._cards:
                self.dataChanged.emit(self.index(0), self.index(len(self._cards) - 1))

    def faded(self, row: int) -> bool:
        """Whether a card is being moved."""
        return self._cards[row].place.id in self._faded

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
            return card.tip
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | (Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag(0))

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return mime_of([self._cards[row] for row in sorted(index.row() for index in indexes)])

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction


def mime_of(cards: Sequence[CardText]) -> QMimeData:
    """What a drag of these cards carries; as text their titles, for a document."""
    data = QMimeData()
    data.setData(MIME, "\n".join(dict.fromkeys(card.place.id for card in cards)).encode())
    data.setText("、".join(dict.fromkeys(card.title for card in cards)))
    return data


def places_of(data: QMimeData) -> list[str]:
    """The places that a drag carries."""
    return bytes(data.data(MIME).data()).decode().split("\n") if data.hasFormat(MIME) else []
