"""The question for an opinion when visits are returned."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.theme import Size
from ui.widgets.basic import button, label


class OpinionDialog(QDialog):
    """What has to be changed, in words; 退回 needs some."""

    def __init__(self, parent: QWidget, count: int = 1) -> None:
        super().__init__(parent)
        self.setWindowTitle(_tr("退回"))
        self.setMinimumWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        title = _tr("退回这条服务记录") if count == 1 else _tr("退回 {0} 条服务记录").format(count)
        column.addWidget(label(title, "cardtitle"))
        column.addWidget(label(_tr("请写明要补充或修改的内容，填报人会看到。"), "caption"))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(_tr("退回意见"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(96)
        column.addWidget(self.text)
        self.error = label("", "error")
        column.addWidget(self.error)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(_tr("取消"), on_click=self.reject))
        self.go = button(_tr("退回"), "primary", on_click=self._go)
        row.addWidget(self.go)
        column.addLayout(row)

    def _go(self) -> None:
        if self.text.toPlainText().strip():
            self.accept()
        else:
            self.error.setText(_tr("请填写意见"))
            self.text.setFocus()


def ask_opinion(parent: QWidget, count: int = 1) -> str:
    """The opinion, "" where the user thought better of it."""
    dialog = OpinionDialog(parent, count)
    return dialog.text.toPlainText().strip() if dialog.exec() == QDialog.DialogCode.Accepted else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("OpinionDialog", text)
