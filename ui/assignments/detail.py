"""The panel beside the board: the stays of one place with their agreements, and the history of its moves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from commissioner_app import assignments, history
from commissioner_app.ledgers import Ledger, Outcome
from commissioner_app.rows import AssignmentRow, Heads, PlaceRow, covers
from ui.assignments.cards import CardText
from ui.context import Context
from ui.editing import CodeList, Sheet
from ui.history.steplist import StepList
from ui.theme import Size
from ui.widgets.basic import Combo, button, label, rule, scroll, tabs
from ui.widgets.card import Card
from ui.widgets.dateedit import DateField, PeriodField
from ui.widgets.pill import Pill

WIDTH = 372


@dataclass(frozen=True)
class Stay:
    """A stay with what an editor of it has seen, and its fields in conflict."""

    row: AssignmentRow
    opened: Heads
    disputed: frozenset[str]


def read_stays(ledger: Ledger, place: PlaceRow) -> list[Stay]:
    """The stays of a place, the latest first."""
    found = []
    for row in reversed(place.assignments):
        folded = ledger.folded(row.id)
        if folded is not None and not folded.deleted:
            found.append(Stay(row, ledger.seen(row.id), folded.conflicts))
    return found


class StaySheet(QWidget):
    """One stay: from–to, townships, agreement, remark."""

    deleteWanted = Signal(str)
    edited = Signal()

    def __init__(self, context: Context, stay: Stay, on: str) -> None:
        super().__init__()
        self.stay = stay
        row, names = stay.row, context.divisions
        self.county = row.county
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP)
        head.addWidget(label(names.name(row.county) or "—", "cardtitle"))
        if covers(row.assigned_from, row.assigned_to, on):
            head.addWidget(Pill(self.tr("在此服务"), "accent"))
        elif (row.assigned_from or "") > on:
            head.addWidget(Pill(self.tr("尚未开始"), "info"))
        else:
            head.addWidget(Pill(self.tr("已结束"), "plain"))
        head.addStretch(1)
        self.delete_button = button(self.tr("删除"), "link", on_click=lambda: self.deleteWanted.emit(row.id))
        self.delete_button.setAccessibleName(self.tr("删除在{0}的安排").format(names.name(row.county)))
        head.addWidget(self.delete_button)
        column.addLayout(head)
        self.sheet = Sheet(2)
        self.period = PeriodField()
        self.townships = CodeList([(d.code, d.name) for d in names.children(row.county)])
        self.state = Combo()
        self.state.addItem("—", None)
        for state in assignments.AGREEMENT_STATES:
            self.state.addItem(state, state)
        remark = QPlainTextEdit()
        remark.setFixedHeight(52)
        remark.setTabChangesFocus(True)
        tr = self.tr
        self.sheet.add("period", tr("起止日期"), self.period, span=2)
        self.sheet.add("townships", tr("乡镇（街道）"), self.townships, span=2)
        self.sheet.add("number", tr("三方协议编号"), QLineEdit(), span=2)
        self.sheet.add("date", tr("签订日期"), DateField())
        self.sheet.add("state", tr("协议状态"), self.state)
        self.sheet.add("remark", tr("备注"), remark, span=2)
        column.addWidget(self.sheet)
        self.load(stay, False)
        self.sheet.edited.connect(lambda _name: self.edited.emit())

    def load(self, stay: Stay, keep_typed: bool) -> None:
        """Show the stay as it is now."""
        self.stay = stay
        row = stay.row
        self.sheet.load(
            {
                "period": [row.assigned_from, row.assigned_to], "townships": list(row.townships),
                "number": row.agreement_number, "date": row.agreement_date, "state": row.agreement_state,
                "remark": row.remark,
            },
            keep_typed,
        )  # fmt: skip
        fields = {"where": ("townships",), "agreement": ("number", "date", "state")}
        self.sheet.mark_disputed(n for name in stay.disputed for n in fields.get(name, (name,)))

    def changes(self) -> dict[str, Any]:
        """The journal's fields that differ: what belongs together is written together."""
        changed, now = self.sheet.changes(), self.sheet.state()
        values: dict[str, Any] = {name: now[name] for name in ("period", "remark") if name in changed}
        if "townships" in changed:
            values["where"] = [self.county, now["townships"]]
        if changed.keys() & {"number", "date", "state"}:
            values["agreement"] = [now["number"], now["date"], now["state"]]
        return values


