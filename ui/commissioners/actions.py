"""What the page does with places and their people, beside saving the forms: each is one step to undo."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from commissioner_app import batches, people, places
from commissioner_app.ledgers import Outcome
from commissioner_app.rows import Named
from ui.commissioners.dialogs import ChangePerson
from ui.commissioners.editor import PlaceEditor
from ui.context import Context

Settle = Callable[[Callable[[], object]], bool]


class Actions(QObject):
    """``made`` carries a new place. ``settle`` is asked before anything is done while text is typed."""

    made = Signal(str)

    def __init__(self, page: QWidget, context: Context, editor: PlaceEditor, settle: Settle) -> None:
        super().__init__(page)
        self._page, self._context, self._editor, self._settle = page, context, editor, settle

    def new_place(self, category: str) -> None:
        """One more place of a category, opened for its person."""
        batch, ledger = self._context.batch, self._context.ledger
        if batch is None:
            return
        self._settle(
            lambda: self._context.do(
                lambda: places.create(ledger, batch, category, {}),
                self.tr("已新增名额"),
                done=lambda outcome: self.made.emit(outcome.records["appointment"][0]),
                owner=self,
            )
        )

    def change_person(self) -> None:
        """换人: ask who comes and from which day on."""
        row = self._editor.row()
        if row is not None and row.commissioner:
            self._context.read(
                lambda: people.spare(self._context.ledger, row.batch), self._ask_change, self, "spare"
            )

    def _ask_change(self, spare: list[Named]) -> None:
        row = self._editor.row()
        if row is None:
            return
        dialog = ChangePerson(
            self._context, row, spare, batches.reference_day(self._context.batch), self._page
        )
        if not dialog.exec():
            return
        name, known, day = dialog.answer()
        ledger = self._context.ledger
        self._do(
            lambda: people.change_person(ledger, row.id, day, commissioner=known, name=name),
            self.tr("{0}自 {1} 起接任").format(name, day),
        )

    def leave_place(self) -> None:
        """Take the person out of the place, as if entered by mistake."""
        row = self._editor.row()
        tenure = (
            next((h.tenure for h in row.people if h.commissioner == row.commissioner), None) if row else None
        )
        if row is not None and tenure is not None:
            ledger = self._context.ledger
            self._do(
                lambda: people.leave_place(ledger, tenure),
                self.tr("已把{0}移出名额，资料保留").format(row.name),
            )

    def delete_person(self) -> None:
        """Delete who holds the place; refused while visits name them."""
        row = self._editor.row()
        if row is not None and row.commissioner:
            ledger, commissioner = self._context.ledger, row.commissioner
            self._do(
                lambda: people.delete_person(ledger, commissioner),
                self.tr("已删除特派员{0}").format(row.name),
            )

    def delete_place(self) -> None:
        """Delete a place that nobody ever held."""
        row = self._editor.row()
        if row is not None:
            ledger, place = self._context.ledger, row.id
            self._do(lambda: places.delete(ledger, place), self.tr("已删除名额 {0}").format(row.code))

    def _do(self, fn: Callable[[], Outcome], sentence: str) -> None:
        self._settle(lambda: self._context.do(fn, sentence, owner=self))
