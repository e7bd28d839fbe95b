"""需要留意: what needs a person, each with its way there; found in the figures, nothing is forbidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from commissioner_app.conflicts import count
from commissioner_app.obligation_states import Summary
from commissioner_app.obligations import SILENT_DAYS, Progress
from commissioner_app.statistics import Overview
from db.ledger import Ledger
from db.queries import roster
from db.queries.visits import visits_outside

if TYPE_CHECKING:  # loads the calendar of holidays, which the start does not need
    from commissioner_app.doubts import Findings

NAMED = 4
"""So many names stand in a line before 等."""

RULES = 3
"""So many rules of doubts stand in a line before 等."""


@dataclass(frozen=True)
class Attention:
    """text says what, detail whom; page and what lead to where it is dealt with."""

    tone: Literal["bad", "warn", "info"]
    text: str
    detail: str
    page: str
    what: Any = None


def attention(ledger: Ledger, o: Overview) -> list[Attention]:
    """What needs a person in a period, as far as figures and states tell, the most urgent first."""
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


def by_urgency(notes: Sequence[Attention]) -> list[Attention]:
    """Notes from several sources in one list, the most urgent first; those of the same tone as they come."""
    order = ("bad", "warn", "info")
    return sorted(notes, key=lambda note: order.index(note.tone))


def of_progress(s: Summary) -> list[Attention]:
    """Who has logged nothing for long, and a rule set that this version does not have.

    Where a rule set is chosen, the card 考核进度 names the silent ones beside those who are behind.
    """
    found = []
    if s.problem:
        found.append(Attention("warn", "考核要求不能比较", s.problem, "settings", "rule_set"))
    if s.silent and s.rule_set is None:
        found.append(
            Attention("warn", silent_text(s), names_text(s.silent), "commissioners", {"chip": "silent"})
        )
    return found


def silent_text(s: Summary) -> str:
    """6 人超过 30 天没有记录."""
    return f"{len(s.silent)} 人超过 {SILENT_DAYS} 天没有记录"


def names_text(people: Sequence[Progress], most: int = NAMED) -> str:
    """演示一、演示二 等; the longest for whom it must be said come first."""
    names = [p.place.name or p.place.code for p in people]
    return "、".join(names[:most]) + (" 等" if len(names) > most else "")


def of_doubts(found: "Findings") -> list[Attention]:
    """How many visits of the period wait to be checked, by which rules, and rules that cannot be used."""
    notes = []
    if found.visits:
        told = [
            (count.open, found.rules[rule].title)
            for rule, count in found.counts.items()
            if count.open and found.rules[rule].severity == "doubt"
        ]
        told.sort(key=lambda each: -each[0])
        detail = "、".join(f"{title} {count:,} 条" for count, title in told[:RULES])
        detail += " 等" if len(told) > RULES else ""
        notes.append(
            Attention("warn", f"{found.visits:,} 条记录待核实", detail, "visits", {"state": "doubt"})
        )
    if found.problems:
        notes.append(Attention("warn", "待核实规则有设置不能使用", found.problems[0], "settings", "doubts"))
    return notes
