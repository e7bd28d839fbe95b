"""The detail of a place: the person on it, the place itself, its history; saved together by Ctrl+S."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from commissioner_app import history, people
from commissioner_app.ledgers import Outcome
from commissioner_app.rows import Named, PlaceRow, TeamRow
from ui.commissioners.entry import Entry, Person, read_entry, read_person
from ui.commissioners.model import DASH, Line
from ui.commissioners.sheets import PersonSheet, PlaceSheet, suggestions
from ui.context import Context
from ui.editing import Sheet, tab_through
from ui.history.conflicts import ConflictBar
from ui.history.steplist import StepList
from ui.theme import Size, Tone
from ui.widgets.barchart import number_text
from ui.widgets.basic import button, label, scroll, tabs
from ui.widgets.card import Card
from ui.widgets.pill import Pill

WIDTH, NARROW = 372, 336
"""The detail leaves the table more room on a page narrower than WIDE."""
WIDE = 1150
TONES: tuple[Tone, ...] = ("accent", "warn", "info", "plain")


class PlaceEditor(Card):
    """``saved`` comes after a save; ``nextWanted`` when Ctrl+Enter has saved; ``visitsWanted`` by the link."""

    saved = Signal()
    nextWanted = Signal()
    visitsWanted = Signal(str)
    changeWanted = Signal()
    leaveWanted = Signal()
    deletePersonWanted = Signal()
    deletePlaceWanted = Signal()
    left = Signal()

    def __init__(
        self, context: Context, taken: Callable[[str, str], bool], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self._context = context
        self._entry: Entry | None = None
        self._line: Line | None = None
        self._coming: Person | None = None
        self._saving = self._own = False
        self._categories: list[str] = []
        self.setFixedWidth(WIDTH)
        self._title = label("", "cardtitle")
        self._pill = Pill()
        self._caption = label("", "caption", wrap=True)
        self._figures = label("", "caption")
        self._visits = button(
            self.tr("查看服务记录"), "link", on_click=lambda: self.visitsWanted.emit(self.place_id())
        )
        self.notice = label("", "notice", tone="warn", wrap=True)
        self.notice.hide()
        self.conflicts = ConflictBar(context)
        self.more = button(self.tr("更多操作"), "tool", icon="more")
        self.more.setMenu(self._menu())
        self.person = PersonSheet(self._names, self._organisations)
        self.place = PlaceSheet(
            self._organisations,
            [(d.code, d.name) for d in context.divisions.counties()],
            lambda code: taken(code, self.place_id()),
        )
        self.steps = StepList(self.tr("还没有改动。"))
        self._tenures = label("", "caption", wrap=True)
        self.tabs = tabs(self.tr("人员"), self.tr("名额"), self.tr("历史"))
        self.tabs.setAccessibleName(self.tr("人员、名额、历史"))
        self.stack = QStackedWidget()
        for part in (self.person, self._place_part(), self.steps):
            self.stack.addWidget(part if part is self.steps else scroll(_padded(part)))
        self.tabs.currentChanged.connect(self._turn)
        self.save_button = button(self.tr("保存"), "primary", shortcut="Ctrl+S", on_click=self.save)
        self.discard_button = button(self.tr("放弃修改"), on_click=self.discard)
        self._lay_out()
        for sheet in (self.person, self.place):
            sheet.edited.connect(self._edited)
        self.person.name.chosen.connect(self._choose_spare)
        for keys, do in (
            ("Ctrl+Return", self._save_and_next),
            ("Ctrl+Enter", self._save_and_next),
            ("Esc", self.left.emit),
        ):
            shortcut = QShortcut(
                QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
            shortcut.activated.connect(do)
        self._edited()
        fields = (*self.person.fields(), *self.place.fields())
        tab_through([self.more, self._visits, self.tabs, *fields, self.discard_button, self.save_button])

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        self.change_action = menu.addAction(self.tr("换人…"))
        self.leave_action = menu.addAction(self.tr("移出名额"))
        self.delete_person_action = menu.addAction(self.tr("删除特派员"))
        menu.addSeparator()
        self.delete_place_action = menu.addAction(self.tr("删除名额"))
        self.change_action.triggered.connect(lambda: self.changeWanted.emit())
        self.leave_action.triggered.connect(lambda: self.leaveWanted.emit())
        self.delete_person_action.triggered.connect(lambda: self.deletePersonWanted.emit())
        self.delete_place_action.triggered.connect(lambda: self.deletePlaceWanted.emit())
        self.leave_action.setToolTip(self.tr("录入有误时用；人员资料和服务记录保留"))
        menu.setToolTipsVisible(True)
        return menu

    def _place_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP_MID)
        column.addWidget(self.place)
        column.addWidget(self._tenures)
        column.addStretch(1)
        return part

    def _lay_out(self) -> None:
        self.body.setSpacing(Size.TIGHT + 2)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP)
        for widget in (self._title, self._pill):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.more)
        self.body.addLayout(head)
        self.body.addWidget(self._caption)
        figures = QHBoxLayout()
        figures.setSpacing(Size.GAP)
        figures.addWidget(self._figures)
        figures.addStretch(1)
        figures.addWidget(self._visits)
        self.body.addLayout(figures)
        self.body.addWidget(self.notice)
        self.body.addWidget(self.conflicts)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.stack, 1)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, Size.GAP, 0, 0)
        foot.addWidget(self.discard_button)
        foot.addStretch(1)
        foot.addWidget(self.save_button)
        self.body.addWidget(self._foot)

    # -- what is shown ---------------------------------------------------------------------------------

    def place_id(self) -> str:
        """The place that is open, "" for none."""
        return self._line.place.id if self._line else ""

    def row(self) -> PlaceRow | None:
        """The place that is open."""
        return self._line.place if self._line else None

    def set_choices(self, categories: list[Named], teams: list[TeamRow]) -> None:
        """The categories and teams of the batch."""
        self._categories = [c.id for c in categories]
        self.place.set_choices(categories, teams)

    def open(self, line: Line) -> None:
        """Show a place; what was typed for another is forgotten (the page has asked)."""
        if line.place.id != self.place_id():
            self._entry, self._coming = None, None
            for sheet in (self.person, self.place):
                sheet.load({})
        self._line = line
        self._show_head()
        self._read()

    def note(self, line: Line) -> None:
        """The place may have changed: what is being typed stays, and stays based on what was read."""
        self._line = line
        self._show_head()
        if self._saving:
            return
        if self._own or not self.dirty():
            self._read(self._own)
            self._own = False
        else:
            self._tell(self.tr("这个名额刚有别的改动；您填写的内容还在，保存后两处都会留下。"), "info")

    def _read(self, own: bool = False) -> None:
        line = self._line
        if line is None:
            return
        ledger, place, commissioner = self._context.ledger, line.place.id, line.place.commissioner
        self._context.read(
            lambda: read_entry(ledger, place, commissioner),
            lambda entry: self._show(entry, own),
            self,
            "entry",
        )
        if self.tabs.currentIndex() == 2:
            self._turn(2)

    def _show(self, entry: Entry | None, own: bool) -> None:
        if entry is None or entry.place != self.place_id():
            return
        if self._entry is not None and self.dirty() and not own:
            return  # typed while it was read
        self._entry = entry
        person = entry.person
        # A new person mostly comes from where the place is filled from.
        blank = {"organisation_name": entry.values["organisation_name"]}
        self.person.load(person.values if person else blank, own)
        self.place.load(entry.values, own)
        self.person.mark_disputed(person.disputed if person else ())
        self.place.mark_disputed(entry.disputed)
        disputed = bool(entry.disputed or (person and person.disputed))
        who = self._line.place.commissioner if self._line else None
        records = [entry.place, *([who, people.private_id(who)] if who else [])]
        self.conflicts.show_records(records if disputed else [])
        self._tell("", "warn")
        self._edited()

    def _show_head(self) -> None:
        line = self._line
        assert line is not None
        p = line.place
        self._title.setText(line.title)
        tone = (
            TONES[min(self._categories.index(p.category), 3)] if p.category in self._categories else "plain"
        )
        self._pill.set(p.category_name, tone)
        parts = [
            p.code if p.name else self.tr("待录入"),
            p.organisation_name or self.tr("派出单位未定"),
            p.team_name,
        ]
        self._caption.setText(" · ".join(part for part in parts if part))
        f = line.figures
        text = self.tr("本期 {0} 次 · {1} 天").format(f"{f.visits:,}", number_text(f.half_days / 2))
        if f.trained:
            text += self.tr(" · 培训 {0} 人次").format(f"{f.trained:,}")
        self._figures.setText(text)
        self._figures.setToolTip(self._context.period.label or self._context.period.text)
        self._visits.setVisible(f.visits > 0)
        held = bool(p.commissioner)
        for action in (self.change_action, self.leave_action, self.delete_person_action):
            action.setEnabled(held)
        self.delete_place_action.setEnabled(not p.people)
        lines = [
            self.tr("{0}：{1} 至 {2}").format(
                h.name, h.held_from or self.tr("服务期初"), h.held_to or self.tr("今")
            )
            for h in p.people
        ]
        counties = line.counties or DASH
        self._tenures.setText("\n".join([self.tr("受援县：{0}").format(counties), *lines]))

    def _tell(self, text: str, tone: Tone) -> None:
        self.notice.setProperty("tone", tone)
        self.notice.setText(text)
        self.notice.style().unpolish(self.notice)
        self.notice.style().polish(self.notice)
        self.notice.setVisible(bool(text))

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self._foot.setVisible(at != 2 or self.dirty())
        if at == 2 and self._line is not None:
            place, ledger = self._line.place.id, self._context.ledger
            read = lambda: history.place_history(ledger, place)  # noqa: E731
            self._context.read(read, self.steps.show_steps, self, "steps")

    # -- suggestions -----------------------------------------------------------------------------------

    def _organisations(self) -> list[tuple[str, str]]:
        return suggestions(self._entry.organisations if self._entry else ())

    def _names(self) -> list[tuple[str, str]]:
        open_place = self._entry is not None and self._entry.person is None
        return suggestions(list(self._entry.spare.values())) if open_place and self._entry else []

    def _choose_spare(self, name: str) -> None:
        """Somebody known, who has no place, is to take this one: show what is known of them."""
        found = [c for c, n in (self._entry.spare if self._entry else {}).items() if n == name]
        if len(found) != 1 or (self._entry and self._entry.person):
            return
        ledger = self._context.ledger

        def show(person: Person) -> None:
            self._coming = person
            self.person.load(person.values)
            self._tell(self.tr("{0}已在台账中，保存后到这个名额。").format(name), "info")
            self._edited()

        self._context.read(lambda: read_person(ledger, found[0]), show, self, "spare")

    # -- changing --------------------------------------------------------------------------------------

    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._coming is not None or self.person.dirty() or self.place.dirty()

    def _edited(self, name: str = "") -> None:
        self.discard_button.setVisible(self.dirty())
        sheet, area = self.sender(), self.stack.currentWidget()
        if name and isinstance(sheet, Sheet) and isinstance(area, QScrollArea) and sheet.shown_error(name):
            area.ensureWidgetVisible(sheet.widget(name), 0, Size.ROW)

    def focus_first(self) -> None:
        """Put the cursor into the name."""
        self.tabs.setCurrentIndex(0)
        self.person.name.setFocus()

    def discard(self) -> None:
        """Back to what the ledger holds."""
        self._coming = None
        for sheet in (self.person, self.place):
            sheet.revert()
        self._tell("", "warn")
        self._edited()
        self._read()

    def _save_and_next(self) -> None:
        self.save(self.nextWanted.emit)

    def save(self, then: Callable[[], object] | None = None) -> bool:
        """Save what was changed, then do ``then``; False (and the cursor in the field) if something is wrong."""
        entry = self._entry
        if entry is None:
            return True
        if not self.dirty():
            if then is not None:
                then()
            return True
        if not self._valid(entry):
            return False
        person = self._coming or entry.person
        wanted = self.person.changes()
        if person is None and wanted:
            wanted = {name: value for name, value in self.person.state().items() if value is not None}
        place_values, ledger, coming = self.place.changes(), self._context.ledger, self._coming is not None
        sent = (self.person.state(), self.place.state())
        self._saving = True

        def done(_outcome: Outcome) -> None:
            self._saving, self._own, self._coming = False, True, None
            self.person.accept(sent[0])
            self.place.accept(sent[1])
            self._tell("", "warn")
            self._edited()
            self.saved.emit()
            if then is not None:
                then()

        self._context.do(
            lambda: people.save_entry(
                ledger,
                entry.place,
                place_values=place_values,
                place_opened=entry.opened,
                commissioner=person.commissioner if person else None,
                person_values=wanted,
                opened=person.opened if person else None,
                joins=coming,
            ),
            self.tr("已保存{0}").format(sent[0]["name"] or sent[1]["code"] or ""),
            done=done,
            failed=self._refuse,
            owner=self,
        )
        return True

    def _valid(self, entry: Entry) -> bool:
        sheets: list[tuple[int, Sheet]] = [(0, self.person), (1, self.place)]
        if self.tabs.currentIndex() == 1:
            sheets.reverse()
        new = self.person.dirty() and not self.person.value("name") and not entry.person
        if new:
            self.person.set_error("name", self.tr("请填写姓名"))
        for at, sheet in sheets:
            if sheet.errors():
                self.tabs.setCurrentIndex(at)
                sheet.first_invalid()
                return False
        return True

    def _refuse(self, sentence: str) -> None:
        self._saving = False
        self._tell(sentence, "bad")


def _padded(part: QWidget) -> QWidget:
    """Room for the focus ring and the scroll bar."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(1, Size.GAP, Size.GAP + 2, Size.GAP)
    column.addWidget(part)
    column.addStretch(1)
    return holder
