"""A list across lying pages, drawn row by row as the rows arrive: any length, the same small memory."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from commissioner_app.reports import styles as s
from commissioner_app.reports.fonts import FontRole
from commissioner_app.reports.linebreak import Line, break_lines
from commissioner_app.reports.paper import Align, Paper

_SHIFT = {"left": 0.0, "center": 0.5, "right": 1.0}
_ROW = s.LIST_LEADING + 2 * s.LIST_PADDING_Y


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: its head, its width in points, and how its cells stand."""

    head: str
    width: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class ListHead:
    """What stands above a list: the annex mark (first page only), its title and the line below it."""

    title: str
    left: str = ""
    middle: str = ""
    right: str = ""
    mark: str = ""


class Listing:
    """Draws one list; `row` as often as needed, then `finish`."""

    def __init__(self, paper: Paper, head: ListHead, columns: Sequence[ListColumn]) -> None:
        self._paper = paper
        self._head = head
        self._columns = columns
        self._font: FontRole = paper.fonts.song
        self._edges = [s.LANDSCAPE_LEFT]
        for column in columns:
            self._edges.append(self._edges[-1] + column.width)
        self._rooms = [column.width - 2 * s.LIST_PADDING_X for column in columns]
        self._bottom = s.LANDSCAPE_TOP + s.LANDSCAPE_HEIGHT
        self._grid_top = self._columns_top = 0.0
        # What a page after the first has room for; a higher row is set smaller, then cut.
        self._room = s.LANDSCAPE_HEIGHT - s.WUHAO - 6 - s.LIST_HEAD
        self._start(first=True)

    def row(self, cells: Sequence[str], bold: bool = False, below: float = 0.0) -> None:
        """A row; it goes to the next page when it does not fit, and is cut only if no page could hold it.

        `below` is the height of what has to stand on the same page below it.
        """
        font = self._paper.fonts.hei if bold else self._font
        size, leading = s.LIST_SIZE, s.LIST_LEADING
        broken = self._break(cells, font, size)
        if _row_height(broken, leading) > self._room:
            size, leading = s.LIST_SMALL_SIZE, s.LIST_SMALL_LEADING
            broken = self._break(cells, font, size)
        while self._y + _row_height(broken, leading) + below > self._bottom:
            if self._y > self._body_top:
                self._turn()
                continue
            fits = int((self._bottom - self._y - 2 * s.LIST_PADDING_Y) / leading)
            self._draw([lines[:fits] for lines in broken], font, size, leading)
            broken = [lines[fits:] for lines in broken]
        self._draw(broken, font, size, leading)

    def _break(self, cells: Sequence[str], font: FontRole, size: float) -> list[Sequence[Line]]:
        return [
            break_lines(text, room, size, font) if text else ()
            for text, room in zip(cells, self._rooms, strict=True)
        ]

    def section(self, title: str) -> None:
        """A row across all columns that begins a section; its first row stands on the same page. It is a bookmark."""
        if self._y + 2 * _ROW > self._bottom:
            self._turn()
        paper = self._paper
        paper.bookmark(title, 1)
        left, right = self._edges[0], self._edges[-1]
        self._close_columns()
        paper.fill(left, self._y, right - left, _ROW, s.HEAD_GREY)
        base = self._y + _ROW / 2 + 0.37 * s.LIST_SIZE
        paper.text(left + 2 * s.LIST_PADDING_X, base, title, paper.fonts.hei, s.LIST_SIZE)
        self._y += _ROW
        paper.rule(left, self._y, right, self._y, s.HAIR)
        self._columns_top = self._y

    def finish(self, note: str = "", signers: Sequence[str] = ()) -> None:
        """Closes the grid of the last page; below it, on a page of its own if there is no room, note and signatures."""
        self._close_grid()
        paper, size, y = self._paper, s.LIST_SIZE, self._y
        for line in break_lines(note, self._edges[-1] - self._edges[0], size, self._font) if note else ():
            y += s.LIST_LEADING
            if y > self._bottom:
                paper.start_page(landscape=True)
                y = s.LANDSCAPE_TOP + s.LIST_LEADING
            paper.text(self._edges[0], y, line.text, self._font, size)
        if not signers:
            return
        y += 2.2 * s.WUHAO
        if y > self._bottom + s.WUHAO:
            paper.start_page(landscape=True)
            y = s.LANDSCAPE_TOP + 2 * s.WUHAO
        step = (self._edges[-1] - self._edges[0]) / len(signers)
        for n, name in enumerate(signers):
            paper.text(self._edges[0] + n * step, y, name, self._font, s.WUHAO)

    def _draw(self, broken: Sequence[Sequence[Line]], font: FontRole, size: float, leading: float) -> None:
        paper = self._paper
        height = _row_height(broken, leading)
        middle = self._y + height / 2 + 0.37 * size
        for lines, column, left, right in zip(
            broken, self._columns, self._edges, self._edges[1:], strict=False
        ):
            if not lines:
                continue
            y = middle - (len(lines) - 1) * leading / 2
            x = left + s.LIST_PADDING_X
            for line in lines:
                spare = right - left - 2 * s.LIST_PADDING_X - line.width
                paper.drawn_text(x + spare * _SHIFT[column.align], y, line.text, font, size)
                y += leading
        self._y += height
        paper.rule(self._edges[0], self._y, self._edges[-1], self._y, s.HAIR)

    def _turn(self) -> None:
        self._close_grid()
        self._start(first=False)

    def _start(self, first: bool) -> None:
        paper, head, fonts = self._paper, self._head, self._paper.fonts
        paper.start_page(landscape=True)
        left, right = self._edges[0], self._edges[-1]
        middle = (left + right) / 2
        y = s.LANDSCAPE_TOP
        if first:  # the mark on the first line, the title on the third (GB/T 9704-2012, 7.3.6)
            paper.bookmark(f"{head.mark}：{head.title}" if head.mark else head.title, 0)
            if head.mark:
                paper.text(left, y + 0.86 * s.SANHAO, head.mark, fonts.hei, s.SANHAO)
                y += 1.5 * s.LINE
            paper.text(middle, y + 0.86 * s.ERHAO, head.title, fonts.title, s.ERHAO, "center")
            y = self._draw_meta(y + s.ERHAO + 22) + 6
        else:
            paper.text(left, y + 0.86 * s.WUHAO, f"{head.title}（续）", fonts.hei, s.WUHAO)
            paper.text(right, y + 0.86 * s.WUHAO, head.right, self._font, s.WUHAO, "right")
            y += s.WUHAO + 6
        self._grid_top = self._columns_top = y
        paper.fill(left, y, right - left, s.LIST_HEAD, s.HEAD_GREY)
        for column, edge in zip(self._columns, self._edges, strict=False):
            base = y + s.LIST_HEAD / 2 + 0.37 * s.LIST_SIZE
            paper.text(edge + column.width / 2, base, column.head, fonts.hei, s.LIST_SIZE, "center")
        paper.rule(left, y, right, y, s.THIN)
        y += s.LIST_HEAD
        paper.rule(left, y, right, y, s.THIN)
        self._y = self._body_top = y

    def _draw_meta(self, y: float) -> float:
        """Unit, period and measures in one line, or below each other if they would touch."""
        paper, head, size = self._paper, self._head, s.WUHAO
        left, right = self._edges[0], self._edges[-1]
        side = max(self._font.width(head.left), self._font.width(head.right)) * size
        if 2 * side + (self._font.width(head.middle) + 2) * size > right - left:
            for line in break_lines(head.left, right - left, size, self._font):
                paper.text(left, y, line.text, self._font, size)
                y += 1.3 * size
            paper.text(left, y, head.middle, self._font, size)
        else:
            paper.text(left, y, head.left, self._font, size)
            paper.text((left + right) / 2, y, head.middle, self._font, size, "center")
        paper.text(right, y, head.right, self._font, size, "right")
        return y

    def _close_columns(self) -> None:
        """The upright rules down to where a row across all columns begins."""
        if self._y > self._columns_top:
            for edge in self._edges[1:-1]:
                self._paper.rule(edge, self._columns_top, edge, self._y, s.HAIR)

    def _close_grid(self) -> None:
        self._close_columns()
        for edge in (self._edges[0], self._edges[-1]):
            self._paper.rule(edge, self._grid_top, edge, self._y, s.HAIR)
        self._paper.rule(self._edges[0], self._y, self._edges[-1], self._y, s.THIN)


def _row_height(broken: Sequence[Sequence[Line]], leading: float) -> float:
    return max(1, *map(len, broken)) * leading + 2 * s.LIST_PADDING_Y


def draw_list(
    paper: Paper,
    head: ListHead,
    columns: Sequence[ListColumn],
    rows: Iterable[Sequence[str]],
    total: Callable[[], Sequence[str]] | None = None,
    note: Callable[[], str] | None = None,
) -> None:
    """A whole list; `total` is asked for the last row once all rows are drawn, `note` for a line below it."""
    listing = Listing(paper, head, columns)
    waiting: Sequence[str] | None = None
    for row in rows:
        if waiting is not None:
            listing.row(waiting)
        waiting = row
    if waiting is not None:
        listing.row(waiting, below=_ROW if total else 0.0)
    if total:
        listing.row(total(), bold=True)
    listing.finish(note() if note else "")
