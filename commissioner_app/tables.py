"""Tables in files: reading them (see imports.grid and imports.cells), finding a header, writing."""

import csv
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commissioner_app.imports.cells import Cell as Cell
from commissioner_app.imports.cells import clock as clock
from commissioner_app.imports.cells import date as date
from commissioner_app.imports.cells import half_days as half_days
from commissioner_app.imports.cells import listed as listed
from commissioner_app.imports.cells import number as number
from commissioner_app.imports.cells import text as text
from commissioner_app.imports.grid import FORMULA as FORMULA
from commissioner_app.imports.grid import Sheet as Sheet
from commissioner_app.imports.grid import Workbook as Workbook
from commissioner_app.imports.grid import read as read
from db.errors import DiskTrouble, Refused


@dataclass(frozen=True)
class Header:
    """Where a sheet's header stands: index of its row, and the column of each known name."""

    row: int
    columns: dict[str, int]


def find_header(
    sheet: Sheet, synonyms: Mapping[str, Sequence[str]], needed: str, within: int = 15
) -> Header | None:
    """The row among the first few with the most known names, `needed` among them; None where there is none."""
    lookup = {plain(s): name for name, words in synonyms.items() for s in (name, *words)}
    best: Header | None = None
    for n, row in enumerate(sheet.rows[:within]):
        columns: dict[str, int] = {}
        for c, cell in enumerate(row):
            name = lookup.get(plain(text(cell)))
            if name and name not in columns:
                columns[name] = c
        if needed in columns and len(columns) >= 2 and (best is None or len(columns) > len(best.columns)):
            best = Header(n, columns)
    return best


def plain(word: str) -> str:
    """A header's words without spaces, brackets and what stands in them."""
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
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA) else value


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
