"""Entry: a place with the person on it, as the detail shows them; read on a worker thread."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from commissioner_app import people
from commissioner_app.ledgers import Ledger
from commissioner_app.rows import Heads, Named

PLACE_FIELDS = ("code", "category", "team", "funding", "candidate_counties", "remark")


@dataclass(frozen=True)
class Person:
    """Somebody's values by field, what an editor of them has seen, and the fields in conflict."""

    commissioner: str
    values: dict[str, Any]
    opened: dict[str, Heads]
    disputed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    """person is None for an open place; ``spare`` are people without a place, by id."""

    place: str
    values: dict[str, Any]
    opened: Heads
    disputed: frozenset[str]
    person: Person | None
    spare: dict[str, str] = field(default_factory=dict)
    organisations: tuple[str, ...] = ()


def read_person(ledger: Ledger, commissioner: str) -> Person:
    """Somebody as the form shows them."""
    opened = people.seen(ledger, commissioner)
    values = people.person(ledger, commissioner)
    values["organisation_name"] = people.organisation_of(ledger, values.get("organisation")) or None
    disputed: set[str] = set()
    for record in opened:
        folded = ledger.folded(record)
        disputed |= folded.conflicts if folded else frozenset()
    return Person(commissioner, values, opened, _shown(disputed))


def read_entry(ledger: Ledger, place: str, commissioner: str | None) -> Entry | None:
    """A place and the person who holds it; None where the place is gone."""
    opened = ledger.seen(place)
    folded = ledger.folded(place)
    if folded is None or folded.deleted:
        return None
    values = {name: folded.values.get(name) for name in PLACE_FIELDS}
    values["organisation_name"] = people.organisation_of(ledger, folded.values.get("organisation")) or None
    return Entry(
        place,
        values,
        opened,
        _shown(folded.conflicts),
        read_person(ledger, commissioner) if commissioner else None,
        spare_titles(people.spare(ledger, folded.values.get("batch"))),
        tuple(people.organisation_names(ledger)),
    )


def spare_titles(spare: Sequence[Named]) -> dict[str, str]:
    """What to call people without a place, by id: the name, with the unit where several have that name."""
    counts = Counter(each.name for each in spare)
    return {
        each.id: f"{each.name}（{each.note or each.id[-4:]}）" if counts[each.name] > 1 else each.name
        for each in spare
    }


def _shown(disputed: set[str] | frozenset[str]) -> frozenset[str]:
    return frozenset("organisation_name" if name == "organisation" else name for name in disputed)
