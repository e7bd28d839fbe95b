"""The stamp of an exported table: tells, when it comes back from Excel, which cells somebody has edited.

A hidden column carries for every row the record and a short check value per cell, so rows may be sorted, columns
moved, and the file renamed or saved by another office program. A hidden sheet carries what the ledger knew at the
export, from which the changes that the export showed are found again (`Ledger.as_of`).
"""

import binascii
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from commissioner_app import tables
from db.ledger import Ledger

SHEET = "台账信息"
"""The hidden sheet's name."""

COLUMN = "记录标识"
"""The hidden column's header."""

_FORMAT = 1
_DIGITS = 4
_CELL = 30_000
"""Characters per cell of the hidden sheet; Excel takes 32,767."""


@dataclass(frozen=True)
class Stamp:
    """kind: roster, assignments, visits or form; knew: `Ledger.stamp`; columns: headers in the order of check values.

    about: of a form whose it is (place, person, name) and which one; of a roster its year.
    """

    kind: str
    knew: str
    columns: tuple[str, ...]
    about: Mapping[str, str] = field(default_factory=dict)


def take(ledger: Ledger, kind: str, columns: Sequence[str], **about: str) -> Stamp:
    """The stamp of an export that begins now."""
    return Stamp(kind, ledger.stamp(), tuple(columns), about)


def mark(record: str, cells: Sequence[Any]) -> str:
    """What a row's hidden cell says: its record and a check value for each cell."""
    return record + ":" + "".join(map(_check, cells))


def _check(cell: Any) -> str:
    return _check_text(cell if type(cell) is str else tables.text(cell))


@lru_cache(maxsize=1 << 16)
def _check_text(cell: str) -> str:
    """Units, counties and titles are the same in thousands of rows."""
    text = tables.text(cell).replace("\r\n", "\n")
    return binascii.b2a_base64(zlib.crc32(text.encode()).to_bytes(4, "big")[1:], newline=False).decode()


def lines(stamp: Stamp) -> list[str]:
    """The cells of the hidden sheet's first column."""
    text = orjson.dumps(
        {
            "format": _FORMAT,
            "kind": stamp.kind,
            "columns": stamp.columns,
            "knew": stamp.knew,
            "about": dict(stamp.about),
        }
    ).decode()
    return [text[n : n + _CELL] for n in range(0, len(text), _CELL)]


def read(path: Path) -> Stamp | None:
    """The stamp of a table file, None where it has none or somebody has touched it."""
    if path.suffix.lower() not in (".xlsx", ".xls", ".xlsm", ".et"):
        return None
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        if SHEET not in book.sheet_names:
            return None
        rows = book.get_sheet_by_name(SHEET).to_python()
        found = orjson.loads("".join(str(row[0]) for row in rows if row))
        if found["format"] != _FORMAT:
            return None
        return Stamp(
            str(found["kind"]),
            str(found["knew"]),
            tuple(str(c) for c in found["columns"]),
            {str(k): str(v) for k, v in found.get("about", {}).items()},
        )
    except (CalamineError, OSError, ValueError, KeyError, TypeError):
        return None


def edited(stamp: Stamp, marked: Any, cells: Mapping[str, Any]) -> tuple[str, set[str]] | None:
    """(record, names of the columns whose cell is another than exported) of a row; None for a row without a mark.

    cells: by exported header; a column that the table no longer has was not edited.
    """
    record, _, checks = tables.text(marked).rpartition(":")
    if not record or len(checks) != _DIGITS * len(stamp.columns):
        return None
    return record, {
        name
        for n, name in enumerate(stamp.columns)
        if name in cells and _check(cells[name]) != checks[n * _DIGITS : (n + 1) * _DIGITS]
    }
