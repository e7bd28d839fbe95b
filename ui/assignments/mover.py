"""Moving places: where to, from when, and what is said about it."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from commissioner_app import assignments
from commissioner_app.ledgers import Outcome
from commissioner_app.rows import PlaceRow
from ui.assignments.board import Board
from ui.assignments.cards import CardText
from ui.assignments.picker import CountyPicker, Target
from ui.assignments.reading import BoardRead
from ui.context import Context
from ui.theme import Size


class Shown(Protocol):
    """What the mover asks of its page."""

    board: Board

    def read(self) -> BoardRead:
        """What the board shows."""

    def on(self) -> str:
        """The day that is shown."""

    def other_day(self) -> bool:
        """Whether somebody has chosen another day than today's."""

    def settle(self, then: Callable[[], object]) -> bool:
        """Do `then` once nothing typed would be lost by it."""


class Mover(QObject):
    """`following` is what has been moved and where to, until the board has shown it."""

    def __init__(self, context: Context, page: Shown, anchor: QWidget) -> None:
        super().__init__(anchor)
        self._context, self._page = context, page
        self.picker = CountyPicker(anchor)
        self.following: tuple[list[str], str] | None = None

    def _found(self, places: Sequence[str]) -> list[PlaceRow]:
        wanted = set(places)
        return [p for p in self._page.read().places if p.id in wanted]

    def words(self, places: Sequence[str], county: str) -> str:
        """What would happen if these were let go over a county: 安排 3 个，自 2022-10-01 起."""
        found, batch, on = self._found(places), self._context.batch, self._page.on()
        n = f"{len(places):,}"
        if not county:
            return self.tr("{0} 个放回待安排").format(n)
        whole = not self._page.other_day()
        day = assignments.begins(batch, found, county, on, whole) if batch else None
        return self.tr("安排 {0} 个").format(n) + (self.tr("，自 {0} 起").format(day) if day else "")

    def may(self) -> bool:
        """Whether this station may move places; if not, it is said why."""
        if assignments.may_move(self._context.rights):
            return True
        self._context.said.emit(assignments.why_not(self._context.role), False)
        return False

    def ask(self, at: QPoint | None = None) -> None:
        """M: ask where the selected places are to go; the list opens beside them."""
        if not self.may():
            return
        chosen = self._page.board.selected_cards()
        if not chosen:
            self._context.said.emit(self.tr("请先选中名额。"), False)
            return
        places = [card.place.id for card in chosen]
        many = self.tr("把 {0} 个名额移到").format(len(chosen))
        words = self.tr("把{0}移到").format(chosen[0].title) if len(chosen) == 1 else many
        self._pick(words, chosen, lambda to: self.assign(places, to), back=True, at=at)

    def add_stay(self, card: CardText | None, at: QPoint) -> None:
        """One more stay of a place, beside those it has."""
        batch, ledger = self._context.batch, self._context.ledger
        if card is None or batch is None or not self.may():
            return
        start = self._page.on() if self._page.other_day() else None

        def add(county: str) -> None:
            said = self.tr("已为{0}添加在{1}的安排").format(card.title, self._context.divisions.name(county))
            self._page.settle(
                lambda: self._context.do(
                    lambda: assignments.add(ledger, batch, card.place.id, county, start), said, owner=self
                )
            )

        self._pick(self.tr("为{0}再添加一段，在").format(card.title), [card], add, back=False, at=at)

    def _pick(
        self,
        words: str,
        cards: Sequence[CardText],
        taken: Callable[[str], object],
        *,
        back: bool,
        at: QPoint | None,
    ) -> None:
        """Open the list of counties; `back`: 待安排 is among them."""
        read, names, board = self._page.read(), self._context.divisions, self._page.board
        numbers: dict[str, int] = {}
        for p in read.places:
            for county in p.counties(read.on) or [""]:
                numbers[county] = numbers.get(county, 0) + 1
        likely = {c for card in cards for c in card.place.candidate_counties}
        targets = []
        for d in names.counties():
            said = [f"{numbers.get(d.code, 0):,}", self.tr("可选") if d.code in likely else ""]
            targets.append(Target(d.code, d.name, " · ".join(part for part in said if part)))
        if back:
            targets.append(Target("", self.tr("待安排"), f"{numbers.get('', 0):,}"))
        column = board.here()
        self.picker.ask(
            words, targets, at or self._beside_cards(), taken, column.list if column is not None else board
        )

    def _beside_cards(self) -> QPoint:
        board = self._page.board
        column = board.here()
        if column is None:
            return board.mapToGlobal(QPoint(Size.GAP_WIDE, Size.GAP_WIDE))
        box = column.list.visualRect(column.list.currentIndex())
        return column.list.viewport().mapToGlobal(box.topRight() + QPoint(Size.GAP, 0))

    def assign(self, chosen: Sequence[str], county: str) -> None:
        """Assign places to a county ("" for 待安排) from the day shown; the selection goes with them."""
        c, on, whole = self._context, self._page.on(), not self._page.other_day()
        found, batch = self._found(chosen), c.batch
        if not self.may():
            return
        if not found or batch is None:
            c.said.emit(self.tr("请先选中名额，再点“+”，或把卡片拖过来。"), False)
            return
        self._page.board.cut([])
        many = self.tr(" {0} 个名额").format(f"{len(found):,}")
        what = (found[0].name or found[0].code) if len(found) == 1 else many
        if county:
            day = assignments.begins(batch, found, county, on, whole)
            sentence = self.tr("已把{0}安排到{1}").format(what, c.divisions.name(county))
            sentence += self.tr("，自 {0} 起").format(day) if day else ""
        else:
            sentence = self.tr("已把{0}放回待安排").format(what)

        def move() -> None:
            self.following = ([p.id for p in found], county)
            c.do(
                lambda: assignments.move(c.ledger, batch, found, county or None, on, whole),
                sentence,
                done=self._done,
                failed=self._fail,
                owner=self,
            )

        self._page.settle(move)

    def _done(self, outcome: Outcome) -> None:
        if outcome.operation is None:  # they were there already: nothing will be shown anew
            self.following = None

    def _fail(self, sentence: str) -> None:
        self.following = None
        self._context.refused.emit(sentence)
