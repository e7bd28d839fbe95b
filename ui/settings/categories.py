"""CategoryTable: the categories of a batch, edited in place; their order, their aliases, how many places use them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from commissioner_app import batches
from commissioner_app.batches import CategoryLine
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.table import Column, DataTable

Index = QModelIndex | QPersistentModelIndex
NAME, FULL, ALIASES, PLACES = range(4)
_APART = re.compile(r"[、，,;；\s]+")


class CategoryModel(QAbstractTableModel):
    """The lines with a key each: the record of a known category, "new:…" for one that is yet to be made."""

    edited = Signal()

    def __init__(self, places: str) -> None:
        super().__init__()
        self.columns = [
            Column("name", _tr("名称"), 116),
            Column("full", _tr("全称"), 190),
            Column("aliases", _tr("别名（导入时认得，用顿号分开）"), 200, stretch=True),
            Column("places", places, 76, numeric=True),
        ]
        self._rows: list[tuple[str, CategoryLine]] = []
        self._new = count(1)

    def set_lines(self, lines: Sequence[CategoryLine]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = [(line.id or f"new:{next(self._new)}", line) for line in lines]
        self.endResetModel()

    def rows(self) -> list[tuple[str, CategoryLine]]:
        """(key, line) in order."""
        return list(self._rows)

    def lines(self) -> list[CategoryLine]:
        """The lines in order."""
        return [line for _key, line in self._rows]

    def add(self) -> int:
        """An empty line at the end; where it stands."""
        at = len(self._rows)
        self.beginInsertRows(QModelIndex(), at, at)
        self._rows.append((f"new:{next(self._new)}", CategoryLine(None, "")))
        self.endInsertRows()
        self.edited.emit()
        return at

    def take(self, at: int) -> None:
        """Take a line out."""
        self.beginRemoveRows(QModelIndex(), at, at)
        del self._rows[at]
        self.endRemoveRows()
        self.edited.emit()

    def move(self, at: int, by: int) -> bool:
        """Move a line up (-1) or down (1); False where it cannot."""
        to = at + by
        if not (0 <= at < len(self._rows) and 0 <= to < len(self._rows)):
            return False
        self.beginMoveRows(QModelIndex(), at, at, QModelIndex(), to + (1 if by > 0 else 0))
        self._rows.insert(to, self._rows.pop(at))
        self.endMoveRows()
        self.edited.emit()
        return True

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() != PLACES else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line, column = self._rows[index.row()][1], index.column()
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            return None
        text = (line.name, line.full_name, "、".join(line.aliases), f"{line.places:,}")[column]
        if role == Qt.ItemDataRole.EditRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return text if len(text) > 6 else None
        if column == FULL and not text and line.name:
            return _tr("{0}科技特派员").format(line.name)
        return text or "—"

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        key, line = self._rows[index.row()]
        text = " ".join(str(value).split())
        if index.column() == NAME:
            made = replace(line, name=text)
            if line.full_name == f"{line.name}科技特派员":
                made = replace(made, full_name="")  # it follows the name
        elif index.column() == FULL:
            made = replace(line, full_name=text)
        else:
            made = replace(line, aliases=tuple(dict.fromkeys(w for w in _APART.split(text) if w)))
        if made != line:
            self._rows[index.row()] = (key, made)
            self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), PLACES))
            self.edited.emit()
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return None


class CategoryTable(QWidget):
    """``edited`` is sent for what the user changes; what is wrong stands below in words.

    With ``strict`` a category that places use is not taken out (they are told how many).
    """

    edited = Signal()

    def __init__(self, places: str = "", *, strict: bool = True) -> None:
        super().__init__()
        self._strict = strict
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP)
        self.model = CategoryModel(places or self.tr("名额"))
        self.table = DataTable(self.model.columns)
        self.table.setModel(self.model)
        self.table.setSortingEnabled(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        trigger = QAbstractItemView.EditTrigger
        self.table.setEditTriggers(
            trigger.DoubleClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed | trigger.SelectedClicked
        )
        self.table.setAccessibleName(self.tr("类别"))
        self.table.setMinimumHeight(4 * Size.ROW)
        column.addWidget(self.table, 1)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        column.addWidget(self.error)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.add = button(self.tr("新增类别"), icon="add", on_click=self.add_line)
        self.up = button(self.tr("上移"), "tool", icon="up", on_click=lambda: self.shift(-1))
        self.down = button(self.tr("下移"), "tool", icon="down", on_click=lambda: self.shift(1))
        self.up.setToolTip(self.tr("上移（Alt+↑）"))
        self.down.setToolTip(self.tr("下移（Alt+↓）"))
        self.delete = button(self.tr("删除"), on_click=self.take_out)
        self.delete.setToolTip(self.tr("删除选中的类别（Delete）"))
        for each in (self.add, self.up, self.down):
            row.addWidget(each)
        row.addWidget(label(self.tr("双击或按 F2 修改"), "caption"))
        row.addStretch(1)
        row.addWidget(self.delete)
        column.addLayout(row)
        for keys, do in (("Del", self.take_out), ("Alt+Up", lambda: self.shift(-1)),
                         ("Alt+Down", lambda: self.shift(1))):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(do)
        self.model.edited.connect(self._edited)

    def set_lines(self, lines: Sequence[CategoryLine]) -> None:
        """Show these."""
        self.model.set_lines(lines)
        self._say("")

    def lines(self) -> list[CategoryLine]:
        """What stands in the table now."""
        return self.model.lines()

    def settle(self) -> None:
        """Take over what is being typed in a cell, as when the whole is saved by a key."""
        editor = self.table.viewport().findChild(QLineEdit)
        if editor is not None and editor.isVisible():
            index, text = self.table.currentIndex(), editor.text()
            self.table.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
            self.model.setData(index, text)

    def problem(self) -> str:
        """What is wrong, "" for nothing."""
        return batches.category_problem(self.lines())

    def first_invalid(self) -> bool:
        """Say what is wrong and put the keyboard here; False if all is well."""
        if problem := self.problem():
            self._say(problem)
            self.table.setFocus()
            return True
        return False

    def add_line(self) -> None:
        """A new category, its name being typed."""
        at = self.model.add()
        index = self.model.index(at, NAME)
        self.table.setCurrentIndex(index)
        self.table.edit(index)

    def take_out(self) -> None:
        """Take the chosen category out, unless places use it."""
        at = self.table.currentIndex().row()
        if not 0 <= at < self.model.rowCount():
            return
        line = self.lines()[at]
        if self._strict and line.places:
            self._say(
                self.tr("类别“{0}”还有 {1} 个名额，不能删除。请先把这些名额改到别的类别。").format(
                    line.name, f"{line.places:,}"
                )
            )
            return
        self.model.take(at)

    def shift(self, by: int) -> None:
        """Move the chosen category up or down."""
        self.model.move(self.table.currentIndex().row(), by)

    def _edited(self) -> None:
        self._say(self.problem())
        self.edited.emit()

    def _say(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Categories", text)
