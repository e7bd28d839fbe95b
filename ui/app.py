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
LISTEN_AFTER_MS = 1000
"""So long after the start later processes can hand over their packages; the start does not wait for it."""


def open_window(args: Sequence[str]) -> int:
    """Open the window on the ledger that `--ledger` or a file argument names, else the last one used.

    Packages among the arguments (a double click on one) are looked at in it; without a ledger the first of them
    is offered to make one from.
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
    packages = _files(args, ".ktpack")
    if packages and not _files(args, paths.SUFFIX) and _handed_over(packages):
        return 0
    _log_to_file()
    errors.install(logging.getLogger("commissioner").error, __version__)
    wanted = _ledger_path(args)
    frame = _show_frame(app) if wanted and _is_plain(wanted) else None
    if smoke and frame:
        print(f"frame {(time.perf_counter() - STARTED) * 1000:.0f} ms", flush=True)

    # Imported only now: what reads ledgers takes longer to load than the window to appear.
    import ui.wizard.opening as opening

    ledger = opening.first_ledger(wanted, packages)
    if ledger is None:
        return 0
    window = opening.show_main(ledger, frame)
    if packages:
        QTimer.singleShot(0, window, lambda: window.take_files(packages))
    if smoke:
        QTimer.singleShot(0, _report_start)
    QTimer.singleShot(LISTEN_AFTER_MS, app, _listen)
    code = app.exec()
    opening.close_all()
    return code


def _handed_over(packages: Sequence[Path]) -> bool:
    from ui.shell.handover import hand_over

    return hand_over(packages)


def _listen() -> None:
    """Take packages that are double-clicked from now on."""
    from ui.shell.handover import Listener
    from ui.wizard.opening import take_files

    app = QApplication.instance()
    assert app is not None
    app.aboutToQuit.connect(Listener(take_files, app).close)


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
    files = _files(args, paths.SUFFIX)
    return files[0] if files else paths.last_ledger()


def _files(args: Sequence[str], suffix: str) -> list[Path]:
    return [Path(w) for w in args if not w.startswith("-") and w.lower().endswith(suffix)]


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
