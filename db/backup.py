"""Copies of a ledger: made whole, checked, and only then put in the place of an older one."""

import os
import secrets
from pathlib import Path

from db.check import check
from db.engine import connect, key_for, known_failures
from db.errors import DiskTrouble, LedgerBusy, LedgerError, NotALedger
from db.ledger import Ledger, remove_ledger


def copy_ledger(ledger: Ledger, target: Path) -> int:
    """Write a consistent copy of an open ledger to `target`; its size in bytes.

    The copy is written under a temporary name, checked, synced, then renamed: a copy that fails leaves
    what was there before. An encrypted ledger gives an encrypted copy under the same password.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _part(target)
    try:
        _vacuum_into(ledger.path, ledger.key, part)
        os.replace(part, target)
    except OSError as error:
        raise DiskTrouble(f"备份没有写成：{error.strerror or error}。原有的备份没有改动。") from error
    finally:
        remove_ledger(part)
    return target.stat().st_size


def _part(target: Path) -> Path:
    part = target.with_name(f".{secrets.token_hex(4)}.part{target.suffix}")
    remove_ledger(part)
    return part


def _vacuum_into(source: Path, key: str | None, part: Path) -> None:
    """A whole copy, what still lies in the write-ahead log included; checked by SQLite and synced."""
    with known_failures():
        connection = connect(source, key, readonly=not os.access(source.parent, os.W_OK))
        try:
            connection.execute("VACUUM INTO ?", (str(part),))
        finally:
            connection.close()
        verify(part, key)
    with open(part, "rb+") as file:
        os.fsync(file.fileno())


def verify(path: Path, key: str | None) -> None:
    """SQLite's integrity check of a file, and that it holds a journal; raises NotALedger."""
    connection = connect(path, key, readonly=True)
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'change'").fetchone()[0]
    finally:
        connection.close()
    if found != ["ok"] or not tables:
        raise NotALedger("这个文件不是完好的台账，没有使用。")


def station_of(path: Path) -> str | None:
    """The station that a plain ledger file belongs to; None where that cannot be told."""
    try:
        with known_failures():
            connection = connect(path, None, readonly=True)
            try:
                row = connection.execute("SELECT value FROM local WHERE key = 'station'").fetchone()
            finally:
                connection.close()
    except Exception:  # whatever it is, it is no plain ledger
        return None
    return str(row[0]) if row else None


def replace_ledger(
    backup: Path, target: Path, password: str | None, source_password: str | None = None
) -> None:
    """Put a checked copy of `backup` in the place of `target`; the caller has backed up `target` before.

    The copy must open as a ledger of this version or an older one, and every row be the fold of its changes.
    Refused while another window or process has `target` open: it would go on writing into a file that is gone.
    Raises LedgerError; then `target` is as it was.
    """
    if not backup.is_file() or backup.stat().st_size == 0:
        raise LedgerError(f"找不到备份文件：{backup}")
    part = _part(target)
    try:
        own = source_password or password
        _vacuum_into(backup, key_for(backup, own), part)
        with Ledger.open(part, own) as copy:
            faults = check(copy).faults
        if faults:
            raise NotALedger(f"这份备份的内容有问题，没有使用：{faults[0]}。")
        if target.exists():
            _only_user(target, password)
        for suffix in ("-wal", "-shm", "-journal"):  # they belong to the file that is replaced
            Path(str(target) + suffix).unlink(missing_ok=True)
        os.replace(part, target)
    except OSError as error:
        raise DiskTrouble(f"恢复没有完成：{error.strerror or error}。原来的台账没有改动。") from error
    finally:
        remove_ledger(part)


def _only_user(path: Path, password: str | None) -> None:
    """Refuse while somebody else has the ledger open: leaving WAL mode needs the file for oneself alone."""
    try:
        with known_failures():
            connection = connect(path, key_for(path, password))
            try:
                connection.execute("PRAGMA busy_timeout = 300")
                mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
                connection.execute("BEGIN EXCLUSIVE")
                connection.execute("ROLLBACK")
            finally:
                connection.close()
    except LedgerBusy as error:
        raise LedgerBusy("这个台账正在另一个窗口或程序中使用，请先关闭再恢复。没有改动。") from error
    except NotALedger:
        return  # what is damaged nobody can be writing to
    if mode == "wal":
        raise LedgerBusy("这个台账正在另一个窗口或程序中使用，请先关闭再恢复。没有改动。")
