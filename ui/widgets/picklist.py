"""PickList: several of a list, in a field that reads like a line of text (现场指导、技术培训)."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui import icons
from ui.theme import Size
from ui.widgets.basic import restyle, roomy_rows
from ui.widgets.overlay import Overlay

_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class PickList(QLineEdit):
    """Choose any number; with ``free`` one may also type entries that the list does not have.

    Space, Enter, ↓ or a click opens; in the list ↑ ↓ move, Space ticks, Enter or Esc closes. ``changed``
    carries the new values after every tick. Values of the list come in its order, free ones after them as
    added.
    """

    changed = Signal(list)

    def __init__(
        self, choices: Sequence[str] = (), *, free: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._choices = list(choices)
        self._values: list[str] = []
        self._free = free
        #: Whether an entry that the list does not have may be added; else typing only finds.
        self.adds = free
        #: Whether an entry fits what was typed (in small letters); by default it contains it.
        self.fits: Callable[[str, str], bool] = lambda needle, text: needle in text.lower()
        self.setReadOnly(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setPlaceholderText(self.tr("可多选"))
        action = self.addAction(icons.icon("down"), QLineEdit.ActionPosition.TrailingPosition)
        action.setToolTip(self.tr("选择（↓）"))
        action.triggered.connect(self.toggle_panel)
        self._panel: _Panel | None = None

    def values(self) -> list[str]:
        """What is chosen."""
        return list(self._values)

    def set_values(self, values: Iterable[str]) -> None:
        """Choose these without sending ``changed``; what the list lacks is kept as a free entry."""
        wanted = list(dict.fromkeys(value.strip() for value in values if value.strip()))
        known = [choice for choice in self._choices if choice in wanted]
        self._values = known + [value for value in wanted if value not in self._choices]
        self._show()

    def set_choices(self, choices: Sequence[str]) -> None:
        """Offer another list; what is chosen stays."""
        self._choices = list(choices)
        self.set_values(self._values)

    def choices(self) -> list[str]:
        """The list offered, with the free entries chosen here after it."""
        return self._choices + [value for value in self._values if value not in self._choices]

    def toggle(self, value: str) -> None:
        """Tick or untick one, as the user does; sends ``changed``."""
        kept = [each for each in self._values if each != value]
        self.set_values(kept if len(kept) < len(self._values) else [*kept, value])
        self.changed.emit(self.values())

    def panel(self) -> "QWidget | None":
        """The open list, None while it is closed."""
        return self._panel if self._panel is not None and self._panel.isVisible() else None

    def open_panel(self) -> None:
        """Show the list below the field."""
        if not self.isEnabled():
            return
        if self._panel is None:
            self._panel = _Panel(self, self._free)
            self._panel.closed.connect(lambda: self._mark(False))
        self._panel.fill()
        self._mark(True)
        rows = min(len(self.choices()), 9)
        self._panel.open(self.width(), self._panel.height_for(max(rows, 1)))
        self._panel.take_focus()

    def toggle_panel(self) -> None:
        """Show or hide the list."""
        if self.panel() is not None and self._panel is not None:
            self._panel.close_panel()
        else:
            self.open_panel()

    def _show(self) -> None:
        """The values as far as there is room; all of them in the tooltip and for screen readers."""
        whole = "、".join(self._values)
        room = self.width() - 4 * Size.GAP - Size.ICON
        self.setText(self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room))
        self.setToolTip(whole if self.text() != whole else "")
        self.setAccessibleDescription(whole)
        self.setCursorPosition(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        blocked = self.blockSignals(True)
        self._show()
        self.blockSignals(blocked)

    def _mark(self, is_open: bool) -> None:
        self.setProperty("open", is_open)
        restyle(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus()
            self.toggle_panel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typed = event.text()
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_F4):
            self.open_panel()
        elif typed and typed.isprintable() and self._free and not event.modifiers() & _COMMANDS:
            self.open_panel()
            if self._panel is not None and self._panel.entry is not None:
                self._panel.entry.setText(typed)
        else:
            super().keyPressEvent(event)


class _Panel(Overlay):
    def __init__(self, field: PickList, free: bool) -> None:
        super().__init__(field)
        self._field = field
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(4)
        self.entry: QLineEdit | None = None
        if free:
            self.entry = QLineEdit()
            self.entry.setPlaceholderText(
                self.tr("查找，或输入后按回车添加") if field.adds else self.tr("查找，拼音首字母也行")
            )
            self.entry.textChanged.connect(self._narrow)
            self.entry.installEventFilter(self)
            column.addWidget(self.entry)
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        roomy_rows(self.list, Size.CONTROL)
        self.list.itemChanged.connect(self._ticked)
        self.list.itemClicked.connect(self._clicked)
        self.list.installEventFilter(self)
        column.addWidget(self.list)
        self._pressed_state: Qt.CheckState | None = None
        self.list.itemPressed.connect(self._pressed)

    def fill(self) -> None:
        self.list.blockSignals(True)
        at = max(self.list.currentRow(), 0)
        self.list.clear()
        chosen = set(self._field.values())
        for choice in self._field.choices():
            item = QListWidgetItem(choice)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if choice in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(min(at, self.list.count() - 1))
        self.list.blockSignals(False)

    def height_for(self, rows: int) -> int:
        entry = 0 if self.entry is None else self.entry.sizeHint().height() + Size.TIGHT
        return rows * Size.CONTROL + entry + 3 * Size.TIGHT

    def take_focus(self) -> None:
        if self.entry is not None:
            self.entry.clear()
            self.entry.setFocus()
        else:
            self.list.setFocus()

    def _ticked(self, item: QListWidgetItem) -> None:
        if (item.text() in self._field.values()) != (item.checkState() == Qt.CheckState.Checked):
            self._field.toggle(item.text())

    def _pressed(self, item: QListWidgetItem) -> None:
        self._pressed_state = item.checkState()

    def _clicked(self, item: QListWidgetItem) -> None:
        # A click on the word ticks as well; one on the box has already changed the state since the press.
        if item.checkState() == self._pressed_state:
            checked = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked)

    def _narrow(self, text: str) -> None:
        needle = text.strip().lower()
        for at in range(self.list.count()):
            item = self.list.item(at)
            item.setHidden(bool(needle) and not self._field.fits(needle, item.text()))

    def _add(self) -> None:
        assert self.entry is not None
        text = self.entry.text().strip()
        if not text:
            self._close()
            return
        shown = [
            self.list.item(at).text() for at in range(self.list.count()) if not self.list.item(at).isHidden()
        ]
        if text not in shown and shown and (not self._field.adds or len(shown) == 1):
            text = shown[0]  # what is meant is in the list already
        if text not in self._field.values() and (self._field.adds or text in shown):
            self._field.toggle(text)
        self.entry.clear()
        self.fill()

    def _close(self) -> None:
        self.close_panel()
        self._field.setFocus()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if watched is self.entry and enter:
                self._add()
                return True
            if watched is self.entry and event.key() == Qt.Key.Key_Down:
                self.list.setFocus()
                return True
            if watched is self.list and enter:
                self._close()
                return True
            if (
                watched is self.list
                and self.entry is not None
                and event.key() == Qt.Key.Key_Up
                and self.list.currentRow() == 0
            ):
                self.entry.setFocus()
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]
