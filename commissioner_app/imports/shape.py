"""What a list seems to be: its header, what its columns mean, what every row is; a proposal that a person may change."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from commissioner_app.imports import header as headers
from commissioner_app.imports import memory as memories
from commissioner_app.imports.fields import NUMBER
from commissioner_app.imports.grid import Sheet, Workbook
from commissioner_app.imports.header import Header
from commissioner_app.imports.memory import Memory
from commissioner_app.imports.rows import Kind, Layout, classify


@dataclass(frozen=True)
class Proposal:
    """One list in a sheet; a sheet may hold several, below each other or side by side.

    Attributes: first, last: its rows in the sheet, from 0, both included; header: its header rows; titles: the
    words over every column of the sheet; columns {column: name in FIELDS}, what is not in it is not imported;
    sure {column: 0–1}; kinds and sections: of row first + n, what it is, and the words of the section rows above
    it, a line each, outermost first; confidence 0–1; remembered: the columns are those a person gave to such a
    table before; included: whether it is imported, reason: why not.
    """

    sheet: Sheet
    first: int
    last: int
    header: tuple[int, ...]
    titles: tuple[str, ...]
    columns: dict[int, str]
    sure: dict[int, float]
    kinds: tuple[Kind, ...] = ()
    sections: tuple[str, ...] = ()
    remembered: bool = False
    included: bool = True
    reason: str = ""
    span: tuple[int, int] = (0, 1 << 20)
    """Its columns, from–to without the last: half the sheet where two lists stand side by side."""
    known: Collection[str] = field(default=frozenset(), repr=False)
    above: tuple[tuple[int, str], ...] = ()
    told: dict[int, Kind] = field(default_factory=dict)
    """What a person said of single rows."""

    @cached_property
    def data(self) -> list[int]:
        """The rows, in the sheet, that are people."""
        return [self.first + n for n, k in enumerate(self.kinds) if k is Kind.DATA]

    @cached_property
    def unmapped(self) -> dict[int, str]:
        """Columns that say something of people and are not imported, with their titles."""
        found: dict[int, str] = {}
        for c in range(self.span[0], min(self.span[1], self.sheet.width)):
            if c not in self.columns and any(
                c < len(w) and w[c] for w in map(self.sheet.texts.__getitem__, self.data)
            ):
                found[c] = (self.titles[c] if c < len(self.titles) else "") or f"第 {c + 1} 列"
        return found

    @property
    def confidence(self) -> float:
        """How sure all of it is: the columns, a name in every row, more than a name."""
        useful = [s for c, s in self.sure.items() if self.columns.get(c) not in (None, NUMBER)]
        if "姓名" not in self.columns.values() or not self.data:
            return 0.0
        name = next(c for c, n in self.columns.items() if n == "姓名")
        named = sum(1 for r in self.data if name < len(self.sheet.filled[r]) and self.sheet.filled[r][name])
        share = named / len(self.data)
        return round(min(1.0, sum(useful) / len(useful)) * share * (1.0 if len(useful) > 2 else 0.8), 2)


def propose(book: Workbook, known: Collection[str] = (), memory: Memory | None = None) -> list[Proposal]:
    """Proposals for every visible sheet that holds anything, at least one a sheet; `included` is False, with a
    reason, where no list was found.

    known: words that name a category, team, county or unit, so a row of just that is a section.
    """
    memory = memory or Memory()
    words = frozenset(known)
    found: list[Proposal] = []
    for sheet in book.sheets:
        if any(map(any, sheet.texts)):
            found += _sheet(sheet, words, memory)
    if any(p.included and p.data for p in found):
        # The sheet of a county that has nobody yet: a header and nothing below it does not hold up the others.
        found = [
            p if p.data or not p.included
            else replace(p, included=False, reason=f"工作表“{p.sheet.name}”里没有一行人员，没有读入。")
            for p in found
        ]  # fmt: skip
    return found


_YEAR = re.compile(r"(?<![\d\-—–~至])(20\d\d)\s*(?:年度|年(?!\s*\d{1,2}\s*月))(?!\s*[-—–~至])")


def told_year(proposals: Iterable[Proposal]) -> int | None:
    """The year that the titles above the lists name (焦作市2023年度…名单, not a day of reporting); None where they
    name none or several."""
    found: set[str] = set()
    for p in proposals:
        if p.included and p.header:
            found.update(*(_YEAR.findall(w) for r in range(p.first, p.header[0]) for w in p.sheet.texts[r]))
    return int(found.pop()) if len(found) == 1 else None


def with_columns(p: Proposal, columns: dict[int, str]) -> Proposal:
    """The proposal with other meanings of its columns: what a person says is sure."""
    kept = {c: n for c, n in columns.items() if n}
    sure = {c: p.sure.get(c, 1.0) if p.columns.get(c) == n else 1.0 for c, n in kept.items()}
    return _read(replace(p, columns=kept, sure=sure, remembered=False))


def with_header(p: Proposal, header: Sequence[int]) -> Proposal:
    """The proposal with its header in other rows, () for none: columns and rows are found anew."""
    rows = tuple(sorted(r for r in header if p.first <= r <= p.last))
    now = headers.at(p.sheet, rows) if rows else headers.by_content(p.sheet)
    keep = range(p.span[0], p.span[1])
    columns = {c: n for c, n in now.columns.items() if c in keep}
    sure = {c: s for c, s in now.sure.items() if c in columns}
    told = {r: k for r, k in p.told.items() if r not in rows}
    return _read(
        replace(p, header=rows, titles=now.titles, columns=columns, sure=sure, told=told, remembered=False)
    )


def with_kind(p: Proposal, row: int, kind: Kind) -> Proposal:
    """The proposal with one row (from 0, in the sheet) being something else."""
    return _read(replace(p, told={**p.told, row: kind}))


def with_included(p: Proposal, included: bool) -> Proposal:
    """The proposal taken in or left out."""
    return replace(p, included=included, reason="" if included else p.reason or "已选择不导入。")


def missing(p: Proposal) -> str:
    """What a proposal still lacks before it can be imported, "" for nothing."""
    if "姓名" not in p.columns.values():
        return "没有“姓名”列：请指明哪一列是姓名。"
    twice = {n for n in p.columns.values() if n != NUMBER and list(p.columns.values()).count(n) > 1}
    if twice:
        return f"有两列都是“{'”“'.join(sorted(twice))}”：请只留一列。"
    return "" if p.data else "没有一行人员。"


def remember(p: Proposal) -> None:
    """Keep what the columns of this table mean for tables of the same shape."""
    memories.remember(p.titles[slice(*p.span)], _shifted(p.columns, -p.span[0]))


def forget(p: Proposal) -> None:
    """Let the columns of such tables be found by themselves again."""
    memories.forget(p.titles[slice(*p.span)])


def _sheet(sheet: Sheet, known: frozenset[str], memory: Memory) -> list[Proposal]:
    found: list[Proposal] = []
    first = 0
    above: tuple[tuple[int, str], ...] = ()
    while first < len(sheet.rows):
        header = _remembered(sheet, memory, first) if memory.shapes and not found else None
        header = header or headers.find(sheet, first)
        if header is None:
            break
        parts = headers.halves(header)
        follows = len(sheet.rows)
        for n, part in enumerate(parts):
            span = (
                min(part.columns, default=0),
                min(parts[n + 1].columns) if n + 1 < len(parts) else sheet.width,
            )
            span = (0 if n == 0 else span[0], span[1])
            proposal = Proposal(
                sheet, first, len(sheet.rows) - 1, part.rows, header.titles, part.columns,
                {c: s for c, s in part.sure.items() if c in part.columns}, span=span, known=known, above=above,
            )  # fmt: skip
            given = memory.find(header.titles[slice(*span)])
            if given is not None:
                columns = _shifted(given, span[0])
                proposal = replace(
                    proposal, columns=columns, sure=dict.fromkeys(columns, 1.0), remembered=True
                )
            proposal, follows, above = _blocked(proposal)
            found.append(proposal)
        first = follows
    return found or [_no_list(sheet, known)]


def _remembered(sheet: Sheet, memory: Memory, first: int) -> Header | None:
    """A header that a person once showed, also where the program would not have seen one."""
    for row in range(first, min(first + 60, len(sheet.rows))):
        for depth in (1, 2, 3):
            if row + depth <= len(sheet.rows) and any(sheet.texts[row]):
                header = headers.at(sheet, range(row, row + depth))
                if memory.find(header.titles) is not None:
                    return header
    return None


def _no_list(sheet: Sheet, known: frozenset[str]) -> Proposal:
    """A sheet without a header: a list that has lost it (a person may take it in), or no list at all."""
    guess = headers.by_content(sheet)
    p = Proposal(
        sheet,
        0,
        len(sheet.rows) - 1,
        (),
        guess.titles,
        guess.columns,
        guess.sure,
        known=known,
        included=False,
    )
    if "姓名" in guess.columns.values() and len(guess.columns) > 1:
        return replace(_read(p), reason=f"工作表“{sheet.name}”没有表头（姓名、派出单位等），没有读入。")
    notes = tuple(Kind.NOTE if any(row) else Kind.EMPTY for row in sheet.texts)
    blank = ("",) * len(notes)
    reason = f"工作表“{sheet.name}”里没有找到名单（要有“姓名”和“派出单位”等列），没有读入。"
    return replace(p, columns={}, sure={}, kinds=notes, sections=blank, reason=reason)


def _read(p: Proposal) -> Proposal:
    """The proposal with what every row is."""
    return _blocked(p, whole=True)[0]


def _blocked(p: Proposal, whole: bool = False) -> tuple[Proposal, int, tuple[tuple[int, str], ...]]:
    """(the proposal with its rows told, the row of another header below it, the sections in force there).

    whole: another header does not end it, for a proposal that has been cut already.
    """
    layout = Layout(p.columns, p.header, p.known, p.above, p.told, p.span)
    kinds, sections, follows, above = classify(p.sheet, layout, p.first, p.last, whole)
    done = replace(p, last=p.first + len(kinds) - 1, kinds=tuple(kinds), sections=tuple(sections))
    return done, follows, above


def _shifted(columns: dict[int, str], by: int) -> dict[int, str]:
    return {c + by: n for c, n in columns.items()}
