"""Changes and operations as plain values: identity, canonical bytes, salted digests."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

FORMAT = 1
"""The number of the change format that this version writes."""


class ChangeId(NamedTuple):
    """Identity of a change: its session (16 hex digits) and its number in it, counted from 1."""

    session: str
    seq: int

    def __str__(self) -> str:
        return f"{self.session}.{self.seq}"


def parse_id(text: str) -> ChangeId:
    """The identity written as `session.seq`."""
    session, _, seq = text.partition(".")
    return ChangeId(session, int(seq))


Heads = dict[str, tuple[ChangeId, ...]]
"""Per field, the identities of changes: what a writer replaces, or saw on the screen."""


@dataclass(slots=True)
class Change:
    """One change of one record.

    `replaces` names per field the changes whose value the writer saw; `saw` the heads that a deletion or
    a review had before its eyes. `wall` is the station's time of day in milliseconds since 1970; `station` is
    the author, told by the session and not part of what is signed here.
    """

    id: ChangeId
    operation: int
    wall: int
    entity: str
    record: str
    kind: str
    values: dict[str, Any]
    replaces: Heads = field(default_factory=dict)
    saw: Heads = field(default_factory=dict)
    format: int = FORMAT
    salt: bytes = b""
    station: str = field(default="", compare=False)
    _texts: "tuple[str, str | None, str | None] | None" = field(default=None, repr=False, compare=False)

    @property
    def texts(self) -> "tuple[str, str | None, str | None]":
        """Canonical texts of values, replaces and saw: made once, for the digest and for the journal.

        To be asked for only when the change is whole; nothing in it changes afterwards.
        """
        if self._texts is None:
            self._texts = (values_json(self.values), heads_json(self.replaces), heads_json(self.saw))
        return self._texts

    @property
    def order(self) -> tuple[int, str, int]:
        """Orders heads for showing only; it never decides what is lost."""
        return (self.wall, self.id.session, self.id.seq)


@dataclass(slots=True)
class Operation:
    """What one person did in one go: its identity is that of its first change."""

    id: ChangeId
    last: int
    label: str
    actor: str
    wall: int
    undoes: ChangeId | None = None
    signature: bytes = b""


@dataclass(slots=True)
class Draft:
    """A change that somebody wants to make.

    `seen` holds what the writer's editor showed when it was opened (field → shown heads); without it the
    heads shown at the moment of writing count as seen. `replaces` overrides that per field (undo, inbox);
    `saw` overrides what a deletion or review has noted.
    """

    entity: str
    record: str
    kind: str
    values: dict[str, Any]
    seen: Heads | None = None
    replaces: Heads | None = None
    saw: Heads | None = None


def heads_json(heads: Heads) -> str | None:
    """Canonical text of a set of heads; None for none."""
    if not heads:
        return None
    plain = {f: sorted(f"{i.session}.{i.seq}" for i in ids) for f, ids in heads.items() if ids}
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS).decode() if plain else None


def heads_from(text: str | None) -> Heads:
    """The set of heads that `heads_json` wrote."""
    if not text:
        return {}
    return {f: tuple(parse_id(i) for i in ids) for f, ids in orjson.loads(text).items()}


def values_json(values: dict[str, Any]) -> str:
    """Canonical text of a change's values."""
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()


def digest(change: Change, values: str, replaces: str | None, saw: str | None) -> bytes:
    """Salted digest of a change over its canonical texts (32 bytes).

    Salted, so that whoever holds the digest but not the change cannot guess a phone number from it.
    """
    head = (
        f"{change.id.session}\x1f{change.id.seq}\x1f{change.operation}\x1f{change.wall}\x1f{change.entity}"
        f"\x1f{change.record}\x1f{change.kind}\x1f{change.format}\x1f{values}\x1f{replaces or ''}\x1f{saw or ''}"
    )
    return hashlib.sha256(change.salt + head.encode()).digest()


def operation_message(operation: Operation, digests: list[bytes]) -> bytes:
    """What a station signs for an operation: its header and the digests of its changes in order."""
    header = orjson.dumps(
        [
            "operation",
            FORMAT,
            str(operation.id),
            operation.last,
            operation.label,
            operation.actor,
            operation.wall,
            str(operation.undoes) if operation.undoes else None,
        ]
    )
    return hashlib.sha256(header + b"".join(digests)).digest()


def session_message(session: str, station: str, opened: int) -> bytes:
    """What a station signs for a session."""
    return hashlib.sha256(orjson.dumps(["session", FORMAT, session, station, opened])).digest()
