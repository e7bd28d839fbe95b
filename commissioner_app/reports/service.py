"""服务工作报告: the report on a period's service for the city, a county, a team or one commissioner."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from commissioner_app.reports import blocks, wording
from commissioner_app.reports.data import Figures, Row, ServiceReportData, VisitLine
from commissioner_app.reports.flow import Slice, lay_out
from commissioner_app.reports.fonts import FontSet
from commissioner_app.reports.listing import ListColumn, ListHead, draw_list
from commissioner_app.reports.paper import Paper, ReportCancelled
from commissioner_app.reports.registers import dates_text
from commissioner_app.reports.tables import Column, bar_chart, statistics_table

ANNEX = "科技特派员服务记录一览表"
Progress = Callable[[int, int | None], bool]

_NUMERALS = "一二三四五六七八九十"
_LIST_COLUMNS = (
    ListColumn("序号", 28, "center"),
    ListColumn("日期", 55, "center"),
    ListColumn("特派员", 42, "center"),
    ListColumn("派出单位", 66),
    ListColumn("服务地点", 72),
    ListColumn("受援单位", 76),
    ListColumn("服务方式", 56),
    ListColumn("服务内容", 136.8),
    ListColumn("天数", 28, "right"),
    ListColumn("培训", 34, "right"),
    ListColumn("状态", 44, "center"),
)


@dataclass(frozen=True, slots=True)
class PaperInfo:
    """What was printed: the number of pages, and the characters that no font could draw."""

    pages: int
    missing: frozenset[str]


def write_service_report(
    data: ServiceReportData, out: BinaryIO | Path, fonts: FontSet, progress: Progress | None = None
) -> PaperInfo:
    """Writes the report as a PDF; the same data and fonts give the same bytes.

    `progress` gets the visits drawn so far and their number, where that is known, after every page; if it
    answers False, ReportCancelled is raised. A Path is opened and written directly: whoever needs the file
    whole or not at all writes to another name first.
    """
    if isinstance(out, Path):
        with out.open("wb") as file:
            return write_service_report(data, file, fonts, progress)
    visits = iter(data.visits)
    first = next(visits, None)
    known = len(data.visits) if isinstance(data.visits, Sequence) else None
    done = 0

    def tell() -> None:
        if progress and not progress(done, known):
            raise ReportCancelled

    paper = Paper(out, fonts, data.title, data.unit, data.demo)
    paper.on_page = tell
    lay_out(paper, _body(data, fonts, annex=first is not None))
    if first is not None:

        def counted() -> Iterator[VisitLine]:
            nonlocal done
            for visit in chain([first], visits):
                yield visit
                done += 1

        _draw_annex(data, paper, counted())
    paper.save()
    return PaperInfo(paper.pages, paper.missing)


def _body(data: ServiceReportData, fonts: FontSet, annex: bool) -> list[Slice]:
    """The report up to its signature."""
    slices = blocks.title(fonts, data.title)
    parts = [("基本情况", blocks.paragraph(fonts, wording.opening(data)))]
    if data.total.visits:
        parts.append(("工作开展情况", _work(data, fonts)))
    reservations = wording.reservations(data)
    if reservations:
        parts.append(("需要说明的情况", blocks.paragraph(fonts, reservations)))
    if data.next_steps.strip():
        parts.append(("下一步打算", blocks.paragraph(fonts, data.next_steps.strip())))
    for numeral, (name, content) in zip(_NUMERALS, parts, strict=False):
        slices += blocks.heading(fonts, f"{numeral}、{name}", 1)
        slices += content
    slices = _keep_last(slices)
    if annex:
        slices += blocks.annex_line(fonts, [ANNEX])
    return slices + blocks.signature(fonts, data.unit, data.signed)


def _keep_last(slices: list[Slice]) -> list[Slice]:
    """The slices with the last one kept together with the signature."""
    while slices and slices[-1].space:
        slices = slices[:-1]
    last = slices[-1]
    return [*slices[:-1], Slice(last.height, last.draw, True, last.space, last.repeat, last.snap)]


def _work(data: ServiceReportData, fonts: FontSet) -> list[Slice]:
    """工作开展情况: a part for each table that has something to compare."""
    parts: list[tuple[str, list[Slice]]] = []
    tables = 0

    def caption(name: str) -> tuple[str, str]:
        nonlocal tables
        tables += 1
        return f"表{tables}", f"表{tables}　{name}"

    def note() -> str:
        return wording.table_note(data.disputed) if tables == 1 else ""

    several = data.scope_kind == "city"
    if len(data.by_county) > 1 or (several and data.by_county):
        reference, full = caption("各县（市、区）服务情况" if several else "各县服务情况")
        text = wording.counties(data.by_county, reference)
        table = _row_table(fonts, full, "受援县", data.by_county, data.total, data.places, note())
        parts.append(("各县服务情况", blocks.paragraph(fonts, text) + table))
    if len(data.by_category) > 1 or (several and data.by_category):
        reference, full = caption("各类别服务情况")
        text = wording.categories(data.by_category, reference)
        table = _row_table(fonts, full, "类别", data.by_category, data.total, data.places, note())
        parts.append(("各类别情况", blocks.paragraph(fonts, text) + table))
    if any(count for _, count in data.by_way):
        reference, full = caption("各服务方式次数")
        text = wording.ways(data.by_way, reference)
        parts.append(("服务方式", blocks.paragraph(fonts, text) + _way_table(fonts, full, data, note())))
    if any(figures.visits for _, figures in data.by_month):
        reference, full = caption("每月服务情况")
        text = wording.months(data.by_month, reference, "图1")
        pieces = blocks.paragraph(fonts, text) + _month_table(fonts, full, data, note())
        if len(data.by_month) > 1:
            bars = [(label, figures.visits) for label, figures in data.by_month]
            pieces += bar_chart(fonts, "图1　每月服务次数", bars)
        parts.append(("每月情况", pieces))
    if not parts:
        return blocks.paragraph(fonts, "服务情况见附件。")
    slices = []
    for numeral, (name, content) in zip(_NUMERALS, parts, strict=False):
        slices += blocks.heading(fonts, f"（{numeral}）{name}", 2) + content
    return slices


_FIGURE_COLUMNS = (
    Column("服务次数", 1.0),
    Column("现场天数", 1.0),
    Column("培训人次", 1.0),
    Column("服务农户", 1.0),
    Column("培训场次", 1.0),
)


def _figure_cells(figures: Figures) -> list[str]:
    return [
        f"{figures.visits:,}",
        wording.table_days(figures.half_days),
        f"{figures.trained:,}",
        f"{figures.households:,}",
        f"{figures.trainings:,}",
    ]


def _row_table(
    fonts: FontSet, caption: str, head: str, rows: list[Row], total: Figures, places: int, note: str
) -> list[Slice]:
    """A table of rows and their total; people may stand in several rows, so their total is the scope's."""
    people = any(row.people is not None for row in rows)
    columns = [Column(head, 1.5, "center"), *([Column("特派员", 0.9)] if people else []), *_FIGURE_COLUMNS]
    body = [
        [row.name, *([_number(row.people)] if people else []), *_figure_cells(row.figures)] for row in rows
    ]
    last = ["合　计", *([f"{places:,}"] if people else []), *_figure_cells(total)]
    return statistics_table(fonts, caption, columns, body, last, note)


