"""DocumentList: the documents of a record, added by button or drop, opened, saved elsewhere, deleted."""

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from commissioner_app import attachments, paths
from commissioner_app.attachments import AttachmentRow
from commissioner_app.errors import LedgerError
from commissioner_app.ledgers import Outcome
from ui import icons
from ui.context import Context
from ui.shell.dropping import local_files
from ui.theme import Size
from ui.widgets.basic import button, label, roomy_rows

ROW = Qt.ItemDataRole.UserRole
PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".heic")


class DocumentList(QWidget):
    """The attachments of an `owner` ("commissioner", "assignment", "visit") but those of the kinds `without`.

    ``changed`` carries how many there are, after each reading.
    """

    changed = Signal(int)

    def __init__(
        self,
        context: Context,
        owner: str,
        kind: str,
        *,
        without: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._owner, self._kind, self._without = context, owner, kind, tuple(without)
        self._record = ""
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Size.GAP, 0, 0)
        column.setSpacing(Size.GAP)
        self._note = label("", "caption", wrap=True)
        self.list = _List()
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setAccessibleName(self.tr("材料"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        roomy_rows(self.list)
        self.list.itemActivated.connect(lambda item: self.open_file(item.data(ROW)))
        self.list.itemSelectionChanged.connect(self._selected)
        self.list.deletePressed.connect(self.delete)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.add_button = button(self.tr("添加…"), icon="add", on_click=self.choose)
        self.open_button = button(self.tr("打开"), on_click=self._open)
        self.open_button.setToolTip(self.tr("打开（回车）"))
        self.save_button = button(self.tr("另存为…"), on_click=self.save_as)
        self.delete_button = button(self.tr("删除"), "danger", on_click=self.delete)
        self.delete_button.setToolTip(self.tr("删除（Delete），可以撤销"))
        row.addWidget(self.add_button)
        row.addStretch(1)
        for each in (self.open_button, self.save_button, self.delete_button):
            row.addWidget(each)
        column.addWidget(self._note)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self._show((self._record, []))

    # -- showing ---------------------------------------------------------------------------------------

    def show_record(self, record: str) -> None:
        """Show the documents of a record, "" for none."""
        if record != self._record:
            self._record = record
            self._show((record, []))
        ledger, owner = self._context.ledger, self._owner
        if record:
            self._context.read(
                lambda: (record, attachments.listed(ledger, owner, record)), self._show, self, "documents"
            )

    def rows(self) -> list[AttachmentRow]:
        """What is listed."""
        return [self.list.item(n).data(ROW) for n in range(self.list.count())]

    def selected(self) -> list[AttachmentRow]:
        """What is selected, in order."""
        return [self.list.item(i.row()).data(ROW) for i in sorted(self.list.selectedIndexes())]

    def _show(self, read: tuple[str, list[AttachmentRow]]) -> None:
        record, found = read
        if record != self._record:
            return
        found = [each for each in found if each.kind not in self._without]
        kept = {each.id for each in self.selected()}
        self.list.clear()
        for each in found:
            picture = Path(each.file_name).suffix.lower() in PICTURES
            missing = "" if each.here else self.tr("，还没有收到")
            text = f"{each.file_name}　{size_text(each.size)}{missing}"
            item = QListWidgetItem(icons.icon("photo" if picture else "document"), text)
            item.setData(ROW, each)
            item.setToolTip(text)
            self.list.addItem(item)
            item.setSelected(each.id in kept)
        if not found:
            self._note.setText(self.tr("聘书、职称证书、推荐表等放在这里；可以把文件拖进来。"))
        else:
            total = sum(each.size for each in found)
            self._note.setText(self.tr("{0} 份，共 {1}").format(f"{len(found):,}", size_text(total)))
        self._selected()
        self.changed.emit(len(found))

    def _selected(self) -> None:
        chosen = self.selected()
        self.add_button.setEnabled(bool(self._record))
        self.open_button.setEnabled(len(chosen) == 1 and chosen[0].here)
        self.save_button.setEnabled(bool(chosen) and all(each.here for each in chosen))
        self.delete_button.setEnabled(bool(chosen))

    # -- what the user does ----------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for files and add them."""
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("添加材料"), str(paths.documents()))
        self.add_files([Path(name) for name in names])

    def add_files(self, files: Sequence[Path]) -> None:
        """Add files in one step."""
        ledger, owner, record, kind = self._context.ledger, self._owner, self._record, self._kind
        wanted = [path for path in files if path.is_file()]
        if record and wanted:
            what = wanted[0].name if len(wanted) == 1 else self.tr("{0} 份材料").format(len(wanted))
            self._context.do(
                lambda: attachments.add(ledger, owner, record, wanted, kind),
                self.tr("已添加{0}").format(what),
                done=self._done,
                owner=self,
            )
        elif files:
            self._context.refused.emit(self.tr("只能添加文件，不能添加文件夹。"))

    def _open(self) -> None:
        chosen = self.selected()
        if chosen:
            self.open_file(chosen[0])

    def open_file(self, row: AttachmentRow) -> None:
        """Show a copy of a document in the program that the system has for it."""
        target = _opened() / row.id / Path(row.file_name or row.id).name
        ledger = self._context.ledger

        def write() -> Path:
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                attachments.save_as(ledger, row, target)
                target.chmod(0o400)  # what is changed there would be lost
            return target

        def show(path: Path) -> None:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
                self._context.refused.emit(self.tr("没有程序能打开“{0}”，可以另存为文件。").format(path.name))

        self._context.read(write, show, self, "open")

    def save_as(self) -> None:
        """Write one document to a file, several into a folder."""
        chosen = self.selected()
        if not chosen:
            return
        if len(chosen) == 1:
            path = Path(chosen[0].file_name)
            start = paths.free_path(paths.documents(), path.stem, path.suffix)
            name, _ = QFileDialog.getSaveFileName(self, self.tr("另存为"), str(start))
            targets = [Path(name)] if name else []
        else:
            name = QFileDialog.getExistingDirectory(self, self.tr("另存到文件夹"), str(paths.documents()))
            targets = []
            for each in chosen if name else ():
                path = Path(each.file_name)
                target = Path(name) / path.name
                number = 2
                while target.exists() or target in targets:
                    target, number = Path(name) / f"{path.stem} ({number}){path.suffix}", number + 1
                targets.append(target)
        if not targets:
            return
        try:
            for each, target in zip(chosen, targets, strict=True):
                attachments.save_as(self._context.ledger, each, target)
        except LedgerError as error:
            self._context.refused.emit(str(error))
        else:
            text = targets[0].name if len(targets) == 1 else self.tr("{0} 份材料").format(len(targets))
            self._context.said.emit(self.tr("已另存{0}").format(text), False)

    def delete(self) -> None:
        """Take the selected documents away; 撤销 brings them back."""
        chosen, ledger = [each.id for each in self.selected()], self._context.ledger
        if chosen:
            self._context.do(
                lambda: attachments.remove(ledger, chosen),
                self.tr("已删除 {0} 份材料").format(len(chosen)),
                done=self._done,
                owner=self,
            )

    def _done(self, _outcome: Outcome) -> None:
        self.show_record(self._record)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._record and local_files(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.add_files(local_files(event.mimeData()))


class _List(QListWidget):
    deletePressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.deletePressed.emit()
        else:
            super().keyPressEvent(event)


def size_text(size: int) -> str:
    """Bytes as people write them: 320 KB, 1.4 MB."""
    if size < 10**6:
        return f"{max(1, round(size / 1000)):,} KB"
    return f"{size / 10**6:,.1f} MB"


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="ktledger-", ignore_cleanup_errors=True)


def _opened() -> Path:
    """Where copies lie that were opened; gone when the program ends."""
    return Path(_folder().name)
