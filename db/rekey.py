"""Another key for a ledger, or none: a checked copy under the new key takes the file's place."""

import os
from pathlib import Path

from db.backup import verify
from db.engine import APPLICATION_ID, connect, known_failures
from db.errors import DiskTrouble, LedgerBusy
from db.ledger import remove_ledger

PART = ".newkey"


def rekey(path: Path, old: str | None, new: str | None) -> None:
    """Encrypt a closed ledger under `new` (raw key and salt as 96 hex digits; None: a plain file).

    The copy is made beside the ledger, checked, synced and only then renamed, so a process killed at any moment
    leaves the old file or the new one whole. Raises WrongPassword, LedgerBusy (another program has the ledger
    open or wrote to it meanwhile), DiskTrouble; then the ledger is as it was.
    """
    part = path.with_name(path.name + PART)
    remove_ledger(part)
    try:
        with known_failures():
            _export(path, old, part, new)
            verify(part, new)
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise DiskTrouble(f"密码没有改成：{error.strerror or error}。台账没有改动。") from error
    finally:
        remove_ledger(part)


def _export(path: Path, old: str | None, part: Path, new: str | None) -> None:
    """Copy all tables into `part`; refuses when somebody else has the ledger open or writes meanwhile."""
    source = connect(path, old)
    try:
        # Leaving WAL takes the file for ourselves and folds the log into it: nothing may be left beside it.
        mode = source.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        if str(mode).lower() != "delete":
            raise LedgerBusy("台账正被另一个程序打开，请先关闭它再改密码。台账没有改动。")
        version = source.execute("PRAGMA data_version").fetchone()[0]
        source.execute("PRAGMA foreign_keys = OFF")
        source.execute("ATTACH DATABASE ? AS copy KEY ?", (str(part), f"x'{new}'" if new else ""))
        source.execute("SELECT sqlcipher_export('copy')").fetchone()
        source.execute(f"PRAGMA copy.application_id = {APPLICATION_ID}")
        tables = [
            row[0]
            for row in source.execute(
                "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        for table in tables:
            there, here = (
                source.execute(f'SELECT count(*) FROM {schema}."{table}"').fetchone()[0]
                for schema in ("main", "copy")
            )
            if there != here:
                raise DiskTrouble("新的台账文件没有写全，请检查磁盘空间。台账没有改动。")
        source.execute("DETACH DATABASE copy")
        if source.execute("PRAGMA data_version").fetchone()[0] != version:
            raise LedgerBusy("改密码时另一个程序写入了台账，请关闭它再试。台账没有改动。")
    finally:
        source.close()


def _sync_folder(folder: Path) -> None:
    """Make the renaming durable where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
