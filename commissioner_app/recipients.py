"""Recipient organisations (受援单位): found by name and place, made while a visit is logged."""

from db.ids import computed_id
from db.ledger import Draft, Ledger
from db.queries import roster
from db.queries.roster import RecipientRow

KINDS = ("企业", "合作社", "家庭农场", "村", "基地", "种养大户", "其他")


def listed(ledger: Ledger) -> list[RecipientRow]:
    """All recipients by name."""
    with ledger.read() as connection:
        return roster.recipients(connection)


def kind_of(name: str) -> str:
    """The kind that a name tells: ××合作社 → 合作社."""
    for word, kind in (("合作社", "合作社"), ("家庭农场", "家庭农场"), ("公司", "企业"), ("厂", "企业"),
                       ("基地", "基地"), ("村", "村"), ("大户", "种养大户")):  # fmt: skip
        if name.endswith(word) or (word in ("公司", "合作社") and word in name):
            return kind
    return "其他"


def match(found: list[RecipientRow], name: str, where: list[str | None]) -> RecipientRow | None:
    """The recipient of that name in that county (or whose county is not known)."""
    for r in found:
        if r.name == name and (r.county == where[0] or r.county is None or where[0] is None):
            return r
    return None


def draft(name: str, where: list[str | None]) -> Draft:
    """A new recipient; the same name in the same county is the same record at every station."""
    return Draft("recipient", computed_id("recipient", where[0], name), "insert", {
        "name": name, "kind": kind_of(name), "where": where,
    })  # fmt: skip
