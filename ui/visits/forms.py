"""导出填报表: one workbook for each chosen commissioner, written into a folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from commissioner_app import fillin, paths, pinyin, places
from commissioner_app.errors import Refused
from commissioner_app.places import PlaceRow
from ui.context import Context
from ui.tasks import Progress
from ui.theme import Size
from ui.widgets.basic import button, label, roomy_rows

PLACE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class FormsWritten:
    """files: those written; refused: one sentence for each place that got none."""

    files: tuple[Path, ...]
    refused: tuple[str, ...]


def write_forms(
    context: Context, wanted: Sequence[PlaceRow], folder: Path, progress: Progress
) -> FormsWritten:
    """Write the forms; a file that is there already is never written over: it may have been filled in."""
    files: list[Path] = []
    refused: list[str] = []
    for n, place in enumerate(wanted):
        progress.report(n, len(wanted))
        progress.check()
        stem = Path(fillin.file_name(place)).stem
        path = paths.free_path(folder, stem, ".xlsx")
        try:
            fillin.write(context.ledger, place.id, path)
        except Refused as error:
            refused.append(f"{place.name or place.code}：{error}")
        else:
            files.append(path)
    return FormsWritten(tuple(files), tuple(refused))


class FormsDialog(QDialog):
    """Choose commissioners, then a folder."""

    def __init__(self, parent: QWidget, context: Context) -> None:
        super().__init__(parent)
        self._context = context
        self._folder: Path | None = None
        self._progress: Progress | None = None
        self.setWindowTitle(self.tr("导出填报表"))
        self.setMinimumWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        column.addWidget(label(self.tr("导出填报表"), "cardtitle"))
        column.addWidget(
            label(
                self.tr(
                    "每位特派员一个 Excel 文件，可用微信发给本人填写；填好发回后拖到窗口里导入，改了再发也不会重复。"
                ),
                "caption",
                wrap=True,
            )
        )
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("查找姓名、单位，拼音首字母也行"))
        self.filter.setAccessibleName(self.tr("查找特派员"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._narrow)
        column.addWidget(self.filter)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("特派员"))
        self.list.setUniformItemSizes(True)
        roomy_rows(self.list, Size.CONTROL)
        self.list.setFixedHeight(8 * Size.CONTROL)
        self.list.itemChanged.connect(lambda _i: self._count())
        self.list.itemActivated.connect(self._toggle)
        column.addWidget(self.list)
        line = QHBoxLayout()
        self.all = button(self.tr("全选"), "link", on_click=lambda: self._check_all(True))
        self.none = button(self.tr("全不选"), "link", on_click=lambda: self._check_all(False))
        self.count = label("", "caption")
        line.addWidget(self.all)
        line.addWidget(self.none)
        line.addStretch(1)
        line.addWidget(self.count)
        column.addLayout(line)
        self.notice = label("", "notice", tone="warn", wrap=True)
        self.notice.hide()
        column.addWidget(self.notice)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.show_folder = button(self.tr("打开文件夹"), icon="folder", on_click=self._open_folder)
        self.show_folder.hide()
        row.addWidget(self.show_folder)
        row.addStretch(1)
        self.cancel = button(self.tr("取消"), on_click=self.reject)
        self.cancel.setToolTip(self.tr("取消（Esc）"))
        self.go = button(self.tr("选择文件夹并导出…"), "primary", on_click=self.choose_folder)
        row.addWidget(self.cancel)
        row.addWidget(self.go)
        column.addLayout(row)
        self._fill()

    def _fill(self) -> None:
        c = self._context
        found = [p for p in places.listed(c.ledger, c.batch) if p.commissioner]
        pinyin.warm((), [p.name for p in found])
        for place in found:
            facts = " · ".join(t for t in (place.code, place.organisation_name) if t)
            item = QListWidgetItem(f"{place.name}　{facts}")
            item.setData(PLACE, place)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        if not found:
            self.notice.setText(self.tr("这个批次还没有录入特派员，请先在“特派员”页录入或导入名单。"))
            self.notice.show()
        self._count()

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(n) for n in range(self.list.count())]

    def chosen(self) -> list[PlaceRow]:
        """The places that are ticked."""
        return [i.data(PLACE) for i in self._items() if i.checkState() == Qt.CheckState.Checked]

    def tick(self, place: str) -> None:
        """Tick a place, as its own page asks."""
        for item in self._items():
            if item.data(PLACE).id == place:
                item.setCheckState(Qt.CheckState.Checked)
                self.list.setCurrentItem(item)

    def _check_all(self, on: bool) -> None:
        for item in self._items():
            if not item.isHidden():
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _toggle(self, item: QListWidgetItem) -> None:
        on = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _narrow(self, text: str) -> None:
        for item in self._items():
            place: PlaceRow = item.data(PLACE)
            hidden = bool(text.strip()) and not pinyin.found(text, item.text(), people=[place.name])
            item.setHidden(hidden)

    def _count(self) -> None:
        n = len(self.chosen())
        self.count.setText(self.tr("已选 {0} 人").format(n))
        self.go.setEnabled(bool(n))

    def choose_folder(self) -> None:
        """Ask where to, then write."""
        name = QFileDialog.getExistingDirectory(self, self.tr("填报表放在哪里"), str(paths.documents()))
        if name:
            self.write_to(Path(name))

    def write_to(self, folder: Path) -> None:
        """Write the forms of those ticked; 取消 stops after the one that is being written."""
        c, wanted = self._context, self.chosen()
        progress = Progress(self.tr("正在导出填报表"))
        self._folder, self._progress = folder, progress
        self.go.setEnabled(False)
        self.list.setEnabled(False)
        progress.changed.connect(
            lambda n, of, _text: self.count.setText(self.tr("正在导出第 {0} / {1} 份…").format(n + 1, of))
        )
        progress.finished.connect(self._ended)

        def done(written: FormsWritten) -> None:
            c.said.emit(self.tr("已导出 {0} 份填报表").format(len(written.files)), False)
            self._tell("\n".join(written.refused))
            self.count.setText(self.tr("已导出 {0} 份到“{1}”").format(len(written.files), folder.name))
            self.cancel.setText(self.tr("完成"))
            self.show_folder.show()

        c.read(lambda: write_forms(c, wanted, folder, progress), done, self, "forms", progress, self._tell)

    def _tell(self, text: str) -> None:
        self.notice.setText(text)
        self.notice.setVisible(bool(text))

    def _ended(self) -> None:
        self._progress = None
        self.list.setEnabled(True)
        self._count()

    def reject(self) -> None:
        """取消: first of the writing, then of the dialog."""
        if self._progress is not None:
            self._progress.cancel()
        else:
            super().reject()

    def _open_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
