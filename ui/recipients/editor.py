"""The detail of a recipient: its fields, its visits and stays, its history."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from commissioner_app import history, recipients, visits
from commissioner_app.ledgers import Ledger, Outcome
from commissioner_app.periods import Period
from commissioner_app.recipient_matches import Matcher
from commissioner_app.recipients import RecipientRow
from commissioner_app.rows import Heads
from commissioner_app.visits import VisitFilter, VisitRow
from ui.context import Context
from ui.editing import tab_through
from ui.history.conflicts import ConflictBar
from ui.history.steplist import StepList
from ui.recipients.model import Line
from ui.recipients.near import NearHint
from ui.recipients.sheet import PLACE, RecipientSheet
from ui.theme import Size
from ui.widgets.basic import button, label, restyle, roomy_rows, scroll, tabs
from ui.widgets.card import Card
from ui.widgets.pill import Pill

WIDTH, NARROW = 372, 336
"""The detail leaves the table more room on a page narrower than WIDE."""
WIDE = 1150
MOST_VISITS = 100
VISIT = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class RecipientEntry:
    """A recipient as the form shows it; opened is what an editor has seen."""

    recipient: str
    values: dict[str, Any]
    opened: Heads
    disputed: frozenset[str]
    editable: bool


def read_recipient(ledger: Ledger, recipient: str) -> RecipientEntry | None:
    """A recipient, None where it is gone; "" is one that is yet to be made."""
    if not recipient:
        return RecipientEntry("", {}, {}, frozenset(), True)
    opened, folded = ledger.seen(recipient), ledger.folded(recipient)
    if folded is None or folded.deleted:
        return None
    values = {name: folded.values.get(name) for name in recipients.FIELDS}
    return RecipientEntry(recipient, values, opened, folded.conflicts, recipients.may_edit(ledger, recipient))


def read_visits(ledger: Ledger, recipient: str, period: Period) -> list[VisitRow]:
    """The latest visits to a recipient within a period."""
    f = VisitFilter(period.start, period.end, recipient=recipient)
    rowids = visits.listed_rowids(ledger, f, "date", True)[:MOST_VISITS]
    rows = visits.rows(ledger, rowids)
    return [rows[n] for n in rowids if n in rows]


class RecipientEditor(Card):
    """``saved`` carries the recipient's id ("" for a new one given up); the others say what the user wants."""

    saved = Signal(str)
    deleteWanted = Signal()
    visitsWanted = Signal(str)
    visitWanted = Signal(str)
    openWanted = Signal(str)
    nextWanted = Signal()
    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._context = context
        self._entry: RecipientEntry | None = None
        self._line: Line | None = None
        self._new = self._saving = self._own = False
        self.setFixedWidth(WIDTH)
        self._title = label("", "cardtitle", wrap=True)
        self._pill = Pill()
        self._figures = label("", "caption", wrap=True)
        self._visits = button(self.tr("查看服务记录"), "link", on_click=self._want_visits)
        self.notice = label("", "notice", tone="warn", wrap=True)
        self.notice.hide()
        self.conflicts = ConflictBar(context)
        self.near = NearHint(context, self._place_text)
        self.more = button(self.tr("更多操作"), "tool", icon="more")
        menu = QMenu(self)
        self.delete_action = menu.addAction(self.tr("删除受援单位"))
        self.delete_action.triggered.connect(lambda: self.deleteWanted.emit())
        self.more.setMenu(menu)
        self.sheet = RecipientSheet(context.divisions)
        self.visit_list = QListWidget()
        self.visit_list.setAccessibleName(self.tr("本期的服务记录"))
        roomy_rows(self.visit_list, 2 * Size.ROW - Size.GAP_MID)
        self.visit_list.itemActivated.connect(lambda item: self.visitWanted.emit(str(item.data(VISIT))))
        self._stays = label("", "caption", wrap=True)
        self.steps = StepList(self.tr("还没有改动。"))
        self.tabs = tabs(self.tr("基本情况"), self.tr("服务"), self.tr("历史"))
        self.tabs.setAccessibleName(self.tr("基本情况、服务、历史"))
        self.stack = QStackedWidget()
        for part in (self._fields_part(), self._visits_part(), self.steps):
            self.stack.addWidget(part)
        self.tabs.currentChanged.connect(self._turn)
        self.save_button = button(self.tr("保存"), "primary", shortcut="Ctrl+S", on_click=self.save)
        self.discard_button = button(self.tr("放弃修改"), on_click=self.discard)
        self._lay_out()
        self.sheet.edited.connect(self._edited)
        self.near.opened.connect(self.openWanted)
        for keys, do in (("Ctrl+Return", self._save_and_next), ("Ctrl+Enter", self._save_and_next),
                         ("Esc", self.left.emit)):  # fmt: skip
            shortcut = QShortcut(
                QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
            shortcut.activated.connect(do)
        fields = (self.sheet.name, *self.near.links, *self.sheet.fields()[1:])
        last = (self.visit_list, self.discard_button, self.save_button)
        tab_through([self.more, self._visits, self.tabs, *fields, *last])

    def _fields_part(self) -> QWidget:
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(1, Size.GAP, Size.GAP + 2, Size.GAP)
        inside.setSpacing(Size.GAP)
        inside.addWidget(self.near)
        inside.addWidget(self.sheet)
        inside.addStretch(1)
        return scroll(holder)

    def _visits_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, Size.GAP, 0, 0)
        column.setSpacing(Size.GAP)
        column.addWidget(self._stays)
        column.addWidget(self.visit_list, 1)
        return part

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

    def recipient_id(self) -> str:
        """The recipient that is open, "" for a new one or none."""
        return self._line.row.id if self._line and not self._new else ""

    def is_new(self) -> bool:
        """Whether a recipient is being made."""
        return self._new

    def set_matcher(self, matcher: Matcher) -> None:
        """What a new name is compared with."""
        self.near.set_matcher(matcher)

    def begin(self, county: str | None = None) -> None:
        """A new recipient, to begin with in a county."""
        self._new, self._line, self._entry = True, None, None
        self._title.setText(self.tr("新增受援单位"))
        self._pill.set("", "plain")
        self._figures.setText(self.tr("只有名称是必填的，其余可以以后补。"))
        self._visits.hide()
        self.more.hide()
        self.tabs.setCurrentIndex(0)
        for at in (1, 2):
            self.tabs.setTabVisible(at, False)
        self.near.clear()
        self.sheet.put({"where": [county, None, None]})
        self._lock(True)
        self._read()
        self.focus_first()
        self._edited()

    def open(self, line: Line) -> None:
        """Show a recipient; what was typed for another is forgotten (the page has asked)."""
        if self._new or line.row.id != self.recipient_id():
            self._entry, self._new = None, False
            self.near.clear()
            self.sheet.put({})
        self._line = line
        self._show_head()
        self._read()

    def note(self, line: Line) -> None:
        """The recipient may have changed: what is being typed stays, and stays based on what was read."""
        self._line = line
        self._show_head()
        if self._saving:
            return
        if self._own or not self.sheet.dirty():
            own, self._own = self._own, False
            self._read(own)
        else:
            self._tell(self.tr("这个单位刚有别的改动；您填写的内容还在，保存后两处都会留下。"), "info")

    def _show_head(self) -> None:
        line = self._line
        assert line is not None
        self._title.setText(line.row.name)
        self._pill.set(line.row.kind, "accent")
        self.more.show()
        for at in (1, 2):
            self.tabs.setTabVisible(at, True)
        within, ever, stays = line.entry.period, line.entry.ever, line.entry.stays
        text = self.tr("本期服务 {0} 次").format(f"{within.visits:,}")
        if ever.visits > within.visits:
            text += self.tr("，历次 {0} 条").format(f"{ever.visits:,}")
        if last := within.last or ever.last:
            text += self.tr(" · 最近 {0}").format(last)
        self._figures.setText(text)
        period = self._context.period
        self._figures.setToolTip(
            self.tr("{0}（{1}）；草稿和已退回的不计").format(period.label or self.tr("本期"), period.text)
        )
        self._visits.setVisible(ever.visits > 0)
        self._stays.setText(self.tr("有 {0} 段受援县安排列着这个单位。").format(stays))
        self._stays.setVisible(stays > 0)

    def _read(self, own: bool = False) -> None:
        ledger, recipient = self._context.ledger, self.recipient_id()
        self._context.read(
            lambda: read_recipient(ledger, recipient), lambda e: self._show(e, own), self, "recipient"
        )
        if self.tabs.currentIndex():
            self._turn(self.tabs.currentIndex())

    def _show(self, entry: RecipientEntry | None, own: bool) -> None:
        if entry is None or entry.recipient != self.recipient_id():
            return
        if (self._entry is not None or self._new) and self.sheet.dirty() and not own:
            self._entry = self._entry or entry
            return
        self._entry = entry
        if not self._new:
            self.sheet.put(entry.values, own)
        wanted = {part for name in entry.disputed for part in (PLACE if name == "where" else (name,))}
        self.sheet.mark_disputed(wanted)
        self.conflicts.show_records([entry.recipient] if entry.disputed else [])
        self._lock(entry.editable)
        self._tell("" if entry.editable else self._locked_words(), "info")
        self._edited()

    def _locked_words(self) -> str:
        return {
            "county": self.tr("不是本县的受援单位，这里只能查看。"),
            "commissioner": self.tr("别的单位录入的受援单位，这里只能查看。"),
        }.get(self._context.role, self.tr("这个受援单位只能查看。"))

    def _lock(self, editable: bool) -> None:
        for field in self.sheet.fields():
            if isinstance(field, (QLineEdit, QPlainTextEdit)):
                field.setReadOnly(not editable)  # it can still be copied from
            elif isinstance(field, QComboBox):
                field.setEnabled(editable)
        self.save_button.setVisible(editable)
        self.delete_action.setEnabled(editable)

    def read_only(self) -> bool:
        """Whether this laptop may only look at the recipient."""
        return self._entry is not None and not self._entry.editable

    def _tell(self, text: str, tone: str) -> None:
        self.notice.setProperty("tone", tone)
        self.notice.setText(text)
        restyle(self.notice)
        self.notice.setVisible(bool(text))

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self._foot.setVisible(at == 0 or self.dirty())
        recipient, c = self.recipient_id(), self._context
        period = c.period
        if at == 1 and recipient:
            c.read(lambda: read_visits(c.ledger, recipient, period), self._show_visits, self, "visits")
        elif at == 2 and recipient:
            c.read(
                lambda: history.records_history(c.ledger, recipients.members(c.ledger, recipient)),
                self.steps.show_steps,
                self,
                "steps",
            )

    def _show_visits(self, found: list[VisitRow]) -> None:
        self.visit_list.clear()
        for row in found:
            head = "　".join(part for part in (row.date or "—", row.names) if part)
            item = QListWidgetItem(f"{head}\n{' '.join((row.content or row.topic or '—').split())}")
            item.setData(VISIT, row.id)
            item.setToolTip(self.tr("回车打开这条服务记录"))
            self.visit_list.addItem(item)
        if not found:
            item = QListWidgetItem(self.tr("本期没有服务记录。"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.visit_list.addItem(item)

    def _place_text(self, row: RecipientRow) -> str:
        return self._context.divisions.text(row.county, row.township, row.village)

    def _want_visits(self) -> None:
        self.visitsWanted.emit(self.recipient_id())

    # -- changing --------------------------------------------------------------------------------------

    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.sheet.dirty()

    def focus_first(self) -> None:
        """Put the cursor into the name."""
        self.tabs.setCurrentIndex(0)
        self.sheet.name.setFocus()

    def _edited(self, name: str = "") -> None:
        self.discard_button.setVisible(self.dirty() or self._new)
        self.discard_button.setText(self.tr("取消") if self._new else self.tr("放弃修改"))
        if name in ("name", "county", "township"):
            self.near.ask(self.sheet.name.text(), self.sheet.where(), self.recipient_id())

    def discard(self) -> None:
        """Back to what the ledger holds; a new recipient is given up."""
        self.sheet.revert()
        self.near.clear()
        self._tell("", "warn")
        if self._new:
            self._new = False
            self.saved.emit("")
        else:
            self._edited()
            self._read()

    def _save_and_next(self) -> None:
        self.save(self.nextWanted.emit)

    def save(self, then: Callable[[], object] | None = None) -> bool:
        """Save, then do ``then``; False (and the cursor in the field) if something is wrong."""
        if self.read_only() or (not self.dirty() and not self._new):
            if then is not None:
                then()
            return True
        if self.sheet.first_invalid():
            self.tabs.setCurrentIndex(0)
            return False
        entry, recipient, ledger = self._entry, self.recipient_id() or None, self._context.ledger
        state = self.sheet.state()
        values = self.sheet.wanted(whole=recipient is None)
        opened = entry.opened if entry and recipient else None
        self._saving = True

        def done(outcome: Outcome) -> None:
            self._saving, self._own, self._new = False, recipient is not None, False
            self.sheet.accept(state)
            self.near.clear()
            self._tell("", "warn")
            self._edited()
            self.saved.emit(recipient or next(iter(outcome.records.get("recipient", [])), ""))
            if then is not None:
                then()

        def refuse(sentence: str) -> None:
            self._saving = False
            self._tell(sentence, "bad")

        self._context.do(
            lambda: recipients.save(ledger, recipient, values, opened),
            self.tr("已保存{0}").format(state["name"]),
            done=done,
            failed=refuse,
            owner=self,
        )
        return True
