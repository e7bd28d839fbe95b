"""Service teams (服务团): leader, members, what they have agreed to do."""

from collections.abc import Iterable
from typing import Any

from commissioner_app import people
from commissioner_app.periods import day, today
from db.errors import Refused
from db.ids import new_id
from db.journal.changes import Heads
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import roster
from db.queries import teams as queries
from db.queries.roster import TeamRow
from db.queries.teams import TaskRow as TaskRow

LEVELS = ("省派", "市派", "县派")
"""Who sends a team."""

TASK_STATES = ("未开始", "进行中", "已完成")
"""How far an agreed task is."""


def may_change(role: str) -> bool:
    """Whether a station of this role keeps teams and their tasks (db/journal/rights.py)."""
    return role == "bureau"


def why_not() -> str:
    """What a station that may not is told."""
    return "服务团及其约定任务由市科技局维护，本机只能查看。"


def listed(ledger: Ledger, batch: str | None) -> list[TeamRow]:
    """The teams of a batch."""
    with ledger.read() as connection:
        return roster.teams(connection, batch)


def save(ledger: Ledger, team: str | None, values: dict[str, Any], opened: Heads | None = None) -> Outcome:
    """Create or change a team; `organisation_name` finds or makes the sending organisation. Raises Refused."""
    values = dict(values)
    if (team is None or "name" in values) and not str(values.get("name") or "").strip():
        raise Refused("请填写服务团名称。")
    drafts: list[Draft] = []
    if "organisation_name" in values:
        values["organisation"], drafts = people.organisation_drafts(
            ledger, str(values.pop("organisation_name") or "")
        )
    drafts.append(Draft("team", team or new_id(), "update" if team else "insert", values, opened))
    return ledger.write("修改服务团" if team else f"新建服务团 {values['name']}", drafts)


def set_members(ledger: Ledger, team: str, add: list[str], remove: list[str]) -> Outcome:
    """Places join or leave a team."""
    drafts = [Draft("appointment", p, "update", {"team": team}) for p in add]
    drafts += [Draft("appointment", p, "update", {"team": None}) for p in remove]
    return ledger.write("调整服务团成员", drafts)


def delete(ledger: Ledger, team: str) -> Outcome:
    """Delete a team with its tasks, in one operation; its places stay, without a team."""

    def drafts(connection: Connection) -> list[Draft]:
        found = [Draft("appointment", m, "update", {"team": None}) for m in roster.members(connection, team)]
        found += [
            Draft("team_task", t.id, "delete", {"_deleted": True}) for t in queries.tasks(connection, team)
        ]
        return [*found, Draft("team", team, "delete", {"_deleted": True})]

    return ledger.write("删除服务团", drafts)


# -- what is agreed --------------------------------------------------------------------------------------


def tasks(ledger: Ledger, team: str | None = None) -> list[TaskRow]:
    """The tasks of a team (of all, for None), what is due first comes first."""
    with ledger.read() as connection:
        return queries.tasks(connection, team)


def overdue(task: TaskRow, on: str | None = None) -> bool:
    """Whether a task should have been done before a day (today)."""
    return bool(task.due and task.due < (on or today()) and task.state != TASK_STATES[-1])


def overdue_count(found: Iterable[TaskRow], on: str | None = None) -> int:
    """How many of these should have been done."""
    return sum(overdue(t, on) for t in found)


def save_task(
    ledger: Ledger, team: str, task: str | None, values: dict[str, Any], opened: Heads | None = None
) -> Outcome:
    """Agree on a task or change one: `title`, `period` [starts, due], `state`, `result`. Raises Refused."""
    values = dict(values)
    if (task is None or "title" in values) and not str(values.get("title") or "").strip():
        raise Refused("请填写任务内容。")
    if values.get("state") not in (None, *TASK_STATES):
        raise Refused(f"任务进度只有{'、'.join(TASK_STATES)}。")
    period = values.get("period")
    if isinstance(period, list):
        starts, due = (day(p) if p else None for p in period)
        if starts and due and starts > due:
            raise Refused("任务的完成期限早于开始日期。")
        values["period"] = [starts, due]
    if task is None:
        values |= {"state": values.get("state") or TASK_STATES[0], "team": team}
        return ledger.write(
            f"约定任务 {values['title']}", [Draft("team_task", new_id(), "insert", values, opened)]
        )
    return ledger.write("修改约定任务", [Draft("team_task", task, "update", values, opened)])


def delete_task(ledger: Ledger, task: str) -> Outcome:
    """Take an agreed task away."""
    return ledger.write("删除约定任务", [Draft("team_task", task, "delete", {"_deleted": True})])
