"""Pinyin of Chinese text: initials (zsf finds 张三丰) and full readings, surnames read as surnames.

The dictionary is loaded at the first use.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

_SURNAMES: dict[str, tuple[str, ...]] = {
    "尉迟": ("yu chi",), "万俟": ("mo qi",), "长孙": ("zhang sun",), "澹台": ("tan tai",), "单于": ("chan yu",),
    "令狐": ("ling hu",), "单": ("shan",), "解": ("xie",), "仇": ("qiu",), "曾": ("zeng",), "区": ("ou",),
    "朴": ("piao",), "查": ("zha",), "盖": ("ge", "gai"), "任": ("ren",), "华": ("hua",), "翟": ("zhai", "di"),
    "缪": ("miao",), "乐": ("yue", "le"), "覃": ("qin", "tan"), "员": ("yun",), "种": ("chong",), "秘": ("bi",),
    "冼": ("xian",), "葛": ("ge",), "宁": ("ning",), "黑": ("he", "hei"), "召": ("shao",), "洗": ("xian",),
    "繁": ("po",), "那": ("na",), "能": ("nai",), "宿": ("su",), "牟": ("mu", "mou"), "燕": ("yan",),
    "应": ("ying",), "祭": ("zhai",), "折": ("she",), "隗": ("wei", "kui"), "句": ("gou",), "谌": ("chen", "shen"),
    "莘": ("shen", "xin"), "车": ("che",),
}  # fmt: skip
"""Surnames that are read otherwise than the character by itself, syllables apart; where people differ, both."""


@lru_cache(maxsize=20_000)
def initials(text: str) -> str:
    """The first letters of the syllables in lower case; other characters stay: 怀山药2号 → hsy2h."""
    if text.isascii():
        return text.lower()
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()


def warm(texts: Iterable[str]) -> None:
    """Look these up beforehand: loading the dictionary takes half a second, better spent on another thread."""
    for text in texts:
        initials(text)


def found(needle: str, *texts: str) -> bool:
    """Whether every word of `needle` is in one of the texts, or, in Latin letters, in their initials."""
    for word in needle.lower().split():
        if any(word in text.lower() for text in texts):
            continue
        if not (word.isascii() and any(word in initials(text) for text in texts if text)):
            return False
    return True


def keys(text: str, surname: bool = False) -> str:
    """What a name is found by: 张三丰 → "zhangsanfeng zsf"; with `surname` the beginning is read as a surname.

    A surname with two readings gives both pairs. Latin letters and figures stay, all in small letters.
    """
    readings: list[list[str]] = [syllables(text)]
    if surname:
        for length in (2, 1):
            known = _SURNAMES.get(text[:length])
            if known and len(text) >= length:
                rest = syllables(text[length:])
                readings = [reading.split() + rest for reading in known]
                break
    return " ".join(f"{''.join(reading)} {''.join(s[0] for s in reading)}" for reading in readings if reading)


def syllables(text: str) -> list[str]:
    """The readings of a text one by one, without tones; other letters and figures singly, signs left out."""
    return [s for s in _lazy_pinyin()(text, errors=_other) if s]


def matches(query: str, known: str) -> int:
    """How well small Latin letters fit what `keys` gave: 3 whole, 2 its beginning, 1 inside the initials, 0 not."""
    best = 0
    for n, key in enumerate(known.split()):
        if key == query:
            return 3
        if key.startswith(query):
            best = 2
        elif n % 2 and len(query) > 1 and query in key:
            best = max(best, 1)
    return best


def _other(text: str) -> list[str]:
    return [c for c in text.lower() if c.isalnum()]


@cache
def _lazy_pinyin() -> Any:
    # Imported at the first search: its tables take a tenth of a second.
    from pypinyin import lazy_pinyin

    return lazy_pinyin
