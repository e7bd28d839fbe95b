"""Field visits: logging, changing, reviewing, deleting; what is wrong with one, in words."""

import datetime as dt
import secrets
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from commissioner_app import attachments, recipients
from commissioner_app.periods import today
from commissioner_app.spelled import with_meanings
from db.entities import entities
from db.errors import Refused
from db.ids import new_id
from db.journal.changes import Heads, parse_id
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import attachments as files
from db.queries import names
from db.queries import recipients as recipient_queries
from db.queries import visits as queries
from db.queries.roster import PlaceRow, current_person
from db.queries.visits import Listing, VisitSums
from db.queries.visits import VisitFilter as VisitFilter
from db.queries.visits import VisitRow as VisitRow

STATES = {"draft": "草稿", "submitted": "待审核", "returned": "已退回", "passed": "审核通过"}
"""The states of a visit and their only names."""

STALE = "待审核（审核后有改动）"
"""What stands for the state of a visit that has changed since it had passed."""

REASON = "修改原因："
"""How the review of a visit begins that had passed and was changed."""

WAYS = (
    "现场指导",
    "技术培训",
    "技术咨询",
    "远程指导",
    "引进品种",
    "引进技术",
    "示范基地建设",
    "需求调研",
    "成果转化",
    "其他",
)
INDUSTRIES = ("中药材", "粮油", "蔬菜", "果树", "食用菌", "畜牧养殖", "水产", "植物保护", "土壤肥料", "农业机械", "种业",
              "农产品加工", "食品", "电商与品牌", "生态环保", "文旅", "新材料", "装备制造", "新能源", "其他")  # fmt: skip
SATISFACTION = ("满意", "较满意", "一般", "不满意")

# 32 characters that are not mistaken for one another on paper.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field; a blocking one keeps the visit from being saved."""

    field: str
    message: str
    blocking: bool = True


def problems(values: dict[str, Any], now: str | None = None) -> list[Problem]:
    """What is wrong with a visit's values (fields of the journal); nothing is forbidden that can be true."""
    found: list[Problem] = []
    now = now or today()
    if not values.get("who"):
        found.append(Problem("who", "请选择特派员。"))
    time = values.get("time") or [None] * 5
    date, end_date, start_time, end_time, half_days = time
    if not date:
        found.append(Problem("time", "请填写日期。"))
    elif not _is_day(date) or (end_date and not _is_day(end_date)):
        found.append(Problem("time", "日期不存在，请写成 2022-09-28 的形式。"))
    else:
        if end_date and end_date < date:
            found.append(Problem("time", "结束日期早于开始日期。"))
        elif date > now:
            found.append(Problem("time", "日期在今天之后，请核对。", blocking=False))
        span = ((dt.date.fromisoformat(end_date or date) - dt.date.fromisoformat(date)).days + 1) * 2
        if half_days is not None and 0 < span < half_days:
            found.append(Problem("half_days", "天数多于起止日期之间的天数。", blocking=False))
    if half_days is None:
        found.append(Problem("half_days", "请填写天数，按半天计。"))
    elif half_days <= 0:
        found.append(Problem("half_days", "天数应大于 0。"))
    if start_time and end_time and not end_date and end_time.zfill(5) < start_time.zfill(5):
        found.append(Problem("time", "结束时间早于开始时间。"))
    where = values.get("where") or [None] * 3
    if not where[0]:
        found.append(Problem("where", "请选择受援县。"))
    if not values.get("content"):
        found.append(Problem("content", "请填写服务内容。"))
    for name, label in (("trained", "培训人数"), ("households", "服务农户")):
        value = values.get(name)
        if value is not None and value < 0:
            found.append(Problem(name, f"{label}不能小于 0。"))
        elif value is not None and value > 100_000:
            found.append(Problem(name, f"{label}是否多写了一位？", blocking=False))
    return found


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def new_number(connection: Connection, date: str | None, offset: int = 0) -> str:
    """A 编号 made here: year, counter and four random characters (the column is not unique): 2022-0214-K7QD."""
    year = (date or today())[:4]
    counter = queries.numbers_of_year(connection, year) + 1 + offset
    return f"{year}-{counter:04d}-" + "".join(secrets.choice(_ALPHABET) for _ in range(4))


