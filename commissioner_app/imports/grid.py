"""Tables as they lie in files and on the clipboard: sheets of raw cells with their merged areas."""

import csv
import io
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from commissioner_app.imports import sniff, web
from commissioner_app.imports.cells import Texts, text
from commissioner_app.imports.sniff import BROKEN, LOCKED
from db.bulk import collector_resting
from db.errors import Refused

FORMULA = ("=", "+", "@")
PASTED = "粘贴的表格"


@dataclass(frozen=True)
class Area:
    """A merged area: rows and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """A sheet's rows as the file has them; row n of the file is rows[n - 1]. Of a merged area only the first cell
    holds the value."""

    name: str
    rows: list[list[Any]]
    merged: tuple[Area, ...] = ()

    @cached_property
    def width(self) -> int:
        """The cells of the longest row."""
        return max(map(len, self.rows), default=0)

    @cached_property
    def texts(self) -> list[list[str]]:
        """Every cell as text, rows as long as they are in the file."""
        known = Texts()
        return [known.row(row) for row in self.rows]

    @cached_property
    def filled(self) -> list[list[str]]:
        """The texts, those of areas that go down over several rows repeated in each (one unit for its people)."""
        tall = [a for a in self.merged if a.bottom > a.top]
        if not tall:
            return self.texts
        found = [list(row) for row in self.texts]
        for a in tall:
            if a.top < len(found) and a.left < len(found[a.top]) and (word := found[a.top][a.left]):
                for row in found[a.top + 1 : a.bottom + 1]:
                    row.extend([""] * (a.left + 1 - len(row)))
                    row[a.left] = word
        return found


@dataclass(frozen=True)
class Workbook:
    """Visible sheets, the names of hidden ones, which are not read, and what the whole is called."""

    sheets: list[Sheet]
    hidden: list[str] = field(default_factory=list)
    name: str = ""
    path: Path | None = None
    """The file, None for what was pasted."""


def read(path: Path) -> Workbook:
    """Read a table file by what it is, whatever its extension. Raises Refused, with one sentence."""
    suffix = path.suffix.lower()
    if not path.is_file():
        raise Refused(f"找不到文件：{path}")
    if suffix not in (".csv", ".xlsx", ".xls", ".xlsm", ".et"):
        raise Refused(f"只能读入 .xlsx、.xls 和 .csv 表格，这个文件是 {suffix or '没有扩展名的文件'}。")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"文件无法读取：{error.strerror or error}") from error
    if not data:
        raise Refused("这个文件是空的。")
    with collector_resting(len(data) // 100):
        book = _book(data, suffix, path)
        empty = not any(any(map(any, s.texts)) for s in book.sheets)
    if empty:
        hidden = f"（工作表“{'”“'.join(book.hidden)}”是隐藏的，不读入）" if book.hidden else ""
        raise Refused(f"表格是空的，里面没有任何内容{hidden}。")
    return book


def _book(data: bytes, suffix: str, path: Path) -> Workbook:
    if data.startswith(b"PK\x03\x04"):
        sniff.check_zip(data)
        return _workbook(data, path)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        sniff.check_compound(data)
        return _workbook(data, path)
    if suffix == ".csv":
        return Workbook([Sheet(path.stem, _csv(data))], [], path.name, path)
    return _text_file(data, path)


def _workbook(data: bytes, path: Path) -> Workbook:
    """What calamine reads; merged areas come with it, dates as dates."""
    # Imported here: most commands read no workbook.
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        except CalamineError:
            # Only by its name does calamine say that an .xls has a password.
            book = CalamineWorkbook.from_path(str(path))
        sheets, hidden = [], []
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            if meta.visible != SheetVisibleEnum.Visible:
                hidden.append(meta.name)
                continue
            found = book.get_sheet_by_name(meta.name)
            rows = found.to_python(skip_empty_area=False)
            while rows and not any(map(text, rows[-1])):
                rows.pop()  # what only a format once touched
            merged = tuple(Area(*a, *b) for a, b in found.merged_cell_ranges or ())
            sheets.append(Sheet(meta.name, rows, merged))
    except PasswordError as error:
        raise Refused(LOCKED) from error
    except CalamineError as error:
        if re.search(r"password|encrypt", str(error), re.IGNORECASE):
            raise Refused(LOCKED) from error
        raise Refused(BROKEN) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the Rust library's own word for a broken file
            raise
        raise Refused(BROKEN) from error
    return Workbook(sheets, hidden, path.name, path)


def _text_file(data: bytes, path: Path) -> Workbook:
    """What office systems call .xls though it is a web page, or a list parted by tabs."""
    found = _decoded(data)
    if found is None or re.search(r"[\x00-\x08\x0e-\x1f]", found[:20_000]):
        raise Refused(BROKEN)
    if "urn:schemas-microsoft-com:office:spreadsheet" in found[:4000] or found.startswith("MIME-Version"):
        raise Refused("这是 XML 或网页存档格式的表格，请在 WPS 或 Excel 中打开，另存为 .xlsx 后再导入。")
    if re.search(r"<\s*(html|table|!doctype)", found[:20_000], re.IGNORECASE):
        return Workbook(_web_sheets(found, path.stem), [], path.name, path)
    if "\t" in found or "," in found:
        return Workbook([Sheet(path.stem, _split(found))], [], path.name, path)
    raise Refused(BROKEN)


def _decoded(data: bytes) -> str | None:
    named = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", data[:4000])
    encodings = ["utf-8-sig", "gb18030"]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif named:
        encodings.insert(0, named[1].decode("ascii"))
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return None


def _csv(data: bytes) -> list[list[Any]]:
    if b"\x00" in data[:4000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("这个文件不是 CSV 表格。")
    found = _decoded(data)
    if found is None:
        raise Refused("CSV 文件的文字编码无法识别，请另存为 UTF-8 后再导入。")
    return _split(found)


def _split(found: str) -> list[list[Any]]:
    first = found[:4000]
    delimiter = (
        "\t" if first.count("\t") > first.count(",") else ";" if first.count(";") > first.count(",") else ","
    )
    try:
        # A guarded formula loses the apostrophe that `tables.write` has put before it.
        return [
            [c[1:] if c[:1] == "'" and c[1:].startswith(FORMULA) else c for c in row]
            for row in csv.reader(io.StringIO(found, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise Refused("这个文件不是有效的 CSV 表格。") from error


def _web_sheets(found: str, name: str) -> list[Sheet]:
    tables = [t for t in web.tables(found) if any(any(map(text, row)) for row in t.rows)]
    if not tables:
        raise Refused("这个网页里没有表格。")
    return [
        Sheet(name if n == 1 else f"{name} {n}", t.rows, tuple(Area(*a) for a in t.merged))
        for n, t in enumerate(tables, 1)
    ]


def pasted(plain: str, html: str = "") -> Workbook:
    """What was copied in WPS, Excel or WeChat: the web form where it holds a table, else the lines of text.

    Raises Refused.
    """
    if re.search(r"<\s*table", html, re.IGNORECASE):
        return Workbook(_web_sheets(html, PASTED), [], PASTED)
    if not plain.strip():
        raise Refused("剪贴板里没有表格，请先在 WPS、Excel 或微信中复制。")
    lines = [line for line in plain.splitlines() if line.strip()]
    if "\t" in plain:
        rows = [list(row) for row in csv.reader(io.StringIO(plain, newline=""), delimiter="\t")]
        return Workbook([Sheet(PASTED, rows)], [], PASTED)
    # Chat programs turn cells into commas, bars or wide gaps: whichever parts the lines most evenly.
    for pattern in (r"\s*[|｜]\s*", r"[,，]", r"\s{2,}|\u3000{2,}"):
        rows = [re.split(pattern, line.strip().strip("|｜")) for line in plain.splitlines()]
        wide = sum(len(row) > 1 for row in rows)
        if wide >= max(1, 0.6 * len(lines)):
            return Workbook([Sheet(PASTED, rows)], [], PASTED)
    return Workbook([Sheet(PASTED, [[line] for line in plain.splitlines()])], [], PASTED)
