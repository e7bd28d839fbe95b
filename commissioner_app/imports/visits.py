"""Import of a visits table: a 编号 that exists updates its visit, everything else is new; one operation."""

import re
from pathlib import Path
from typing import Any

import orjson

from commissioner_app import batches, ledgers, stamps, tables, visits
from commissioner_app.divisions import Divisions
from commissioner_app.fillin import KIND, LISTS
from commissioner_app.imports.result import ImportResult, RowProblem
from commissioner_app.imports.returned_forms import LABEL, plan_form
from commissioner_app.imports.returned_visits import plan_returned
from commissioner_app.imports.rows import is_no_record
from commissioner_app.imports.visit_cells import COLUMNS as COLUMNS
from commissioner_app.imports.visit_cells import VisitPlan, recipient_of, values_of
from commissioner_app.stamps import Stamp
from db.entities import DELETED, entities
from db.errors import Refused
from db.ids import computed_id, new_id
from db.journal import certificates, store
from db.journal.changes import Change
from db.journal.fold import Folded, fold
from db.ledger import Connection, Draft, Ledger
from db.queries import roster
from db.queries import visits as queries


def import_visits(ledger: Ledger, path: Path, dry_run: bool = False) -> ImportResult:
    """Read a visits table. Raises Refused where nothing can be read; what cannot be decided is named in problems."""
    book = tables.read(path)
    stamp = stamps.read(path)
    found: list[VisitPlan] = []

    def build(connection: Connection) -> list[Draft]:
        plan = _make_plan(
            ledger, connection, book, stamp if stamp and stamp.kind in ("visits", KIND) else None
        )
        found.append(plan)
        return plan.drafts

    if dry_run:
        with ledger.read() as connection:
            build(connection)
    else:
        # Planned inside the write transaction: nobody can write between what is read and what is written.
        what = LABEL if stamp and stamp.kind == KIND else "导入服务记录"
        ledger.write(f"{what} {path.name}", build)
    return found[-1].result


def _make_plan(
    ledger: Ledger, connection: Connection, book: tables.Workbook, stamp: Stamp | None
) -> VisitPlan:
    batch = batches.current(roster.batches(connection))
    plan = VisitPlan(
        roster.places(connection, None, batches.reference_day(batch)),
        roster.recipients(connection),
        Divisions.of(ledger),
        (batch.service_from, batch.service_to) if batch and batch.service_from and batch.service_to else None,
        ledgers.station_values(ledger)[0],
    )
    for place in plan.places:
        for word in {place.code, place.name, *(h.name for h in place.people)} - {""}:
            plan.by_name.setdefault(word, []).append(place)
    for name in book.hidden:
        if stamp is not None and name in (stamps.SHEET, LISTS):
            continue
        plan.result.problems.append(RowProblem(0, f"工作表“{name}”是隐藏的，没有读入。", name))
    found_header = False
    for sheet in book.sheets:
        header = tables.find_header(sheet, COLUMNS, "日期")
        if header is None:
            continue
        found_header = True
        plan.period = title_period(sheet, header) or plan.service
        _plan_sheet(connection, ledger, plan, sheet, header, stamp)
    if not found_header:
        raise Refused("没有找到表头：服务记录表里要有“特派员”和“日期”等列。")
    if not plan.result.rows:
        raise Refused("表格里没有一条服务记录，没有导入。")
    return plan


def title_period(sheet: tables.Sheet, header: tables.Header) -> tuple[str, str] | None:
    """The year that a title above the header names; a date without a year follows it."""
    for row in sheet.rows[: header.row]:
        match = re.search(r"(20\d\d)\s*年", " ".join(tables.text(c) for c in row))
        if match:
            return f"{match.group(1)}-01-01", f"{match.group(1)}-12-31"
    return None


def _plan_sheet(
    connection: Connection,
    ledger: Ledger,
    plan: VisitPlan,
    sheet: tables.Sheet,
    header: tables.Header,
    stamp: Stamp | None,
) -> None:
    plan.result.skipped += header.row
    rows: list[tuple[int, dict[str, Any]]] = []
    form: list[tuple[int, str, dict[str, Any]]] = []
    back: list[tuple[int, str, dict[str, Any]]] = []
    titles = [tables.text(c) for c in sheet.rows[header.row]]
    at = titles.index(stamps.COLUMN) if stamp and stamps.COLUMN in titles else None
    for n, cells in enumerate(sheet.rows[header.row + 1 :], header.row + 2):
        filled = [w for w in (tables.text(c) for c in cells) if w]
        cellmap = {name: cells[c] if c < len(cells) else None for name, c in header.columns.items()}
        named = any(tables.text(cellmap.get(name)) for name in ("日期", "特派员"))
        if (
            not filled
            or is_no_record(filled[0])
            or (len(set(filled)) == 1 and not named)
            or tables.text(cellmap.get("日期")) in COLUMNS["日期"] + ("日期",)
        ):
            plan.result.skipped += 1
        elif stamp is not None and stamp.kind == KIND:
            form.append((n, tables.text(cells[at]) if at is not None and at < len(cells) else "", cellmap))
        elif (
            stamp is not None
            and at is not None
            and (told := stamps.edited(stamp, cells[at] if at < len(cells) else None, cellmap))
        ):
            back.append((n, told[0], {name: cellmap[name] for name in told[1]}))
        else:
            rows.append((n, cellmap))
    if stamp is not None and stamp.kind == KIND:
        plan_form(connection, plan, stamp, sheet.name, form)
    elif stamp is not None:
        plan_returned(connection, ledger, plan, stamp, sheet.name, back)
    existing = _existing(connection, [tables.text(c.get("编号")) for _, c in rows])
    for n, cellmap in rows:
        plan.result.rows += 1
        before = len(plan.drafts)
        try:
            _plan_row(connection, plan, cellmap, existing)
        except (Refused, ValueError) as error:
            del plan.drafts[before:]
            message = str(error) if isinstance(error, Refused) else f"无法读懂“{error}”。"
            plan.result.problems.append(RowProblem(n, message, sheet.name))


