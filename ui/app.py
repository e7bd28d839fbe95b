"""Starting the window: input method, application, theme, error hook, the ledger, then the main window."""

import logging
import sys
import time
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

import resources
from commissioner_app import __version__, paths
from ui import inputmethod, theme
from ui.shell import errors

STARTED = time.perf_counter()


def open_window(args: Sequence[str]) -> int:
    """Open the window on the ledger that `--ledger` or a file argument names, else the last one used.

    `--smoke-window` closes it once it has been painted and prints how long that took. The exit code.
    """
    smoke = "--smoke-window" in args
    inputmethod.prepare()
    app = make_application()
    _log_to_file()
    errors.install(logging.getLogger("commissioner").error, __version__)
    wanted = _ledger_path(args)

    import ui.wizard.opening as opening

    ledger = opening.first_ledger(wanted)
    if ledger is None:
        return 0
    window = opening.show_main(ledger)
    if smoke:
        QTimer.singleShot(0, lambda: _report_start(window))
    code = app.exec()
    opening.close_all()
    return code


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


def _report_start(window: object) -> None:
    """Say when the window had been painted, then end: for the bundle's trial run and the benchmark."""
    app = QApplication.instance()
    assert app is not None
    app.processEvents()
    print(f"window {(time.perf_counter() - STARTED) * 1000:.0f} ms", flush=True)
    app.quit()
