"""The last steps of the wizard: where the ledger goes, and the 恢复单 of one with a password."""

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from commissioner_app import paths, recovery
from commissioner_app.errors import LedgerError
from commissioner_app.ledgers import Ledger
from ui import tasks
from ui.clearing import clear
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.card import Card
from ui.widgets.form import Form
from ui.wizard.paths import PathField
from ui.wizard.steps import Step


class PlaceStep(Step):
    """The file of the new ledger, and once more what it will be."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("台账放在哪里？"),
            self.tr("整个台账是一个文件，可以复制到 U 盘；备份放在它旁边的“备份”文件夹。"),
        )
        self.title = self.tr("位置")
        self.form = Form(columns=1)
        self.place = PathField(self.tr("台账文件"), paths.SUFFIX, self.tr("服务台账 (*.ktledger)"))
        self.form.add("place", self.tr("台账文件"), self.place)
        self.column.addWidget(self.form)
        self.column.addSpacing(Size.GAP)
        self._card = Card(self.tr("将要建立"))
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(Size.GAP_WIDE)
        self._lines.setVerticalSpacing(Size.GAP)
        self._lines.setColumnStretch(1, 1)
        self._card.body.addLayout(self._lines)
        self.column.addWidget(self._card)
        self.column.addStretch(1)
        self._suggested = ""

    def suggest(self, path: Path) -> None:
        """Prefill the path, unless the user has written another."""
        if self.place.field.text() in ("", self._suggested):
            with self.form.loading():
                self.place.set_path(path)
            self._suggested = str(path)

    def set_summary(self, lines: list[tuple[str, str]]) -> None:
        """Show what the steps before have said."""
        clear(self._lines)
        for row, (caption, value) in enumerate(lines):
            self._lines.addWidget(label(caption, "sub"), row, 0)
            self._lines.addWidget(label(value, wrap=True), row, 1)

    def path(self) -> Path:
        """Where the ledger goes."""
        return self.place.path()

    def complete(self) -> bool:
        return not self.form.first_invalid()


class SheetSaver(QWidget):
    """Saves the 恢复单 of an open ledger and opens it for printing; ``saved`` carries the path."""

    saved = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._ledger: Ledger | None = None
        self._unit = ""
        self.written: Path | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(Size.GAP)
        self.form = Form(columns=1)
        self.place = PathField(self.tr("恢复单文件"), ".pdf", self.tr("PDF 文件 (*.pdf)"))
        self.form.add("place", self.tr("恢复单文件"), self.place)
        grid.addWidget(self.form, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.save = button(self.tr("保存恢复单"), "primary", icon="key", on_click=self.write)
        self.view = button(self.tr("打开并打印"), icon="print", on_click=self._open)
        self.view.hide()
        row.addWidget(self.save)
        row.addWidget(self.view)
        row.addStretch(1)
        grid.addLayout(row, 1, 0)
        self.result = label("", "notice", tone="accent", wrap=True)
        self.result.hide()
        grid.addWidget(self.result, 2, 0)

    def set_ledger(self, ledger: Ledger, unit: str) -> None:
        """Whose sheet it is."""
        self._ledger, self._unit = ledger, unit
        self.written = None
        self.view.hide()
        self.result.hide()
        self.save.setEnabled(True)
        with self.form.loading():
            self.place.set_path(recovery.sheet_path(ledger))

    def write(self) -> None:
        """Save it; errors stand at the path."""
        ledger = self._ledger
        if ledger is None or self.form.first_invalid():
            return
        path, unit = self.place.path(), self._unit
        self.save.setEnabled(False)
        tasks.run(
            lambda: recovery.write_sheet(ledger, path, unit), done=self._done, failed=self._failed, owner=self
        )

    def _done(self, path: Path) -> None:
        self.written = path
        self.result.setText(self.tr("恢复单已保存。请打印出来锁存保管，然后把这个 PDF 文件从电脑上删除。"))
        self.result.show()
        self.view.show()
        self.view.setFocus()
        self.saved.emit(path)

    def _failed(self, error: BaseException) -> None:
        self.save.setEnabled(True)
        if not isinstance(error, LedgerError):
            raise error
        self.form.set_error("place", str(error))

    def _open(self) -> None:
        if self.written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.written)))


class SheetStep(Step):
    """The 恢复单, once the ledger is there."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("保存恢复单"), self.tr("忘记密码时，只有恢复单能打开台账。程序里没有别的办法找回密码。")
        )
        self.title = self.tr("恢复单")
        self.saver = SheetSaver()
        self.column.addWidget(self.saver)
        self.column.addStretch(1)
        self.start = self.saver.save
        self.saver.saved.connect(lambda _path: self.changed.emit())

    def deed(self) -> QPushButton | None:
        return self.saver.save if self.saver.written is None else None
