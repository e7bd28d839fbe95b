"""A 填报表 that a commissioner has sent back: its rows become their visits; sent again, only what differs changes.

A row is told by the form and its number, so it is the same visit however often and under whatever name the file comes.
What an office has corrected since is not overwritten: a row is compared with what the form said the last time.
"""

from typing import Any

import orjson

from commissioner_app import tables, visits
from commissioner_app.imports.result import RowProblem
from commissioner_app.imports.visit_cells import VisitPlan, recipient_of, values_of
from commissioner_app.stamps import Stamp
from db.entities import entities
from db.errors import Refused
from db.ids import computed_id
from db.journal import certificates, store
from db.journal.changes import Change
from db.journal.fold import fold
from db.ledger import Connection, Draft

TOLD = ("time", "where", "recipient", "recipient_contact", "ways", "industry", "topic", "content", "problem", "solution",
        "trained", "households", "varieties", "techniques", "materials", "remark")  # fmt: skip
"""The fields of a visit that a form tells."""


def plan_form(
    connection: Connection,
    plan: VisitPlan,
    stamp: Stamp,
    sheet: str,
    rows: list[tuple[int, str, dict[str, Any]]],
) -> None:
    """What the filled rows of a form would do; rows: (Excel's row, mark, cells)."""
    place, person = stamp.about.get("place", ""), stamp.about.get("person", "")
    known = next((p for p in plan.places if p.id == place), None)
    marked: set[str] = set()
    for n, mark, cells in rows:
        plan.result.rows += 1
        before = len(plan.drafts)
        try:
            if known is None:
                raise Refused(f"台账里没有{stamp.about.get('name') or '这位特派员'}的名额，这一行没有导入。")
            if mark in marked:
                mark = ""  # a row that was copied: another visit
            marked.add(mark)
            _plan_row(connection, plan, stamp, mark, cells, [[place, person or None]])
        except (Refused, ValueError) as error:
            del plan.drafts[before:]
            message = str(error) if isinstance(error, Refused) else f"无法读懂“{error}”。"
            plan.result.problems.append(RowProblem(n, message, sheet))


def _plan_row(
    connection: Connection,
    plan: VisitPlan,
    stamp: Stamp,
    mark: str,
    cells: dict[str, Any],
    who: list[list[str | None]],
) -> None:
    cells = {name: cell for name, cell in cells.items() if tables.text(cell) and name != "特派员"}
    fields = entities()["visit"].fields
    values = {f: fields[f].canonical(v) for f, v in values_of(plan, cells, {}).items()}
    values["who"] = fields["who"].canonical(who)
    for problem in visits.problems(values):
        if problem.blocking:
            raise Refused(problem.message)
    made = recipient_of(connection, plan, cells, values, values)
    form = stamp.about.get("form", "")
    told = [form, mark] if mark else [form, "row", values["time"], values.get("where"), values.get("content")]
    record = computed_id("visit", "form", orjson.dumps(told).decode())
    changes = store.load(connection, [record]).get(record)
    if not changes and record not in plan.planned:
        _insert(connection, plan, record, values, made)
        return
    if not changes:
        plan.result.unchanged += 1  # the same row a second time in the file
        return
    valid = certificates.load(connection)
    now = fold(changes, valid)
    if now.deleted:
        raise Refused("这次服务在台账里已经删除，没有重新导入。")
    then = fold(_by_form(connection, changes), valid)
    changed = {
        f: values.get(f)
        for f in TOLD
        if values.get(f) != then.values.get(f) and values.get(f) != now.values.get(f)
    }
    if not changed:
        plan.result.unchanged += 1
        return
    if made:
        plan.drafts.append(made)
    if (now.values.get("review") or ["draft"])[0] in ("passed", "returned"):
        plan.drafts.append(Draft("visit", record, "update", {"review": ["submitted", None, None, None]}))
    plan.drafts.append(Draft("visit", record, "update", changed, then.shown))
    plan.result.updated += 1


def _by_form(connection: Connection, changes: list[Change]) -> list[Change]:
    """The changes that forms have made: what the form said the last time."""
    labels = {}
    for change in changes:
        labels[change.id] = connection.exec_driver_sql(
            "SELECT label FROM operation WHERE session = ? AND first = ?",
            (change.id.session, change.operation),
        ).scalar()
    return [c for c in changes if str(labels[c.id] or "").startswith(LABEL) or c.kind == "insert"]


LABEL = "导入填报表"
"""Begins the label of every import of a form; by it a later one finds what the form said before."""


def _insert(
    connection: Connection, plan: VisitPlan, record: str, values: dict[str, Any], made: Draft | None
) -> None:
    if made:
        plan.drafts.append(made)
    number = visits.new_number(connection, values["time"][0], plan.numbered)
    plan.numbered += 1
    values = {f: v for f, v in values.items() if v is not None}
    plan.drafts.append(
        Draft(
            "visit", record, "insert", {**values, "number": number, "review": ["submitted", None, None, None]}
        )
    )
    plan.planned[record] = values
    plan.result.created += 1
