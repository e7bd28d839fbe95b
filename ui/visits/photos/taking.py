"""Taking: files and pictures on their way into an album, read on a worker thread, with progress and 取消."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from commissioner_app import attachments, intake, scans
from commissioner_app.attachments import Added
from commissioner_app.intake import Prepared
from ui.context import Context
from ui.tasks import Progress

if TYPE_CHECKING:
    from ui.visits.photos.album import Album

_SHEETS = Prepared((), ())
"""Stands for files of which some are signed sheets."""

_SHOWN = 3
"""So many names stand in a sentence."""


class Taking(QObject):
    """`said`: a sentence about what was not taken, "" when there is nothing to say; `working`: a Progress to be shown.

    `sheetsFound`: files of which some bear the code of a signed sheet; none of them has been taken.

    What is taken for a saved visit is written at once; for a new one it waits in the album, if that is still the same
    new visit by then.
    """

    said = Signal(str)
    working = Signal(object)
    sheetsFound = Signal(object)

    def __init__(self, context: Context, album: "Album") -> None:
        super().__init__(album)
        self._context, self._album = context, album
        self._running: list[tuple[Progress, str | None]] = []

    def running(self) -> Progress | None:
        """Work that has not come to its end."""
        return self._running[0][0] if self._running else None

    def forget(self) -> None:
        """The new visit that something was being taken for is given up."""
        for progress, visit in self._running:
            if visit is None:
                progress.cancel()

    def files(self, files: Sequence[Path], *, signed: bool = False) -> None:
        """Take files; nothing is added where 取消 is pressed before the last is read."""
        title = self.tr("正在添加签字单") if signed else self.tr("正在添加照片")
        progress, ledger = Progress(title), self._context.ledger

        def read() -> Prepared:
            def tell(n: int, every: int) -> None:
                progress.check()
                progress.report(n, every)

            if not signed and scans.coded(intake.expand(files), progress.check):
                return _SHEETS
            return intake.prepare(ledger, files, signed=signed, progress=tell)

        self.working.emit(progress)  # before it begins: no report is missed
        self._take(progress, read, files)

    def picture(self, data: bytes) -> None:
        """Take a picture from the clipboard."""
        name = self.tr("粘贴的图片.jpg")
        self._take(Progress(name), lambda: Prepared(((None, intake.picture(data, name)),), ()))

    def _take(self, progress: Progress, read: Callable[[], Prepared], files: Sequence[Path] = ()) -> None:
        ledger, visit, sitting = self._context.ledger, self._album.visit, self._album.sitting

        def work() -> tuple[Prepared, Added | None]:
            found = read()
            progress.check()
            of_visits = [(of, file) for own, file in found.files if (of := own or visit)]
            return found, attachments.add_ready(ledger, of_visits) if of_visits else None

        def finish(result: tuple[Prepared, Added | None]) -> None:
            found, added = result
            if found is _SHEETS:
                self.sheetsFound.emit(intake.expand(files))
                return
            again = list(added.known) if added else []
            if visit is None and sitting == self._album.sitting:
                again += self._album.wait([file for of, file in found.files if of is None])
            self._tell(found, again, added, visit)

        entry = (progress, visit)

        def ended() -> None:
            self._running.remove(entry)

        self.said.emit("")
        self._running.append(entry)
        progress.finished.connect(ended)
        self._context.read(work, finish, self, progress=progress)

    def _tell(self, found: Prepared, again: list[str], added: Added | None, visit: str | None) -> None:
        told = [intake.refusal(found.refused)]
        first = "、".join(again[:_SHOWN]) + (self.tr(" 等") if len(again) > _SHOWN else "")
        if len(again) == 1:
            told.append(self.tr("“{0}”已经添加过。").format(first))
        elif again:
            told.append(self.tr("有 {0} 个文件已经添加过：{1}。").format(len(again), first))
        elsewhere = {of for of, _ in found.files if of and of != visit}
        if elsewhere:
            told.append(self.tr("有签字单按二维码归入了另外 {0} 条服务记录。").format(len(elsewhere)))
        self.said.emit("".join(told))
        if added and added.outcome.operation is not None:
            count = len(found.files) - len(again)
            self._context.said.emit(self.tr("已添加 {0} 个文件").format(count), True)
