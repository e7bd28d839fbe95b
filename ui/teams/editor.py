"""The detail of a team: its fields, its members, its history."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from commissioner_app import history, people, pinyin, teams
from commissioner_app.labels import Reader
from commissioner_app.ledgers import Ledger, Outcome
from commissioner_app.rows import Heads
from commissioner_app.visits import INDUSTRIES
from ui.context import Context
from ui.editing import Sheet, tab_through
from ui.history.conflicts import ConflictBar
from ui.history.steplist import StepList
from ui.teams.members import MemberList
from ui.teams.model import Line
from ui.theme import Size
from ui.widgets.barchart import number_text
from ui.widgets.basic import Combo, button, label, scroll, tabs
from ui.widgets.card import Card
from ui.widgets.pill import Pill
from ui.widgets.suggest import SuggestEdit

WIDTH, NARROW = 372, 336
"""The detail leaves the table more room on a page narrower than WIDE."""
WIDE = 1150
FIELDS = ("name", "level", "industry", "county", "leader", "tasks", "remark")


@dataclass(frozen=True)
class TeamEntry:
    """A team as the form shows it; opened is what an editor has seen."""

    team: str
    values: dict[str, Any]
    opened: Heads
    disputed: frozenset[str]
    organisations: tuple[str, ...]


def read_team(ledger: Ledger, team: str) -> TeamEntry | None:
    """A team, None where it is gone; "" is one that is yet to be made."""
    names = tuple(people.organisation_names(ledger))
    if not team:
        return TeamEntry("", {}, {}, frozenset(), names)
    opened = ledger.seen(team)
    folded = ledger.folded(team)
    if folded is None or folded.deleted:
        return None
    values = {name: folded.values.get(name) for name in FIELDS}
    values["organisation_name"] = (
        Reader(ledger).name("organisation", folded.values.get("organisation")) or None
    )
    disputed = frozenset("organisation_name" if n == "organisation" else n for n in folded.conflicts)
    return TeamEntry(team, values, opened, disputed, names)


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
        self._title = label("", "cardtitle", wrap=True)
        self._pill = Pill()
        self._figures = label("", "caption")
        self._visits = button(
            self.tr("查看服务记录"), "link", on_click=lambda: self.visitsWanted.emit(self.team_id())
        )
        self.notice = label("", "notice", tone="warn", wrap=True)
        self.notice.hide()
        self.conflicts = ConflictBar(context)
        self.more = button(self.tr("更多操作"), "tool", icon="more")
        menu = QMenu(self)
        self.delete_action = menu.addAction(self.tr("删除服务团"))
        self.delete_action.triggered.connect(lambda: self.deleteWanted.emit())
        self.more.setMenu(menu)
        self.sheet = Sheet(2)
        self._leader = Combo()
        self._fields()
        self.members = MemberList()
        self.steps = StepList(self.tr("还没有改动。"))
        self.tabs = tabs(self.tr("基本情况"), self.tr("成员"), self.tr("历史"))
        self.tabs.setAccessibleName(self.tr("基本情况、成员、历史"))
        self.stack = QStackedWidget()
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(1, Size.GAP, Size.GAP + 2, Size.GAP)
        inside.addWidget(self.sheet)
        inside.addStretch(1)
        for part in (scroll(holder), self.members, self.steps):
            self.stack.addWidget(part)
        self.tabs.currentChanged.connect(self._turn)
        self.save_button = button(self.tr("保存"), "primary", shortcut="Ctrl+S", on_click=self.save)
        self.discard_button = button(self.tr("放弃修改"), on_click=self.discard)
        self._lay_out()
        self.sheet.edited.connect(lambda _name: self._edited())
        escape = QShortcut(QKeySequence("Esc"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.left.emit)
        m = self.members
        members = (m.list, m.add, m.leader, m.remove)
        fields = (*self.sheet.fields(), *members, self.discard_button, self.save_button)
        tab_through([self.more, self._visits, self.tabs, *fields])

    def _fields(self) -> None:
        tr, add = self.tr, self.sheet.add
        level, county = Combo(), Combo()
        level.addItem("—", None)
        for each in teams.LEVELS:
            level.addItem(each, each)
        county.addItem("—", None)
        for d in self._context.divisions.counties():
            county.addItem(d.name, d.code)
        self._leader.addItem("—", None)
        for combo in (level, county, self._leader):
            combo.setMinimumContentsLength(4)
            combo.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        tasks, remark = QPlainTextEdit(), QPlainTextEdit()
        for text, height in ((tasks, 88), (remark, 52)):
            text.setFixedHeight(height)
            text.setTabChangesFocus(True)
        industries = [(i, pinyin.initials(i)) for i in INDUSTRIES]
        self.name = QLineEdit()
        add("name", tr("名称"), self.name, span=2, required=True)
        add("level", tr("级别"), level)
        add("industry", tr("产业"), SuggestEdit(lambda: industries))
        add("organisation_name", tr("派出单位"), SuggestEdit(self._organisations), span=2)
        add("county", tr("服务县"), county)
        add("leader", tr("团长"), self._leader)
        add("tasks", tr("任务"), tasks, span=2)
        add("remark", tr("备注"), remark, span=2)

    def _lay_out(self) -> None:
        self.body.setSpacing(Size.TIGHT + 2)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP)
        head.addWidget(self._title, 1)
        head.addWidget(self._pill)
        head.addWidget(self.more)
        self.body.addLayout(head)
        second = QHBoxLayout()
        second.setSpacing(Size.GAP)
        second.addWidget(self._figures, 1)
        second.addWidget(self._visits)
        self.body.addLayout(second)
        self.body.addWidget(self.notice)
        self.body.addWidget(self.conflicts)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.stack, 1)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, Size.GAP, 0, 0)
        foot.addWidget(self.discard_button)
        foot.addStretch(1)
        foot.addWidget(self.save_button)
        self.body.addWidget(self._foot)

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
        self._title.setText(self.tr("新建服务团"))
        self._pill.set("", "plain")
        self._figures.setText(self.tr("保存后添加成员。"))
        self._visits.hide()
        self.more.hide()
        self.members.show_members([], None)
        self.tabs.setCurrentIndex(0)
        for at in (1, 2):
            self.tabs.setTabVisible(at, False)
        self.sheet.load({})
        self._read()
        self.name.setFocus()
        self._edited()

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
        self._title.setText(line.team.name)
        self._pill.set(line.team.level, "accent")
        self.more.show()
        for at in (1, 2):
            self.tabs.setTabVisible(at, True)
        self.tabs.setTabText(1, self.tr("成员 {0}").format(len(line.places)))
        f = line.figures
        self._figures.setText(
            self.tr("本期 {0} 次 · {1} 天 · 培训 {2} 人次").format(
                f"{f.visits:,}", number_text(f.half_days / 2), f"{f.trained:,}"
            )
        )
        self._figures.setToolTip(self._context.period.label or self._context.period.text)
        self._visits.setVisible(f.visits > 0)
        self.members.show_members(line.places, line.team.leader)
        with self.sheet.loading():
            kept = self._leader.currentData()
            self._leader.clear()
            self._leader.addItem("—", None)
            for place in line.places:
                self._leader.addItem(place.name or place.code, place.id)
                self._leader.setItemData(self._leader.count() - 1, place.code, Qt.ItemDataRole.ToolTipRole)
            at = self._leader.findData(kept)
            self._leader.setCurrentIndex(max(at, 0))

    def _read(self, own: bool = False) -> None:
        ledger, team = self._context.ledger, self.team_id()
        self._context.read(lambda: read_team(ledger, team), lambda e: self._show(e, own), self, "team")
        if self.tabs.currentIndex() == 2:
            self._turn(2)

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
        self.notice.style().unpolish(self.notice)
        self.notice.style().polish(self.notice)
        self.notice.setVisible(bool(text))

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self._foot.setVisible(at == 0 or self.dirty())
        if at == 2 and self.team_id():
            ledger, team = self._context.ledger, self.team_id()
            self._context.read(
                lambda: history.records_history(ledger, [team]), self.steps.show_steps, self, "steps"
            )

    # -- changing --------------------------------------------------------------------------------------

    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.sheet.dirty()

    def _edited(self) -> None:
        self.discard_button.setVisible(self.dirty() or self._new)
        self.discard_button.setText(self.tr("取消") if self._new else self.tr("放弃修改"))

    def discard(self) -> None:
        """Back to what the ledger holds; a new team is given up."""
        self.sheet.revert()
        self._tell("", "warn")
        if self._new:
            self._new = False
            self.saved.emit("")
        else:
            self._edited()
            self._read()

    def save(self, then: Callable[[], object] | None = None) -> bool:
        """Save; False (and the cursor in the field) if something is wrong."""
        if not self.dirty() and not self._new:
            if then is not None:
                then()
            return True
        if self.sheet.first_invalid():
            self.tabs.setCurrentIndex(0)
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
