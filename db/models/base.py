"""What all journaled tables have in common, and how their columns map to the journal's fields."""

from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Declarative base of the ledger; mapped classes are for reading only, writes go through the journal."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[list[str | None]]: JSON,
    }


class Record:
    """A journaled record: its key and the two marks that the fold derives.

    No UNIQUE, CHECK or NOT NULL on exchanged fields: one bad value would stop every merge.
    """

    id: Mapped[str] = mapped_column(String, primary_key=True)
    deleted: Mapped[bool] = mapped_column(server_default=text("0"), info={"derived": True})
    disputed: Mapped[bool] = mapped_column(server_default=text("0"), info={"derived": True})


def ref(table: str, **info: Any) -> Any:
    """A reference to another record. Deferred, because one operation may bring both ends in any order."""
    return mapped_column(
        String, ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED"), nullable=True, info=info
    )


def part(group: str) -> Any:
    """A column that makes sense only with others: together they are one field of the journal."""
    return mapped_column(nullable=True, info={"group": group})


def picks() -> Any:
    """A pick list: one field, compared as a set."""
    return mapped_column(JSON, nullable=True, info={"set": True})


def plain() -> Any:
    """A single value."""
    return mapped_column(nullable=True)
