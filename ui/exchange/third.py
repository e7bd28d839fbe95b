"""The third value: what somebody writes instead of all that was filled in, in the control that fits the field."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from commissioner_app import entry
from commissioner_app.conflicts import InboxItem
from ui.widgets.basic import Combo, label, restyle
from ui.widgets.picklist import PickList


class ThirdValue(QWidget):
    """One control for a field; ``edited`` is sent while typing."""

    edited = Signal()

    def __init__(self, item: InboxItem) -> None:
        super().__init__()
        self._item = item
        self._kind = item.entry.kind
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        caption = label(self.tr("另填{0}").format(item.label), "caption")
        column.addWidget(caption)
        self.box: QLineEdit | QPlainTextEdit | Combo | PickList
        if self._kind == "lines":
            self.box = QPlainTextEdit()
            self.box.setFixedHeight(112)
            self.box.setTabChangesFocus(True)
            self.box.textChanged.connect(self._typed)
        elif self._kind == "option":
            self.box = Combo()
            self.box.setEditable(item.field == "industry")  # a list that officers extend
            self.box.addItems(["", *item.entry.offered])
            self.box.currentTextChanged.connect(lambda _text: self._typed())
        elif self._kind == "list":
            self.box = PickList(item.entry.offered, free=True)
            self.box.changed.connect(lambda _values: self._typed())
        else:
            self.box = QLineEdit()
            self.box.textEdited.connect(lambda _text: self._typed())
            if self._kind == "number":
                self.box.setPlaceholderText(self.tr("如 32"))
        self.box.setAccessibleName(caption.text())
        caption.setBuddy(self.box)
        column.addWidget(self.box)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        column.addWidget(self.error)
        self.setFocusProxy(self.box)

    def set_value(self, value: Any) -> None:
        """Begin with a value, as to change a word of it."""
        if isinstance(self.box, PickList):
            self.box.set_values([str(v) for v in value] if isinstance(value, list) else [])
        elif isinstance(self.box, Combo):
            self.box.setCurrentText("" if value is None else str(value))
        elif isinstance(self.box, QPlainTextEdit):
            self.box.setPlainText("" if value is None else str(value))
        else:
            self.box.setText("" if value is None else str(value))

    def value(self) -> Any:
        """What was written, as the journal takes it; None for nothing."""
        if isinstance(self.box, PickList):
            return self.box.values() or None
        text = self._text().strip()
        if self._kind == "number":
            return int(text) if text.isascii() and text.isdigit() else None
        return text or None

    def problem(self) -> str:
        """What is wrong with it, in words; empty if nothing is. Shown under the control."""
        found = (
            ""
            if isinstance(self.box, PickList)
            else entry.problem(self._item.entity, self._item.field, self._text())
        )
        self._show(found)
        return found

    def _text(self) -> str:
        if isinstance(self.box, QPlainTextEdit):
            return self.box.toPlainText()
        return self.box.currentText() if isinstance(self.box, Combo) else self.box.text()

    def _typed(self) -> None:
        self.problem()
        self.edited.emit()

    def _show(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        if bool(self.box.property("invalid")) != bool(text):
            self.box.setProperty("invalid", bool(text))
            restyle(self.box)
