"""What reading a source gives; a plain function for the thread that reads."""

from collections.abc import Callable
from dataclasses import dataclass

from commissioner_app.imports import memory, plan, shape
from commissioner_app.imports.grid import Workbook
from commissioner_app.imports.shape import Proposal
from commissioner_app.ledgers import Ledger
from ui.importing.edits import Returned

Look = Callable[[Workbook], Returned | None]
"""Tells of a table whether it was exported here and comes back."""


@dataclass(frozen=True)
class Found:
    """A table with what it is taken for, or (`returned`) one that was exported here and came back."""

    book: Workbook
    known: frozenset[str]
    proposals: list[Proposal]
    returned: Returned | None = None


def understand(book: Workbook, ledger: Ledger, year: int | None, look: Look | None) -> Found:
    """Look at a table for the batch of a year. Raises Refused."""
    returned = look(book) if look is not None else None
    if returned is not None:
        return Found(book, frozenset(), [], returned)
    known = frozenset(plan.known_words(ledger, year))
    return Found(book, known, shape.propose(book, known, memory.load()))
