"""需要留意: what needs a person, each with its way there; found in the figures, nothing is forbidden."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from commissioner_app.conflicts import count
from commissioner_app.periods import today
from commissioner_app.statistics import Overview
from db.ledger import Ledger
from db.queries import roster
from db.queries.visits import visits_outside

SILENT_DAYS = 30
"""Who has logged nothing for this long is named (issue: 30 天没有记录)."""


@dataclass(frozen=True)
class Attention:
    """text says what, detail whom; page and what lead to where it is dealt with."""

    tone: Literal["bad", "warn", "info"]
    text: str
    detail: str
    page: str
    what: Any = None


def attention(ledger: Ledger, o: Overview) -> list[Attention]:
    """What needs a person in a period, the most urgent first."""
    found: list[Attention] = []
    conflicts = count(ledger)
    if conflicts:
        found.append(
            Attention(
                "bad",
                f"{conflicts} 处填报不一致",
                "两处填写的内容不同，请核对后选定",
                "visits",
                {"state": "disputed"},
            )
        )
    if o.states.get("stale"):
        found.append(
            Attention(
                "warn", f"{o.states['stale']} 条记录审核后有改动", "请重新审核", "visits", {"state": "stale"}
            )
        )
    outside = _outside(ledger)
    if outside:
        text = f"{outside} 条记录的日期不在任何批次的期间内"
        found.append(Attention("warn", text, "可能是年份写错，请核对", "visits", {"always": True}))
    silent = _silent(o)
    if silent:
        names = "、".join(silent[:4]) + (f" 等 {len(silent)} 人" if len(silent) > 4 else "")
        found.append(
            Attention("warn", f"{len(silent)} 人超过 {SILENT_DAYS} 天没有记录", names, "commissioners")
        )
    if o.states.get("returned"):
        found.append(
            Attention(
                "warn", f"{o.states['returned']} 条已退回的记录待补正", "", "visits", {"state": "returned"}
            )
        )
    missing = len(o.places) - o.people
    if missing:
        found.append(
            Attention(
                "info",
                f"{missing} 个名额还没有录入人员",
                "可逐个填写，也可从 Excel 导入名单",
                "commissioners",
            )
        )
    waiting = sum(1 for p in o.places if not p.assignments)
    if waiting:
        found.append(Attention("info", f"{waiting} 个名额待安排受援县", "", "assignments"))
    if o.batch and not o.batch.document_number:
        found.append(
            Attention(
                "info",
                "选派文件文号未填写",
                f"{o.batch.name}目前为{o.batch.state or '拟选派'}",
                "settings",
                "batch",
            )
        )
    return found


def _outside(ledger: Ledger) -> int:
    """Visits whose date lies in no batch's service or evaluation period: they would be counted nowhere."""
    with ledger.read() as connection:
        periods = [
            (start, end)
            for b in roster.batches(connection)
            for start, end in ((b.service_from, b.service_to), (b.evaluation_from, b.evaluation_to))
            if start and end
        ]
        return visits_outside(connection, periods) if periods else 0


def _silent(o: Overview) -> list[str]:
    """People without a visit in the last days of the period so far; nobody before the period is that old."""
    until = min(o.period.end, today())
    limit = (dt.date.fromisoformat(until) - dt.timedelta(days=SILENT_DAYS)).isoformat()
    if limit < o.period.start or until < o.period.start:
        return []
    return [p.name for p in o.places if p.commissioner and o.last_dates.get(p.id, "") < limit]
