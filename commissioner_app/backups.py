"""Backups: made without being asked, thinned out with age, restored after backing up what is replaced."""

import datetime as dt
import re
from pathlib import Path

from db import backup
from db.errors import LedgerError
from db.ledger import Ledger

FOLDER = "备份"
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
    """Write a checked backup; to a folder or file the user names, else beside the ledger. Raises LedgerError."""
    if to is None:
        target = folder(ledger.path) / name_for(ledger.path, why)
    elif to.is_dir():
        target = to / name_for(ledger.path, why)
    else:
        target = to
    if target.resolve() == ledger.path.resolve():
        raise LedgerError("备份不能写在台账自己的位置，请另选一个文件。")
    backup.copy_ledger(ledger, target)
    if to is None:
        thin(ledger.path)
    return target


def existing(path: Path) -> list[tuple[dt.datetime, Path]]:
    """The backups beside a ledger, newest first."""
    found = []
    for file in folder(path).glob(f"{glob_safe(path.stem)}_*{path.suffix}"):
        stamp = _STAMP.search(file.name, len(path.stem))
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
    """Keep the ten latest, one a day for thirty days, one a month before that."""
    now = dt.datetime.now()
    kept: set[str] = set()
    for n, (when, file) in enumerate(existing(path)):
        slot = when.strftime("%Y%m%d") if (now - when).days <= KEEP_DAYS else when.strftime("%Y%m")
        if n >= KEEP_LATEST and slot in kept:
            file.unlink(missing_ok=True)
        kept.add(slot)


def restore(source: Path, target: Path, password: str | None = None) -> Path | None:
    """Put a backup in the place of a ledger; returns the backup of what was replaced (None: nothing was).

    Raises LedgerError; then the ledger is as it was.
    """
    if source.resolve() == target.resolve():
        raise LedgerError("备份和台账是同一个文件，不需要恢复。")
    before = None
    if target.exists():
        try:
            with Ledger.open(target, password) as current:
                before = make(current, "恢复前")
        except LedgerError:
            # What is damaged cannot be copied table by table; the file itself is kept.
            before = folder(target) / name_for(target, "恢复前")
            before.parent.mkdir(parents=True, exist_ok=True)
            before.write_bytes(target.read_bytes())
    target.parent.mkdir(parents=True, exist_ok=True)
    backup.replace_ledger(source, target, password)
    return before
