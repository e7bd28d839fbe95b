"""Colours and sizes of the window (UI.md, "Tokens"), the palette and the switch between light and dark.

Nothing else names a colour or a size: style sheets are filled in from here, painted widgets ask ``tokens()``.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

Mode = Literal["system", "light", "dark"]
Tone = Literal["plain", "accent", "warn", "bad", "info"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one scheme.

    ``*_ink`` are the state colours as text: on their soft ground the state colours of the light scheme alone
    would fall just short of 4.5 : 1. ``handle`` borders what must be seen as a sign (check boxes, popups,
    hovered fields), ``scroll`` is a scroll bar at rest, ``flip_accent`` the accent on the toast's inverted
    ground.
    """

    name: str
    bg: str
    surface: str
    side: str
    text: str
    sub: str
    line: str
    hover: str
    track: str
    accent: str
    accent_soft: str
    on: str
    accent_hover: str
    accent_ink: str
    warn: str
    warn_soft: str
    warn_ink: str
    bad: str
    bad_soft: str
    bad_ink: str
    info: str
    info_soft: str
    info_ink: str
    handle: str
    scroll: str
    flip_accent: str

    def ink(self, tone: Tone) -> str:
        """The text colour of a state; ``plain`` is the caption colour."""
        return self.sub if tone == "plain" else str(getattr(self, f"{tone}_ink"))

    def soft(self, tone: Tone) -> str:
        """The ground under the text of a state."""
        return self.track if tone == "plain" else str(getattr(self, f"{tone}_soft"))

    def strong(self, tone: Tone) -> str:
        """The colour of a state as a dot, an icon or a bar."""
        return self.sub if tone == "plain" else str(getattr(self, tone))


LIGHT = Tokens(
    name="light",
    bg="#F4F6F5",
    surface="#FFFFFF",
    side="#EAEFEC",
    text="#1B2420",
    sub="#5F6E67",
    line="#DCE3DF",
    hover="#F0F4F2",
    track="#E5EBE8",
    accent="#1F7A5C",
    accent_soft="#DDEFE7",
    on="#FFFFFF",
    accent_hover="#196A4F",
    accent_ink="#1A6D51",
    warn="#B45309",
    warn_soft="#FCEFD9",
    warn_ink="#9C4707",
    bad="#B42318",
    bad_soft="#FBE4E1",
    bad_ink="#A81F15",
    info="#2563A8",
    info_soft="#E1ECF7",
    info_ink="#215A9A",
    handle="#8A9992",
    scroll="#C6D2CC",
    flip_accent="#4FBF8F",
)

DARK = Tokens(
    name="dark",
    bg="#141917",
    surface="#1C2320",
    side="#171D1A",
    text="#E4EBE7",
    sub="#9AA9A1",
    line="#2D3732",
    hover="#232B27",
    track="#2A332F",
    accent="#4FBF8F",
    accent_soft="#1F3A2F",
    on="#0E1512",
    accent_hover="#66CDA0",
    accent_ink="#4FBF8F",
    warn="#E5A54B",
    warn_soft="#3A2E18",
    warn_ink="#E5A54B",
    bad="#F08A7E",
    bad_soft="#40211D",
    bad_ink="#F08A7E",
    info="#7FB2E8",
    info_soft="#1C2C3D",
    info_ink="#7FB2E8",
    handle="#66756D",
    scroll="#3C4842",
    flip_accent="#1A6D51",
)


class Size:
    """Sizes in device-independent pixels."""

    TEXT = 14
    CAPTION = 12
    CARD_TITLE = 15
    PAGE_TITLE = 20
    FIGURE = 26

    GAP = 8
    GAP_MID = 16
    GAP_WIDE = 24
    TIGHT = 4
    CARD_RADIUS = 8
    RADIUS = 6
    CONTROL = 32
    ROW = 36
    NAV = 38
    PILL = 20
    ICON = 16
    NAV_ICON = 18
    DIALOG_ICON = 32
    EMPTY_ICON = 40
    BAR = 8
    COLUMN_WIDEST = 56
    TABLE_COLUMN = 56
    CHART_HEIGHT = 96

    SIDEBAR = 196
    SIDEBAR_FOLDED = 56
    TOPBAR = 56
    STATUS = 28
    FOLD_BELOW = 1280
    MIN_WIDTH = 960
    MIN_HEIGHT = 600
    WINDOW_WIDTH = 1366
    WINDOW_HEIGHT = 768
    SEARCH = 330
    PERIOD = 156
    POPUP_HEIGHT = 320
    DIALOG = 480


