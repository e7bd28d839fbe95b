"""Looking after a ledger's file: what it holds, whether it is sound, which backups there are."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from commissioner_app import backups
from db import check as checking
from db.check import CheckResult
from db.engine import connect, is_encrypted, key_for, known_failures
from db.errors import WrongPassword
from db.ledger import Ledger
from db.queries import journal


@dataclass(frozen=True)
class FileFacts:
    """size in bytes, with its log; changes and operations as counts."""

    path: Path
    size: int
    changes: int
    encrypted: bool


@dataclass(frozen=True)
class Backup:
    """A backup beside the ledger; why is what its name says (升级前), "" for an ordinary one; size in bytes."""

    path: Path
    when: dt.datetime
    why: str
    size: int


def facts(ledger: Ledger) -> FileFacts:
    """What 设置 tells of the file."""
    size = sum(p.stat().st_size for p in (ledger.path, Path(f"{ledger.path}-wal")) if p.exists())
    with ledger.read() as connection:
        return FileFacts(ledger.path, size, journal.change_count(connection), ledger.encrypted)


def check(ledger: Ledger, repair: bool = False, progress: Callable[[int], None] | None = None) -> CheckResult:
    """Check the whole ledger; `repair` rebuilds rows from the journal after a backup and checks again."""
    if not repair:
        return checking.check(ledger, progress=progress)
    backups.make(ledger, "修复前")
    repaired = checking.check(ledger, repair=True, progress=progress).repaired
    result = checking.check(ledger, progress=progress)
    result.repaired = repaired
    return result


def listed_backups(path: Path) -> list[Backup]:
    """The backups beside a ledger, newest first."""
    found = []
    for when, file in backups.existing(path):
        tail = file.stem.rsplit(f"_{when:%H%M%S}", 1)[-1].strip("_")
        found.append(Backup(file, when, tail, file.stat().st_size))
    return found


def opens(path: Path, password: str | None) -> bool:
    """Whether a password (or the key of a 恢复单, or of an open ledger) opens a file."""
    if not is_encrypted(path):
        return True
    try:
        with known_failures():
            connect(path, key_for(path, password), readonly=True).close()
    except WrongPassword:
        return False
    return True


def size_text(size: int) -> str:
    """A size as people read it: 860 KB, 12.4 MB."""
    if size < 1_000_000:
        return f"{max(size, 1000) / 1000:,.0f} KB"
    return f"{size / 1_000_000:,.1f} MB" if size < 1_000_000_000 else f"{size / 1_000_000_000:,.2f} GB"
