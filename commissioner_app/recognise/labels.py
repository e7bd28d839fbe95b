"""Forms in a text: lines like 服务日期：…, 培训人数：32."""

import re
from dataclasses import dataclass

from commissioner_app.recognise.text import trimmed
from commissioner_app.recognise.vocabulary import shipped

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
    matches = list(_LABEL.finditer(text, start, end))
    signed = [m for m in matches if m["sign"] in (":", "】")]
    if len(signed) < 2 and not _one_after_another(text, start, end, matches):
        # 培训 32 in running text is no label; one colon alone makes no form.
        matches = signed
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
        a, b = trimmed(text, match.end(), upto, " \n:;,、【[(")
        if field in ("problem", "solution", "topic"):
            a, b = trimmed(text, a, b, "。;")
        if a < b and not _EMPTY.fullmatch(text[a:b]):
            found.setdefault(field, Labelled(field, a, b, match.start()))
    return found


def _one_after_another(text: str, start: int, end: int, matches: list[re.Match[str]]) -> bool:
    """Whether labels without colons make a form: each at the beginning of a line, or one in every piece."""
    pieces = len(re.findall(r"[;\n]", text[start:end].strip())) + 1
    lines = all(text[max(0, m.start("name") - 1) : m.start("name")] in ("\n", "") for m in matches)
    return len(matches) >= 2 and (lines or len(matches) >= max(3, pieces))
