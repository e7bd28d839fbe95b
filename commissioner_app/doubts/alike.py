"""Pairs of texts that are nearly the same, found without comparing each with each where they are many.

How alike two texts are is 2 × the letters they have in common in order / all letters of both (Indel similarity).
Up to `WHOLE` texts all are compared; of more those whose letter pairs agree so far that MinHash brings them into one
bucket. 100,000 texts cost seconds that way and not hours.
"""

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, partial
from typing import Any

PARTNERS = 5
"""Other texts that are kept for a text; who copies from more is shown the first ones."""

WHOLE = 2000
"""Up to so many different texts each is compared with each."""

BANDS, ROWS = 16, 4
"""Buckets per text, and letter pairs that must agree in one. Of what is over 90 % alike some 98–100 % is found."""

POINTS = BANDS * ROWS
SPREAD = 0x9E3779B1
"""Times this (2³² by the golden ratio), numbers that lie together are spread evenly below 2³²."""

APART = 113
"""Bits of two sketches (of 8 × POINTS) that may differ: 90 ± 17 do where 65 % of the letter pairs agree."""

WINDOW = 8
"""Texts of a bucket that each is compared with, those that agree in most other letter pairs first."""


@cache
def _rapidfuzz() -> Any:
    """RapidFuzz's search, imported when it is first needed: the window opens without it."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    return partial(process.extract, scorer=Indel.normalized_similarity)


def alike(
    text: str, texts: Sequence[str | None], percent: int, most: int | None = None
) -> list[tuple[int, float]]:
    """(place, how alike in %) of the texts that are more than `percent` alike with one, the most alike first."""
    found = _rapidfuzz()(text, texts, score_cutoff=percent / 100, limit=most)
    # Over 90 % is more than 90 %, whatever the last bit of a fraction says.
    return [(place, 100 * score) for _, score, place in found if 100 * score > percent + 1e-9]


def nearest(texts: list[str | None], percent: int) -> dict[int, dict[int, float]]:
    """For each text (by number) up to PARTNERS others that are more alike than `percent`, with how alike (%)."""
    near: dict[int, dict[int, float]] = {}
    numbers = [n for n, text in enumerate(texts) if text is not None]
    if len(numbers) <= WHOLE:
        for at, one in enumerate(numbers):
            _note_alike(near, one, numbers[at + 1 :], texts, percent)
        return near
    marks, sketches = _marks(texts, numbers)
    sizes = [5 * math.log(len(texts[n] or " ")) for n in numbers]
    for band in range(BANDS):
        # Nearly the same texts are about as long: classes of 20 %, with other borders in each band.
        lengths = array("I", [int(size + band / BANDS) for size in sizes])
        rows = [lengths] + [marks[row * BANDS + band :: POINTS] for row in range(ROWS)]
        more = [marks[row * BANDS + (band + BANDS // 2) % BANDS :: POINTS] for row in range(ROWS)]
        for bucket in _buckets(rows):
            if len(bucket) > WINDOW:
                bucket.sort(key=lambda at: [m[at] for m in more])
            for place, at in enumerate(bucket[:-1]):
                sketch = sketches[at]
                close = [
                    numbers[o]
                    for o in bucket[place + 1 : place + 1 + WINDOW]
                    if (sketch ^ sketches[o]).bit_count() <= APART
                ]
                if close:
                    _note_alike(near, numbers[at], close, texts, percent)
    return near


def _note_alike(
    near: dict[int, dict[int, float]], one: int, others: list[int], texts: list[str | None], percent: int
) -> None:
    """Note which of some texts are alike; where all have found enough nobody looks on."""
    known = near.get(one, {})
    if len(known) >= PARTNERS:
        others = [o for o in others if len(near.get(o, ())) < PARTNERS]
    else:
        others = [o for o in others if o not in known]
    if not others:
        return
    for place, score in alike(texts[one] or "", [texts[o] for o in others], percent):
        note(near, one, others[place], score)


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


def _marks(texts: list[str | None], numbers: list[int]) -> tuple["array[int]", list[int]]:
    """For each of POINTS fixed points on a circle, text after text, the mark of its letter pairs that comes next.

    Two texts agree in one of them as often as their letter pairs agree (min-wise hashing). Beside them per text the
    last 8 bits of all its marks in one number: of texts that agree more, fewer bits differ.
    """
    points = [n * (2**32 // POINTS) for n in range(POINTS)]
    found = array("I")
    sketches = []
    for number in numbers:
        letters = (texts[number] or "").encode("utf-16-le", "replace")
        pairs = [*_pairs(letters), *_pairs(letters[2:])]
        circle = sorted([(pair ^ pair >> 15) * SPREAD & 0xFFFFFFFF for pair in pairs])
        last = len(circle)
        circle.append(circle[0])
        own = array("I", [circle[bisect_left(circle, point, 0, last)] for point in points])
        found.extend(own)
        sketches.append(int.from_bytes(own.tobytes()[::4], "little"))
    return found, sketches


def _pairs(letters: bytes) -> memoryview:
    """Every second pair of letters (16 bits each) as a number."""
    return memoryview(letters[: len(letters) & ~3]).cast("I")
