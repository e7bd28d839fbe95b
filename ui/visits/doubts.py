"""待核实 as the page of visits shows it: which rows a rule has met, their sentences, answers for several at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from commissioner_app.ledgers import Ledger, Outcome
from commissioner_app.visits import VisitFilter

KINDS = frozenset({"doubt_answer", "attachment", "assignment", "batch", "setting"})
"""What doubts follow from, beside what the list shows anyway."""


@dataclass(frozen=True)
class Sentence:
    """One finding of a visit; answer: the remark that settles it, None while it is open; hint: only to be noted."""

    rule: str
    title: str
    text: str
    hint: bool
    answer: str | None


@dataclass(frozen=True)
class Doubts:
    """rows: row numbers of the visits with an open finding, by rule; titles: of the rules; hints: which only hint."""

    rows: Mapping[str, frozenset[int]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    hints: frozenset[str] = frozenset()

    def of(self, rule: str | None = None) -> frozenset[int]:
        """The rows of a rule; without one those of any, hints apart."""
        if rule is not None:
            return self.rows.get(rule, frozenset())
        return frozenset().union(*(r for name, r in self.rows.items() if name not in self.hints))

    def counts(self) -> dict[str, tuple[str, int]]:
        """Title and number of visits of every rule that has met some, hints last."""
        found = {n: (self.titles[n], len(r)) for n, r in self.rows.items() if r}
        return dict(sorted(found.items(), key=lambda item: item[0] in self.hints))

    def within(self, rowids: Iterable[int]) -> "Doubts":
        """Only of these visits."""
        some = frozenset(rowids)
        return Doubts({n: r & some for n, r in self.rows.items()}, self.titles, self.hints)


def read(ledger: Ledger, f: VisitFilter) -> Doubts:
    """The doubts of the visits that a filter lets through; slow the first time: call it on a worker thread."""
    from commissioner_app import (  # comparing texts takes libraries that the start does not need
        doubts,
        visit_views,
    )

    found = doubts.all_of(ledger, visit_views.meant(ledger, f))
    rules = {name: found.rules[name] for name in found.open_rows}
    return Doubts(
        dict(found.open_rows),
        {name: rule.title for name, rule in rules.items()},
        frozenset(name for name, rule in rules.items() if rule.severity != "doubt"),
    )


def sentences(ledger: Ledger, visits: Sequence[str]) -> dict[str, tuple[Sentence, ...]]:
    """What is found about some visits, answered ones included; call it on a worker thread."""
    from commissioner_app import doubts

    found = doubts.of_visits(ledger, list(visits)) if visits else {}
    return {
        visit: tuple(Sentence(f.rule, f.title, f.sentence, f.severity != "doubt", f.answer) for f in list_)
        for visit, list_ in found.items()
    }


def answer(ledger: Ledger, visits: Sequence[str], rule: str, text: str) -> Outcome:
    """Settle what a rule has found about some visits with a remark. Raises Refused."""
    from commissioner_app import doubts

    return doubts.answer(ledger, visits, rule, text)


def take_back(ledger: Ledger, visits: Sequence[str], rule: str) -> Outcome:
    """Take such remarks back: what was found is open again."""
    from commissioner_app import doubts

    return doubts.take_back(ledger, visits, rule)
