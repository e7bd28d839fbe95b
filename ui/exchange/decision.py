"""What is decided at the right of the inbox: one field in conflict, one stale review, or several at once."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import conflicts
from commissioner_app.conflicts import InboxItem
from commissioner_app.differences import marked
from ui.exchange.third import ThirdValue
from ui.exchange.values import Beside, MarkedText, ValueCard
from ui.theme import Size
from ui.widgets.basic import button, label, rule
from ui.widgets.card import Card

NOTHING = object()
"""Stands for: no value has been chosen yet."""


class ConflictView(QWidget):
    """The values of a field side by side, and a place to write another.

    ``taken`` is sent when the chosen value is to be written at once (double click).
    """

    taken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.item: InboxItem | None = None
        self.cards: list[ValueCard] = []
        self.third: ThirdValue | None = None
        self._chosen: int | None = None
        self._unsettled: dict[tuple[str, str], Any] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP + Size.TIGHT)
        self.before = label("", "caption", wrap=True)
        column.addWidget(self.before)
        self.beside = Beside()
        column.addWidget(self.beside)
        self.other = button(self.tr("另填…"), icon="edit", on_click=self.write_other)
        self.other.setToolTip(self.tr("这几个都不对时，写一个新的（0）"))
        line = QHBoxLayout()
        line.addWidget(self.other)
        self.closed = label("", "caption", wrap=True)
        line.addWidget(self.closed, 1)
        line.addStretch()
        column.addLayout(line)
        self._place = QVBoxLayout()
        column.addLayout(self._place)
        self.missing = label("", "error", wrap=True)
        self.missing.hide()
        column.addWidget(self.missing)
        column.addStretch(1)

    def show_item(self, item: InboxItem) -> None:
        """Show a field; what was chosen or typed for it before is there again."""
        same = self.item is not None and self.item.key == item.key
        if same and self.item == item:
            return
        chosen = self.chosen() if same else NOTHING
        self._keep_typed()
        self.item, self._chosen = item, None
        self.before.setText(self.tr("修改之前：{0}").format(item.before))
        self.before.setVisible(bool(item.before))
        texts = marked([c.text for c in item.choices])
        self.cards = []
        for n, (choice, parts) in enumerate(zip(item.choices, texts, strict=True)):
            card = ValueCard(n + 1, choice, parts, shown=n == 0 and not item.deletion)
            card.chosen.connect(lambda n=n: self.choose(n))
            card.taken.connect(lambda n=n: self._take(n))
            self.cards.append(card)
        self.beside.show_cards(list(self.cards))
        self._drop_third()
        self.other.setVisible(bool(item.entry.kind) and item.mine)
        self.closed.setText(self._why_closed(item))
        self.closed.setVisible(bool(self.closed.text()))
        self.missing.hide()
        if item.key in self._unsettled:
            self.write_other()
        elif chosen is not NOTHING:
            again = [n for n, c in enumerate(item.choices) if repr(c.value) == repr(chosen)]
            if again:
                self.choose(again[0])

    def _why_closed(self, item: InboxItem) -> str:
        if not item.mine:
            return self.tr("按权限，这一项不由本单位选定；上级单位选定后下发，这里就一致了。")
        if item.entry.kind or item.deletion:
            return ""
        return self.tr("这一项由几部分组成或引自别处，只能从上面选定；要改成别的，请先选定再打开该记录修改。")

    def choose(self, number: int) -> None:
        """Choose a value by its number from 0."""
        if 0 <= number < len(self.cards) and self.cards[number].choice.may:
            self._chosen = number
            self.missing.hide()
            if any(card.hasFocus() for card in self.cards):
                self.cards[number].setFocus()
            for n, card in enumerate(self.cards):
                card.mark(n == number)

    def write_other(self) -> None:
        """Write a value that is none of those."""
        item = self.item
        if item is None or not item.entry.kind or not item.mine:
            return
        if self.third is None:
            self.third = ThirdValue(item)
            kept = self._unsettled.pop(item.key, NOTHING)
            if kept is not NOTHING:
                self.third.set_value(kept)
            elif item.entry.kind in ("line", "lines", "list") and "*" not in item.choices[0].text:
                self.third.set_value(item.choices[0].value)  # often only a word has to be changed
            self.third.edited.connect(self._other_chosen)
            self._place.addWidget(self.third)
        self._other_chosen()
        self.third.setFocus()

    def chosen(self) -> Any:
        """The chosen value, NOTHING where none is chosen yet."""
        if self.item is None:
            return NOTHING
        if self._chosen is not None:
            return self.item.choices[self._chosen].value
        return self.third.value() if self.third is not None else NOTHING

    def ready(self) -> bool:
        """Whether there is a good value to write; says what is missing."""
        if self.item is None:
            return False
        if self._chosen is None and self.third is None:
            keys = "、".join(str(n + 1) for n in range(min(len(self.cards), 9)))
            self.missing.setText(self.tr("请先选定一个，可按 {0}").format(keys))
            self.missing.show()
            self.cards[0].setFocus()
            return False
        if self._chosen is None and self.third is not None and self.third.problem():
            self.third.setFocus()
            return False
        return True

    def forget(self, key: tuple[str, str]) -> None:
        """It has been decided: what was typed for it is not needed any more."""
        self._unsettled.pop(key, None)
        if self.item is not None and self.item.key == key:
            self._drop_third()
            self.item = None

    def _take(self, number: int) -> None:
        self.choose(number)
        self.taken.emit()

    def _other_chosen(self) -> None:
        self._chosen = None
        self.missing.hide()
        for card in self.cards:
            card.mark(False)

    def _keep_typed(self) -> None:
        if self.third is not None and self.item is not None and self._chosen is None:
            self._unsettled[self.item.key] = self.third.value()

    def _drop_third(self) -> None:
        if self.third is not None:
            self.third.hide()
            self.third.deleteLater()
            self.third = None


class StaleView(QWidget):
    """What changed in a visit since it had passed."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP + Size.TIGHT)
        self.review = label("", "caption", wrap=True)
        column.addWidget(self.review)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Size.GAP + Size.TIGHT)
        column.addLayout(self._rows)
        column.addStretch(1)

    def show_item(self, item: InboxItem) -> None:
        """Show what changed: before and now, by whom and when."""
        self.review.setText(
            self.tr("审核时：{0}。下列内容是审核之后改的，请核对后重新审核。").format(item.review)
        )
        while old := self._rows.takeAt(0):
            if widget := old.widget():
                widget.hide()
                widget.deleteLater()
        for change in item.changes:
            card = Card()
            card.body.setSpacing(Size.GAP)
            card.body.addWidget(label(change.label, "caption"))
            sides = QHBoxLayout()
            sides.setSpacing(Size.GAP_MID)
            texts = marked([change.before, change.now])
            for name, parts in zip((self.tr("审核时"), self.tr("现在")), texts, strict=True):
                side = QVBoxLayout()
                side.setSpacing(Size.TIGHT)
                side.addWidget(label(name, "caption"))
                side.addWidget(MarkedText(parts))
                side.addStretch(1)
                sides.addLayout(side, 1)
            card.body.addLayout(sides)
            who = "  ".join(w for w in (change.author.station, change.author.actor, change.author.when) if w)
            card.body.addWidget(label(who, "caption", wrap=True))
            card.setAccessibleName(f"{change.label}：{change.before} → {change.now}，{who}")
            self._rows.addWidget(card)