def who_of(places: Iterable[PlaceRow], chosen: Iterable[str], date: str) -> list[list[str | None]]:
    """The `who` field for some places on a day: each with whoever holds it then."""
    by_id = {p.id: p for p in places}
    found = []
    for place in chosen:
        row = by_id.get(place)
        person = current_person(row.people, date) if row else None
        found.append([place, person.commissioner if person else None])
    return found


def save(
    ledger: Ledger,
    visit: str | None,
    values: dict[str, Any],
    *,
    recipient_name: str | None = None,
    companions: list[str] | None = None,
    opened: Heads | None = None,
    submit: bool = False,
    reason: str = "",
    attach: Sequence[attachments.Ready] = (),
) -> Outcome:
    """Log a visit (None) or change one; only changed fields become changes.

    `recipient_name` finds or makes the recipient; `companions` are names. A visit that had passed goes back to
    待审核 when its content changes, with the `reason` in its review. `attach` are photos and papers that come with
    it. All in one operation. Raises Refused for what may not be saved.
    """
    values = dict(values)
    folded = ledger.folded(visit) if visit else None
    whole = {**(folded.values if folded else {}), **values}
    for problem in problems(whole):
        if problem.blocking:
            raise Refused(problem.message)
    record = visit or new_id()

    def drafts(connection: Connection) -> list[Draft]:
        wishes: list[Draft] = []
        if recipient_name is not None:
            values["recipient"] = None
            if recipient_name.strip():
                where = whole.get("where") or [None] * 3
                values["recipient"], made = recipients.found_or_made(
                    connection, recipient_name.strip(), where
                )
                if made:
                    wishes.append(made)
        if visit is None:
            values.setdefault("number", new_number(connection, (values.get("time") or [None])[0]))
            values.setdefault("review", ["submitted" if submit else "draft", None, None, None])
            wishes.append(Draft("visit", record, "insert", values))
        else:
            assert folded is not None
            fields = entities()["visit"].fields
            changed = {f: v for f, v in values.items() if fields[f].canonical(v) != folded.values.get(f)}
            review = folded.values.get("review") or ["draft", None, None, None]
            reopened = bool(changed) and review[0] == "passed"
            handed_in = submit and review[0] in ("draft", "returned")
            if "review" not in changed and (reopened or handed_in):
                why = f"{REASON}{reason.strip()}" if reopened and reason.strip() else None
                changed["review"] = ["submitted", None, why, None]
            wishes.append(Draft("visit", record, "update", changed, opened))
        if companions is not None:
            wishes += companion_drafts(connection, record, companions)
        if attach:
            fresh, _ = attachments.unknown(files.sources(connection, record), attach)
            wishes += attachments.ready_drafts(connection, record, fresh)
        return wishes

    return ledger.write("修改服务记录" if visit else "登记服务", drafts)


@dataclass(frozen=True)
class NewVisit:
    """A visit to be logged: its values, the recipient's name where none is chosen, who went along."""

    values: dict[str, Any]
    recipient_name: str = ""
    companions: tuple[str, ...] = ()


def save_many(ledger: Ledger, new: Sequence[NewVisit], *, submit: bool = False) -> Outcome:
    """Log several visits as one operation. Raises Refused, before anything is written, if one may not be saved."""
    for visit in new:
        for problem in problems(visit.values):
            if problem.blocking:
                raise Refused(problem.message)

    def drafts(connection: Connection) -> list[Draft]:
        wishes: list[Draft] = []
        made: dict[tuple[str, str | None], str] = {}
        numbered: dict[str, int] = {}
        for visit in new:
            values, record = dict(visit.values), new_id()
            name, where = visit.recipient_name.strip(), values.get("where") or [None] * 3
            if name and not values.get("recipient"):
                # Two of them may name the same new recipient: it is made once.
                key = (recipients.compact(name), where[0])
                if key not in made:
                    made[key], wish = recipients.found_or_made(connection, name, where)
                    wishes += [wish] if wish else []
                values["recipient"] = made[key]
            day = (values.get("time") or [None])[0]
            year = (day or today())[:4]
            values["number"] = new_number(connection, day, numbered.get(year, 0))
            numbered[year] = numbered.get(year, 0) + 1
            values["review"] = ["submitted" if submit else "draft", None, None, None]
            wishes.append(Draft("visit", record, "insert", values))
            wishes += companion_drafts(connection, record, list(visit.companions))
        return wishes

    return ledger.write("登记服务" if len(new) == 1 else f"登记服务 {len(new)} 条", drafts)


