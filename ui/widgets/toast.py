"""Toast: the quiet message at the bottom that says what was done and offers to take it back."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QWidget

from ui.theme import Size
from ui.widgets.basic import button, label

SHOWN_MS = 8000


class Toast(QFrame):
    """One at a time, over the lower middle of ``host``; stays while the mouse or the focus is on it."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("toast")
        self._host = host
        self._action: Callable[[], object] | None = None
        row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        row.setContentsMargins(Size.GAP_MID, Size.GAP, Size.GAP, Size.GAP)
        row.setSpacing(Size.GAP)
        self.message = label()
        self.button = button("", "", on_click=self._act)
        row.addWidget(self.message)
        row.addWidget(self.button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.button.installEventFilter(self)
        host.installEventFilter(self)
        self.hide()

    def say(
        self,
        text: str,
        action_text: str = "",
        action: Callable[[], object] | None = None,
        timeout_ms: int = SHOWN_MS,
    ) -> None:
        """Show ``text`` for a while, with a button that does ``action`` once and goes."""
        self._action = action
        self.message.setText(text)
        self.button.setText(action_text)
        self.button.setAccessibleName(action_text)
        self.button.setVisible(bool(action_text))
        self.setAccessibleName(text)
        self.show()
        self._place()
        self.raise_()
        self._timer.start(timeout_ms)
        from PySide6.QtGui import QAccessible, QAccessibleEvent  # 3 ms that the start does not pay

        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def focus_action(self) -> bool:
        """Put the keyboard on the button; False if there is none on screen."""
        if self.isVisible() and self.button.isVisible():
            self.button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        return False

    def _act(self) -> None:
        action, self._action = self._action, None
        self.hide()
        if action is not None:
            action()

    def _place(self) -> None:
        self.adjustSize()
        width = min(self.sizeHint().width(), self._host.width() - 2 * Size.GAP_MID)
        height = self.sizeHint().height()
        self.setGeometry(
            (self._host.width() - width) // 2, self._host.height() - height - Size.GAP_MID, width, height
        )

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        if self.isVisible():
            self._timer.start(SHOWN_MS // 2)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        elif watched is self.button and event.type() == QEvent.Type.FocusIn:
            self._timer.stop()
        elif watched is self.button and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self._timer.start(SHOWN_MS // 2)
        return False
