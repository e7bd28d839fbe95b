"""Selection batches: the current one, an empty one with sensible periods, its categories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commissioner_app.periods import day, today
from db.errors import Refused
from db.ids import computed_id, new_id
from db.journal.changes import Heads
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import batches as queries
from db.queries import roster
from db.queries.roster import BatchRow as BatchRow
from db.queries.roster import Named

DEFAULT_CATEGORIES = (
    (
        "服务团成员",
        "产业科技特派员服务团成员",
        ("产业科技特派员服务团", "产业科技特派员", "服务团", "团员", "成员"),
    ),
    ("省派", "省派科技特派员", ("省派科技特派员", "省科技特派员", "省派特派员", "三区人才")),
    ("校派", "校派科技特派员", ("校派科技特派员", "高校科技特派员", "校派特派员")),
    ("市派", "市派科技特派员", ("市派科技特派员", "市科技特派员")),
    ("县派", "县派科技特派员", ("县派科技特派员", "县科技特派员")),
)
"""(name, full name, aliases) of the glossary's categories: where a new batch starts; then it is data."""

STATES = ("拟选派", "已选派")


def current(found: list[BatchRow], year: int | None = None) -> BatchRow | None:
    """The batch of a year, or else the latest."""
    for batch in found:
        if year is not None and batch.year == year:
            return batch
    return found[0] if found else None


def reference_day(batch: BatchRow | None) -> str:
    """The day for which a batch's people and assignments are shown: today, kept within the service period."""
    now = today()
    if batch and batch.service_from and now < batch.service_from:
        return batch.service_from
    if batch and batch.service_to and now > batch.service_to:
        return batch.service_to
    return now


def create(ledger: Ledger, year: int) -> Outcome:
    """A batch for a year with the glossary's categories; made at two stations it is the same record."""
    if not 2000 <= year <= 2100:
        raise Refused(f"年份“{year}”不对。")
    batch = computed_id("batch", year)
    drafts = [
        Draft("batch", batch, "insert", {
            "year": year, "name": f"{year}年度科技特派员选派", "state": "拟选派",
            "service_period": [f"{year}-01-01", f"{year}-12-31"],
            "evaluation_period": [f"{year}-01-01", f"{year}-12-31"],
        })
    ]  # fmt: skip
    for n, (name, full, aliases) in enumerate(DEFAULT_CATEGORIES):
        drafts.append(category_draft(batch, year, name, n, full, list(aliases)))
    return ledger.write(f"建立{year}年度批次", drafts)


def category_draft(
    batch: str, year: int | None, name: str, position: int, full: str = "", aliases: list[str] | None = None
) -> Draft:
    """A category of a batch; the same name in the same year is the same record at every station."""
    return Draft("category", computed_id("category", year, name), "insert", {
        "batch": batch, "name": name, "full_name": full or f"{name}科技特派员", "aliases": aliases or [],
        "position": position,
    })  # fmt: skip


@dataclass(frozen=True)
class CategoryLine:
    """A category as an editor shows it; id is None for one that is yet to be made, places are counted."""

    id: str | None
    name: str
    full_name: str = ""
    aliases: tuple[str, ...] = ()
    places: int = 0


@dataclass(frozen=True)
class OpenedCategories:
    """The categories of a batch as an editor found them, with what it has seen of each."""

    lines: tuple[CategoryLine, ...] = ()
    seen: Mapping[str, Heads] | None = None


def open_categories(ledger: Ledger, batch: str) -> OpenedCategories:
    """The categories of a batch for an editor."""
    with ledger.read() as connection:
        rows = queries.categories(connection, batch)
    lines = tuple(CategoryLine(r.id, r.name, r.full_name, r.aliases, r.places) for r in rows)
    return OpenedCategories(lines, {r.id: ledger.seen(r.id) for r in rows})


def category_problem(lines: Sequence[CategoryLine]) -> str:
    """What is wrong with a list of categories, "" where nothing is."""
    names = [line.name.strip() for line in lines]
    if "" in names:
        return "有类别还没有名称。"
    twice = next((name for n, name in enumerate(names) if name in names[:n]), None)
    if twice:
        return f"有两个类别都叫“{twice}”。"
    words: dict[str, str] = {}
    for line in lines:
        for word in line.aliases:
            if (other := words.setdefault(word, line.name)) != line.name:
                return f"别名“{word}”同时写在“{other}”和“{line.name}”下，导入时无法分辨。"
    return ""


