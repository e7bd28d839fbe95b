"""The few signs a style sheet needs as pictures (arrows, ticks), made as SVG in memory: sharp at every scale.

They are registered as a Qt resource built here, ``:/kit/<scheme>/<name>.svg``, so that nothing is written
to disk.
"""

import struct
from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import qRegisterResourceData

_CHEVRON = {"down": "M3 6l5 5 5-5", "up": "M3 10l5-5 5 5", "left": "M10 3L5 8l5 5", "right": "M6 3l5 5-5 5"}
_TICK = "M3 8.5l3.5 3.5L13 5"
_CALENDAR = "M2.5 4.5h11v9h-11zM2.5 7.5h11M5.5 2.5v3M10.5 2.5v3"

# Qt keeps pointers into registered data, so it must live as long as the process.
_registered: list[tuple[bytes, bytes, bytes]] = []


def register(schemes: Iterable[Mapping[str, str]]) -> None:
    """Register the pictures of every scheme (a mapping of token names to colours with its ``name``) once."""
    if _registered:
        return
    folders = {str(scheme["name"]): _pictures(scheme) for scheme in schemes}
    data = _resource({"kit": folders})
    _registered.append(data)
    qRegisterResourceData(1, *data)


def _pictures(scheme: Mapping[str, str]) -> dict[str, bytes]:
    pictures = {}
    for name, path in _CHEVRON.items():
        pictures[f"{name}.svg"] = _stroke(path, scheme["sub"])
        pictures[f"{name}-text.svg"] = _stroke(path, scheme["text"])
    pictures["sorted-up.svg"] = _stroke("M4 9.5L8 5.5l4 4", scheme["accent"])
    pictures["sorted-down.svg"] = _stroke("M4 6.5l4 4 4-4", scheme["accent"])
    pictures["tick.svg"] = _stroke(_TICK, scheme["on"], 2.2)
    pictures["tick-menu.svg"] = _stroke(_TICK, scheme["accent"], 2)
    pictures["tick-off.svg"] = _stroke(_TICK, scheme["sub"], 2.2)
    pictures["partial.svg"] = _stroke("M4 8h8", scheme["on"], 2.2)
    pictures["calendar.svg"] = _stroke(_CALENDAR, scheme["sub"], 1.3)
    pictures["dot.svg"] = _svg(f'<circle cx="8" cy="8" r="3.5" fill="{scheme["on"]}"/>')
    return pictures


def _stroke(path: str, colour: str, width: float = 1.6) -> bytes:
    return _svg(
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _svg(body: str) -> bytes:
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">'
    return f"{head}{body}</svg>".encode()


def _hash(name: str) -> int:
    """Qt's hash of a resource's name (qt_hash of qhash.cpp), by which children are sorted."""
    value = 0
    for (unit,) in struct.iter_unpack(">H", name.encode("utf-16-be")):
        value = (value << 4) + unit
        value ^= (value & 0xF0000000) >> 23
        value &= 0x0FFFFFFF
    return value


def _resource(tree: Mapping[str, Any]) -> tuple[bytes, bytes, bytes]:
    """A folder as Qt's resource format 1: (structure, names, data), all big endian, children sorted by
    hash.
    """
    names, data, nodes = bytearray(), bytearray(), bytearray()
    queue: list[tuple[str, Any]] = [("", tree)]  # grows while it is walked: breadth first, as Qt wants it
    placed = 1
    for name, item in queue:
        at = len(names)
        if name:
            names += struct.pack(">HI", len(name), _hash(name)) + name.encode("utf-16-be")
        else:
            at = 0
        if isinstance(item, bytes):
            nodes += struct.pack(">IHHHI", at, 0, 0, 1, len(data))
            data += struct.pack(">I", len(item)) + item
        else:
            children = sorted(item.items(), key=lambda child: _hash(child[0]))
            nodes += struct.pack(">IHII", at, 2, len(children), placed)
            placed += len(children)
            queue.extend(children)
    return bytes(nodes), bytes(names), bytes(data)
