"""The tiles of an album: its model, and how one is painted."""

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
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from commissioner_app.attachments import PHOTO, SCAN
from ui import icons, theme
from ui.theme import Size
from ui.visits.photos.album import Album
from ui.visits.photos.item import Item
from ui.visits.photos.thumbs import Thumbs
from ui.widgets.pill import caption_font

Index = QModelIndex | QPersistentModelIndex

HEIGHT = 66
"""Of a tile with the gap below it."""

_STRIPE = 16


class TileModel(QAbstractListModel):
    """The items of an album, and after them, while files may be added, one tile that adds."""

    def __init__(self, album: Album, thumbs: Thumbs, parent: QObject) -> None:
        super().__init__(parent)
        self.album, self.thumbs = album, thumbs
        self.adds = True
        album.changed.connect(self._anew)
        thumbs.ready.connect(self._repaint)

    def set_adds(self, on: bool) -> None:
        """Whether files may be added."""
        if on != self.adds:
            self.adds = on
            self._anew()

    def item(self, row: int) -> Item | None:
        """The item of a tile; None for the one that adds."""
        return self.album.items[row] if 0 <= row < len(self.album.items) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.album.items) + int(self.adds)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.item(index.row())
        if role == Qt.ItemDataRole.AccessibleTextRole or role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(item)
        return None

    def _tip(self, item: Item | None) -> str:
        if item is None:
            return self.tr("添加照片、扫描件（可拖入、粘贴）")
        parts = [item.caption or item.name, "" if item.kind == PHOTO else item.kind]
        if not item.here:
            parts.append(self.tr("还没有收到"))
        if item.waiting:
            parts.append(self.tr("保存服务记录时一并保存"))
        return "\n".join([" · ".join(p for p in parts if p), *item.marks])

    def _anew(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _repaint(self, sha: str) -> None:
        for row, item in enumerate(self.album.items):
            if item.sha256 == sha:
                self.dataChanged.emit(self.index(row), self.index(row))


class TileDelegate(QStyledItemDelegate):
    """A picture with round corners; a word where it is no photo, a sign where something is to be pointed out."""

    def __init__(self, model: TileModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self.size = QSize(82, HEIGHT)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = theme.tokens()
        item = self._model.item(index.row())
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        box = QRectF(option.rect).adjusted(1, 1, -7, -7)  # type: ignore[attr-defined]
        shape = QPainterPath()
        shape.addRoundedRect(box, Size.RADIUS, Size.RADIUS)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        focus = bool(state & QStyle.StateFlag.State_HasFocus)
        if item is None:
            self._paint_adder(painter, box, focus or bool(state & QStyle.StateFlag.State_MouseOver))
        else:
            painter.fillPath(shape, QColor(t.track))
            self._paint_item(painter, box, shape, item)
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            if focus or chosen:
                painter.setPen(QPen(QColor(t.accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPath(shape)
        painter.restore()

    def _paint_adder(self, painter: QPainter, box: QRectF, lit: bool) -> None:
        t = theme.tokens()
        painter.setPen(QPen(QColor(t.accent if lit else t.handle), 1, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(t.hover) if lit else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), Size.RADIUS, Size.RADIUS)
        icons.draw(painter, _middle(box, Size.NAV_ICON), "add", "accent_ink" if lit else "sub")

    def _paint_item(self, painter: QPainter, box: QRectF, shape: QPainterPath, item: Item) -> None:
        t = theme.tokens()
        picture = self._model.thumbs.get(item)
        painter.setClipPath(shape)
        if picture is not None:
            scale = max(box.width() / picture.width(), box.height() / picture.height())
            width, height = picture.width() * scale, picture.height() * scale
            top = (
                box.top() if item.kind != PHOTO else box.center().y() - height / 2
            )  # a paper is known by its head
            painter.drawPixmap(
                QRectF(box.center().x() - width / 2, top, width, height), picture, QRectF(picture.rect())
            )
        else:
            icons.draw(
                painter, _middle(box, Size.NAV_ICON + 4), "photo" if item.kind == PHOTO else "document", "sub"
            )
        word = "" if item.kind == PHOTO else item.kind
        if not item.here:
            word = self._model.tr("未收到")
        if word:
            stripe = QRectF(box.left(), box.bottom() - _STRIPE, box.width(), _STRIPE)
            ground = QColor(t.surface)
            ground.setAlphaF(0.88)
            painter.fillRect(stripe, ground)
            painter.setFont(caption_font(painter.font()))
            painter.setPen(QColor(t.text if item.kind == SCAN else t.sub))
            painter.drawText(stripe, Qt.AlignmentFlag.AlignCenter, word)
        if item.kind != PHOTO:  # white paper on a white card
            painter.setPen(QPen(QColor(t.line), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(shape)
        if item.marks:
            spot = QRectF(box.right() - 21, box.top() + 3, 18, 18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.warn_soft))
            painter.drawEllipse(spot)
            icons.draw(painter, _middle(spot, 14), "warning", "warn_ink")


def _middle(box: QRectF, side: int) -> QRect:
    return QRect(int(box.center().x() - side / 2), int(box.center().y() - side / 2), side, side)
