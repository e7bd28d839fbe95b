"""MonthCalendar: the filtered visits of a month, day by day; weekends are quiet, a day that is chosen tells its visits."""

from datetime import date

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from commissioner_app.divisions import Divisions
from commissioner_app.visit_views import Day, Month, weeks
from commissioner_app.visits import STATES, VisitRow, days_text
from ui import theme
from ui.theme import Size
from ui.visits.marks import SIGN, day_text, draw_state, state_of
from ui.widgets.basic import button, label
from ui.widgets.pill import caption_font

Index = QModelIndex | QPersistentModelIndex
DAY = Qt.ItemDataRole.UserRole
_LINE = 17
_HEAD = 22


class _Model(QAbstractTableModel):
    def __init__(self, divisions: Divisions, parent: QObject) -> None:
        super().__init__(parent)
        self._divisions = divisions
        self.days: list[date] = []
        self.month: tuple[int, int] = (2000, 1)
        self.found: dict[str, Day] = {}

    def show(self, year: int, month: int, found: dict[str, Day]) -> None:
        self.beginResetModel()
        self.days, self.month, self.found = weeks(year, month), (year, month), found
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 6

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 7

    def day(self, index: Index) -> date | None:
        at = index.row() * 7 + index.column()
        return self.days[at] if index.isValid() and at < len(self.days) else None

    def of(self, day: date) -> Day | None:
        return self.found.get(day.isoformat())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        day = self.day(index)
        if day is None:
            return None
        if role == DAY:
            return day
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            found = self.of(day)
            told = self.tr("{0} 条").format(found.count) if found else self.tr("没有服务记录")
            return f"{day_text(day.isoformat())}，{told}"
        if role == Qt.ItemDataRole.ToolTipRole and (found := self.of(day)):
            lines = [f"{day_text(day.isoformat())}　{self.tr('{0} 条').format(found.count)}"]
            for v in found.visits:
                lines.append(f"{self.line(v)}（{STATES.get(state_of(v), '')}）")
            if found.count > len(found.visits):
                lines.append(self.tr("另有 {0} 条").format(found.count - len(found.visits)))
            return "\n".join(lines)
        return None

    def line(self, row: VisitRow) -> str:
        where = self._divisions.name(row.township) or self._divisions.name(row.county)
        return " ".join(part for part in (row.names, where) if part) or "—"

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return "周" + "一二三四五六日"[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        return None


class _Cells(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Model)
        day = model.day(index)
        if day is None:
            return
        t = theme.tokens()
        box: QRect = option.rect  # type: ignore[attr-defined]
        inside = (day.year, day.month) == model.month
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        quiet = day.weekday() > 4 or not inside
        painter.fillRect(box, QColor(t.accent_soft if chosen else t.bg if quiet else t.surface))
        painter.setPen(QColor(t.line))
        if index.column() < 6:
            painter.drawLine(box.topRight(), box.bottomRight())
        if index.row() < 5:
            painter.drawLine(box.bottomLeft(), box.bottomRight())
        self._number(painter, box, day, inside)
        found = model.of(day)
        if found is not None:
            self._visits(painter, box, found, model, inside)
        if chosen:
            widget = option.widget  # type: ignore[attr-defined]
            painter.setPen(QPen(QColor(t.accent if widget.hasFocus() else t.handle), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(box).adjusted(0.75, 0.75, -1.75, -1.75))
        painter.restore()

    def _number(self, painter: QPainter, box: QRect, day: date, inside: bool) -> None:
        t = theme.tokens()
        font = QFont(caption_font(painter.font()))
        text = str(day.day) if inside else f"{day.month}-{day.day}"
        place = QRectF(box.left() + 4, box.top() + 3, 22 if inside else 40, 18)
        if day == date.today():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.accent))
            painter.drawRoundedRect(place, 9, 9)
            painter.setPen(QColor(t.on))
            font.setBold(True)
        else:
            quiet = day.weekday() > 4 or not inside
            painter.setPen(QColor(t.sub if quiet else t.text))
        painter.setFont(font)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _visits(self, painter: QPainter, box: QRect, found: Day, model: _Model, inside: bool) -> None:
        t = theme.tokens()
        painter.setFont(caption_font(painter.font()))
        metrics = painter.fontMetrics()
        middle = Qt.AlignmentFlag.AlignVCenter
        room = max((box.height() - _HEAD - 2) // _LINE, 0)
        fits = room if found.count <= room else room - 1
        lines = found.visits[: max(fits, 0)]
        if not lines:
            painter.setPen(QColor(t.sub))
            place = QRect(box.left() + 30, box.top() + 3, box.width() - 36, 18)
            painter.drawText(
                place, middle | Qt.AlignmentFlag.AlignRight, model.tr("{0} 条").format(found.count)
            )
            return
        y = box.top() + _HEAD
        for v in lines:
            sign = QRectF(box.left() + 6, y + (_LINE - SIGN) / 2, SIGN, SIGN)
            draw_state(painter, sign, state_of(v))
            painter.setPen(QColor(t.text if inside else t.sub))
            width = box.width() - SIGN - 14
            text = metrics.elidedText(model.line(v), Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(box.left() + SIGN + 10, y, width, _LINE), middle, text)
            y += _LINE
        if found.count > len(lines):
            painter.setPen(QColor(t.sub))
            more = model.tr("另 {0} 条").format(found.count - len(lines))
            painter.drawText(QRect(box.left() + SIGN + 10, y, box.width() - SIGN - 14, _LINE), middle, more)


class _Grid(QTableView):
    """Arrow keys go from day to day, also into the next month; PageUp and PageDown from month to month."""

    stepped = Signal(int)
    monthStepped = Signal(int)

    def __init__(self, model: _Model) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_Cells(self))
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        for header in (self.verticalHeader(), self.horizontalHeader()):
            header.setMinimumSectionSize(24)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setHighlightSections(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        months = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in steps:
            self.stepped.emit(steps[key])
        elif key in months:
            self.monthStepped.emit(months[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            at = self.currentIndex()
            self.stepped.emit((0 if key == Qt.Key.Key_Home else 6) - max(at.column(), 0))
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()  # six weeks are always whole in view
        if event.angleDelta().y():
            self.monthStepped.emit(-1 if event.angleDelta().y() > 0 else 1)


class MonthCalendar(QWidget):
    """`monthChanged` asks for another month's visits, `chosen` carries the day (ISO), `opened` one to be listed."""

    monthChanged = Signal(int, int)
    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, divisions: Divisions) -> None:
        super().__init__()
        self.model = _Model(divisions, self)
        self.day = date.today()
        self.grid = _Grid(self.model)
        self.grid.setAccessibleName(self.tr("月历"))
        self.title = label("", "cardtitle")
        self.sums = label("", "caption")
        self.back = button(self.tr("上一月"), "tool", icon="back", on_click=lambda: self.step_month(-1))
        self.back.setToolTip(self.tr("上一月（PageUp）"))
        self.next = button(self.tr("下一月"), "tool", icon="next", on_click=lambda: self.step_month(1))
        self.next.setToolTip(self.tr("下一月（PageDown）"))
        head = QHBoxLayout()
        head.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.GAP)
        head.setSpacing(Size.GAP)
        for part in (self.back, self.next, self.title, self.sums):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(Legend())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        self.setFocusProxy(self.grid)
        self.grid.stepped.connect(self.step_days)
        self.grid.monthStepped.connect(self.step_month)
        self.grid.clicked.connect(self._clicked)
        self.grid.activated.connect(lambda _index: self.opened.emit(self.day.isoformat()))
        self.show_month(Month(self.day.year, self.day.month, {}, 0, 0))

    def show_month(self, month: Month) -> None:
        """Show what a month's page holds."""
        if (month.year, month.month) != (self.day.year, self.day.month):
            return  # another has been asked for since
        self.title.setText(self.tr("{0}年{1}月").format(month.year, month.month))
        self.sums.setText(
            self.tr("本月 {0} 条 · {1} 天").format(f"{month.visits:,}", days_text(month.half_days))
            if month.visits
            else self.tr("本月没有符合条件的记录")
        )
        self.model.show(month.year, month.month, month.days)
        self._mark()

    def go_to(self, day: date) -> None:
        """Choose a day, in whatever month."""
        if not date(1900, 1, 31) < day < date(2199, 12, 1):
            return
        other = (day.year, day.month) != (self.day.year, self.day.month)
        self.day = day
        if other:
            self.show_month(Month(day.year, day.month, {}, 0, 0))
            self.sums.setText("")
            self.monthChanged.emit(day.year, day.month)
        else:
            self._mark()
        self.chosen.emit(day.isoformat())

    def step_days(self, step: int) -> None:
        """So many days on."""
        self.go_to(date.fromordinal(self.day.toordinal() + step))

    def step_month(self, step: int) -> None:
        """So many months on, on the same day or the month's last."""
        year, month = divmod(self.day.year * 12 + self.day.month - 1 + step, 12)
        day = self.day.day
        while True:
            try:
                self.go_to(date(year, month + 1, day))
                return
            except ValueError:
                day -= 1

    def _mark(self) -> None:
        if self.day in self.model.days:
            at = self.model.days.index(self.day)
            self.grid.setCurrentIndex(self.model.index(at // 7, at % 7))

    def _clicked(self, index: QModelIndex) -> None:
        day = self.model.day(index)
        if day is not None:
            self.go_to(day)


class Legend(QWidget):
    """What the signs of the states mean."""

    _STATES = ("passed", "submitted", "returned", "draft")

    def __init__(self) -> None:
        super().__init__()
        self.setFont(caption_font(self.font()))
        metrics = self.fontMetrics()
        self._places: list[tuple[int, str]] = []
        x = 0
        for state in self._STATES:
            self._places.append((x, state))
            x += SIGN + 4 + metrics.horizontalAdvance(STATES[state]) + 12
        self.setFixedSize(x, 20)
        self.setAccessibleName(self.tr("图例：圆点审核通过，圆圈待审核，叉已退回，短线草稿"))

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setFont(caption_font(self.font()))
        for x, state in self._places:
            draw_state(painter, QRectF(x, (self.height() - SIGN) / 2, SIGN, SIGN), state)
            painter.setPen(QColor(theme.tokens().sub))
            painter.drawText(
                QRect(x + SIGN + 4, 0, self.width(), self.height()),
                Qt.AlignmentFlag.AlignVCenter,
                STATES[state],
            )
        painter.end()
