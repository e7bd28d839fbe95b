"""Recipient organisations (受援单位): the register, found by name and place, made while a visit is logged."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from commissioner_app import people, pinyin, tables
from commissioner_app.divisions import Divisions
from commissioner_app.periods import Period
from commissioner_app.statistics import Scope, visit_filter
from db.errors import Refused
from db.ids import computed_id, new_id
from db.journal.changes import Heads
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import names, roster
from db.queries import recipients as queries
from db.queries.recipients import Served
from db.queries.roster import RecipientRow as RecipientRow
from db.queries.visits import VisitFilter

KINDS = ("企业", "合作社", "家庭农场", "村", "基地", "种养大户", "其他")
FIELDS = ("name", "kind", "where", "contact", "phone", "remark")
"""The fields that people fill in."""

COLUMNS = ("名称", "性质", "受援县", "乡镇", "村", "联系人", "联系电话", "服务次数", "最近服务", "备注")
"""The columns of the table that `export` writes."""


@dataclass(frozen=True)
class Registered:
    """A recipient with what happened there: visits of a period and ever, stays that name it."""

    row: RecipientRow
    period: Served
    ever: Served
    stays: int


def listed(ledger: Ledger) -> list[RecipientRow]:
    """All recipients by name."""
    with ledger.read() as connection:
        return roster.recipients(connection)


def register(ledger: Ledger, period: Period) -> list[Registered]:
    """All recipients by name, with the counted visits of a period and all that name them."""
    with ledger.read() as connection:
        within = queries.served(connection, visit_filter(period, Scope()))
        ever = queries.served(connection, VisitFilter())
        stays = queries.stays(connection)
        return [
            Registered(r, within.get(r.id, Served()), ever.get(r.id, Served()), stays.get(r.id, 0))
            for r in roster.recipients(connection)
        ]


def kind_of(name: str) -> str:
    """The kind that a name tells: ××合作社 → 合作社."""
    for word, kind in (("合作社", "合作社"), ("家庭农场", "家庭农场"), ("公司", "企业"), ("厂", "企业"),
                       ("基地", "基地"), ("村", "村"), ("大户", "种养大户")):  # fmt: skip
        if name.endswith(word) or (word in ("公司", "合作社") and word in name):
            return kind
    return "其他"


@lru_cache(maxsize=20_000)
def compact(name: str) -> str:
    """A name as it is compared: full-width letters made plain, no spaces, small letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def match(
    found: Sequence[RecipientRow], name: str, where: Sequence[str | None], but: str = ""
) -> RecipientRow | None:
    """The recipient of that name in that county (or whose county is not known), other than `but`."""
    if but:
        found = [r for r in found if r.id != but]
    # Written the same is the rule, and quick; only where nobody is, the way of writing is looked through.
    same = [r for r in found if r.name == name]
    wanted = compact(name)
    for rows in (same, found):
        loose = None
        for r in rows:
            if rows is found and compact(r.name) != wanted:
                continue
            if r.county == where[0]:
                return r
            if loose is None and (r.county is None or where[0] is None):
                loose = r
        if loose is not None:
            return loose
    return None


def draft(name: str, where: Sequence[str | None]) -> Draft:
    """A new recipient; the same name in the same county is the same record at every station."""
    return Draft("recipient", computed_id("recipient", where[0], name), "insert", {
        "name": name, "kind": kind_of(name), "where": list(where),
    })  # fmt: skip


def found_or_made(
    connection: Connection,
    name: str,
    where: Sequence[str | None],
    found: Sequence[RecipientRow] | None = None,
) -> tuple[str, Draft | None]:
    """The record of a recipient by name, and the draft that makes it where there is none.

    The computed record of a name may since have been merged (then the name is one that those had) or only renamed
    (then it is somebody else's, and a new one is made).
    """
    row = match(roster.recipients(connection) if found is None else found, name, where)
    if row is not None:
        return row.id, None
    made = draft(name.strip(), where)
    known = queries.known(connection, made.record)
    if known is None or known.deleted:
        return made.record, made
    if known.merged:
        return made.record, None
    return (own := new_id()), Draft("recipient", own, "insert", made.values)


def suggestions(ledger: Ledger, county: str | None = None) -> list[tuple[str, str]]:
    """(name, pinyin and initials) of the recipients for a field that suggests; those of the county first."""
    rows = listed(ledger)
    rows.sort(key=lambda r: county is not None and r.county != county)
    return [(name, search_keys(name)) for name in dict.fromkeys(r.name for r in rows) if name]


