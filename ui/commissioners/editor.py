"""The detail of a place: the person on it, the place itself, its history; saved together by Ctrl+S."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QScrollArea, QWidget

from commissioner_app import people
from commissioner_app.ledgers import Outcome
from commissioner_app.rows import Named, TeamRow
from ui.commissioners.detail import CAREER, HISTORY, PERSON, PLACE, Detail
from ui.commissioners.entry import Entry, Person, read_entry, read_person
from ui.commissioners.model import Line
from ui.commissioners.sheets import suggestions
from ui.context import Context
from ui.editing import Sheet
from ui.theme import Size


class PlaceEditor(Detail):
    """``saved`` comes after a save; ``nextWanted`` when Ctrl+Enter has saved; ``left`` by Esc."""

    saved = Signal()
    nextWanted = Signal()
    left = Signal()

    def __init__(
        self, context: Context, taken: Callable[[str, str], bool], parent: QWidget | None = None
    ) -> None:
        self._entry: Entry | None = None
        self._coming: Person | None = None
        self._saving = self._own = False
        super().__init__(context, self._names, self._organisations, taken, parent)
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

    # -- what is shown ---------------------------------------------------------------------------------

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
        if self.tabs.currentIndex() in (CAREER, HISTORY):
            self._turn(self.tabs.currentIndex())

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
        records = [entry.place, *(person.opened if person and who else ())]
        self.conflicts.show_records(records if disputed else [])
        self._tell("", "warn")
        self._edited()

    # -- suggestions -----------------------------------------------------------------------------------

    def _organisations(self) -> list[tuple[str, str]]:
        return suggestions(self._entry.organisations if self._entry else ())

    def _names(self) -> list[tuple[str, str]]:
        open_place = self._entry is not None and self._entry.person is None
        return (
            suggestions(list(self._entry.spare.values()), people=True) if open_place and self._entry else []
        )

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
        self.tabs.setCurrentIndex(PERSON)
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
        sheets: list[tuple[int, Sheet]] = [(PERSON, self.person), (PLACE, self.place)]
        if self.tabs.currentIndex() == PLACE:
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
