"""特派员: the places of the batch with their people, beside the detail of the one chosen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from commissioner_app import pinyin
from commissioner_app.rows import Named
from ui import editing, icons
from ui.commissioners import transfer
from ui.commissioners.actions import Actions
from ui.commissioners.detail import NARROW, WIDE, WIDTH
from ui.commissioners.duplicates import show_duplicates
from ui.commissioners.editor import PlaceEditor
from ui.commissioners.model import PlacesModel, foot_text, texts_of
from ui.commissioners.reading import Read, chips_of, read_lines
from ui.commissioners.table import PlacesTable
from ui.context import Context
from ui.shell.page import Page
from ui.theme import Size
from ui.widgets.badge import badge_size
from ui.widgets.basic import button, label
from ui.widgets.card import Card
from ui.widgets.chips import ChipRow
from ui.widgets.empty import EmptyState


class CommissionersPage(Page):
    """`wants` asks for another page with something to show."""

    key = "commissioners"
    icon = "commissioner"
    shows = frozenset(
        {"appointment", "appointment_person", "assignment", "batch", "category", "commissioner",
         "commissioner_private", "organisation", "team", "visit", "attachment"}
    )  # fmt: skip
    wants = Signal(str, object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._categories: list[Named] = []
        self._current = ""
        self._wanted: str | None = None
        self._focus_name = self._quiet = False
        self._chip = ""  # the chip to be chosen once the lines have been read
        self.model = PlacesModel(self)
        self.table = PlacesTable()
        self.table.setModel(self.model)
        self.table.compare(False)
        self.table.setIconSize(badge_size(self.tr("新")))
        self.table.setAccessibleName(self.tr("名额和特派员"))
        self.chips = ChipRow()
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选姓名、单位、专业、县，拼音也行"))
        self.filter.setAccessibleName(self.tr("筛选"))
        self.filter.setToolTip(self.tr("筛选（Ctrl+F）"))
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icons.icon("filter"), QLineEdit.ActionPosition.LeadingPosition)
        self.foot = label("", "caption")
        self.editor = PlaceEditor(context, self._taken)
        self.doing = Actions(self, context, self.editor, self.settle)
        self.doing.made.connect(self._made)
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
        self.export_button = button(self.tr("导出表格…"), "tool", icon="export")
        self.export_menu = transfer.export_menu(self, self._context)
        self.export_button.clicked.connect(lambda: self.export_menu.popup(_below(self.export_button)))
        self.duplicates_button = button(
            self.tr("查找重复人员…"), "tool", icon="merge", on_click=self.find_duplicates
        )
        self.columns_button = button(self.tr("选择列"), "tool", icon="columns")
        self.columns_button.clicked.connect(lambda: self.table.column_menu(_below(self.columns_button)))
        for each in (self.import_button, self.export_button, self.duplicates_button, self.columns_button):
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
        e.visitsWanted.connect(lambda what: self.wants.emit("visits", what))
        e.changeWanted.connect(self.doing.change_person)
        e.leaveWanted.connect(self.doing.leave_place)
        e.deletePersonWanted.connect(self.doing.delete_person)
        e.deletePlaceWanted.connect(self.doing.delete_place)
        e.left.connect(self._escape)
        for keys, do in (("Ctrl+F", self._to_filter), ("Ctrl+Shift+N", self.new_button.showMenu)):
            QShortcut(QKeySequence(keys), self).activated.connect(do)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self.table)
        paste.setContext(Qt.ShortcutContext.WidgetShortcut)
        paste.activated.connect(lambda: transfer.paste_in(self, self._context))

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
        if self._later.isActive():  # somebody chose another row while this was read
            self._later.stop()
            self._chosen(self.table.currentIndex().row())
        lines, self._categories, found_teams = read
        self.table.compare(
            next((a.progress.rule_set for a in lines if a.progress and a.progress.rule_set), None) is not None
        )
        self.editor.set_choices(self._categories, found_teams)
        wanted = next((a.place.id for a in lines if self._wanted in (a.place.id, a.place.commissioner)), None)
        if self._wanted and wanted:
            self._wanted = self._current = wanted
        chips = chips_of(lines, self._categories)
        if count := sum(1 for line in lines if self.model.is_imported(line)):
            chips.append(("imported", self.tr("本次导入"), count))
        self.chips.set_chips(chips)
        if self._chip:
            self.chips.set_current(self._chip)
            self._chip = ""
        editing.tab_through(
            [
                self.filter,
                self.new_button,
                self.import_button,
                self.export_button,
                self.duplicates_button,
                self.columns_button,
            ]
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
        names = [h.name for line in lines for h in line.place.people]
        self._context.read(
            lambda: pinyin.warm((t for a in lines for t in texts_of(a)), names), id, self, "pinyin"
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.editor.setFixedWidth(WIDTH if event.size().width() >= WIDE else NARROW)

    def _fill_menu(self) -> None:
        self.new_menu.clear()
        for category in self._categories:
            action = self.new_menu.addAction(self.tr("{0}名额").format(category.name))
            action.triggered.connect(
                lambda _checked=False, category=category.id: self.doing.new_place(category)
            )
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
        self.foot.setText(foot_text(len(lines), len(chosen), shown))

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
        """Show a place or a person by id, "new", {"chip": …, "text": …}, or with "codes" who was just imported."""
        if what == "new":
            self._begin()
        elif isinstance(what, dict) and "codes" in what:
            self.model.imported = frozenset(what["codes"])
            self._chip = str(what["chip"])
            self.filter.clear()
            self.reload()
        elif isinstance(what, dict):
            chip = str(what.get("chip", "all"))
            # The chip may not be there before the list has been read.
            self._chip = "" if self.chips.has(chip) else chip
            self.chips.set_current(chip)
            self.filter.setText(str(what.get("text", "")))
        elif isinstance(what, str):
            batch = self._context.batch.id if self._context.batch else None
            lines = (a for a in self.model.all_lines() if a.place.batch == batch)  # not those of last year
            found = next((a for a in lines if what in (a.place.id, a.place.commissioner)), None)
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

    def _made(self, place: str) -> None:
        """A new place is shown as soon as it has been read, with the cursor in the name."""
        self._wanted, self._focus_name = place, True
        self.filter.clear()
        self.chips.set_current("all")
        self.reload()

    def find_duplicates(self) -> None:
        """查找重复人员."""
        self.settle(lambda: show_duplicates(self, self._context))

    def drop_zones(self, files: list[Path]) -> list[QWidget]:
        return self.editor.drop_zones(files)


def _below(widget: QWidget) -> Any:
    return widget.mapToGlobal(widget.rect().bottomLeft())
