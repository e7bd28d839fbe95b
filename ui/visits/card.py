"""VisitCard: the parts of the visit editor and how they lie."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from commissioner_app import intake
from ui.context import Context
from ui.theme import Size, Tone
from ui.visits.fields import VisitFields
from ui.visits.foot import Foot
from ui.visits.head import Head
from ui.visits.hints import Hints
from ui.visits.photos.pasting import Pasting
from ui.visits.photos.strip import PhotoStrip
from ui.widgets.basic import scroll
from ui.widgets.card import Card

WIDTH = 372


class VisitCard(Card):
    """`top` says what is shown, `fields` hold it, `photos` lie among them, `foot` offers what can be done."""

    def __init__(self, context: Context) -> None:
        super().__init__(flush=True)
        self.hints = Hints(context, self)
        self.photos = PhotoStrip(context)
        self.fields = VisitFields(context, self.hints, self.photos)
        self.top, self.foot = Head(context), Foot()
        self.notice, self.conflicts = self.top.notice, self.top.conflicts
        self.cancel, self.back, self.store = self.foot.cancel, self.foot.back, self.foot.store
        self.submit, self.approve = self.foot.submit, self.foot.approve
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.GAP)
        column.addWidget(self.fields)
        column.addStretch(1)
        self.body.addWidget(self.top)
        self.body.addWidget(scroll(inner), 1)
        self.body.addWidget(self.foot)
        self.fields.dated.connect(lambda: self.photos.set_days(*self.fields.days_shown()))
        self.photos.counted.connect(lambda text: self.fields.set_head("photos", text))
        self.photos.opened.connect(self._enlarge)
        Pasting(self, self.photos)
        self.setFixedWidth(WIDTH)

    def say(self, text: str, tone: Tone) -> None:
        """A sentence above the fields."""
        self.top.say(text, tone)

    def _enlarge(self, key: str) -> None:
        from ui.visits.photos.viewer import PhotoViewer

        found = self.window().findChild(PhotoViewer)
        viewer = (
            found
            if isinstance(found, PhotoViewer) and found.strip is self.photos
            else PhotoViewer(self.photos)
        )
        viewer.open(key)

    def drop_words(self, files: list[Path]) -> str:
        """What would happen with files that are dragged over the window."""
        count = sum(intake.fits(path) for path in files)
        if not count:
            return ""
        if self.photos.locked:
            return self.tr("已审核通过，照片不能再改")
        return self.tr("松开鼠标，把 {0} 个文件添加到正在填写的服务记录").format(count)

    def take_files(self, files: list[Path]) -> bool:
        """Add files that were dropped; False where none of them is for a visit."""
        if not any(intake.fits(path) for path in files):
            return False
        self.photos.take(files)
        return True


def bind(owner: QWidget, keys: str, do: object) -> None:
    """Let keys do something while the keyboard is in `owner`."""
    shortcut = QShortcut(QKeySequence(keys), owner)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(do)
