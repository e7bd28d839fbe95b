"""Import of a visits table: a 编号 that exists updates its visit, everything else is new; one operation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from commissioner_app import batches, ledgers, people, recipients, tables, visits
from commissioner_app.divisions import Divisions
from commissioner_app.imports.result import ImportResult, RowProblem
from commissioner_app.imports.roster import _NO_RECORD
from commissioner_app.periods import today
from db.entities import entities
from db.errors import Refused
from db.ids import computed_id, new_id
from db.journal import store
from db.journal.changes import Change
from db.journal.fold import fold
from db.ledger import Draft, Ledger
from db.queries import roster
from db.queries.roster import PlaceRow, RecipientRow, current_person

COLUMNS: dict[str, Sequence[str]] = {
    "编号": ("记录编号", "服务记录编号"),
    "特派员": ("姓名", "特派员姓名", "科技特派员", "服务人员", "科技特派员姓名"),
    "日期": ("服务日期", "服务时间", "时间", "开始日期"),
    "结束日期": (),
    "开始时间": (),
    "结束时间": (),
    "天数": ("服务天数", "现场天数"),
    "受援县": ("服务县", "县", "县区", "受援县区", "受援县市区"),
    "乡镇": ("乡", "镇", "乡镇街道", "乡、镇"),
    "村": ("村庄", "行政村", "村、社区"),
    "受援单位": ("服务对象", "服务单位"),
    "联系人": ("受援方联系人",),
    "联系电话": ("电话", "联系人电话"),
    "服务方式": ("方式",),
    "产业": ("服务产业", "产业领域"),
    "主题": ("服务主题",),
    "服务内容": ("内容", "工作内容", "服务情况"),
    "存在问题": ("问题", "发现问题"),
    "解决问题": ("解决办法", "解决情况", "解决的问题"),
    "培训人数": ("培训人次", "培训"),
    "服务农户": ("服务户数", "农户数", "带动农户"),
    "新品种": ("引进品种", "引进新品种"),
    "新技术": ("引进技术", "推广技术", "引进新技术"),
    "发放物资": ("发放资料", "物资"),
    "受援方意见": ("服务对象意见", "意见"),
    "满意度": (),
    "同行人员": ("同行",),
    "状态": ("审核状态",),
    "备注": (),
}
"""The glossary's column names, as `export visits` writes them, with synonyms."""

_TEXTS = {"topic": "主题", "content": "服务内容", "problem": "存在问题", "solution": "解决问题", "materials": "发放物资",
          "opinion": "受援方意见", "satisfaction": "满意度", "industry": "产业", "remark": "备注"}  # fmt: skip
_LISTS = {"ways": "服务方式", "varieties": "新品种", "techniques": "新技术"}
_NUMBERS = {"trained": "培训人数", "households": "服务农户"}


@dataclass
class _Plan:
    """What the rows so far would make of the ledger."""

    places: list[PlaceRow]
    recipients: list[RecipientRow]
    divisions: Divisions
    service: tuple[str, str] | None
    role: str
    drafts: list[Draft] = field(default_factory=list)
    result: ImportResult = field(default_factory=ImportResult)
    by_name: dict[str, list[PlaceRow]] = field(default_factory=dict)
    new_recipients: dict[tuple[str | None, str], str] = field(default_factory=dict)
    numbered: int = 0
    seen_rows: dict[str, int] = field(default_factory=dict)


def import_visits(ledger: Ledger, path: Path, dry_run: bool = False) -> ImportResult:
    """Read a visits table. Raises Refused where nothing can be read; what cannot be decided is named in problems."""
    book = tables.read(path)
    batch = batches.current(batches.all_batches(ledger))
    with ledger.read() as connection:
        plan = _Plan(
            roster.places(connection, None, batches.reference_day(batch)),
            roster.recipients(connection),
            Divisions.of(ledger),
            (batch.service_from, batch.service_to)
            if batch and batch.service_from and batch.service_to
            else None,
            ledgers.station_values(ledger)[0],
        )
        for place in plan.places:
            for word in {place.code, place.name, *(h.name for h in place.people)} - {""}:
                plan.by_name.setdefault(word, []).append(place)
        for name in book.hidden:
            plan.result.problems.append(RowProblem(0, f"工作表“{name}”是隐藏的，没有读入。", name))
        found_header = False
        for sheet in book.sheets:
            header = tables.find_header(sheet, COLUMNS, "日期")
            if header is None:
                continue
            found_header = True
            _plan_sheet(connection, plan, sheet, header)
    if not found_header:
        raise Refused("没有找到表头：服务记录表里要有“特派员”和“日期”等列。")
    if not plan.result.rows:
        raise Refused("表格里没有一条服务记录，没有导入。")
    if not dry_run:
        ledger.write(f"导入服务记录 {path.name}", plan.drafts)
    return plan.result


