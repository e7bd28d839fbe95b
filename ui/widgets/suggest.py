"""SuggestEdit: a line edit that offers what was written before, found by any part or by pinyin initials."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.widgets.droplist import DropList, Hit

Suggestion = tuple[str, str]
MOST = 12


def matching(suggestions: Iterable[Suggestion], typed: str, most: int = MOST) -> list[str]:
    """The texts that contain ``typed``, or whose search keys (say "wx wenxian") have a word that begins so.

    Those that begin with it come first, each group in the order given.
    """
    needle = typed.strip().lower()
    if not needle:
        return []
    first: list[str] = []
    rest: list[str] = []
    for text, keys in suggestions:
        plain = text.lower()
        if plain.startswith(needle):
            first.append(text)
        elif needle in plain or any(key.startswith(needle) for key in keys.lower().split()):
            rest.append(text)
    return (first + rest)[:most]


class SuggestEdit(QLineEdit):
    """Free text with suggestions; ``source`` gives (text, search keys) and is asked once each time one
    comes here.

    ``chosen`` carries a suggestion that was taken; ordinary typing sends textEdited as in any line edit.
    """

    chosen = Signal(str)

    def __init__(self, source: Callable[[], Sequence[Suggestion]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._known: Sequence[Suggestion] | None = None
        self.drop = DropList(self, choose_first=False)
        self.drop.taken.connect(self._take)
        self.textEdited.connect(self._offer)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._known = None

    def _offer(self, typed: str) -> None:
        if self._known is None:
            self._known = self._source()
        self.drop.offer([Hit(text) for text in matching(self._known, typed) if text != typed])

    def _take(self, hit: Hit) -> None:
        self.setText(hit.title)
        self.setFocus()
        self.chosen.emit(hit.title)
