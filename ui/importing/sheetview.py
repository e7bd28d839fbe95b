"""The table to be read, shown as it is: merged cells, what every row is, the header rows outlined."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from commissioner_app.imports.fields import FIELDS
from commissioner_app.imports.grid import Area
from commissioner_app.imports.shape import Kind, Proposal
from ui import theme
from ui.importing.fieldheader import FieldHeader
from ui.importing.sheetmodel import KindRole, SheetModel, UsedRole
from ui.importing.words import kind_word
from ui.theme import Size
from ui.widgets.pill import caption_font

Index = QModelIndex | QPersistentModelIndex

_ROW = 30
_NARROWEST, _WIDEST = 76, 260
_SAMPLE = 60
"""So many rows decide how wide the columns are."""
_MEASURED = 200
"""Columns beyond are as wide as Qt makes them: no list has so many."""
_SPANS = 800
"""More merged cells than that are not drawn as such: every one is looked at in each paint."""
_NUMBER = 46
_WORD = 62


class SheetView(QTableView):
    """The wishes carry rows of the sheet (from 0): ``peopleWanted`` (rows, are they people), ``headerWanted``."""

    peopleWanted = Signal(list, bool)
    headerWanted = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet = SheetModel(self)
        self.fields = FieldHeader(FIELDS, self)
        self.setHorizontalHeader(self.fields)
        self.setVerticalHeader(_Rows(self))
        self.setItemDelegate(_Cells(self))
        self.setModel(self.sheet)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalScrollBar().valueChanged.connect(lambda _value: self.fields.place())

    def show_proposal(self, proposal: Proposal | None) -> None:
        """Show a table and what it is taken for; the place on the screen stays if it is the same table."""
        anew = self.sheet.show(proposal)
        if proposal is None:
            return
        if anew:
            for column in range(proposal.sheet.width):  # of two lists side by side only the one is shown
                hidden = not proposal.span[0] <= column < proposal.span[1]
                if hidden != self.isColumnHidden(column):
                    self.setColumnHidden(column, hidden)
            self._widths(proposal)
            self.scrollToTop()
            if self.sheet.rowCount():
                first = min(proposal.span[0], self.sheet.columnCount() - 1)
                self.setCurrentIndex(self.sheet.index(self._first_person(proposal), first))
        self._spans(proposal)
        self.fields.show_fields(proposal.columns, proposal.sure, proposal.titles)
        self.viewport().update()

    def show_row(self, row: int) -> None:
        """Select a row of the sheet (from 0) and bring it to the middle."""
        at = row - (self.sheet.proposal.first if self.sheet.proposal else 0)
        index = self.sheet.index(at, max(self.currentIndex().column(), 0))
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def chosen_rows(self) -> list[int]:
        """The selected rows of the sheet, counted from 0."""
        rows = {index.row() for index in self.selectionModel().selectedRows()}
        if not rows and self.currentIndex().isValid():
            rows = {self.currentIndex().row()}
        return sorted(self.sheet.sheet_row(row) for row in rows)

    def row_menu(self) -> QMenu:
        """What can be said about the selected rows."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows, proposal = self.chosen_rows(), self.sheet.proposal
        if not rows or proposal is None:
            return menu
        kinds = {proposal.kinds[row - proposal.first] for row in rows}
        one = len(rows) == 1
        people = menu.addAction(
            self.tr("这一行是人员") if one else self.tr("这 {0} 行是人员").format(len(rows))
        )
        people.setEnabled(kinds != {Kind.DATA})
        people.triggered.connect(lambda: self.peopleWanted.emit(rows, True))
        others = menu.addAction(
            self.tr("这一行不是人员\t空格") if one else self.tr("这 {0} 行不是人员\t空格").format(len(rows))
        )
        others.setEnabled(Kind.DATA in kinds)
        others.triggered.connect(lambda: self.peopleWanted.emit(rows, False))
        menu.addSeparator()
        header = menu.addAction(
            self.tr("这一行是表头") if one else self.tr("这 {0} 行是表头").format(len(rows))
        )
        header.setEnabled(rows != list(proposal.header) and rows[-1] - rows[0] + 1 == len(rows) <= 3)
        header.triggered.connect(lambda: self.headerWanted.emit(rows))
        none = menu.addAction(self.tr("这个表没有表头"))
        none.setEnabled(bool(proposal.header))
        none.triggered.connect(lambda: self.headerWanted.emit([]))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().mapToGlobal(
                self.visualRect(self.currentIndex()).bottomLeft() + QPoint(Size.GAP, 0)
            )
        else:
            at = event.globalPos()
            row = self.rowAt(self.viewport().mapFromGlobal(at).y())
            if row >= 0 and not self.selectionModel().isRowSelected(row):
                self.selectRow(row)
        menu = self.row_menu()
        if menu.actions():
            menu.popup(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers() and self.sheet.proposal is not None:
            rows, first = self.chosen_rows(), self.sheet.proposal.first
            people = any(self.sheet.kind(row - first) == Kind.DATA for row in rows)
            self.peopleWanted.emit(rows, not people)
        else:
            super().keyPressEvent(event)

    @staticmethod
    def _first_person(proposal: Proposal) -> int:
        return next((n for n, kind in enumerate(proposal.kinds) if kind == Kind.DATA), 0)

    def _spans(self, proposal: Proposal) -> None:
        """Merged cells as they are; in rows that are no people a text goes on over empty cells, as in Excel."""
        self.clearSpans()
        areas = [a for a in proposal.sheet.merged if a.top >= proposal.first and a.bottom <= proposal.last]
        covered = {row for a in areas for row in range(a.top, a.bottom + 1)}
        for n, kind in enumerate(proposal.kinds):
            row = proposal.first + n
            if (
                kind not in (Kind.DATA, Kind.HEADER, Kind.EMPTY)
                and row not in covered
                and len(areas) < _SPANS
            ):
                filled = [c for c, word in enumerate(proposal.sheet.texts[row]) if word]
                ends = [*filled[1:], self.sheet.columnCount()]
                areas += [Area(row, c, row, end - 1) for c, end in zip(filled, ends, strict=True)]
        for area in areas[:_SPANS]:
            rows, columns = area.bottom - area.top + 1, area.right - area.left + 1
            if rows * columns > 1 and area.right < self.sheet.columnCount():
                self.setSpan(area.top - proposal.first, area.left, rows, columns)

    def _widths(self, proposal: Proposal) -> None:
        metrics = QFontMetrics(self.font())
        people = [n for n, kind in enumerate(proposal.kinds) if kind in (Kind.DATA, Kind.HEADER)][:_SAMPLE]
        for column in range(min(self.sheet.columnCount(), _MEASURED)):
            texts = [str(self.sheet.index(row, column).data() or "") for row in people]
            field = proposal.columns.get(column, "")
            widest = max((metrics.horizontalAdvance(text) for text in texts), default=0) + 36
            needed = metrics.horizontalAdvance(field or self.tr("不导入")) + 46
            self.setColumnWidth(column, min(max(widest, needed, _NARROWEST), max(_WIDEST, needed)))


class _Rows(QHeaderView):
    """The rows' numbers as in Excel, and a small word where a row is not a person."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(_ROW)
        self.setDefaultSectionSize(_ROW)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        return QSize(_NUMBER + _WORD, 0)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model = self.model()
        t = theme.tokens()
        kind = model.kind(logicalIndex) if isinstance(model, SheetModel) else Kind.EMPTY
        painter.save()
        painter.fillRect(rect, QColor(t.accent_soft if kind == Kind.HEADER else t.hover))
        painter.setPen(QColor(t.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(caption_font(painter.font()))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(t.sub))
        number = QRect(rect.left(), rect.top(), _NUMBER - 6, rect.height())
        painter.drawText(number, Qt.AlignmentFlag.AlignRight | middle, str(model.headerData(
            logicalIndex, Qt.Orientation.Vertical
        )))  # fmt: skip
        painter.setPen(QColor(t.accent_ink if kind in (Kind.HEADER, Kind.SECTION) else t.sub))
        word = QRect(rect.left() + _NUMBER, rect.top(), _WORD, rect.height())
        painter.drawText(word, Qt.AlignmentFlag.AlignLeft | middle, kind_word(kind))
        painter.restore()


class _Cells(QStyledItemDelegate):
    """What is not read is grey; the header rows have a ground and an outline, section rows stand out."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        t, kind = theme.tokens(), index.data(KindRole)
        used = index.data(UsedRole) if kind == Kind.DATA else kind == Kind.SECTION
        ink = t.accent_ink if kind == Kind.HEADER else t.text if used else t.sub
        if kind in (Kind.HEADER, Kind.SECTION):
            font: QFont = option.font  # type: ignore[attr-defined]
            font.setBold(True)
            option.font = font  # type: ignore[attr-defined]
        if kind == Kind.TITLE:
            option.displayAlignment = Qt.AlignmentFlag.AlignCenter  # type: ignore[attr-defined]
        palette: QPalette = option.palette  # type: ignore[attr-defined]
        palette.setColor(QPalette.ColorRole.Text, QColor(ink))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(ink))
        option.palette = palette  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, kind = index.model(), index.data(KindRole)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        if kind != Kind.DATA:
            # The style sheet lays no ground under a cell: this one stays below a selection's.
            t = theme.tokens()
            painter.fillRect(rect, QColor(t.accent_soft if kind == Kind.HEADER else t.hover))
        super().paint(painter, option, index)
        if kind != Kind.HEADER or not isinstance(model, SheetModel):
            return
        row = index.row()
        painter.save()
        painter.setPen(QColor(theme.tokens().accent))
        if row == 0 or model.kind(row - 1) != Kind.HEADER:
            painter.drawLine(rect.topLeft(), rect.topRight())
        view = self.parent()
        high = view.rowSpan(row, index.column()) if isinstance(view, QTableView) else 1
        below = row + high
        if below >= model.rowCount() or model.kind(below) != Kind.HEADER:
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()
