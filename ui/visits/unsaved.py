"""Unsaved: drafts that an earlier run of the program has left, and the quiet bar that offers them."""

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from commissioner_app import drafts
from commissioner_app.drafts import Kept
from ui.context import Context
from ui.theme import Size
from ui.widgets.ask import ask
from ui.widgets.basic import button, label

_BRIEF, _WHOLE = 34, 80
"""Characters of a draft that stand beside an editor and above a page; all of them in the tooltip."""


PASTE = "paste"
"""The draft of 粘贴识别, which that window itself takes up again when it opens."""

_FIXED = frozenset({PASTE})


def title_of(kept: Kept) -> str:
    """What a draft is about, in a few words."""
    if kept.editor == PASTE:
        words = " ".join(str(kept.content.get("text") or "").split())
        return QCoreApplication.translate("UnsavedBar", "粘贴识别 {0}").format(words)
    title = kept.content.get("title")
    return str(title or QCoreApplication.translate("UnsavedBar", "服务记录"))


class Unsaved(QObject):
    """What waits in the ledger of a context. `own` are the keys that editors of this window write now."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        self.own: set[str] = set()
        self._found: list[Kept] = []

    @classmethod
    def of(cls, context: Context) -> "Unsaved":
        """The one of this context."""
        known = context.findChild(cls)
        return known if isinstance(known, cls) else cls(context)

    def waiting(self) -> list[Kept]:
        """The drafts that nobody is editing, the latest first."""
        return [k for k in self._found if k.editor not in self.own]

    def refresh(self) -> None:
        """Look for drafts on a worker thread."""
        ledger = self._context.ledger
        self._context.read(lambda: drafts.waiting(ledger), self._take, self, "drafts")

    def _take(self, found: list[Kept]) -> None:
        self._found = found
        self.changed.emit()

    def begin(self, key: str) -> None:
        """An editor writes under this key from now on."""
        self.own.add(key)
        self.changed.emit()

    def end(self, key: str) -> None:
        """What stood under this key was saved or given up: forget it."""
        drafts.drop(self._context.ledger, key, for_good=key not in _FIXED)
        self.own.discard(key)
        self._found = [k for k in self._found if k.editor != key]
        self.changed.emit()


class UnsavedBar(QFrame):
    """「上次没有保存的内容：… 恢复 放弃」; hidden while nothing waits. `wanted` carries the Kept to be restored."""

    wanted = Signal(object)

    def __init__(self, context: Context, brief: bool = False) -> None:
        super().__init__()
        self._unsaved = Unsaved.of(context)
        self._brief = brief
        self.setProperty("offer", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(Size.GAP + 2, Size.TIGHT, Size.GAP, Size.TIGHT)
        row.setSpacing(Size.GAP)
        self.text: QLabel = label("", wrap=True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self.text, 1)
        self.restore = button(self.tr("恢复"), "link", on_click=self._restore)
        self.drop = button(self.tr("放弃"), "link", on_click=self._drop)
        row.addWidget(self.restore)
        row.addWidget(self.drop)
        self._unsaved.changed.connect(self._show)
        self._show()

    def _first(self) -> Kept | None:
        return next(iter(self._unsaved.waiting()), None)

    def _show(self) -> None:
        waiting = self._unsaved.waiting()
        if waiting:
            what, most = title_of(waiting[0]), _BRIEF if self._brief else _WHOLE
            short = what[:most] + "…" if len(what) > most else what
            more = self.tr("（另有 {0} 份）").format(len(waiting) - 1) if len(waiting) > 1 else ""
            self.text.setText(self.tr("上次没有保存的内容：{0}").format(short) + more)
            self.text.setToolTip(what)
        self.setVisible(bool(waiting))

    def _restore(self) -> None:
        if kept := self._first():
            self.wanted.emit(kept)

    def _drop(self) -> None:
        kept = self._first()
        if kept and ask(
            self, self.tr("放弃上次没有保存的内容？"), title_of(kept), [self.tr("放弃")], danger=True
        ) == 0:  # fmt: skip
            self._unsaved.end(kept.editor)
