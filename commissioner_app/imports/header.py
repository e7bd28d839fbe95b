"""Where the header of a list stands, over how many rows, and what each column is called there."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from commissioner_app.imports.fields import FIELDS, SURE, meaning, meaning_below
from commissioner_app.imports.grid import Sheet

_WITHIN = 60
"""Rows in which a header is looked for."""

_DEEPEST = 3
"""Rows that one header takes at most."""

_UNIT = re.compile(r"(?:大学|学院|研究院|研究所|科学院|中心|公司|局|总站|站|林场|农场)$")
_TITLE = re.compile(r"^(?:正高级|高级|助理|副|推广)?(?:教授|研究员|农艺师|畜牧师|兽医师|工程师|讲师|实验师)$")
_PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
_NAME = re.compile(r"[一-鿿]{2,4}|[一-鿿]\s[一-鿿]|演示[一-鿿]{1,4}")
_CONTENT: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("联系电话", _PHONE.fullmatch),
    ("身份证号", re.compile(r"\d{17}[\dXx]").fullmatch),
    ("电子邮箱", re.compile(r"\S+@\S+\.\w+").fullmatch),
    ("性别", re.compile("[男女]").fullmatch),
    ("职称", _TITLE.fullmatch),
    ("派出单位", _UNIT.search),
    ("受援县", re.compile(r"[一-鿿]{1,4}[县市区]").fullmatch),
    ("序号", re.compile(r"\d{1,4}").fullmatch),
    ("姓名", _NAME.fullmatch),
)


@dataclass(frozen=True)
class Header:
    """rows: its rows from the top; words: what stands over each column, outermost first; columns and how sure."""

    rows: tuple[int, ...]
    words: tuple[tuple[str, ...], ...]
    columns: dict[int, str]
    sure: dict[int, float]

    @property
    def titles(self) -> tuple[str, ...]:
        """The words over each column in one line."""
        return tuple(" · ".join(dict.fromkeys(w for w in words if w)) for words in self.words)

    @property
    def score(self) -> float:
        """More for more columns that are surely known."""
        return sum(self.sure.values())


def find(sheet: Sheet, first: int = 0) -> Header | None:
    """The first sure header among the rows from `first` on, or else the best guess; None where no row names 姓名
    and one column more."""
    best: Header | None = None
    for row in range(first, min(len(sheet.rows), first + _WITHIN)):
        words = {w for w in sheet.texts[row] if w}
        if len(words) < 2 or not any(meaning(w)[0] for w in words):
            continue
        found = at(sheet, _depth(sheet, row))
        names = {n: found.sure[c] for c, n in found.columns.items()}
        if "姓名" not in names or len(names) < 2:
            continue
        if names["姓名"] >= SURE and sum(s >= SURE for s in names.values()) > 1:
            return found
        if best is None or found.score > best.score:
            best = found
    return best


def at(sheet: Sheet, rows: Sequence[int]) -> Header:
    """What these rows say as a header."""
    words = _words(sheet, rows)
    columns: dict[int, str] = {}
    sure: dict[int, float] = {}
    for c, told in enumerate(words):
        name, how = meaning_below(told)
        if not name:
            continue
        other = next((k for k, n in columns.items() if n == name), None)
        if other is not None:
            if sure[other] >= how:
                continue
            del columns[other], sure[other]
        columns[c], sure[c] = name, how
    return Header(tuple(rows), tuple(words), columns, sure)


def _words(sheet: Sheet, rows: Sequence[int]) -> list[tuple[str, ...]]:
    """What stands over each column, row by row; merged areas spread over theirs."""
    grid = [list(sheet.texts[r]) + [""] * (sheet.width - len(sheet.texts[r])) for r in rows]
    spread = False
    for a in sheet.merged:
        if a.top in rows and a.right > a.left and a.left < sheet.width:
            line = grid[rows.index(a.top)]
            for c in range(a.left + 1, min(a.right + 1, sheet.width)):
                line[c] = line[a.left]
            spread = True
    if not spread and len(rows) > 1:
        # Pasted text has lost its merged areas: a group's name goes on to the right over what has no name above.
        for upper, lower in pairwise(grid):
            for c in range(1, len(upper)):
                if not upper[c] and lower[c] and lower[c - 1]:
                    upper[c] = upper[c - 1]
    return [tuple(line[c] for line in grid) for c in range(sheet.width)]


def _depth(sheet: Sheet, row: int) -> tuple[int, ...]:
    """The rows of the header that begins in a row: as far down as its merged areas, or as names stand below names."""
    bottom = max(
        (a.bottom for a in sheet.merged if a.top == row and a.bottom > row and _filled(sheet, row, a.left)),
        default=row,
    )
    if row < bottom < row + _DEEPEST and bottom < len(sheet.rows):
        return tuple(range(row, bottom + 1))
    rows = [row]
    while len(rows) < _DEEPEST and rows[-1] + 1 < len(sheet.rows) and _is_below(sheet, rows[-1]):
        rows.append(rows[-1] + 1)
    return tuple(rows)


def _filled(sheet: Sheet, row: int, column: int) -> str:
    line = sheet.texts[row]
    return line[column] if column < len(line) else ""


def _is_below(sheet: Sheet, upper: int) -> bool:
    """Whether the row below goes on with the header: its cells are names of columns, some where none stands above."""
    words = {c: w for c, w in enumerate(sheet.texts[upper + 1]) if w}
    if not words or any(len(w) > 12 or re.search(r"\d{2}", w) for w in words.values()):
        return False
    known = [
        c for c, w in words.items() if meaning(w)[0] or (_filled(sheet, upper, c) and w in ("名称", "全称"))
    ]
    new = [c for c in words if not _filled(sheet, upper, c) or _is_group(sheet, upper, c)]
    return (
        len(known) * 2 >= len(words)
        and bool(new)
        and len(words) < len([w for w in sheet.texts[upper] if w]) + 8
    )


def _is_group(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell of the upper row stands over several columns: merged, or with an empty one beside it."""
    return any(a.top == row and a.left == column and a.right > column for a in sheet.merged) or not _filled(
        sheet, row, column + 1
    )


