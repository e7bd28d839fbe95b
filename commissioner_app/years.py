"""新年度批次: a new year's batch from the last one – who stays, which places stay open, who leaves – in one operation.

Its records have computed ids, so two laptops of a bureau that do the same meet in the same batch and places.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from commissioner_app import batches, places
from commissioner_app.batches import CategoryLine
from commissioner_app.periods import day
from db.errors import Refused
from db.ids import computed_id
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import batches as queries
from db.queries import roster
from db.queries.roster import AssignmentRow, BatchRow, PlaceRow, TeamRow

Choice = Literal["stay", "open", "leave"]
CHOICES: dict[Choice, str] = {"stay": "续聘", "open": "名额保留、换人", "leave": "退出"}
"""What becomes of a place of last year."""

Dates = tuple[str, str]
MOST_FRESH = 500
"""So many new places of a category at once are a slip of the finger."""


@dataclass(frozen=True)
class Category:
    """A category of the new batch; `source` is the one of last year that it goes on from."""

    name: str
    full_name: str = ""
    aliases: tuple[str, ...] = ()
    source: str | None = None


@dataclass(frozen=True)
class Wish:
    """What becomes of a place: the category (its name), sender, team (last year's record) and county it goes on with."""

    place: PlaceRow
    choice: Choice
    category: str
    organisation: str | None = None
    organisation_name: str = ""
    team: str | None = None
    county: str | None = None

    @property
    def goes_on(self) -> bool:
        """Whether there is a place for it in the new batch."""
        return self.choice != "leave"


@dataclass(frozen=True)
class Plan:
    """A new batch as it is being put together; `fresh` counts new places by the name of their category."""

    last: BatchRow | None
    year: int
    name: str
    service: tuple[str | None, str | None]
    evaluation: tuple[str | None, str | None]
    categories: tuple[Category, ...]
    wishes: tuple[Wish, ...] = ()
    fresh: Mapping[str, int] = field(default_factory=dict)
    teams: bool = True
    stays: bool = True


@dataclass(frozen=True)
class Total:
    """A category before and after: of last year's places so many stay, are kept open or leave, so many are new."""

    name: str
    before: int = 0
    stay: int = 0
    open: int = 0
    leave: int = 0
    fresh: int = 0

    @property
    def after(self) -> int:
        """Places in the new batch."""
        return self.stay + self.open + self.fresh


def source_of(ledger: Ledger, year: int | None = None) -> BatchRow | None:
    """The batch that a new one goes on from: the latest with places (before `year`, if given)."""
    with ledger.read() as connection:
        for batch in roster.batches(connection):
            if (year is None or (batch.year or 0) < year) and queries.place_count(connection, batch.id):
                return batch
    return None


def taken(ledger: Ledger) -> frozenset[int]:
    """The years whose batch has places: only an empty one is filled from the year before."""
    with ledger.read() as connection:
        found = roster.batches(connection)
        return frozenset(b.year for b in found if b.year and queries.place_count(connection, b.id))


def next_year(found: Sequence[BatchRow], last: BatchRow | None) -> int:
    """The year that a new batch is most likely for."""
    if last is not None and last.year:
        return last.year + 1
    years = [b.year for b in found if b.year]
    return max(years) + 1 if years else dt.date.today().year


def proposed(ledger: Ledger, year: int | None = None, last: BatchRow | None = None) -> Plan:
    """The plan to begin with: periods a year later, the same categories, who is there stays, empty places stay open."""
    last = last or source_of(ledger, year)
    year = year or next_year(batches.all_batches(ledger), last)
    whole = (f"{year}-01-01", f"{year}-12-31")
    if last is None:
        usual = tuple(Category(name, full, aliases) for name, full, aliases in batches.DEFAULT_CATEGORIES)
        return Plan(None, year, f"{year}年度科技特派员选派", whole, whole, usual)
    later = year - (last.year or year)
    service = _later((last.service_from, last.service_to), later) or whole
    on = batches.reference_day(last)
    with ledger.read() as connection:
        found = roster.places(connection, last.id, on)
        own = queries.senders(connection, last.id)
        lines = queries.categories(connection, last.id)
    names = {c.id: c.name for c in lines}
    wishes = tuple(
        Wish(
            p,
            "stay" if p.commissioner else "open",
            names.get(p.category or "", ""),
            own.get(p.id),
            p.organisation_name,
            p.team,
            stay.county if (stay := last_stay(p, last)) else None,
        )
        for p in found
    )
    return Plan(
        last,
        year,
        last.name.replace(str(last.year), str(year)) if last.year and str(last.year) in last.name
        else f"{year}年度科技特派员选派",
        service,
        _later((last.evaluation_from, last.evaluation_to), later) or service,
        tuple(Category(c.name, c.full_name, c.aliases, c.id) for c in lines),
        wishes,
    )  # fmt: skip


def moved(plan: Plan, year: int) -> Plan:
    """The plan for another year: periods and a name that were not written otherwise move with it."""
    by = year - plan.year
    name = plan.name.replace(str(plan.year), str(year))
    return replace(
        plan, year=year, name=name, service=_later(plan.service, by) or plan.service,
        evaluation=_later(plan.evaluation, by) or plan.evaluation,
    )  # fmt: skip


def last_stay(place: PlaceRow, batch: BatchRow) -> AssignmentRow | None:
    """Where a place serves at the end of its service period: of the stays that reach furthest the one begun last."""
    stays = [a for a in place.assignments if a.county]
    end = batch.service_to or "9999"
    return max(
        stays,
        key=lambda a: (min(a.assigned_to or "9999", end), a.assigned_from or "", a.id),
        default=None,
    )


def totals(plan: Plan) -> list[Total]:
    """Each category before and after, in the order of the new batch; those that end come last."""
    found = {c.name: Total(c.name) for c in plan.categories}
    by_source = {c.source: c.name for c in plan.categories if c.source}
    for wish in plan.wishes:
        before = by_source.get(wish.place.category or "") or wish.place.category_name or "未定"
        old = found.setdefault(before, Total(before))
        found[before] = replace(old, before=old.before + 1, leave=old.leave + (wish.choice == "leave"))
        if wish.goes_on:
            name = wish.category or "未定"
            now = found.setdefault(name, Total(name))
            step = {wish.choice: getattr(now, wish.choice) + 1}
            found[name] = replace(now, **step)
    for name, count in plan.fresh.items():
        if name in found:
            found[name] = replace(found[name], fresh=count)
    return list(found.values())


def team_count(plan: Plan) -> int:
    """How many teams go on: those that a place goes on with."""
    return len({w.team for w in plan.wishes if w.goes_on and w.team})


def problem(plan: Plan) -> str:
    """What keeps a plan's year, periods and categories from being carried out, "" for nothing."""
    if not 2000 <= plan.year <= 2100:
        return f"年份“{plan.year}”不对。"
    if not plan.name.strip():
        return "请填写批次名称。"
    for label, (start, end) in (("服务期", plan.service), ("考核期", plan.evaluation)):
        if not start or not end:
            return f"请填写{label}的起止日期。"
        if day(start) > day(end):
            return f"{label}的结束日期早于开始日期。"
    lines = [CategoryLine(None, c.name, c.full_name, c.aliases) for c in plan.categories]
    return batches.category_problem(lines) if lines else "请至少保留一个类别。"


def unsettled(plan: Plan) -> list[Wish]:
    """The places that go on and whose category the new batch does not have."""
    names = {c.name for c in plan.categories}
    return [w for w in plan.wishes if w.goes_on and w.category not in names]


def overlap(plan: Plan) -> str:
    """In a sentence, the days that both evaluation periods hold; "" where there are none. It is allowed, not wrong."""
    last = plan.last
    start, end = plan.evaluation
    if last is None or not (start and end and last.evaluation_from and last.evaluation_to):
        return ""
    first, final = max(start, last.evaluation_from), min(end, last.evaluation_to)
    if first > final:
        return ""
    return f"与{last.year}年度考核期重叠：{first} 至 {final}，这段时间的服务记录两个年度都计入。"


def create(ledger: Ledger, plan: Plan) -> Outcome:
    """Make the batch with its categories, places, people, teams and stays. Raises Refused; then nothing changed."""
    if wrong := problem(plan):
        raise Refused(wrong)
    if missing := unsettled(plan):
        raise Refused(f"有 {len(missing)} 个名额还没有选定新年度的类别。")
    if any(not 0 <= n <= MOST_FRESH for n in plan.fresh.values()):
        raise Refused(f"新增名额一次最多 {MOST_FRESH} 个。")

    def drafts(connection: Connection) -> list[Draft]:
        known = next((b for b in roster.batches(connection) if b.year == plan.year), None)
        if known is not None and queries.place_count(connection, known.id):
            raise Refused(f"{plan.year}年度的批次已经有名额，没有再建。")
        teams = roster.teams(connection, plan.last.id) if plan.last and plan.teams else []
        return _Maker(connection, plan, known, teams).drafts()

    return ledger.write(f"建立{plan.year}年度批次", drafts)


class _Maker:
    """Turns a plan into drafts."""

    def __init__(
        self, connection: Connection, plan: Plan, known: BatchRow | None, teams: Sequence[TeamRow]
    ) -> None:
        self._connection, self._plan, self._known = connection, plan, known
        self._batch = known.id if known else computed_id("batch", plan.year)
        self._categories: dict[str, str] = {}
        taken = {w.team for w in plan.wishes if w.goes_on and w.team}
        self._teams = {t.id: t for t in teams if t.id in taken}
        self._codes = _codes(plan)
        self._places = {place: self._place_id(code) for place, code in self._codes.items()}

    def _place_id(self, code: str) -> str:
        return places.draft(code, self._batch, {}).record

    def _team_id(self, team: TeamRow) -> str:
        return computed_id("team", self._plan.year, team.name)

    def drafts(self) -> list[Draft]:
        """All of it, what is referred to first."""
        made = [self._batch_draft(), *self._category_drafts()]
        made += [self._team_draft(t) for t in self._teams.values()]
        for wish in self._plan.wishes:
            if wish.goes_on:
                made += self._place_drafts(wish)
        for name, codes in _fresh_codes(self._plan, self._codes).items():
            for code in codes:
                made.append(places.draft(code, self._batch, {"category": self._categories[name]}))
        return made

    def _batch_draft(self) -> Draft:
        plan = self._plan
        values: dict[str, Any] = {
            "year": plan.year, "name": plan.name.strip(), "state": batches.STATES[0],
            "service_period": list(plan.service), "evaluation_period": list(plan.evaluation),
        }  # fmt: skip
        if self._known is not None:
            del values["state"]  # what an officer has already settled stays
        return Draft("batch", self._batch, "insert", values)

    def _category_drafts(self) -> list[Draft]:
        plan = self._plan
        rows = {r.name: r for r in queries.categories(self._connection, self._batch)} if self._known else {}
        made = []
        for at, category in enumerate(plan.categories):
            name = category.name.strip()
            record = (
                rows[name].id if name in rows else batches.category_record(self._connection, plan.year, name)
            )
            self._categories[category.name] = record
            made.append(Draft("category", record, "insert", {
                "batch": self._batch, "name": name, "full_name": category.full_name.strip() or f"{name}科技特派员",
                "aliases": list(category.aliases), "position": at,
            }))  # fmt: skip
        wanted = set(self._categories.values())
        gone = [r.id for r in rows.values() if r.id not in wanted]
        return made + [Draft("category", r, "delete", {"_deleted": True}) for r in gone]

    def _team_draft(self, team: TeamRow) -> Draft:
        return Draft("team", self._team_id(team), "insert", {
            "batch": self._batch, "name": team.name, "level": team.level, "industry": team.industry,
            "organisation": team.organisation, "county": team.county, "tasks": team.tasks, "remark": team.remark,
            "leader": self._places.get(team.leader or ""),
        })  # fmt: skip

    def _place_drafts(self, wish: Wish) -> list[Draft]:
        plan, old = self._plan, wish.place
        team = self._teams.get(wish.team or "")
        record, stays = self._places[old.id], wish.choice == "stay" and old.commissioner
        made = [places.draft(self._codes[old.id], self._batch, {
            "category": self._categories[wish.category], "organisation": wish.organisation, "funding": old.funding,
            "team": self._team_id(team) if team else None, "continues": old.id if stays else None,
            "candidate_counties": list(old.candidate_counties),
        })]  # fmt: skip
        if stays:
            tenure = computed_id("appointment_person", record, old.commissioner)
            made.append(Draft("appointment_person", tenure, "insert", {
                "appointment": record, "commissioner": old.commissioner, "period": [None, None],
            }))  # fmt: skip
        if plan.stays and wish.county:
            before = last_stay(old, plan.last) if plan.last else None
            same = before is not None and before.county == wish.county
            values: dict[str, Any] = {
                "appointment": record, "period": [plan.service[0], plan.service[1]],
                "where": [wish.county, list(before.townships) or None if same and before else None],
            }  # fmt: skip
            if same and before and stays:
                values["recipients"] = list(before.recipients)
            made.append(Draft("assignment", computed_id("assignment", record, wish.county), "insert", values))
        return made


def _codes(plan: Plan) -> dict[str, str]:
    """The new 名额编号 by old place: the same number where the category's stem is free to have it, else the next one.

    A place keeps its number whoever else leaves, so two laptops that choose differently still mean the same place.
    """
    found: dict[str, str] = {}
    used: set[str] = set()
    rest: list[Wish] = []
    for wish in (w for w in plan.wishes if w.goes_on):
        old = places.code_stem(plan.last.year if plan.last else None, wish.place.category_name)
        tail = wish.place.code.removeprefix(old)
        code = places.code_stem(plan.year, wish.category) + tail
        same = (
            wish.place.code.startswith(old) and tail.isdigit() and wish.category == wish.place.category_name
        )
        renamed = next(
            (c.name for c in plan.categories if c.source and c.source == wish.place.category), None
        )
        if tail.isdigit() and (same or renamed == wish.category) and code not in used:
            found[wish.place.id] = code
            used.add(code)
        else:
            rest.append(wish)
    for wish in rest:
        code = _next(plan.year, wish.category, used)
        found[wish.place.id] = code
        used.add(code)
    return found


def _fresh_codes(plan: Plan, codes: Mapping[str, str]) -> dict[str, list[str]]:
    used = set(codes.values())
    found: dict[str, list[str]] = {}
    for category in plan.categories:
        for _ in range(plan.fresh.get(category.name, 0)):
            code = _next(plan.year, category.name, used)
            used.add(code)
            found.setdefault(category.name, []).append(code)
    return found


def _next(year: int, category: str, used: set[str]) -> str:
    stem = places.code_stem(year, category)
    numbers = [int(tail) for c in used if c.startswith(stem) and (tail := c.removeprefix(stem)).isdigit()]
    return f"{stem}{max(numbers, default=0) + 1:02d}"


def _later(period: tuple[str | None, str | None], years: int) -> Dates | None:
    """A period some years later; None where it has no beginning or no end."""
    start, end = period
    if not start or not end:
        return None
    try:
        first, final = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
        # The last day moves by the day after it: a period that ends in February ends on its last day.
        after = _shift(final + dt.timedelta(days=1), years)
        return _shift(first, years).isoformat(), (after - dt.timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return None


def _shift(date: dt.date, years: int) -> dt.date:
    try:
        return date.replace(year=date.year + years)
    except ValueError:  # 29 February
        return date.replace(year=date.year + years, day=28)
