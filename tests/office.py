"""Three laptops as the exchange knows them: the bureau b, a county w (修武县) and a commissioner c of it.

Making them takes seconds, so `build` does it once; `unpack` gives each test copies of the closed files.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
YOUNG, SETTLED = "young", "settled"
"""As they were made, when nobody above has heard of them; and after they have exchanged all there is."""


@dataclass
class Office:
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
        """A file of one laptop for another; for one that it has not heard of under `SECRET`."""
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

    def edit(self, name: str, record: str, **values: Any) -> None:
        """An ordinary save of a visit."""
        visits.save(self[name], record, dict(values))

    def add(self, name: str, wanted: NewLedger) -> Ledger:
        """One more laptop, which has not exchanged anything."""
        self.laptops[name] = ledgers.create(self.folder.parent / f"{name}.ktledger", wanted)
        return self[name]

    def close(self) -> None:
        """Let go of all ledgers: they are bare files then."""
        for ledger in self.laptops.values():
            ledger.close()


def person(ledger: Ledger, place: PlaceRow, name: str, phone: str) -> str:
    """Somebody in a place, with a phone number."""
    record = new_id()
    ledger.write("录入", [
        Draft("commissioner", record, "insert", {"name": name}),
        Draft("commissioner_private", private_id(record), "insert", {"commissioner": record, "phone": phone}),
        Draft("appointment_person", new_id(), "insert", {"appointment": place.id, "commissioner": record}),
    ])  # fmt: skip
    return record


def build(folder: Path) -> Path:
    """Make the three from each other's files, closed, in folders below: `YOUNG` and `SETTLED`."""
    young = folder / YOUNG
    made = Office(young / "stick")
    made.folder.mkdir(parents=True)
    b = made.laptops["b"] = ledgers.create(
        young / "b.ktledger", NewLedger("bureau", roster="2022", actor="演示局")
    )
    for n, place in enumerate(made.places(b)[:3]):
        person(b, place, f"演示人员{n + 1}", f"1380000000{n + 1}")
    county = next(p for p in exchange.addressees(b) if p.county == XIUWU)
    file = made.folder / "w.ktpack"
    exchange.send(b, county, file, SECRET)
    wanted = NewLedger("county", "修武县", actor="演示县")
    w = made.laptops["w"] = create_from_package(young / "w.ktledger", wanted, file, SECRET)
    one = next(p for p in exchange.addressees(w) if p.role == "commissioner")
    file = made.folder / "c.ktpack"
    exchange.send(w, one, file, SECRET)
    made.laptops["c"] = create_from_package(young / "c.ktledger", NewLedger("commissioner"), file, SECRET)
    made.close()
    with unpack(folder, YOUNG, folder / SETTLED) as office:
        office.bring("c", "w", accept=True)
        office.bring("w", "b", accept=True)
        office.settle()
    return folder


@contextmanager
def unpack(built: Path, which: str, to: Path) -> Iterator[Office]:
    """Copies of the ledgers that `build` has made, open while the block runs."""
    office = Office(to / "stick")
    office.folder.mkdir(parents=True)
    try:
        for name in "bwc":
            path = to / f"{name}.ktledger"
            shutil.copyfile(built / which / path.name, path)
            office.laptops[name] = Ledger.open(path)
        yield office
    finally:
        office.close()
