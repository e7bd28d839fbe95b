"""Import of a roster table from a script: people fill open places; nobody known is doubled; one operation."""

from pathlib import Path

from commissioner_app import batches, stamps
from commissioner_app.divisions import Divisions
from commissioner_app.imports import grid, memory, plan, returned, shape
from commissioner_app.imports.actions import Plan
from commissioner_app.imports.fields import COLUMNS as COLUMNS
from commissioner_app.imports.result import ImportResult
from db.errors import Refused
from db.ledger import Connection, Draft, Ledger


def import_roster(ledger: Ledger, path: Path, year: int | None = None, dry_run: bool = False) -> ImportResult:
    """Read a roster table into the batch of a year (default: that of its title, else the latest).

    Raises Refused where nothing is read.

    What a person would have to decide is not written and named in problems.
    """
    stamp = stamps.read(path)
    if stamp is not None and stamp.kind in returned.KINDS:
        back = returned.plan(ledger, path, stamp)
        if not dry_run:
            returned.apply(ledger, back)
        return back.result
    book = grid.read(path)
    proposals = shape.propose(book, plan.known_words(ledger, year), memory.load())
    if not any(p.included for p in proposals):
        raise Refused("没有找到表头：名单里要有“姓名”和“派出单位”等列。")
    told = shape.told_year(proposals)
    if year is None and any(b.year == told for b in batches.all_batches(ledger)):
        year = told  # last year's list, read again when there is a new batch
    divisions = Divisions.of(ledger)
    if dry_run:
        return plan.make(ledger, book, proposals, year).result
    found: list[Plan] = []

    def build(connection: Connection) -> tuple[Draft, ...]:
        found.append(plan.planned(connection, divisions, book, proposals, year, {}))
        return found[-1].drafts

    # Planned inside the write transaction: nobody can write between what is read and what is written.
    ledger.write(f"导入名单 {path.name}", build)
    return found[-1].result
