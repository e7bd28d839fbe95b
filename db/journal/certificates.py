"""Which stations' certificates count in a ledger: those a person here trusts, and whom those have accepted."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection

from db.ids import computed_id
from db.journal.changes import Change, ChangeId
from db.journal.keys import SHIPPED
from db.journal.ranges import Ranges
from db.journal.rights import Certificate


def load(connection: Connection) -> dict[str, Certificate]:
    """The certificates that count, by station."""
    found: dict[str, Certificate] = {}
    for station, role, county, place, person, ended in connection.exec_driver_sql(
        "SELECT station, role, county, place, person, ended FROM certificate"
    ):
        spans = {s: tuple((a, b) for a, b in r) for s, r in orjson.loads(ended).items()} if ended else None
        if ended and spans is None:
            spans = {}
        found[station] = Certificate(role, county, place, person, spans)
    return found


def refresh(connection: Connection, changes: Iterable[Change]) -> set[str]:
    """Compute the certificates anew from the changes of all station records.

    Returns the stations whose certificate came, changed or went.
    """
    before = load(connection)
    after = computed(connection, changes)
    changed = {s for s in before.keys() | after.keys() if before.get(s) != after.get(s)}
    if changed:
        connection.exec_driver_sql("DELETE FROM certificate")
        connection.exec_driver_sql(
            "INSERT INTO certificate (station, role, county, place, person, ended) VALUES (?,?,?,?,?,?)",
            [
                (s, c.role, c.county, c.place, c.person, None if c.ended is None else _text(c.ended))
                for s, c in sorted(after.items())
            ],
        )
    return changed


def _text(ended: Mapping[str, Iterable[tuple[int, int]]]) -> str:
    plain = {s: [list(span) for span in spans] for s, spans in sorted(ended.items())}
    return orjson.dumps(plain).decode()


def computed(connection: Connection, changes: Iterable[Change]) -> dict[str, Certificate]:
    """The certificates as they follow from those changes and this laptop's decisions."""
    local = connection.exec_driver_sql("SELECT value FROM local WHERE key = 'station'").scalar()
    trusted = {
        row[0] for row in connection.exec_driver_sql("SELECT station FROM trust WHERE decision = 'accepted'")
    }
    return effective(changes, str(local or ""), trusted)


def identity_of(change: Change) -> Certificate | None:
    """What a station says about itself when it enters itself: the part that never changes."""
    values: dict[str, Any] = change.values
    if change.kind != "insert" or change.record != change.station:
        return None
    names = (values.get("role"), values.get("county"), values.get("appointment"), values.get("commissioner"))
    role, county, place, person = (v if isinstance(v, str) else None for v in names)
    return Certificate("ship" if role == "shipped" else role or "", county, place, person)


def identities(changes: Iterable[Change]) -> dict[str, Certificate]:
    """What each station says it is; a station that says two different things is nobody.

    No clock or number that it writes itself may choose between them: role, place and person never change.
    """
    said: dict[str, Certificate] = {}
    torn: set[str] = set()
    for change in changes:
        identity = identity_of(change)
        if identity is not None and said.setdefault(change.record, identity) != identity:
            torn.add(change.record)
    return {s: c for s, c in said.items() if s not in torn}


def effective(changes: Iterable[Change], own: str, trusted: set[str]) -> dict[str, Certificate]:
    """The certificates that count, from the changes of all station records.

    At first those of this laptop, of the stations that a person here has accepted, and what ships; then whom a
    counting bureau has accepted, and the commissioners whom a counting county has. While no bureau is known the
    counties (and without one this laptop) have its rights: who works alone is stopped by nothing.
    """
    known = sorted(changes, key=lambda c: c.order)
    said = identities(known)
    accepted: dict[str, set[tuple[str, ChangeId]]] = {}
    endings: list[tuple[str, str, Any]] = []
    for change in known:
        if change.values.get("accepted") is True:
            accepted.setdefault(change.record, set()).add((change.station, change.id))
        if "ended" in change.values:
            endings.append((change.record, change.station, change.values["ended"]))
    found = _grown(said, accepted, {}, own, trusted)
    ended = _ended(found, endings)
    if ended:
        # Whom an ended station accepts afterwards is not accepted: else it would go on under another key.
        found = _grown(said, accepted, ended, own, trusted)
        ended = {s: spans for s, spans in ended.items() if s in found}
    bureaus = {s for s, c in found.items() if c.role == "bureau"}
    for station, spans in ended.items():
        c = found[station]
        frozen = {s: tuple(r) for s, r in sorted(spans.items())}
        found[station] = Certificate(c.role, c.county, c.place, c.person, frozen)
    if not bureaus:
        leading = [s for s, c in found.items() if c.role == "county"] or [own]
        for station in leading:
            if station in found:
                c = found[station]
                found[station] = Certificate("bureau", c.county, c.place, c.person, c.ended)
    return found


