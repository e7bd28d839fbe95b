"""Official tables across lying pages: 服务记录台账, 选派名单, 成效统计表."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from commissioner_app.reports import styles as s
from commissioner_app.reports.fonts import FontSet
from commissioner_app.reports.listing import ListColumn, ListHead, Listing
from commissioner_app.reports.paper import Paper

SIGNERS = ("填表人：", "审核人：", "单位（盖章）：", "日期：　　　　年　　月　　日")


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows below a line of their own (title "" for none), with a sum below them; rows are read once."""

    title: str
    rows: Iterable[Sequence[str]]
    subtotal: Callable[[], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """A table: shares of the width in columns; total: asked for after all rows are drawn, None for no row of sums."""

    title: str
    unit: str
    period: str
    measures: str
    columns: Sequence[ListColumn]
    blocks: Iterable[Block]
    total: Callable[[], Sequence[str]] | None = None
    note: Callable[[], str] | None = None
    signers: Sequence[str] = SIGNERS
    empty: str = "本期没有记录。"
    demo: bool = False


def write_register(
    register: Register, out: BinaryIO, fonts: FontSet, on_page: Callable[[], None] | None = None
) -> tuple[int, frozenset[str]]:
    """Write the table as PDF; (pages, characters that no font has). on_page may raise to give up."""
    paper = Paper(out, fonts, register.title, register.unit, register.demo)
    paper.on_page = on_page
    head = ListHead(
        register.title,
        f"填报单位：{register.unit}" if register.unit else "",
        register.period,
        register.measures,
    )
    listing = Listing(paper, head, fitted(register.columns))
    rows = 0
    for block in register.blocks:
        if block.title:
            listing.section(block.title)
        for row in block.rows:
            listing.row(row)
            rows += 1
        if block.subtotal:
            listing.row(block.subtotal(), bold=True)
    if not rows:
        listing.section(register.empty)
    elif register.total:
        listing.row(register.total(), bold=True)
    listing.finish(register.note() if register.note else "", register.signers)
    paper.save()
    return paper.pages, paper.missing


def fitted(columns: Sequence[ListColumn]) -> list[ListColumn]:
    """The columns scaled to the width of a lying page."""
    whole = sum(c.width for c in columns)
    return [ListColumn(c.head, c.width * s.LANDSCAPE_WIDTH / whole, c.align) for c in columns]


def dates_text(start: datetime.date, end: datetime.date | None) -> str:
    """2022-09-28, on two lines where it takes several days."""
    if end is None or end == start:
        return start.isoformat()
    told = end.isoformat()
    return f"{start.isoformat()}\n至{told[5:] if end.year == start.year else told}"
