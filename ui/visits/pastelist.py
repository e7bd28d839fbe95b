"""The visits found in a paste: one row each, ticked to be saved, with how far it is; ↑ ↓ move, Space ticks."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui import theme
from ui.theme import Size, Tone
from ui.widgets.pill import caption_font, paint_pill, pill_width

_ROW = 52
_SHOWN = 3
_LINE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Line:
    """A row: when and where, who and what, and its state in a word."""

    title: str
    caption: str
    state: str
    tone: Tone
    ticked: bool


class PasteList(QListWidget):
    """``chosen`` carries the row that a person has gone to; ``ticked`` the row and whether it is to be saved."""

    chosen = Signal(int)
    ticked = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("识别出的服务记录"))
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentRowChanged.connect(lambda row: self.chosen.emit(row) if row >= 0 else None)
        self.itemChanged.connect(
            lambda item: self.ticked.emit(self.row(item), item.checkState() == Qt.CheckState.Checked)
        )

    def show_lines(self, lines: list[Line], current: int) -> None:
        """Show these; sends nothing."""
        blocked = self.blockSignals(True)
        while self.count() > len(lines):
            self.takeItem(self.count() - 1)
        while self.count() < len(lines):
            item = QListWidgetItem()
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            self.addItem(item)
        for row, line in enumerate(lines):
            self._fill(self.item(row), line)
        self.setCurrentRow(current)
        self.blockSignals(blocked)
        self.setFixedHeight(min(max(len(lines), 1), _SHOWN) * _ROW + Size.TIGHT)
        self.viewport().update()

    def show_line(self, row: int, line: Line) -> None:
        """Show one row anew; sends nothing."""
        blocked = self.blockSignals(True)
        self._fill(self.item(row), line)
        self.blockSignals(blocked)
        self.viewport().update()

    def line(self, row: int) -> Line:
        """What a row shows."""
        found = self.item(row).data(_LINE)
        assert isinstance(found, Line)
        return found

    def _fill(self, item: QListWidgetItem, line: Line) -> None:
        item.setData(_LINE, line)
        item.setCheckState(Qt.CheckState.Checked if line.ticked else Qt.CheckState.Unchecked)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{line.title}，{line.caption}，{line.state}")
        item.setToolTip(line.title)


class _Delegate(QStyledItemDelegate):
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        line = index.data(_LINE)
        if not isinstance(line, Line):
            return
        t = theme.tokens()
        box: QRect = option.rect  # type: ignore[attr-defined]
        painter.save()
        wide = pill_width(option.font, line.state)  # type: ignore[attr-defined]
        pill = QRectF(box.right() - Size.GAP - wide, box.center().y() - Size.PILL / 2, wide, Size.PILL + 2)
        paint_pill(painter, pill, line.state, line.tone)
        left = box.left() + Size.GAP_WIDE + Size.GAP + Size.TIGHT
        room = QRect(left, box.top() + 6, int(pill.left()) - Size.GAP - left, box.height() // 2 - 4)
        fit, middle = Qt.TextElideMode.ElideRight, Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(t.text))
        painter.drawText(room, middle, painter.fontMetrics().elidedText(line.title, fit, room.width()))
        painter.setFont(caption_font(painter.font()))
        painter.setPen(QColor(t.sub))
        below = room.translated(0, room.height())
        painter.drawText(below, middle, painter.fontMetrics().elidedText(line.caption, fit, room.width()))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, _ROW)
