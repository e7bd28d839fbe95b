"""Fields for passwords: one with an eye to look at it, and a new password typed twice with a hint."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from commissioner_app import recovery
from ui import icons
from ui.theme import Size
from ui.widgets.basic import label
from ui.widgets.form import Form
from ui.widgets.progressline import ProgressLine


class PasswordField(QLineEdit):
    """Hidden while typed; the eye at its right shows it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName(name)
        # An input method would learn and show what is typed.
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self._eye: QAction = self.addAction(icons.icon("preview"), QLineEdit.ActionPosition.TrailingPosition)
        self._eye.setToolTip(QCoreApplication.translate("PasswordField", "显示或隐藏密码"))
        self._eye.triggered.connect(self._toggle)

    def _toggle(self) -> None:
        hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)


class NewPassword(QWidget):
    """Twice the same, with its strength; ``password`` is what was typed."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP)
        self.form = Form(columns=2)
        self.first = PasswordField(self.tr("新密码"))
        self.again = PasswordField(self.tr("再输一次"))
        self.form.add("first", self.tr("密码"), self.first, check=self._first_problem)
        self.form.add("again", self.tr("再输一次"), self.again, check=self._again_problem)
        column.addWidget(self.form)
        self._meter = ProgressLine(self.tr("密码强度"), "", 0.0)
        self._hint = label("", "caption", wrap=True)
        column.addWidget(self._meter)
        column.addWidget(self._hint)
        self.form.edited.connect(lambda _name: self._show())
        self._show()

    def password(self) -> str:
        """What was typed."""
        return self.first.text()

    def complete(self) -> bool:
        """Whether it can be taken; if not the errors are shown and the cursor stands at the first."""
        return not self.form.first_invalid()

    def _first_problem(self) -> str:
        level, hint = recovery.strength(self.first.text())
        return "" if level >= 2 else hint if level else self.tr("请输入密码。")

    def _again_problem(self) -> str:
        same = self.first.text() == self.again.text()
        return "" if same else self.tr("两次输入的密码不一样。")

    def _show(self) -> None:
        level, hint = recovery.strength(self.first.text())
        words = ("", self.tr("太弱"), self.tr("可用"), self.tr("好"))
        tone = ("plain", "bad", "warn", "accent")[level]
        self._meter.set(self.tr("密码强度"), words[level], level / 3, tone)  # type: ignore[arg-type]
        self._hint.setText(hint)
        self.edited.emit()
