"""Drafts of editors on disk: what somebody has typed and not yet saved survives a crash.

Beside a ledger with a password they are encrypted under a key that lies in the ledger itself: a plain file would
show what the password hides.
"""

import contextlib
import hashlib
import json
import os
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commissioner_app import paths
from db.errors import LedgerError
from db.ledger import Ledger

_KEY = "draft_key"
_NONCE = 12
_SEALED = b"KTD1"
"""How an encrypted draft begins."""

_lock = threading.Lock()
_ended: set[str] = set()


@dataclass(frozen=True)
class Kept:
    """A draft that waits: editor (its key), content, and when it was written last (seconds since 1970)."""

    editor: str
    content: dict[str, Any]
    at: float


def new_key(what: str) -> str:
    """A key for one sitting at an editor: a later sitting never writes over what an earlier one has left."""
    return f"{what}:{secrets.token_hex(6)}"


def _stem(ledger: Ledger) -> str:
    # The ledger's station belongs to the name, so that a copy on another laptop has drafts of its own.
    return hashlib.sha256(f"{ledger.path.resolve()}|{ledger.station}".encode()).hexdigest()[:20]


def _file(ledger: Ledger, editor: str, part: str = "") -> Path:
    name = hashlib.sha256(editor.encode()).hexdigest()[:16]
    extra = "." + hashlib.sha256(part.encode()).hexdigest()[:16] if part else ""
    return paths.settings_dir() / "drafts" / f"{_stem(ledger)}-{name}{extra}.draft"


def keep(ledger: Ledger, editor: str, content: dict[str, Any]) -> bool:
    """Write an editor's content, whole under another name, then renamed: a kill leaves the old or the new one.

    May be called on any thread; what comes after the key was dropped for good is not written (False).
    """
    data = json.dumps({"editor": editor, "content": content}, ensure_ascii=False).encode()
    return _write(ledger, editor, _file(ledger, editor), data)


def keep_part(ledger: Ledger, editor: str, part: str, data: bytes) -> bool:
    """Keep bytes that belong to a draft (a photo that waits to be saved) in a file of their own, written once."""
    file = _file(ledger, editor, part)
    return file.is_file() or _write(ledger, editor, file, data)


def _write(ledger: Ledger, editor: str, file: Path, data: bytes) -> bool:
    if ledger.encrypted:
        data = _sealed(ledger, file.name, data)
    with _lock:
        if editor in _ended:
            return False
        file.parent.mkdir(parents=True, exist_ok=True)
        _put(file, data)
    return True


def _put(file: Path, data: bytes) -> None:
    part = file.with_suffix(".part")
    with open(part, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, file)


def kept(ledger: Ledger, editor: str) -> dict[str, Any] | None:
    """What was kept, None where there is nothing or it cannot be read."""
    found = _read(ledger, _file(ledger, editor))
    return found.content if found else None


def part(ledger: Ledger, editor: str, name: str) -> bytes | None:
    """What `keep_part` kept; None where it is gone or cannot be read."""
    try:
        return _opened(ledger, _file(ledger, editor, name))
    except (OSError, ValueError, LedgerError):
        return None


def waiting(ledger: Ledger) -> list[Kept]:
    """All drafts of this ledger, the latest first; what cannot be read is left out."""
    stem = _stem(ledger)
    try:
        files = [
            f for f in (paths.settings_dir() / "drafts").glob(f"{stem}-*.draft") if f.name.count(".") == 1
        ]
    except OSError:
        return []
    _seal_old(ledger, stem)
    found = [k for k in (_read(ledger, f) for f in files) if k]
    return sorted(found, key=lambda k: -k.at)


def drop(ledger: Ledger, editor: str, for_good: bool = False) -> None:
    """Forget an editor's content: it was saved or given up.

    `for_good`: the key (of `new_key`) is not used again, and a write that is under way does not bring it back.
    """
    with _lock:
        if for_good:
            _ended.add(editor)
        first = _file(ledger, editor)
        for file in (first, *first.parent.glob(f"{first.stem}.*.draft")):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)


def _read(ledger: Ledger, file: Path) -> Kept | None:
    try:
        found = json.loads(_opened(ledger, file))
        content, editor = found["content"], found["editor"]
        if not isinstance(content, dict) or _file(ledger, editor) != file:
            return None
        return Kept(editor, content, file.stat().st_mtime)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, LedgerError):
        return None


def _opened(ledger: Ledger, file: Path) -> bytes:
    """The content of a file. Raises ValueError for one that was written under another key or is damaged."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    data = file.read_bytes()
    if not data.startswith(_SEALED):
        return data
    at = len(_SEALED) + _NONCE
    try:
        key = bytes.fromhex(ledger.local(_KEY))
        return AESGCM(key).decrypt(data[len(_SEALED) : at], data[at:], file.name.encode())
    except InvalidTag as error:
        raise ValueError(file.name) from error


def _sealed(ledger: Ledger, name: str, data: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    with _lock:
        kept = ledger.local(_KEY)
        if not kept:
            kept = secrets.token_hex(32)
            ledger.set_local(_KEY, kept)
    nonce = secrets.token_bytes(_NONCE)
    return _SEALED + nonce + AESGCM(bytes.fromhex(kept)).encrypt(nonce, data, name.encode())


def _seal_old(ledger: Ledger, stem: str) -> None:
    """Drafts from before the ledger got its password do not stay open to everybody."""
    if not ledger.encrypted:
        return
    for file in (paths.settings_dir() / "drafts").glob(f"{stem}-*.draft"):
        with contextlib.suppress(OSError, LedgerError):
            data = file.read_bytes()
            if not data.startswith(_SEALED):
                _put(file, _sealed(ledger, file.name, data))
