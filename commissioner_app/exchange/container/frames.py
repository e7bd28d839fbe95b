"""The frames inside a package: making them, and taking them apart without believing a single number in them.

[u32 length][u8 kind][payload]: one MANIFEST (zlib of JSON: the caller's manifest and the hash of the clear header),
CHANGES (zlib each), then for each attachment BLOB (sha256, u64 size), CHUNKs and BLOB_END, and one END
(u64 counts of change frames, their inflated bytes and attachments, then the signature).
The signature is over the SHA-256 of the clear header and every byte of the frames before it.
"""

import hashlib
import struct
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

import orjson

from commissioner_app.exchange.container import sentences as say
from db.errors import LedgerError, Refused
from db.journal.keys import verifies

LIMIT_FRAME = 4 * 1024 * 1024
"""Uncompressed bytes of one change frame."""
LIMIT_TOTAL = 512 * 1024 * 1024
"""Uncompressed bytes of all change frames of one package."""
LIMIT_MANIFEST = 16 * 1024 * 1024
"""Uncompressed bytes of the manifest's JSON."""
LIMIT_VALUES = 2_000_000
"""Values in the manifest: Python needs about 60 bytes for the smallest."""
CHUNK = 256 * 1024
"""Bytes of an attachment in one frame."""

MANIFEST, CHANGES, BLOB, PIECE, BLOB_END, FINAL = range(1, 7)

_HEAD = struct.Struct(">IB")
_BLOB = struct.Struct(">32sQ")
_COUNTS = struct.Struct(">QQQ")
_SIGNATURE = 64
_SLACK = 16 * 1024  # what zlib may add to data that does not compress
_LONGEST = {
    MANIFEST: LIMIT_MANIFEST + _SLACK,
    CHANGES: LIMIT_FRAME + _SLACK,
    BLOB: _BLOB.size,
    PIECE: CHUNK,
    BLOB_END: 0,
    FINAL: _COUNTS.size + _SIGNATURE,
}


class Hash(Protocol):
    """What hashlib's objects can do."""

    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


def signed_message(digest: bytes) -> bytes:
    """What a station signs for a package; the first line keeps it apart from all else that the key signs."""
    return b"ktpack container 1\n" + digest


class Maker:
    """Makes the frames of a package; `digest` is what was signed, known when the last frame was made."""

    def __init__(self, header: bytes) -> None:
        self._header = hashlib.sha256(header).hexdigest()
        self._hash = hashlib.sha256(header)
        self.digest = b""

    def make(
        self,
        manifest: dict[str, Any],
        frames: Iterable[bytes],
        blobs: Iterable[tuple[str, int, Iterable[bytes]]],
        sign: Callable[[bytes], bytes],
    ) -> Generator[bytes, None, None]:
        """The frames in order. Raises Refused for what no reader would take and for attachments that do not match."""
        text = orjson.dumps({"header": self._header, "manifest": manifest})
        if len(text) > LIMIT_MANIFEST or _values(text) > LIMIT_VALUES:
            raise Refused(say.ALL_TOO_LARGE)
        yield self._frame(MANIFEST, zlib.compress(text))
        count = total = attachments = 0
        for text in frames:
            count += 1
            total += len(text)
            if len(text) > LIMIT_FRAME:
                raise Refused(say.FRAME_TOO_LARGE)
            if total > LIMIT_TOTAL:
                raise Refused(say.ALL_TOO_LARGE)
            yield self._frame(CHANGES, zlib.compress(text))
        for sha, size, chunks in blobs:
            attachments += 1
            yield self._frame(BLOB, _BLOB.pack(bytes.fromhex(sha), size))
            yield from self._pieces(sha, size, chunks)
            yield self._frame(BLOB_END, b"")
        counts = _COUNTS.pack(count, total, attachments)
        head = _HEAD.pack(len(counts) + _SIGNATURE, FINAL)
        self._hash.update(head + counts)
        self.digest = self._hash.digest()
        signature = sign(signed_message(self.digest))
        if len(signature) != _SIGNATURE:
            raise ValueError("no Ed25519 signature")
        yield head + counts + signature

    def _pieces(self, sha: str, size: int, chunks: Iterable[bytes]) -> Iterator[bytes]:
        seen, read = hashlib.sha256(), 0
        for chunk in chunks:
            read += len(chunk)
            if read > size:
                break
            seen.update(chunk)
            for at in range(0, len(chunk), CHUNK):
                yield self._frame(PIECE, chunk[at : at + CHUNK])
        if read != size or seen.hexdigest() != sha:
            raise Refused(say.BAD_ATTACHMENT)

    def _frame(self, kind: int, payload: bytes) -> bytes:
        frame = _HEAD.pack(len(payload), kind) + payload
        self._hash.update(frame)
        return frame


@dataclass
class _Blob:
    sha: bytes
    size: int
    read: int = 0
    hash: Hash = field(default_factory=hashlib.sha256)


