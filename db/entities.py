"""The journal's view of the tables: which fields an entity has, and how values look in canonical form."""

import json
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import orjson
from sqlalchemy import Boolean, Column, Float, Integer, Table
from sqlalchemy.types import JSON

from db.models import Base
from db.models.base import Record

DELETED = "_deleted"
"""The pseudo-field that a deletion writes: True deleted, False brought back."""

# What a review (审核) is about: every field of a visit but the review itself.
REVIEW = {"visit": "review"}
NOT_REVIEWED = {"visit": frozenset({"typical"})}
"""Marks that an office sets on what has passed: they say nothing of the visit, no review gets stale by them."""


@dataclass(frozen=True)
class Field:
    """One field of the journal: a column, or several that make sense only together."""

    name: str
    columns: tuple[str, ...]
    sets: tuple[bool, ...]
    kinds: tuple[str, ...]  # text / int / float / bool / json, one per column
    refs: tuple[str | None, ...]  # the table a column refers to
    quiet: bool = False  # follows another record: a difference there is nobody's to decide

    @cached_property
    def plain_text(self) -> bool:
        """Whether it is one column of text: most fields of most records, so imports treat it by itself."""
        return self.kinds == ("text",) and not self.sets[0]

    @cached_property
    def fitting(self) -> tuple[frozenset[type], ...]:
        """Per column the types of values that stand in the table as they are."""
        return tuple(_FITTING[k] for k in self.kinds)

    @cached_property
    def direct(self) -> frozenset[type]:
        """Types of values that stand in the table as they are, where the field is one column."""
        if len(self.columns) != 1 or self.sets[0]:
            return frozenset()
        return _FITTING[self.kinds[0]] - {type(None)}

    def canonical(self, value: Any) -> Any:
        """The value as it is compared, digested and stored; raises ValueError for what cannot be one.

        A group's value is a list with one item per column; None stands for a group of nothing.
        """
        if len(self.columns) == 1:
            return _canonical(value, self.sets[0], self.kinds[0])
        if value is None:
            return None
        if not isinstance(value, (list, tuple)) or len(value) != len(self.columns):
            raise ValueError(f"{self.name} takes {len(self.columns)} values, got {value!r}")
        items = list(map(_canonical, value, self.sets, self.kinds))
        return None if items.count(None) == len(items) else items

    def fits(self, value: Any) -> bool:
        """Whether a value is of the shape that `canonical` makes."""
        if value is None or (self.plain_text and type(value) is str):
            return True
        if len(self.columns) == 1:
            return _fits(value, self.sets[0], self.kinds[0])
        return (
            type(value) is list
            and len(value) == len(self.columns)
            and all(map(_fits, value, self.sets, self.kinds))
        )

    def to_columns(self, value: Any) -> tuple[Any, ...]:
        """What stands in the table for a value: JSON columns as text."""
        if len(self.columns) == 1:
            if self.refs[0] is not None or self.sets[0]:
                # A reference is a key, a pick list a list; anything else is another station's mistake.
                value = value if isinstance(value, list if self.sets[0] else str) else None
            return (_cell(value, self.kinds[0]),)
        if not isinstance(value, list) or len(value) != len(self.columns):
            return (None,) * len(self.columns)
        row = [
            v if type(v) in fits else _cell(v, k)
            for v, fits, k in zip(value, self.fitting, self.kinds, strict=True)
        ]
        return tuple(row)


@dataclass(frozen=True, eq=False)
class Entity:
    """A journaled table."""

    name: str
    table: Table
    fields: dict[str, Field]

    @cached_property
    def columns(self) -> list[str]:
        """Columns that the fold writes, in a fixed order: id, marks, then the fields' columns."""
        return [
            "id",
            "deleted",
            "disputed",
            *self.derived,
            *(c for f in self.fields.values() for c in f.columns),
        ]

    @cached_property
    def blank_row(self) -> list[Any]:
        """A row of nothing, in the order of `columns`: not deleted, not disputed, not stale."""
        return [
            "",
            0,
            0,
            *(0 for _ in self.derived),
            *(None for f in self.fields.values() for _ in f.columns),
        ]

    @cached_property
    def places(self) -> dict[str, tuple[int, Field]]:
        """Field → where its first column stands in a row, and the field."""
        found, at = {}, 3 + len(self.derived)
        for name, field in self.fields.items():
            found[name] = (at, field)
            at += len(field.columns)
        return found

    @cached_property
    def references(self) -> list[str]:
        """Fields whose value is another record's key."""
        return [n for n, f in self.fields.items() if len(f.columns) == 1 and f.refs[0] is not None]

    @cached_property
    def derived(self) -> list[str]:
        """Marks beyond deleted and disputed."""
        return ["stale"] if self.name in REVIEW else []


