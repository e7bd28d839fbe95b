"""说明: the remark that settles what a rule has found, for one visit or several at once."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.context import Context
from ui.theme import Size
from ui.visits import doubts
from ui.widgets.basic import Combo, button, label


class AnswerDialog(QDialog):
    """`of` holds by rule its title and the visits that it has met; `rule()` and `words()` are the answer."""

    def __init__(
        self, parent: QWidget, of: Mapping[str, tuple[str, Sequence[str]]], rule: str = "", before: str = ""
    ) -> None:
        super().__init__(parent)
        self._of = of
        self.setWindowTitle(_tr("说明待核实的情况"))
        self.setMinimumWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        column.addWidget(label(_tr("说明待核实的情况"), "cardtitle"))
        column.addWidget(
            label(_tr("说明随记录保存，说明后不再列为待核实；记录本身不变。"), "caption", wrap=True)
        )
        self.which = Combo()
        self.which.setAccessibleName(_tr("待核实的事项"))
        for key, (title, met) in of.items():
            self.which.addItem(_tr("{0}（{1} 条）").format(title, len(met)), key)
        self.which.setCurrentIndex(max(self.which.findData(rule), 0))
        column.addWidget(self.which)
        self.text = QPlainTextEdit(before)
        self.text.setAccessibleName(_tr("说明"))
        self.text.setPlaceholderText(_tr("例如：当日上午在温县、下午到博爱县，两地相邻，已与受援单位核对"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(96)
        column.addWidget(self.text)
        self.error = label("", "error")
        column.addWidget(self.error)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        row.addStretch(1)
        row.addWidget(button(_tr("取消"), on_click=self.reject))
        self.go = button(_tr("保存说明"), "primary", on_click=self._go)
        row.addWidget(self.go)
        column.addLayout(row)
        self.text.setFocus()

    def rule(self) -> str:
        """The rule that is answered."""
        return str(self.which.currentData())

    def visits(self) -> list[str]:
        """The visits that the answer is for."""
        return list(self._of[self.rule()][1])

    def words(self) -> str:
        """What was written."""
        return self.text.toPlainText().strip()

    def _go(self) -> None:
        if self.words():
            self.accept()
        else:
            self.error.setText(_tr("请写明情况"))
            self.text.setFocus()


def answer_for(
    parent: QWidget,
    context: Context,
    of: Mapping[str, tuple[str, Sequence[str]]],
    rule: str = "",
    before: str = "",
) -> None:
    """Ask for the remark and write it as one operation."""
    if not of:
        context.said.emit(_tr("所选记录没有待核实的情况。"), False)
        return
    dialog = AnswerDialog(parent, of, rule, before)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        chosen, which, words = dialog.visits(), dialog.rule(), dialog.words()
        said = _tr("已说明 {0} 条").format(len(chosen))
        context.do(lambda: doubts.answer(context.ledger, chosen, which, words), said, owner=parent)


def _tr(text: str) -> str:
    return QCoreApplication.translate("AnswerDialog", text)
