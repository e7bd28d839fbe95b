"""ChipRow: quick filters with counts, one of them chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from ui.theme import Size
from ui.widgets.basic import button
from ui.widgets.flow import FlowLayout


class ChipRow(QWidget):
    """Filters as (key, text, count or None); arrow keys move between them, ``changed`` carries the key.

    They take a second line where there is no room for all in one.
    """

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = FlowLayout(self, Size.GAP)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._chips: dict[str, QPushButton] = {}
        self._current = ""

    def set_chips(self, chips: Sequence[tuple[str, str, int | None]]) -> None:
        """Show these filters; the chosen one stays chosen if it is still there, else the first is
        (silently).
        """
        keys = [key for key, _text, _count in chips]
        if keys != list(self._chips):
            for old in self._chips.values():
                self._row.removeWidget(old)
                old.hide()
                old.deleteLater()
            self._chips = {}
            for key in keys:
                chip = button("", "chip")
                chip.setCheckable(True)
                chip.clicked.connect(lambda _checked=False, key=key: self._choose(key))
                chip.installEventFilter(self)
                self._row.addWidget(chip)
                self._chips[key] = chip
        for key, text, count in chips:
            shown = text if count is None else f"{text} {count:,}"
            self._chips[key].setText(shown)
            self._chips[key].setAccessibleName(shown)
        if self._current not in self._chips:
            self._current = keys[0] if keys else ""
        self._mark()

    def current(self) -> str:
        """The key of the chosen filter, empty without filters."""
        return self._current

    def set_current(self, key: str) -> None:
        """Choose a filter from the program; sends ``changed`` if it is another."""
        if key in self._chips:
            self._choose(key)

    def has(self, key: str) -> bool:
        """Whether a filter is among those shown."""
        return key in self._chips

    def chip(self, key: str) -> QPushButton:
        """The button of a filter."""
        return self._chips[key]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not step:
            return False
        keys = list(self._chips)
        at = min(max(keys.index(self._current) + step, 0), len(keys) - 1)
        self._chips[keys[at]].setFocus()
        self._choose(keys[at])
        return True

    def _choose(self, key: str) -> None:
        changed = key != self._current
        self._current = key
        self._mark()
        if changed:
            self.changed.emit(key)

    def _mark(self) -> None:
        for key, chip in self._chips.items():
            chip.setChecked(key == self._current)
            # One stop of the Tab key for the whole row, as with radio buttons.
            chip.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if key == self._current else Qt.FocusPolicy.ClickFocus
            )
