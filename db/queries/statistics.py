"""Figures of a period, grouped in the ways that pages and reports show them.

A visit that names several places counts once in totals by county, month and way, and once for each of its
places in figures by place, category or team.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from db.queries.visits import VisitFilter, _where


@dataclass(frozen=True)
class Figures:
    """half_days counts half days; trained counts 人次; trainings counts visits whose way was 技术培训."""

    visits: int = 0
    half_days: int = 0
    trained: int = 0
    households: int = 0
    villages: int = 0
    recipients: int = 0
    trainings: int = 0


_FIGURES = (
    "count(*), coalesce(sum(v.half_days),0), coalesce(sum(v.trained),0), coalesce(sum(v.households),0), "
    "count(DISTINCT v.county || '/' || coalesce(v.township,'') || '/' || v.village), count(DISTINCT v.recipient), "
    "coalesce(sum(v.ways LIKE '%\"技术培训\"%'),0)"
)


def total(connection: Connection, f: VisitFilter) -> Figures:
    """Figures of all visits of the filter."""
    where, values = _where(f)
    return Figures(
        *connection.exec_driver_sql(f"SELECT {_FIGURES} FROM visit v WHERE {where}", tuple(values)).one()
    )


def by_county(connection: Connection, f: VisitFilter) -> dict[str | None, Figures]:
    """Figures by division code of the county."""
    return _grouped(connection, f, "v.county")


def by_month(connection: Connection, f: VisitFilter) -> dict[str, Figures]:
    """Figures by month, YYYY-MM."""
    return {str(k): v for k, v in _grouped(connection, f, "substr(v.date, 1, 7)").items()}


def _grouped(connection: Connection, f: VisitFilter, key: str) -> dict[str | None, Figures]:
    where, values = _where(f)
    rows = connection.exec_driver_sql(
        f"SELECT {key}, {_FIGURES} FROM visit v WHERE {where} GROUP BY 1", tuple(values)
    )
    return {row[0]: Figures(*row[1:]) for row in rows}


def by_county_and_month(connection: Connection, f: VisitFilter) -> dict[tuple[str, str], tuple[int, int]]:
    """(visits, half days) by county and month; answered from the covering index alone."""
    where, values = _where(f)
    rows = connection.exec_driver_sql(
        "SELECT v.county, substr(v.date,1,7), count(*), coalesce(sum(v.half_days),0) FROM visit v "
        f"WHERE {where} GROUP BY 1, 2",
        tuple(values),
    )
    return {(row[0] or "", row[1] or ""): (row[2], row[3]) for row in rows}


def by_way(connection: Connection, f: VisitFilter) -> dict[str, int]:
    """Visits by way of service; a visit with several ways counts for each."""
    where, values = _where(f)
    rows = connection.exec_driver_sql(
        f"SELECT j.value, count(*) FROM visit v, json_each(v.ways) j WHERE {where} AND v.ways IS NOT NULL "
        "GROUP BY 1 ORDER BY 2 DESC, 1",
        tuple(values),
    )
    return {str(row[0]): row[1] for row in rows}


def by_place(connection: Connection, f: VisitFilter, key: str = "appointment") -> dict[str, Figures]:
    """Figures by what the visits' places belong to: appointment, category, team, commissioner."""
    columns = {
        "appointment": "vp.appointment",
        "commissioner": "vp.commissioner",
        "category": "a.category",
        "team": "a.team",
    }
    where, values = _where(f)
    # The same visit counts once for a category or team even where it names several of its places.
    rows = connection.exec_driver_sql(
        f"SELECT k, {_FIGURES} FROM (SELECT DISTINCT {columns[key]} AS k, vp.visit AS visit FROM visit_place vp "
        "LEFT JOIN appointment a ON a.id = vp.appointment) x JOIN visit v ON v.id = x.visit "
        f"WHERE {where} AND k IS NOT NULL GROUP BY k",
        tuple(values),
    )
    return {str(row[0]): Figures(*row[1:]) for row in rows}


def places_by_county(connection: Connection, f: VisitFilter) -> dict[str, int]:
    """How many places served each county in the period, by their visits."""
    where, values = _where(f)
    rows = connection.exec_driver_sql(
        "SELECT v.county, count(DISTINCT vp.appointment) FROM visit v JOIN visit_place vp ON vp.visit = v.id "
        f"WHERE {where} GROUP BY 1",
        tuple(values),
    )
    return {row[0]: row[1] for row in rows if row[0]}


def last_dates(connection: Connection, f: VisitFilter) -> dict[str, str]:
    """The latest date of a visit by place."""
    where, values = _where(f)
    rows = connection.exec_driver_sql(
        "SELECT vp.appointment, max(v.date) FROM visit v JOIN visit_place vp ON vp.visit = v.id "
        f"WHERE {where} GROUP BY 1",
        tuple(values),
    )
    return {row[0]: row[1] for row in rows if row[1]}


def first_and_last(connection: Connection) -> tuple[str | None, str | None]:
    """The dates of the first and the last visit."""
    row = connection.exec_driver_sql("SELECT min(date), max(date) FROM visit WHERE deleted = 0").one()
    return row[0], row[1]
