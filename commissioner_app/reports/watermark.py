"""演示 across a page as filled outlines: seen on every copy, and no text that copying would pick up."""

import math

from commissioner_app.reports import styles as s
from commissioner_app.reports.ttf import FontFile, Point

_TEXT, _SIZE, _PITCH, _ANGLE = "演示", 130.0, 210.0, 45.0


def watermark_path(font: FontFile) -> str:
    """PDF operators that fill the mark, centred on a square as long as the page's longer side."""
    angle = math.radians(_ANGLE)
    cos, sin, middle = math.cos(angle), math.sin(angle), s.PAGE_HEIGHT / 2
    operators = [f"{s.DEMO_RED[0]:g} {s.DEMO_RED[1]:g} {s.DEMO_RED[2]:g} rg"]
    for n, char in enumerate(_TEXT):
        shift = (n - (len(_TEXT) - 1) / 2) * _PITCH - _SIZE / 2

        def place(point: Point, shift: float = shift) -> Point:
            x, y = point[0] * _SIZE + shift, point[1] * _SIZE - 0.38 * _SIZE
            return middle + x * cos - y * sin, middle + x * sin + y * cos

        for contour in font.outline(char):
            operators.append(_contour([(place(point), on) for point, on in contour]))
    return "\n".join([*operators, "f"])


def _contour(points: list[tuple[Point, bool]]) -> str:
    """One closed contour; TrueType's quadratic curves become cubic ones."""
    full: list[tuple[Point, bool]] = []
    for (point, on), (after, after_on) in zip(points, points[1:] + points[:1], strict=True):
        full.append((point, on))
        if not on and not after_on:  # between two control points lies a point of the curve
            full.append((((point[0] + after[0]) / 2, (point[1] + after[1]) / 2), True))
    first = next(n for n, (_, on) in enumerate(full) if on)
    full = full[first:] + full[: first + 1]
    here = full[0][0]
    operators = [f"{here[0]:.2f} {here[1]:.2f} m"]
    n = 1
    while n < len(full):
        point, on = full[n]
        if on:
            operators.append(f"{point[0]:.2f} {point[1]:.2f} l")
            here, n = point, n + 1
            continue
        end = full[n + 1][0]
        a = (here[0] + 2 / 3 * (point[0] - here[0]), here[1] + 2 / 3 * (point[1] - here[1]))
        b = (end[0] + 2 / 3 * (point[0] - end[0]), end[1] + 2 / 3 * (point[1] - end[1]))
        operators.append(" ".join(f"{v:.2f}" for v in (*a, *b, *end)) + " c")
        here, n = end, n + 2
    return " ".join([*operators, "h"])
