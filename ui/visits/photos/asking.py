"""The dialogs and menus of a strip of photos: which files to add, what to do with one, where to save it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from commissioner_app import intake, paths
from commissioner_app.attachments import PHOTO, SCAN
from ui.visits.photos.album import Album
from ui.visits.photos.item import Item

if TYPE_CHECKING:
    from ui.visits.photos.strip import PhotoStrip

_FOLDER = "photo_folder"
_PDF = "application/pdf"


def choose_files(strip: "PhotoStrip") -> None:
    """Ask for photos and PDFs."""
    if files := _files(strip, _tr("添加照片"), _tr("图片和 PDF ({0})")):
        strip.take(files)


def choose_folder(strip: "PhotoStrip") -> None:
    """Ask for a folder, as a phone's."""
    name = QFileDialog.getExistingDirectory(strip, _tr("添加整个文件夹"), _last_folder())
    if name:
        strip.take([Path(name)])


def choose_signed(strip: "PhotoStrip") -> None:
    """Ask for the signed sheet of this visit."""
    if files := _files(strip, _tr("添加签字单"), _tr("扫描件 ({0})")):
        remember_folder(files[0])
        strip.album.taking.files(files, signed=True)


def _files(strip: "PhotoStrip", title: str, kinds: str) -> list[Path]:
    suffixes = " ".join(f"*{s} *{s.upper()}" for s in intake.SUFFIXES)
    names, _ = QFileDialog.getOpenFileNames(strip, title, _last_folder(), kinds.format(suffixes))
    return [Path(name) for name in names]


def add_menu(strip: "PhotoStrip") -> QMenu:
    """What may be added."""
    menu = _menu(strip)
    if not strip.locked:
        menu.addAction(_tr("照片、PDF…")).triggered.connect(lambda: choose_files(strip))
        menu.addAction(_tr("整个文件夹…")).triggered.connect(lambda: choose_folder(strip))
    menu.addAction(_tr("签字单扫描件…")).triggered.connect(lambda: choose_signed(strip))
    return menu


def item_menu(strip: "PhotoStrip", item: Item) -> QMenu:
    """What may be done with one."""
    menu, album, key = _menu(strip), strip.album, item.key
    menu.addAction(_tr("打开\tEnter")).triggered.connect(lambda: strip.opened.emit(key))
    menu.addAction(_tr("另存为…")).triggered.connect(lambda: save_as(strip, album, key))
    if not strip.locked:
        if item.kind in (PHOTO, SCAN) and item.media_type != _PDF:
            other = SCAN if item.kind == PHOTO else PHOTO
            menu.addAction(_tr("改为{0}").format(other)).triggered.connect(lambda: album.set_kind(key, other))
        menu.addSeparator()
        chosen = strip.selected()
        menu.addAction(_tr("删除\tDel")).triggered.connect(
            lambda: album.remove(chosen if key in chosen else [key])
        )
    return menu


def save_as(parent: QWidget, album: Album, key: str) -> None:
    """Ask where to and write one attachment there."""
    item = album.item(key)
    if item is None:
        return
    # What is kept of a photo is a JPEG, whatever it came as.
    name = Path(item.name).stem + (".pdf" if item.media_type == _PDF else ".jpg")
    target, _ = QFileDialog.getSaveFileName(parent, _tr("另存为"), str(Path(_last_folder()) / name))
    if target:
        album.save_as(key, Path(target))


def remember_folder(file: Path) -> None:
    """The next dialog begins where this file lies."""
    try:
        paths.write_settings(**{_FOLDER: str(file.parent)})
    except OSError:  # where settings cannot be kept it begins at home
        return


def _last_folder() -> str:
    return str(paths.read_settings().get(_FOLDER) or Path.home())


def _menu(strip: "PhotoStrip") -> QMenu:
    menu = QMenu(strip)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _tr(text: str) -> str:
    return QCoreApplication.translate("PhotoStrip", text)
