"""需要留意: what is pointed out on the board, quietly, in a row; a click shows only the cards that it is about."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ui.clearing import clear
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.flow import FlowLayout

EMPTY = "empty"
"""The key of counties without a place: no card is about that."""


class NoticeBar(QWidget):
    """Lines as (key, text, how many, tooltip); ``changed`` carries the key of the one chosen, "" for none."""

    changed = Signal(str)
    emptyWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = FlowLayout(self, Size.GAP)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._lines: list[tuple[str, str, int, str]] = []
        self._buttons: dict[str, QPushButton] = {}
        self._current = ""
        self.hide()

    def show_lines(self, lines: Sequence[tuple[str, str, int, str]]) -> None:
        """Point these out; what was chosen stays chosen while there is still something of it."""
        if list(lines) == self._lines:
            return
        focused = next((key for key, b in self._buttons.items() if b.hasFocus()), "")
        self._lines = list(lines)
        clear(self._row)
        self._buttons = {}
        head = label(self.tr("需要留意 {0}").format(len(lines)), "caption")
        head.setFixedHeight(Size.CONTROL)
        head.setContentsMargins(Size.GAP, 0, 0, 0)
        self._row.addWidget(head)
        for key, text, count, tip in lines:
            made = button(f"{text} {count:,}", "chip", icon="warning")
            made.setCheckable(key != EMPTY)
            made.setToolTip(tip)
            made.setAccessibleName(self.tr("需要留意：{0} {1}").format(text, count))
            made.clicked.connect(lambda _on=False, key=key: self._click(key))
            self._row.addWidget(made)
            self._buttons[key] = made
        if self._current not in self._buttons:
            self._current = ""
        self._mark()
        if focused in self._buttons:
            self._buttons[focused].setFocus()
        self.setVisible(bool(lines))

    def current(self) -> str:
        """The key of what is chosen, "" for nothing."""
        return self._current

    def buttons(self) -> dict[str, QPushButton]:
        """The lines' buttons by key."""
        return dict(self._buttons)

    def clear_choice(self) -> None:
        """Choose nothing, silently."""
        self._current = ""
        self._mark()

    def _click(self, key: str) -> None:
        if key == EMPTY:
            self.emptyWanted.emit()
            return
        self._current = "" if self._current == key else key
        self._mark()
        self.changed.emit(self._current)

    def _mark(self) -> None:
        for key, made in self._buttons.items():
            made.setChecked(key == self._current)
