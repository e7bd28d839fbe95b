"""Keeper: what is typed in the visit editor stands in a draft on disk a second later, photos that wait included."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, QTimer

from commissioner_app import drafts, visits
from commissioner_app.attachments import Ready
from commissioner_app.drafts import Kept
from commissioner_app.errors import LedgerError
from commissioner_app.periods import day_text
from commissioner_app.visits import Opened
from ui.context import Context
from ui.visits.fields import VisitFields
from ui.visits.photos.album import Album
from ui.visits.unsaved import Unsaved

DRAFT_MS = 1000
"""So long after the first key that is not on disk yet; further typing does not put it off."""

_TITLE = 24

# One thread for all drafts: they are written in order, and do not wait behind long reading.
_writer = ThreadPoolExecutor(1, "drafts")


class Keeper(QObject):
    """One sitting at the editor after another; each has a draft of its own, so that none writes over another's."""

    def __init__(self, context: Context, fields: VisitFields, album: Album, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._fields, self._album = context, fields, album
        self._unsaved = Unsaved.of(context)
        self._key = ""
        self._opened: Opened | None = None
        self._reason = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DRAFT_MS)
        self._later.timeout.connect(self.keep)

    def begin(self, opened: Opened | None, key: str = "") -> None:
        """Another visit is being edited (None: a new one); `key` goes on with a draft that was restored."""
        self._later.stop()
        self._key, self._opened, self._reason = key, opened, ""
        if key:
            self._unsaved.begin(key)

    def typed(self, reason: str = "") -> None:
        """Something was typed; `reason` is why a visit that had passed is changed."""
        self._reason = reason or self._reason
        if not self._key:
            self._key = drafts.new_key(f"visit:{self._opened.id if self._opened else 'new'}")
            self._unsaved.begin(self._key)
        if not self._later.isActive():
            self._later.start()

    def keep(self, wait: bool = False) -> None:
        """Write the draft on a thread of its own; `wait` until it is on disk."""
        self._later.stop()
        if not self._key:
            return
        ledger, key = self._context.ledger, self._key
        waiting = self._album.waiting()
        content: dict[str, Any] = {
            "title": self._title(), "state": self._fields.state(), "reason": self._reason,
            "visit": self._opened.id if self._opened else None,
            "photos": [[n, f.name, f.kind, f.media_type, f.source_sha256, f.taken_at, f.position, f.caption]
                       for n, f in waiting],
        }  # fmt: skip
        if self._opened:
            content["opened"] = visits.opened_to_json(self._opened)

        def write() -> None:
            for name, file in waiting:
                drafts.keep_part(ledger, key, name, file.data)
            drafts.keep(ledger, key, content)

        # A draft that cannot be written (a full disk) must not disturb the typing; saving will say what is wrong.
        written = _writer.submit(write)
        if wait:
            with contextlib.suppress(OSError, LedgerError):
                written.result()

    def end(self) -> None:
        """What was typed was saved or given up."""
        self._later.stop()
        if self._key:
            self._unsaved.end(self._key)
        self._key, self._reason = "", ""

    def _title(self) -> str:
        f = self._fields
        day = f.days_shown()[0]
        who = f.who.values()
        names = "、".join(who[:2]) + (f" 等 {len(who)} 人" if len(who) > 2 else "")
        content = " ".join(f.content.toPlainText().split())
        text = content[:_TITLE] + ("…" if len(content) > _TITLE else "")
        parts = [day_text(day) if day else "", names, text or f.place.text()]
        return " ".join(p for p in parts if p)


def photos_of(context: Context, kept: Kept) -> list[tuple[str, Ready]]:
    """The photos that wait with a draft, on any thread; those that cannot be read any more are left out."""
    found = []
    for name, file, kind, media_type, source, taken, position, caption in kept.content.get("photos") or []:
        data = drafts.part(context.ledger, kept.editor, name)
        if data is not None:
            place = (position[0], position[1]) if position else None
            found.append((name, Ready(file, kind, data, media_type, source, taken, place, caption)))
    return found
