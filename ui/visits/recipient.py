"""RecipientEdit: the recipient's name, with what the ledger knows of that name and place; WordEdit: a text used before."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from commissioner_app.gazetteer import Where
from commissioner_app.suggestions import KnownRecipient, fitting
from ui.visits.hints import Hints
from ui.widgets.droplist import DropList, Hit
from ui.widgets.suggest import SuggestEdit


class RecipientEdit(QLineEdit):
    """Free text; `chosen` carries the KnownRecipient that was taken from the list."""

    chosen = Signal(object)

    def __init__(self, hints: Hints, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hints = hints
        self._where: Where = [None, None, None]
        self.setPlaceholderText(self.tr("合作社、企业、家庭农场、村……"))
        self.drop = DropList(self, choose_first=False)
        self.drop.taken.connect(self._take)
        self.textEdited.connect(self._offer)

    def set_where(self, where: Where) -> None:
        """Recipients of this place come first."""
        self._where = where

    def _offer(self, typed: str) -> None:
        found = fitting(self._hints.known.recipients, typed, self._where)
        self.drop.offer([Hit(r.name, r.place, "recipient", r) for r in found if r.name != typed.strip()])
        _first_of(self.drop, typed)

    def _take(self, hit: Hit) -> None:
        if isinstance(hit.key, KnownRecipient):
            self.setText(hit.key.name)
            self.setFocus()
            self.chosen.emit(hit.key)


class WordEdit(SuggestEdit):
    """As its base; letters are taken for pinyin, so that Enter takes the first hit."""

    def _offer(self, typed: str) -> None:
        super()._offer(typed)
        _first_of(self.drop, typed)


def _first_of(drop: DropList, typed: str) -> None:
    if typed.isascii() and drop.hits():
        drop.view.setCurrentIndex(drop.view.model().index(0, 0))
