"""Timeline: one commissioner's visits, day below day, each as a bar of half days; long gaps are told."""

from collections.abc import Sequence
from datetime import date

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
from PySide6.QtGui import QColor, QFont, QKeySequence, QPainter, QPen, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from commissioner_app.divisions import Divisions
from commissioner_app.makers import Maker
from commissioner_app.visit_views import Entry, Gap, MonthHead, Stay
from commissioner_app.visits import STATES, VisitRow, days_text
from ui import icons, theme
from ui.theme import Size
from ui.visits.marks import day_text, state_of, weekday
from ui.visits.model import TONES
from ui.widgets.basic import Combo, button, label
from ui.widgets.empty import EmptyState
from ui.widgets.pill import caption_font, paint_pill, pill_width

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
_DATE, _CELL, _MOST = 108, 12, 6
"""Width of the dates, of one half day, and how many half days a bar shows."""


class _Model(QAbstractListModel):
    def __init__(self, divisions: Divisions, parent: QObject) -> None:
        super().__init__(parent)
        self._divisions = divisions
        self.entries: Sequence[Entry] = ()

    def show(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        visit = index.isValid() and isinstance(self.entries[index.row()], Stay)
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if visit else Qt.ItemFlag.NoItemFlags

    def place(self, v: VisitRow) -> str:
        return self._divisions.text(v.county, v.township, None) or "—"

    def said(self, entry: Entry) -> str:
        """An entry in words."""
        if isinstance(entry, MonthHead):
            year, month = entry.month.split("-")
            return self.tr("{0}年{1}月　{2} 次，{3} 天").format(
                year, int(month), entry.visits, days_text(entry.half_days)
            )
        if isinstance(entry, Gap):
            sentence = {
                "begin": self.tr("期间开始后 {0} 天才有第一次服务"),
                "between": self.tr("{0} 天没有服务"),
                "end": self.tr("最近 {0} 天没有服务"),
            }[entry.where].format(entry.days)
            return self.tr("{0}（{1} 至 {2}）").format(sentence, entry.first, entry.last)
        v = entry.visit
        days = self.tr("{0} 天").format(days_text(v.half_days) or "—")
        return "，".join(
            (day_text(v.date or ""), days, STATES.get(state_of(v), ""), self.place(v), v.content or "")
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role == ENTRY:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.said(entry)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(entry, Stay):
            return self.said(entry)
        return None


class _Entries(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, Size.ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry, model = index.data(ENTRY), index.model()
        assert isinstance(model, _Model)
        box: QRect = option.rect  # type: ignore[attr-defined]
        inner = box.adjusted(Size.GAP_MID, 0, -Size.GAP_MID, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(entry, MonthHead):
            self._month(painter, inner, entry, model)
        elif isinstance(entry, Gap):
            self._gap(painter, inner, model.said(entry))
        else:
            state = option.state  # type: ignore[attr-defined]
            self._stay(painter, box, inner, entry, model, state)
        painter.restore()

    def _month(self, painter: QPainter, box: QRect, entry: MonthHead, model: _Model) -> None:
        t = theme.tokens()
        head, _, sums = model.said(entry).partition("　")
        font = QFont(painter.font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(t.text))
        bottom = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, bottom, head)
        used = painter.fontMetrics().horizontalAdvance(head) + Size.GAP_MID
        painter.setFont(caption_font(painter.font()))
        font = painter.font()
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(t.sub))
        painter.drawText(box.adjusted(used, 0, 0, 0), bottom, sums)
        painter.setPen(QColor(t.line))
        painter.drawLine(box.left() - Size.GAP_MID, box.bottom(), box.right() + Size.GAP_MID, box.bottom())

    def _gap(self, painter: QPainter, box: QRect, text: str) -> None:
        t = theme.tokens()
        middle = box.left() + _DATE + _CELL
        painter.setPen(QPen(QColor(t.warn), 1.5, Qt.PenStyle.DotLine))
        painter.drawLine(middle, box.top() + 3, middle, box.bottom() - 3)
        left = box.left() + _DATE + _MOST * _CELL + Size.GAP_MID
        place = QRect(left, box.center().y() - Size.ICON // 2 + 1, Size.ICON, Size.ICON)
        icons.draw(painter, place, "clock", "warn_ink")
        painter.setFont(caption_font(painter.font()))
        painter.setPen(QColor(t.warn_ink))
        rest = QRect(
            place.right() + Size.GAP, box.top(), box.right() - place.right() - Size.GAP, box.height()
        )
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, text)

    def _stay(
        self, painter: QPainter, box: QRect, inner: QRect, entry: Stay, model: _Model, state: QStyle.StateFlag
    ) -> None:
        t, v = theme.tokens(), entry.visit
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(t.accent_soft if chosen else t.hover))
        middle = Qt.AlignmentFlag.AlignVCenter
        if not entry.again:
            painter.setPen(QColor(t.text))
            painter.drawText(inner, middle, _short_day(v.date or ""))
        self._bar(painter, QRect(inner.left() + _DATE, box.top(), _MOST * _CELL, box.height()), v)
        word = STATES.get(state_of(v), "")
        width = pill_width(painter.font(), word)
        tone = TONES.get(state_of(v), "plain")
        pill = QRectF(inner.right() - width, box.center().y() - Size.PILL / 2 + 1, width, Size.PILL)
        paint_pill(painter, pill, word, tone)
        left = inner.left() + _DATE + _MOST * _CELL + Size.GAP_MID
        rest = QRect(left, box.top(), inner.right() - width - Size.GAP - left, box.height())
        days = model.tr("{0} 天").format(days_text(v.half_days) or "—")
        painter.setPen(QColor(t.sub))
        painter.drawText(rest.adjusted(0, 0, -(rest.width() - 52), 0), middle, days)
        rest.adjust(56, 0, 0, 0)
        painter.setPen(QColor(t.text))
        text = f"{model.place(v)} · {' '.join((v.content or '—').split())}"
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, middle, text)

    def _bar(self, painter: QPainter, box: QRect, v: VisitRow) -> None:
        """One box a half day, two of a day close together; the morning stays empty of a visit in the afternoon."""
        t = theme.tokens()
        colour = QColor(t.strong(TONES.get(state_of(v), "plain")))
        late = 1 if v.half_days == 1 and (v.start_time or "").zfill(5) >= "12:00" else 0
        cells = min((v.half_days or 0) + late, _MOST)
        cells += cells % 2  # days are drawn whole
        for n in range(cells):
            done = late <= n < late + (v.half_days or 0)
            x = box.left() + n * _CELL + (0 if n % 2 == 0 else -1.5)
            cell = QRectF(x, box.center().y() - 6, _CELL - 2.5, 13)
            painter.setPen(Qt.PenStyle.NoPen if done else QPen(QColor(t.scroll), 1))
            painter.setBrush(colour if done else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cell, 2, 2)
        if (v.half_days or 0) > _MOST:
            painter.setPen(QColor(t.sub))
            painter.drawText(
                box.adjusted(_MOST * _CELL, 0, Size.GAP_MID, 0), Qt.AlignmentFlag.AlignVCenter, "…"
            )


