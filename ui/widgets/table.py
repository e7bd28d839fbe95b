"""DataTable: the table of every list page; rows without grid, sorting, choosing columns, copying, an empty
state.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionHeader,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui import theme
from ui.theme import Size

Index = QModelIndex | QPersistentModelIndex
#: A model answers this role with a tone ("warn", "bad", "info", "accent") to colour a state.
ToneRole = Qt.ItemDataRole.UserRole + 71

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key under which its layout is remembered, its title (as in the model), its look."""

    key: str
    title: str
    width: int = 120
    numeric: bool = False
    toned: bool = False
    hidden: bool = False
    stretch: bool = False


class Layout(TypedDict, total=False):
    """What a user has arranged, as it is kept in the settings (plain JSON)."""

    widths: dict[str, int]
    order: list[str]
    hidden: list[str]
    sort: str
    descending: bool


class _Header(QHeaderView):
    def __init__(self, columns: Sequence[Column], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = columns
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFixedHeight(Size.ROW)
        self.setMinimumSectionSize(Size.TABLE_COLUMN)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, index: int) -> None:
        super().initStyleOptionForIndex(option, index)
        option.textAlignment = _RIGHT if self._columns[index].numeric else _LEFT  # type: ignore[attr-defined]


class _Cells(QStyledItemDelegate):
    def __init__(self, columns: Sequence[Column], parent: QWidget) -> None:
        super().__init__(parent)
        self._columns = columns

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        column = self._columns[index.column()]
        option.displayAlignment = _RIGHT if column.numeric else _LEFT  # type: ignore[attr-defined]
        if column.toned:
            tone = index.data(ToneRole)
            if tone:
                ink = QColor(theme.tokens().ink(tone))
                palette: QPalette = option.palette  # type: ignore[attr-defined]
                palette.setColor(QPalette.ColorRole.Text, ink)
                palette.setColor(QPalette.ColorRole.HighlightedText, ink)
                option.palette = palette  # type: ignore[attr-defined]


