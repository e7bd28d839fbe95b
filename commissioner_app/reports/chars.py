"""Which characters can be drawn at all: control characters and invisible selectors are taken out."""

import unicodedata


def clean(text: str) -> str:
    """The text without what has no picture: control characters, selectors; tabs become spaces."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_VISIBLE)


def is_private(char: str) -> bool:
    """Whether the character means something else in every font (private use), so none can stand in."""
    return unicodedata.category(char) == "Co"


class _Visible(dict[int, int | None]):
    """What each code point becomes; None takes it out."""

    def __missing__(self, code: int) -> int | None:
        char = chr(code)
        visible: int | None = code
        if char in "\t\v\f\u2028\u2029":
            visible = 0x20
        elif char != "\n" and (_is_selector(char) or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn")):
            visible = None
        self[code] = visible
        return visible


def _is_selector(char: str) -> bool:
    """Whether the character only chooses a glyph for the one before it."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


_VISIBLE = _Visible()
