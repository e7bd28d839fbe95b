"""Sets of change identities as ranges of numbers per session: exact, gaps never filled."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

Span = tuple[int, int]
"""First and last number, both included."""


class Ranges:
    """An immutable-by-habit set of (session, seq): per session sorted spans that neither touch nor overlap."""

    __slots__ = ("spans",)

    def __init__(self, spans: dict[str, list[Span]] | None = None) -> None:
        self.spans: dict[str, list[Span]] = spans or {}

    @classmethod
    def of(cls, spans: Iterable[tuple[str, int, int]]) -> "Ranges":
        """From (session, first, last) in any order, overlapping or not."""
        found: dict[str, list[Span]] = {}
        for session, first, last in spans:
            if first <= last:
                found.setdefault(session, []).append((first, last))
        return cls({s: _joined(sorted(r)) for s, r in found.items()})

    def __iter__(self) -> Iterator[tuple[str, int, int]]:
        for session in sorted(self.spans):
            for first, last in self.spans[session]:
                yield session, first, last

    def __contains__(self, identity: tuple[str, int]) -> bool:
        session, seq = identity
        spans = self.spans.get(session)
        if not spans:
            return False
        at = bisect_right(spans, (seq, 2**63)) - 1
        return at >= 0 and spans[at][0] <= seq <= spans[at][1]

    def __len__(self) -> int:
        return sum(last - first + 1 for _, first, last in self)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ranges) and self.spans == other.spans

    def __hash__(self) -> int:
        return hash(tuple(self))

    def union(self, other: "Ranges") -> "Ranges":
        """What is in either."""
        return Ranges.of([*self, *other])

    def minus(self, other: "Ranges") -> "Ranges":
        """What is here and not there."""
        found: dict[str, list[Span]] = {}
        for session, spans in self.spans.items():
            holes = other.spans.get(session, [])
            left = _without(spans, holes) if holes else list(spans)
            if left:
                found[session] = left
        return Ranges(found)

    def intersection(self, other: "Ranges") -> "Ranges":
        """What is in both."""
        return self.minus(self.minus(other))

    def only(self, sessions: Iterable[str]) -> "Ranges":
        """What belongs to some sessions."""
        return Ranges({s: self.spans[s] for s in sessions if s in self.spans})

    def as_json(self) -> dict[str, list[list[int]]]:
        """Plain values for a package or a column."""
        return {s: [list(span) for span in self.spans[s]] for s in sorted(self.spans)}

    def text(self) -> str:
        """The JSON text of `as_json`."""
        return orjson.dumps(self.as_json()).decode()

    @classmethod
    def from_json(cls, data: Any) -> "Ranges":
        """What `as_json` wrote; raises ValueError for anything else."""
        if not isinstance(data, dict):
            raise ValueError("ranges are an object")
        found: list[tuple[str, int, int]] = []
        for session, spans in data.items():
            if not isinstance(session, str) or not isinstance(spans, list):
                raise ValueError("ranges are lists by session")
            for span in spans:
                if not (isinstance(span, list) and len(span) == 2 and all(type(n) is int for n in span)):
                    raise ValueError("a range is two numbers")
                if not 0 < span[0] <= span[1] < 2**53:
                    raise ValueError("a range runs upwards from 1")
                found.append((session, span[0], span[1]))
        return cls.of(found)

    @classmethod
    def from_text(cls, text: str | None) -> "Ranges":
        """What `text` wrote; nothing for None."""
        return cls.from_json(orjson.loads(text)) if text else cls()


def _joined(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for first, last in spans:
        if found and first <= found[-1][1] + 1:
            if last > found[-1][1]:
                found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def _without(spans: list[Span], holes: list[Span]) -> list[Span]:
    found: list[Span] = []
    at = 0
    for first, last in spans:
        while at < len(holes) and holes[at][1] < first:
            at += 1
        here = at
        while here < len(holes) and holes[here][0] <= last:
            if holes[here][0] > first:
                found.append((first, holes[here][0] - 1))
            first = holes[here][1] + 1
            here += 1
        if first <= last:
            found.append((first, last))
    return found


def spans_of(identities: Iterable[tuple[str, int]]) -> list[tuple[str, int, int]]:
    """(session, first, last) of identities in any order."""
    found: list[tuple[str, int, int]] = []
    for session, seq in sorted(identities):
        if found and found[-1][0] == session and found[-1][2] + 1 >= seq:
            found[-1] = (session, found[-1][1], seq)
        else:
            found.append((session, seq, seq))
    return found
