"""Pages of a PDF as pictures, for the preview and for printing; PDFium is not thread-safe, so one at a time."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_pdfium = threading.Lock()


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
        with _pdfium:
            self._document: Any = pypdfium2.PdfDocument(self._data)
            self.sizes: list[tuple[float, float]] = [
                tuple(self._document.get_page_size(n)) for n in range(len(self._document))
            ]

    def __len__(self) -> int:
        return len(self.sizes)

    def render(self, page: int, scale: float) -> Picture:
        """A page as a picture; `scale` in pixels per point (1/72 inch)."""
        with _pdfium:
            found = self._document[page]
            bitmap = found.render(scale=scale, rev_byteorder=False, prefer_bgrx=True)
            picture = Picture(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
            bitmap.close()
            found.close()
        return picture

    def text(self, page: int) -> str:
        """The text of a page."""
        with _pdfium:
            return str(self._document[page].get_textpage().get_text_bounded())

    def close(self) -> None:
        """Let go of the document."""
        with _pdfium:
            self._document.close()
