"""The other stations: who they are, what they have, whether a person here trusts them."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection

from db.errors import Refused
from db.exchange.merge import Merge
from db.exchange.scope import Address
from db.exchange.wire import DAMAGED
from db.journal import certificates, store
from db.journal.changes import Change, Draft
from db.journal.merging import FORGED, SessionRow
from db.journal.ranges import Ranges
from db.ledger import Ledger

CLOCK_OFF = 3 * 3_600_000
"""Milliseconds from which on a clock is worth telling of."""

SHORT = 200
"""Characters of a text in a manifest at most."""

_IDENTITY = ("station", "name", "role", "county", "place", "person", "public_key")
_ADDRESSEE = ("role", "county", "place", "person", "station", "name", "code")
"""name, code: of a commissioner and the place, None in files of the first versions."""


@dataclass
class Told:
    """A manifest, read: sender and addressee as identities, when it was made (the sender's clock), and so on."""

    sender: dict[str, Any]
    to: dict[str, Any]
    made: int
    actor: str
    demo: bool
    have: Ranges
    sent: Ranges
    changes: int
    bureaus: list[dict[str, Any]]


@dataclass
class Standing:
    """How this ledger stands to a sender."""

    first_contact: bool = False
    warning: str = ""
    introduces: list[dict[str, Any]] = field(default_factory=list)


def read_manifest(manifest: Mapping[str, Any]) -> Told:
    """The manifest; raises Refused for what is none."""
    try:
        told = Told(
            _identity(manifest["from"]),
            {k: _short(manifest["to"].get(k)) for k in _ADDRESSEE},
            int(manifest["made"]),
            str(manifest.get("actor") or ""),
            bool(manifest["demo"]),
            Ranges.from_json(manifest["have"]),
            Ranges.from_json(manifest.get("sent", {})),
            int(manifest["changes"]),
            [_identity(b) for b in manifest.get("bureaus", ())],
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(DAMAGED) from error
    if (
        told.sender["role"] not in ("bureau", "county", "commissioner")
        or not -62_135_000_000_000 < told.made < 253_400_000_000_000
    ):
        raise Refused(DAMAGED)
    return told


def _identity(data: Any) -> dict[str, Any]:
    found = {name: _short(data.get(name)) for name in _IDENTITY}
    if not found["station"] or len(bytes.fromhex(found["public_key"] or "")) != 32:
        raise ValueError("an identity has a station and a key")
    return found


def _short(value: Any) -> str | None:
    if value is None:
        return None
    if type(value) is not str or len(value) > SHORT:
        raise ValueError("a short text expected")
    return value


# -- who is who --------------------------------------------------------------------------------------------


def role(connection: Connection, station: str) -> str:
    """A station's role as its record says."""
    found = connection.exec_driver_sql("SELECT role FROM station WHERE id = ?", (station,)).scalar()
    return str(found or "")


def identity(connection: Connection, station: str) -> dict[str, Any]:
    """Name, role, county, place, person and public key of a station."""
    row = connection.exec_driver_sql(
        "SELECT id, name, role, county, appointment, commissioner FROM station WHERE id = ?", (station,)
    ).fetchone()
    changes = store.load(connection, [station], "station").get(station, [])
    # A station that nobody has accepted yet is a stub here; it tells who it is all the same.
    own = [c for c in sorted(changes, key=lambda c: c.order) if certificates.identity_of(c) is not None]
    if len({certificates.identity_of(c) for c in own}) > 1:  # says two things of itself: it is nobody
        return {**dict.fromkeys(_IDENTITY), "station": station, "name": own[0].values.get("name"),
                "public_key": certificates.public_keys(connection, changes).get(station, "")}  # fmt: skip
    said = own[0] if own else None
    keys = certificates.public_keys(connection, changes)
    values = dict(said.values) if said else {}
    if not said:  # refused when it first showed itself: nothing but the decision is here
        values, key = _decided(connection, station)
        keys.setdefault(station, key)
    name = (row[1] if row else None) or values.get("name")
    return {
        "station": station,
        "name": name,
        "role": values.get("role") or (row[2] if row else None),
        "county": values.get("county") or (row[3] if row else None),
        "place": values.get("appointment") or (row[4] if row else None),
        "person": values.get("commissioner") or (row[5] if row else None),
        "public_key": keys.get(station, ""),
    }


def _decided(connection: Connection, station: str) -> tuple[dict[str, Any], str]:
    row = connection.exec_driver_sql(
        "SELECT identity, public_key FROM trust WHERE station = ?", (station,)
    ).fetchone()
    if row is None:
        return {}, ""
    shown = orjson.loads(row[0])
    shown.update(appointment=shown.get("place"), commissioner=shown.get("person"))
    return shown, row[1]


def all_stations(connection: Connection) -> list[dict[str, Any]]:
    """The identity of every station that this ledger has heard of, what ships left out."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM station UNION SELECT station FROM trust ORDER BY 1"
    ).fetchall()
    found = [identity(connection, row[0]) for row in rows]
    return [i for i in found if i["role"] in ("bureau", "county", "commissioner")]


def bureaus(connection: Connection, own: str) -> list[dict[str, Any]]:
    """The bureaus that count here besides this station: whoever trusts this station may trust them, too."""
    valid = certificates.load(connection)
    found = [identity(connection, s) for s, c in sorted(valid.items()) if c.role == "bureau" and s != own]
    return [i for i in found if i["role"] == "bureau"]


def sessions(connection: Connection, station: str | None) -> list[str]:
    """The sessions of a station."""
    rows = connection.exec_driver_sql("SELECT session FROM incarnation WHERE station = ?", (station,))
    return [row[0] for row in rows]


def nobody(role_: str, county: str | None, place: str | None) -> str:
    """Stands for an addressee of whom no station has been seen."""
    return f"{role_}:{place or county or ''}"


def demo(connection: Connection) -> bool:
    """Whether the ledger holds training data."""
    return bool(
        connection.exec_driver_sql("SELECT 1 FROM setting WHERE key = ? AND deleted = 0", ("demo",)).scalar()
    )


# -- receiving ---------------------------------------------------------------------------------------------


def check_key(told: Told) -> None:
    """Refuse a sender whose id does not follow from the key."""
    for shown in (told.sender, *told.bureaus):
        if certificates.certified(shown["station"], shown["public_key"]) is False:
            raise Refused(FORGED)


def check_address(connection: Connection, ledger: Ledger, told: Told, new: Address | None = None) -> None:
    """Refuse what is for someone else, and training data in a real ledger.

    new: who this laptop is going to be; a ledger that is just being made takes either kind.
    """
    own = identity(connection, ledger.station)
    if new is not None:
        own.update(role=new.role, county=new.county, place=new.place)
    to = told.to
    if to["station"]:
        mine = to["station"] == ledger.station
    else:
        same = {
            "bureau": True,
            "county": own["county"] == to["county"],
            "commissioner": own["place"] == to["place"],
        }
        mine = own["role"] == to["role"] and same.get(own["role"] or "", False)
    if not mine and told.sender["station"] == ledger.station:
        raise Refused("这是本单位自己发出的文件，请交给对方接收。")
    if not mine:
        raise Refused("这个文件不是发给本单位的，没有接收。")
    if new is None and told.demo != demo(connection):
        kind = "演示数据" if told.demo else "正式数据"
        raise Refused(f"文件中是{kind}，与本台账不同，没有接收。")


def standing(connection: Connection, ledger: Ledger, told: Told, new: Address | None = None) -> Standing:
    """How this ledger stands to the sender; raises Refused for a key that changed or a sender refused before."""
    sender = told.sender
    station, key = sender["station"], sender["public_key"]
    title = sender["name"] or "对方"
    if station == ledger.station:
        return Standing()
    known = certificates.public_keys(connection, store.station_changes(connection)).get(station)
    if known is not None and known != key:
        raise Refused(f"“{title}”的密钥与以前不同，可能有人冒充，没有接收。请打电话向对方核实。")
    decision = connection.exec_driver_sql("SELECT decision FROM trust WHERE station = ?", (station,)).scalar()
    if decision == "refused":
        raise Refused(f"本单位已拒绝“{title}”，没有接收。如需接收，请先在“使用单位”中认可。")
    valid = certificates.load(connection)
    if decision == "accepted" or station in valid:
        return Standing()
    own_role = new.role if new else role(connection, ledger.station)
    if own_role == sender["role"] == "commissioner":
        raise Refused("科技特派员之间不交换文件，没有接收。请把文件交给县科技局。")
    stand = Standing(first_contact=True)
    others = [i for i in all_stations(connection) if i["station"] in valid and i["station"] != ledger.station]
    rivals = [i for i in others if i["role"] == sender["role"] and _same_unit(i, sender)]
    if own_role == sender["role"] == "bureau" or rivals:
        stand.warning = (
            f"已有另一台电脑以“{(rivals or [sender])[0]['name']}”的身份交换过文件。"
            "请务必打电话核实，确认对方换了电脑或另有一台，再接收。"
        )
    if own_role != "bureau" and sender["role"] == "county" and not any(i["role"] == "bureau" for i in others):
        stand.introduces = [b for b in told.bureaus if b["role"] == "bureau"]
    return stand


def _same_unit(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    field_ = {"county": "county", "commissioner": "place"}.get(str(one["role"]))
    return field_ is None or one[field_] == other[field_]


def pin(keys: dict[str, str], told: Mapping[str, Any]) -> None:
    """Take the key of somebody whom a person is asked about."""
    if certificates.certified(told["station"], told["public_key"]) is not False:
        keys.setdefault(told["station"], told["public_key"])


def learn_keys(keys: dict[str, str], sessions_: Iterable[SessionRow], changes: Iterable[Change]) -> None:
    """The keys of stations that come with a package; another key for a known station is refused."""
    authors = {row[0]: row[1] for row in sessions_}
    for change in changes:
        if change.entity != "station" or change.kind != "insert":
            continue
        if authors.get(change.id.session) != change.record:
            continue
        key = change.values.get("public_key")
        if not isinstance(key, str) or certificates.certified(change.record, key) is False:
            raise Refused(FORGED)
        if keys.setdefault(change.record, key) != key:
            name = change.values.get("name") or "某单位"
            raise Refused(f"文件中“{name}”的密钥与以前不同，可能有人冒充，没有接收。请打电话核实。")


def same_identity(connection: Connection, told: Told) -> None:
    """What the manifest shows to the person must be what the station's own signed record says."""
    found = identity(connection, told.sender["station"])
    if any(found[k] != told.sender[k] for k in ("role", "county", "place", "person", "public_key")):
        raise Refused(FORGED)


def clocks(connection: Connection, told: Told, fresh: Ranges) -> list[tuple[str, int]]:
    """(name, milliseconds ahead of this laptop; negative: behind) of laptops whose clock is far off."""
    now = int(time.time() * 1000)
    found: dict[str, int] = {}
    if told.made > now + CLOCK_OFF:
        found[told.sender["name"] or ""] = told.made - now
    seen = [
        connection.exec_driver_sql(
            "SELECT max(wall) FROM operation WHERE session = ? AND first <= ? AND wall <= ?",
            (session, last, now),
        ).scalar()
        for session, _, last in told.have
    ]
    latest = max((w for w in seen if w is not None), default=None)
    if latest is not None and told.made < latest - CLOCK_OFF:  # made before what it confirms was written
        found[told.sender["name"] or ""] = told.made - latest
    for session, first, last in fresh:
        row = connection.exec_driver_sql(
            "SELECT i.station, max(o.wall) FROM operation o JOIN incarnation i ON i.session = o.session "
            "WHERE o.session = ? AND o.first BETWEEN ? AND ?",
            (session, first, last),
        ).fetchone()
        if row and row[1] is not None and row[1] > now + CLOCK_OFF:
            name = identity(connection, row[0])["name"] or ""
            found[name] = max(found.get(name, 0), row[1] - now)
    return sorted(found.items())


# -- what peers have -----------------------------------------------------------------------------------------


def ranges(connection: Connection, station: str | None) -> tuple[Ranges, Ranges]:
    """(what a station last said to have, what it has ever shown to have)."""
    row = connection.exec_driver_sql("SELECT has, showed FROM peer WHERE station = ?", (station,)).fetchone()
    return (Ranges.from_text(row[0]), Ranges.from_text(row[1])) if row else (Ranges(), Ranges())


def note(connection: Connection, told: Told, ids: Ranges) -> None:
    """Keep what the sender's file says it has: the last statement replaces the one before."""
    station = told.sender["station"]
    has = ids.union(told.have).union(told.sent)
    _, showed = ranges(connection, station)
    connection.exec_driver_sql(
        "INSERT INTO peer (station, has, showed) VALUES (?,?,?) "
        "ON CONFLICT(station) DO UPDATE SET has = excluded.has, showed = excluded.showed",
        (station, has.text(), showed.union(has).text()),
    )
    sender = told.sender
    connection.exec_driver_sql(
        "INSERT INTO blob_sent (peer, sha256) SELECT ?, sha256 FROM blob_sent WHERE peer = ? "
        "ON CONFLICT DO NOTHING",
        (station, nobody(sender["role"], sender["county"], sender["place"])),
    )


def note_sent(connection: Connection, to: Mapping[str, Any], blobs: Iterable[str]) -> None:
    """Keep which attachments went to somebody: they go again only when asked."""
    peer = to["station"] or nobody(to["role"], to["county"], to["place"])
    rows = [(peer, sha256) for sha256 in blobs]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO blob_sent (peer, sha256) VALUES (?,?) ON CONFLICT DO NOTHING", rows
        )


def log(
    connection: Connection, ledger: Ledger, direction: str, peer: Mapping[str, Any], file: str, merge: Merge
) -> None:
    """One line of the log (往来记录)."""
    who = peer["station"] or nobody(peer["role"], peer["county"], peer["place"])
    connection.exec_driver_sql(
        "INSERT INTO exchange (at, direction, peer, name, file, made, new, changed, conflicts, refused, photos, "
        "bytes, actor) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            int(time.time() * 1000), direction, who, peer["name"] or "", file,
            int(merge.manifest["made"]), *merge.counts,
            len(merge.conflicts), len(merge.refused), merge.attachments, merge.bytes, ledger.actor,
        ),
    )  # fmt: skip


def acceptance(connection: Connection, own: str, station: str) -> list[Draft]:
    """The draft by which this station accepts another, none where it has or may not."""
    mine, theirs = role(connection, own), identity(connection, station)["role"]
    certificate = certificates.load(connection).get(own)
    if certificate is None or certificate.ended is not None:  # of what it writes nothing would count
        return []
    if station == own or not (mine == "bureau" or (mine == "county" and theirs == "commissioner")):
        return []
    changes = store.load(connection, [station], "station").get(station, [])
    if not changes or any(c.station == own and c.values.get("accepted") is True for c in changes):
        return []
    # Each judge says it for itself, also where another has said the same.
    return [Draft("station", station, "update", {"accepted": True}, replaces={})]
