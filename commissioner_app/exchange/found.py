"""Packages that lie on a stick or in the folder used last, so that nobody has to look for them."""

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from commissioner_app import exchange
from commissioner_app.exchange.drives import removable_drives
from db.ledger import Ledger

_PART = re.compile(r"_\d+of(?=\d+\.)")
MOST = 200


@dataclass(frozen=True)
class Found:
    """A package in sight: size in bytes, modified in seconds since 1970, where it lies in words."""

    path: Path
    size: int
    modified: float
    where: str
    received: bool


def packages(ledger: Ledger, folders: Iterable[Path] = ()) -> list[Found]:
    """The packages on removable drives (there and one folder deep) and in these folders, newest first.

    Left out is what this ledger has written itself; what it has received is marked, by the file's name.
    """
    entries = exchange.log(ledger, 1000)
    sent = {e.file for e in entries if e.direction == "sent"}
    received = {e.file for e in entries if e.direction == "received"}
    places = [(drive.path, drive.label or drive.path.name, True) for drive in removable_drives()]
    places += [(folder, folder.name, False) for folder in folders]
    found: dict[Path, Found] = {}
    for folder, where, deep in places:
        for path in _in(folder, deep):
            with contextlib.suppress(OSError):
                stat = path.stat()
                if _PART.sub("_1of", path.name) not in sent:  # the log names the first part only
                    known = path.name in received
                    found.setdefault(path.resolve(), Found(path, stat.st_size, stat.st_mtime, where, known))
    return sorted(found.values(), key=lambda f: (f.received, -f.modified))[:MOST]


def _in(folder: Path, deep: bool) -> list[Path]:
    """The packages of a folder; one that cannot be read (a stick pulled out) has none."""
    hits: list[Path] = []
    with contextlib.suppress(OSError):
        for entry in folder.iterdir():
            if entry.name.startswith("."):
                continue
            if entry.suffix.lower() == exchange.SUFFIX:
                hits.append(entry)
            elif deep and entry.is_dir() and not entry.is_symlink():
                hits += _in(entry, False)
    return hits
