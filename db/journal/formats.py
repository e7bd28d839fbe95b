"""Old change formats read through pure upgraders: the journal itself is never rewritten.

A new format adds its number to `changes.FORMAT`, a function here that turns the one before into it, and a
test of its own. There is only format 1 so far.
"""

from collections.abc import Callable

from db.journal.changes import FORMAT, Change

UPGRADERS: dict[int, Callable[[Change], Change]] = {}


def upgraded(change: Change) -> Change:
    """The change as this version understands it; the stored one stays as it was signed."""
    while change.format < FORMAT and change.format in UPGRADERS:
        change = UPGRADERS[change.format](change)
    return change
