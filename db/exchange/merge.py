"""What merging a parcel did."""

from dataclasses import dataclass, field
from typing import Any

from db.journal.changes import ChangeId
from db.journal.ranges import Ranges

QUIET = ("station", "setting", "visit_companion", "attachment", "doubt_answer")
"""Entities that are not counted as records of their own: parts of others, and what keeps the exchange going."""


@dataclass
class Merge:
    """What merging a parcel did or, rehearsed, would do.

    new / changed: records by entity; unchanged: records that were as they are; conflicts, refused: those that
    came of it; attachments: bytes that were not here; first_contact: the sender is not trusted yet.
    """

    sender: dict[str, Any]
    manifest: dict[str, Any]
    new: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, list[str]] = field(default_factory=dict)
    unchanged: int = 0
    conflicts: list[tuple[str, str, str]] = field(default_factory=list)
    refused: list[tuple[str, str, ChangeId]] = field(default_factory=list)
    attachments: int = 0
    photo_bytes: int = 0
    bytes: int = 0  # of the file
    first_contact: bool = False
    warning: str = ""
    introduces: list[dict[str, Any]] = field(default_factory=list)
    clocks: list[tuple[str, int]] = field(
        default_factory=list
    )  # station's name, milliseconds ahead of this laptop
    records: dict[str, list[str]] = field(default_factory=dict)
    fresh: int = 0
    ids: Ranges = field(default_factory=Ranges)

    @property
    def counts(self) -> tuple[int, int]:
        """How many records are new, how many changed."""
        return (
            sum(len(r) for e, r in self.new.items() if e not in QUIET),
            sum(len(r) for e, r in self.changed.items() if e not in QUIET),
        )
