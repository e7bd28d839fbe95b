"""PhotoStrip: what is attached to a visit, as tiles; adding by button, drop, paste, a whole folder."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPoint,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from commissioner_app.attachments import DOCUMENT, PHOTO, SCAN
from ui.context import Context
from ui.tasks import Progress
from ui.theme import Size
from ui.visits.photos import asking, clip, folder
from ui.visits.photos.album import Album
from ui.visits.photos.thumbs import Thumbs
from ui.visits.photos.tiles import HEIGHT, TileDelegate, TileModel
from ui.widgets.basic import button, label

ACROSS = 4
ROWS = 3
"""So many rows are seen at once."""


class PhotoStrip(QWidget):
    """`edited`: something waits that did not before; `counted`: a caption for the strip; `opened`: a key to be shown large."""

    edited = Signal()
    counted = Signal(str)
    opened = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.album = Album(context, self)
        self.thumbs = Thumbs(self.album, self)
        self._locked = False
        self._progress: Progress | None = None
        self._days: tuple[str | None, str | None] = (None, None)
        self.model = TileModel(self.album, self.thumbs, self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setAccessibleName(self.tr("照片和材料"))
        self.view.setViewMode(QListView.ViewMode.IconMode)
        self.view.setMovement(QListView.Movement.Static)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setProperty("tiles", True)
        self.view.setMouseTracking(True)
        self._tiles = TileDelegate(self.model, self.view)
        self.view.setItemDelegate(self._tiles)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._menu_at)
        self.view.clicked.connect(self._clicked)
        self.view.installEventFilter(self)
        self.setFocusProxy(self.view)
        self._build()
        self.album.changed.connect(self._show)
        self.album.edited.connect(self.edited)
        self.album.taking.said.connect(self._say)
        self.album.taking.working.connect(self._watch)
        self._show()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.TIGHT)
        column.addWidget(self.view)
        self.working = QWidget()
        row = QHBoxLayout(self.working)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP)
        self.what = label("", "caption")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.stop = button(self.tr("取消"), "link", on_click=self._cancel)
        row.addWidget(self.what)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)
        self.working.hide()
        column.addWidget(self.working)
        self.note = label("", "notice", tone="warn", wrap=True)
        self.note.hide()
        column.addWidget(self.note)
        back = QHBoxLayout()
        self.gone = label("", "caption")
        self.undo = button(self.tr("撤销"), "link", on_click=self.album.bring_back)
        back.addWidget(self.gone)
        back.addWidget(self.undo)
        back.addStretch(1)
        column.addLayout(back)
        self.doubts = label("", "notice", tone="warn", wrap=True)
        column.addWidget(self.doubts)

    # -- showing ---------------------------------------------------------------------------------------

    def show_visit(self, visit: str | None) -> None:
        """What is attached to a visit; None for a new one."""
        self.album.show(visit)

    def set_days(self, first: str | None, last: str | None) -> None:
        """The visit's days as they stand in the editor."""
        self._days = (first, last or first)
        self.album.set_days(first, last)

    def set_locked(self, on: bool) -> None:
        """A visit that has passed keeps its photos; only signed sheets still come to it."""
        self._locked = on

    @property
    def locked(self) -> bool:
        """Whether photos may not be changed."""
        return self._locked

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = self.width() - 2 * self.view.frameWidth()
        rows = -(-self.model.rowCount() // ACROSS)
        scrolls = rows > ROWS
        if scrolls:
            room -= self.view.verticalScrollBar().sizeHint().width() + 2
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.view.setVerticalScrollBarPolicy(policy)  # a list keeps room for one that may come
        size = QSize(max(room // ACROSS, 1), HEIGHT)
        if size != self._tiles.size:
            self._tiles.size = size
        self.view.setGridSize(size)
        self.view.setFixedHeight(min(max(rows, 1), ROWS) * HEIGHT + 2 * self.view.frameWidth() + 2)

    def _show(self) -> None:
        photos, scans, others = self.album.counts()
        parts = [(PHOTO, photos), (SCAN, scans), (DOCUMENT, others)]
        told = "    ".join(f"{kind} {n}" for kind, n in parts if n)
        self.counted.emit(told or self.tr("照片和材料"))
        marked = [(n, item) for n, item in enumerate(self.album.items, 1) if item.marks]
        lines = [self.tr("第 {0} 张：{1}").format(n, "".join(item.marks)) for n, item in marked[:2]]
        if len(marked) > 2:
            lines.append(self.tr("另有 {0} 张，请逐张查看。").format(len(marked) - 2))
        self.doubts.setText("\n".join(lines))
        self.doubts.setVisible(bool(lines))
        gone = self.album.removed()
        self.gone.setText(self.tr("已移去 {0} 个").format(gone))
        self.gone.setVisible(bool(gone))
        self.undo.setVisible(bool(gone))
        self._arrange()

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    # -- adding ----------------------------------------------------------------------------------------

    def take(self, files: Sequence[Path]) -> None:
        """Files and folders from a dialog, a drop or the clipboard; of a folder only the day's, if wanted."""
        if self._locked:
            self._say(self.tr("已审核通过，照片不能再改；要修改请先点“修改…”。"))
            return
        if files:
            asking.remember_folder(files[0])
        folder.take(self, self._context, list(files), self._days, self.album.taking.files)

    def paste(self, data: QMimeData) -> bool:
        """Take pictures or files from the clipboard; False where there are none."""
        files, picture = clip.files_of(data), clip.picture_of(data)
        if files:
            self.take(files)
        elif picture and self._locked:
            self.take([])
        elif picture:
            self.album.taking.picture(picture)
        return bool(files or picture)

    def _watch(self, progress: Progress) -> None:
        self._progress = progress
        self.what.setText(progress.title)
        self.bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self.working.show()
        progress.changed.connect(self._report)
        progress.finished.connect(self._ended)

    def _report(self, done: int, every: int, _text: str) -> None:
        self.bar.setRange(0, every)
        self.bar.setValue(done)
        self.what.setText(self.tr("正在添加 {0} / {1}").format(done + 1, every))

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()
            self.stop.setEnabled(False)

    def _ended(self) -> None:
        if self.sender() in (None, self._progress):
            self._progress = None
            self.working.hide()

    # -- keys, clicks and the menu ---------------------------------------------------------------------

    def selected(self) -> list[str]:
        """The keys of the chosen tiles."""
        items = [self.model.item(index.row()) for index in self.view.selectedIndexes()]
        return [item.key for item in items if item]

    def _clicked(self, index: QModelIndex) -> None:
        if not QGuiApplication.keyboardModifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        ):
            self._open(index.row())

    def _open(self, row: int) -> None:
        item = self.model.item(row)
        if item is None:
            at = self.view.visualRect(self.model.index(row)).bottomLeft()
            asking.add_menu(self).popup(self.view.viewport().mapToGlobal(at))
        else:
            self.opened.emit(item.key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            row = self.view.currentIndex().row()
            if (
                event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
                and not event.modifiers()
            ):
                self._open(max(row, 0))
                return True
            if event.key() == Qt.Key.Key_Delete:
                self.delete_selected()
                return True
        if (
            watched is self.view
            and event.type() == QEvent.Type.FocusIn
            and not self.view.currentIndex().isValid()
        ):
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            QTimer.singleShot(
                0, self.view, lambda: self.view.selectionModel().setCurrentIndex(self.model.index(0), flag)
            )
        return False

    def delete_selected(self) -> None:
        """Del: take the chosen ones away; they come back by 撤销."""
        if self._locked:
            self.take([])
        elif keys := self.selected():
            self.album.remove(keys)

    def _menu_at(self, at: QPoint) -> None:
        item = self.model.item(self.view.indexAt(at).row())
        menu = asking.item_menu(self, item) if item else asking.add_menu(self)
        menu.popup(self.view.viewport().mapToGlobal(at))
