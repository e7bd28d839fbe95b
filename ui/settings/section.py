"""Section: one tab of 设置, a column of cards that does not grow wider than reads well."""

from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.clearing import clear
from ui.context import Context
from ui.theme import Size
from ui.widgets.basic import label

if TYPE_CHECKING:
    from ui.main_window import LedgerWindow

WIDEST = 860


class Section(QWidget):
    """``refresh`` shows anew what records of these kinds say; ``may_leave`` is asked before another tab."""

    def __init__(self, context: Context, *, wide: bool = False) -> None:
        super().__init__()
        self.context = context
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        if not wide:
            inner.setMaximumWidth(WIDEST)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Size.GAP_MID)
        row.addWidget(inner, 10)
        row.addStretch(0)

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show anew."""

    def may_leave(self) -> bool:
        """False keeps the section in front."""
        return True

    def save(self) -> None:
        """Ctrl+S."""

    def ledger_window(self) -> "LedgerWindow":
        """The window that the section stands in."""
        return cast("LedgerWindow", self.window())


class Facts(QWidget):
    """Captions and values in two columns."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Size.GAP_WIDE)
        self._grid.setVerticalSpacing(Size.GAP)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: list[tuple[str, str]]) -> None:
        """Show these lines."""
        clear(self._grid)
        for row, (caption, value) in enumerate(facts):
            head, text = label(caption, "sub"), label(value, wrap=True)
            text.setToolTip(value)
            text.setAccessibleName(f"{caption}：{value}")
            self._grid.addWidget(head, row, 0)
            self._grid.addWidget(text, row, 1)
