"""What a package would bring, before anything is written: who sent it, how much, and each line of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import maintenance
from commissioner_app.divisions import Divisions
from commissioner_app.exchange import Inspection, Line, Peer
from ui.exchange import words
from ui.exchange.code import CodeView, compare_text
from ui.exchange.model import TonedRows
from ui.exchange.tally import TallyRow
from ui.settings.section import Facts
from ui.theme import Size, Tone
from ui.widgets.basic import button, label, restyle, rule, scroll
from ui.widgets.card import Card
from ui.widgets.chips import ChipRow
from ui.widgets.empty import EmptyState
from ui.widgets.pill import Pill
from ui.widgets.table import Column, DataTable

WIDTH = 372


class Preview(QWidget):
    """``taken`` (接收), ``left`` (不接收) and ``refused`` (拒绝此单位) say what the person has decided."""

    taken = Signal()
    left = Signal()
    refused = Signal()

    def __init__(self, divisions: Divisions) -> None:
        super().__init__()
        self._divisions = divisions
        self.inspection: Inspection | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP_MID)
        row.addWidget(self._sender())
        row.addWidget(self._content(), 1)

    # -- who -------------------------------------------------------------------------------------------

    def _sender(self) -> Card:
        card = Card(flush=True)
        card.setFixedWidth(WIDTH)
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
        self.warning = label("", "notice", tone="bad", wrap=True)
        self.first = label("", "notice", tone="info", wrap=True)
        column.addWidget(self.warning)
        column.addWidget(self.first)
        self.code_title = label(self.tr("核对码"), "caption")
        self.code = CodeView()
        column.addWidget(self.code_title)
        column.addWidget(self.code)
        self.compared = QCheckBox(self.tr("已核对一致"))
        self.confirmed = QCheckBox(self.tr("我已与对方电话核实"))
        for box in (self.compared, self.confirmed):
            box.toggled.connect(lambda _on: self._allow())
            column.addWidget(box)
        self.introduces = label("", "sub", wrap=True)
        column.addWidget(self.introduces)
        column.addWidget(rule())
        self.facts = Facts()
        column.addWidget(self.facts)
        self.clock = label("", "notice", tone="warn", wrap=True)
        self.parts = label("", "notice", tone="info", wrap=True)
        column.addWidget(self.clock)
        column.addWidget(self.parts)
        column.addStretch(1)
        card.body.addWidget(scroll(inner), 1)
        return card

    # -- what ------------------------------------------------------------------------------------------

    def _content(self) -> Card:
        card = Card(flush=True)
        top = QVBoxLayout()
        top.setContentsMargins(Size.GAP_MID, Size.GAP_MID, Size.GAP_MID, 0)
        top.setSpacing(Size.GAP + Size.TIGHT)
        self.tally = TallyRow()
        top.addWidget(self.tally)
        self.kinds = _Kinds()
        top.addWidget(self.kinds)
        self.chips = ChipRow()
        self.chips.changed.connect(lambda _key: self._fill())
        top.addWidget(self.chips)
        card.body.addLayout(top)
        columns = [
            Column("what", self.tr("变动"), 116, toned=True),
            Column("kind", self.tr("种类"), 112),
            Column("text", self.tr("内容"), 320, stretch=True),
            Column("detail", self.tr("说明"), 250),
        ]
        self.model = TonedRows(columns, {}, self)
        self.table = DataTable(columns)
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("文件里的内容"))
        self.empty = EmptyState("done", "")
        self.table.set_empty(self.empty)
        card.body.addWidget(self.table, 1)
        self.more = label("", "caption")
        self.more.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, 0)
        card.body.addWidget(self.more)
        foot = QHBoxLayout()
        foot.setContentsMargins(Size.GAP_MID, Size.TIGHT, Size.GAP_MID, Size.GAP)
        foot.setSpacing(Size.GAP)
        self.refuser = button(self.tr("拒绝此单位…"), "danger", on_click=self.refused.emit)
        self.why = label("", "caption", wrap=True)
        self.leaver = button(self.tr("不接收"), on_click=self.left.emit)
        self.leaver.setToolTip(self.tr("不写入台账；文件还在原处，以后可以再接收"))
        self.taker = button(self.tr("接收"), "primary", icon="check", on_click=self._take)
        foot.addWidget(self.refuser)
        foot.addWidget(self.why, 1)
        foot.addWidget(self.leaver)
        foot.addWidget(self.taker)
        card.body.addLayout(foot)
        return card

    # -- showing ---------------------------------------------------------------------------------------

    def show_inspection(self, found: Inspection) -> None:
        """Show what a package would bring."""
        self.inspection = found
        self._show_sender(found)
        places = [
            (self.tr("文件"), found.file.name),
            (self.tr("生成时间"), words.moment_text(found.made)),
            (self.tr("经办人"), found.actor or words.DASH),
        ]
        if found.of > 1:
            places.append((self.tr("部分"), self.tr("第 {0} 个，共 {1} 个文件").format(found.part, found.of)))
        self.facts.show_facts(places)
        for part, text in (
            (self.clock, found.clock_note),
            (
                self.parts,
                self.tr("内容分成 {0} 个文件，请全部接收。").format(found.of) if found.of > 1 else "",
            ),
        ):
            part.setText(text)
            part.setVisible(bool(text))
            restyle(part)
        self.tally.show_figures(
            [
                (self.tr("新增"), words.number(found.new), "plain"),
                (self.tr("修改"), words.number(found.changed), "plain"),
                (
                    self.tr("填报不一致"),
                    words.number(found.conflicts),
                    "warn" if found.conflicts else "plain",
                ),
                (self.tr("待处理"), words.number(found.refused), "warn" if found.refused else "plain"),
                (self.tr("照片"), words.number(found.attachments), "plain"),
                (self.tr("大小"), maintenance.size_text(found.bytes), "plain"),
            ]
        )
        self.tally.setVisible(bool(found.lines or found.attachments or found.more))
        self.kinds.show_kinds(found.by_kind)
        self._show_lines(found)
        self._allow()

    def _show_sender(self, found: Inspection) -> None:
        peer = found.sender
        self.name.setText(peer.name)
        if found.warning:
            self.pill.set(self.tr("需要核实"), "bad")
        elif found.first_contact:
            self.pill.set(self.tr("第一次收到"), "info")
        else:
            self.pill.set(*words.state(peer))
        self.about.setText(self._about(peer))
        self.warning.setText(self.tr("请先核实") + "\n" + found.warning)
        self.warning.setVisible(bool(found.warning))
        self.first.setText(self.tr("第一次收到这个单位的文件，要先核对下面的核对码。") + compare_text(peer))
        self.first.setVisible(found.first_contact and not found.warning)
        for part in (self.warning, self.first):
            restyle(part)
        self.code.show_code(peer.fingerprint)
        for box, wanted in ((self.compared, found.first_contact), (self.confirmed, bool(found.warning))):
            blocked = box.blockSignals(True)
            box.setChecked(False)
            box.blockSignals(blocked)
            box.setVisible(wanted)
        names = "、".join(p.name for p in found.introduces)
        self.introduces.setText(self.tr("接收后同时认可它所介绍的：{0}。").format(names) if names else "")
        self.introduces.setVisible(bool(names))
        self.refuser.setVisible(found.first_contact or bool(found.warning))
        self.setAccessibleName(self.tr("{0}发来的文件").format(peer.name))

    def _about(self, peer: Peer) -> str:
        parts = [words.role(peer)]
        if peer.county:
            parts.append(self._divisions.name(peer.county))
        if peer.last_received:
            parts.append(self.tr("上次收到 {0}").format(words.moment(peer.last_received)))
        return " · ".join(parts)

    def _show_lines(self, found: Inspection) -> None:
        counts = {key: sum(line.what == key for line in found.lines) for key in _tones()}
        chips: list[tuple[str, str, int | None]] = [("all", self.tr("全部"), len(found.lines))]
        chips += [(key, text, counts[key]) for key, text in self._whats().items() if counts[key]]
        self.chips.set_chips(chips)
        self.chips.set_current("all")
        self.chips.setVisible(bool(found.lines))
        nothing = self.tr("没有新内容：这份文件里的 {0} 处改动本机都已有。接收后会记下对方收到了什么。")
        self.empty.set_sentence(nothing.format(words.number(found.unchanged)))
        self.more.setText(
            self.tr("另有 {0} 条没有列出，接收时一并写入").format(words.number(found.more))
            if found.more
            else ""
        )
        self.more.setVisible(bool(found.more))
        self._fill()

    def _whats(self) -> dict[str, str]:
        return {
            "new": self.tr("新增"),
            "changed": self.tr("修改"),
            "conflict": self.tr("填报不一致"),
            "refused": self.tr("待处理"),
            "deleted": self.tr("删除"),
        }

    def _fill(self) -> None:
        if self.inspection is None:
            return
        wanted, names = self.chips.current(), self._whats()
        lines: list[Line] = [
            line for line in self.inspection.lines if wanted in ("", "all") or line.what == wanted
        ]
        self.model.set_tones({names[key]: tone for key, tone in _tones().items()})
        self.model.set_rows(
            [(names.get(line.what, line.what), line.kind, line.text, line.detail) for line in lines]
        )

    # -- deciding --------------------------------------------------------------------------------------

    def allowed(self) -> bool:
        """Whether everything that has to be compared before was ticked."""
        return all(box.isHidden() or box.isChecked() for box in (self.compared, self.confirmed))

    def accepting(self) -> bool:
        """Whether taking it also accepts a station."""
        found = self.inspection
        return found is not None and (found.first_contact or bool(found.warning))

    def focus(self) -> None:
        """The keyboard goes where the decision is."""
        (
            self.taker
            if self.allowed()
            else self.compared
            if not self.compared.isHidden()
            else self.confirmed
        ).setFocus()

    def set_busy(self, busy: bool) -> None:
        """While it is being written nothing else can be decided."""
        for part in (self.refuser, self.leaver, self.compared, self.confirmed):
            part.setEnabled(not busy)
        self.taker.setEnabled(not busy and self.allowed())
        self.why.setText(self.tr("正在写入台账…") if busy else self._reason())

    def _allow(self) -> None:
        self.taker.setEnabled(self.allowed())
        self.why.setText(self._reason())

    def _reason(self) -> str:
        if self.allowed():
            return ""
        if not self.confirmed.isHidden() and not self.confirmed.isChecked():
            return self.tr("请先与对方电话核实，再在左边打勾。")
        return self.tr("请先核对左边的核对码，一致再打勾。")

    def _take(self) -> None:
        if self.allowed():
            self.taken.emit()


def _tones() -> dict[str, Tone]:
    return {"new": "accent", "changed": "info", "conflict": "warn", "refused": "warn", "deleted": "bad"}


class _Kinds(QWidget):
    """A small table: each kind with how many are new and changed, side by side."""

    ACROSS = 3

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Size.GAP_WIDE)
        self._grid.setVerticalSpacing(Size.TIGHT)

    def show_kinds(self, kinds: tuple[tuple[str, int, int], ...]) -> None:
        """Show (kind, new, changed)."""
        from ui.clearing import clear

        clear(self._grid)
        for at, (kind, new, changed) in enumerate(kinds):
            parts = [self.tr("新增 {0}").format(words.number(new))] if new else []
            if changed:
                parts.append(self.tr("修改 {0}").format(words.number(changed)))
            row, column = divmod(at, self.ACROSS)
            self._grid.addWidget(label(kind), row, 2 * column)
            self._grid.addWidget(label("，".join(parts), "sub"), row, 2 * column + 1)
        self._grid.setColumnStretch(2 * self.ACROSS, 1)
        self.setVisible(bool(kinds))
