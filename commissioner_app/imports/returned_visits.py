"""A visits table that was exported, edited in Excel and comes back: as `returned`, for visits."""

from typing import Any

from commissioner_app import tables, visits
from commissioner_app.imports.result import RowProblem
from commissioner_app.imports.visit_cells import VisitPlan, recipient_of, values_of
from commissioner_app.stamps import Stamp
from db.entities import entities
from db.errors import Refused
from db.journal import certificates, store
from db.journal.fold import Folded, fold
from db.ledger import Connection, Draft, Ledger


def plan_returned(
    connection: Connection,
    ledger: Ledger,
    plan: VisitPlan,
    stamp: Stamp,
    sheet: str,
    rows: list[tuple[int, str, dict[str, Any]]],
) -> None:
    """Rows of a table that we had exported: what was edited in them, compared with what the export showed."""
    touched = [record for _, record, cells in rows if cells]
    then = ledger.as_of(stamp.knew, touched) if touched else {}
    marked: set[str] = set()
    for n, record, cells in rows:
        plan.result.rows += 1
        before = len(plan.drafts)
        try:
            if record in marked:
                raise Refused("这一行与前面的一行是同一条记录（可能复制了整行），没有导入。")
            marked.add(record)
            _plan_edited(connection, plan, record, cells, then.get(record))
        except (Refused, ValueError) as error:
            del plan.drafts[before:]
            message = str(error) if isinstance(error, Refused) else f"无法读懂“{error}”。"
            plan.result.problems.append(RowProblem(n, message, sheet))


def _plan_edited(
    connection: Connection, plan: VisitPlan, record: str, cells: dict[str, Any], then: Folded | None
) -> None:
    if not cells:
        plan.result.unchanged += 1
        return
    if "编号" in cells:
        raise Refused("“编号”与导出时不同，可能只对一部分列排了序，这一行没有导入。")
    if then is None:
        raise Refused("台账里没有这条服务记录，可能还没有收到对方的数据包。")
    known = store.load(connection, [record])[record]
    now = fold(known, certificates.load(connection))
    if now.deleted:
        raise Refused("这条服务记录在台账里已经删除。")
    fields = entities()["visit"].fields
    values = {f: fields[f].canonical(v) for f, v in values_of(plan, cells, then.values).items()}
    for problem in visits.problems({**then.values, **values}):
        if problem.blocking:
            raise Refused(problem.message)
    made = recipient_of(connection, plan, cells, values, {**then.values, **values})
    changed = {f: v for f, v in values.items() if v != then.values.get(f) and v != now.values.get(f)}
    companions = (
        visits.companion_drafts(connection, record, tables.listed(cells["同行人员"]))
        if "同行人员" in cells
        else []
    )
    if not changed and not companions:
        plan.result.unchanged += 1
        return
    if made:
        plan.drafts.append(made)
    if changed and "review" not in changed and (now.values.get("review") or ["draft"])[0] == "passed":
        plan.drafts.append(Draft("visit", record, "update", {"review": ["submitted", None, None, None]}))
    if changed:
        plan.drafts.append(Draft("visit", record, "update", changed, then.shown))
    plan.drafts += companions
    plan.result.updated += 1
