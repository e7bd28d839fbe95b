"""约定任务: what a team has agreed to do, by due date, with the form of the one chosen."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from commissioner_app import teams
from commissioner_app.ledgers import Outcome
from commissioner_app.rows import TaskRow
from ui import editing
from ui.context import Context
from ui.history.conflicts import ConflictBar
from ui.teams.entry import TaskEntry, read_task
from ui.teams.fields import set_editable
from ui.teams.tasklist import TASK, TaskList
from ui.theme import Size
from ui.widgets.basic import Combo, button, label
from ui.widgets.dateedit import PeriodField

RESULT_HEIGHT = 52


class TaskPanel(QWidget):
    """``edited`` comes while typing, ``changed`` after a task was saved or deleted.

    The buttons ``add`` and ``remove`` stand in the foot of the editor around it.
    """

    edited = Signal()
    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._team = ""
        self._current = ""
        self._new = self._saving = self._own = self._quiet = False
        self._entry: TaskEntry | None = None
        self._editable = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Size.GAP, 0, 0)
        column.setSpacing(Size.GAP)
        self.list = TaskList()
        self.title, self.period = QLineEdit(), PeriodField()
        self.list.currentItemChanged.connect(lambda *_: self._moved())
        self.list.itemActivated.connect(lambda _item: self.title.setFocus())
        self.list.deletePressed.connect(self.delete)
        self.nothing = label(self.tr("还没有约定任务。"), "caption", wrap=True)
        self.add = button(self.tr("新增任务"), icon="add", on_click=self.begin)
        self.remove = button(self.tr("删除"), "danger", on_click=self.delete)
        self.remove.setToolTip(self.tr("删除选中的任务（Delete）"))
        self.notice = label("", "notice", tone="bad", wrap=True)
        self.notice.hide()
        self.conflicts = ConflictBar(context)
        self.sheet = editing.Sheet(2)
        self.state = Combo()
        for state in teams.TASK_STATES:
            self.state.addItem(state, state)
        result = QPlainTextEdit()
        result.setFixedHeight(RESULT_HEIGHT)
        result.setTabChangesFocus(True)
        tr, add = self.tr, self.sheet.add
        add("title", tr("任务"), self.title, span=2, required=True)
        add("period", tr("开始日期、完成期限"), self.period, span=2)
        add("state", tr("进度"), self.state, span=2)
        add("result", tr("完成情况"), result, span=2)
        self.sheet.edited.connect(lambda _name: self.edited.emit())
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        column.addWidget(self.notice)
        column.addWidget(self.conflicts)
        column.addWidget(self.sheet)
        self._rest = QWidget()
        column.addWidget(self._rest, 1)
        self.show_tasks("", [])

    def set_editable(self, editable: bool) -> None:
        """Whether tasks may be changed here."""
        self._editable = editable
        set_editable(self.sheet, editable)

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        return [self.list, *self.sheet.fields(), self.add, self.remove]

    # -- showing ---------------------------------------------------------------------------------------

    def show_tasks(self, team: str, tasks: Sequence[TaskRow]) -> None:
        """Show a team's tasks; the one that is open stays open, and what is being typed stays."""
        if team != self._team:
            self._team, self._current, self._new, self._entry = team, "", False, None
            self.sheet.load({})
        self._quiet = True
        self.list.show_tasks(tasks)
        known = [task.id for task in tasks]
        if self._current not in known and not self.dirty() and not self._new:
            self._current = known[0] if known else ""
        self.list.choose(self._current)
        self._quiet = False
        self.nothing.setVisible(not tasks)
        self.list.setVisible(bool(tasks))
        self._read()

    def _read(self) -> None:
        self._show_form()
        own, self._own = self._own, False
        if not self._current or self._saving or (self.dirty() and not own):
            return
        ledger, task = self._context.ledger, self._current
        self._context.read(
            lambda: read_task(ledger, task), lambda entry: self._show(entry, own), self, "task"
        )

    def _show(self, entry: TaskEntry | None, own: bool) -> None:
        if entry is None or entry.task != self._current or (self.dirty() and not own):
            return
        self._entry = entry
        self.sheet.load(entry.values, own)
        self.sheet.mark_disputed(entry.disputed)
        self.conflicts.show_records([entry.task] if entry.disputed else [])
        self._tell("")
        self.edited.emit()

    def _show_form(self) -> None:
        any_open = self._new or bool(self._current)
        self.sheet.setVisible(any_open)
        self._rest.setVisible(not self.list.count())
        self.remove.setEnabled(bool(self._current) and not self._new)

    def _moved(self) -> None:
        item = self.list.currentItem()
        if self._quiet or item is None:
            return
        task: TaskRow = item.data(TASK)
        if task.id != self._current or self._new:
            self._settle(lambda: self._open(task.id), self._back)

    def _open(self, task: str) -> None:
        self._current, self._new, self._entry = task, False, None
        self.sheet.load({})
        self._read()

    def _back(self) -> None:
        self._quiet = True
        self.list.choose(self._current)
        self._quiet = False

    def _settle(self, then: Callable[[], object], stay: Callable[[], object]) -> None:
        editing.settle(self, self, self.tr("约定任务"), then, stay)

    # -- changing --------------------------------------------------------------------------------------

    def begin(self) -> None:
        """A new task."""

        def start() -> None:
            self._new, self._entry, self._current = True, None, ""
            self._quiet = True
            self.list.setCurrentRow(-1)
            self._quiet = False
            self.sheet.load({"state": teams.TASK_STATES[0]})
            self.conflicts.hide()
            self._show_form()
            self.title.setFocus()
            self.edited.emit()

        self._settle(start, self.title.setFocus)

    def is_new(self) -> bool:
        """Whether a task is being made."""
        return self._new

    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return (self._new or bool(self._current)) and self.sheet.dirty()

    def discard(self) -> None:
        """Back to what the ledger holds; a new task is given up."""
        self.sheet.revert()
        self._tell("")
        if self._new:
            self._new = False
            self._current = next((t.id for t in self.list.tasks()), "")
            self._back()
        self._read()
        self.edited.emit()

    def save(self, then: Callable[[], object] | None = None) -> bool:
        """Save the task that is open; False (and the cursor in the field) if something is wrong."""
        if not self.dirty() and not self._new:
            if then is not None:
                then()
            return True
        if self.sheet.first_invalid():
            return False
        task, state = (None if self._new else self._current), self.sheet.state()
        values = {n: v for n, v in state.items() if v is not None} if task is None else self.sheet.changes()
        opened = self._entry.opened if self._entry and task else None
        ledger, team = self._context.ledger, self._team
        self._saving = True

        def done(outcome: Outcome) -> None:
            self._saving, self._own, self._new = False, True, False
            self._current = task or next(iter(outcome.records.get("team_task", [])), "")
            self.sheet.accept(state)
            self._tell("")
            self.edited.emit()
            self.changed.emit()
            if then is not None:
                then()

        def refuse(sentence: str) -> None:
            self._saving = False
            self._tell(sentence)

        self._context.do(
            lambda: teams.save_task(ledger, team, task, values, opened),
            self.tr("已保存任务“{0}”").format(state["title"]),
            done=done,
            failed=refuse,
            owner=self,
        )
        return True

    def delete(self) -> None:
        """Delete the task that is open; 撤销 brings it back."""
        item, ledger, task = self.list.currentItem(), self._context.ledger, self._current
        if not task or self._new or not self._editable or item is None:
            return
        self.sheet.revert()
        self._context.do(
            lambda: teams.delete_task(ledger, task),
            self.tr("已删除任务“{0}”").format(item.text()),
            done=lambda _outcome: self.changed.emit(),
            owner=self,
        )

    def _tell(self, text: str) -> None:
        self.notice.setText(text)
        self.notice.setVisible(bool(text))
