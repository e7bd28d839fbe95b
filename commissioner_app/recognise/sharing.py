"""分别: as many days as places in one sentence, 7月3日、5日分别到大玉兰村、亢村培训35人、28人: one visit each."""

import re
from dataclasses import replace

from commissioner_app.recognise.draft import Draft
from commissioner_app.recognise.parts import Part
from commissioner_app.recognise.reading import Reading
from commissioner_app.recognise.result import Span

_EACH = re.compile(r"分别|依次|先后")
_UNITS = {"trained": "(?:人次|人|名)", "households": "户"}


def shares(reading: Reading, part: Part) -> list[Part]:
    """The part once for every day with its place, where the sentence tells them one by one; else the part alone."""
    hit = part.date
    named = [c for c in part.chains if not c.weak]
    if hit is None or len(hit.stays) < 2 or len(named) != len(hit.stays):
        return [part]
    if not _EACH.search(reading.text, hit.end, named[0].start):
        return [part]
    return [
        replace(
            part,
            date=replace(hit, stays=(stay,)),
            chains=[chain],
            context=[*part.context, *(c for c in named if c is not chain)],
        )
        for stay, chain in zip(hit.stays, named, strict=True)
    ]


def share_figures(reading: Reading, part: Part, draft: Draft, at: int, of: int) -> None:
    """Keep of figures that stand one for each visit the own one (`at`, from 0); what is told of all fills none."""
    draft.doubts = [d for d in draft.doubts if d.field not in ("county", "township", "village", *_UNITS)]
    for name, unit in _UNITS.items():
        if name not in draft.values:
            continue
        run = re.compile(rf"(?<![\d.月日])(?:\d{{1,6}} ?{unit}?[、,和及] ?){{{of - 1}}}\d{{1,6}} ?{unit}")
        draft.values.pop(name)
        draft.spans = [s for s in draft.spans if s.field != name]
        found = run.search(reading.text, part.start, part.end)
        numbers = list(re.finditer(r"\d+", found.group())) if found else []
        if found and len(numbers) == of:
            own = numbers[at]
            start = found.start() + own.start()
            draft.take(Span(start, start + len(own.group()), name, int(own.group())))
        else:
            draft.doubt(name, "数字是几次合计的，没有填。")
