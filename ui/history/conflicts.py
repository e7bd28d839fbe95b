"""The bar that tells of 填报不一致 in an editor, and the dialog in which one of the values is chosen."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from commissioner_app import conflicts
from commissioner_app.conflicts import Conflict
from ui.context import Context
from ui.theme import Size
from ui.widgets.basic import button, label, scroll


class ConflictBar(QWidget):
    """Hidden while the records it was given are in agreement."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._found: list[Conflict] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP)
        self.text = label("", "notice", tone="bad", wrap=True)
        row.addWidget(self.text, 1)
        self.button = button(self.tr("核对…"), on_click=self.decide)
        row.addWidget(self.button)
        self.hide()

    def show_records(self, records: Sequence[str]) -> None:
        """Look for conflicts in some records and tell of them."""
        ledger, wanted = self._context.ledger, list(records)
        self._context.read(
            lambda: [c for record in wanted for c in conflicts.of_record(ledger, record)],
            self._show,
            self,
            "conflicts",
        )

    def _show(self, found: list[Conflict]) -> None:
        self._found = found
        names = "、".join(dict.fromkeys(c.label for c in found))
        self.text.setText(self.tr("填报不一致：{0}。各处填写的都已保留，请核对后选定。").format(names))
        self.setVisible(bool(found))

    def decide(self) -> None:
        """Let the user choose, then write the decisions: one operation for each record, to be undone as any."""
        dialog = ChooseDialog(self, self._found)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        for record, values in dialog.chosen().items():
            self._context.do(
                partial(conflicts.decide, self._context.ledger, record, values),
                self.tr("已选定，填报一致"),
                owner=self,
            )


class ChooseDialog(QDialog):
    """All values of each field with who wrote them and when; the one shown is chosen at first."""

    def __init__(self, parent: QWidget, found: Sequence[Conflict]) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("核对填报不一致"))
        self.setMinimumWidth(Size.DIALOG + 80)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        column.addWidget(label(self.tr("下面各项在两处填写得不同"), "cardtitle"))
        column.addWidget(
            label(self.tr("选定的一个成为现在的内容，其余仍在历史中可查，也可以撤销。"), "caption", wrap=True)
        )
        inner = QWidget()
        fields = QVBoxLayout(inner)
        fields.setContentsMargins(0, Size.GAP, 0, 0)
        fields.setSpacing(Size.GAP)
        self._groups: list[tuple[Conflict, QButtonGroup]] = []
        for conflict in found:
            fields.addWidget(label(conflict.label, "caption"))
            group = QButtonGroup(self)
            for n, choice in enumerate(conflict.choices):
                radio = QRadioButton(choice.text if len(choice.text) < 60 else choice.text[:58] + "……")
                radio.setToolTip(choice.text)
                radio.setChecked(n == 0)
                group.addButton(radio, n)
                fields.addWidget(radio)
                who = "  ".join(w for w in (choice.actor, choice.station, choice.when) if w)
                if who:
                    note = label(who, "caption")
                    note.setIndent(Size.GAP_WIDE)
                    fields.addWidget(note)
            fields.addSpacing(Size.GAP)
            self._groups.append((conflict, group))
        fields.addStretch(1)
        column.addWidget(scroll(inner), 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(self.tr("取消"), on_click=self.reject))
        self.go = button(self.tr("选定"), "primary", on_click=self.accept)
        row.addWidget(self.go)
        column.addLayout(row)

    def choose(self, conflict: int, choice: int) -> None:
        """Choose a value (numbers as they stand in the dialog)."""
        self._groups[conflict][1].button(choice).setChecked(True)

    def chosen(self) -> dict[str, dict[str, Any]]:
        """The chosen values by record and field."""
        found: dict[str, dict[str, Any]] = {}
        for conflict, group in self._groups:
            found.setdefault(conflict.record, {})[conflict.field] = conflict.choices[group.checkedId()].value
        return found
