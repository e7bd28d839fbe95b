"""The menu of the selected cards, by the right button or the menu key."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from commissioner_app import assignments

if TYPE_CHECKING:
    from ui.assignments.page import AssignmentsPage


def card_menu(page: "AssignmentsPage", at: QPoint) -> QMenu:
    """Open it at a point of the screen and return it."""
    menu = QMenu(page)
    tr, board = page.tr, page.board
    chosen, may = board.selected_ids(), assignments.may_move(page._context.rights)
    current = board.current()
    menu.addAction(tr("查看详情\tEnter")).triggered.connect(lambda: board.opened.emit())
    if current is not None:
        place = current.place.id
        menu.addAction(tr("特派员资料")).triggered.connect(lambda: page.wants.emit("commissioners", place))
    if may:
        menu.addSeparator()
        menu.addAction(tr("移到…\tM")).triggered.connect(lambda: page.mover.ask(at))
        menu.addAction(tr("剪切\tCtrl+X")).triggered.connect(lambda: board.cut(chosen))
        paste = menu.addAction(tr("放到这一列\tCtrl+V"))
        here = board.here()
        paste.setEnabled(bool(board.cut_ids()) and here is not None)
        paste.triggered.connect(lambda: board.paste(here.county if here is not None else ""))
        menu.addAction(tr("放回待安排")).triggered.connect(lambda: page.mover.assign(chosen, ""))
    menu.popup(at)
    return menu
