"""Duplicates: people and sending organisations that are probably entered twice.

That two are *not* the same is a shared setting: whoever works at another PC of the bureau is not asked again, and
it can be undone like everything else. How two are made one is in merging.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

from commissioner_app import pinyin
from commissioner_app.personal import tidy_id, tidy_name
from db.ids import computed_id
from db.ledger import Draft, Ledger, Outcome
from db.queries import people as queries
from db.queries import roster
from db.queries.people import PersonFacts

DISTINCT = "不是重复"
"""The key of the settings that keep who was said not to be the same."""

NEAR = 88
"""How alike (rapidfuzz, of 100) the spelling of two names has to be at least."""

_ENDINGS = (
    "大学",
    "学院",
    "学校",
    "研究院",
    "研究所",
    "科学院",
    "中心",
    "公司",
    "医院",
    "局",
    "站",
    "厅",
    "委员会",
)


_TELLING = re.compile(r"[0-9一二三四五六七八九十东西南北中]")


@dataclass(frozen=True)
class Pair:
    """Two records that are probably the same, in words why; the surer the larger `score`."""

    entity: str
    one: str
    other: str
    titles: tuple[str, str]
    reasons: tuple[str, ...]
    score: int


def find(ledger: Ledger) -> list[Pair]:
    """Probable duplicates among people, the surest first; those said not to be the same are left out."""
    with ledger.read() as connection:
        found = queries.all_people(connection)
        distinct = _distinct(queries.settings_of(connection, DISTINCT))
        organisations = roster.organisations(connection)
    units = {o.id: (o.name, *o.aliases) for o in organisations}
    by_id = {p.id: p for p in found}
    pairs = []
    for one, other in sorted(_candidates(found)):
        a, b = by_id[one], by_id[other]
        if frozenset((one, other)) in distinct:
            continue
        score, reasons = _alike(a, b, units)
        if score:
            titles = (person_title(a.name, a.organisation_name), person_title(b.name, b.organisation_name))
            pairs.append(Pair("commissioner", one, other, titles, tuple(reasons), score))
    return sorted(pairs, key=lambda p: (-p.score, p.titles, p.one, p.other))


def find_organisations(ledger: Ledger) -> list[Pair]:
    """Sending organisations that are probably the same under another name, the surest first."""
    with ledger.read() as connection:
        found = queries.all_organisations(connection)
        distinct = _distinct(queries.settings_of(connection, DISTINCT))
    pairs = []
    for a, b in combinations(found, 2):
        if frozenset((a.id, b.id)) in distinct or not a.name or not b.name:
            continue
        score, reason = _units_alike((a.name, *a.aliases), (b.name, *b.aliases))
        if score:
            one, other = (a, b) if a.id < b.id else (b, a)
            pairs.append(Pair("organisation", one.id, other.id, (one.name, other.name), (reason,), score))
    return sorted(pairs, key=lambda p: (-p.score, p.titles))


def person_title(name: str, organisation: str) -> str:
    """张三（河南农业大学）."""
    return f"{name or '—'}（{organisation}）" if organisation else name or "—"


def _candidates(found: Sequence[PersonFacts]) -> set[tuple[str, str]]:
    """Those that have something in common; nobody is compared with everybody."""
    blocks: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for p in found:
        name = tidy_name(p.name)
        if name:
            blocks["name", name].append(p.id)
        if p.id_number:
            blocks["id", tidy_id(p.id_number)].append(p.id)
        if mobile := _mobile(p.phone):
            blocks["phone", mobile].append(p.id)
        if not p.organisation:
            continue
        # Names that sound alike, of one unit: the same first letters, the same surname or given name.
        for reading in pinyin.readings(name, True) if name else ():
            blocks["sound", f"{p.organisation} {''.join(s[0] for s in reading)}"].append(p.id)
        for part in (name[:1], name[-2:]) if len(name) > 1 else ():
            blocks["part", f"{p.organisation} {part}"].append(p.id)
    pairs: set[tuple[str, str]] = set()
    for members in blocks.values():
        for one, other in combinations(sorted(set(members)), 2):
            pairs.add((one, other))
    return pairs


def _mobile(phone: str) -> str:
    """The mobile numbers that tell people apart; an office's number is many people's."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    return digits if re.fullmatch(r"1\d{10}", digits) else ""


def _alike(a: PersonFacts, b: PersonFacts, units: Mapping[str, tuple[str, ...]]) -> tuple[int, list[str]]:
    """(how sure, why) two people are the same; (0, []) where they are not."""
    ids = (tidy_id(a.id_number), tidy_id(b.id_number))
    if all(ids) and ids[0] != ids[1]:
        return 0, []
    names = (tidy_name(a.name), tidy_name(b.name))
    same_name, near_name = names[0] == names[1], _names_alike(*names)
    same_id = bool(ids[0]) and ids[0] == ids[1]
    phones = (_mobile(a.phone), _mobile(b.phone))
    same_phone = bool(phones[0]) and phones[0] == phones[1]
    other_phone = all(phones) and not same_phone
    births = (a.values.get("birth_month"), b.values.get("birth_month"))
    other_birth = all(births) and births[0] != births[1]
    other_gender = all(v := (a.values.get("gender"), b.values.get("gender"))) and v[0] != v[1]
    unit, why_unit = _same_unit(a, b, units)
    score, reasons = 0, []
    if same_id:
        score += 100
        reasons.append("身份证号相同")
    if same_phone:
        score += 50
        reasons.append("联系电话相同")
    if same_name:
        reasons.append("姓名相同")
    elif near_name:
        reasons.append(near_name)
    if same_name and unit and not (other_phone and other_birth):
        score += 60 if unit == 2 else 40
        reasons.append(why_unit)
    elif near_name and unit == 2 and not (other_phone or other_birth or other_gender):
        score += 30
        reasons.append(why_unit)
    elif same_name and births[0] and births[0] == births[1]:
        score += 35
        reasons.append("出生年月相同")
    if score and other_phone:
        reasons.append("但联系电话不同")
        score -= 10
    return (score, reasons) if score else (0, [])


