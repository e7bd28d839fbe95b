"""上报 / 下发: whom this station may send to, beside what the chosen one would get."""

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from commissioner_app import exchange, pinyin
from commissioner_app.exchange import Peer, Sent
from ui.context import Context
from ui.exchange import words
from ui.exchange.model import TonedRows
from ui.exchange.sendform import SendForm
from ui.exchange.sent import SentCard
from ui.theme import Size
from ui.widgets.basic import label
from ui.widgets.card import Card
from ui.widgets.chips import ChipRow
from ui.widgets.empty import EmptyState
from ui.widgets.table import Column, DataTable

WIDTH = 400
MANY = 8
"""From so many on they can be filtered."""


class SendPanel(QWidget):
    """The list beside the form; after the writing its result takes the form's place."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._peers: list[Peer] = []
        self._asked: Peer | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP_MID)
        row.addWidget(self._list(), 1)
        self.form = SendForm(context)
        self.form.written.connect(self._written)
        self.form.busyChanged.connect(lambda busy: self.table.setDisabled(busy))
        self.sent = SentCard()
        self.sent.again.connect(self._again)
        self.nothing = Card(flush=True)
        self.nothing.body.addWidget(EmptyState("exchange", self.tr("在左边选择要发给谁。")))
        self.side = QStackedWidget()
        self.side.setFixedWidth(WIDTH)
        for part in (self.nothing, self.form, self.sent):
            self.side.addWidget(part)
        row.addWidget(self.side)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.filter.setFocus)

    def _list(self) -> Card:
        card = Card(flush=True)
        self.bar = QWidget()
        top = QHBoxLayout(self.bar)
        top.setContentsMargins(Size.GAP_MID, Size.GAP + Size.TIGHT, Size.GAP_MID, 0)
        top.setSpacing(Size.GAP)
        self.chips = ChipRow()
        self.chips.changed.connect(lambda _key: self._fill())
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选名称，拼音首字母也行（Ctrl+F）"))
        self.filter.setAccessibleName(self.tr("筛选收件单位"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(lambda _text: self._fill())
        top.addWidget(self.chips)
        top.addWidget(self.filter, 1)
        card.body.addWidget(self.bar)
        columns = [
            Column("name", self.tr("发给"), 240, stretch=True),
            Column("role", self.tr("角色"), 98),
            Column("state", self.tr("状态"), 84, toned=True),
            Column("sent", self.tr("上次发送"), 104),
            Column("received", self.tr("上次收到"), 104),
        ]
        self.model = TonedRows(
            columns, {self.tr("未认可"): "warn", self.tr("已认可"): "accent", self.tr("已拒绝"): "bad"}, self
        )
        self.table = DataTable(columns)
        self.table.setModel(self.model)
        self.table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.table.setAccessibleName(self.tr("收件单位列表"))
        self.table.selectionModel().currentRowChanged.connect(lambda now, _old: self._choose(now.row()))
        self.table.activated.connect(lambda _index: self.form.go.setFocus())
        self.empty = EmptyState("exchange", self.tr("没有可以发送的单位。"))
        self.table.set_empty(self.empty)
        card.body.addWidget(self.table, 1)
        self.foot = label("", "caption")
        self.foot.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.TIGHT)
        card.body.addWidget(self.foot)
        return card

    # -- listing ---------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """List anew whom this station may send to, and count anew what the chosen one would get."""
        ledger = self._context.ledger
        self._context.read(lambda: exchange.addressees(ledger), self._show, self, "addressees")

    def activated(self) -> None:
        """To the front: the keyboard goes to the list."""
        self.table.setFocus()

    def choose(self, peer: Peer) -> None:
        """Show what this one would get, as soon as the list is there."""
        self._asked = peer
        self.refresh()

    def _show(self, found: list[Peer]) -> None:
        self._peers = found
        counts = {role: sum(p.role == role for p in found) for role in ("bureau", "county", "commissioner")}
        chips: list[tuple[str, str, int | None]] = [("all", self.tr("全部"), len(found))]
        names = (
            ("bureau", self.tr("市")),
            ("county", self.tr("县（市、区）")),
            ("commissioner", self.tr("特派员")),
        )
        chips += [(key, text, counts[key]) for key, text in names if counts[key]]
        self.chips.set_chips(chips)
        self.bar.setVisible(len(found) > MANY)
        if self._asked is not None:
            self.chips.set_current("all")
            self.filter.clear()
        self._fill()

    def _fill(self) -> None:
        role, typed = self.chips.current(), self.filter.text().strip()
        shown = [
            p
            for p in self._peers
            if (role in ("", "all") or p.role == role)
            and (not typed or pinyin.found(typed, p.name, words.role(p), people=_people(p)))
        ]
        keep = self._asked or self.form.peer
        rows = [
            (
                p.name,
                words.role(p),
                words.state(p)[0],
                words.day(p.last_sent),
                words.day(p.last_received),
            )
            for p in shown
        ]
        blocked = self.table.selectionModel().blockSignals(True)
        self.model.set_rows(rows, shown)
        self.table.selectionModel().blockSignals(blocked)
        narrowed = len(shown) < len(self._peers)
        self.empty.set_sentence(
            self.tr("没有符合条件的单位。") if narrowed else self.tr("还没有可以发送的单位。")
        )
        self.foot.setText(
            self.tr("共 {0} 个，列出 {1} 个").format(len(self._peers), len(shown))
            if narrowed
            else self.tr("共 {0} 个").format(len(shown))
        )
        at = next((n for n, p in enumerate(shown) if keep is not None and same(p, keep)), -1)
        if at < 0 and keep is None and shown:
            at = 0
        if at >= 0:
            self._select(at)
        self._asked = None

    def _select(self, row: int) -> None:
        index = self.model.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        blocked = self.table.selectionModel().blockSignals(True)
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.table.selectionModel().blockSignals(blocked)
        self.table.scrollTo(index)
        self.table.viewport().update()
        self._choose(row)

    def _choose(self, row: int) -> None:
        if row < 0 or self.form.busy:
            return
        peer = self.model.key(row)
        assert isinstance(peer, Peer)
        fresh = self.form.peer is None or not same(peer, self.form.peer)
        self.form.show_peer(peer)
        if fresh or self.side.currentWidget() is self.nothing:
            self.side.setCurrentWidget(self.form)

    # -- done ------------------------------------------------------------------------------------------

    def hideEvent(self, event: QHideEvent) -> None:
        """Who comes back wants to send what is new, not to read about the last file; its passphrase is gone."""
        super().hideEvent(event)
        if not event.spontaneous() and self.side.currentWidget() is self.sent:
            self.sent.forget()
            self.form.forget_phrase()
            self._again(focus=False)

    def _written(self, sent: Sent, passphrase: str) -> None:
        assert self.form.peer is not None
        self.sent.show_sent(self.form.peer, sent, passphrase)
        self.side.setCurrentWidget(self.sent)
        self.sent.folder_button.setFocus()
        self.refresh()

    def _again(self, focus: bool = True) -> None:
        self.side.setCurrentWidget(self.form)
        self.form.begin_again()
        if focus:
            self.form.go.setFocus()


def same(one: Peer, other: Peer) -> bool:
    """Whether two lists mean the same receiver; one that was not yet seen has no station."""
    if one.station is not None and other.station is not None:
        return one.station == other.station
    return (one.role, one.county, one.place) == (other.role, other.county, other.place)


def _people(peer: Peer) -> list[str]:
    return [peer.name] if peer.role == "commissioner" else []
