"""Reading a package as a stream: neither the file nor an attachment is ever held in memory as a whole."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from commissioner_app.exchange.container import clear, seals
from commissioner_app.exchange.container import sentences as say
from commissioner_app.exchange.container.clear import END, Envelope
from commissioner_app.exchange.container.frames import Contents
from commissioner_app.exchange.container.stream import Decrypted


class Reader:
    """An open package; a context manager. Entering and every method raise Refused or DiskTrouble, nothing else.

    Order: `manifest`, `frames()`, `blobs()`, `finish()`; what is not read is passed over, but checked.
    Nothing that it gives is proven before `finish` has returned.
    """

    def __init__(self, path: Path, own_private: bytes | None, passphrase: str | None = None) -> None:
        self._path, self._private, self._passphrase = path, own_private, passphrase
        self._stack = ExitStack()
        self.envelope: Envelope
        self.manifest: dict[str, Any]
        """The caller's manifest."""
        self.size = 0
        """Bytes of the file."""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            file, self.size = clear.open_package(self._path)
            stack.callback(file.close)
            with say.reading():
                header = clear.read(file, self.size)
            self.envelope = header.envelope
            identity = seals.unlock(header, self._private, self._passphrase)
            self._stream = Decrypted(file, len(header.raw), self.size - len(END), identity)
            stack.callback(self._stream.close)  # before the file
            self._contents = Contents(self._stream.read, header.raw)
            self.manifest = self._contents.manifest
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def position(self) -> int:
        """Bytes of the file read so far, for progress."""
        return self._stream.position

    @property
    def digest(self) -> bytes:
        """The hash that the sender signed, known after `finish`: the same for two copies of one package."""
        return self._contents.digest

    def frames(self) -> Iterator[bytes]:
        """The change frames, inflated, in order."""
        return self._contents.frames()

    def blobs(self) -> Iterator[tuple[str, int, Iterator[bytes]]]:
        """The attachments: SHA-256 as hex, size, chunks. Wrong size or hash is refused when the chunks end."""
        return self._contents.blobs()

    def finish(self, public_key: str) -> None:
        """Check the rest, that nothing follows, and that the sender's key (hex) signed it all."""
        self._contents.finish(public_key)