class _Notifier(QObject):
    changed = Signal()


_current: Tokens = LIGHT
_mode: Mode = "system"
_notifier: _Notifier | None = None


def tokens() -> Tokens:
    """The colours in force now; ask again in every paint, never keep them."""
    return _current


def color(name: str) -> QColor:
    """The token ``name`` of the scheme in force as a colour."""
    return QColor(getattr(_current, name))


_MARK_HUES = (212, 152, 34, 268, 338, 188)


def mark(number: int) -> QColor:
    """The quiet ground of the n-th kind of thing marked in a text (six of them); text on it is at least 7 : 1."""
    light = _current is LIGHT
    return QColor.fromHslF(_MARK_HUES[number % 6] / 360, 0.62 if light else 0.42, 0.9 if light else 0.22)


def notifier() -> _Notifier:
    """Its ``changed`` is sent after the scheme has changed (for what is cached as a picture)."""
    global _notifier
    if _notifier is None:
        _notifier = _Notifier()
    return _notifier


def install_fonts(folder: Path) -> str:
    """Give the application a Chinese font and return its family.

    A system that has one keeps its own, as its users are used to it; else ``NotoSansSC-Regular.ttf`` and
    ``NotoSansSC-Bold.ttf`` of ``folder`` are loaded. Call after QApplication, before the first widget.
    """
    families = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    preferred = (
        "Noto Sans SC",
        "Noto Sans CJK SC",
        "Source Han Sans SC",
        "Microsoft YaHei UI",
        "PingFang SC",
    )
    family = next((name for name in preferred if name in families), "")
    if not family and families:
        # Some Chinese font is there (often a Song or a UI face of the maker); the system's default falls
        # back to it.
        family = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if not family:
        for name in ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"):
            number = QFontDatabase.addApplicationFont(str(folder / name))
            loaded = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
            family = family or (loaded[0] if loaded else "")
    font = QFont(family) if family else QFont()
    font.setPixelSize(Size.TEXT)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    QApplication.setFont(font)
    return family


def apply(app: QApplication, mode: Mode) -> None:
    """Put the scheme ``mode`` on the application; ``system`` follows the desktop, also while running."""
    global _mode
    _mode = mode
    hints = app.styleHints()
    if app.style().objectName().lower() != "fusion":
        app.setStyle("Fusion")
    # Native title bars and file dialogs follow too (Windows, macOS).
    hints.setColorScheme(
        {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}[mode]
    )
    if not app.property("followsScheme"):
        app.setProperty("followsScheme", True)
        hints.colorSchemeChanged.connect(lambda _scheme: _restyle(app))
    _restyle(app)


def system_is_dark(app: QApplication) -> bool:
    """What the desktop says; one that says nothing is light."""
    return app.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _restyle(app: QApplication) -> None:
    from ui import artwork, stylesheet

    global _current
    dark = _mode == "dark" or (_mode == "system" and system_is_dark(app))
    wanted = DARK if dark else LIGHT
    if app.styleSheet() and wanted is _current:
        return
    _current = wanted
    artwork.register((asdict(LIGHT), asdict(DARK)))
    app.setPalette(_palette(wanted))
    app.setStyleSheet(stylesheet.build(wanted))
    notifier().changed.emit()


def _palette(t: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, value in (
        (role.Window, t.bg),
        (role.WindowText, t.text),
        (role.Base, t.surface),
        (role.AlternateBase, t.hover),
        (role.Text, t.text),
        (role.Button, t.surface),
        (role.ButtonText, t.text),
        (role.BrightText, t.bad),
        (role.Highlight, t.accent_soft),
        (role.HighlightedText, t.text),
        (role.Accent, t.accent),
        (role.Link, t.accent),
        (role.LinkVisited, t.accent),
        (role.PlaceholderText, t.sub),
        (role.ToolTipBase, t.surface),
        (role.ToolTipText, t.text),
        (role.Light, t.surface),
        (role.Midlight, t.hover),
        (role.Mid, t.line),
        (role.Dark, t.handle),
        (role.Shadow, t.line),
    ):
        palette.setColor(which, QColor(value))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(t.sub))
    return palette
