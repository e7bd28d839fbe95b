"""Who makes visits: the people of a batch's places, and the places without a person, to choose one from."""

from dataclasses import dataclass

from commissioner_app import places
from db.ledger import Ledger
from db.queries.roster import BatchRow


@dataclass(frozen=True)
class Maker:
    """A person with the places held in the batch, or a place that nobody has held (commissioner is None).

    title tells apart people of one name by a place's code; place: the one held last.
    """

    title: str
    name: str
    commissioner: str | None
    place: str
    code: str


def listed(ledger: Ledger, batch: BatchRow | None) -> list[Maker]:
    """The makers of a batch in the order of its places; who has left a place is among them."""
    found: dict[str, Maker] = {}
    for place in places.listed(ledger, batch):
        for person in place.people:
            if person.commissioner not in found:
                found[person.commissioner] = Maker(
                    person.name, person.name, person.commissioner, place.id, place.code
                )
        if not place.people:
            found[place.id] = Maker(place.code, "", None, place.id, place.code)
    names = [m.name for m in found.values()]
    return [
        m if not m.name or names.count(m.name) == 1 else Maker(f"{m.name}（{m.code}）", *_rest(m))
        for m in found.values()
    ]


def _rest(m: Maker) -> tuple[str, str | None, str, str]:
    return m.name, m.commissioner, m.place, m.code


def find(found: list[Maker], text: str) -> Maker | None:
    """The maker of that title, name or code; None where there is none or several."""
    text = text.strip()
    exact = [m for m in found if text in (m.title, m.code)]
    hits = exact or [m for m in found if text and m.name == text]
    return hits[0] if len(hits) == 1 else None
