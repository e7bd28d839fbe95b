"""The header over the table to be read: above every column the field that it was recognised as."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from commissioner_app.imports.fields import SURE
from ui import theme
from ui.importing.words import letter
from ui.theme import Size
from ui.widgets.basic import Combo, restyle
from ui.widgets.pill import caption_font

_LETTER = 18
_EDGE = 4
_POPUP = 160


class FieldHeader(QHeaderView):
    """``chosen`` carries a column and a field, "" for 不导入. Choices are made when their column is seen first."""

    chosen = Signal(int, str)

    def __init__(self, fields: Sequence[str], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._fields = ["", *fields]
        self._combos: dict[int, Combo] = {}
        self._columns: Mapping[int, str] = {}
        self._sure: Mapping[int, float] = {}
        self._titles: Sequence[str] = ()
        self._current = 0
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(Size.TABLE_COLUMN)
        self.setFixedHeight(_LETTER + Size.CONTROL + 2 * _EDGE)
        self.sectionResized.connect(lambda *_: self.place())
        self.geometriesChanged.connect(self.place)

    def show_fields(
        self, columns: Mapping[int, str], sure: Mapping[int, float], titles: Sequence[str]
    ) -> None:
        """Show what the columns are; titles are those of the table itself."""
        self._columns, self._sure, self._titles = columns, sure, titles
        for column, combo in list(self._combos.items()):
            if column >= self.count():
                combo.hide()
                combo.deleteLater()
                del self._combos[column]
            else:
                self._fill(column, combo)
        self._current = min(self._current, max(self.count() - 1, 0))
        self.place()

    def combo(self, column: int) -> Combo:
        """The choice over a column."""
        if column not in self._combos:
            made = Combo(self)
            for field in self._fields:
                made.addItem(field or self.tr("不导入"), field)
            made.setMaxVisibleItems(14)
            made.view().setMinimumWidth(_POPUP)
            made.activated.connect(lambda _at, column=column: self._choose(column))
            made.installEventFilter(self)
            self._combos[column] = made
            self._fill(column, made)
        return self._combos[column]

    def focus_column(self, column: int) -> None:
        """Put the keyboard on a column's choice and bring it into view."""
        if not 0 <= column < self.count() or self.isSectionHidden(column):
            return
        self._current = column
        view = self.parent()
        scroll = getattr(view, "horizontalScrollBar", None)
        if scroll is not None:
            left, width = self.sectionPosition(column), self.sectionSize(column)
            if left < self.offset() or left + width > self.offset() + self.viewport().width():
                scroll().setValue(left)
        self.place()
        self.combo(column).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def place(self) -> None:
        """Put the choices of the columns in view over their columns."""
        width = self.viewport().width()
        first = max(self.logicalIndexAt(0), 0)
        last = self.logicalIndexAt(width - 1)
        near = range(first, (last if last >= 0 else self.count() - 1) + 1)
        for column in sorted({*near, *self._combos}):
            if column >= self.count():
                continue
            left, size = self.sectionViewportPosition(column), self.sectionSize(column)
            seen = size > 0 and left + size > 0 and left < width
            if not seen and column not in self._combos:
                continue
            combo = self.combo(column)
            combo.setGeometry(left + 2, _LETTER + _EDGE - 1, max(size - 4, 8), Size.CONTROL)
            combo.setVisible(seen or combo.hasFocus())
            # One stop of the Tab key for the whole row; the arrow keys go from column to column.
            one = column == self._current
            combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus if one else Qt.FocusPolicy.ClickFocus)

    def _fill(self, column: int, combo: Combo) -> None:
        field = self._columns.get(column, "")
        unsure = bool(field) and self._sure.get(column, 1.0) < SURE
        combo.setCurrentIndex(max(combo.findData(field), 0))
        title = " ".join(self._titles[column].split()) if column < len(self._titles) else ""
        combo.setProperty("unsure", unsure)
        combo.setProperty("unused", not field)
        restyle(combo)
        name = self.tr("{0} 列").format(letter(column))
        combo.setAccessibleName(f"{name} {title}".strip())
        if unsure:
            note = self.tr("请核对：表中写的是“{0}”").format(title or self.tr("（没有列名）"))
        elif field:
            note = self.tr("表中“{0}”读作“{1}”").format(title, field) if title else field
        else:
            note = self.tr("“{0}”这一列不导入").format(title or name)
        combo.setToolTip(note)
        combo.setAccessibleDescription(note)

    def _choose(self, column: int) -> None:
        field = str(self._combos[column].currentData())
        if field != self._columns.get(column, ""):
            self.chosen.emit(column, field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        column = next((c for c, combo in self._combos.items() if combo is watched), -1)
        if column < 0:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.FocusIn and column != self._current:
            self._current = column
            self.place()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
            if step:
                self.focus_column(column + step)
                return True
            if event.key() == Qt.Key.Key_Delete:
                self._combos[column].setCurrentIndex(0)
                self._choose(column)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
                self._combos[column].showPopup()
                return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _LETTER + Size.CONTROL + 2 * _EDGE)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        t = theme.tokens()
        painter.save()
        painter.fillRect(rect, QColor(t.surface))
        painter.setPen(QColor(t.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(caption_font(painter.font()))
        painter.setPen(QColor(t.sub))
        top = QRect(rect.left() + _EDGE, rect.top(), rect.width() - 2 * _EDGE, _LETTER + _EDGE)
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, letter(logicalIndex))
        painter.restore()
