"""受援县安排: which county each place of the batch serves on a day, as a board of cards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from commissioner_app import assignments, batches, paths, places, statistics
from commissioner_app.divisions import FIRST_COUNTIES
from commissioner_app.ledgers import Ledger
from commissioner_app.periods import Period
from commissioner_app.rows import BatchRow, Figures, Named, PlaceRow
from ui import editing
from ui.assignments.board import Board, ColumnText
from ui.assignments.cards import CardText
from ui.assignments.detail import StayPanel
from ui.context import Context
from ui.shell.page import Page
from ui.theme import Size, Tone
from ui.widgets.barchart import number_text
from ui.widgets.basic import button, label
from ui.widgets.chips import ChipRow
from ui.widgets.dateedit import DateField
from ui.widgets.empty import EmptyState

TONES: tuple[Tone, ...] = ("accent", "warn", "info", "plain")


@dataclass(frozen=True)
class BoardRead:
    """What the board is made from."""

    places: list[PlaceRow]
    figures: dict[str, Figures]
    categories: list[Named]


def read_board(ledger: Ledger, batch: BatchRow | None, period: Period, on: str) -> BoardRead:
    """The places as of a day with their figures of the period."""
    return BoardRead(
        places.listed(ledger, batch, on),
        statistics.place_figures(ledger, period)[0],
        batches.categories(ledger, batch.id) if batch else [],
    )


class AssignmentsPage(Page):
    """`wants` asks for another page with something to show."""

    key = "assignments"
    icon = "assignment"
    shows = frozenset(
        {"appointment", "appointment_person", "assignment", "batch", "category", "commissioner", "organisation",
         "visit"}
    )  # fmt: skip
    wants = Signal(str, object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._read = BoardRead([], {}, [])
        self._batch = context.batch.id if context.batch else ""
        self._extra: list[str] = []
        self._enter = False
        self._follow: tuple[list[str], str] | None = None
        self._wanted: str | None = None
        self.day = DateField(date.fromisoformat(batches.reference_day(context.batch)))
        self.day.setFixedWidth(136)
        self.day.setAccessibleName(self.tr("截至日期"))
        self.day.setToolTip(self.tr("看哪一天的安排；改安排时从这一天起"))
        self.chips = ChipRow()
        self.others = button(self.tr("其他县（市、区）"))
        self.others.setMenu(QMenu(self))
        self.fold = button(self.tr("详情"), icon="menu")
        self.fold.setCheckable(True)
        self.fold.setToolTip(self.tr("显示或收起右边的详情（Ctrl+D）"))
        self.board = Board()
        self.panel = StayPanel(context)
        self.empty = EmptyState(
            "assignment",
            self.tr("名额录入后，在这里安排到各受援县。"),
            action=self.tr("去录入名额"),
            link=self.tr("从 Excel 导入名单"),
        )
        self._lay_out()
        self._connect()
        self.fold.setChecked(bool(paths.read_settings().get("board_detail", False)))
        self._unfold(self.fold.isChecked())

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        whole.setSpacing(Size.GAP + 4)
        top = QHBoxLayout()
        top.setSpacing(Size.GAP)
        caption = label(self.tr("截至"), "caption")
        caption.setBuddy(self.day)
        top.addWidget(caption)
        top.addWidget(self.day)
        top.addSpacing(Size.GAP)
        top.addWidget(self.chips, 1)
        top.addWidget(self.others)
        top.addWidget(self.fold)
        whole.addLayout(top)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP + 4)
        row.addWidget(self.board, 1)
        row.addWidget(self.panel)
        whole.addLayout(row, 1)
        whole.addWidget(self.empty, 1)
        self.empty.hide()

    def _connect(self) -> None:
        self.day.changed.connect(lambda _day: self.reload())
        self.chips.changed.connect(lambda _key: self._show_board())
        self.fold.toggled.connect(self._unfold)
        self.board.moved.connect(self.assign)
        self.board.chosen.connect(self._choose)
        self.board.opened.connect(self._open)
        self.panel.settled.connect(self.reload)
        self.panel.filled.connect(self._order)
        self.panel.moveWanted.connect(self.open_menu)
        self.panel.left.connect(lambda: self.settle(self.board.focus))
        self.panel.personWanted.connect(lambda place: self.wants.emit("commissioners", place))
        self.empty.begun.connect(lambda: self.wants.emit("commissioners", "new"))
        self.empty.linked.connect(lambda: self.wants.emit("commissioners", None))
        for keys, do in (("Ctrl+M", self.open_menu), ("Ctrl+D", self.fold.toggle)):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    # -- showing ---------------------------------------------------------------------------------------

    def caption(self) -> str:
        return self.tr("{0} 个名额").format(f"{len(self._read.places):,}") if self._read.places else ""

    def activated(self) -> None:
        self._enter = not self.board.counties()
        self.board.focus()

    def on(self) -> str:
        """The day that is shown, ISO."""
        day = self.day.value()
        return day.isoformat() if day else batches.reference_day(self._context.batch)

    def refresh(self, kinds: frozenset[str]) -> None:
        batch = self._context.batch
        if (batch.id if batch else "") != self._batch:
            self._batch = batch.id if batch else ""
            self._extra = []
            self.day.set_value(date.fromisoformat(batches.reference_day(batch)))
        self.reload()

    def reload(self) -> None:
        """Read the board anew as of the day chosen."""
        c, on = self._context, self.on()
        batch, period = c.batch, c.period
        c.read(lambda: read_board(c.ledger, batch, period, on), self._show, self, "board")

    def _show(self, read: BoardRead) -> None:
        self._read = read
        chips: list[tuple[str, str, int | None]] = [("all", self.tr("全部"), len(read.places))]
        for category in read.categories:
            if count := sum(1 for p in read.places if p.category == category.id):
                chips.append((category.id, category.name, count))
        self.chips.set_chips(chips)
        nothing = not read.places
        self.empty.setVisible(nothing)
        self.board.setVisible(not nothing)
        self.panel.setVisible(not nothing and self.fold.isChecked())
        self._show_board()
        self.captionChanged.emit(self.caption())

    def _show_board(self) -> None:
        on, names = self.on(), self._context.divisions
        homes: dict[str, list[PlaceRow]] = {"": []}
        for place in self._read.places:
            for county in dict.fromkeys(place.counties(on)) or [""]:
                homes.setdefault(county, []).append(place)
        order = [d.code for d in names.counties()]
        ever = {a.county for p in self._read.places for a in p.assignments if a.county}
        shown = [c for c in order if c in FIRST_COUNTIES or c in ever or c in self._extra]
        shown += sorted(c for c in ever if c not in order)
        columns = []
        for county in ["", *shown]:
            here = homes.get(county, [])
            cards = tuple(
                self._card(p, county) for p in here if self.chips.current() in ("all", "", p.category)
            )
            columns.append(
                ColumnText(county, names.name(county) if county else self.tr("待安排"), cards, len(here))
            )
        self.board.show_columns(columns)
        self._fill_others(order, shown)
        self._order()
        if self._enter:
            self._enter = False
            self.board.focus()
        self._after_show(homes)

    def _after_show(self, homes: dict[str, list[PlaceRow]]) -> None:
        """Go after what was moved, or to what another page asked for."""
        if self._follow is not None:
            moved, county = self._follow
            there = {p.id for p in homes.get(county, [])}
            if all(p in there for p in moved):
                self._follow = None
                self.board.choose(moved, county)
        if self._wanted is not None:
            found = next((p for p in self._read.places if self._wanted in (p.id, p.commissioner)), None)
            if found is not None:
                self._wanted = None
                self.board.choose([found.id])
                self.fold.setChecked(True)

    def _card(self, p: PlaceRow, county: str) -> CardText:
        f = self._read.figures.get(p.id, Figures())
        first = [p.organisation_name, p.specialty if p.commissioner else self.tr("待录入")]
        lines = [" · ".join(part for part in first if part)]
        names = self._context.divisions.name
        second = []
        if county:
            stays = [a for a in p.assignments if a.county == county]
            towns = list(dict.fromkeys(names(t) for a in stays for t in a.townships))
            second += ["、".join(towns)] if towns else []
        if f.visits:
            second.append(self.tr("{0} 次 {1} 天").format(f"{f.visits:,}", number_text(f.half_days / 2)))
        elif county and p.commissioner:
            second.append(self.tr("本期还没有服务"))
        if any(a.disputed for a in p.assignments):
            second.insert(0, self.tr("填报不一致"))
        if not county and p.candidate_counties:
            second.append(self.tr("可选：{0}").format("、".join(names(c) for c in p.candidate_counties)))
        if second:
            lines.append(" · ".join(second))
        at = next((n for n, c in enumerate(self._read.categories) if c.id == p.category), 3)
        return CardText(p, p.name or p.code, tuple(lines), TONES[min(at, 3)], not p.commissioner)

    def _order(self) -> None:
        """Tab goes from the day over the chips and columns to the panel."""
        chips: list[QWidget] = list(self.chips.findChildren(QPushButton))
        lists = [self.board.column(county).list for county in self.board.counties()]
        editing.tab_through([self.day, *chips, self.others, self.fold, *lists, *self.panel.stops()])

    def _fill_others(self, order: list[str], shown: list[str]) -> None:
        menu = self.others.menu()
        menu.clear()
        for county in order:
            if county not in shown:
                action = menu.addAction(self._context.divisions.name(county))
                action.triggered.connect(lambda _checked=False, county=county: self.add_county(county))
        self.others.setEnabled(not menu.isEmpty())

    def add_county(self, county: str) -> None:
        """Show the column of one more county."""
        self._extra.append(county)
        self._show_board()
        self.board.ensureWidgetVisible(self.board.column(county), 0, 0)

    def _unfold(self, on: bool) -> None:
        if not on and not self.settle(lambda: None):
            self.fold.setChecked(True)
            return
        self.panel.setVisible(on and bool(self._read.places))
        paths.write_settings(board_detail=on)
        if on:
            self._choose(self.board.current())

    # -- choosing --------------------------------------------------------------------------------------

    def _choose(self, card: CardText | None) -> None:
        shown = self.panel.card()
        same = card is not None and shown is not None and card.place.id == shown.place.id
        if same or not self.panel.dirty():
            self.panel.show_card(card, self.on())
            return
        assert shown is not None
        back = shown.place.id
        self.settle(
            lambda: self.panel.show_card(self.board.current(), self.on()), lambda: self.board.choose([back])
        )

    def _open(self) -> None:
        self.fold.setChecked(True)
        if self.panel.sheets():
            self.panel.sheets()[0].period.setFocus()

    def settle(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> bool:
        """Do ``then`` once nothing typed would be lost by it; ``stay`` if the user goes on editing."""
        return editing.settle(self, self.panel, self.tr("安排"), then, stay)

    def may_leave(self) -> bool:
        return self.settle(lambda: None)

    def show_item(self, what: object) -> None:
        """Show a place or a person by id."""
        if isinstance(what, str) and what != "new":
            self._wanted = what
            self.chips.set_current("all")
            self.reload()

    # -- moving ----------------------------------------------------------------------------------------

    def open_menu(self) -> QMenu:
        """The menu of counties for what is selected; figures are its keys."""
        menu = QMenu(self)
        chosen = self.board.selected_ids()
        names = self._context.divisions
        if not chosen:
            menu.addAction(self.tr("请先选中名额")).setEnabled(False)
        for number, county in enumerate(self.board.counties() if chosen else []):
            key = f"&{number}  " if number < 10 else ""
            action = menu.addAction(key + (names.name(county) if county else self.tr("待安排")))
            action.triggered.connect(lambda _checked=False, county=county: self.assign(chosen, county))
        rest = [d for d in names.counties() if d.code not in self.board.counties()]
        if chosen and rest:
            more = menu.addMenu(self.tr("其他县（市、区）(&O)"))
            for d in rest:
                more.addAction(d.name).triggered.connect(
                    lambda _checked=False, county=d.code: self.assign(chosen, county)
                )
        menu.popup(self._menu_place())
        return menu

    def _menu_place(self) -> QPoint:
        column = self.board.here()
        if column is None:
            return self.mapToGlobal(QPoint(Size.GAP_WIDE, Size.GAP_WIDE))
        box = column.list.visualRect(column.list.currentIndex())
        return column.list.viewport().mapToGlobal(box.bottomLeft() + QPoint(Size.GAP_MID, -Size.GAP_MID))

    def assign(self, chosen: list[str], county: str) -> None:
        """Assign places to a county ("" for 待安排) from the day shown; the selection goes with them."""
        batch, ledger, on = self._context.batch, self._context.ledger, self.on()
        found = [p for p in self._read.places if p.id in chosen]
        if not found or batch is None:
            self._context.said.emit(self.tr("请先选中名额，再点“+”，或把卡片拖过来。"), False)
            return
        self._follow = ([p.id for p in found], county)
        name = self._context.divisions.name(county)
        what = (
            (found[0].name or found[0].code) if len(found) == 1 else self.tr("{0} 个名额").format(len(found))
        )
        sentence = (
            self.tr("已把{0}安排到{1}").format(what, name)
            if county
            else self.tr("已把{0}放回待安排").format(what)
        )
        self.settle(
            lambda: self._context.do(
                lambda: assignments.move(ledger, batch, found, county or None, on), sentence, owner=self
            )
        )