def companion_drafts(connection: Connection, visit: str, names: list[str]) -> list[Draft]:
    """Companions are records: those no longer named go, new names come."""
    wanted = [n for n in dict.fromkeys(n.strip() for n in names) if n]
    drafts = []
    known = queries.companions(connection, [visit]).get(visit, [])
    for record, name in known:
        if name not in wanted:
            drafts.append(Draft("visit_companion", record, "delete", {"_deleted": True}))
    have = {name for _, name in known}
    for name in wanted:
        if name not in have:
            drafts.append(Draft("visit_companion", new_id(), "insert", {"visit": visit, "name": name}))
    return drafts


def companions(ledger: Ledger, visit: str) -> list[str]:
    """Names of those who went along."""
    with ledger.read() as connection:
        return [name for _, name in queries.companions(connection, [visit]).get(visit, [])]


def submit(ledger: Ledger, visits: list[str]) -> Outcome:
    """草稿 / 已退回 → 待审核."""
    return _review(ledger, visits, ["submitted", None, None, None], "提交审核", ("draft", "returned"), {})


def withdraw(ledger: Ledger, visits: list[str]) -> Outcome:
    """待审核 / 已退回 → 草稿: to be gone on with before anybody reviews it."""
    return _review(ledger, visits, ["draft", None, None, None], "改回草稿", ("submitted", "returned"), {})


def pass_visits(
    ledger: Ledger, visits: list[str], opinion: str = "", opened: dict[str, Heads] | None = None
) -> Outcome:
    """待审核 → 审核通过; each review notes the content that the reviewer saw."""
    value = ["passed", ledger.actor, opinion or None, today()]
    return _review(ledger, visits, value, "审核通过", ("submitted", "passed"), opened or {})


def return_visits(
    ledger: Ledger, visits: list[str], opinion: str, opened: dict[str, Heads] | None = None
) -> Outcome:
    """待审核 → 已退回 with an opinion. Raises Refused without one."""
    if not opinion.strip():
        raise Refused("退回时请写明意见，让填报人知道要改什么。")
    value = ["returned", ledger.actor, opinion, today()]
    return _review(ledger, visits, value, "退回", ("submitted", "passed"), opened or {})


def _review(
    ledger: Ledger,
    visits: list[str],
    value: Sequence[str | None],
    label: str,
    allowed: tuple[str, ...],
    opened: dict[str, Heads],
) -> Outcome:
    def drafts(connection: Connection) -> list[Draft]:
        return [
            Draft("visit", record, "update", {"review": list(value)}, opened.get(record))
            for record, state, stale in queries.states_of(connection, visits)
            if state in allowed and (state != value[0] or stale)
        ]

    return ledger.write(label if len(visits) == 1 else f"{label} {len(visits)} 条", drafts)


def delete(ledger: Ledger, visits: list[str], opened: dict[str, Heads] | None = None) -> Outcome:
    """Delete visits; they stay in the history and come back by undo.

    `opened` holds what the editor of a visit showed: an edit it did not show makes the deletion a conflict.
    """
    seen = opened or {}
    label = "删除服务记录" if len(visits) == 1 else f"删除 {len(visits)} 条服务记录"
    return ledger.write(label, [Draft("visit", v, "delete", {"_deleted": True}, seen.get(v)) for v in visits])


def duplicate_values(ledger: Ledger, visit: str, day: str | None = None) -> dict[str, Any]:
    """The values for a new visit like this one: on `day` (default: today), not yet reviewed, without a number.

    One of several days lasts as long as it did.
    """
    folded = ledger.folded(visit)
    values = dict(folded.values) if folded else {}
    for name in ("number", "review", "opinion", "satisfaction", "typical"):
        values.pop(name, None)
    time = values.get("time")
    if time:
        first, last = day or today(), None
        if time[0] and time[1] and _is_day(time[0]) and _is_day(time[1]):
            length = dt.date.fromisoformat(time[1]) - dt.date.fromisoformat(time[0])
            last = (dt.date.fromisoformat(first) + length).isoformat()
        values["time"] = [first, last, time[2], time[3], time[4]]
    return values


