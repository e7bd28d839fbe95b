"""Pinyin initials of Chinese text, so that zsf finds 张三丰; the dictionary is loaded at the first use."""

from collections.abc import Iterable
from functools import lru_cache


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
