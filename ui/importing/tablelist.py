"""The tables found in the file, with a tick for each that is to be read."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from commissioner_app.imports.shape import Kind, Proposal
from ui import theme
from ui.importing.words import letter
from ui.theme import Size
from ui.widgets.pill import caption_font

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

_CAPTION = Qt.ItemDataRole.UserRole + 83
_ITEM = 52
_TEXT = 38


class TableList(QListView):
    """``chosen`` carries the number of the table to look at, ``ticked`` a number and whether it is to be read."""

    chosen = Signal(int)
    ticked = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = _Tables(self)
        self._items.ticked.connect(self.ticked)
        self.setModel(self._items)
        self.setItemDelegate(_Lines(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("文件里的表"))
        self.selectionModel().currentChanged.connect(lambda index, _old: self.chosen.emit(index.row()))

    def show_tables(self, proposals: Sequence[Proposal], current: int) -> None:
        """Show these; the one looked at stays marked."""
        self._items.show(proposals)
        blocked = self.selectionModel().blockSignals(True)
        self.setCurrentIndex(self._items.index(current, 0))
        self.selectionModel().blockSignals(blocked)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            index = self.currentIndex()
            on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            self._items.setData(
                index,
                Qt.CheckState.Unchecked if on else Qt.CheckState.Checked,
                Qt.ItemDataRole.CheckStateRole,
            )
        else:
            super().keyPressEvent(event)


class _Tables(QAbstractListModel):
    ticked = Signal(int, bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._proposals: list[Proposal] = []

    def show(self, proposals: Sequence[Proposal]) -> None:
        self.beginResetModel()
        self._proposals = list(proposals)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._proposals)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        p = self._proposals[index.row()]
        people = sum(kind == Kind.DATA for kind in p.kinds)
        where = self.tr("第 {0}–{1} 行").format(p.first + 1, p.last + 1)
        left, right = p.span[0], min(p.span[1], p.sheet.width)
        if right - left < p.sheet.width:  # two lists side by side
            where = self.tr("{0}–{1} 列").format(letter(left), letter(right - 1))
        caption = f"{where} · " + self.tr("{0} 人").format(f"{people:,}") if people else where
        if role == Qt.ItemDataRole.DisplayRole:
            return p.sheet.name
        if role == _CAPTION:
            return caption if p.included else self.tr("{0} · 不读").format(where)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if p.included else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{p.sheet.name} {caption}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return p.reason or None
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.ticked.emit(index.row(), Qt.CheckState(value) == Qt.CheckState.Checked)
        return True


class _Lines(QStyledItemDelegate):
    """A tick, the sheet's name, and below it in small which rows."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.text = ""  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        t = theme.tokens()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        width = rect.width() - _TEXT - Size.GAP
        metrics = painter.fontMetrics()
        painter.save()
        painter.setPen(QColor(t.text))
        upper = QRect(rect.left() + _TEXT, rect.top() + 6, width, 22)
        name = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, width)
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(caption_font(painter.font()))
        painter.setPen(QColor(t.sub))
        painter.drawText(upper.translated(0, 20), Qt.AlignmentFlag.AlignVCenter, str(index.data(_CAPTION)))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, _ITEM)
