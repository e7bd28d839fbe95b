"""Commissioners and their private data: reading, making, changing, deleting; who holds which place is in tenures."""

import re
from typing import Any

from commissioner_app.personal import (
    birth_month,
    birth_month_problem,
    email_problem,
    id_number_problem,
    id_number_tells,
    mask_id,
    mask_phone,
    phone_problem,
    private_id,
    tidy_id,
    tidy_name,
)
from commissioner_app.tenures import change_drafts, free_from, leave_place, spare, tenure_draft
from db.errors import Refused
from db.ids import computed_id, new_id
from db.journal.changes import Heads
from db.ledger import Draft, Ledger, Outcome
from db.queries import names, roster
from db.queries import people as queries
from db.queries.roster import Named

PERSON_FIELDS = ("name", "gender", "birth_month", "organisation", "department", "title", "post", "degree",
                 "specialty", "industries", "remark")  # fmt: skip
PRIVATE_FIELDS = ("phone", "id_number", "email")


def person(ledger: Ledger, commissioner: str) -> dict[str, Any]:
    """All fields of a commissioner, private ones included; {} where there is no such person.

    Of merged ones the record that stands for them tells; what it lacks of private data may stand with another.
    """
    folded = ledger.folded(commissioner)
    if folded is None or folded.deleted:
        return {}
    values = dict(folded.values)
    for record in _joined(ledger, commissioner):
        private = ledger.folded(private_id(record))
        if private and not private.deleted:
            values |= {f: values.get(f) or private.values.get(f) for f in PRIVATE_FIELDS}
    return values


def seen(ledger: Ledger, commissioner: str) -> dict[str, Heads]:
    """What an editor of the person shows when it opens, for all of their records."""
    records = [commissioner, *(private_id(r) for r in _joined(ledger, commissioner))]
    return {r: ledger.seen(r) for r in records}


def _joined(ledger: Ledger, commissioner: str) -> list[str]:
    with ledger.read() as connection:
        return queries.joined(connection, "commissioner", commissioner)


def private_drafts(
    ledger: Ledger, commissioner: str, values: dict[str, Any], opened: dict[str, Heads] | None = None
) -> list[Draft]:
    """Drafts of somebody's private data; of merged ones all have the same, for each goes to other stations."""
    drafts = []
    with ledger.read() as connection:
        for record in queries.joined(connection, "commissioner", commissioner):
            secret, wanted = private_id(record), {"commissioner": record, **values}
            own = record == commissioner
            if own or ledger.may_write(connection, "commissioner_private", secret, "update", values):
                seen_heads = (opened or {}).get(secret) or None
                drafts.append(Draft("commissioner_private", secret, "update", wanted, seen_heads))
    return drafts


def organisation_drafts(ledger: Ledger, name: str) -> tuple[str | None, list[Draft]]:
    """The organisation of that name or alias, with the drafts that make it where it is new."""
    wanted = re.sub(r"\s+", "", name)
    if not wanted:
        return None, []
    with ledger.read() as connection:
        for found in roster.organisations(connection):
            if wanted == found.name or wanted in found.aliases:
                return found.id, []
    record = computed_id("organisation", wanted)
    return record, [Draft("organisation", record, "insert", {"name": wanted})]


def person_drafts(
    ledger: Ledger,
    commissioner: str | None,
    values: dict[str, Any],
    opened: dict[str, Heads] | None = None,
) -> tuple[str, str, list[Draft]]:
    """(label, the person's record, drafts) of creating or changing a person. Raises Refused."""
    values = dict(values)
    drafts: list[Draft] = []
    if "name" in values:
        values["name"] = tidy_name(str(values["name"] or ""))
        if not values["name"]:
            raise Refused("请填写姓名。")
    elif commissioner is None:
        raise Refused("请填写姓名。")
    for problem in (
        phone_problem(str(values.get("phone") or "")),
        id_number_problem(str(values.get("id_number") or "")),
        birth_month_problem(str(values.get("birth_month") or "")),
    ):
        if problem:
            raise Refused(problem)
    if values.get("birth_month"):
        values["birth_month"] = birth_month(str(values["birth_month"]))
    if values.get("id_number"):
        values["id_number"] = tidy_id(str(values["id_number"]))
    if "organisation_name" in values:
        values["organisation"], made = organisation_drafts(ledger, str(values.pop("organisation_name") or ""))
        drafts += made
    record = commissioner or new_id()
    own = {f: v for f, v in values.items() if f in PERSON_FIELDS}
    private = {f: v for f, v in values.items() if f in PRIVATE_FIELDS}
    opened = opened or {}
    if own or commissioner is None:
        drafts.append(
            Draft("commissioner", record, "update" if commissioner else "insert", own, opened.get(record))
        )
    if private and (any(private.values()) or commissioner):
        drafts += private_drafts(ledger, record, private, opened)
    label = f"录入特派员 {values['name']}" if commissioner is None else f"修改特派员 {values.get('name', '')}"
    return label.strip(), record, drafts


