"""NearHint: while a name is being entered, the known ones that are like it, each a link."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from commissioner_app.recipient_matches import Matcher
from commissioner_app.recipients import RecipientRow
from ui.context import Context
from ui.theme import Size
from ui.widgets.basic import button, label

WAIT_MS = 200
"""So long after the last key is it looked for."""


class NearHint(QWidget):
    """Hidden while there is none; ``opened`` carries the recipient whose link was taken."""

    opened = Signal(str)

    def __init__(self, context: Context, place_text: Callable[[RecipientRow], str]) -> None:
        super().__init__()
        self._context, self._place_text = context, place_text
        self._matcher: Matcher | None = None
        self._asked: tuple[str, tuple[str | None, ...], str] = ("", (), "")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Size.TIGHT)
        self._column.addWidget(label(self.tr("已有相近的："), "caption"))
        self.links = [button("", "link", on_click=partial(self._take, at)) for at in range(3)]
        for link in self.links:
            self._column.addWidget(link)
        self._found: list[RecipientRow] = []
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._look)
        self.hide()

    def set_matcher(self, matcher: Matcher) -> None:
        """What it looks in."""
        self._matcher = matcher

    def ask(self, name: str, where: Sequence[str | None], but: str = "") -> None:
        """Look, a moment later, for those like a name at a place, other than `but`."""
        self._asked = (name.strip(), tuple(where), but)
        self._timer.start()

    def clear(self) -> None:
        """Nothing is being entered."""
        self._asked = ("", (), "")
        self._timer.stop()
        self._show([])

    def _look(self) -> None:
        asked, matcher = self._asked, self._matcher
        name, where, but = asked
        if matcher is None or not name:
            self._show([])
            return
        self._context.read(
            lambda: matcher.similar(name, where, but),
            lambda found: self._show(found) if asked == self._asked else None,
            self,
            "near",
        )

    def _show(self, found: list[RecipientRow]) -> None:
        self._found = found
        for at, link in enumerate(self.links):
            link.setVisible(at < len(found))
            if at < len(found):
                row = found[at]
                place = self._place_text(row)
                text = f"{row.name}（{place}）" if place else row.name
                link.setText(
                    link.fontMetrics().elidedText(
                        text, Qt.TextElideMode.ElideRight, max(self.width(), Size.SIDEBAR)
                    )
                )
                link.setToolTip(self.tr("打开{0}").format(text))
                link.setAccessibleName(self.tr("已有相近的：{0}").format(text))
        self.setVisible(bool(found))

    def names(self) -> list[str]:
        """The names that are offered now."""
        return [row.name for row in self._found]

    def _take(self, at: int) -> None:
        if at < len(self._found):
            self.opened.emit(self._found[at].id)
