"""DayList: the visits of the day chosen in the calendar, as short cards beside it."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from commissioner_app.divisions import Divisions
from commissioner_app.visits import STATES, VisitRow, days_text
from ui import theme
from ui.theme import Size
from ui.visits.marks import day_text, state_of
from ui.visits.model import TONES
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState
from ui.widgets.pill import caption_font, paint_pill, pill_width

Index = QModelIndex | QPersistentModelIndex
VISIT = Qt.ItemDataRole.UserRole
_ITEM = 76


class _Model(QAbstractListModel):
    def __init__(self, divisions: Divisions, parent: QObject) -> None:
        super().__init__(parent)
        self._divisions = divisions
        self.visits: Sequence[VisitRow] = ()

    def show(self, visits: Sequence[VisitRow]) -> None:
        self.beginResetModel()
        self.visits = visits
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.visits)

    def place(self, v: VisitRow) -> str:
        time = "–".join(t for t in (v.start_time, v.end_time) if t)
        where = self._divisions.text(v.county, v.township, v.village)
        return " · ".join(part for part in (time, where, v.recipient_name) if part)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        v = self.visits[index.row()]
        if role == VISIT:
            return v
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return "，".join((v.names or "—", STATES.get(state_of(v), ""), self.place(v), v.content or ""))
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{self.place(v)}\n{v.content or ''}"
        return None


class _Items(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        v = index.data(VISIT)
        model = index.model()
        assert isinstance(model, _Model)
        t = theme.tokens()
        box: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(t.accent_soft if chosen else t.hover))
        painter.setPen(QColor(t.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        inner = box.adjusted(Size.GAP_MID, Size.GAP, -Size.GAP_MID, -Size.GAP)
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.TextElideMode.ElideRight
        word = STATES.get(state_of(v), "")
        width = pill_width(painter.font(), word)
        pill = QRectF(inner.right() - width, inner.top(), width, Size.PILL)
        paint_pill(painter, pill, word, TONES.get(state_of(v), "plain"))
        painter.setPen(QColor(t.text))
        head = QRect(inner.left(), inner.top(), inner.width() - width - Size.GAP, Size.PILL)
        painter.drawText(head, middle, painter.fontMetrics().elidedText(v.names or "—", right, head.width()))
        painter.setFont(caption_font(painter.font()))
        line = QRect(inner.left(), inner.top() + Size.PILL + 2, inner.width(), 18)
        metrics = painter.fontMetrics()
        painter.drawText(
            line, middle, metrics.elidedText(" ".join((v.content or "—").split()), right, line.width())
        )
        painter.setPen(QColor(t.sub))
        line.translate(0, 20)
        painter.drawText(line, middle, metrics.elidedText(model.place(v), right, line.width()))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, _ITEM)


class DayList(Card):
    """`opened` carries a visit to be shown; `listWanted` the day, to be listed in the table."""

    opened = Signal(str)
    listWanted = Signal(str)

    def __init__(self, divisions: Divisions) -> None:
        super().__init__(" ", link=self.tr("在表格中查看"), flush=True)
        self._day = ""
        self.model = _Model(divisions, self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Items(self.view))
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.clicked.connect(self._open)
        self.view.activated.connect(self._open)
        self.empty = EmptyState("calendar", self.tr("这一天没有服务记录。"))
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.empty, 1)
        self.linked.connect(lambda: self.listWanted.emit(self._day))

    def show_day(self, day: str, visits: Sequence[VisitRow]) -> None:
        """Show a day (ISO) and its visits."""
        self._day = day
        self.set_title(day_text(day))
        half_days = sum(v.half_days or 0 for v in visits if v.date == day)
        self.set_caption(
            self.tr("{0} 条 · {1} 天").format(len(visits), days_text(half_days)) if visits else ""
        )
        self.model.show(visits)
        self.view.setAccessibleName(self.tr("{0}的服务记录").format(day_text(day)))
        self.view.setVisible(bool(visits))
        self.empty.setVisible(not visits)
        if visits:
            self.view.setCurrentIndex(self.model.index(0))

    def visits(self) -> Sequence[VisitRow]:
        """What is listed."""
        return self.model.visits

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(VISIT).id)
