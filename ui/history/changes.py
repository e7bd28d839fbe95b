"""ChangeList: what was changed, in groups of a heading, a caption, and field: old → new."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.clearing import clear
from ui.theme import Size
from ui.widgets.basic import button, label, rule, scroll

SHOWN = 60
"""Groups shown at first; more are one click away."""


@dataclass(frozen=True, slots=True)
class Group:
    """One operation on a record, or one record in an operation; lines are (field, old, new), "—" for nothing."""

    title: str
    caption: str
    lines: tuple[tuple[str, str, str], ...]


class ChangeList(QWidget):
    """Scrolls; a group that was new shows only what was written."""

    def __init__(self, name: str, empty: str) -> None:
        super().__init__()
        self._empty = empty
        self._groups: list[Group] = []
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, Size.GAP, 0)
        self._column.setSpacing(Size.TIGHT)
        area = scroll(self._inner)
        area.setAccessibleName(name)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def show_groups(self, groups: Sequence[Group], limit: int = SHOWN) -> None:
        """Show these, the first ``limit`` at once."""
        self._groups = list(groups)
        clear(self._column)
        if not groups:
            self._column.addWidget(label(self._empty, "sub", wrap=True))
        for n, group in enumerate(self._groups[:limit]):
            if n:
                self._column.addSpacing(Size.TIGHT)
                self._column.addWidget(rule())
                self._column.addSpacing(Size.TIGHT)
            self._column.addWidget(label(group.title or "—", wrap=True))
            if group.caption:
                self._column.addWidget(label(group.caption, "caption", wrap=True))
            for field, old, new in group.lines:
                text = new if old == "—" else f"{old} → {new}"
                self._column.addWidget(label(f"{field}：{text}", "sub", wrap=True))
        if len(self._groups) > limit:
            more = self.tr("再看其余 {0} 项").format(len(self._groups) - limit)
            self._column.addWidget(button(more, "link", on_click=self._more))
        self._column.addStretch(1)

    def groups(self) -> list[Group]:
        """What is listed."""
        return list(self._groups)

    def _more(self) -> None:
        self.show_groups(self._groups, len(self._groups))
