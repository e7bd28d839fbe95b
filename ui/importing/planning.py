"""The plan behind the rehearsal: made on a thread, and anew whenever something that it rests on has changed."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from commissioner_app.imports import plan, shape
from commissioner_app.imports.grid import Workbook
from commissioner_app.imports.plan import Plan
from commissioner_app.imports.shape import Proposal
from commissioner_app.ledgers import Outcome
from ui.context import Context
from ui.importing.planmodel import Rehearsed, rehearsed


class Planning(QObject):
    """``began`` carries what is being done ("" for a short thing), ``planned`` a `Rehearsed`, ``failed`` a sentence.

    Attributes: year: of the batch that is imported into; made: the last plan; fresh: whether it holds still;
    busy: whether one is being made.
    """

    began = Signal(str)
    planned = Signal(object)
    failed = Signal(str)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.year = context.batch.year if context.batch else None
        self.made: Plan | None = None
        self.fresh = self.busy = False

    def spoil(self) -> None:
        """Something else would be planned now."""
        self.fresh = False

    def make(self, book: Workbook, proposals: Sequence[Proposal], decisions: Mapping[str, str]) -> None:
        """Plan from the tables as they are understood; decisions that no longer fit anything do nothing."""
        ledger, year, wanted = self._context.ledger, self.year, dict(decisions)
        self._run(lambda: plan.make(ledger, book, proposals, year, wanted), self.tr("正在与台账逐行比对…"))

    def decide(self, decisions: Mapping[str, str]) -> None:
        """Plan with these decisions and no others."""
        made, ledger = self.made, self._context.ledger
        if made is not None:
            wanted = {key: "" for key in made.decisions} | dict(decisions)
            self._run(lambda: plan.decide(ledger, made, wanted), "")

    def write(self, told: Sequence[Proposal]) -> Callable[[], Outcome]:
        """What writes the plan, and remembers how the columns of some tables are to be read."""
        made, ledger = self.made, self._context.ledger
        assert made is not None

        def run() -> Outcome:
            outcome = plan.apply(ledger, made)
            for proposal in told:
                shape.remember(proposal)
            return outcome

        return run

    def _run(self, fn: Callable[[], Plan], doing: str) -> None:
        self.busy = True
        self.began.emit(doing)
        self._context.read(lambda: rehearsed(fn()), self._done, self, "plan", failed=self._failed)

    def _done(self, found: Rehearsed) -> None:
        self.busy, self.fresh, self.made = False, True, found.plan
        self.planned.emit(found)

    def _failed(self, sentence: str) -> None:
        self.busy = self.fresh = False
        self.failed.emit(sentence)
