"""BulkBar: what can be done with several visits at once; each is one operation that 撤销 takes back."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from commissioner_app import visits
from commissioner_app.ledgers import Outcome
from ui.context import Context
from ui.theme import Size
from ui.visits.opinion import ask_opinion
from ui.widgets.basic import button
from ui.widgets.flow import FlowLayout


class BulkBar(QWidget):
    """`ids` gives the selected visits; `printWanted`, `exportWanted` and `answerWanted` ask the page."""

    printWanted = Signal()
    exportWanted = Signal()
    answerWanted = Signal()
    deleted = Signal()

    def __init__(self, context: Context, ids: Callable[[], list[str]]) -> None:
        super().__init__()
        self._context, self._ids = context, ids
        self.setAccessibleName(self.tr("对所选记录"))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(Size.GAP_MID, Size.TIGHT, Size.GAP_MID, 0)
        holder = QWidget()
        row = FlowLayout(holder, Size.TIGHT)
        row.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(holder, 1)
        self.approve = self._add(row, self.tr("审核通过"), self.pass_all)
        self.back = self._add(row, self.tr("退回…"), self.return_all)
        self.submit = self._add(row, self.tr("提交审核"), self.submit_all)
        self.withdraw = self._add(row, self.tr("改回草稿"), self.withdraw_all)
        self.answer = self._add(row, self.tr("说明待核实…"), self.answerWanted.emit)
        self.print = self._add(row, self.tr("打印记录单…"), self.printWanted.emit)
        self.export = self._add(row, self.tr("导出…"), self.exportWanted.emit)
        self.remove = self._add(row, self.tr("删除"), self.delete_all)
        self.print.setToolTip(self.tr("打印服务记录单（Ctrl+P）"))
        self.remove.setToolTip(self.tr("删除（Delete），可以撤销"))
        self.answer.hide()
        self.hide()

    def _add(self, row: FlowLayout, text: str, do: Callable[[], object]) -> QPushButton:
        made = button(text, "link", on_click=do)
        row.addWidget(made)
        return made

    def show_for(self, count: int, doubted: bool) -> None:
        """Show what several visits allow; `doubted`: some of them are 待核实."""
        reviewer = self._context.role != "commissioner"
        for part in (self.approve, self.back):
            part.setVisible(reviewer)
        self.answer.setVisible(doubted)
        self.setVisible(count > 1)

    def pass_all(self) -> None:
        """Pass those of the selected that wait for it."""
        ids, c = self._ids(), self._context
        self._do(lambda: visits.pass_visits(c.ledger, ids), self.tr("已审核通过 {0} 条"), len(ids),
                 self.tr("所选记录中没有待审核的。"))  # fmt: skip

    def return_all(self) -> None:
        """Return the selected with one opinion."""
        ids, c = self._ids(), self._context
        opinion = ask_opinion(self, len(ids))
        if opinion:
            self._do(lambda: visits.return_visits(c.ledger, ids, opinion), self.tr("已退回 {0} 条"), len(ids),
                     self.tr("所选记录中没有可以退回的。"))  # fmt: skip

    def submit_all(self) -> None:
        """Hand the selected drafts in."""
        ids, c = self._ids(), self._context
        self._do(lambda: visits.submit(c.ledger, ids), self.tr("已提交审核 {0} 条"), len(ids),
                 self.tr("所选记录中没有草稿或已退回的。"))  # fmt: skip

    def withdraw_all(self) -> None:
        """Make drafts again of what waits for review or was returned."""
        ids, c = self._ids(), self._context
        self._do(lambda: visits.withdraw(c.ledger, ids), self.tr("已改回草稿 {0} 条"), len(ids),
                 self.tr("所选记录中没有待审核或已退回的；审核通过的请先退回。"))  # fmt: skip

    def delete_all(self) -> None:
        """Delete the selected; 撤销 brings them back."""
        ids, c = self._ids(), self._context
        if ids:
            c.do(lambda: visits.delete(c.ledger, ids), self.tr("已删除 {0} 条服务记录").format(len(ids)), owner=self,
                 done=lambda _o: self.deleted.emit())  # fmt: skip

    def _do(self, fn: Callable[[], Outcome], said: str, asked: int, nothing: str) -> None:
        """Carry an operation out and say how many it has changed, which may be fewer than are selected."""
        c = self._context

        def done(outcome: Outcome) -> None:
            count = len(outcome.records.get("visit", []))
            if not count:
                c.said.emit(nothing, False)
            else:
                rest = self.tr("，其余 {0} 条未变").format(asked - count) if count < asked else ""
                c.said.emit(said.format(count) + rest, True)

        if asked:
            c.do(fn, done=done, owner=self)
