"""Whom a row means: somebody known by name, unit and phone, somebody new, or a near match that a person decides."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TypeVar

from commissioner_app import pinyin
from commissioner_app.people import mask_phone
from db.queries.imports import KnownPerson

_NEAR = 66
"""Likeness (0–100) from which two names of one unit may be one: one character of three."""
_MANY = 2
"""A number that more people share than this is an office's, nobody's own."""
_ORDINALS = frozenset("甲乙丙丁戊己庚辛壬癸一二三四五六七八九十子丑寅卯辰巳午未申酉戌亥0123456789")


@dataclass(frozen=True)
class Candidate:
    """Somebody in the ledger whom a row may mean; place: 名额编号 in this batch, "" for none; score 0–100."""

    commissioner: str
    name: str
    unit: str
    phone: str
    place: str
    score: int
    why: str


@dataclass(frozen=True)
class Answer:
    """person: who it surely is; else candidates to ask about, with a sentence; else somebody new."""

    person: KnownPerson | None = None
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass
class Known:
    """The people of the ledger before the import. units: {name or alias: name of the organisation}."""

    people: Sequence[KnownPerson]
    units: Mapping[str, str]
    places: Mapping[str, str]
    by_id: dict[str, KnownPerson] = field(init=False)
    by_name: dict[str, list[KnownPerson]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_id = {p.id: p for p in self.people}
        self.by_name = defaultdict(list)
        for p in self.people:
            self.by_name[p.name].append(p)

    @cached_property
    def _by_phone(self) -> dict[str, list[KnownPerson]]:
        return _grouped((p.phone, p) for p in self.people if p.phone)

    @cached_property
    def _by_sound(self) -> dict[str, list[KnownPerson]]:
        return _grouped((k, p) for p in self.people for k in sounds(p.name))

    @cached_property
    def _by_family(self) -> dict[tuple[str, str], list[KnownPerson]]:
        return _grouped(
            ((p.organisation_name, _plain(p.name)[:1]), p) for p in self.people if p.organisation_name
        )

    def who(self, name: str, unit: str, phone: str) -> Answer:
        """Whom a row means that tells this much ("" for what it does not tell)."""
        if not self.people:
            return Answer()
        same = self.by_name.get(name)
        return self._namesake(same, name, unit, phone) if same else self._near(name, unit, phone)

    def same_unit(self, unit: str, p: KnownPerson) -> bool | None:
        """Whether a unit is the person's: an alias or a part of it too; None where one of them is not known."""
        if not unit or not p.organisation_name:
            return None
        told = self.units.get(unit, unit)
        other = p.organisation_name
        return told == other or told.startswith(other) or other.startswith(told)

    def candidate(self, p: KnownPerson, score: int, why: str) -> Candidate:
        """Somebody as the window shows whom to choose from."""
        return Candidate(p.id, p.name, p.organisation_name, p.phone, self.places.get(p.id, ""), score, why)

    def _namesake(self, same: list[KnownPerson], name: str, unit: str, phone: str) -> Answer:
        by_phone = [p for p in same if phone and same_phone(phone, p.phone)]
        if len(by_phone) == 1:
            return Answer(by_phone[0])
        fitting = by_phone or [p for p in same if not (phone and p.phone)]
        if not fitting:
            return Answer(notes=(f"台账里另有{name}，电话不同，按另一个人处理。",))
        by_unit = [p for p in fitting if self.same_unit(unit, p)]
        open_ = by_unit or [p for p in fitting if self.same_unit(unit, p) is None]
        if len(open_) == 1 and (by_unit or len(fitting) == 1):
            return Answer(open_[0])
        if len(fitting) == 1:
            shown = fitting[0].organisation_name
            reason = f"台账里有一位{name}，单位是{shown}，与表中不同；是同一个人吗？"
        else:
            reason = f"台账里有 {len(fitting)} 位{name}，无法确定是哪一位；请写明名额编号或电话。"
        asked = open_ or fitting
        return Answer(
            None, tuple(self.candidate(p, 90 if p in by_unit else 80, "姓名相同") for p in asked), reason
        )

    def _near(self, name: str, unit: str, phone: str) -> Answer:
        """Nobody has the name; those whose name, read or written, is nearly it, and nothing speaks against it."""
        found: dict[str, Candidate] = {}

        def add(people: Sequence[KnownPerson], score: int, why: str) -> None:
            for p in people:
                against = (phone and p.phone and not same_phone(phone, p.phone)) or serial(name, p.name)
                if not against and (p.id not in found or found[p.id].score < score):
                    found[p.id] = self.candidate(p, score, why)

        holders = self._by_phone.get(phone, []) if phone else []
        if len(holders) <= _MANY and re.fullmatch(r"1\d{10}", phone):
            add(holders, 95, "手机号相同，姓名不同")
        for key in sounds(name):
            heard = [p for p in self._by_sound.get(key, ()) if self.same_unit(unit, p) is not False]
            add([p for p in heard if self.same_unit(unit, p)], 90, "姓名同音，单位相同")
            add([p for p in heard if self.same_unit(unit, p) is None], 70, "姓名同音")
        told = self.units.get(unit, unit)
        for p in self._by_family.get((told, _plain(name)[:1]), ()) if told else ():
            likeness = alike(name, p.name)
            if likeness >= _NEAR:
                add([p], int(likeness), "姓名相近，单位相同")
        best = tuple(sorted(found.values(), key=lambda c: -c.score)[:5])
        if not best:
            return Answer()
        first = best[0]
        more = f"（{first.unit}）" if first.unit else ""
        return Answer(None, best, f"表中的{name}与台账里的{first.name}{more}{first.why}；是同一个人吗？")


def same_phone(one: str, other: str) -> bool:
    """Whether two numbers are the same; a masked one (138****1234) fits what it masks."""
    if "*" in one or "*" in other:
        return bool(other) and (mask_phone(one) if "*" not in one else one) == (
            mask_phone(other) if "*" not in other else other
        )
    return re.sub(r"\D", "", one) == re.sub(r"\D", "", other)


def alike(one: str, other: str) -> float:
    """Likeness of two names, 0–100; the mark of training names does not count."""
    from rapidfuzz import fuzz

    return fuzz.ratio(_plain(one), _plain(other))


def serial(one: str, other: str) -> bool:
    """Whether two names differ only in a number (演示甲, 演示乙; 张三, 张四): that tells people apart."""
    a, b = _plain(one), _plain(other)
    if len(a) != len(b):
        return False
    apart = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return bool(apart) and all(x in _ORDINALS and y in _ORDINALS for x, y in apart)


@lru_cache(maxsize=50_000)
def sounds(name: str) -> tuple[str, ...]:
    """How a name may be read, surnames as surnames: 单丽, 山丽 → shanli."""
    plain = _plain(name)
    return tuple(dict.fromkeys(pinyin.keys(plain, surname=True).split()[::2])) if len(plain) > 1 else ()


def _plain(name: str) -> str:
    return name.removeprefix("演示")


K = TypeVar("K")


def _grouped(pairs: Iterable[tuple[K, KnownPerson]]) -> dict[K, list[KnownPerson]]:
    found: dict[K, list[KnownPerson]] = defaultdict(list)
    for key, person in pairs:
        found[key].append(person)
    return found
