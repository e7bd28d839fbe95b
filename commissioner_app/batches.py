"""Selection batches: the current one, a new one with sensible periods, its categories."""

from commissioner_app.periods import day, today
from db.errors import Refused
from db.ids import computed_id
from db.journal.changes import Heads
from db.ledger import Draft, Ledger, Outcome
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


def save(ledger: Ledger, batch: str, values: dict[str, object], opened: Heads | None = None) -> Outcome:
    """Change a batch's fields; periods are [from, to] of ISO dates; `opened` is what the editor showed.

    Raises Refused.
    """
    for name in ("service_period", "evaluation_period"):
        period = values.get(name)
        if isinstance(period, list):
            start, end = (day(p) if p else None for p in period)
            if start and end and start > end:
                raise Refused("期间的结束日期早于开始日期。")
            values[name] = [start, end]
    return ledger.write("修改批次", [Draft("batch", batch, "update", values, opened)])


def all_batches(ledger: Ledger) -> list[BatchRow]:
    """All batches, the latest first."""
    with ledger.read() as connection:
        return roster.batches(connection)


def categories(ledger: Ledger, batch: str) -> list[Named]:
    """The categories of a batch in their order."""
    with ledger.read() as connection:
        return roster.categories(connection, batch)
