"""Tables in files: .xlsx, .xls and .csv read into rows of cells, and written."""

import csv
import datetime as dt
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db.errors import DiskTrouble, Refused

_FORMULA = ("=", "+", "@")

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | None


@dataclass(frozen=True)
class Sheet:
    """A sheet's rows as the file has them; row n of the file is rows[n - 1]."""

    name: str
    rows: list[list[Any]]


@dataclass(frozen=True)
class Workbook:
    """Visible sheets, and the names of hidden ones, which are not read."""

    sheets: list[Sheet]
    hidden: list[str] = field(default_factory=list)


def read(path: Path) -> Workbook:
    """Read a table file. Raises Refused, with one sentence, for what is no table."""
    suffix = path.suffix.lower()
    if not path.is_file():
        raise Refused(f"找不到文件：{path}")
    if suffix == ".csv":
        return Workbook([Sheet(path.stem, _read_csv(path))])
    if suffix not in (".xlsx", ".xls", ".xlsm", ".et"):
        raise Refused(f"只能读入 .xlsx、.xls 和 .csv 表格，这个文件是 {suffix or '没有扩展名的文件'}。")
    # Imported here: most commands read no workbook.
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets, hidden = [], []
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            if meta.visible != SheetVisibleEnum.Visible:
                hidden.append(meta.name)
                continue
            sheets.append(
                Sheet(meta.name, book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False))
            )
    except CalamineError as error:
        if "password" in str(error).lower() or "encrypted" in str(error).lower():
            raise Refused("这个表格设有密码，请在 WPS 或 Excel 中去掉密码后再导入。") from error
        raise Refused("这个文件不是有效的表格，可能已损坏或只是改了扩展名。") from error
    except OSError as error:
        raise Refused(f"文件无法读取：{error.strerror or error}") from error
    return Workbook(sheets, hidden)


