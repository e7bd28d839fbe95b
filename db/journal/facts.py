"""What the scope rule and the references need of a record beyond the values that its row shows."""

from collections.abc import Iterator, Mapping
from typing import Any

from db.entities import Entity
from db.journal.changes import Change
from db.journal.fold import Folded
from db.journal.rights import CHILDREN, county_of, places_of

Fact = tuple[str, str, int]
"""kind (county / place / person / team / ref), value, 1 while it stands in a head."""

_FIELD: dict[tuple[str, str], str] = {
    ("assignment", "county"): "where",
    ("recipient", "county"): "where",
    ("visit", "county"): "where",
    ("visit", "place"): "who",
    ("assignment", "place"): "appointment",
    ("appointment_person", "place"): "appointment",
    ("appointment_person", "person"): "commissioner",
    ("appointment", "team"): "team",
    ("commissioner_private", "person"): "commissioner",
    **{(child, "county"): "county" for child in CHILDREN},
    **{(child, "place"): "places" for child in CHILDREN},
}


def facts(entity: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(kind, value) of whose a record is, as some values tell it."""
    county = county_of(entity, values)
    if county:
        yield "county", county
    for place in places_of(entity, values):
        yield "place", place
    for kind in ("place", "person", "team"):
        field = _FIELD.get((entity, kind))
        value = values.get(field) if field not in (None, "who", "places") else None
        if isinstance(value, str):
            yield kind, value


def references(target: Entity, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(entity, record) of what some values refer to: a field refers to records of one entity only."""
    for name in target.references:
        value = values.get(name)
        if isinstance(value, str):
            yield str(target.fields[name].refs[0]), value
    who = values.get("who") if target.name == "visit" else None
    for pair in who if isinstance(who, list) else ():
        if isinstance(pair, list):
            kinds = ("appointment", "commissioner")
            yield from ((k, v) for k, v in zip(kinds, pair, strict=False) if isinstance(v, str))


def also(target: Entity, folded: Folded, changes: list[Change]) -> set[Fact]:
    """The facts of a record that its row does not show: other heads, earlier values, what is hidden."""
    hidden = folded.deleted or not folded.born
    if len(changes) == 1 and folded.counting is None and not hidden:
        return set()
    shown: set[tuple[str, str]] = set()
    for kind, value in facts(target.name, folded.values):
        # The places of a visit are in a table of their own, which leaves out what is deleted.
        if not (hidden and target.name == "visit" and kind == "place"):
            shown.add((kind, value))
    referred = set(references(target, folded.values))
    if hidden and target.name == "visit":
        referred -= set(references(target, {"who": folded.values.get("who")}))
    found: set[Fact] = set()
    for change in changes:
        for name, value in references(target, change.values):
            if (name, value) not in referred:
                found.add((f"ref {name}", value, 1))
        if folded.counting is not None and change.id not in folded.counting:
            continue
        for kind, value in facts(target.name, change.values):
            if (kind, value) not in shown:
                head = change.id in folded.heads.get(_FIELD[target.name, kind], ())
                found.add((kind, value, int(head)))
    return found