Ended = dict[str, dict[str, list[tuple[int, int]]]]


def _grown(
    said: Mapping[str, Certificate],
    accepted: Mapping[str, Iterable[tuple[str, ChangeId]]],
    ended: Ended,
    own: str,
    trusted: set[str],
) -> dict[str, Certificate]:
    """Whom this laptop trusts, and whom those have accepted while their own certificate was in force."""
    found = {s: said[s] for s in (*trusted, own) if s in said and said[s].role != "ship"}
    found.update({s: Certificate("ship") for s in SHIPPED})
    grown = True
    while grown:
        grown = False
        for station, identity in said.items():
            if station in found or identity.role == "ship":
                continue
            roles = {
                found[a].role
                for a, i in accepted.get(station, ())
                if a in found and (a not in ended or i in Ranges(ended[a]))
            }
            if "bureau" in roles or (identity.role == "commissioner" and "county" in roles):
                found[station] = identity
                grown = True
    return found


def _ended(found: Mapping[str, Certificate], endings: Iterable[tuple[str, str, Any]]) -> Ended:
    bureaus = {s for s, c in found.items() if c.role == "bureau"}
    ended: Ended = {}
    for station, by, spans in endings:
        if by in bureaus and station in found:
            ended[station] = _common(ended.get(station), spans)
    return ended


def _common(known: dict[str, list[tuple[int, int]]] | None, spans: Any) -> dict[str, list[tuple[int, int]]]:
    try:
        wanted = Ranges.from_json(spans)
    except ValueError:  # what is no set of ranges accepts nothing
        wanted = Ranges()
    if known is not None:
        wanted = wanted.intersection(Ranges(known))
    return wanted.spans


def public_keys(connection: Connection, changes: Iterable[Change]) -> dict[str, str]:
    """The public key of every known station, as hex.

    What ships is pinned; a key that a person here has compared stands before what the station says of itself,
    and of what it says the first (an id that is computed from the key admits no other).
    """
    found: dict[str, str] = {}
    for change in sorted(changes, key=lambda c: c.order):
        key = change.values.get("public_key")
        if (
            identity_of(change) is not None
            and isinstance(key, str)
            and certified(change.record, key) is not False
        ):
            found.setdefault(change.record, key)
    rows = connection.exec_driver_sql(
        "SELECT station, public_key FROM trust WHERE public_key != '' AND decision = 'accepted'"
    )
    found.update({row[0]: row[1] for row in rows})
    found.update(SHIPPED)
    return found


def station_id(public_key: str) -> str:
    """The id of a station follows from its key, so nobody else's key can stand under it."""
    return computed_id("station", public_key)


def fingerprint(public_key: str) -> str:
    """核对码: 24 decimal digits of the key's hash in groups of four, to be compared by phone (80 bits)."""
    if not public_key:
        return ""
    number = int.from_bytes(hashlib.sha256(bytes.fromhex(public_key)).digest()) % 10**24
    digits = f"{number:024d}"
    return " ".join(digits[i : i + 4] for i in range(0, 24, 4))


def certified(station: str, public_key: str) -> bool | None:
    """Whether the key belongs to the station by its id alone; None for ids that do not tell."""
    if station in SHIPPED:
        return SHIPPED[station] == public_key
    # Version 5: computed. Ledgers made before the exchange have random ids, whose first known key stands.
    return station == station_id(public_key) if station[14:15] == "5" else None
