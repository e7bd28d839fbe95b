"""服务记录台账, 选派名单 and 成效统计表 from the ledger."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from commissioner_app import batches, ledgers, people, statistics, visits
from commissioner_app.divisions import Divisions
from commissioner_app.papers import Written, line_of, put
from commissioner_app.periods import Period
from commissioner_app.statistics import Scope
from db.errors import Refused
from db.ledger import Ledger
from db.queries import roster
from db.queries.roster import PlaceRow
from db.queries.statistics import Figures
from db.queries.visits import VisitRow

if TYPE_CHECKING:
    from commissioner_app.reports.data import VisitLine
    from commissioner_app.reports.registers import Register


@dataclass
class _Sum:
    """What a block of visits comes to."""

    visits: int = 0
    half_days: int = 0
    trained: int = 0
    households: int = 0
    categories: Counter[str] = field(default_factory=Counter)

    def add(self, v: VisitRow) -> None:
        self.visits += 1
        self.half_days += v.half_days or 0
        self.trained += v.trained or 0
        self.households += v.households or 0


def write(
    ledger: Ledger,
    register: "Register",
    out: Path,
    *,
    system_fonts: bool = False,
    on_page: Callable[[], None] | None = None,
) -> Written:
    """Write a table as PDF: under another name first, then renamed. Raises Refused, DiskTrouble."""
    from commissioner_app.reports.registers import write_register

    return put(out, system_fonts, lambda file, fonts: write_register(register, file, fonts, on_page))


def visit_register(ledger: Ledger, period: Period, scope: Scope) -> "Register":
    """服务记录台账: the counted visits by county, with sums of each county and of each category."""
    from commissioner_app.reports.listing import ListColumn
    from commissioner_app.reports.registers import Block, Register, dates_text

    divisions = Divisions.of(ledger)
    overview = statistics.overview(ledger, period, scope)
    categories = {p.id: p.category_name for p in overview.places}
    order = {d.code: n for n, d in enumerate(divisions.counties())}
    found = sorted(
        statistics.listed_visits(ledger, period, scope),
        key=lambda v: (order.get(v.county or "", len(order)), v.date or ""),
    )
    whole, number = _Sum(), 0

    def cells(v: VisitRow, line: "VisitLine") -> Sequence[str]:
        trained = f"{line.trained:,}" if line.trained is not None else ""
        households = f"{v.households:,}" if v.households is not None else ""
        place = line.place.removeprefix(divisions.name(v.county))
        return (str(number), dates_text(line.date, line.end_date), line.commissioner, line.organisation, place,
                line.recipient, line.ways, line.content, visits.days_text(line.half_days), trained, households,
                line.state)  # fmt: skip

    def blocks() -> Iterator[Block]:
        nonlocal number
        for county, some in ((c, list(g)) for c, g in groupby(found, key=lambda v: v.county)):
            part = _Sum()

            def rows(some: Sequence[VisitRow] = some, part: _Sum = part) -> Iterator[Sequence[str]]:
                nonlocal number
                for v in some:
                    number += 1
                    part.add(v)
                    whole.add(v)
                    for category in dict.fromkeys(categories.get(place) for place, _ in v.who):
                        if category:
                            whole.categories[category] += 1
                    yield cells(v, line_of(v, divisions))

            def subtotal(part: _Sum = part) -> Sequence[str]:
                return _sum_row("小计", part)

            yield Block(divisions.name(county) if county else "未填受援县", rows(), subtotal)

    def note() -> str:
        told = "，".join(f"{name} {n:,} 次" for name, n in whole.categories.most_common())
        return f"按类别：{told}。一次服务有几位特派员的，计入各自的类别。" if told else ""

    columns = [
        ListColumn("序号", 28, "center"), ListColumn("日期", 55, "center"), ListColumn("特派员", 44, "center"),
        ListColumn("派出单位", 62), ListColumn("乡镇、村", 66), ListColumn("受援单位", 72), ListColumn("服务方式", 54),
        ListColumn("服务内容", 132), ListColumn("天数", 28, "right"), ListColumn("培训", 32, "right"),
        ListColumn("农户", 32, "right"), ListColumn("状态", 44, "center"),
    ]  # fmt: skip
    year = f"{overview.batch.year}年度" if overview.batch and period.label else ""
    who = overview.scope_name if scope.kind != "city" else ""
    return Register(
        f"{year}{who}科技特派员服务记录台账", ledgers.station_values(ledger)[1], f"服务期间：{period.long_text}",
        "单位：天、人次、户", columns, blocks(), lambda: _sum_row("合计", whole), note, demo=ledgers.is_demo(ledger),
        empty="本期没有服务记录。",
    )  # fmt: skip


def _sum_row(title: str, s: _Sum) -> Sequence[str]:
    return ("", title, "", "", "", "", "", f"共 {s.visits:,} 次", visits.days_text(s.half_days), f"{s.trained:,}",
            f"{s.households:,}", "")  # fmt: skip


def roster_register(
    ledger: Ledger, year: int | None = None, notice: bool = False, scope: Scope | None = None
) -> "Register":
    """选派名单 of a year by category; notice: for the public, phones masked and nothing that nobody needs.

    scope: only the places of a county or of a team.
    """
    from commissioner_app.reports.listing import ListColumn
    from commissioner_app.reports.registers import Block, Register

    found = batches.all_batches(ledger)
    if year is not None and all(b.year != year for b in found):
        raise Refused(f"台账里没有 {year} 年度的批次。")
    batch = batches.current(found, year)
    day = batches.reference_day(batch)
    divisions = Divisions.of(ledger)
    with ledger.read() as connection:
        places = roster.places(connection, batch.id if batch else None, day)
        kinds = (
            {c.id: c.full_name or c.name for c in roster.categories(connection, batch.id)} if batch else {}
        )
        leaders = {t.leader for t in roster.teams(connection, batch.id if batch else None)}
    who = ""
    if scope is not None and scope.kind != "city":
        period = Period(batch.service_from or day, batch.service_to or day) if batch else Period(day, day)
        part = statistics.overview(ledger, period, scope, batch)
        mine, who = {p.id for p in part.places}, part.scope_name
        places = [p for p in places if p.id in mine]
    if notice:
        places = [p for p in places if p.commissioner]
    number = 0

    def row(p: PlaceRow) -> Sequence[str]:
        nonlocal number
        number += 1
        counties = "、".join(divisions.name(c) for c in dict.fromkeys(p.counties(day))) or "待安排"
        name = p.name or "（待定）"
        team = p.team_name + ("（团长）" if p.id in leaders else "") if p.team else ""
        phone = people.mask_phone(p.phone) if notice else p.phone
        shown = [str(number), name, p.organisation_name, p.title, p.specialty, team, counties, phone]
        return shown if notice else [shown[0], p.code, shown[1], p.gender, *shown[2:], p.funding]

    def blocks() -> Iterator[Block]:
        for n, (category, group) in enumerate(groupby(places, key=lambda p: p.category)):
            some = list(group)
            title = f"{_NUMERALS[n % 10]}、{kinds.get(category or '', '未分类')}（{len(some)} {'人' if notice else '个名额'}）"
            yield Block(title, (row(p) for p in some))

    columns = [
        ListColumn("序号", 28, "center"), ListColumn("姓名", 48, "center"), ListColumn("派出单位", 104),
        ListColumn("职称", 60), ListColumn("专业", 88), ListColumn("服务团", 130), ListColumn("受援县", 60, "center"),
        ListColumn("联系电话", 72, "center"),
    ]  # fmt: skip
    if not notice:
        columns = [columns[0], ListColumn("名额编号", 66, "center"), columns[1], ListColumn("性别", 28, "center"),
                   *columns[2:], ListColumn("经费来源", 62)]  # fmt: skip
    final = batch is not None and batch.state == "已选派"
    what = f"科技特派员{'选派' if final else '拟选派'}名单{'公示' if notice else ''}"
    heading = f"{batch.year}年度{who}{what}" if batch and batch.year else f"{who}{what}"
    document = f"文号：{batch.document_number}" if batch and batch.document_number else ""
    return Register(
        heading, ledgers.station_values(ledger)[1], document, "", columns, blocks(),
        note=lambda: f"共 {len(places)} {'人' if notice else '个名额'}，已落实 {sum(1 for p in places if p.commissioner)} 人。"
        if not notice else "", signers=() if notice else ("制表人：", "审核人：", "单位（盖章）：", "日期：　　　　年　　月　　日"),
        demo=ledgers.is_demo(ledger), empty="还没有名额。",
    )  # fmt: skip


_NUMERALS = "一二三四五六七八九十"


def statistics_register(ledger: Ledger, period: Period, scope: Scope) -> "Register":
    """成效统计表: figures by county, category, team, and person."""
    from commissioner_app.reports.listing import ListColumn
    from commissioner_app.reports.registers import Block, Register

    o = statistics.overview(ledger, period, scope)

    def figures(name: str, count: int | None, f: Figures) -> Sequence[str]:
        return (name, f"{count:,}" if count is not None else "", f"{f.visits:,}", visits.days_text(f.half_days),
                f"{f.villages:,}", f"{f.recipients:,}", f"{f.trainings:,}", f"{f.trained:,}", f"{f.households:,}")  # fmt: skip

    blocks = [
        Block("一、按受援县", [figures(name, n, f) for _, name, n, f in o.by_county]),
        Block("二、按类别", [figures(name, n, f) for name, n, f in o.by_category]),
        Block("三、按月份", [figures(_month(m), None, f) for m, f in o.by_month]),
        Block("四、按特派员", [figures(p.name or p.code, None, f) for p, f in o.by_place]),
    ]
    columns = [
        ListColumn("项目", 150), ListColumn("名额", 52, "right"), ListColumn("服务次数", 60, "right"),
        ListColumn("现场天数", 60, "right"), ListColumn("服务村", 56, "right"), ListColumn("受援单位", 60, "right"),
        ListColumn("培训场次", 60, "right"), ListColumn("培训人次", 66, "right"), ListColumn("服务农户", 66, "right"),
    ]  # fmt: skip
    year = f"{o.batch.year}年度" if o.batch and period.label else ""
    who = o.scope_name if scope.kind != "city" else ""
    return Register(
        f"{year}{who}科技特派员服务成效统计表", ledgers.station_values(ledger)[1], f"统计期间：{period.long_text}",
        "单位：次、天、个、人次、户", columns, [b for b in blocks if b.rows],
        lambda: figures("合计", len(o.places), o.total),
        lambda: "一次服务有几位特派员的，在合计、受援县和月份中计一次，在各自的类别和特派员中各计一次。",
        demo=ledgers.is_demo(ledger), empty="本期没有服务记录。",
    )  # fmt: skip


def _month(key: str) -> str:
    return f"{key[:4]}年{int(key[5:7])}月"
