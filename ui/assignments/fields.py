"""Fields of a stay that take several by typing: townships of the division data, recipients of the ledger."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtWidgets import QWidget

from commissioner_app import pinyin
from commissioner_app.assignments import Known
from ui.editing import CodeList
from ui.widgets.picklist import PickList


def fits(typed: str, text: str) -> bool:
    """Whether an entry is meant: a part of it, initials anywhere, or the beginning of its pinyin."""
    return pinyin.found(typed, text) or (typed.isascii() and bool(pinyin.matches(typed, pinyin.keys(text))))


class TownshipPick(CodeList):
    """Townships of a county, found by typing; a name that the table lacks is kept as it was typed."""

    def __init__(self, pairs: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(pairs, parent)
        self._free = self.adds = True
        self.fits = fits


class RecipientPick(PickList):
    """Recipients by name; one that is not known yet is made when the stay is saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(free=True, parent=parent)
        self.fits = fits
        self._record_of: dict[str, str] = {}
        self._name_of: dict[str, str] = {}

    def set_known(self, known: Known) -> None:
        """Offer these; of several with one name each but the first is told apart by a number."""
        self._record_of, self._name_of = {}, {}
        for record, name in sorted(known.names.items(), key=lambda pair: (pair[1], pair[0])):
            shown, n = name, 2
            while shown in self._record_of:
                shown, n = f"{name}（{n}）", n + 1
            self._record_of[shown] = record
            self._name_of[record] = shown
        for record, stands in known.stands.items():
            if stands in self._name_of:
                self._name_of.setdefault(record, self._name_of[stands])
        self.set_choices(list(self._record_of))

    def words_of(self, records: Iterable[str]) -> list[str]:
        """The names under which recipients stand here, in the order in which `values` gives them."""
        shown = {self._name_of.get(record, record) for record in records}
        known = [choice for choice in self._record_of if choice in shown]
        return known + sorted(shown - set(known))

    def split(self, words: Iterable[str]) -> Mapping[str, list[str]]:
        """The journal's values of what is chosen: `recipients` that are known, `new_recipients` by name."""
        ids, names = [], []
        for word in words:
            (ids.append(self._record_of[word]) if word in self._record_of else names.append(word))
        return {"recipients": sorted(ids), "new_recipients": names}
