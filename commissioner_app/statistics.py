"""Figures for 工作台 and reports: the scope and period that a person asks for, in the words they use."""

from dataclasses import dataclass, field

from commissioner_app import batches
from commissioner_app.divisions import Divisions
from commissioner_app.periods import Period, evaluation_period
from db.errors import Refused
from db.ledger import Connection, Ledger
from db.queries import people, roster
from db.queries import statistics as queries
from db.queries.roster import BatchRow, Named, PlaceRow, TeamRow
from db.queries.statistics import Figures, Gathered
from db.queries.visits import VisitFilter, VisitRow, state_counts, visit_rowids, visit_rows

COUNTED = ("submitted", "passed")
"""Visits that figures count: a draft is not yet said, a returned one is taken back."""


@dataclass(frozen=True)
class Scope:
    """What figures are about: the city, a county (code), a team or a place; at most one of the three.

    person: only what this one made, at the place or, without one, at all of theirs.
    """

    county: str | None = None
    team: str | None = None
    place: str | None = None
    person: str | None = None

    @property
    def kind(self) -> str:
        """city / county / team / person."""
        return (
            "county"
            if self.county
            else "team"
            if self.team
            else "person"
            if self.place or self.person
            else "city"
        )


@dataclass(frozen=True)
class Maker:
    """What somebody made at a place; name is the place's code where nobody is known, last the latest date."""

    place: PlaceRow
    commissioner: str | None
    name: str
    figures: Figures
    last: str


@dataclass(frozen=True)
class Overview:
    """Everything 工作台 and the report show; keys of the dicts are shown names, in order.

    by_person has a row for each place, and for each who served there where it has changed hands.
    """

    period: Period
    scope: Scope
    scope_name: str
    batch: BatchRow | None
    places: list[PlaceRow]
    people: int
    categories: list[tuple[Named, int]]
    teams: list[tuple[TeamRow, int]]
    total: Figures
    by_county: list[tuple[str, str, int, Figures]]  # code, name, places, figures
    by_category: list[tuple[str, int, Figures]]
    by_place: list[tuple[PlaceRow, Figures]]
    by_person: list[Maker]
    by_way: list[tuple[str, int]]
    by_month: list[tuple[str, Figures]]
    states: dict[str, int] = field(default_factory=dict)
    last_dates: dict[str, str] = field(default_factory=dict)


def resolve_scope(
    ledger: Ledger,
    batch: BatchRow | None,
    *,
    county: str | None = None,
    team: str | None = None,
    person: str | None = None,
) -> Scope:
    """The scope that words name: a county's name, a team's name, a person's name or 名额编号.

    Raises Refused for an unknown or ambiguous one.
    """
    if county:
        code = Divisions.of(ledger).county_code(county)
        if code is None:
            raise Refused(f"没有“{county}”这个县（市、区）。")
        return Scope(county=code)
    with ledger.read() as connection:
        if team:
            found = [t for t in roster.teams(connection, None) if team in (t.name, t.id) or team in t.name]
            exact = [t for t in found if t.name == team] or found
            if len(exact) != 1:
                raise Refused(
                    f"没有叫“{team}”的服务团。" if not exact else f"“{team}”不止一个服务团，请写全称。"
                )
            return Scope(team=exact[0].id)
        if person:
            from commissioner_app.places import find

            places = roster.places(connection, None, batches.reference_day(batch))
            hits = find(places, person)
            if len(hits) > 1 and batch:
                hits = [p for p in hits if p.batch == batch.id] or hits
            named = {h.commissioner for p in hits for h in p.people if h.name == "".join(person.split())}
            if (
                len(hits) > 1
                and len(named) == 1
                and all(any(h.commissioner in named for h in p.people) for p in hits)
            ):
                return Scope(person=named.pop())
            if len(hits) != 1:
                raise Refused(
                    f"没有叫“{person}”的特派员，也没有这个名额编号。"
                    if not hits
                    else f"“{person}”不止一位，请用名额编号。"
                )
            # Of a place that has changed hands a name means that person's part, the code the whole.
            several = len({h.commissioner for h in hits[0].people}) > 1
            return Scope(place=hits[0].id, person=named.pop() if several and len(named) == 1 else None)
    return Scope()


def overview(
    ledger: Ledger, period: Period, scope: Scope | None = None, batch: BatchRow | None = None
) -> Overview:
    """Figures of a period; the batch is the one whose service period the end of the period falls in."""
    scope = scope or Scope()
    divisions = Divisions.of(ledger)
    with ledger.read() as connection:
        batch = batch or batch_of(roster.batches(connection), period)
        day = batches.reference_day(batch)
        places = roster.places(connection, batch.id if batch else None, day)
        f = visit_filter(period, scope)
        in_scope = [p for p in places if _belongs(p, scope)]
        categories = roster.categories(connection, batch.id) if batch else []
        teams = roster.teams(connection, batch.id if batch else None)
        g = queries.gather(connection, f)
        assigned: dict[str, int] = {}
        for p in in_scope:
            for c in set(p.counties(day)):
                assigned[c] = assigned.get(c, 0) + 1
        order = [d.code for d in divisions.counties()]
        codes = [c for c in order if c in g.by_county or c in assigned] + [
            c for c in g.by_county if c and c not in order
        ]
        if scope.county:
            codes = [scope.county]
        return Overview(
            period=period,
            scope=scope,
            scope_name=_scope_name(scope, divisions, places, teams),
            batch=batch,
            places=in_scope,
            people=sum(1 for p in in_scope if p.commissioner),
            categories=[(c, sum(1 for p in in_scope if p.category == c.id)) for c in categories],
            teams=[(t, sum(1 for p in in_scope if p.team == t.id)) for t in teams],
            total=g.total,
            by_county=[
                (
                    str(c),
                    divisions.name(c),
                    assigned.get(str(c), 0) or g.places_by_county.get(str(c), 0),
                    g.by_county.get(c, Figures()),
                )
                for c in codes
            ],
            by_category=[
                (c.name, n, g.by_category.get(c.id, Figures()))
                for c in categories
                if (n := sum(1 for p in in_scope if p.category == c.id)) or c.id in g.by_category
            ],
            by_place=[(p, g.by_place.get(p.id, Figures())) for p in in_scope],
            by_person=_makers(connection, in_scope, g, scope.person),
            by_way=list(g.by_way.items()),
            by_month=[(m, g.by_month.get(m, Figures())) for m in period.months()],
            states=state_counts(connection, visit_filter(period, scope, states=())),
            last_dates=g.last_dates,
        )


