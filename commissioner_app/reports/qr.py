"""QR codes of sheets: what they say, how they are drawn, and how a scan's code is read again."""

import base64
import re
import uuid
import zlib

from commissioner_app.reports.paper import Paper

_CODE = re.compile(r"KT1([A-Z2-7]{26})([A-Z2-7]{3})")


def code_of(visit: str) -> str:
    """What the code of a visit's sheet says: its record and a check value; nothing personal.

    32 capitals and digits: so few that the code's squares stay large enough for a bad scan.
    """
    told = base64.b32encode(uuid.UUID(visit).bytes).decode()[:26]
    return f"KT1{told}{_check(told)}"


def visit_of(text: str) -> str | None:
    """The visit that a code names, None for any other code."""
    found = _CODE.fullmatch(text.strip())
    if not found or found.group(2) != _check(found.group(1)):
        return None
    return str(uuid.UUID(bytes=base64.b32decode(found.group(1) + "======")))


def _check(told: str) -> str:
    return base64.b32encode(zlib.crc32(told.encode()).to_bytes(4, "big")).decode()[:3]


def draw_code(paper: Paper, text: str, x: float, y: float, side: float) -> None:
    """A QR code of level M (a seventh of it may be lost), with its quiet zone inside the square."""
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count = code.getModuleCount()
    module = side / (count + 8)
    for row in range(count):
        start = None
        for column in range(count + 1):
            dark = column < count and code.isDark(row, column)
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                # A little overlap, so that no viewer shows white hairs between the modules.
                paper.fill(
                    x + (4 + start) * module,
                    y + (4 + row) * module,
                    (column - start) * module,
                    module * 1.02,
                    0,
                )
                start = None
