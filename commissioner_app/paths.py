"""Where things lie: ledgers in the user's documents, settings and logs where the platform keeps them."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import platformdirs

APP = "commissioner-app"
SUFFIX = ".ktledger"


def _home() -> Path | None:
    """A folder that takes the place of all others: for tests, and for a stick that carries everything."""
    value = os.environ.get("COMMISSIONER_HOME")
    return Path(value) if value else None


def documents() -> Path:
    """The folder for ledgers and papers."""
    home = _home()
    base = home / "documents" if home else Path(platformdirs.user_documents_dir())
    return base / "科技特派员服务台账"


def settings_dir() -> Path:
    """The folder for this user's settings."""
    home = _home()
    return home / "settings" if home else Path(platformdirs.user_config_dir(APP, appauthor=False))


def log_dir() -> Path:
    """The folder for log files."""
    home = _home()
    return home / "log" if home else Path(platformdirs.user_log_dir(APP, appauthor=False))


def read_settings() -> dict[str, Any]:
    """This user's settings; empty where there are none or they cannot be read."""
    try:
        found = json.loads((settings_dir() / "settings.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_settings(**changes: Any) -> None:
    """Change some settings; written whole under another name, then renamed."""
    settings = {**read_settings(), **changes}
    folder = settings_dir()
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "settings.json.part"
    part.write_text(json.dumps(settings, ensure_ascii=False, indent=1), "utf-8")
    os.replace(part, folder / "settings.json")


def last_ledger() -> Path | None:
    """The ledger used last, if it is still there."""
    value = read_settings().get("last_ledger")
    return Path(value) if isinstance(value, str) and Path(value).is_file() else None


def remember_ledger(path: Path) -> None:
    """Make a ledger the default of the next start."""
    if read_settings().get("last_ledger") != str(path.resolve()):
        # Where settings cannot be kept the ledger still works; the next start asks for it.
        with contextlib.suppress(OSError):
            write_settings(last_ledger=str(path.resolve()))


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A path that does not exist yet: `stem`, `stem（2）`, …"""
    path = folder / f"{stem}{suffix}"
    n = 2
    while path.exists():
        path = folder / f"{stem}（{n}）{suffix}"
        n += 1
    return path
