"""The steps of a ledger made from a received file: the file with its 核对码, and the unit that it is for."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from commissioner_app import paths
from commissioner_app.errors import LedgerError
from commissioner_app.exchange import SUFFIX, joining, phrases
from commissioner_app.exchange.joining import Offer
from commissioner_app.ledgers import ROLES, NewLedger
from ui import tasks
from ui.exchange.code import CodeBoxes
from ui.exchange.start import KEPT_IN
from ui.theme import Size
from ui.widgets.basic import button, label, restyle
from ui.widgets.card import Card
from ui.widgets.form import Form
from ui.widgets.glyph import Glyph
from ui.wizard.steps import Step


def ask_for_file(parent: QWidget) -> Path | None:
    """The dialog for a received file; None if it is given up."""
    start = paths.read_settings().get(KEPT_IN)
    chosen, _ = QFileDialog.getOpenFileName(
        parent,
        parent.tr("选择收到的文件"),
        start if isinstance(start, str) else str(paths.documents()),
        parent.tr("数据包 (*{0});;所有文件 (*)").format(SUFFIX),
    )
    if not chosen:
        return None
    paths.write_settings(**{KEPT_IN: str(Path(chosen).parent)})
    return Path(chosen)


class PhraseField(QWidget):
    """The passphrase and, beside it, the button that reads the file with it."""

    edited = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP)
        self.field = QLineEdit()
        self.field.setAccessibleName(name)
        self.field.setPlaceholderText(self.tr("大小写和横线不影响"))
        self.field.textChanged.connect(lambda _text: self.edited.emit())
        self.read = button(self.tr("读取"), "primary", icon="key")
        row.addWidget(self.field, 1)
        row.addWidget(self.read)
        self.setFocusProxy(self.field)

    def event(self, event: QEvent) -> bool:
        # The form marks this widget; the mark is the field's.
        if event.type() == QEvent.Type.DynamicPropertyChange:
            self.field.setProperty("invalid", self.property("invalid"))
            restyle(self.field)
        return super().event(event)

    def problem(self) -> str:
        """What is wrong with it, in words."""
        return "" if self.field.text().strip() else self.tr("请填写对方告诉您的口令。")


class FileStep(Step):
    """The file, its passphrase, whom it is for, and whether the sender's 核对码 was compared.

    ``offer`` is what the file tells once it has been read.
    """

    def __init__(self) -> None:
        super().__init__(
            self.tr("用收到的文件建立台账"),
            self.tr("文件里有名单和安排，台账从它开始。口令由发文件的单位打电话告诉您。"),
        )
        self.title = self.tr("文件")
        self.path: Path | None = None
        self.offer: Offer | None = None
        self.phrase = ""
        self._progress: tasks.Progress | None = None
        self.column.addWidget(self._file_card())
        self.trouble = label("", "notice", tone="bad", wrap=True)
        self.trouble.hide()
        self.column.addWidget(self.trouble)
        self.column.addSpacing(Size.GAP)
        self.form = Form(columns=1)
        self.secret = PhraseField(self.tr("打开口令"))
        self.form.add("phrase", self.tr("打开口令"), self.secret)
        self.form.setMaximumWidth(Size.DIALOG)
        self.secret.read.clicked.connect(lambda _checked=False: self.read())
        self.column.addWidget(self.form)
        self.reading = label("", "caption")
        self.column.addWidget(self.reading)
        self.column.addWidget(self._told_card())
        self.column.addStretch(1)
        self.start = self.secret

    # -- what it looks like ----------------------------------------------------------------------------

    def _file_card(self) -> QWidget:
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(Size.GAP + Size.TIGHT)
        row.addWidget(Glyph("document", "accent", Size.DIALOG_ICON))
        words = QVBoxLayout()
        words.setSpacing(0)
        self.name = label("", "cardtitle", wrap=True)
        self.where = label("", "caption", wrap=True)
        words.addWidget(self.name)
        words.addWidget(self.where)
        row.addLayout(words, 1)
        self.other = button(self.tr("另选文件…"), icon="folder", on_click=self._choose)
        row.addWidget(self.other)
        card.body.addLayout(row)
        return card

    def _told_card(self) -> QWidget:
        self.told = Card(self.tr("打电话核对"))
        lines = QGridLayout()
        lines.setHorizontalSpacing(Size.GAP_WIDE)
        lines.setVerticalSpacing(Size.GAP)
        lines.setColumnStretch(1, 1)
        self.receiver, self.source = label("", wrap=True), label("", wrap=True)
        self.code = CodeBoxes(columns=6)
        for row, caption in enumerate((self.tr("发给"), self.tr("来自"), self.tr("核对码"))):
            lines.addWidget(label(caption, "sub"), row, 0)
        lines.addWidget(self.receiver, 0, 1)
        lines.addWidget(self.source, 1, 1)
        boxes = QHBoxLayout()  # of a fixed size: alone they would make the captions' column wide
        boxes.addWidget(self.code)
        boxes.addStretch(1)
        lines.addLayout(boxes, 2, 1)
        self.told.body.addLayout(lines)
        self.compare = label("", "sub", wrap=True)
        self.told.body.addWidget(self.compare)
        self.same = QCheckBox(self.tr("已打电话核对，核对码一致"))
        self.same.toggled.connect(lambda _on: self._say_unchecked(""))
        self.unchecked = label("", "error", wrap=True)
        self.told.body.addWidget(self.same)
        self.told.body.addWidget(self.unchecked)
        self.note = label("", "notice", tone="info", wrap=True)
        self.told.body.addWidget(self.note)
        self.told.hide()
        return self.told

    # -- the file --------------------------------------------------------------------------------------

    def set_file(self, path: Path) -> None:
        """Begin with a file: what was read of another is forgotten."""
        if self._progress is not None:
            self._progress.cancel()
        self.path, self.offer, self.phrase, self._progress = path, None, "", None
        self.name.setText(path.name)
        self.where.setText(str(path.parent))
        with self.form.loading():
            self.secret.field.clear()
        self._show()
        self._set_reading(False)
        self.secret.setFocus()
        tasks.run(lambda: joining.suits(path), failed=self._failed, owner=self, key="read")

    def _choose(self) -> None:
        chosen = ask_for_file(self)
        if chosen is not None:
            self.set_file(chosen)

    def read(self) -> None:
        """读取: on a worker thread, with the passphrase; nothing is written."""
        path = self.path
        if path is None or self._progress is not None or self.form.first_invalid():
            return
        phrase = phrases.tidy(self.secret.field.text())
        progress = self._progress = tasks.Progress(self.tr("正在读取数据包"))

        def tell(done: int, total: int) -> None:
            progress.check()
            progress.report(done, total)

        def done(offer: Offer) -> None:
            self.offer, self.phrase = offer, phrase
            self._set_reading(False)
            self._show()
            self.same.setFocus()

        self._set_reading(True)
        progress.changed.connect(self._report)
        tasks.run(
            lambda: joining.offer(path, phrase, tell),
            done=done, failed=self._failed, owner=self, key="read", progress=progress,
        )  # fmt: skip

    def _report(self, done: int, total: int) -> None:
        if self._progress is not None:
            self.reading.setText(self.tr("正在读取… {0}%").format(100 * done // max(total, 1)))

    def _set_reading(self, on: bool) -> None:
        if not on:
            self._progress = None
        self.reading.setText(self.tr("正在读取…") if on else "")
        self.reading.setVisible(on)
        self.secret.read.setEnabled(not on)
        self.secret.field.setReadOnly(on)

    def _failed(self, error: BaseException) -> None:
        self._set_reading(False)
        if phrases.was_wrong(error):
            self.form.set_error("phrase", str(error))
            self.secret.field.selectAll()
            self.secret.setFocus()
        elif isinstance(error, LedgerError):
            self._show(str(error))
            self.other.setFocus()
        else:
            raise error

    def _show(self, trouble: str = "") -> None:
        """The passphrase, or what came of it: the sender, or what is wrong with the file."""
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        self.form.setVisible(not trouble and self.offer is None)
        self.told.setVisible(self.offer is not None)
        self.same.setChecked(False)
        self._say_unchecked("")
        if self.offer is not None:
            self._show_offer(self.offer)
        self.start = self.other if trouble else self.secret if self.offer is None else self.same
        self.changed.emit()

    def _show_offer(self, offer: Offer) -> None:
        self.receiver.setText(role_text(offer))
        self.source.setText(f"{offer.sender}（{ROLES[offer.sender_role]}）")
        self.code.show_code(offer.fingerprint)
        self.compare.setText(
            self.tr(
                "请打电话给{0}，请对方打开“数据交换 → 使用单位”，把本机的核对码逐组念给您听。"
                "每一组都一样才能继续；有一组不同，文件就不是对方发来的。请用您原来就有的电话号码，不用随文件发来的号码。"
            ).format(offer.sender)
        )
        notes = []
        if offer.demo:
            notes.append(self.tr("这是演示数据，建好的台账处处标明“演示”。"))
        if offer.of > 1:
            notes.append(
                self.tr("这是 {0} 个文件中的第 {1} 个，其余的在建好以后到“数据交换”接收。").format(
                    offer.of, offer.part
                )
            )
        self.note.setText("".join(notes))
        self.note.setVisible(bool(notes))

    # -- going on --------------------------------------------------------------------------------------

    def deed(self) -> QPushButton | None:
        if self.offer is not None:
            return None
        return self.secret.read if self.trouble.isHidden() else self.other

    def complete(self) -> bool:
        if self.offer is None:
            if self.trouble.isHidden():
                self.read()
            else:
                self.other.setFocus()
            return False
        if not self.same.isChecked():
            self._say_unchecked(self.tr("请先打电话核对，一致以后再勾选。"))
            self.same.setFocus()
            return False
        return True

    def _say_unchecked(self, text: str) -> None:
        self.unchecked.setText(text)
        self.unchecked.setVisible(bool(text))
        self.same.setAccessibleDescription(text)


class OwnUnitStep(Step):
    """The unit that a file is for, and its 经办人: prefilled with what the file tells."""

    def __init__(self) -> None:
        super().__init__(self.tr("使用单位和经办人"), "")
        self.title = self.tr("单位")
        self._suggested = ("", "")
        self.form = Form(columns=1)
        self.name, self.actor = QLineEdit(), QLineEdit()
        self.actor.setPlaceholderText(self.tr("填写姓名，每一步操作都记在这个名字下"))
        self.form.add("name", self.tr("使用单位"), self.name, required=True)
        self.form.add("actor", self.tr("经办人"), self.actor, required=True)
        self.form.setMaximumWidth(Size.DIALOG)
        self.column.addWidget(self.form)
        self.column.addStretch(1)
        self.start = self.actor

    def suggest(self, offer: Offer) -> None:
        """Prefill what the file tells, unless the user has written something else."""
        if offer.role == "commissioner":
            self.line.setText(self.tr("科技特派员的使用单位填自己的姓名即可；以后可在设置中修改。"))
        else:
            self.line.setText(self.tr("单位全称印在报告上，请与公章一致；以后可在设置中修改。"))
        suggested = (offer.unit, offer.person)
        with self.form.loading():
            for field, text, before in zip((self.name, self.actor), suggested, self._suggested, strict=True):
                if field.text() in ("", before):
                    field.setText(text)
        self._suggested = suggested

    def complete(self) -> bool:
        return not self.form.first_invalid()

    def wanted(self, offer: Offer) -> NewLedger:
        """What the file and this step say, as the use case wants it."""
        return NewLedger(offer.role, offer.county, self.name.text().strip(), self.actor.text().strip())


def role_text(offer: Offer) -> str:
    """Whom a file is for, with the role: 修武县（县科技局）."""
    if offer.role == "commissioner":
        return f"{ROLES[offer.role]} {offer.title}" if offer.person or offer.place_code else ROLES[offer.role]
    return f"{offer.county_name or offer.title}（{ROLES[offer.role]}）"