def visit_filter(
    period: Period, scope: Scope, states: tuple[str, ...] = COUNTED, text: str = ""
) -> VisitFilter:
    """The visits that a scope and period mean."""
    return VisitFilter(
        period.start, period.end, states, scope.county, scope.place, scope.person, scope.team, text=text
    )


def place_figures(ledger: Ledger, period: Period) -> tuple[dict[str, Figures], dict[str, str]]:
    """Figures of a period by place, and the latest date of a visit by place."""
    f = visit_filter(period, Scope())
    with ledger.read() as connection:
        g = queries.gather(connection, f)
    return g.by_place, g.last_dates


def gathered(ledger: Ledger, period: Period) -> Gathered:
    """All figures of a period in every way they are grouped."""
    with ledger.read() as connection:
        return queries.gather(connection, visit_filter(period, Scope()))


def team_figures(ledger: Ledger, period: Period) -> dict[str, Figures]:
    """Figures of a period by team; a day that a team spends together counts once."""
    with ledger.read() as connection:
        return queries.gather(connection, visit_filter(period, Scope())).by_team


def listed_visits(ledger: Ledger, period: Period, scope: Scope) -> list[VisitRow]:
    """The counted visits in order of date, for lists on paper."""
    with ledger.read() as connection:
        rowids = visit_rowids(connection, visit_filter(period, scope), "date", descending=False)
        rows = visit_rows(connection, rowids)
    return [rows[i] for i in rowids if i in rows]


def batch_of(found: list[BatchRow], period: Period) -> BatchRow | None:
    """The batch a period belongs to: the same evaluation or service period, else the one that overlaps it last."""
    own = (period.start, period.end)
    for b in found:
        if (b.evaluation_from, b.evaluation_to) == own:
            return b
    for b in found:
        if (b.service_from, b.service_to) == own:
            return b
    overlapping = [
        b for b in found if (b.service_from or "9") <= period.end and (b.service_to or "") >= period.start
    ]
    return overlapping[0] if overlapping else batches.current(found)


def default_period(ledger: Ledger) -> Period:
    """The evaluation period of the latest batch whose service has begun: next year's may be made long before."""
    from commissioner_app.periods import today

    found = batches.all_batches(ledger)
    begun = [b for b in found if (b.service_from or "") <= today()]
    batch = batches.current(begun or found)
    return evaluation_period(found, batch.year if batch and batch.year else int(today()[:4]))


def _belongs(place: PlaceRow, scope: Scope) -> bool:
    if scope.county:
        return any(a.county == scope.county for a in place.assignments)
    if scope.team:
        return place.team == scope.team
    if scope.place:
        return place.id == scope.place
    return scope.person is None or any(h.commissioner == scope.person for h in place.people)


def _makers(connection: Connection, places: list[PlaceRow], g: Gathered, only: str | None) -> list[Maker]:
    """Who made what at the places: whoever holds one, and who else has made visits for it."""
    made: dict[str, list[str | None]] = {}
    for place, person in g.by_holder:
        made.setdefault(place, []).append(person)
    held = {h.commissioner: h.name for p in places for h in p.people}
    unknown = {c for p in places for c in made.get(p.id, ()) if c and c not in held}
    names = held | people.people_names(connection, unknown)
    found = []
    for p in places:
        several = list(dict.fromkeys([*(h.commissioner for h in p.people), *made.get(p.id, ())]))
        for person in several or [None]:
            f = g.by_holder.get((p.id, person))
            if (f is None and person != p.commissioner and len(several) > 1) or only not in (None, person):
                continue  # held it at another time
            name = (names.get(person, "") if person else "") or p.code
            found.append(Maker(p, person, name, f or Figures(), g.last_by_holder.get((p.id, person), "")))
    return found


def _scope_name(scope: Scope, divisions: Divisions, places: list[PlaceRow], teams: list[TeamRow]) -> str:
    if scope.county:
        return divisions.name(scope.county)
    if scope.team:
        return next((t.name for t in teams if t.id == scope.team), "服务团")
    if scope.person:
        held = (h for p in places for h in p.people)
        return next((h.name for h in held if h.commissioner == scope.person and h.name), "特派员")
    if scope.place:
        return next((p.name or p.code for p in places if p.id == scope.place), "特派员")
    return divisions.name("4108")
