"""Switching the 经办人: whose name stands with what is written from now on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QVBoxLayout, QWidget

from commissioner_app import actors
from commissioner_app.errors import LedgerError
from ui.context import Context
from ui.theme import Size
from ui.widgets.basic import button, label, roomy_rows
from ui.widgets.form import Form


class ActorDialog(QDialog):
    """The known names to choose from, and a field for a new one."""

    def __init__(self, parent: QWidget | None, context: Context) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(self.tr("切换经办人"))
        self.setMinimumWidth(Size.DIALOG - Size.PERIOD // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP_MID)
        column.addWidget(label(self.tr("现在由谁经办？"), "cardtitle"))
        names = actors.known(context.ledger)
        self.names = QListWidget()
        self.names.setAccessibleName(self.tr("用过的经办人"))
        roomy_rows(self.names)
        self.names.addItems(names)
        self.names.setCurrentRow(names.index(context.ledger.actor) if context.ledger.actor in names else 0)
        self.names.setFixedHeight(min(max(len(names), 2), 6) * Size.ROW + Size.GAP)
        self.names.itemActivated.connect(lambda _item: self._take())
        column.addWidget(self.names)
        self.form = Form(columns=1)
        self.new = QLineEdit()
        self.new.setPlaceholderText(self.tr("不在上面时，在这里填写姓名"))
        self.form.add("new", self.tr("新的经办人"), self.new)
        column.addWidget(self.form)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        row.addStretch(1)
        self.ok = button(self.tr("切换"), "primary", on_click=self._take)
        self.ok.setDefault(True)
        row.addWidget(self.ok)
        row.addWidget(button(self.tr("取消"), on_click=self.reject))
        column.addLayout(row)
        self.names.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        item = self.names.currentItem()
        name = self.new.text().strip() or (item.text() if item else "")
        try:
            actors.switch(self._context.ledger, name)
        except LedgerError as error:
            self.form.set_error("new", str(error))
            return
        self.accept()


def switch_actor(parent: QWidget | None, context: Context) -> bool:
    """Ask who it is now; True if that was answered."""
    dialog = ActorDialog(parent, context)
    taken = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return taken
