"""The rows of the table to be read, as they stand in the file, for a view."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from commissioner_app import people
from commissioner_app.imports import cells
from commissioner_app.imports.shape import Kind, Proposal
from ui.importing.words import ID_NUMBER

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

KindRole = Qt.ItemDataRole.UserRole + 81
"""What the row is: a `Kind`."""
UsedRole = Qt.ItemDataRole.UserRole + 82
"""Whether the cell would be read: its column has a field and its row is a person."""

_HINT_FROM = 12  # characters; a shorter cell is read in the table itself


class SheetModel(QAbstractTableModel):
    """Row n of the view is row ``first + n`` of the sheet."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.proposal: Proposal | None = None

    def show(self, proposal: Proposal | None) -> bool:
        """Show a table; False if it was only understood differently (the same cells stay where they are)."""
        old, self.proposal = self.proposal, proposal
        if old is not None and proposal is not None:
            same = old.sheet is proposal.sheet and _where(old) == _where(proposal)
            if same and self.rowCount() and self.columnCount():
                corner = self.index(self.rowCount() - 1, self.columnCount() - 1)
                self.dataChanged.emit(self.index(0, 0), corner)
                self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, self.rowCount() - 1)
                return False
        self.beginResetModel()
        self.endResetModel()
        return True

    def sheet_row(self, row: int) -> int:
        """The row of the sheet, counted from 0, that a row of the view shows."""
        return row + (self.proposal.first if self.proposal else 0)

    def kind(self, row: int) -> Kind:
        """What a row of the view is."""
        return self.proposal.kinds[row] if self.proposal else Kind.EMPTY

    def rowCount(self, parent: Index = _ROOT) -> int:
        return (
            0 if parent.isValid() or self.proposal is None else self.proposal.last - self.proposal.first + 1
        )

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() or self.proposal is None else self.proposal.sheet.width

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self.proposal is None or not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(self._text(index).split("\n"))
        if role == Qt.ItemDataRole.ToolTipRole:
            shown = self._text(index)
            return shown if len(shown) >= _HINT_FROM else None
        if role == KindRole:
            return self.kind(index.row())
        if role == UsedRole:
            return self.kind(index.row()) == Kind.DATA and index.column() in self.proposal.columns
        return None

    def _text(self, index: Index) -> str:
        assert self.proposal is not None
        row = self.proposal.sheet.rows[self.sheet_row(index.row())]
        cell = row[index.column()] if index.column() < len(row) else ""
        if self.kind(index.row()) == Kind.DATA and self.proposal.columns.get(index.column()) == ID_NUMBER:
            return people.mask_id(cells.text(cell))
        # Text stays as it was typed, with its wide spaces and digits: it is their table.
        return cell.strip() if isinstance(cell, str) else cells.text(cell)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Vertical and role == Qt.ItemDataRole.DisplayRole:
            return str(self.sheet_row(section) + 1)
        return None


def _where(p: Proposal) -> tuple[int, int, tuple[int, int]]:
    return p.first, p.last, p.span
