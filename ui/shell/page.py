"""Page: what every page of the window is; it shows kinds of records and is refreshed only while it is
seen.
"""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class Page(QWidget):
    """Subclasses set ``key``, ``title`` (by tr), ``icon`` and ``shows``, and write ``refresh``.

    ``shows`` are the kinds of records whose change concerns the page. ``refresh(kinds)`` is called with those
    that changed, at once while the page is visible, else at its next activation; at the first one with all.
    """

    key: str = ""
    icon: str = ""
    shows: frozenset[str] = frozenset()

    captionChanged = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stale: frozenset[str] | None = None
        self._seen = False
        self._on_top = False

    def caption(self) -> str:
        """The page's scope, shown beside its title."""
        return ""

    def activated(self) -> None:
        """The page has come to the front; it puts the focus where work begins."""

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show anew what these kinds of records say."""

    def may_leave(self) -> bool:
        """False keeps the page in front, as when typed text waits for a decision."""
        return True

    def drop_zones(self, files: list[Path]) -> list[QWidget]:
        """The parts of the page on which these files may be dropped; the window leaves them uncovered."""
        return []

    def drop_words(self, files: list[Path]) -> str:
        """What would happen with files dropped on the window while the page is in front; "" where they are not for it."""
        return ""

    def take_files(self, files: list[Path]) -> bool:
        """Files were dropped on the window; False where they are not for this page."""
        return False

    def note_changes(self, kinds: frozenset[str]) -> None:
        """Records of these kinds have changed (called by the window)."""
        mine = kinds & self.shows
        if not mine or not self._seen:
            return
        if self._on_top:
            self.refresh(mine)
        else:
            self._stale = (self._stale or frozenset()) | mine

    def come(self) -> None:
        """To the front (called by the window)."""
        self._on_top = True
        if not self._seen:
            self._seen = True
            self.refresh(self.shows)
        elif self._stale:
            stale, self._stale = self._stale, None
            self.refresh(stale)
        self.activated()

    def go(self) -> None:
        """To the back (called by the window)."""
        self._on_top = False
