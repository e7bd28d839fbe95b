"""How the places of a batch stand to its 考核要求, for lists and 工作台: who has reached it, is on the way, behind, silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from commissioner_app import obligations
from commissioner_app.obligations import Progress, RuleSet
from commissioner_app.periods import Period
from commissioner_app.visits import days_text
from db.ledger import Ledger
from db.queries.roster import BatchRow

State = Literal["", "reached", "under_way", "behind"]

STATES: dict[State, str] = {"reached": "已达到", "under_way": "进行中", "behind": "落后"}
"""What the screen calls them; nobody is compared where the state is empty."""


@dataclass(frozen=True)
class Summary:
    """A batch on 工作台; rule_set is None where nothing is demanded, problem says why if that was not the intent.

    reached, under_way, behind count people; apart: team members, of whom nothing is known. behind and silent are
    named the furthest behind and the longest silent first.
    """

    rule_set: RuleSet | None
    problem: str
    period: Period
    reached: int
    under_way: int
    behind: tuple[Progress, ...]
    apart: int
    silent: tuple[Progress, ...]

    @property
    def compared(self) -> int:
        """How many people the rule set is about."""
        return self.reached + self.under_way + len(self.behind)


def state_of(progress: Progress) -> State:
    """How somebody stands; empty for an open place and where nothing is demanded."""
    if progress.rule_set is None or not progress.place.commissioner:
        return ""
    if progress.done is not None and progress.done >= 1:
        return "reached"
    return "behind" if progress.behind else "under_way"


def short_text(progress: Progress) -> str:
    """8/12 次 · 14/30 天; what was done alone where nothing is demanded, "" for an open place without visits."""
    rules = progress.rule_set
    done = (str(progress.visits), days_text(progress.half_days))
    if rules is None:
        shown = progress.place.commissioner or progress.visits
        return f"{done[0]} 次 · {done[1]} 天" if shown else ""
    if not progress.place.commissioner and not progress.visits:
        return ""
    parts = [f"{done[0]}/{rules.visits} 次"] if rules.visits is not None else []
    if rules.half_days is not None:
        parts.append(f"{done[1]}/{days_text(rules.half_days)} 天")
    return " · ".join(parts)


def long_text(progress: Progress) -> str:
    """The sentence about a place with the rule set's name before it."""
    name = f"{progress.rule_set.name}：" if progress.rule_set else ""
    return name + progress.sentence


def summary(ledger: Ledger, batch: BatchRow | None, today: str | None = None) -> Summary | None:
    """How a batch stands; None without a batch. today: ISO date."""
    if batch is None:
        return None
    found = obligations.progress(ledger, batch, today)
    return summed(batch, found)


def summed(batch: BatchRow, found: Sequence[Progress]) -> Summary:
    """What has been read of a batch, summed up."""
    rules = obligations.rule_set(batch.rule_set)
    states = [state_of(p) for p in found]
    behind = [p for p, state in zip(found, states, strict=True) if state == "behind"]
    return Summary(
        rules,
        obligations.problem(batch),
        obligations.period_of(batch),
        states.count("reached"),
        states.count("under_way"),
        tuple(sorted(behind, key=lambda p: (p.done or 0.0, p.place.code))),
        sum(1 for p in found if rules and p.rule_set is None and p.place.commissioner),
        tuple(sorted((p for p in found if p.silent), key=lambda p: (p.last, p.place.code))),
    )
