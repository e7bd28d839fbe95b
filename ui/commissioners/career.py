"""任职经历: the places that somebody holds and held with what they made there, and who else held this place."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app.tenures import Held
from ui.clearing import clear
from ui.commissioners.model import DASH
from ui.theme import Size
from ui.widgets.barchart import number_text
from ui.widgets.basic import button, label, rule, scroll


class Career(QWidget):
    """``visitsWanted`` carries (place, person, name) of the line whose visits are wanted."""

    visitsWanted = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, Size.GAP, Size.GAP, 0)
        self._column.setSpacing(Size.TIGHT)
        outer.addWidget(scroll(self._inner))
        self._texts: list[str] = []

    def show_held(self, name: str, own: Sequence[Held], code: str, others: Sequence[Held]) -> None:
        """own: the places of the person called name, "" for none; others: who holds and held the place."""
        clear(self._column)
        self._texts = []
        if name:
            self._heading(self.tr("{0}的任职").format(name))
            self._nothing(own)
            for held in _latest_first(own):
                batch = self.tr("{0}年度").format(held.year) if held.year else held.batch_name
                title = " · ".join(part for part in (batch, held.code, held.category) if part)
                self._row(title, held)
            if len(own) > 1:
                self._sum(own)
            self._column.addSpacing(Size.GAP)
        self._heading(self.tr("名额 {0} 的历任特派员").format(code))
        self._nothing(others)
        for held in _latest_first(others):
            self._row(held.name or DASH, held)
        if len(others) > 1:
            self._sum(others)
        self._column.addStretch(1)

    def text(self) -> str:
        """All that is shown, line by line."""
        return "\n".join(self._texts)

    def _heading(self, text: str) -> None:
        self._texts.append(text)
        self._column.addWidget(label(text, "sub"))

    def _nothing(self, rows: Sequence[Held]) -> None:
        if not rows:
            self._heading(self.tr("还没有人任职。"))

    def _row(self, title: str, held: Held) -> None:
        self._column.addWidget(rule())
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP)
        name = label(title, wrap=True)
        row.addWidget(name, 1)
        if held.visits:
            link = button(
                self.tr("记录"),
                "link",
                on_click=partial(self.visitsWanted.emit, held.place, held.commissioner, held.name),
            )
            link.setAccessibleName(self.tr("{0}在 {1} 的服务记录").format(held.name, held.code))
            link.setToolTip(link.accessibleName())
            row.addWidget(link)
        self._column.addWidget(line)
        span = (
            self.tr("{0} 至 {1}").format(
                held.held_from or self.tr("服务期初"), held.held_to or self.tr("服务期末")
            )
            if held.tenure
            else self.tr("任期以外")
        )
        made = self.tr("服务 {0} 次、{1} 天").format(f"{held.visits:,}", number_text(held.half_days / 2))
        text = f"{span} · {made}" if held.visits else f"{span} · {self.tr('没有服务记录')}"
        self._texts += [title, text]
        self._column.addWidget(label(text, "caption", wrap=True))

    def _sum(self, rows: Sequence[Held]) -> None:
        visits, half_days = sum(h.visits for h in rows), sum(h.half_days for h in rows)
        text = self.tr("合计 {0} 次、{1} 天").format(f"{visits:,}", number_text(half_days / 2))
        self._texts.append(text)
        self._column.addWidget(label(text, "caption"))


def _latest_first(rows: Sequence[Held]) -> list[Held]:
    """The latest time first, what was made outside of any at the end."""
    return sorted(reversed(rows), key=lambda held: not held.tenure)
