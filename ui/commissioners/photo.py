"""The photo of a person in the head of the detail: chosen, dropped, pasted, saved elsewhere or taken away."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from commissioner_app import attachments, paths, portraits
from commissioner_app.attachments import AttachmentRow
from commissioner_app.errors import LedgerError
from commissioner_app.ledgers import Outcome
from ui import icons, theme
from ui.commissioners import picture
from ui.context import Context
from ui.shell.dropping import local_files
from ui.theme import Size

WIDTH, HEIGHT = 72, 96


class PhotoFrame(QWidget):
    """``changed`` comes after the photo was written. Click, Enter or Space opens the menu, Ctrl+V pastes."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._person, self._name = "", ""
        self._row: AttachmentRow | None = None
        self._pixmap = QPixmap()
        self._over = False
        self.setFixedSize(WIDTH, HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAcceptDrops(True)
        self._tell()

    # -- showing ---------------------------------------------------------------------------------------

    def show_person(self, commissioner: str, name: str) -> None:
        """Show the photo of somebody, "" for nobody."""
        self._name = name
        if commissioner != self._person:
            self._person, self._row, self._pixmap = commissioner, None, QPixmap()
            self._tell()
        ledger = self._context.ledger
        if commissioner:
            self._context.read(
                lambda: (commissioner, portraits.of_person(ledger, commissioner)), self._show, self, "photo"
            )

    def has_photo(self) -> bool:
        """Whether a photo is shown."""
        return not self._pixmap.isNull()

    def _show(self, read: tuple[str, tuple[AttachmentRow, bytes | None] | None]) -> None:
        person, found = read
        if person != self._person:
            return
        self._row = found[0] if found else None
        self._pixmap = QPixmap()
        if found and found[1]:
            self._pixmap.loadFromData(found[1])
        self._tell()

    def _tell(self) -> None:
        state = self.tr("已有照片") if self.has_photo() else self.tr("没有照片")
        if self._row is not None and not self._row.here:
            state = self.tr("照片还没有收到")
        self.setAccessibleName(self.tr("证件照，{0}").format(state))
        self.setToolTip(self.tr("{0}。单击选择，也可以拖入图片或粘贴（Ctrl+V）").format(state))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(box, Size.RADIUS, Size.RADIUS)
        if self.has_photo():
            painter.setClipPath(outline)
            ratio = self.devicePixelRatioF()
            wanted = QSize(round(WIDTH * ratio), round(HEIGHT * ratio))
            scaled = self._pixmap.scaled(
                wanted,
                Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                Qt.TransformationMode.SmoothTransformation,
            )
            scaled.setDevicePixelRatio(ratio)
            left = (WIDTH - scaled.width() / ratio) / 2
            painter.drawPixmap(round(left), 0, scaled)  # a face stands in the upper part
            painter.setClipping(False)
        else:
            painter.fillPath(outline, QColor(t.hover))
            place = self.rect().adjusted(0, 18, 0, -46)
            side = min(place.width(), place.height())
            place.setLeft((WIDTH - side) // 2)
            place.setWidth(side)
            icons.draw(painter, place, "person", "sub")
            font = painter.font()
            font.setPixelSize(Size.CAPTION)
            painter.setFont(font)
            painter.setPen(QColor(t.sub))
            painter.drawText(
                self.rect().adjusted(0, HEIGHT // 2, 0, -Size.GAP),
                Qt.AlignmentFlag.AlignCenter,
                self.tr("照片"),
            )
        active = self.hasFocus() or self._over
        pen = QPen(QColor(t.accent if active else t.line), 2 if self._over else 1)
        if not self.has_photo() and not self.hasFocus():
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)
        painter.end()

    # -- what the user does ----------------------------------------------------------------------------

    def menu(self) -> QMenu:
        """What can be done with the photo now."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("选择照片…")).triggered.connect(self.choose)
        paste = menu.addAction(self.tr("粘贴照片"))
        paste.setShortcut(QKeySequence(QKeySequence.StandardKey.Paste))
        paste.setEnabled(_pastable())
        paste.triggered.connect(self.paste)
        menu.addSeparator()
        save = menu.addAction(self.tr("另存为…"))
        save.setEnabled(self.has_photo())
        save.triggered.connect(self.save_as)
        gone = menu.addAction(self.tr("删除照片"))
        gone.setEnabled(self._row is not None)
        gone.triggered.connect(self.take_away)
        return menu

    def choose(self) -> None:
        """Ask for a file."""
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("选择证件照"),
            str(paths.documents()),
            self.tr("照片 ({0})").format(picture.PATTERNS),
        )
        if name:
            self.take_file(Path(name))

    def paste(self) -> None:
        """Take the picture or the picture file in the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        files = local_files(data)
        if files:
            self.take_file(files[0])
        else:
            image = QImage(QGuiApplication.clipboard().image())
            self._put(lambda: picture.from_image(image, self.tr("剪贴板图片")))

    def take_file(self, path: Path) -> None:
        """Make the picture in a file the photo."""
        self._put(lambda: picture.from_file(path))

    def _put(self, read: Callable[[], bytes]) -> None:
        ledger, person, name = self._context.ledger, self._person, self._name
        if person:
            self._context.do(
                lambda: portraits.put(ledger, person, name, read()),
                self.tr("已设置{0}的证件照").format(name),
                done=self._done,
                owner=self,
            )

    def take_away(self) -> None:
        """Delete the photo; it can be brought back by 撤销."""
        ledger, person = self._context.ledger, self._person
        if person and self._row is not None:
            self._context.do(
                lambda: portraits.remove(ledger, person), self.tr("已删除证件照"), done=self._done, owner=self
            )

    def save_as(self) -> None:
        """Write the photo to a file."""
        row = self._row
        if row is None:
            return
        start = paths.free_path(paths.documents(), f"{self._name}{portraits.KIND}", ".jpg")
        name, _ = QFileDialog.getSaveFileName(self, self.tr("另存为"), str(start), self.tr("照片 (*.jpg)"))
        if not name:
            return
        try:
            attachments.save_as(self._context.ledger, row, Path(name))
        except LedgerError as error:
            self._context.refused.emit(str(error))
        else:
            self._context.said.emit(self.tr("已保存到 {0}").format(Path(name).name), False)

    def _done(self, _outcome: Outcome) -> None:
        self.show_person(self._person, self._name)
        self.changed.emit()

    def _open_menu(self) -> None:
        self.menu().popup(self.mapToGlobal(self.rect().bottomLeft()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.setFocus()
            self._open_menu()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._open_menu()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open_menu()
        elif event.key() == Qt.Key.Key_Delete:
            self.take_away()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()) or event.mimeData().hasImage():
            event.acceptProposedAction()
            self._hover(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hover(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._hover(False)
        event.acceptProposedAction()
        files = local_files(event.mimeData())
        if files:
            self.take_file(files[0])
        else:
            image = QImage(event.mimeData().imageData())
            self._put(lambda: picture.from_image(image, self.tr("拖入的图片")))

    def _hover(self, on: bool) -> None:
        self._over = on
        self.update()


def _pastable() -> bool:
    data = QGuiApplication.clipboard().mimeData()
    return data is not None and (data.hasImage() or bool(local_files(data)))
