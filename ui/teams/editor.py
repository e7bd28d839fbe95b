"""The detail of a team: its figures, its fields, its members, what it has agreed to do, its history."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from commissioner_app import history, pinyin, teams
from commissioner_app.ledgers import Outcome
from ui.context import Context
from ui.editing import tab_through
from ui.history.conflicts import ConflictBar
from ui.history.steplist import StepList
from ui.teams.agreed import TaskPanel
from ui.teams.entry import TeamEntry, read_team
from ui.teams.fields import TeamFields, set_editable
from ui.teams.head import TeamHead
from ui.teams.members import MemberList
from ui.teams.model import Line
from ui.theme import Size
from ui.widgets.basic import button, label, restyle, scroll, tabs
from ui.widgets.card import Card

WIDTH, NARROW = 372, 336
"""The detail leaves the table more room on a page narrower than WIDE."""
WIDE = 1150
OWN, MEMBERS, TASKS, HISTORY = range(4)
"""The tabs."""


class TeamEditor(Card):
    """``saved`` carries the team's id; the other signals say what the user wants."""

    saved = Signal(str)
    deleteWanted = Signal()
    visitsWanted = Signal(str)
    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._context = context
        self._entry: TeamEntry | None = None
        self._line: Line | None = None
        self._new = self._saving = self._own = False
        self.setFixedWidth(WIDTH)
        self.top = TeamHead(context)
        self.top.deleteWanted.connect(self.deleteWanted)
        self.more, self.figures, self.delete_action = (
            self.top.more, self.top.figures, self.top.delete_action,
        )  # fmt: skip
        self._visits = button(
            self.tr("查看服务记录"), "link", on_click=lambda: self.visitsWanted.emit(self.team_id())
        )
        self.notice = label("", "notice", tone="warn", wrap=True)
        self.notice.hide()
        self.rights = label(teams.why_not(), "notice", tone="info", wrap=True)
        self.rights.hide()
        self.conflicts = ConflictBar(context)
        self.sheet = TeamFields(context.divisions, self._organisations)
        self.name = self.sheet.name
        self.members = MemberList()
        self.tasks = TaskPanel(context)
        self.steps = StepList(self.tr("还没有改动。"))
        self.tabs = tabs(self.tr("资料"), self.tr("成员"), self.tr("任务"), self.tr("历史"))
        self.tabs.setAccessibleName(self.tr("资料、成员、约定任务、历史"))
        self.stack = QStackedWidget()
        self.stack.addWidget(_scrolled(self.sheet))
        self.stack.addWidget(self.members)
        self.stack.addWidget(self.tasks)
        self.stack.addWidget(self.steps)
        self.tabs.currentChanged.connect(self._turn)
        self.save_button = button(self.tr("保存"), "primary", shortcut="Ctrl+S", on_click=self.save)
        self.discard_button = button(self.tr("放弃修改"), on_click=self.discard)
        self._lay_out()
        self.sheet.edited.connect(lambda _name: self._edited())
        self.tasks.edited.connect(self._edited)
        self.tasks.changed.connect(lambda: self.saved.emit(self.team_id()))
        escape = QShortcut(QKeySequence("Esc"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.left.emit)
        m = self.members
        members = (m.list, m.add, m.leader, m.remove)
        fields = (*self.sheet.fields(), *members, *self.tasks.stops(), self._visits, self.discard_button)
        tab_through([self.more, self.tabs, *fields, self.save_button])
        self._heed_rights()

    def _lay_out(self) -> None:
        self.body.setSpacing(Size.TIGHT + 2)
        self.body.addWidget(self.top)
        for part in (self.notice, self.rights, self.conflicts):
            self.body.addWidget(part)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.stack, 1)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, Size.GAP, 0, 0)
        foot.setSpacing(Size.GAP)
        for made in (self._visits, self.tasks.add, self.tasks.remove):
            foot.addWidget(made)
        foot.addStretch(1)
        foot.addWidget(self.discard_button)
        foot.addWidget(self.save_button)
        self.body.addWidget(self._foot)

    def _heed_rights(self) -> None:
        """Who may not change teams sees why, before a click."""
        may = teams.may_change(self._context.rights)
        set_editable(self.sheet, may)
        self.tasks.set_editable(may)
        for part in (self.members.add, self.members.leader, self.members.remove):
            part.setVisible(may)
        self.rights.setVisible(not may)

    # -- showing ---------------------------------------------------------------------------------------

    def team_id(self) -> str:
        """The team that is open, "" for a new one or none."""
        return self._line.team.id if self._line and not self._new else ""

    def is_new(self) -> bool:
        """Whether a team is being made."""
        return self._new

    def line(self) -> Line | None:
        """The team that is open."""
        return None if self._new else self._line

    def begin(self) -> None:
        """A new team."""
        self._new, self._line, self._entry = True, None, None
        self.members.show_members([], None)
        self.tasks.show_tasks("", [])
        self.tabs.setCurrentIndex(OWN)
        self._show_parts()
        self.sheet.load({})
        self._read()
        self.name.setFocus()
        self._edited()

    def _show_parts(self) -> None:
        """A team that is being made has only its own fields."""
        self.top.show_line(self.line())
        for at in (MEMBERS, TASKS, HISTORY):
            self.tabs.setTabVisible(at, not self._new)

    def open(self, line: Line) -> None:
        """Show a team."""
        if self._new or line.team.id != self.team_id():
            self._entry, self._new = None, False
            self.sheet.load({})
        self._line = line
        self._show_head()
        self._read()

    def note(self, line: Line) -> None:
        """The team may have changed: what is being typed stays."""
        self._line = line
        self._show_head()
        if not self._saving and (self._own or not self.sheet.dirty()):
            own, self._own = self._own, False
            self._read(own)

    def _show_head(self) -> None:
        line = self._line
        assert line is not None
        self._show_parts()
        self._heed_rights()
        self.tabs.setTabText(MEMBERS, self.tr("成员 {0}").format(len(line.places)))
        late = teams.overdue_count(line.tasks)
        text = self.tr("任务 {0}").format(len(line.tasks))
        self.tabs.setTabText(TASKS, text + (self.tr("，逾期 {0}").format(late) if late else ""))
        self.members.show_members(line.places, line.team.leader)
        self.tasks.show_tasks(line.team.id, line.tasks)
        self.sheet.offer_leaders(line.places)
        self._edited()

    def _read(self, own: bool = False) -> None:
        ledger, team = self._context.ledger, self.team_id()
        self._context.read(lambda: read_team(ledger, team), lambda e: self._show(e, own), self, "team")
        if self.tabs.currentIndex() == HISTORY:
            self._turn(HISTORY)

    def _show(self, entry: TeamEntry | None, own: bool) -> None:
        if entry is None or entry.team != self.team_id():
            return
        if (self._entry is not None or self._new) and self.sheet.dirty() and not own:
            self._entry = self._entry or entry
            return
        self._entry = entry
        self.sheet.load(entry.values, own)
        self.sheet.mark_disputed(entry.disputed)
        self.conflicts.show_records([entry.team] if entry.disputed else [])
        self._tell("", "warn")
        self._edited()

    def _organisations(self) -> list[tuple[str, str]]:
        return [(n, pinyin.initials(n)) for n in (self._entry.organisations if self._entry else ())]

    def _tell(self, text: str, tone: str) -> None:
        self.notice.setProperty("tone", tone)
        self.notice.setText(text)
        restyle(self.notice)
        self.notice.setVisible(bool(text))

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self._edited()
        if at == HISTORY and self.team_id() and self._line is not None:
            ledger, records = self._context.ledger, [self.team_id(), *(t.id for t in self._line.tasks)]
            self._context.read(
                lambda: history.records_history(ledger, records), self.steps.show_steps, self, "steps"
            )

    # -- changing --------------------------------------------------------------------------------------

    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.sheet.dirty() or self.tasks.dirty()

    def _edited(self) -> None:
        making = self._new or self.tasks.is_new()
        self.discard_button.setVisible(self.dirty() or making)
        self.discard_button.setText(self.tr("取消") if making else self.tr("放弃修改"))
        typing = self.tabs.currentIndex() in (OWN, TASKS) or self.dirty() or making
        self.save_button.setVisible(typing and teams.may_change(self._context.rights))
        choosing = self.tabs.currentIndex() == TASKS and not self.dirty() and not making
        for part in (self.tasks.add, self.tasks.remove):
            part.setVisible(choosing and teams.may_change(self._context.rights))
        line = self.line()
        self._visits.setVisible(
            line is not None and line.figures.visits > 0 and self.tabs.currentIndex() != TASKS
        )

    def discard(self) -> None:
        """Back to what the ledger holds; a new team or task is given up."""
        self.sheet.revert()
        self._tell("", "warn")
        if self.tasks.dirty() or self.tasks.is_new():
            self.tasks.discard()
        if self._new:
            self._new = False
            self.saved.emit("")
        else:
            self._edited()
            self._read()

    def save(self, then: Callable[[], object] | None = None) -> bool:
        """Save what was typed, of the team and of its task; False (and the cursor in the field) if it is wrong."""
        if self.tasks.dirty() or self.tasks.is_new():
            if self.sheet.dirty() and self.sheet.errors():
                self.tabs.setCurrentIndex(OWN)
                self.sheet.first_invalid()
                return False
            self.tabs.setCurrentIndex(TASKS)
            return self.tasks.save(lambda: self._save_own(then))
        return self._save_own(then)

    def _save_own(self, then: Callable[[], object] | None = None) -> bool:
        if not self.sheet.dirty() and not self._new:
            if then is not None:
                then()
            return True
        if self.sheet.first_invalid():
            self.tabs.setCurrentIndex(OWN)
            return False
        entry, batch = self._entry, self._context.batch
        team = self.team_id() or None
        state = self.sheet.state()
        values = self.sheet.changes()
        if team is None:
            values = {n: v for n, v in state.items() if v is not None}
            values["batch"] = batch.id if batch else None
        opened = entry.opened if entry and team else None
        ledger = self._context.ledger
        self._saving = True

        def done(outcome: Outcome) -> None:
            self._saving, self._own, self._new = False, team is not None, False
            self.sheet.accept(state)
            self._tell("", "warn")
            self._edited()
            self.saved.emit(team or next(iter(outcome.records.get("team", [])), ""))
            if then is not None:
                then()

        def refuse(sentence: str) -> None:
            self._saving = False
            self._tell(sentence, "bad")

        self._context.do(
            lambda: teams.save(ledger, team, values, opened),
            self.tr("已保存{0}").format(state["name"]),
            done=done,
            failed=refuse,
            owner=self,
        )
        return True


def _scrolled(inner: QWidget) -> QWidget:
    holder = QWidget()
    inside = QVBoxLayout(holder)
    inside.setContentsMargins(1, Size.GAP, Size.GAP + 2, Size.GAP)
    inside.addWidget(inner)
    inside.addStretch(1)
    return scroll(holder)
