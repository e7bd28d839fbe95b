"""联系牌: a card for the village's notice board with a commissioner's name, specialty and phone; two on an A4 page."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from commissioner_app.reports import styles as s
from commissioner_app.reports.fonts import FontSet
from commissioner_app.reports.linebreak import break_lines
from commissioner_app.reports.paper import Paper

TITLE = "科技特派员联系牌"
_MARGIN = 16 * s.MM
_WIDTH = s.PAGE_WIDTH - 2 * _MARGIN
_HEIGHT = (s.PAGE_HEIGHT - 3 * _MARGIN) / 2
_PICTURE = (35 * s.MM, 49 * s.MM)
_LABEL = 82.0


@dataclass(frozen=True)
class Card:
    """What a card says; photo: JPEG bytes, None for a frame to paste one into; rows: (label, text)."""

    name: str
    rows: Sequence[tuple[str, str]]
    unit: str
    year: str = ""
    photo: bytes | None = None


def write_cards(
    cards: Iterable[Card],
    out: BinaryIO,
    fonts: FontSet,
    demo: bool = False,
    on_page: Callable[[], None] | None = None,
) -> tuple[int, frozenset[str]]:
    """Write the cards, two to a page; (pages, characters that no font has). on_page may raise to give up."""
    paper = Paper(out, fonts, TITLE, "", demo)
    paper.on_page = on_page
    paper.numbered = False
    for n, card in enumerate(cards):
        if n % 2 == 0:
            paper.start_page()
        _draw(paper, card, _MARGIN + (n % 2) * (_HEIGHT + _MARGIN))
    paper.save()
    return paper.pages, paper.missing


def _draw(paper: Paper, card: Card, top: float) -> None:
    fonts, left, right = paper.fonts, _MARGIN, _MARGIN + _WIDTH
    paper.bookmark(card.name, 0)
    for inset, width in ((0.0, 1.4), (4.0, 0.5)):
        x1, y1, x2, y2 = left + inset, top + inset, right - inset, top + _HEIGHT - inset
        for a, b, c, d in ((x1, y1, x2, y1), (x1, y2, x2, y2), (x1, y1, x1, y2), (x2, y1, x2, y2)):
            paper.rule(a, b, c, d, width)
    y = top + 46
    paper.text((left + right) / 2, y, f"{card.year}{TITLE}", fonts.title, 26, "center")
    y += 18
    paper.rule(left + 24, y, right - 24, y, 0.8)
    picture_top, x = y + 22, left + 28
    width, height = _PICTURE
    if card.photo is None:
        for a, b, c, d in (
            (x, picture_top, x + width, picture_top), (x, picture_top + height, x + width, picture_top + height),
            (x, picture_top, x, picture_top + height), (x + width, picture_top, x + width, picture_top + height),
        ):  # fmt: skip
            paper.rule(a, b, c, d, s.THIN)
        paper.text(x + width / 2, picture_top + height / 2 + 5, "照　片", fonts.song, 14, "center")
    else:
        _picture(paper, card.photo, x, picture_top, width, height)
    _rows(paper, card, x + width + 24, picture_top, right - 24, top + _HEIGHT - 48)
    paper.text((left + right) / 2, top + _HEIGHT - 22, card.unit, fonts.song, 13, "center")


def _picture(paper: Paper, photo: bytes, x: float, y: float, width: float, height: float) -> None:
    from PIL import Image

    with Image.open(io.BytesIO(photo)) as found:
        scale = min(width / found.width, height / found.height)
        w, h = found.width * scale, found.height * scale
    paper.picture(x + (width - w) / 2, y + (height - h) / 2, w, h, photo)


def _rows(paper: Paper, card: Card, x: float, top: float, right: float, bottom: float) -> None:
    """The rows as large as they all fit."""
    fonts, room = paper.fonts, right - x - _LABEL
    rows = [("姓　　名", card.name), *card.rows]
    for size in (17.0, 16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.0):
        broken = [break_lines(text or "—", room, size, fonts.song) for _, text in rows]
        height = sum(len(lines) for lines in broken) * 1.3 * size + len(rows) * 0.55 * size
        if height <= bottom - top:
            break
    y = top
    for (label, _), lines in zip(rows, broken, strict=True):
        for n, line in enumerate(lines):
            y += 1.3 * size
            if n == 0:
                paper.text(x, y, label, fonts.hei, min(size, 15.0))
            font = fonts.hei if label == rows[0][0] else fonts.song
            paper.text(x + _LABEL, y, line.text, font, size)
        y += 0.55 * size
