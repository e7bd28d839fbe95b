"""Pairs of texts that are nearly the same, found without comparing each with each where they are many.

How alike two texts are is 2 × the letters they have in common in order / all letters of both (Indel similarity).
Up to `WHOLE` texts all are compared; of more those whose letter pairs agree so far that MinHash brings them into one
bucket. 100,000 texts cost seconds that way and not hours.
"""

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from hashlib import blake2b
from operator import add

from rapidfuzz import process
from rapidfuzz.distance import Indel

PARTNERS = 5
"""Other texts that are kept for a text; who copies from more is shown the first ones."""

WHOLE = 2000
"""Up to so many different texts each is compared with each."""

BANDS, ROWS = 12, 4
"""Buckets per text, and letter pairs that must agree in one. Of texts that are 91 % alike more than 99 % meet."""

WINDOW = 8
"""Texts of a bucket that each is compared with, those that agree in most other letter pairs first."""


def above(score: float, percent: int) -> bool:
    """Whether a likeness (0–1) is over so many per cent, whatever the last bit of a fraction says."""
    return score * 100 > percent + 1e-9


def nearest(texts: list[str | None], percent: int) -> dict[int, dict[int, float]]:
    """For each text (by number) up to PARTNERS others that are more alike than `percent`, with how alike (%)."""
    near: dict[int, dict[int, float]] = {}
    numbers = [n for n, text in enumerate(texts) if text is not None]
    if len(numbers) <= WHOLE:
        _compare(numbers, texts, percent, near, whole=True)
        return near
    marks = _marks(texts, numbers)
    sizes = [5 * math.log(len(texts[n] or " ")) for n in numbers]
    for band in range(BANDS):
        # Nearly the same texts are about as long: classes of 20 %, with other borders in each band.
        lengths = array("I", [int(size + band / BANDS) for size in sizes])
        rows = [lengths] + [marks[row * BANDS + band] for row in range(ROWS)]
        more = [marks[row * BANDS + (band + BANDS // 2) % BANDS] for row in range(ROWS)]
        for bucket in _buckets(rows):
            if len(bucket) > WINDOW:
                bucket.sort(key=lambda at: [m[at] for m in more])
            _compare([numbers[at] for at in bucket], texts, percent, near)
    return near


def _compare(
    bucket: list[int],
    texts: list[str | None],
    percent: int,
    near: dict[int, dict[int, float]],
    whole: bool = False,
) -> None:
    """Note what is alike within a bucket; who has found enough others does not look on."""
    words = [texts[n] for n in bucket]
    full = [len(near.get(n, ())) >= PARTNERS for n in bucket]
    width = len(bucket) if whole else WINDOW
    for at, one in enumerate(bucket[:-1]):
        if full[at] and all(full[at + 1 : at + 1 + width]):
            continue
        if len(bucket) == 2 and bucket[1] in near.get(one, ()):
            continue
        for _, score, place in process.extract(
            words[at], words[at + 1 : at + 1 + width], scorer=Indel.normalized_similarity,
            score_cutoff=percent / 100, limit=None,
        ):  # fmt: skip
            if above(score, percent):
                other = at + 1 + place
                note(near, one, bucket[other], 100 * score)
                full[at] = len(near[one]) >= PARTNERS
                full[other] = len(near[bucket[other]]) >= PARTNERS


def note(near: dict[int, dict[int, float]], one: int, other: int, percent: float) -> None:
    """Keep a pair with both, where there is room."""
    for a, b in ((one, other), (other, one)):
        known = near.setdefault(a, {})
        if len(known) < PARTNERS:
            known[b] = percent


def _buckets(rows: list["array[int]"]) -> Iterable[list[int]]:
    """Positions of texts whose marks are the same, where there are two or more."""
    first: dict[int, int] = {}
    more: dict[int, list[int]] = {}
    for at, key in enumerate(map(hash, zip(*rows, strict=True))):
        other = first.setdefault(key, at)
        if other != at:
            more.setdefault(key, [other]).append(at)
    return more.values()


class _Pairs(dict[str, int]):
    """A number for each pair of letters, spread evenly and always the same."""

    def __missing__(self, pair: str) -> int:
        found = self[pair] = int.from_bytes(blake2b(pair.encode(), digest_size=4).digest(), "big")
        return found


def _marks(texts: list[str | None], numbers: list[int]) -> list["array[int]"]:
    """For each of BANDS × ROWS fixed points on a circle, per text the mark of its letter pairs that comes next.

    Two texts agree in one of them as often as their letter pairs agree (min-wise hashing).
    """
    of_pair = _Pairs()
    points = [n * (2**32 // (BANDS * ROWS)) for n in range(BANDS * ROWS)]
    found = [array("I", bytes(4 * len(numbers))) for _ in points]
    for at, number in enumerate(numbers):
        text = texts[number] or ""
        circle = sorted(set(map(of_pair.__getitem__, map(add, text, text[1:]))))
        last = len(circle)
        circle.append(circle[0])
        for marks, point in zip(found, points, strict=True):
            marks[at] = circle[bisect_left(circle, point, 0, last)]
    return found
