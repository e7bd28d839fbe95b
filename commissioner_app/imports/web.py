"""Tables of a web page: what WPS, Excel and WeChat put on the clipboard, and the .xls of some office systems."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_MOST_COLUMNS = 16_384
_MOST_ROWS = 65_534
"""What a browser takes of a rowspan at most."""
_BLOCKS = frozenset(("p", "div", "li", "br"))
_AS_SHOWN = re.compile(r"[\d.,]+(?:[eE]\+?\d+)?|#+")
"""A number as a narrow column shows it; the value behind a date is only its serial."""
_SILENT = frozenset(("style", "script", "title"))


@dataclass
class WebTable:
    """Rows of cells; merged areas as (top, left, bottom, right)."""

    rows: list[list[Any]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass
class _Open:
    """A table that is being read; reach: areas that go on below their row, as (last row, first column, last column)."""

    table: WebTable = field(default_factory=WebTable)
    reach: list[tuple[int, int, int]] = field(default_factory=list)
    words: list[str] | None = None
    value: float | int | None = None
    column: int = 0
    span: tuple[int, int] = (1, 1)


def tables(page: str) -> list[WebTable]:
    """The tables of a page in their order; a table inside a cell is a table of its own."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[WebTable] = []
        self._open: list[_Open] = []
        self._silent = 0

    def finished(self) -> list[WebTable]:
        for one in self._open:
            _end_cell(one)
        for table in self._found:
            last = len(table.rows) - 1
            table.merged = [
                (t, c, min(b, last), r) for t, c, b, r in table.merged if (min(b, last), r) > (t, c)
            ]
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._open.append(_Open())
            self._found.append(self._open[-1].table)
        elif self._open:
            now = self._open[-1]
            if tag == "tr":
                _end_cell(now)
                now.table.rows.append([])
                now.column = 0
                now.reach = [area for area in now.reach if area[0] >= len(now.table.rows) - 1]
            elif tag in ("td", "th"):
                _end_cell(now)
                if not now.table.rows:
                    now.table.rows.append([])
                _begin_cell(now, dict(attrs))
            elif tag in _BLOCKS and now.words is not None and (tag == "br" or "".join(now.words).strip()):
                now.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif self._open and tag in ("td", "th", "tr", "table"):
            _end_cell(self._open[-1])
            if tag == "table":
                self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and not self._silent and self._open[-1].words is not None:
            # Line breaks of the source are no line breaks of the cell.
            self._open[-1].words.append(re.sub(r"[ \t\r\n]+", " ", data))


def _begin_cell(now: _Open, attrs: dict[str, str | None]) -> None:
    row = len(now.table.rows) - 1
    for last, left, right in sorted(now.reach, key=lambda area: area[1]):
        if row <= last and left <= now.column <= right:
            now.column = right + 1
    now.words = []
    # Excel and LibreOffice say the number behind what is shown (1.38E+10) beside it.
    now.value = _number(attrs.get("x:num") or attrs.get("sdval"))
    now.span = (_count(attrs.get("rowspan"), _MOST_ROWS), _count(attrs.get("colspan"), _MOST_COLUMNS))


def _end_cell(now: _Open) -> None:
    if now.words is None:
        return
    row, (down, across) = len(now.table.rows) - 1, now.span
    cells = now.table.rows[row]
    words = re.sub(r" *\n *", "\n", "".join(now.words)).strip()
    column = min(now.column, _MOST_COLUMNS)
    across = min(across, _MOST_COLUMNS - column + 1)
    cells.extend([""] * (column + across - len(cells)))
    cells[column] = words if now.value is None or not _AS_SHOWN.fullmatch(words) else now.value
    if down > 1 or across > 1:
        now.table.merged.append((row, column, row + down - 1, column + across - 1))
    if down > 1:
        now.reach.append((row + down - 1, column, column + across - 1))
    now.column = column + across
    now.words, now.value, now.span = None, None, (1, 1)


def _count(value: str | None, most: int) -> int:
    found = re.match(r"\s*(\d{1,7})", value or "")
    return min(max(1, int(found[1])), most) if found else 1


def _number(value: str | None) -> float | int | None:
    try:
        found = float(value) if value else None
    except ValueError:
        return None
    if found is None or found != found or abs(found) > 1e300:
        return None
    return int(found) if found.is_integer() else found
