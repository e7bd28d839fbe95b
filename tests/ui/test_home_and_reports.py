"""工作台 and 报告 over a real ledger."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from commissioner_app import visits
from commissioner_app.ledgers import Ledger
from commissioner_app.pdfpages import PdfPages
from ui.home.page import HomePage
from ui.reports.page import ReportsPage
from ui.reports.printing import print_pages

Settle = Callable[[], None]


def test_home_counts_places_and_people_apart(
    open_page: Callable[..., HomePage], fresh_ledger: Ledger
) -> None:
    page = open_page(HomePage, fresh_ledger)
    assert page.cards["places"].number.text() == "38"
    assert "已录入 0 人" in page.cards["places"].note.text()
    assert page.cards["visits"].number.text() == "0"


def test_home_shows_figures_and_leads_to_the_pages(
    open_page: Callable[..., HomePage], demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(HomePage, demo_ledger)
    assert page.cards["visits"].number.text() == "207"
    assert page.cards["pending"].number.text() == "14"
    with qtbot.waitSignal(page.wants) as caught:
        qtbot.keyClick(page.cards["pending"], Qt.Key.Key_Return)
    assert caught.args == ["visits", {"state": "submitted"}]
    visit = page.model.visit(0).id
    with qtbot.waitSignal(page.wants) as caught:
        page.table.activated.emit(page.model.index(0, 0))
    assert caught.args == ["visits", visit]
    visits.delete(demo_ledger, [visit])
    qtbot.waitUntil(lambda: page.model.visit(0).id != visit, timeout=5000)


def test_the_preview_is_the_paper_and_is_saved(
    open_page: Callable[..., ReportsPage], demo_ledger: Ledger, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    page = open_page(ReportsPage, demo_ledger)
    qtbot.waitUntil(
        lambda: bool(page.preview._views) and page.preview._views[0].pixmap is not None, timeout=15_000
    )
    options = page.options
    assert options.title.text() == "关于2022年度科技特派员工作开展情况的报告"
    assert "7 个尚未录入人员" in page.notes.text()
    options.title.setText("关于演示的报告")
    options.next_steps.setPlainText("继续做好演示工作。")
    options.about.setCurrentIndex(options.about.findData("county"))
    qtbot.waitUntil(lambda: options.which.isVisible() and options.title.text() != "关于演示的报告")
    options.about.setCurrentIndex(options.about.findData("city"))
    options.title.setText("关于演示的报告")
    options.next_steps.setPlainText("继续做好演示工作。")
    out = tmp_path / "报告.pdf"
    page.save_to(out)
    qtbot.waitUntil(out.exists, timeout=15_000)
    settle()
    text = "".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(out.read_bytes()))
    assert "关于演示的报告" in text and "继续做好演示工作" in text.replace("\r\n", "")
    # The officer's words are kept with the ledger.
    again = open_page(ReportsPage, demo_ledger)
    assert again.options.title.text() == "关于演示的报告"


def test_pages_are_printed(demo_ledger: Ledger, tmp_path: Path, qapp: object) -> None:
    from commissioner_app import papers, statistics

    wish = papers.ReportWish(statistics.default_period(demo_ledger))
    written = papers.write_service_report(demo_ledger, wish, tmp_path / "r.pdf")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "p.pdf"))
    printer.setFullPage(True)
    printer.setResolution(72)
    printer.setFromTo(1, 6)
    pages = PdfPages(written.path)
    assert print_pages(pages, printer) == 6
    printed = pypdfium2.PdfDocument((tmp_path / "p.pdf").read_bytes())
    sizes = [printed.get_page_size(n) for n in range(len(printed))]
    assert [w > h for w, h in sizes] == [w > h for w, h in pages.sizes[:6]]
    assert sizes[5][0] > sizes[5][1]  # the annex lies across
