"""Backups: made without being asked, thinned out with age, restored after backing up what is replaced."""

import datetime as dt
import re
import shutil
from pathlib import Path

from commissioner_app import paths
from db import backup
from db.errors import LedgerError, NotALedger
from db.ledger import Ledger

FOLDER = "备份"
BEFORE_RESTORE = "恢复前"
_STAMP = re.compile(r"_(\d{8})_(\d{6})")
KEEP_LATEST = 10
KEEP_DAYS = 30


def folder(path: Path) -> Path:
    """The folder for a ledger's backups, beside it."""
    return path.parent / FOLDER


def name_for(path: Path, why: str = "") -> str:
    """焦作市科技局2022_20221003_101500_升级前.ktledger."""
    stamp = dt.datetime.now().strftime("%Y%m%d_%H%M%S")
    return f"{path.stem}_{stamp}{'_' + why if why else ''}{path.suffix}"


def make(ledger: Ledger, why: str = "", to: Path | None = None) -> Path:
    """Write a checked backup; to a folder or file the user names, else beside the ledger. Raises LedgerError.

    A file that is there already is replaced only where it is a backup of this station.
    """
    if to is None or to.is_dir():
        name = name_for(ledger.path, why)
        target = paths.free_path(
            to or folder(ledger.path), name.removesuffix(ledger.path.suffix), ledger.path.suffix
        )
    else:
        target = to
        if target.resolve() == ledger.path.resolve():
            raise LedgerError("备份不能写在台账自己的位置，请另选一个文件。")
        if target.exists() and backup.station_of(target) != ledger.station:
            raise LedgerError(f"文件已经存在，且不是本台账的备份，没有覆盖：{target}")
    backup.copy_ledger(ledger, target)
    if to is None:
        thin(ledger.path)
    return target


def existing(path: Path) -> list[tuple[dt.datetime, Path]]:
    """The backups beside a ledger, newest first."""
    found = []
    for file in folder(path).glob(f"{glob_safe(path.stem)}_*{path.suffix}"):
        stamp = _STAMP.match(file.name, len(path.stem))
        if stamp:
            found.append((dt.datetime.strptime("".join(stamp.groups()), "%Y%m%d%H%M%S"), file))
    return sorted(found, reverse=True)


def glob_safe(text: str) -> str:
    """The text as a literal in a glob pattern."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in text)


def latest(path: Path) -> dt.datetime | None:
    """When the last backup was made."""
    found = existing(path)
    return found[0][0] if found else None


def thin(path: Path) -> None:
    """Keep the ten latest, one a day for thirty days, one a month before that, and all made before a restore."""
    now = dt.datetime.now()
    kept: set[str] = set()
    for n, (when, file) in enumerate(existing(path)):
        slot = when.strftime("%Y%m%d") if (now - when).days <= KEEP_DAYS else when.strftime("%Y%m")
        if n >= KEEP_LATEST and slot in kept and BEFORE_RESTORE not in file.name:
            file.unlink(missing_ok=True)
        kept.add(slot)


def restore(
    source: Path, target: Path, password: str | None = None, source_password: str | None = None
) -> Path | None:
    """Put a backup in the place of a ledger; returns the backup of what was replaced (None: nothing was).

    `password` opens the ledger, `source_password` the backup (the same for None): a backup from before a change
    of password has its own. Raises LedgerError; then the ledger is as it was.
    """
    if not source.is_file():
        raise LedgerError(f"找不到备份文件：{source}")
    if target.exists() and source.samefile(target):
        raise LedgerError("备份和台账是同一个文件，不需要恢复。")
    before = None
    if target.exists():
        stem = name_for(target, BEFORE_RESTORE).removesuffix(target.suffix)
        before = paths.free_path(folder(target), stem, target.suffix)
        try:
            with Ledger.open(target, password) as current:
                backup.copy_ledger(current, before)
        except NotALedger:
            # What is damaged cannot be copied table by table; the file itself is kept, with what belongs to it.
            before.parent.mkdir(parents=True, exist_ok=True)
            for suffix in ("", "-wal", "-journal"):
                part = Path(str(target) + suffix)
                if part.exists():
                    shutil.copyfile(part, str(before) + suffix)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        backup.replace_ledger(source, target, password, source_password)
    except LedgerError:
        if before is not None:
            before.unlink(missing_ok=True)  # nothing was replaced
        raise
    return before
