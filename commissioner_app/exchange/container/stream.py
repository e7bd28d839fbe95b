"""The decrypted bytes of a package as a stream that is pulled, though age's library only pushes."""

import threading
from collections import deque
from typing import BinaryIO

import pyrage

from commissioner_app.exchange.container import sentences as say
from db.errors import DiskTrouble, LedgerError, Refused

LUMP = 256 * 1024
"""Bytes handed over at a time: age pushes 8 kB."""
LUMPS = 4
"""So many lumps may wait; beyond, decrypting waits for the reader."""
LIMIT_AGE_HEADER = 64 * 1024
"""age reads its header as a whole, however long; more than a few hundred bytes per key is no header of ours."""


class Broken(Exception):
    """What an end of age's stream raises, whatever failed.

    Its library maps Python's OSErrors to Rust's and tries again, for ever, what was "interrupted"; this it does not.
    """


class _Section:
    """A part of a file as the source of age's library; remembers why it failed."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file, self._left = file, end - start
        self.position = start
        self.error: OSError | None = None
        file.seek(start)

    def read(self, n: int = -1) -> bytes:
        """At most n bytes; none at the section's end."""
        try:
            found = self._file.read(self._left if n < 0 else min(n, self._left))
        except OSError as error:
            self.error = error
            raise Broken from error
        self._left -= len(found)
        self.position += len(found)
        return found


class Decrypted:
    """Decrypts a section of a file on a thread of its own; `read` on any other, `close` ends both.

    Raises Refused from the constructor where the section cannot be an age stream of ours.
    """

    def __init__(self, file: BinaryIO, start: int, end: int, identity: pyrage.ssh.Identity) -> None:
        with say.reading():
            file.seek(start)
            beginning = file.read(min(LIMIT_AGE_HEADER, max(end - start, 0)))
        if b"\n--- " not in beginning:
            raise Refused(say.DAMAGED)
        self._section = _Section(file, start, end)
        self._identity = identity
        self._turn = threading.Condition()
        self._lumps: deque[bytes] = deque()
        self._closed = self._done = False
        self._fault: LedgerError | None = None
        self._gathered: list[bytes] = []  # the thread's own
        self._gathered_size = 0
        self._current, self._at = b"", 0  # the reader's own
        self._thread = threading.Thread(target=self._run, name="package", daemon=True)
        self._thread.start()

    @property
    def position(self) -> int:
        """Bytes of the file read so far."""
        return self._section.position

    def read(self, n: int) -> bytes:
        """Exactly n bytes, fewer only at the end. Raises Refused or DiskTrouble where the stream breaks off."""
        if n <= len(self._current) - self._at:
            found = self._current[self._at : self._at + n]
            self._at += n
            return found
        parts, missing = [self._current[self._at :]], n - (len(self._current) - self._at)
        self._current, self._at = b"", 0
        while missing and (lump := self._next()):
            if len(lump) > missing:
                self._current, self._at = lump, missing
                lump = lump[:missing]
            parts.append(lump)
            missing -= len(lump)
        return b"".join(parts)

    def close(self) -> None:
        """End decrypting and wait for the thread's end. The file stays open; it is the caller's."""
        with self._turn:
            self._closed = True
            self._lumps.clear()
            self._turn.notify_all()
        self._thread.join()

    def _next(self) -> bytes:
        with self._turn:
            while not self._lumps and not self._done:
                self._turn.wait()
            if self._lumps:
                lump = self._lumps.popleft()
                self._turn.notify_all()
                return lump
        if self._fault is not None:
            raise self._fault
        return b""

    def _run(self) -> None:
        fault: LedgerError | None = None
        try:
            pyrage.decrypt_io(self._section, self, [self._identity])
            self._hand_over()
        except MemoryError:
            fault = Refused(say.TOO_LARGE)
        except BaseException:
            # Whatever age says (a Rust panic is a BaseException), the key was the right one by its mark.
            fault = DiskTrouble(say.UNREADABLE) if self._section.error else Refused(say.DAMAGED)
        with self._turn:
            self._fault, self._done = fault, True
            self._turn.notify_all()

    def write(self, data: bytes) -> int:
        """Called by age on the thread."""
        self._gathered.append(bytes(data))
        self._gathered_size += len(data)
        if self._gathered_size >= LUMP:
            self._hand_over()
        return len(data)

    def flush(self) -> None:
        """Called by age on the thread; lumps are handed over by size."""

    def _hand_over(self) -> None:
        lump = b"".join(self._gathered)
        self._gathered, self._gathered_size = [], 0
        with self._turn:
            while len(self._lumps) >= LUMPS and not self._closed:
                self._turn.wait()
            if self._closed:
                raise Broken  # the reader has gone
            if lump:
                self._lumps.append(lump)
                self._turn.notify_all()
