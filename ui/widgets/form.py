"""Form: captions above controls in a grid, and under each control what is wrong with it, in words, while
typing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from ui.theme import Size
from ui.widgets.basic import label, restyle

Check = Callable[[], str]


@dataclass(slots=True)
class _Field:
    caption: str
    widget: QWidget
    required: bool
    check: Check | None
    error: QLabel
    head: QLabel
    touched: bool = False
    outside: str = ""


class Form(QWidget):
    """Fields by name; a field shows its error once it was typed in or ``first_invalid`` has asked for it.

    ``edited`` is sent with the name of a field the user changed, not while ``loading``.
    """

    edited = Signal(str)

    def __init__(self, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._fields: dict[str, _Field] = {}
        self._at = 0
        self._loading = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Size.GAP + 2)
        self._grid.setVerticalSpacing(Size.GAP)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, 0)

    def add(
        self,
        name: str,
        caption: str,
        widget: QWidget,
        *,
        span: int = 1,
        required: bool = False,
        check: Check | None = None,
    ) -> QWidget:
        """Append a field and return its widget.

        ``check`` returns what is wrong in words, or an empty string; it is asked after the widget's own
        ``problem()``, if it has one, and after ``required``.
        """
        span = min(span, self._columns)
        if self._at % self._columns + span > self._columns:
            self._at += self._columns - self._at % self._columns
        box = QVBoxLayout()
        box.setSpacing(Size.TIGHT)
        head = label(caption + ("（必填）" if required else ""), "caption")
        head.setBuddy(widget)
        error = label("", "error", wrap=True)
        error.hide()
        box.addWidget(head)
        box.addWidget(widget)
        box.addWidget(error)
        box.addStretch(1)
        if not widget.accessibleName():
            widget.setAccessibleName(caption)
        # Columns are equally wide whatever their fields would like to be.
        policy = widget.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        widget.setSizePolicy(policy)
        self._grid.addLayout(box, self._at // self._columns, self._at % self._columns, 1, span)
        self._at += span
        self._fields[name] = _Field(caption, widget, required, check, error, head)
        self._listen(name, widget)
        return widget

    def widget(self, name: str) -> QWidget:
        """The control of a field."""
        return self._fields[name].widget

    def set_visible(self, name: str, visible: bool) -> None:
        """Show or hide a field with its caption; a hidden field is not checked."""
        field = self._fields[name]
        for part in (field.head, field.widget):
            part.setVisible(visible)
        if not visible:
            field.error.hide()

    @contextmanager
    def loading(self) -> Iterator[None]:
        """While values are put in by the program: nothing counts as typed, and earlier errors are
        forgotten.
        """
        self._loading = True
        try:
            yield
        finally:
            self._loading = False
            self.reset()

    def reset(self) -> None:
        """Forget what was typed and every error shown."""
        for field in self._fields.values():
            field.touched, field.outside = False, ""
            self._show(field, "")

    def problem(self, name: str) -> str:
        """What is wrong with a field, in words, shown or not; empty if nothing is."""
        field = self._fields[name]
        if field.widget.isHidden():
            return ""
        own = getattr(field.widget, "problem", None)
        if own is not None and (text := own()):
            return str(text)
        if field.required and _is_empty(field.widget):
            return self.tr("请填写{0}").format(field.caption)
        if field.check is not None and (text := field.check()):
            return text
        return field.outside

    def errors(self) -> dict[str, str]:
        """All that is wrong, by field."""
        found = {name: self.problem(name) for name in self._fields}
        return {name: text for name, text in found.items() if text}

    def shown_error(self, name: str) -> str:
        """The error that stands under a field now."""
        return self._fields[name].error.text()

    def set_error(self, name: str, text: str) -> None:
        """Put an error from elsewhere (as when saving was refused) under a field until it is changed."""
        field = self._fields[name]
        field.outside, field.touched = text, True
        self._show(field, self.problem(name))

    def first_invalid(self) -> bool:
        """Show every error and put the cursor into the first field that has one; False if all is well."""
        errors = self.errors()
        for name, field in self._fields.items():
            field.touched = True
            self._show(field, errors.get(name, ""))
        for name in errors:
            widget = self._fields[name].widget
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            area = widget.parentWidget()
            while area is not None and not isinstance(area, QScrollArea):
                area = area.parentWidget()
            if area is not None:
                area.ensureWidgetVisible(widget, 0, Size.ROW)
            return True
        return False

    def _changed(self, name: str) -> None:
        if self._loading:
            return
        self._fields[name].touched = True
        self._fields[name].outside = ""
        # A rule may look at two fields, so each change shows or clears the errors of all that were typed in.
        for each, field in self._fields.items():
            if field.touched:
                self._show(field, self.problem(each))
        self.edited.emit(name)

    def _show(self, field: _Field, text: str) -> None:
        if field.error.text() != text:
            field.error.setText(text)
            field.widget.setAccessibleDescription(text)
        field.error.setVisible(bool(text))
        if bool(field.widget.property("invalid")) != bool(text):
            field.widget.setProperty("invalid", bool(text))
            restyle(field.widget)

    def _listen(self, name: str, widget: QWidget) -> None:
        def notice(*_args: object) -> None:
            self._changed(name)

        own = getattr(widget, "edited", None)
        if own is not None:
            own.connect(notice)
        elif isinstance(widget, (QLineEdit, QPlainTextEdit, QTextEdit)):
            widget.textChanged.connect(notice)
        elif isinstance(widget, QComboBox):
            widget.currentIndexChanged.connect(notice)
            widget.editTextChanged.connect(notice)
        elif isinstance(widget, QCheckBox):
            widget.toggled.connect(notice)
        elif isinstance(widget, QAbstractSpinBox):
            getattr(widget, "valueChanged", widget.editingFinished).connect(notice)
        else:
            getattr(widget, "changed").connect(notice)  # noqa: B009


def _is_empty(widget: QWidget) -> bool:
    if isinstance(widget, QLineEdit):
        return not widget.text().strip()
    if isinstance(widget, (QPlainTextEdit, QTextEdit)):
        return not widget.toPlainText().strip()
    if isinstance(widget, QComboBox):
        return not widget.currentText().strip()
    period = getattr(widget, "period", None)
    return period is not None and None in period()
