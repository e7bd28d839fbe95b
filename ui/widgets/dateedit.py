"""DateField takes a date as people write it and shows it as 2022-09-28; PeriodField is two of them."""

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QDate, QLocale, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui import icons, theme
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.datetext import Period, parse_date


class DateField(QLineEdit):
    """A date or nothing.

    ``changed`` carries the new date or None once it is settled (Enter, leaving, calendar, arrow keys).
    ``period`` decides the year of a date typed without one; ``clock`` says today.
    """

    changed = Signal(object)

    def __init__(
        self,
        value: date | None = None,
        *,
        period: Period | None = None,
        clock: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._value: date | None = None
        self._clock = clock
        self.period = period
        self.setPlaceholderText(self.tr("如 9.28"))
        action = self.addAction(icons.icon("calendar"), QLineEdit.ActionPosition.TrailingPosition)
        action.setToolTip(self.tr("打开日历（Alt+↓）"))
        action.triggered.connect(self.open_calendar)
        self.editingFinished.connect(self._settle)
        self.set_value(value)

    def value(self) -> date | None:
        """The date that stands in the field, typed or settled; None if it is empty or not a date."""
        return parse_date(self.text(), self._clock(), self.period)

    def set_value(self, value: date | None) -> None:
        """Show a date without sending ``changed``."""
        self._value = value
        self.setText(value.isoformat() if value else "")

    def problem(self) -> str:
        """What is wrong with the text, in words; empty if nothing is."""
        if self.text().strip() and self.value() is None:
            return self.tr("请填写日期，如 2022-09-28、9.28 或 今天")
        return ""

    def open_calendar(self) -> None:
        """Show the month of the date, or of today, below the field."""
        popup = _Calendar(self, self.value(), self._clock())
        popup.picked.connect(self._pick)
        popup.move(self.mapToGlobal(QPoint(0, self.height() + Size.TIGHT)))
        screen = self.screen().availableGeometry()
        size = popup.sizeHint()
        if popup.y() + size.height() > screen.bottom():
            popup.move(popup.x(), self.mapToGlobal(QPoint(0, 0)).y() - size.height() - Size.TIGHT)
        popup.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if event.key() == Qt.Key.Key_F4 or (step and event.modifiers() & Qt.KeyboardModifier.AltModifier):
            self.open_calendar()
        elif step and not self.isReadOnly() and (at := self.value()):
            self._pick(at + timedelta(days=step))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def sizeHint(self) -> QSize:
        """Room for a date and the calendar's sign, whatever the font."""
        written = self.fontMetrics().horizontalAdvance("2022-09-28")
        return QSize(written + 6 * Size.GAP + Size.ICON, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _pick(self, value: date | None) -> None:
        self.setText(value.isoformat() if value else "")
        self._settle()

    def _settle(self) -> None:
        if self.problem():
            return
        value = self.value()
        shown = value.isoformat() if value else ""
        if self.text() != shown:
            self.setText(shown)
        if value != self._value:
            self._value = value
            self.changed.emit(value)


class _Calendar(QFrame):
    picked = Signal(object)

    def __init__(self, field: DateField, value: date | None, today: date) -> None:
        super().__init__(field, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("popup", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP, Size.GAP, Size.GAP, Size.GAP)
        calendar = QCalendarWidget()
        calendar.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
        calendar.setMinimumDate(QDate(1900, 1, 1))
        plain, head = QTextCharFormat(), QTextCharFormat()
        plain.setForeground(QColor(theme.tokens().text))
        head.setForeground(QColor(theme.tokens().sub))
        head.setBackground(QColor(theme.tokens().surface))
        calendar.setHeaderTextFormat(head)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day, plain)
        at = value or today
        calendar.setSelectedDate(QDate(at.year, at.month, at.day))
        calendar.activated.connect(self._take)
        calendar.clicked.connect(self._take)
        column.addWidget(calendar)
        row = QHBoxLayout()
        row.addWidget(button(self.tr("今天"), "link", on_click=lambda: self._finish(today)))
        row.addStretch(1)
        row.addWidget(button(self.tr("清空"), "link", on_click=lambda: self._finish(None)))
        column.addLayout(row)
        calendar.setFocus()

    def _take(self, day: QDate) -> None:
        self._finish(date(day.year(), day.month(), day.day()))

    def _finish(self, value: date | None) -> None:
        self.picked.emit(value)
        self.close()


class PeriodField(QWidget):
    """From–to; ``changed`` carries (from, to), each a date or None, when either has settled."""

    changed = Signal(object)
    edited = Signal()

    def __init__(self, *, clock: Callable[[], date] = date.today, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = DateField(clock=clock)
        self.last = DateField(clock=clock)
        self.first.setAccessibleName(self.tr("开始日期"))
        self.last.setAccessibleName(self.tr("结束日期"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP)
        row.addWidget(self.first, 1)
        row.addWidget(label(self.tr("至"), "sub"))
        row.addWidget(self.last, 1)
        self.setFocusProxy(self.first)
        for field in (self.first, self.last):
            field.changed.connect(lambda _value: self.changed.emit(self.period()))
            field.textChanged.connect(lambda _text: self.edited.emit())

    def period(self) -> tuple[date | None, date | None]:
        """Both dates as they stand."""
        return self.first.value(), self.last.value()

    def set_period(self, first: date | None, last: date | None) -> None:
        """Show a period without sending ``changed``."""
        self.first.set_value(first)
        self.last.set_value(last)

    def problem(self) -> str:
        """What is wrong, in words; empty if nothing is."""
        first, last = self.period()
        if first and last and first > last:
            return self.tr("结束日期早于开始日期")
        return self.first.problem() or self.last.problem()
