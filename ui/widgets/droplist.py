"""DropList: the list of hits under a field that keeps the keyboard, used by suggestions and by the search."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from ui import icons, theme
from ui.theme import Size
from ui.widgets.overlay import Overlay
from ui.widgets.pill import caption_font

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the list: what it says, a smaller text beside it, an icon's meaning, and what it stands
    for.
    """

    title: str
    caption: str = ""
    icon: str = ""
    key: object = None


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        hit = self.hits[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{hit.title} {hit.caption}".strip()
        return None

    def show(self, hits: Sequence[Hit]) -> None:
        self.beginResetModel()
        self.hits = list(hits)
        self.endResetModel()


class _Delegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.model().hits[index.row()]  # type: ignore[attr-defined]
        t = theme.tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box: QRect = option.rect.adjusted(0, 1, 0, -1)  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:  # type: ignore[attr-defined]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.accent_soft if chosen else t.hover))
            painter.drawRoundedRect(box, Size.TIGHT, Size.TIGHT)
        left = box.left() + Size.GAP
        if hit.icon:
            place = QRect(left, box.center().y() - Size.ICON // 2 + 1, Size.ICON, Size.ICON)
            icons.draw(painter, place, hit.icon, "accent_ink" if chosen else "sub")
            left += Size.ICON + Size.GAP
        right = box.right() - Size.GAP
        middle = Qt.AlignmentFlag.AlignVCenter
        metrics = painter.fontMetrics()
        title = metrics.elidedText(hit.title, Qt.TextElideMode.ElideRight, right - left)
        painter.setPen(QColor(t.text))
        painter.drawText(QRect(left, box.top(), right - left, box.height()), middle, title)
        left += metrics.horizontalAdvance(title) + Size.GAP_MID
        if hit.caption and right - left > 4 * Size.GAP:
            painter.setFont(caption_font(painter.font()))
            painter.setPen(QColor(t.text if chosen else t.sub))
            caption = painter.fontMetrics().elidedText(hit.caption, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(
                QRect(left, box.top(), right - left, box.height()),
                middle | Qt.AlignmentFlag.AlignRight,
                caption,
            )
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, Size.ROW)


class DropList(Overlay):
    """↑ ↓ move, Enter takes (``taken`` carries the Hit), Esc closes; the field under it goes on being
    typed in.
    """

    taken = Signal(object)

    def __init__(self, field: QLineEdit, *, choose_first: bool) -> None:
        super().__init__(field)
        self._field = field
        self._choose_first = choose_first
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        self.view = QListView()
        self._model = _Model(self)
        self.view.setModel(self._model)
        self.view.setItemDelegate(_Delegate(self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.view.clicked.connect(lambda index: self._take(index.row()))
        column.addWidget(self.view)

    def hits(self) -> list[Hit]:
        """What is listed."""
        return list(self._model.hits)

    def offer(self, hits: Sequence[Hit], width: int = 0) -> None:
        """List these below the field, or close without any."""
        self._model.show(hits)
        if not hits:
            self.close_panel()
            return
        if self._choose_first:
            self.view.setCurrentIndex(self._model.index(0))
        self.open(width, min(len(hits) * Size.ROW + 10, Size.POPUP_HEIGHT + 10))

    def _take(self, row: int) -> None:
        hit = self._model.hits[row]
        self.close_panel()
        self.taken.emit(hit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and self.isVisible() and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            at = self.view.currentIndex().row()
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(
                Qt.Key(event.key()), 0
            )
            if step:
                to = min(max(at + step, 0), len(self._model.hits) - 1)
                self.view.setCurrentIndex(self._model.index(to))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at >= 0:
                self._take(at)
                return True
        return super().eventFilter(watched, event)
