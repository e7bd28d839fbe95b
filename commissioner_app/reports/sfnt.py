"""Builds a TrueType file from its tables, and finds the parts of composite glyphs."""

import struct

# Flags of a composite glyph's part (OpenType, glyf table).
_FLAG_WORDS, _FLAG_SCALE, _FLAG_MORE, _FLAG_XY, _FLAG_2X2 = 0x1, 0x8, 0x20, 0x40, 0x80


def component_positions(outline: bytearray) -> list[int]:
    """Where a composite glyph names the glyphs that it is made of."""
    if len(outline) < 10 or int.from_bytes(outline[:2], "big", signed=True) >= 0:
        return []
    positions, at, more = [], 10, True
    while more:
        flags = int.from_bytes(outline[at : at + 2], "big")
        positions.append(at + 2)
        at += 4 + (4 if flags & _FLAG_WORDS else 2)
        at += 2 if flags & _FLAG_SCALE else 4 if flags & _FLAG_XY else 8 if flags & _FLAG_2X2 else 0
        more = bool(flags & _FLAG_MORE)
    return positions


def _checksum(data: bytes) -> int:
    data += bytes(-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}L", data)
    return sum(words) & 0xFFFFFFFF


def build_font(tables: dict[str, bytes]) -> bytes:
    """A font file of these tables, with its checksums."""
    power = len(tables).bit_length() - 1
    header = struct.pack(
        ">LHHHH", 0x00010000, len(tables), 16 << power, power, 16 * len(tables) - (16 << power)
    )
    offset = 12 + 16 * len(tables)
    directory, body, head_at = b"", b"", 0
    for tag, data in sorted(tables.items()):
        if tag == "head":
            head_at = offset
        directory += struct.pack(">4sLLL", tag.encode("latin-1"), _checksum(data), offset, len(data))
        data += bytes(-len(data) % 4)
        body += data
        offset += len(data)
    font = bytearray(header + directory + body)
    font[head_at + 8 : head_at + 12] = ((0xB1B0AFBA - _checksum(bytes(font))) & 0xFFFFFFFF).to_bytes(4, "big")
    return bytes(font)
