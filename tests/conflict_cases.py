"""Conflicts as they come about: two stations that know and trust each other write without knowing of one another."""

from db.entities import entities
from db.journal import store
from db.journal.changes import ChangeId, Operation, parse_id
from db.ledger import Draft, Ledger


def everything(ledger: Ledger) -> tuple[list, list, list]:
    """Sessions, operations and changes, as a package of the whole ledger would carry them."""
    with ledger.read() as c:
        sessions = [
            tuple(r) for r in c.exec_driver_sql("SELECT session, station, opened, signature FROM incarnation")
        ]
        operations = [
            Operation(ChangeId(r[0], r[1]), *r[2:6], parse_id(r[6]) if r[6] else None, r[7])
            for r in c.exec_driver_sql(
                "SELECT session, first, last, label, actor, wall, undoes, signature FROM operation"
            )
        ]
        changes = [change for name in entities() for part in store.load_all(c, name) for change in part]
    return sessions, operations, changes


def bring(source: Ledger, target: Ledger) -> None:
    """Everything that `source` has comes to `target`."""
    sessions, operations, changes = everything(source)
    target.receive(operations, changes, sessions)


def befriend(bureau: Ledger, county: Ledger, accepted: bool = True) -> None:
    """The two know what the other knows and accept each other; not accepted, the county's changes are kept aside."""
    bring(county, bureau)
    if accepted:
        bureau.write("认可", [Draft("station", county.station, "update", {"accepted": True})])
    values = bureau.folded(bureau.station).values
    identity = {f: values.get(f) for f in ("name", "role", "county", "place", "person")}
    county.decide_trust(bureau.station, "accepted", values["public_key"], identity)
    bring(bureau, county)


def make_county(path: object, name: str = "温县科技局", county: str = "410825") -> Ledger:
    """A county's ledger with nothing in it but its station."""
    ledger = Ledger.create(path)
    ledger.make_station({"role": "county", "name": name, "county": county}, "县里经办")
    return ledger


def edit(ledger: Ledger, record: str, entity: str = "visit", **values: object) -> None:
    """An ordinary save."""
    ledger.write("修改", [Draft(entity, record, "update", values)])


def visits_of(ledger: Ledger, county: str = "410825", state: str = "passed") -> list[str]:
    """Visits of a county in a state, by date."""
    with ledger.read() as c:
        rows = c.exec_driver_sql(
            "SELECT id FROM visit WHERE county = ? AND state = ? ORDER BY date, id", (county, state)
        )
        return [row[0] for row in rows]
