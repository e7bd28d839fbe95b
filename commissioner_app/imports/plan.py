"""The plan of an import: made from proposals without writing, decided by a person, written as one operation."""

from collections.abc import Mapping, Sequence

from commissioner_app import batches
from commissioner_app.divisions import Divisions
from commissioner_app.imports import records
from commissioner_app.imports.actions import ACTIONS as ACTIONS
from commissioner_app.imports.actions import KEEP as KEEP
from commissioner_app.imports.actions import OTHER as OTHER
from commissioner_app.imports.actions import SAME_AS as SAME_AS
from commissioner_app.imports.actions import SKIP as SKIP
from commissioner_app.imports.actions import Action as Action
from commissioner_app.imports.actions import FieldChange as FieldChange
from commissioner_app.imports.actions import Plan as Plan
from commissioner_app.imports.actions import PlanRow as PlanRow
from commissioner_app.imports.actions import with_decisions
from commissioner_app.imports.grid import Workbook
from commissioner_app.imports.match import Candidate as Candidate
from commissioner_app.imports.match import Known
from commissioner_app.imports.placing import Places
from commissioner_app.imports.planner import Planner
from commissioner_app.imports.shape import Proposal, missing
from db.bulk import collector_resting
from db.errors import Refused
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import imports as queries
from db.queries import roster


def known_words(ledger: Ledger, year: int | None = None) -> frozenset[str]:
    """Words that name a category, team, county or unit: a row that says only one of them is a section."""
    with ledger.read() as connection:
        batch = batches.current(roster.batches(connection), year)
        found = {w for o in roster.organisations(connection) for w in (o.name, *o.aliases)}
        if batch is not None:
            for c in roster.categories(connection, batch.id):
                found.update((c.name, c.full_name, *c.aliases))
            found.update(t.name for t in roster.teams(connection, batch.id))
    found.update(d.name for d in Divisions.of(ledger).counties())
    return frozenset(found - {""})


def make(
    ledger: Ledger, book: Workbook, proposals: Sequence[Proposal], year: int | None = None,
    decisions: Mapping[str, str] | None = None,
) -> Plan:  # fmt: skip
    """What importing the lists into the batch of a year (default: the latest) would do; nothing is written.

    Raises Refused where there is no batch or nothing to import.
    """
    divisions = Divisions.of(ledger)
    with ledger.read() as connection:
        return planned(connection, divisions, book, proposals, year, decisions or {})


def decide(ledger: Ledger, plan: Plan, decisions: Mapping[str, str]) -> Plan:
    """The plan after more decisions {key of a row: same:<person>, keep:<person>, other or skip}; "" takes one back."""
    return make(ledger, plan.book, plan.proposals, plan.year, with_decisions(plan.decisions, decisions))


def apply(ledger: Ledger, plan: Plan) -> Outcome:
    """Write the plan as one operation; rows to be decided and unreadable ones are left out.

    It is planned again inside the transaction: where the ledger has gone on so that something else would happen,
    nothing is written. Raises Refused.
    """
    divisions = Divisions.of(ledger)
    return ledger.write(f"导入名单 {plan.book.name}", lambda connection: anew(connection, divisions, plan))


def anew(connection: Connection, divisions: Divisions, plan: Plan) -> Sequence[Draft]:
    """What a plan writes, planned again where it is written. Raises Refused where something else would happen now."""
    now = planned(connection, divisions, plan.book, plan.proposals, plan.year, plan.decisions)
    if now.batch != plan.batch or not now.same_as(plan):
        raise Refused("台账在预览之后有了变动，没有导入。请重新核对后再导入。")
    return now.drafts


def planned(
    connection: Connection, divisions: Divisions, book: Workbook, proposals: Sequence[Proposal], year: int | None,
    decisions: Mapping[str, str],
) -> Plan:  # fmt: skip
    """The plan as of a connection. Raises Refused."""
    batch = batches.current(roster.batches(connection), year)
    if batch is None:
        raise Refused("台账里还没有选派批次，请先建立批次。")
    wanting = next((w for p in proposals if p.included and (w := missing(p))), "")
    if wanting and not any(p.included and not missing(p) for p in proposals):
        raise Refused(wanting)
    found = roster.places(connection, batch.id, batches.reference_day(batch))
    units = roster.organisations(connection)
    places = Places(
        batch, divisions, found, roster.categories(connection, batch.id), roster.teams(connection, batch.id),
        {w: o.name for o in units for w in (o.name, *o.aliases)}, {o.name: o.id for o in units},
    )  # fmt: skip
    listed = records.read(proposals)
    places.reserved = frozenset(r.values.get("名额编号", "") for r in listed) - {""}
    codes = {p.commissioner: p.code for p in found if p.commissioner}
    planner = Planner(Known(queries.people(connection), places.units, codes), places, dict(decisions))
    with collector_resting(len(listed)):
        rows = tuple(planner.row(r) for r in listed)
    if not rows:
        raise Refused("表格里没有一行人员，没有导入。")
    return Plan(
        book,
        tuple(proposals),
        year,
        batch.id,
        batch.name,
        batch.year,
        dict(decisions),
        rows,
        tuple(planner.drafts),
    )
