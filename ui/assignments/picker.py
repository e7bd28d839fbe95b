"""移到…: the list of counties that opens beside the cards; typing finds one by its name or pinyin."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from commissioner_app import pinyin
from ui.theme import Size
from ui.widgets.basic import label, roomy_rows
from ui.widgets.overlay import Overlay

WIDTH = 260
ROWS = 8
CODE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Target:
    """A county ("" for 待安排) with what is said beside its name."""

    county: str
    name: str
    caption: str = ""


def fits(typed: str, name: str) -> bool:
    """Whether a name is meant: a part of it, its initials or the beginning of its pinyin."""
    needle = typed.strip().lower()
    return (
        not needle or needle in name or (needle.isascii() and bool(pinyin.matches(needle, pinyin.keys(name))))
    )


class CountyPicker(Overlay):
    """↑ ↓ choose, Enter takes, Esc closes; `taken` is called with the county."""

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP, Size.GAP, Size.GAP, Size.TIGHT)
        column.setSpacing(Size.TIGHT)
        self.head = label("", "caption", wrap=True)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("输入县名或拼音，如 wx"))
        self.field.setAccessibleName(self.tr("查找受援县"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("受援县"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        roomy_rows(self.list, Size.CONTROL)
        column.addWidget(self.head)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self._targets: list[Target] = []
        self._taken: Callable[[str], object] = lambda _county: None
        self._back: QWidget | None = None
        self.field.textChanged.connect(self._narrow)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._take)

    def ask(
        self, words: str, targets: Sequence[Target], at: QPoint, taken: Callable[[str], object], back: QWidget
    ) -> None:
        """Open with its corner at a point of the screen; the focus goes `back` when it closes."""
        self._targets, self._taken, self._back = list(targets), taken, back
        self.head.setText(words)
        self.field.clear()
        self._narrow("")
        rows = min(len(targets), ROWS)
        self.open(WIDTH, Size.CONTROL * (rows + 1) + self.head.sizeHint().height() + 4 * Size.GAP)
        window = self.window()
        place = window.mapFromGlobal(at)
        x = max(Size.TIGHT, min(place.x(), window.width() - self.width() - Size.TIGHT))
        y = max(Size.TIGHT, min(place.y(), window.height() - self.height() - Size.TIGHT))
        self.move(x, y)
        self.field.setFocus()

    def shown(self) -> list[str]:
        """The counties that are listed now."""
        return [str(self.list.item(n).data(CODE)) for n in range(self.list.count())]

    def _narrow(self, typed: str) -> None:
        self.list.clear()
        for target in self._targets:
            if fits(typed, target.name):
                text = f"{target.name}　{target.caption}" if target.caption else target.name
                item = QListWidgetItem(text)
                item.setData(CODE, target.county)
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        county = str(item.data(CODE))
        self.close_panel()
        if self._back is not None:
            self._back.setFocus()
        self._taken(county)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            key = Qt.Key(event.key())
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key, 0)
            if step:
                to = min(max(self.list.currentRow() + step, 0), self.list.count() - 1)
                self.list.setCurrentRow(to)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentItem())
                return True
            if key == Qt.Key.Key_Escape:
                self.close_panel()
                if self._back is not None:
                    self._back.setFocus()
                return True
        return super().eventFilter(watched, event)
