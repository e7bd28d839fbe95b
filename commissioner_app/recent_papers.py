"""Papers made lately on this laptop, with the options they were made with, so that they can be made again."""

import contextlib
import datetime as dt
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from commissioner_app import kinds, paths
from commissioner_app.kinds import Wish
from commissioner_app.periods import Period
from commissioner_app.statistics import Scope

KEPT = 30
_KEY = "recent_papers"


@dataclass(frozen=True)
class Recent:
    """A paper: file is where it was saved, made when (local time), system_fonts which fonts it has."""

    wish: Wish
    file: Path
    made: dt.datetime
    system_fonts: bool


def remember(ledger: Path, wish: Wish, file: Path, system_fonts: bool) -> None:
    """Put a paper at the head of the list; the same file stands there once."""
    entry = {
        "ledger": str(ledger.resolve()),
        "file": str(file.resolve()),
        "made": dt.datetime.now().isoformat(timespec="seconds"),
        "system_fonts": system_fonts,
        "wish": {**asdict(wish), "signed": wish.signed.isoformat() if wish.signed else None},
    }
    _keep([entry, *(e for e in _entries() if e.get("file") != entry["file"])])


def forget(file: Path) -> None:
    """Take a paper off the list; the file stays."""
    _keep([e for e in _entries() if e.get("file") != str(file.resolve())])


def listed(ledger: Path) -> list[Recent]:
    """The papers of a ledger, the latest first; what an older or damaged list says wrongly is left out."""
    found = []
    for entry in _entries():
        if entry.get("ledger") == str(ledger.resolve()):
            with contextlib.suppress(KeyError, TypeError, ValueError):
                found.append(_read(entry))
    return found


def _read(entry: dict[str, Any]) -> Recent:
    w = dict(entry["wish"])
    w["period"], w["scope"] = Period(**w["period"]), Scope(**w["scope"])
    w["signed"] = dt.date.fromisoformat(w["signed"]) if w["signed"] else None
    wish = Wish(**w)
    if wish.kind not in kinds.KINDS:
        raise ValueError(wish.kind)
    made = dt.datetime.fromisoformat(entry["made"])
    return Recent(wish, Path(entry["file"]), made, bool(entry["system_fonts"]))


def _entries() -> list[dict[str, Any]]:
    found = paths.read_settings().get(_KEY)
    return [e for e in found if isinstance(e, dict)] if isinstance(found, list) else []


def _keep(entries: list[dict[str, Any]]) -> None:
    with contextlib.suppress(OSError):  # where settings cannot be kept the papers are there all the same
        paths.write_settings(**{_KEY: entries[:KEPT]})