def _names_alike(one: str, other: str) -> str:
    """Why two names may be the same one written differently; "" where they are not alike."""
    if not one or not other or one == other:
        return ""
    ways = (
        {"".join(r) for r in pinyin.readings(one, True)},
        {"".join(r) for r in pinyin.readings(other, True)},
    )
    if ways[0] & ways[1]:
        return "姓名读音相同"
    if min(len(one), len(other)) < 2 or abs(len(one) - len(other)) > 1:
        return ""
    from rapidfuzz import fuzz  # not needed before somebody looks for duplicates

    # One character more or less at most, and what differs must look or sound alike: 李建国 and 李建军 are two.
    sound = max(fuzz.ratio(x, y) for x in ways[0] for y in ways[1])
    differing = sum(x != y for x, y in zip(one, other, strict=False)) if len(one) == len(other) else 1
    if sound >= NEAR and differing == 1 and len(one) == len(other):
        return "姓名读音相近"
    return ""


def _same_unit(a: PersonFacts, b: PersonFacts, units: Mapping[str, tuple[str, ...]]) -> tuple[int, str]:
    """(2 the same, 1 near or not told by one, 0 another; why)."""
    if a.organisation and a.organisation == b.organisation:
        return 2, "派出单位相同"
    if not a.organisation or not b.organisation:
        return 1, "一处没有填派出单位" if a.organisation or b.organisation else "都没有填派出单位"
    names = [units.get(p.organisation or "", (p.organisation_name,)) for p in (a, b)]
    score, _ = _units_alike(names[0], names[1])
    return (1, f"派出单位相近（{a.organisation_name}、{b.organisation_name}）") if score else (0, "")


def _units_alike(one: Sequence[str], other: Sequence[str]) -> tuple[int, str]:
    """(how sure, why) names of units mean the same one; (0, "") where they do not."""
    best: tuple[int, str] = (0, "")
    for x in one:
        for y in other:
            best = max(best, _unit_names_alike(x, y))
    return best


@lru_cache(maxsize=10_000)
def _plain_unit(name: str) -> str:
    """A unit's name without what people leave out: spaces, brackets, 省 市 县 after a place."""
    plain = re.sub(r"[\s()\[\]（）【】《》·,.，。、]", "", unicodedata.normalize("NFKC", name))
    return re.sub(r"(?<=[\u4e00-\u9fff]{2})[省市县](?=[\u4e00-\u9fff]{2})", "", plain)


def _unit_names_alike(one: str, other: str) -> tuple[int, str]:
    x, y = _plain_unit(one), _plain_unit(other)
    if not x or not y:
        return 0, ""
    if x == y:
        return 90, "名称只差省、市或标点"
    short, long = sorted((x, y), key=len)
    if len(short) >= 4 and long.startswith(short) and short.endswith(_ENDINGS):
        return 40, "一处多写了院系或部门"
    if len(short) >= 3 and short[0] == long[0] and not short.endswith(_ENDINGS) and _abbreviates(short, long):
        return 70, "一处像是简称"
    if len(x) == len(y) and pinyin.readings(x) == pinyin.readings(y):
        return 80, "名称读音相同"
    from rapidfuzz import fuzz

    # 第一 and 第二, 东 and 西 tell units apart, however alike the rest is.
    telling = _TELLING.findall(x) == _TELLING.findall(y)
    if telling and len(short) >= 6 and fuzz.ratio(x, y) >= NEAR + 2:
        return 50, "名称只差个别字"
    return 0, ""


def _abbreviates(short: str, long: str) -> bool:
    """Whether the characters of the short name stand in the long one in this order, up to its last word."""
    at = 0
    for character in short:
        at = long.find(character, at) + 1
        if not at:
            return False
    return len(long) - at <= 2 and long.endswith(_ENDINGS)


def _distinct(settings: Iterable[Mapping[str, Any]]) -> set[frozenset[str]]:
    found = set()
    for value in settings:
        records = value.get("records")
        if isinstance(records, list):
            found.add(frozenset(str(r) for r in records))
    return found


def keep_apart(ledger: Ledger, pair: Pair) -> Outcome:
    """Remember that two are not the same; whoever looks for duplicates later is not asked about them again."""
    low, high = sorted((pair.one, pair.other))
    value = {"names": "、".join(pair.titles), "records": [low, high]}
    record = computed_id("setting", "distinct", pair.entity, low, high)
    what = "人" if pair.entity == "commissioner" else "单位"
    return ledger.write(
        f"标为不是同一{what}", [Draft("setting", record, "insert", {"key": DISTINCT, "value": value})]
    )
