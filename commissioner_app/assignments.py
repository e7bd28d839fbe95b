"""受援县安排: which place serves which county, from when to when."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commissioner_app import recipients
from commissioner_app.periods import day
from db.errors import Refused
from db.ids import new_id
from db.journal.changes import Heads
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import assignments as queries
from db.queries import roster
from db.queries.roster import AssignmentRow, BatchRow, PlaceRow, covers

AGREEMENT_STATES = ("未签", "已签", "已归档")
"""How far the 三方协议 of a stay is."""

SCAN = "三方协议"
"""The kind of the attachments that a stay has: the signed agreement."""


# -- who may ---------------------------------------------------------------------------------------------


def may_move(role: str) -> bool:
    """Whether a station of this role decides which county a place serves (db/journal/rights.py)."""
    return role == "bureau"


def may_fill_in(role: str, own: str | None, county: str | None) -> bool:
    """Whether a station (role, own county) may fill in the details of a stay in a county."""
    return role == "bureau" or (role == "county" and own is not None and own == county)


def why_not(role: str) -> str:
    """What a station that may not move places is told."""
    if role == "county":
        return "受援县安排由市科技局确定，本机可以补充本县的乡镇、受援单位和三方协议。"
    return "受援县安排由市科技局确定，本机只能查看。"


# -- moving ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What a move does to one place; `begins` is the first day in the new county, None if nothing begins."""

    drafts: list[Draft] = field(default_factory=list)
    begins: str | None = None


def draft(
    place: str, county: str, start: str | None, end: str | None, townships: list[str] | None = None
) -> Draft:
    """A place's stay in a county."""
    return Draft("assignment", new_id(), "insert", {
        "appointment": place, "where": [county, townships or None], "period": [start, end],
    })  # fmt: skip


def plan(
    batch: BatchRow,
    place: PlaceRow,
    county: str | None,
    on: str,
    whole: bool = True,
    scanned: Collection[str] = (),
) -> Plan:
    """What it takes that from a day on a place is in this county and only there (None: 待安排).

    A stay that began before that day ends the day before; one that begins then or later, or ends then, is meant
    to be corrected: nobody means a stay of one day. A corrected stay that holds something of its county
    (townships, recipients, agreement, a scan: `scanned`) is removed and another begun, else it is changed.
    `whole`: a place that was never assigned serves from the beginning of the service period, not from that day.
    """
    current = [a for a in place.assignments if covers(a.assigned_from, a.assigned_to, on)]
    kept = next((a for a in current if county is not None and a.county == county), None)
    wanted = county is not None and kept is None
    drafts: list[Draft] = []
    start, end = on, _free_until(batch, place, on)
    if not place.assignments and whole and batch.service_from:
        start = batch.service_from
    for stay in (a for a in current if a is not kept):
        fresh = (stay.assigned_from or "") >= on or (stay.assigned_to is not None and on >= stay.assigned_to)
        if wanted:
            start, end = ((stay.assigned_from or on) if fresh else on), stay.assigned_to
        if not fresh:
            drafts.append(
                Draft("assignment", stay.id, "update", {"period": [stay.assigned_from, _shift(on, -1)]})
            )
        elif wanted and not _filled_in(stay, scanned):
            drafts.append(Draft("assignment", stay.id, "update", {"where": [county, None]}))
            wanted = False
        else:
            drafts.append(Draft("assignment", stay.id, "delete", {"_deleted": True}))
    begun = county is not None and kept is None
    if wanted and county is not None:
        drafts.append(draft(place.id, county, start, end))
    return Plan(drafts, start if begun else None)


def move(
    ledger: Ledger,
    batch: BatchRow,
    found: Sequence[PlaceRow],
    county: str | None,
    on: str,
    whole: bool = True,
) -> Outcome:
    """Assign places to a county from a day on (None: back to 待安排), in one operation; see `plan`."""
    on = day(on)
    wanted = {p.id for p in found}

    def drafts(connection: Connection) -> list[Draft]:
        # Planned from what is there now: another process may have moved a place since the board was read.
        rows = [p for p in roster.places(connection, batch.id, on) if p.id in wanted]
        scanned = queries.with_scans(connection, [a.id for p in rows for a in p.assignments])
        return [d for p in rows for d in plan(batch, p, county, on, whole, scanned).drafts]

    label = "调整受援县安排" if len(found) == 1 else f"调整 {len(found)} 个名额的受援县安排"
    return ledger.write(label, drafts)


