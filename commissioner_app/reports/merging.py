"""Several PDFs as one, with an outline of where each begins.

PDFium puts the pages together but writes no outline, no title and no language: they are appended as an
incremental update (ISO 32000-1, 7.5.6) to the file that it has saved, whose plain form is checked first.
"""

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from commissioner_app.pdfpages import joined

_CATALOG = re.compile(rb"\n(\d+) 0 obj\r?\n<</Pages (\d+) 0 R ?/Type/Catalog>>")
_ROOT, _SIZE = re.compile(rb"/Root (\d+) 0 R"), re.compile(rb"/Size (\d+)")
_START = re.compile(rb"startxref\r?\n(\d+)\r?\n%%EOF\s*$")


def merge(
    parts: Sequence[tuple[str, Path]],
    out: Path,
    title: str,
    author: str,
    tell: Callable[[int], None] | None = None,
) -> int:
    """Write the parts (name in the outline, file) one after the other; the number of pages.

    tell(parts done) may raise to give up. Raises OSError, and ValueError for a file that PDFium wrote in another form.
    """
    firsts, pages = joined([path for _, path in parts], out, tell)
    data = out.read_bytes()
    found, start = _CATALOG.search(data), _START.search(data)
    tail = data[start.start() - 400 :] if start and start.start() > 400 else data
    size = _SIZE.search(tail)
    root = _ROOT.search(tail)
    if not (found and start and size and root and found[1] == root[1]):
        raise ValueError("no plain catalogue")
    node = re.search(rb"\n%s 0 obj\r?\n<<(.*?)>>" % found[2], data, re.DOTALL)
    kids = re.findall(rb"(\d+) 0 R", node[1]) if node else []
    if len(kids) != pages:
        raise ValueError("no plain list of pages")
    first_new = int(size[1])
    update = _Update(len(data))
    entries = [first_new + 2 + n for n in range(len(parts))]
    update.add(int(root[1]), b"/Type/Catalog/Pages %s 0 R/Outlines %d 0 R/PageMode/UseOutlines/Lang(zh-CN)"
               % (found[2], first_new))  # fmt: skip
    update.add(first_new, b"/Type/Outlines/First %d 0 R/Last %d 0 R/Count %d"
               % (entries[0], entries[-1], len(entries)))  # fmt: skip
    update.add(first_new + 1, b"/Title %s/Author %s/Creator %s/Producer %s"
               % (_text(title), _text(author), _text(PRODUCER), _text(PRODUCER)))  # fmt: skip
    for n, ((name, _), page) in enumerate(zip(parts, firsts, strict=True)):
        beside = b"/Prev %d 0 R" % entries[n - 1] if n else b""
        beside += b"/Next %d 0 R" % entries[n + 1] if n + 1 < len(entries) else b""
        target = b"/Dest[%s 0 R/Fit]" % kids[page]
        update.add(entries[n], b"/Title %s/Parent %d 0 R%s%s" % (_text(name), first_new, beside, target))
    tail = update.tail(first_new + 2 + len(parts), int(root[1]), first_new + 1, int(start[1]))
    with open(out, "ab") as file:
        file.write(bytes(update.data) + tail)
        file.flush()
        os.fsync(file.fileno())
    return pages


PRODUCER = "科技特派员服务台账"


class _Update:
    """Objects to be appended, and where each lies."""

    def __init__(self, at: int) -> None:
        self._at = at
        self._places: dict[int, int] = {}
        self.data = bytearray(b"\n")

    def add(self, number: int, entries: bytes) -> None:
        """A dictionary as an object."""
        self._places[number] = self._at + len(self.data)
        self.data += b"%d 0 obj\n<<%s>>\nendobj\n" % (number, entries)

    def tail(self, size: int, root: int, info: int, before: int) -> bytes:
        """The table of references to what was added, and the trailer."""
        table = b"".join(b"%d 1\n%010d 00000 n\r\n" % place for place in sorted(self._places.items()))
        trailer = b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/Prev %d>>\n" % (size, root, info, before)
        return b"xref\n" + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (self._at + len(self.data))


def _text(text: str) -> bytes:
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"
