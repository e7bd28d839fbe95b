"""Icons by meaning, drawn with the Remix font that qtawesome ships.

Importing qtawesome costs 0.2 s, most of it for a dozen other fonts, so its Remix font and table of names
are read from its folder directly, at the first icon that is really painted (about 10 ms). The colour is
looked up at every paint: a switch of the theme needs nothing but the repaint it causes anyway.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from ui import theme

_NAMES = {
    "dashboard": "dashboard-line",
    "commissioner": "user-star-line",
    "team": "team-line",
    "assignment": "map-pin-user-line",
    "visit": "draft-line",
    "report": "printer-line",
    "exchange": "usb-line",
    "settings": "settings-3-line",
    "search": "search-line",
    "add": "add-line",
    "more": "more-line",
    "columns": "table-line",
    "calendar": "calendar-line",
    "filter": "filter-3-line",
    "export": "download-line",
    "import": "upload-line",
    "walk": "walk-line",
    "days": "calendar-check-line",
    "training": "slideshow-3-line",
    "clock": "time-line",
    "photo": "image-line",
    "document": "file-text-line",
    "edit": "edit-line",
    "delete": "delete-bin-line",
    "history": "history-line",
    "undo": "arrow-go-back-line",
    "redo": "arrow-go-forward-line",
    "close": "close-line",
    "check": "check-line",
    "warning": "error-warning-line",
    "info": "information-line",
    "question": "question-line",
    "error": "close-circle-line",
    "done": "checkbox-circle-line",
    "county": "government-line",
    "place": "map-pin-line",
    "organisation": "building-line",
    "recipient": "community-line",
    "person": "user-line",
    "phone": "phone-line",
    "lock": "lock-line",
    "key": "key-2-line",
    "backup": "save-3-line",
    "restore": "refresh-line",
    "folder": "folder-open-line",
    "copy": "file-copy-line",
    "print": "printer-line",
    "preview": "eye-line",
    "zoom-in": "zoom-in-line",
    "zoom-out": "zoom-out-line",
    "paste": "clipboard-line",
    "back": "arrow-left-line",
    "next": "arrow-right-line",
    "up": "arrow-up-s-line",
    "down": "arrow-down-s-line",
    "chart": "bar-chart-2-line",
    "command": "terminal-line",
    "help": "question-line",
    "empty": "inbox-line",
    "menu": "menu-line",
    "merge": "git-merge-line",
    "theme": "contrast-2-line",
    "batch": "book-2-line",
    "seal": "award-line",
    "list": "list-check",
    "timeline": "bar-chart-horizontal-line",
    "bookmark": "bookmark-line",
    "review": "shield-check-line",
    "code": "qr-scan-2-line",
}


@cache
def _remix() -> tuple[str, dict[str, str]]:
    """(font family, name → character) of the Remix font in qtawesome's folder."""
    spec = find_spec("qtawesome")
    if spec is None or spec.origin is None:
        return "", {}
    fonts = Path(spec.origin).parent / "fonts"
    font = next(iter(sorted(fonts.glob("remixicon-*.ttf"))), None)
    names = next(iter(sorted(fonts.glob("remixicon-charmap-*.json"))), None)
    if font is None or names is None:
        return "", {}
    number = QFontDatabase.addApplicationFont(str(font))
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    table = {name: chr(int(code, 16)) for name, code in json.loads(names.read_text("utf-8")).items()}
    return (families[0] if families else ""), table


def draw(painter: QPainter, rect: QRect, name: str, colour: str) -> None:
    """Draw the icon ``name`` in the token ``colour`` so that it fills ``rect``."""
    family, table = _remix()
    glyph = table.get(_NAMES[name], "")
    if not family or not glyph:
        return
    font = QFont(family)
    font.setPixelSize(min(rect.width(), rect.height()))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    painter.setPen(theme.color(colour))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, glyph)
    painter.restore()


class _Engine(QIconEngine):
    def __init__(self, name: str, colour: str, chosen: str) -> None:
        super().__init__()
        self._what = (name, colour, chosen)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        name, colour, chosen = self._what
        if mode == QIcon.Mode.Disabled:
            colour = "sub"
        elif state == QIcon.State.On:
            colour = chosen
        draw(painter, rect, name, colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Engine(*self._what)


def icon(name: str, colour: str = "sub", chosen: str = "accent") -> QIcon:
    """The icon that means ``name``, in the token ``colour``; ``chosen`` while its button is checked."""
    if name not in _NAMES:
        raise KeyError(f"no icon means {name!r}")
    return QIcon(_Engine(name, colour, chosen))


def names() -> list[str]:
    """All meanings that have an icon."""
    return sorted(_NAMES)