def _plan_sheet(connection: Connection, plan: _Plan, sheet: tables.Sheet, header: tables.Header) -> None:
    plan.result.skipped += header.row
    rows: list[tuple[int, dict[str, Any]]] = []
    for n, cells in enumerate(sheet.rows[header.row + 1 :], header.row + 2):
        filled = [w for w in (tables.text(c) for c in cells) if w]
        cellmap = {
            name: cells[c] for name, c in header.columns.items() if c < len(cells) and tables.text(cells[c])
        }
        if (
            not filled
            or _NO_RECORD.match(filled[0])
            or (len(set(filled)) == 1 and not {"日期", "特派员"} & set(cellmap))
        ):
            plan.result.skipped += 1
            continue
        if tables.text(cellmap.get("日期")) == "日期":
            plan.result.skipped += 1
            continue
        rows.append((n, cellmap))
    existing = _existing(connection, [tables.text(c.get("编号")) for _, c in rows])
    for n, cellmap in rows:
        plan.result.rows += 1
        try:
            _plan_row(connection, plan, cellmap, existing)
        except (Refused, ValueError) as error:
            message = str(error) if isinstance(error, Refused) else f"无法读懂“{error}”。"
            plan.result.problems.append(RowProblem(n, message, sheet.name))


def _existing(connection: Connection, numbers: list[str]) -> dict[str, list[list[Change]]]:
    """The changes of the visits that have these 编号, by 编号."""
    ids: dict[str, list[str]] = {}
    for part in store.chunks({n for n in numbers if n}):
        for record, number in connection.exec_driver_sql(
            f"SELECT id, number FROM visit WHERE deleted = 0 AND number IN ({store.marks(part)})", tuple(part)
        ):
            ids.setdefault(number, []).append(record)
    found: dict[str, list[list[Change]]] = {}
    pairs = [(n, r) for n, records in ids.items() for r in records]
    for some in store.chunks(pairs):
        loaded = store.load(connection, [r for _, r in some])
        for number, record in some:
            found.setdefault(number, []).append(loaded[record])
    return found


def _plan_row(
    connection: Connection, plan: _Plan, cells: dict[str, Any], existing: dict[str, list[list[Change]]]
) -> None:
    number = tables.text(cells.get("编号"))
    known = existing.get(number, []) if number else []
    if len(known) > 1:
        raise Refused(f"台账里有 {len(known)} 条记录的编号是 {number}，请在窗口中修改。")
    old = fold(known[0]).values if known else {}
    fields = entities()["visit"].fields
    values = {f: fields[f].canonical(v) for f, v in _values(plan, cells, old).items()}
    whole = {**old, **values}
    for problem in visits.problems(whole):
        if problem.blocking:
            raise Refused(problem.message)
    name = tables.text(cells.get("受援单位"))
    made: Draft | None = None
    if name:
        where = whole.get("where") or [None] * 3
        match = recipients.match(plan.recipients, name, where)
        key = (where[0], name)
        if match:
            values["recipient"] = match.id
        elif key in plan.new_recipients:
            values["recipient"] = plan.new_recipients[key]
        else:
            made = recipients.draft(name, where)
            values["recipient"] = plan.new_recipients[key] = made.record
    if known:
        changed = {f: v for f, v in values.items() if v != old.get(f)}
        if not changed:
            plan.result.unchanged += 1
            return
        if made:
            plan.drafts.append(made)
        if "review" not in changed and (old.get("review") or ["draft"])[0] == "passed":
            changed["review"] = ["submitted", None, None, None]
        plan.drafts.append(Draft("visit", known[0][0].record, "update", changed))
        plan.result.updated += 1
        return
    record = _record_id(plan, number, values)
    if record in plan.seen_rows or _is_known(connection, record):
        plan.result.unchanged += 1
        plan.seen_rows[record] = 1
        return
    plan.seen_rows[record] = 1
    if made:
        plan.drafts.append(made)
    if not number:
        number = visits.new_number(connection, values["time"][0], plan.numbered)
        plan.numbered += 1
    values.setdefault("review", ["submitted", None, None, None])
    plan.drafts.append(Draft("visit", record, "insert", {**values, "number": number}))
    for companion in tables.listed(cells.get("同行人员")):
        plan.drafts.append(Draft("visit_companion", new_id(), "insert", {"visit": record, "name": companion}))
    plan.result.created += 1


