"""The question before what cannot be undone; everything else is done at once and offers 撤销."""

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Size
from ui.widgets.basic import Kind, button, label
from ui.widgets.glyph import Glyph


class Question(QDialog):
    """``choices`` are verbs, the first is the main one; ``chosen`` is the number of the button, -1 for none.

    With ``danger`` the first stands in red, and 取消 has the keyboard.
    """

    def __init__(
        self,
        parent: QWidget | None,
        question: str,
        explanation: str,
        choices: list[str],
        *,
        danger: bool = False,
    ) -> None:
        super().__init__(parent)
        self.chosen = -1
        self.setWindowTitle(question)
        self.setMinimumWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP_WIDE)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP_MID)
        glyph = Glyph("warning" if danger else "question", "warn" if danger else "accent", Size.DIALOG_ICON)
        head.addWidget(glyph, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Size.GAP)
        words.addWidget(label(question, "cardtitle", wrap=True))
        words.addWidget(label(explanation, wrap=True))
        head.addLayout(words, 1)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        row.addStretch(1)
        cancel = button(QCoreApplication.translate("Question", "取消"), on_click=self.reject)
        row.addWidget(cancel)
        self.buttons = [cancel]
        for number, text in reversed(list(enumerate(choices))):
            kind: Kind = "" if number else ("danger" if danger else "primary")
            made = button(text, kind, on_click=partial(self._choose, number))
            row.addWidget(made)
            self.buttons.insert(0, made)
        column.addLayout(row)
        (cancel if danger else self.buttons[0]).setDefault(True)
        (cancel if danger else self.buttons[0]).setFocus()

    def _choose(self, number: int) -> None:
        self.chosen = number
        self.accept()


def ask(
    parent: QWidget | None, question: str, explanation: str, choices: list[str], *, danger: bool = False
) -> int:
    """Show the question and wait; the number of the choice, -1 for 取消."""
    dialog = Question(parent, question, explanation, choices, danger=danger)
    dialog.exec()
    return dialog.chosen
