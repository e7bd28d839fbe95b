"""特派员: the places of the batch with their people, beside the detail of the one chosen."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from commissioner_app import batches, exchange, paths, people, pinyin, places, statistics, teams
from commissioner_app.ledgers import Ledger, Outcome
from commissioner_app.periods import Period
from commissioner_app.rows import BatchRow, Figures, Named, TeamRow
from ui import editing, icons
from ui.commissioners import transfer
from ui.commissioners.dialogs import ChangePerson
from ui.commissioners.editor import NARROW, WIDE, WIDTH, PlaceEditor
from ui.commissioners.model import Line, PlacesModel, columns, texts_of
from ui.context import Context
from ui.shell.page import Page
from ui.theme import Size
from ui.widgets.badge import badge_size
from ui.widgets.barchart import number_text
from ui.widgets.basic import button, label
from ui.widgets.card import Card
from ui.widgets.chips import ChipRow
from ui.widgets.empty import EmptyState
from ui.widgets.table import DataTable, Layout

Read = tuple[list[Line], list[Named], list[TeamRow]]


def read_lines(
    ledger: Ledger,
    batch: BatchRow | None,
    period: Period,
    names: Callable[[str], str],
    looked: frozenset[str] = frozenset(),
) -> Read:
    """The lines of the table with the categories and teams of the batch; `looked`: opened since they came."""
    fresh = exchange.arrived(ledger) - looked
    day = batches.reference_day(batch)
    found = places.listed(ledger, batch)
    figures, last = statistics.place_figures(ledger, period)
    lines = [
        Line(
            p,
            figures.get(p.id, Figures()),
            "、".join(names(c) for c in dict.fromkeys(p.counties(day))),
            last.get(p.id, ""),
            bool(fresh and fresh & {p.id, p.commissioner}),
        )
        for p in found
    ]
    batch_id = batch.id if batch else None
    return lines, batches.categories(ledger, batch_id) if batch_id else [], teams.listed(ledger, batch_id)


class CommissionersPage(Page):
    """`wants` asks for another page with something to show."""

    key = "commissioners"
    icon = "commissioner"
    shows = frozenset(
        {"appointment", "appointment_person", "assignment", "batch", "category", "commissioner",
         "commissioner_private", "organisation", "team", "visit"}
    )  # fmt: skip
    wants = Signal(str, object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._categories: list[Named] = []
        self._current = ""
        self._wanted: str | None = None
        self._focus_name = self._quiet = False
        self.model = PlacesModel(self)
        self.table = DataTable(
            columns(), keep=lambda layout: paths.write_settings(table_commissioners=layout)
        )
        self.table.setModel(self.model)
        self.table.load_layout(_kept_layout())
        self.table.setIconSize(badge_size(self.tr("新")))
        self.table.setAccessibleName(self.tr("名额和特派员"))
        self.chips = ChipRow()
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选姓名、单位、专业、县，拼音首字母也行"))
        self.filter.setAccessibleName(self.tr("筛选"))
        self.filter.setToolTip(self.tr("筛选（Ctrl+F）"))
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icons.icon("filter"), QLineEdit.ActionPosition.LeadingPosition)
        self.foot = label("", "caption")
        self.editor = PlaceEditor(context, self._taken)
        self.new_button = button(self.tr("新增名额"), icon="add")
        self.new_button.setToolTip(self.tr("新增名额（Ctrl+Shift+N）"))
        self.new_menu = QMenu(self)
        self.new_button.setMenu(self.new_menu)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        whole = QHBoxLayout(self)
        whole.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        whole.setSpacing(Size.GAP_MID)
        card = Card(flush=True)
        top = QVBoxLayout()
        top.setContentsMargins(Size.GAP_MID, Size.GAP_MID - 4, Size.GAP_MID, 0)
        top.setSpacing(Size.GAP)
        tools = QHBoxLayout()
        tools.setSpacing(Size.GAP)
        tools.addWidget(self.filter, 1)
        tools.addWidget(self.new_button)
        self.import_button = button(
            self.tr("从 Excel 导入名单…"),
            "tool",
            icon="import",
            on_click=lambda: transfer.bring_in(self, self._context),
        )
        self.export_button = button(
            self.tr("导出名单…"),
            "tool",
            icon="export",
            on_click=lambda: transfer.bring_out(self, self._context),
        )
        self.columns_button = button(self.tr("选择列"), "tool", icon="columns")
        self.columns_button.clicked.connect(lambda: self.table.column_menu(_below(self.columns_button)))
        for each in (self.import_button, self.export_button, self.columns_button):
            tools.addWidget(each)
        top.addLayout(tools)
        top.addWidget(self.chips)
        card.body.addLayout(top)
        card.body.addWidget(self.table, 1)
        self.foot.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.TIGHT + 2)
        card.body.addWidget(self.foot)
        whole.addWidget(card, 1)
        whole.addWidget(self.editor)
        self._empty = EmptyState(
            "commissioner",
            self.tr("这里是本批次的名额和特派员。"),
            action=self.tr("新增名额"),
            link=self.tr("从 Excel 导入名单"),
        )
        self._empty.begun.connect(self._begin)
        self._empty.linked.connect(lambda: transfer.bring_in(self, self._context))
        self.table.set_empty(self._empty)

    def _connect(self) -> None:
        self.chips.changed.connect(lambda _key: self._narrow())
        self.filter.textChanged.connect(lambda _text: self._narrow())
        self.filter.returnPressed.connect(self.table.setFocus)
        # Qt goes on selecting after this signal: what it chose is looked at when it is done.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(lambda: self._chosen(self.table.currentIndex().row()))
        self.table.selectionModel().currentRowChanged.connect(self._moved)
        self.table.selected.connect(lambda _count: self._show_foot())
        self.table.activated.connect(lambda _index: self.editor.focus_first())
        e = self.editor
        e.saved.connect(self.reload)
        e.nextWanted.connect(self._next)
        e.visitsWanted.connect(lambda place: self.wants.emit("visits", {"place": place}))
        e.changeWanted.connect(self._change_person)
        e.leaveWanted.connect(self._leave_place)
        e.deletePersonWanted.connect(self._delete_person)
        e.deletePlaceWanted.connect(self._delete_place)
        e.left.connect(self._escape)
        for keys, do in (("Ctrl+F", self._to_filter), ("Ctrl+Shift+N", self.new_button.showMenu)):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    # -- showing ---------------------------------------------------------------------------------------

    def caption(self) -> str:
        lines = self.model.all_lines()
        staffed = sum(1 for line in lines if line.place.commissioner)
        return self.tr("{0} 个名额，已录入 {1} 人").format(f"{len(lines):,}", f"{staffed:,}") if lines else ""

    def activated(self) -> None:
        self.table.setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        self.reload()

    def reload(self) -> None:
        """Read the places anew; the one that is open stays open."""
        c = self._context
        batch, period, names = c.batch, c.period, c.divisions.name
        looked = frozenset(c.looked)
        c.read(lambda: read_lines(c.ledger, batch, period, names, looked), self._show, self, "lines")

    def _show(self, read: Read) -> None:
        lines, self._categories, found_teams = read
        self.editor.set_choices(self._categories, found_teams)
        if self._wanted and any(line.place.id == self._wanted for line in lines):
            self._current = self._wanted
        staffed = sum(1 for line in lines if line.place.commissioner)
        chips: list[tuple[str, str, int | None]] = [
            ("all", self.tr("全部"), len(lines)),
            ("staffed", self.tr("已录入"), staffed),
            ("open", self.tr("待录入"), len(lines) - staffed),
        ]
        for category in self._categories:
            if count := sum(1 for line in lines if line.place.category == category.id):
                chips.append((category.id, category.name, count))
        if count := sum(1 for line in lines if line.fresh):
            chips.append(("arrived", self.tr("新到"), count))
        self.chips.set_chips(chips)
        editing.tab_through(
            [self.filter, self.new_button, self.import_button, self.export_button, self.columns_button]
            + [self.chips.chip(key) for key, _text, _count in chips]
            + [self.table, self.editor.more]
        )
        self._fill_menu()
        self._quiet = True
        self.model.show(lines)
        self._narrow()
        self._quiet = False
        self._reselect()
        self._show_empty()
        self.captionChanged.emit(self.caption())
        self._context.read(lambda: pinyin.warm(t for a in lines for t in texts_of(a)), id, self, "pinyin")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.editor.setFixedWidth(WIDTH if event.size().width() >= WIDE else NARROW)

    def _fill_menu(self) -> None:
        self.new_menu.clear()
        for category in self._categories:
            action = self.new_menu.addAction(self.tr("{0}名额").format(category.name))
            action.triggered.connect(lambda _checked=False, category=category.id: self.new_place(category))
        if not self._categories:
            self.new_menu.addAction(self.tr("先建立选派批次…")).triggered.connect(
                lambda: self.wants.emit("settings", "batch")
            )

    def _narrow(self) -> None:
        quiet, self._quiet = self._quiet, True
        self.model.narrow(self.chips.current() or "all", self.filter.text())
        self._quiet = quiet
        if not quiet:
            self._reselect()
        self._show_empty()

    def _reselect(self) -> None:
        """Mark the open place in the table again; without one open the first."""
        row = self.model.row_of(self._current)
        lines = self.model.lines()
        if row < 0 and not self.editor.dirty() and lines:
            self._current = lines[0].place.id
            row = 0
        line = next((each for each in self.model.all_lines() if each.place.id == self._current), None)
        self._quiet = True
        if row >= 0:
            index = self.model.index(row, 0)
            rows = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(index, rows)
            self.table.scrollTo(index)
        self._quiet = False
        self.editor.setVisible(line is not None)
        if line is not None:
            same = line.place.id == self.editor.place_id()
            (self.editor.note if same else self.editor.open)(line)
        if self._wanted == self._current:
            self._wanted = None
            if self._focus_name:
                self._focus_name = False
                self.editor.focus_first()
        self._show_foot()

    def _show_empty(self) -> None:
        if not self.model.all_lines():
            self._empty.set_sentence(
                self.tr("这里是本批次的名额和特派员，还没有一个。")
                if self._context.batch
                else self.tr("还没有选派批次。在设置中建立批次后，名额和特派员列在这里。")
            )
        elif not self.model.lines():
            self._empty.set_sentence(self.tr("没有符合筛选条件的名额。"))

    def _show_foot(self) -> None:
        lines = self.model.lines()
        chosen = self.table.selected_rows()
        shown = [lines[row] for row in chosen if row < len(lines)] if len(chosen) > 1 else lines
        text = self.tr("共 {0} 个名额").format(f"{len(lines):,}")
        if chosen:
            text += self.tr("，已选 {0} 个").format(f"{len(chosen):,}")
        people_count = sum(1 for line in shown if line.place.commissioner)
        visits = sum(line.figures.visits for line in shown)
        days = sum(line.figures.half_days for line in shown) / 2
        text += self.tr(" · {0} 人 · 服务 {1} 人次、{2} 天").format(
            f"{people_count:,}", f"{visits:,}", number_text(days)
        )
        self.foot.setText(text)

    # -- choosing --------------------------------------------------------------------------------------

    def _moved(self) -> None:
        if not self._quiet:
            self._later.start()

    def _chosen(self, row: int) -> None:
        if not 0 <= row < len(self.model.lines()):
            return
        line = self.model.lines()[row]
        if line.place.id == self._current:
            return
        self.settle(lambda: self._open(line.place.id), self._reselect)

    def _open(self, place: str) -> None:
        self._current = place
        self._reselect()
        line = next((each for each in self.model.all_lines() if each.place.id == place), None)
        if line is not None and line.fresh:
            self._context.looked.update(i for i in (place, line.place.commissioner) if i)
            self.model.looked_at(place)

    def settle(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> bool:
        """Do ``then`` once nothing typed would be lost by it; ``stay`` if the user goes on editing."""
        return editing.settle(self, self.editor, self.tr("名额"), then, stay)

    def may_leave(self) -> bool:
        self._context.keep_looked()
        return self.settle(lambda: None)

    def show_item(self, what: object) -> None:
        """Show a place or a person by id, "new", or {"chip": …, "text": …}."""
        if what == "new":
            self._begin()
        elif isinstance(what, dict):
            self.chips.set_current(str(what.get("chip", "all")))
            self.filter.setText(str(what.get("text", "")))
        elif isinstance(what, str):
            found = next(
                (a for a in self.model.all_lines() if what in (a.place.id, a.place.commissioner)), None
            )
            self.filter.clear()
            self.chips.set_current("all")
            if found is None:
                self._wanted = what
                self.reload()
            else:
                self.settle(lambda: self._open(found.place.id))

    def _to_filter(self) -> None:
        self.filter.setFocus()
        self.filter.selectAll()

    def _next(self) -> None:
        row = self.model.row_of(self._current)
        if 0 <= row < len(self.model.lines()) - 1:
            self._open(self.model.lines()[row + 1].place.id)
        self.editor.focus_first()

    def _escape(self) -> None:
        self.settle(self.table.setFocus)

    # -- doing -----------------------------------------------------------------------------------------

    def _taken(self, code: str, but: str) -> bool:
        return any(line.place.code == code and line.place.id != but for line in self.model.all_lines())

    def _begin(self) -> None:
        if self._context.batch is None:
            self.wants.emit("settings", "batch")
        elif self.new_button.isVisible():
            self.new_button.showMenu()

    def new_place(self, category: str) -> None:
        """One more place of a category, opened for its person."""
        batch, ledger = self._context.batch, self._context.ledger
        if batch is None:
            return

        def made(outcome: Outcome) -> None:
            self._wanted = outcome.records["appointment"][0]
            self._focus_name = True
            self.filter.clear()
            self.chips.set_current("all")
            self.reload()

        self.settle(
            lambda: self._context.do(
                lambda: places.create(ledger, batch, category, {}),
                self.tr("已新增名额"),
                done=made,
                owner=self,
            )
        )

    def _change_person(self) -> None:
        row = self.editor.row()
        if row is not None and row.commissioner:
            self._context.read(lambda: people.spare(self._context.ledger), self._ask_change, self, "spare")

    def _ask_change(self, spare: list[Named]) -> None:
        row = self.editor.row()
        if row is None:
            return
        dialog = ChangePerson(row, spare, batches.reference_day(self._context.batch), self)
        if not dialog.exec():
            return
        name, known, day = dialog.answer()
        ledger = self._context.ledger
        self._do(
            lambda: people.change_person(ledger, row.id, day, commissioner=known, name=name),
            self.tr("{0}自 {1} 起接任").format(name, day),
        )

    def _leave_place(self) -> None:
        row = self.editor.row()
        tenure = (
            next((h.tenure for h in row.people if h.commissioner == row.commissioner), None) if row else None
        )
        if row is not None and tenure is not None:
            ledger = self._context.ledger
            self._do(
                lambda: people.leave_place(ledger, tenure),
                self.tr("已把{0}移出名额，资料保留").format(row.name),
            )

    def _delete_person(self) -> None:
        row = self.editor.row()
        if row is not None and row.commissioner:
            ledger, commissioner = self._context.ledger, row.commissioner
            self._do(
                lambda: people.delete_person(ledger, commissioner),
                self.tr("已删除特派员{0}").format(row.name),
            )

    def _delete_place(self) -> None:
        row = self.editor.row()
        if row is not None:
            ledger, place = self._context.ledger, row.id
            self._do(lambda: places.delete(ledger, place), self.tr("已删除名额 {0}").format(row.code))

    def _do(self, fn: Callable[[], Outcome], sentence: str) -> None:
        self.settle(lambda: self._context.do(fn, sentence, owner=self))


def _kept_layout() -> Layout | None:
    found: Any = paths.read_settings().get("table_commissioners")
    return found if isinstance(found, dict) else None  # type: ignore[return-value]


def _below(widget: QWidget) -> Any:
    return widget.mapToGlobal(widget.rect().bottomLeft())
