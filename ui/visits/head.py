"""Head: above the fields of a visit its title and state, and what a person has to know before reading on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from commissioner_app import visits
from commissioner_app.periods import day_text
from commissioner_app.visits import Opened
from ui.context import Context
from ui.history.conflicts import ConflictBar
from ui.theme import Size, Tone
from ui.visits.model import TONES
from ui.widgets.basic import button, label, restyle
from ui.widgets.pill import Pill

Review = list[str | None]


def review_of(opened: Opened | None) -> Review:
    """[state, reviewer, opinion, date] of a visit; a draft's for a new one."""
    return list((opened.values.get("review") if opened else None) or ["draft", None, None, None])


class LockBar(QFrame):
    """「已审核通过，修改需写明原因」 with its button."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("offer", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(Size.GAP + 2, Size.TIGHT, Size.GAP, Size.TIGHT)
        row.setSpacing(Size.GAP)
        self.text = label("", wrap=True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self.text, 1)
        self.button = button(self.tr("修改…"), "link", on_click=self.asked.emit)
        row.addWidget(self.button)
        self.hide()


class Head(QWidget):
    """`menuWanted`: the button for more; `unlockWanted`: a visit that has passed is to be changed."""

    menuWanted = Signal()
    unlockWanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.title = label("", "cardtitle")
        self.pill = Pill()
        self.caption = label("", "caption")
        self.more = button(self.tr("更多"), "tool", icon="more", on_click=self.menuWanted.emit)
        self.lock = LockBar()
        self.lock.asked.connect(self.unlockWanted)
        self.notice = label("", "notice", tone="warn", wrap=True)
        self.notice.hide()
        self.conflicts = ConflictBar(context)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_MID, Size.GAP_MID - 2, Size.GAP_MID, 0)
        column.setSpacing(Size.GAP)
        row = QHBoxLayout()
        row.addWidget(self.title)
        row.addWidget(self.pill)
        row.addWidget(self.caption)
        row.addStretch(1)
        row.addWidget(self.more)
        column.addLayout(row)
        for part in (self.lock, self.notice, self.conflicts):
            column.addWidget(part)

    def show_visit(self, opened: Opened | None, locked: bool, reason: str) -> None:
        """What is to be said of a visit; None for a new one. `reason` is why it is being changed though it had passed."""
        state = review_of(opened)
        new = opened is None
        self.title.setText(self.tr("登记服务") if new else self.tr("服务记录"))
        self.caption.setText(str(opened.values.get("number") or "") if opened else "")
        self.caption.setVisible(bool(self.caption.text()))
        self.pill.set(
            "" if new else visits.STATES.get(state[0] or "", ""), TONES.get(state[0] or "", "plain")
        )
        self.more.setVisible(not new)
        self.lock.setVisible(locked)
        self.lock.text.setText(self.tr("已审核通过，修改需写明原因"))
        self.lock.text.setToolTip(_passed(state))
        self.conflicts.setVisible(False)
        if opened and opened.conflicts:
            self.notice.hide()
            self.conflicts.show_records([opened.id])
        elif reason:
            self.say(self.tr("修改原因：{0}。保存后需重新审核。").format(reason.rstrip("。")), "info")
        elif opened and opened.stale:
            self.say(self.tr("待审核（审核后有改动）：请核对后重新审核。"), "warn")
        elif state[0] == "returned":
            self.say(self.tr("已退回：{0}（{1}）").format(state[2] or "", state[1] or ""), "bad")
        elif state[0] == "submitted" and (state[2] or "").startswith(visits.REASON):
            self.say(self.tr("原已审核通过，改动后待重新审核。{0}").format(state[2]), "info")
        else:
            self.notice.hide()

    def say(self, text: str, tone: Tone) -> None:
        """A sentence above the fields."""
        self.notice.setText(text)
        self.notice.setProperty("tone", tone)
        restyle(self.notice)
        self.notice.show()


def _passed(state: Review) -> str:
    day = day_text(state[3]) if state[3] else ""
    return " ".join(p for p in (state[1] or "", day, state[2] or "") if p)
