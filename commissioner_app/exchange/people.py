"""Who a file can go to or came from (使用单位), and the person's decisions about them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from commissioner_app.divisions import Divisions
from commissioner_app.ledgers import ROLES
from db.errors import Refused
from db.exchange import peers as store_peers
from db.exchange.scope import Address
from db.journal import certificates, store
from db.journal.certificates import fingerprint
from db.journal.rights import Certificates
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import exchange as queries
from db.queries import names, roster
from db.queries.roster import current_person


@dataclass(frozen=True)
class Peer:
    """A station, or a county or a commissioner of whom none has been seen yet (station None).

    county: division code; place: the appointment's id; fingerprint: 核对码 in groups of four; state: trusted /
    unknown / refused / ended; last_sent, last_received: milliseconds since 1970.
    """

    role: str
    name: str
    station: str | None
    county: str | None
    place: str | None
    fingerprint: str
    state: str
    needs_passphrase: bool
    last_sent: int | None
    last_received: int | None
    person: str | None = None
    public_key: str = ""

    @property
    def address(self) -> Address:
        """Where a package for it goes."""
        return Address(self.role, self.county, self.place, self.person, self.station)

    @property
    def role_text(self) -> str:
        """The role in words."""
        return ROLES.get(self.role, self.role)

    def new_laptop(self) -> "Peer":
        """The same unit with a laptop that has not been seen: a package for it needs a passphrase."""
        return replace(self, station=None, fingerprint="", needs_passphrase=True, state="unknown")


def peers(ledger: Ledger) -> list[Peer]:
    """Every other station that this ledger has heard of: the bureau first, then counties, then people."""
    with ledger.read() as connection:
        return _peers(connection, ledger)


def own(ledger: Ledger) -> Peer:
    """This laptop's station."""
    with ledger.read() as connection:
        return _peer(connection, store_peers.identity(connection, ledger.station), "trusted", {})


def of_identity(connection: Connection, identity: Mapping[str, Any]) -> Peer:
    """A station as a package or the ledger tells of it."""
    valid, decisions = certificates.load(connection), queries.trust(connection)
    state = _state(identity["station"], valid, decisions)
    return _peer(connection, identity, state, queries.last_times(connection))


def _peers(connection: Connection, ledger: Ledger) -> list[Peer]:
    valid, decisions = certificates.load(connection), queries.trust(connection)
    times = queries.last_times(connection)
    found = [
        _peer(connection, i, _state(i["station"], valid, decisions), times)
        for i in store_peers.all_stations(connection)
        if i["station"] != ledger.station
    ]
    order = list(ROLES)
    return sorted(found, key=lambda p: (order.index(p.role), p.county or "", p.name, p.station or ""))


def _state(station: str, valid: Certificates, decisions: Mapping[str, str]) -> str:
    if decisions.get(station) == "refused":
        return "refused"
    certificate = valid.get(station)
    if certificate is None:
        return "unknown"
    return "ended" if certificate.ended is not None else "trusted"


def _peer(
    connection: Connection, identity: Mapping[str, Any], state: str, times: Mapping[tuple[str, str], int]
) -> Peer:
    station = identity["station"]
    unseen = store_peers.nobody(identity["role"], identity["county"], identity["place"])
    sent = max(times.get((station, "sent"), 0), times.get((unseen, "sent"), 0)) or None
    return Peer(
        identity["role"], title(connection, identity), station, identity["county"], identity["place"],
        fingerprint(identity["public_key"] or ""), state, False, sent,
        times.get((station, "received")), identity["person"], identity["public_key"] or "",
    )  # fmt: skip


def title(connection: Connection, identity: Mapping[str, Any]) -> str:
    """What to call a station: a person's name with the number of the place, else the unit's name."""
    if identity["role"] == "commissioner":
        name = names.name(connection, "commissioner", identity["person"]) or identity["name"] or "科技特派员"
        code = names.name(connection, "appointment", identity["place"])
        return f"{name}（{code}）" if code else name
    return identity["name"] or ROLES.get(identity["role"], "")


