"""Recipients that may be one and the same: found by what their names say, merged, or remembered as two."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from commissioner_app import pinyin
from commissioner_app.divisions import Divisions
from commissioner_app.recipients import compact
from db.ids import computed_id
from db.journal.changes import Heads
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import names, roster
from db.queries import recipients as queries
from db.queries.roster import RecipientRow

APART = "apart:recipient"
"""The key of the settings that say 不是同一单位."""

_FORMS = (
    ("公司", ("股份有限公司", "有限责任公司", "有限公司", "公司")),
    ("合作社", ("合作社联合社", "合作联社", "联合社", "合作社")),
    ("农场", ("家庭农场", "农场")),
    ("村", ("村民委员会", "居民委员会", "村委会", "居委会", "社区", "村")),
    ("基地", ("基地",)),
    ("厂", ("厂",)),
    ("大户", ("种养大户", "种植大户", "养殖大户", "大户")),
)
"""What the end of a name says about its legal form, the longest word first. A firm is never a cooperative."""

_FILLERS = re.compile("农民|专业|种植|养殖|种养殖|种养")
"""What people put into the name of a cooperative or leave out."""

_NUMERALS = re.compile(r"\d+|[一二三四五六七八九十]+")
_SIGNS = re.compile(r"[^\w]|_")
LIKE = 80
"""From this share of equal characters on (per cent) two names of one county are shown to a person."""
LIKE_WITH_PHONE = 60
"""The same where the phone is the same."""
SHORTEST = 4
"""Names of fewer characters (without form and place) are only compared whole: one character is half of them."""


@dataclass(frozen=True)
class Pair:
    """Two recipients that may be one, how likely (0–100), and why; `one` has the smaller id."""

    one: RecipientRow
    other: RecipientRow
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Item:
    row: RecipientRow
    plain: str
    stem: str
    form: str
    sound: str


class Matcher:
    """Compares recipients; making one reads no ledger but loads the tables of pinyin, so it is for a worker."""

    def __init__(self, rows: Iterable[RecipientRow], divisions: Divisions) -> None:
        self._divisions = divisions
        places = ["河南省", "河南", divisions.name("4108")]
        places += [place.removesuffix("市") for place in places[2:]]
        for county in divisions.counties():
            places.append(county.name)
            if len(short := county.name.rstrip("县市区")) > 1:
                places.append(short)
        self._places = sorted(filter(None, places), key=len, reverse=True)
        self._items = [self._item(r) for r in rows]

    def _item(self, row: RecipientRow) -> _Item:
        plain = _SIGNS.sub("", compact(row.name))
        township = self._divisions.name(row.township)
        fronts = [*self._places, *([township] if len(township) > 2 else [])]
        stem, form = plain, ""
        for kind, words in _FORMS:
            found = next((w for w in words if stem.endswith(w)), None)
            if found and len(stem) > len(found):
                stem, form = stem.removesuffix(found), kind
                if kind == "村" and len(stem) > 1:
                    stem = stem.removesuffix("村")  # 东村村委会
                break
        while front := next((p for p in fronts if stem.startswith(p) and len(stem) > len(p) + 1), None):
            stem = stem.removeprefix(front)
        bare = _FILLERS.sub("", stem)
        stem = bare if len(bare) > 1 else stem
        return _Item(row, plain, stem, form, "".join(pinyin.syllables(stem)))

    def pairs(self, apart: frozenset[str] = frozenset()) -> list[Pair]:
        """All pairs worth a look, the likeliest first; those in `apart` (see `apart_id`) are left out."""
        seen: set[tuple[str, str]] = set()
        found: list[Pair] = []
        for one, other in self._candidates():
            a, b = (one, other) if one.row.id < other.row.id else (other, one)
            if a.row.id == b.row.id or (a.row.id, b.row.id) in seen:
                continue
            seen.add((a.row.id, b.row.id))
            if apart_id(a.row.id, b.row.id) not in apart and (alike := self._alike(a, b)):
                found.append(Pair(a.row, b.row, *alike))
        return sorted(found, key=lambda p: (-p.score, p.one.name, p.one.id, p.other.id))

    def similar(
        self, name: str, where: Sequence[str | None], but: str = "", most: int = 3
    ) -> list[RecipientRow]:
        """The known recipients most like a name that is being entered at a place."""
        if len(compact(name)) < 2:
            return []
        from rapidfuzz import fuzz

        wanted = self._item(RecipientRow("", name, "", where[0], where[1], where[2], "", ""))
        found = []
        for item in self._items:
            if item.row.id != but and (alike := self._alike(wanted, item)):
                found.append((-alike[0], -fuzz.ratio(wanted.plain, item.plain), item.row.name, item.row))
        return [row for *_order, row in sorted(found, key=lambda f: f[:3])[:most]]

    def _candidates(self) -> Iterable[tuple[_Item, _Item]]:
        """Pairs that share a name, a sound or a phone, or whose names within a county are near enough."""
        from rapidfuzz import fuzz, process

        groups: defaultdict[tuple[str, str], list[_Item]] = defaultdict(list)
        counties: defaultdict[str | None, list[_Item]] = defaultdict(list)
        for item in self._items:
            groups["plain", item.plain].append(item)
            groups["stem", item.stem].append(item)
            groups["sound", item.sound].append(item)
            if phone := _digits(item.row.phone):
                groups["phone", phone].append(item)
            counties[item.row.county].append(item)
        for group in groups.values():
            for n, one in enumerate(group):
                for other in group[n + 1 :]:
                    yield one, other
        for county, group in counties.items():
            # Who has no county may belong to any.
            pool = [i for i in (group if county is None else [*group, *counties.get(None, ())]) if i.stem]
            stems = [item.stem for item in pool]
            for n, one in enumerate(group):
                if len(one.stem) >= SHORTEST:
                    for _stem, _score, at in process.extract(
                        one.stem, stems[n + 1 :], scorer=fuzz.ratio, score_cutoff=LIKE, limit=None
                    ):
                        yield one, pool[n + 1 + at]

    def _alike(self, a: _Item, b: _Item) -> tuple[int, tuple[str, ...]] | None:
        """How likely two are one, and why; None where they are not worth a look."""
        there, here = a.row, b.row
        far = bool(there.county and here.county and there.county != here.county)
        apart = bool(there.township and here.township and there.township != here.township)
        if a.form and b.form and a.form != b.form:
            return None
        if a.form == "村" == b.form and (far or apart):
            return None  # every township has its 东村
        phone = bool(_digits(there.phone)) and _digits(there.phone) == _digits(here.phone)
        score, reason = self._names(a, b, phone)
        if not score or (far and a.plain != b.plain):
            return None
        reasons = [reason]
        if phone:
            score += 3
            reasons.append("联系电话相同")
        elif there.contact and there.contact == here.contact:
            score += 2
            reasons.append("联系人相同")
        if far:
            score -= 30
            reasons.append("但不在同一个县")
        elif apart:
            score -= 8
            reasons.append("但不在同一个乡镇")
        elif there.county is None or here.county is None:
            score -= 5
        elif there.township and there.township == here.township:
            score += 1
            reasons.append("同在" + self._divisions.name(there.township))
        return min(score, 100), tuple(reasons)

    @staticmethod
    def _names(a: _Item, b: _Item, phone: bool) -> tuple[int, str]:
        """How like two names are, 0 for not at all, and what about them."""
        if a.plain == b.plain:
            return 98, "名称相同" if a.row.name == b.row.name else "名称只差空格、全角半角或标点"
        if a.stem == b.stem:
            trades = [{word for word in ("种植", "养殖") if word in item.plain} for item in (a, b)]
            if all(trades) and not trades[0] & trades[1]:
                return 75, "名称只差“种植”与“养殖”"
            return 92, "名称只差地名、“种植”“专业”等字样或组织形式"
        # 一号基地 and 二号基地 are like each other and two.
        if _NUMERALS.findall(a.stem) != _NUMERALS.findall(b.stem):
            return 0, ""
        if a.sound == b.sound and len(a.stem) > 1:
            return 88, "名称读音相同"
        if min(len(a.stem), len(b.stem)) < SHORTEST and not phone:
            return 0, ""
        from rapidfuzz import fuzz

        share = int(fuzz.ratio(a.stem, b.stem))
        return (share - 5, "名称相近") if share >= (LIKE_WITH_PHONE if phone else LIKE) else (0, "")


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


def apart_id(one: str, other: str) -> str:
    """The setting that says two recipients are not one; the same at every station, in whatever order."""
    return computed_id("setting", APART, *sorted((one, other)))


def matcher(ledger: Ledger, divisions: Divisions) -> Matcher:
    """A matcher over all recipients."""
    with ledger.read() as connection:
        rows = roster.recipients(connection)
    return Matcher(rows, divisions)


def pairs(ledger: Ledger, divisions: Divisions) -> list[Pair]:
    """The pairs worth a look that nobody has told apart."""
    with ledger.read() as connection:
        rows, apart = roster.recipients(connection), queries.settings_of(connection, APART)
    return Matcher(rows, divisions).pairs(apart)


def keep_apart(ledger: Ledger, one: str, other: str) -> Outcome:
    """Remember that two recipients are not one (不是同一单位); shared by the laptops of one unit, can be undone."""

    def drafts(connection: Connection) -> list[Draft]:
        both = " ≠ ".join(names.name(connection, "recipient", r) for r in sorted((one, other)))
        value = {"key": APART, "value": {"names": both}}
        return [Draft("setting", apart_id(one, other), "insert", value)]

    return ledger.write("标为不是同一单位", drafts)


def merge(
    ledger: Ledger,
    one: str,
    other: str,
    values: dict[str, Any] | None = None,
    opened: dict[str, Heads] | None = None,
) -> Outcome:
    """Make two recipients one in one operation: the smaller id stands for both and takes the chosen values.

    Visits and stays keep naming the record they named and count for the one that stands. `opened` holds, by record,
    what the dialog showed. Raises Refused where this station may not write one of them.
    """
    keep, gone = sorted((one, other))
    seen = opened or {}

    drafts = [Draft("recipient", gone, "update", {"merged_into": keep}, seen.get(gone))]
    if values:
        drafts.append(Draft("recipient", keep, "update", dict(values), seen.get(keep)))
    with ledger.read() as connection:
        said = "、".join(dict.fromkeys(names.name(connection, "recipient", r) for r in (keep, gone)))
    return ledger.write(f"合并受援单位 {said}", drafts)


__all__ = ["Matcher", "Pair", "apart_id", "keep_apart", "matcher", "merge", "pairs"]
