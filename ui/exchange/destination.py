"""Where a package is written: a removable drive first, then the folder used last, then any other."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QRadioButton, QVBoxLayout, QWidget

from commissioner_app import maintenance, paths
from commissioner_app.exchange.drives import Drive, removable_drives
from ui.context import Context
from ui.theme import Size
from ui.widgets.basic import button

LOOK_MS = 2000
"""So often drives are looked for while the list is seen: a stick is put in when the file is wanted."""
KEPT = "exchange_folder"


class Destination(QWidget):
    """One radio button a place; a drive that comes is offered, and chosen while nobody has chosen anything."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._drives: list[Drive] = []
        self._last = paths.documents()
        self._other: Path | None = None
        self._chosen: Path | None = None
        self._by_hand = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.TIGHT)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Size.TIGHT)
        column.addLayout(self._rows)
        self.other = button(self.tr("其他位置…"), "link", icon="folder", on_click=self.choose_other)
        column.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeft)
        self._group = QButtonGroup(self)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._fill()

    def folder(self) -> Path | None:
        """The folder chosen."""
        return self._chosen

    def drive(self) -> Drive | None:
        """The removable drive chosen, if it is one."""
        return next((d for d in self._drives if d.path == self._chosen), None)

    def choose(self, folder: Path) -> None:
        """Choose a folder; one that is not listed is added."""
        if folder not in [path for path, _text, _ok in self._choices()]:
            self._other = folder
        self._chosen, self._by_hand = folder, True
        self._fill()
        self.changed.emit()

    def choose_other(self) -> None:
        """Ask for a folder."""
        start = str(self._chosen or paths.documents())
        name = QFileDialog.getExistingDirectory(self, self.tr("保存到哪个文件夹"), start)
        if name:
            self.choose(Path(name))

    def look(self) -> None:
        """Look for removable drives on a worker thread: one that is being pulled out answers late."""
        self._context.read(lambda: (removable_drives(), _last_folder()), self._take, self, "drives")

    def _take(self, found: tuple[list[Drive], Path]) -> None:
        before = self._choices()
        self._drives, self._last = found
        if self._choices() != before:
            self._fill()
            self.changed.emit()

    def _choices(self) -> list[tuple[Path, str, bool]]:
        choices = [
            (
                drive.path,
                self.tr("U 盘 {0}（剩余 {1}）").format(
                    drive.label or drive.path.name, maintenance.size_text(drive.free)
                )
                if drive.writable
                else self.tr("U 盘 {0}（写保护，不能写入）").format(drive.label or drive.path.name),
                drive.writable,
            )
            for drive in self._drives
        ]
        for folder in (self._last, self._other):
            if folder is not None and folder not in [path for path, _text, _ok in choices]:
                choices.append((folder, self.tr("文件夹 {0}").format(folder), True))
        return choices

    def _fill(self) -> None:
        choices = self._choices()
        usable = [path for path, _text, ok in choices if ok]
        if not self._by_hand or self._chosen not in usable:
            self._chosen, self._by_hand = (usable[0] if usable else None), False
        focused = any(each.hasFocus() for each in self._group.buttons())
        while self._rows.count():
            old = self._rows.takeAt(0).widget()
            if old is not None:
                self._group.removeButton(old)  # type: ignore[arg-type]
                old.hide()
                old.deleteLater()
        for path, text, ok in choices:
            made = _Row(text)
            made.setToolTip(str(path))
            made.setEnabled(ok)
            made.setChecked(path == self._chosen)
            made.clicked.connect(lambda _checked=False, path=path: self._click(path))
            self._group.addButton(made)
            self._rows.addWidget(made)
            if focused and path == self._chosen:
                made.setFocus()

    def _click(self, path: Path) -> None:
        self._chosen, self._by_hand = path, True
        self.changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()


def _last_folder() -> Path:
    """The folder used last, if it is still there, else the one of the ledgers."""
    kept = paths.read_settings().get(KEPT)
    return Path(kept) if isinstance(kept, str) and Path(kept).is_dir() else paths.documents()


class _Row(QRadioButton):
    """Its text is shortened in the middle where it does not fit: of a path both ends matter."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._whole = text
        self.setAccessibleName(text)
        self.setMinimumWidth(Size.GAP_WIDE)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Ignored)
        self.setSizePolicy(policy)

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().resizeEvent(event)
        room = self.width() - Size.GAP_WIDE - Size.TIGHT
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, room))
