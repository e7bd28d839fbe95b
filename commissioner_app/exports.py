"""Export of roster, assignments, visits and statistics as offices file them; what may come back carries a stamp."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from commissioner_app import batches, ledgers, people, sheets, stamps, statistics, visits
from commissioner_app.divisions import Divisions
from commissioner_app.imports.roster import COLUMNS as ROSTER_COLUMNS
from commissioner_app.imports.visits import COLUMNS as VISIT_COLUMNS
from commissioner_app.periods import Period, today
from commissioner_app.sheets import Layout, Row
from commissioner_app.statistics import Scope
from db.errors import Refused
from db.journal.store import chunks
from db.ledger import Ledger
from db.queries import roster
from db.queries import visits as queries
from db.queries.roster import BatchRow, PlaceRow
from db.queries.statistics import Figures
from db.queries.visits import VisitFilter

NUMBER = "序号"
NOTICE_COLUMNS = ("姓名", "派出单位", "职称", "专业", "类别", "服务团", "受援县", "联系电话")
ASSIGNMENT_COLUMNS = ("名额编号", "姓名", "类别", "派出单位", "受援县", "乡镇", "开始日期", "结束日期", "受援单位",
                      "协议编号", "签订日期", "协议状态", "备注")  # fmt: skip

_ROSTER_WIDTHS = (13, 9, 5, 9, 18, 11, 9, 8, 8, 13, 10, 12, 14, 11, 9, 17, 6, 8, 9, 12)
_NOTICE_WIDTHS = (10, 22, 12, 18, 12, 24, 10, 13)
_ASSIGNMENT_WIDTHS = (13, 9, 10, 18, 8, 16, 11, 11, 22, 13, 11, 8, 14)
_VISIT_WIDTHS = (18, 12, 12, 12, 8, 8, 7, 10, 12, 12, 24, 10, 14, 18, 10, 16, 48, 24, 24, 9, 9, 16, 16, 16, 18, 8, 14,
                 10, 16)  # fmt: skip


def export_roster(ledger: Ledger, path: Path, year: int | None = None, notice: bool = False) -> int:
    """Write the roster of a year; ID numbers are masked. The number of rows.

    notice: for the public (公示), with masked phones and without what nobody else needs; it has no stamp. Raises Refused.
    """
    batch, day = _batch(ledger, year)
    columns = (NUMBER, *(NOTICE_COLUMNS if notice else ROSTER_COLUMNS))
    stamp = None if notice else stamps.take(ledger, "roster", columns, **_year(batch))
    with ledger.read() as connection:
        found = roster.places(connection, batch.id if batch else None, day)
        leaders = {t.leader for t in roster.teams(connection, batch.id if batch else None)}
    if notice:
        found = [p for p in found if p.commissioner]
    what = "科技特派员选派名单" if batch is None or batch.state == "已选派" else "科技特派员拟选派名单"
    layout = _layout(
        ledger, "公示名单" if notice else "选派名单", f"{what}公示" if notice else what, columns,
        _NOTICE_WIDTHS if notice else _ROSTER_WIDTHS, batch.year if batch else None,
    )  # fmt: skip
    return sheets.write(path, layout, _roster_rows(ledger, found, leaders, day, notice), stamp)


def _roster_rows(
    ledger: Ledger, found: list[PlaceRow], leaders: set[str | None], day: str, notice: bool
) -> Iterator[Row]:
    divisions = Divisions.of(ledger)
    for n, p in enumerate(found, 1):
        person = people.person(ledger, p.commissioner) if p.commissioner else {}
        counties = "、".join(divisions.name(c) for c in dict.fromkeys(p.counties(day)))
        if notice:
            phone = people.mask_phone(person.get("phone") or "")
            yield p.id, [n, p.name, p.organisation_name, person.get("title"), person.get("specialty"), p.category_name,
                         p.team_name, counties or "待安排", phone]  # fmt: skip
            continue
        stays = [a.id for a in p.assignments if a.county in p.counties(day)]
        yield "|".join((p.id, p.commissioner or "", *stays)), [
            n, p.code, p.name, person.get("gender"), person.get("birth_month"), p.organisation_name,
            person.get("department"), person.get("title"), person.get("post"), person.get("degree"),
            person.get("specialty"), "、".join(person.get("industries") or []), person.get("phone"), person.get("email"),
            people.mask_id(person["id_number"]) if person.get("id_number") else None, p.category_name, p.team_name,
            ("团长" if p.id in leaders else "成员") if p.team else None, counties, p.funding, person.get("remark"),
        ]  # fmt: skip


def export_assignments(ledger: Ledger, path: Path, year: int | None = None) -> int:
    """Write where every place of a year serves, stay by stay (受援县安排); the number of rows. Raises Refused."""
    batch, day = _batch(ledger, year)
    columns = (NUMBER, *ASSIGNMENT_COLUMNS)
    stamp = stamps.take(ledger, "assignments", columns, **_year(batch))
    with ledger.read() as connection:
        found = roster.places(connection, batch.id if batch else None, day)
        names = roster.recipient_names(connection)
    layout = _layout(
        ledger,
        "受援县安排",
        "科技特派员受援县安排表",
        columns,
        _ASSIGNMENT_WIDTHS,
        batch.year if batch else None,
    )
    return sheets.write(path, layout, _assignment_rows(ledger, found, names), stamp)


def _assignment_rows(ledger: Ledger, found: list[PlaceRow], names: dict[str, str]) -> Iterator[Row]:
    divisions = Divisions.of(ledger)
    n = 0
    for p in found:
        who = [p.code, p.name, p.category_name, p.organisation_name]
        for a in p.assignments:
            n += 1
            yield f"{p.id}|{a.id}", [
                n, *who, divisions.name(a.county) if a.county else "待安排",
                "、".join(divisions.name(t) for t in a.townships), a.assigned_from, a.assigned_to,
                "、".join(names.get(r, "") for r in a.recipients), a.agreement_number, a.agreement_date,
                a.agreement_state, a.remark,
            ]  # fmt: skip
        if not p.assignments:
            n += 1
            yield f"{p.id}|", [n, *who, "待安排", *(None,) * 8]


def export_visits(ledger: Ledger, path: Path, f: VisitFilter | None = None) -> int:
    """Write visits in order of date; the number of rows."""
    stamp = stamps.take(ledger, "visits", tuple(VISIT_COLUMNS))
    layout = _layout(ledger, "服务记录", "科技特派员服务记录", tuple(VISIT_COLUMNS), _VISIT_WIDTHS, None)
    return sheets.write(path, layout, _visit_rows(ledger, f or VisitFilter()), stamp)


def _visit_rows(ledger: Ledger, f: VisitFilter) -> Iterator[Row]:
    divisions = Divisions.of(ledger)
    with ledger.read() as connection:
        rowids = queries.visit_rowids(connection, f, "date", descending=False)
        for part in chunks(rowids):
            found = queries.visit_rows(connection, part)
            more = queries.visit_details(connection, part)
            companions = queries.companions(connection, [v.id for v in found.values()])
            for rowid in part:
                v, m = found[rowid], more[rowid]
                yield v.id, [
                    v.number, v.names, v.date, v.end_date, v.start_time, v.end_time,
                    v.half_days / 2 if v.half_days is not None else None, divisions.name(v.county),
                    divisions.name(v.township), divisions.name(v.village), v.recipient_name, m.contact, m.contact_phone,
                    "、".join(v.ways), v.industry, v.topic, v.content, m.problem, m.solution, v.trained, v.households,
                    "、".join(m.varieties), "、".join(m.techniques), m.materials, m.opinion, m.satisfaction,
                    "、".join(n for _, n in companions.get(v.id, [])),
                    visits.STALE if v.stale else visits.STATES.get(v.state or "draft", ""), m.remark,
                ]  # fmt: skip


def _batch(ledger: Ledger, year: int | None) -> tuple[BatchRow | None, str]:
    """The batch of a year (the latest) and the day as of which it is shown. Raises Refused."""
    found = batches.all_batches(ledger)
    if year is not None and all(b.year != year for b in found):
        raise Refused(f"台账里没有 {year} 年度的批次。")
    batch = batches.current(found, year)
    return batch, batches.reference_day(batch)


def _year(batch: BatchRow | None) -> dict[str, str]:
    return {"year": str(batch.year)} if batch and batch.year else {}


def _layout(
    ledger: Ledger,
    name: str,
    title: str,
    columns: tuple[str, ...],
    widths: tuple[float, ...],
    year: int | None,
) -> Layout:
    _, unit, _ = ledgers.station_values(ledger)
    if columns[0] == NUMBER:
        widths = (5, *widths)
    heading = (f"{year}年度" if year else "") + title + ("（演示数据）" if ledgers.is_demo(ledger) else "")
    return Layout(
        name, heading, columns, widths, f"单位：{unit}", f"制表日期：{Period(today(), today()).long_text}"
    )


def export_statistics(ledger: Ledger, path: Path, period: Period, scope: Scope | None = None) -> int:
    """Write the figures of a period by county, category, place, way and month; the number of rows."""
    o = statistics.overview(ledger, period, scope)
    header = [
        "分组",
        "项目",
        "名额",
        "服务次数",
        "现场天数",
        "培训场次",
        "培训人次",
        "服务农户",
        "服务村",
        "受援单位",
    ]
    rows: list[list[Any]] = []

    def add(group: str, name: str, places: int | None, f: Figures) -> None:
        rows.append([group, name, places, f.visits, f.half_days / 2, f.trainings, f.trained, f.households, f.villages,
                     f.recipients])  # fmt: skip

    add("合计", o.scope_name, len(o.places), o.total)
    for _, name, n, f in o.by_county:
        add("受援县", name, n, f)
    for name, n, f in o.by_category:
        add("类别", name, n, f)
    for each in o.by_person:
        add("特派员", each.name, None, each.figures)
    for way, n in o.by_way:
        rows.append(["服务方式", way, None, n])
    for month, f in o.by_month:
        add("月份", month, None, f)
    layout = _layout(ledger, "成效统计", "科技特派员服务成效统计", tuple(header), (10, 24, *(10,) * 8), None)
    return sheets.write(path, layout, (("", row) for row in rows))
