"""Draws docs/screenshots: every page of the real window and the wizard, light and dark, and the service report.

    python docs/make_screenshots.py [OUT]        (`python dev.py screenshots` does the same)

No screen is needed. The ledger is the training ledger (演示), made anew in a folder of its own, so nothing of
the user's is read or shown. What is not there in this version is named and left out.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
OUT = ROOT / "docs" / "screenshots"

WIDTH, HEIGHT = 1366, 768
REPORT_PAGES = 3
REPORT_WIDTH = 700

# Page, what it is asked to show ("" for nothing), and the picture's name. Rows are chosen in `_select`; what 数据交换
# shows comes from another laptop, see `_neighbour`.
SHOTS = (
    ("home", "", "home"),
    ("commissioners", "row", "commissioners"),
    ("teams", "row", "teams"),
    ("assignments", "row", "assignments"),
    ("recipients", "row", "recipients"),
    ("visits", "row", "visits"),
    ("visits", "new", "visit-new"),
    ("reports", "", "reports"),
    ("exchange", "send", "exchange-send"),
    ("exchange", "receive", "exchange-receive"),
    ("exchange", "conflicts", "exchange-inbox"),
    ("settings", "", "settings"),
)


def main(arguments: list[str]) -> int:
    """Draw all pictures; 0, or 1 if a page that exists could not be drawn."""
    out = Path(arguments[0]) if arguments else OUT
    out.mkdir(parents=True, exist_ok=True)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(prefix="commissioner-pictures-") as home:
        os.environ["COMMISSIONER_HOME"] = home
        failed = _windows(out)
        failed += _report(out)
        failed += _papers(out)
        sys.stdout.flush()
        if failed:
            print("not drawn: " + ", ".join(failed))
    return int(bool(failed))


def _windows(out: Path) -> list[str]:
    from commissioner_app import demo, exchange, paths
    from ui import theme
    from ui.app import make_application
    from ui.context import Context
    from ui.main_window import PAGES, LedgerWindow

    app = make_application()
    failed: list[str] = []
    for scheme in ("light", "dark"):
        theme.apply(app, scheme)
        folder = paths.documents() / scheme
        folder.mkdir(parents=True)
        ledger = demo.make(folder / "演示台账.ktledger", photos=True)
        package = _neighbour(ledger, folder)
        window: Any = LedgerWindow(Context(ledger))
        window.resize(WIDTH, HEIGHT)
        window.show()
        _settle(app)
        for key, what, name in SHOTS:
            if not _exists(PAGES[key][0]):
                print(f"{name}: no such page in this version")
                continue
            with _naming(f"{name}-{scheme}", failed):
                if what == "conflicts":
                    exchange.apply(ledger, package, accept=True)
                shown: Any = package if what == "receive" else what
                window.open(key, None if what in ("", "row") else shown)
                _settle(app)
                if what == "row":
                    _select(window.page(key))
                    _settle(app)
                _save(window.grab(), out / f"{name}-{scheme}.png")
                leave = getattr(window.page(key), "editor", None)
                if what == "new" and leave is not None:
                    leave.settle(lambda: None)
        with _naming(f"visits-…-{scheme}", failed):
            _visits(app, window, folder, out, scheme)
        with _naming(f"import-{scheme}", failed):
            _import(app, window, folder, out, scheme)
        window.hide()
        window.context.close()
        ledger.close()
        if _exists("ui.wizard.welcome"):
            _wizard(app, out, scheme, failed)
        else:
            print("wizard: not in this version")
    return failed


def _neighbour(ledger: Any, folder: Path) -> Path:
    """What 温县科技局 reports back from a laptop of its own: a visit it logged, and two that both have changed."""
    from commissioner_app import exchange, statistics, visits
    from commissioner_app.exchange.joining import create_from_package
    from commissioner_app.ledgers import NewLedger

    county, phrase = "温县", "演示口令2022"
    down = folder / "下发.ktpack"
    exchange.send(ledger, exchange.find(ledger, exchange.Wanted(county=county), True), down, phrase)
    wanted = NewLedger("county", county, actor="演示人员（县）")
    with create_from_package(folder / f"{county}.ktledger", wanted, down, phrase) as other:
        period = statistics.default_period(other)
        scope = statistics.resolve_scope(other, None, county=county)
        rowids = visits.listed_rowids(other, statistics.visit_filter(period, scope, states=()), "date", True)
        rows = visits.rows(other, rowids[:3])
        first, second, third = (rows[n].id for n in rowids[:3])
        for record, more in ((first, "，讲解轮作"), (second, "，发放技术资料")):
            opened = visits.open_visit(other, record)
            assert opened is not None
            text = str(opened.values.get("content") or "").rstrip("。")
            trained = opened.values.get("trained") or 0
            visits.save(ledger, record, {"content": text + "，现场示范", "trained": trained + 3})
            visits.save(other, record, {"content": text + more, "trained": trained + 5})
        copy = visits.duplicate_values(other, third)
        copy["time"] = [period.end, None, "9:00", "16:30", 2]
        visits.save(other, None, copy, submit=True)
        bureau = exchange.find(other, exchange.Wanted(bureau=True), False)
        up = folder / exchange.file_name(other, bureau)
        exchange.send(other, bureau, up)
    return up


def _import(app: Any, window: Any, folder: Path, out: Path, scheme: str) -> None:
    """A list as offices send it, over its columns and in the rehearsal."""
    import xlsxwriter

    from ui.commissioners import transfer

    path = folder / "2022年科技特派员名单（演示）.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("名单")
    middle = book.add_format({"align": "center"})
    sheet.merge_range("A1:G1", "2022年度科技特派员名单（演示）", middle)
    sheet.write("A2", "单位：演示局")
    sheet.write("F2", "2022年4月")
    for c, name in enumerate(("序号", "姓名", "工作单位", "专业技术职务", "专业特长", "手机", "服务县")):
        sheet.write(2, c, name)
    rows: list[tuple[Any, ...]] = [
        ("一、省派科技特派员",),
        (1, "演　示甲", "演示农业大学", "教授", "植物保护", 13900000001.0, "温县"),
        (2, "演示乙", "演示农业大学", "副教授", "土壤肥料", "１３９００００００02", "修武"),
        (3, "演示一", "河南师范学院", "讲师", "中药材", "13800000001", "修武县"),
        (4, "演示丁", "演示研究院", "研究员", "食用菌", "1390000", "博爱县"),
        ("小计", "4人"),
        ("二、校派科技特派员",),
        (5, "演示戊", "河南农业大学", "教授", "果树", "13900000005", "待安排"),
        ("注：本表为演示数据。",),
    ]
    for n, row in enumerate(rows, 3):
        for c, value in enumerate(row):
            sheet.write(n, c, value)
    book.close()
    window.goto("commissioners")
    _settle(app)
    opened = transfer.bring_in(window.page("commissioners"), window.context)
    opened.open_file(path)
    _settle(app)
    _save(opened.grab(), out / f"import-columns-{scheme}.png")
    opened.forward()
    _settle(app)
    _save(opened.grab(), out / f"import-rehearsal-{scheme}.png")
    opened.reject()
    _settle(app)


def _visits(app: Any, window: Any, folder: Path, out: Path, scheme: str) -> None:
    import visit_pictures

    visit_pictures.draw(
        window,
        lambda: _settle(app),
        lambda picture, name: _save(picture, out / f"{name}-{scheme}.png"),
        folder,
    )


def _wizard(app: Any, out: Path, scheme: str, failed: list[str]) -> None:
    """The first step of the welcome wizard."""
    from PySide6.QtWidgets import QDialog, QWizard

    with _naming(f"wizard-{scheme}", failed):
        module = import_module("ui.wizard.welcome")
        kind = next(
            v for v in vars(module).values()
            if isinstance(v, type) and issubclass(v, (QDialog, QWizard)) and v.__module__ == module.__name__
        )  # fmt: skip
        wizard: Any = kind()
        wizard.show()
        _settle(app)
        _save(wizard.grab(), out / f"wizard-{scheme}.png")
        wizard.close()


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _select(page: Any) -> None:
    """Choose a row, so that the detail beside the list shows something."""
    table = getattr(page, "table", None)
    if table is not None and table.model() is not None and table.model().rowCount() > 0:
        table.selectRow(min(2, table.model().rowCount() - 1))


def _settle(app: Any) -> None:
    """Let everything be read and painted."""
    from PySide6.QtCore import QEventLoop, QTimer

    from ui import tasks

    loop = QEventLoop()

    calm = 0

    def look() -> None:
        nonlocal calm
        calm = 0 if tasks.busy() else calm + 1
        if calm < 20:  # what is read may set off the next reading a moment later
            QTimer.singleShot(30, look)
        else:
            loop.quit()

    QTimer.singleShot(200, look)
    loop.exec()
    for _ in range(5):
        app.processEvents()


def _save(pixmap: Any, path: Path) -> None:
    """As a PNG of at most 256 colours where that changes nothing visible: a third of the size."""
    from PIL import Image
    from PySide6.QtGui import QImage

    image = pixmap.toImage().convertToFormat(QImage.Format.Format_RGB888)
    size = (image.width(), image.height())
    picture = Image.frombuffer("RGB", size, bytes(image.constBits()), "raw", "RGB", image.bytesPerLine(), 1)
    _write(picture, path)


def _write(picture: Any, path: Path) -> None:
    from PIL import Image

    small = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} KB")


def _report(out: Path) -> list[str]:
    """The first pages of the service report, as the command line prints it."""
    import pypdfium2

    from commissioner_app import ledgers, papers, paths, statistics

    failed: list[str] = []
    with _naming("report-service", failed):
        pdf = paths.documents() / "服务工作报告.pdf"
        with ledgers.open_ledger(paths.documents() / "light" / "演示台账.ktledger") as ledger:
            wish = papers.ReportWish(statistics.default_period(ledger))
            papers.write_service_report(ledger, wish, pdf)
        document = pypdfium2.PdfDocument(str(pdf))
        last = len(document) - 1
        wanted = sorted({*range(min(REPORT_PAGES, last + 1)), last})
        for n in wanted:
            page = document[n]
            picture = page.render(scale=REPORT_WIDTH / page.get_width()).to_pil().convert("RGB")
            name = "last" if n == last else str(n + 1)
            _write(picture, out / f"report-service-{name}.png")
        document.close()
    return failed


def _papers(out: Path) -> list[str]:
    """A sheet of contact prints: the first page of every kind of paper."""
    import pypdfium2
    from PIL import Image

    from commissioner_app import batches, ledgers, paths, places, registers, statistics, visit_sheets
    from commissioner_app.statistics import Scope

    failed: list[str] = []
    with (
        _naming("papers", failed),
        ledgers.open_ledger(paths.documents() / "light" / "演示台账.ktledger") as ledger,
    ):
        period = statistics.default_period(ledger)
        place = places.listed(ledger, batches.all_batches(ledger)[0])[0]
        visit = statistics.listed_visits(ledger, period, Scope(place=place.id))[0]
        folder = paths.documents()
        made = [folder / f"{n}.pdf" for n in range(6)]
        registers.write(ledger, registers.roster_register(ledger), made[0])
        registers.write(ledger, registers.roster_register(ledger, notice=True), made[1])
        registers.write(ledger, registers.visit_register(ledger, period, Scope()), made[2])
        registers.write(ledger, registers.statistics_register(ledger, period, Scope()), made[3])
        visit_sheets.write(ledger, [visit.id], made[4])
        visit_sheets.write_blank(ledger, made[5])
        width, height, gap = 460, 470, 14
        sheet = Image.new("RGB", (3 * (width + gap) + gap, 2 * (height + gap) + gap), "#d9dedb")
        for n, pdf in enumerate(made):
            with pypdfium2.PdfDocument(str(pdf)) as document:
                page = document[0]
                scale = min(width / page.get_width(), height / page.get_height())
                picture = page.render(scale=2 * scale).to_pil().convert("RGB")
            picture = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
            at = (gap + n % 3 * (width + gap) + (width - picture.width) // 2, gap + n // 3 * (height + gap))
            sheet.paste(picture, at)
        _write(sheet, out / "papers.png")
    return failed


@contextmanager
def _naming(what: str, failed: list[str]) -> Iterator[None]:
    """One picture that cannot be drawn does not keep the others from it."""
    try:
        yield
    except Exception as error:
        print(f"{what}: {type(error).__name__}: {error}")
        failed.append(what)


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)  # windows and their threads need no orderly end here
