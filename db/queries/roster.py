"""Reading batches, places with their people, teams, assignments, organisations and recipients."""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from db.journal.merged import standing


@dataclass(frozen=True)
class PersonRow:
    """Somebody's time at a place."""

    tenure: str
    commissioner: str
    name: str
    held_from: str | None
    held_to: str | None


@dataclass(frozen=True)
class AssignmentRow:
    """A place's stay in a county; townships are division codes or words."""

    id: str
    appointment: str
    county: str | None
    townships: tuple[str, ...]
    assigned_from: str | None
    assigned_to: str | None
    recipients: tuple[str, ...]
    agreement_number: str | None
    agreement_date: str | None
    agreement_state: str | None
    remark: str | None
    disputed: bool


@dataclass(frozen=True)
class PlaceRow:
    """A place (名额) with what belongs to it; person fields are those of whoever holds it on the day asked for."""

    id: str
    code: str
    batch: str | None
    category: str | None
    category_name: str
    organisation: str | None
    organisation_name: str
    team: str | None
    team_name: str
    funding: str
    candidate_counties: tuple[str, ...]
    remark: str
    disputed: bool
    commissioner: str | None = None
    name: str = ""
    gender: str = ""
    title: str = ""
    specialty: str = ""
    phone: str = ""
    person_disputed: bool = False
    people: tuple[PersonRow, ...] = ()
    assignments: tuple[AssignmentRow, ...] = field(default=())

    def counties(self, day: str) -> list[str]:
        """Division codes of the counties the place is assigned to on a day."""
        return [
            a.county for a in self.assignments if a.county and covers(a.assigned_from, a.assigned_to, day)
        ]


@dataclass(frozen=True)
class BatchRow:
    """A selection batch; dates are inclusive ISO dates."""

    id: str
    year: int | None
    name: str
    state: str
    document_number: str
    service_from: str | None
    service_to: str | None
    evaluation_from: str | None
    evaluation_to: str | None
    rule_set: str
    source: str
    remark: str


@dataclass(frozen=True)
class TeamRow:
    """A service team; places and people are counts."""

    id: str
    batch: str | None
    name: str
    level: str
    industry: str
    organisation: str | None
    organisation_name: str
    county: str | None
    leader: str | None
    tasks: str
    remark: str
    places: int
    disputed: bool = field(kw_only=True)