def _category_values(line: CategoryLine) -> dict[str, Any]:
    name = line.name.strip()
    full = line.full_name.strip() or f"{name}科技特派员"
    return {"name": name, "full_name": full, "aliases": sorted(line.aliases)}


def category_record(connection: Connection, year: int | None, name: str) -> str:
    """The record of a new category: computed from year and name unless another has since taken another name under it."""
    record = computed_id("category", year, name)
    return record if queries.category_name(connection, record) in (None, name) else new_id()


def category_drafts(
    connection: Connection, batch: BatchRow, opened: OpenedCategories, lines: Sequence[CategoryLine]
) -> list[Draft]:
    """What turns the categories that an editor found into those that it holds now; only edits become changes.

    Categories that came from elsewhere meanwhile stay. Raises Refused for one that is taken out while places use it.
    """
    if problem := category_problem(lines):
        raise Refused(problem)
    rows = {r.id: r for r in queries.categories(connection, batch.id)}
    before = {line.id: line for line in opened.lines if line.id}
    seen = opened.seen or {}
    drafts: list[Draft] = []
    kept = {line.id for line in lines}
    for record, line in before.items():
        if record not in kept and record in rows:
            if rows[record].places:
                raise Refused(
                    f"类别“{line.name}”还有 {rows[record].places:,} 个名额，不能删除。请先把这些名额改到别的类别。"
                )
            drafts.append(Draft("category", record, "delete", {"_deleted": True}, seen.get(record)))
    was = [line.id for line in opened.lines if line.id in kept]
    now = [line.id for line in lines]
    ordered = now[: len(was)] == was and all(record is None for record in now[len(was) :])
    last = max((r.position or 0 for r in rows.values()), default=-1)
    for at, line in enumerate(lines):
        values = _category_values(line)
        if line.id is None:
            last += 1
            record = category_record(connection, batch.year, line.name.strip())
            values |= {"batch": batch.id, "position": last if ordered else at}
            drafts.append(Draft("category", record, "insert", values))
            continue
        if (old := before.get(line.id)) is not None:
            same = _category_values(old)
            values = {f: v for f, v in values.items() if v != same[f]}
        if not ordered and line.id in rows and rows[line.id].position != at:
            values["position"] = at
        if values:
            drafts.append(Draft("category", line.id, "update", values, seen.get(line.id)))
    return drafts


def save(
    ledger: Ledger,
    batch: BatchRow | str,
    values: dict[str, object],
    opened: Heads | None = None,
    categories: tuple[OpenedCategories, Sequence[CategoryLine]] | None = None,
) -> Outcome:
    """Change a batch's fields; periods are [from, to] of ISO dates; `opened` is what the editor showed.

    `categories` are those found and those wanted; they are changed in the same operation. Raises Refused.
    """
    for name in ("service_period", "evaluation_period"):
        period = values.get(name)
        if isinstance(period, list):
            start, end = (day(p) if p else None for p in period)
            if start and end and start > end:
                raise Refused("期间的结束日期早于开始日期。")
            values[name] = [start, end]
    record = batch if isinstance(batch, str) else batch.id

    def drafts(connection: Connection) -> list[Draft]:
        wishes = [Draft("batch", record, "update", dict(values), opened)] if values else []
        if categories is not None and not isinstance(batch, str):
            wishes += category_drafts(connection, batch, *categories)
        return wishes

    return ledger.write("修改批次" if values else "修改类别", drafts)


def years_of(ledger: Ledger, record: str) -> list[BatchRow]:
    """The batches that a place, a team or a person belongs to, the latest first."""
    with ledger.read() as connection:
        wanted = queries.batches_of(connection, record)
        return [b for b in roster.batches(connection) if b.id in wanted]


def all_batches(ledger: Ledger) -> list[BatchRow]:
    """All batches, the latest first."""
    with ledger.read() as connection:
        return roster.batches(connection)


def categories(ledger: Ledger, batch: str) -> list[Named]:
    """The categories of a batch in their order."""
    with ledger.read() as connection:
        return roster.categories(connection, batch)
