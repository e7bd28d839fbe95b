"""Whom of the ledger a doubtful row could mean, when there are several."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from commissioner_app.imports.match import Candidate
from ui.clearing import clear


class Candidates(QWidget):
    """One of them is chosen, at first the likeliest; ``chosen`` says that another is."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._found: tuple[Candidate, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(lambda _id: self.chosen.emit())

    def offer(self, found: tuple[Candidate, ...], chosen: str = "") -> None:
        """Show these, the likeliest chosen."""
        for old in self._group.buttons():
            self._group.removeButton(old)
        clear(self._column)
        self._found = found
        at = next((n for n, c in enumerate(found) if c.commissioner == chosen), 0)
        for n, candidate in enumerate(found):
            facts = [candidate.unit, candidate.place or candidate.phone]
            made = QRadioButton(f"{candidate.name}\n" + " · ".join(fact for fact in facts if fact))
            made.setAccessibleDescription(candidate.why)
            made.setChecked(n == at)
            self._group.addButton(made, n)
            self._column.addWidget(made)

    def several(self) -> bool:
        """Whether there is a choice."""
        return len(self._found) > 1

    def current(self) -> Candidate | None:
        """The one to compare with."""
        at = self._group.checkedId()
        return self._found[at] if 0 <= at < len(self._found) else None
