"""Forms in a text: lines like 服务日期：…, 培训人数：32."""

import re
from dataclasses import dataclass

from commissioner_app.recognise.known import shipped

LABELS: dict[str, str] = {word: name for name, some in shipped("forms").items() for word in some}
"""What people write before the colon, and the field it names."""

_NAMES = "|".join(sorted(LABELS, key=len, reverse=True))
_LABEL = re.compile(
    rf"(?:^|(?<=[\n;。,、|\s)\]】]))(?:[【\[(]? ?)(?:\d{{1,2}}[.、] ?)?(?P<name>{_NAMES})(?:\([^)\n]{{0"
    rf",8}}\))?[】\])]? ?(?P<sign>:|】| (?=\S)|(?=\d))"
)
_EMPTY = re.compile(r"[ 无/\-暂没有]*")


@dataclass(frozen=True)
class Labelled:
    """The value that stands behind a label, as a range of the text."""

    field: str
    start: int
    end: int
    label: int


def find(text: str, start: int, end: int) -> dict[str, Labelled]:
    """The labelled values of a part, the first of each field; {} where fewer than two labels stand in it."""
    matches = [m for m in _LABEL.finditer(text, start, end)]
    with_sign = [m for m in matches if m["sign"] in (":", "】")]
    if len(matches) < 2 or (len(with_sign) < 2 and len(matches) < 3) or not matches:
        matches = with_sign
    if not with_sign:
        # Labels without colons are a form only where one after another begins a piece.
        pieces = len(re.findall(r"[;\n]", text[start:end].strip())) + 1
        if len(matches) < 3 or len(matches) < pieces:
            return {}
    if len({LABELS[m["name"]] for m in matches}) < 2:
        return {}
    found: dict[str, Labelled] = {}
    for n, match in enumerate(matches):
        limit = matches[n + 1].start() if n + 1 < len(matches) else end
        stop = text.find("\n", match.end(), limit)
        field = LABELS[match["name"]]
        upto = limit
        if (
            field not in ("content", "problem", "solution", "remark", "opinion")
            and stop >= 0
            and text[match.end() : stop].strip()
        ):
            upto = stop
        a, b = match.end(), upto
        while a < b and text[a] in " \n:":
            a += 1
        while b > a and text[b - 1] in " \n;,、【[(":
            b -= 1
        if field in ("problem", "solution", "topic"):
            while b > a and text[b - 1] in "。;":
                b -= 1
        if a < b and not _EMPTY.fullmatch(text[a:b]):
            found.setdefault(field, Labelled(field, a, b, match.start()))
    return found
