"""What people said the columns of a table mean, for tables of the same shape: kept with this user's settings."""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from commissioner_app import paths
from commissioner_app.imports.fields import FIELDS, plain

_FILE = "import-shapes.json"
_MOST = 200
"""Shapes that are kept; the ones used longest ago go first."""


def shape_key(titles: Sequence[str]) -> str:
    """What tables of the same shape have in common: the words of their header, in order."""
    words = [plain(t).upper() for t in titles]
    while words and not words[-1]:
        words.pop()
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:32] if any(words) else ""


@dataclass(frozen=True)
class Memory:
    """What was remembered when it was loaded: {shape: {column: name in FIELDS}}."""

    shapes: dict[str, dict[int, str]] = field(default_factory=dict)

    def find(self, titles: Sequence[str]) -> dict[int, str] | None:
        """The columns that a person gave to a header of these words; None for one that is not known."""
        found = self.shapes.get(shape_key(titles)) if self.shapes else None
        return dict(found) if found is not None else None


def load() -> Memory:
    """Everything remembered; nothing where the file is missing or broken."""
    try:
        found = json.loads(_path().read_text("utf-8"))
        shapes = {
            str(key): {int(c): name for c, name in columns.items() if name in FIELDS}
            for key, columns in found.items()
        }
    except (OSError, ValueError, AttributeError, TypeError):
        return Memory()
    return Memory(shapes)


def remember(titles: Sequence[str], columns: dict[int, str]) -> None:
    """Keep what the columns under these header words mean. A header without words is not remembered."""
    key = shape_key(titles)
    if key:
        shapes = load().shapes
        shapes.pop(key, None)  # the latest stands last
        _write({**shapes, key: columns})


def forget(titles: Sequence[str]) -> None:
    """Let the program find the columns of such tables by itself again."""
    shapes = load().shapes
    if shapes.pop(shape_key(titles), None) is not None:
        _write(shapes)


def _path() -> Path:
    return paths.settings_dir() / _FILE


def _write(shapes: dict[str, dict[int, str]]) -> None:
    """Written whole under another name, then renamed."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    kept = dict(list(shapes.items())[-_MOST:])
    part.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
    os.replace(part, path)
