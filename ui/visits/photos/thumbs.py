"""Thumbs: small pictures of attachments, made on a worker thread and kept while the window is open."""

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from commissioner_app import intake
from ui import tasks
from ui.visits.photos.album import Album
from ui.visits.photos.item import Item

SIDE = 240
"""Pixels: a tile at twice the usual scale."""

KEPT = 400


class Thumbs(QObject):
    """`ready` carries the SHA-256 of what can be shown now."""

    ready = Signal(str)

    def __init__(self, album: Album, parent: QObject) -> None:
        super().__init__(parent)
        self._album = album
        self._known: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._asked: set[str] = set()

    def get(self, item: Item) -> QPixmap | None:
        """The picture, None while it is being made or where there is none."""
        sha = item.sha256
        if sha in self._known:
            self._known.move_to_end(sha)
            return self._known[sha]
        if item.here and sha not in self._asked:
            self._asked.add(sha)
            tasks.run(lambda: self._make(item), done=lambda image: self._made(sha, image), owner=self)
        return None

    def _make(self, item: Item) -> QImage | None:
        data = self._album.bytes_of(item)
        small = intake.thumbnail(data, item.media_type, SIDE) if data else None
        return QImage.fromData(small) if small else None

    def _made(self, sha: str, image: QImage | None) -> None:
        self._asked.discard(sha)
        self._known[sha] = QPixmap.fromImage(image) if image is not None else None
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self.ready.emit(sha)
