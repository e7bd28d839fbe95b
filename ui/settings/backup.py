"""Making a backup and bringing one back."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from commissioner_app import backups, maintenance
from commissioner_app.errors import WrongPassword
from commissioner_app.maintenance import Backup
from ui import tasks
from ui.context import Context
from ui.widgets.ask import ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.main_window import LedgerWindow


def back_up(window: "LedgerWindow", context: Context, done: "Callable[[], object] | None" = None) -> None:
    """Make a checked backup beside the ledger and say where it lies."""
    progress = tasks.Progress(_tr("正在备份台账"))

    def made(path: Path) -> None:
        window.toast(_tr("已备份并核对：{0}").format(path.name))
        when = backups.latest(context.ledger.path)
        window.status.set_backup(when.strftime("%Y-%m-%d %H:%M") if when else "")
        if done is not None:
            done()

    def failed(error: BaseException) -> None:
        window.toast(_tr("备份没有做成：{0}").format(error))

    tasks.run(
        lambda: backups.make(context.ledger),
        done=made,
        failed=failed,
        owner=window,
        key="backup",
        progress=progress,
    )
    window.watch(progress)


def restore(window: "LedgerWindow", context: Context, backup: Backup) -> None:
    """Ask, then put a backup in the place of the ledger; what it replaces is backed up first."""
    from ui.wizard import opening
    from ui.wizard.unlock import UnlockDialog

    when = f"{backup.when.year}年{backup.when.month}月{backup.when.day}日{backup.when:%H:%M}"
    question = _tr("恢复到{0}的备份？").format(when)
    words = _tr("在那以后的改动将不再显示。现在的台账会先备份，需要时还能恢复回来。")
    if ask(window, question, words, [_tr("恢复")], danger=True) != 0:
        return
    target, password = context.ledger.path, context.ledger.key
    if not maintenance.opens(backup.path, password):

        def attempt(typed: str) -> str:
            if not maintenance.opens(backup.path, typed):
                raise WrongPassword(_tr("密码不对。"))
            return typed

        dialog = UnlockDialog(window, backup.path, attempt)
        dialog.exec()
        password = dialog.opened
        if password is None:
            return
    opening.with_closed_ledger(
        window,
        _tr("正在恢复备份…"),
        lambda: backups.restore(backup.path, target, password),
        _tr("已恢复到{0}的备份；恢复前的台账也已备份。").format(when),
        password,
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backup", text)
