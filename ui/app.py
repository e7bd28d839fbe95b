"""Starting the window: input method, application, theme, error hook, the ledger, then the main window."""

import logging
import os
import sys
import time
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

import resources
from commissioner_app import __version__, paths
from ui import inputmethod, theme
from ui.shell import errors

if TYPE_CHECKING:
    from ui.main_window import LedgerWindow

STARTED = time.perf_counter()


def open_window(args: Sequence[str]) -> int:
    """Open the window on the ledger that `--ledger` or a file argument names, else the last one used.

    `--smoke-window` closes it once it has been painted and prints how long that took. The exit code.
    """
    smoke = "--smoke-window" in args
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in screens):
        print(
            "没有检测到图形界面，窗口无法打开；命令行仍可使用，见 commissioner-app --help。", file=sys.stderr
        )
        return 1
    inputmethod.prepare()
    app = make_application()
    _log_to_file()
    errors.install(logging.getLogger("commissioner").error, __version__)
    wanted = _ledger_path(args)
    frame = _show_frame(app) if wanted and _is_plain(wanted) else None
    if smoke and frame:
        print(f"frame {(time.perf_counter() - STARTED) * 1000:.0f} ms", flush=True)

    # Imported only now: what reads ledgers takes longer to load than the window to appear.
    import ui.wizard.opening as opening

    ledger = opening.first_ledger(wanted)
    if ledger is None:
        return 0
    opening.show_main(ledger, frame)
    if smoke:
        QTimer.singleShot(0, _report_start)
    code = app.exec()
    opening.close_all()
    return code


def _show_frame(app: QApplication) -> "LedgerWindow":
    """The window's frame, painted; its ledger is opened while the user looks at it."""
    from ui.main_window import LedgerWindow

    frame = LedgerWindow()
    frame.restore_place()
    frame.show()
    for _ in range(2):
        app.processEvents()
    return frame


def _is_plain(path: Path) -> bool:
    """Whether a ledger will most likely open without a question: then the frame can come first."""
    try:
        with open(path, "rb") as file:
            return file.read(16) == b"SQLite format 3\x00"
    except OSError:
        return False


def make_application() -> QApplication:
    """The application with fonts, theme and Qt's own Chinese texts."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("commissioner-app")
    app.setApplicationDisplayName("科技特派员服务台账")
    app.setApplicationVersion(__version__)
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    theme.install_fonts(resources.path("fonts"))
    mode = paths.read_settings().get("theme", "system")
    theme.apply(app, mode if mode in ("system", "light", "dark") else "system")
    return app


def _ledger_path(args: Sequence[str]) -> Path | None:
    words = list(args)
    for n, word in enumerate(words):
        if word == "--ledger" and n + 1 < len(words):
            return Path(words[n + 1])
        if word.startswith("--ledger="):
            return Path(word.split("=", 1)[1])
    files = [w for w in words if not w.startswith("-")]
    return Path(files[0]) if files else paths.last_ledger()


def _log_to_file() -> None:
    folder = paths.log_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "commissioner-app.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8"
        )
    except OSError:
        return  # a window without a log is better than none
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("commissioner")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)


def _report_start() -> None:
    """Say when the window had been painted, then end: for the bundle's trial run and the benchmark."""
    app = QApplication.instance()
    assert app is not None
    app.processEvents()
    print(f"window {(time.perf_counter() - STARTED) * 1000:.0f} ms", flush=True)
    app.quit()
