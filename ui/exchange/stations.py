"""使用单位: this station with its 核对码, and every station it knows."""

from typing import Any

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import exchange
from commissioner_app.exchange import Peer
from ui.context import Context
from ui.exchange import words
from ui.exchange.code import CodeView, CompareCode
from ui.exchange.model import TonedRows
from ui.settings.section import Facts
from ui.theme import Size
from ui.widgets.ask import ask
from ui.widgets.basic import button, label, restyle, scroll
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState
from ui.widgets.pill import Pill
from ui.widgets.table import Column, DataTable

WIDTH = 372


class StationsPanel(QWidget):
    """``wants`` asks for another section; ``sendWanted`` carries the station that is to get something."""

    wants = Signal(str, object)
    sendWanted = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._keep: str | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP_MID)
        column.addWidget(self._own())
        row = QHBoxLayout()
        row.setSpacing(Size.GAP_MID)
        row.addWidget(self._list(), 1)
        self.detail = _Detail(context)
        self.detail.changed.connect(self.refresh)
        self.detail.sendWanted.connect(self.sendWanted)
        row.addWidget(self.detail)
        column.addLayout(row, 1)

    def _own(self) -> Card:
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(Size.GAP_WIDE)
        texts = QVBoxLayout()
        texts.setSpacing(Size.TIGHT)
        self.own_name = label("", "cardtitle", wrap=True)
        self.own_about = label("", "caption")
        texts.addWidget(self.own_name)
        texts.addWidget(self.own_about)
        texts.addWidget(
            label(self.tr("对方第一次收到您的文件时，请用电话把右边的核对码逐组念给对方。"), "sub", wrap=True)
        )
        texts.addStretch(1)
        row.addLayout(texts, 1)
        codes = QVBoxLayout()
        codes.setSpacing(Size.TIGHT)
        codes.addWidget(label(self.tr("本机核对码"), "caption"))
        self.own_code = CodeView(columns=8, beside=True)
        self.own_code.copied.connect(lambda: self._context.said.emit(self.tr("已复制本机核对码。"), False))
        codes.addWidget(self.own_code)
        codes.addStretch(1)
        row.addLayout(codes)
        card.body.addLayout(row)
        return card

    def _list(self) -> Card:
        card = Card(flush=True)
        columns = [
            Column("name", self.tr("使用单位"), 210, stretch=True),
            Column("role", self.tr("角色"), 104),
            Column("state", self.tr("状态"), 88, toned=True),
            Column("code", self.tr("核对码"), 116),
            Column("sent", self.tr("上次发送"), 104),
            Column("received", self.tr("上次收到"), 104),
        ]
        self.model = TonedRows(
            columns,
            {self.tr("已认可"): "accent", self.tr("未认可"): "warn", self.tr("已拒绝"): "bad"},
            self,
        )
        self.table = DataTable(columns)
        self.table.setModel(self.model)
        self.table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.table.setAccessibleName(self.tr("使用单位列表"))
        self.table.selectionModel().currentRowChanged.connect(lambda now, _old: self._choose(now.row()))
        empty = EmptyState(
            "exchange",
            self.tr("还没有收到过别的单位的文件。收到第一份文件后，对方会列在这里。"),
            action=self.tr("接收文件"),
            link=self.tr("发送文件"),
        )
        empty.begun.connect(lambda: self.wants.emit("exchange", "receive"))
        empty.linked.connect(lambda: self.wants.emit("exchange", "send"))
        self.table.set_empty(empty)
        card.body.addWidget(self.table, 1)
        self.foot = label("", "caption")
        self.foot.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.TIGHT)
        card.body.addWidget(self.foot)
        return card

    def refresh(self) -> None:
        """List the stations anew."""
        ledger = self._context.ledger
        self._context.read(
            lambda: (exchange.own(ledger), exchange.peers(ledger)), self._show, self, "stations"
        )

    def activated(self) -> None:
        """To the front."""
        self.table.setFocus()

    def _show(self, found: tuple[Peer, list[Peer]]) -> None:
        own, peers = found
        self.own_name.setText(self.tr("本机：{0}").format(own.name))
        self.own_about.setText(words.role(own))
        self.own_code.show_code(own.fingerprint)
        rows = [
            (
                p.name,
                words.role(p),
                words.state(p)[0],
                _short(p.fingerprint),
                words.day(p.last_sent),
                words.day(p.last_received),
            )
            for p in peers
        ]
        shown = self.detail.peer
        blocked = self.table.selectionModel().blockSignals(True)
        self.model.set_rows(rows, peers)
        self.table.selectionModel().blockSignals(blocked)
        waiting = sum(p.state == "unknown" for p in peers)
        self.foot.setText(
            self.tr("共 {0} 个").format(len(peers))
            + (self.tr("，{0} 个未认可").format(waiting) if waiting else "")
        )
        self.foot.setVisible(bool(peers))
        at = next((n for n, p in enumerate(peers) if shown is not None and p.station == shown.station), -1)
        if at < 0:  # the one that waits for a person comes first
            at = next((n for n, p in enumerate(peers) if p.state == "unknown"), 0 if peers else -1)
        if at < 0:
            self.detail.show_peer(None)
            return
        index = self.model.index(at, 0)
        flags = QItemSelectionModel.SelectionFlag
        blocked = self.table.selectionModel().blockSignals(True)
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.table.selectionModel().blockSignals(blocked)
        self.table.viewport().update()
        self._choose(at)

    def _choose(self, row: int) -> None:
        if row >= 0:
            peer = self.model.key(row)
            assert isinstance(peer, Peer)
            self.detail.show_peer(peer)