def addressees(ledger: Ledger) -> list[Peer]:
    """Whom this ledger may send to, likely ones first; of whom no station is known needs a passphrase."""
    with ledger.read() as connection:
        known = [p for p in _peers(connection, ledger) if p.state == "trusted"]
        mine = store_peers.identity(connection, ledger.station)
        places = roster.places(connection, None, "9999-12-31")
        times = queries.last_times(connection)
    divisions = Divisions.of(ledger)
    bureaus = [p for p in known if p.role == "bureau"]
    counties = {
        c.code: [p for p in known if p.role == "county" and p.county == c.code] for c in divisions.counties()
    }
    people = {p.place: p for p in known if p.role == "commissioner"}

    def of_county(code: str) -> list[Peer]:
        return counties.get(code) or [unseen("county", divisions.name(code), county=code)]

    def unseen(role: str, name: str, county: str | None = None, place: str | None = None,
               person: str | None = None) -> Peer:  # fmt: skip
        sent = times.get((store_peers.nobody(role, county, place), "sent"))
        return replace(_unseen(role, name, county, place, person), last_sent=sent)

    def of_places(wanted: list[roster.PlaceRow]) -> list[Peer]:
        found = []
        for place in wanted:
            holder = current_person(place.people, "9999-12-31")
            if place.id in people:
                found += [p for p in known if p.place == place.id]
            elif holder is not None:
                name = f"{holder.name}（{place.code}）"
                found.append(unseen("commissioner", name, place=place.id, person=holder.commissioner))
        return found

    if mine["role"] == "bureau":
        return [p for c in counties for p in of_county(c)] + bureaus + of_places(places)
    if mine["role"] == "county":
        here = [p for p in places if any(a.county == mine["county"] for a in p.assignments)]
        above = bureaus or [unseen("bureau", "焦作市科技局")]
        ours = of_places(here)
        others = [p for p in known if p.role == "commissioner" and p not in ours]
        return above + ours + others + [p for p in known if p.role == "county"]
    stays = [a.county for p in places if p.id == mine["place"] for a in p.assignments if a.county]
    near = [p for code in dict.fromkeys(stays) for p in of_county(code)]
    rest = [p for p in known if p.role == "county" and p not in near]
    return near + rest + (bureaus or [unseen("bureau", "焦作市科技局")])


def _unseen(
    role: str, name: str, county: str | None = None, place: str | None = None, person: str | None = None
) -> Peer:
    return Peer(role, name, None, county, place, "", "unknown", True, None, None, person)


@dataclass(frozen=True)
class Wanted:
    """Whom a script names: a station by name, id or 核对码; a county; a 名额编号; or the bureau."""

    station: str | None = None
    county: str | None = None
    commissioner: str | None = None
    bureau: bool = False


