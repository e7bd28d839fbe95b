"""受援单位: the register of recipients, beside the detail of the one chosen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from commissioner_app import paths, pinyin, recipients
from commissioner_app.divisions import Divisions
from commissioner_app.ledgers import Ledger
from commissioner_app.periods import Period
from commissioner_app.recipient_matches import Matcher
from ui import editing, icons
from ui.context import Context
from ui.recipients.duplicates import Duplicates
from ui.recipients.editor import NARROW, WIDE, WIDTH, RecipientEditor
from ui.recipients.model import Line, RecipientsModel, columns, texts_of
from ui.shell.page import Page
from ui.theme import Size
from ui.widgets.basic import Combo, button, label
from ui.widgets.card import Card
from ui.widgets.chips import ChipRow
from ui.widgets.empty import EmptyState
from ui.widgets.table import DataTable


def read_lines(ledger: Ledger, period: Period, divisions: Divisions) -> list[Line]:
    """The lines of the table."""
    name = divisions.name
    return [
        Line(each, name(each.row.county), name(each.row.township), name(each.row.village))
        for each in recipients.register(ledger, period)
    ]


class RecipientsPage(Page):
    """`wants` asks for another page with something to show."""

    key = "recipients"
    icon = "recipient"
    shows = frozenset({"recipient", "visit", "assignment", "batch"})
    wants = Signal(str, object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._current = ""
        self._wanted: str | None = None
        self._quiet = False
        self.model = RecipientsModel(self)
        self.table = DataTable(columns(), keep=lambda layout: paths.write_settings(table_recipients=layout))
        self.table.setModel(self.model)
        kept: Any = paths.read_settings().get("table_recipients")
        self.table.load_layout(kept if isinstance(kept, dict) else None)  # type: ignore[arg-type]
        self.table.setAccessibleName(self.tr("受援单位"))
        self.chips = ChipRow()
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选名称、地点，拼音首字母也行"))
        self.filter.setAccessibleName(self.tr("筛选"))
        self.filter.setToolTip(self.tr("筛选（Ctrl+F）"))
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icons.icon("filter"), QLineEdit.ActionPosition.LeadingPosition)
        self.county = Combo()
        self.county.setAccessibleName(self.tr("受援县"))
        self.county.setFixedWidth(Size.SIDEBAR * 2 // 3)
        self.county.addItem(self.tr("全部受援县"), None)
        for d in context.divisions.counties():
            self.county.addItem(d.name, d.code)
        self.foot = label("", "caption")
        self.merge_two = button(self.tr("合并这两个…"), "link", on_click=self._merge_chosen)
        self.editor = RecipientEditor(context)
        self.new_button = button(
            self.tr("新增单位"), icon="add", shortcut="Ctrl+Shift+N", on_click=self.new_recipient
        )
        self.merge_button = button(self.tr("查重…"), icon="merge", on_click=self.find_duplicates)
        self.merge_button.setToolTip(self.tr("查找重复的单位，合并成一个"))
        self.merge_button.setAccessibleName(self.tr("查找重复单位"))
        self.export_button = button(self.tr("导出表格…"), "tool", icon="export", on_click=self.export_table)
        self.columns_button = button(self.tr("选择列"), "tool", icon="columns")
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
        for each in (
            self.county,
            self.new_button,
            self.merge_button,
            self.export_button,
            self.columns_button,
        ):
            tools.addWidget(each)
        top.addLayout(tools)
        top.addWidget(self.chips)
        card.body.addLayout(top)
        card.body.addWidget(self.table, 1)
        self.foot.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.TIGHT + 2)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(0, 0, Size.GAP_MID, 0)
        bottom.addWidget(self.foot, 1)
        bottom.addWidget(self.merge_two)
        self.merge_two.hide()
        card.body.addLayout(bottom)
        whole.addWidget(card, 1)
        whole.addWidget(self.editor)
        self._empty = EmptyState(
            "recipient",
            "",
            action=self.tr("新增单位"),
            link=self.tr("从 Excel 导入服务记录"),
        )
        self._empty.begun.connect(self.new_recipient)
        self._empty.linked.connect(lambda: self.wants.emit("visits", "import"))
        self.table.set_empty(self._empty)

    def _connect(self) -> None:
        self.chips.changed.connect(lambda _key: self._narrow())
        self.county.currentIndexChanged.connect(lambda _at: self._narrow())
        self.filter.textChanged.connect(lambda _text: self._narrow())
        self.filter.returnPressed.connect(self.table.setFocus)
        self.columns_button.clicked.connect(
            lambda: self.table.column_menu(
                self.columns_button.mapToGlobal(self.columns_button.rect().bottomLeft())
            )
        )
        # Qt goes on selecting after this signal: what it chose is looked at when it is done.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(lambda: self._chosen(self.table.currentIndex().row()))
        self.table.selectionModel().currentRowChanged.connect(self._moved)
        self.table.clicked.connect(lambda _index: self._moved())
        self.table.selected.connect(lambda _count: self._show_foot())
        self.table.activated.connect(lambda _index: self.editor.focus_first())
        e = self.editor
        e.saved.connect(self._saved)
        e.deleteWanted.connect(self._delete)
        e.visitsWanted.connect(self._to_visits)
        e.visitWanted.connect(lambda visit: self.wants.emit("visits", visit))
        e.openWanted.connect(self._open_instead)
        e.nextWanted.connect(self._next)
        e.left.connect(lambda: self.settle(self.table.setFocus))
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self._to_filter)

    # -- showing ---------------------------------------------------------------------------------------

    def caption(self) -> str:
        lines = self.model.all_lines()
        served = sum(1 for line in lines if line.entry.period.visits)
        if not lines:
            return ""
        return self.tr("{0} 家，{1}服务过 {2} 家").format(
            f"{len(lines):,}", self._context.period.label or self.tr("本期"), f"{served:,}"
        )

    def activated(self) -> None:
        if not self.editor.is_new():
            self.table.setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        self.reload()

    def reload(self) -> None:
        """Read the register anew; the one that is open stays open."""
        c = self._context
        period = c.period
        c.read(lambda: read_lines(c.ledger, period, c.divisions), self._show, self, "lines")

    def _show(self, lines: list[Line]) -> None:
        if self._later.isActive():  # somebody chose another row while this was read
            self._later.stop()
            self._chosen(self.table.currentIndex().row())
        if self._wanted and any(line.row.id == self._wanted for line in lines):
            self._current = self._wanted
        counts: dict[str, int] = {}
        for line in lines:
            counts[line.row.kind] = counts.get(line.row.kind, 0) + 1
        chips: list[tuple[str, str, int | None]] = [("all", self.tr("全部"), len(lines))]
        known = [k for k in recipients.KINDS if k in counts]
        for kind in [*known, *sorted(k for k in counts if k and k not in known)]:
            chips.append((f"kind:{kind}", kind, counts[kind]))
        if "" in counts:
            chips.append(("kind:", self.tr("性质未填"), counts[""]))
        self.chips.set_chips(chips)
        editing.tab_through(
            [
                *(self.filter, self.county, self.new_button, self.merge_button, self.export_button),
                *(self.columns_button, *(self.chips.chip(key) for key, _text, _count in chips)),
                *(self.table, self.merge_two, self.editor.more),
            ]
        )
        self._quiet = True
        self.model.show(lines)
        self._narrow()
        self._quiet = False
        self._reselect()
        self._show_empty()
        self.captionChanged.emit(self.caption())
        rows, divisions = [line.row for line in lines], self._context.divisions
        self._context.read(lambda: _prepared(lines, rows, divisions), self.editor.set_matcher, self, "pinyin")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.editor.setFixedWidth(WIDTH if event.size().width() >= WIDE else NARROW)

    def _narrow(self) -> None:
        quiet, self._quiet = self._quiet, True
        self.model.narrow(self.chips.current() or "all", self.county.currentData(), self.filter.text())
        self._quiet = quiet
        if not quiet:
            self._reselect()
        self._show_empty()

    def _reselect(self) -> None:
        """Mark the open recipient in the table again; without one open the first."""
        row, lines = self.model.row_of(self._current), self.model.lines()
        new = self.editor.is_new()
        if row < 0 and lines and not new and not self.editor.dirty():
            self._current, row = lines[0].row.id, 0
        self._quiet = True
        if row >= 0 and not new:
            index = self.model.index(row, 0)
            flag = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
            self.table.scrollTo(index)
        self._quiet = False
        line = self.model.line(self._current)
        if line is not None and not new:
            same = line.row.id == self.editor.recipient_id()
            (self.editor.note if same else self.editor.open)(line)
        self.editor.setVisible(new or line is not None)
        if self._wanted == self._current:
            self._wanted = None
        self._show_foot()

    def _show_empty(self) -> None:
        if not self.model.all_lines():
            self._empty.set_sentence(
                self.tr("这里是企业、合作社、家庭农场、村等受援单位。登记服务时写到的单位会自动列在这里。")
            )
        elif not self.model.lines():
            self._empty.set_sentence(self.tr("没有符合筛选条件的受援单位。"))

    def _show_foot(self) -> None:
        lines, rows = self.model.lines(), self.table.selected_rows()
        chosen = [lines[row] for row in rows if row < len(lines)]
        text = self.tr("共 {0} 家").format(f"{len(lines):,}")
        if len(chosen) > 1:
            text += self.tr("，已选 {0} 家").format(f"{len(chosen):,}")
        shown = chosen if len(chosen) > 1 else lines
        served = sum(1 for line in shown if line.entry.period.visits)
        visits = sum(line.entry.period.visits for line in shown)
        text += self.tr(" · 本期服务过 {0} 家、{1} 次").format(f"{served:,}", f"{visits:,}")
        self.foot.setText(text)
        self.merge_two.setVisible(len(chosen) == 2)

    # -- choosing --------------------------------------------------------------------------------------

    def _moved(self) -> None:
        if not self._quiet:
            self._later.start()

    def _chosen(self, row: int) -> None:
        if not 0 <= row < len(self.model.lines()) or len(self.table.selected_rows()) > 1:
            return
        recipient = self.model.lines()[row].row.id
        if recipient != self._current or (self.editor.is_new() and self.table.selected_rows()):
            self.settle(lambda: self._open(recipient), self._reselect)

    def _open(self, recipient: str) -> None:
        if self.editor.is_new():
            self.editor.discard()
        self._current = recipient
        self._reselect()

    def _open_instead(self, recipient: str) -> None:
        """The one that was being entered is known already: show it, and forget what was begun."""
        if self.editor.is_new():
            self.editor.discard()
            self._show_all(recipient)
        else:
            self.settle(lambda: self._show_all(recipient))

    def _show_all(self, recipient: str) -> None:
        """Open a recipient that a filter may hide."""
        self._clear_filters()
        self._current = recipient
        if self.model.line(recipient) is None:
            self._wanted = recipient
            self.reload()
        else:
            self._reselect()

    def _clear_filters(self) -> None:
        self.filter.clear()
        self.county.setCurrentIndex(0)
        self.chips.set_current("all")

    def settle(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> bool:
        """Do ``then`` once nothing typed would be lost by it; ``stay`` if the user goes on editing."""
        return editing.settle(self, self.editor, self.tr("受援单位"), then, stay)

    def may_leave(self) -> bool:
        return self.settle(lambda: None)

    def show_item(self, what: object) -> None:
        """Show a recipient by its id, begin one ("new"), look for "duplicates", or {"text": …, "county": …}."""
        if what == "new":
            self.new_recipient()
        elif what == "duplicates":
            self.find_duplicates()
        elif isinstance(what, dict):
            self._clear_filters()
            self.filter.setText(str(what.get("text", "")))
            self.county.setCurrentIndex(max(self.county.findData(what.get("county")), 0))
        elif isinstance(what, str):
            self.settle(lambda: self._show_all(what))

    def _to_filter(self) -> None:
        self.filter.setFocus()
        self.filter.selectAll()

    def _next(self) -> None:
        """After Ctrl+Enter: the next of the list; after a new one another new one."""
        row = self.model.row_of(self._current)
        if 0 <= row < len(self.model.lines()) - 1:
            self._open(self.model.lines()[row + 1].row.id)
        self.editor.focus_first()

    # -- doing -----------------------------------------------------------------------------------------

    def new_recipient(self) -> None:
        """Begin a new recipient, in the county that is filtered by or this laptop's."""

        def begin() -> None:
            self._quiet = True
            self.table.clearSelection()
            self._quiet = False
            self.editor.show()
            self.editor.begin(self.county.currentData() or self._context.county)

        self.settle(begin)

    def _saved(self, recipient: str) -> None:
        if recipient:
            self._current = self._wanted = recipient
            line = self.model.line(recipient)
            if line is None:
                self._clear_filters()
        self.reload()

    def _delete(self) -> None:
        line, ledger = self.model.line(self.editor.recipient_id()), self._context.ledger
        if line is not None:
            self.settle(
                lambda: self._context.do(
                    lambda: recipients.delete(ledger, line.row.id),
                    self.tr("已删除{0}").format(line.row.name),
                    owner=self,
                )
            )

    def _to_visits(self, recipient: str) -> None:
        line = self.model.line(recipient)
        if line is not None:
            what = {"recipient": recipient, "label": line.row.name, "always": not line.entry.period.visits}
            self.wants.emit("visits", what)

    def find_duplicates(self) -> None:
        """Compare those that may be one."""
        self.settle(lambda: Duplicates(self._context, self))

    def _merge_chosen(self) -> None:
        lines = self.model.lines()
        chosen = [lines[row].row.id for row in self.table.selected_rows() if row < len(lines)]
        if len(chosen) == 2:
            self.settle(lambda: Duplicates(self._context, self, (chosen[0], chosen[1])))

    def export_table(self) -> None:
        """Write what is listed, as it is ordered, to a table."""
        c = self._context
        stem = paths.free_path(paths.documents(), self.tr("受援单位"), ".xlsx")
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("导出受援单位"), str(stem), self.tr("Excel 表格 (*.xlsx);;CSV (*.csv)")
        )
        if not name:
            return
        path, period = Path(name), c.period
        listed = [line.row.id for line in self.model.lines()]

        def told(rows: int) -> None:
            c.said.emit(self.tr("已导出 {0} 行到 {1}").format(f"{rows:,}", path.name), False)

        c.read(lambda: recipients.export(c.ledger, path, period, listed), told, self, "export")


def _prepared(lines: list[Line], rows: list[recipients.RecipientRow], divisions: Divisions) -> Matcher:
    """Look up the pinyin that the filter needs, and what a new name is compared with; on a worker thread."""
    pinyin.warm(text for line in lines for text in texts_of(line))
    return Matcher(rows, divisions)
