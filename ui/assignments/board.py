"""The board: a column of cards for 待安排 and for each county that has any; the other counties on the shelf."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from ui.assignments.band import Band
from ui.assignments.cards import CardText
from ui.assignments.carrying import Carrier
from ui.assignments.columns import BoardColumn, ColumnText, Words
from ui.assignments.shelf import Shelf
from ui.theme import Size


class Board(QWidget):
    """``moved`` carries (places, county); ``chosen`` the current card or None; ``opened`` that its detail is wanted.

    ``moveWanted``: the list of counties is asked for; ``menuWanted`` the menu of a card (where); ``selected``
    comes after any change of the selection or of what is cut; ``unfolded`` and ``folded`` carry a county.
    """

    moved = Signal(list, str)
    chosen = Signal(object)
    opened = Signal()
    selected = Signal()
    moveWanted = Signal()
    menuWanted = Signal(QPoint)
    unfolded = Signal(str)
    folded = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: dict[str, BoardColumn] = {}
        self._quiet = False
        self._here = ""
        self._swept_from: dict[str, set[str]] = {}
        self._movable, self._nothing = True, ""
        self.words: Words = lambda _places, _county: ""
        # Qt goes on selecting after its signals: what it chose is told when it is done, and once.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._tell_now)
        self._inner = QWidget()
        self._inner.setProperty("scrolled", True)
        self._row = QHBoxLayout(self._inner)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Size.GAP + 4)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._inner)
        self.shelf = Shelf()
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(Size.GAP + 4)
        whole.addWidget(self.area, 1)
        whole.addWidget(self.shelf)
        self.carrier = Carrier(lambda: self._columns.values(), self)
        self.carrier.changed.connect(self._tell)
        self.band = Band(self._inner, lambda: list(self._columns.values()))
        self.band.begun.connect(self._begin_sweep)
        self.band.swept.connect(self._sweep)
        shelf = self.shelf.list
        shelf.words = lambda places, county: self.words(places, county)
        shelf.dropped.connect(self.moved)
        shelf.opened.connect(self.unfolded)
        shelf.pasted.connect(self.paste)
        shelf.wished.connect(lambda wish: self._wish(wish, ""))
        shelf.sideways.connect(self._off_shelf)

    def set_movable(self, movable: bool, nothing: str = "") -> None:
        """Whether places may be moved; `nothing` stands in empty columns where they may not."""
        self._movable, self._nothing = movable, nothing
        self.shelf.set_movable(movable)
        for column in self._columns.values():
            column.set_movable(movable, nothing)

    def show_columns(self, columns: Sequence[ColumnText], shelf: Sequence[tuple[str, str]] = ()) -> None:
        """Show these columns, and these counties (code, name) on the shelf.

        The selection goes with the cards, also with those that somebody else has moved or Ctrl+Z moves back.
        """
        self._quiet = True
        chosen, at = self.selected_ids(), self.current()
        if [c.county for c in columns] != list(self._columns):
            self._rebuild(columns)
        for text in columns:
            self._columns[text.county].show_cards(text)
        self._go_along(chosen, at.place.id if at is not None else "")
        on_shelf = self.shelf.list.hasFocus()
        self.shelf.list.show_counties(list(shelf))
        self.shelf.setVisible(bool(shelf))
        if on_shelf and not shelf:
            self.focus()
        self.carrier.refresh()
        self._quiet = False
        self._tell()

    def _go_along(self, chosen: Sequence[str], at: str) -> None:
        """Select what has gone to another column, and follow the card that the keyboard was on."""
        lost = set(chosen) - set(self.selected_ids())
        for column in self._columns.values():
            here = {p for p in lost if column.list.cards.row_of(p) >= 0}
            if here:
                kept = {card.place.id for card in column.selected()}
                column.select(kept | here, at if at in here else None)
                if at in here:
                    focused = any(c.list.hasFocus() for c in self._columns.values())
                    self._here = column.county
                    if focused:
                        column.list.setFocus()

    def _rebuild(self, columns: Sequence[ColumnText]) -> None:
        """Make the columns that are new, let go of those that are not wanted any more; the others stay."""
        wanted = [text.county for text in columns]
        focused = any(column.list.hasFocus() for column in self._columns.values())
        for county in [c for c in self._columns if c not in wanted]:
            old = self._columns.pop(county)
            old.list.blockSignals(True)  # the focus that wanders off means nothing
            self._row.removeWidget(old)
            old.setParent(None)
            old.deleteLater()
        known, self._columns = self._columns, {}
        for at, text in enumerate(columns):
            made = known.get(text.county)
            if made is None:
                made = BoardColumn(text.county, text.name)
                self._listen(made)
                made.set_movable(self._movable, self._nothing)
            self._columns[text.county] = made
            self._row.removeWidget(made)
            self._row.insertWidget(at, made, 1)
        self._here = self._here if self._here in self._columns else ""
        if focused and not any(column.list.hasFocus() for column in self._columns.values()):
            self.focus()

    def _listen(self, column: BoardColumn) -> None:
        county, view = column.county, column.list
        column.words = lambda places, county: self.words(places, county)
        view.sideways.connect(lambda step: self._sideways(county, step))
        view.dropped.connect(lambda found: self.moved.emit(found, county))
        view.dragged.connect(self._nudge)
        view.dragWanted.connect(lambda: self._drag(view))
        view.opened.connect(self.opened.emit)
        view.entered.connect(lambda: self._enter(county))
        view.wished.connect(lambda wish: self._wish(wish, county))
        view.menuWanted.connect(self.menuWanted)
        view.selectionModel().selectionChanged.connect(lambda *_: self._selected(county))
        view.selectionModel().currentChanged.connect(lambda *_: self._tell())
        column.addWanted.connect(lambda: self.moved.emit(self.selected_ids(but=county), county))
        column.foldWanted.connect(lambda: self.folded.emit(county))
        self.band.watch(column)

    # -- what is selected ------------------------------------------------------------------------------

    def column(self, county: str) -> BoardColumn:
        """The column of a county, "" for 待安排."""
        return self._columns[county]

    def counties(self) -> list[str]:
        """The columns' counties in order."""
        return list(self._columns)

    def selected_cards(self, but: str | None = None) -> list[CardText]:
        """The cards selected in all columns, or in all but one; each place once."""
        found = [card for key, c in self._columns.items() if key != but for card in c.selected()]
        return list({card.place.id: card for card in found}.values())

    def selected_ids(self, but: str | None = None) -> list[str]:
        """The places selected."""
        return [card.place.id for card in self.selected_cards(but)]

    def current(self) -> CardText | None:
        """The card that is shown in detail: where the keyboard is, as long as it is selected."""
        column = self._columns.get(self._here)
        card = column.current() if column else None
        chosen = column.selected() if column else []
        if card is not None and card in chosen:
            return card
        return chosen[0] if chosen else None

    def here(self) -> BoardColumn | None:
        """The column that the keyboard is in."""
        return self._columns.get(self._here)

    def choose(self, places: Sequence[str], county: str | None = None) -> None:
        """Select places and put the keyboard on the first (of ``county``, else wherever they are)."""
        at_home = [
            key
            for key, column in self._columns.items()
            if (county is None or key == county) and any(column.list.cards.row_of(p) >= 0 for p in places)
        ]
        if not at_home:
            return
        self._quiet = True
        first = {key: next(p for p in places if self._row_of(key, p) >= 0) for key in at_home}
        home = next((key for key in at_home if first[key] == places[0]), at_home[0])
        for key, column in self._columns.items():
            column.select(set(places) if key in at_home else set(), first.get(key))
        self._here = home
        self._quiet = False
        view = self._columns[home].list
        view.setFocus()
        view.scrollTo(view.currentIndex())
        self.area.ensureWidgetVisible(self._columns[home], 0, 0)
        self._tell()

    def _row_of(self, county: str, place: str) -> int:
        return self._columns[county].list.cards.row_of(place)

    def enter(self, county: str) -> None:
        """Put the keyboard into a column."""
        if county in self._columns:
            self._here = county
            self.area.ensureWidgetVisible(self._columns[county], 0, 0)
            self._columns[county].list.setFocus()

    def focus(self) -> None:
        """Put the keyboard into the column it was in, else the first that has cards."""
        column = self.here() or next(
            (c for c in self._columns.values() if c.list.cards.cards()),
            next(iter(self._columns.values()), None),
        )
        if column is not None:
            column.list.setFocus()

    def _selected(self, county: str) -> None:
        if self._quiet:
            return
        several = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
        self._quiet = True
        if self._columns[county].selected():
            self._here = county
            if not several:
                for key, column in self._columns.items():
                    if key != county:
                        column.list.selectionModel().clearSelection()
        self._quiet = False
        self._tell()

    def _enter(self, county: str) -> None:
        """The keyboard has come into a column: without a selection it takes the card it is on."""
        self._here = county
        column = self._columns[county]
        if not self.selected_ids() and column.list.cards.cards():
            row = max(column.list.currentIndex().row(), 0)
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            column.list.selectionModel().setCurrentIndex(column.list.cards.index(row), flag)

    def _begin_sweep(self, on_top: bool) -> None:
        if not on_top:
            for column in self._columns.values():
                column.list.selectionModel().clearSelection()
        self._swept_from = {key: {c.place.id for c in x.selected()} for key, x in self._columns.items()}

    def _sweep(self, touched: dict[str, set[str]]) -> None:
        self._quiet = True
        for key, column in self._columns.items():
            column.select(self._swept_from.get(key, set()) | touched.get(key, set()))
        self._here = next((key for key, found in touched.items() if found), self._here)
        self._quiet = False
        self._tell()

    # -- by keyboard -----------------------------------------------------------------------------------

    def _sideways(self, county: str, step: int) -> None:
        keys = list(self._columns)
        at = keys.index(county) + step
        if at == len(keys) and not self.shelf.isHidden():
            self.shelf.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if not 0 <= at < len(keys):
            return
        target = self._columns[keys[at]]
        row = min(max(self._columns[county].list.currentIndex().row(), 0), target.list.cards.rowCount() - 1)
        self.enter(keys[at])
        if row >= 0 and not self.cut_ids():
            target.list.setCurrentIndex(target.list.cards.index(row))

    def _off_shelf(self, step: int) -> None:
        if step < 0:
            self.enter(list(self._columns)[-1])

    def _wish(self, wish: str, county: str) -> None:
        if wish == "move":
            self.moveWanted.emit()
        elif wish == "cut":
            self.cut(self.selected_ids() if self._movable else [])
            if not self._movable:
                self.moveWanted.emit()
        elif wish == "paste":
            self.paste(county)
        elif wish == "cancel":
            self.cut([])

    def cut(self, places: Sequence[str]) -> None:
        """Take these along until they are put down (Ctrl+V) or left (Esc)."""
        self.carrier.cut(places)

    def cut_ids(self) -> list[str]:
        """The places that are being taken along."""
        return self.carrier.cut_ids()

    def paste(self, county: str) -> None:
        """Put down in a county what was cut."""
        if found := self.carrier.take():
            self.moved.emit(found, county)

    def _drag(self, source: QWidget) -> None:
        cards = self.selected_cards()
        if cards and self._movable:
            self.carrier.drag(source, cards)

    def _nudge(self, at: QPoint) -> None:
        """While something is dragged near an edge the board moves on."""
        x, bar = self.area.mapFromGlobal(at).x(), self.area.horizontalScrollBar()
        if x < Size.GAP_WIDE:
            bar.setValue(bar.value() - Size.GAP_MID)
        elif x > self.area.width() - Size.GAP_WIDE:
            bar.setValue(bar.value() + Size.GAP_MID)

    def _tell(self) -> None:
        if not self._quiet:
            self._later.start()

    def _tell_now(self) -> None:
        self.chosen.emit(self.current())
        self.selected.emit()
