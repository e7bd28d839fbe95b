"""Drawn pictures for the training data, 演示 across each: fields and hills, so that papers and reviews have photos."""

import io
import random
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from commissioner_app import attachments
from commissioner_app.reports.fonts import BUNDLED
from db.ledger import Draft, Ledger

SIZE = (640, 480)
_WITHOUT = 9
"""Every so many visits have no photo: 待核实 has something to show."""


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(BUNDLED / "NotoSansSC-Bold.ttf"), 64)


def picture(rng: random.Random) -> bytes:
    """A JPEG of a field under a sky, another one for every state of `rng`."""
    width, height = SIZE
    sky = (150 + rng.randrange(35), 190 + rng.randrange(30), 220 + rng.randrange(25))
    land = (90 + rng.randrange(60), 125 + rng.randrange(50), 55 + rng.randrange(40))
    horizon = height * rng.randrange(32, 52) // 100
    image = Image.new("RGB", SIZE, sky)
    draw = ImageDraw.Draw(image)
    for _ in range(3):  # hills behind
        middle, half = rng.randrange(width), rng.randrange(120, 280)
        peak = horizon - rng.randrange(26, 72)
        shade = tuple((a + b) // 2 for a, b in zip(sky, land, strict=True))
        draw.polygon([(middle - half, horizon), (middle, peak), (middle + half, horizon)], fill=shade)
    draw.rectangle((0, horizon, width, height), fill=land)
    dark = tuple(c - 28 for c in land)
    vanish = rng.randrange(width // 4, 3 * width // 4)
    for at in range(-width, 2 * width, 60):  # rows of plants run to the horizon
        draw.line((vanish, horizon, at, height), fill=dark, width=8)
    for _ in range(40):
        x, y = rng.randrange(width), rng.randrange(horizon + 10, height)
        r = 4 + (y - horizon) // 14
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(40 + rng.randrange(40), 95 + rng.randrange(55), 40))
    ImageDraw.Draw(image).text((width - 22, height - 16), "演示", font=_font(), fill="white", anchor="rb")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def add(ledger: Ledger, visits: list[tuple[str, str]], seed: int) -> None:
    """Attach one or two pictures to most of some visits (record, day), in one operation; the same seed, the same ones.

    Three visits of the middle of the year are marked 典型案例.
    """
    rng = random.Random(seed)
    wanted: list[tuple[str, attachments.Ready]] = []
    for n, (visit, day) in enumerate(visits):
        if n % _WITHOUT == _WITHOUT - 1:
            continue
        for k in range(rng.choice((1, 1, 2))):
            data = picture(rng)
            ready = attachments.Ready(
                f"演示照片{n + 1}-{k + 1}.jpg", attachments.PHOTO, data, "image/jpeg", "",
                f"{day}T{9 + k:02d}:{rng.randrange(60):02d}:00",
            )  # fmt: skip
            wanted.append((visit, attachments.Ready(**{**vars(ready), "source_sha256": ready.sha256})))
    attachments.add_ready(ledger, wanted, "添加 {0} 张演示照片")
    middle = [v for n, (v, _) in enumerate(visits) if n % _WITHOUT != _WITHOUT - 1][len(visits) // 3 :][:3]
    ledger.write("标记演示典型案例", [Draft("visit", v, "update", {"typical": True}) for v in middle])
