"""What the welcome wizard needs before there is a ledger: counties to choose from, and a ledger with its batch."""

from pathlib import Path
from typing import Any

import orjson

import resources
from commissioner_app import batches, ledgers
from commissioner_app.divisions import FIRST_COUNTIES
from commissioner_app.ledgers import NewLedger
from db.ledger import Ledger, remove_ledger

SHIPPED_YEAR = 2022
SHIPPED_PLACES = 38


def shipped_counties() -> list[tuple[str, str]]:
    """(code, name) of the counties in the reference data, those of the founding notice first."""
    data = orjson.loads(resources.path("divisions", "jiaozuo.json").read_bytes())
    rank = {code: n for n, code in enumerate(FIRST_COUNTIES)}
    found = [(str(c["code"]), str(c["name"])) for c in data["counties"]]
    return sorted(found, key=lambda c: (rank.get(c[0], len(rank)), c[0]))


def create(
    path: Path, wanted: NewLedger, password: str | None = None, batch: dict[str, Any] | None = None
) -> Ledger:
    """Make a ledger; `batch` are fields of this year's batch that differ from the usual ones.

    Raises Refused, DiskTrouble; then no file is left.
    """
    ledger = ledgers.create(path, wanted, password)
    try:
        if batch and not wanted.roster:
            made = batches.current(batches.all_batches(ledger), wanted.year)
            if made is not None:
                batches.save(ledger, made.id, batch)
    except BaseException:
        ledger.close()
        remove_ledger(path)
        raise
    return ledger
