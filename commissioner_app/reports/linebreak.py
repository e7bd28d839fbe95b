"""Breaks Chinese text into lines by its measured widths, with the rules of official papers.

No closing mark begins a line and no opening mark ends one; numbers stay with their units and Latin words
stay whole (GB/T 15834, CLREQ 3.1). A closing mark that would just not fit is set half as wide at the
line's end (行尾半角), so nothing hangs out of the text block.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from commissioner_app.reports.chars import clean
from commissioner_app.reports.fonts import FontRole

# What must not begin a line, and what must not end one.
CLOSING = frozenset("、。，；：？！）】」』〕］》〉〗｝”’…—·～％%‰℃°)]},.;:?!")
OPENING = frozenset("（《“‘「『【〔［〈〖｛([{＄￥$¥№")
# Full-width marks whose right half is blank: it may be cut off at the end of a line.
_HALF_BLANK = frozenset("、。，；：？！）】」』〕］》〉〗｝”’")
_BLANK = " \u00a0"
_EPSILON = 1e-6

_UNITS = (
    "万元|亿元|万亩|人次|个村|平方米|立方米|平方公里|公里|千米|千克|公斤|毫米|厘米|毫升|"
    "年度|小时|分钟|[万亿年月日号天次人户个名项亩元份株头斤吨米升度期批场家村位件条时分秒只台套种类%％‰℃°]"
)
_LATIN = "A-Za-z0-9\u00c0-\u024f\u0370-\u03ff"
_TOKEN = re.compile(
    rf"[{_LATIN}](?:[{_LATIN}.,:/@&_+×\-'#]*[{_LATIN}])?(?:(?<=[0-9])(?:{_UNITS}))?|[ \u00a0]+|.", re.DOTALL
)
_WORD_CHARACTER = re.compile(rf"[{_LATIN}.,]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, its width in points as set, its indent, whether it ends a paragraph.

    `clipped` is how much of the last mark's blank half was cut off, in points.
    """

    text: str
    width: float
    indent: float = 0.0
    end: bool = True
    clipped: float = 0.0


@lru_cache(maxsize=8192)
def break_lines(
    text: str, width: float, size: float, font: FontRole, indent: float = 0.0, tracking: float = 0.0
) -> tuple[Line, ...]:
    """The text as lines of at most `width` points, set at `size` points.

    `indent` shortens the first line of every paragraph (paragraphs end with a line feed), `tracking` is
    added to every character. Text without characters gives one empty line.
    """
    lines: list[Line] = []
    for paragraph in clean(text).replace("\r\n", "\n").split("\n"):
        lines += _break_paragraph(paragraph.strip(_BLANK + "\u3000"), width, size, font, indent, tracking)
    return tuple(lines)


def _break_paragraph(
    text: str, width: float, size: float, font: FontRole, indent: float, tracking: float
) -> list[Line]:
    advance = font.advance

    def measure(part: str) -> float:
        return sum(map(advance.__getitem__, part)) * size + tracking * len(part)

    whole = measure(text)
    if whole <= width - indent + _EPSILON:
        return [Line(text, whole, indent)]
    lines: list[Line] = []
    current, current_width, room = "", 0.0, width - indent

    def finish(clipped: float = 0.0) -> None:
        nonlocal current, current_width, room
        shown = current.rstrip(_BLANK)
        set_width = current_width if shown == current else measure(shown)
        lines.append(Line(shown, set_width - clipped, 0.0 if lines else indent, False, clipped))
        current, current_width, room = "", 0.0, width

    for cluster in _clusters(text):
        visible = cluster
        if len(cluster) == 1:
            cluster_width = shown_width = advance[cluster] * size + tracking
        else:
            cluster_width = shown_width = measure(cluster)
            if cluster[-1] in _BLANK:
                visible = cluster.rstrip(_BLANK)
                shown_width = measure(visible)
        needed = current_width + shown_width
        if needed <= room + _EPSILON:
            current, current_width = current + cluster, current_width + cluster_width
            continue
        half = advance[visible[-1]] * size / 2 if visible and visible[-1] in _HALF_BLANK else 0.0
        if half >= 0.45 * size and needed - half <= room + _EPSILON:
            current, current_width = current + visible, needed
            finish(needed - room)
            continue
        if current:
            finish()
        rest = cluster.lstrip(_BLANK)
        while measure(rest.rstrip(_BLANK)) > room + _EPSILON and len(rest) > 1:
            cut = _forced_cut(rest, room, measure)
            current, rest = rest[:cut], rest[cut:]
            current_width = measure(current)
            finish()
        current, current_width = rest, measure(rest)
    if current.strip(_BLANK):
        finish()
    last = lines[-1]
    lines[-1] = Line(last.text, last.width, last.indent, True, last.clipped)
    return lines


@lru_cache(maxsize=2048)
def _clusters(text: str) -> tuple[str, ...]:
    """The parts of the text between which a line may end."""
    clusters: list[str] = []
    joined = False
    for token in _TOKEN.findall(text):
        blank = token[0] in _BLANK
        if clusters and (joined or blank or token[0] in CLOSING):
            clusters[-1] += token
        else:
            clusters.append(token)
        joined = token[-1] in OPENING or (blank and joined)
    return tuple(clusters)


def _forced_cut(text: str, room: float, measure: Callable[[str], float]) -> int:
    """Where to cut a part that is wider than a line: as late as fits, at a place allowed if there is one."""
    fits = 1
    while fits < len(text) and measure(text[: fits + 1]) <= room + _EPSILON:
        fits += 1
    for cut in range(fits, 0, -1):
        if text[cut : cut + 1] not in CLOSING and text[cut - 1] not in OPENING and cut < len(text):
            return cut
    return fits


def stretch_units(text: str) -> list[str]:
    """The parts of a line between which space may be added to justify it."""
    units: list[str] = []
    for char in text:
        if units and _WORD_CHARACTER.match(char) and _WORD_CHARACTER.match(units[-1][-1]):
            units[-1] += char
        else:
            units.append(char)
    return units