def _record_id(plan: _Plan, number: str, values: dict[str, Any]) -> str:
    """One table imported at two stations, or twice, meets itself: the id comes from what the row says."""
    place, date = values["who"][0][0], values["time"][0]
    if number:
        return computed_id("visit", number, place, date)
    return computed_id("visit-row", place, date, values["time"][4], values["where"], values.get("content"),
                       values.get("recipient"))  # fmt: skip


def _is_known(connection: Connection, record: str) -> bool:
    return (
        connection.exec_driver_sql("SELECT 1 FROM change WHERE record = ? LIMIT 1", (record,)).scalar()
        is not None
    )


def _values(plan: _Plan, cells: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """The fields that a row tells; a column that the table lacks is not told. Raises Refused, ValueError."""
    values: dict[str, Any] = {}
    time = list(old.get("time") or [None] * 5)
    if "日期" in cells:
        try:
            time[0] = tables.date(cells["日期"], plan.service)
        except ValueError as error:
            raise Refused(f"日期“{tables.text(cells['日期'])}”无法读懂。") from error
    for n, name in ((1, "结束日期"),):
        if name in cells:
            try:
                time[n] = tables.date(cells[name], plan.service)
            except ValueError as error:
                raise Refused(f"{name}“{tables.text(cells[name])}”无法读懂。") from error
    if time[1] == time[0]:
        time[1] = None
    for n, name in ((2, "开始时间"), (3, "结束时间")):
        if name in cells:
            time[n] = tables.text(cells[name])[-5:]
    if "天数" in cells:
        try:
            time[4] = tables.half_days(cells["天数"])
        except ValueError as error:
            raise Refused(
                f"天数“{tables.text(cells['天数'])}”无法读懂，请按半天填写（0.5、1、1.5）。"
            ) from error
    values["time"] = time
    if "特派员" in cells:
        values["who"] = _who(plan, cells["特派员"], time[0] or today())
    if "受援县" in cells or "乡镇" in cells or "村" in cells:
        before = old.get("where") or [None] * 3
        county = tables.text(cells.get("受援县")) or before[0]
        if tables.text(cells.get("受援县")) and plan.divisions.county_code(county) is None:
            raise Refused(f"受援县“{county}”不是本市的县（市、区）。")
        values["where"] = plan.divisions.where(
            county, tables.text(cells.get("乡镇")), tables.text(cells.get("村"))
        )
    for name, column in _TEXTS.items():
        if column in cells:
            values[name] = tables.text(cells[column]) or None
    for name, column in _LISTS.items():
        if column in cells:
            values[name] = sorted(set(tables.listed(cells[column])), key=lambda w: w.encode()) or None
    for name, column in _NUMBERS.items():
        if column in cells:
            try:
                values[name] = tables.number(cells[column])
            except ValueError as error:
                raise Refused(f"{column}“{tables.text(cells[column])}”不是数字。") from error
    if "联系人" in cells or "联系电话" in cells:
        contact = [tables.text(cells.get("联系人")) or None, tables.text(cells.get("联系电话")) or None]
        values["recipient_contact"] = contact if any(contact) else None
    if "状态" in cells:
        code = next((k for k, v in visits.STATES.items() if v == tables.text(cells["状态"])), None)
        if code is None:
            raise Refused(
                f"没有“{tables.text(cells['状态'])}”这个状态，可用：{'、'.join(visits.STATES.values())}。"
            )
        if code in ("passed", "returned") and plan.role == "commissioner":
            code = "submitted"
        if code != (old.get("review") or [None])[0]:
            values["review"] = [code, None, None, None]
    return values


def _who(plan: _Plan, cell: Any, date: str) -> list[list[str | None]]:
    """The places of the people a cell names, each with whoever holds it on the day. Raises Refused."""
    found: list[list[str | None]] = []
    for word in tables.listed(cell):
        name = people.tidy_name(word)
        hits = plan.by_name.get(name, [])
        holding = [
            p for p in hits if p.code == name or ((h := current_person(p.people, date)) and h.name == name)
        ]
        hits = holding or hits
        if not hits:
            raise Refused(f"名单里没有“{name}”。")
        if len({p.id for p in hits}) > 1:
            raise Refused(f"名单里有 {len(hits)} 位“{name}”，请写名额编号。")
        person = current_person(hits[0].people, date) or (hits[0].people[-1] if hits[0].people else None)
        found.append([hits[0].id, person.commissioner if person else None])
    return sorted(found, key=str)
