"""What a report is made from: plain figures and rows, without ReportLab and without the ledger."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

ScopeKind = Literal["city", "county", "team", "person"]


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over visits; days are counted in half days (3 means 1.5 days), trained is 人次."""

    visits: int = 0
    half_days: int = 0
    trained: int = 0
    households: int = 0
    villages: int = 0
    recipients: int = 0
    trainings: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a statistics table; people are the places that served or belong there."""

    name: str
    people: int | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit as the list of visits shows it; disputed: something in it is filled in differently elsewhere."""

    date: datetime.date
    end_date: datetime.date | None
    commissioner: str
    organisation: str
    place: str
    recipient: str
    ways: str
    content: str
    half_days: int
    trained: int | None
    state: str
    disputed: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class ServiceReportData:
    """Everything a 服务工作报告 says. `scope` is the city's, county's, team's or person's name.

    `places` are the places (名额) of the scope, `people` how many of them have a person.
    `conflicts` counts what is filled in differently in the whole ledger, `disputed` those visits among the counted.
    `categories` and `teams` name places too. `visits` may be any iterable and is read once.
    """

    title: str
    unit: str
    scope: str
    scope_kind: ScopeKind
    year_label: str
    start: datetime.date
    end: datetime.date
    signed: datetime.date | None
    demo: bool
    places: int
    people: int
    total: Figures
    categories: list[tuple[str, int]] = field(default_factory=list)
    teams: list[tuple[str, int]] = field(default_factory=list)
    by_county: list[Row] = field(default_factory=list)
    by_category: list[Row] = field(default_factory=list)
    by_way: list[tuple[str, int]] = field(default_factory=list)
    by_month: list[tuple[str, Figures]] = field(default_factory=list)
    visits: Iterable[VisitLine] = ()
    pending: int = 0
    drafts: int = 0
    conflicts: int = 0
    disputed: int = 0
    next_steps: str = ""
