"""Statistics tables with three rules and bar charts, as slices of the flow."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from commissioner_app.reports import styles as s
from commissioner_app.reports.flow import Slice
from commissioner_app.reports.fonts import FontRole, FontSet
from commissioner_app.reports.linebreak import break_lines
from commissioner_app.reports.paper import Align, Paper

_PADDING = 5.0
_LEADING = 1.25 * s.TABLE_SIZE
# Least distance between a table and the text below it, which goes on on the grid.
_BELOW = 4.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its share of the width, and how its cells stand."""

    head: str
    share: float
    align: Align = "right"


def statistics_table(
    fonts: FontSet,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    total: Sequence[str] | None = None,
    note: str = "",
) -> list[Slice]:
    """A captioned table over the width of the text; its head is repeated on every page.

    Cells that are too long are broken, rows are never cut, the total stays with the last row; a note stands below.
    """
    shares = sum(column.share for column in columns)
    widths = [column.share / shares * s.TEXT_WIDTH for column in columns]

    def draw_caption(paper: Paper, y: float) -> None:
        middle = s.MARGIN_LEFT + s.TEXT_WIDTH / 2
        paper.text(middle, y + s.LINE - 8.0, caption, fonts.hei, s.CAPTION_SIZE, "center")

    def draw_head(paper: Paper, y: float) -> None:
        paper.fill(s.MARGIN_LEFT, y, s.TEXT_WIDTH, s.TABLE_HEAD, s.HEAD_GREY)
        _rule(paper, y, s.THICK)
        _rule(paper, y + s.TABLE_HEAD, s.THIN)
        heads = [[column.head] for column in columns]
        _draw_cells(paper, y, s.TABLE_HEAD, heads, columns, widths, fonts.hei)

    def draw_again(paper: Paper, y: float) -> None:
        middle = s.MARGIN_LEFT + s.TEXT_WIDTH / 2
        again = f"{caption}（续）"
        paper.text(middle, y + s.LINE - 8.0, again, fonts.hei, s.CAPTION_SIZE, "center")
        draw_head(paper, y + s.LINE)

    head = Slice(s.LINE + s.TABLE_HEAD, draw_again)
    slices = [
        Slice(s.LINE, draw_caption, keep=True, snap=True),
        Slice(s.TABLE_HEAD, draw_head, keep=True),
    ]
    body = [*rows, *([total] if total else [])]
    for n, row in enumerate(body):
        last = n == len(body) - 1
        font = fonts.hei if total and last else fonts.song
        cells = [
            [line.text for line in break_lines(text, width - 2 * _PADDING, s.TABLE_SIZE, font)]
            for text, width in zip(row, widths, strict=True)
        ]
        height = s.TABLE_ROW + (max(map(len, cells)) - 1) * _LEADING

        def draw(
            paper: Paper,
            y: float,
            cells: list[list[str]] = cells,
            height: float = height,
            last: bool = last,
            above: float = s.THIN if total and last and rows else 0.0,
            font: FontRole = font,
        ) -> None:
            if above:
                _rule(paper, y, above)
            _rule(paper, y + height, s.THICK if last else s.HAIR)
            _draw_cells(paper, y, height, cells, columns, widths, font)

        # A small table stays whole; of a long one never a single row is left alone.
        keep = not last if len(body) <= WHOLE else n == 0 or n == len(body) - 2
        slices.append(Slice(height, draw, keep=keep or (last and bool(note)), repeat=head))
    return [*slices, *_note(fonts, note), Slice(_BELOW, space=True)]


def _note(fonts: FontSet, text: str) -> list[Slice]:
    """The lines of a note below a table."""
    lines = break_lines(text, s.TEXT_WIDTH, s.XIAOWU, fonts.song) if text else []
    slices = []
    for n, line in enumerate(lines):

        def draw(paper: Paper, y: float, line: str = line.text) -> None:
            paper.text(s.MARGIN_LEFT, y + s.LIST_LEADING, line, fonts.song, s.XIAOWU)

        slices.append(Slice(s.LIST_LEADING + _PADDING / 2, draw, keep=n < len(lines) - 1))
    return slices


WHOLE = 14
"""Tables of up to this many rows are not parted: a year of months with its sum."""


def _rule(paper: Paper, y: float, width: float) -> None:
    paper.rule(s.MARGIN_LEFT, y, s.MARGIN_LEFT + s.TEXT_WIDTH, y, width)


def _draw_cells(
    paper: Paper,
    y: float,
    height: float,
    cells: Sequence[Sequence[str]],
    columns: Sequence[Column],
    widths: Sequence[float],
    font: FontRole,
) -> None:
    x = s.MARGIN_LEFT
    for lines, column, width in zip(cells, columns, widths, strict=True):
        first = y + (height - (len(lines) - 1) * _LEADING + 0.74 * s.TABLE_SIZE) / 2
        at = {"left": x + _PADDING, "center": x + width / 2, "right": x + width - _PADDING}[column.align]
        for n, line in enumerate(lines):
            paper.text(at, first + n * _LEADING, line, font, s.TABLE_SIZE, column.align)
        x += width


def bar_chart(fonts: FontSet, caption: str, bars: Sequence[tuple[str, int]]) -> list[Slice]:
    """Grey bars with their values above and names below; the caption stands below the chart."""
    height = 6 * s.LINE
    peak = max((value for _, value in bars), default=0) or 1

    def draw(paper: Paper, y: float) -> None:
        step = s.TEXT_WIDTH / max(len(bars), 4)
        left = s.MARGIN_LEFT + (s.TEXT_WIDTH - step * len(bars)) / 2
        ground, room = y + height - s.LINE * 1.75, height - s.LINE * 2.6
        name_size, every = _label_size(fonts.song, [name for name, _ in bars], step)
        value_size, every_value = _label_size(fonts.song, [f"{value:,}" for _, value in bars], step)
        thick = min(0.42 * step, 30.0)
        for n, (name, value) in enumerate(bars):
            middle = left + (n + 0.5) * step
            bar = value / peak * room
            if value:
                paper.fill(middle - thick / 2, ground - bar, thick, bar, s.BAR_GREY)
            if every_value == 1:
                paper.text(middle, ground - bar - 4, f"{value:,}", fonts.song, value_size, "center")
            if n % every == 0:
                half = fonts.song.width(name) * name_size / 2
                at = min(max(middle, s.MARGIN_LEFT + half), s.MARGIN_LEFT + s.TEXT_WIDTH - half)
                paper.text(at, ground + 0.6 * s.WUHAO + 7, name, fonts.song, name_size, "center")
        paper.rule(s.MARGIN_LEFT, ground, s.MARGIN_LEFT + s.TEXT_WIDTH, ground, s.THIN)
        middle = s.MARGIN_LEFT + s.TEXT_WIDTH / 2
        paper.text(middle, y + height - 6, caption, fonts.hei, s.CAPTION_SIZE, "center")

    return [Slice(height, draw), Slice(_BELOW, space=True)]


def _label_size(font: FontRole, labels: Sequence[str], step: float) -> tuple[float, int]:
    """The size of labels that stand `step` points apart, and every which of them there is room for."""
    widest = max(font.width(label) for label in labels) + 0.3
    size = min(s.WUHAO, max(step / widest, s.CHART_SMALLEST))
    return size, math.ceil(size * widest / step - 1e-6)
