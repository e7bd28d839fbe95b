"""考核进度 on 工作台: how many have reached what is demanded, who is behind, who has logged nothing for long."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from commissioner_app.attention import names_text, silent_text
from commissioner_app.obligation_states import STATES, State, Summary
from commissioner_app.obligations import Progress
from ui import theme
from ui.clearing import clear
from ui.theme import Size, Tone
from ui.widgets.basic import button, label
from ui.widgets.card import Card
from ui.widgets.glyph import Glyph

NAMED = 3
"""So many names fit into a line of the card; the tooltip has all."""

TONES: dict[State, Tone] = {"reached": "accent", "under_way": "info", "behind": "warn"}


class ShareBar(QWidget):
    """One bar whose parts are shares of a whole, a gap between them; told in words beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[tuple[int, Tone]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: list[tuple[int, Tone]], words: str) -> None:
        """Show these numbers in their tones; `words` are the accessible name."""
        self._parts = [part for part in parts if part[0]]
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, Size.BAR)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        gap, radius = 2.0, Size.BAR / 2
        whole = sum(count for count, _tone in self._parts)
        if not whole:
            painter.setBrush(QColor(t.track))
            painter.drawRoundedRect(QRectF(0, 0, self.width(), Size.BAR), radius, radius)
        room = self.width() - gap * (len(self._parts) - 1)
        x = 0.0
        for count, tone in self._parts:
            width = room * count / whole
            painter.setBrush(QColor(t.strong(tone)))
            painter.drawRoundedRect(QRectF(x, 0, max(width, Size.BAR), Size.BAR), radius, radius)
            x += width + gap
        painter.end()


class ProgressCard(Card):
    """``wants`` names the page and what to show; hidden while no rule set is chosen."""

    wants = Signal(str, object)

    def __init__(self) -> None:
        super().__init__(self.tr("考核进度"), link=self.tr("考核要求"))
        self.linked.connect(lambda: self.wants.emit("settings", "rule_set"))
        self.rules = label("", "caption", wrap=True)
        self.bar = ShareBar()
        self.figures = label("", "caption", wrap=True)
        self._notes = QVBoxLayout()
        self._notes.setSpacing(Size.GAP)
        self.body.setSpacing(Size.TIGHT + 2)
        for part in (self.rules, self.bar, self.figures):
            self.body.addWidget(part)
        self.body.addLayout(self._notes)
        self.body.addStretch(1)
        self.hide()

    def show_summary(self, s: Summary | None) -> None:
        """Show how a batch stands."""
        self.setVisible(s is not None and s.rule_set is not None)
        if s is None or s.rule_set is None:
            return
        rules = s.rule_set
        self.rules.setText(self.tr("{0}：{1}").format(rules.name, rules.text))
        self.rules.setToolTip(
            self.tr("{0}\n来源：{1}\n考核期：{2}").format(rules.note, rules.source, s.period.text)
        )
        counts: dict[State, int] = {
            "reached": s.reached,
            "under_way": s.under_way,
            "behind": len(s.behind),
        }
        words = [self.tr("{0} {1} 人").format(STATES[state], f"{n:,}") for state, n in counts.items()]
        text = " · ".join(words)
        if s.apart:
            text += "\n" + self.tr("服务团成员 {0} 人另有要求，不作比较").format(f"{s.apart:,}")
        self.bar.set_parts([(n, TONES[state]) for state, n in counts.items()], text)
        self.figures.setText(text)
        clear(self._notes)
        if s.behind:
            behind = self.tr("{0} 人进度落后").format(f"{len(s.behind):,}")
            self._add("warning", "warn", behind, s.behind, "behind")
        if s.silent:
            self._add("clock", "warn", silent_text(s), s.silent, "silent")
        if not s.behind and not s.silent:
            calm = self.tr("没有人落后。") if s.compared else self.tr("还没有可以比较的人员。")
            self._notes.addWidget(label(calm, "caption"))

    def _add(self, icon: str, tone: Tone, text: str, people: Sequence[Progress], chip: str) -> None:
        line = QHBoxLayout()
        line.setSpacing(Size.GAP)
        line.addWidget(Glyph(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(text))
        names = label(names_text(people, NAMED), "caption", wrap=True)
        names.setToolTip(names_text(people, len(people)))
        words.addWidget(names)
        line.addLayout(words, 1)
        link = button(
            self.tr("查看"), "link", on_click=lambda: self.wants.emit("commissioners", {"chip": chip})
        )
        link.setAccessibleName(self.tr("查看：{0}").format(text))
        line.addWidget(link, 0, Qt.AlignmentFlag.AlignVCenter)
        self._notes.addLayout(line)
