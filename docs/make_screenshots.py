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

# Page, what it is asked to show ("" for nothing), and the picture's name. Rows are chosen in `_select`.
SHOTS = (
    ("home", "", "home"),
    ("commissioners", "row", "commissioners"),
    ("teams", "row", "teams"),
    ("assignments", "row", "assignments"),
    ("visits", "row", "visits"),
    ("visits", "new", "visit-new"),
    ("reports", "", "reports"),
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
        sys.stdout.flush()
        if failed:
            print("not drawn: " + ", ".join(failed))
    return int(bool(failed))


def _windows(out: Path) -> list[str]:
    from commissioner_app import demo, paths
    from ui import theme
    from ui.app import make_application
    from ui.context import Context
    from ui.main_window import PAGES, LedgerWindow

    app = make_application()
    ledger = demo.make(paths.documents() / "演示台账.ktledger")
    failed: list[str] = []
    for scheme in ("light", "dark"):
        theme.apply(app, scheme)
        window: Any = LedgerWindow(Context(ledger))
        window.resize(WIDTH, HEIGHT)
        window.show()
        _settle(app)
        for key, what, name in SHOTS:
            if not _exists(PAGES[key][0]):
                print(f"{name}: no such page in this version")
                continue
            with _naming(f"{name}-{scheme}", failed):
                window.open(key, what if what == "new" else None)
                _settle(app)
                if what == "row":
                    _select(window.page(key))
                    _settle(app)
                _save(window.grab(), out / f"{name}-{scheme}.png")
                leave = getattr(window.page(key), "editor", None)
                if what == "new" and leave is not None:
                    leave.settle(lambda: None)
        window.hide()
        window.context.close()
        if _exists("ui.wizard.welcome"):
            _wizard(app, out, scheme, failed)
        else:
            print("wizard: not in this version")
    ledger.close()
    return failed


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
        with ledgers.open_ledger(paths.documents() / "演示台账.ktledger") as ledger:
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
