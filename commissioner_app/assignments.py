"""受援县安排: which place serves which county, from when to when."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from commissioner_app.periods import day
from db.errors import Refused
from db.ids import new_id
from db.journal.changes import Heads
from db.ledger import Draft, Ledger, Outcome
from db.queries.roster import AssignmentRow, BatchRow, PlaceRow, covers

AGREEMENT_STATES = ("未签", "已签", "已归档")
"""How far the 三方协议 of a stay is."""


def draft(
    place: str, county: str, start: str | None, end: str | None, townships: list[str] | None = None
) -> Draft:
    """A place's stay in a county."""
    return Draft("assignment", new_id(), "insert", {
        "appointment": place, "where": [county, townships or None], "period": [start, end],
    })  # fmt: skip


def move(ledger: Ledger, batch: BatchRow, found: list[PlaceRow], county: str | None, on: str) -> Outcome:
    """Assign places to a county from a day on (None: back to 待安排).

    A stay that began before that day ends the day before; one that begins then or later is changed or removed,
    so that a move taken back the same day leaves no trace but its history. A first stay covers the whole period.
    """
    on = day(on)
    before = (dt.date.fromisoformat(on) - dt.timedelta(days=1)).isoformat()
    drafts: list[Draft] = []
    for place in found:
        current = [a for a in place.assignments if covers(a.assigned_from, a.assigned_to, on)]
        if county is not None and [a.county for a in current] == [county]:
            continue
        reused = False
        for stay in current:
            # On its first day or its last a move corrects the stay: nobody means a stay of one day at its end.
            fresh = (stay.assigned_from or "") >= on or (
                stay.assigned_to is not None and on >= stay.assigned_to
            )
            if fresh and county is not None and not reused:
                drafts.append(Draft("assignment", stay.id, "update", {"where": [county, None]}))
                reused = True
            elif fresh:
                drafts.append(Draft("assignment", stay.id, "delete", {"_deleted": True}))
            else:
                drafts.append(
                    Draft("assignment", stay.id, "update", {"period": [stay.assigned_from, before]})
                )
        if county is not None and not reused:
            # A place that was never assigned serves from the beginning of the period.
            start = on if place.assignments else batch.service_from or on
            drafts.append(draft(place.id, county, start, batch.service_to))
    label = "调整受援县安排" if len(found) == 1 else f"调整 {len(found)} 个名额的受援县安排"
    return ledger.write(label, drafts)


def save(ledger: Ledger, assignment: str, values: dict[str, Any], opened: Heads | None = None) -> Outcome:
    """Change a stay: `where` [county, townships], `period`, `agreement` [number, date, state]. Raises Refused."""
    return save_many(ledger, {assignment: (values, opened)})


def save_many(ledger: Ledger, wanted: Mapping[str, tuple[dict[str, Any], Heads | None]]) -> Outcome:
    """Change several stays in one operation: record → (values, what the editor showed). Raises Refused."""
    drafts = []
    for record, (values, opened) in wanted.items():
        period = values.get("period")
        if isinstance(period, list):
            start, end = (day(p) if p else None for p in period)
            if start and end and start > end:
                raise Refused("安排的结束日期早于开始日期。")
            values = {**values, "period": [start, end]}
        drafts.append(Draft("assignment", record, "update", values, opened))
    return ledger.write("修改受援县安排", drafts)


def delete(ledger: Ledger, assignment: str) -> Outcome:
    """Remove a stay."""
    return ledger.write("删除受援县安排", [Draft("assignment", assignment, "delete", {"_deleted": True})])


def notices(batch: BatchRow, place: PlaceRow) -> list[str]:
    """What is worth pointing out about a place's stays (nothing is forbidden)."""
    found = []
    stays: list[AssignmentRow] = list(place.assignments)
    for n, a in enumerate(stays):
        if (batch.service_from and (a.assigned_from or "9") < batch.service_from) or (
            batch.service_to and (a.assigned_to or "") > batch.service_to
        ):
            found.append("安排的日期超出服务期。")
        for b in stays[n + 1 :]:
            if (a.assigned_from or "") <= (b.assigned_to or "9999") and (b.assigned_from or "") <= (
                a.assigned_to or "9999"
            ):
                found.append("有两段安排的日期重叠。")
    return list(dict.fromkeys(found))