_FITTING: dict[str, frozenset[type]] = {
    "text": frozenset((str, type(None))),
    "int": frozenset((type(None),)),  # one that SQLite cannot hold would stop a merge
    "bool": frozenset((type(None),)),
    "float": frozenset((int, float, type(None))),
    "json": frozenset((type(None),)),
}


def _canonical(value: Any, is_set: bool, kind: str) -> Any:
    if value is None or value == "":
        return None
    if kind == "text" and type(value) is str:
        if not value.isascii():
            # Half a character, as a broken clipboard leaves it, cannot be stored in any file.
            value = value.encode("utf-8", "replace").decode()
        return (value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value).strip() or None
    if kind == "int" and type(value) is int and -(2**53) < value < 2**53:
        return value
    if is_set:
        if type(value) is list and len(value) == 1 and value[0] not in (None, ""):
            return list(value)
        items = {orjson.dumps(v): v for v in value if v not in (None, "")}
        return [items[k] for k in sorted(items)] or None
    if kind == "text":
        return str(value).replace("\r\n", "\n").replace("\r", "\n").strip() or None
    if kind == "bool":
        return bool(value)
    if kind == "int":
        number = int(value)
        if not -(2**53) < number < 2**53:
            raise ValueError(f"{number} is out of range")
        return number
    if kind == "float":
        return float(value)
    return value


def _fits(value: Any, is_set: bool, kind: str) -> bool:
    if value is None:
        return True
    if is_set:
        return type(value) is list and all(type(v) is str for v in value)
    if kind == "int":
        return type(value) is int and -(2**53) < value < 2**53
    if kind == "float":
        return type(value) in (int, float)
    return type(value) is {"text": str, "bool": bool, "json": dict}[kind]


def _cell(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "json":
        if not isinstance(value, (list, dict)):
            return None
        # Text that any tool can read, the same bytes for the same value.
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    # A foreign value of another type must not stop a merge, a list or a report: the journal keeps it as it
    # is, the table shows nothing where it cannot be one.
    if kind in ("int", "bool"):
        return int(value) if isinstance(value, (int, bool)) and -(2**63) <= value < 2**63 else None
    if kind == "float":
        return value if isinstance(value, (int, float)) else None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _kind(column: Column[Any]) -> str:
    if isinstance(column.type, JSON):
        return "json"
    if isinstance(column.type, Boolean):
        return "bool"
    if isinstance(column.type, Integer):
        return "int"
    return "float" if isinstance(column.type, Float) else "text"


@cache
def entities() -> dict[str, Entity]:
    """All journaled entities by name (the name is the table's)."""
    found = {}
    for mapper in Base.registry.mappers:
        if not issubclass(mapper.class_, Record):
            continue
        table = mapper.local_table
        assert isinstance(table, Table)
        groups: dict[str, list[Column[Any]]] = {}
        for column in table.columns:
            if column.name != "id" and not column.info.get("derived"):
                groups.setdefault(column.info.get("group", column.name), []).append(column)
        fields = {}
        for name, columns in groups.items():
            fields[name] = Field(
                name,
                tuple(c.name for c in columns),
                tuple(bool(c.info.get("set")) for c in columns),
                tuple(_kind(c) for c in columns),
                tuple(next((fk.column.table.name for fk in c.foreign_keys), None) for c in columns),
                any(bool(c.info.get("quiet")) for c in columns),
            )
        found[table.name] = Entity(table.name, table, fields)
    return dict(sorted(found.items()))


@cache
def entity(name: str) -> Entity | None:
    """The entity of that name, None for one that only a newer version knows."""
    return entities().get(name)
