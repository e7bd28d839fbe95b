"""The clear header of a package: what may be known without a key, checked before anything is believed."""

import os
import stat
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from commissioner_app.exchange.container import sentences as say
from db.errors import Refused

MAGIC = b"KTPACK1\n"
END = b"\nKTEND1\n"
CONTAINER = 1
LIMIT_HEADER = 64 * 1024
"""Bytes of the header's JSON."""


@dataclass(frozen=True)
class Envelope:
    """Container's number, receiver (a station's id or ""), kind of lock, and which part of which set it is."""

    container: int
    to: str
    sealed: str
    """"key" or "passphrase"."""
    set: str
    """Hex id that all parts of one set have in common."""
    part: int
    """From 1."""
    of: int


@dataclass(frozen=True)
class ClearHeader:
    """A checked header: its envelope, for whom it is sealed, and its bytes as they stand in the file."""

    envelope: Envelope
    marks: tuple[str, ...]
    """The marks of the keys that open it (seals.mark): so a wrong key is told from a damaged file."""
    salt: bytes | None
    """For the key that is computed from a passphrase."""
    raw: bytes


def encode(envelope: Envelope, marks: tuple[str, ...], salt: bytes | None) -> ClearHeader:
    """The header of a new package. Raises ValueError for an envelope that no reader would take."""
    fields: dict[str, Any] = {
        "container": envelope.container, "to": envelope.to, "sealed": envelope.sealed, "set": envelope.set,
        "part": envelope.part, "of": envelope.of, "for": list(marks),
    }  # fmt: skip
    if salt is not None:
        fields["salt"] = salt.hex()
    body = orjson.dumps(fields)
    raw = MAGIC + struct.pack(">I", len(body)) + body
    raw += struct.pack(">I", zlib.crc32(raw))
    header = _checked(fields, raw)
    if header is None or envelope.container != CONTAINER or len(body) > LIMIT_HEADER:
        raise ValueError(f"no envelope of a package: {envelope}")
    return header


def read(file: BinaryIO, size: int) -> ClearHeader:
    """The header of an open file of `size` bytes; the file then stands behind it. Raises Refused."""
    if size == 0:
        raise Refused(say.EMPTY)
    start = file.read(len(MAGIC) + 4)
    if not start.startswith(MAGIC):
        raise Refused(say.TRUNCATED if MAGIC.startswith(start) else say.NOT_A_PACKAGE)
    if len(start) < len(MAGIC) + 4:
        raise Refused(say.TRUNCATED)
    (length,) = struct.unpack(">I", start[len(MAGIC) :])
    if length > LIMIT_HEADER:
        raise Refused(say.DAMAGED)
    rest = file.read(length + 4)
    if len(rest) < length + 4:
        raise Refused(say.TRUNCATED)
    raw = start + rest
    if zlib.crc32(raw[:-4]) != struct.unpack(">I", raw[-4:])[0]:
        raise Refused(say.DAMAGED)
    try:
        fields = orjson.loads(rest[:-4])
    except ValueError as error:  # orjson's JSONDecodeError, for bad UTF-8 and deep nesting too
        raise Refused(say.DAMAGED) from error
    number = fields.get("container") if isinstance(fields, dict) else None
    if type(number) is int and number > CONTAINER:
        raise Refused(say.NEWER)
    header = _checked(fields, raw)
    if header is None:
        raise Refused(say.DAMAGED)
    file.seek(max(size - len(END), len(raw)))
    if file.read() != END:
        raise Refused(say.TRUNCATED)
    file.seek(len(raw))
    return header


def open_package(path: Path) -> tuple[BinaryIO, int]:
    """The file, open for reading, and its size. Raises Refused, DiskTrouble."""
    with say.reading():
        try:
            found = os.stat(path)
        except ValueError as error:  # a NUL in the name
            raise Refused(say.MISSING) from error
        if stat.S_ISDIR(found.st_mode):
            raise Refused(say.A_FOLDER)
        if not stat.S_ISREG(found.st_mode):
            raise Refused(say.NOT_A_PACKAGE)  # a pipe or a device: opening it could wait for ever
        file = open(path, "rb", buffering=1 << 18)  # noqa: SIM115 (the caller closes it)
    try:
        with say.reading():
            return file, os.fstat(file.fileno()).st_size
    except BaseException:
        file.close()
        raise


def envelope(path: Path) -> Envelope:
    """What the clear header says; nothing else is read. Raises Refused, DiskTrouble."""
    file, size = open_package(path)
    with file, say.reading():
        return read(file, size).envelope


def _checked(fields: Any, raw: bytes) -> ClearHeader | None:
    """The header if every field is of the right type and within bounds."""
    if not isinstance(fields, dict):
        return None
    number, part, of = fields.get("container"), fields.get("part"), fields.get("of")
    if type(number) is not int or type(part) is not int or type(of) is not int:
        return None
    to, sealed, group = fields.get("to"), fields.get("sealed"), fields.get("set")
    if not isinstance(to, str) or not isinstance(group, str) or sealed not in ("key", "passphrase"):
        return None
    marks, salt = fields.get("for"), fields.get("salt")
    if not isinstance(marks, list) or not marks or not all(_is_hex(m, 16) for m in marks):
        return None
    if number < 1 or not 1 <= part <= of <= 1_000_000 or len(to) > 200 or not _is_hex(group):
        return None
    if salt is not None and not _is_hex(salt, 32):
        return None
    if (sealed == "passphrase") != (salt is not None):
        return None
    seal = bytes.fromhex(salt) if salt is not None else None
    return ClearHeader(Envelope(number, to, sealed, group, part, of), tuple(marks), seal, raw)


def _is_hex(value: object, length: int | None = None) -> bool:
    if not isinstance(value, str) or not 1 <= len(value) <= 64 or (length and len(value) != length):
        return False
    return all(c in "0123456789abcdef" for c in value)
