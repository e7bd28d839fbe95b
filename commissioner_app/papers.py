"""Papers from the ledger: fills the data of a report from the figures and writes the PDF."""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from commissioner_app import ledgers, statistics, visits
from commissioner_app.divisions import Divisions
from commissioner_app.periods import Period
from commissioner_app.reports import data as paper
from commissioner_app.statistics import Overview, Scope
from db.errors import DiskTrouble, Refused
from db.ids import computed_id
from db.ledger import Draft, Ledger
from db.queries import names
from db.queries import statistics as queries
from db.queries.roster import BatchRow
from db.queries.visits import VisitRow

if TYPE_CHECKING:
    from commissioner_app.reports.fonts import FontSet


@dataclass(frozen=True)
class ReportWish:
    """What a person asks for: title "" means the default; next_steps is the officer's own text."""

    period: Period
    scope: Scope = field(default_factory=Scope)
    title: str = ""
    next_steps: str = ""
    signed: dt.date | None = None


@dataclass(frozen=True)
class Written:
    """A paper on disk: pages, and the characters that no font could draw."""

    path: Path
    pages: int
    missing: frozenset[str]


def put(
    out: Path, system_fonts: bool, draw: "Callable[[BinaryIO, FontSet], tuple[int, frozenset[str]]]"
) -> Written:
    """Write a PDF whole: under another name first, then renamed. Raises Refused, DiskTrouble."""
    if out.suffix.lower() != ".pdf":
        raise Refused("这种材料目前写成 PDF，文件名请以 .pdf 结尾。")
    # Imported here: ReportLab and its fonts are not needed by other commands.
    from commissioner_app.reports.fonts import FontSet

    part = out.with_name(out.name + ".part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with open(part, "wb") as file:
            pages, missing = draw(file, FontSet(system=system_fonts))
        os.replace(part, out)
    except OSError as error:
        raise DiskTrouble(f"材料没有写成：{error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return Written(out, pages, missing)


def default_title(period: Period, scope: Scope, scope_name: str, batch: BatchRow | None) -> str:
    """关于2022年度科技特派员工作开展情况的报告, with the scope where it is not the city."""
    year = f"{batch.year}年度" if batch and period.label else f"{period.long_text}"
    who = {"county": scope_name, "team": scope_name, "person": f"科技特派员{scope_name}"}.get(scope.kind, "")
    what = "工作开展情况" if scope.kind in ("team", "person") else "科技特派员工作开展情况"
    return f"关于{who}{year}{what}的报告"


def service_data(ledger: Ledger, wish: ReportWish) -> paper.ServiceReportData:
    """Everything the 服务工作报告 says, from the ledger."""
    o = statistics.overview(ledger, wish.period, wish.scope)
    divisions = Divisions.of(ledger)
    _, unit, _ = ledgers.station_values(ledger)
    rows = statistics.listed_visits(ledger, wish.period, wish.scope)
    return paper.ServiceReportData(
        title=wish.title or default_title(wish.period, wish.scope, o.scope_name, o.batch),
        unit=unit,
        scope=o.scope_name,
        scope_kind=wish.scope.kind,  # type: ignore[arg-type]
        year_label=f"{o.batch.year}年度" if o.batch and wish.period.label else "",
        start=dt.date.fromisoformat(wish.period.start),
        end=dt.date.fromisoformat(wish.period.end),
        signed=wish.signed,
        demo=ledgers.is_demo(ledger),
        places=len(o.places),
        people=o.people,
        categories=[(c.name, n) for c, n in o.categories if n],
        teams=[(t.name, n) for t, n in o.teams if n],
        total=_figures(o.total),
        by_county=_county_rows(o),
        by_category=[paper.Row(name, n, _figures(f)) for name, n, f in o.by_category],
        by_way=o.by_way,
        by_month=[(_month(m, wish.period), _figures(f)) for m, f in o.by_month],
        visits=[line_of(v, divisions) for v in rows],
        pending=o.states.get("submitted", 0),
        drafts=o.states.get("draft", 0),
        conflicts=o.states.get("disputed", 0),
        disputed=sum(1 for v in rows if v.disputed),
        next_steps=wish.next_steps,
    )


def write_service_report(
    ledger: Ledger,
    wish: ReportWish,
    out: Path,
    *,
    system_fonts: bool = False,
    progress: Callable[[int, int | None], bool] | None = None,
) -> Written:
    """Write the 服务工作报告 as PDF: under another name first, then renamed. Raises Refused, DiskTrouble."""
    if out.suffix.lower() != ".pdf":
        raise Refused("服务工作报告目前只能写成 PDF，文件名请以 .pdf 结尾。")
    # Imported here: ReportLab and its fonts are not needed by other commands.
    from commissioner_app.reports.fonts import FontSet
    from commissioner_app.reports.service import write_service_report as draw

    content = service_data(ledger, wish)
    part = out.with_name(out.name + ".part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        info = draw(content, part, FontSet(system=system_fonts), progress)
        os.replace(part, out)
    except OSError as error:
        raise DiskTrouble(f"报告没有写成：{error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return Written(out, info.pages, info.missing)


def warnings(o: Overview) -> list[str]:
    """What an officer should know before printing; nothing is forbidden."""
    found = []
    empty = len(o.places) - o.people
    if o.places and empty:
        found.append(f"{len(o.places)} 个名额中有 {empty} 个尚未录入人员。")
    if o.states.get("submitted"):
        found.append(f"有 {o.states['submitted']} 条服务记录待审核，报告已计入。")
    if o.states.get("draft"):
        found.append(f"有 {o.states['draft']} 条草稿未计入。")
    if o.states.get("returned"):
        found.append(f"有 {o.states['returned']} 条已退回的记录未计入。")
    if o.states.get("disputed"):
        found.append(f"有 {o.states['disputed']} 条记录填报不一致，报告采用当前显示的数值。")
    if o.states.get("stale"):
        found.append(f"有 {o.states['stale']} 条记录在审核后有改动。")
    if o.batch and not o.batch.document_number:
        found.append("本批次尚未填写选派文件文号，名单仍为拟选派。")
    return found


def saved_title(ledger: Ledger, scope: Scope, period: Period) -> dict[str, str]:
    """Title and next steps that the officer has kept for this report."""
    with ledger.read() as connection:
        return names.setting(connection, _setting(scope, period))


def keep_title(ledger: Ledger, scope: Scope, period: Period, title: str, next_steps: str) -> None:
    """Keep the officer's title and text of this report."""
    value = {"title": title, "next_steps": next_steps}
    if saved_title(ledger, scope, period) == value:
        return
    what = scope.county or scope.team or scope.person or scope.place or "city"
    key = f"report/service/{what}/{period.start}/{period.end}"
    ledger.write(
        "修改报告文字", [Draft("setting", _setting(scope, period), "update", {"key": key, "value": value})]
    )


def _setting(scope: Scope, period: Period) -> str:
    person = (scope.person,) if scope.person else ()  # the ids of the others stay what they were
    return computed_id(
        "setting",
        "report",
        "service",
        scope.county,
        scope.team,
        scope.place,
        period.start,
        period.end,
        *person,
    )


def _county_rows(o: Overview) -> list[paper.Row]:
    """A row for each county, and one for the places that wait for theirs, so that the sum is that of all."""
    rows = [paper.Row(name, n, _figures(f)) for _, name, n, f in o.by_county]
    waiting = len(o.places) - sum(n for _, _, n, _ in o.by_county)
    if rows and waiting > 0 and o.scope.kind == "city":
        rows.append(paper.Row("待安排", waiting, _figures(queries.Figures())))
    return rows


def _figures(f: queries.Figures) -> paper.Figures:
    return paper.Figures(
        f.visits, f.half_days, f.trained, f.households, f.villages, f.recipients, f.trainings
    )


def _month(month: str, period: Period) -> str:
    same_year = period.start[:4] == period.end[:4]
    return f"{int(month[5:])}月" if same_year else f"{month[:4]}年{int(month[5:])}月"


def _day(text: str | None) -> dt.date | None:
    """A date of the ledger; None for what another station's laptop has put in its place."""
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None


def line_of(v: VisitRow, divisions: Divisions) -> paper.VisitLine:
    """A visit as lists on paper show it."""
    state = visits.STATES.get(v.state or "draft", "")
    if v.stale:
        state = visits.STALE
    if v.disputed:
        state += "（填报不一致）"
    return paper.VisitLine(
        date=_day(v.date) or dt.date(1970, 1, 1),
        end_date=_day(v.end_date),
        commissioner=v.names,
        organisation=v.organisation,
        place=divisions.text(v.county, v.township, v.village).replace(" ", ""),
        recipient=v.recipient_name,
        ways="、".join(v.ways),
        content=v.content or "",
        half_days=v.half_days or 0,
        trained=v.trained,
        state=state,
        disputed=v.disputed,
        stale=v.stale,
    )
