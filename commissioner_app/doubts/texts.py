"""Which visits say nearly the same: kept by row number, brought up to date visit by visit.

Punctuation and spaces do not count, and identical texts are one: a formula that ten thousand visits use costs nothing.
"""

import re
from array import array
from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import normalize

from commissioner_app.doubts.alike import PARTNERS, alike, nearest, note

LISTED = 50
"""Visits that are named for one; a formula that ten thousand use is known by fewer."""


class Alike(NamedTuple):
    """Visits that say nearly the same: row numbers of the first of them, how many in all, how alike at most (%)."""

    rows: tuple[int, ...]
    total: int
    percent: float


NONE = Alike((), 0, 0.0)
_BETWEEN = re.compile(r"[\W_]+")


def plain(text: str | None) -> str:
    """A text as it is compared: letters and digits only, full-width ones as ordinary ones."""
    return normalize("NFKC", _BETWEEN.sub("", text)).lower() if text else ""


class Texts:
    """What the visits say, by row number, and which texts are nearly the same.

    percent: above this likeness (0–100) two texts are nearly the same; least: shorter ones are not compared.
    """

    def __init__(self, percent: int, least: int) -> None:
        self.percent, self.least = percent, least
        self.texts: list[str | None] = []
        self.rows: list[list[int]] = []
        self.near: dict[int, dict[int, float]] | None = None
        self._number: dict[str, int] = {}
        self._of_row = array("i")

    def put(self, rowid: int, content: str | None) -> None:
        """Enter what a visit says, or says now; nothing for None."""
        text = plain(content)
        old = self.of_row(rowid)
        new = self._number.get(text) if len(text) >= self.least else None
        if old is not None and old == new:
            return
        if old is not None:
            self.rows[old].remove(rowid)
            self._of_row[rowid] = -1
            if not self.rows[old]:
                self._forget(old)
        if len(text) < self.least:
            return
        if new is None:
            new = self._number[text] = len(self.texts)
            self.texts.append(text)
            self.rows.append([])
            if self.near is not None:
                self._join(new)
        self.rows[new].append(rowid)
        if rowid >= len(self._of_row):
            self._of_row.extend([-1] * (rowid + 1 - len(self._of_row)))
        self._of_row[rowid] = new

    def of_row(self, rowid: int) -> int | None:
        """The number of the text of a visit."""
        found = self._of_row[rowid] if 0 <= rowid < len(self._of_row) else -1
        return found if found >= 0 else None

    def compare(self) -> None:
        """Find all pairs; afterwards `put` keeps them up to date."""
        if self.near is None:
            self.near = nearest(self.texts, self.percent)

    def like(self, content: str | None, but: int | None = None) -> Alike:
        """The visits that say nearly the same as a text, without the row `but`; the most alike come first.

        Looks at every text, so it is exact.
        """
        text = plain(content)
        if len(text) < self.least:
            return NONE
        same = self._number.get(text)
        return self._told([(same, 100.0)] if same is not None else [], self._closest(text, same), but)

    def hits(self) -> Iterator[int]:
        """Row numbers of the visits whose text is another's too, or nearly; only after `compare`."""
        near = self.near or {}
        for number, rows in enumerate(self.rows):
            if len(rows) > 1 or (rows and near.get(number)):
                yield from rows

    def others(self, rowid: int) -> Alike:
        """The visits that say nearly the same as one, the most alike first; only after `compare`."""
        number = self.of_row(rowid)
        if number is None:
            return NONE
        near = sorted((self.near or {}).get(number, {}).items(), key=lambda item: -item[1])
        return self._told([(number, 100.0)], near, rowid)

    def _told(self, same: list[tuple[int, float]], near: list[tuple[int, float]], but: int | None) -> Alike:
        found: list[int] = []
        count, best = 0, 0.0
        own = self.of_row(but) if but is not None else None
        for number, percent in [*same, *near]:
            rows = self.rows[number]
            more = len(rows) - (number == own)
            if more:
                best = max(best, percent)
                count += more
                found += [r for r in rows[: LISTED + 1] if r != but]
        return Alike(tuple(found[:LISTED]), count, best)

    def _closest(self, text: str, but: int | None = None) -> list[tuple[int, float]]:
        found = alike(text, self.texts, self.percent, PARTNERS + 2)
        return [(n, percent) for n, percent in found if n != but and self.rows[n]]

    def _join(self, number: int) -> None:
        text = self.texts[number]
        assert text is not None and self.near is not None
        for other, percent in self._closest(text, number):
            note(self.near, number, other, percent)

    def _forget(self, number: int) -> None:
        """Nobody says this any more: the text goes, and who had only it beside it looks for another."""
        text = self.texts[number]
        assert text is not None
        del self._number[text]
        self.texts[number] = None
        if self.near is None:
            return
        self.near.pop(number, None)
        for other, known in list(self.near.items()):
            if known.pop(number, None) is not None and not known:
                self._join(other)
