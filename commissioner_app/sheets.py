"""Tables as an office files them: title, unit and date, header, print set-up; with a stamp where they may come back."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commissioner_app import stamps, tables
from commissioner_app.stamps import Stamp
from db.errors import DiskTrouble

_TITLE, _META, _HEADER = 0, 1, 2
"""Rows of the sheet."""

_TALLEST = 400
"""Points; a row of Excel has at most 409."""


@dataclass(frozen=True)
class Layout:
    """name: of the sheet; widths: characters per column; left and right: the line below the title."""

    name: str
    title: str
    columns: Sequence[str]
    widths: Sequence[float]
    left: str = ""
    right: str = ""
    wide: bool = True
    """Whether it is printed across (A4 横向)."""


Row = tuple[str, Sequence[Any]]
"""The record that a row stands for and its cells."""


def write(path: Path, layout: Layout, rows: Iterable[Row], stamp: Stamp | None = None) -> int:
    """Write a table; returns the number of rows. CSV gets header and rows alone.

    The file is written whole under another name, then renamed. Raises Refused, DiskTrouble.
    """
    if path.suffix.lower() != ".xlsx":
        found = [cells for _, cells in rows]
        tables.write(path, layout.name, layout.columns, found, [int(w) for w in layout.widths])
        return len(found)
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        count = _write(part, layout, rows, stamp)
        os.replace(part, path)
    except OSError as error:
        raise DiskTrouble(f"表格没有写成：{error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return count


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; a Chinese character is two wide."""
    found = 0
    for line in text.split("\n"):
        wide = len(line) + sum(1 for c in line if c > "\u2e7f")
        found += max(1, -int(-wide // max(width - 0.5, 1)))
    return found


def _write(path: Path, layout: Layout, rows: Iterable[Row], stamp: Stamp | None) -> int:
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    try:
        sheet = book.add_worksheet(layout.name[:31])
        song = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
        lined = {**song, "border": 1, "text_wrap": True}
        words = book.add_format({**lined, "num_format": "@"})
        number = book.add_format({**lined, "align": "center"})
        empty = book.add_format(lined)
        last = len(layout.columns) - 1
        for c, width in enumerate(layout.widths):
            sheet.set_column(c, c, width)
        title = book.add_format({**song, "font_size": 18, "bold": True, "align": "center"})
        sheet.set_row(_TITLE, 34)
        sheet.merge_range(_TITLE, 0, _TITLE, last, layout.title, title)
        sheet.set_row(_META, 20)
        sheet.write_string(_META, 0, layout.left, book.add_format(song))
        if layout.right:
            sheet.write_string(_META, last, layout.right, book.add_format({**song, "align": "right"}))
        head = book.add_format({**lined, "bold": True, "align": "center", "bg_color": "#DDEFE7"})
        sheet.set_row(_HEADER, 30)
        for c, name in enumerate(layout.columns):
            sheet.write_string(_HEADER, c, name, head)
        if stamp is not None:
            sheet.set_column(last + 1, last + 1, 8, None, {"hidden": True})
            sheet.write_string(_HEADER, last + 1, stamps.COLUMN)
        n, widths = _HEADER, layout.widths
        for n, (record, cells) in enumerate(rows, _HEADER + 1):
            lines = 1
            for c, value in enumerate(cells):
                if isinstance(value, str):
                    sheet.write_string(n, c, value, words)
                    if 2 * len(value) > widths[c]:
                        lines = max(lines, _lines(value, widths[c]))
                elif value is None:
                    sheet.write_blank(n, c, None, empty)
                else:
                    sheet.write_number(n, c, value, number)
            if lines > 1:  # not every office program fits heights by itself
                sheet.set_row(n, min(13.5 * lines + 3, _TALLEST))
            if stamp is not None:
                sheet.write_string(n, last + 1, stamps.mark(record, cells))
        sheet.freeze_panes(_HEADER + 1, 0)
        if n > _HEADER:
            sheet.autofilter(_HEADER, 0, n, last + (stamp is not None))
        sheet.set_paper(9)
        if layout.wide:
            sheet.set_landscape()
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.repeat_rows(_HEADER)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, n, last)
        sheet.center_horizontally()
        sheet.set_footer("&C第 &P 页，共 &N 页")
        if stamp is not None:
            hidden = book.add_worksheet(stamps.SHEET)
            for row, text in enumerate(stamps.lines(stamp)):
                hidden.write_string(row, 0, text)
            hidden.very_hidden()
        return n - _HEADER
    finally:
        book.close()
