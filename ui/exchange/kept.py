"""待处理: changes that came in a package and do not count, kept aside until a person takes them over or not."""

from functools import partial
from itertools import groupby

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from commissioner_app import exchange
from commissioner_app.exchange import Aside
from commissioner_app.ledgers import Outcome
from ui.context import Context
from ui.exchange.inbox import PAGES
from ui.history.rows import RowsModel
from ui.theme import Size
from ui.widgets.basic import button, label, scroll
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState
from ui.widgets.pill import Pill
from ui.widgets.table import Column, DataTable

WIDTH = 372


class KeptPanel(QWidget):
    """List at the left, the change in full at the right. ``counted`` carries how many wait; ``wants`` asks for
    another page.
    """

    counted = Signal(int)
    wants = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._asides: dict[str, Aside] = {}
        self._at = 0
        self._old = True
        self._busy = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._selected)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP_MID)
        row.addWidget(self._list(), 1)
        row.addWidget(self._detail())
        context.changed.connect(lambda _kinds: self._changed())
        self._take([])

    def _list(self) -> QWidget:
        card = Card(flush=True)
        self.about = label(
            self.tr("按各单位的权限，下列改动没有计入，也没有丢弃。请逐条决定是否采用。"),
            "caption",
            wrap=True,
        )
        self.about.setContentsMargins(Size.GAP_MID, Size.GAP + Size.TIGHT, Size.GAP_MID, 0)
        card.body.addWidget(self.about)
        columns = [
            Column("kind", self.tr("类别"), 104),
            Column("title", self.tr("记录"), 188),
            Column("change", self.tr("改动"), 200, stretch=True),
            Column("reason", self.tr("原因"), 200, hidden=True),
            Column("station", self.tr("使用单位"), 144),
            Column("when", self.tr("日期"), 104),
        ]
        self.model = RowsModel(columns, self)
        self.table = DataTable(columns)
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("待处理的改动"))
        self.table.selected.connect(lambda _count: self._later.start())
        self.table.set_empty(
            EmptyState(
                "done", self.tr("没有待处理的改动。收到的改动超出对方权限时，会先留在这里，不计入统计。")
            )
        )
        card.body.addWidget(self.table, 1)
        self.foot = label("", "caption")
        self.foot.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.TIGHT)
        card.body.addWidget(self.foot)
        return card

    def _detail(self) -> QWidget:
        card = Card(flush=True)
        card.setFixedWidth(WIDTH)
        head = QHBoxLayout()
        head.setContentsMargins(Size.GAP_MID, Size.GAP_MID - 2, Size.GAP_MID, 0)
        head.setSpacing(Size.GAP)
        self.title = label("", "cardtitle", wrap=True)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.pill = Pill()
        head.addWidget(self.title, 1)
        head.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(head)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.GAP)
        column.setSpacing(Size.GAP)
        self.who = label("", "caption", wrap=True)
        self.change = label("", wrap=True)
        self.reason = label("", "notice", tone="warn", wrap=True)
        self.open = button(self.tr("打开该记录"), "link", on_click=self.open_record)
        for part in (self.who, self.change, self.reason):
            column.addWidget(part)
        column.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.inner = scroll(inner)
        self.nothing = EmptyState("empty", self.tr("选中一项，在这里看是谁改了什么。"))
        card.body.addWidget(self.inner, 1)
        card.body.addWidget(self.nothing, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(Size.GAP_MID, Size.TIGHT, Size.GAP_MID, Size.GAP)
        foot.setSpacing(Size.GAP)
        self.drop = button(self.tr("不采用"), on_click=self.dismiss)
        self.go = button(self.tr("采用"), "primary", on_click=self.take_over)
        foot.addStretch(1)
        foot.addWidget(self.drop)
        foot.addWidget(self.go)
        card.body.addLayout(foot)
        return card

    # -- reading ---------------------------------------------------------------------------------------

    def activated(self) -> None:
        """To the front: the keyboard goes to the list."""
        self.table.setFocus()

    def refresh(self) -> None:
        """Read what is kept aside anew."""
        self._old = False
        self._soon.start()

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
        self._context.read(lambda: exchange.asides(ledger), self._show, self, "asides")

    def _show(self, found: list[Aside]) -> None:
        self._take(found)
        self.counted.emit(len(found))

    def _take(self, found: list[Aside]) -> None:
        kept = [a.id for a in self._selection()]
        self._asides = {a.id: a for a in found}
        rows = [
            (a.kind, a.title or "—", " ".join(a.change.split()), a.reason, a.station, a.when[:10])
            for a in found
        ]
        self.model.set_rows(rows, [a.id for a in found])
        again = [r for r in (self.model.row_of(k) for k in kept) if r >= 0]
        if not again and found:
            again = [min(self._at, len(found) - 1)]
        for first, last in _spans(again):
            self._select(first, last)
        self._selected()

    def _select(self, first: int, last: int) -> None:
        from PySide6.QtCore import QItemSelection, QItemSelectionModel

        flags = QItemSelectionModel.SelectionFlag
        span = QItemSelection(self.model.index(first, 0), self.model.index(last, 0))
        selection = self.table.selectionModel()
        if not selection.hasSelection():
            selection.setCurrentIndex(self.model.index(first, 0), flags.NoUpdate)
        selection.select(span, flags.Select | flags.Rows)

    def _selection(self) -> list[Aside]:
        keys = [self.model.key(row) for row in self.table.selected_rows()]
        return [self._asides[k] for k in keys if isinstance(k, str) and k in self._asides]

    def _selected(self) -> None:
        chosen = self._selection()
        one = chosen[0] if len(chosen) == 1 else None
        if one is not None:
            self._at = self.model.row_of(one.id)
        self.inner.setVisible(bool(chosen))
        self.nothing.setVisible(not chosen)
        self.title.setText(one.title or one.kind if one else self.tr("一并处理") if chosen else "")
        self.pill.set(one.kind if one else "", "plain")
        if one is not None:
            self.who.setText("  ".join(w for w in (one.station, one.actor, one.when) if w))
            self.change.setText(one.change)
            self.reason.setText(one.reason)
        elif chosen:
            able = sum(1 for a in chosen if a.can_take)
            self.who.setText(self.tr("选中了 {0} 项改动").format(f"{len(chosen):,}"))
            self.change.setText(
                "\n".join(f"{a.title}：{a.change}" for a in chosen[:12]) + ("\n……" if chosen[12:] else "")
            )
            self.reason.setText(
                self.tr("其中 {0} 项本机可以采用").format(f"{able:,}")
                if able < len(chosen)
                else self.tr("采用以后计入台账，不采用则不再提示；两样都可以撤销。")
            )
        self.open.setVisible(one is not None and self._page(one) is not None)
        able_any = any(a.can_take for a in chosen)
        self.go.setVisible(bool(chosen))
        self.drop.setVisible(bool(chosen))
        self.go.setEnabled(able_any)
        self.go.setToolTip("" if able_any else self.tr("采用这项改动超出本单位的权限"))
        n = f" {len(chosen):,}" if len(chosen) > 1 else ""
        taking = sum(1 for a in chosen if a.can_take)
        self.go.setText(self.tr("采用") + (f" {taking:,}" if len(chosen) > 1 and taking else ""))
        self.drop.setText(self.tr("不采用") + n)
        text = self.tr("共 {0} 项").format(f"{len(self._asides):,}")
        if len(chosen) > 1:
            text += self.tr("，已选 {0} 项").format(f"{len(chosen):,}")
        self.foot.setText(text if self._asides else "")
        self.about.setVisible(bool(self._asides))

    # -- doing -----------------------------------------------------------------------------------------

    @staticmethod
    def _page(aside: Aside) -> str | None:
        page = PAGES.get(aside.entity)
        return None if page in ("settings", "reports") else page

    def open_record(self) -> None:
        """Go to where the record is shown."""
        chosen = self._selection()
        page = self._page(chosen[0]) if len(chosen) == 1 else None
        if page is not None:
            self.wants.emit(page, chosen[0].record)

    def take_over(self) -> None:
        """采用: the changes count as this station's own."""
        ids = [a.id for a in self._selection() if a.can_take]
        self._do(partial(exchange.take_over, self._context.ledger, ids), ids, self.tr("已采用 {0} 项改动"))

    def dismiss(self) -> None:
        """不采用: the changes are not shown any more; nothing of the record changes."""
        ids = [a.id for a in self._selection()]
        self._do(partial(exchange.dismiss, self._context.ledger, ids), ids, self.tr("已不采用 {0} 项改动"))

    def _do(self, act: "partial[Outcome]", ids: list[str], said: str) -> None:
        if self._busy or not ids:
            return
        self._busy = True

        def done(_outcome: Outcome) -> None:
            self._busy = False
            self.refresh()

        def failed(sentence: str) -> None:
            self._busy = False
            self._context.refused.emit(sentence)

        self._context.do(act, said.format(f"{len(ids):,}"), done=done, failed=failed, owner=self)


def _spans(rows: list[int]) -> list[tuple[int, int]]:
    """Row numbers as (first, last) of each unbroken run."""
    found = []
    for _, run in groupby(enumerate(sorted(rows)), key=lambda pair: pair[1] - pair[0]):
        numbers = [row for _, row in run]
        found.append((numbers[0], numbers[-1]))
    return found
