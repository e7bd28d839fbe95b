"""Asking for the password of a ledger, or for the key on its 恢复单."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFontDatabase, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from commissioner_app import ledgers, recovery
from commissioner_app.errors import LedgerError, WrongPassword
from commissioner_app.ledgers import Ledger
from ui import tasks
from ui.theme import Size
from ui.widgets.basic import button, label, restyle
from ui.widgets.glyph import Glyph
from ui.wizard.passwords import PasswordField


class UnlockDialog(QDialog):
    """Tries what is typed until it opens (``result``), something else is wrong (``trouble``) or it is given up."""

    def __init__(self, parent: QWidget | None, path: Path, attempt: Callable[[str], Any]) -> None:
        super().__init__(parent)
        self._attempt = attempt
        self.opened: Any = None
        self.trouble: LedgerError | None = None
        self.setWindowTitle(self.tr("输入密码"))
        self.setMinimumWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP_MID)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP_MID)
        head.addWidget(Glyph("lock", "accent", Size.DIALOG_ICON), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Size.TIGHT)
        self.question = label("", "cardtitle", wrap=True)
        words.addWidget(self.question)
        name = label(path.name, "caption")
        name.setToolTip(str(path))
        words.addWidget(name)
        head.addLayout(words, 1)
        column.addLayout(head)
        fields = QVBoxLayout()
        fields.setSpacing(Size.TIGHT)
        self.password = PasswordField(self.tr("密码"))
        self.key = QPlainTextEdit()
        self.key.setAccessibleName(self.tr("恢复单上的恢复密钥"))
        self.key.setPlaceholderText(self.tr("按行输入恢复单上的 24 组字符，空格可以不输"))
        self.key.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.key.setFixedHeight(4 * Size.CONTROL)
        self.key.setTabChangesFocus(True)
        self.key.installEventFilter(self)
        self.error = label("", "error", wrap=True)
        self.count = label("", "caption")
        for part in (self.password, self.key, self.count, self.error):
            fields.addWidget(part)
        column.addLayout(fields)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.other = button("", "link", on_click=self._switch)
        row.addWidget(self.other)
        row.addStretch(1)
        self.opener = button(self.tr("打开"), "primary", on_click=self._try)
        self.opener.setDefault(True)
        row.addWidget(self.opener)
        row.addWidget(button(self.tr("取消"), on_click=self.reject))
        column.addLayout(row)
        self.password.textChanged.connect(lambda _text: self._say(""))
        self.key.textChanged.connect(self._count)
        self._by_key = False
        self._show_way()

    def _switch(self) -> None:
        self._by_key = not self._by_key
        self._show_way()

    def _show_way(self) -> None:
        self.password.setVisible(not self._by_key)
        self.key.setVisible(self._by_key)
        self.count.setVisible(self._by_key)
        asked = self.tr("请输入恢复单上的恢复密钥") if self._by_key else self.tr("这个台账设有密码")
        self.question.setText(asked)
        self._count()
        other = self.tr("用密码打开") if self._by_key else self.tr("忘记密码")
        self.other.setText(other)
        self.other.setAccessibleName(other)
        self._say("")
        (self.key if self._by_key else self.password).setFocus()
        self.adjustSize()

    def _count(self) -> None:
        typed = recovery.compact_key(self.key.toPlainText())
        self.count.setText(self.tr("已输入 {0} / {1} 位").format(len(typed), recovery.KEY_DIGITS))
        # While typing only what is surely wrong is said, not that the end is still missing.
        too_short = len(typed) < recovery.KEY_DIGITS
        self._say(
            recovery.key_problem(typed + "0" * (recovery.KEY_DIGITS - len(typed)) if too_short else typed)
        )

    def _say(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        for field in (self.password, self.key):
            if bool(field.property("invalid")) != bool(text):
                field.setProperty("invalid", bool(text))
                restyle(field)

    def _try(self) -> None:
        if not self.opener.isEnabled():
            return
        typed = recovery.compact_key(self.key.toPlainText()) if self._by_key else self.password.text()
        problem = recovery.key_problem(typed) if self._by_key else "" if typed else self.tr("请输入密码。")
        if problem:
            self._say(problem)
            return
        self.opener.setEnabled(False)
        tasks.run(lambda: self._attempt(typed), done=self._done, failed=self._failed, owner=self)

    def _done(self, opened: Any) -> None:
        self.opened = opened
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self.opener.setEnabled(True)
        if isinstance(error, WrongPassword):
            if self._by_key:
                self._say(self.tr("这个密钥打不开这个台账，请逐行核对，并看看是不是它最新的一张恢复单。"))
            else:
                self._say(self.tr("密码不对，请再试一次。"))
                self.password.selectAll()
                self.password.setFocus()
        elif isinstance(error, LedgerError):
            self.trouble = error
            self.reject()
        else:
            self.reject()
            raise error

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Enter opens, also from the field of several lines: a key has no line breaks of its own.
        if (
            watched is self.key
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not recovery.key_problem(self.key.toPlainText())
        ):
            self._try()
            return True
        return False


def open_asking(parent: QWidget | None, path: Path, password: str | None = None) -> Ledger | None:
    """Open a ledger, asking for its password where `password` does not open it; None if that is given up.

    Raises LedgerError where it cannot be opened at all.
    """
    try:
        return ledgers.open_ledger(path, password)
    except WrongPassword:
        dialog = UnlockDialog(parent, path, lambda typed: ledgers.open_ledger(path, typed))
        dialog.exec()
        if dialog.trouble is not None:
            raise dialog.trouble from None
        opened: Ledger | None = dialog.opened
        return opened
