"""Hints: what the fields of a visit suggest, read on a worker thread and kept until something is logged."""

from typing import Any

from PySide6.QtCore import QObject, Signal

from commissioner_app import suggestions
from commissioner_app.gazetteer import Gazetteer
from commissioner_app.suggestions import Suggestions, Word
from ui.context import Context

_KINDS = frozenset({"visit", "recipient", "visit_companion"})


class Hints(QObject):
    """`changed` is sent when there is something new to suggest; until the first reading nothing is."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._stale = True
        self.known = Suggestions()
        self.gazetteer: Gazetteer | None = None
        self._texts: dict[str, list[Word]] = {"topic": [], "materials": [], "contact": []}
        context.changed.connect(self._note)

    def texts(self, name: str) -> list[Word]:
        """What was written in a text field; the same list goes on growing when it is read anew."""
        return self._texts[name]

    def refresh(self) -> None:
        """Read what is not known yet; called whenever an editor opens."""
        context = self._context
        if self.gazetteer is None:
            context.read(lambda: Gazetteer.of(context.divisions), self._placed, self, "gazetteer")
        if self._stale:
            self._stale = False
            context.read(
                lambda: suggestions.load(context.ledger, context.divisions), self._loaded, self, "hints"
            )

    def _placed(self, found: Gazetteer) -> None:
        self.gazetteer = found
        self.changed.emit()

    def _loaded(self, found: Suggestions) -> None:
        self.known = found
        for name, words in found.texts.items():
            self._texts[name][:] = words
        self.changed.emit()

    def _note(self, kinds: Any) -> None:
        self._stale = self._stale or bool(_KINDS & kinds)
