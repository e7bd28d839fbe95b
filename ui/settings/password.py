"""设置 → 密码: set, change, remove, and the 恢复单."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout

from commissioner_app import maintenance, recovery
from ui import tasks
from ui.context import Context
from ui.settings.section import Section
from ui.theme import Size
from ui.widgets.ask import ask
from ui.widgets.basic import button, label
from ui.widgets.card import Card
from ui.widgets.form import Form
from ui.wizard.last_steps import SheetSaver
from ui.wizard.passwords import NewPassword, PasswordField


class PasswordSection(Section):
    """What can be done depends on whether the ledger has a password now."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        has = context.ledger.encrypted
        card = Card(self.tr("修改密码") if has else self.tr("设置密码"))
        if has:
            line = self.tr("台账文件已加密，打开时要输入密码。改密码以前的备份仍用原来的密码打开。")
        else:
            line = self.tr(
                "设置后台账文件加密保存，打开时要输入密码。以前的备份没有加密，请自行妥善保管或删除。"
            )
        card.body.addWidget(label(line, "sub", wrap=True))
        self.form = Form(columns=1)
        self.old = PasswordField(self.tr("现在的密码"))
        self.form.add("old", self.tr("现在的密码"), self.old, required=True)
        self.form.setVisible(has)
        self.form.setMaximumWidth(Size.DIALOG)
        card.body.addWidget(self.form)
        self.fields = NewPassword()
        self.fields.setMaximumWidth(Size.DIALOG + 2 * Size.CONTROL)
        card.body.addWidget(self.fields)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.setter = button(
            self.tr("修改密码") if has else self.tr("设置密码"), "primary", icon="lock", on_click=self._set
        )
        self.remover = button(self.tr("取消密码…"), "danger", on_click=self._remove)
        self.remover.setVisible(has)
        row.addWidget(self.setter)
        row.addWidget(self.remover)
        row.addStretch(1)
        card.body.addLayout(row)
        self.column.addWidget(card)
        self.sheet = Card(self.tr("恢复单"))
        self.sheet.body.addWidget(
            label(
                self.tr(
                    "一页纸，忘记密码时凭它打开台账。换了密码，原来的恢复单就不再有效，请另存一张。请锁存保管。"
                ),
                "sub",
                wrap=True,
            )
        )
        self.saver = SheetSaver()
        self.sheet.body.addWidget(self.saver)
        self.sheet.setVisible(has)
        self.column.addWidget(self.sheet)
        self.column.addStretch(1)
        if has:
            self.saver.set_ledger(context.ledger, context.unit)

    def _set(self) -> None:
        if self.context.ledger.encrypted and self.form.first_invalid():
            return
        if self.fields.complete():
            self._confirm(self.fields.password())

    def _remove(self) -> None:
        if self.form.first_invalid():
            return
        question, words = self.tr("取消台账的密码？"), self.tr("以后任何拿到这个文件的人都能打开它。")
        if ask(self, question, words, [self.tr("取消密码")], danger=True) == 0:
            self._confirm(None)

    def _confirm(self, new: str | None) -> None:
        """Check the present password, then change."""
        path, typed = self.context.ledger.path, self.old.text()
        if not self.context.ledger.encrypted:
            self._change(new)
            return
        self._enable(False)

        def checked(right: bool) -> None:
            self._enable(True)
            if right:
                self._change(new)
            else:
                self.form.set_error("old", self.tr("密码不对，请再试一次。"))
                self.old.setFocus()

        tasks.run(lambda: maintenance.opens(path, typed), done=checked, owner=self)

    def _enable(self, on: bool) -> None:
        self.setter.setEnabled(on)
        self.remover.setEnabled(on)

    def _change(self, new: str | None) -> None:
        window, path, key = self.ledger_window(), self.context.ledger.path, self.context.ledger.key
        had = key is not None
        if new is None:
            sentence = self.tr("已取消密码，台账不再加密。")
        elif had:
            sentence = self.tr("密码已修改，原来的恢复单已失效，请另存一张。")
        else:
            sentence = self.tr("密码已设置，请保存恢复单。")

        def go() -> None:
            from ui.wizard import opening

            shown = opening.with_closed_ledger(
                window, _TITLE, lambda: recovery.change_password(path, key, new), sentence, new
            )
            if shown is not None and shown.context.ledger.encrypted:
                shown.open("settings", "password")

        # The window goes meanwhile: not from inside a click on one of its buttons.
        QTimer.singleShot(0, go)


_TITLE = "正在备份并改写台账…"
