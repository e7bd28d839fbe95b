"""What concerns a station: the records, whole or not at all, that a package for it may hold.

SQL over the shown values of the tables and `also` (other heads, earlier values, references of every change).
The rule is DESIGN.md's "Scope goes by record", proven against shared/model by benchmarks/simulate.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from db.entities import entities
from db.journal import certificates
from db.journal.ranges import Ranges
from db.journal.rights import CHILDREN, Certificates
from db.journal.store import chunks, marks


@dataclass(frozen=True)
class Address:
    """Whom a package is for. station: None while nobody of it has been seen."""

    role: str
    county: str | None = None
    place: str | None = None
    person: str | None = None
    station: str | None = None


# A stay ends where a later one of the same place begins: no clock decides who serves where.
_STAYS = """
CREATE TEMP VIEW IF NOT EXISTS stay_place AS
    SELECT id AS record, appointment AS place, 1 AS now FROM assignment WHERE appointment IS NOT NULL
    UNION SELECT record, value, now FROM also WHERE entity = 'assignment' AND kind = 'place'
"""
_STAY_COUNTIES = """
CREATE TEMP VIEW IF NOT EXISTS stay_county AS
    SELECT id AS record, county, 1 AS now FROM assignment WHERE county IS NOT NULL
    UNION SELECT record, value, now FROM also WHERE entity = 'assignment' AND kind = 'county'
"""
_CURRENT = """
CREATE TEMP VIEW IF NOT EXISTS current_stay AS
    SELECT p.place, c.county FROM assignment a
    JOIN stay_place p ON p.record = a.id AND p.now = 1 JOIN stay_county c ON c.record = a.id AND c.now = 1
    WHERE a.deleted = 0 AND NOT EXISTS (
        SELECT 1 FROM assignment b WHERE b.appointment = p.place AND b.deleted = 0 AND b.assigned_from > a.assigned_to
    )
"""
_HOLDERS = """
CREATE TEMP VIEW IF NOT EXISTS current_holder AS
    SELECT t.appointment AS place, t.commissioner AS person FROM appointment_person t
    WHERE t.deleted = 0 AND NOT EXISTS (
        SELECT 1 FROM appointment_person u
        WHERE u.appointment = t.appointment AND u.deleted = 0 AND u.held_from > t.held_to
    )
    UNION SELECT t.appointment, a.value FROM appointment_person t JOIN also a ON a.record = t.id
    WHERE t.deleted = 0 AND a.kind = 'person' AND a.now = 1
"""
_TEAMS = """
CREATE TEMP VIEW IF NOT EXISTS place_team AS
    SELECT id AS place, team, 1 AS now FROM appointment WHERE team IS NOT NULL
    UNION SELECT record, value, now FROM also WHERE entity = 'appointment' AND kind = 'team'
