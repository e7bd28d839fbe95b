"""Photos from phones: upright, scaled, with time and place; what is no picture is refused."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from commissioner_app import attachments, photos, visits
from commissioner_app.demo import make
from commissioner_app.ledgers import Ledger
from db.check import check
from db.errors import Refused
from db.queries import visits as queries

HEIC = Path(__file__).parent.parent / "data" / "演示.heic"


def picture(path: Path, size: tuple[int, int] = (300, 200), *, turned: int = 0, **more: Any) -> Path:
    """A picture whose left half is red, as the camera saves it."""
    image = Image.new("RGB", size, "green")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    if turned:
        exif[0x0112] = turned
    if more.get("taken"):
        exif.get_ifd(0x8769)[0x9003] = more["taken"]
    if more.get("gps"):
        exif[0x8825] = more["gps"]
    image.save(path, exif=exif.tobytes() if path.suffix == ".jpg" else b"")
    return path


def opened(photo: photos.Photo) -> Image.Image:
    return Image.open(io.BytesIO(photo.data))


def test_a_photo_is_upright_and_keeps_when_and_where(tmp_path: Path) -> None:
    gps = {1: "N", 2: (34.0, 56.0, 24.0), 3: "E", 4: (113.0, 5.0, 6.0)}
    photo = photos.read(picture(tmp_path / "a.jpg", turned=6, taken="2022:07:03 09:12:00", gps=gps))
    assert (photo.width, photo.height) == (200, 300)
    assert photo.taken_at == "2022-07-03T09:12:00" and photo.position == (34.94, 113.085)
    red = opened(photo).getpixel((100, 20))
    assert isinstance(red, tuple) and red[0] > 200 and red[1] < 60  # what was left is on top now
    assert not opened(photo).getexif()  # nothing of the phone is passed on but what the fields say


def test_a_large_photo_is_scaled_and_stays_sharp_enough(tmp_path: Path) -> None:
    photo = photos.read(picture(tmp_path / "a.jpg", (4800, 3600)))
    assert (photo.width, photo.height) == (2000, 1500)
    assert Image.open(io.BytesIO(photos.thumbnail(photo.data, 96))).size == (96, 72)


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.bmp"])
def test_other_forms_of_pictures(tmp_path: Path, name: str) -> None:
    photo = photos.read(picture(tmp_path / name))
    assert (photo.width, photo.height, photo.taken_at) == (300, 200, None)


def test_a_photo_of_an_iphone() -> None:
    photo = photos.read(HEIC)
    assert (photo.width, photo.height, photo.taken_at) == (96, 64, "2022-07-03T09:12:00")
    left = opened(photo).getpixel((10, 30))
    assert isinstance(left, tuple) and left[0] > left[1]


def test_what_is_see_through_becomes_white(tmp_path: Path) -> None:
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(tmp_path / "a.png")
    assert opened(photos.read(tmp_path / "a.png")).getpixel((5, 5)) == (255, 255, 255)


def bomb(path: Path) -> Path:
    """A PNG that says of itself to be 30,000 × 30,000."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 90_000))
        + chunk(b"IEND", b"")
    )
    return path


def test_a_decompression_bomb_a_broken_one_and_none_get_a_sentence(tmp_path: Path) -> None:
    whole = picture(tmp_path / "a.jpg", (1000, 800))
    half = tmp_path / "半张.jpg"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    text = tmp_path / "说明.jpg"
    text.write_text("不是图片", "utf-8")
    for file, word in ((bomb(tmp_path / "炸弹.png"), "像素过多"), (half, "损坏"), (text, "损坏")):
        with pytest.raises(Refused, match=word) as told:
            photos.read(file)
        assert file.name in str(told.value) and str(told.value).endswith("。")


@given(st.binary(max_size=400))
def test_any_bytes_are_a_picture_or_refused(data: bytes) -> None:
    for head in (b"", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x18ftypheic"):
        try:
            photos.prepare(head + data, "a")
        except Refused as error:
            assert str(error).endswith("。")


def test_photos_of_a_visit_are_added_once_and_broken_ones_named(tmp_path: Path) -> None:
    with make(tmp_path / "演示.ktledger") as ledger:
        visit = first_visit(ledger)
        files = [
            picture(tmp_path / "a.jpg", taken="2022:07:03 09:12:00"),
            picture(tmp_path / "b.jpg", (80, 80)),
        ]
        copy = tmp_path / "a(1).jpg"
        copy.write_bytes(files[0].read_bytes())
        broken = tmp_path / "坏.jpg"
        broken.write_bytes(b"x")
        added = attachments.add_photos(ledger, visit, [*files, copy, broken])
        assert added.known == ("a(1).jpg",) and len(added.refused) == 1
        rows = attachments.listed(ledger, "visit", visit)
        assert [(r.file_name, r.taken_at) for r in rows] == [
            ("a.jpg", "2022-07-03T09:12:00"),
            ("b.jpg", None),
        ]
        assert Image.open(io.BytesIO(attachments.data(ledger, rows[1]))).size == (80, 80)
        again = attachments.add_photos(ledger, visit, files)
        assert again.outcome.operation is None and len(again.known) == 2
        assert not check(ledger).faults


def first_visit(ledger: Ledger) -> str:
    with ledger.read() as connection:
        rowid = queries.visit_rowids(connection, visits.VisitFilter())[0]
        return queries.visit_rows(connection, [rowid])[rowid].id
