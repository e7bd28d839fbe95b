"""Forms of one page: a title, a grid of labelled cells, places for signature and stamp.

A form stays one page as long as it can: its text shrinks in steps; what does not fit at the smallest step goes on on a
second page, with a reference, and is never cut.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from commissioner_app.reports import styles as s
from commissioner_app.reports.linebreak import Line, break_lines
from commissioner_app.reports.paper import Paper

MARGIN = 20 * s.MM
WIDTH = s.PAGE_WIDTH - 2 * MARGIN
TOP, BOTTOM = 18 * s.MM, s.PAGE_HEIGHT - 16 * s.MM
STEPS = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
"""Sizes of the text, the largest first."""

_LABEL = 66.0
_PAD_X, _PAD_Y = 5.0, 5.0
_GO_ON = "（转续页）"
_RATIO = 1.36

Draw = Callable[[Paper, float, float, float, float], None]
"""Draws into a box: paper, x, y, width, height."""


@dataclass(frozen=True)
class Cell:
    """A labelled cell. share: of its row's width; foot: lines at the lower right (签字、盖章); draw: instead of text."""

    label: str
    text: str = ""
    share: float = 1.0
    foot: tuple[str, ...] = ()
    draw: Draw | None = None


@dataclass(frozen=True)
class FormRow:
    """A row. least: its least height in points; grows: takes part of the room that is left, by this weight."""

    cells: Sequence[Cell]
    least: float = 24.0
    grows: float = 0.0


@dataclass
class Form:
    """A page of a form. corner draws into the upper right corner (a QR code), 26 mm square; notes stand below."""

    title: str
    left: str = ""
    right: str = ""
    rows: list[FormRow] = field(default_factory=list)
    corner: Draw | None = None
    notes: str = ""


def draw_form(paper: Paper, form: Form) -> None:
    """One form on a new page, on more only where its text cannot shrink any further."""
    paper.numbered = False
    top = _head(paper, form, form.title)
    bottom = BOTTOM - (14.0 if form.notes else 0.0)
    room = bottom - top
    size = next((z for z in STEPS if sum(_heights(paper, form.rows, z)) <= room), STEPS[-1])
    heights = _heights(paper, form.rows, size)
    rest: list[tuple[str, Sequence[Line]]] = []
    spare = room - sum(heights)
    if spare >= 0:
        weights = sum(r.grows for r in form.rows)
        if weights:
            heights = [h + spare * r.grows / weights for h, r in zip(heights, form.rows, strict=True)]
    else:
        heights = _shrunk(paper, form.rows, heights, size, -spare)
    y = top
    for row, height in zip(form.rows, heights, strict=True):
        rest += _row(paper, row, y, height, size)
        y += height
    paper.rule(MARGIN, top, MARGIN, y, s.THIN)
    paper.rule(MARGIN + WIDTH, top, MARGIN + WIDTH, y, s.THIN)
    paper.rule(MARGIN, top, MARGIN + WIDTH, top, s.THIN)
    if form.notes:
        paper.text(MARGIN, bottom + 12, form.notes, paper.fonts.song, 8.0)
    if rest:
        _go_on(paper, form, rest, size)


def _head(paper: Paper, form: Form, title: str) -> float:
    """Title, meta line and corner; returns where the grid begins."""
    paper.start_page()
    paper.bookmark(title, 0)
    fonts = paper.fonts
    corner = 26 * s.MM
    if form.corner:
        form.corner(paper, MARGIN + WIDTH - corner, TOP - 4, corner, corner)
    size = s.ERHAO
    widest = WIDTH - (2 * corner + 12 if form.corner else 0)
    while fonts.title.width(title) * size > widest and size > s.SIHAO:
        size -= 1
    y = TOP + 1.25 * size
    paper.text(s.PAGE_WIDTH / 2, y, title, fonts.title, size, "center")
    y += 26
    if form.corner:
        y = max(y, TOP + corner - 2)
    paper.text(MARGIN, y, form.left, fonts.song, s.WUHAO)
    right = MARGIN + WIDTH - (corner + 8 if form.corner else 0)
    paper.text(right, y, form.right, fonts.song, s.WUHAO, "right")
    return y + 6


def _heights(paper: Paper, rows: Sequence[FormRow], size: float) -> list[float]:
    return [max(row.least, *(_need(paper, c, w, size) for c, w in _widths(row))) for row in rows]


def _need(paper: Paper, cell: Cell, width: float, size: float) -> float:
    lines = _lines(paper, cell, width, size)
    foot = len(cell.foot) * _RATIO * size + (0.6 * size if cell.foot else 0.0)
    return len(lines) * _RATIO * size + 2 * _PAD_Y + foot