def save_person(
    ledger: Ledger,
    commissioner: str | None,
    values: dict[str, Any],
    *,
    place: str | None = None,
    held_from: str | None = None,
    opened: dict[str, Heads] | None = None,
) -> Outcome:
    """Create or change a person; `organisation_name` in values finds or makes the sending organisation.

    With `place` a new person takes that place from `held_from` on (the whole period for None). Raises Refused.
    """
    label, record, drafts = person_drafts(ledger, commissioner, values, opened)
    if commissioner is None and place:
        drafts.append(tenure_draft(place, record, held_from, None))
    return ledger.write(label, drafts)


def save_entry(
    ledger: Ledger,
    place: str,
    *,
    place_values: dict[str, Any] | None = None,
    place_opened: Heads | None = None,
    commissioner: str | None = None,
    person_values: dict[str, Any] | None = None,
    opened: dict[str, Heads] | None = None,
    joins: bool = False,
) -> Outcome:
    """Save a place and the person on it in one operation, as the window shows them together.

    Without `commissioner` person_values with a name make a new person on the place; with `joins` a known one
    takes it. Whoever comes to a place that somebody has left begins the day after. Raises Refused.
    """
    drafts: list[Draft] = []
    label = "修改名额"
    if place_values:
        values = dict(place_values)
        if "organisation_name" in values:
            values["organisation"], made = organisation_drafts(
                ledger, str(values.pop("organisation_name") or "")
            )
            drafts += made
        drafts.append(Draft("appointment", place, "update", values, place_opened))
    record = commissioner
    if person_values:
        label, record, more = person_drafts(ledger, commissioner, person_values, opened)
        drafts += more
    if record is not None and (joins or commissioner is None):
        drafts.append(tenure_draft(place, record, free_from(ledger, place), None))
        label = label if commissioner is None else "安排特派员到名额"
    return ledger.write(label, drafts)


def change_person(
    ledger: Ledger, place: str, from_day: str, *, commissioner: str | None = None, name: str = ""
) -> Outcome:
    """换人: somebody known, or a new person of that name, holds a place from a day on. Raises Refused.

    Whoever holds it now leaves the day before; visits stay with who made them.
    """
    record, who = commissioner, name
    made: list[Draft] = []
    if record is None:
        _, record, made = person_drafts(ledger, None, {"name": name})
    else:
        who = str(person(ledger, record).get("name") or "")
    drafts = [*made, *change_drafts(ledger, place, record, from_day)]
    return ledger.write(f"换人：{tidy_name(who)}", drafts)


def organisations(ledger: Ledger) -> list[Named]:
    """The sending organisations by name."""
    with ledger.read() as connection:
        return roster.organisations(connection)


def organisation_names(ledger: Ledger) -> list[str]:
    """The names of the sending organisations."""
    with ledger.read() as connection:
        return [o.name for o in roster.organisations(connection)]


def delete_person(ledger: Ledger, commissioner: str) -> Outcome:
    """Delete a person and their times at places; refused while visits name them. Of merged ones all go."""
    drafts: list[Draft] = []
    with ledger.read() as connection:
        records = queries.joined(connection, "commissioner", commissioner)
        visits = sum(roster.visits_naming(connection, "commissioner", r) for r in records)
        for record in records:
            tenures = roster.tenures_of(connection, record)
            drafts += [Draft("appointment_person", t, "delete", {"_deleted": True}) for t in tenures]
    if visits:
        raise Refused(f"这位特派员有 {visits} 条服务记录，不能删除。可以改为结束其任期。")
    for record in records:
        drafts.append(Draft("commissioner", record, "delete", {"_deleted": True}))
        if ledger.folded(private_id(record)):
            drafts.append(Draft("commissioner_private", private_id(record), "delete", {"_deleted": True}))
    return ledger.write("删除特派员", drafts)


def organisation_of(ledger: Ledger, organisation: str | None) -> str:
    """The name of a sending organisation, of a merged one that of who stands for it; "" for none."""
    if not organisation:
        return ""
    with ledger.read() as connection:
        stands = queries.joined(connection, "organisation", organisation)[0]
        return names.name(connection, "organisation", stands)


__all__ = [
    "PERSON_FIELDS",
    "PRIVATE_FIELDS",
    "birth_month",
    "birth_month_problem",
    "change_person",
    "delete_person",
    "email_problem",
    "free_from",
    "id_number_problem",
    "id_number_tells",
    "leave_place",
    "mask_id",
    "mask_phone",
    "organisation_drafts",
    "organisation_names",
    "organisation_of",
    "person",
    "person_drafts",
    "phone_problem",
    "private_id",
    "save_entry",
    "save_person",
    "seen",
    "spare",
    "tenure_draft",
    "tidy_id",
    "tidy_name",
]
