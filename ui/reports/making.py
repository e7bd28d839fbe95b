"""Writing papers to files with progress and 取消: one, or a series for each commissioner, county or team."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject

from commissioner_app import kinds, papers, recent_papers, series
from commissioner_app.kinds import Wish
from commissioner_app.papers import Written
from commissioner_app.series import Each, Made
from ui.context import Context
from ui.tasks import Progress


def entries_told(progress: Progress) -> kinds.Progress:
    """What tells a Progress how far one paper is; after 取消 it raises Cancelled."""

    def told(pages: int, done: int, total: int) -> bool:
        progress.check()
        progress.report(done, total, _tr("第 {0} 页").format(f"{pages:,}"))
        return True

    return told


def save_paper(
    owner: QObject,
    context: Context,
    wish: Wish,
    path: Path,
    system: bool,
    done: Callable[[Written], Any],
) -> None:
    """Write a paper to a file, keep its title and text with the ledger, put it on the list of the latest."""
    progress = Progress(_tr("正在保存{0}").format(kinds.KINDS[wish.kind].title))
    watch(owner, progress)

    def work() -> Written:
        if wish.title or wish.next_steps:
            papers.keep_title(context.ledger, wish.scope, wish.period, wish.title, wish.next_steps or "")
        told = entries_told(progress)
        written = kinds.write(context.ledger, wish, path, system_fonts=system, progress=told)
        recent_papers.remember(context.ledger.path, wish, path, system)
        return written

    context.read(work, done, owner, progress=progress)


def save_series(
    owner: QObject,
    context: Context,
    wish: Wish,
    each: Each,
    out: Path,
    one: bool,
    system: bool,
    done: Callable[[Made], Any],
) -> None:
    """Write a paper for each: into a new folder below `out`, or (one) into the PDF `out`."""
    progress = Progress(_tr("正在批量生成{0}").format(kinds.KINDS[wish.kind].title))
    watch(owner, progress)

    def told(n: int, of: int, name: str) -> bool:
        progress.report(n, of, name)
        return not progress.cancelled

    def work() -> Made:
        make = series.into_one if one else series.into_folder
        return make(context.ledger, wish, each, out, system_fonts=system, progress=told)

    context.read(work, done, owner, progress=progress)


def series_words(made: Made) -> str:
    """What a series has come to, as a sentence."""
    n, pages, where = f"{len(made.written):,}", f"{made.pages:,}", made.out
    if made.cancelled:
        if not made.written:
            return _tr("已取消，没有生成文件。")
        return _tr("已取消；此前生成的 {0} 份保留在：{1}").format(n, where)
    words = _tr("已生成 {0} 份（{1} 页）：{2}").format(n, pages, where)
    if made.skipped:
        names = "、".join(name for name, _ in made.skipped[:3])
        words += _tr("；略过 {0} 份（{1}）：{2}").format(
            f"{len(made.skipped):,}",
            names + (_tr("等") if len(made.skipped) > 3 else ""),
            made.skipped[0][1].rstrip("。"),
        )
    return words


def watch(owner: QObject, progress: Progress) -> None:
    """Show work at the bottom of the window, where there is one."""
    window = owner.window() if hasattr(owner, "window") else None
    show = getattr(window, "watch", None)
    if show is not None:
        show(progress)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Papers", text)
