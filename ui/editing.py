"""Sheet: a Form over a record's fields that knows what was loaded and what the user changed; and what is asked
before typed text would be left behind.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Literal, Protocol

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QMessageBox, QPlainTextEdit, QWidget

from ui import icons
from ui.widgets.dateedit import DateField, PeriodField
from ui.widgets.datetext import parse_date
from ui.widgets.form import Form
from ui.widgets.picklist import PickList

Answer = Literal["save", "discard", "stay"]


def ask_unsaved(parent: QWidget, what: str) -> Answer:
    """Ask what becomes of the text typed for ``what``: 保存, 放弃 or 继续编辑."""
    box = QMessageBox(parent.window())
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(_tr("还没有保存"))
    box.setText(_tr("{0}的修改还没有保存。").format(what))
    save = box.addButton(_tr("保存"), QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton(_tr("放弃修改"), QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton(_tr("继续编辑"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(stay)
    box.exec()
    return "save" if box.clickedButton() is save else "discard" if box.clickedButton() is discard else "stay"


def tab_through(widgets: Sequence[QWidget]) -> None:
    """Let Tab visit these one after the other."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)


class CodeList(PickList):
    """A PickList whose entries stand for codes, as counties and townships do."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__([name for _code, name in pairs], parent=parent)
        self._code_of = {name: code for code, name in pairs}
        self._name_of = dict(pairs)

    def codes(self) -> list[str]:
        """What is chosen, as codes; words without a code stay words."""
        return [self._code_of.get(value, value) for value in self.values()]

    def set_codes(self, codes: Iterable[str]) -> None:
        """Choose these without sending ``changed``."""
        self.set_values([self._name_of.get(code, code) for code in codes])


class SecretEdit(QLineEdit):
    """Shows ``mask(value)`` unless the eye (or F2) was pressed; hidden again when the focus leaves or the window
    is no longer in front.

    ``edited`` is sent for what the user types.
    """

    edited = Signal()

    def __init__(self, mask: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mask = mask
        self._value = ""
        self._open = True
        self.eye = self.addAction(icons.icon("preview"), QLineEdit.ActionPosition.TrailingPosition)
        self.eye.triggered.connect(self.toggle)
        self.textEdited.connect(self._typed)
        self._show(False)

    def value(self) -> str:
        """The whole value, shown or not."""
        return self._value

    def set_value(self, value: str) -> None:
        """Show another value, masked."""
        self._value = value
        self._show(False)

    def toggle(self) -> None:
        """Show what is masked, or mask it again."""
        self.setFocus()
        self._show(not self._open)

    def is_open(self) -> bool:
        """Whether the whole value can be read now."""
        return self._open

    def _show(self, whole: bool) -> None:
        # An empty field takes typing at once.
        self._open = whole or not self._value
        self.setReadOnly(not self._open)
        self.setText(self._value if self._open else self._mask(self._value))
        self.eye.setIcon(icons.icon("lock" if self._open and self._value else "preview"))
        self.eye.setToolTip(
            self.tr("隐藏（F2）") if self._open and self._value else self.tr("显示、修改（F2）")
        )

    def _typed(self, text: str) -> None:
        if not self._open:  # what is masked is never taken for the value
            self._show(False)
            return
        self._value = text.strip()
        self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.toggle()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own menu
            self._show(False)


class Sheet(Form):
    """Fields by the names of the record's fields; None stands for an empty one.

    A check is asked only of a field the user changed: what came in from elsewhere never keeps the rest from
    being saved.
    """

    def __init__(self, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(columns, parent)
        self._loaded: dict[str, Any] = {}
        self._captions: dict[str, str] = {}

    def add(
        self,
        name: str,
        caption: str,
        widget: QWidget,
        *,
        span: int = 1,
        required: bool = False,
        check: Callable[[], str] | None = None,
    ) -> QWidget:
        def only_changed() -> str:
            return check() if check is not None and self.value(name) != self._loaded.get(name) else ""

        super().add(name, caption, widget, span=span, required=required, check=only_changed)
        self._captions[name] = caption
        self._loaded[name] = self.value(name)
        return widget

    def load(self, values: Mapping[str, Any], keep_typed: bool = False) -> None:
        """Show a record; with ``keep_typed`` a field that the user has changed keeps its text."""
        with self.loading():
            for name in self._captions:
                kept = self.value(name)
                typed = keep_typed and kept != self._loaded[name]
                _put(self.widget(name), values.get(name))
                self._loaded[name] = self.value(name)
                if typed:
                    _put(self.widget(name), kept)

    def accept(self, state: Mapping[str, Any]) -> None:
        """``state`` has been saved: it is what the ledger holds; what was typed since then stays typed."""
        self._loaded = dict(state)

    def fields(self) -> list[QWidget]:
        """The controls in order, those of a period one by one."""
        found = [self.widget(name) for name in self._captions]
        return [part for w in found for part in ((w.first, w.last) if isinstance(w, PeriodField) else (w,))]

    def value(self, name: str) -> Any:
        """What stands in a field."""
        return _read(self.widget(name))

    def state(self) -> dict[str, Any]:
        """What stands in all fields."""
        return {name: self.value(name) for name in self._captions}

    def changes(self) -> dict[str, Any]:
        """The fields that differ from what was loaded."""
        return {name: value for name, value in self.state().items() if value != self._loaded[name]}

    def dirty(self) -> bool:
        """Whether the user has changed anything."""
        return bool(self.changes())

    def revert(self) -> None:
        """Back to what was loaded."""
        with self.loading():
            for name, value in self._loaded.items():
                _put(self.widget(name), value)

    def mark_disputed(self, names: Iterable[str]) -> None:
        """Say 填报不一致 beside the captions of these fields."""
        wanted = set(names)
        for name, caption in self._captions.items():
            head = self._fields[name].head
            disputed = name in wanted
            must = self.tr("（必填）") if self._fields[name].required else ""
            head.setText(caption + must + (self.tr(" · 填报不一致") if disputed else ""))
            head.setToolTip(
                self.tr("几处填报的内容不同，各处填写的都已保留，请点“核对”选定") if disputed else ""
            )


def _read(widget: QWidget) -> Any:
    if isinstance(widget, CodeList):
        return sorted(widget.codes()) or None
    if isinstance(widget, PickList):
        return widget.values() or None
    if isinstance(widget, SecretEdit):
        return widget.value() or None
    if isinstance(widget, DateField):
        value = widget.value()
        return value.isoformat() if value else widget.text().strip() or None
    if isinstance(widget, PeriodField):
        return [_read(widget.first), _read(widget.last)]
    if isinstance(widget, QComboBox):
        return widget.currentData()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText().strip() or None
    assert isinstance(widget, QLineEdit)
    return widget.text().strip() or None


def _put(widget: QWidget, value: Any) -> None:
    if isinstance(widget, CodeList):
        widget.set_codes(value or [])
    elif isinstance(widget, PickList):
        widget.set_values(value or [])
    elif isinstance(widget, SecretEdit):
        widget.set_value(value or "")
    elif isinstance(widget, DateField):
        settled = parse_date(value, date.today(), None) if value else None
        widget.set_value(settled)
        if value and settled is None:
            widget.setText(str(value))
    elif isinstance(widget, PeriodField):
        first, last = value or (None, None)
        _put(widget.first, first)
        _put(widget.last, last)
    elif isinstance(widget, QComboBox):
        at = widget.findData(value)
        if at < 0 and value is not None:
            widget.addItem(str(value), value)
            at = widget.count() - 1
        widget.setCurrentIndex(at)
    elif isinstance(widget, QPlainTextEdit):
        if widget.toPlainText() != (value or ""):
            widget.setPlainText(value or "")
    elif isinstance(widget, QLineEdit) and widget.text() != (value or ""):
        widget.setText(value or "")
        widget.setCursorPosition(0)


def _tr(text: str) -> str:
    return QCoreApplication.translate("editing", text)


class Settling(Protocol):
    """What `settle` asks of an editor."""

    def dirty(self) -> bool:
        """Whether something typed has not been saved."""

    def discard(self) -> None:
        """Give up what was typed."""

    def save(self, then: Callable[[], object]) -> bool:
        """Save, then call `then`; False where a field has to be mended first."""


def settle(
    page: QWidget,
    editor: Settling,
    what: str,
    then: Callable[[], object],
    stay: Callable[[], object] | None = None,
) -> bool:
    """Do `then` once nothing typed would be lost by it; `stay` if the user goes on editing."""
    if editor.dirty():
        answer = ask_unsaved(page, what)
        if answer != "discard":
            if answer != "stay" and editor.save(then):
                return True
            if stay is not None:
                stay()
            return False
        editor.discard()
    then()
    return True
