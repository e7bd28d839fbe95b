"""How a single field is typed: which control takes it, what it offers, and what is wrong with a text."""

from dataclasses import dataclass
from typing import Literal

from commissioner_app import people
from commissioner_app.visits import INDUSTRIES, SATISFACTION, WAYS
from db.entities import entity

Kind = Literal["", "line", "lines", "number", "list", "option"]

MOST = 100_000
_LONG = {"content", "problem", "solution", "opinion", "remark", "tasks", "caption", "agreement"}
_OFFERED: dict[str, tuple[str, ...]] = {
    "satisfaction": SATISFACTION, "industry": INDUSTRIES, "gender": ("男", "女"), "ways": WAYS,
    "industries": INDUSTRIES,
}  # fmt: skip
# Codes, keys and facts of the machine: nobody types them.
_CLOSED = {"county", "public_key", "role", "sha256", "media_type", "size", "taken_at", "file_name", "merged_into",
           "rule_set", "state", "key", "who", "candidate_counties"}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """kind "" is a field that is only chosen, not typed: several columns together, references, codes."""

    kind: Kind
    offered: tuple[str, ...] = ()


def entry_of(name: str, field: str) -> Entry:
    """How a field of an entity is typed by itself."""
    target = entity(name)
    found = target.fields.get(field) if target else None
    if found is None or len(found.columns) > 1 or found.refs[0] or field in _CLOSED:
        return Entry("")
    offered = _OFFERED.get(field, ())
    if found.sets[0]:
        return Entry("list", offered)
    match found.kinds[0]:
        case "int":
            return Entry("number")
        case "text":
            return Entry("lines" if field in _LONG else "option" if offered else "line", offered)
    return Entry("")


def problem(name: str, field: str, text: str) -> str:
    """What is wrong with a text as this field's value, "" for a good or empty one."""
    if entry_of(name, field).kind == "number":
        digits = text.strip()
        if digits and not (digits.isascii() and digits.isdigit()):
            return "请填整数，如 32"
        return "数字太大，请核对" if digits and int(digits) > MOST else ""
    checks = {
        "phone": people.phone_problem, "id_number": people.id_number_problem,
        "birth_month": people.birth_month_problem, "email": people.email_problem,
    }  # fmt: skip
    return checks[field](text).removesuffix("。") if field in checks else ""
