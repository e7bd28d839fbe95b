"""A paste as its window shows it: whose text each part is, the visits in it, the places a name may stand for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from commissioner_app import recipients
from commissioner_app.divisions import Divisions
from commissioner_app.places import PlaceRow
from commissioner_app.recognise import Known, Recognised, Where, layout, recognise
from commissioner_app.recognise.text import plain
from db.ledger import Ledger

LONGEST = 50_000
"""More characters than this are no report of visits; they would only keep the rules busy."""

_TOLD = re.compile(r"\d{1,2} ?[月.] ?\d{1,2}|昨天|今天|前天|上午|下午|上周|本周")
_INK = re.compile(r"\S")
_DONE = re.compile(r"指导|培训|服务|讲解|查看|调研|到.{1,12}[村镇乡县社场]|合作社|农户|种植|养殖|病虫")


@dataclass(frozen=True)
class Pasted:
    """A visit that was found, and the place (名额) of the roster that the head of its message names."""

    found: Recognised
    sender: str | None = None


def looks_like_visits(text: str) -> bool:
    """Whether a clipboard's text tells of visits rather than being a table, an address or a word."""
    return 8 <= len(text) <= LONGEST and "\t" not in text and bool(_TOLD.search(text) and _DONE.search(text))


def senders(text: str, places: Sequence[PlaceRow]) -> list[tuple[int, int, str | None]]:
    """The messages of a copied chat (start, end, place of who sent it); a name that two places have tells nothing."""
    by_name: dict[str, list[str]] = {}
    for place in places:
        if len(place.name) > 1:
            by_name.setdefault(place.name, []).append(place.id)
    found = []
    for message in layout.messages(plain(text)):
        head = text[slice(*message.head)] if message.head else ""
        named = max((n for n in by_name if n in head), key=len, default="")
        ids = by_name.get(named, [])
        found.append((message.start, message.end, ids[0] if len(ids) == 1 else None))
    return found


def read(text: str, known: Known, places: Sequence[PlaceRow], chosen: str | None, today: str) -> list[Pasted]:
    """The visits of a paste in its order, each read with the counties of whoever sent it, else of `chosen`."""
    if not text.strip() or len(text) > LONGEST:
        return []
    by_id = {p.id: p for p in places}
    parts = senders(text, places)
    found: list[Pasted] = []
    for owner in dict.fromkeys(sender or chosen for _start, _end, sender in parts):
        place = by_id.get(owner or "")
        counties = tuple(dict.fromkeys(a.county for a in place.assignments if a.county)) if place else ()
        mine = known.for_whom(counties or known.own_counties, today)
        others = [(start, end) for start, end, sender in parts if (sender or chosen) != owner]
        for one in recognise(_without(text, others), mine):
            sender = next((s for start, end, s in parts if start <= one.start < end), None)
            if place:
                one = replace(one, companions=tuple(c for c in one.companions if c != place.name))
            found.append(Pasted(one, sender))
    return sorted(found, key=lambda p: (p.found.start, p.found.date or ""))


def _without(text: str, ranges: Sequence[tuple[int, int]]) -> str:
    """The text with blanks in the place of some ranges: all that is left keeps its place."""
    for start, end in ranges:
        text = text[:start] + _INK.sub(" ", text[start:end]) + text[end:]
    return text


def village_name(divisions: Divisions, code: str | None) -> str:
    """The everyday name of a village, its full one where another of the township has the same everyday name."""
    row = divisions.by_code.get(code or "")
    if row is None:
        return code or ""
    alike = [d for d in divisions.children(row.parent) if d.name == row.name]
    return row.full_name if len(alike) > 1 else row.name


def place_text(divisions: Divisions, where: Where) -> str:
    """A place to choose, so written that no two read the same: 博爱县 清化镇街道 三街村民委员会."""
    village = village_name(divisions, where.village)
    return " ".join(t for t in (divisions.name(where.county), divisions.name(where.township), village) if t)


def recipient_choices(ledger: Ledger, divisions: Divisions) -> dict[str, str]:
    """How recipients of one name are told apart: by id, name and place."""
    return {
        r.id: " · ".join(t for t in (r.name, divisions.text(r.county, r.township, r.village)) if t)
        for r in recipients.listed(ledger)
    }
