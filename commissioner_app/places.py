"""Places (名额) of a batch: listing, making, changing, finding."""

from typing import Any

from commissioner_app import batches
from commissioner_app.periods import today
from db.errors import Refused
from db.ids import computed_id
from db.journal.changes import Heads
from db.ledger import Draft, Ledger, Outcome
from db.queries import roster
from db.queries.roster import BatchRow, PlaceRow


def listed(ledger: Ledger, batch: BatchRow | None, on: str | None = None) -> list[PlaceRow]:
    """The places of a batch with who holds them on a day (default: today within the service period)."""
    with ledger.read() as connection:
        return roster.places(connection, batch.id if batch else None, on or batches.reference_day(batch))


def find(found: list[PlaceRow], text: str) -> list[PlaceRow]:
    """The places of a name or 名额编号 (an exact match of either)."""
    wanted = "".join(text.split())
    return [p for p in found if wanted in (p.code, p.name) or any(h.name == wanted for h in p.people)]


def code_stem(year: int | None, category: str) -> str:
    """What the 名额编号 of a category begin with: 2022-省派-."""
    short = "团" if category.startswith("服务团") else category or "其他"
    return f"{year or ''}-{short}-"


def next_code(found: list[PlaceRow], year: int | None, category: str) -> str:
    """The next 名额编号 of a category: 2022-省派-17."""
    stem = code_stem(year, category)
    numbers = [
        int(p.code.removeprefix(stem))
        for p in found
        if p.code.startswith(stem) and p.code[len(stem) :].isdigit()
    ]
    return f"{stem}{max(numbers, default=0) + 1:02d}"


def draft(code: str, batch: str, values: dict[str, Any]) -> Draft:
    """A new place; the same 名额编号 of a batch entered at two stations is the same record."""
    return Draft(
        "appointment",
        computed_id("appointment", batch, code),
        "insert",
        {"batch": batch, "code": code, **values},
    )


def create(ledger: Ledger, batch: BatchRow, category: str, values: dict[str, Any]) -> Outcome:
    """One more place of a category. Raises Refused for an unknown category."""
    with ledger.read() as connection:
        names = {c.id: c.name for c in roster.categories(connection, batch.id)}
        found = roster.places(connection, batch.id, batches.reference_day(batch))
    if category not in names:
        raise Refused("请选择类别。")
    code = next_code(found, batch.year, names[category])
    return ledger.write(f"新增名额 {code}", [draft(code, batch.id, {"category": category, **values})])


def save(ledger: Ledger, place: str, values: dict[str, Any], opened: Heads | None = None) -> Outcome:
    """Change a place's fields."""
    return ledger.write("修改名额", [Draft("appointment", place, "update", values, opened)])


def delete(ledger: Ledger, place: str) -> Outcome:
    """Delete a place that nobody holds and no visit names, with its assignments. Raises Refused."""
    with ledger.read() as connection:
        visits = roster.visits_naming(connection, "appointment", place)
        row = next((p for p in roster.places(connection, None, today()) if p.id == place), None)
    if visits:
        raise Refused(f"这个名额有 {visits} 条服务记录，不能删除。")
    if row and row.people:
        raise Refused("这个名额已有特派员，请先移出再删除。")
    stays = row.assignments if row else ()
    drafts = [Draft("assignment", s.id, "delete", {"_deleted": True}) for s in stays]
    drafts.append(Draft("appointment", place, "delete", {"_deleted": True}))
    return ledger.write("删除名额", drafts)


__all__ = ["PlaceRow", "code_stem", "create", "delete", "draft", "find", "listed", "next_code", "save"]
