"""The small pages of 接收 between a file and its preview: being read, locked, not readable."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.card import Card
from ui.widgets.form import Form
from ui.widgets.glyph import Glyph


class _Centred(QWidget):
    """A card in the upper middle, as high as its wrapped texts need."""

    def __init__(self) -> None:
        super().__init__()
        self.card = Card()
        self.card.setFixedWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.card)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)

    def _foot(self, *buttons: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        row.addStretch(1)
        for each in buttons:
            row.addWidget(each)
        self.card.body.addLayout(row)


class ReadingPage(_Centred):
    """``stopped`` is 取消."""

    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = label("", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.stop = button(self.tr("取消"), on_click=self._stop)
        self.card.body.addWidget(self.text)
        self.card.body.addWidget(self.bar)
        self._foot(self.stop)

    def begin(self, text: str) -> None:
        """Say what is being read."""
        self.text.setText(text)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(text)
        self.stop.setEnabled(True)

    def report(self, done: int, total: int) -> None:
        """Say how far it is."""
        self.bar.setRange(0, max(total, 0))
        self.bar.setValue(done)

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.stopped.emit()


class LockedPage(_Centred):
    """``unlocked`` carries the passphrase as typed, ``left`` is 不接收."""

    unlocked = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = label("", "cardtitle", wrap=True)
        self.card.body.addWidget(self.title)
        about = self.tr("这个文件用口令加密。口令由对方打电话告诉您，大小写和横线不影响。")
        self.card.body.addWidget(label(about, "sub", wrap=True))
        self.form = Form(1)
        self.phrase = QLineEdit()
        self.phrase.returnPressed.connect(self._unlock)
        self.form.add("phrase", self.tr("打开口令"), self.phrase, check=self._problem)
        self.card.body.addWidget(self.form)
        self.unlock = button(self.tr("打开"), "primary", icon="key", on_click=self._unlock)
        self._foot(button(self.tr("不接收"), on_click=self.left.emit), self.unlock)

    def ask(self, name: str, wrong: str = "") -> None:
        """Ask for the passphrase of a file; `wrong` says what was the matter with the one typed before."""
        self.title.setText(name)
        if wrong:
            self.form.set_error("phrase", wrong)
            self.phrase.selectAll()
        else:
            with self.form.loading():
                self.phrase.clear()
        self.phrase.setFocus()

    def _problem(self) -> str:
        return "" if self.phrase.text().strip() else self.tr("请填写口令")

    def _unlock(self) -> None:
        if not self.form.first_invalid():
            self.unlocked.emit(self.phrase.text())


class TroublePage(_Centred):
    """``again`` is 再试一次, ``left`` goes on."""

    again = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        head = QHBoxLayout()
        head.setSpacing(Size.GAP + Size.TIGHT)
        head.addWidget(Glyph("error", "bad", Size.DIALOG_ICON), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        self.title, self.text = label("", "cardtitle", wrap=True), label("", wrap=True)
        texts.addWidget(self.title)
        texts.addWidget(self.text)
        head.addLayout(texts, 1)
        self.card.body.addLayout(head)
        self.go_on = button("", "primary", on_click=self.left.emit)
        self._foot(button(self.tr("再试一次"), icon="restore", on_click=self.again.emit), self.go_on)

    def tell(self, name: str, sentence: str, waiting: int) -> None:
        """Say why a file was not taken; `waiting` files come after it."""
        self.title.setText(self.tr("没有接收 {0}").format(name))
        self.text.setText(sentence)
        self.setAccessibleName(sentence)
        self.go_on.setText(
            self.tr("接收下一个（还有 {0} 个）").format(waiting) if waiting else self.tr("返回")
        )
        self.go_on.setAccessibleName(self.go_on.text())
        self.go_on.setFocus()
