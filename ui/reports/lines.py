"""LineList: a list whose rows have an icon, a title and below it one sentence in small."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui import icons, theme
from ui.theme import Size
from ui.widgets.pill import caption_font

LINE = 50
_TEXT = 38
_LINE_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Line:
    """What a row shows; key is what it stands for."""

    key: Any
    icon: str
    title: str
    sentence: str
    tip: str = ""


class LineList(QListWidget):
    """`opened` comes with the key of a row by Enter or double click, `chosen` when another row becomes the current."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(_Lines(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMouseTracking(True)
        self.currentItemChanged.connect(self._tell)
        self.itemDoubleClicked.connect(lambda item: self.opened.emit(item.data(_LINE_ROLE).key))

    def _tell(self, item: QListWidgetItem | None, _old: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_LINE_ROLE).key)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these; nothing is sent, and none is the current one."""
        blocked = self.blockSignals(True)
        self.clear()
        for line in lines:
            item = QListWidgetItem(line.title)
            item.setData(_LINE_ROLE, line)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{line.title}，{line.sentence}")
            item.setToolTip(line.tip)
            self.addItem(item)
        self.blockSignals(blocked)

    def set_current(self, key: object) -> None:
        """Make the row of a key the current one without sending `chosen`."""
        blocked = self.blockSignals(True)
        for n in range(self.count()):
            if self.item(n).data(_LINE_ROLE).key == key:
                self.setCurrentRow(n)
        self.blockSignals(blocked)
        self.viewport().update()

    def current(self) -> Any:
        """The key of the current row; None without one."""
        item = self.currentItem()
        return item.data(_LINE_ROLE).key if item is not None else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.opened.emit(self.current())
        else:
            super().keyPressEvent(event)


class _Lines(QStyledItemDelegate):
    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.text = ""  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        t = theme.tokens()
        line: Line = index.data(_LINE_ROLE)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        on = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        width = rect.width() - _TEXT - Size.GAP
        painter.save()
        box = QRect(rect.left() + 12, rect.top() + 7, Size.ICON, Size.ICON + 4)
        icons.draw(painter, box, line.icon, "accent" if on else "sub")
        elide = Qt.TextElideMode.ElideRight
        upper = QRect(rect.left() + _TEXT, rect.top() + 5, width, 22)
        painter.setPen(QColor(t.accent_ink if on else t.text))
        title = painter.fontMetrics().elidedText(line.title, elide, width)
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(caption_font(painter.font()))
        painter.setPen(QColor(t.sub))
        sentence = painter.fontMetrics().elidedText(line.sentence, elide, width)
        painter.drawText(upper.translated(0, 20), Qt.AlignmentFlag.AlignVCenter, sentence)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, LINE)
