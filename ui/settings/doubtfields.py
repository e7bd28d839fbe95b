"""The figures of a rule of doubts in a form: numbers, times of day, lists of words, each checked while typing."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from commissioner_app.doubts import Parameter, Rule
from commissioner_app.errors import LedgerError
from commissioner_app.visits import WAYS
from ui.clearing import clear
from ui.widgets.form import Form
from ui.widgets.picklist import PickList


class ParameterForm(QWidget):
    """The fields are made anew for each rule; a rule without figures shows none."""

    def __init__(self) -> None:
        super().__init__()
        self._parameters: Mapping[str, Parameter] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.form = Form(columns=2)
        self._column.addWidget(self.form)

    def show_rule(self, rule: Rule, ships: Rule) -> None:
        """Show a rule's figures; what ships stands in the tooltips."""
        clear(self._column)
        self._parameters = rule.parameters
        self.form = Form(columns=2)
        for name, parameter in rule.parameters.items():
            field: QLineEdit = PickList(WAYS) if parameter.kind == "words" else QLineEdit()
            if isinstance(field, PickList):
                field.set_values(parameter.value)
            else:
                field.setText(str(parameter.value))
            field.setToolTip(self.tr("默认：{0}").format(_text(ships.parameters[name].value)))
            self.form.add(name, parameter.label, field, check=partial(self._problem, name))
        self._column.addWidget(self.form)
        self.setVisible(bool(rule.parameters))

    def fields(self) -> list[QWidget]:
        """The controls in their order."""
        return [self.form.widget(name) for name in self._parameters]

    def values(self) -> dict[str, Any]:
        """What differs from the rule that is shown; what cannot be a value is in it as typed."""
        typed = {name: self._typed(name) for name in self._parameters}
        return {name: now for name, now in typed.items() if now != _kept(self._parameters[name].value)}

    def first_invalid(self) -> bool:
        """Mark what is wrong and go to the first such field; False if all is well."""
        return self.form.first_invalid()

    def refusal(self, check: Callable[[], object]) -> str:
        """What a check of the rules refuses, in words; "" if nothing."""
        try:
            check()
        except LedgerError as error:
            return str(error)
        return ""

    def _problem(self, name: str) -> str:
        return self.refusal(lambda: self._parameters[name].checked(self._typed(name)))

    def _typed(self, name: str) -> Any:
        field, kind = self.form.widget(name), self._parameters[name].kind
        if isinstance(field, PickList):
            return field.values()
        assert isinstance(field, QLineEdit)
        text = field.text().strip()
        if kind == "number":
            return int(text) if text.isdecimal() else text
        return text.replace("：", ":")


def _kept(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value


def _text(value: Any) -> str:
    return "、".join(value) if isinstance(value, list | tuple) else str(value)
