"""Finder: searches everything and all commands for the box in the top bar."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject

from commissioner_app import pinyin, places, recipients, teams, visits
from commissioner_app.batches import reference_day
from ui.context import Context
from ui.search.commands import commands
from ui.widgets.droplist import Hit

SHOWN = 8
VISITS = 5
KINDS = frozenset(
    {"appointment", "appointment_person", "assignment", "batch", "category", "commissioner", "organisation",
     "recipient", "team"}
)  # fmt: skip
VILLAGE = 5
"""The rank of villages: there are two thousand, so that any two letters are some village's initials."""
_SUFFIX = re.compile(r"(街道|镇|乡|村|县|区|市)$")
Answer = Callable[[Sequence[Hit]], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """A hit with what it is found by: its text, more words, its pinyin; ``rank`` orders equal matches."""

    hit: Hit
    words: str
    keys: str
    rank: int


class Finder(QObject):
    """``find`` answers twice: at once from the index, then with the visits whose text holds the words."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        self._index: list[Entry] | None = None
        self._building = False
        self._generation = 0
        self._waiting: tuple[str, Answer] | None = None
        context.changed.connect(self._changed)

    def find(self, text: str, answer: Answer) -> None:
        """Answer with the hits for ``text``, best first."""
        if self._index is None:
            self._waiting = (text, answer)
            self._build()
            return
        self._answer(text, answer, self._index)

    def _changed(self, kinds: frozenset[str]) -> None:
        if kinds & KINDS:
            self._index = None
            self._generation += 1

    def _build(self) -> None:
        if self._building:
            return
        self._building = True
        context, generation = self._context, self._generation

        def built(index: list[Entry]) -> None:
            self._building = False
            if generation == self._generation:
                self._index = index
            waiting, self._waiting = self._waiting, None
            if waiting is not None:
                self._answer(*waiting, index)

        context.read(lambda: build_index(context), built, self, "index")

    def _answer(self, text: str, answer: Answer, index: list[Entry]) -> None:
        hits = search(index, text)
        if hits:
            answer(hits)
        ledger, divisions = self._context.ledger, self._context.divisions

        def read() -> list[visits.VisitRow]:
            rowids = visits.listed_rowids(ledger, visits.VisitFilter(text=text), "date", True)[:VISITS]
            rows = visits.rows(ledger, rowids)
            return [rows[n] for n in rowids if n in rows]

        def show(rows: list[visits.VisitRow]) -> None:
            found = [
                Hit(
                    row.content or row.topic or row.number or "—",
                    " · ".join(
                        part
                        for part in (
                            row.date or "",
                            row.names,
                            divisions.text(row.county, row.township, row.village),
                        )
                        if part
                    ),
                    "visit",
                    ("visits", row.id),
                )
                for row in rows
            ]
            if found or not hits:
                answer([*hits, *found])

        # Two letters are pinyin or a 编号: looking for one letter in every text would only find noise.
        if len(text) > 1 or not text.isascii():
            self._context.read(read, show, self, "visits")
        elif not hits:
            answer([])


def search(index: list[Entry], text: str) -> list[Hit]:
    """The best hits of an index for what was typed: Chinese, a code, full pinyin or initials."""
    wanted = "".join(text.lower().split())
    if not wanted:
        return []
    latin = wanted.isascii() and wanted.isalnum()
    found: list[tuple[int, int, int, int]] = []
    for n, entry in enumerate(index):
        title = entry.hit.title.lower()
        score = 0
        if title == wanted:
            score = 12
        elif title.startswith(wanted):
            score = 10
        elif wanted in title:
            score = 8
        elif wanted in entry.words:
            score = 6
        if latin and (match := pinyin.matches(wanted, entry.keys)):
            score = max(score, 2 + 2 * match - (3 if entry.rank == VILLAGE else 0))
        if score:
            found.append((-score, entry.rank, len(title), n))
    return [index[n].hit for *_order, n in sorted(found)[:SHOWN]]


def build_index(context: Context) -> list[Entry]:
    """Everything that is found by name; on a worker thread, for it reads and loads the tables of pinyin."""
    ledger, divisions = context.ledger, context.divisions
    made: list[Entry] = []

    def add(hit: Hit, rank: int, words: str = "", *, surname: bool = False, also: Sequence[str] = ()) -> None:
        keys = " ".join([pinyin.keys(hit.title, surname), *map(pinyin.keys, also)])
        made.append(Entry(hit, words.lower(), keys.strip(), rank))

    for command in commands():
        key = command.page if command.page is not None else ("command", command.run)
        hit = Hit(command.title, command.caption, command.icon, key)
        add(hit, 1, command.words, also=command.words.split())
    seen: set[str] = set()
    for batch in context.batches:
        for place in places.listed(ledger, batch, reference_day(batch)):
            names = [p for p in place.people if p.name]
            facts = [place.code, place.category_name, place.organisation_name]
            caption = " · ".join(part for part in facts if part)
            for person in names:
                if person.commissioner not in seen:
                    seen.add(person.commissioner)
                    words = "".join(facts)
                    hit = Hit(person.name, caption, "commissioner", ("commissioners", place.id))
                    add(hit, 0, words, surname=True)
            if not names:
                vacant = " · ".join([_tr("未录入姓名"), *(part for part in facts[1:] if part)])
                add(Hit(place.code, vacant, "commissioner", ("commissioners", place.id)), 3)
    for team in teams.listed(ledger, None):
        add(Hit(team.name, _tr("服务团"), "team", ("teams", team.id)), 2)
    for recipient in recipients.listed(ledger):
        where = divisions.text(recipient.county, recipient.township, recipient.village)
        caption = " · ".join(part for part in (_tr("受援单位"), where) if part)
        add(Hit(recipient.name, caption, "recipient", ("recipients", recipient.id)), 2)
    for division in divisions.by_code.values():
        if division.level == 0:
            continue
        above = divisions.by_code.get(division.parent or "")
        what: dict[str, Any]
        if division.level == 1:
            what, caption = {"county": division.code, "label": division.name}, _tr("县（市、区）")
        else:
            upper = divisions.by_code.get(above.parent or "") if above and division.level == 3 else None
            caption = " ".join(d.name for d in (upper, above) if d)
            what = {"text": division.name, "label": division.name}
        short = _SUFFIX.sub("", division.name)
        hit = Hit(division.name, caption, "place", ("visits", what))
        add(hit, 2 + division.level, also=[short] if short != division.name and len(short) > 1 else [])
    return made


def _tr(text: str) -> str:
    return QCoreApplication.translate("Finder", text)