def find(ledger: Ledger, wanted: Wanted, passphrase: bool) -> Peer:
    """The addressee that a script names; with a passphrase a laptop of it that has not been seen.

    Raises Refused for nobody, for several, and for an unseen laptop without a passphrase.
    """
    everyone = addressees(ledger)
    if wanted.station is not None:
        digits = wanted.station.replace(" ", "")
        known = [p for p in peers(ledger) if p.state == "trusted"]
        found = [
            p
            for p in known
            if wanted.station in (p.station, p.name) or digits == p.fingerprint.replace(" ", "")
        ]
        if len(found) != 1:
            raise Refused(
                f"{'没有' if not found else '有几个'}“{wanted.station}”这样的使用单位，请写它的核对码。"
            )
        return found[0]
    if wanted.county is not None:
        code = Divisions.of(ledger).county_code(wanted.county)
        if code is None:
            raise Refused(f"没有“{wanted.county}”这个县（市、区）。")
        name = Divisions.of(ledger).name(code)
        found = [p for p in everyone if p.role == "county" and p.county == code]
        found = found or [_unseen("county", name, county=code)]
    elif wanted.commissioner is not None:
        with ledger.read() as connection:
            places = [
                p for p in roster.places(connection, None, "9999-12-31") if p.code == wanted.commissioner
            ]
        if not places:
            raise Refused(f"没有“{wanted.commissioner}”这个名额编号。")
        found = [p for p in everyone if p.role == "commissioner" and p.place == places[0].id]
        if not found:
            holder = current_person(places[0].people, "9999-12-31")
            if holder is None:
                raise Refused(f"名额 {wanted.commissioner} 还没有录入特派员。")
            name = f"{holder.name}（{wanted.commissioner}）"
            found = [_unseen("commissioner", name, place=places[0].id, person=holder.commissioner)]
    else:
        found = [p for p in everyone if p.role == "bureau"] or [_unseen("bureau", "焦作市科技局")]
    if passphrase:  # a laptop that has nothing yet: all of it goes
        return found[0].new_laptop()
    seen = [p for p in found if p.station]
    if not seen:
        raise Refused(f"{found[0].name}的电脑还没有交换过文件，请用 --passphrase-file 设置口令。")
    if len(seen) > 1:
        raise Refused(f"{seen[0].name}有几台电脑，请用 --for 写明核对码。")
    return seen[0]


def above(connection: Connection, ledger: Ledger) -> list[str]:
    """The stations that this one reports to: the bureau's, for a commissioner also the counties'."""
    role = store_peers.role(connection, ledger.station)
    wanted = {"county": ("bureau",), "commissioner": ("bureau", "county")}.get(role, ())
    valid = certificates.load(connection)
    found = store_peers.all_stations(connection) if wanted else []
    return [i["station"] for i in found if i["role"] in wanted and i["station"] in valid]


def unsent(ledger: Ledger) -> int:
    """How many own changes the stations above have not confirmed; 0 for who reports to nobody."""
    with ledger.read() as connection:
        if store_peers.role(connection, ledger.station) not in ("county", "commissioner"):
            return 0
        return queries.unconfirmed(connection, ledger.station, above(connection, ledger))


def on_the_way(ledger: Ledger) -> int:
    """How many of the `unsent` have gone into a file for a station above, which has not answered yet."""
    with ledger.read() as connection:
        stations, times = above(connection, ledger), queries.last_times(connection)
        last = max((times.get((s, "sent"), 0) for s in stations), default=0)
        return queries.unconfirmed(connection, ledger.station, stations, last) if last else 0


def trust(ledger: Ledger, station: str) -> None:
    """Accept a station whose 核对码 a person has compared; the role decides what that means for others."""
    from db.exchange.parcel import accept

    with ledger.read() as connection:
        identity = store_peers.identity(connection, station)
    if station == ledger.station or not identity["public_key"]:
        raise Refused("没有找到这个使用单位。")
    ledger.decide_trust(station, "accepted", identity["public_key"], identity)
    accept(ledger, station)


def refuse(ledger: Ledger, peer: Peer) -> None:
    """Take nothing more from a station, also one that a file has only shown; what came before stays."""
    identity = {"station": peer.station, "name": peer.name, "role": peer.role, "county": peer.county,
                "place": peer.place, "person": peer.person}  # fmt: skip
    if not peer.station or not peer.public_key or peer.station == ledger.station:
        raise Refused("没有找到这个使用单位。")
    ledger.decide_trust(peer.station, "refused", peer.public_key, identity)


def end(ledger: Ledger, station: str) -> Outcome:
    """End a station's certificate (停用): of what it writes from now on nothing counts. For the bureau only."""

    def drafts(connection: Connection) -> list[Draft]:
        if store_peers.role(connection, ledger.station) != "bureau":
            raise Refused("只有市科技局可以停用使用单位。")
        if station == ledger.station:
            raise Refused("不能停用本机。")
        held = store.held(connection).only(store_peers.sessions(connection, station))
        return [Draft("station", station, "update", {"ended": held.as_json()}, replaces={})]

    return ledger.write("停用使用单位", drafts)
