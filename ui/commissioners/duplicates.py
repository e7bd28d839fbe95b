"""查找重复人员: pairs of people and of sending organisations that are probably one, compared, merged or told apart."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from commissioner_app import duplicates, merging
from commissioner_app.duplicates import Pair
from commissioner_app.ledgers import Outcome
from commissioner_app.merging import Comparison
from ui.commissioners.sides import Sides
from ui.context import Context
from ui.theme import Size, Tone
from ui.widgets.basic import button, label, restyle, scroll, tabs
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState

WIDTH, HEIGHT = 1040, 640
LIST = 316
PAIR = Qt.ItemDataRole.UserRole
Found = tuple[list[Pair], list[Pair]]


class DuplicatesDialog(QDialog):
    """Pairs at the left, both sides at the right; Ctrl+Enter merges, Ctrl+Z takes back as everywhere."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._found: Found = ([], [])
        self._comparison: Comparison | None = None
        self._at = 0
        self.setWindowTitle(self.tr("查找重复人员"))
        self.resize(WIDTH, HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_MID, Size.GAP_MID, Size.GAP_MID, Size.GAP_MID)
        column.setSpacing(Size.GAP_MID)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP_MID)
        row.addWidget(self._list_card())
        row.addWidget(self._sides_card(), 1)
        column.addLayout(row, 1)
        foot = QHBoxLayout()
        foot.setSpacing(Size.GAP)
        self.notice = label("", "notice", tone="info", wrap=True)
        self.notice.hide()
        foot.addWidget(self.notice, 1)
        self.undo = button(self.tr("撤销"), icon="undo", on_click=context.undo)
        self.undo.setToolTip(self.tr("撤销（Ctrl+Z）"))
        self.undo.hide()
        foot.addWidget(self.undo)
        foot.addStretch(0)
        foot.addWidget(button(self.tr("关闭"), on_click=self.reject))
        column.addLayout(foot)
        for keys, do in (
            ("Ctrl+Return", self.merge),
            ("Ctrl+Enter", self.merge),
            ("Ctrl+Z", context.undo),
            ("Ctrl+Y", context.redo),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)
        context.changed.connect(self._changed)
        context.refused.connect(self._refused)
        self.reload()

    def _list_card(self) -> QWidget:
        card = Card(flush=True)
        card.setFixedWidth(LIST)
        self.tabs = tabs(self.tr("特派员"), self.tr("派出单位"))
        self.tabs.setAccessibleName(self.tr("特派员、派出单位"))
        self.tabs.currentChanged.connect(lambda _at: self._fill())
        holder = QHBoxLayout()
        holder.setContentsMargins(Size.GAP_MID, Size.GAP, Size.GAP_MID, 0)
        holder.addWidget(self.tabs)
        holder.addStretch(1)
        card.body.addLayout(holder)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("可能重复的"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(lambda _row: self._choose())
        card.body.addWidget(self.list, 1)
        self.empty = EmptyState("done", "")
        card.body.addWidget(self.empty, 1)
        return card

    def _sides_card(self) -> QWidget:
        card = Card()
        self.reasons = label("", "sub", wrap=True)
        self.warning = label("", "notice", tone="warn", wrap=True)
        self.warning.hide()
        self.sides = Sides()
        self.explained = label("", "caption", wrap=True)
        buttons = QHBoxLayout()
        buttons.setSpacing(Size.GAP)
        self.apart_button = button(self.tr("不是同一人"), on_click=self.keep_apart)
        self.merge_button = button(self.tr("合并"), "primary", on_click=self.merge)
        self.merge_button.setToolTip(self.tr("合并（Ctrl+Enter）"))
        buttons.addWidget(self.apart_button)
        buttons.addStretch(1)
        buttons.addWidget(self.merge_button)
        card.body.addWidget(self.reasons)
        card.body.addWidget(self.warning)
        card.body.addWidget(scroll(self.sides), 1)
        card.body.addWidget(self.explained)
        card.body.addLayout(buttons)
        return card

    # -- reading ---------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Look for duplicates anew; the place in the list is kept."""
        ledger = self._context.ledger
        self._context.read(
            lambda: (duplicates.find(ledger), duplicates.find_organisations(ledger)), self._read, self, "find"
        )

    def _changed(self, kinds: frozenset[str]) -> None:
        if kinds & {"commissioner", "commissioner_private", "organisation", "setting", "appointment_person"}:
            self.reload()

    def _read(self, found: Found) -> None:
        self._found = found
        for n, title in enumerate((self.tr("特派员"), self.tr("派出单位"))):
            self.tabs.setTabText(n, f"{title} {len(found[n])}" if found[n] else title)
        self._fill()

    def pairs(self) -> list[Pair]:
        """The pairs of the tab in front."""
        return self._found[self.tabs.currentIndex()]

    def pair(self) -> Pair | None:
        """The pair that is chosen."""
        item = self.list.currentItem()
        found = item.data(PAIR) if item is not None else None
        return found if isinstance(found, Pair) else None

    def _fill(self) -> None:
        pairs = self.pairs()
        at = self._at
        self.list.blockSignals(True)
        self.list.clear()
        for pair in pairs:
            item = QListWidgetItem()
            item.setData(PAIR, pair)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, "；".join([*pair.titles, "，".join(pair.reasons)])
            )
            self.list.addItem(item)
            line = _line(pair)
            item.setSizeHint(line.sizeHint())
            self.list.setItemWidget(item, line)
        self.list.setCurrentRow(min(at, len(pairs) - 1))
        self.list.blockSignals(False)
        people = self.tabs.currentIndex() == 0
        self.empty.set_sentence(
            self.tr("没有发现重复的特派员。") if people else self.tr("没有发现重复的派出单位。")
        )
        self.list.setVisible(bool(pairs))
        self.empty.setVisible(not pairs)
        self.apart_button.setText(self.tr("不是同一人") if people else self.tr("不是同一单位"))
        self.explained.setText(
            self.tr("合并后服务记录、任职和材料归到一人，两份历史都保留；可以撤销。")
            if people
            else self.tr("合并后人员和名额归到一个单位，另一个名称记为别名；可以撤销。")
        )
        self._choose()

    def _choose(self) -> None:
        pair, ledger = self.pair(), self._context.ledger
        self._comparison = None
        if pair is None:
            self.sides.show_nothing()
            self._show_head(None)
            return
        self._at = self.list.currentRow()
        self._show_head(pair)
        self._context.read(lambda: (pair, merging.compare(ledger, pair)), self._show, self, "compare")

    def _show_head(self, pair: Pair | None) -> None:
        shown = pair is not None
        for widget in (self.reasons, self.explained, self.apart_button, self.merge_button):
            widget.setVisible(shown)
        self.warning.hide()
        if pair is not None:
            self.reasons.setText(self.tr("可能是同一个：{0}").format("，".join(pair.reasons)))

    def _show(self, read: tuple[Pair, Comparison | None]) -> None:
        pair, comparison = read
        if pair != self.pair():
            return
        self._comparison = comparison
        if comparison is None:
            self.reload()
            return
        self.sides.show_sides(comparison)
        self.warning.setText("".join(comparison.warnings))
        self.warning.setVisible(bool(comparison.warnings))

    # -- deciding --------------------------------------------------------------------------------------

    def merge(self) -> None:
        """Make one of the two, with the values chosen."""
        comparison, choice, ledger = self._comparison, self.sides.choice(), self._context.ledger
        if comparison is None:
            return
        self._comparison = None  # not twice
        name = comparison.sides[choice["name"]].words["name"]
        self._context.do(
            lambda: merging.merge(ledger, comparison, choice),
            done=lambda outcome: self._done(outcome, self.tr("已合并{0}，两份历史都保留").format(name)),
            failed=lambda sentence: self._fail(sentence, comparison),
            owner=self,
        )

    def keep_apart(self) -> None:
        """Remember that the two are not the same."""
        pair, ledger = self.pair(), self._context.ledger
        if pair is None:
            return
        text = self.tr("已记住{0}不是同一个，以后不再提示").format(self.tr("和").join(pair.titles))
        self._context.do(
            lambda: duplicates.keep_apart(ledger, pair),
            done=lambda outcome: self._done(outcome, text),
            failed=lambda sentence: self._fail(sentence, self._comparison),
            owner=self,
        )

    def _done(self, outcome: Outcome, text: str) -> None:
        self._tell(text, "info")
        self.undo.setVisible(outcome.operation is not None)
        self.list.setFocus()

    def _fail(self, sentence: str, comparison: Comparison | None) -> None:
        self._comparison = comparison
        self._tell(sentence, "bad")

    def _refused(self, sentence: str) -> None:
        if self.isVisible():
            self._tell(sentence, "bad")

    def _tell(self, text: str, tone: Tone) -> None:
        self.undo.hide()
        self.notice.setProperty("tone", tone)
        self.notice.setText(text)
        restyle(self.notice)
        self.notice.setVisible(bool(text))


def _line(pair: Pair) -> QWidget:
    part = QWidget()
    part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    column = QVBoxLayout(part)
    column.setContentsMargins(Size.GAP_MID, Size.GAP, Size.GAP, Size.GAP)
    column.setSpacing(2)
    for title in pair.titles:
        made = label(title)
        made.setToolTip(title)
        column.addWidget(made)
    reasons = label("，".join(pair.reasons), "caption", wrap=True)
    reasons.setFixedWidth(LIST - 3 * Size.GAP_MID)
    column.addWidget(reasons)
    return part


def show_duplicates(parent: QWidget, context: Context) -> None:
    """Show the dialog over a window until it is closed."""
    dialog = DuplicatesDialog(context, parent.window())
    dialog.exec()
    dialog.deleteLater()
