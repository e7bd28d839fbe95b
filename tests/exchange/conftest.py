"""Three laptops as the exchange knows them: the bureau, a county, and a commissioner of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from commissioner_app import exchange, ledgers, visits
from commissioner_app.exchange.joining import create_from_package
from commissioner_app.ledgers import NewLedger
from commissioner_app.people import private_id
from db.ids import new_id
from db.ledger import Draft, Ledger
from db.queries import roster
from db.queries.roster import PlaceRow

SECRET = "口令口令2468"
XIUWU, WEN = "410821", "410825"


@dataclass
class Round:
    """The laptops by name, and the folder in which their files lie."""

    folder: Path
    laptops: dict[str, Ledger] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Ledger:
        return self.laptops[name]

    def places(self, ledger: Ledger) -> list[PlaceRow]:
        with ledger.read() as connection:
            return roster.places(connection, None, "2022-09-01")

    def peer(self, name: str, to: str) -> exchange.Peer:
        return next(p for p in exchange.peers(self[name]) if p.station == self[to].station)

    def make(self, name: str, to: str, *, resend: bool = False, passphrase: str | None = None) -> Path:
        """A file of one laptop for another."""
        sender = self[name]
        file = self.folder / f"{name}-{to}-{len(list(self.folder.iterdir()))}.ktpack"
        known = [p for p in exchange.peers(sender) if p.station == self[to].station]
        wanted = known[0] if known else exchange.own(self[to]).new_laptop()
        exchange.send(sender, wanted, file, passphrase if known else SECRET, resend)
        return file

    def bring(self, name: str, to: str, *, accept: bool = False, **wishes: bool) -> exchange.Receipt:
        """A file of one laptop, received by another."""
        file = self.make(name, to, **wishes)
        secret = SECRET if exchange.envelope(file).sealed == "passphrase" else None
        return exchange.apply(self[to], file, secret, accept=accept)

    def settle(self) -> None:
        """Exchange along the tree until nothing is left to send."""
        for _ in range(8):
            fresh = 0
            for name, to in (("c", "w"), ("w", "b"), ("b", "w"), ("w", "c")):
                receipt = self.bring(name, to)
                fresh += receipt.new + receipt.changed
            if not fresh:
                return
        raise AssertionError("still something to send")

    def visit(self, name: str, **values: object) -> str:
        """A visit logged on a laptop, of the commissioner's place in their county."""
        ledger = self[name]
        place = self.places(self["c"])[0] if name == "c" else self.places(ledger)[0]
        who = [[place.id, place.people[0].commissioner]]
        record = {"who": who, "time": ["2022-09-28", None, None, None, 2], "where": [XIUWU, None, None],
                  "content": "查看长势", **values}  # fmt: skip
        outcome = visits.save(ledger, None, record)
        return outcome.records["visit"][0]


def person(ledger: Ledger, place: PlaceRow, name: str, phone: str) -> str:
    """Somebody in a place, with a phone number."""
    record = new_id()
    ledger.write("录入", [
        Draft("commissioner", record, "insert", {"name": name}),
        Draft("commissioner_private", private_id(record), "insert", {"commissioner": record, "phone": phone}),
        Draft("appointment_person", new_id(), "insert", {"appointment": place.id, "commissioner": record}),
    ])  # fmt: skip
    return record


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Round]:
    """Bureau b with three people, county w (修武县) and commissioner c, made from each other's files."""
    folder = tmp_path / "stick"
    folder.mkdir()
    found = Round(folder)
    made = ledgers.create(tmp_path / "b.ktledger", NewLedger("bureau", roster="2022", actor="演示局"))
    found.laptops["b"] = made
    for n, place in enumerate(found.places(made)[:3]):
        person(made, place, f"演示人员{n + 1}", f"1380000000{n + 1}")
    county = next(p for p in exchange.addressees(made) if p.county == XIUWU)
    exchange.send(made, county, folder / "w.ktpack", SECRET)
    w = NewLedger("county", "修武县", actor="演示县")
    found.laptops["w"] = create_from_package(tmp_path / "w.ktledger", w, folder / "w.ktpack", SECRET)
    one = next(p for p in exchange.addressees(found["w"]) if p.role == "commissioner")
    exchange.send(found["w"], one, folder / "c.ktpack", SECRET)
    c = NewLedger("commissioner")
    found.laptops["c"] = create_from_package(tmp_path / "c.ktledger", c, folder / "c.ktpack", SECRET)
    found.bring("c", "w", accept=True)
    found.bring("w", "b", accept=True)
    found.settle()
    yield found
    for ledger in found.laptops.values():
        ledger.close()