class StayPanel(Card):
    """``settled`` comes after a save, ``filled`` with other fields; ``moveWanted`` by the button; ``left`` by Esc."""

    settled = Signal()
    filled = Signal()
    moveWanted = Signal()
    personWanted = Signal(str)
    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._context = context
        self._card: CardText | None = None
        self._on = ""
        self._saving = self._own = False
        self._sheets: list[StaySheet] = []
        self.setFixedWidth(WIDTH)
        self._title = label("", "cardtitle")
        self._pill = Pill()
        self._caption = label("", "caption", wrap=True)
        self.notice = label("", "notice", tone="warn", wrap=True)
        self.notice.hide()
        self.move_button = button(self.tr("安排到…"), on_click=self.moveWanted.emit)
        self.move_button.setToolTip(self.tr("安排到另一个县（Ctrl+M）"))
        self.person_button = button(
            self.tr("特派员资料"),
            "link",
            on_click=lambda: self.personWanted.emit(self._card.place.id if self._card else ""),
        )
        self.tabs = tabs(self.tr("安排"), self.tr("历史"))
        self.tabs.setAccessibleName(self.tr("安排、历史"))
        self.stack = QStackedWidget()
        holder = QWidget()
        self._stays = QVBoxLayout(holder)
        self._stays.setContentsMargins(1, Size.GAP, Size.GAP + 2, Size.GAP)
        self._stays.setSpacing(Size.GAP_MID - 4)
        self.steps = StepList(self.tr("这个名额还没有安排过受援县。"))
        self.stack.addWidget(scroll(holder))
        self.stack.addWidget(self.steps)
        self.tabs.currentChanged.connect(self._turn)
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
        self.body.addWidget(self.notice)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.stack, 1)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, Size.GAP, 0, 0)
        foot.addWidget(self.discard_button)
        foot.addStretch(1)
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

    def show_card(self, card: CardText | None, on: str) -> None:
        """Show a card as of a day; the same card again keeps what is being typed."""
        same = card is not None and self._card is not None and card.place.id == self._card.place.id
        self._card, self._on = card, on
        for part in (self.tabs, self.stack, self.move_button, self.person_button):
            part.setVisible(card is not None)
        self._rest.setVisible(card is None)
        if card is None:
            self._title.setText(self.tr("未选中名额"))
            self._pill.set("", "plain")
            self._caption.setText(self.tr("在左边选中一个名额，这里显示它的安排、乡镇和三方协议。"))
            self._clear()
            self.notice.hide()
            self._edited()
            return
        place = card.place
        self._title.setText(card.title)
        self._pill.set(place.category_name, card.tone)
        parts = [place.code if place.name else self.tr("待录入"), place.organisation_name, place.specialty]
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
        if [s.row.id for s in found] == [s.stay.row.id for s in self._sheets] and own:
            for sheet, stay in zip(self._sheets, found, strict=True):
                sheet.load(stay, True)
        else:
            self._clear()
            self._fill(place, found)
        self._point_out(place, found)
        self._edited()

    def _fill(self, place: PlaceRow, found: list[Stay]) -> None:
        for number, stay in enumerate(found):
            if number:
                self._stays.addWidget(rule())
            made = StaySheet(self._context, stay, self._on)
            made.edited.connect(self._edited)
            made.deleteWanted.connect(self.delete)
            self._sheets.append(made)
            self._stays.addWidget(made)
        if not found:
            names = "、".join(self._context.divisions.name(c) for c in place.candidate_counties)
            text = self.tr("还没有安排受援县。按 Ctrl+M 选择，或把卡片拖到县的一列。")
            self._stays.addWidget(label(text, "sub", wrap=True))
            if names:
                self._stays.addWidget(label(self.tr("可选受援县：{0}").format(names), "caption", wrap=True))
        self._stays.addStretch(1)
        self.filled.emit()

    def stops(self) -> list[QWidget]:
        """Where Tab stops in the panel, in order."""
        fields = [w for s in self._sheets for w in (s.delete_button, *s.sheet.fields())]
        return [
            self.move_button, self.person_button, self.tabs, *fields, self.discard_button, self.save_button,
        ]  # fmt: skip

    def _point_out(self, place: PlaceRow, found: list[Stay]) -> None:
        texts = assignments.notices(self._context.batch, place) if self._context.batch else []
        if any(stay.disputed for stay in found):
            texts.append(self.tr("填报不一致：请核对后保存。"))
        self._tell("\n".join(texts), "warn")

    def _tell(self, text: str, tone: str) -> None:
        self.notice.setProperty("tone", tone)
        self.notice.setText(text)
        self.notice.style().unpolish(self.notice)
        self.notice.style().polish(self.notice)
        self.notice.setVisible(bool(text))

    def _clear(self) -> None:
        self._sheets = []
        while self._stays.count():
            part = self._stays.takeAt(0).widget()
            if part is not None:
                part.hide()
                part.deleteLater()

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self._edited()
        if at == 1 and self._card is not None:
            ledger, place = self._context.ledger, self._card.place.id
            self._context.read(
                lambda: history.stays_history(ledger, place), self.steps.show_steps, self, "steps"
            )

    # -- changing --------------------------------------------------------------------------------------

    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return any(sheet.sheet.dirty() for sheet in self._sheets)

    def _edited(self) -> None:
        self._foot.setVisible(bool(self._sheets) and (self.tabs.currentIndex() == 0 or self.dirty()))
        self.discard_button.setVisible(self.dirty())

    def discard(self) -> None:
        """Back to what the ledger holds."""
        for sheet in self._sheets:
            sheet.sheet.revert()
        self._edited()
        self.show_card(self._card, self._on)

    def save(self, then: Callable[[], object] | None = None) -> bool:
        """Save the stays that were changed; False (and the cursor in the field) if something is wrong."""
        for sheet in self._sheets:
            if sheet.sheet.errors():
                self.tabs.setCurrentIndex(0)
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
