"""TopBar: title and scope of the page, search, period, and the one main action."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from ui.theme import Size
from ui.widgets.basic import Combo, button, label
from ui.widgets.search import SearchBox


class TopBar(QFrame):
    """``periodChosen`` carries what was given as the period's data, ``mainAction`` the click on 登记服务."""

    periodChosen = Signal(object)
    mainAction = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topbar")
        self.setFixedHeight(Size.TOPBAR)
        row = QHBoxLayout(self)
        row.setContentsMargins(Size.GAP_WIDE, 0, Size.GAP_WIDE, 0)
        row.setSpacing(10)
        self._title = label("", "pagetitle")
        self._caption = label("", "caption")
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._caption.setContentsMargins(0, 4, 0, 0)
        self.search = SearchBox()
        self.search.setFixedWidth(Size.SEARCH)
        self.period = Combo()
        self.period.setFixedWidth(Size.PERIOD)
        self.period.setAccessibleName(self.tr("统计期间"))
        self.period.setToolTip(self.tr("统计期间"))
        self.main = button(self.tr("登记服务"), "primary", icon="add", on_click=self.mainAction.emit)
        self.main.setToolTip(self.tr("登记服务（Ctrl+N）"))
        self.period.hide()
        row.addWidget(self._title)
        row.addWidget(self._caption, 1)
        row.addWidget(self.search)
        row.addWidget(self.period)
        row.addWidget(self.main)
        self.period.activated.connect(lambda at: self.periodChosen.emit(self.period.itemData(at)))

    def set_page(self, title: str, caption: str) -> None:
        """Say which page is in front."""
        self._title.setText(title)
        self.set_caption(caption)

    def set_caption(self, caption: str) -> None:
        """Say what the page covers."""
        self._caption.setText(caption)
        self._caption.setToolTip(caption)

    def title(self) -> str:
        """The title shown."""
        return self._title.text()

    def set_periods(
        self,
        periods: Sequence[tuple[str, object]],
        current: object = None,
        more: Sequence[tuple[str, object]] = (),
    ) -> None:
        """Offer periods as (text, data); the one whose data is ``current`` is shown. Sends nothing.

        ``more`` stands below a line: what else can be chosen there.
        """
        self.period.clear()
        for text, data in periods:
            self.period.addItem(text, data)
        if more:
            self.period.insertSeparator(len(periods))
            for text, data in more:
                self.period.addItem(text, data)
        at = next((at for at, (_text, data) in enumerate(periods) if data == current), 0)
        self.period.setCurrentIndex(at)
        self.period.setVisible(bool(periods))

    def narrow(self, is_narrow: bool) -> None:
        """Give the title room in a narrow window."""
        self.search.setFixedWidth(Size.SEARCH * 2 // 3 if is_narrow else Size.SEARCH)

    def focus_search(self) -> None:
        """Put the cursor into the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()