class _Detail(Card):
    """One station and what may be done with it."""

    changed = Signal()
    sendWanted = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(flush=True)
        self._context = context
        self.peer: Peer | None = None
        self.setFixedWidth(WIDTH)
        self.nothing = EmptyState("exchange", self.tr("选中一个使用单位，在这里查看和认可。"))
        self.body.addWidget(self.nothing, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(Size.GAP_MID, Size.GAP_MID, Size.GAP_MID, Size.GAP)
        column.setSpacing(Size.GAP)
        line = QHBoxLayout()
        line.setSpacing(Size.GAP)
        self.name, self.pill = label("", "cardtitle", wrap=True), Pill()
        line.addWidget(self.name, 1)
        line.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
        self.about = label("", "caption", wrap=True)
        column.addWidget(self.about)
        self.note = label("", "notice", wrap=True)
        column.addWidget(self.note)
        column.addWidget(label(self.tr("核对码"), "caption"))
        self.code = CodeView()
        column.addWidget(self.code)
        self.facts = Facts()
        column.addWidget(self.facts)
        column.addStretch(1)
        self.area = scroll(inner)
        self.body.addWidget(self.area, 1)
        self.buttons = QWidget()
        foot = QHBoxLayout(self.buttons)
        foot.setContentsMargins(Size.GAP_MID, Size.TIGHT, Size.GAP_MID, Size.GAP)
        foot.setSpacing(Size.GAP)
        self.refuser = button(self.tr("拒绝…"), "danger", on_click=self.refuse)
        self.ender = button(self.tr("停用…"), "danger", on_click=self.end)
        self.send_button = button(self.tr("发送…"), icon="exchange", on_click=self._send)
        self.truster = button(self.tr("核对后认可…"), "primary", icon="check", on_click=self.trust)
        foot.addWidget(self.refuser)
        foot.addWidget(self.ender)
        foot.addStretch(1)
        foot.addWidget(self.send_button)
        foot.addWidget(self.truster)
        self.body.addWidget(self.buttons)
        self.show_peer(None)

    def show_peer(self, peer: Peer | None) -> None:
        """Show a station, or that none is chosen."""
        self.peer = peer
        for part in (self.area, self.buttons):
            part.setVisible(peer is not None)
        self.nothing.setVisible(peer is None)
        if peer is None:
            return
        self.setAccessibleName(peer.name)
        self.name.setText(peer.name)
        self.pill.set(*words.state(peer))
        place = self._context.divisions.name(peer.county) if peer.county else ""
        self.about.setText(" · ".join(text for text in (words.role(peer), place) if text))
        self.code.show_code(peer.fingerprint)
        self.facts.show_facts(
            [
                (self.tr("上次发送"), words.moment_text(peer.last_sent)),
                (self.tr("上次收到"), words.moment_text(peer.last_received)),
            ]
        )
        tone, text = self._note(peer)
        self.note.setProperty("tone", tone)
        self.note.setText(text)
        self.note.setVisible(bool(text))
        restyle(self.note)
        self.truster.setVisible(peer.state in ("unknown", "refused"))
        self.refuser.setVisible(peer.state == "unknown")
        self.ender.setVisible(peer.state == "trusted" and self._context.role == "bureau")
        self.send_button.setVisible(peer.state == "trusted")

    def _note(self, peer: Peer) -> tuple[str, str]:
        if peer.state == "unknown":
            return "warn", self.tr("还没有核对。请打电话请对方念它的核对码，每一组都一致再认可。")
        if peer.state == "refused":
            return "bad", self.tr("已拒绝：它发来的文件不接收。核对清楚后可以改为认可。")
        if peer.state == "ended":
            return "info", self.tr("已停用：停用前交来的内容照常有效，以后的不再采用。")
        return "", ""

    def trust(self) -> None:
        """认可, after both have compared the 核对码."""
        peer = self.peer
        if (
            peer is None
            or peer.station is None
            or CompareCode(self, peer).exec() != CompareCode.DialogCode.Accepted
        ):
            return
        ledger, station = self._context.ledger, peer.station
        self._do(lambda: exchange.trust(ledger, station), self.tr("已认可“{0}”。").format(peer.name))

    def refuse(self) -> None:
        """拒绝, after a question."""
        peer = self.peer
        if peer is None or peer.station is None:
            return
        question = self.tr("拒绝“{0}”？").format(peer.name)
        text = self.tr("以后它发来的文件都不再接收。核对清楚后可以改为认可。")
        if ask(self, question, text, [self.tr("拒绝")], danger=True) == 0:
            ledger = self._context.ledger
            self._do(lambda: exchange.refuse(ledger, peer), self.tr("已拒绝“{0}”。").format(peer.name))

    def end(self) -> None:
        """停用, after a question; the bureau's only."""
        peer = self.peer
        if peer is None or peer.station is None:
            return
        question = self.tr("停用“{0}”的这台电脑？").format(peer.name)
        text = self.tr(
            "电脑丢失、报废或换人时停用。停用前本机已收到的内容照常有效，此后由它填报的内容一律不采用，"
            "并随下发文件告知各单位。停用不能撤销。对方换用新电脑后，按第一次收到的单位重新核对。"
        )
        if ask(self, question, text, [self.tr("停用")], danger=True) == 0:
            ledger, station = self._context.ledger, peer.station
            # Not by Context.do, which offers 撤销: what a station may write does not follow from undoing.
            self._do(lambda: exchange.end(ledger, station), self.tr("已停用“{0}”。").format(peer.name))

    def _do(self, work: Any, sentence: str) -> None:
        def done(_result: object) -> None:
            self._context.said.emit(sentence, False)
            self.changed.emit()

        self._context.read(work, done, self, "station")

    def _send(self) -> None:
        if self.peer is not None:
            self.sendWanted.emit(self.peer)


def _short(fingerprint: str) -> str:
    """The first two groups: enough to tell rows apart, too little to be taken for the comparison."""
    groups = fingerprint.split()
    return " ".join(groups[:2]) + (" …" if len(groups) > 2 else "") if groups else words.DASH