def halves(found: Header) -> list[Header]:
    """The lists that stand side by side under one header (序号 姓名 单位 | 序号 姓名 单位), mostly just the one."""
    words = list(found.titles)
    starts = [c for c, w in enumerate(words) if meaning_below(found.words[c])[0] == "姓名" and w]
    for first in starts[1:]:
        for offset in (0, 1):
            cut = first - offset
            left = starts[0] - offset
            width = cut - left
            # An empty column parts the lists and does not follow the last of them.
            right = [*words[cut : cut + width], *[""] * (cut + width - len(words))]
            if left < 0 or width < 2 or right != words[left : left + width]:
                continue
            parts = []
            for begin in range(left, len(words), width):
                span = range(begin, min(begin + width, len(words)))
                columns = {c: meaning_below(found.words[c])[0] for c in span}
                if "姓名" in columns.values():
                    sure = {c: meaning_below(found.words[c])[1] for c in span}
                    parts.append(
                        Header(found.rows, found.words, {c: n for c, n in columns.items() if n}, sure)
                    )
            return parts
    return [found]


def by_content(sheet: Sheet) -> Header:
    """What the columns of a list without a header seem to hold; never sure."""
    columns: dict[int, str] = {}
    sure: dict[int, float] = {}
    rows = [r for r in sheet.texts[:200] if sum(map(bool, r)) > 1]
    for name, fits in _CONTENT:
        best, column = 0.0, -1
        for c in range(sheet.width):
            words = [r[c] for r in rows if c < len(r) and r[c]]
            share = sum(1 for w in words if fits(w)) / max(len(words), len(rows) / 2, 1)
            if c not in columns and share > best:
                best, column = share, c
        if best >= 0.6 and name in FIELDS:
            columns[column], sure[column] = name, round(best * 0.7, 2)
    return Header((), tuple(("",) for _ in range(sheet.width)), columns, sure)