class Contents:
    """Takes the frames of a package apart as they come; every fault is Refused, and stays refused.

    read(n) gives exactly n bytes, fewer only at the end. header: the clear header's bytes.
    """

    def __init__(self, read: Callable[[int], bytes], header: bytes) -> None:
        self._read = read
        self._hash = hashlib.sha256(header)
        self._fault: LedgerError | None = None
        self._ahead: tuple[int, bytes] | None = None
        self._blob: _Blob | None = None
        self._counts = [0, 0, 0]
        self._signature: bytes | None = None
        self.digest = b""
        """The hash that the signature is over, known after the last frame."""
        self.manifest: dict[str, Any] = self._manifest(hashlib.sha256(header).hexdigest())

    def frames(self) -> Iterator[bytes]:
        """The change frames, inflated, in order."""
        while self._peek() == CHANGES and not self._counts[2]:  # none behind an attachment
            text = self._inflate(self._take()[1], LIMIT_FRAME)
            self._counts[0] += 1
            self._counts[1] += len(text)
            if self._counts[1] > LIMIT_TOTAL:
                self._refuse(say.TOO_LARGE)
            yield text

    def blobs(self) -> Iterator[tuple[str, int, Iterator[bytes]]]:
        """The attachments: SHA-256 as hex, size, and chunks that must be read before the next one is asked for.

        Change frames that were not read are passed over, as is what was not read of an attachment: checked all the
        same. The last chunk of an attachment comes before its hash is known to be right: what is wrong is refused
        when the iterator ends.
        """
        for _ in self.frames():
            pass
        self._pass_over()
        while self._peek() == BLOB:
            payload = self._take()[1]
            if len(payload) != _BLOB.size:
                self._refuse(say.DAMAGED)
            blob = self._blob = _Blob(*_BLOB.unpack(payload))
            self._counts[2] += 1
            yield blob.sha.hex(), blob.size, self._chunks(blob)
            self._pass_over()

    def finish(self, public_key: str) -> None:
        """Read what is left and check it all: counts, nothing behind the end, the sender's signature."""
        for _ in self.blobs():
            pass
        if self._signature is None:
            kind, payload = self._take()
            if kind != FINAL or len(payload) != _COUNTS.size + _SIGNATURE:
                self._refuse(say.DAMAGED)
            if _COUNTS.unpack(payload[: _COUNTS.size]) != tuple(self._counts):
                self._refuse(say.DAMAGED)
            if self._bytes(1):
                self._refuse(say.DAMAGED)
            self.digest, self._signature = self._hash.digest(), payload[_COUNTS.size :]
        if not verifies(public_key, self._signature, signed_message(self.digest)):
            self._refuse(say.WRONG_SIGNATURE)

    def _manifest(self, header: str) -> dict[str, Any]:
        kind, payload = self._take()
        if kind != MANIFEST:
            self._refuse(say.DAMAGED)
        text = self._inflate(payload, LIMIT_MANIFEST)
        if _values(text) > LIMIT_VALUES:
            self._refuse(say.TOO_LARGE)
        try:
            found = orjson.loads(text)
        except ValueError:  # orjson's JSONDecodeError, for bad UTF-8 and deep nesting too
            self._refuse(say.DAMAGED)
        manifest = found.get("manifest") if isinstance(found, dict) else None
        if not isinstance(manifest, dict) or found.get("header") != header:
            self._refuse(say.DAMAGED)
        return manifest

    def _chunks(self, blob: _Blob) -> Iterator[bytes]:
        while self._blob is blob:
            kind, payload = self._take()
            if kind == PIECE:
                blob.read += len(payload)
                if blob.read > blob.size or not payload:
                    self._refuse(say.DAMAGED)
                blob.hash.update(payload)
                yield payload
            elif kind == BLOB_END and blob.read == blob.size and blob.hash.digest() == blob.sha:
                self._blob = None
            else:
                self._refuse(say.DAMAGED)

    def _pass_over(self) -> None:
        if self._blob is not None:
            for _ in self._chunks(self._blob):
                pass

    def _peek(self) -> int:
        """The kind of the next frame; 0 after the last one was taken."""
        if self._fault is not None:
            self._refuse(str(self._fault))
        if self._signature is not None:
            return 0
        if self._blob is not None:
            return PIECE
        if self._ahead is None:
            self._ahead = self._frame()
        return self._ahead[0]

    def _take(self) -> tuple[int, bytes]:
        if self._fault is not None:
            self._refuse(str(self._fault))
        found = self._ahead or self._frame()
        self._ahead = None
        return found

    def _frame(self) -> tuple[int, bytes]:
        head = self._bytes(_HEAD.size)
        if len(head) < _HEAD.size:
            self._refuse(say.DAMAGED)
        length, kind = _HEAD.unpack(head)
        if length > _LONGEST.get(kind, -1):
            self._refuse(say.TOO_LARGE if kind in (MANIFEST, CHANGES) else say.DAMAGED)
        payload = self._bytes(length)
        if len(payload) < length:
            self._refuse(say.DAMAGED)
        self._hash.update(head)
        self._hash.update(payload[: _COUNTS.size] if kind == FINAL else payload)
        return kind, payload

    def _bytes(self, n: int) -> bytes:
        try:
            return self._read(n)
        except LedgerError as error:
            self._fault = error
            raise

    def _inflate(self, payload: bytes, limit: int) -> bytes:
        """Inflate one whole zlib stream to at most `limit` bytes."""
        inflater = zlib.decompressobj()
        try:
            text = inflater.decompress(payload, limit + 1)
        except zlib.error:
            self._refuse(say.DAMAGED)
        if len(text) > limit:
            self._refuse(say.TOO_LARGE)
        if not inflater.eof or inflater.unused_data:
            self._refuse(say.DAMAGED)
        return text

    def _refuse(self, sentence: str) -> NoReturn:
        if self._fault is None:
            self._fault = Refused(sentence)
        raise self._fault


def _values(text: bytes) -> int:
    """At least the number of values in a JSON text, counted before any of them is made."""
    return text.count(b",") + text.count(b"[") + text.count(b"{")
