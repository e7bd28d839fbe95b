"""Cards on their way: dragged by the mouse, or cut to be put down elsewhere."""

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

from ui.assignments.cards import CardText, mime_of
from ui.assignments.columns import BoardColumn
from ui.assignments.paint import HOTSPOT, drag_picture


class Carrier(QObject):
    """What is on its way stands paler where it comes from; ``changed`` comes when other cards are cut."""

    changed = Signal()

    def __init__(self, columns: Callable[[], Collection[BoardColumn]], parent: QObject) -> None:
        super().__init__(parent)
        self._columns = columns
        self._cut: list[str] = []

    def cut(self, places: Sequence[str]) -> None:
        """Take these along until they are put down (Ctrl+V) or left (Esc)."""
        self._cut = list(places)
        self.refresh()
        self.changed.emit()

    def cut_ids(self) -> list[str]:
        """The places that are being taken along."""
        return self._cut

    def take(self) -> list[str]:
        """What was cut, which is then no longer."""
        found, self._cut = self._cut, []
        self.refresh()
        return found

    def refresh(self) -> None:
        """Paint paler what is cut, and nothing else."""
        self._fade(self._cut)

    def drag(self, source: QWidget, cards: Sequence[CardText]) -> None:
        """Drag these cards; returns when they are let go."""
        drag = QDrag(source)
        drag.setMimeData(mime_of(cards))
        words = self.tr("{0} 个名额").format(f"{len(cards):,}")
        drag.setPixmap(drag_picture(source, cards, words))
        drag.setHotSpot(HOTSPOT)
        self._fade([card.place.id for card in cards])
        drag.exec(Qt.DropAction.MoveAction)
        self.refresh()

    def _fade(self, places: Collection[str]) -> None:
        for column in self._columns():
            column.list.cards.fade(places)
