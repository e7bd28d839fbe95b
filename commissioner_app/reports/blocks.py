"""The parts that papers are put together from: title, headings, paragraphs, annex line, signature.

Each function gives slices for `flow.lay_out`.
"""

import datetime
import re

from commissioner_app.reports import styles as s
from commissioner_app.reports.chars import clean
from commissioner_app.reports.flow import Slice
from commissioner_app.reports.fonts import FontRole, FontSet
from commissioner_app.reports.linebreak import CLOSING, OPENING, Line, break_lines
from commissioner_app.reports.paper import Paper

# The text sits in its line a little above the middle; this is the baseline's place from the line's top.
_BASELINE = (s.LINE + 0.76 * s.BODY_SIZE) / 2
# Words that a title keeps on one line.
_TITLE_WORDS = re.compile(
    r"[0-9A-Za-z]+(?:年度|年|月|日|季度)?|科技特派员|特派员|产业|服务团|服务|工作|开展|情况|报告|总结|上半年|下半年"
    r"|《[^》]{1,12}》|."
)
_BAD_START = frozenset("的和与及等了之")


def title(fonts: FontSet, text: str) -> list[Slice]:
    """The title, balanced on as few lines as hold it, with a blank line below; it is the first bookmark."""
    slices = []
    lines = balance(clean(text), s.TITLE_WIDTH, s.TITLE_SIZE, fonts.title)
    for n, part in enumerate(lines):

        def draw(paper: Paper, y: float, part: str = part, first: bool = n == 0) -> None:
            if first:
                paper.bookmark(text, 0)
            middle = s.MARGIN_LEFT + s.TEXT_WIDTH / 2
            paper.text(middle, y + 0.78 * s.TITLE_LEADING, part, fonts.title, s.TITLE_SIZE, "center")

        slices.append(Slice(s.TITLE_LEADING, draw, keep=True))
    gap = -len(lines) * s.TITLE_LEADING % s.LINE
    return [*slices, Slice(gap + (s.LINE if gap < 0.5 * s.LINE else 0), keep=True)]


def balance(text: str, width: float, size: float, font: FontRole) -> list[str]:
    """The text on as few lines as hold it, as even as its words allow, the longer ones first."""
    words: list[str] = []
    for word in _TITLE_WORDS.findall(text.strip()):
        if words and (word[0] in CLOSING or word in _BAD_START or words[-1][-1] in OPENING):
            words[-1] += word
        else:
            words.append(word)
    widths = [font.width(word) * size for word in words]
    count = 1
    while True:
        found = _balanced(words, widths, count, width)
        if found:
            return found
        if count > len(words):
            return [line.text for line in break_lines(text, width, size, font)]
        count += 1


def _balanced(words: list[str], widths: list[float], count: int, width: float) -> list[str] | None:
    """The most even way to set the words on `count` lines; None if they do not fit."""
    if count == 1:
        return ["".join(words)] if sum(widths) <= width else None
    aim = sum(widths) / count
    best: tuple[float, list[str]] | None = None
    head = 0.0
    for n in range(1, len(words)):
        head += widths[n - 1]
        if head > width:
            break
        rest = _balanced(words[n:], widths[n:], count - 1, width)
        if rest:
            cost = abs(head - aim) + (0 if head >= aim else 0.1 * aim)
            if best is None or cost < best[0]:
                best = (cost, ["".join(words[:n]), *rest])
    return best[1] if best else None


def heading(fonts: FontSet, text: str, level: int) -> list[Slice]:
    """A heading and bookmark of level 1 (一、 in 黑体), 2 (（一） in 楷体) or 3 (1. in the body's font)."""
    font = {1: fonts.hei, 2: fonts.kai}.get(level, fonts.body)
    slices = []
    lines = break_lines(text, s.TEXT_WIDTH, s.BODY_SIZE, font, s.INDENT, s.BODY_TRACKING)
    for n, line in enumerate(lines):

        def draw(paper: Paper, y: float, line: Line = line, first: bool = n == 0) -> None:
            if first:
                paper.bookmark(text, level)
            _draw_line(paper, y, line, font)

        slices.append(Slice(s.LINE, draw, keep=True, snap=n == 0))
    return slices


