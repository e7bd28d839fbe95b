"""Import and export of the roster: the window and the file dialog, wherever they are asked for."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from commissioner_app import exports, paths
from ui.context import Context

if TYPE_CHECKING:
    from ui.importing.window import ImportWindow


def bring_in(owner: QWidget, context: Context) -> "ImportWindow":
    """Open 导入名单 at its first step: choose a file or paste a table."""
    from ui.importing.returned import look  # the page is shown without it
    from ui.importing.window import ImportWindow

    window = ImportWindow(context, owner, lambda book: look(context.ledger, book))
    window.imported.connect(lambda codes: _show_imported(owner, codes))
    window.open()
    return window


def preview(owner: QWidget, context: Context, path: Path) -> None:
    """Open 导入名单 with a file."""
    bring_in(owner, context).open_file(path)


def paste_in(owner: QWidget, context: Context) -> None:
    """Open 导入名单 with the table in the clipboard."""
    bring_in(owner, context).paste()


def _show_imported(owner: QWidget, codes: frozenset[str]) -> None:
    """Show in 特派员 who has just been imported."""
    what = {"chip": "imported", "codes": codes}
    wants, window = getattr(owner, "wants", None), owner.window()
    if wants is not None:
        wants.emit("commissioners", what)
    elif opens := getattr(window, "open", None):
        opens("commissioners", what)


def export_menu(owner: QWidget, context: Context) -> QMenu:
    """What of the roster can be written as a table."""
    menu = QMenu(owner)
    for text, kind in (
        (_tr("选派名单（改好后可再导入）…"), "roster"),
        (_tr("公示名单（隐去个人信息）…"), "notice"),
        (_tr("受援县安排表（改好后可再导入）…"), "assignments"),
    ):
        menu.addAction(text).triggered.connect(partial(_bring_out, owner, context, kind))
    return menu


def _bring_out(owner: QWidget, context: Context, kind: str, _checked: bool = False) -> None:
    bring_out(owner, context, kind)


def bring_out(owner: QWidget, context: Context, kind: str = "roster") -> None:
    """Choose where to, and write the roster, the public notice or the stays; ID numbers are masked."""
    year = context.batch.year if context.batch else None
    ledger = context.ledger
    kinds: dict[str, tuple[str, Callable[[Path], int]]] = {
        "roster": (_tr("选派名单"), lambda path: exports.export_roster(ledger, path, year)),
        "notice": (_tr("公示名单"), lambda path: exports.export_roster(ledger, path, year, notice=True)),
        "assignments": (_tr("受援县安排表"), lambda path: exports.export_assignments(ledger, path, year)),
    }
    title, run = kinds[kind]
    stem = paths.free_path(paths.documents(), f"{title}{year or ''}", ".xlsx")
    name, _ = QFileDialog.getSaveFileName(
        owner, _tr("导出{0}").format(title), str(stem), _tr("Excel 表格 (*.xlsx);;CSV (*.csv)")
    )
    if not name:
        return
    path = Path(name)

    def told(rows: int) -> None:
        context.said.emit(_tr("已导出 {0} 行到 {1}").format(f"{rows:,}", path.name), False)

    context.read(lambda: run(path), told, owner, "export")


def _tr(text: str) -> str:
    return QCoreApplication.translate("RosterTransfer", text)
