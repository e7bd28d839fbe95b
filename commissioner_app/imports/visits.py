"""Import of a visits table: a 编号 that exists updates its visit, everything else is new; one operation."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from commissioner_app import batches, ledgers, people, recipients, tables, visits
from commissioner_app.divisions import Divisions
from commissioner_app.imports.result import ImportResult, RowProblem
from commissioner_app.imports.rows import is_no_record
from commissioner_app.periods import today
from db.entities import DELETED, entities
from db.errors import Refused
from db.ids import computed_id, new_id
from db.journal import certificates, store
from db.journal.changes import Change
from db.journal.fold import Folded, fold
from db.ledger import Connection, Draft, Ledger
from db.queries import roster
from db.queries import visits as queries
from db.queries.roster import PlaceRow, RecipientRow, current_person

COLUMNS: dict[str, tuple[str, ...]] = {
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
    seen_rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    planned: dict[str, dict[str, Any]] = field(default_factory=dict)
    period: tuple[str, str] | None = None


def import_visits(ledger: Ledger, path: Path, dry_run: bool = False) -> ImportResult:
    """Read a visits table. Raises Refused where nothing can be read; what cannot be decided is named in problems."""
    book = tables.read(path)
    found: list[_Plan] = []

    def build(connection: Connection) -> list[Draft]:
        plan = _make_plan(ledger, connection, book)
        found.append(plan)
        return plan.drafts

    if dry_run:
        with ledger.read() as connection:
            build(connection)
    else:
        # Planned inside the write transaction: nobody can write between what is read and what is written.
        ledger.write(f"导入服务记录 {path.name}", build)
    return found[-1].result


def _make_plan(ledger: Ledger, connection: Connection, book: tables.Workbook) -> _Plan:
    batch = batches.current(roster.batches(connection))
    plan = _Plan(
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
        plan.result.problems.append(RowProblem(0, f"工作表“{name}”是隐藏的，没有读入。", name))
    found_header = False
    for sheet in book.sheets:
        header = tables.find_header(sheet, COLUMNS, "日期")
        if header is None:
            continue
        found_header = True
        plan.period = title_period(sheet, header) or plan.service
        _plan_sheet(connection, plan, sheet, header)
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


def _plan_sheet(connection: Connection, plan: _Plan, sheet: tables.Sheet, header: tables.Header) -> None:
    plan.result.skipped += header.row
    rows: list[tuple[int, dict[str, Any]]] = []
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
        else:
            rows.append((n, cellmap))
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
    connection: Connection, plan: _Plan, cells: dict[str, Any], existing: dict[str, list[list[Change]]]
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
    values = {f: fields[f].canonical(v) for f, v in _values(plan, cells, old).items()}
    whole = {**old, **values}
    for problem in visits.problems(whole):
        if problem.blocking:
            raise Refused(problem.message)
    made = _recipient(plan, cells, values, whole)
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
    connection: Connection, plan: _Plan, record: str, number: str, values: dict[str, Any], cells: dict[str, Any],
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


def _recipient(
    plan: _Plan, cells: dict[str, Any], values: dict[str, Any], whole: dict[str, Any]
) -> Draft | None:
    """Put the recipient of a row into its values; the draft that makes it where it is new."""
    if "受援单位" not in cells:
        return None
    name = tables.text(cells["受援单位"])
    values["recipient"] = None
    if not name:
        return None
    where = whole.get("where") or [None] * 3
    match = recipients.match(plan.recipients, name, where)
    if match:
        values["recipient"] = match.id
        return None
    made = recipients.draft(name, where)
    values["recipient"] = made.record
    key = (where[0], name)
    if key in plan.new_recipients:
        return None
    plan.new_recipients[key] = made.record
    return made


def _record(
    connection: Connection, plan: _Plan, number: str, values: dict[str, Any], recipient: str
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


def _values(plan: _Plan, cells: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """The fields that a row tells; a column that the table lacks is not told. Raises Refused, ValueError."""
    values: dict[str, Any] = {"time": _time(plan, cells, list(old.get("time") or [None] * 5))}
    if tables.text(cells.get("特派员")):
        values["who"] = _who(plan, cells["特派员"], values["time"][0] or today())
    if {"受援县", "乡镇", "村"} & set(cells):
        values["where"] = _where(plan, cells, old.get("where") or [None] * 3)
    for name, column in _TEXTS.items():
        if column in cells:
            values[name] = tables.text(cells[column]) or None
    for name, column in _LISTS.items():
        if column in cells:
            values[name] = tables.listed(cells[column]) or None
    for name, column in _NUMBERS.items():
        if column in cells:
            try:
                values[name] = tables.number(cells[column])
            except ValueError as error:
                raise Refused(f"{column}“{tables.text(cells[column])}”不是数字。") from error
    if {"联系人", "联系电话"} & set(cells):
        contact = list(old.get("recipient_contact") or [None, None])
        for n, column in ((0, "联系人"), (1, "联系电话")):
            if column in cells:
                contact[n] = tables.text(cells[column]) or None
        values["recipient_contact"] = contact if any(contact) else None
    word = tables.text(cells.get("状态"))
    if word and word != visits.STALE:  # our own note on a visit that had passed: not a state to go back to
        code = next((k for k, v in visits.STATES.items() if v == word), None)
        if code is None:
            raise Refused(f"没有“{word}”这个状态，可用：{'、'.join(visits.STATES.values())}。")
        if code != (old.get("review") or [None])[0]:
            may_review = plan.role != "commissioner"
            values["review"] = [code if may_review or code == "draft" else "submitted", None, None, None]
    return values


def _time(plan: _Plan, cells: dict[str, Any], time: list[Any]) -> list[Any]:
    for n, name in ((0, "日期"), (1, "结束日期")):
        if name not in cells or (n == 0 and not tables.text(cells[name])):
            continue
        try:
            time[n] = tables.date(cells[name], plan.period)
        except ValueError as error:
            raise Refused(f"{name}“{tables.text(cells[name])}”无法读懂。") from error
    if time[1] == time[0]:
        time[1] = None
    for n, name in ((2, "开始时间"), (3, "结束时间")):
        if name in cells:
            try:
                time[n] = tables.clock(cells[name])
            except ValueError as error:
                raise Refused(f"{name}“{tables.text(cells[name])}”无法读懂，请写成 9:00 的形式。") from error
    if tables.text(cells.get("天数")):
        try:
            time[4] = tables.half_days(cells["天数"])
        except ValueError as error:
            raise Refused(
                f"天数“{tables.text(cells['天数'])}”无法读懂，请按半天填写（0.5、1、1.5）。"
            ) from error
    return time


def _where(plan: _Plan, cells: dict[str, Any], before: list[str | None]) -> list[str | None]:
    """The place: what the table lacks stays as it was, unless another county or township makes it wrong."""
    county = tables.text(cells.get("受援县")) or before[0]
    code = plan.divisions.county_code(county)
    if code is None and county:
        raise Refused(f"受援县“{county}”不是本市的县（市、区）。")
    township = tables.text(cells["乡镇"]) if "乡镇" in cells else before[1] if code == before[0] else None
    found = plan.divisions.where(code, township, None)
    kept = before[2] if found[:2] == before[:2] else None
    village = tables.text(cells["村"]) if "村" in cells else kept
    return plan.divisions.where(code, township, village)


def _who(plan: _Plan, cell: Any, date: str) -> list[list[str | None]]:
    """The places of the people a cell names, each with whoever holds it on the day. Raises Refused."""
    found: list[list[str | None]] = []
    for word in tables.listed(cell):
        name = people.tidy_name(word)
        code = re.search(r"[（(](.+?)[）)]$", name)  # 张三（2022-校派-01）, as the export writes namesakes
        hits = plan.by_name.get(name, []) or (plan.by_name.get(code.group(1), []) if code else [])
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
