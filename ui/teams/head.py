"""The head of a team's detail: its name and level, what may be done with it, and its totals of the period."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from commissioner_app import teams
from ui.context import Context
from ui.teams.fields import FigureRow
from ui.teams.model import Line
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.pill import Pill


class TeamHead(QWidget):
    """``deleteWanted`` comes by the menu; a team that is being made has no totals yet."""

    deleteWanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._title = label("", "cardtitle", wrap=True)
        self._pill = Pill()
        self._hint = label(self.tr("保存后添加成员和约定任务。"), "caption")
        self.figures = FigureRow()
        self.more = button(self.tr("更多操作"), "tool", icon="more")
        menu = QMenu(self)
        self.delete_action = menu.addAction(self.tr("删除服务团"))
        self.delete_action.triggered.connect(lambda: self.deleteWanted.emit())
        self.more.setMenu(menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.TIGHT + 2)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        row.addWidget(self._title, 1)
        row.addWidget(self._pill)
        row.addWidget(self.more)
        column.addLayout(row)
        column.addWidget(self._hint)
        column.addWidget(self.figures)

    def show_line(self, line: Line | None) -> None:
        """Show a team, None for one that is being made."""
        self._title.setText(line.team.name if line else self.tr("新建服务团"))
        self._pill.set(line.team.level if line else "", "accent")
        self._hint.setVisible(line is None)
        self.figures.setVisible(line is not None)
        self.more.setVisible(line is not None and teams.may_change(self._context.rights))
        if line is not None:
            period = self._context.period
            self.figures.show_figures(line.figures, period.label or period.text)
