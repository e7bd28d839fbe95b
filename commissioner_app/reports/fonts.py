"""The fonts of the papers: roles, what is drawn when a font lacks a character, what no font has."""

import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from commissioner_app.reports.chars import clean, is_private
from commissioner_app.reports.ttf import FontError, FontFile

BUNDLED = Path(__file__).resolve().parents[2] / "resources" / "fonts"
SERIF, SERIF_BOLD = "NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf"
SANS, SANS_BOLD = "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"
KAI = "LXGWWenKai-Regular.ttf"

# Family names of the system's fonts that GB/T 9704 asks for, the best first.
FANGSONG = (
    "仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "方正仿宋_GB18030", "方正仿宋_GBK",
    "方正仿宋简体", "FZFangSong-Z02", "FZFangSong-Z02S", "华文仿宋", "STFangsong",
)  # fmt: skip
XIAOBIAOSONG = (
    "方正小标宋_GB18030", "方正小标宋_GBK", "方正小标宋简体", "FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S",
)  # fmt: skip
# LXGW WenKai's curly quotes are narrow Latin ones; Chinese text wants them one em wide.
_QUOTES = frozenset("“”‘’")


class FontRole:
    """A font and those that stand in for it, in order; asked for widths in ems and for runs.

    `advance` maps a character to its width, `own` holds the characters known to be in the first font.
    """

    def __init__(self, fonts: "FontSet", name: str, files: list[FontFile], borrowed: frozenset[str]) -> None:
        self.name = name
        self._fonts = fonts
        self._files = files
        self._borrowed = borrowed
        self._others: dict[str, FontFile] = {}
        self.own: set[str] = set()
        self.advance = _Advances(self)

    @property
    def file(self) -> FontFile:
        """The font that this role is set in."""
        return self._files[0]

    def width(self, text: str) -> float:
        """Width of the text in ems."""
        return sum(map(self.advance.__getitem__, text))

    def file_of(self, char: str) -> FontFile:
        """The font that draws the character; the first one, which draws 〓, when none has it."""
        if char in self.own:
            return self.file
        found = self._others.get(char)
        if found is None:
            candidates = self._files[1:] if char in self._borrowed else self._files
            found = next((file for file in candidates if file.has(char)), None)
            found = found or self._fonts.system_font_with(char) or self.file
            if found is self.file:
                self.own.add(char)
            else:
                self._others[char] = found
        return found

    def runs(self, text: str) -> list[tuple[FontFile, str]]:
        """The text cut where the font changes."""
        if self.own.issuperset(text):
            return [(self.file, text)] if text else []
        runs: list[tuple[FontFile, str]] = []
        for char in text:
            file = self.file_of(char)
            if runs and runs[-1][0] is file:
                runs[-1] = (file, runs[-1][1] + char)
            else:
                runs.append((file, char))
        return runs


class _Advances(dict[str, float]):
    """Widths of characters in ems, looked up once."""

    def __init__(self, role: FontRole) -> None:
        super().__init__()
        self._role = role

    def __missing__(self, char: str) -> float:
        file = self._role.file_of(char)
        glyph = file.cmap.get(ord(char), file.cmap.get(0x3013, 0))
        width = self[char] = file.advance(glyph) / 1000
        return width


class FontSet:
    """The fonts of a report by role: body, title, hei (黑体), kai (楷体), song (tables), sans.

    With `system` the body is set in the system's 仿宋 and the title in 方正小标宋 where they are
    installed and may be embedded; without it the bundled fonts make the same paper on every machine.
    A character that the bundled fonts lack is looked for in the system's either way.
    """

    def __init__(self, system: bool = False, folder: Path = BUNDLED) -> None:
        serif, serif_bold, sans, sans_bold, kai = (
            FontFile(folder / name) for name in (SERIF, SERIF_BOLD, SANS, SANS_BOLD, KAI)
        )
        body = system_font(FANGSONG) if system else None
        title = system_font(XIAOBIAOSONG) if system else None
        self._bundled = [serif, sans, kai]
        self.body = self._role("body", [*([body] if body else []), serif, sans, kai])
        self.title = self._role("title", [*([title] if title else []), serif_bold, sans_bold, serif, kai])
        self.hei = self._role("hei", [sans_bold, sans, serif, kai])
        self.kai = self._role("kai", [kai, serif, sans], _QUOTES)
        self.song = self._role("song", [serif, sans, kai])
        self.sans = self._role("sans", [sans, serif, kai])

    def _role(self, name: str, files: list[FontFile], borrowed: frozenset[str] = frozenset()) -> FontRole:
        return FontRole(self, name, files, borrowed)

    def system_font_with(self, char: str) -> FontFile | None:
        """The first of the system's fonts, by path, that has the character."""
        return None if char.isascii() or is_private(char) else _system_font_with(char)

    def missing(self, text: str) -> set[str]:
        """The characters of the text that no font has; to be named before printing."""
        visible = {c for c in clean(text) if not c.isspace()}
        return {
            c for c in visible if not any(f.has(c) for f in self._bundled) and not self.system_font_with(c)
        }


def _font_folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home / "AppData" / "Local"))
        windows = Path(os.environ.get("WINDIR", "C:/Windows"))
        return [windows / "Fonts", Path(local) / "Microsoft" / "Windows" / "Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    shared = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    return [*shared, home / ".local" / "share" / "fonts", home / ".fonts"]


@cache
def _system_fonts() -> tuple[FontFile, ...]:
    """The system's fonts that can be embedded, by path."""

    def every() -> Iterator[FontFile]:
        for folder in _font_folders():
            for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
                if path.suffix.lower() not in (".ttf", ".ttc"):
                    continue
                try:
                    first = FontFile(path)
                    files = [first, *(FontFile(path, n) for n in range(1, first.count))]
                except FontError:
                    continue
                yield from (file for file in files if file.embeddable)

    return tuple(every())


@cache
def system_font(families: tuple[str, ...]) -> FontFile | None:
    """The system's font with the first of these names that is installed, if it may be embedded."""
    by_name: dict[str, FontFile] = {}
    for file in _system_fonts():
        for kind in (1, 4, 6, 16):
            for name in file.names.get(kind, ()):
                by_name.setdefault(name, file)
    return next((by_name[name] for name in families if name in by_name), None)


@cache
def _system_font_with(char: str) -> FontFile | None:
    return next((file for file in _system_fonts() if file.has(char)), None)