"""


class Scope:
    """The scope of one address in one ledger; the records stand in the temporary table `in_scope`."""

    def __init__(self, connection: Connection, to: Address, known: Ranges) -> None:
        self._connection = connection
        self._to = to
        self._known = known
        self._valid: Certificates = certificates.load(connection)
        for view in (_STAYS, _STAY_COUNTIES, _CURRENT, _HOLDERS, _TEAMS):
            connection.exec_driver_sql(view)
        for table in ("in_scope", "scope_next"):
            connection.exec_driver_sql(
                f"CREATE TEMP TABLE IF NOT EXISTS {table} "
                "(record VARCHAR, entity VARCHAR, PRIMARY KEY (record, entity)) WITHOUT ROWID"
            )
            connection.exec_driver_sql(f"DELETE FROM {table}")

    def fill(self, own: str) -> None:
        """Find the records. own: the sending station."""
        sender = self._valid.get(own)
        sender_role = self._role(own)
        self._root("station", "SELECT id FROM station", ())
        for name in ("batch", "category"):  # reference data without which nothing can be read
            self._root(name, f"SELECT id FROM {name}", ())
        if self._to.role == "commissioner":
            self._commissioner(self._to.place or "", self._to.person)
        else:
            self._county(self._to.county or "")
        self._close()
        county_to_county = sender_role == self._to.role == "county"
        if county_to_county:  # personal data go up, down and home, never sideways
            self._connection.exec_driver_sql("DELETE FROM in_scope WHERE entity = 'commissioner_private'")
        up = sender_role == "commissioner" and sender is not None and self._to.role == "county"
        if up and sender is not None and sender.place in self.served(self._to.county or ""):
            self._own_up(own)

    def _role(self, station: str) -> str:
        row = self._connection.exec_driver_sql("SELECT role FROM station WHERE id = ?", (station,)).scalar()
        return str(row or "")

    # -- roots -----------------------------------------------------------------------------------------

    def _root(self, entity: str, sql: str, values: tuple[object, ...]) -> None:
        self._connection.exec_driver_sql(
            f"INSERT OR IGNORE INTO scope_next (record, entity) SELECT x.*, '{entity}' FROM ({sql}) x", values
        )

    def _values(self, sql: str, *values: object) -> set[str]:
        return {row[0] for row in self._connection.exec_driver_sql(sql, values) if row[0] is not None}

    def _commissioner(self, place: str, person: str | None) -> None:
        self._core(place)
        counties = self._values("SELECT county FROM current_stay WHERE place = ?", place)
        for county in sorted(counties):
            self._by_county("recipient", county)
        self._team(place)
        self._private({person} & self._holders(place) if person else set())
        ever = self._values(
            "SELECT c.county FROM stay_place p JOIN stay_county c ON c.record = p.record WHERE p.place = ?",
            place,
        )
        self._held({place}, ever, whole_county=False)

    def _county(self, county: str) -> None:
        for entity in ("visit", "recipient", "assignment"):
            self._by_county(entity, county)
        self._root("team", "SELECT id FROM team WHERE county = ?", (county,))
        accepted = self._accepted(county)
        for place in sorted(accepted):
            self._root("assignment", "SELECT record FROM stay_place WHERE place = ? AND now = 1", (place,))
        persons: set[str] = set()
        here = self._values("SELECT place FROM current_stay WHERE county = ?", county)
        for place in sorted(self.served(county)):
            persons |= self._core(place) & self._holders(place)
            self._team(place)  # what it passes on to them
            if place in here:
                persons |= self._values("SELECT person FROM current_holder WHERE place = ?", place)
        self._private(persons)
        ever = self._values(
            "SELECT p.place FROM stay_county c JOIN stay_place p ON p.record = c.record WHERE c.county = ?",
            county,
        )
        self._held(ever | accepted, {county}, whole_county=True)

    def _by_county(self, entity: str, county: str) -> None:
        self._root(
            entity,
            f"SELECT id FROM {entity} WHERE county = ? UNION SELECT record FROM also "
            f"WHERE kind = 'county' AND value = ? AND now = 1 AND entity = '{entity}'",
            (county, county),
        )

    def _core(self, place: str) -> set[str]:
        """What belongs to a place: its visits and stays, and what its stations have made; returns its persons."""
        keys = [s for s, c in self._valid.items() if c.role == "commissioner" and c.place == place]
        self._root("appointment", "SELECT id FROM appointment WHERE id = ?", (place,))
        self._root(
            "visit",
            "SELECT visit FROM visit_place WHERE appointment = ? UNION SELECT record FROM also "
            "WHERE kind = 'place' AND value = ? AND now = 1 AND entity = 'visit'",
            (place, place),
        )
        self._root("assignment", "SELECT record FROM stay_place WHERE place = ? AND now = 1", (place,))
        persons = {p for k in keys if (p := self._valid[k].person)}
        for person in sorted(persons):
            self._root("commissioner", "SELECT id FROM commissioner WHERE id = ?", (person,))
        for key in keys:
            self._connection.exec_driver_sql(
                "INSERT OR IGNORE INTO scope_next (record, entity) SELECT c.record, c.entity FROM incarnation i "
                "JOIN change c ON c.session = i.session WHERE i.station = ? AND c.kind = 'insert' "
                "AND c.entity NOT IN ('station', 'setting', 'commissioner_private') "
                # To enter what another has entered is no way to be sent it.
                "AND NOT EXISTS (SELECT 1 FROM change d JOIN incarnation j ON j.session = d.session WHERE "
                "d.record = c.record AND d.entity = c.entity AND d.kind = 'insert' AND j.station != i.station)",
                (key,),
            )
        return persons

    def _team(self, place: str) -> None:
        """The places of a place's team; who holds them goes along."""
        self._root(
            "appointment",
            "SELECT m.place FROM place_team o JOIN place_team m ON m.team = o.team AND m.now = 1 "
            "WHERE o.place = ? AND o.now = 1",
            (place,),
        )

    def _holders(self, place: str) -> set[str]:
        """Who holds or held a place as the bureau has entered it: a station may say of itself to be anybody."""
        return self._values(
            "WITH tenure AS (SELECT id FROM appointment_person WHERE appointment = ? UNION SELECT record FROM also "
            "WHERE kind = 'place' AND value = ? AND entity = 'appointment_person') "
            "SELECT t.commissioner FROM tenure n JOIN appointment_person t ON t.id = n.id "
            "UNION SELECT a.value FROM tenure n JOIN also a ON a.record = n.id "
            "WHERE a.kind = 'person' AND a.entity = 'appointment_person'",
            place,
            place,
        )

    def _private(self, persons: Iterable[str]) -> None:
        for person in sorted(persons):
            self._root(
                "commissioner_private",
                "SELECT id FROM commissioner_private WHERE commissioner = ? UNION SELECT record FROM also "
                "WHERE kind = 'person' AND value = ? AND now = 1 AND entity = 'commissioner_private'",
                (person, person),
            )
            self._root("attachment", "SELECT id FROM attachment WHERE commissioner = ?", (person,))

    def _accepted(self, county: str) -> set[str]:
        """Places of the commissioners whom a station of the county has accepted."""
        found = set()
        for row in self._connection.exec_driver_sql(
            'SELECT c.record, c."values", i.station FROM station s JOIN change c ON c.record = s.id '
            "JOIN incarnation i ON i.session = c.session WHERE c.kind != 'insert'"
        ):
            station, values, by = row
            subject, judge = self._valid.get(station), self._valid.get(by)
            if (
                '"accepted":true' in values
                and subject is not None
                and subject.role == "commissioner"
                and subject.place
                and judge is not None
                and self._role(by) == "county"
                and judge.county == county
            ):
                found.add(subject.place)
        return found

    def served(self, county: str) -> set[str]:
        """Places a county serves: assigned to it now or, while assigned nowhere, accepted by it."""
        here = self._values("SELECT place FROM current_stay WHERE county = ?", county)
        somewhere = self._values("SELECT place FROM current_stay")
        return here | (self._accepted(county) - somewhere)

    def _held(self, places: set[str], counties: set[str], whole_county: bool) -> None:
        """What the receiver holds and once rightly had is kept up to date: so a move away still reaches it."""
        if not self._known:
            return
        found: dict[str, str] = {}
        for place in places:
            for record in self._values(
                "SELECT visit FROM visit_place WHERE appointment = ? UNION SELECT record FROM also "
                "WHERE kind = 'place' AND value = ? AND entity = 'visit'",
                place,
                place,
            ):
                found[record] = "visit"
            for record in self._values("SELECT record FROM stay_place WHERE place = ?", place):
                found[record] = "assignment"
            for record in self._values(
                "SELECT m.place FROM place_team o JOIN place_team m ON m.team = o.team WHERE o.place = ?",
                place,
            ):
                found[record] = "appointment"
        for county in counties:
            for entity in ("visit", "assignment", "recipient") if whole_county else ("recipient",):
                for record in self._values(
                    "SELECT record FROM also WHERE kind = 'county' AND value = ? AND entity = ?",
                    county,
                    entity,
                ):
                    found[record] = entity
            if not whole_county:
                for record in self._values("SELECT id FROM recipient WHERE county = ?", county):
                    found[record] = "recipient"
        rows = [(r, found[r]) for r in self._shown(found)]
        if rows:
            self._connection.exec_driver_sql(
                "INSERT OR IGNORE INTO scope_next (record, entity) VALUES (?,?)", rows
            )

    def _shown(self, records: Collection[str]) -> set[str]:
        """The records of which the receiver has said to hold a change that is here, too."""
        held: set[str] = set()
        for part in chunks(sorted(records)):
            rows = self._connection.exec_driver_sql(
                f"SELECT record, session, seq FROM change WHERE record IN ({marks(part)})", tuple(part)
            )
            held.update(row[0] for row in rows if row[0] not in held and (row[1], row[2]) in self._known)
        return held

    def _own_up(self, own: str) -> None:
        """A commissioner's own unconfirmed changes always go to the county that serves them."""
        rows = self._connection.exec_driver_sql(
            "SELECT c.record, c.entity, c.session, c.seq FROM incarnation i JOIN change c ON c.session = i.session "
            "WHERE i.station = ? AND c.entity NOT IN ('commissioner_private', 'setting')",
            (own,),
        )
        wanted = {(r[0], r[1]) for r in rows if (r[2], r[3]) not in self._known}
        if wanted:
            self._connection.exec_driver_sql(
                "INSERT OR IGNORE INTO scope_next (record, entity) VALUES (?,?)", sorted(wanted)
            )
            self._close()

    # -- closure ---------------------------------------------------------------------------------------

    def _close(self) -> None:
        """Add what the records refer to, by any of their changes, and the parts that belong to them."""
        run = self._connection.exec_driver_sql
        run("CREATE TEMP TABLE IF NOT EXISTS scope_found (record VARCHAR, entity VARCHAR)")
        while True:
            run("DELETE FROM scope_next WHERE (record, entity) IN (SELECT record, entity FROM in_scope)")
            run("INSERT INTO in_scope (record, entity) SELECT record, entity FROM scope_next")
            present = {row[0] for row in run("SELECT DISTINCT entity FROM scope_next")}
            if not present:
                return
            run("DELETE FROM scope_found")
            for name in sorted(present):
                target = entities().get(name)
                for field in target.references if target else ():
                    column = target.fields[field] if target else None
                    assert target is not None and column is not None
                    run(
                        f"INSERT INTO scope_found SELECT t.\"{field}\", '{column.refs[0]}' FROM scope_next n "
                        f"JOIN \"{name}\" t ON t.id = n.record WHERE n.entity = '{name}' "
                        f'AND t."{field}" IS NOT NULL'
                    )
            run(
                "INSERT INTO scope_found SELECT a.value, substr(a.kind, 5) FROM scope_next n JOIN also a "
                "ON a.record = n.record AND a.entity = n.entity WHERE a.kind LIKE 'ref %'"
            )
            if "visit" in present:
                self._belonging_to_visits()
            if "appointment" in present:
                run(
                    "INSERT INTO scope_found SELECT t.id, 'appointment_person' FROM scope_next n "
                    "JOIN appointment_person t ON t.appointment = n.record WHERE n.entity = 'appointment' "
                    "UNION SELECT a.record, 'appointment_person' FROM scope_next n JOIN also a ON a.value = n.record "
                    "WHERE n.entity = 'appointment' AND a.kind = 'place' AND a.now = 1 "
                    "AND a.entity = 'appointment_person'"
                )
                left = self._values(
                    "SELECT a.record FROM scope_next n JOIN also a ON a.value = n.record WHERE n.entity = 'appointment' "
                    "AND a.kind = 'place' AND a.now = 0 AND a.entity = 'appointment_person'"
                )
                for record in self._shown(left) if self._known and left else ():
                    run("INSERT INTO scope_found VALUES (?, 'appointment_person')", (record,))
            if "assignment" in present:
                run(
                    "INSERT INTO scope_found SELECT t.id, 'attachment' FROM scope_next n "
                    "JOIN attachment t ON t.assignment = n.record WHERE n.entity = 'assignment'"
                )
            if "team" in present:
                run(
                    "INSERT INTO scope_found SELECT t.id, 'team_task' FROM scope_next n "
                    "JOIN team_task t ON t.team = n.record WHERE n.entity = 'team'"
                )
            run("DELETE FROM scope_next")
            run(
                "INSERT OR IGNORE INTO scope_next SELECT DISTINCT record, entity FROM scope_found "
                "WHERE entity IS NOT NULL"
            )

    def _belonging_to_visits(self) -> None:
        run = self._connection.exec_driver_sql
        for column, entity in (("appointment", "appointment"), ("commissioner", "commissioner")):
            run(
                f"INSERT INTO scope_found SELECT DISTINCT p.{column}, '{entity}' FROM scope_next n "
                f"JOIN visit_place p ON p.visit = n.record WHERE n.entity = 'visit' AND p.{column} IS NOT NULL"
            )
        for child in CHILDREN:
            run(
                f"INSERT INTO scope_found SELECT t.id, '{child}' FROM scope_next n "
                f"JOIN {child} t ON t.visit = n.record WHERE n.entity = 'visit'"
            )
