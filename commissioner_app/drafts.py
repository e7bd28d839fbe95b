"""Drafts of editors on disk: what somebody has typed and not yet saved survives a crash."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from commissioner_app import paths
from db.ledger import Ledger


def _file(ledger: Ledger, editor: str) -> Path:
    # The ledger's station belongs to the name, so that a copy on another laptop has drafts of its own.
    name = hashlib.sha256(f"{ledger.path.resolve()}|{ledger.station}|{editor}".encode()).hexdigest()[:24]
    return paths.settings_dir() / "drafts" / f"{name}.json"


def keep(ledger: Ledger, editor: str, content: dict[str, Any]) -> None:
    """Write an editor's content, whole under another name, then renamed; encrypted ledgers keep none.

    A plain file beside a ledger with a password would show what the password hides.
    """
    if ledger.encrypted:
        return
    file = _file(ledger, editor)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    os.replace(part, file)


def kept(ledger: Ledger, editor: str) -> dict[str, Any] | None:
    """What was kept, None where there is nothing or it cannot be read."""
    try:
        found = json.loads(_file(ledger, editor).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def drop(ledger: Ledger, editor: str) -> None:
    """Forget an editor's content: it was saved or given up."""
    _file(ledger, editor).unlink(missing_ok=True)
