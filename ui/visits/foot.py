"""Foot: the buttons below a visit, those that fit its state."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import Size
from ui.visits.head import Review
from ui.widgets.basic import button

PAUSE_MS = 700
"""Longer than any double click."""


class Foot(QWidget):
    """Each button sends the signal of its name."""

    cancelled = Signal()
    returned = Signal()
    stored = Signal()
    submitted = Signal()
    approved = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(Size.GAP_MID, Size.TIGHT, Size.GAP_MID, Size.GAP)
        row.setSpacing(Size.GAP)
        self.cancel = button(self.tr("取消"), on_click=self.cancelled.emit)
        self.cancel.setToolTip(self.tr("放弃输入的内容（Esc）"))
        self.back = button(self.tr("退回…"), "danger", on_click=self.returned.emit)
        self.store = button(self.tr("保存"), on_click=self.stored.emit)
        self.store.setToolTip(self.tr("保存（Ctrl+S）；保存并登记下一条（Ctrl+Enter）"))
        self.submit = button(self.tr("提交审核"), "primary", on_click=self.submitted.emit)
        self.approve = button(self.tr("审核通过"), "primary", on_click=self.approved.emit)
        self.approve.setText(self.tr("审核通过  F8"))
        for part in (self.cancel, self.back):
            row.addWidget(part)
        row.addStretch(1)
        for part in (self.store, self.submit, self.approve):
            row.addWidget(part)

    def show_for(
        self, new: bool, dirty: bool, reviewer: bool, state: Review, stale: bool, reopened: bool
    ) -> None:
        """Show what can be done now. `reopened`: it had passed and is being changed with a reason."""
        self.cancel.setVisible(new or dirty or reopened)
        self.cancel.setText(self.tr("取消") if new else self.tr("放弃修改"))
        self.store.setText(self.tr("存为草稿") if new else self.tr("保存"))
        self.store.setVisible(new or dirty)
        self.submit.setVisible(new or state[0] in ("draft", "returned"))
        pending = not new and reviewer and (state[0] == "submitted" or stale) and not dirty
        self.approve.setVisible(pending)
        self.back.setVisible(pending or (not new and reviewer and state[0] == "passed" and not dirty))

    def pause(self) -> None:
        """After an action another button stands where the first did: a double click must not press both."""
        for part in (self.approve, self.submit, self.back):
            part.setEnabled(False)
        QTimer.singleShot(PAUSE_MS, self, self._go_on)

    def _go_on(self) -> None:
        for part in (self.approve, self.submit, self.back):
            part.setEnabled(True)
