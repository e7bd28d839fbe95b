"""The detail of a place as it is laid out: head, tabs, documents, career, history; editing is in editor."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from commissioner_app import attachments, history, portraits, tenures
from commissioner_app.ledgers import Ledger
from commissioner_app.rows import PlaceRow
from commissioner_app.tenures import Held
from ui.commissioners import picture
from ui.commissioners.career import Career
from ui.commissioners.head import Head
from ui.commissioners.model import DASH, Line
from ui.commissioners.sheets import PersonSheet, PlaceSheet, Source
from ui.context import Context
from ui.documents import DocumentList
from ui.editing import tab_through
from ui.history.conflicts import ConflictBar
from ui.history.steplist import StepList
from ui.theme import Size, Tone
from ui.widgets.basic import button, label, restyle, scroll, tabs
from ui.widgets.card import Card

WIDTH, NARROW = 372, 336
"""The detail leaves the table more room on a page narrower than WIDE."""
WIDE = 1150
PERSON, PLACE, DOCUMENTS, CAREER, HISTORY = range(5)
"""The tabs."""


class Detail(Card):
    """``visitsWanted`` is sent by a link with what the list of visits is to show; the others by the menu."""

    visitsWanted = Signal(dict)
    changeWanted = Signal()
    leaveWanted = Signal()
    deletePersonWanted = Signal()
    deletePlaceWanted = Signal()

    def __init__(
        self,
        context: Context,
        names: Source,
        organisations: Source,
        taken: Callable[[str, str], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._context = context
        self._line: Line | None = None
        self._categories: list[str] = []
        self.setFixedWidth(WIDTH)
        self.top = Head(context, self._menu())
        self.top.visitsWanted.connect(self._want_visits)
        self.more = self.top.more
        self.notice = label("", "notice", tone="warn", wrap=True)
        self.notice.hide()
        self.conflicts = ConflictBar(context)
        self.person = PersonSheet(names, organisations)
        self.place = PlaceSheet(
            organisations,
            [(d.code, d.name) for d in context.divisions.counties()],
            lambda code: taken(code, self.place_id()),
        )
        self._counties = label("", "caption", wrap=True)
        self.documents = DocumentList(
            context, "commissioner", attachments.DOCUMENT, without=(portraits.KIND,)
        )
        self.documents.changed.connect(self._count_documents)
        self.career = Career()
        self.career.visitsWanted.connect(
            lambda place, person, name: self.visitsWanted.emit(
                {"appointment": place, "commissioner": person, "label": name, "always": True}
            )
        )
        self.steps = StepList(self.tr("还没有改动。"))
        self.tabs = tabs(self.tr("人员"), self.tr("名额"), self.tr("材料"), self.tr("任职"), self.tr("历史"))
        self.tabs.setAccessibleName(self.tr("人员、名额、材料、任职、历史"))
        self.stack = QStackedWidget()
        for form in (self.person, self._place_part()):
            self.stack.addWidget(scroll(_padded(form)))
        for part in (self.documents, self.career, self.steps):
            self.stack.addWidget(part)
        self.save_button = button(self.tr("保存"), "primary", shortcut="Ctrl+S", on_click=self.save)
        self.discard_button = button(self.tr("放弃修改"), on_click=self.discard)
        self._lay_out()
        self.tabs.currentChanged.connect(self._turn)
        fields = (*self.person.fields(), *self.place.fields())
        chain = [self.top.photo, self.more, self.top.visits, self.tabs, *fields, self.discard_button]
        tab_through([*chain, self.save_button])

    def drop_zones(self, files: list[Path]) -> list[QWidget]:
        """Where files may be dropped: a picture on the photo, anything on the documents while they are shown."""
        if self._line is None or not self._line.place.commissioner or not self.isVisible():
            return []
        pictures = len(files) == 1 and picture.is_picture(files[0])
        zones: list[QWidget] = [self.top.photo] if pictures else []
        return [*zones, self.documents] if self.documents.isVisible() else zones

    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        raise NotImplementedError

    def save(self) -> bool:
        """Save what was changed."""
        raise NotImplementedError

    def discard(self) -> None:
        """Back to what the ledger holds."""
        raise NotImplementedError

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
        column.addWidget(self._counties)
        column.addStretch(1)
        return part

    def _lay_out(self) -> None:
        self.body.setSpacing(Size.TIGHT + 2)
        self.body.addWidget(self.top)
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

    def place_id(self) -> str:
        """The place that is open, "" for none."""
        return self._line.place.id if self._line else ""

    def row(self) -> PlaceRow | None:
        """The place that is open."""
        return self._line.place if self._line else None

    def _show_head(self) -> None:
        line = self._line
        assert line is not None
        p = line.place
        self.top.show_line(line, self._categories)
        held = bool(p.commissioner)
        for action in (self.change_action, self.leave_action, self.delete_person_action):
            action.setEnabled(held)
        self.delete_place_action.setEnabled(not p.people)
        self._counties.setText(self.tr("受援县：{0}").format(line.counties or DASH))
        self.tabs.setTabEnabled(DOCUMENTS, held)
        if not held and self.tabs.currentIndex() == DOCUMENTS:
            self.tabs.setCurrentIndex(PERSON)
        self.documents.show_record(p.commissioner or "")

    def _want_visits(self) -> None:
        line = self._line
        if line is not None:
            # Of a place that has changed hands the head tells what this one has made.
            person = line.place.commissioner if line.own is not None else None
            what = {"appointment": line.place.id, "commissioner": person, "label": line.title}
            self.visitsWanted.emit(what)

    def _count_documents(self, count: int) -> None:
        text = self.tr("材料")
        self.tabs.setTabText(DOCUMENTS, f"{text} {count}" if count else text)

    def _tell(self, text: str, tone: Tone) -> None:
        self.notice.setProperty("tone", tone)
        self.notice.setText(text)
        restyle(self.notice)
        self.notice.setVisible(bool(text))

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self._foot.setVisible(at in (PERSON, PLACE) or self.dirty())
        if self._line is None:
            return
        place, ledger = self._line.place, self._context.ledger
        if at == HISTORY:
            read = lambda: history.place_history(ledger, place.id)  # noqa: E731
            self._context.read(read, self.steps.show_steps, self, "steps")
        elif at == CAREER:
            person = place.commissioner
            self._context.read(
                lambda: (place, *_read_career(ledger, place.id, person)), self._show_career, self, "career"
            )

    def _show_career(self, read: tuple[PlaceRow, list[Held], list[Held]]) -> None:
        place, own, others = read
        if place.id == self.place_id():
            self.career.show_held(place.name if place.commissioner else "", own, place.code, others)


def _read_career(ledger: Ledger, place: str, person: str | None) -> tuple[list[Held], list[Held]]:
    own = tenures.of_person(ledger, person) if person else []
    return own, tenures.of_place(ledger, place)


def _padded(part: QWidget) -> QWidget:
    """Room for the focus ring and the scroll bar."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(1, Size.GAP, Size.GAP + 2, Size.GAP)
    column.addWidget(part)
    column.addStretch(1)
    return holder
