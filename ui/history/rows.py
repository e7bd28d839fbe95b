"""RowsModel: finished texts in rows and columns for a DataTable, sorted by what is shown."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.widgets.table import Column

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class RowsModel(QAbstractTableModel):
    """``keys`` go with the rows wherever they are sorted to."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = list(columns)
        self._rows: list[tuple[tuple[str, ...], object]] = []
        self._unsorted: list[tuple[tuple[str, ...], object]] = []

    def set_rows(self, rows: Sequence[tuple[str, ...]], keys: Sequence[object] = ()) -> None:
        """Show these rows; without keys a row's key is its number."""
        self.beginResetModel()
        found = list(keys) or list(range(len(rows)))
        self._rows = list(zip(rows, found, strict=True))
        self._unsorted = list(self._rows)
        self.endResetModel()

    def key(self, row: int) -> object:
        """What a row stands for."""
        return self._rows[row][1]

    def row_of(self, key: object) -> int:
        """Where a key is shown, -1 if it is not."""
        return next((n for n, (_texts, each) in enumerate(self._rows) if each == key), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][0][index.column()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        if column < 0:
            self._rows = list(self._unsorted)
        else:
            numeric = self._columns[column].numeric

            def rank(row: tuple[tuple[str, ...], object]) -> tuple[float, str]:
                text = row[0][column]
                digits = text.replace(",", "")
                return (float(digits) if numeric and digits.isdigit() else 0.0, text)

            self._rows.sort(key=rank, reverse=order == Qt.SortOrder.DescendingOrder)
        self.layoutChanged.emit()
