"""Pictures of what 服务记录 has besides its list: calendar, timeline, review, doubts, a paste, signed sheets."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

PASTED = (
    "7月3日上午到温县祥云镇大玉兰村指导铁棍山药种植，现场培训32人，解决线虫病问题\n"
    "7.5-7.6 在武德镇看地黄苗情，入户11户，引进脱毒种苗\n"
    "上周五下午修武七贤镇电话指导合作社菊花打顶"
)


def draw(window: Any, settle: Callable[[], None], save: Callable[[Any, str], None], folder: Path) -> None:
    """Draw them from a window over the training ledger; `save` gets a pixmap and its name."""
    window.open("visits", {})
    settle()
    page = window.page("visits")
    page.table.selectRow(2)
    settle()
    page.editor.closed.emit()
    page.bar.switch.choose("calendar")
    settle()
    page.views.calendar.go_to(date(2022, 9, 14))
    settle()
    save(window.grab(), "visits-calendar")
    page.bar.switch.choose("timeline")
    settle()
    save(window.grab(), "visits-timeline")
    page.bar.switch.choose("table")
    page.show_item({"state": "doubt"})
    settle()
    save(window.grab(), "visits-doubts")
    page.show_item({})
    settle()
    page.review()
    settle()
    save(window.grab(), "visits-review")
    page.show_item({})
    settle()
    _paste(page, settle, save)
    _signed(window, page, settle, save, folder)


def _paste(page: Any, settle: Callable[[], None], save: Callable[[Any, str], None]) -> None:
    from ui.visits.paste import PasteDialog

    dialog = PasteDialog(page._context, page)
    dialog.show()
    dialog.text.setPlainText(PASTED)
    dialog.read()
    settle()
    save(dialog.grab(), "visits-paste")
    dialog.text.replace_all("")
    settle()
    dialog.reject()


def _signed(
    window: Any, page: Any, settle: Callable[[], None], save: Callable[[Any, str], None], folder: Path
) -> None:
    """Three printed sheets and a page without a code, scanned into one file."""
    import pypdfium2
    from PIL import Image

    from commissioner_app import visit_sheets
    from ui.visits.signed import SignedDialog

    ids = [page.model.visit(row).id for row in range(3)]
    sheets = folder / "记录单.pdf"
    visit_sheets.write(page._context.ledger, ids, sheets)
    with pypdfium2.PdfDocument(io.BytesIO(sheets.read_bytes())) as document:
        pages = [document[n].render(scale=150 / 72).to_pil().convert("RGB") for n in range(len(document))]
    width, height = pages[0].size
    pages.insert(1, Image.new("RGB", (width, height), "white"))
    pages[1].paste(pages[0].crop((0, height // 5, width, height)), (0, 0))  # its code was cut off
    scan = folder / "签字单扫描件.pdf"
    pages[0].save(scan, save_all=True, append_images=pages[1:], resolution=150)
    page.editor.closed.emit()
    settle()
    page.take_files([scan])
    settle()
    settle()
    found = [d for d in window.findChildren(SignedDialog) if d.isVisible()]
    save(found[0].grab(), "visits-signed")
    found[0].reject()
    settle()
