"""What the cells of a visits table say: the fields of a visit, over the places and divisions that are known."""

import re
from dataclasses import dataclass, field
from typing import Any

from commissioner_app import people, recipients, tables, visits
from commissioner_app.divisions import Divisions
from commissioner_app.imports.result import ImportResult
from commissioner_app.periods import today
from db.errors import Refused
from db.ledger import Connection, Draft
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
class VisitPlan:
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


def recipient_of(
    connection: Connection,
    plan: VisitPlan,
    cells: dict[str, Any],
    values: dict[str, Any],
    whole: dict[str, Any],
) -> Draft | None:
    """Put the recipient of a row into its values; the draft that makes it where it is new."""
    if "受援单位" not in cells:
        return None
    name = tables.text(cells["受援单位"])
    values["recipient"] = None
    if not name:
        return None
    where = whole.get("where") or [None] * 3
    key = (where[0], name)
    if key in plan.new_recipients:
        values["recipient"] = plan.new_recipients[key]
        return None
    values["recipient"], made = recipients.found_or_made(connection, name, where, plan.recipients)
    if made:
        plan.new_recipients[key] = made.record
    return made


def values_of(plan: VisitPlan, cells: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
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


def _time(plan: VisitPlan, cells: dict[str, Any], time: list[Any]) -> list[Any]:
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


def _where(plan: VisitPlan, cells: dict[str, Any], before: list[str | None]) -> list[str | None]:
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


def _who(plan: VisitPlan, cell: Any, date: str) -> list[list[str | None]]:
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
