"""Card: a white panel with a title, at its right a caption or a link."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Size
from ui.widgets.basic import button, label


class Card(QFrame):
    """Put the content into ``body``; ``flush=True`` lets it reach the card's edges, as a table does."""

    linked = Signal()

    def __init__(
        self,
        title: str = "",
        *,
        caption: str = "",
        link: str = "",
        flush: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.head = QHBoxLayout()
        self.head.setSpacing(Size.GAP)
        self._title = label(title, "cardtitle")
        self._caption = label(caption, "caption")
        if title or caption or link:
            self.setAccessibleName(title)
            self.head.setContentsMargins(Size.GAP_MID, Size.GAP_MID - 2, Size.GAP_MID, 0)
            self.head.addWidget(self._title)
            self.head.addStretch(1)
            self.head.addWidget(self._caption)
            if link:
                self.head.addWidget(
                    button(link, "link", on_click=self.linked.emit), 0, Qt.AlignmentFlag.AlignRight
                )
            outer.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setSpacing(Size.GAP)
        edge = 0 if flush else Size.GAP_MID
        top = Size.GAP if title else edge
        self.body.setContentsMargins(edge, top, edge, Size.GAP if flush else Size.GAP_MID)
        outer.addLayout(self.body, 1)

    def set_title(self, title: str) -> None:
        """Change the title, which must not have been empty at first."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_caption(self, caption: str) -> None:
        """Change the text at the title's right."""
        self._caption.setText(caption)
