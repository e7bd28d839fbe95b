"""Merging (合并): two records of people or sending organisations that are one, side by side, and made one.

Merging writes `merged_into` and the chosen values on the record that stands for both (the smallest id, see
db/journal/merged.py): nothing is deleted, both histories stay, and undoing parts them again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from commissioner_app import people
from commissioner_app.duplicates import Pair, person_title
from commissioner_app.personal import mask_id, private_id, tidy_name
from db.entities import Field, entities
from db.errors import Refused
from db.journal.changes import Heads
from db.ledger import Draft, Ledger, Outcome
from db.queries import people as queries
from db.queries.people import OrganisationFacts, PersonFacts


@dataclass(frozen=True)
class Side:
    """One of two records as they are compared: its values by field, the same in words, and what hangs on it.

    weight: how much hangs on it, and how many fields are filled in.
    """

    record: str
    title: str
    values: dict[str, Any]
    words: dict[str, str]
    facts: tuple[tuple[str, str], ...]
    weight: tuple[int, int] = (0, 0)
    opened: dict[str, Heads] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """Both sides, the fields in order with their Chinese names, what a person should know before merging."""

    entity: str
    sides: tuple[Side, Side]
    fields: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...] = ()


_PERSON_FIELDS = (
    ("name", "姓名"), ("gender", "性别"), ("birth_month", "出生年月"), ("organisation", "派出单位"),
    ("department", "院系部门"), ("title", "职称"), ("post", "职务"), ("degree", "学历学位"), ("specialty", "专业"),
    ("industries", "服务产业"), ("phone", "联系电话"), ("id_number", "身份证号"), ("email", "电子邮箱"),
    ("remark", "备注"),
)  # fmt: skip
_ORGANISATION_FIELDS = (("name", "名称"), ("aliases", "别名"), ("remark", "备注"))
PRIVATE = ("phone", "id_number", "email")


def compare(ledger: Ledger, pair: Pair) -> Comparison | None:
    """Both records of a pair side by side; None where one of them is gone or merged by now."""
    with ledger.read() as connection:
        if pair.entity == "organisation":
            units = {o.id: o for o in queries.all_organisations(connection)}
            return _compare_organisations(ledger, pair, units)
        found = {p.id: p for p in queries.all_people(connection)}
    a, b = found.get(pair.one), found.get(pair.other)
    if a is None or b is None:
        return None
    warnings = []
    both = sorted({y for p in (a, b) for y in _batches(p.open_places)})
    twice = [y for y in both if all(y in _batches(p.open_places) for p in (a, b))]
    if twice:
        places = "、".join([*a.open_places, *b.open_places])
        warnings.append(f"两人在同一批次各占一个名额（{places}），合并后请核对其中一个。")
    if tidy_name(a.name) != tidy_name(b.name):
        warnings.append("两人姓名不同，合并前请核实。")
    return Comparison(
        "commissioner", (_person_side(ledger, a), _person_side(ledger, b)), _PERSON_FIELDS, tuple(warnings)
    )


def _batches(codes: Iterable[str]) -> set[str]:
    return {code.split("-")[0] for code in codes}


def _person_side(ledger: Ledger, p: PersonFacts) -> Side:
    values = {**p.values, "name": p.name, "organisation": p.organisation, "phone": p.phone or None}
    values["id_number"] = p.id_number or None
    values["email"] = p.values.get("email") or None
    days = f"{p.half_days / 2:g}"
    facts = (
        ("名额", "、".join(p.places) or "—"),
        ("服务记录", f"{p.visits:,} 次 · {days} 天" if p.visits else "—"),
    )
    words = {name: _words(values.get(name)) for name, _ in _PERSON_FIELDS}
    words |= {"organisation": p.organisation_name or "—", "id_number": mask_id(p.id_number) or "—"}
    opened = people.seen(ledger, p.id)
    weight = (p.visits, sum(1 for v in values.values() if v))
    return Side(p.id, person_title(p.name, p.organisation_name), values, words, facts, weight, opened)


def _words(value: Any) -> str:
    return "、".join(str(v) for v in value) if isinstance(value, list) and value else str(value or "—")


def _compare_organisations(
    ledger: Ledger, pair: Pair, units: Mapping[str, OrganisationFacts]
) -> Comparison | None:
    sides = []
    for record in (pair.one, pair.other):
        o = units.get(record)
        if o is None:
            return None
        values = {"name": o.name, "aliases": list(o.aliases) or None, "remark": o.remark or None}
        facts = (("特派员", f"{o.people:,} 人"), ("名额", f"{o.places:,} 个"), ("服务团", f"{o.teams:,} 个"))
        words = {name: _words(value) for name, value in values.items()}
        weight = (o.people + o.places + o.teams, len(o.name))
        sides.append(Side(record, o.name, values, words, facts, weight, {record: ledger.seen(record)}))
    return Comparison("organisation", (sides[0], sides[1]), _ORGANISATION_FIELDS)


def is_list(comparison: Comparison, name: str) -> bool:
    """Whether a field is a list: of both sides all entries stay."""
    return _field(comparison.entity, name).sets[0]


def _field(entity: str, name: str) -> Field:
    return entities()["commissioner_private" if name in PRIVATE else entity].fields[name]


def differs(comparison: Comparison, name: str) -> bool:
    """Whether the two sides have different values of a field."""
    one, other = (side.values.get(name) for side in comparison.sides)
    target = _field(comparison.entity, name)
    return bool(target.canonical(one) != target.canonical(other))


def proposed(comparison: Comparison) -> dict[str, int]:
    """Which side (0, 1) is proposed for each field: what is filled in; where both are, that of more visits."""
    a, b = comparison.sides
    better = 1 if b.weight > a.weight else 0
    found = {}
    for name, _label in comparison.fields:
        filled = [n for n, side in enumerate(comparison.sides) if side.values.get(name)]
        found[name] = filled[0] if len(filled) == 1 else better
    if comparison.entity == "organisation":
        names = [str(side.values["name"]) for side in comparison.sides]
        found["name"] = 1 if len(names[1]) > len(names[0]) else 0  # the full name rather than the short one
    return found


def merge(ledger: Ledger, comparison: Comparison, chosen: Mapping[str, int]) -> Outcome:
    """Make one of two in one operation; chosen: the side (0, 1) whose value stays, by field.

    The smallest id stands for both. Lists are joined; the other name of an organisation becomes its alias.
    Raises Refused where this station may not, or one of them is gone.
    """
    low, high = sorted(side.record for side in comparison.sides)
    entity = comparison.entity
    with ledger.read() as connection:
        for record in (low, high):
            if queries.joined(connection, entity, record)[0] != record:
                raise Refused("其中一条刚被合并，请重新查找。")
    if any((f := ledger.folded(r)) is None or f.deleted for r in (low, high)):
        raise Refused("其中一条已被删除，没有合并。")
    opened: dict[str, Heads] = {}
    for side in comparison.sides:
        opened |= side.opened
    kept = next(side for side in comparison.sides if side.record == low)
    values: dict[str, Any] = {}
    for name, _label in comparison.fields:
        value = comparison.sides[chosen.get(name, 0)].values.get(name)
        if is_list(comparison, name):
            value = sorted({v for side in comparison.sides for v in side.values.get(name) or ()}) or None
        values[name] = value
    if entity == "organisation":
        every = [str(side.values["name"]) for side in comparison.sides] + list(values["aliases"] or ())
        values["aliases"] = sorted({each for each in every if each and each != values["name"]}) or None
    private = {name: values.pop(name) for name in PRIVATE if name in values}
    changed = {name: v for name, v in values.items() if v != kept.values.get(name)}
    drafts = [Draft(entity, high, "update", {"merged_into": low})]
    if changed:
        drafts.append(Draft(entity, low, "update", changed, opened.get(low)))
    if private:
        with ledger.read() as connection:
            members = [r for side in (low, high) for r in queries.joined(connection, entity, side)]
        for record in members:
            known = ledger.folded(private_id(record))
            if known is not None or any(private.values()):
                secret = private_id(record)
                wanted = {"commissioner": record, **private}
                drafts.append(
                    Draft("commissioner_private", secret, "update", wanted, opened.get(secret) or None)
                )
    what = "特派员" if entity == "commissioner" else "派出单位"
    return ledger.write(f"合并{what} {values['name'] or ''}".strip(), drafts)
