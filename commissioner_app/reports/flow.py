"""Puts slices of a text one below the other and turns the page where it may be turned."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from commissioner_app.reports import styles as s
from commissioner_app.reports.paper import Paper

Draw = Callable[[Paper, float], None]
_EPSILON = 0.01


@dataclass(frozen=True, slots=True)
class Slice:
    """What is never cut: a line, a row, a chart. `draw` gets the paper and the y of its top.

    `keep` holds it on one page with the next slice. `space` is dropped at the head of a page. `repeat` is
    drawn above the slice where it comes first on a page (a table's header). `snap` puts it on the next line
    of the page's grid.
    """

    height: float
    draw: Draw | None = None
    keep: bool = False
    space: bool = False
    repeat: "Slice | None" = None
    snap: bool = False


def lay_out(paper: Paper, slices: Iterable[Slice]) -> None:
    """Draws the slices on upright pages, beginning with a new one."""
    bottom = s.MARGIN_TOP + s.TEXT_HEIGHT
    paper.start_page()
    y = s.MARGIN_TOP
    for group in _groups(slices):
        if y > s.MARGIN_TOP and y + _height(group, y) > bottom + _EPSILON:
            group_fits = _height(group, s.MARGIN_TOP) <= s.TEXT_HEIGHT + _EPSILON
            if group_fits or y + _height(group[:1], y) > bottom + _EPSILON:
                paper.start_page()
                y = s.MARGIN_TOP
        for piece in group:
            if y > s.MARGIN_TOP and y + _height([piece], y) > bottom + _EPSILON:
                paper.start_page()
                y = s.MARGIN_TOP
            top = abs(y - s.MARGIN_TOP) < _EPSILON
            if top and piece.space:
                continue
            if top and piece.repeat:
                y = _draw(paper, piece.repeat, y)
            y = _draw(paper, piece, y)


def _draw(paper: Paper, piece: Slice, y: float) -> float:
    y = _snapped(y) if piece.snap else y
    if piece.draw:
        piece.draw(paper, y)
    return y + piece.height


def _snapped(y: float) -> float:
    lines = (y - s.MARGIN_TOP) / s.LINE
    whole = round(lines)
    if whole < lines - _EPSILON / s.LINE:
        whole += 1
    return s.MARGIN_TOP + whole * s.LINE


def _height(group: list[Slice], y: float) -> float:
    start = y
    for piece in group:
        at_top = abs(y - s.MARGIN_TOP) < _EPSILON
        if at_top and piece.space:
            continue
        if at_top and piece.repeat:
            y += piece.repeat.height
        y = (_snapped(y) if piece.snap else y) + piece.height
    return y - start


def _groups(slices: Iterable[Slice]) -> Iterable[list[Slice]]:
    """The slices in runs that want to stay on one page."""
    group: list[Slice] = []
    for piece in slices:
        group.append(piece)
        if not piece.keep:
            yield group
            group = []
    if group:
        yield group
