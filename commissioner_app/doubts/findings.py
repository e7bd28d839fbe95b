"""Doubts as people read them: each with its sentence, the visits concerned and the answer that was given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commissioner_app.doubts import desk as desks
from commissioner_app.doubts.checks import Hit
from commissioner_app.doubts.rules import Rules, fill
from commissioner_app.doubts.texts import LISTED
from db.ledger import Connection, Ledger
from db.queries import doubts as queries
from db.queries.doubts import Reference
from db.queries.visits import VisitFilter, briefs, visit_rowids

SHOWN = 3
"""Other visits that a sentence names; the finding lists up to `LISTED`."""


@dataclass(frozen=True)
class Finding:
    """A doubt about a visit ("" for one not saved yet).

    severity: doubt or hint; others: the other visits concerned, `count` in all; answer: the
    remark that settles it, None while it is open.
    """

    visit: str
    rule: str
    title: str
    sentence: str
    severity: str
    others: tuple[str, ...] = ()
    count: int = 0
    answer: str | None = None

    @property
    def answered(self) -> bool:
        """Whether somebody has answered it."""
        return self.answer is not None


@dataclass(frozen=True)
class Count:
    """Visits with an open finding of a rule, and with an answered one."""

    open: int = 0
    answered: int = 0


@dataclass(frozen=True)
class Findings:
    """The doubts of a filter, for the list: which visits, by rule; row numbers as `visits.listing` has them.

    counts: by rule in its order, switched on ones only; problems: changes of the rules that cannot be used.
    """

    rules: Rules
    counts: dict[str, Count] = field(default_factory=dict)
    open_rows: Mapping[str, frozenset[int]] = field(default_factory=dict)
    answered_rows: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for each change of the rules that cannot be used."""
        return self.rules.problems

    def rows(self, rule: str | None = None, answered: bool = False) -> frozenset[int]:
        """Row numbers of the visits with an open (answered) finding of a rule; for None of any doubt, hints apart."""
        found = self.answered_rows if answered else self.open_rows
        if rule is not None:
            return found.get(rule, frozenset())
        doubts = [rows for name, rows in found.items() if self.rules[name].severity == "doubt"]
        return frozenset().union(*doubts)

    @property
    def visits(self) -> int:
        """How many visits have an open doubt, hints apart."""
        return len(self.rows())


def all_of(ledger: Ledger, f: VisitFilter | None = None, now: str | None = None) -> Findings:
    """The doubts about all visits, or those that a filter lets through; now: today as ISO date.

    The first call reads the whole ledger (seconds at 100,000 visits), later ones only what has changed: call it on a
    worker thread.
    """
    desk = desks.of(ledger)
    with desk.lock, ledger.read() as connection:
        desk.refresh(connection, now)
        desk.read_all(connection)
        within = None if f is None else frozenset(visit_rowids(connection, f, "date"))
        done: dict[str, set[int]] = {}
        for rule, rowid in queries.answered(connection):
            done.setdefault(rule, set()).add(rowid)
        open_rows: dict[str, frozenset[int]] = {}
        answered: dict[str, frozenset[int]] = {}
        for rule in desk.rules.rules:
            if not desk.rules.on(rule):
                continue
            rows = desk.hits(rule)
            if within is not None:
                rows &= within
            answered[rule] = frozenset(rows & done.get(rule, set()))
            open_rows[rule] = frozenset(rows - answered[rule]) if answered[rule] else frozenset(rows)
        counts = {rule: Count(len(open_rows[rule]), len(answered[rule])) for rule in open_rows}
        return Findings(desk.rules, counts, open_rows, answered)


def told(
    connection: Connection,
    rules: Rules,
    reference: Reference,
    met: Mapping[int, Mapping[str, Hit]],
    ids: Mapping[int, str],
    own: Mapping[int, tuple[str, str, str | None]],
) -> dict[int, list[Finding]]:
    """Findings of what some visits have met, by row number, in the order of the rules.

    ids: the visits' records; own: what sentences say of them (days, names, county), looked up where it is missing.
    """
    others = {
        # What is nearly the same comes with the most alike first, all else in the order it was entered.
        (rowid, rule): [r for r in (hit.others if hit.total else sorted(hit.others)) if r != rowid]
        for rowid, hits in met.items()
        for rule, hit in hits.items()
    }
    listed = {r for found in others.values() for r in found[:LISTED]}
    records = {**queries.ids(connection, sorted(listed)), **ids}
    named = {r for found in others.values() for r in found[:SHOWN]} | {r for r in met if r not in own}
    brief = briefs(connection, [records[r] for r in sorted(named) if r in records])
    answers = queries.answers(connection, sorted(r for r in ids.values() if r))
    found: dict[int, list[Finding]] = {}
    for rowid, hits in met.items():
        visit = ids.get(rowid, "")
        days, who, county = own[rowid] if rowid in own else _own(brief.get(visit))
        words = {"date": days, "who": who, "county": reference.names.get(county or "", county or "")}
        found[rowid] = []
        for name, rule in rules.rules.items():
            hit = hits.get(name)
            if hit is None or not rule.enabled:
                continue
            theirs = [records[r] for r in others[rowid, name][:LISTED] if r in records]
            count = len(others[rowid, name]) if hit.total is None else hit.total
            more = {"count": str(count), "others": _others(theirs, count, brief, reference)}
            if name == "two_counties":
                codes = dict.fromkeys(brief[o][2] or "" for o in theirs[:SHOWN] if o in brief)
                more["counties"] = "、".join(reference.names.get(c, c) for c in codes)
            sentence = fill(rule.sentence, {**words, **more, **hit.words})
            found[rowid].append(
                Finding(
                    visit,
                    name,
                    rule.title,
                    sentence,
                    rule.severity,
                    tuple(theirs),
                    count,
                    answers.get((visit, name)),
                )
            )
    return found


def _own(brief: tuple[str, str, str | None, str | None] | None) -> tuple[str, str, str | None]:
    return brief[:3] if brief else ("", "", None)


def _others(
    records: Sequence[str], count: int, brief: Mapping[str, tuple[str, str, str | None, str | None]],
    reference: Reference,
) -> str:  # fmt: skip
    """演示三 2022-05-03 温县、… 等 5 条."""
    said = []
    for record in records[:SHOWN]:
        day, who, county, _ = brief.get(record, ("", "", None, None))
        said.append(
            " ".join(part for part in (who, day, reference.names.get(county or "", county or "")) if part)
        )
    return "、".join(said) + (f" 等 {count} 条" if count > SHOWN else "")
