"""The sheets of a report: pages, text, rules and fills on ReportLab's canvas, page numbers, bookmarks.

Coordinates are in points from the top left corner of the sheet as it is read; a text's y is its baseline.
"""

import io
from collections.abc import Callable
from typing import BinaryIO, Literal

from reportlab.lib.utils import ImageReader

from commissioner_app.reports import pdffile
from commissioner_app.reports import styles as s
from commissioner_app.reports.chars import clean
from commissioner_app.reports.embed import EmbeddedFont
from commissioner_app.reports.fonts import FontRole, FontSet
from commissioner_app.reports.linebreak import Line, stretch_units
from commissioner_app.reports.ttf import FontFile
from commissioner_app.reports.watermark import watermark_path

Align = Literal["left", "center", "right"]
_WATERMARK = "demo"
PRODUCER = "科技特派员服务台账"


class ReportCancelled(Exception):
    """The reader of the progress asked to stop; nothing usable was written."""


class Paper:
    """A PDF being made, page by page; the same calls make the same bytes."""

    def __init__(self, out: BinaryIO, fonts: FontSet, title: str, author: str, demo: bool = False) -> None:
        self.fonts = fonts
        self.pages = 0
        self.height = s.PAGE_HEIGHT
        self.on_page: Callable[[], None] | None = None
        self.numbered = True  # forms of one page carry no number
        self._demo = demo
        self._open = False
        self._landscape = False
        self._shapes: list[str] = []
        self._texts: list[str] = []
        self._font_in_use: tuple[str, float] | None = None
        self._embedded: dict[FontFile, EmbeddedFont] = {}
        self._out = out
        self._canvas = pdffile.new_canvas(out)
        self._canvas.setTitle(clean(title))
        self._canvas.setAuthor(clean(author))
        self._canvas.setCreator(PRODUCER)
        self._canvas.setProducer(PRODUCER)
        self._canvas.setSubject("演示数据" if demo else "")
        self._level = -1

    # Pages

    def start_page(self, landscape: bool = False) -> None:
        """Ends the page before, if one is open, and begins a new one."""
        self.end_page()
        size = (s.PAGE_WIDTH, s.PAGE_HEIGHT)
        size = size[::-1] if landscape else size
        self._canvas.setPageSize(size)
        self.height = size[1]
        self.pages += 1
        self._open = True
        if self._demo:
            self._draw_watermark(size)
        self._landscape = landscape

    def end_page(self) -> None:
        """Writes the open page; its content is packed at once, so long reports stay small in memory."""
        if not self._open:
            return
        self._open = False
        if self.numbered:
            self._number_page()
        self._canvas.addLiteral("\n".join(self._shapes))
        self._canvas.addLiteral("BT\n" + "\n".join(self._texts) + "\nET")
        self._shapes, self._texts, self._font_in_use = [], [], None
        pdffile.show_page(self._canvas)
        if self.on_page:
            self.on_page()

    def save(self) -> None:
        """Ends the last page and writes the file."""
        self.end_page()
        pdffile.save(self._canvas, self._out)

    @property
    def missing(self) -> frozenset[str]:
        """The characters that were drawn as 〓 because no font has them."""
        return frozenset().union(*(font.missing for font in self._embedded.values()))

    def bookmark(self, title: str, level: int) -> None:
        """An entry of the outline that leads to this page; level 0 is the outermost."""
        level = min(level, self._level + 1)
        self._level = level
        key = f"b{len(self._canvas._destinations)}"
        self._canvas.bookmarkPage(key)
        self._canvas.addOutlineEntry(clean(title), key, level)

    def _number_page(self) -> None:
        """— 1 — at the outer foot; on a lying page where it is when the sheet is bound upright."""
        text = f"— {self.pages} —"
        width = self.fonts.song.width(text) * s.NUMBER_SIZE
        left, right = s.MARGIN_LEFT + s.NUMBER_SIZE, s.MARGIN_LEFT + s.TEXT_WIDTH - s.NUMBER_SIZE
        x = right - width if self.pages % 2 else left
        y = s.MARGIN_TOP + s.TEXT_HEIGHT + s.NUMBER_GAP + s.NUMBER_SIZE / 2
        if self._landscape:  # the upright sheet turned clockwise: its foot comes to lie at the left
            matrix = (0, -1, 1, 0, s.PAGE_HEIGHT - y, self.height - x)
            self._emit(self.fonts.song, s.NUMBER_SIZE, text, matrix)
        else:
            self.text(x, y, text, self.fonts.song, s.NUMBER_SIZE)

    def _draw_watermark(self, size: tuple[float, float]) -> None:
        canvas = self._canvas
        if not canvas.hasForm(_WATERMARK):
            canvas.beginForm(_WATERMARK, 0, 0, s.PAGE_HEIGHT, s.PAGE_HEIGHT)
            canvas.addLiteral(watermark_path(self.fonts.hei.file))
            canvas.endForm()
        canvas.saveState()
        canvas.translate((size[0] - s.PAGE_HEIGHT) / 2, (size[1] - s.PAGE_HEIGHT) / 2)
        canvas.doForm(_WATERMARK)
        canvas.restoreState()

    # Text

    def text(self, x: float, y: float, text: str, font: FontRole, size: float, align: Align = "left") -> None:
        """One line of text at its baseline; x is its left end, middle or right end."""
        text = clean(text)
        if align != "left":
            x -= font.width(text) * size * (0.5 if align == "center" else 1)
        self._emit(font, size, text, (1, 0, 0, 1, x, self.height - y))

    def drawn_text(self, x: float, y: float, text: str, font: FontRole, size: float) -> None:
        """Text that is clean already, as broken lines are; for lists of many thousand cells."""
        if not font.own.issuperset(text):
            self._emit(font, size, text, (1, 0, 0, 1, x, self.height - y))
            return
        embedded = self._font(font.file)
        self._use(embedded, size)
        self._texts.append(f"1 0 0 1 {x:.3f} {self.height - y:.3f} Tm <{embedded.encode(text)}> Tj")

    def line(
        self, x: float, y: float, line: Line, font: FontRole, size: float, tracking: float, width: float
    ) -> None:
        """A broken line at its indent; justified to the width unless it ends a paragraph."""
        units = stretch_units(line.text)
        spare = 0.0 if line.end or line.clipped else width - line.indent - line.width
        gap = min(spare / (len(units) - 1), s.MAX_STRETCH * size) if len(units) > 1 else 0.0
        if abs(gap) < 1e-6:
            self._texts.append(f"{tracking:.4f} Tc")
            self._emit(font, size, line.text, (1, 0, 0, 1, x + line.indent, self.height - y))
            self._texts.append("0 Tc")
            return
        kern = f" {-gap / size * 1000:.3f} "
        self._texts += [f"{tracking:.4f} Tc", f"1 0 0 1 {x + line.indent:.3f} {self.height - y:.3f} Tm"]
        run: list[str] = []
        in_use: EmbeddedFont | None = None
        for unit in units:
            for file, part in font.runs(unit):
                embedded = self._font(file)
                if embedded is not in_use:
                    self._flush(run, kern)
                    self._use(embedded, size)
                    in_use = embedded
                run.append(f"<{embedded.encode(part)}>")
            run.append(kern)
        self._flush(run[:-1], kern)
        self._texts.append("0 Tc")

    def _flush(self, run: list[str], kern: str) -> None:
        if run:
            self._texts.append(f"[{''.join(run)}] TJ")
            run.clear()

    def _emit(self, font: FontRole, size: float, text: str, matrix: tuple[float, ...]) -> None:
        a, b, c, d, x, y = matrix
        self._texts.append(f"{a} {b} {c} {d} {x:.3f} {y:.3f} Tm")
        for file, part in font.runs(text):
            embedded = self._font(file)
            self._use(embedded, size)
            self._texts.append(f"<{embedded.encode(part)}> Tj")

    def _font(self, file: FontFile) -> EmbeddedFont:
        font = self._embedded.get(file)
        if font is None:
            font = self._embedded[file] = EmbeddedFont(self._canvas._doc, file, len(self._embedded) + 1)
        return font

    def _use(self, font: EmbeddedFont, size: float) -> None:
        if self._font_in_use != (font.fontName, size):
            self._font_in_use = (font.fontName, size)
            self._texts.append(f"/{font.fontName} {size:g} Tf")

    # Shapes; they lie under the page's text

    def rule(self, x1: float, y1: float, x2: float, y2: float, width: float) -> None:
        """A black line."""
        top = self.height
        self._shapes.append(f"{width:g} w {x1:.3f} {top - y1:.3f} m {x2:.3f} {top - y2:.3f} l S")

    def picture(self, x: float, y: float, width: float, height: float, jpeg: bytes) -> None:
        """A JPEG with its top left corner at x, y; its bytes go into the file as they are."""
        source = ImageReader(io.BytesIO(jpeg))
        self._canvas.drawImage(source, x, self.height - y - height, width, height)

    def fill(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        """A grey rectangle with its top left corner at x, y."""
        box = f"{x:.3f} {self.height - y - height:.3f} {width:.3f} {height:.3f}"
        self._shapes.append(f"{grey:g} g {box} re f 0 g")