def _lines(paper: Paper, cell: Cell, width: float, size: float) -> Sequence[Line]:
    room = width - (_LABEL if cell.label else 0.0) - 2 * _PAD_X
    return break_lines(cell.text, room, size, paper.fonts.song) if cell.text else ()


def _widths(row: FormRow) -> list[tuple[Cell, float]]:
    shares = sum(c.share for c in row.cells)
    return [(c, WIDTH * c.share / shares) for c in row.cells]


def _shrunk(
    paper: Paper, rows: Sequence[FormRow], heights: list[float], size: float, over: float
) -> list[float]:
    """The heights when the longest texts give way: their rest goes on on the next page."""
    found = list(heights)
    least = [max(row.least, 3 * _RATIO * size + 2 * _PAD_Y) for row in rows]
    while over > 0.1:
        n = max(range(len(found)), key=lambda i: found[i] - least[i])
        give = min(over, found[n] - least[n])
        if give <= 0:
            break
        second = sorted((h - m for h, m in zip(found, least, strict=True)), reverse=True)[1:2]
        step = min(give, max(found[n] - least[n] - (second[0] if second else 0.0), _RATIO * size))
        found[n] -= step
        over -= step
    return found


def _row(
    paper: Paper, row: FormRow, y: float, height: float, size: float
) -> list[tuple[str, Sequence[Line]]]:
    """Draw a row; returns what did not fit."""
    x, left_over = MARGIN, []
    fonts = paper.fonts
    for n, (cell, width) in enumerate(_widths(row)):
        if n:
            paper.rule(x, y, x, y + height, s.HAIR)
        label = _LABEL if cell.label else 0.0
        if cell.label:
            parts = break_lines(cell.label, _LABEL - 8, s.WUHAO, fonts.song)
            middle = y + height / 2 - (len(parts) - 1) * 0.65 * s.WUHAO + 0.37 * s.WUHAO
            for k, part in enumerate(parts):
                paper.text(
                    x + _LABEL / 2, middle + k * 1.3 * s.WUHAO, part.text, fonts.song, s.WUHAO, "center"
                )
            paper.rule(x + _LABEL, y, x + _LABEL, y + height, s.HAIR)
        if cell.draw:
            cell.draw(paper, x + label + _PAD_X, y + _PAD_Y, width - label - 2 * _PAD_X, height - 2 * _PAD_Y)
        rest = _text(paper, cell, x, y, width, height, size)
        if rest:
            left_over.append((cell.label, rest))
        for k, line in enumerate(reversed(cell.foot)):
            base = y + height - _PAD_Y - 2 - k * _RATIO * size
            paper.text(x + width - _PAD_X - 4, base, line, fonts.song, size, "right")
        x += width
    paper.rule(MARGIN, y + height, MARGIN + WIDTH, y + height, s.HAIR)
    return left_over


def _text(
    paper: Paper, cell: Cell, x: float, y: float, width: float, height: float, size: float
) -> Sequence[Line]:
    lines = _lines(paper, cell, width, size)
    if not lines:
        return ()
    leading = _RATIO * size
    foot = len(cell.foot) * leading + (0.6 * size if cell.foot else 0.0)
    fits = int((height - 2 * _PAD_Y - foot + 0.5) / leading)
    rest: Sequence[Line] = ()
    shown = [line.text for line in lines]
    if fits < len(lines):
        fits = max(fits - 1, 1)
        rest = lines[fits:]
        shown = [*shown[:fits], _GO_ON]
    # Short answers stand in the middle of their cell, long texts begin at its head.
    block = len(shown) * leading
    middle = len(shown) <= 2 and not cell.foot and height < 3.2 * leading
    base = y + (max(_PAD_Y, (height - block) / 2) if middle else _PAD_Y) + 0.86 * size + (leading - size) / 2
    at = x + (_LABEL if cell.label else 0.0) + _PAD_X
    for n, text in enumerate(shown):
        paper.text(at, base + n * leading, text, paper.fonts.song, size)
    return rest


def _go_on(paper: Paper, form: Form, rest: list[tuple[str, Sequence[Line]]], size: float) -> None:
    """The rest of long texts, on as many pages as they take."""
    leading = _RATIO * size
    plain = Form(f"{form.title}（续页）", form.left, form.right)
    y = bottom = 0.0
    for label, lines in rest:
        for n, line in enumerate(lines):
            if y + leading > bottom:
                y, bottom = _head(paper, plain, plain.title) + 10, BOTTOM
            if n == 0:
                y += 1.5 * s.WUHAO
                paper.text(MARGIN, y, f"{label}（接前页）", paper.fonts.hei, s.WUHAO)
                y += 6
            y += leading
            paper.text(MARGIN, y, line.text, paper.fonts.song, size)
        y += leading
