"""Rows of a frame to and from plain values; what is not exactly of that shape is refused."""

import string
from typing import Any

import orjson

from db.entities import DELETED, entity
from db.errors import Refused
from db.journal.changes import FORMAT, Change, ChangeId, Heads, Operation, heads_from, parse_id
from db.journal.merging import SessionRow

DAMAGED = "文件已损坏或不是由本程序做成，没有接收。请对方重新发送。"

FRAME_BYTES = 1_000_000
"""About how much of changes stands in one frame, uncompressed."""

_HEX = frozenset(string.hexdigits.lower())
_KINDS = ("insert", "update", "delete")
_LARGEST = 2**53
_EARLIEST, _LATEST = -62_135_000_000_000, 253_400_000_000_000
"""Milliseconds: a few days within the years 1 and 9999, wherever on earth they are shown."""


def operation_row(operation: Operation) -> list[Any]:
    """session, first, last, label, actor, wall, undoes, signature"""
    undoes = str(operation.undoes) if operation.undoes else None
    return [
        *operation.id, operation.last, operation.label, operation.actor, operation.wall, undoes,
        operation.signature.hex(),
    ]  # fmt: skip


def change_row(change: Change) -> list[Any]:
    """session, seq, operation, wall, entity, record, kind, values, replaces, saw, format, salt"""
    return [
        *change.id, change.operation, change.wall, change.entity, change.record, change.kind, *change.texts,
        change.format, change.salt.hex(),
    ]  # fmt: skip


def absent_row(session: str, seq: int, digest: bytes) -> list[Any]:
    """session, seq, digest"""
    return [session, seq, digest.hex()]


Frame = tuple[list[SessionRow], list[Operation], list[Change], list[tuple[str, int, bytes]]]


def read_frame(data: bytes) -> Frame:
    """The frame that was written; raises Refused for anything else."""
    try:
        rows = orjson.loads(data)
        return (
            [_session(r) for r in rows["s"]],
            [_operation(r) for r in rows["o"]],
            [_change(r) for r in rows["c"]],
            [(_session_id(r[0]), _number(r[1]), _hex(r[2], 32)) for r in rows["a"]],
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise Refused(DAMAGED) from error


def _session(row: Any) -> SessionRow:
    session, station, opened, signature = row
    return _session_id(session), _word(station), _time(opened), _hex(signature, 64)


def _operation(row: Any) -> Operation:
    session, first, last, label, actor, wall, undoes, signature = row
    if _number(last) < _number(first):
        raise ValueError("an operation runs upwards")
    taken = None
    if undoes is not None:
        taken = parse_id(_text(undoes))
        _session_id(taken.session), _number(taken.seq)
    return Operation(
        ChangeId(_session_id(session), first), last, _text(label), _text(actor), _time(wall), taken,
        _hex(signature, 64),
    )  # fmt: skip


def _change(row: Any) -> Change:
    session, seq, operation, wall, entity, record, kind, values, replaces, saw, number, salt = row
    content = orjson.loads(values) if type(values) is str else None
    if kind not in _KINDS or type(content) is not dict:
        raise ValueError("no such change")
    # The most common row by far, checked in one go (100,000 of them are read in a second).
    if (
        type(session) is not str or len(session) != 16 or not _HEX.issuperset(session)
        or type(entity) is not str or not 0 < len(entity) <= 200
        or type(record) is not str or not 0 < len(record) <= 200
    ):  # fmt: skip
        raise ValueError("names are short texts")
    change = Change(
        ChangeId(session, _number(seq)), _number(operation), _time(wall), entity, record, kind, content,
        {}, {}, _number(number), _hex(salt, 16), "", (values, replaces, saw),
    )  # fmt: skip
    if replaces is not None:
        change.replaces = _heads(replaces, change.id)
    if saw is not None:
        change.saw = _heads(saw, change.id)
    _check_values(change)
    return change


def _heads(text: Any, own: ChangeId) -> Heads:
    found = heads_from(_text(text))
    for ids in found.values():
        for i in ids:
            _session_id(i.session), _number(i.seq)
            if i == own:
                raise ValueError("a change replaces others")
    return found


def _check_values(change: Change) -> None:
    """Refuse values that this program cannot have written: one of them in a list would stop every report."""
    target = entity(change.entity)
    if target is None or change.format > FORMAT:  # a newer version's
        return
    fields = target.fields
    for name, value in change.values.items():
        field = fields.get(name)
        if field is not None and type(value) in field.direct:  # nearly always
            continue
        if name == DELETED:
            fits = type(value) is bool
        elif field is None:
            continue
        elif target.name == "visit" and name == "who":
            fits = value is None or (type(value) is list and all(map(_is_pair, value)))
        else:
            fits = field.fits(value)
        if not fits:
            raise ValueError(f"{target.name}.{name} of another shape")


def _is_pair(value: Any) -> bool:
    return (
        type(value) is list
        and len(value) == 2
        and type(value[0]) is str
        and type(value[1]) in (str, type(None))
    )


def _text(value: Any) -> str:
    # Half a character cannot be in it: orjson refuses that.
    if type(value) is not str:
        raise TypeError("text expected")
    return value


def _word(value: Any) -> str:
    if not 0 < len(_text(value)) <= 200 or "\x00" in value:
        raise ValueError("a name is short")
    return str(value)


def _session_id(value: Any) -> str:
    if type(value) is not str or len(value) != 16 or not _HEX.issuperset(value):
        raise ValueError("a session is 16 hexadecimal digits")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not 0 < value < _LARGEST:
        raise ValueError("a number counts from 1")
    return value


def _time(value: Any) -> int:
    # Laptops whose clock stands at 1601 or 9999 exist; what SQLite can store is taken.
    # Beyond, no calendar can show it.
    if type(value) is not int or not _EARLIEST < value < _LATEST:
        raise ValueError("a time is a number")
    return value


def _hex(value: Any, length: int) -> bytes:
    found = bytes.fromhex(_text(value))
    if len(found) != length:
        raise ValueError("of another length")
    return found
