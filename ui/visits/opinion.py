"""Questions for a few words: the opinion when visits are returned, the reason when one that had passed is changed."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.theme import Size
from ui.widgets.basic import button, label


class WordsDialog(QDialog):
    """Asks for words and does not close without any: `go` is the button that takes them."""

    def __init__(
        self, parent: QWidget, title: str, heading: str, caption: str, name: str, missing: str
    ) -> None:
        super().__init__(parent)
        self._missing = missing
        self.setWindowTitle(title)
        self.setMinimumWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        column.addWidget(label(heading, "cardtitle"))
        column.addWidget(label(caption, "caption", wrap=True))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(name)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(96)
        column.addWidget(self.text)
        self.error = label("", "error")
        column.addWidget(self.error)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(_tr("取消"), on_click=self.reject))
        self.go = button(title, "primary", on_click=self._go)
        row.addWidget(self.go)
        column.addLayout(row)

    def words(self) -> str:
        """What was written."""
        return self.text.toPlainText().strip()

    def _go(self) -> None:
        if self.words():
            self.accept()
        else:
            self.error.setText(self._missing)
            self.text.setFocus()


class OpinionDialog(WordsDialog):
    """What has to be changed, in words; 退回 needs some."""

    def __init__(self, parent: QWidget, count: int = 1) -> None:
        heading = _tr("退回这条服务记录") if count == 1 else _tr("退回 {0} 条服务记录").format(count)
        super().__init__(
            parent, _tr("退回"), heading, _tr("请写明要补充或修改的内容，填报人会看到。"), _tr("退回意见"), _tr("请填写意见")
        )  # fmt: skip


class ReasonDialog(WordsDialog):
    """Why a visit that had passed is changed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            parent, _tr("修改"), _tr("修改已审核通过的服务记录"),
            _tr("请写明修改的原因。保存后回到“待审核”，审核人会看到原因，历史中也会留下。"), _tr("修改原因"), _tr("请填写原因"),
        )  # fmt: skip


def ask_opinion(parent: QWidget, count: int = 1) -> str:
    """The opinion, "" where the user thought better of it."""
    dialog = OpinionDialog(parent, count)
    return dialog.words() if dialog.exec() == QDialog.DialogCode.Accepted else ""


def ask_reason(parent: QWidget) -> str:
    """The reason, "" where the user thought better of it."""
    dialog = ReasonDialog(parent)
    return dialog.words() if dialog.exec() == QDialog.DialogCode.Accepted else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("OpinionDialog", text)
