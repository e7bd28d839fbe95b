"""Reading what the list of visits shows, in one go on a worker thread."""

from dataclasses import dataclass, replace

from commissioner_app import exchange, visits
from commissioner_app.ledgers import Ledger
from commissioner_app.periods import Period
from commissioner_app.visit_conditions import Conditions
from commissioner_app.visits import Listing, VisitFilter
from ui.visits import doubts
from ui.visits.doubts import Doubts


@dataclass(frozen=True)
class Read:
    """filter: what was listed; arrived: what is still 新到; doubts: those looked at for the list (None: not needed)."""

    filter: VisitFilter
    listing: Listing
    arrived: frozenset[str]
    doubts: Doubts | None


def read(
    ledger: Ledger, c: Conditions, period: Period, sort: str, descending: bool, looked: frozenset[str]
) -> Read:
    """List the visits of some conditions; looked: those of 新到 that have been opened since."""
    # What was opened stays in the list of 新到 until the page is left: no row jumps away.
    every = exchange.arrived(ledger)
    f = c.filter(period, every)
    found = None
    if c.state == "doubt":
        found = doubts.read(ledger, whole(f))
        f = replace(f, only_rows=found.of(c.rule))
    return Read(f, visits.listing(ledger, f, sort, descending), every - looked, found)


def whole(f: VisitFilter) -> VisitFilter:
    """The filter without what the quick filters add."""
    return replace(f, states=(), disputed=False, stale=False, only_arrived=False, only_rows=None)
