"""Pages of a PDF as pictures, for the preview and for printing; PDFium is not thread-safe, so one at a time."""

import io
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

pdfium = threading.Lock()
"""Whoever calls PDFium holds it."""


def page_count(data: bytes) -> int:
    """How many pages a PDF has; 0 for what is none, is damaged or has a password."""
    import pypdfium2

    with pdfium:
        try:
            with pypdfium2.PdfDocument(data) as document:
                return len(document)
        except pypdfium2.PdfiumError:
            return 0


def first_page(data: bytes, side: int) -> bytes | None:
    """The first page of a PDF as a JPEG of at most `side` pixels; None where it cannot be drawn."""
    import pypdfium2

    with pdfium:
        try:
            with pypdfium2.PdfDocument(data) as document:
                page = document[0]
                scale = side / max(page.get_width(), page.get_height(), 1)
                picture = page.render(scale=scale).to_pil().convert("RGB")
                page.close()
        except (pypdfium2.PdfiumError, IndexError):
            return None
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


Box = tuple[float, float, float, float]
"""Left, top, width and height in points from the page's top left corner."""


@dataclass(frozen=True)
class Picture:
    """A rendered page: BGRX bytes, four a pixel, `stride` bytes a line."""

    width: int
    height: int
    stride: int
    data: bytes


class PdfPages:
    """An open PDF; `sizes` are the pages' widths and heights in points."""

    def __init__(self, path: Path) -> None:
        # Imported here: the library is loaded only when a preview or a print is asked for.
        import pypdfium2

        self._data = path.read_bytes()  # so that the file can be replaced while it is shown
        with pdfium:
            self._document: Any = pypdfium2.PdfDocument(self._data)
            self.sizes: list[tuple[float, float]] = [
                tuple(self._document.get_page_size(n)) for n in range(len(self._document))
            ]

    def __len__(self) -> int:
        return len(self.sizes)

    def render(self, page: int, scale: float) -> Picture:
        """A page as a picture; `scale` in pixels per point (1/72 inch)."""
        with pdfium:
            found = self._document[page]
            bitmap = found.render(scale=scale, rev_byteorder=False, prefer_bgrx=True)
            picture = Picture(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
            bitmap.close()
            found.close()
        return picture

    def text(self, page: int) -> str:
        """The text of a page."""
        with pdfium:
            found = self._document[page]
            words = found.get_textpage()
            text = str(words.get_text_bounded())
            words.close()  # here, and not by the collector, which would not hold the lock
            found.close()
        return text

    def find(self, page: int, text: str) -> list[list[Box]]:
        """Where a text stands on a page, in order; a hit across a line's end has a box on each line."""
        with pdfium:
            paper = self._document[page]
            words = paper.get_textpage()
            search, hits = words.search(text), []
            height = self.sizes[page][1]
            while (found := search.get_next()) is not None:
                boxes = [words.get_rect(n) for n in _rects(words, *found)]
                hits.append([(x1, height - y2, x2 - x1, y2 - y1) for x1, y1, x2, y2 in boxes])
            search.close()
            words.close()
            paper.close()
        return hits

    def close(self) -> None:
        """Let go of the document."""
        with pdfium:
            self._document.close()


def _rects(words: Any, first: int, count: int) -> range:
    return range(words.count_rects(first, count))


def joined(
    parts: Sequence[Path], out: Path, tell: Callable[[int], None] | None = None
) -> tuple[list[int], int]:
    """Write the pages of some PDFs into one; at which page (from 0) each begins, and how many there are.

    tell(parts done) may raise to give up.
    """
    import pypdfium2

    firsts: list[int] = []
    with pdfium:
        whole = pypdfium2.PdfDocument.new()
    try:
        for n, path in enumerate(parts, 1):
            with pdfium:
                firsts.append(len(whole))
                part = pypdfium2.PdfDocument(path.read_bytes())
                whole.import_pages(part)
                part.close()
            if tell:
                tell(n)
        with pdfium:
            whole.save(str(out))
            return firsts, len(whole)
    finally:
        with pdfium:
            whole.close()
