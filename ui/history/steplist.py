"""StepList: what happened to a record, newest first: when, who, what was done, and each field old → new."""

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtWidgets import QVBoxLayout, QWidget

from commissioner_app.history import Step
from ui.theme import Size
from ui.widgets.basic import label, rule, scroll

MOST = 120


class StepList(QWidget):
    """Set ``show_steps`` with what ``record_history`` answers."""

    def __init__(self, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._nothing = nothing
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, Size.GAP, 0)
        self._column.setSpacing(Size.TIGHT)
        outer.addWidget(scroll(self._inner))

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show these, the operations set apart by lines."""
        while self._column.count():
            part = self._column.takeAt(0).widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        if not steps:
            self._column.addWidget(label(self._nothing, "caption", wrap=True))
        for number, (_, group) in enumerate(groupby(steps[:MOST], key=lambda step: step.operation)):
            lines = list(group)
            if number:
                self._column.addWidget(rule())
            head = lines[0]
            self._column.addWidget(label(head.label, wrap=True))
            who = " · ".join(part for part in (head.when, head.actor, head.station) if part)
            self._column.addWidget(label(who, "caption", wrap=True))
            for step in lines:
                change = step.new if step.old == "—" else f"{step.old} → {step.new}"
                self._column.addWidget(label(f"{step.field}：{change}", "sub", wrap=True))
        if len(steps) > MOST:
            self._column.addWidget(label(self.tr("更早的改动见设置中的操作历史。"), "caption"))
        self._column.addStretch(1)

    def text(self) -> str:
        """All that is shown, line by line."""
        parts = (self._column.itemAt(at).widget() for at in range(self._column.count()))
        return "\n".join(part.text() for part in parts if part is not None and hasattr(part, "text"))
