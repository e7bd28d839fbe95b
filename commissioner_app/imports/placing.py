"""Where a person of a list goes: category, team, county and unit from the row and its sections, then a place."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from commissioner_app import batches, places
from commissioner_app.divisions import Divisions
from commissioner_app.imports import cells
from commissioner_app.imports.records import Record
from db.errors import Refused
from db.ids import computed_id
from db.ledger import Draft
from db.queries.roster import BatchRow, Named, PlaceRow, TeamRow

_UNIT = re.compile(r"(?:大学|学院|研究院|研究所|科学院|中心|公司|总站|农场|林场)$")
_CATEGORY = re.compile(r"派|资助|特派员|人才|县选|服务团|成员")
_TEAM = re.compile(r"^(?:科技特派员|产业科技特派员|产业)?服务团$")
_TOLD = re.compile(r"^(.+?)：(.+)$")
_OPEN = frozenset(("待安排", "待定", "未定", "待分配", *cells.NOTHING))
_SIGNS = re.compile(r"[、，,;；/和及\n]+")


@dataclass(frozen=True)
class Wish:
    """What a row asks of a place; counties: candidates where the row names several."""

    category: Named | None = None
    team: TeamRow | None = None
    county: str | None = None
    townships: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    unit: str = ""
    notes: tuple[str, ...] = ()


@dataclass
class Places:
    """The places, categories and teams of a batch, those included that the import itself would make."""

    batch: BatchRow
    divisions: Divisions
    found: Sequence[PlaceRow]
    categories: list[Named]
    teams: list[TeamRow]
    units: dict[str, str]
    """{name or alias: name of the organisation}"""
    organisations: dict[str, str]
    """{name: key}"""
    made: dict[str, Draft] = field(default_factory=dict)
    """Categories, teams and units that are new, by key; written only where a row that is written needs them."""
    reserved: frozenset[str] = frozenset()
    """名额编号 that the list itself names: nobody else gets these places."""

    def __post_init__(self) -> None:
        self.by_code = {p.code: p for p in self.found}
        self.by_person = {p.commissioner: p for p in self.found if p.commissioner}
        self.once = {h.commissioner: p for p in self.found for h in p.people}
        self.filled: dict[str, str] = {}
        self._rank = {p.id: n for n, p in enumerate(self.found)}
        self._open: dict[str | None, dict[str, PlaceRow]] = defaultdict(dict)
        for p in self.found:
            if p.commissioner is None:
                self._open[p.category][p.id] = p
        self._last: dict[str, int] = {}
        self._sections: dict[tuple[str, ...], Wish] = {}
        self._counties: dict[str, tuple[str | None, tuple[str, ...], tuple[str, ...]]] = {}

    # -- what a row says ---------------------------------------------------------------------------------

    def wish(self, record: Record) -> Wish:
        """Category, team, county and unit of a row; its own cells go before its sections. Raises Refused."""
        values, base = record.values, self._of_sections(record.sections, record.sheet)
        team = self._team(values.get("服务团", "")) or base.team
        word = values.get("类别", "")
        category = self.category(word) if word else base.category
        county, townships, candidates = self._county_of(values.get("受援县", ""))
        if not values.get("受援县"):
            county = base.county
        unit = re.sub(r"\s+", "", values.get("派出单位", "")) or base.unit
        return Wish(category, team, county, townships, candidates, unit, base.notes)

    def organisation(self, unit: str) -> str | None:
        """The key of a unit by name or alias; where it is new its draft is kept for when a row needs it."""
        if not unit:
            return None
        name = self.units.get(unit, unit)
        found = self.organisations.get(name)
        if found is None:
            found = self.organisations[name] = computed_id("organisation", name)
            self.made[found] = Draft("organisation", found, "insert", {"name": name})
        return found

    def category(self, word: str) -> Named:
        """The category that goes by a word or an alias; a new one where there is none."""
        known = self._known_category(word)
        if known is None:
            known = Named(computed_id("category", self.batch.year, word), word)
            self.made[known.id] = batches.category_draft(
                self.batch.id, self.batch.year, word, len(self.categories)
            )
            self.categories.append(known)
        return known

    def _known_category(self, word: str) -> Named | None:
        plain = re.sub(r"[\s“”\"（()）]", "", word)
        names = [(c, (c.name, c.full_name, *c.aliases)) for c in self.categories]
        exact = next((c for c, words in names if plain in words), None)
        if exact is not None or not plain:
            return exact
        # 省派（国家“三区”科技人才）: the category whose longest name is in it.
        inside = [
            (max(len(a) for a in w if a in plain), c)
            for c, w in names
            if any(len(a) > 1 and a in plain for a in w)
        ]
        return max(inside, key=lambda i: i[0])[1] if inside else None

    def _team(self, told: str) -> TeamRow | None:
        word = re.sub(r"\s+", "", told)
        if not word or word in cells.NOTHING or word == "否":
            return None
        hits = self._known_teams(word)
        if len(hits) > 1:
            raise Refused(f"“{word}”不止一个服务团，请写全称。")
        return hits[0] if hits else self._new_team(word)

    def _known_teams(self, word: str) -> list[TeamRow]:
        return [t for t in self.teams if word == t.name] or [
            t for t in self.teams if word in t.name or t.name in word
        ]

    def _new_team(self, word: str) -> TeamRow:
        made = TeamRow(
            computed_id("team", self.batch.year, word), None, word, "", "", None, "", None, None, "", "", 0, disputed=False
        )  # fmt: skip
        self.made[made.id] = Draft("team", made.id, "insert", {"name": word, "batch": self.batch.id})
        self.teams.append(made)
        return made

    def _county_of(self, told: str) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
        """What a cell says of the county, each different cell read once. Raises Refused."""
        if told not in self._counties:
            self._counties[told] = self._county(told)
        return self._counties[told]

    def _county(self, told: str) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
        """(county, townships, candidates) of a cell: 修武县, 修武县郇封镇, 温县、博爱县（待安排）. Raises Refused."""
        word = re.sub(r"\s+|[（(](?:待安排|待定)[）)]", "", told)
        if word in _OPEN:
            return None, (), ()
        code = self.divisions.county_code(word)
        if code:
            return code, (), ()
        several = [self.divisions.county_code(w) for w in _SIGNS.split(word) if w]
        if len(several) > 1 and all(several):
            return None, (), tuple(dict.fromkeys(c for c in several if c))
        for d in self.divisions.counties():
            rest = word.removeprefix("河南省").removeprefix("焦作市").removeprefix(d.name)
            if d.name in word and rest != word and d.name not in rest:
                if inside := re.fullmatch(r"[（(]([^（()）]+)[）)]", rest):
                    rest = inside[1]
                townships = [self.divisions.find(d.code, t) or "" for t in _SIGNS.split(rest) if t]
                if townships and all(t in self.divisions.by_code or t[-1:] in "镇乡道" for t in townships):
                    return d.code, tuple(townships), ()
        raise Refused(f"受援县“{told}”不是本市的县（市、区）。")

    def _of_sections(self, sections: tuple[str, ...], sheet: str) -> Wish:
        """What the section rows above a row say, and the sheet's name where it says anything."""
        key = (*sections, "\x00", sheet)
        found = self._sections.get(key)
        if found is None:
            found = self._sections[key] = self._read_sections(sections, sheet)
        return found

    def _read_sections(self, sections: tuple[str, ...], sheet: str) -> Wish:
        wish = Wish()
        for word in (sheet, *sections):
            told = _TOLD.match(word)
            plain = told[2] if told else word
            county = self.divisions.county_code(plain)
            category = self._known_category(plain)
            teams = self._known_teams(plain) if "服务团" in plain and len(plain) > 3 else []
            if county:
                wish = replace(wish, county=county)
            elif plain in self.units or (
                word != sheet and (_UNIT.search(plain) or (told and "单位" in told[1]))
            ):
                wish = replace(wish, unit=plain)
            elif len(teams) == 1 or (category and "服务团" not in plain):
                wish = replace(
                    wish, category=category or wish.category, team=teams[0] if len(teams) == 1 else None
                )
            elif word == sheet:
                wish = replace(wish, category=category)
            elif plain.endswith("服务团") and not _TEAM.match(plain):
                wish = replace(wish, category=category or wish.category, team=self._new_team(plain))
            elif category or _CATEGORY.search(plain):
                wish = replace(wish, category=category or self.category(plain), team=None)
            else:
                wish = replace(
                    wish, notes=(*wish.notes, f"分组“{word}”不是类别、服务团、受援县或单位，没有用上。")
                )
        return wish

    # -- places ------------------------------------------------------------------------------------------

    def open_place(self, wish: Wish) -> PlaceRow | None:
        """An open place whose sender, team and county agree or are not yet known: the one that says most of it."""
        if wish.category is not None:
            fitting = [p for p in self._open[wish.category.id].values() if self._agrees(p, wish)]
        else:
            # Without a category a row fills a place only where sender, team and county leave one kind.
            every = [p for kind in self._open.values() for p in kind.values() if self._agrees(p, wish)]
            fitting = [p for p in every if self._tells(p, wish)] or every
            if len({p.category for p in fitting}) != 1:
                return None
        return max(fitting, key=lambda p: (*self._merit(p, wish), -self._rank[p.id]), default=None)

    def new_place(self, wish: Wish, code: str) -> PlaceRow:
        """One more place of the batch, with its draft still to be written by the caller."""
        name = wish.category.name if wish.category else ""
        if not code:
            stem = places.next_code([], self.batch.year, name)[:-2]
            if stem not in self._last:
                first = places.next_code(list(self.found), self.batch.year, name)
                self._last[stem] = int(first.removeprefix(stem)) - 1
            while True:
                self._last[stem] += 1
                code = f"{stem}{self._last[stem]:02d}"
                if code not in self.by_code:
                    break
        made = PlaceRow(
            computed_id("appointment", self.batch.id, code), code, self.batch.id,
            wish.category.id if wish.category else None, name, None, "", None, "", "", (), "", False,
        )  # fmt: skip
        self.by_code[code] = made
        return made

    def take(self, place: PlaceRow, name: str) -> None:
        """The place is somebody's from here on."""
        self.filled[place.id] = name
        self._open[place.category].pop(place.id, None)

    def _agrees(self, p: PlaceRow, wish: Wish) -> bool:
        counties = [a.county for a in p.assignments]
        wanted = (wish.county,) if wish.county else wish.candidates
        unit = self.units.get(wish.unit, wish.unit)
        return (
            p.code not in self.reserved
            and (not unit or not p.organisation_name or unit.startswith(p.organisation_name))
            and (wish.team is None or p.team is None or p.team == wish.team.id)
            and (not wanted or not counties or set(wanted) <= set(counties))
            and (not wanted or bool(counties) or not p.candidate_counties or set(wanted) <= set(p.candidate_counties))
        )  # fmt: skip

    def _tells(self, p: PlaceRow, wish: Wish) -> bool:
        return any(self._merit(p, wish))

    def _merit(self, p: PlaceRow, wish: Wish) -> tuple[bool, bool, bool]:
        unit = self.units.get(wish.unit, wish.unit)
        return (
            bool(wish.team and p.team == wish.team.id),
            bool(unit and p.organisation_name and unit.startswith(p.organisation_name)),
            bool(wish.county and wish.county in [a.county for a in p.assignments]),
        )
