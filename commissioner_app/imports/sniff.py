"""What a file is before it is opened: a workbook, a document by another name, one with a password or beyond reason."""

import io
import re
import zipfile
import zlib

from db.errors import Refused

BROKEN = "这个文件不是有效的表格，可能已损坏或只是改了扩展名。"
LOCKED = "这个表格设有密码，请在 WPS 或 Excel 中去掉密码后再导入。"
_MOST_CELLS = 100_000_000
"""Cells between the first and the last of a sheet that fit into memory; calamine ends the program over more."""
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*><(?:v|f|is)\b')


def check_zip(data: bytes) -> None:
    """Raise Refused for an archive that is no workbook, or one with a cell far beyond the table."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            kind = _zip_kind(names)
            if kind:
                raise Refused(
                    f"这是{kind}，不是表格。请把其中的表格复制到 WPS 或 Excel，另存为 .xlsx 后再导入。"
                )
            for name in names:
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _check_extent(archive, name)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, RuntimeError) as error:
        raise Refused(BROKEN) from error


def _zip_kind(names: list[str]) -> str:
    if any(n.startswith("word/") for n in names):
        return "Word 文档"
    if any(n.startswith("ppt/") for n in names):
        return "演示文稿"
    return "" if any(n.startswith("xl/") or n == "content.xml" for n in names) else "压缩文件"


def _check_extent(archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(name) as file:
        told = _DIMENSION.search(file.read(4096))
        if told is None or _area(told) <= _MOST_CELLS:
            return
        file.seek(0)
        # The sheet may only be coloured that far: what counts are the cells that hold something.
        found = [(_column(m[1]), int(m[2])) for m in _CELL.finditer(file.read())]
    columns, rows = max((c for c, _ in found), default=0), max((r for _, r in found), default=0)
    if columns * rows > _MOST_CELLS:
        raise Refused(f"有单元格远在表格之外（最远到第 {rows} 行、第 {columns} 列），请删去后再导入。")


def _area(told: re.Match[bytes]) -> int:
    return _column(told[1]) * int(told[2])


def _column(letters: bytes) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + letter - 64
    return found


def check_compound(data: bytes) -> None:
    """Raise Refused for an old Office file that is no workbook, or a workbook with a password."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise Refused(LOCKED)
    if holds("WordDocument") and not (holds("Workbook") or holds("Book")):
        raise Refused("这是Word 文档，不是表格。请把其中的表格复制到 WPS 或 Excel，另存为 .xlsx 后再导入。")
