"""Puts a font into a PDF as one composite font: only the glyphs used, text that copies out right.

ReportLab cuts a TrueType font into subsets of 256 characters and writes wrong ToUnicode entries for
characters beyond the basic plane (5.1.0: <2CB4E> where UTF-16BE surrogates belong). One Type0 font with
two-byte codes has neither fault, and a run of text stays one string.
"""

import struct
from typing import Any

from reportlab.pdfbase import pdfdoc

from commissioner_app.reports.ttf import FontFile

GETA = 0x3013  # 〓, the printer's mark for a character that no font has


class EmbeddedFont:
    """A font as one document uses it; ReportLab calls `addObjects` when the document is saved."""

    def __init__(self, doc: Any, file: FontFile, number: int) -> None:
        self.file = file
        self.fontName = f"KT{number}"
        self.missing: set[str] = set()
        self._characters = [""]  # CID 0 is the missing glyph
        self._glyphs = [0]
        self._codes = _Codes(self)
        doc.fontMapping[self.fontName] = "/" + self.fontName
        doc.delayedFonts.append(self)

    def encode(self, text: str) -> str:
        """The text as a hexadecimal string of two-byte codes, without its angle brackets."""
        return "".join(map(self._codes.__getitem__, text))

    def assign(self, char: str) -> str:
        """Gives a character its code in this document."""
        glyph = self.file.cmap.get(ord(char))
        if glyph is None:
            self.missing.add(char)
            glyph = self.file.cmap.get(GETA, 0)
        self._characters.append(char)
        self._glyphs.append(glyph)
        return f"{len(self._glyphs) - 1:04X}"

    def addObjects(self, doc: Any) -> None:
        """Writes the font's objects (the name is ReportLab's)."""
        program, new = self.file.subset(self._glyphs)
        name = f"{_tag(self._characters)}+{self.file.postscript_name}"
        cid_to_gid = struct.pack(f">{len(self._glyphs)}H", *(new[glyph] for glyph in self._glyphs))
        widths = [self.file.advance(glyph) for glyph in self._glyphs]
        file = self.file
        descriptor = _dictionary(
            Type="/FontDescriptor",
            FontName="/" + name,
            Flags=4,
            FontBBox=pdfdoc.PDFArray(file.bbox),
            ItalicAngle=0,
            Ascent=file.ascent,
            Descent=file.descent,
            CapHeight=file.cap_height,
            StemV=50 + int((file.weight / 65) ** 2),
            FontFile2=doc.Reference(_stream(program, Length1=len(program))),
        )
        descendant = _dictionary(
            Type="/Font",
            Subtype="/CIDFontType2",
            BaseFont="/" + name,
            CIDSystemInfo=_dictionary(
                Registry=pdfdoc.PDFString("Adobe"), Ordering=pdfdoc.PDFString("Identity"), Supplement=0
            ),
            FontDescriptor=doc.Reference(descriptor),
            DW=1000,
            W=pdfdoc.PDFArray([0, pdfdoc.PDFArray(widths)]),
            CIDToGIDMap=doc.Reference(_stream(cid_to_gid)),
        )
        font = _dictionary(
            Type="/Font",
            Subtype="/Type0",
            BaseFont="/" + name,
            Encoding="/Identity-H",
            DescendantFonts=pdfdoc.PDFArray([doc.Reference(descendant)]),
            ToUnicode=doc.Reference(_stream(_to_unicode(self._characters))),
        )
        doc.idToObject["BasicFonts"].dict[self.fontName] = doc.Reference(font)


class _Codes(dict[str, str]):
    """Codes of characters, given at first use."""

    def __init__(self, font: EmbeddedFont) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, char: str) -> str:
        code = self[char] = self._font.assign(char)
        return code


def _dictionary(**entries: Any) -> Any:
    return pdfdoc.PDFDictionary(entries)


def _stream(content: bytes, **entries: Any) -> Any:
    return pdfdoc.PDFStream(_dictionary(**entries), content, [pdfdoc.PDFZCompress])


def _tag(characters: list[str]) -> str:
    """Six letters before the font's name that mark a subset, the same for the same characters."""
    value = 0
    for char in "".join(characters):
        value = (value * 31 + ord(char)) % 26**6
    letters = []
    for _ in range(6):
        value, rest = divmod(value, 26)
        letters.append(chr(ord("A") + rest))
    return "".join(letters)


def _to_unicode(characters: list[str]) -> bytes:
    """The CMap from codes to UTF-16BE text, at most 100 entries a block (PDF 32000-1, 9.10.3)."""
    texts = [char.encode("utf-16-be").hex().upper() for char in characters]
    entries = [f"<{n:04X}> <{text}>" for n, text in enumerate(texts) if text]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for start in range(0, len(entries), 100):
        block = entries[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")
