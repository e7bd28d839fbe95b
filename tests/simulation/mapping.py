"""The model's records, values and changes in the app's words, and one record's fold compared with the model's.

Every value maps to one value and back to itself, and the model's sessions keep their order: so heads, their order,
conflicts and what is kept aside must come out the same.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any

from db.entities import DELETED
from db.journal.certificates import station_id
from db.journal.changes import Change, ChangeId, Heads
from db.journal.fold import Folded, fold
from db.journal.keys import StationKey
from db.journal.ranges import Ranges, spans_of
from db.journal.rights import Certificate, Certificates
from tests.oracle import wide

ENTITIES = {
    "batch": "batch", "cat": "category", "org": "organisation", "team": "team", "place": "appointment",
    "held": "appointment_person", "person": "commissioner", "private": "commissioner_private",
    "assign": "assignment", "recipient": "recipient", "visit": "visit", "comp": "visit_companion",
    "station": "station", "note": "setting",
}  # fmt: skip

FIELDS = {
    "place": {"cat": "funding", "org": "organisation"},
    "held": {"place": "appointment", "person": "commissioner"},
    "person": {"unit": "department", "org": "organisation", "merged": "merged_into"},
    "private": {"person": "commissioner"},
    "assign": {"place": "appointment"},
    "recipient": {"merged": "merged_into"},
    "visit": {"whose": "who", "text": "content", "days": "topic"},
    "comp": {"person": "commissioner"},
    "station": {"ends": "ended"},
    "note": {"conflict": "value"},
}

KINDS = {"undelete": "update"}
COUNTY = {"W": "410825", "X": "410821", "B": "410822"}
STATES = {"confirmed": "passed"}
ROLES = {"bureau": "bureau", "county": "county", "k": "commissioner", "ship": "ship"}


@cache
def station_key(key: str) -> StationKey:
    """The key of a station of the model: the same in every run."""
    return StationKey(hashlib.sha256(f"演示 {key}".encode()).digest())


@cache
def station(key: str) -> str:
    """The id of a station's record."""
    return station_id(station_key(key).public)


def record(rec: str) -> str:
    """The id of a record; the model's own names, so that a difference can be read."""
    return station(rec[3:]) if rec.startswith("st:") else rec


@cache
def session(inc: str) -> str:
    """The session of a model's incarnation: 16 hex digits that sort as the names do."""
    raw = inc.encode().ljust(8, b"\0")
    assert len(raw) == 8, inc
    return raw.hex()


def identity(i: tuple[str, int]) -> ChangeId:
    """The identity of a change."""
    return ChangeId(session(i[0]), i[1])


def place_of(role: tuple[Any, Any, Any]) -> dict[str, str | None]:
    """County, place and person of a model's role."""
    kind, whose, person = role
    return {
        "county": COUNTY[whose] if kind == "county" else None,
        "place": whose if kind == "k" else None,
        "person": person if kind == "k" else None,
    }


def values(ent: str, rec: str, vals: dict[str, Any]) -> dict[str, Any]:
    """A change's values as the app writes them."""
    found: dict[str, Any] = {}
    for f, v in vals.items():
        if ent == "station" and f == "role":
            at = place_of(v)
            found |= {"role": ROLES[v[0]], "public_key": station_key(rec[3:]).public}
            found |= {
                k: x for k, x in zip(("county", "appointment", "commissioner"), at.values(), strict=True) if x
            }
        else:
            found[field(ent, f)] = value(f, v)
    return found


def field(ent: str, f: str) -> str:
    """The app's name of a field."""
    return DELETED if f == wide.DEL else FIELDS.get(ent, {}).get(f, f)


def value(f: str, v: Any) -> Any:
    """A value in the app's canonical form."""
    if v is None:
        return None
    if f == "where":
        return [COUNTY[v[0]], v[1], None]
    if f == "county":
        return COUNTY[v]
    if f == "whose":
        return [[p, None] for p in wide.places_in(v)] or None
    if f == "places":
        return wide.places_in(v) or None
    if f == "review":
        return [STATES.get(v[0], v[0]), v[1], v[2] or None, None]
    if f == "ends":
        return Ranges.of(spans_of(identity(i) for i in v)).as_json()
    if f == "conflict":
        return {"text": v}
    return v


