"""The table of the inbox: which record, which field, how many values."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from commissioner_app.conflicts import InboxItem
from ui.widgets.table import Column, ToneRole

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ItemsModel(QAbstractTableModel):
    """Items in the order chosen; at first as they came, the latest first."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = list(columns)
        self._items: list[InboxItem] = []
        self._sort, self._descending = -1, False

    def set_items(self, items: Sequence[InboxItem]) -> None:
        """Show these."""
        self.beginResetModel()
        self._items = list(items)
        self._arrange()
        self.endResetModel()

    def item(self, row: int) -> InboxItem:
        """What stands in a row."""
        return self._items[row]

    def row_of(self, key: tuple[str, str]) -> int:
        """Where an item stands, -1 if it does not."""
        return next((n for n, item in enumerate(self._items) if item.key == key), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self._items[index.row()]
        key = self._columns[index.column()].key
        if role == ToneRole:
            return ("warn" if item.stale else "bad") if key == "field" else None
        if role == Qt.ItemDataRole.DisplayRole:
            return _shown(item, key)
        if role == Qt.ItemDataRole.ToolTipRole and key != "values":
            return (
                " / ".join(c.text for c in item.choices)
                if key == "field" and not item.stale
                else _shown(item, key)
            )
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort, self._descending = column, order == Qt.SortOrder.DescendingOrder
        kept = [self._items[i.row()].key for i in self.persistentIndexList()]
        olds = self.persistentIndexList()
        self.layoutAboutToBeChanged.emit()
        self._arrange()
        for old, key in zip(olds, kept, strict=True):
            self.changePersistentIndex(old, self.index(self.row_of(key), old.column()))
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        if self._sort < 0:
            self._items.sort(key=lambda item: -item.wall)
            return
        key = self._columns[self._sort].key
        if key == "values":
            self._items.sort(key=lambda item: len(item.choices), reverse=self._descending)
        else:
            self._items.sort(key=lambda item: _shown(item, key), reverse=self._descending)


def _shown(item: InboxItem, key: str) -> str:
    match key:
        case "kind":
            return item.kind
        case "title":
            return item.title or "—"
        case "field":
            return item.label
    return f"{len(item.choices)}" if item.choices else "—"
