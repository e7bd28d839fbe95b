"""Service teams (服务团): leader, members, what they do."""

from typing import Any

from commissioner_app import people
from db.errors import Refused
from db.ids import new_id
from db.journal.changes import Heads
from db.ledger import Draft, Ledger, Outcome
from db.queries import roster
from db.queries.roster import TeamRow

LEVELS = ("省派", "市派", "县派")
"""Who sends a team."""


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
    """Delete a team; its places stay, without a team."""
    with ledger.read() as connection:
        members = roster.members(connection, team)
    drafts = [Draft("appointment", m, "update", {"team": None}) for m in members]
    drafts.append(Draft("team", team, "delete", {"_deleted": True}))
    return ledger.write("删除服务团", drafts)
