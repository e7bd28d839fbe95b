"""The head of the detail: photo, name, category, where from, figures of the period."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from commissioner_app import obligation_states
from commissioner_app.rows import Figures
from ui.commissioners.model import Line, state_of
from ui.commissioners.photo import PhotoFrame
from ui.context import Context
from ui.theme import Size, Tone
from ui.widgets.barchart import number_text
from ui.widgets.basic import button, label, restyle
from ui.widgets.pill import Pill

TONES: tuple[Tone, ...] = ("accent", "warn", "info", "plain")

TONE_OF: dict[obligation_states.State, Tone] = {"behind": "warn", "under_way": "info", "reached": "accent"}


class Head(QWidget):
    """``visitsWanted`` is sent by the link."""

    visitsWanted = Signal()

    def __init__(self, context: Context, menu: QMenu) -> None:
        super().__init__()
        self._context = context
        self.photo = PhotoFrame(context)
        self.title = label("", "cardtitle")
        self.pill = Pill()
        self.caption = label("", "caption", wrap=True)
        self.figures = label("", "caption", wrap=True)
        self.progress = label("", "notice", tone="info", wrap=True)
        self.progress.hide()
        self.visits = button(self.tr("查看服务记录"), "link", on_click=self.visitsWanted.emit)
        self.more = button(self.tr("更多操作"), "tool", icon="more")
        self.more.setMenu(menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP)
        whole = QHBoxLayout()
        whole.setSpacing(Size.GAP + Size.TIGHT)
        column.addLayout(whole)
        column.addWidget(self.progress)
        whole.addWidget(self.photo, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Size.TIGHT)
        top = QHBoxLayout()
        top.setSpacing(Size.GAP)
        for widget in (self.title, self.pill):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.more)
        words.addLayout(top)
        words.addWidget(self.caption)
        words.addWidget(self.figures)
        words.addWidget(self.visits)
        words.addStretch(1)
        whole.addLayout(words, 1)

    def show_line(self, line: Line, categories: Sequence[str]) -> None:
        """Show a place with whoever holds it."""
        p = line.place
        self.title.setText(line.title)
        tone = TONES[min(categories.index(p.category), 3)] if p.category in categories else "plain"
        self.pill.set(p.category_name, tone)
        parts = [
            p.code if p.name else self.tr("待录入"),
            p.organisation_name or self.tr("派出单位未定"),
            p.team_name,
        ]
        self.caption.setText(" · ".join(part for part in parts if part))
        self.figures.setText(self.tr("本期 {0}").format(figures_text(line.own or line.figures)))
        if line.own is not None:
            whole = self.tr("名额共 {0}").format(figures_text(line.figures))
            self.figures.setText(f"{self.figures.text()}\n{whole}")
        self.figures.setToolTip(self._context.period.label or self._context.period.text)
        self.visits.setVisible((line.own or line.figures).visits > 0)
        self._show_progress(line)
        self.photo.setVisible(bool(p.commissioner))
        self.photo.show_person(p.commissioner or "", p.name)

    def _show_progress(self, line: Line) -> None:
        p, state = line.progress, state_of(line)
        self.progress.setVisible(bool(state))
        if p is None or p.rule_set is None or not state:
            return
        word = obligation_states.STATES[state]
        self.progress.setText(self.tr("{0}。{1}").format(word, obligation_states.long_text(p)))
        self.progress.setToolTip(self.tr("{0}\n来源：{1}").format(p.rule_set.note, p.rule_set.source))
        self.progress.setProperty("tone", TONE_OF[state])
        restyle(self.progress)


def figures_text(f: Figures) -> str:
    """3 次 · 2.5 天 · 培训 30 人次."""
    text = f"{f.visits:,} 次 · {number_text(f.half_days / 2)} 天"
    return f"{text} · 培训 {f.trained:,} 人次" if f.trained else text
