"""A team, and a task it has agreed on, as their forms show them, with what an editor has seen."""

from dataclasses import dataclass
from typing import Any

from commissioner_app import people
from commissioner_app.labels import Reader
from commissioner_app.ledgers import Ledger
from commissioner_app.rows import Heads

FIELDS = ("name", "level", "industry", "county", "leader", "tasks", "remark")
TASK_FIELDS = ("title", "period", "state", "result")


@dataclass(frozen=True)
class TeamEntry:
    """A team as the form shows it; opened is what an editor has seen."""

    team: str
    values: dict[str, Any]
    opened: Heads
    disputed: frozenset[str]
    organisations: tuple[str, ...]


@dataclass(frozen=True)
class TaskEntry:
    """A task as the form shows it."""

    task: str
    values: dict[str, Any]
    opened: Heads
    disputed: frozenset[str]


def read_team(ledger: Ledger, team: str) -> TeamEntry | None:
    """A team, None where it is gone; "" is one that is yet to be made."""
    names = tuple(people.organisation_names(ledger))
    if not team:
        return TeamEntry("", {}, {}, frozenset(), names)
    opened = ledger.seen(team)
    folded = ledger.folded(team)
    if folded is None or folded.deleted:
        return None
    values = {name: folded.values.get(name) for name in FIELDS}
    values["organisation_name"] = (
        Reader(ledger).name("organisation", folded.values.get("organisation")) or None
    )
    disputed = frozenset("organisation_name" if n == "organisation" else n for n in folded.conflicts)
    return TeamEntry(team, values, opened, disputed, names)


def read_task(ledger: Ledger, task: str) -> TaskEntry | None:
    """A task, None where it is gone."""
    opened = ledger.seen(task)
    folded = ledger.folded(task)
    if folded is None or folded.deleted:
        return None
    return TaskEntry(task, {n: folded.values.get(n) for n in TASK_FIELDS}, opened, folded.conflicts)
