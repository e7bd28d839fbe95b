"""What an import has to know of everybody in the ledger, in one query each."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from db.journal.merged import standing


@dataclass(frozen=True)
class KnownPerson:
    """A commissioner with the private fields; duplicates that were merged are one. "" for what is not known."""

    id: str
    name: str
    gender: str
    birth_month: str
    organisation: str | None
    organisation_name: str
    department: str
    title: str
    post: str
    degree: str
    specialty: str
    industries: tuple[str, ...]
    remark: str
    phone: str
    email: str
    id_number: str


def people(connection: Connection) -> list[KnownPerson]:
    """Everybody in the ledger, with a place or without, by key: those entered first come first."""
    rows = connection.exec_driver_sql(
        "SELECT c.id, coalesce(c.name,''), coalesce(c.gender,''), coalesce(c.birth_month,''), o.id, coalesce(o.name,''), "
        "coalesce(c.department,''), coalesce(c.title,''), coalesce(c.post,''), coalesce(c.degree,''), "
        "coalesce(c.specialty,''), c.industries, coalesce(c.remark,''), coalesce(max(p.phone),''), "
        "coalesce(max(p.email),''), coalesce(max(p.id_number),'') FROM commissioner c "
        "LEFT JOIN commissioner_private p ON p.commissioner = c.id AND p.deleted = 0 "
        f"LEFT JOIN organisation o ON o.id = {standing('organisation', 'c.organisation')} "
        "WHERE c.deleted = 0 AND c.id NOT IN (SELECT record FROM merged) GROUP BY c.id ORDER BY c.id"
    )
    found: list[tuple[Any, ...]] = [tuple(row) for row in rows]
    return [KnownPerson(*(*r[:11], tuple(json.loads(r[11] or "[]")), *r[12:])) for r in found]
