"""Doubting: finds what is 待核实 about the listed visits after the list is seen, marks the rows, takes answers."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from commissioner_app import visits
from commissioner_app.visits import VisitFilter, VisitRow
from ui.context import Context
from ui.visits import doubts
from ui.visits.answering import answer_for
from ui.visits.doubts import Doubts, Sentence
from ui.visits.model import VisitModel


class Doubting(QObject):
    """`changed`: other visits are 待核实 than before."""

    changed = Signal()

    def __init__(self, context: Context, model: VisitModel, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._model = context, model
        self.found = Doubts()
        model.fetched.connect(self._read_sentences)

    def read(self, f: VisitFilter) -> None:
        """Look at the visits of a filter on a worker thread: the first reading of a large ledger takes seconds."""
        ledger = self._context.ledger
        self._context.read(lambda: doubts.read(ledger, f), self.show, self, "doubts")

    def show(self, found: Doubts) -> None:
        """Mark the rows of these."""
        other = found != self.found
        self.found = found
        titles: dict[int, list[str]] = {}
        for rule, rows in found.rows.items():
            if rule not in found.hints:
                for row in rows:
                    titles.setdefault(row, []).append(found.titles[rule])
        self._model.set_doubts(titles)
        if other:
            self.changed.emit()

    def _read_sentences(self, rows: Mapping[int, VisitRow]) -> None:
        """The sentences of those that have come into view, for their tooltips."""
        wanted = [v.id for n, v in rows.items() if self._model.has_doubt(n)]
        if wanted:
            ledger = self._context.ledger
            self._context.read(lambda: doubts.sentences(ledger, wanted), self._show_sentences, self)

    def _show_sentences(self, found: Mapping[str, Sequence[Sentence]]) -> None:
        self._model.set_sentences(
            {v: [s.text for s in said if s.answer is None and not s.hint] for v, said in found.items()}
        )

    def answer(self, rowids: Sequence[int], rule: str | None) -> None:
        """说明: settle what a rule has found about some visits with one remark."""
        rows = visits.rows(self._context.ledger, rowids)
        met = self.found.within(rowids)
        of = {
            name: (title, [rows[r].id for r in rowids if r in met.rows[name] and r in rows])
            for name, (title, _count) in met.counts().items()
        }
        parent = self.parent()
        assert parent is not None
        answer_for(parent, self._context, of, rule or "")  # type: ignore[arg-type]
