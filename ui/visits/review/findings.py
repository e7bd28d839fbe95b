"""FindingsCard: what the rules have found about the visit in view, each with its answer or the way to one."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.clearing import clear
from ui.context import Context
from ui.theme import Size
from ui.visits import doubts
from ui.visits.answering import answer_for
from ui.visits.doubts import Sentence
from ui.widgets.basic import button, label, scroll
from ui.widgets.card import Card
from ui.widgets.glyph import Glyph

_HIGHEST = 168


class FindingsCard(Card):
    """Open doubts first, then hints, then what has been answered."""

    def __init__(self, context: Context) -> None:
        super().__init__(" ", flush=True)
        self._context = context
        self._shown: tuple[str, Sequence[Sentence]] | None = None
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.GAP)
        self._column.setSpacing(Size.GAP)
        self._inner = inner
        self._area = scroll(inner)
        self.body.addWidget(self._area)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_findings(self, visit: str, found: Sequence[Sentence]) -> None:
        """Show what was found about a visit."""
        if self._shown == (visit, found):
            return
        self._shown = (visit, found)
        clear(self._column)
        open_ones = sum(f.answer is None and not f.hint for f in found)
        self.set_title(
            self.tr("待核实 {0} 项").format(open_ones) if open_ones else self.tr("没有待核实的情况")
        )
        for each in sorted(found, key=lambda f: (f.answer is not None, f.hint)):
            line = self._line(visit, each)
            self._column.addWidget(line)
            line.show()  # what is hidden counts for nothing when the height is asked for
        self._column.addStretch(1)
        self._area.setVisible(bool(found))
        self._fit()

    def _fit(self) -> None:
        """As high as the sentences are at this width, as far as there is room."""
        wanted = self._column.heightForWidth(self._area.viewport().width())
        self._area.setFixedHeight(min(max(wanted, Size.ROW), _HIGHEST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _line(self, visit: str, each: Sentence) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Size.GAP)
        settled = each.answer is not None
        icon, tone = ("done", "accent") if settled else ("info", "info") if each.hint else ("warning", "warn")
        line.addWidget(Glyph(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(each.text, wrap=True))
        if each.answer:
            words.addWidget(label(self.tr("说明：{0}").format(each.answer), "caption", wrap=True))
        line.addLayout(words, 1)
        text = self.tr("修改说明…") if settled else self.tr("说明…")
        link = button(text, "link", on_click=partial(self._answer, visit, each))
        link.setAccessibleName(f"{text} {each.title}")
        line.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        if settled:
            back = button(self.tr("撤回"), "link", on_click=partial(self._take_back, visit, each))
            back.setAccessibleName(self.tr("撤回说明 {0}").format(each.title))
            line.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def _take_back(self, visit: str, each: Sentence) -> None:
        ledger = self._context.ledger
        said = self.tr("已撤回说明，重新列为待核实")
        self._context.do(lambda: doubts.take_back(ledger, [visit], each.rule), said, owner=self)

    def _answer(self, visit: str, each: Sentence) -> None:
        of = {each.rule: (each.title, [visit])}
        answer_for(self, self._context, of, each.rule, each.answer or "")
