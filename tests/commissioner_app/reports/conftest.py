"""Fixtures of the report tests: fonts loaded once, and a PDF read back as a reader would see it."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
import pypdfium2 as pdfium
import pytest

from commissioner_app.reports.data import ServiceReportData
from commissioner_app.reports.fonts import FontSet
from commissioner_app.reports.service import PaperInfo, write_service_report


@dataclass(frozen=True)
class Printed:
    """A report and what can be read from it."""

    info: PaperInfo
    content: bytes

    def pages(self) -> list[str]:
        """The text of every page."""
        with pdfium.PdfDocument(self.content) as document:
            return [page.get_textpage().get_text_bounded() for page in document]

    def text(self) -> str:
        """All text without line ends and spaces."""
        return "".join("".join(self.pages()).split())

    def open(self) -> pikepdf.Pdf:
        """The file's objects."""
        return pikepdf.open(io.BytesIO(self.content))


@pytest.fixture(scope="session")
def fonts() -> FontSet:
    return FontSet()


@pytest.fixture
def printed(fonts: FontSet) -> Callable[[ServiceReportData], Printed]:
    def write(data: ServiceReportData) -> Printed:
        out = io.BytesIO()
        info = write_service_report(data, out, fonts)
        return Printed(info, out.getvalue())

    return write
