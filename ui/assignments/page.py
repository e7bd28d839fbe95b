"""受援县安排: the board of columns, its filters and what is to be noted, and the detail of a card."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import assignments, batches, paths
from commissioner_app.divisions import FIRST_COUNTIES
from ui import editing
from ui.assignments.board import Board
from ui.assignments.cards import CardText
from ui.assignments.detail import StayPanel
from ui.assignments.menus import card_menu
from ui.assignments.mover import Mover
from ui.assignments.noticebar import EMPTY
from ui.assignments.reading import BoardRead, columns_of, read_board
from ui.assignments.tools import BoardTools
from ui.context import Context
from ui.shell.page import Page
from ui.theme import Size
from ui.widgets.basic import label
from ui.widgets.empty import EmptyState


class AssignmentsPage(Page):
    """`wants` asks for another page with something to show."""

    key = "assignments"
    icon = "assignment"
    shows = frozenset(
        {"appointment", "appointment_person", "assignment", "attachment", "batch", "category", "commissioner",
         "organisation", "recipient", "station", "visit"}
    )  # fmt: skip
    wants = Signal(str, object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._read = BoardRead()
        self._batch = context.batch.id if context.batch else ""
        self._unfolded: set[str] = set()
        self._enter = False
        self._wanted: str | None = None
        self.tools = BoardTools(context, self._default_day())
        self.day, self.fold = self.tools.day, self.tools.fold
        self.board = Board()
        self.panel = StayPanel(context)
        self.mover = Mover(context, self, self.tools.move_button)
        self.foot = label("", "caption")
        self.empty = EmptyState(
            "assignment",
            self.tr("名额录入后，在这里安排到各受援县。"),
            action=self.tr("去录入名额"),
            link=self.tr("从 Excel 导入名单"),
        )
        self._lay_out()
        self._connect()
        self._heed_rights()
        self.fold.setChecked(bool(paths.read_settings().get("board_detail", False)))
        self._unfold_panel(self.fold.isChecked())

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP)
        whole.setSpacing(Size.GAP)
        whole.addWidget(self.tools)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP + 4)
        row.addWidget(self.board, 1)
        row.addWidget(self.panel)
        whole.addLayout(row, 1)
        whole.addWidget(self.foot)
        whole.addWidget(self.empty, 1)
        self.empty.hide()

    def _connect(self) -> None:
        self.day.changed.connect(lambda _day: self.reload())
        self.tools.today.clicked.connect(self.go_to_today)
        self.tools.narrowed.connect(self._show_board)
        self.tools.noticed.connect(self._look_into)
        self.tools.move_button.clicked.connect(lambda: self.mover.ask())
        self.fold.toggled.connect(self._unfold_panel)
        b = self.board
        b.words = self.mover.words
        b.moved.connect(self.mover.assign)
        b.chosen.connect(self._choose)
        b.selected.connect(self._show_foot)
        b.opened.connect(self._open)
        b.moveWanted.connect(lambda: self.mover.ask())
        b.menuWanted.connect(lambda at: card_menu(self, at))
        b.unfolded.connect(self.unfold_county)
        b.folded.connect(self._fold_county)
        p = self.panel
        p.settled.connect(self.reload)
        p.filled.connect(self._order)
        p.moveWanted.connect(lambda: self.mover.ask())
        p.addWanted.connect(
            lambda: self.mover.add_stay(p.card(), p.add_button.mapToGlobal(QPoint(0, -9 * Size.CONTROL)))
        )
        p.left.connect(lambda: self.settle(self.board.focus))
        p.personWanted.connect(lambda place: self.wants.emit("commissioners", place))
        self.empty.begun.connect(lambda: self.wants.emit("commissioners", "new"))
        self.empty.linked.connect(lambda: self.wants.emit("commissioners", None))
        for keys, do in (
            ("Ctrl+M", lambda: self.mover.ask()),
            ("Ctrl+D", self.fold.toggle),
            ("Ctrl+F", self.tools.filter.setFocus),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    def _heed_rights(self) -> None:
        self.tools.heed_rights()
        self.board.set_movable(assignments.may_move(self._context.rights), self.tr("还没有名额"))

    # -- showing ---------------------------------------------------------------------------------------

    def caption(self) -> str:
        return self.tr("{0} 个名额").format(f"{len(self._read.places):,}") if self._read.places else ""

    def activated(self) -> None:
        self._enter = not self.board.counties()
        self.board.focus()

    def _default_day(self) -> str:
        return batches.reference_day(self._context.batch)

    def on(self) -> str:
        """The day that is shown, ISO."""
        day = self.day.value()
        return day.isoformat() if day else self._default_day()

    def other_day(self) -> bool:
        """Whether somebody has chosen another day than today's."""
        return self.on() != self._default_day()

    def read(self) -> BoardRead:
        """What the board shows."""
        return self._read

    def go_to_today(self) -> None:
        """Show today's board, kept within the service period."""
        self.day.set_value(date.fromisoformat(self._default_day()))
        self.reload()

    def refresh(self, kinds: frozenset[str]) -> None:
        batch = self._context.batch
        if (batch.id if batch else "") != self._batch:
            self._batch = batch.id if batch else ""
            self._unfolded = set()
            self.board.cut([])
            self.day.set_value(date.fromisoformat(self._default_day()))
        if "station" in kinds:
            self._heed_rights()
        self.reload()

    def reload(self) -> None:
        """Read the board anew as of the day chosen."""
        c, on = self._context, self.on()
        batch, period, divisions = c.batch, c.period, c.divisions
        c.read(lambda: read_board(c.ledger, batch, period, on, divisions), self._show, self, "board")

    def _show(self, read: BoardRead) -> None:
        self._read = read
        nothing = not read.places
        self.empty.setVisible(nothing)
        for part in (self.tools, self.board, self.foot):
            part.setVisible(not nothing)
        self.panel.setVisible(not nothing and self.fold.isChecked())
        self.tools.today.setEnabled(self.other_day())
        self.tools.show_read(read)
        self._show_board()
        self.captionChanged.emit(self.caption())

    def _show_board(self) -> None:
        c, wanted = self._context, self.tools.wanted(self._read)
        may = assignments.may_move(c.rights)
        always = FIRST_COUNTIES if may else [c.county] if c.county else []
        columns, shelf = columns_of(self._read, c.divisions, wanted, self._unfolded, always)
        self.board.show_columns(columns, shelf if may else [])
        self._order()
        if self._enter:
            self._enter = False
            self.board.focus()
        self._after_show()
        self._show_foot()

    def _after_show(self) -> None:
        """Go after what was moved, or to what another page asked for."""
        if self.mover.following is not None:
            moved, county = self.mover.following
            there = {p.id for p in self._read.places if county in (p.counties(self._read.on) or [""])}
            if all(p in there for p in moved):
                self.mover.following = None
                self.board.choose(moved, county)
        if self._wanted is not None:
            found = next((p for p in self._read.places if self._wanted in (p.id, p.commissioner)), None)
            if found is not None:
                self._wanted = None
                self.board.choose([found.id])
                self.fold.setChecked(True)

    def _show_foot(self) -> None:
        """How many there are, how many are selected or taken along, and of which kind."""
        parts = [self.tr("共 {0} 个名额").format(f"{len(self._read.places):,}")]
        if self.tools.narrows():
            shown = sum(len(self.board.column(c).list.cards.cards()) for c in self.board.counties())
            parts.append(self.tr("筛选出 {0} 张卡片").format(f"{shown:,}"))
        if cut := self.board.cut_ids():
            parts.append(
                self.tr("已剪切 {0} 个，到目标列按 Ctrl+V 放下，按 Esc 放弃").format(f"{len(cut):,}")
            )
        elif chosen := self.board.selected_cards():
            kinds = [card.place.category_name for card in chosen]
            each = "、".join(f"{kind or '—'} {kinds.count(kind):,}" for kind in dict.fromkeys(kinds))
            parts.append(self.tr("选中 {0} 个（{1}）").format(f"{len(chosen):,}", each))
        self.foot.setText(" · ".join(parts))
        self.tools.move_button.setEnabled(bool(self.board.selected_ids()))

    def _order(self) -> None:
        """Tab goes from the day over the chips and columns to the panel."""
        lists = [self.board.column(county).list for county in self.board.counties()]
        editing.tab_through([*self.tools.stops(), *lists, self.board.shelf.list, *self.panel.stops()])

    def _look_into(self, what: str) -> None:
        """Only the cards that something is pointed out about, all of them selected; or where else it leads."""
        if what == "day":
            self.tools.notices.clear_choice()
            self.go_to_today()
        elif what == EMPTY:
            if self.board.shelf.isVisible():
                self.board.shelf.list.setFocus()
        else:
            self._show_board()
            if what and (found := self._read.noticed(what)):
                self.board.choose(found)

    def unfold_county(self, county: str) -> None:
        """Show a county of the shelf as a column."""
        self._unfolded.add(county)
        self._show_board()
        self.board.enter(county)

    def _fold_county(self, county: str) -> None:
        self._unfolded.discard(county)
        self._show_board()

    def _unfold_panel(self, on: bool) -> None:
        if not on and not self.settle(lambda: None):
            self.fold.setChecked(True)
            return
        self.panel.setVisible(on and bool(self._read.places))
        paths.write_settings(board_detail=on)
        if on:
            self._choose(self.board.current())

    # -- choosing --------------------------------------------------------------------------------------

    def _choose(self, card: CardText | None) -> None:
        shown, several = self.panel.card(), len(self.board.selected_ids())
        same = card is not None and shown is not None and card.place.id == shown.place.id
        if same or not self.panel.dirty():
            if self.fold.isChecked() or card is None:
                self.panel.show_card(card, self.on(), several)
            return
        assert shown is not None
        back = shown.place.id
        self.settle(
            lambda: self.panel.show_card(self.board.current(), self.on()), lambda: self.board.choose([back])
        )

    def _open(self) -> None:
        self.fold.setChecked(True)
        self.panel.enter()

    def settle(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> bool:
        """Do ``then`` once nothing typed would be lost by it; ``stay`` if the user goes on editing."""
        return editing.settle(self, self.panel, self.tr("安排"), then, stay)

    def may_leave(self) -> bool:
        return self.settle(lambda: None)

    def drop_zones(self, files: list[Path]) -> list[QWidget]:
        return self.panel.drop_zones()

    def show_item(self, what: object) -> None:
        """Show a place or a person by id."""
        if isinstance(what, str) and what != "new":
            self._wanted = what
            self.tools.widen()
            self.reload()
