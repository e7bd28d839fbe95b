"""ListCard: the card at the left of 服务记录: filters, the views, what can be done with a selection, sums."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from commissioner_app.visits import VisitSums, days_text
from ui.context import Context
from ui.theme import Size
from ui.visits.bulk import BulkBar
from ui.visits.filterbar import FilterBar
from ui.visits.views import Views
from ui.widgets.basic import button, label
from ui.widgets.card import Card


class ListCard(Card):
    """`lookedWanted`: all that is 新到 has been seen; `reviewWanted`: go through what waits."""

    lookedWanted = Signal()
    reviewWanted = Signal()

    def __init__(self, context: Context, bar: FilterBar, views: Views, bulk: BulkBar) -> None:
        super().__init__(flush=True)
        self._context, self._bulk = context, bulk
        self._arrived = False
        self.foot = label("", "caption")
        self.foot.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, 0)
        self.looked = button(self.tr("全部标为已看"), "link", on_click=self.lookedWanted.emit)
        self.looked.setToolTip(self.tr("去掉所有“新到”的标记"))
        self.review = button("", "link", on_click=self.reviewWanted.emit)
        self.review.setToolTip(self.tr("逐条审核待审核的记录（Ctrl+R）"))
        self.body.setSpacing(Size.TIGHT)
        self.body.addWidget(bar)
        self.body.addWidget(views, 1)
        self.body.addWidget(bulk)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(0, 0, Size.GAP_MID, Size.TIGHT)
        bottom.setSpacing(Size.GAP)
        bottom.addWidget(self.foot, 1)
        for part in (self.looked, self.review):
            bottom.addWidget(part)
            part.hide()
        self.body.addLayout(bottom)

    def show_counts(self, arrived: int, pending: int) -> None:
        """So many are 新到, so many wait for a review."""
        self._arrived = arrived > 0
        self.review.setVisible(self._context.role != "commissioner" and pending > 0)
        text = self.tr("逐条审核 {0} 条").format(f"{pending:,}")
        self.review.setText(text)
        self.review.setAccessibleName(text)

    def show_selected(self, count: int, doubted: bool, total: VisitSums) -> str:
        """Offer what `count` selected rows allow; the text before the sums."""
        self._bulk.show_for(count, doubted)
        self.looked.setVisible(count < 2 and self._arrived)
        text = self.tr("共 {0} 条").format(f"{total.visits:,}")
        return text + self.tr("，已选 {0} 条").format(f"{count:,}") if count > 1 else text

    def show_sums(self, text: str, sums: VisitSums) -> None:
        """The line below: how many, and what they add up to."""
        more = self.tr(" · 合计 {0} 天 · 培训 {1} 人次")
        self.foot.setText(text + more.format(days_text(sums.half_days), f"{sums.trained:,}"))
