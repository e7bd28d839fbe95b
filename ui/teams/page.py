"""服务团: the teams of the batch, beside the detail of the one chosen with its members."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import paths, places, statistics, teams
from commissioner_app.ledgers import Ledger, Outcome
from commissioner_app.periods import Period
from commissioner_app.rows import BatchRow, Figures, PlaceRow
from ui import editing
from ui.commissioners import transfer
from ui.context import Context
from ui.shell.page import Page
from ui.teams.editor import NARROW, WIDE, WIDTH, TeamEditor
from ui.teams.members import AddMembers
from ui.teams.model import Line, TeamsModel, columns
from ui.theme import Size
from ui.widgets.barchart import number_text
from ui.widgets.basic import button, label
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState
from ui.widgets.table import DataTable

Read = tuple[list[Line], list[PlaceRow]]


def read_teams(
    ledger: Ledger, batch: BatchRow | None, period: Period, names: Callable[[str | None], str]
) -> Read:
    """The teams of a batch with their figures, and all places of the batch."""
    found = places.listed(ledger, batch)
    figures = statistics.team_figures(ledger, period)
    agreed = teams.tasks(ledger)
    lines = [
        Line(
            t,
            tuple(p for p in found if p.team == t.id),
            figures.get(t.id, Figures()),
            names(t.county),
            tuple(task for task in agreed if task.team == t.id),
        )
        for t in teams.listed(ledger, batch.id if batch else None)
    ]
    return lines, found


class TeamsPage(Page):
    """`wants` asks for another page with something to show."""

    key = "teams"
    icon = "team"
    shows = frozenset(
        {
            "appointment",
            "appointment_person",
            "batch",
            "commissioner",
            "organisation",
            "team",
            "team_task",
            "visit",
        }
    )
    wants = Signal(str, object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._places: list[PlaceRow] = []
        self._current = ""
        self._quiet = False
        self.model = TeamsModel(self)
        self.table = DataTable(columns(), keep=lambda layout: paths.write_settings(table_teams=layout))
        self.table.setModel(self.model)
        kept: Any = paths.read_settings().get("table_teams")
        self.table.load_layout(kept if isinstance(kept, dict) else None)  # type: ignore[arg-type]
        self.table.setAccessibleName(self.tr("服务团"))
        self.foot = label("", "caption")
        self.editor = TeamEditor(context)
        self.new_button = button(
            self.tr("新建服务团"), icon="add", shortcut="Ctrl+Shift+N", on_click=self.new_team
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        whole = QHBoxLayout(self)
        whole.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        whole.setSpacing(Size.GAP_MID)
        card = Card(flush=True)
        top = QVBoxLayout()
        top.setContentsMargins(Size.GAP_MID, Size.GAP_MID - 4, Size.GAP_MID, 0)
        tools = QHBoxLayout()
        tools.setSpacing(Size.GAP)
        tools.addWidget(label(self.tr("本批次的服务团"), "cardtitle"))
        tools.addStretch(1)
        tools.addWidget(self.new_button)
        self.columns_button = button(self.tr("选择列"), "tool", icon="columns")
        self.columns_button.clicked.connect(
            lambda: self.table.column_menu(
                self.columns_button.mapToGlobal(self.columns_button.rect().bottomLeft())
            )
        )
        tools.addWidget(self.columns_button)
        top.addLayout(tools)
        card.body.addLayout(top)
        card.body.addWidget(self.table, 1)
        self.foot.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.TIGHT + 2)
        card.body.addWidget(self.foot)
        whole.addWidget(card, 1)
        whole.addWidget(self.editor)
        editing.tab_through([self.new_button, self.columns_button, self.table, self.editor.more])
        self._empty = EmptyState(
            "team",
            self.tr("这里是按产业组建的科技特派员服务团，还没有一个。"),
            action=self.tr("新建服务团"),
            link=self.tr("从 Excel 名单导入"),
        )
        self._empty.begun.connect(self.new_team)
        self._empty.linked.connect(lambda: transfer.bring_in(self, self._context))
        self.table.set_empty(self._empty)
        self.new_button.setVisible(teams.may_change(self._context.rights))

    def _connect(self) -> None:
        # Qt goes on selecting after this signal: what it chose is looked at when it is done.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(lambda: self._chosen(self.table.currentIndex().row()))
        self.table.selectionModel().currentRowChanged.connect(self._moved)
        self.table.clicked.connect(lambda _index: self._moved())
        self.table.activated.connect(lambda _index: self.editor.name.setFocus())
        e, m = self.editor, self.editor.members
        e.saved.connect(self._saved)
        e.deleteWanted.connect(self._delete)
        e.visitsWanted.connect(lambda team: self.wants.emit("visits", {"team": team}))
        e.left.connect(lambda: self.settle(self.table.setFocus))
        m.addWanted.connect(self.add_members)
        m.removeWanted.connect(self._remove_members)
        m.leaderWanted.connect(self._lead)
        m.opened.connect(lambda place: self.wants.emit("commissioners", place))
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.table.setFocus)

    # -- showing ---------------------------------------------------------------------------------------

    def caption(self) -> str:
        lines = self.model.lines()
        if not lines:
            return ""
        members = sum(line.people for line in lines)
        return self.tr("{0} 个服务团，成员 {1} 人").format(f"{len(lines):,}", f"{members:,}")

    def activated(self) -> None:
        self.table.setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        self.reload()

    def reload(self) -> None:
        """Read the teams anew; the one that is open stays open."""
        c = self._context
        batch, period, names = c.batch, c.period, c.divisions.name
        c.read(lambda: read_teams(c.ledger, batch, period, names), self._show, self, "teams")

    def _show(self, read: Read) -> None:
        if self._later.isActive():  # somebody chose another row while this was read
            self._later.stop()
            self._chosen(self.table.currentIndex().row())
        lines, self._places = read
        self._quiet = True
        self.model.show(lines)
        self._quiet = False
        self._reselect()
        count, members = len(lines), sum(len(line.places) for line in lines)
        visits, days = sum(a.figures.visits for a in lines), sum(a.figures.half_days for a in lines) / 2
        self.foot.setText(
            self.tr("共 {0} 个服务团，{1} 个名额 · 服务 {2} 次、{3} 天").format(
                f"{count:,}", f"{members:,}", f"{visits:,}", number_text(days)
            )
        )
        self.captionChanged.emit(self.caption())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.editor.setFixedWidth(WIDTH if event.size().width() >= WIDE else NARROW)

    def _reselect(self) -> None:
        lines = self.model.lines()
        row = self.model.row_of(self._current)
        if row < 0 and lines and not self.editor.is_new() and not self.editor.dirty():
            self._current, row = lines[0].team.id, 0
        self._quiet = True
        if row >= 0 and not self.editor.is_new():
            flag = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(
                self.model.index(row, 0), flag.ClearAndSelect | flag.Rows
            )
            line = lines[row]
            same = line.team.id == self.editor.team_id()
            (self.editor.note if same else self.editor.open)(line)
        self._quiet = False
        self.editor.setVisible(row >= 0 or self.editor.is_new())

    # -- choosing --------------------------------------------------------------------------------------

    def _moved(self) -> None:
        if not self._quiet:
            self._later.start()

    def _chosen(self, row: int) -> None:
        if not 0 <= row < len(self.model.lines()):
            return
        team = self.model.lines()[row].team.id
        if team != self._current or (self.editor.is_new() and self.table.selected_rows()):
            self.settle(lambda: self._open(team), self._reselect)

    def _open(self, team: str) -> None:
        if self.editor.is_new():
            self.editor.discard()
        self._current = team
        self._reselect()

    def settle(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> bool:
        """Do ``then`` once nothing typed would be lost by it; ``stay`` if the user goes on editing."""
        return editing.settle(self, self.editor, self.tr("服务团"), then, stay)

    def may_leave(self) -> bool:
        return self.settle(lambda: None)

    def show_item(self, what: object) -> None:
        """Show a team by its id, or begin a new one for "new"."""
        if what == "new":
            self.new_team()
        elif isinstance(what, str):
            self.settle(lambda: self._go(what))

    def _go(self, team: str) -> None:
        self._current = team
        self.reload()

    # -- doing -----------------------------------------------------------------------------------------

    def new_team(self) -> None:
        """Begin a new team."""
        if self._context.batch is None:
            self.wants.emit("settings", "batch")
            return
        if not teams.may_change(self._context.rights):
            self._context.said.emit(teams.why_not(), False)
            return

        def begin() -> None:
            self._quiet = True
            self.table.selectionModel().clear()
            self._quiet = False
            self.editor.begin()
            self.editor.show()
            self.editor.name.setFocus()

        self.settle(begin)

    def _saved(self, team: str) -> None:
        if team:
            self._current = team
        self.reload()

    def _delete(self) -> None:
        line, ledger = self.editor.line(), self._context.ledger
        if line is not None:
            said = self.tr("已删除{0}，名额保留").format(line.team.name)
            if line.tasks:
                said += self.tr("，{0} 项约定任务一并删除").format(len(line.tasks))
            self._do(lambda: teams.delete(ledger, line.team.id), said)

    def add_members(self) -> None:
        """Choose places without a team to join the one that is open."""
        line, ledger = self.editor.line(), self._context.ledger
        if line is None:
            return
        dialog = AddMembers(line.team.name, [p for p in self._places if not p.team], self)
        if dialog.exec() and (chosen := dialog.chosen()):
            self._do(
                lambda: teams.set_members(ledger, line.team.id, chosen, []),
                self.tr("已添加 {0} 个名额").format(len(chosen)),
            )

    def _remove_members(self, chosen: list[str]) -> None:
        line, ledger = self.editor.line(), self._context.ledger
        if line is not None:
            self._do(
                lambda: teams.set_members(ledger, line.team.id, [], chosen),
                self.tr("已移出 {0} 个名额").format(len(chosen)),
            )

    def _lead(self, place: str) -> None:
        line, ledger = self.editor.line(), self._context.ledger
        if line is not None:
            name = next((p.name or p.code for p in line.places if p.id == place), "")
            self._do(
                lambda: teams.save(ledger, line.team.id, {"leader": place}),
                self.tr("已设{0}为团长").format(name),
            )

    def _do(self, fn: Callable[[], Outcome], sentence: str) -> None:
        if teams.may_change(self._context.rights):
            self._context.do(fn, sentence, owner=self)
        else:
            self._context.said.emit(teams.why_not(), False)
