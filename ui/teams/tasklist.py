"""The list of a team's agreed tasks: title, state, dates; what is late is marked."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from commissioner_app import teams
from commissioner_app.rows import TaskRow
from ui import theme
from ui.teams.model import Index
from ui.theme import Size, Tone
from ui.widgets.pill import caption_font, paint_pill, pill_width

TASK = Qt.ItemDataRole.UserRole
ROW = 48
_TONES: dict[str, Tone] = {"未开始": "plain", "进行中": "info", "已完成": "accent"}


class _Rows(QStyledItemDelegate):
    """A task: its title with the state as a pill, below them the dates."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        task: TaskRow = index.data(TASK)
        late = teams.overdue(task)
        t = theme.tokens()
        box: QRect = option.rect.adjusted(0, 1, 0, -1)  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.accent_soft if chosen else t.hover))
            painter.drawRoundedRect(box, Size.TIGHT, Size.TIGHT)
        left, right = box.left() + Size.GAP, box.right() - Size.GAP
        word = self.tr("逾期") if late else task.state
        wide = pill_width(painter.font(), word) if word else 0
        if wide:
            place = QRectF(right - wide, box.top() + 3, wide, Size.PILL)
            paint_pill(painter, place, word, "bad" if late else _TONES.get(task.state, "plain"))
        painter.setPen(QColor(t.text))
        upper = QRect(left, box.top() + 2, right - left - wide - Size.GAP, box.height() // 2)
        middle = Qt.AlignmentFlag.AlignVCenter
        title = painter.fontMetrics().elidedText(task.title, Qt.TextElideMode.ElideRight, upper.width())
        painter.drawText(upper, middle, title)
        painter.setFont(caption_font(painter.font()))
        painter.setPen(QColor(t.bad_ink if late and not chosen else t.text if chosen else t.sub))
        lower = QRect(left, box.top() + box.height() // 2, right - left, box.height() // 2 - 2)
        painter.drawText(lower, middle, self.when(task))
        painter.restore()

    def when(self, task: TaskRow) -> str:
        """2022-04-10 至 2022-09-30."""
        if task.starts and task.due:
            return f"{task.starts} 至 {task.due}"
        if task.due:
            return self.tr("{0} 前完成").format(task.due)
        return self.tr("{0} 开始").format(task.starts) if task.starts else self.tr("没有定期限")


class TaskList(QListWidget):
    """``deletePressed`` comes by the Delete key."""

    deletePressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(_Rows(self))
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("约定任务，按期限排列"))

    def show_tasks(self, tasks: Sequence[TaskRow]) -> None:
        """List these."""
        self.clear()
        for task in tasks:
            item = QListWidgetItem(task.title)
            item.setData(TASK, task)
            late = self.tr("，逾期") if teams.overdue(task) else ""
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{task.title}，{task.state}{late}")
            item.setToolTip("\n".join(part for part in (task.title, task.result) if part))
            self.addItem(item)

    def tasks(self) -> list[TaskRow]:
        """What is listed."""
        return [self.item(row).data(TASK) for row in range(self.count())]

    def choose(self, task: str) -> None:
        """Put the keyboard's place on a task, on none if it is not here."""
        ids = [t.id for t in self.tasks()]
        self.setCurrentRow(ids.index(task) if task in ids else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.deletePressed.emit()
        else:
            super().keyPressEvent(event)
