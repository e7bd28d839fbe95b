"""From a text to drafts: it is read once, taken apart into visits, and every part filled."""

import datetime as dt
import re

from commissioner_app.recognise import dates, deeds, labels, layout, parts, sharing, times, whom
from commissioner_app.recognise.draft import Draft
from commissioner_app.recognise.known import Known
from commissioner_app.recognise.layout import Message
from commissioner_app.recognise.moods import CANCELLED, PLAN
from commissioner_app.recognise.parts import Part
from commissioner_app.recognise.reading import Reading, read
from commissioner_app.recognise.result import Recognised, Span
from commissioner_app.recognise.text import Ranged

_NO_VISIT = {"industry", "topic", "satisfaction", "phone", "contact", "companions"}
"""Fields that by themselves tell of no visit."""
_VISITING = re.compile(r"到村|下村|下乡|入村|入户|驻村|进村|服务")

Stay = tuple[dt.date, dt.date]


def recognise(text: str, known: Known) -> list[Recognised]:
    """The visits that a pasted text tells, in its order; [] where it tells none.

    Every value stands in the text or follows from a name in it and `known`; `spans` tell where. What is planned,
    denied or of another time fills no date and no figure. A name that more than one place has is decided by the
    county or township that the text names, else by `known.own_counties`, else left open with `places` to choose from.
    A date without a year that then lies after today is kept, with a doubt. Never raises for any text.
    """
    reading = read(text, known)
    found: list[Recognised] = []
    for message in layout.messages(reading.text):
        first, last = message.start, message.end
        day = message.day or dt.date.fromisoformat(known.today)
        hits = dates.find_within(reading.text, first, last, reading.moods, known.period, day, reading.lists)
        in_dates = {p for d in hits for p in range(d.start, d.end)}
        clocks = [c for c in reading.clocks.within(first, last) if c.start not in in_dates]
        signs = parts.Signs(
            reading.lists, Ranged.of(hits), reading.chains, reading.recipients, reading.halves, Ranged.of(clocks)
        )  # fmt: skip
        form = bool(labels.find(reading.text, first, last))
        for part in parts.split(reading.text, message, signs, form):
            own = sharing.shares(reading, part)
            for n, share in enumerate(own):
                found += _drafts(reading, share, message, n, len(own))
    return found


def _drafts(reading: Reading, part: Part, message: Message, at: int, of: int) -> list[Recognised]:
    """The draft of a part, one for each stay where its date names several (8月3日、8日); [] for what is no visit.

    at, of: which visit (from 0) of how many that the words tell one by one.
    """
    form = labels.find(reading.text, part.start, part.end)
    draft = Draft()
    whom.fill(reading, part, form, draft)
    deeds.fill(reading, part.start, part.end, form, draft)
    if of > 1:
        sharing.share_figures(reading, part, draft, at, of)
    if not draft.values.keys() - _NO_VISIT and "content" not in form and not _says_when(reading, part):
        return []
    start, end = parts.content_of(reading.text, part, reading.lists)
    written = form.get("content")
    draft.values["content"] = (
        reading.given[written.start : written.end] if written else reading.given[start:end]
    )
    stays: list[Stay | None] = list(part.date.stays) if part.date else [None]
    return [_finished(reading, part, message, draft.copy(), stay, (start, end)) for stay in stays]


def _says_when(reading: Reading, part: Part) -> bool:
    """Whether a part without place and work tells a day and nothing else, or a day on which somebody went out."""
    if part.date is None or part.inherited or not part.date.exact:
        return False
    if (part.halves or part.clocks) and _VISITING.search(reading.text, part.start, part.end):
        return True
    said = [(part.date.start, part.date.end)]
    said += [(h.start, h.end) for h in part.halves] + [(c.start, c.end) for c in part.clocks]
    at, left = part.start, ""
    for start, end in sorted(said):
        left, at = left + reading.text[at:start], max(at, end)
    return re.search(r"\w", left + reading.text[at : part.end]) is None


def _finished(
    reading: Reading, part: Part, message: Message, draft: Draft, stay: Stay | None, content: tuple[int, int]
) -> Recognised:
    """A draft with its date, half days and times, which differ by stay."""
    hit = part.date
    if stay is None and message.day and message.head and not _planned(reading, part):
        # A message that names no day was sent on the day it tells of; the person who checks is told so.
        stay = (message.day, message.day)
        draft.take(Span(*message.head, "date", message.day.isoformat()))
        draft.doubt("date", "正文没有写日期，按消息的日期填，请核对。")
    elif stay is not None and hit is not None:
        draft.take(Span(hit.start, hit.end, "date", stay[0].isoformat()))
        if stay[1] != stay[0]:
            draft.take(Span(hit.start, hit.end, "end_date", stay[1].isoformat()))
        if hit.note:
            draft.doubt("date", hit.note)
    if stay is not None:
        _check_date(reading.known, message, stay[0].isoformat(), draft)
    lengths = reading.lengths.within(part.start, part.end)
    days = (stay[1] - stay[0]).days + 1 if stay else 1
    half_days, spans = times.spent(hit if stay else None, days, part.halves, part.clocks, lengths)
    if half_days is not None:
        draft.values["half_days"] = half_days
        draft.spans += spans
    for span in times.times_of(part.clocks):
        draft.take(span)
    order = sorted(set(draft.spans), key=lambda s: (s.start, s.end, s.field))
    return Recognised(
        *content, spans=tuple(order), doubts=tuple(draft.doubts), about=frozenset(draft.about), **draft.values
    )  # fmt: skip


def _check_date(known: Known, message: Message, date: str, draft: Draft) -> None:
    sent = message.day.isoformat() if message.day else known.today
    if date > max(sent, known.today):
        draft.doubt("date", "日期在今天之后，请核对。")
    elif not known.period[0] <= date <= known.period[1]:
        draft.doubt("date", f"日期不在 {known.period[0]} 至 {known.period[1]} 之内，请核对。")


def _planned(reading: Reading, part: Part) -> bool:
    """Whether a part tells of what is still to come, or of nothing that could have a day."""
    if part.chains and all(reading.moods.at(c.start, PLAN | CANCELLED) for c in part.chains):
        return True
    return not (part.chains or part.recipients or part.halves)
