"""Pinyin of Chinese text: initials (zsf finds 张三丰) and full readings, surnames read as surnames.

The dictionary is loaded at the first use.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

_SURNAMES: dict[str, tuple[str, ...]] = {
    "尉迟": ("yu chi",), "万俟": ("mo qi",), "长孙": ("zhang sun",), "澹台": ("tan tai",), "单于": ("chan yu",),
    "令狐": ("ling hu",), "闾丘": ("lv qiu", "lu qiu"), "单": ("shan",), "解": ("xie",), "仇": ("qiu",), "曾": ("zeng",),
    "区": ("ou",), "朴": ("piao",), "查": ("zha",), "盖": ("ge", "gai"), "任": ("ren",), "华": ("hua",),
    "翟": ("zhai", "di"), "缪": ("miao",), "乐": ("yue", "le"), "覃": ("qin", "tan"), "员": ("yun",), "种": ("chong",),
    "秘": ("bi",), "冼": ("xian",), "葛": ("ge",), "宁": ("ning",), "黑": ("he", "hei"), "召": ("shao",), "洗": ("xian",),
    "繁": ("po",), "那": ("na",), "能": ("nai",), "宿": ("su",), "牟": ("mu", "mou"), "燕": ("yan",), "应": ("ying",),
    "祭": ("zhai",), "折": ("she",), "隗": ("wei", "kui"), "句": ("gou",), "谌": ("chen", "shen"), "莘": ("shen", "xin"),
    "车": ("che",), "吕": ("lv", "lu", "lyu"), "卜": ("bu",), "都": ("du",), "阚": ("kan",), "郇": ("xun", "huan"),
    "郗": ("xi", "chi"), "隽": ("juan", "jun"), "宓": ("mi", "fu"), "乜": ("nie",), "费": ("fei", "bi"),
    "尉": ("wei", "yu"), "晟": ("cheng", "sheng"), "逢": ("pang",), "么": ("yao",), "强": ("qiang", "jiang"),
    "藏": ("zang",), "相": ("xiang",), "干": ("gan",), "少": ("shao",), "柏": ("bai", "bo"), "重": ("chong",),
}  # fmt: skip
"""Surnames that are read otherwise than the character by itself, syllables apart; where people differ, both."""

Reading = tuple[str, ...]
"""The syllables of a text."""


@lru_cache(maxsize=20_000)
def initials(text: str) -> str:
    """The first letters of the syllables in lower case; other characters stay: 怀山药2号 → hsy2h."""
    if text.isascii():
        return text.lower()
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()


@lru_cache(maxsize=20_000)
def readings(text: str, surname: bool = False) -> tuple[Reading, ...]:
    """How a text may be read; with `surname` its beginning as a surname, too: 单雄信 is shan… first, then dan….

    Only the names of people have surnames: 解放区 begins with no 解.
    """
    common = syllables(text)
    found: list[list[str]] = []
    for length in (2, 1) if surname else ():
        known = _SURNAMES.get(text[:length])
        if known and len(text) >= length:
            rest = syllables(text[length:])
            found = [each.split() + rest for each in known]
            found.append(syllables(text[:length]) + rest)
            break
    found.append(common)
    return tuple(dict.fromkeys(tuple(each) for each in found if each))


def warm(texts: Iterable[str], people: Iterable[str] = ()) -> None:
    """Look these up beforehand: loading the dictionary takes half a second, better spent on another thread."""
    for text in texts:
        initials(text)
        readings(text)
    for name in people:
        readings(name, True)


def found(needle: str, *texts: str, people: Iterable[str] = ()) -> bool:
    """Whether every word of `needle` is in one of the texts, or, in Latin letters, how one is read.

    The syllables may be cut short anywhere: zsf, zhangsf and zhangsanfeng find 张三丰. `people` are names of
    people, whose beginnings are read as surnames, too.
    """
    names = tuple(people)
    for word in needle.lower().split():
        if any(word in text.lower() for text in (*texts, *names)):
            continue
        if not word.isascii() or not (
            any(_read(word, reading) for text in texts if text for reading in readings(text))
            or any(_read(word, reading) for name in names if name for reading in readings(name, True))
        ):
            return False
    return True


def _read(word: str, reading: Reading) -> bool:
    """Whether a word is the beginnings of some syllables that follow each other."""
    ends = {0}
    for syllable in reading:
        following = {0}
        for at in ends:
            for length in range(1, min(len(syllable), len(word) - at) + 1):
                if word[at + length - 1] != syllable[length - 1]:
                    break
                following.add(at + length)
        if len(word) in following:
            return True
        ends = following
    return False


def keys(text: str, surname: bool = False) -> str:
    """What a name is found by: 张三丰 → "zhangsanfeng zsf"; with `surname` the beginning is read as a surname.

    A text with several readings gives all their pairs. Latin letters and figures stay, all in small letters.
    """
    return " ".join(
        f"{''.join(reading)} {''.join(s[0] for s in reading)}" for reading in readings(text, surname)
    )


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
