"""The panel beside the board: the stays of one place with their agreements, and 变动记录."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from commissioner_app import assignments, moves, stay_notices
from commissioner_app.ledgers import Outcome
from commissioner_app.rows import PlaceRow
from ui.assignments.cards import CardText
from ui.assignments.stay import Stay, StaySheet, read_stays
from ui.assignments.trail import TrailView
from ui.clearing import clear
from ui.context import Context
from ui.history.conflicts import ConflictBar
from ui.theme import Size
from ui.widgets.basic import button, label, restyle, rule, scroll, tabs
from ui.widgets.card import Card
from ui.widgets.pill import Pill

WIDTH = 372


class StayPanel(Card):
    """``settled`` comes after a save, ``filled`` with other fields; ``moveWanted`` and ``addWanted`` by the
    buttons; ``left`` by Esc."""

    settled = Signal()
    filled = Signal()
    moveWanted = Signal()
    addWanted = Signal()
    personWanted = Signal(str)
    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._context = context
        self._card: CardText | None = None
        self._on = ""
        self._several = 0
        self._saving = self._own = self._entering = False
        self._sheets: list[StaySheet] = []
        self.setFixedWidth(WIDTH)
        self._title = label("", "cardtitle")
        self._pill = Pill()
        self._caption = label("", "caption", wrap=True)
        self.notice = label("", "notice", tone="warn", wrap=True)
        self.notice.hide()
        self.rights = label("", "notice", tone="info", wrap=True)
        self.rights.hide()
        self.conflicts = ConflictBar(context)
        self.move_button = button(self.tr("移到…"), on_click=self.moveWanted.emit)
        self.move_button.setToolTip(self.tr("移到另一个县（M）"))
        self.person_button = button(
            self.tr("特派员资料"),
            "link",
            on_click=lambda: self.personWanted.emit(self._card.place.id if self._card else ""),
        )
        self.tabs = tabs(self.tr("安排"), self.tr("变动记录"))
        self.tabs.setAccessibleName(self.tr("安排、变动记录"))
        self.stack = QStackedWidget()
        holder = QWidget()
        self._stays = QVBoxLayout(holder)
        self._stays.setContentsMargins(1, Size.GAP, Size.GAP + 2, Size.GAP)
        self._stays.setSpacing(Size.GAP_MID - 4)
        self.trail = TrailView()
        self.stack.addWidget(scroll(holder))
        self.stack.addWidget(self.trail)
        self.tabs.currentChanged.connect(self._turn)
        self.add_button = button(self.tr("添加一段"), on_click=self.addWanted.emit)
        self.add_button.setToolTip(self.tr("在另一个县再添加一段安排，原有的保留"))
        self.save_button = button(self.tr("保存"), "primary", shortcut="Ctrl+S", on_click=self.save)
        self.discard_button = button(self.tr("放弃修改"), on_click=self.discard)
        self._lay_out()
        escape = QShortcut(QKeySequence("Esc"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.left.emit)
        self.show_card(None, "")

    def _lay_out(self) -> None:
        self.body.setSpacing(Size.TIGHT + 2)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP)
        head.addWidget(self._title)
        head.addWidget(self._pill)
        head.addStretch(1)
        head.addWidget(self.move_button)
        self.body.addLayout(head)
        second = QHBoxLayout()
        second.addWidget(self._caption, 1)
        second.addWidget(self.person_button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(second)
        for part in (self.notice, self.rights, self.conflicts, self.tabs):
            self.body.addWidget(part)
        self.body.addWidget(self.stack, 1)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, Size.GAP, 0, 0)
        foot.setSpacing(Size.GAP)
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        foot.addWidget(self.discard_button)
        foot.addWidget(self.save_button)
        self.body.addWidget(self._foot)
        self._rest = QWidget()  # keeps the words at the top while nothing is chosen
        self.body.addWidget(self._rest, 1)

    # -- showing ---------------------------------------------------------------------------------------

    def card(self) -> CardText | None:
        """The card that is shown."""
        return self._card

    def sheets(self) -> list[StaySheet]:
        """The stays shown, the latest first."""
        return self._sheets

    def enter(self) -> None:
        """Put the keyboard into the first field, now or as soon as it is there."""
        self._entering = not self._sheets
        if self._sheets:
            self._sheets[0].period.setFocus()

    def show_card(self, card: CardText | None, on: str, several: int = 0) -> None:
        """Show a card as of a day, one of `several` selected; the same again keeps what is being typed."""
        same = card is not None and self._card is not None and card.place.id == self._card.place.id
        self._card, self._on, self._several = card, on, several
        for part in (self.tabs, self.stack, self.move_button, self.person_button):
            part.setVisible(card is not None)
        self._rest.setVisible(card is None)
        if card is None:
            self._title.setText(self.tr("未选中名额"))
            self._pill.set("", "plain")
            self._caption.setText(self.tr("在左边选中一个名额，这里显示它的安排、乡镇和三方协议。"))
            self._clear()
            self.notice.hide()
            self.rights.hide()
            self.conflicts.hide()
            self._edited()
            return
        place = card.place
        self._title.setText(card.title)
        self._pill.set(place.category_name, card.tone)
        parts = [place.code if place.name else self.tr("待录入"), place.organisation_name, place.specialty]
        if several > 1:
            parts.append(self.tr("选中的 {0} 个之一").format(several))
        self._caption.setText(" · ".join(part for part in parts if part))
        if self._saving or (same and self.dirty() and not self._own):
            return
        if not same:
            self._clear()
        own, self._own = self._own, False
        ledger = self._context.ledger
        self._context.read(
            lambda: read_stays(ledger, place), lambda found: self._show(place, found, own), self, "stays"
        )
        if self.tabs.currentIndex() == 1:
            self._turn(1)

    def _show(self, place: PlaceRow, found: list[Stay], own: bool) -> None:
        if self._card is None or self._card.place.id != place.id or (self.dirty() and not own):
            return
        known = [(s.row.id, s.row.county) for s in found]
        if found and known == [(s.stay.row.id, s.county) for s in self._sheets]:
            for sheet, stay in zip(self._sheets, found, strict=True):
                sheet.load(stay, self._on, own)
        else:
            self._clear()
            self._fill(place, found)
        self._point_out(place, found)
        self._edited()

    def _fill(self, place: PlaceRow, found: list[Stay]) -> None:
        c = self._context
        for number, stay in enumerate(found):
            if number:
                self._stays.addWidget(rule())
            ended = bool(stay.row.assigned_to and stay.row.assigned_to < self._on)
            made = StaySheet(c, stay, self._on, folded=ended and number > 0 and not stay.disputed)
            mine = assignments.may_fill_in(c.rights, c.county, stay.row.county)
            made.set_editable(mine, assignments.may_move(c.rights))
            made.edited.connect(self._edited)
            made.deleteWanted.connect(self.delete)
            made.scansChanged.connect(self.settled)
            self._sheets.append(made)
            self._stays.addWidget(made)
        if not found:
            names = "、".join(c.divisions.name(code) for code in place.candidate_counties)
            if assignments.may_move(c.rights):
                text = self.tr("还没有安排受援县。按 M 选择，或把卡片拖到县的一列。")
                self._stays.addWidget(label(text, "sub", wrap=True))
            if names:
                self._stays.addWidget(label(self.tr("可选受援县：{0}").format(names), "caption", wrap=True))
        self._stays.addStretch(1)
        self.filled.emit()
        if self._entering:
            self.enter()
            self._entering = False

    def stops(self) -> list[QWidget]:
        """Where Tab stops in the panel, in order."""
        fields = [w for s in self._sheets for w in s.stops()]
        return [
            self.move_button, self.person_button, self.tabs, *fields, self.add_button, self.discard_button,
            self.save_button,
        ]  # fmt: skip

    def drop_zones(self) -> list[QWidget]:
        """Where files may be dropped: the scans of the stays in sight that may be filled in."""
        boxes = [sheet.scans for sheet in self._sheets]
        return [box for box in boxes if box.acceptDrops() and not box.visibleRegion().isEmpty()]

    def _point_out(self, place: PlaceRow, found: list[Stay]) -> None:
        c = self._context
        notices = stay_notices.of_place(c.batch, place, self._on, c.divisions.name) if c.batch else []
        for sheet in self._sheets:
            sheet.point_out(notices)
        self._tell("\n".join(n.text for n in notices if not n.stays), "warn")
        self.conflicts.show_records([stay.row.id for stay in found if stay.disputed])
        may = assignments.may_move(c.rights)
        mine = any(assignments.may_fill_in(c.rights, c.county, s.county) for s in self._sheets)
        self.rights.setText("" if may or mine else assignments.why_not(c.role))
        self.rights.setVisible(not may and not mine)
        self.move_button.setVisible(may)
        self.add_button.setVisible(may)

    def _tell(self, text: str, tone: str) -> None:
        self.notice.setProperty("tone", tone)
        self.notice.setText(text)
        restyle(self.notice)
        self.notice.setVisible(bool(text))

    def _clear(self) -> None:
        self._sheets = []
        clear(self._stays)

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self._edited()
        if at == 1 and self._card is not None:
            ledger, place, on = self._context.ledger, self._card.place.id, self._on
            self._context.read(
                lambda: moves.trail(ledger, place), lambda t: self.trail.show_trail(t, on), self, "trail"
            )

    # -- changing --------------------------------------------------------------------------------------

    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return any(sheet.sheet.dirty() for sheet in self._sheets)

    def _edited(self) -> None:
        c, dirty = self._context, self.dirty()
        mine = any(assignments.may_fill_in(c.rights, c.county, s.county) for s in self._sheets)
        may = assignments.may_move(c.rights)
        self._foot.setVisible(
            self._card is not None and (mine or may) and (self.tabs.currentIndex() == 0 or dirty)
        )
        self.save_button.setVisible(bool(self._sheets) and mine)
        self.discard_button.setVisible(dirty)

    def discard(self) -> None:
        """Back to what the ledger holds."""
        for sheet in self._sheets:
            sheet.sheet.revert()
        self._edited()
        self.show_card(self._card, self._on, self._several)

    def save(self, then: Callable[[], object] | None = None) -> bool:
        """Save the stays that were changed; False (and the cursor in the field) if something is wrong."""
        for sheet in self._sheets:
            if sheet.sheet.errors():
                self.tabs.setCurrentIndex(0)
                sheet.unfold()
                sheet.sheet.first_invalid()
                return False
        wanted = {s.stay.row.id: (s.changes(), s.stay.opened) for s in self._sheets if s.sheet.dirty()}
        if not wanted:
            if then is not None:
                then()
            return True
        sent = [(sheet, sheet.sheet.state()) for sheet in self._sheets]
        title = self._card.title if self._card else ""
        self._saving = True

        def done(_outcome: Outcome) -> None:
            self._saving, self._own = False, True
            for sheet, state in sent:
                if sheet in self._sheets:
                    sheet.sheet.accept(state)
            self._edited()
            self.settled.emit()
            if then is not None:
                then()

        def refuse(sentence: str) -> None:
            self._saving = False
            self._tell(sentence, "bad")

        ledger = self._context.ledger
        self._context.do(
            lambda: assignments.save_many(ledger, wanted),
            self.tr("已保存{0}的安排").format(title),
            done=done,
            failed=refuse,
            owner=self,
        )
        return True

    def delete(self, stay: str) -> None:
        """Delete a stay; 撤销 brings it back."""
        ledger = self._context.ledger
        title = self._card.title if self._card else ""
        self._context.do(
            lambda: assignments.delete(ledger, stay), self.tr("已删除{0}的一段安排").format(title), owner=self
        )
