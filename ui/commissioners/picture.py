"""Reading a photo that somebody chose, dropped or pasted: small enough to keep, or one sentence why not."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QImageWriter, QPainter

from commissioner_app import photos
from commissioner_app.errors import Refused

LONGEST = 600
"""Pixels of the longer side as it is kept."""

MEGAPIXELS = 40
"""A picture of more is none of a person, or made to fill the memory."""

FILE_LIMIT = 50 * 10**6
QUALITY = 88
FORMATS = (b"jpeg", b"jpg", b"png", b"bmp", b"gif", b"webp", b"tiff")
PATTERNS = "*.jpg *.jpeg *.png *.bmp *.gif *.webp *.tif *.tiff *.heic *.heif"


def is_picture(path: Path) -> bool:
    """Whether a file's name says that it is a picture that can be taken."""
    return f"*{path.suffix.lower()}" in PATTERNS.split()


def from_file(path: Path) -> bytes:
    """The picture in a file as JPEG. Raises Refused."""
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise Refused(_tr("“{0}”超过 50 MB，请换一张小一些的照片。").format(path.name))
        data = path.read_bytes()
    except OSError as error:
        raise Refused(_tr("无法读取“{0}”，没有设置照片。").format(path.name)) from error
    return from_bytes(data, path.name)


def from_bytes(data: bytes, name: str) -> bytes:
    """The picture in these bytes as JPEG, whatever the name says of its format. Raises Refused."""
    if data[4:8] == b"ftyp":  # a telephone's HEIC, which Qt does not read
        data = photos.prepare(data, name).data
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)  # how the telephone was held
    broken = Refused(_tr("“{0}”不是可以使用的照片，请换一张 JPG 或 PNG 照片。").format(name))
    if not reader.canRead() or bytes(reader.format().data()) not in FORMATS:
        raise broken
    size = reader.size()
    _check_size(size, name)
    before = QImageReader.allocationLimit()
    # A format that does not tell its size beforehand is stopped here: 4 bytes a pixel.
    QImageReader.setAllocationLimit(MEGAPIXELS * 4)
    try:
        if size.isValid() and max(size.width(), size.height()) > 2 * LONGEST:
            reader.setScaledSize(size.scaled(2 * LONGEST, 2 * LONGEST, Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
    finally:
        QImageReader.setAllocationLimit(before)
    if image.isNull():
        raise broken
    return from_image(image, name)


def from_image(image: QImage, name: str) -> bytes:
    """A picture as JPEG, at most 600 pixels long, on white where it is transparent. Raises Refused."""
    if image.isNull():
        raise Refused(_tr("剪贴板里没有图片。"))
    _check_size(image.size(), name)
    if max(image.width(), image.height()) > LONGEST:
        image = image.scaled(
            LONGEST, LONGEST, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    ground = QImage(image.size(), QImage.Format.Format_RGB32)
    ground.fill(QColor(Qt.GlobalColor.white))
    painter = QPainter(ground)
    painter.drawImage(0, 0, image)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(QUALITY)
    if not writer.write(ground):
        raise Refused(_tr("照片没有保存成，请换一张。"))
    return bytes(buffer.data().data())


def _check_size(size: QSize, name: str) -> None:
    if size.width() * size.height() > MEGAPIXELS * 10**6:
        raise Refused(
            _tr("“{0}”超过 {1} 万像素，请缩小后再设为证件照。").format(name, f"{MEGAPIXELS * 100:,}")
        )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Picture", text)
