"""The tokens: contrast as UI.md wants it, both schemes, the pictures of the style sheet."""

import re
from itertools import product

import pytest
from PySide6.QtCore import QFile, QSize, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from ui import icons, stylesheet, theme
from ui.theme import DARK, LIGHT, Tokens


def _luminance(colour: str) -> float:
    parts = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read(scheme: Tokens) -> None:
    grounds = (scheme.bg, scheme.surface, scheme.side, scheme.hover)
    pairs = [(ink, ground) for ink, ground in product((scheme.text, scheme.sub), grounds)]
    pairs += [(scheme.on, scheme.accent), (scheme.on, scheme.accent_hover), (scheme.on, scheme.accent_ink)]
    for tone in ("accent", "warn", "bad", "info"):
        ink = scheme.ink(tone)
        pairs += [
            (ink, scheme.soft(tone)),
            (ink, scheme.surface),
            (ink, scheme.accent_soft),
            (ink, scheme.hover),
        ]
    pairs += [(scheme.bg, scheme.text), (scheme.flip_accent, scheme.text), (scheme.text, scheme.bad_soft)]
    weak = [(ink, ground) for ink, ground in pairs if contrast(ink, ground) < 4.5]
    assert weak == []


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_pictures_of_the_style_sheet_exist(scheme: Tokens, qapp: QApplication) -> None:
    sheet = stylesheet.build(scheme)
    pictures = set(re.findall(r"url\((:[^)]+)\)", sheet))
    assert pictures
    assert "$" not in sheet
    for picture in pictures:
        assert QFile.exists(picture), picture
        assert not QIcon(picture).pixmap(QSize(16, 16)).isNull()


def test_a_switch_reaches_tokens_palette_and_listeners(qapp: QApplication) -> None:
    heard: list[str] = []
    theme.notifier().changed.connect(lambda: heard.append(theme.tokens().name))
    theme.apply(qapp, "dark")
    assert theme.tokens() is DARK
    assert qapp.palette().window().color() == QColor(DARK.bg)
    theme.apply(qapp, "light")
    assert heard == ["dark", "light"]


def test_system_follows_the_desktop_while_running(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme.apply(qapp, "system")
    monkeypatch.setattr(theme, "system_is_dark", lambda _app: True)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.tokens() is DARK
    theme.apply(qapp, "light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.tokens() is LIGHT


def test_every_meaning_has_a_drawn_icon(qapp: QApplication) -> None:
    for name in icons.names():
        image = icons.icon(name, "text").pixmap(QSize(32, 32)).toImage()
        seen = any(image.pixelColor(x, y).alpha() > 0 for x in range(0, 32, 2) for y in range(32))
        assert seen, name
    with pytest.raises(KeyError):
        icons.icon("no such meaning")