def paragraph(fonts: FontSet, text: str, keep: bool = False) -> list[Slice]:
    """Body text on the grid; the first two and the last two lines of a paragraph stay together.

    With `keep` its last two lines stay with what follows.
    """
    slices = []
    for part in clean(text).split("\n"):
        lines = break_lines(part, s.TEXT_WIDTH, s.BODY_SIZE, fonts.body, s.INDENT, s.BODY_TRACKING)
        for n, line in enumerate(lines):

            def draw(paper: Paper, y: float, line: Line = line) -> None:
                _draw_line(paper, y, line, fonts.body)

            together = len(lines) > 1 and n in (0, len(lines) - 2)
            slices.append(Slice(s.LINE, draw, keep=together, snap=n == 0))
    if keep and slices:
        last = slices[-1]
        slices[-1] = Slice(last.height, last.draw, keep=True, snap=last.snap)
    return slices


def annex_line(fonts: FontSet, names: list[str]) -> list[Slice]:
    """附件：… one blank line below the text, numbered if there are several (GB/T 9704-2012, 7.3.4)."""
    slices = [Slice(s.LINE, keep=True, space=True)]
    for n, name in enumerate(names):
        number = f"{n + 1}. " if len(names) > 1 else ""
        label = "附件：" if n == 0 else ""

        def draw(paper: Paper, y: float, label: str = label, name: str = number + name) -> None:
            x = s.MARGIN_LEFT + s.INDENT
            line = Line(label, 0.0)
            _draw_line(paper, y, line, fonts.body, x)
            _draw_line(paper, y, Line(name, 0.0), fonts.body, x + 3 * s.CELL)

        slices.append(Slice(s.LINE, draw, keep=True, snap=n == 0))
    return slices


def signature(fonts: FontSet, unit: str, date: datetime.date | None) -> list[Slice]:
    """The unit's full name, for its seal, above the date; without a date a place to write it.

    GB/T 9704-2012, 7.3.5.1: the date ends four characters from the right, the name is centred over it.
    """
    written = chinese_date(date) if date else "　　年　　月　　日"
    date_width = fonts.body.width(written) * s.BODY_SIZE
    right = s.MARGIN_LEFT + s.TEXT_WIDTH
    lines = balance(clean(unit), s.TEXT_WIDTH - 2 * s.CELL, s.BODY_SIZE, fonts.body)
    widest = max(fonts.body.width(line) for line in lines) * s.BODY_SIZE
    # A long name would leave the text block on the right: then name and date move to the left.
    middle = min(right - s.SIGN_RIGHT - date_width / 2, right - widest / 2)
    slices = [Slice(s.SIGN_BLANK_LINES * s.LINE, keep=True, space=True)]
    for n, part in enumerate([*lines, written]):

        def draw(paper: Paper, y: float, part: str = part) -> None:
            paper.text(middle, y + _BASELINE, part, fonts.body, s.BODY_SIZE, "center")

        slices.append(Slice(s.LINE, draw, keep=n < len(lines), snap=n == 0))
    return slices


def chinese_date(date: datetime.date) -> str:
    """2022年9月30日."""
    return f"{date.year}年{date.month}月{date.day}日"


def chinese_period(start: datetime.date, end: datetime.date) -> str:
    """2022年4月1日至12月31日; the year is said again where it changes."""
    if start == end:
        return chinese_date(start)
    until = chinese_date(end) if end.year != start.year else f"{end.month}月{end.day}日"
    return f"{chinese_date(start)}至{until}"


def _draw_line(paper: Paper, y: float, line: Line, font: FontRole, x: float = s.MARGIN_LEFT) -> None:
    paper.line(x, y + _BASELINE, line, font, s.BODY_SIZE, s.BODY_TRACKING, s.TEXT_WIDTH)