def assign_where(v: Any) -> Any:
    """An assignment's county with its townships."""
    return v and [COUNTY[v[0]], [v[1]]]


def heads(ent: str, repl: dict[str, Iterable[tuple[str, int]]]) -> Heads:
    """What a change replaces, as the app notes it."""
    return {field(ent, f): tuple(sorted(map(identity, ids))) for f, ids in repl.items() if ids}


def seen(ent: str, saw: Iterable[tuple[str, tuple[str, int]]]) -> Heads:
    """What a deletion or a review saw, as the app notes it."""
    found: dict[str, set[ChangeId]] = {}
    for f, i in saw:
        names = (
            ("role", "county", "appointment", "commissioner", "public_key")
            if f == "role"
            else (field(ent, f),)
        )
        for name in names:
            found.setdefault(name, set()).add(identity(i))
    return {f: tuple(sorted(ids)) for f, ids in found.items()}


def app_values(c: Any) -> dict[str, Any]:
    """The values of a model's change."""
    found = values(c.ent, c.rec, c.vals)
    if c.ent == "assign" and "where" in found:
        found["where"] = assign_where(c.vals["where"])
    return found


def change(c: Any) -> Change:
    """A model's change as a change of the app."""
    return Change(
        identity(c.id), c.op[1], c.wall, ENTITIES[c.ent], record(c.rec), KINDS.get(c.kind, c.kind), app_values(c),
        heads(c.ent, c.repl), seen(c.ent, c.saw), station=station(c.key),
    )  # fmt: skip


def certificates(led: Any) -> dict[str, Certificate]:
    """The certificates that count in a model's ledger."""
    found = {}
    for key, role in led.certs().items():
        ended = None
        if key in led.ends:
            ended = {s: tuple(r) for s, r in Ranges.of(spans_of(map(identity, led.ends[key]))).spans.items()}
        at = place_of(role)
        found[station(key)] = Certificate(ROLES[role[0]], at["county"], at["place"], at["person"], ended)
    return found


def expected(led: Any, rec: str) -> dict[str, Any]:
    """What the app must fold a record of a model's ledger to."""
    want = led.fold(rec)
    ent = want.ent
    shown: dict[str, Any] = {}
    for f, v in want.vals.items():
        if f != wide.DEL:
            shown |= values(ent, rec, {f: v})
    if ent == "assign" and "where" in shown:
        shown["where"] = assign_where(want.vals["where"])
    tips: dict[str, list[ChangeId]] = {}
    for f, ids in want.heads.items():
        for name in (
            values(ent, rec, {f: want.vals.get(f)}) if ent == "station" and f == "role" else [field(ent, f)]
        ):
            tips[name] = list(map(identity, ids))
    return {
        "values": shown, "heads": tips, "conflicts": {field(ent, f) for f in want.conf},
        "deleted": want.deleted, "stale": {field(ent, f) for f in want.stale}, "born": want.born,
        "aside": set(map(identity, want.aside)),
        "counting": set(map(identity, want.allowed)),
    }  # fmt: skip


def found(folded: Folded, changes: Iterable[Change]) -> dict[str, Any]:
    """What the app's fold says, in the same form."""
    everything = {c.id for c in changes}
    return {
        "values": folded.values, "heads": {f: list(ids) for f, ids in folded.heads.items()},
        "conflicts": set(folded.conflicts), "deleted": folded.deleted, "stale": set(folded.stale),
        "born": folded.born, "aside": set(folded.aside),
        "counting": everything if folded.counting is None else set(folded.counting),
    }  # fmt: skip


def differences(want: dict[str, Any], got: dict[str, Any]) -> list[str]:
    """Where they differ, in words."""
    return [f"{k}: model {want[k]!r}, app {got[k]!r}" for k in want if want[k] != got[k]]


def compare(led: Any, rec: str, changes: list[Change], valid: Certificates) -> list[str]:
    """One record as the app folds its changes and as the model does."""
    return differences(expected(led, rec), found(fold(changes, valid), changes))