@dataclass(frozen=True)
class Named:
    """Something that a person chooses by its name."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    note: str = ""
    full_name: str = ""


@dataclass(frozen=True)
class RecipientRow:
    """A recipient organisation."""

    id: str
    name: str
    kind: str
    county: str | None
    township: str | None
    village: str | None
    contact: str
    phone: str
    remark: str = ""
    disputed: bool = False


def covers(start: str | None, end: str | None, day: str) -> bool:
    """Whether a day lies within a period whose ends may be open."""
    return (start is None or start <= day) and (end is None or day <= end)


def batches(connection: Connection) -> list[BatchRow]:
    """All batches, the latest year first."""
    rows = connection.exec_driver_sql(
        "SELECT id, year, coalesce(name,''), coalesce(state,''), coalesce(document_number,''), service_from, service_to, "
        "evaluation_from, evaluation_to, coalesce(rule_set,''), coalesce(source,''), coalesce(remark,'') "
        "FROM batch WHERE deleted = 0 ORDER BY year DESC, id"
    )
    return [BatchRow(*row) for row in rows]


def categories(connection: Connection, batch: str) -> list[Named]:
    """The categories of a batch in their order."""
    rows = connection.exec_driver_sql(
        "SELECT id, coalesce(name,''), aliases, coalesce(full_name,'') FROM category WHERE deleted = 0 AND batch = ? "
        "ORDER BY position, name",
        (batch,),
    )
    return [Named(r[0], r[1], tuple(json.loads(r[2] or "[]")), "", r[3]) for r in rows]


def organisations(connection: Connection) -> list[Named]:
    """Sending organisations by name; the names of those merged into one are aliases of it."""
    merged: dict[str, list[str]] = {}
    for stands, name in connection.exec_driver_sql(
        "SELECT m.stands, o.name FROM merged m JOIN organisation o ON o.id = m.record "
        "WHERE m.entity = 'organisation' AND o.name IS NOT NULL ORDER BY o.name"
    ):
        merged.setdefault(stands, []).append(name)
    rows = connection.exec_driver_sql(
        "SELECT id, coalesce(name,''), aliases FROM organisation WHERE deleted = 0 "
        "AND id NOT IN (SELECT record FROM merged) ORDER BY name"
    )
    return [
        Named(r[0], r[1], tuple(dict.fromkeys([*json.loads(r[2] or "[]"), *merged.get(r[0], ())])))
        for r in rows
    ]


def teams(connection: Connection, batch: str | None) -> list[TeamRow]:
    """The teams of a batch (of all, for None)."""
    rows = connection.exec_driver_sql(
        "SELECT t.id, t.batch, coalesce(t.name,''), coalesce(t.level,''), coalesce(t.industry,''), t.organisation, "
        "coalesce(o.name,''), t.county, t.leader, coalesce(t.tasks,''), coalesce(t.remark,''), "
        "(SELECT count(*) FROM appointment a WHERE a.team = t.id AND a.deleted = 0), t.disputed "
        f"FROM team t LEFT JOIN organisation o ON o.id = {standing('organisation', 't.organisation')} "
        "WHERE t.deleted = 0 AND (?1 IS NULL OR t.batch = ?1) ORDER BY t.name",
        (batch,),
    )
    found: list[tuple[Any, ...]] = [tuple(row) for row in rows]
    return [TeamRow(*row[:12], disputed=bool(row[12])) for row in found]


def spare_people(connection: Connection, batch: str | None = None) -> list[Named]:
    """People without a place that is still theirs (in a batch; in any, for None), by name."""
    rows = connection.exec_driver_sql(
        "SELECT c.id, coalesce(c.name,''), coalesce(o.name,'') FROM commissioner c "
        f"LEFT JOIN organisation o ON o.id = {standing('organisation', 'c.organisation')} "
        "WHERE c.deleted = 0 AND c.id NOT IN (SELECT record FROM merged) "
        f"AND NOT EXISTS (SELECT 1 FROM appointment_person t WHERE {standing('commissioner', 't.commissioner')} = c.id "
        "AND t.deleted = 0 AND t.held_to IS NULL AND (?1 IS NULL OR t.appointment IN "
        "(SELECT id FROM appointment WHERE batch = ?1))) ORDER BY c.name, c.id",
        (batch,),
    )
    return [Named(r[0], r[1], (), r[2]) for r in rows]


def tenures(connection: Connection, place: str) -> list[tuple[str, str]]:
    """(tenure, commissioner) of everybody who ever was entered at a place, removed ones included."""
    rows = connection.exec_driver_sql(
        "SELECT id, commissioner FROM appointment_person WHERE appointment = ? AND commissioner IS NOT NULL "
        "ORDER BY id",
        (place,),
    )
    return [(r[0], r[1]) for r in rows]


def stays(connection: Connection, place: str) -> list[str]:
    """The assignments that a place ever had, removed ones included."""
    rows = connection.exec_driver_sql("SELECT id FROM assignment WHERE appointment = ? ORDER BY id", (place,))
    return [r[0] for r in rows]


def recipients(connection: Connection) -> list[RecipientRow]:
    """Recipient organisations by name."""
    rows = connection.exec_driver_sql(
        "SELECT id, coalesce(name,''), coalesce(kind,''), county, township, village, coalesce(contact,''), "
        "coalesce(phone,''), coalesce(remark,''), disputed FROM recipient WHERE deleted = 0 "
        "AND id NOT IN (SELECT record FROM merged) ORDER BY name, id"
    )
    return [RecipientRow(*(*row[:9], bool(row[9]))) for row in rows]


def recipient_names(connection: Connection) -> dict[str, str]:
    """The name of every recipient by id; of one that was merged, the name of the one that stands for it."""
    rows = connection.exec_driver_sql(
        f"SELECT x.id, coalesce(r.name, '') FROM recipient x JOIN recipient r ON r.id = {standing('recipient', 'x.id')}"
    )
    return {row[0]: row[1] for row in rows}


def places(connection: Connection, batch: str | None, day: str) -> list[PlaceRow]:
    """The places of a batch (of all, for None) by code, with whoever holds them on `day` (ISO date)."""
    people: dict[str, list[PersonRow]] = {}
    for row in connection.exec_driver_sql(
        "SELECT t.appointment, t.id, c.id, coalesce(c.name,''), t.held_from, t.held_to "
        f"FROM appointment_person t JOIN commissioner c ON c.id = {standing('commissioner', 't.commissioner')} "
        "WHERE t.deleted = 0 AND c.deleted = 0 ORDER BY coalesce(t.held_from,''), t.id"
    ):
        people.setdefault(row[0], []).append(PersonRow(*row[1:]))
    stands = {
        row[0]: row[1]
        for row in connection.exec_driver_sql("SELECT record, stands FROM merged WHERE entity = 'recipient'")
    }
    stays: dict[str, list[AssignmentRow]] = {}
    for row in connection.exec_driver_sql(
        "SELECT id, appointment, county, townships, assigned_from, assigned_to, recipients, agreement_number, "
        "agreement_date, agreement_state, remark, disputed FROM assignment WHERE deleted = 0 "
        "ORDER BY coalesce(assigned_from,''), id"
    ):
        stays.setdefault(row[1], []).append(
            AssignmentRow(
                row[0],
                row[1],
                row[2],
                tuple(json.loads(row[3] or "[]")),
                row[4],
                row[5],
                tuple(
                    dict.fromkeys(stands.get(r, r) for r in json.loads(row[6] or "[]") if isinstance(r, str))
                ),
                row[7],
                row[8],
                row[9],
                row[10],
                bool(row[11]),
            )
        )
    details = {
        row[0]: tuple(row[1:])
        for row in connection.exec_driver_sql(
            "SELECT c.id, coalesce(c.name,''), coalesce(c.gender,''), coalesce(c.title,''), coalesce(c.specialty,''), "
            # Of merged ones a ledger may hold only the private data of one that does not stand for them.
            "coalesce(max(CASE WHEN p.commissioner = c.id THEN p.phone END), max(p.phone), ''), "
            "max(c.disputed, coalesce(max(p.disputed), 0)), o.id, o.name FROM commissioner c "
            f"LEFT JOIN commissioner_private p ON {standing('commissioner', 'p.commissioner')} = c.id AND p.deleted = 0 "
            "LEFT JOIN organisation o "
            f"ON o.id = {standing('organisation', 'c.organisation')} WHERE c.deleted = 0 GROUP BY c.id"
        )
    }
    found = []
    for row in connection.exec_driver_sql(
        "SELECT a.id, coalesce(a.code,''), a.batch, a.category, coalesce(k.name,''), o.id, "
        "coalesce(o.name,''), a.team, coalesce(t.name,''), coalesce(a.funding,''), a.candidate_counties, "
        "coalesce(a.remark,''), a.disputed FROM appointment a LEFT JOIN category k ON k.id = a.category "
        f"LEFT JOIN organisation o ON o.id = {standing('organisation', 'a.organisation')} LEFT JOIN team t ON t.id = a.team "
        "WHERE a.deleted = 0 AND (?1 IS NULL OR a.batch = ?1) ORDER BY k.position, a.code, a.id",
        (batch,),
    ):
        held = tuple(people.get(row[0], ()))
        person = current_person(held, day)
        name, gender, title, specialty, phone, disputed, organisation, organisation_name = (
            details.get(person.commissioner, ("", "", "", "", "", False, None, None))
            if person
            else ("", "", "", "", "", False, None, None)
        )
        found.append(
            PlaceRow(
                id=row[0],
                code=row[1],
                batch=row[2],
                category=row[3],
                category_name=row[4],
                organisation=row[5] or organisation,
                organisation_name=row[6] or organisation_name or "",
                team=row[7],
                team_name=row[8],
                funding=row[9],
                candidate_counties=tuple(json.loads(row[10] or "[]")),
                remark=row[11],
                disputed=bool(row[12]),
                commissioner=person.commissioner if person else None,
                name=name,
                gender=gender,
                title=title,
                specialty=specialty,
                phone=phone,
                person_disputed=bool(disputed),
                people=held,
                assignments=tuple(stays.get(row[0], ())),
            )
        )
    return found


def current_person(people: tuple[PersonRow, ...], day: str) -> PersonRow | None:
    """Who holds a place on a day: of those whose time covers it the one who came last."""
    covering = [p for p in people if covers(p.held_from, p.held_to, day)]
    return covering[-1] if covering else None


def members(connection: Connection, team: str) -> list[str]:
    """The places of a team."""
    rows = connection.exec_driver_sql("SELECT id FROM appointment WHERE team = ? AND deleted = 0", (team,))
    return [row[0] for row in rows]


def open_tenures(connection: Connection, place: str) -> list[tuple[str, str | None]]:
    """(record, from) of the times at a place that have no end."""
    rows = connection.exec_driver_sql(
        "SELECT id, held_from FROM appointment_person WHERE deleted = 0 AND appointment = ? AND held_to IS NULL",
        (place,),
    )
    return [(row[0], row[1]) for row in rows]


def last_tenure_end(connection: Connection, place: str) -> str | None:
    """The last day anybody held a place, None if nobody did or somebody still does."""
    found = connection.exec_driver_sql(
        "SELECT max(held_to) FROM appointment_person WHERE deleted = 0 AND appointment = ?", (place,)
    ).scalar()
    return str(found) if found else None


def tenures_of(connection: Connection, commissioner: str) -> list[str]:
    """The times of a person at places."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM appointment_person WHERE commissioner = ? AND deleted = 0", (commissioner,)
    )
    return [row[0] for row in rows]


def visits_naming(connection: Connection, column: str, record: str) -> int:
    """How many visits name a place (`appointment`) or a person (`commissioner`)."""
    if column not in ("appointment", "commissioner"):
        raise ValueError(column)
    sql = f"SELECT count(*) FROM visit_place WHERE {column} = ?"
    return int(connection.exec_driver_sql(sql, (record,)).scalar_one())
