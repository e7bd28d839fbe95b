"""Files that are no tables, or none that can be opened, as people send them by mistake."""

import random
import struct
import zipfile
from pathlib import Path

from openpyxl import Workbook

SECTOR = 512


def random_bytes(path: Path, size: int = 2_000_000) -> Path:
    path.write_bytes(random.Random(5).randbytes(size))
    return path


def renamed_document(path: Path) -> Path:
    """A .docx by another name."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return path


def locked(path: Path) -> Path:
    """A workbook with a password as Excel and WPS store it: a compound file with EncryptedPackage."""
    path.write_bytes(
        compound(
            {
                "EncryptionInfo": b"\4\0\4\0" + bytes(4200),
                "EncryptedPackage": random.Random(7).randbytes(9000),
            }
        )
    )
    return path


def locked_old(path: Path, plain: Path) -> Path:
    """An .xls with a password: its first record after BOF is FILEPASS."""
    data = bytearray(plain.read_bytes())
    start = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    struct.pack_into("<H", data, start + 20, 0x2F)
    path.write_bytes(bytes(data))
    return path


def empty(path: Path, *cells: str) -> Path:
    book = Workbook()
    for n, cell in enumerate(cells, 1):
        book.active.cell(n, n, cell)
    book.save(path)
    return path


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (MS-CFB, version 3) with these streams, each at least 4096 bytes."""
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fat, body = [fat_mark, end], b""
    entries = [_entry("Root Entry", 5, 1, end, 0)]
    for n, (name, content) in enumerate(streams.items(), 1):
        sectors = -(-len(content) // SECTOR)
        first = len(fat)
        fat += [*range(first + 1, first + sectors), end]
        body += content.ljust(sectors * SECTOR, b"\0")
        entries.append(_entry(name, 2, free, first, len(content), n + 1 if n < len(streams) else free))
    while len(entries) % 4:
        entries.append(_entry("", 0, free, 0, 0))
    assert len(entries) == 4 and len(fat) <= 128
    table = struct.pack("<128I", *fat, *[free] * (128 - len(fat)))
    header = struct.pack("<8s16s6H", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, 0)
    header += (
        struct.pack("<I", 0)
        + struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0)
        + struct.pack("<109I", 0, *[free] * 108)
    )
    return header[:SECTOR].ljust(SECTOR, b"\0") + table + b"".join(entries) + body


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = 0xFFFFFFFF) -> bytes:
    wide = name.encode("utf-16-le") + b"\0\0" if name else b""
    return struct.pack(
        "<64sHBBIII16sIQQIQ", wide, len(wide), kind, 1, 0xFFFFFFFF, right, child, bytes(16), 0, 0, 0, start, size
    )  # fmt: skip