def days_text(half_days: int | None) -> str:
    """Days as people write them: 0.5, 1, 187.5; "" for none."""
    if half_days is None:
        return ""
    whole, half = divmod(half_days, 2)
    return f"{whole:,}.5" if half else f"{whole:,}"


def half_days_between(start: str | None, end: str | None) -> int | None:
    """Half days of a stay from HH:MM to HH:MM on one day: up to 4 hours count half a day, more a whole one."""
    if not start or not end or end <= start:
        return None
    minutes = (int(end[:2]) * 60 + int(end[3:])) - (int(start[:2]) * 60 + int(start[3:]))
    return 1 if minutes <= 240 else 2


def state_counts(ledger: Ledger, f: VisitFilter) -> dict[str, int]:
    """How many visits are in each state; `disputed` and `stale` beside them."""
    with ledger.read() as connection:
        return queries.state_counts(connection, with_meanings(connection, f))


def listed_rowids(ledger: Ledger, f: VisitFilter, sort: str, descending: bool) -> "array[int]":
    """Row numbers of the visits that the filter lets through, in order."""
    with ledger.read() as connection:
        return queries.visit_rowids(connection, with_meanings(connection, f), sort, descending)


def rows(ledger: Ledger, rowids: Sequence[int]) -> dict[int, VisitRow]:
    """The rows of some visits, by row number."""
    with ledger.read() as connection:
        return queries.visit_rows(connection, rowids)


def listing(ledger: Ledger, f: VisitFilter, sort: str, descending: bool) -> Listing:
    """The visits that the filter lets through in order, their sums, and the counts of the quick filters."""
    with ledger.read() as connection:
        return queries.visit_listing(connection, with_meanings(connection, f), sort, descending)


def sums_of(ledger: Ledger, rowids: Sequence[int]) -> VisitSums:
    """The sums of a selection."""
    with ledger.read() as connection:
        return queries.sums_of(connection, rowids)


def rowid_of(ledger: Ledger, visit: str) -> int | None:
    """The row number of a visit."""
    with ledger.read() as connection:
        return queries.rowid_of(connection, visit)


def used_words(ledger: Ledger, column: str) -> list[str]:
    """What was written in a text column or pick list lately, the most frequent first."""
    with ledger.read() as connection:
        return queries.used_words(connection, column)


@dataclass(frozen=True)
class Opened:
    """A visit as an editor opens it: its values, who went along, the recipient's name, and what was seen."""

    id: str
    values: dict[str, Any]
    companions: list[str]
    recipient_name: str
    seen: Heads
    conflicts: frozenset[str]
    stale: bool


def open_visit(ledger: Ledger, visit: str) -> Opened | None:
    """A visit for the editor; None where it is gone."""
    folded = ledger.folded(visit)
    if folded is None or folded.deleted:
        return None
    with ledger.read() as connection:
        recipient = recipient_queries.stands_for(connection, folded.values.get("recipient"))
        name = names.name(connection, "recipient", recipient)
    return Opened(
        visit, folded.values, companions(ledger, visit), name, folded.shown, folded.conflicts,
        bool(folded.stale),
    )  # fmt: skip


def opened_to_json(opened: Opened) -> dict[str, Any]:
    """An opened visit as plain values, for a draft on disk."""
    return {
        "id": opened.id, "values": opened.values, "companions": opened.companions,
        "recipient_name": opened.recipient_name, "conflicts": sorted(opened.conflicts), "stale": opened.stale,
        "seen": {f: [str(i) for i in ids] for f, ids in opened.seen.items()},
    }  # fmt: skip


def opened_from_json(kept: Any) -> Opened | None:
    """What `opened_to_json` wrote; None for anything else."""
    try:
        seen = {f: tuple(parse_id(i) for i in ids) for f, ids in kept["seen"].items()}
        return Opened(
            kept["id"], kept["values"], kept["companions"], kept["recipient_name"], seen, frozenset(kept["conflicts"]),
            kept["stale"],
        )  # fmt: skip
    except (TypeError, KeyError, ValueError, AttributeError):
        return None
