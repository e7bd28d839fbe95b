"""Printing a PDF by the system's dialog: pages are drawn as pictures at the printer's resolution."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRect
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from commissioner_app.pdfpages import PdfPages
from ui.context import Context
from ui.reports.preview import image_of

DPI = 300
"""Enough for text on any office printer; more only makes the job larger."""


def print_pdf(parent: QWidget, context: Context, path: Path, name: str) -> None:
    """Ask for printer and pages, then print; tells when nothing could be printed."""
    pages = PdfPages(path)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setFullPage(True)
    printer.setResolution(DPI)
    dialog = QPrintDialog(printer, parent)
    dialog.setMinMax(1, len(pages))
    if dialog.exec() == QDialog.DialogCode.Accepted:
        print_pages(pages, printer)
        context.said.emit(
            QCoreApplication.translate("Printing", "已送到打印机：{0}").format(printer.printerName()), False
        )
    pages.close()


def print_pages(pages: PdfPages, printer: QPrinter) -> int:
    """Draw the pages that the printer is set to; how many were printed. Landscape pages turn the sheet."""
    first = printer.fromPage() or 1
    last = printer.toPage() or len(pages)
    painter = QPainter()
    printed = 0
    for n in range(first - 1, min(last, len(pages))):
        width, height = pages.sizes[n]
        turned = QPageLayout.Orientation.Landscape if width > height else QPageLayout.Orientation.Portrait
        printer.setPageOrientation(turned)
        if not painter.isActive():
            if not painter.begin(printer):
                break
        else:
            printer.newPage()
        scale = printer.resolution() / 72
        image = image_of(pages.render(n, scale))
        painter.drawImage(QRect(0, 0, image.width(), image.height()), image)
        printed += 1
    if painter.isActive():
        painter.end()
    return printed
