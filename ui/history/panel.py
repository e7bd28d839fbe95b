"""HistoryPanel: the history of one record, as the 历史 tab of an editor shows it."""

from itertools import groupby

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from commissioner_app import history
from commissioner_app.history import Step
from ui.context import Context
from ui.history.changes import ChangeList, Group


class HistoryPanel(QWidget):
    """Newest first: what it was, when and who, and per field old → new."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._record: str | None = None
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.list = ChangeList(self.tr("历史"), self.tr("还没有历史。"))
        whole.addWidget(self.list)
        context.changed.connect(self._read)

    def show_record(self, record_id: str | None) -> None:
        """List the history of a record; None shows nothing."""
        if record_id != self._record:
            self.list.show_groups([])
        self._record = record_id
        self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()

    def _read(self, _kinds: object = None) -> None:
        record, ledger = self._record, self._context.ledger
        if record is not None and self.isVisible():
            self._context.read(lambda: history.record_history(ledger, record), self._show, self, "history")

    def _show(self, steps: list[Step]) -> None:
        groups = []
        for _operation, found in groupby(steps, lambda step: step.operation):
            part = list(found)[::-1]
            first = part[0]
            who = " · ".join(text for text in (first.when, first.actor, first.station) if text)
            groups.append(Group(first.label, who, tuple((s.field, s.old, s.new) for s in part)))
        if groups != self.list.groups():
            self.list.show_groups(groups)
