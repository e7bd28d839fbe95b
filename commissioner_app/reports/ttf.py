"""Reads TrueType fonts by memory map: names, coverage, widths, outlines and subsets for embedding.

ReportLab's own reader takes 0.05-0.12 s and some 20 MB of objects a font; a report opens five. Here a
font costs its character map only, when the first character is asked for, and the file stays on disk.
"""

import mmap
import struct
from functools import cached_property
from pathlib import Path

from commissioner_app.reports.sfnt import build_font, component_positions

# OS/2 fsType bits that forbid what we do: restricted licence, no subsetting, bitmaps only.
_NO_EMBEDDING = 0x0002 | 0x0100 | 0x0200
_TTC = b"ttcf"
_TRUETYPE = (b"\x00\x01\x00\x00", b"true")
Point = tuple[float, float]


class FontError(Exception):
    """The file is no TrueType font that can be embedded."""


class FontFile:
    """One font of a .ttf or .ttc file; lengths come in thousandths of an em unless said otherwise."""

    def __init__(self, path: Path, index: int = 0) -> None:
        self.path = path
        self.index = index
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._tables = self._read_directory()
            self._read_metrics()
        except (OSError, ValueError, KeyError, struct.error, IndexError) as error:
            raise FontError(f"{path}: {error}") from error

    def __repr__(self) -> str:
        return f"FontFile({self.path.name!r}, {self.index})"

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        data, start = self._data, 0
        self.count = 1
        if data[:4] == _TTC:
            self.count = self._u32(8)
            start = self._u32(12 + 4 * self.index)
        if data[start : start + 4] not in _TRUETYPE:
            raise FontError(f"{self.path}: no TrueType outlines")
        tables = {}
        for n in range(self._u16(start + 4)):
            tag, _, offset, length = struct.unpack_from(">4sLLL", data, start + 12 + 16 * n)
            tables[tag.decode("latin-1")] = (offset, length)
        return tables

    def _read_metrics(self) -> None:
        data, head = self._data, self._at("head")
        self.units = self._u16(head + 18)
        self._long_loca = self._u16(head + 50) == 1
        scale = 1000 / self.units
        self.bbox = tuple(round(v * scale) for v in struct.unpack_from(">4h", data, head + 36))
        hhea = self._at("hhea")
        self.ascent, self.descent = (round(v * scale) for v in struct.unpack_from(">2h", data, hhea + 4))
        self._metrics = self._u16(hhea + 34)
        self.glyphs = self._u16(self._at("maxp") + 4)
        os2 = self._at("OS/2")
        self.weight = self._u16(os2 + 4)
        self.embeddable = not self._u16(os2 + 8) & _NO_EMBEDDING
        self.cap_height = self.ascent
        if self._u16(os2) >= 2:
            self.cap_height = round(struct.unpack_from(">h", data, os2 + 88)[0] * scale)
        self._hmtx, self._loca, self._glyf = self._at("hmtx"), self._at("loca"), self._at("glyf")

    def _at(self, tag: str) -> int:
        return self._tables[tag][0]

    def _u16(self, position: int) -> int:
        return int.from_bytes(self._data[position : position + 2], "big")

    def _u32(self, position: int) -> int:
        return int.from_bytes(self._data[position : position + 4], "big")

    @cached_property
    def names(self) -> dict[int, set[str]]:
        """Names by their number in the name table (1 family, 4 full, 6 PostScript), in all languages."""
        base = self._at("name")
        strings = base + self._u16(base + 4)
        found: dict[int, set[str]] = {}
        for n in range(self._u16(base + 2)):
            platform, _, _, kind, length, offset = struct.unpack_from(">6H", self._data, base + 6 + 12 * n)
            raw = self._data[strings + offset : strings + offset + length]
            text = raw.decode("utf-16-be" if platform in (0, 3) else "mac_roman", "replace")
            found.setdefault(kind, set()).add(text)
        return found

    @cached_property
    def postscript_name(self) -> str:
        """The font's name in the PDF: letters, digits and hyphens only."""
        names = sorted(self.names.get(6, set())) or [self.path.stem]
        return "".join(c for c in names[0] if c.isascii() and (c.isalnum() or c == "-")) or "Font"

    @cached_property
    def cmap(self) -> dict[int, int]:
        """Code point to glyph; code points that map to glyph 0 are left out."""
        base = self._at("cmap")
        subtables = {}
        for n in range(self._u16(base + 2)):
            platform, encoding, offset = struct.unpack_from(">HHL", self._data, base + 4 + 8 * n)
            if platform in (0, 3) and encoding != 5 and (platform, encoding) != (3, 0):
                subtables[self._u16(base + offset)] = base + offset
        if 12 in subtables:
            return self._cmap_12(subtables[12])
        if 4 in subtables:
            return self._cmap_4(subtables[4])
        return {}

    def _cmap_12(self, at: int) -> dict[int, int]:
        codes: dict[int, int] = {}
        count = self._u32(at + 12)
        groups = struct.unpack_from(f">{3 * count}L", self._data, at + 16)
        for first, last, glyph in zip(groups[::3], groups[1::3], groups[2::3], strict=True):
            if first == last:
                codes[first] = glyph
            else:
                codes.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
        return codes

    def _cmap_4(self, at: int) -> dict[int, int]:
        codes: dict[int, int] = {}
        n = self._u16(at + 6) // 2
        ends = struct.unpack_from(f">{n}H", self._data, at + 14)
        starts, deltas, offsets = (
            struct.unpack_from(f">{n}H", self._data, at + 16 + 2 * n * part) for part in (1, 2, 3)
        )
        ranges = at + 16 + 6 * n
        for i, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
            for code in range(first, min(last, 0xFFFE) + 1):
                glyph = code
                if offset:
                    glyph = self._u16(ranges + 2 * i + offset + 2 * (code - first))
                    if not glyph:
                        continue
                glyph = (glyph + delta) & 0xFFFF
                if glyph:
                    codes[code] = glyph
        return codes

    def has(self, char: str) -> bool:
        """Whether the font has a glyph for the character."""
        return ord(char) in self.cmap

    def advance(self, glyph: int) -> int:
        """Advance width of a glyph."""
        return round(self._u16(self._hmtx + 4 * min(glyph, self._metrics - 1)) * 1000 / self.units)

    def _glyph(self, glyph: int) -> bytes:
        if self._long_loca:
            first, last = struct.unpack_from(">2L", self._data, self._loca + 4 * glyph)
        else:
            first, last = (2 * v for v in struct.unpack_from(">2H", self._data, self._loca + 2 * glyph))
        return self._data[self._glyf + first : self._glyf + last]

    def subset(self, wanted: list[int]) -> tuple[bytes, dict[int, int]]:
        """A font with only the wanted glyphs, and the new number of each old glyph.

        It holds the tables that PDF asks of a CIDFontType2 program, no character map.
        """
        order = [0]
        new = {0: 0}
        for glyph in wanted:
            if glyph not in new:
                new[glyph] = len(order)
                order.append(glyph)
        outlines: list[bytes] = []
        for glyph in order:  # grows while parts of composite glyphs are found
            outline = bytearray(self._glyph(glyph))
            for at in component_positions(outline):
                part = int.from_bytes(outline[at : at + 2], "big")
                if part not in new:
                    new[part] = len(order)
                    order.append(part)
                outline[at : at + 2] = new[part].to_bytes(2, "big")
            outlines.append(bytes(outline) + bytes(-len(outline) % 4))
        positions = [0]
        for data in outlines:
            positions.append(positions[-1] + len(data))
        metrics = b"".join(
            self._data[at : at + 2] + self._side_bearing(glyph)
            for glyph in order
            for at in (self._hmtx + 4 * min(glyph, self._metrics - 1),)
        )
        count = len(order).to_bytes(2, "big")
        head = bytearray(self._table("head"))
        head[8:12] = bytes(4)  # checkSumAdjustment, set below
        head[50:52] = b"\x00\x01"
        tables = {
            "glyf": b"".join(outlines),
            "head": bytes(head),
            "hhea": self._table("hhea")[:34] + count,
            "hmtx": metrics,
            "loca": struct.pack(f">{len(positions)}L", *positions),
            "maxp": self._table("maxp")[:4] + count + self._table("maxp")[6:],
        }
        for tag in ("cvt ", "fpgm", "prep"):
            if tag in self._tables:
                tables[tag] = self._table(tag)
        return build_font(tables), new

    def _table(self, tag: str) -> bytes:
        offset, length = self._tables[tag]
        return self._data[offset : offset + length]

    def _side_bearing(self, glyph: int) -> bytes:
        extra = glyph - self._metrics
        at = self._hmtx + 4 * glyph + 2 if extra < 0 else self._hmtx + 4 * self._metrics + 2 * extra
        return self._data[at : at + 2]

    def outline(self, char: str) -> list[list[tuple[Point, bool]]]:
        """Contours of a simple glyph as ((x, y), on the curve?) in ems; [] for a composite one."""
        data = self._glyph(self.cmap[ord(char)])
        contours = int.from_bytes(data[:2], "big", signed=True)
        if contours <= 0:
            return []
        ends = struct.unpack_from(f">{contours}H", data, 10)
        at = 10 + 2 * contours
        at += 2 + int.from_bytes(data[at : at + 2], "big")
        flags: list[int] = []
        while len(flags) <= ends[-1]:
            flag, at = data[at], at + 1
            repeat = 1
            if flag & 8:
                repeat, at = repeat + data[at], at + 1
            flags += [flag] * repeat
        axes = []
        for short, same in ((2, 16), (4, 32)):
            values, value = [], 0
            for flag in flags:
                if flag & short:
                    value += data[at] if flag & same else -data[at]
                    at += 1
                elif not flag & same:
                    value += int.from_bytes(data[at : at + 2], "big", signed=True)
                    at += 2
                values.append(value / self.units)
            axes.append(values)
        points = [((x, y), bool(flag & 1)) for x, y, flag in zip(*axes, flags, strict=False)]
        return [points[a:b] for a, b in zip([0, *(e + 1 for e in ends)], [e + 1 for e in ends], strict=False)]
