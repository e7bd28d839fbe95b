"""The visits of a paste between two readings of its text: what a person wrote over one goes on with it."""

from difflib import SequenceMatcher
from typing import Any

from commissioner_app.pastes import Pasted
from commissioner_app.recognise import Recognised
from ui.visits.pastevalues import Item

_ALIKE = 0.5
"""Texts of which less is the same are not the same visit."""


def carried(old: list[Item], found: list[Pasted], text: str) -> tuple[list[Item], list[Item]]:
    """The visits found now, each with what was written over it before; and those that are gone with their writing.

    A visit is the one whose words are the same, else the one most alike, in the order of the text; what belonged to
    a text that was taken away as a whole comes back with its very words only.
    """
    new = [Item(p, text[p.found.start : p.found.end]) for p in found]
    left = [o for o in old if o.typed or not o.ticked]
    for exact in (True, False):
        for item in (n for n in new if not n.typed and n.ticked):
            best = max(
                (o for o in left if exact or not o.aside), key=lambda o: _alike(o, item, exact), default=None
            )
            if best is not None and _alike(best, item, exact) > _ALIKE:
                item.typed, item.ticked = best.typed, best.ticked
                left.remove(best)
    return new, [o for o in left if o.typed]


def _alike(old: Item, new: Item, exact: bool) -> float:
    if old.said == new.said:
        return 1.0 if old.found.date == new.found.date else 0.9
    return 0.0 if exact else SequenceMatcher(None, old.said, new.said, autojunk=False).ratio()


def to_json(items: list[Item]) -> list[dict[str, Any]]:
    """What persons wrote, for a draft on disk."""
    return [
        {"said": i.said, "typed": i.typed, "ticked": i.ticked, "date": i.found.date}
        for i in items
        if i.typed or not i.ticked
    ]


def from_json(kept: Any) -> list[Item]:
    """What `to_json` wrote, to be found again in the text; [] for anything else."""
    try:
        return [
            Item(Pasted(Recognised(0, 0, "", date=k["date"])), k["said"], dict(k["typed"]), bool(k["ticked"]))
            for k in kept
        ]
    except (TypeError, KeyError, ValueError):
        return []
