"""What the page of 特派员 shows, read on a worker thread."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication

from commissioner_app import batches, exchange, obligation_states, obligations, places, statistics, teams
from commissioner_app.ledgers import Ledger
from commissioner_app.periods import Period
from commissioner_app.rows import BatchRow, Figures, Named, TeamRow
from ui.commissioners.model import Line, belongs

Read = tuple[list[Line], list[Named], list[TeamRow]]


def read_lines(
    ledger: Ledger,
    batch: BatchRow | None,
    period: Period,
    names: Callable[[str], str],
    looked: frozenset[str] = frozenset(),
) -> Read:
    """The lines of the table with the categories and teams of the batch; `looked`: opened since they came."""
    fresh = exchange.arrived(ledger) - looked
    day = batches.reference_day(batch)
    found = places.listed(ledger, batch)
    progress = {p.place.id: p for p in obligations.progress(ledger, batch)} if batch is not None else {}
    holder = {p.id: p.commissioner for p in found}
    g = statistics.gathered(ledger, period)
    shared = {place for (place, person) in g.by_holder if person != holder.get(place)}
    lines = [
        Line(
            p,
            g.by_place.get(p.id, Figures()),
            "、".join(names(c) for c in dict.fromkeys(p.counties(day))),
            g.last_dates.get(p.id, ""),
            bool(fresh and fresh & {p.id, p.commissioner}),
            g.by_holder.get((p.id, p.commissioner), Figures()) if p.commissioner and p.id in shared else None,
            progress.get(p.id),
        )
        for p in found
    ]
    batch_id = batch.id if batch else None
    return lines, batches.categories(ledger, batch_id) if batch_id else [], teams.listed(ledger, batch_id)


def chips_of(lines: Sequence[Line], categories: Sequence[Named]) -> list[tuple[str, str, int | None]]:
    """The quick filters with their counts, as a ChipRow takes them."""
    tr = partial(QCoreApplication.translate, "CommissionersPage")
    staffed = sum(1 for line in lines if line.place.commissioner)
    chips: list[tuple[str, str, int | None]] = [
        ("all", tr("全部"), len(lines)),
        ("staffed", tr("已录入"), staffed),
        ("open", tr("待录入"), len(lines) - staffed),
    ]
    for category in categories:
        if count := sum(1 for line in lines if line.place.category == category.id):
            chips.append((category.id, category.name, count))
    if any(line.progress is not None and line.progress.rule_set is not None for line in lines):
        for state in ("behind", "reached"):
            count = sum(1 for line in lines if belongs(line, state))
            chips.append((state, obligation_states.STATES[state], count))
    if count := sum(1 for line in lines if belongs(line, "silent")):
        chips.append(("silent", tr("{0} 天没有记录").format(obligations.SILENT_DAYS), count))
    if count := sum(1 for line in lines if line.fresh):
        chips.append(("arrived", tr("新到"), count))
    return chips
