"""What a reviewer is shown of one visit: all it says, its pictures, and what was changed since it had passed."""

from dataclasses import dataclass

from commissioner_app import attachments, history, visits
from commissioner_app.attachments import PHOTO, SCAN, AttachmentRow
from commissioner_app.labels import FIELDS
from commissioner_app.visits import STATES, Opened
from db.ledger import Ledger
from db.queries import visits as queries
from db.queries.visits import VisitRow

PENDING = "submitted"
"""The state that waits for a review; what was changed after its review waits, too."""


@dataclass(frozen=True)
class Change:
    """A field that was changed after the visit had passed: its label, what it said and says, who and when."""

    label: str
    old: str
    new: str
    actor: str
    when: str


@dataclass(frozen=True)
class Case:
    """One visit for a reviewer; opened.seen goes with the decision, so that it notes what was shown.

    pictures: photos, then signed sheets; papers: how many other attachments there are.
    """

    opened: Opened
    row: VisitRow
    pictures: tuple[AttachmentRow, ...]
    papers: int
    changed: tuple[Change, ...]

    @property
    def pending(self) -> bool:
        """Whether it waits for a decision."""
        return self.state == PENDING

    @property
    def state(self) -> str:
        """As the quick filters count it."""
        return PENDING if self.row.stale else self.row.state or "draft"


def case(ledger: Ledger, visit: str) -> Case | None:
    """A visit as a reviewer sees it; None where it is gone."""
    opened = visits.open_visit(ledger, visit)
    if opened is None:
        return None
    with ledger.read() as connection:
        rowids = queries.rowids_of(connection, [visit])
        rows = queries.visit_rows(connection, list(rowids.values()))
    row = rows.get(rowids.get(visit, -1))
    if row is None:
        return None
    files = attachments.listed(ledger, "visit", visit)
    pictures = [f for kind in (PHOTO, SCAN) for f in files if f.kind == kind]
    waits = row.stale or row.state == PENDING
    changed = _since_passed(ledger, visit) if waits else ()
    return Case(opened, row, tuple(pictures), len(files) - len(pictures), changed)


def _since_passed(ledger: Ledger, visit: str) -> tuple[Change, ...]:
    """The last value of every field that was changed since the latest 审核通过, with the one it had then; () without one."""
    review, passed = FIELDS["visit"]["review"], STATES["passed"]
    steps = history.record_history(ledger, visit)
    last = next((s for s in steps if s.field == review and s.new.startswith(passed)), None)
    found: dict[str, Change] = {}
    for step in steps:
        if last is None or step.operation == last.operation:
            break
        if step.field != review:
            later = found.get(step.field)
            new, actor, when = (
                (later.new, later.actor, later.when) if later else (step.new, step.actor, step.when)
            )
            found[step.field] = Change(step.field, step.old, new, actor, when)
    return tuple(found.values())