def _existing(connection: Connection, numbers: list[str]) -> dict[str, list[list[Change]]]:
    """The changes of the visits that have these 编号, by 编号."""
    ids = queries.visits_by_number(connection, numbers)
    found: dict[str, list[list[Change]]] = {}
    pairs = [(n, r) for n, records in ids.items() for r in records]
    for some in store.chunks(pairs):
        loaded = store.load(connection, [r for _, r in some])
        for number, record in some:
            found.setdefault(number, []).append(loaded[record])
    return found


def _plan_row(
    connection: Connection, plan: VisitPlan, cells: dict[str, Any], existing: dict[str, list[list[Change]]]
) -> None:
    number = tables.text(cells.get("编号"))
    known = existing.get(number, []) if number else []
    if number and number in plan.numbers:
        raise Refused(f"表中有几行的编号都是 {number}，只读入了第一行。")
    if len(known) > 1:
        raise Refused(f"台账里有 {len(known)} 条记录的编号是 {number}，请在窗口中修改。")
    folded = fold(known[0], certificates.load(connection)) if known else None
    if not known:
        # An empty cell of a new row says nothing; in a row that is known somebody may have emptied it.
        cells = {name: cell for name, cell in cells.items() if tables.text(cell)}
    old = folded.values if folded else {}
    fields = entities()["visit"].fields
    values = {f: fields[f].canonical(v) for f, v in values_of(plan, cells, old).items()}
    whole = {**old, **values}
    for problem in visits.problems(whole):
        if problem.blocking:
            raise Refused(problem.message)
    made = recipient_of(connection, plan, cells, values, whole)
    name = tables.text(cells.get("受援单位"))
    if folded is None:
        record, folded = _record(connection, plan, number, values, name)
    else:
        record = folded.record
    if number:
        plan.numbers.add(number)
    if folded is None:
        _insert(connection, plan, record, number, values, cells, made)
        return
    changed = {f: v for f, v in values.items() if v != folded.values.get(f)}
    companions = (
        visits.companion_drafts(connection, record, tables.listed(cells["同行人员"]))
        if "同行人员" in cells
        else []
    )
    if not changed and not companions and not folded.deleted:
        plan.result.unchanged += 1
        return
    if made:
        plan.drafts.append(made)
    if folded.deleted:
        changed[DELETED] = False  # the table brings back what had been deleted, or an import that was undone
    elif changed and "review" not in changed and (folded.values.get("review") or ["draft"])[0] == "passed":
        changed["review"] = ["submitted", None, None, None]
    if changed:
        plan.drafts.append(Draft("visit", record, "update", changed, folded.shown))
    plan.drafts += companions
    plan.result.updated += 1


def _insert(
    connection: Connection, plan: VisitPlan, record: str, number: str, values: dict[str, Any], cells: dict[str, Any],
    made: Draft | None,
) -> None:  # fmt: skip
    if made:
        plan.drafts.append(made)
    if not number:
        number = visits.new_number(connection, values["time"][0], plan.numbered)
        plan.numbered += 1
    values.setdefault("review", ["submitted", None, None, None])
    plan.drafts.append(Draft("visit", record, "insert", {**values, "number": number}))
    plan.planned[record] = values
    for companion in tables.listed(cells.get("同行人员")):
        plan.drafts.append(Draft("visit_companion", new_id(), "insert", {"visit": record, "name": companion}))
    plan.result.created += 1


def _record(
    connection: Connection, plan: VisitPlan, number: str, values: dict[str, Any], recipient: str
) -> tuple[str, Folded | None]:
    """The record of a row that no live 编号 names, and what is there already.

    One table imported at two stations, or twice, meets itself: the id comes from what the row says. Rows that
    say the same of the same day are told apart by their order.
    """
    place, date = values["who"][0][0], values["time"][0]
    told = [number, place, date] if number else [
        "row", place, date, values["time"][4], values["where"], values.get("content"), recipient,
    ]  # fmt: skip
    key = orjson.dumps(told).decode()
    same = plan.seen_rows.setdefault(key, [])
    if values in same:
        ordinal = same.index(values)
    else:
        ordinal = len(same)
        same.append(values)
    record = computed_id("visit", key, ordinal)
    changes = store.load(connection, [record]).get(record)
    if changes:
        return record, fold(changes, certificates.load(connection))
    planned = plan.planned.get(record)
    return record, Folded(record, "visit", dict(planned)) if planned else None
