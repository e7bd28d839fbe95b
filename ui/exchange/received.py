"""What a package has brought, and where to look at it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app.exchange import Inspection, Receipt
from ui.exchange import words
from ui.exchange.tally import TallyRow
from ui.theme import Size
from ui.widgets.basic import button, label, restyle
from ui.widgets.card import Card
from ui.widgets.glyph import Glyph

WIDEST = 720


class ReceivedCard(QWidget):
    """The signals are its buttons."""

    arrivalsWanted = Signal()
    conflictsWanted = Signal()
    keptWanted = Signal()
    nextWanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        card = Card()
        card.setMaximumWidth(WIDEST)
        row.addWidget(card, 10, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP + Size.TIGHT)
        head.addWidget(Glyph("done", "accent", Size.DIALOG_ICON), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(Size.TIGHT)
        self.title = label("", "cardtitle", wrap=True)
        self.about = label("", "sub", wrap=True)
        texts.addWidget(self.title)
        texts.addWidget(self.about)
        head.addLayout(texts, 1)
        card.body.addLayout(head)
        card.body.addSpacing(Size.GAP)
        self.tally = TallyRow()
        card.body.addWidget(self.tally)
        self.conflicts = label("", "notice", tone="warn", wrap=True)
        self.kept = label("", "notice", tone="warn", wrap=True)
        self.parts = label("", "notice", tone="info", wrap=True)
        for part in (self.conflicts, self.kept, self.parts):
            card.body.addWidget(part)
        card.body.addSpacing(Size.GAP)
        foot = QHBoxLayout()
        foot.setSpacing(Size.GAP)
        self.arrivals = button(self.tr("查看新到的服务记录"), icon="visit", on_click=self.arrivalsWanted.emit)
        self.to_conflicts = button(self.tr("去核对不一致"), icon="merge", on_click=self.conflictsWanted.emit)
        self.to_kept = button(self.tr("查看待处理"), icon="empty", on_click=self.keptWanted.emit)
        self.next = button("", "primary", on_click=self.nextWanted.emit)
        for made in (self.arrivals, self.to_conflicts, self.to_kept):
            foot.addWidget(made)
        foot.addStretch(1)
        foot.addWidget(self.next)
        card.body.addLayout(foot)

    def show_receipt(self, receipt: Receipt, inspection: Inspection, waiting: int) -> None:
        """Show what was taken; `waiting` files come after it."""
        self.title.setText(self.tr("已接收{0}的文件").format(receipt.sender.name))
        self.about.setText(
            self.tr("{0} · 另有 {1} 处本机早已收到").format(
                inspection.file.name, words.number(receipt.unchanged)
            )
            if receipt.unchanged
            else inspection.file.name
        )
        self.tally.show_figures(
            [
                (self.tr("新增"), words.number(receipt.new), "plain"),
                (self.tr("修改"), words.number(receipt.changed), "plain"),
                (
                    self.tr("填报不一致"),
                    words.number(receipt.conflicts),
                    "warn" if receipt.conflicts else "plain",
                ),
                (self.tr("待处理"), words.number(receipt.refused), "warn" if receipt.refused else "plain"),
                (self.tr("照片"), words.number(receipt.attachments), "plain"),
            ]
        )
        for part, text in (
            (
                self.conflicts,
                self.tr("{0} 处与本机填写的不同，两边都已保留，请核对后选定。").format(receipt.conflicts)
                if receipt.conflicts
                else "",
            ),
            (
                self.kept,
                self.tr("{0} 处改动超出对方的权限，没有采用，已另存在“待处理”。").format(receipt.refused)
                if receipt.refused
                else "",
            ),
            (
                self.parts,
                self.tr("这是 {0} 个文件中的第 {1} 个，其余的请继续接收。").format(
                    inspection.of, inspection.part
                )
                if inspection.of > 1
                else "",
            ),
        ):
            part.setText(text)
            part.setVisible(bool(text))
            restyle(part)
        self.arrivals.setVisible("visit" in receipt.records)
        self.to_conflicts.setVisible(receipt.conflicts > 0)
        self.to_kept.setVisible(receipt.refused > 0)
        self.set_waiting(waiting)
        self._lead(waiting)
        self.setAccessibleName(self.title.text())

    def _lead(self, waiting: int) -> None:
        """Make the button primary that most people want now: the next file, what to decide, what came."""
        wanted = [b for b in (self.to_conflicts, self.arrivals) if b.isVisibleTo(self)]
        first = self.next if waiting or not wanted else wanted[0]
        for made in (self.arrivals, self.to_conflicts, self.to_kept, self.next):
            made.setProperty("kind", "primary" if made is first else "")
            restyle(made)
        self.setFocusProxy(first)

    def set_waiting(self, waiting: int) -> None:
        """How many files come after this one."""
        self.next.setText(
            self.tr("接收下一个（还有 {0} 个）").format(waiting) if waiting else self.tr("接收其他文件")
        )
        self.next.setAccessibleName(self.next.text())
