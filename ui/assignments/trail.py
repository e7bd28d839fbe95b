"""变动记录: all stays of a place, and below them who moved it when."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app.moves import PastStay, Trail
from commissioner_app.rows import covers
from ui.clearing import clear
from ui.theme import Size
from ui.widgets.basic import label, rule, scroll
from ui.widgets.pill import Pill

TAKEN_BACK = ("撤销", "重做")
"""Beginnings of labels that tell more than what the lines say."""


class TrailView(QWidget):
    """Set ``show_trail`` with what ``moves.trail`` answers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, Size.GAP, Size.GAP, Size.GAP)
        self._column.setSpacing(Size.TIGHT)
        area = scroll(inner)
        area.setAccessibleName(self.tr("变动记录"))
        outer.addWidget(area)

    def show_trail(self, trail: Trail, on: str) -> None:
        """Show it as of a day."""
        clear(self._column)
        if not trail.moves:
            self._say(self.tr("这个名额还没有安排过受援县。"), "caption")
            self._column.addStretch(1)
            return
        self._say(self.tr("各段安排"), "caption")
        for stay in trail.stays:
            self._column.addWidget(self._stay(stay, on))
        self._column.addSpacing(Size.GAP)
        self._say(self.tr("变动经过"), "caption")
        for n, move in enumerate(trail.moves):
            if n:
                self._column.addWidget(rule())
            for line in move.lines:
                self._say(line, "")
            again = move.label if move.label.startswith(TAKEN_BACK) else ""
            parts = (move.when, move.actor, move.station, again)
            self._say(" · ".join(part for part in parts if part), "caption")
        self._column.addStretch(1)

    def _say(self, text: str, role: str) -> None:
        made = label(text, "caption" if role == "caption" else "", wrap=True)
        self._column.addWidget(made)

    def _stay(self, stay: PastStay, on: str) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP)
        name = label(stay.county, "sub" if stay.removed else "")
        row.addWidget(name)
        row.addWidget(label(stay.period, "sub"))
        row.addStretch(1)
        if stay.removed:
            row.addWidget(Pill(self.tr("已删除"), "plain"))
        elif covers(stay.start, stay.end, on):
            row.addWidget(Pill(self.tr("在此服务"), "accent"))
        else:
            later = (stay.start or "") > on
            row.addWidget(
                Pill(self.tr("尚未开始") if later else self.tr("已结束"), "info" if later else "plain")
            )
        return made

    def text(self) -> str:
        """All that is shown, line by line."""
        found = []
        for n in range(self._column.count()):
            part = self._column.itemAt(n).widget()
            if part is None:
                continue
            words = [w.text() for w in (part, *part.findChildren(QWidget)) if hasattr(w, "text")]
            found.append(" ".join(w for w in words if w))
        return "\n".join(found)