def _read_csv(path: Path) -> list[list[Any]]:
    data = path.read_bytes()
    if b"\x00" in data[:4000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("这个文件不是 CSV 表格。")
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused("CSV 文件的文字编码无法识别，请另存为 UTF-8 后再导入。")
    first = text[:4000]
    delimiter = (
        "\t" if first.count("\t") > first.count(",") else ";" if first.count(";") > first.count(",") else ","
    )
    try:
        # A guarded formula loses the apostrophe that `write` has put before it.
        return [
            [c[1:] if c[:1] == "'" and c[1:].startswith(_FORMULA) else c for c in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise Refused("这个文件不是有效的 CSV 表格。") from error


def text(cell: Cell) -> str:
    """A cell as text: full-width digits and letters made plain, 13800001234.0 → 13800001234, dates ISO."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, dt.time):
        return cell.strftime("%H:%M")
    plain = "".join(
        unicodedata.normalize("NFKC", c) if "\uff10" <= c <= "\uff5a" and c.isalnum() else c
        for c in str(cell)
    )
    return plain.replace("\u3000", " ").replace("\xa0", " ").strip()


_DATE_SIGNS = str.maketrans({"·": ".", "－": "-", "／": "/", "．": "."})


def clock(cell: Cell) -> str | None:
    """A time of day as HH:MM: 9:00, 09:00:00, 9：30, Excel's 0.375; None for nothing. Raises ValueError."""
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 24 * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    found = text(cell)
    if found in ("", "-", "—"):
        return None
    match = re.search(r"(?:^|\s)([01]?\d|2[0-3])[:：]([0-5]\d)(?:[:：][0-5]\d)?$", found)
    if not match:
        raise ValueError(found)
    return f"{int(match.group(1)):02d}:{match.group(2)}"


def number(cell: Cell) -> int | None:
    """A whole number: 32, 32人, 1,200; None for nothing. Raises ValueError for what is none."""
    found = text(cell).replace(",", "").replace("，", "")
    if found in ("", "-", "—", "/", "无"):
        return None
    match = re.fullmatch(r"(\d+)(?:\.0+)?\s*(?:人次|人|户|名|次|个)?", found)
    if not match:
        raise ValueError(found)
    return int(match.group(1))


def half_days(cell: Cell) -> int | None:
    """Days as half days: 0.5, 1, 1.5天, 半天. Raises ValueError for what is none."""
    found = text(cell).removesuffix("天").strip()
    if found in ("", "-", "—"):
        return None
    if found == "半":
        return 1
    match = re.fullmatch(r"(\d+)(?:\.(\d+))?", found)
    if not match:
        raise ValueError(found)
    fraction = (match.group(2) or "").rstrip("0")
    if fraction not in ("", "5"):
        raise ValueError(found)
    return int(match.group(1)) * 2 + (1 if fraction else 0)


def date(cell: Cell, period: tuple[str, str] | None = None) -> str | None:
    """A date as ISO: 2022-7-3, 2022年7月3日, 2022.7.3, 20220703, Excel's 44745; 7月3日 belongs to the period.

    None for nothing. Raises ValueError for what is none.
    """
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and not cell.is_integer() and cell < 13:
        raise ValueError(text(cell))  # 7.10 typed as a number is 7.1: no telling which day was meant
    found = text(cell)
    if found in ("", "-", "—"):
        return None
    # What follows is a time of day: 2022/7/3 0:00, 2022-07-03T14:30, 7月3日 9:00, Excel's 44745.6.
    found = re.sub(r"[T\s]\s*\d{1,2}[:：]\d{2}([:：]\d{2})?$|(?<=日)\s*\d{1,2}[:：]\d{2}$", "", found)
    found = re.sub(r"^(\d{5})\.\d+$", r"\1", found)
    found = re.sub(r"\s*([-./年月·－／．])\s*", r"\1", found.strip()).translate(_DATE_SIGNS)
    if re.search(r"\s", found):
        raise ValueError(found)
    match = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", found) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", found
    )
    if match:
        return dt.date(*(int(g) for g in match.groups())).isoformat()
    match = re.fullmatch(r"(\d{1,2})[-./月](\d{1,2})日?", found)
    if match:
        month, day_ = int(match.group(1)), int(match.group(2))
        start, end = period or ("0001-01-01", "9999-12-31")
        for year in range(int(start[:4]), int(end[:4]) + 1):
            candidate = dt.date(year, month, day_).isoformat()
            if start <= candidate <= end:
                return candidate
        return dt.date(int(start[:4]), month, day_).isoformat()
    if re.fullmatch(r"\d{5}", found) and 20000 <= int(found) <= 80000:
        return (dt.date(1899, 12, 30) + dt.timedelta(days=int(found))).isoformat()
    raise ValueError(found)


def listed(cell: Cell) -> list[str]:
    """The items of a cell that lists several: 、，,;；/ and line breaks part them."""
    return [part for part in (p.strip() for p in re.split(r"[、，,;；/\n]+", text(cell))) if part]


@dataclass(frozen=True)
class Header:
    """Where a sheet's header stands: index of its row, and the column of each known name."""

    row: int
    columns: dict[str, int]


def find_header(
    sheet: Sheet, synonyms: Mapping[str, Sequence[str]], needed: str, within: int = 15
) -> Header | None:
    """The row among the first few with the most known names, `needed` among them; None where there is none."""
    lookup = {_plain(s): name for name, words in synonyms.items() for s in (name, *words)}
    best: Header | None = None
    for n, row in enumerate(sheet.rows[:within]):
        columns: dict[str, int] = {}
        for c, cell in enumerate(row):
            name = lookup.get(_plain(text(cell)))
            if name and name not in columns:
                columns[name] = c
        if needed in columns and len(columns) >= 2 and (best is None or len(columns) > len(best.columns)):
            best = Header(n, columns)
    return best


def _plain(word: str) -> str:
    return re.sub(r"（.*?）|\(.*?\)|[\s（）()：:*]", "", word)


def write(
    path: Path, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]
) -> None:
    """Write a table: .xlsx with a frozen header and print set-up, or .csv as UTF-8 with BOM.

    The file is written whole under another name, then renamed. Raises Refused, DiskTrouble.
    """
    part = path.with_name(path.name + ".part")
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise Refused("表格只能保存为 .xlsx 或 .csv。")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if suffix == ".csv":
            with open(part, "w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(header)
                writer.writerows(["" if v is None else _guarded(v) for v in row] for row in rows)
        else:
            _write_xlsx(part, title, header, rows, widths)
        os.replace(part, path)
    except OSError as error:
        raise DiskTrouble(f"表格没有写成：{error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _guarded(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets a leading apostrophe."""
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value


def _write_xlsx(
    path: Path, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]
) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                    "default_date_format": "yyyy-mm-dd"}
    )  # fmt: skip
    try:
        sheet = book.add_worksheet(title[:31])
        head = book.add_format(
            {"bold": True, "bg_color": "#DDEFE7", "border": 1, "valign": "vcenter", "text_wrap": True}
        )
        cell = book.add_format({"valign": "top"})
        words = book.add_format({"num_format": "@", "valign": "top"})
        for c, width in enumerate(widths):
            sheet.set_column(c, c, width)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        sheet.set_row(0, 24)
        for c, name in enumerate(header):
            sheet.write_string(0, c, name, head)
        n = 0
        for n, row in enumerate(rows, 1):
            for c, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(n, c, value, words)
                elif value is not None:
                    sheet.write_number(n, c, value, cell)
        if n:
            sheet.autofilter(0, 0, n, len(header) - 1)
    finally:
        book.close()
