"""What differs between texts, character by character: for values that stand side by side."""

from collections.abc import Sequence
from difflib import SequenceMatcher

SHORTEST = 8
"""Shorter texts are told apart at a glance."""
LONGEST = 4000
ISLAND = 2
"""So few equal characters between two differences are part of them: 的 in common says nothing."""
ALIKE = 0.35
"""Texts less alike than this are simply other texts: marking everything would mark nothing."""

Parts = list[tuple[str, bool]]
"""Pieces of a text in order, and whether each differs."""


def marked(texts: Sequence[str]) -> list[Parts]:
    """Each text in pieces, those marked that any of the other texts has not in their place."""
    found: list[Parts] = []
    for n, text in enumerate(texts):
        common = [True] * len(text)
        for m, other in enumerate(texts):
            if m != n and text != other:
                same = _common(text, other)
                common = [a and b for a, b in zip(common, same, strict=True)]
        found.append(_pieces(text, common))
    return found


def _common(text: str, other: str) -> list[bool]:
    """Which characters of a text the other has too; all where comparing would say nothing."""
    if not SHORTEST <= max(len(text), len(other)) <= LONGEST or not text or not other:
        return [True] * len(text)
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [True] * len(text)
    same = [False] * len(text)
    for block in matcher.get_matching_blocks():
        whole = block.size > ISLAND or block.a == 0 or block.a + block.size == len(text)
        if whole:
            same[block.a : block.a + block.size] = [True] * block.size
    return same


def _pieces(text: str, common: Sequence[bool]) -> Parts:
    parts: Parts = []
    for character, same in zip(text, common, strict=True):
        if parts and parts[-1][1] is not same:
            parts[-1] = (parts[-1][0] + character, not same)
        else:
            parts.append((character, not same))
    return parts
