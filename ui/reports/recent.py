"""最近生成: the papers saved lately, to be made again or opened."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from commissioner_app import recent_papers
from commissioner_app.kinds import KINDS
from commissioner_app.recent_papers import Recent
from ui.context import Context
from ui.reports.icons import ICONS
from ui.reports.lines import Line, LineList
from ui.theme import Size
from ui.widgets.basic import label


class RecentList(QWidget):
    """`again` carries the Recent whose options are wanted; the menu of a row opens its file or takes it off the list."""

    again = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.TIGHT)
        self.head = label(self.tr("最近生成"), "caption")
        self.head.setContentsMargins(Size.GAP_MID, Size.GAP, 0, 0)
        self.list = LineList(self.tr("最近生成的材料"))
        self.list.setToolTip(self.tr("按 Enter 或双击再次生成；右键打开文件"))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.opened.connect(self.again)
        self.none = label(self.tr("保存过的材料列在这里，可以再次生成。"), "caption", wrap=True)
        self.none.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.GAP)
        column.addWidget(self.head)
        column.addWidget(self.none)
        column.addWidget(self.list, 1)
        column.addStretch(0)
        self.refresh()

    def refresh(self) -> None:
        """Read the list anew."""
        found = recent_papers.listed(self._context.ledger.path)
        lines = []
        for r in found:
            title = r.file.stem
            gone = "" if r.file.is_file() else self.tr(" · 文件已移走")
            when = f"{r.made:%Y-%m-%d %H:%M}{gone}"
            lines.append(Line(r, ICONS[r.wish.kind], title, when, f"{KINDS[r.wish.kind].title}\n{r.file}"))
        self.list.show_lines(lines)
        self.list.setVisible(bool(lines))
        self.none.setVisible(not lines)

    def _menu(self, at: QPoint) -> None:
        recent = self.list.current()
        if recent is None:
            return
        menu = self.menu_of(recent)
        item = self.list.itemAt(at)
        place = at if item is not None else self.list.visualItemRect(self.list.currentItem()).center()
        menu.exec(self.list.viewport().mapToGlobal(place))

    def menu_of(self, recent: Recent) -> QMenu:
        """What can be done with a paper of the list."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("再次生成")).triggered.connect(lambda: self.again.emit(recent))
        there = recent.file.is_file()
        open_ = menu.addAction(self.tr("打开文件"))
        open_.triggered.connect(lambda: open_path(recent.file))
        open_.setEnabled(there)
        folder = menu.addAction(self.tr("打开所在文件夹"))
        folder.triggered.connect(lambda: open_path(recent.file.parent))
        folder.setEnabled(recent.file.parent.is_dir())
        menu.addSeparator()
        menu.addAction(self.tr("从列表中移除")).triggered.connect(lambda: self._forget(recent))
        return menu

    def _forget(self, recent: Recent) -> None:
        recent_papers.forget(recent.file)
        self.refresh()


def open_path(path: Path) -> bool:
    """Show a file or folder by the program of the system; False where it has none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