def _number(value: int | None) -> str:
    return "—" if value is None else f"{value:,}"


def _way_table(fonts: FontSet, caption: str, data: ServiceReportData, note: str) -> list[Slice]:
    columns = [Column("服务方式", 2, "center"), Column("服务次数", 1), Column("占总次数比例", 1)]
    total = data.total.visits
    rows = [[name, f"{count:,}", f"{count * 100 / total:.1f}%"] for name, count in data.by_way if count]
    return statistics_table(fonts, caption, columns, rows, note=note)


def _month_table(fonts: FontSet, caption: str, data: ServiceReportData, note: str) -> list[Slice]:
    columns = [Column("月份", 1.2, "center"), *_FIGURE_COLUMNS]
    rows = [[label, *_figure_cells(figures)] for label, figures in data.by_month]
    return statistics_table(fonts, caption, columns, rows, ["合　计", *_figure_cells(data.total)], note)


def _draw_annex(data: ServiceReportData, paper: Paper, visits: Iterable[VisitLine]) -> None:
    """The list of visits on lying pages, with its total."""
    count = half_days = trained = disputed = stale = 0

    def rows() -> Iterator[Sequence[str]]:
        nonlocal count, half_days, trained, disputed, stale
        for visit in visits:
            disputed += visit.disputed
            stale += visit.stale
            count += 1
            half_days += visit.half_days
            trained += visit.trained or 0
            yield (
                str(count),
                dates_text(visit.date, visit.end_date),
                visit.commissioner,
                visit.organisation,
                visit.place,
                visit.recipient,
                visit.ways,
                visit.content,
                wording.days(visit.half_days),
                _number(visit.trained),
                visit.state,
            )

    def total() -> Sequence[str]:
        figures = (wording.days(half_days), f"{trained:,}", "")
        return ("", "合计", "", "", "", "", "", f"共{count:,}次", *figures)

    head = ListHead(
        title=ANNEX,
        left=f"填报单位：{data.unit}",
        middle=f"服务期间：{blocks.chinese_period(data.start, data.end)}",
        right="单位：天、人次",
        mark="附件",
    )
    draw_list(paper, head, _LIST_COLUMNS, rows(), total, lambda: wording.list_note(disputed, stale))
