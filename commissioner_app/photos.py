"""Photos of visits: read from what phones and WeChat give, turned upright, scaled, with when and where they were taken."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.errors import Refused

LONGEST = 2000
"""Pixels of the longer side; enough for half an A4 page in print."""

QUALITY = 82
"""JPEG quality: a photo takes about 400 kB."""

MOST_PIXELS = 120_000_000
"""Above this a picture is not read: no phone makes it, a decompression bomb does."""

LARGEST_FILE = 100 * 10**6
"""Bytes of a picture file that is looked at."""

SUFFIXES = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".bmp")

_EXIF_TIME, _EXIF_POSITION = 0x9003, 0x8825


@dataclass(frozen=True)
class Photo:
    """A photo as it is kept: JPEG bytes; source_sha256: of the file that it was made from.

    taken_at: local time as ISO, None where the file tells none (WeChat strips it); position: degrees north and east.
    """

    data: bytes
    source_sha256: str
    width: int
    height: int
    taken_at: str | None
    position: tuple[float, float] | None


def is_picture(path: Path) -> bool:
    """Whether a file's name says that it is a picture."""
    return path.suffix.lower() in SUFFIXES


def read(path: Path) -> Photo:
    """A picture file as it will be kept. Raises Refused, with one sentence, for what cannot be read."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Refused(f"图片“{path.name}”超过 {LARGEST_FILE // 10**6} MB，没有添加。")
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"无法读取“{path.name}”，没有添加。") from error
    return prepare(data, path.name)


def prepare(data: bytes, name: str) -> Photo:
    """The bytes of a picture file as they will be kept: upright, scaled, JPEG. Raises Refused; name is for the sentence."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    if data[4:8] == b"ftyp" or name.lower().endswith((".heic", ".heif")):
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)
    try:
        with Image.open(io.BytesIO(data)) as found:
            if found.width * found.height > MOST_PIXELS:
                raise Refused(_too_many(name))
            exif: Any = found.getexif()
            taken, position = _taken(exif), _position(exif)
            if found.format == "JPEG":  # the decoder scales on the way: quick, and little memory
                found.draft("RGB", (LONGEST, LONGEST))
            picture: Image.Image = ImageOps.exif_transpose(found)
            if picture.mode in ("RGBA", "LA", "P"):
                layer = picture.convert("RGBA")
                picture = Image.new("RGB", layer.size, "white")
                picture.paste(layer, mask=layer.getchannel("A"))
            picture = picture.convert("RGB")
            picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise Refused(_too_many(name)) from error
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        MemoryError,
    ) as error:
        raise Refused(f"图片“{name}”已损坏或不是图片，没有添加。") from error
    return Photo(
        out.getvalue(), hashlib.sha256(data).hexdigest(), picture.width, picture.height, taken, position
    )


def taken(path: Path) -> str | None:
    """When a picture file says that it was taken (local time, ISO); None where it tells nothing or is no picture.

    Only its beginning is read: a folder from a phone holds hundreds.
    """
    from PIL import Image

    try:
        if path.suffix.lower() in (".heic", ".heif"):
            import pi_heif

            pi_heif.register_heif_opener(thumbnails=False)
        with Image.open(path) as found:
            return _taken(found.getexif())
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _too_many(name: str) -> str:
    return f"图片“{name}”的像素过多，没有添加。"


def thumbnail(data: bytes, side: int) -> bytes:
    """A small JPEG of a kept photo, at most `side` pixels wide and high. Raises Refused."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as found:
            found.draft("RGB", (side, side))
            picture = found.convert("RGB")
            picture.thumbnail((side, side), Image.Resampling.BILINEAR)
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=80)
    except (OSError, ValueError, SyntaxError) as error:
        raise Refused("图片已损坏，无法显示。") from error
    return out.getvalue()


def _taken(exif: Any) -> str | None:
    """When the camera says that it was taken: 2022:07:03 09:12:00 → 2022-07-03T09:12:00."""
    import datetime as dt

    told = exif.get_ifd(0x8769).get(_EXIF_TIME) or exif.get(0x0132)
    try:
        return dt.datetime.strptime(str(told).strip("\x00 "), "%Y:%m:%d %H:%M:%S").isoformat()
    except ValueError:
        return None


def _position(exif: Any) -> tuple[float, float] | None:
    """Degrees north and east, None where the camera tells none or nonsense."""
    gps = exif.get_ifd(_EXIF_POSITION)
    try:
        north, east = (_degrees(gps[n]) for n in (2, 4))
        if gps.get(1) in ("S", b"S"):
            north = -north
        if gps.get(3) in ("W", b"W"):
            east = -east
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    good = -90 <= north <= 90 and -180 <= east <= 180 and (north, east) != (0, 0)
    return (round(north, 6), round(east, 6)) if good else None


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(p) for p in parts)
    return degrees + minutes / 60 + seconds / 3600