@lru_cache(maxsize=20_000)
def search_keys(text: str) -> str:
    """The pinyin of a text and its initials: 赵堡镇 → "zhaobaozhen zbz"."""
    return pinyin.keys(text)


def members(ledger: Ledger, recipient: str) -> list[str]:
    """The records that are one with a recipient (itself first): their histories are its history."""
    with ledger.read() as connection:
        return queries.members(connection, recipient)


def may_edit(ledger: Ledger, recipient: str) -> bool:
    """Whether this station may change a recipient: a county those in it, a commissioner those it entered."""
    with ledger.read() as connection:
        return ledger.may_write(connection, "recipient", recipient, "update", {"remark": "…"})


def save(
    ledger: Ledger, recipient: str | None, values: dict[str, Any], opened: Heads | None = None
) -> Outcome:
    """Enter a recipient (None) or change one: name, kind, where [county, township, village], contact, phone, remark.

    `opened` is what the editor showed. Raises Refused for a name that is missing or taken in its county.
    """
    values = dict(values)
    if recipient is None or "name" in values:
        values["name"] = str(values.get("name") or "").strip()
        if not values["name"]:
            raise Refused("请填写受援单位名称。")
    if problem := people.phone_problem(str(values.get("phone") or "")):
        raise Refused(problem)
    name = str(values.get("name") or "")
    if recipient is not None:
        label = f"修改受援单位 {name}".strip()
        return ledger.write(label, [Draft("recipient", recipient, "update", values, opened)])
    where = values.get("where") or [None] * 3

    def drafts(connection: Connection) -> list[Draft]:
        found = roster.recipients(connection)
        if (taken := match(found, name, where)) is not None and taken.county == where[0]:
            raise Refused(f"已有“{taken.name}”，没有再建一个。")
        # Two of the same name in different counties are two, so only this county's counts as found.
        record, made = found_or_made(connection, name, where, [r for r in found if r.county == where[0]])
        if made is None:
            stands = names.name(connection, "recipient", queries.stands_for(connection, record))
            raise Refused(f"“{name}”已并入“{stands}”，没有再建一个。")
        return [Draft("recipient", record, "insert", {**made.values, **values})]

    return ledger.write(f"新增受援单位 {name}", drafts)


def delete(ledger: Ledger, recipient: str, opened: Heads | None = None) -> Outcome:
    """Delete a recipient with what was merged into it. Raises Refused while visits or stays name it."""

    def drafts(connection: Connection) -> list[Draft]:
        records = queries.members(connection, recipient)
        visits, stays = queries.naming(connection, records)
        if visits or stays:
            name = names.name(connection, "recipient", recipient)
            parts = [f"{visits:,} 条服务记录"] * bool(visits) + [f"{stays:,} 段受援县安排"] * bool(stays)
            raise Refused(f"“{name}”有 {'、'.join(parts)}，不能删除。如与别的单位重复，可以合并。")
        gone = {"_deleted": True}
        return [Draft("recipient", r, "delete", gone, opened if r == recipient else None) for r in records]

    return ledger.write("删除受援单位", drafts)


def export(ledger: Ledger, path: Path, period: Period, chosen: Sequence[str] | None = None) -> int:
    """Write the register (or the chosen ones, in their order) as a table; the number of rows."""
    divisions = Divisions.of(ledger)
    known = {r.row.id: r for r in register(ledger, period)}
    rows = []
    for record in known if chosen is None else chosen:
        if (each := known.get(record)) is not None:
            r = each.row
            rows.append([
                r.name, r.kind, divisions.name(r.county), divisions.name(r.township), divisions.name(r.village),
                r.contact, r.phone, each.period.visits, each.period.last, r.remark,
            ])  # fmt: skip
    tables.write(path, "受援单位", list(COLUMNS), rows, (32, 10, 10, 14, 14, 10, 16, 10, 12, 24))
    return len(rows)


__all__ = [
    "COLUMNS",
    "FIELDS",
    "KINDS",
    "RecipientRow",
    "Registered",
    "compact",
    "delete",
    "draft",
    "export",
    "found_or_made",
    "kind_of",
    "listed",
    "match",
    "may_edit",
    "members",
    "register",
    "save",
    "search_keys",
    "suggestions",
]


def names_by_id(ledger: Ledger) -> dict[str, str]:
    """The name of every recipient by id; of one that was merged, the name of the one that stands for it."""
    with ledger.read() as connection:
        return roster.recipient_names(connection)
