"""考核要求: what a notice demands of commissioners in a year, how far each has got, who is behind or silent."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

import resources
from commissioner_app import batches, periods
from commissioner_app.periods import Period
from commissioner_app.statistics import Scope, visit_filter
from commissioner_app.visits import days_text
from db.errors import Refused
from db.journal.changes import Heads
from db.ledger import Ledger, Outcome
from db.queries import obligations as queries
from db.queries import roster
from db.queries.obligations import Served
from db.queries.roster import BatchRow, PlaceRow

SILENT_DAYS = 30
"""Who has logged nothing for this long is named (issue: 30 天没有记录)."""


@dataclass(frozen=True)
class RuleSet:
    """What a notice demands of an individual commissioner in the evaluation period; one of the demands suffices.

    half_days, least_half_days count half days; a visit below `least_half_days` or of nothing but `off_site` ways does
    not count. source names the notice.
    """

    id: str
    name: str
    source: str
    note: str
    visits: int | None = None
    half_days: int | None = None
    least_half_days: int = 0
    off_site: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """12 次或 30 天."""
        return amount(self.visits, self.half_days)

    def counts(self, served: Served) -> bool:
        """Whether such visits count."""
        remote = bool(served.ways) and set(self.off_site).issuperset(served.ways)
        return not remote and served.half_days >= self.least_half_days


@dataclass(frozen=True)
class Person:
    """What one person has done at a place: visits that count, and half days."""

    commissioner: str | None
    name: str
    visits: int
    half_days: int


@dataclass(frozen=True)
class Progress:
    """How far a place has got in its batch's evaluation period.

    visits, half_days: what counts (half days); left_out: visits that the rule set does not count; done: share of the
    demand that is nearest (1.0: fulfilled), None where nothing is demanded; expected_…: for this time of the period,
    rounded down; last: date of the latest visit; people: by person where the place has changed hands.
    """

    place: PlaceRow
    rule_set: RuleSet | None
    visits: int
    half_days: int
    left_out: int
    done: float | None
    expected_visits: int | None
    expected_half_days: int | None
    behind: bool
    silent: bool
    last: str
    people: tuple[Person, ...]
    sentence: str


@cache
def rule_sets() -> tuple[RuleSet, ...]:
    """The rule sets that ship, in their order."""
    data = tomllib.loads(resources.path("rules", "obligations.toml").read_text("utf-8"))
    return tuple(_rule_set(each) for each in data["rule_set"])


def _rule_set(data: dict[str, Any]) -> RuleSet:
    days = data.get("days")
    return RuleSet(
        data["id"], data["name"], data["source"], data["note"], data.get("visits"),
        None if days is None else round(2 * days), round(2 * data.get("least_days", 0)), tuple(data["off_site"]),
    )  # fmt: skip


def rule_set(identity: str | None) -> RuleSet | None:
    """The rule set of an id (`batch.rule_set`); None for none and for one that this version does not have."""
    return next((r for r in rule_sets() if r.id == identity), None)


def problem(batch: BatchRow) -> str:
    """What to say of a batch whose rule set this version does not have; "" for all others."""
    if not batch.rule_set or rule_set(batch.rule_set):
        return ""
    return f"本批次的考核要求“{batch.rule_set}”本版本没有，未作比较，请升级程序。"


def choose(ledger: Ledger, batch: str, identity: str | None, opened: Heads | None = None) -> Outcome:
    """Choose a rule set for a batch, or none. Raises Refused for one that there is not."""
    if identity and rule_set(identity) is None:
        raise Refused(f"没有“{identity}”这套考核要求。")
    return batches.save(ledger, batch, {"rule_set": identity or None}, opened)


def period_of(batch: BatchRow) -> Period:
    """The evaluation period of a batch; the calendar year where it has none."""
    return periods.evaluation_period([batch], batch.year or int(periods.today()[:4]))


def progress(ledger: Ledger, batch: BatchRow, today: str | None = None) -> list[Progress]:
    """How far each place of a batch has got, in the order of the places.

    Visits count as in the statistics (`statistics.COUNTED`): 待审核 and 审核通过, whatever changed after the review
    included; drafts and returned ones do not. A visit of several places counts for each. Where no rule set is chosen,
    and for members of a team (teams have figures of their own, which are not known), nothing is demanded; `silent` is
    told all the same: no visit in the last 30 days of the period so far. today: ISO date.
    """
    now = today or periods.today()
    period = period_of(batch)
    with ledger.read() as connection:
        places = roster.places(connection, batch.id, _within(batch, now))
        done = queries.served(connection, visit_filter(period, Scope()), batch.id)
    by_place: dict[str, list[Served]] = {}
    for each in done:
        by_place.setdefault(each.place, []).append(each)
    rules = rule_set(batch.rule_set)
    return [_progress(p, by_place.get(p.id, []), rules, period, now) for p in places]


def _within(batch: BatchRow, day: str) -> str:
    """A day, kept within the service period: who holds a place then."""
    return min(max(day, batch.service_from or day), batch.service_to or day)


def _progress(
    place: PlaceRow, served: list[Served], rules: RuleSet | None, period: Period, now: str
) -> Progress:
    counted = [s for s in served if rules is None or rules.counts(s)]
    visits, half_days = sum(s.visits for s in counted), sum(s.visits * s.half_days for s in counted)
    left_out = sum(s.visits for s in served) - visits
    demanded = rules if rules and not place.team else None
    share, expected_visits, expected_days = None, None, None
    behind = False
    if demanded:
        time = elapsed(period, now)
        pairs = ((visits, demanded.visits), (half_days, demanded.half_days))
        share = max((have / want for have, want in pairs if want), default=1.0)
        expected_visits = None if demanded.visits is None else int(demanded.visits * time)
        expected_days = None if demanded.half_days is None else int(demanded.half_days * time)
        short = [
            have < want
            for have, want in ((visits, expected_visits), (half_days, expected_days))
            if want is not None
        ]
        behind = bool(place.commissioner and short) and all(short)
    last = max((s.last for s in served), default="")
    limit = silent_before(period, now)
    silent = bool(place.commissioner and limit and last < limit)
    text = _sentence(
        place, rules, demanded, (visits, half_days, left_out), share, (expected_visits, expected_days)
    )
    return Progress(
        place, demanded, visits, half_days, left_out, share, expected_visits, expected_days, behind, silent, last,
        _people(place, counted), text,
    )  # fmt: skip


def _people(place: PlaceRow, counted: list[Served]) -> tuple[Person, ...]:
    names = {p.commissioner: p.name for p in place.people}
    order = [*names, *(s.person for s in counted if s.person not in names)]
    found = []
    for person in dict.fromkeys(order):
        mine = [s for s in counted if s.person == person]
        done = sum(s.visits for s in mine), sum(s.visits * s.half_days for s in mine)
        if done[0] or person in names:
            found.append(Person(person, names.get(person, "") if person else "", *done))
    return tuple(found)


def _sentence(
    place: PlaceRow, rules: RuleSet | None, demanded: RuleSet | None, done: tuple[int, int, int],
    share: float | None, expected: tuple[int | None, int | None],
) -> str:  # fmt: skip
    visits, half_days, left_out = done
    if not place.commissioner and not visits:
        return "名额还没有录入人员。"
    text = f"已服务 {visits} 次、{days_text(half_days)} 天"
    if left_out:
        text += f"（另有 {left_out} 次不计入）"
    if demanded is None:
        team = "；服务团另有要求，本程序没有其数字，不作比较" if rules and place.team else ""
        return f"{text}{team}。"
    if share is not None and share >= 1:
        return f"{text}，要求 {demanded.text}，已达到。"
    return f"{text}，要求 {demanded.text}；按进度应有 {amount(*expected)}。"


def amount(visits: int | None, half_days: int | None) -> str:
    """9 次或 22.5 天."""
    parts = [f"{visits} 次"] if visits is not None else []
    if half_days is not None:
        parts.append(f"{days_text(half_days)} 天")
    return "或 ".join(parts) if len(parts) > 1 else "".join(parts)


def elapsed(period: Period, day: str) -> float:
    """The share of a period that has passed at the end of a day: 0 before it, 1 after it."""
    start, end, at = (dt.date.fromisoformat(d).toordinal() for d in (period.start, period.end, day))
    return min(max((at - start + 1) / (end - start + 1), 0.0), 1.0)


def silent_before(period: Period, day: str) -> str | None:
    """Whose latest visit lies before this date is silent on a day; None while the period is not that old."""
    until = min(period.end, day)
    limit = (dt.date.fromisoformat(until) - dt.timedelta(days=SILENT_DAYS)).isoformat()
    return limit if period.start <= limit else None