class Timeline(QWidget):
    """`makerChosen` carries a Maker; `opened` the id of a visit to be shown."""

    makerChosen = Signal(object)
    opened = Signal(str)

    def __init__(self, divisions: Divisions) -> None:
        super().__init__()
        self.model = _Model(divisions, self)
        self.who = Combo()
        self.who.setAccessibleName(self.tr("特派员"))
        self.who.setMinimumWidth(Size.PERIOD)
        self.who.currentIndexChanged.connect(self._choose)
        self.back = button(self.tr("上一位"), "tool", icon="up", on_click=lambda: self.step(-1))
        self.back.setToolTip(self.tr("上一位（Ctrl+PageUp）"))
        self.next = button(self.tr("下一位"), "tool", icon="down", on_click=lambda: self.step(1))
        self.next.setToolTip(self.tr("下一位（Ctrl+PageDown）"))
        self.sums = label("", "caption")
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Entries(self.view))
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setAccessibleName(self.tr("时间轴"))
        self.view.selectionModel().currentChanged.connect(self._moved)
        self.empty = EmptyState("timeline", "")
        head = QHBoxLayout()
        head.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.GAP)
        head.setSpacing(Size.GAP)
        for part in (self.who, self.back, self.next, self.sums):
            head.addWidget(part)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(self.empty, 1)
        self.setFocusProxy(self.view)
        for keys, step in (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.step(step))

    def set_makers(self, makers: Sequence[Maker], chosen: Maker | None) -> None:
        """Offer these; the chosen one is shown. Sends nothing."""
        blocked = self.who.blockSignals(True)
        known = [self.who.itemData(n) for n in range(self.who.count())]
        if known != list(makers):
            self.who.clear()
            for maker in makers:
                self.who.addItem(maker.title, maker)
        self.who.setCurrentIndex(-1 if chosen is None or chosen not in makers else list(makers).index(chosen))
        self.who.blockSignals(blocked)
        self._enable()

    def maker(self) -> Maker | None:
        """Whose timeline it is."""
        found = self.who.currentData()
        return found if isinstance(found, Maker) else None

    def step(self, step: int) -> None:
        """The next commissioner of the list, or the one before."""
        at = self.who.currentIndex() + step
        if 0 <= at < self.who.count():
            self.who.setCurrentIndex(at)

    def show_entries(self, entries: Sequence[Entry], keep: str | None = None) -> None:
        """Show a timeline; the visit `keep` stays chosen where it is in it."""
        self.model.show(entries)
        stays = [e for e in entries if isinstance(e, Stay)]
        gaps = [e for e in entries if isinstance(e, Gap)]
        half_days = sum(e.visit.half_days or 0 for e in stays)
        text = self.tr("{0} 次 · {1} 天").format(len(stays), days_text(half_days) or "0")
        if gaps:
            text += self.tr(" · 有 {0} 段 30 天以上没有服务").format(len(gaps))
        self.sums.setText(text if stays else "")
        self.view.setVisible(bool(stays))
        self.empty.setVisible(not stays)
        if not stays:
            who = self.maker()
            self.empty.set_sentence(
                self.tr("{0}在所选范围内还没有服务记录。").format(who.title)
                if who
                else self.tr("还没有录入特派员。")
            )
        rows = [n for n, e in enumerate(entries) if isinstance(e, Stay) and e.visit.id == keep]
        if rows:
            self._place(rows[0])

    def select(self, visit: str) -> None:
        """Mark a visit without opening it."""
        for n, e in enumerate(self.model.entries):
            if isinstance(e, Stay) and e.visit.id == visit:
                self._place(n)

    def _place(self, row: int) -> None:
        selection = self.view.selectionModel()
        blocked = selection.blockSignals(True)
        self.view.setCurrentIndex(self.model.index(row))
        self.view.scrollTo(self.model.index(row))
        selection.blockSignals(blocked)
        self.view.viewport().update()

    def _moved(self, now: QModelIndex) -> None:
        entry = now.data(ENTRY) if now.isValid() else None
        if isinstance(entry, Stay):
            self.opened.emit(entry.visit.id)

    def _choose(self, _at: int) -> None:
        self._enable()
        if self.maker() is not None:
            self.makerChosen.emit(self.maker())

    def _enable(self) -> None:
        at = self.who.currentIndex()
        self.back.setEnabled(at > 0)
        self.next.setEnabled(0 <= at < self.who.count() - 1)


def _short_day(iso: str) -> str:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.month}月{day.day}日 {weekday(day)}"
