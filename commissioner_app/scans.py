"""Signed sheets that come back as scans or photos: each page finds its visit by its QR code and is attached to it."""

import hashlib
import io
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commissioner_app import photos
from commissioner_app.attachments import SCAN, Added, Ready, add_ready
from commissioner_app.pdfpages import pdfium
from commissioner_app.reports.qr import visit_of
from db.errors import Refused
from db.ledger import Ledger
from db.queries import attachments as queries

DPI = 200
"""At which pages of a PDF are drawn: enough to read, about 300 kB a page."""

MOST_PAGES = 500
"""Pages of one file that are looked at."""

SUFFIXES = (".pdf", *photos.SUFFIXES)


@dataclass(frozen=True)
class ScanPage:
    """A page of a scan: its JPEG, and the visit its code names (None where none was found or this ledger lacks it)."""

    file: Path
    page: int
    of: int
    jpeg: bytes
    source_sha256: str
    visit: str | None

    @property
    def title(self) -> str:
        """扫描件.pdf 第 3 页."""
        return self.file.name if self.of == 1 else f"{self.file.name} 第 {self.page} 页"


@dataclass(frozen=True)
class Found:
    """The pages of some files, and one sentence for each file that could not be read."""

    pages: tuple[ScanPage, ...]
    refused: tuple[str, ...]


def is_scan(path: Path) -> bool:
    """Whether a file's name says that it may be a scan."""
    return path.suffix.lower() in SUFFIXES


def look(ledger: Ledger, files: Sequence[Path], progress: Callable[[int], None] | None = None) -> Found:
    """Read the pages of scans and find their visits. progress(pages done) may raise to give up."""
    pages: list[ScanPage] = []
    refused: list[str] = []
    for file in files:
        try:
            for page in _pages(file):
                pages.append(page)
                if progress:
                    progress(len(pages))
        except Refused as error:
            refused.append(str(error))
    with ledger.read() as connection:
        here = queries.visits_here(connection, [p.visit for p in pages if p.visit])
    return Found(
        tuple(p if p.visit in here else ScanPage(**{**p.__dict__, "visit": None}) for p in pages),
        tuple(refused),
    )


def first_visit(file: Path) -> str | None:
    """The visit that the code on a file's first page names; None where there is none. Raises Refused."""
    pages = _pages(file)
    try:
        page = next(pages, None)
    finally:
        pages.close()
    return page.visit if page else None


def ready(page: ScanPage) -> Ready:
    """A page as it will be kept with its visit."""
    name = page.title if page.file.suffix.lower() != ".pdf" else f"{page.file.stem}-{page.page}.jpg"
    return Ready(name, SCAN, page.jpeg, "image/jpeg", page.source_sha256)


def attach(ledger: Ledger, chosen: Sequence[tuple[ScanPage, str]]) -> Added:
    """Attach pages to visits, in one operation; a page that its visit has already is not added again."""
    return add_ready(ledger, [(visit, ready(page)) for page, visit in chosen], "归档 {0} 页签字单")


def _pages(file: Path) -> Generator[ScanPage]:
    if file.suffix.lower() != ".pdf":
        photo = photos.read(file)
        yield ScanPage(file, 1, 1, photo.data, photo.source_sha256, _visit(_opened(photo.data)))
        return
    import pypdfium2

    try:
        data = file.read_bytes()
        with pdfium:
            document = pypdfium2.PdfDocument(data)
    except (OSError, pypdfium2.PdfiumError) as error:
        raise Refused(f"“{file.name}”已损坏、设有密码或不是 PDF，没有读入。") from error
    try:
        count = len(document)
        if count > MOST_PAGES:
            raise Refused(f"“{file.name}”有 {count} 页，一次最多读入 {MOST_PAGES} 页。")
        for n in range(count):
            with pdfium:
                page = document[n]
                # A page as large as a poster is drawn as large as A4 would be.
                scale = min(DPI / 72, 2400 / max(page.get_width(), page.get_height(), 1))
                picture = page.render(scale=scale).to_pil().convert("RGB")
                page.close()
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=80, optimize=True)
            told = hashlib.sha256(data + n.to_bytes(4, "big")).hexdigest()
            yield ScanPage(file, n + 1, count, out.getvalue(), told, _visit(picture))
    finally:
        with pdfium:
            document.close()


def _opened(jpeg: bytes) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def _visit(picture: Any) -> str | None:
    """The visit that a page's code names; a small or blurred one is looked for again, larger and sharper."""
    import zxingcpp
    from PIL import Image, ImageFilter, ImageOps

    grey = ImageOps.autocontrast(picture.convert("L"), cutoff=1)
    larger = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    only = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for attempt in (grey, larger, larger.filter(ImageFilter.UnsharpMask(radius=4, percent=220))):
        for code in zxingcpp.read_barcodes(attempt, formats=only):
            visit = visit_of(code.text)
            if visit:
                return visit
    return None
