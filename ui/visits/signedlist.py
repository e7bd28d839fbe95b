"""The pages of scanned sheets as a list: thumbnail, where it comes from, the visit that it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from commissioner_app.divisions import Divisions
from commissioner_app.scans import ScanPage
from commissioner_app.visits import VisitRow
from ui import theme
from ui.theme import Size, Tone
from ui.widgets.pill import caption_font, paint_pill, pill_width

Index = QModelIndex | QPersistentModelIndex
LINE = Qt.ItemDataRole.UserRole
_ITEM, _THUMB = 92, 60


@dataclass
class Line:
    """A page: the visit it goes to (None: none found), whether a person has chosen it, and whether it is left out."""

    page: ScanPage
    thumb: QImage
    visit: VisitRow | None = None
    by_hand: bool = False
    left_out: bool = False

    @property
    def goes(self) -> bool:
        """Whether it will be attached."""
        return self.visit is not None and not self.left_out


class Pages(QAbstractListModel):
    """The lines; `touch` after one has changed."""

    def __init__(self, lines: Sequence[Line], divisions: Divisions, parent: QObject) -> None:
        super().__init__(parent)
        self.lines = list(lines)
        self._divisions = divisions

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def state(self, line: Line) -> tuple[str, Tone]:
        """What becomes of a page, in a word."""
        if line.left_out:
            return self.tr("不归档"), "plain"
        if line.visit is None:
            return self.tr("未识别"), "warn"
        return (self.tr("手工指定"), "info") if line.by_hand else (self.tr("已识别"), "accent")

    def told(self, line: Line) -> tuple[str, str]:
        """The visit in two short lines."""
        v = line.visit
        if v is None:
            return self.tr("没有找到二维码，请在右侧指定"), ""
        where = self._divisions.text(v.county, v.township, v.village)
        return f"{v.date or '—'}　{v.names or '—'}", " · ".join(t for t in (v.number or "", where) if t)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return "，".join((line.page.title, self.state(line)[0], *self.told(line)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(t for t in (line.page.title, *self.told(line)) if t)
        return None

    def touch(self, row: int) -> None:
        """A line has changed."""
        self.dataChanged.emit(self.index(row), self.index(row))


class PageItems(QStyledItemDelegate):
    """Paints a line."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, _ITEM)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, model = index.data(LINE), index.model()
        assert isinstance(line, Line) and isinstance(model, Pages)
        t = theme.tokens()
        box: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(t.accent_soft if chosen else t.hover))
        painter.setPen(QColor(t.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        inner = box.adjusted(Size.GAP_MID, Size.GAP, -Size.GAP_MID, -Size.GAP)
        frame = QRect(inner.left(), inner.top(), _THUMB, inner.height())
        size = line.thumb.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(frame.left(), frame.top(), size.width(), size.height())
        place.moveCenter(frame.center())
        painter.setOpacity(0.4 if line.left_out else 1)
        painter.drawImage(place, line.thumb)
        painter.drawRect(place)
        painter.setOpacity(1)
        word, tone = model.state(line)
        width = pill_width(painter.font(), word)
        left = frame.right() + Size.GAP + Size.TIGHT
        middle, elide = Qt.AlignmentFlag.AlignVCenter, Qt.TextElideMode.ElideMiddle
        first, second = model.told(line)
        rows = [QRect(left, inner.top() + n * 25, inner.right() - left, 24) for n in range(3)]
        paint_pill(painter, QRectF(inner.right() - width, rows[0].top() + 2, width, Size.PILL), word, tone)
        painter.setPen(QColor(t.sub if line.left_out or line.visit is None else t.text))
        painter.drawText(rows[1], middle, painter.fontMetrics().elidedText(first, elide, rows[1].width()))
        painter.setFont(caption_font(painter.font()))
        painter.setPen(QColor(t.sub))
        metrics = painter.fontMetrics()
        rows[0].setRight(int(inner.right() - width - Size.GAP))
        painter.drawText(rows[0], middle, metrics.elidedText(line.page.title, elide, rows[0].width()))
        painter.drawText(rows[2], middle, metrics.elidedText(second, elide, rows[2].width()))
        painter.restore()
