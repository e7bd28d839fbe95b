"""What words in Latin letters mean in a filter: people, recipients, counties and townships that are read so."""

import re
from dataclasses import replace

from commissioner_app import pinyin
from db.ledger import Connection
from db.queries import names, people, roster
from db.queries.visits import VisitFilter

_LETTERS = re.compile(r"[a-z]{2,}")
"""One letter would mean everybody; with figures in it, it is a 编号."""


def with_meanings(connection: Connection, f: VisitFilter) -> VisitFilter:
    """The filter with the records that its words may mean, read as pinyin: zsf means 张三丰.

    Villages are left out: there are two thousand, so that any two letters are some village's initials.
    """
    words = [word for word in f.text.lower().split() if _LETTERS.fullmatch(word)]
    if not words:
        return f
    persons = people.known_names(connection)
    named = [(r.id, r.name) for r in roster.recipients(connection)]
    named += [(code, name) for code, _, level, name, _ in names.divisions(connection) if level in (1, 2)]
    found = {}
    for word in words:
        meant = {record for record, name in persons if pinyin.found(word, people=[name])}
        meant |= {record for record, name in named if pinyin.found(word, name)}
        found[word] = frozenset(meant)
    return replace(f, meant=tuple(sorted(found.items())))
