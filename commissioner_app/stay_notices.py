"""What is worth pointing out about places and their stays: nothing of it is forbidden."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from db.queries.roster import AssignmentRow, BatchRow, PlaceRow, covers

Kind = Literal["overlap", "outside", "reversed", "candidate", "none"]
Names = Callable[[str | None], str]

KINDS: dict[Kind, str] = {
    "overlap": "日期重叠",
    "outside": "超出服务期",
    "reversed": "起止颠倒",
    "candidate": "不在可选县",
    "none": "没有安排",
}
"""What is pointed out, the most pressing first, in a word for a list."""


@dataclass(frozen=True)
class Notice:
    """One sentence about a place; stays: the records that it is about."""

    kind: Kind
    text: str
    stays: tuple[str, ...] = ()


def of_place(batch: BatchRow, place: PlaceRow, on: str, name: Names) -> list[Notice]:
    """What is worth pointing out about a place as of a day; `name` gives a county's name."""
    stays = place.assignments
    found: list[Notice] = []
    for n, a in enumerate(stays):
        for b in stays[n + 1 :]:
            if _reversed(a) or _reversed(b) or not _overlap(a, b):
                continue
            text = f"在{name(a.county)}（{_period(a)}）与在{name(b.county)}（{_period(b)}）的日期重叠。"
            found.append(Notice("overlap", text, (a.id, b.id)))
    for a in stays:
        if _reversed(a):
            found.append(Notice("reversed", f"在{name(a.county)}的结束日期早于开始日期。", (a.id,)))
        elif _outside(batch, a):
            whole = f"{batch.service_from or '—'} 至 {batch.service_to or '—'}"
            text = f"在{name(a.county)}的安排（{_period(a)}）超出服务期（{whole}）。"
            found.append(Notice("outside", text, (a.id,)))
        if place.candidate_counties and a.county and a.county not in place.candidate_counties:
            choices = "、".join(name(c) for c in place.candidate_counties)
            found.append(Notice("candidate", f"{name(a.county)}不在可选受援县（{choices}）之内。", (a.id,)))
    if not place.counties(on):
        gap = "没有安排受援县。" if not stays else f"{on} 这一天没有安排受援县。"
        found.append(Notice("none", gap))
    return found


def empty_counties(counties: Iterable[str], places: Collection[PlaceRow], on: str) -> list[str]:
    """Which of these counties no place is assigned to on a day, in their order."""
    served = {c for p in places for c in p.counties(on)}
    return [c for c in counties if c not in served]


def day_notice(batch: BatchRow | None, on: str) -> str:
    """What to say about a day that lies outside the service period; "" for one inside."""
    if batch is None or covers(batch.service_from, batch.service_to, on):
        return ""
    return f"{on} 不在服务期（{batch.service_from or '—'} 至 {batch.service_to or '—'}）内。"


def _overlap(a: AssignmentRow, b: AssignmentRow) -> bool:
    return (a.assigned_from or "") <= (b.assigned_to or "9999") and (b.assigned_from or "") <= (
        a.assigned_to or "9999"
    )


def _reversed(a: AssignmentRow) -> bool:
    return bool(a.assigned_from and a.assigned_to and a.assigned_from > a.assigned_to)


def _outside(batch: BatchRow, a: AssignmentRow) -> bool:
    """Whether a stay reaches beyond the service period; an open end reaches as far as the period does."""
    before = batch.service_from and a.assigned_from and a.assigned_from < batch.service_from
    after = batch.service_to and a.assigned_to and a.assigned_to > batch.service_to
    late = batch.service_to and a.assigned_from and a.assigned_from > batch.service_to
    early = batch.service_from and a.assigned_to and a.assigned_to < batch.service_from
    return bool(before or after or late or early)


def _period(a: AssignmentRow) -> str:
    return f"{a.assigned_from or '—'} 至 {a.assigned_to or '—'}"
