"""ReportLab's document made lean: no font that is not embedded, packed pages, written as a stream.

ReportLab keeps every page as text and objects until the end and joins the whole file in memory; a list of
100,000 visits has thousands of pages.
"""

import zlib
from types import SimpleNamespace
from typing import Any, BinaryIO

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen.canvas import Canvas

_NO_FONT = "KTNone"


def new_canvas(out: BinaryIO) -> Any:
    """A canvas whose bytes depend on what is drawn only.

    It is without ReportLab's initial Helvetica, which would stay in the file as a font not embedded: the
    stand-in registered here looks like a font that is put in when it is first used, and never is.
    """
    face = SimpleNamespace(name=_NO_FONT)
    pdfmetrics.registerFont(SimpleNamespace(fontName=_NO_FONT, _dynamicFont=1, _multiByte=1, face=face))
    return Canvas(out, invariant=1, pageCompression=0, initialFontName=_NO_FONT, lang="zh-CN")


def show_page(canvas: Any) -> None:
    """Ends the canvas's page and keeps of it only its packed bytes."""
    doc = canvas._doc
    name = doc.thisPageName()
    canvas.showPage()
    page = doc.idToObject[name]
    content = zlib.compress(page.stream.encode("latin-1"))
    head = f"<< /Filter /FlateDecode /Length {len(content)} >>\nstream\n".encode()
    page.Contents, page.Trans = _Written(head + content + b"\nendstream\n"), None
    doc.idToObject[name] = _Written(page.format(doc))
    doc.Pages.pages[-1] = doc.Reference(page)


def save(canvas: Any, out: BinaryIO) -> None:
    """Writes the document object by object, as PDFDocument.GetPDFData and .format do, but at once."""
    doc = canvas._doc
    for font in doc.delayedFonts:
        font.addObjects(doc)
    doc.info.invariant = doc.invariant
    doc.info.digest(doc.signature)
    catalog, info = doc.Reference(doc.Catalog), doc.Reference(doc.info)
    doc.Outlines.prepare(doc, canvas)
    if doc.Outlines.ready < 0:
        doc.Catalog.Outlines = None
    file = _File(out, doc._pdfVersion)
    names: list[str] = []
    while (name := doc.numberToId.get(len(names) + 1)) is not None:  # grows while objects are written
        written = pdfdoc.PDFIndirectObject(name, doc.idToObject[name]).format(doc)
        doc.idToOffset[name] = file.add(written)
        names.append(name)
    table = pdfdoc.PDFCrossReferenceTable()
    table.addsection(0, names)
    start = file.add(table.format(doc))
    size = len(names) + 1
    trailer = pdfdoc.PDFTrailer(startxref=start, Size=size, Root=catalog, Info=info, ID=doc.ID())
    file.add(trailer.format(doc))


class _File(pdfdoc.PDFFile):
    """ReportLab's file, written through instead of collected."""

    def __init__(self, out: BinaryIO, version: tuple[int, int]) -> None:
        super().__init__(version)
        for part in self.strings:
            out.write(part)
        self.strings.clear()
        self.write = out.write


class _Written(pdfdoc.PDFObject):
    """An object of the PDF that is set in bytes already and needs no more room than they do."""

    __RefOnly__ = 1

    def __init__(self, content: bytes) -> None:
        self._content = content

    def format(self, document: object) -> bytes:
        """The object's bytes, for ReportLab."""
        return self._content