class SeveralView(QWidget):
    """The same decision for several fields: one unit's values, or the later ones.

    ``decided`` carries {(record, field): value}; a deletion is never decided this way.
    """

    decided = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP)
        self.caption = label("", "sub", wrap=True)
        column.addWidget(self.caption)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Size.GAP)
        column.addLayout(self._rows)
        self.note = label("", "caption", wrap=True)
        column.addWidget(self.note)
        column.addStretch(1)
        self.ways: list[tuple[str, dict[tuple[str, str], Any]]] = []

    def show_items(self, items: Sequence[InboxItem]) -> None:
        """Offer what can be done with these at once."""
        fields = [i for i in items if not i.stale and not i.deletion and i.mine]
        deletions = sum(1 for i in items if i.deletion)
        stale = sum(1 for i in items if i.stale)
        self.caption.setText(self.tr("选中了 {0} 处，可以一并核对；做完仍可撤销。").format(f"{len(items):,}"))
        self.ways = [
            (self.tr("都采用 {0} 填写的").format(unit) if unit else self.tr("都采用较晚填写的"), values)
            for unit, values in conflicts.common(items)
        ]
        while old := self._rows.takeAt(0):
            if widget := old.widget():
                widget.hide()
                widget.deleteLater()
        for text, values in self.ways:
            self._rows.addWidget(self._row(text, values, len(fields)))
        notes = []
        others = sum(1 for i in items if not i.mine)
        if others:
            notes.append(self.tr("{0} 处按权限不由本单位选定。").format(others))
        if deletions:
            notes.append(self.tr("{0} 处关系到删除或保留，请逐条核对。").format(deletions))
        if stale and stale < len(items):
            notes.append(self.tr("{0} 条审核后有改动，请单独选中后重新审核。").format(stale))
        self.note.setText("".join(notes))
        self.note.setVisible(bool(notes))

    def _row(self, text: str, values: dict[tuple[str, str], Any], whole: int) -> QWidget:
        box = QWidget()
        row = QVBoxLayout(box)
        row.setContentsMargins(0, Size.TIGHT, 0, Size.TIGHT)
        row.setSpacing(Size.TIGHT)
        go = button(text, on_click=lambda: self.decided.emit(values))
        row.addWidget(go, 0, Qt.AlignmentFlag.AlignLeft)
        told = self.tr("{0} 处按此选定").format(f"{len(values):,}")
        if len(values) < whole:
            told += self.tr("，其余 {0} 处没有该单位的填写，保持不变").format(f"{whole - len(values):,}")
        row.addWidget(label(told, "caption", wrap=True))
        row.addWidget(rule())
        return box
