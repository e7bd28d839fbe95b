"""MergeDialog: pairs that may be one, side by side, field by field; it knows plain texts only, so any kind will do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.theme import Size
from ui.widgets.basic import button, label, roomy_rows, rule, scroll
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState

WIDTH, HEIGHT, LIST = 960, 600, 288
CAPTION = 84
Where = Literal["left", "right"]


@dataclass(frozen=True)
class Side:
    """One of the two: the record, what it is called, and a line of facts such as its number of visits."""

    record: str
    title: str
    facts: str = ""


@dataclass(frozen=True)
class Choice:
    """A field: its name and caption, what each side says ("" for nothing), and which is taken at first."""

    field: str
    caption: str
    left: str
    right: str
    preferred: Where = "left"

    @property
    def same(self) -> bool:
        """Whether there is nothing to choose."""
        return self.left == self.right


@dataclass(frozen=True)
class Duplicate:
    """Two records that may be one, and why."""

    left: Side
    right: Side
    reasons: tuple[str, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Words:
    """What the dialog says about the kind of record: `apart` is the button that keeps two apart."""

    title: str
    explanation: str
    apart: str
    nothing: str


class MergeDialog(QDialog):
    """``mergeWanted`` carries a Duplicate and {field: "left" | "right"}, ``apartWanted`` a Duplicate.

    Whoever opened it writes, then calls ``show_pairs`` with what is left and ``say`` with what was done.
    """

    mergeWanted = Signal(object, object)
    apartWanted = Signal(object)
    undoWanted = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent.window() if parent is not None else None)
        self._words = words
        self._pairs: list[Duplicate] = []
        self._groups: dict[str, QButtonGroup] = {}
        self.setWindowTitle(words.title)
        self.resize(WIDTH, HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        self.heading = label("", "cardtitle")
        column.addWidget(self.heading)
        column.addWidget(label(words.explanation, "caption", wrap=True))
        self.stack = QStackedWidget()
        self.stack.addWidget(self._waiting())
        self.stack.addWidget(self._comparing())
        self.stack.addWidget(EmptyState("done", words.nothing))
        column.addWidget(self.stack, 1)
        column.addLayout(self._foot())
        for keys, do in (("Ctrl+Return", self._merge), ("Ctrl+Enter", self._merge), ("Ctrl+D", self._apart),
                         ("Ctrl+Z", self.undo.click)):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(do)
        self._busy()

    def _waiting(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addWidget(label(self.tr("正在查找……"), "sub"), 0, Qt.AlignmentFlag.AlignCenter)
        return page

    def _comparing(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, Size.GAP, 0, 0)
        row.setSpacing(Size.GAP_MID)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("可能重复的"))
        self.list.setFixedWidth(LIST)
        roomy_rows(self.list, 2 * Size.ROW - Size.GAP_MID)
        self.list.currentRowChanged.connect(self._show)
        row.addWidget(self.list)
        card = Card()
        self._reasons = label("", "notice", tone="info", wrap=True)
        card.body.addWidget(self._reasons)
        self._inner = QWidget()
        self._grid = QGridLayout(self._inner)
        self._grid.setContentsMargins(0, Size.GAP, Size.GAP, 0)
        self._grid.setHorizontalSpacing(Size.GAP_MID)
        self._grid.setVerticalSpacing(Size.GAP)
        card.body.addWidget(scroll(self._inner), 1)
        row.addWidget(card, 1)
        return page

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.said = label("", "caption", wrap=True)
        self.undo = button(self.tr("撤销"), "link", on_click=self.undoWanted.emit)
        self.undo.setToolTip(self.tr("撤销（Ctrl+Z）"))
        self.undo.hide()
        row.addWidget(self.said, 1)
        row.addWidget(self.undo)
        row.addWidget(button(self.tr("关闭"), on_click=self.reject))
        self.apart_button = button(self._words.apart, on_click=self._apart)
        self.apart_button.setToolTip(self.tr("{0}，以后不再提示（Ctrl+D）").format(self._words.apart))
        self.merge_button = button(self.tr("合并"), "primary", on_click=self._merge)
        self.merge_button.setToolTip(self.tr("合并（Ctrl+Enter）"))
        row.addWidget(self.apart_button)
        row.addWidget(self.merge_button)
        return row

    # -- showing ---------------------------------------------------------------------------------------

    def pairs(self) -> list[Duplicate]:
        """What is listed."""
        return list(self._pairs)

    def current(self) -> Duplicate | None:
        """The pair that is compared."""
        at = self.list.currentRow()
        return self._pairs[at] if self.stack.currentIndex() == 1 and 0 <= at < len(self._pairs) else None

    def show_pairs(self, pairs: Sequence[Duplicate]) -> None:
        """List these; the pair that was compared stays in front, else the one that took its place."""
        before, at = self.current(), max(self.list.currentRow(), 0)
        self._pairs = list(pairs)
        self.list.blockSignals(True)
        self.list.clear()
        for pair in self._pairs:
            item = QListWidgetItem(f"{pair.left.title}\n{pair.right.title}")
            item.setToolTip("\n".join((pair.left.title, pair.right.title, "、".join(pair.reasons))))
            self.list.addItem(item)
        self.list.blockSignals(False)
        same = [n for n, p in enumerate(self._pairs) if before and _records(p) == _records(before)]
        self.stack.setCurrentIndex(1 if self._pairs else 2)
        if self._pairs:
            self.list.setCurrentRow(same[0] if same else min(at, len(self._pairs) - 1))
            self._show(self.list.currentRow())
            self.list.setFocus()
        self._busy()

    def say(self, text: str, undoable: bool = False) -> None:
        """What was done, with 撤销 beside it, or why it was not."""
        self.said.setText(text)
        self.undo.setVisible(undoable)

    def _busy(self) -> None:
        count = len(self._pairs)
        self.heading.setText(self.tr("{0} 对可能重复").format(f"{count:,}") if count else self._words.title)
        for each in (self.apart_button, self.merge_button):
            each.setEnabled(count > 0)
            each.setVisible(self.stack.currentIndex() != 2)

    def _show(self, at: int) -> None:
        while self._grid.count():
            part = self._grid.takeAt(0).widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        self._groups = {}
        if not 0 <= at < len(self._pairs):
            return
        pair = self._pairs[at]
        self._reasons.setText(self.tr("理由：{0}").format("，".join(pair.reasons)) if pair.reasons else "")
        self._reasons.setVisible(bool(pair.reasons))
        grid = self._grid
        grid.setColumnMinimumWidth(0, CAPTION)
        for column, side, where in ((1, pair.left, "left"), (2, pair.right, "right")):
            grid.setColumnStretch(column, 1)
            head = label(side.title, "cardtitle", wrap=True)
            grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(side.facts or " ", "caption", wrap=True), 1, column)
            whole = button(
                self.tr("全用左边的") if where == "left" else self.tr("全用右边的"),
                "link",
                on_click=partial(self.take_all, where),
            )
            grid.addWidget(whole, 2, column)
        grid.addWidget(rule(), 3, 0, 1, 3)
        line = 4
        for choice in pair.choices:
            if choice.same and not choice.left:
                continue
            head = label(choice.caption, "sub")
            grid.addWidget(head, line, 0, Qt.AlignmentFlag.AlignTop)
            if choice.same:
                grid.addWidget(label(choice.left, wrap=True), line, 1, 1, 2)
            else:
                self._choice(choice, line)
            line += 1
        grid.setRowStretch(line, 1)

    def _choice(self, choice: Choice, line: int) -> None:
        group = QButtonGroup(self._inner)
        for number, text in enumerate((choice.left, choice.right)):
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(Size.TIGHT)
            radio = QRadioButton()
            radio.setAccessibleName(f"{choice.caption}：{text or self.tr('未填')}")
            words = _Words(text or "—", radio)
            row.addWidget(radio, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(words, 1)
            group.addButton(radio, number)
            self._grid.addWidget(holder, line, number + 1)
        group.button(0 if choice.preferred == "left" else 1).setChecked(True)
        self._groups[choice.field] = group

    # -- choosing --------------------------------------------------------------------------------------

    def take(self, field: str, where: Where) -> None:
        """Take one side's value of a field."""
        self._groups[field].button(0 if where == "left" else 1).setChecked(True)

    def take_all(self, where: str) -> None:
        """Take one side's value of every field."""
        for group in self._groups.values():
            group.button(0 if where == "left" else 1).setChecked(True)

    def chosen(self) -> Mapping[str, Where]:
        """Which side each field with a choice is taken from."""
        return {f: "left" if group.checkedId() == 0 else "right" for f, group in self._groups.items()}

    def _merge(self) -> None:
        pair = self.current()
        if pair is not None:
            self.mergeWanted.emit(pair, dict(self.chosen()))

    def _apart(self) -> None:
        pair = self.current()
        if pair is not None:
            self.apartWanted.emit(pair)


class _Words(QLabel):
    """The text beside a radio button, wrapped; a click on it chooses."""

    def __init__(self, text: str, radio: QRadioButton) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self._radio = radio

    def mousePressEvent(self, event: object) -> None:
        self._radio.setChecked(True)
        self._radio.setFocus()


def _records(pair: Duplicate) -> frozenset[str]:
    return frozenset((pair.left.record, pair.right.record))
