"""Copies of a ledger: made whole, checked, and only then put in the place of an older one."""

import os
import shutil
from pathlib import Path

from db.engine import connect, key_for, known_failures
from db.errors import DiskTrouble, LedgerError, NotALedger
from db.ledger import Ledger, remove_ledger


def copy_ledger(ledger: Ledger, target: Path) -> int:
    """Write a consistent copy of an open ledger to `target`; its size in bytes.

    The copy is written under a temporary name, checked, synced, then renamed: a copy that fails leaves
    what was there before. An encrypted ledger gives an encrypted copy under the same password.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    remove_ledger(part)
    try:
        with known_failures():
            source = connect(ledger.path, ledger.key)
            try:
                source.execute("VACUUM INTO ?", (str(part),))
            finally:
                source.close()
            verify(part, ledger.key)
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, target)
    except OSError as error:
        raise DiskTrouble(f"备份没有写成：{error.strerror or error}。原有的备份没有改动。") from error
    finally:
        remove_ledger(part)
    return target.stat().st_size


def verify(path: Path, key: str | None) -> None:
    """SQLite's integrity check of a file; raises NotALedger."""
    connection = connect(path, key, readonly=True)
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'change'").fetchone()[0]
    finally:
        connection.close()
    if found != ["ok"] or not tables:
        raise NotALedger("这个文件不是完好的台账备份，没有使用。")


def replace_ledger(backup: Path, target: Path, password: str | None) -> None:
    """Put a checked copy of `backup` in the place of `target`; the caller has backed up `target` before.

    Raises LedgerError; then `target` is as it was.
    """
    if not backup.is_file() or backup.stat().st_size == 0:
        raise LedgerError(f"找不到备份文件：{backup}")
    part = target.with_name(target.name + ".part")
    try:
        with known_failures():
            verify(backup, key_for(backup, password))
        shutil.copyfile(backup, part)
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        for suffix in ("-wal", "-shm", "-journal"):  # they belong to the file that is replaced
            Path(str(target) + suffix).unlink(missing_ok=True)
        os.replace(part, target)
    except OSError as error:
        raise DiskTrouble(f"恢复没有完成：{error.strerror or error}。原来的台账没有改动。") from error
    finally:
        part.unlink(missing_ok=True)
