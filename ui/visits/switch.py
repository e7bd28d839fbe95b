"""ViewSwitch: table, calendar or timeline of the same visits; one of three buttons side by side is pressed."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.widgets.basic import button

VIEWS = ("table", "calendar", "timeline")


class ViewSwitch(QWidget):
    """`changed` carries the view; Ctrl+1 … Ctrl+3 choose one anywhere on `page`."""

    changed = Signal(str)

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._current = VIEWS[0]
        self.setAccessibleName(self.tr("显示方式"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.buttons: dict[str, QPushButton] = {}
        icons = {"table": "columns", "calendar": "calendar", "timeline": "timeline"}
        words = {"table": self.tr("表格"), "calendar": self.tr("月历"), "timeline": self.tr("时间轴")}
        for number, view in enumerate(VIEWS, 1):
            made = button(words[view], "tool", icon=icons[view], on_click=partial(self.choose, view))
            made.setCheckable(True)
            made.setToolTip(self.tr("{0}（Ctrl+{1}）").format(words[view], number))
            made.installEventFilter(self)
            row.addWidget(made)
            self.buttons[view] = made
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.choose, view))
        self._mark()

    def current(self) -> str:
        """The view in front."""
        return self._current

    def choose(self, view: str) -> None:
        """Press a button; sends `changed` if it is another."""
        other = view != self._current
        self._current = view
        self._mark()
        if other:
            self.changed.emit(view)

    def _mark(self) -> None:
        for view, made in self.buttons.items():
            made.setChecked(view == self._current)
            # One stop of the Tab key for all three, as with radio buttons.
            on = view == self._current
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not step:
            return False
        view = VIEWS[min(max(VIEWS.index(self._current) + step, 0), len(VIEWS) - 1)]
        self.buttons[view].setFocus()
        self.choose(view)
        return True
