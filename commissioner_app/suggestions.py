"""What an editor of visits suggests: what was written before, with the keys by which it is found."""

from dataclasses import dataclass, field

from commissioner_app import pinyin, visits
from commissioner_app.divisions import Divisions
from commissioner_app.gazetteer import Where
from commissioner_app.recipients import search_keys
from db.ledger import Ledger
from db.queries import roster
from db.queries import visits as queries

Word = tuple[str, str]
"""A text and what it is found by: "怀山药", "huaishanyao hsy"."""


@dataclass(frozen=True)
class KnownRecipient:
    """A recipient as it is suggested; place: 祥云镇 大玉兰."""

    name: str
    keys: str
    where: Where
    place: str
    contact: str
    phone: str


@dataclass(frozen=True)
class Suggestions:
    """Everything that is suggested, the most frequent first."""

    recipients: tuple[KnownRecipient, ...] = ()
    texts: dict[str, tuple[Word, ...]] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)


def load(ledger: Ledger, divisions: Divisions) -> Suggestions:
    """Read what was used before; a moment's work at a million visits, for a worker thread."""
    with ledger.read() as connection:
        recipients = roster.recipients(connection)
        texts = {name: queries.used_words(connection, name) for name in ("topic", "materials", "contact")}
        lists = {name: queries.used_words(connection, name) for name in ("ways", "varieties", "techniques")}
        industries = queries.used_words(connection, "industry")
        companions = queries.used_companions(connection)
    lists["ways"] = _after(visits.WAYS, lists["ways"])
    lists["industry"] = _after(visits.INDUSTRIES, industries)
    lists["companions"] = companions
    for words in lists.values():
        pinyin.warm(words)  # they are looked up by initials while somebody types
    return Suggestions(
        tuple(
            KnownRecipient(r.name, search_keys(r.name), [r.county, r.township, r.village],
                           divisions.text(r.county, r.township, r.village), r.contact, r.phone)
            for r in recipients
            if r.name
        ),
        {name: tuple((word, search_keys(word)) for word in words) for name, words in texts.items()},
        {name: tuple(words) for name, words in lists.items()},
    )  # fmt: skip


def fitting(
    known: tuple[KnownRecipient, ...], typed: str, where: Where, most: int = 12
) -> list[KnownRecipient]:
    """The recipients that fit what was typed, those of the same township and county before others."""
    needle = typed.strip().lower()
    if not needle:
        return []
    found = []
    for r in known:
        name = r.name.lower()
        fit = 3 if name.startswith(needle) else 2 if needle in name else 0
        if not fit and needle.isascii():
            fit = pinyin.matches(needle, r.keys)
        if fit:
            near = (
                2
                if r.where[1] and r.where[1] == where[1]
                else 1
                if r.where[0] and r.where[0] == where[0]
                else 0
            )
            found.append((-near, -fit, r.name, r))
    return [row[-1] for row in sorted(found, key=lambda row: row[:3])[:most]]


def _after(first: tuple[str, ...], used: list[str]) -> list[str]:
    """The usual words, then what was written besides."""
    return [*first, *(word for word in used if word not in first)]
