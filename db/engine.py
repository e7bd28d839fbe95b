"""Connections to a ledger file: driver, encryption, pragmas, and SQLite's failures as known errors."""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from db.errors import DiskTrouble, LedgerBusy, LedgerError, NotALedger, WrongPassword

APPLICATION_ID = 0x4B544C47  # "KTLG" in the file's header
BUSY_SECONDS = 5.0
KDF_ROUNDS = 256_000  # SQLCipher 4's default, so that any SQLCipher tool opens it with the password
PLAIN_HEADER = b"SQLite format 3\x00"

# File systems on which shared memory and locks hold, so that WAL is safe.
_LOCAL = {"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "tmpfs", "overlay", "jfs", "bcachefs"}


def is_encrypted(path: Path) -> bool:
    """Whether the file does not begin as a plain SQLite database does."""
    with open(path, "rb") as file:
        head = file.read(16)
    return bool(head) and head != PLAIN_HEADER


def raw_key(password: str, salt: bytes) -> str:
    """SQLCipher's raw key and salt as 96 hex digits; they open the ledger without the password."""
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, KDF_ROUNDS, 32)
    return key.hex() + salt.hex()


def looks_like_key(password: str) -> bool:
    """Whether it has the form of the key on a 恢复单: 96 hex digits, in groups or not."""
    compact = password.replace(" ", "").replace("-", "").lower()
    return len(compact) == 96 and all(c in "0123456789abcdef" for c in compact)


def key_for(path: Path, password: str | None) -> str | None:
    """The raw key of an existing ledger, None for a plain one.

    A password of 96 hex digits is taken for the key on a 恢复单. Raises WrongPassword when one is missing.
    """
    if not is_encrypted(path):
        return None
    if path.stat().st_size % 4096:
        # An encrypted ledger consists of whole pages; anything else cannot be told from noise by its bytes.
        raise NotALedger("这个文件不是服务台账，或已经损坏。可从备份恢复。")
    if not password:
        raise WrongPassword("这个台账设有密码，请输入密码。")
    if looks_like_key(password):
        return password.replace(" ", "").replace("-", "").lower()
    with open(path, "rb") as file:
        return raw_key(password, file.read(16))


CACHE_KB = 32_000
"""SQLite's page cache for one connection."""


def wal_is_safe(path: Path) -> bool:
    """Whether the folder lies on a local disk; on a stick or a network drive WAL is not safe."""
    if sys.platform == "win32":
        import ctypes

        drive = os.path.splitdrive(path.resolve())[0] + "\\"
        return bool(ctypes.windll.kernel32.GetDriveTypeW(drive) == 3)  # DRIVE_FIXED
    if sys.platform != "linux":
        return True
    try:
        mounts = Path("/proc/self/mounts").read_text().splitlines()
    except OSError:
        return False
    best, kind = "", ""
    folder = str(path.resolve().parent)
    for line in mounts:
        parts = line.split(" ")
        point = parts[1].replace("\\040", " ")
        if (folder == point or folder.startswith(point.rstrip("/") + "/")) and len(point) >= len(best):
            best, kind = point, parts[2]
    # Where no mount covers the folder (in a chroot) it is the root itself; network drives always show.
    return kind in _LOCAL or not best


def connect(path: Path, key: str | None, readonly: bool = False) -> Any:
    """A driver connection in autocommit, with the ledger's pragmas set."""
    # Immutable: on a medium that cannot be written even a reader of a WAL file would have to make files.
    fixed = readonly and not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    mode = "?mode=ro&immutable=1" if fixed else "?mode=ro" if readonly else "?mode=rwc"
    uri = path.resolve().as_uri() + mode
    connection = sqlite.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS
    )
    try:
        if key is not None:
            connection.execute("PRAGMA cipher_log_level = NONE")  # a wrong password is told by us, in words
            connection.execute(f"PRAGMA key = \"x'{key}'\"")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite.DatabaseError as error:
        connection.close()
        if key is not None and getattr(error, "sqlite_errorcode", 0) & 0xFF == 26:  # NOTADB
            raise WrongPassword("密码不对，台账没有打开。") from error
        raise known(error, path) from error
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    return connection


def make_engine(path: Path, key: str | None, readonly: bool = False) -> Engine:
    """The SQLAlchemy engine of a ledger; a connection's transaction begins IMMEDIATE where asked for."""
    engine = create_engine(
        "sqlite://",
        module=sqlite,
        creator=lambda: connect(path, key, readonly),
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=4,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


_LEAST_ROOM = 256 * 1024
"""Bytes without which SQLite can keep neither its log nor its shared memory."""


def _full(path: Path | None) -> bool:
    try:
        return path is not None and shutil.disk_usage(path.parent).free < _LEAST_ROOM
    except OSError:
        return False


def known(error: BaseException, path: Path | None = None) -> Exception:
    """The known failure that SQLite's result code stands for; the error itself where it is our bug. path: the ledger."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary in (5, 6):  # BUSY, LOCKED
        return LedgerBusy("台账正被另一个程序写入，请稍后再试。您的内容没有丢失。")
    if primary == 13:  # FULL
        return DiskTrouble("磁盘已满，这次没有保存。请腾出空间后再试。")
    if primary == 8:  # READONLY
        return DiskTrouble("台账所在的位置不能写入（只读），这次没有保存。")
    if primary in (10, 14) and _full(path):  # a disk without room fails in many ways
        return DiskTrouble("磁盘已满，台账读写不了，这次没有保存。请腾出空间后再试。")
    if primary in (10, 14):  # IOERR, CANTOPEN
        return DiskTrouble("读写台账文件失败，请检查磁盘或 U 盘是否还在。这次没有保存。")
    if primary in (11, 26):  # CORRUPT, NOTADB
        return NotALedger("这个文件不是服务台账，或已经损坏。可从备份恢复。")
    return error if isinstance(error, Exception) else LedgerError(str(error))


@contextmanager
def known_failures(path: Path | None = None) -> Iterator[None]:
    """Turn the driver's failures inside the block into known errors."""
    try:
        yield
    except DBAPIError as error:
        translated = known(error.orig, path) if error.orig else error
        raise (translated if isinstance(translated, LedgerError) else error) from error
    except sqlite.Error as error:
        raise known(error) from error
