"""Export of roster, visits and statistics to .xlsx and .csv, with the glossary's column names."""

from pathlib import Path

from commissioner_app import batches, people, statistics, tables, visits
from commissioner_app.divisions import Divisions
from commissioner_app.imports.roster import COLUMNS as ROSTER_COLUMNS
from commissioner_app.imports.visits import COLUMNS as VISIT_COLUMNS
from commissioner_app.periods import Period
from commissioner_app.statistics import Scope
from db.errors import Refused
from db.journal.store import chunks
from db.ledger import Ledger
from db.queries import roster
from db.queries import visits as queries
from db.queries.statistics import Figures
from db.queries.visits import VisitFilter


def export_roster(ledger: Ledger, path: Path, year: int | None = None) -> int:
    """Write the roster of a year; ID numbers are masked. The number of rows."""
    divisions = Divisions.of(ledger)
    found_batches = batches.all_batches(ledger)
    if year is not None and all(b.year != year for b in found_batches):
        raise Refused(f"台账里没有 {year} 年度的批次。")
    batch = batches.current(found_batches, year)
    day = batches.reference_day(batch)
    with ledger.read() as connection:
        found = roster.places(connection, batch.id if batch else None, day)
        leaders = {t.leader for t in roster.teams(connection, batch.id if batch else None)}
    rows = []
    for p in found:
        person = people.person(ledger, p.commissioner) if p.commissioner else {}
        rows.append([
            p.code, p.name, person.get("gender"), person.get("birth_month"), p.organisation_name,
            person.get("department"), person.get("title"), person.get("post"), person.get("degree"),
            person.get("specialty"), "、".join(person.get("industries") or []), person.get("phone"), person.get("email"),
            people.mask_id(person["id_number"]) if person.get("id_number") else None, p.category_name, p.team_name,
            ("团长" if p.id in leaders else "成员") if p.team else None,
            "、".join(divisions.name(c) for c in dict.fromkeys(p.counties(day))), p.funding, person.get("remark"),
        ])  # fmt: skip
    widths = (16, 10, 6, 10, 22, 14, 12, 12, 12, 18, 14, 14, 20, 20, 12, 30, 8, 12, 16, 20)
    tables.write(path, "选派名单", list(ROSTER_COLUMNS), rows, widths)
    return len(rows)


def export_visits(ledger: Ledger, path: Path, f: VisitFilter | None = None) -> int:
    """Write visits in order of date; the number of rows."""
    divisions = Divisions.of(ledger)
    rows: list[list[object]] = []
    with ledger.read() as connection:
        rowids = queries.visit_rowids(connection, f or VisitFilter(), "date", descending=False)
        for part in chunks(rowids):
            found = queries.visit_rows(connection, part)
            more = queries.visit_details(connection, part)
            companions = queries.companions(connection, [v.id for v in found.values()])
            for rowid in part:
                v, m = found[rowid], more[rowid]
                rows.append([
                    v.number, v.names, v.date, v.end_date, v.start_time, v.end_time,
                    v.half_days / 2 if v.half_days is not None else None, divisions.name(v.county),
                    divisions.name(v.township), divisions.name(v.village), v.recipient_name, m.contact, m.contact_phone,
                    "、".join(v.ways), v.industry, v.topic, v.content, m.problem, m.solution, v.trained, v.households,
                    "、".join(m.varieties), "、".join(m.techniques), m.materials, m.opinion, m.satisfaction,
                    "、".join(n for _, n in companions.get(v.id, [])),
                    visits.STALE if v.stale else visits.STATES.get(v.state or "draft", ""), m.remark,
                ])  # fmt: skip
    widths = (
        18,
        12,
        12,
        12,
        8,
        8,
        7,
        10,
        12,
        12,
        24,
        10,
        14,
        18,
        10,
        16,
        48,
        24,
        24,
        9,
        9,
        16,
        16,
        16,
        18,
        8,
        14,
        10,
        16,
    )
    tables.write(path, "服务记录", list(VISIT_COLUMNS), rows, widths)
    return len(rows)


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
    rows: list[list[object]] = []

    def add(group: str, name: str, places: int | None, f: Figures) -> None:
        rows.append([group, name, places, f.visits, f.half_days / 2, f.trainings, f.trained, f.households, f.villages,
                     f.recipients])  # fmt: skip

    add("合计", o.scope_name, len(o.places), o.total)
    for _, name, n, f in o.by_county:
        add("受援县", name, n, f)
    for name, n, f in o.by_category:
        add("类别", name, n, f)
    for place, f in o.by_place:
        add("特派员", place.name or place.code, None, f)
    for way, n in o.by_way:
        rows.append(["服务方式", way, None, n])
    for month, f in o.by_month:
        add("月份", month, None, f)
    tables.write(path, "成效统计", header, rows, (10, 24, 8, 10, 10, 10, 10, 10, 10, 10))
    return len(rows)
