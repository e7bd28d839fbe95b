"""Counties, townships and villages of the city, found by Chinese, pinyin or initials, and read from one line of text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commissioner_app import pinyin
from commissioner_app.divisions import Division, Divisions

Where = list[str | None]
"""[county, township, village]: codes, or words for what the table does not know."""

MOST = 12
_LETTERS = re.compile(r"(?<=[^\x00-\x7f])(?=[A-Za-z])")
_SPLIT = re.compile(r"[\s/、，,·>＞]+")
_SUFFIX = {1: re.compile("[县市区]$"), 2: re.compile("(街道|镇|乡)$"), 3: re.compile("村$")}
_TOWNSHIP = re.compile("(街道|街道办事处|办事处|镇|乡|农场)$")

_ALSO = {"行": "hang", "覃": "qin", "柏": "bo", "郇": "huan", "尉": "yu", "解": "xie", "乐": "yue", "长": "zhang",
         "重": "chong", "堡": "pu", "会": "kuai", "召": "shao", "都": "du"}  # fmt: skip
"""Characters that names of places read in two ways: both are found."""


@dataclass(frozen=True)
class Spot:
    """A place of the table. title: its name (the full one where two of a township share it); above: what it lies in."""

    where: tuple[str | None, str | None, str | None]
    title: str
    above: str
    level: int


@dataclass(frozen=True)
class Reading:
    """How a line was understood. choices: the places it may mean where it names none of them for certain."""

    where: Where
    choices: tuple[Spot, ...] = ()


_made: dict[frozenset[Division], "Gazetteer"] = {}


class Gazetteer:
    """The table of one ledger, ready for looking up; making it takes half a second, better on another thread."""

    def __init__(self, divisions: Divisions) -> None:
        self._divisions = divisions
        self._spots: list[
            tuple[Spot, tuple[str, ...], str, str]
        ] = []  # with names, keys, keys of the whole path
        self._exact: dict[str, list[Spot]] = {}
        self._keys: dict[str, str] = {}
        for county in divisions.counties():
            self._enter([county])
            for township in divisions.children(county.code):
                self._enter([county, township])
                twice = _twice(divisions.children(township.code))
                for village in divisions.children(township.code):
                    self._enter([county, township, village], village.name in twice)

    @classmethod
    def of(cls, divisions: Divisions) -> "Gazetteer":
        """The one for these divisions; ledgers with the same table, which is all of a release, share it."""
        key = frozenset(divisions.by_code.values())
        if key not in _made:
            found = cls(divisions)
            _made.clear()
            _made[key] = found
        return _made[key]

    def _enter(self, path: list[Division], ambiguous: bool = False) -> None:
        own, above = path[-1], path[:-1]
        codes = [d.code for d in path] + [None] * (3 - len(path))
        title = own.full_name if ambiguous else own.name
        spot = Spot((codes[0], codes[1], codes[2]), title, " ".join(d.name for d in above), len(path))
        names = _names(own)
        keys = self._keys_of(own)
        upper = [_names(d) for d in above]
        along = ""
        if len(path) == 3:  # xyzdyl and xydyl: a village with its township before it
            mine = self._keys_of(own).split()[:2]
            theirs = self._keys_of(above[-1]).split()
            along = " ".join(before + mine[n % 2] for n, before in enumerate(theirs))
        self._spots.append((spot, names, keys, along))
        words = {*names, own.full_name}
        if len(path) == 3 and not own.name.endswith(("村", "社区")):
            words.add(own.name + "村")
        for line in {before + word for before in _befores(upper) for word in words}:
            self._exact.setdefault(line, []).append(spot)

    def _keys_of(self, d: Division) -> str:
        """Reading and initials of each of its names, as `pinyin.keys` gives them."""
        if d.code not in self._keys:
            self._keys[d.code] = _readings(_names(d))
        return self._keys[d.code]

    def search(self, typed: str, near: Sequence[str | None] = (), most: int = MOST) -> list[Spot]:
        """The places that fit what was typed, the best first; `near` is the place before ([county, township, …]).

        Several words are a way down: "wx xyz", "温县 大玉兰". Latin letters are pinyin or initials.
        """
        words = _words(typed.lower())
        if not words:
            return []
        found = []
        for spot, names, keys, along in self._spots:
            fit = _fit(words[-1], names, keys, along)
            if not fit and len(words) == 1 and not words[0].isascii():
                fit = 2 if any(words[0] in spot.above.replace(" ", "") + name for name in names) else 0
            way = [self._above(word, spot) for word in words[:-1]] if fit else []
            if fit and all(way):
                found.append(
                    (-fit, -sum(way), spot.level == 3, _far(spot, near), spot.level, spot.where, spot)
                )
        return [row[-1] for row in sorted(found, key=lambda row: row[:-1])[:most]]

    def _above(self, word: str, spot: Spot) -> int:
        """How well a word fits what a place lies in."""
        above = (self._divisions.by_code[c] for c in spot.where[: spot.level - 1] if c)
        return max((_fit(word, _names(d), self._keys_of(d), "") for d in above), default=0)

    def read(self, text: str, near: Sequence[str | None] = ()) -> Reading:
        """The place that a line names. What the table does not know stays in words, within `near` where no county is named."""
        words = _words(text)
        if not words:
            return Reading([None, None, None])
        known = self._exact.get("".join(words), [])
        if known:
            chosen = _nearest(known, near)
            if chosen:
                return Reading(list(chosen.where))
            return Reading([None, None, None], tuple(known))
        head, rest = self._head(words, near)
        if head is None:
            county, township = [*near, None, None][:2]
            if _TOWNSHIP.search(words[0]):
                return Reading([county, words[0], " ".join(words[1:]) or None])
            return Reading([county, township, " ".join(words)])
        county, township = head.where[:2]
        if head.level == 1 and rest and (_TOWNSHIP.search(rest[0]) or len(rest) > 1):
            return Reading([county, rest[0], " ".join(rest[1:]) or None])
        return Reading([county, township, " ".join(rest) or None])

    def _head(self, words: list[str], near: Sequence[str | None]) -> tuple[Spot | None, list[str]]:
        """The county or township at the beginning, as far down as it is told, and the words after it."""
        for count in (2, 1):
            found = [s for s in self._exact.get("".join(words[:count]), []) if s.level < 3]
            chosen = _nearest(found, near)
            if chosen and len(words) > count:
                return chosen, words[count:]
        first = words[0]
        for length in range(len(first) - 1, 1, -1):  # 温县祥云镇老苗圃, written without a space
            if first[length] in "乡镇街县市区":  # 岳村乡 is not 岳村街道 and a 乡
                continue
            found = [s for s in self._exact.get(first[:length], []) if s.level < 3]
            chosen = _nearest(found, near)
            if chosen:
                return chosen, [first[length:], *words[1:]]
        return None, words


def _words(text: str) -> list[str]:
    """修武县 云台山镇xy is three words: letters after characters begin one."""
    return [w for w in _SPLIT.split(_LETTERS.sub(" ", text.strip())) if w]


def _names(d: Division) -> tuple[str, ...]:
    plain = _SUFFIX[d.level].sub("", d.name)
    return (d.name, plain) if len(plain) > 1 and plain != d.name else (d.name,)


def _readings(names: Sequence[str]) -> str:
    """Reading and initials of each name, the later ones beginnings of the first, as `pinyin.keys` gives them."""
    whole = pinyin.syllables(names[0])
    if len(whole) != len(names[0]):  # letters or signs among the characters
        return " ".join(pinyin.keys(name) for name in names)
    found = []
    for name in names:
        own = whole[: len(name)]
        found.append(own)
        if any(c in _ALSO for c in name):
            found.append([_ALSO.get(c, s) for c, s in zip(name, own, strict=True)])
    return " ".join(f"{''.join(each)} {''.join(s[0] for s in each)}" for each in found)


def _befores(upper: list[tuple[str, ...]]) -> set[str]:
    """What may stand before a name: nothing, its township, its county, both."""
    found = {"", *upper[-1]} if upper else {""}
    if len(upper) == 2:
        found |= {*upper[0], *(c + t for c in upper[0] for t in upper[1])}
    return found


def _fit(word: str, names: Iterable[str], keys: str, along: str) -> int:
    """3 the whole name, 2 its beginning, 1 inside it, 0 not at all."""
    if word.isascii():
        return pinyin.matches(word, keys) or (1 if any(k.startswith(word) for k in along.split()) else 0)
    for name in names:
        if word in (name, name + "村"):
            return 3
    if any(name.startswith(word) for name in names):
        return 2
    return 1 if any(word in name for name in names) else 0


def _far(spot: Spot, near: Sequence[str | None]) -> int:
    """0 in the same township, 1 in the same county, 2 elsewhere."""
    county, township = (*near, None, None)[:2]
    if township and spot.where[1] == township:
        return 0
    return 1 if county and spot.where[0] == county else 2


def _nearest(found: Sequence[Spot], near: Sequence[str | None]) -> Spot | None:
    """The one that is meant: the only one, of several the highest, else the only one nearby."""
    for level in (1, 2, 3):
        of_level = [s for s in found if s.level == level]
        if not of_level:
            continue
        if len(of_level) == 1:
            return of_level[0]
        for far in (0, 1):
            close = [s for s in of_level if _far(s, near) <= far]
            if len(close) == 1:
                return close[0]
        return None
    return None


def _twice(children: Iterable[Division]) -> set[str]:
    seen: set[str] = set()
    twice: set[str] = set()
    for d in children:
        (twice if d.name in seen else seen).add(d.name)
    return twice
