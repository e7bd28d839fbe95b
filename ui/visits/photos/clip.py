"""What of the clipboard is for an album: files, or a picture; text goes into the fields as ever."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData
from PySide6.QtGui import QImage

from commissioner_app import intake


def files_of(data: QMimeData) -> list[Path]:
    """The files and folders that were copied, if one of them is for an album."""
    found = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return found if any(intake.fits(path) for path in found) else []


def picture_of(data: QMimeData) -> bytes:
    """A picture that was copied, as PNG; empty where there is none or text beside it (as from a spreadsheet)."""
    if not data.hasImage() or (data.hasFormat("text/plain") and data.text().strip()):
        return b""
    image = data.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return b""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", 100)  # type: ignore[call-overload]  # quickly; it is scaled and written as JPEG anyway
    return bytes(buffer.data().data())
