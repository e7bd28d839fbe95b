"""What stands above the board: the day, the filters, what is to be noted, and the buttons."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commissioner_app import assignments, pinyin, stay_notices
from commissioner_app.rows import PlaceRow
from ui import icons
from ui.assignments.noticebar import EMPTY, NoticeBar
from ui.assignments.reading import BoardRead
from ui.context import Context
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.chips import ChipRow
from ui.widgets.dateedit import DateField
from ui.widgets.flow import FlowLayout

FILTER_WIDTH = 220
TYPING_MS = 150
MOST_SAID = 8
"""Sentences in the tooltip of what is to be noted."""


class BoardTools(QWidget):
    """``narrowed`` comes when other cards are wanted; ``noticed`` carries what is looked into, "" for nothing."""

    narrowed = Signal()
    noticed = Signal(str)

    def __init__(self, context: Context, day: str) -> None:
        super().__init__()
        self._context = context
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self.narrowed)
        self.day = DateField(date.fromisoformat(day))
        self.day.setFixedWidth(136)
        self.day.setAccessibleName(self.tr("截至日期"))
        self.day.setToolTip(self.tr("看哪一天的安排；改安排时从这一天起"))
        self.today = button(self.tr("今天"))
        self.today.setToolTip(self.tr("回到今天的安排；服务期已过的，回到服务期最后一天"))
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("姓名、编号、单位、专业"))
        self.filter.setAccessibleName(self.tr("筛选卡片"))
        self.filter.setToolTip(self.tr("筛选卡片，拼音首字母也行（Ctrl+F）"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(FILTER_WIDTH)
        self.filter.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.textChanged.connect(lambda _text: self._typing.start())
        self.chips = ChipRow()
        self.chips.changed.connect(lambda _key: self.narrowed.emit())
        self.notices = NoticeBar()
        self.notices.changed.connect(self.noticed)
        self.notices.emptyWanted.connect(lambda: self.noticed.emit(EMPTY))
        self.move_button = button(self.tr("移到…"), icon="next")
        self.move_button.setToolTip(self.tr("把选中的名额移到一个县（M）"))
        self.fold = button(self.tr("详情"), icon="menu")
        self.fold.setCheckable(True)
        self.fold.setToolTip(self.tr("显示或收起右边的详情（Ctrl+D）"))
        self.hint = label("", "notice", tone="info", wrap=True)
        self._lay_out()
        self.heed_rights()

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(Size.GAP)
        top = QHBoxLayout()
        top.setSpacing(Size.GAP)
        caption = label(self.tr("截至"), "caption")
        caption.setBuddy(self.day)
        top.addWidget(caption)
        for part in (self.day, self.today, self.filter):
            top.addWidget(part)
        top.addStretch(1)
        top.addWidget(self.move_button)
        top.addWidget(self.fold)
        whole.addLayout(top)
        second = FlowLayout(spacing=Size.GAP)
        second.addWidget(self.chips)
        second.addWidget(self.notices)
        whole.addLayout(second)
        whole.addWidget(self.hint)

    def heed_rights(self) -> None:
        """Who may not move places sees why, before a click."""
        may = assignments.may_move(self._context.rights)
        self.move_button.setVisible(may)
        self.hint.setText("" if may else assignments.why_not(self._context.role))
        self.hint.setVisible(not may)

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        chips: list[QWidget] = list(self.chips.findChildren(QPushButton))
        first = [self.day, self.today, self.filter, self.move_button, self.fold]
        return [*first, *chips, *self.notices.buttons().values()]

    # -- filters ---------------------------------------------------------------------------------------

    def show_read(self, read: BoardRead) -> None:
        """Count the categories and point out what is to be noted."""
        chips: list[tuple[str, str, int | None]] = [("all", self.tr("全部"), len(read.places))]
        for category in read.categories:
            if count := sum(1 for p in read.places if p.category == category.id):
                chips.append((category.id, category.name, count))
        self.chips.set_chips(chips)
        name = self._context.divisions.name
        lines: list[tuple[str, str, int, str]] = []
        if outside := stay_notices.day_notice(self._context.batch, read.on):
            lines.append(("day", self.tr("日期在服务期外"), 1, outside))
        for kind, text in stay_notices.KINDS.items():
            if places := read.noticed(kind):
                lines.append((kind, text, len(places), self._said(read, kind)))
        # A county's ledger holds only its own: of the others nothing can be said there.
        if read.places and read.empty and assignments.may_move(self._context.rights):
            tip = self.tr("还没有名额：{0}").format("、".join(name(c) for c in read.empty))
            lines.append((EMPTY, self.tr("没有名额的县"), len(read.empty), tip))
        self.notices.show_lines(lines)

    def _said(self, read: BoardRead, kind: str) -> str:
        found = [
            f"{p.name or p.code}：{n.text}"
            for p in read.places
            for n in read.notices.get(p.id, ())
            if n.kind == kind
        ]
        more = [self.tr("……共 {0} 条").format(len(found))] if len(found) > MOST_SAID else []
        return "\n".join([*found[:MOST_SAID], *more, self.tr("点击只看这些名额")])

    def narrows(self) -> bool:
        """Whether any filter is on."""
        return bool(
            self.chips.current() not in ("", "all") or self.filter.text().strip() or self.notices.current()
        )

    def widen(self) -> None:
        """No filter, silently."""
        blocked = self.blockSignals(True)
        self.filter.clear()
        self.notices.clear_choice()
        self.chips.set_current("all")
        self.blockSignals(blocked)

    def wanted(self, read: BoardRead) -> Callable[[PlaceRow], bool]:
        """What the filters leave."""
        self._typing.stop()
        category, typed, kind = self.chips.current(), self.filter.text().strip(), self.notices.current()
        noticed = set(read.noticed(kind)) if kind else None

        def wanted(p: PlaceRow) -> bool:
            if category not in ("all", "", p.category) or (noticed is not None and p.id not in noticed):
                return False
            texts = (p.code, p.organisation_name, p.specialty, p.title, p.team_name)
            return not typed or pinyin.found(typed, *texts, people=[p.name])

        return wanted