def begins(
    batch: BatchRow, found: Sequence[PlaceRow], county: str | None, on: str, whole: bool = True
) -> str | None:
    """From when all of these places would be in a county after a move, None where they differ."""
    days = {plan(batch, p, county, on, whole).begins for p in found} - {None}
    return days.pop() if len(days) == 1 else None


def add(ledger: Ledger, batch: BatchRow, place: str, county: str, start: str | None = None) -> Outcome:
    """One more stay beside those that a place has; without `start` for the whole service period."""
    stay = draft(place, county, day(start) if start else batch.service_from, batch.service_to)
    return ledger.write("添加一段受援县安排", [stay])


def _shift(iso: str, days: int) -> str:
    return (dt.date.fromisoformat(iso) + dt.timedelta(days=days)).isoformat()


def _free_until(batch: BatchRow, place: PlaceRow, on: str) -> str | None:
    """The last day of a new stay: before the next one begins, else with the service period."""
    later = [a.assigned_from for a in place.assignments if a.assigned_from and a.assigned_from > on]
    if later:
        return _shift(min(later), -1)
    return batch.service_to if batch.service_to and batch.service_to >= on else None


def _filled_in(stay: AssignmentRow, scanned: Collection[str]) -> bool:
    return bool(
        stay.townships or stay.recipients or stay.agreement_number or stay.agreement_date
        or stay.agreement_state or stay.id in scanned
    )  # fmt: skip


# -- details ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """Recipients of a county to choose from (id → name), and those that stays name, under who stands for them."""

    names: dict[str, str]
    stands: dict[str, str]


def known_recipients(ledger: Ledger, county: str | None, named: Collection[str] = ()) -> Known:
    """The recipients of a county (and those without one), and those that are `named` wherever they are."""
    with ledger.read() as connection:
        rows = [r for r in roster.recipients(connection) if r.county in (None, county)]
        old = queries.recipient_names(connection, list(named))
    names = {stands: name for stands, name in old.values()}
    names.update((r.id, r.name) for r in rows)
    return Known(names, {record: stands for record, (stands, _) in old.items()})


def save(ledger: Ledger, assignment: str, values: dict[str, Any], opened: Heads | None = None) -> Outcome:
    """Change a stay; see `save_many`."""
    return save_many(ledger, {assignment: (values, opened)})


def save_many(ledger: Ledger, wanted: Mapping[str, tuple[dict[str, Any], Heads | None]]) -> Outcome:
    """Change several stays in one operation: record → (values, what the editor showed). Raises Refused.

    Values: `where` [county, townships], `period`, `agreement` [number, date, state], `recipients` (ids),
    `remark`; `new_recipients` are names, found in the stay's county or made there.
    """
    tidy: dict[str, tuple[dict[str, Any], Heads | None]] = {}
    for record, (values, opened) in wanted.items():
        period = values.get("period")
        if isinstance(period, list):
            start, end = (day(p) if p else None for p in period)
            if start and end and start > end:
                raise Refused("安排的结束日期早于开始日期。")
            values = {**values, "period": [start, end]}
        agreement = values.get("agreement")
        if isinstance(agreement, list):
            number, signed, state = agreement
            values = {**values, "agreement": [number, day(signed) if signed else None, state]}
        tidy[record] = (values, opened)

    def drafts(connection: Connection) -> list[Draft]:
        made: dict[str, Draft] = {}
        changed: list[Draft] = []
        known = roster.recipients(connection)
        for record, (values, opened) in tidy.items():
            values = dict(values)
            names = [n.strip() for n in values.pop("new_recipients", []) if n.strip()]
            if names:
                where = [queries.county(connection, record), None, None]
                ids = list(values.get("recipients") or [])
                for name in names:
                    recipient, new = recipients.found_or_made(connection, name, where, known)
                    if new is not None:
                        made[new.record] = new
                    ids.append(recipient)
                values["recipients"] = sorted(set(ids))
            changed.append(Draft("assignment", record, "update", values, opened))
        return [*made.values(), *changed]

    return ledger.write("修改受援县安排", drafts)


def delete(ledger: Ledger, assignment: str) -> Outcome:
    """Remove a stay."""
    return ledger.write("删除受援县安排", [Draft("assignment", assignment, "delete", {"_deleted": True})])
