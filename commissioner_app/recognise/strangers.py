"""Names that look like a village or township and are in no table: pointed out, with places that sound alike."""

import re
from collections.abc import Iterable, Mapping

from commissioner_app import pinyin
from commissioner_app.divisions import Divisions
from commissioner_app.recognise.places import LEFT, PLACING, Mention, level_of
from commissioner_app.recognise.text import HAN

_END = re.compile(rf"(?P<end>村|镇|乡|街道)(?![{HAN}]?(?:干部|民|里|委|医|支部|集体|企|旅游|振兴|土|户))")
_PLACING = re.compile(rf"{PLACING}|县|镇|乡|街道")
_HAN = re.compile(rf"[{HAN}]{{2,5}}")
_NO_NAME = re.compile(
    r"[本该全各农乡山我俺他哪同邻几个]$|行政$|自然$|示范$|贫困$|振兴$|试点$|新农$|重点$|"
    r"[两三四五六七八九十]个?$|[到去在赴往访入]|帮扶|指导|建设|美丽|城$|城乡$|科技下$|送.*下$|下$"
)


def find(text: str, start: int, end: int, mentions: list[Mention]) -> list[tuple[int, int]]:
    """Words of a range that look like a village or township which the table does not have."""
    found = []
    reach = start
    for match in _END.finditer(text, start, end):
        stop = match.start()
        if any(m.start <= stop < m.end for m in mentions):
            continue
        low = max([reach, stop - 5, *(m.end for m in mentions if m.end <= stop)])
        placing = [m.end() for m in _PLACING.finditer(text, low, stop)]
        first = placing[-1] if placing else low
        named = any(m.end == first for m in mentions) or bool(LEFT.search(text[max(0, first - 4) : first]))
        if named and _HAN.fullmatch(text, first, stop) and not _NO_NAME.search(text[first:stop]):
            found.append((first, match.end()))
            reach = match.end()
    return found


def sounds(divisions: Divisions) -> Mapping[tuple[str, ...], list[str]]:
    """Townships and villages by the reading of their name, without 镇, 村 and the like."""
    found: dict[tuple[str, ...], list[str]] = {}
    for d in divisions.by_code.values():
        if d.level >= 2:
            found.setdefault(_reading(d.name), []).append(d.code)
    return found


def alike(known: Mapping[tuple[str, ...], list[str]], word: str, among: Iterable[str]) -> list[str]:
    """Codes of places whose name sounds like the word (翔云镇 for 祥云镇), within these counties or townships."""
    parents = tuple(among)
    level = 3 if word.endswith("村") else 2
    codes = known.get(_reading(word), [])
    return [c for c in codes if level_of(c) == level and (not parents or c.startswith(parents))]


def _reading(name: str) -> tuple[str, ...]:
    return tuple(pinyin.syllables(re.sub(r"(?<=.)(?:村|社区|镇|乡|街道)$", "", name)))
