"""Writing a package: under another name first, read back and verified, then renamed."""

import contextlib
import errno
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pyrage

from commissioner_app.exchange.container import clear, seals
from commissioner_app.exchange.container import sentences as say
from commissioner_app.exchange.container.clear import END, ClearHeader, Envelope
from commissioner_app.exchange.container.frames import Contents, Maker
from commissioner_app.exchange.container.seals import Seal
from commissioner_app.exchange.container.stream import Broken, Decrypted
from db.errors import DiskTrouble, LedgerError, Refused
from db.journal.keys import StationKey


def write(
    target: Path,
    envelope: Envelope,
    manifest: dict[str, Any],
    frames: Iterable[bytes],
    blobs: Iterable[tuple[str, int, Iterable[bytes]]],
    seal: Seal,
    sign: Callable[[bytes], bytes],
    own_private: bytes,
    progress: Callable[[int], None] | None = None,
    *,
    overwrite: bool = False,
) -> int:
    """Write a package and prove it by reading it back from the disk; the file's size in bytes.

    frames: uncompressed change frames; blobs: (SHA-256 as hex, size, chunks); seal.passphrase goes with
    envelope.sealed == "passphrase"; one of the seal's locks must be this station's (own_private) or the passphrase.
    progress(bytes so far); an exception raised in it cancels and comes out as it is, as do those of the iterables (but OSErrors).
    Raises Refused, DiskTrouble; then nothing is left and an existing target is as it was.
    """
    tell = progress or _silent
    locked = seals.lock(seal)
    header = clear.encode(envelope, locked.marks, locked.salt)
    own = StationKey(own_private).public
    secret = own_private if seals.mark(own) in locked.marks else locked.passphrase_key
    if secret is None:
        raise ValueError("a package must be sealed for its sender too")
    part = target.with_name(f".{target.name}.part")
    try:
        with _writing():
            _refuse_existing(target, overwrite)
            part.unlink(missing_ok=True)  # left by a run that was killed
            maker = Maker(header.raw)
            pieces = maker.make(manifest, frames, blobs, sign)
            with open(part, "xb", buffering=1 << 18) as file, contextlib.closing(pieces):
                size = _fill(file, header, _Source(pieces), locked.recipients, tell)
                file.flush()
                os.fsync(file.fileno())
                _forget_cache(file)
            _read_back(part, header, seals.identity(secret), maker.digest, own, size, tell)
            _refuse_existing(target, overwrite)
            os.replace(part, target)
            _make_last(target, size)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return size


def _fill(
    file: BinaryIO, header: ClearHeader, plain: "_Source", recipients: list[Any], tell: Callable[[int], None]
) -> int:
    file.write(header.raw)
    sink = _Sink(file, len(header.raw), tell)
    refusal: pyrage.EncryptError | None = None
    try:
        pyrage.encrypt_io(plain, sink, recipients)
    except (pyrage.EncryptError, Broken, OSError) as error:
        refusal = error
    # age's library turns what its source raises into errors of its own, and swallows what the last write raises.
    if isinstance(plain.error, OSError):
        raise DiskTrouble(say.SOURCE_UNREADABLE) from plain.error
    cause = plain.error or sink.error
    if cause is not None:
        raise cause
    if refusal is not None:
        raise Refused(say.BAD_KEY) from refusal
    file.write(END)
    return sink.written + len(END)


def _read_back(
    part: Path,
    header: ClearHeader,
    identity: Any,
    digest: bytes,
    own: str,
    size: int,
    tell: Callable[[int], None],
) -> None:
    """Decrypt the whole file as a receiver would and compare it with what was meant to be written."""
    try:
        file, found = clear.open_package(part)
        with file:
            with say.reading():
                same = found == size and clear.read(file, found).raw == header.raw
            if not same:
                raise DiskTrouble(say.NOT_AS_WRITTEN)
            stream = Decrypted(file, len(header.raw), size - len(END), identity)
            try:
                contents = Contents(stream.read, header.raw)
                for _ in contents.frames():
                    tell(size)
                for _, _, chunks in contents.blobs():
                    for _ in chunks:
                        tell(size)
                contents.finish(own)
            finally:
                stream.close()
        if contents.digest != digest:
            raise DiskTrouble(say.NOT_AS_WRITTEN)
    except Refused as error:
        gone = str(error) in (say.MISSING, say.NO_ACCESS)
        raise DiskTrouble(say.NOT_READ_BACK if gone else say.NOT_AS_WRITTEN) from error
    except DiskTrouble as error:
        if str(error) == say.UNREADABLE:
            raise DiskTrouble(say.NOT_READ_BACK) from error
        raise


def _refuse_existing(target: Path, overwrite: bool) -> None:
    if not overwrite and os.path.lexists(target):
        raise Refused(say.EXISTS)


def _forget_cache(file: BinaryIO) -> None:
    """Have what is read back come from the medium, where the system can be asked for it (Linux)."""
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _make_last(target: Path, size: int) -> None:
    """Make the new name last; where a stick pulled out is noticed only here, no file is claimed."""
    try:
        if os.name == "posix":
            _sync_folder(target.parent)
        if os.stat(target).st_size != size:
            raise DiskTrouble(say.NOT_AS_WRITTEN)
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM, errno.EBADF):
            raise  # else a file system that cannot sync folders, or a folder that may not be listed


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except LedgerError:
        raise
    except OSError as error:
        raise say.writing_trouble(error) from error


def _silent(_: int) -> None:
    """No progress asked for."""


class _Source:
    """Pieces of bytes as the source of age's library; remembers what they raised."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._current = memoryview(b"")
        self.error: BaseException | None = None

    def read(self, n: int = -1) -> bytes:
        """At most n bytes; none at the end."""
        try:
            while not self._current:
                piece = next(self._pieces, None)
                if piece is None:
                    return b""
                self._current = memoryview(piece)
        except BaseException as error:
            self.error = error
            raise Broken from error
        found = bytes(self._current if n < 0 else self._current[:n])
        self._current = self._current[len(found) :]
        return found


class _Sink:
    """The file as the target of age's library; counts, tells, and remembers what was raised."""

    def __init__(self, file: BinaryIO, written: int, tell: Callable[[int], None]) -> None:
        self._file, self._tell = file, tell
        self.written = written
        self.error: BaseException | None = None

    def write(self, data: bytes) -> int:
        """All of the data; nothing more once something failed."""
        if self.error is not None:
            raise Broken from self.error
        try:
            self._file.write(data)
            self.written += len(data)
            self._tell(self.written)
        except BaseException as error:
            self.error = error
            raise Broken from error
        return len(data)

    def flush(self) -> None:
        """The file is flushed at its end."""
