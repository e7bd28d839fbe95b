"""What a list of visits is narrowed to, as plain values: for the page, and kept under a name with the ledger."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from commissioner_app.periods import Period
from commissioner_app.visits import STATES
from db.errors import Refused
from db.ledger import Ledger
from db.queries import names as name_queries
from db.queries.visits import VisitFilter

_KEPT = "visit_filters"
LONGEST_NAME = 30
MOST = 50
"""So many filters may have a name."""


@dataclass(frozen=True)
class Conditions:
    """state: the quick filter (all, one of STATES, disputed, stale, arrived, doubt); always: whatever the period.

    start, end, day: inclusive ISO dates; county: division code; appointment, commissioner, team, recipient: records;
    rule: of doubts; label: what somebody else who has set the conditions calls them, extra: words of theirs.
    """

    state: str = "all"
    text: str = ""
    county: str | None = None
    appointment: str | None = None
    commissioner: str | None = None
    team: str | None = None
    recipient: str | None = None
    start: str | None = None
    end: str | None = None
    day: str | None = None
    always: bool = False
    rule: str | None = None
    extra: str = ""
    label: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything but the period is asked for."""
        return replace(self, always=False, label="") != Conditions()

    def filter(self, period: Period, arrived: frozenset[str] = frozenset()) -> VisitFilter:
        """As the ledger is asked; the conditions' own dates stand for the period's."""
        start, end = (self.start, self.end) if self.start or self.end else (period.start, period.end)
        return VisitFilter(
            start=None if self.always else start,
            end=None if self.always else end,
            states=(self.state,) if self.state in STATES else (),
            county=self.county,
            appointment=self.appointment,
            commissioner=self.commissioner,
            team=self.team,
            recipient=self.recipient,
            text=" ".join(t for t in (self.text, self.extra) if t),
            disputed=self.state == "disputed",
            stale=self.state == "stale",
            arrived=arrived,
            only_arrived=self.state == "arrived",
            day=self.day,
        )


def of_wish(what: Mapping[str, Any]) -> Conditions:
    """What another page asks for by a dictionary (place stands for appointment, arrived and state choose a chip)."""
    known = {f.name for f in fields(Conditions)} - {"text"}
    found = {k: v for k, v in what.items() if k in known and v}
    if what.get("place") and "appointment" not in found:
        found["appointment"] = what["place"]
    if what.get("arrived"):
        found |= {"state": "arrived", "always": True}
    return Conditions(**found, extra=str(what.get("text") or ""))


_REFERENCES = {
    "appointment": "appointment",
    "commissioner": "commissioner",
    "team": "team",
    "recipient": "recipient",
}


def titles(ledger: Ledger, conditions: Conditions) -> dict[str, str]:
    """The names of the records that conditions name, by field."""
    with ledger.read() as connection:
        return {
            name: name_queries.name(connection, entity, getattr(conditions, name))
            for name, entity in _REFERENCES.items()
            if getattr(conditions, name)
        }


def saved(ledger: Ledger) -> dict[str, Conditions]:
    """The filters that somebody has named on this laptop, in the order of naming; what cannot be read is left out."""
    try:
        kept = json.loads(ledger.local(_KEPT) or "{}")
    except ValueError:
        return {}
    found = {}
    known = {f.name for f in fields(Conditions)}
    for name, values in kept.items() if isinstance(kept, dict) else ():
        if isinstance(values, dict):
            found[str(name)] = Conditions(**{k: v for k, v in values.items() if k in known})
    return found


def save(ledger: Ledger, name: str, conditions: Conditions) -> None:
    """Keep conditions under a name, in the place of those it had. Raises Refused."""
    kept = saved(ledger)
    kept[_checked(name, kept)] = conditions
    _write(ledger, kept)


def rename(ledger: Ledger, old: str, new: str) -> None:
    """Give a named filter another name; its place among the others stays. Raises Refused."""
    kept = saved(ledger)
    new = _checked(new, kept)
    if new != old and new in kept:
        raise Refused(f"已有名为“{new}”的筛选，请换一个名称。")
    _write(ledger, {new if name == old else name: c for name, c in kept.items()})


def delete(ledger: Ledger, name: str) -> None:
    """Forget a named filter."""
    kept = saved(ledger)
    kept.pop(name, None)
    _write(ledger, kept)


def _checked(name: str, kept: Mapping[str, Conditions]) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("请填写名称。")
    if len(name) > LONGEST_NAME:
        raise Refused(f"名称不能超过 {LONGEST_NAME} 个字。")
    if name not in kept and len(kept) >= MOST:
        raise Refused(f"最多保存 {MOST} 个筛选，请先删除不用的。")
    return name


def _write(ledger: Ledger, kept: Mapping[str, Conditions]) -> None:
    default = asdict(Conditions())
    told = {name: {k: v for k, v in asdict(c).items() if v != default[k]} for name, c in kept.items()}
    ledger.set_local(_KEPT, json.dumps(told, ensure_ascii=False))
