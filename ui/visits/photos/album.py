"""Album: what is attached to the visit being edited; of a new one it waits here until the visit is saved."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from commissioner_app import attachments, photo_marks
from commissioner_app.attachments import PHOTO, SCAN, AttachmentRow, Ready
from commissioner_app.errors import LedgerError
from ui.context import Context
from ui.visits.photos.item import Item
from ui.visits.photos.taking import Taking

_KINDS = frozenset({"attachment"})


class Album(QObject):
    """`changed`: other items or other marks; `edited`: something waits that did not before (the draft has to be kept).

    `visit` is the one shown (None: a new one); `sitting` counts what has been shown: what comes late for a new visit
    belongs to that one and to no other.
    """

    changed = Signal()
    edited = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.visit: str | None = None
        self.sitting = 0
        self._days: tuple[str | None, str | None] = (None, None)
        self._marks: dict[str, tuple[str, ...]] = {}
        self._removed: list[Item] = []
        self.items: list[Item] = []
        self.taking = Taking(context, self)
        context.changed.connect(self._note)

    # -- which visit -----------------------------------------------------------------------------------

    def show(self, visit: str | None) -> None:
        """The attachments of a visit; None for a new one."""
        self.sitting += 1
        self.taking.forget()
        if visit is None or visit != self.visit:
            self._set([])
        self.visit, self._removed = visit, []
        self.taking.said.emit("")
        self.reload()

    def set_days(self, first: str | None, last: str | None) -> None:
        """The days of the visit as they stand in the editor."""
        if self._days != (first, last):
            self._days = (first, last)
            self._look()

    def reload(self) -> None:
        """Read anew what the ledger has."""
        visit, ledger = self.visit, self._context.ledger
        if visit is None:
            self._look()
            return
        self._context.read(lambda: attachments.listed(ledger, "visit", visit),
                           lambda rows: self._listed(visit, rows), self, "attachments")  # fmt: skip

    def _listed(self, visit: str, rows: list[AttachmentRow]) -> None:
        if visit == self.visit:
            self._set([Item(row.id, row) for row in rows])
            self._look()

    def _note(self, kinds: frozenset[str]) -> None:
        if kinds & _KINDS and self.visit is not None:
            self.reload()

    def _set(self, items: Sequence[Item]) -> None:
        self.items = [replace(item, marks=self._marks.get(item.key, ())) for item in items]
        self.changed.emit()

    def _look(self) -> None:
        """What is to be pointed out, found on a worker thread."""
        seen = [photo_marks.Seen(i.key, i.kind, i.sha256, i.source_sha256, i.taken_at) for i in self.items]
        if not seen:
            return
        ledger, visit, (first, last) = self._context.ledger, self.visit, self._days
        self._context.read(
            lambda: photo_marks.marks(ledger, visit, seen, first, last), self._marked, self, "marks"
        )

    def _marked(self, found: dict[str, tuple[str, ...]]) -> None:
        if found != self._marks:
            self._marks = found
            self._set(self.items)

    # -- adding ----------------------------------------------------------------------------------------

    def waiting(self) -> list[tuple[str, Ready]]:
        """What is to be saved with the visit, by key."""
        return [(item.key, item.waiting) for item in self.items if item.waiting]

    def restore(self, files: Sequence[tuple[str, Ready]]) -> None:
        """What waited when the editor was left."""
        self._set([i for i in self.items if i.row] + [Item(key, None, file) for key, file in files])
        self._look()

    def wait(self, files: Sequence[Ready]) -> list[str]:
        """Keep files until the visit is saved; the names of those that are here already."""
        here = {sha for item in self.items for sha in (item.sha256, item.source_sha256)}
        fresh, again = attachments.unknown(here - {""}, files)
        if fresh:
            self._set([*self.items, *(Item(secrets.token_hex(8), None, file) for file in fresh)])
            self._look()
            self.edited.emit()
        return again

    # -- changing --------------------------------------------------------------------------------------

    def remove(self, keys: Sequence[str]) -> None:
        """Take some away; saved ones come back by 撤销 (Ctrl+Z), waiting ones by `bring_back`."""
        context = self._context
        gone = [item for item in self.items if item.key in keys]
        saved = [item.key for item in gone if item.row]
        waiting = [item for item in gone if item.waiting]
        if saved:
            said = self.tr("已删除 {0} 个附件").format(len(saved)) if len(saved) > 1 else self.tr("已删除{0}").format(
                gone[0].kind)  # fmt: skip
            context.do(lambda: attachments.remove(context.ledger, saved), said, owner=self)
        if waiting:
            self._removed = waiting
            self._set([item for item in self.items if item not in waiting])
            self.edited.emit()

    def removed(self) -> int:
        """How many that waited were taken away last."""
        return len(self._removed)

    def bring_back(self) -> None:
        """Put back what waited and was taken away last."""
        back, self._removed = self._removed, []
        self._set([*self.items, *back])
        self._look()
        self.edited.emit()

    def set_caption(self, key: str, caption: str) -> None:
        """Write what a photo shows."""
        item = self.item(key)
        if item is None or item.caption == caption.strip():
            return
        if item.waiting:
            self._replace(key, replace(item.waiting, caption=caption.strip()))
        else:
            ledger = self._context.ledger
            self._context.do(
                lambda: attachments.set_caption(ledger, key, caption), self.tr("已保存照片说明"), owner=self
            )

    def set_kind(self, key: str, kind: str) -> None:
        """Say that one is a photo or a signed sheet."""
        item = self.item(key)
        if item is None or item.kind == kind:
            return
        if item.waiting:
            self._replace(key, replace(item.waiting, kind=kind))
        else:
            ledger = self._context.ledger
            self._context.do(
                lambda: attachments.set_kind(ledger, key, kind), self.tr("已改为{0}").format(kind), owner=self
            )

    def _replace(self, key: str, file: Ready) -> None:
        self._set([replace(i, waiting=file) if i.key == key else i for i in self.items])
        self.edited.emit()

    def item(self, key: str) -> Item | None:
        """One of them by its key."""
        return next((item for item in self.items if item.key == key), None)

    def save_as(self, key: str, target: Path) -> None:
        """Write one to a file."""
        item, context = self.item(key), self._context
        if item is None:
            return

        def work() -> None:
            if item.row:
                attachments.save_as(context.ledger, item.row, target)
            elif item.waiting:
                target.write_bytes(item.waiting.data)

        context.read(
            work, lambda _none: context.said.emit(self.tr("已另存为 {0}").format(target), False), self
        )

    def bytes_of(self, item: Item) -> bytes | None:
        """The bytes of one, on any thread; None where they have not arrived."""
        if item.waiting:
            return item.waiting.data
        try:
            return attachments.data(self._context.ledger, item.row) if item.row else None
        except LedgerError:
            return None

    def counts(self) -> tuple[int, int, int]:
        """Photos, pages of signed sheets, everything else."""
        kinds = [item.kind for item in self.items]
        return kinds.count(PHOTO), kinds.count(SCAN), sum(k not in (PHOTO, SCAN) for k in kinds)
