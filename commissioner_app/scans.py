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


LOOKED = 5
"""Pages of a PDF at which a code is looked for in passing."""

_GLANCE = 1400
"""Pixels of a picture's longer side that are enough for that, at least."""


def coded(files: Sequence[Path], check: Callable[[], None] | None = None) -> list[Path]:
    """Those of some files that bear the code of a sheet, told in passing; nothing is said about the others.

    check may raise to give up.
    """
    from PIL import Image

    found = []
    for file in files:
        if check:
            check()
        try:
            if is_scan(file) and any(_visit(picture, quickly=True) for picture in _glances(file)):
                found.append(file)
        except (Refused, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            continue  # whoever takes the file says what is wrong with it
    return found


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
    data = _bytes(file)
    for n, count, picture in _drawn(file, data):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=80, optimize=True)
        told = hashlib.sha256(data + n.to_bytes(4, "big")).hexdigest()
        yield ScanPage(file, n + 1, count, out.getvalue(), told, _visit(picture))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(f"“{file.name}”已损坏、设有密码或不是 PDF，没有读入。") from error


def _drawn(file: Path, data: bytes) -> Generator[tuple[int, int, Any]]:
    """The pages of a PDF: number from 0, how many there are, the picture. Raises Refused."""
    import pypdfium2

    try:
        with pdfium:
            document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
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
            yield n, count, picture
    finally:
        with pdfium:
            document.close()


def _glances(file: Path) -> Generator[Any]:
    """The first pages of a file, or the picture that it is, small enough to be looked at in passing."""
    from PIL import Image

    if file.suffix.lower() == ".pdf":
        for n, _count, picture in _drawn(file, _bytes(file)):
            if n == LOOKED:
                return
            yield picture
    elif file.suffix.lower() in (".heic", ".heif"):
        yield _opened(photos.read(file).data)
    else:
        with Image.open(file) as found:
            if found.width * found.height <= photos.MOST_PIXELS:
                found.draft("L", (_GLANCE, _GLANCE))  # the decoder of JPEG scales on the way
                small = found.convert("L")
                small.thumbnail((2 * _GLANCE, 2 * _GLANCE))
                yield small


def _opened(jpeg: bytes) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def _visit(picture: Any, quickly: bool = False) -> str | None:
    """The visit that a page's code names; unless `quickly` one that is small or blurred is looked for larger and sharper."""
    from PIL import Image, ImageFilter, ImageOps

    grey = ImageOps.autocontrast(picture.convert("L"), cutoff=1)
    if (visit := _named(grey)) or quickly:
        return visit
    larger = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    return _named(larger) or _named(larger.filter(ImageFilter.UnsharpMask(radius=4, percent=220)))


def _named(picture: Any) -> str | None:
    import zxingcpp

    only = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for code in zxingcpp.read_barcodes(picture, formats=only):
        if visit := visit_of(code.text):
            return visit
    return None
