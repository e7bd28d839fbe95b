"""The page that is printed where forms have nothing to be filled with: what it would have been, and why it is empty."""

from collections.abc import Callable
from typing import BinaryIO

from commissioner_app.reports import styles as s
from commissioner_app.reports.fonts import FontSet
from commissioner_app.reports.paper import Paper


def write_nothing(
    title: str,
    unit: str,
    heading: str,
    sentence: str,
    out: BinaryIO,
    fonts: FontSet,
    demo: bool = False,
    on_page: Callable[[], None] | None = None,
) -> tuple[int, frozenset[str]]:
    """Write the one page; (pages, characters that no font has)."""
    paper = Paper(out, fonts, title, unit, demo)
    paper.on_page, paper.numbered = on_page, False
    paper.start_page()
    left, right = s.MARGIN_LEFT, s.MARGIN_LEFT + s.TEXT_WIDTH
    middle, y = (left + right) / 2, s.MARGIN_TOP + s.TITLE_SIZE
    paper.text(middle, y, title, fonts.title, s.TITLE_SIZE, "center")
    y += 2 * s.TABLE_SIZE + s.TITLE_SIZE / 2
    paper.text(left, y, f"填报单位：{unit}" if unit else "", fonts.song, s.TABLE_SIZE)
    paper.text(right, y, heading, fonts.song, s.TABLE_SIZE, "right")
    y += s.TABLE_SIZE
    paper.rule(left, y, right, y, 0.8)
    y += 3 * s.BODY_SIZE
    paper.text(middle, y, sentence, fonts.song, s.BODY_SIZE, "center")
    paper.save()
    return paper.pages, paper.missing
