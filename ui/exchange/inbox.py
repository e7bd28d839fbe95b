"""填报不一致: the inbox of what was filled in differently, one field after the other, and of reviews to be made again."""

from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from commissioner_app import conflicts, visits
from commissioner_app.conflicts import InboxItem
from commissioner_app.ledgers import Outcome
from ui.context import Context
from ui.exchange.decision import ConflictView, SeveralView, StaleView
from ui.exchange.items import ItemsModel
from ui.theme import Size
from ui.visits.opinion import ask_opinion
from ui.widgets.basic import button, label, scroll
from ui.widgets.card import Card
from ui.widgets.chips import ChipRow
from ui.widgets.empty import EmptyState
from ui.widgets.pill import Pill
from ui.widgets.table import Column, DataTable

PAGES = {"visit": "visits", "commissioner": "commissioners", "appointment": "commissioners", "team": "teams",
         "batch": "settings", "category": "settings", "setting": "reports"}  # fmt: skip
"""Where a record is shown; a stay is shown at its place on the board."""
STALE = "stale"


class InboxPanel(QWidget):
    """List at the left, values at the right. ``counted`` carries how many wait for this station; ``wants`` asks for
    another page with something to show there.
    """

    counted = Signal(int)
    wants = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._items: list[InboxItem] = []
        self._current: tuple[str, str] | None = None
        self._at = 0
        self._old = True
        self._busy = False
        # Qt goes on selecting after its signals: what it chose is looked at when it is done.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._selected)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP_MID)
        row.addWidget(self._list(), 1)
        row.addWidget(self._detail(), 1)
        self._keys()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read)
        context.changed.connect(lambda _kinds: self._changed())
        self._show()

    def _list(self) -> QWidget:
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(Size.GAP_MID, Size.GAP + Size.TIGHT, Size.GAP_MID, 0)
        self.chips = ChipRow()
        self.chips.changed.connect(lambda _key: self._narrow())
        head.addWidget(self.chips, 1)
        card.body.addLayout(head)
        columns = [
            Column("kind", self.tr("类别"), 88),
            Column("title", self.tr("记录"), 200, stretch=True),
            Column("field", self.tr("内容"), 112, toned=True),
            Column("values", self.tr("填写"), 60, numeric=True),
        ]
        self.model = ItemsModel(columns, self)
        self.table = DataTable(columns)
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("填报不一致的内容"))
        self.table.selected.connect(lambda _count: self._later.start())
        self.table.activated.connect(lambda _index: self._enter())
        self.empty = EmptyState("done", "")
        self.table.set_empty(self.empty)
        card.body.addWidget(self.table, 1)
        self.foot = label("", "caption")
        self.foot.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.TIGHT)
        card.body.addWidget(self.foot)
        return card

    def _detail(self) -> QWidget:
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(Size.GAP_MID, Size.GAP_MID - 2, Size.GAP_MID, 0)
        head.setSpacing(Size.GAP)
        self.title = label("", "cardtitle", wrap=True)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.pill = Pill()
        self.open = button(self.tr("打开该记录"), "link", on_click=self.open_record)
        head.addWidget(self.title, 1)
        head.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.open, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(head)
        self.caption = label("", "sub", wrap=True)
        self.caption.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, 0)
        card.body.addWidget(self.caption)
        self.nothing = EmptyState("merge", self.tr("选中一处，在这里对照各处填写的内容。"))
        self.conflict, self.stale, self.several = ConflictView(), StaleView(), SeveralView()
        self.conflict.taken.connect(self.decide)
        self.several.decided.connect(lambda values: self._write(values, self.tr("已核对 {0} 处填报不一致")))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.nothing)
        for view in (self.conflict, self.stale, self.several):
            inner = QWidget()
            box = QVBoxLayout(inner)
            box.setContentsMargins(Size.GAP_MID, Size.TIGHT, Size.GAP_MID, Size.GAP)
            box.addWidget(view)
            self.stack.addWidget(scroll(inner))
        card.body.addWidget(self.stack, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(Size.GAP_MID, Size.TIGHT, Size.GAP_MID, Size.GAP)
        foot.setSpacing(Size.GAP)
        self.hint = label("", "caption")
        foot.addWidget(self.hint)
        foot.addStretch(1)
        self.back = button(self.tr("退回…"), "danger", on_click=self.send_back)
        self.still = button(self.tr("仍然通过  F8"), "primary", on_click=self.pass_again)
        self.go = button(self.tr("选定，看下一处"), "primary", on_click=self.decide)
        self.go.setToolTip(self.tr("选定，看下一处（Ctrl+Enter）"))
        for part in (self.back, self.still, self.go):
            foot.addWidget(part)
        card.body.addLayout(foot)
        return card

    def _keys(self) -> None:
        keys: list[tuple[str, Any]] = [
            ("Ctrl+Return", self.decide),
            ("Ctrl+Enter", self.decide),
            ("F8", self._review_key),
            ("0", self._other),
        ]
        keys += [(str(n), partial(self._number, n - 1)) for n in range(1, 10)]
        for key, do in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # -- reading ---------------------------------------------------------------------------------------

    def activated(self) -> None:
        """To the front: the keyboard goes to the list, where the number keys choose."""
        self.table.setFocus()

    def refresh(self) -> None:
        """Read the inbox anew; what is chosen and typed stays."""
        self._old = False
        self._soon.start()

    def show_record(self, record: str) -> None:
        """Choose the first of what waits in a record."""
        found = next((i for i in self._items if i.record == record), None)
        if found is not None:
            self.chips.set_current("all")
            self._select(found.key)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._old:
            self.refresh()

    def _changed(self) -> None:
        if self.isVisible():
            self.refresh()
        else:
            self._old = True

    def _read(self) -> None:
        ledger = self._context.ledger
        self._context.read(lambda: conflicts.inbox(ledger), self._take, self, "inbox")

    def _take(self, items: list[InboxItem]) -> None:
        self._items = items
        self._show()
        self.counted.emit(sum(1 for item in items if item.mine))

    def _show(self) -> None:
        kinds: dict[str, int] = {}
        for item in self._items:
            key = STALE if item.stale else item.kind
            kinds[key] = kinds.get(key, 0) + 1
        chips: list[tuple[str, str, int | None]] = [("all", self.tr("全部"), len(self._items))]
        chips += [(k, k, n) for k, n in kinds.items() if k != STALE]
        if kinds.get(STALE):
            chips.append((STALE, self.tr("审核后有改动"), kinds[STALE]))
        self.chips.set_chips(chips)
        self.chips.setVisible(bool(self._items))
        self._narrow()

    def _narrow(self) -> None:
        chip = self.chips.current() or "all"
        shown = [i for i in self._items if chip in ("all", STALE if i.stale else i.kind)]
        self.empty.set_sentence(
            self.tr("没有填报不一致。收到的数据与本机不同时，会在这里并排列出，由您核对选定。")
            if not self._items
            else self.tr("这一类已经核对完。")
        )
        keys = [i.key for i in self._selection()]
        self.model.set_items(shown)
        rows = [r for r in (self.model.row_of(k) for k in keys) if r >= 0]
        if len(rows) < 2 and shown:
            at = self.model.row_of(self._current) if self._current else -1
            rows = [at if at >= 0 else min(self._at, len(shown) - 1)]
        self._mark(rows)
        self._selected()

    def _mark(self, rows: list[int]) -> None:
        """Select these rows in the table."""
        flags = QItemSelectionModel.SelectionFlag
        selection = self.table.selectionModel()
        for n, row in enumerate(rows):
            index = self.model.index(row, 0)
            if n == 0:
                selection.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
                self.table.scrollTo(index)
            else:
                selection.select(index, flags.Select | flags.Rows)

    def _select(self, key: tuple[str, str]) -> None:
        row = self.model.row_of(key)
        if row >= 0:
            self._mark([row])

    def _selection(self) -> list[InboxItem]:
        return [self.model.item(row) for row in self.table.selected_rows()]

    # -- showing ---------------------------------------------------------------------------------------

    def _selected(self) -> None:
        chosen = self._selection()
        one = chosen[0] if len(chosen) == 1 else None
        if one is not None:
            self._current, self._at = one.key, self.model.row_of(one.key)
        several = len(chosen) > 1
        stale = bool(chosen) and all(i.stale for i in chosen)
        self.title.setText(one.title or one.kind if one else self.tr("一并核对") if several else "")
        self.pill.set(one.kind if one else "", "plain")
        self.open.setVisible(one is not None and self._target(one) is not None)
        self.caption.setText(self._words(one) if one else "")
        self.caption.setVisible(one is not None)
        self.go.setVisible(one is not None and not one.stale and one.mine)
        self.still.setVisible(stale)
        self.back.setVisible(stale)
        text = self.tr("仍然通过  F8") if not several else self.tr("{0} 条仍然通过  F8").format(len(chosen))
        self.still.setText(text)
        self.hint.setText(self.tr("数字键选定") if one and not one.stale and one.mine else "")
        if several:
            self.several.show_items(chosen)
            self.stack.setCurrentIndex(3)
        elif one is None:
            self.stack.setCurrentIndex(0)
        elif one.stale:
            self.stale.show_item(one)
            self.stack.setCurrentIndex(2)
        else:
            self.conflict.show_item(one)
            self.stack.setCurrentIndex(1)
        text = self.tr("共 {0} 处").format(f"{self.model.rowCount():,}")
        if several:
            text += self.tr("，已选 {0} 处").format(f"{len(chosen):,}")
        self.foot.setText(text if self._items else "")

    def _words(self, item: InboxItem) -> str:
        if item.stale:
            return self.tr("审核通过后有改动，按待审核统计")
        if item.deletion:
            return self.tr("一处删除了这条记录，另一处在改它；选定以前仍然保留并显示")
        return self.tr("{0}：{1} 处填写不同").format(item.label, len(item.choices))

    def _target(self, item: InboxItem) -> tuple[str, object] | None:
        entity, record = item.owner
        if item.entity == "assignment":
            return "assignments", record
        if entity == "recipient":
            return "visits", {"recipient": record, "label": item.title, "always": True}
        page = PAGES.get(entity)
        return (page, record if page not in ("settings", "reports") else None) if page else None

    # -- doing -----------------------------------------------------------------------------------------

    def open_record(self) -> None:
        """Go to where the record is shown."""
        chosen = self._selection()
        target = self._target(chosen[0]) if len(chosen) == 1 else None
        if target is not None:
            self.wants.emit(*target)

    def decide(self) -> None:
        """Ctrl+Enter: write the chosen value and go on to the next."""
        if self.go.isVisibleTo(self) and self.conflict.item is not None and self.conflict.ready():
            item = self.conflict.item
            self._write({item.key: self.conflict.chosen()}, self.tr("已选定{0}").format(item.label))

    def _write(self, values: dict[tuple[str, str], Any], said: str) -> None:
        if self._busy or not values:
            return
        ledger = self._context.ledger
        opened = {i.record: i.opened for i in self._items if i.key in values}
        self._busy = True

        def done(outcome: Outcome) -> None:
            self._busy = False
            for key in values:
                self.conflict.forget(key)
            self._current = None
            text = said.format(f"{len(values) - len(outcome.skipped):,}")
            if outcome.skipped:
                text += self.tr("；{0} 处已在别处选定").format(len(outcome.skipped))
            self._context.said.emit(text, True)

        self._context.do(
            partial(conflicts.decide_many, ledger, values, opened),
            done=done,
            failed=self._refused,
            owner=self,
        )

    def _refused(self, sentence: str) -> None:
        self._busy = False
        self._context.refused.emit(sentence)
        self.refresh()

    def pass_again(self) -> None:
        """F8: the visits stay 审核通过 with what they say now."""
        chosen = [i for i in self._selection() if i.stale]
        if chosen and not self._busy:
            self._review(chosen, partial(visits.pass_visits, self._context.ledger), self.tr("仍然审核通过"))

    def send_back(self) -> None:
        """Return the visits with an opinion."""
        chosen = [i for i in self._selection() if i.stale]
        opinion = ask_opinion(self, len(chosen)) if chosen and not self._busy else ""
        if opinion:
            ledger = self._context.ledger
            self._review(
                chosen,
                lambda ids, opened: visits.return_visits(ledger, ids, opinion, opened),
                self.tr("已退回"),
            )

    def _review(self, chosen: list[InboxItem], act: Any, said: str) -> None:
        ids = [i.record for i in chosen]
        opened = {i.record: i.opened for i in chosen}
        self._busy = True

        def done(_outcome: Outcome) -> None:
            self._busy = False
            self._current = None

        self._context.do(lambda: act(ids, opened=opened), said, done=done, failed=self._refused, owner=self)

    # -- keys ------------------------------------------------------------------------------------------

    def _number(self, number: int) -> None:
        if self.stack.currentIndex() == 1:
            self.conflict.choose(number)

    def _other(self) -> None:
        if self.stack.currentIndex() == 1:
            self.conflict.write_other()

    def _review_key(self) -> None:
        if self.still.isVisibleTo(self):
            self.pass_again()

    def _enter(self) -> None:
        if self.stack.currentIndex() == 1 and self.conflict.cards:
            self.conflict.cards[0].setFocus()