class DataTable(QTableView):
    """Whole rows are selected; ``selected`` carries how many; Enter and double click send ``activated`` of
    the view.

    ``keep`` is called with the layout whenever the user has changed it; ``load_layout`` brings it back.
    """

    selected = Signal(int)

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        keep: Callable[[Layout], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = list(columns)
        self._keep = keep
        self._empty: QWidget | None = None
        self._settled = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._keep_now)
        header = _Header(self._columns, self)
        self.setHorizontalHeader(header)
        self.setItemDelegate(_Cells(self._columns, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(Size.ROW)
        rows.setDefaultSectionSize(Size.ROW)
        header.customContextMenuRequested.connect(lambda at: self.column_menu(header.mapToGlobal(at)))
        header.sectionResized.connect(lambda *_: self._remember())
        header.sectionMoved.connect(lambda *_: self._remember())
        header.sortIndicatorChanged.connect(lambda *_: self._remember())

    # --- model and selection

    def setModel(self, model: QAbstractItemModel | None) -> None:
        self._settled = False
        super().setModel(model)
        if model is None:
            return
        header = self.horizontalHeader()
        for at, column in enumerate(self._columns):
            self.setColumnWidth(at, column.width)
            self.setColumnHidden(at, column.hidden)
            if column.stretch:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved, model.layoutChanged):
            signal.connect(self._show_empty)
        model.modelReset.connect(lambda: self.selected.emit(0))
        self._settled = True
        self._show_empty()

    def setSelectionModel(self, selection: QItemSelectionModel) -> None:
        super().setSelectionModel(selection)
        # A header asks of every row whether its whole column is selected: 20 s at a million rows. Ours
        # shows none
        # of it, so it is given a selection of its own that stays empty.
        model = selection.model() if selection is not None else None
        if model is not None:
            header = self.horizontalHeader()
            header.setSelectionModel(QItemSelectionModel(model, header))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.selected.emit(sum(last - first + 1 for first, last in self.selected_ranges()))

    def selected_ranges(self) -> list[tuple[int, int]]:
        """Selected rows as (first, last) in ascending order: everything selected is one pair, not a
        million.
        """
        model = self.selectionModel()
        if model is None:
            return []
        chosen = model.selection()
        parts = (chosen.at(number) for number in range(chosen.count()))
        spans = sorted({(part.top(), part.bottom()) for part in parts if part.isValid()})
        merged: list[tuple[int, int]] = []
        for first, last in spans:
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(merged[-1][1], last))
            else:
                merged.append((first, last))
        return merged

    def selected_rows(self) -> list[int]:
        """Selected rows one by one."""
        return [row for first, last in self.selected_ranges() for row in range(first, last + 1)]

    def copy_text(self) -> str:
        """The selected rows with the visible columns as shown, tab separated, as spreadsheets paste them."""
        model = self.model()
        header = self.horizontalHeader()
        visible = [header.logicalIndex(at) for at in range(header.count())]
        visible = [column for column in visible if not self.isColumnHidden(column)]
        lines = []
        for row in self.selected_rows():
            cells = (model.index(row, column).data() for column in visible)
            lines.append("\t".join("" if cell is None else " ".join(str(cell).split()) for cell in cells))
        return "\n".join(lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            if text := self.copy_text():
                QGuiApplication.clipboard().setText(text)
        else:
            super().keyPressEvent(event)

    # --- layout

    def column_menu(self, at: QPoint | None = None) -> QMenu:
        """Open the menu that shows and hides columns (at the header's left without ``at``) and return it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, column in enumerate(self._columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(number))
            action.toggled.connect(lambda on, number=number: self.show_column(number, on))
        menu.addSeparator()
        menu.addAction(self.tr("恢复默认列")).triggered.connect(self.reset_layout)
        menu.popup(at or self.horizontalHeader().mapToGlobal(QPoint(0, Size.ROW)))
        return menu

    def show_column(self, number: int, on: bool) -> None:
        """Show or hide a column; the last visible one stays."""
        shown = [at for at in range(len(self._columns)) if not self.isColumnHidden(at)]
        if on or shown != [number]:
            self.setColumnHidden(number, not on)
            self._remember()

    def reset_layout(self) -> None:
        """Back to the columns as they were designed."""
        self.load_layout({"order": [column.key for column in self._columns]})
        self._remember()

    def layout_now(self) -> Layout:
        """How the columns stand now."""
        header = self.horizontalHeader()
        keys = [column.key for column in self._columns]
        at = header.sortIndicatorSection()
        return Layout(
            widths={key: self.columnWidth(i) for i, key in enumerate(keys) if not self.isColumnHidden(i)},
            order=[keys[header.logicalIndex(i)] for i in range(len(keys))],
            hidden=[key for i, key in enumerate(keys) if self.isColumnHidden(i)],
            sort=keys[at] if 0 <= at < len(keys) else "",
            descending=header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder,
        )

    def load_layout(self, layout: Layout | None) -> None:
        """Arrange the columns as remembered; what an older version did not know keeps its own look."""
        if not layout:
            return
        self._settled = False
        header = self.horizontalHeader()
        keys = [column.key for column in self._columns]
        hidden = layout.get("hidden", [column.key for column in self._columns if column.hidden])
        known = layout.get("order", keys)
        for place, key in enumerate(key for key in known if key in keys):
            header.moveSection(header.visualIndex(keys.index(key)), place)
        for number, column in enumerate(self._columns):
            self.setColumnWidth(number, layout.get("widths", {}).get(column.key, column.width))
            is_hidden = column.key in hidden if column.key in known else column.hidden
            self.setColumnHidden(number, is_hidden)
        if layout.get("sort") in keys:
            order = Qt.SortOrder.DescendingOrder if layout.get("descending") else Qt.SortOrder.AscendingOrder
            self.sortByColumn(keys.index(layout["sort"]), order)
        self._settled = True

    def _remember(self) -> None:
        # Once for a burst of signals and after it: in the midst of sorting Qt shows hidden columns for a
        # moment.
        if self._settled and self._keep is not None:
            self._later.start()

    def _keep_now(self) -> None:
        if self._keep is not None:
            self._keep(self.layout_now())

    # --- empty state

    def set_empty(self, widget: QWidget) -> None:
        """Show ``widget`` (an EmptyState) over the table while it has no rows."""
        if self._empty is not None:
            self._empty.deleteLater()
        self._empty = widget
        widget.setParent(self)
        self._show_empty()

    def _show_empty(self, *_args: Any) -> None:
        if self._empty is None:
            return
        model = self.model()
        nothing = model is None or model.rowCount() == 0
        self._empty.setVisible(nothing)
        self.horizontalHeader().setVisible(not nothing)
        if nothing:
            self._empty.setGeometry(self.rect())
            self._empty.raise_()

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        if self._empty is not None:
            self._empty.setGeometry(self.rect())
