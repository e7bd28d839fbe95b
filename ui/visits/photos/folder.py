"""Whole folders: a phone's holds hundreds of photos, of which those of the visit's days are offered."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from commissioner_app import intake
from commissioner_app.periods import Period
from ui.context import Context
from ui.widgets.ask import ask

FEW = 12
"""So many photos are taken from a folder without a question."""

Days = tuple[str | None, str | None]


def take(
    owner: QWidget, context: Context, found: list[Path], days: Days, add: Callable[[list[Path]], object]
) -> None:
    """Hand the files on, of folders what is in them; asks where a folder holds many."""
    if not any(path.is_dir() for path in found):
        add(found)
        return
    first, last = days

    def read() -> tuple[list[Path], list[Path]]:
        files = intake.expand(found)
        many = len(files) > FEW and first is not None
        return files, intake.of_days(files, first or "", last or first or "") if many else []

    def decide(result: tuple[list[Path], list[Path]]) -> None:
        files, of_days = result
        if not files:
            context.refused.emit(_tr("文件夹里没有照片或 PDF。"))
            return
        chosen = _asked(owner, files, of_days, days) if len(files) > FEW else files
        if chosen:
            add(chosen)

    context.read(read, decide, owner, "folder")


def _asked(owner: QWidget, files: list[Path], of_days: list[Path], days: Days) -> list[Path]:
    first, last = days
    if len(of_days) == len(files):
        return files
    title = _tr("文件夹里有 {0} 个文件").format(f"{len(files):,}")
    choices = [_tr("全部添加")]
    if first is None:
        told = _tr("还没有填写日期。填写日期以后，可以只添加当天拍摄的照片。")
    elif of_days:
        told = _tr("其中 {0} 张拍摄于{1}，与这条服务记录的日期相同。").format(
            f"{len(of_days):,}", Period(first, last or first).long_text
        )
        choices.insert(0, _tr("只添加这 {0} 张").format(f"{len(of_days):,}"))
    else:
        told = _tr("没有一张的拍摄日期与这条服务记录相同。")
    answer = ask(owner, title, told, choices)
    if answer < 0:
        return []
    return of_days if len(choices) > 1 and answer == 0 else files


def _tr(text: str) -> str:
    return QCoreApplication.translate("PhotoFolder", text)
