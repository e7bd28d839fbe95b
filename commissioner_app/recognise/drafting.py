"""From a text to drafts: every kind of field is read once for the whole text, then given to the parts."""

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import Any

from commissioner_app.recognise import (
    contacts,
    dates,
    deciding,
    figures,
    labels,
    novelties,
    parts,
    problems,
    recipients,
    subjects,
    times,
    ways,
)
from commissioner_app.recognise.known import Known
from commissioner_app.recognise.labels import Labelled
from commissioner_app.recognise.moods import Moods
from commissioner_app.recognise.parts import Message, Part
from commissioner_app.recognise.places import Chain, Mention
from commissioner_app.recognise.result import Doubt, Recognised, Span
from commissioner_app.recognise.subjects import Subject
from commissioner_app.recognise.text import Ranged, plain, trimmed
from commissioner_app.visits import INDUSTRIES, SATISFACTION, WAYS


@dataclass
class _Reading:
    """One text with all that was found in it."""

    given: str
    text: str
    known: Known
    moods: Moods
    mentions: Ranged[Mention]
    chains: Ranged[Chain]
    recipients: Ranged[recipients.Found]
    subjects: Ranged[Subject]
    lists: list[tuple[int, int]]
    halves: Ranged[times.HalfHit]
    clocks: Ranged[times.ClockHit]
    lengths: Ranged[times.Days]

    def apart(self, start: int, end: int) -> list[tuple[int, int]]:
        """Where names of places and recipients stand in a range: their words tell nothing else."""
        return [(x.start, x.end) for r in (self.mentions, self.recipients) for x in r.within(start, end)]


@dataclass
class _Draft:
    """What is gathered for one draft."""

    values: dict[str, Any] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    about: set[str] = field(default_factory=set)

    def take(self, span: Span | None) -> None:
        """A value of its own with where it stood."""
        if span is not None:
            self.values[span.field] = span.value
            self.spans.append(span)

    def take_list(self, name: str, found: list[Span]) -> None:
        """The items of a list field."""
        if found:
            self.values[name] = tuple(dict.fromkeys(str(s.value) for s in found))
            self.spans += found

    def take_figure(self, name: str, figure: figures.Figure | None) -> None:
        """A figure, with a doubt where the text rounds it or names another one."""
        if figure is None:
            return
        self.values[name] = figure.value
        self.spans += figure.spans
        if figure.about:
            self.about.add(name)
            self.doubts.append(Doubt(name, f"原文是约数，按 {figure.value} 填。"))
        if figure.note:
            self.doubts.append(Doubt(name, figure.note))


def recognise(text: str, known: Known) -> list[Recognised]:
    """The visits that a pasted text tells, in its order; [] where it tells none.

    Every value stands in the text or follows from a name in it and `known`; `spans` tell where. What is planned,
    denied or of another time fills no date and no figure. A name that more than one place has is decided by the
    county or township that the text names, else by `known.own_counties`, else left open with `places` to choose from.
    Never raises for any text.
    """
    reading = _read(text, known)
    found: list[Recognised] = []
    for message in parts.messages(reading.text):
        day = message.day or dt.date.fromisoformat(known.today)
        hits = dates.find_within(
            reading.text, message.start, message.end, reading.moods, known.period, day, reading.lists
        )
        form = labels.find(reading.text, message.start, message.end)
        in_dates = {p for d in hits for p in range(d.start, d.end)}
        clocks = [c for c in reading.clocks.within(message.start, message.end) if c.start not in in_dates]
        signs = parts.Signs(
            reading.lists,
            Ranged.of(hits),
            reading.chains,
            reading.recipients,
            reading.halves,
            Ranged.of(clocks),
        )
        for part in parts.split(reading.text, message, signs, len(form) >= 2):
            found += _drafts(reading, part, message)
    return found


def _read(given: str, known: Known) -> _Reading:
    text = plain(given)
    moods = Moods(text)
    named = known.recipient_names.find(text)
    mentions = known.places.mentions(text, [(r.start, r.end) for r in named])
    chains = known.places.chains(text, mentions)
    found = recipients.find(text, named, chains, moods)
    inside = [(r.start, r.end) for r in found if r not in named]
    if inside:
        # A village's name within the name of a firm is no place, unless it is written in full.
        mentions = [m for m in mentions if m.sure or not any(a <= m.start and m.end <= b for a, b in inside)]
        chains = known.places.chains(text, mentions)
    return _Reading(
        given, text, known, moods, Ranged.of(mentions), Ranged.of(chains), Ranged.of(found),
        Ranged.of(known.subjects.find(text)), parts.markers(text), Ranged.of(times.halves(text, moods)),
        Ranged.of(times.clocks(text, moods)), Ranged.of(times.durations(text, moods)),
    )  # fmt: skip


def _drafts(reading: _Reading, part: Part, message: Message) -> list[Recognised]:
    """The draft of a part, one for each stay where its date names several (8月3日、8日); [] for what is no visit."""
    text, start, end = reading.text, part.start, part.end
    form = labels.find(text, start, end)
    draft = _Draft()
    a, b = _range(form, "where", start, end)
    _place(reading, part, draft, (a, b) if "where" in form else None)
    _recipient(reading, part, form, draft)
    spans = _ways(reading, form, start, end)
    draft.take_list("ways", sorted(spans, key=lambda s: WAYS.index(str(s.value))))
    told = set(draft.values.get("ways", ()))
    _figures(reading, form, start, end, draft, "技术培训" in told, "现场指导" in told)
    if (
        "trained" in draft.values
        and "技术培训" not in told
        and "ways" not in form
        and "培训" in text[start:end]
    ):
        # 原计划培训50人，实到32人: it was held, though the word stands with the plan.
        at = text.index("培训", start, end)
        draft.spans.append(Span(at, at + 2, "ways", "技术培训"))
        draft.values["ways"] = tuple(sorted({*told, "技术培训"}, key=WAYS.index))
    _novelties(reading, form, start, end, draft)
    _subject(reading, form, start, end, draft)
    _trouble(reading, form, start, end, draft)
    _people(reading, form, start, end, draft)
    if not draft.values.keys() - _NO_VISIT and "content" not in form and not _says_when(reading, part):
        return []
    content = parts.content_of(text, part, reading.lists)
    if "content" in form:
        begin, stop = form["content"].start, form["content"].end
        draft.values["content"] = reading.given[begin:stop]
    else:
        draft.values["content"] = reading.given[content[0] : content[1]]
    stays = list(part.date.stays) if part.date else [None]
    return [_finish(reading, part, message, replace_draft(draft), stay, content) for stay in stays]


_NO_VISIT = {"industry", "topic", "satisfaction", "phone", "contact", "companions"}
"""Fields that by themselves tell of no visit."""
_VISITING = re.compile(r"到村|下村|下乡|入村|入户|驻村|进村|服务")


def _says_when(reading: _Reading, part: Part) -> bool:
    """Whether a part without place and work tells a day and nothing else, or a day on which somebody went out."""
    if part.date is None or part.inherited or not part.date.exact:
        return False
    if (part.halves or part.clocks) and _VISITING.search(reading.text, part.start, part.end):
        return True
    said = [
        (part.date.start, part.date.end),
        *((h.start, h.end) for h in part.halves),
        *((c.start, c.end) for c in part.clocks),
    ]
    left = "".join(
        c
        for n, c in enumerate(reading.text[part.start : part.end], part.start)
        if not any(a <= n < b for a, b in said)
    )
    return not re.search(r"\w", left)


def replace_draft(draft: _Draft) -> _Draft:
    """A copy that may be filled on."""
    return _Draft(dict(draft.values), list(draft.spans), list(draft.doubts), set(draft.about))


def _range(form: dict[str, Labelled], name: str, start: int, end: int) -> tuple[int, int]:
    found = form.get(name)
    return (found.start, found.end) if found else (start, end)


def _finish(
    reading: _Reading,
    part: Part,
    message: Message,
    draft: _Draft,
    stay: tuple[dt.date, dt.date] | None,
    content: tuple[int, int],
) -> Recognised:
    """Date, half days and times, which differ by stay."""
    hit = part.date
    if stay is None and message.day and message.head and not _planned(reading, part):
        # A message that names no day was sent on the day it tells of; the person who checks is told so.
        stay = (message.day, message.day)
        draft.take(Span(*message.head, "date", message.day.isoformat()))
        draft.doubts.append(Doubt("date", "正文没有写日期，按消息的日期填，请核对。"))
    elif stay is not None and hit is not None:
        draft.take(Span(hit.start, hit.end, "date", stay[0].isoformat()))
        if stay[1] != stay[0]:
            draft.take(Span(hit.start, hit.end, "end_date", stay[1].isoformat()))
        if hit.note:
            draft.doubts.append(Doubt("date", hit.note))
    if stay is not None:
        today = (message.day or dt.date.fromisoformat(reading.known.today)).isoformat()
        period = reading.known.period
        if stay[0].isoformat() > max(today, reading.known.today):
            draft.doubts.append(Doubt("date", "日期在今天之后，请核对。"))
        elif not period[0] <= stay[0].isoformat() <= period[1]:
            draft.doubts.append(Doubt("date", f"日期不在 {period[0]} 至 {period[1]} 之内，请核对。"))
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
        content[0],
        content[1],
        spans=tuple(order),
        doubts=tuple(draft.doubts),
        about=frozenset(draft.about),
        **draft.values,
    )


def _planned(reading: _Reading, part: Part) -> bool:
    return any(reading.moods.at(c.start, 1 | 16) for c in part.chains) or not (
        part.chains or part.recipients or part.halves
    )


def _place(reading: _Reading, part: Part, draft: _Draft, within: tuple[int, int] | None) -> None:
    index = reading.known.places
    chains = part.chains
    if within:
        inside = [c for c in chains if within[0] <= c.start < within[1]]
        chains = inside or chains
    counties = {c for r in part.recipients for c in r.counties}
    decided = deciding.decide(index, reading.text, chains, part.context, reading.known.own_counties)
    if (
        decided.county is None
        and not decided.places
        and len(counties) == 1
        and (county := next(iter(counties)))
    ):
        holder = next(r for r in part.recipients if county in r.counties)
        decided.county = county
        decided.spans.append(Span(holder.start, holder.end, "county", county))
    for name in ("county", "township", "village", "places"):
        value = getattr(decided, name)
        if value:
            draft.values[name] = value
    draft.spans += decided.spans
    draft.doubts += decided.doubts
    if decided.village is None and not decided.places:
        for a, b in index.unknown(
            reading.text, part.start, part.end, reading.mentions.within(part.start, part.end)
        )[:3]:
            draft.doubts.append(_unknown(reading, decided, a, b))


def _unknown(reading: _Reading, decided: deciding.Decided, start: int, end: int) -> Doubt:
    word = reading.text[start:end]
    parent = decided.township or decided.county
    among = [parent] if parent else list(reading.known.own_counties)
    alike = reading.known.places.sounding_like(word, among)[:5]
    if not alike:
        return Doubt("village", f"区划表里没有“{word}”，没有填。")
    names = "、".join(reading.known.divisions.text(c[:6], c[:9], c if len(c) == 12 else None) for c in alike)
    return Doubt("village", f"区划表里没有“{word}”，是否为同音的{names}？")


def _recipient(reading: _Reading, part: Part, form: dict[str, Labelled], draft: _Draft) -> None:
    some = part.recipients
    label = form.get("recipient")
    if label:
        some = (
            [r for r in some if label.start <= r.start < label.end] or _labelled_name(reading, label) or some
        )
    if not some:
        return
    first = next((r for r in some if r.ids), some[0]) if not label else some[0]
    ids = first.ids
    if len(ids) > 1:
        county = draft.values.get("county")
        fitting = [i for i, c in zip(ids, first.counties, strict=True) if c == county and county]
        fitting = fitting or [
            i
            for i, c in zip(ids, first.counties, strict=True)
            if not county and c in reading.known.own_counties
        ]
        ids = tuple(fitting) or ids
    draft.take(Span(first.start, first.end, "recipient", first.name))
    if len(ids) == 1:
        draft.values["recipient_id"] = ids[0]
    elif ids:
        draft.values["recipient_ids"] = ids
        draft.doubts.append(Doubt("recipient", f"台账里叫“{first.name}”的有 {len(ids)} 个，请选择。"))
    others = [r for r in some if r.name != first.name]
    if others:
        draft.doubts.append(Doubt("recipient", f"文中还有“{others[0].name}”，只填了一个。"))


def _labelled_name(reading: _Reading, label: Labelled) -> list[recipients.Found]:
    """What a form names as 服务对象, where it is a name and no place or kind of people."""
    start, end = trimmed(reading.text, label.start, label.end)
    word = reading.text[start:end]
    place = reading.chains.within(start, end)
    if not 2 <= end - start <= 30 or _NO_NAME.search(word) or (place and place[-1].end >= end):
        return []
    return [recipients.Found(start, end, _words(reading.given[start:end]))]


def _ways(reading: _Reading, form: dict[str, Labelled], start: int, end: int) -> list[Span]:
    label = form.get("ways")
    if label:
        found = []
        for way in WAYS:
            at = reading.text.find(way, label.start, label.end)
            if at >= 0:
                found.append(Span(at, at + len(way), "ways", way))
        return found or ways.find(reading.text, label.start, label.end, reading.moods, [])
    return ways.find(reading.text, start, end, reading.moods, reading.apart(start, end))


def _figures(
    reading: _Reading,
    form: dict[str, Labelled],
    start: int,
    end: int,
    draft: _Draft,
    training: bool,
    guiding: bool,
) -> None:
    text = reading.text
    for name in ("trained", "households"):
        label = form.get(name)
        match = _NUMBER.match(text, label.start, label.end) if label else None
        if match:
            draft.take(Span(match.start(1), match.end(1), name, int(match.group(1))))
        elif name == "trained":
            draft.take_figure(name, figures.trained(text, start, end, reading.moods, training, guiding))
        else:
            draft.take_figure(name, figures.households(text, start, end, reading.moods))


def _novelties(reading: _Reading, form: dict[str, Labelled], start: int, end: int, draft: _Draft) -> None:
    text, given = reading.text, reading.given
    for name, finder in (("varieties", novelties.varieties), ("techniques", novelties.techniques)):
        label = form.get(name)
        if label:
            found = [
                Span(m.start(), m.end(), name, _words(given[m.start() : m.end()]))
                for m in _ITEM.finditer(text, label.start, label.end)
                if m.group() not in ("无", "暂无", "没有", "-")
            ]
        else:
            found = [
                replace(s, value=_words(given[s.start : s.end]))
                for s in finder(text, start, end, reading.moods)
            ]
        draft.take_list(name, found)
    ways_now = list(draft.values.get("ways", ()))
    for name, way in (("varieties", "引进品种"), ("techniques", "引进技术")):
        if name in draft.values and way not in ways_now and "ways" not in form:
            first = next(s for s in draft.spans if s.field == name)
            ways_now.append(way)
            draft.spans.append(Span(first.start, first.end, "ways", way))
    if ways_now:
        draft.values["ways"] = tuple(sorted(ways_now, key=WAYS.index))
    label = form.get("materials")
    span = (
        Span(label.start, label.end, "materials", "")
        if label
        else novelties.materials(text, start, end, reading.moods)
    )
    draft.take(replace(span, value=_words(given[span.start : span.end])) if span else None)


def _subject(reading: _Reading, form: dict[str, Labelled], start: int, end: int, draft: _Draft) -> None:
    text = reading.text
    label = form.get("industry")
    if label:
        word = text[label.start : label.end]
        industry = next((i for i in (*INDUSTRIES, *reading.known.industries) if i in word), None)
        if industry:
            at = text.index(industry, label.start)
            draft.take(Span(at, at + len(industry), "industry", industry))
    a, b = _range(form, "content", start, end)
    new = [(s.start, s.end) for s in draft.spans if s.field == "varieties"]
    apart, some = reading.apart(start, end), reading.subjects.within(start, end)
    chosen = subjects.choose(text, some, reading.moods, a, b, apart, new)
    if chosen.industry is None or chosen.topic is None:
        whole = subjects.choose(text, some, reading.moods, start, end, apart, new)
        chosen = subjects.Chosen(chosen.industry or whole.industry, chosen.topic or whole.topic)
    topic = form.get("topic")
    title = subjects.title(text, start, end)
    if title and not topic:
        draft.take(Span(*title, "topic", _words(reading.given[title[0] : title[1]])))
    if topic:
        draft.take(Span(topic.start, topic.end, "topic", _words(reading.given[topic.start : topic.end])))
    if chosen.industry and "industry" not in draft.values:
        found = chosen.industry
        draft.take(Span(found.start, found.last, "industry", found.industry))
    if chosen.topic and "topic" not in draft.values:
        found = chosen.topic
        draft.take(Span(found.start, found.last, "topic", _words(reading.given[found.start : found.last])))


def _trouble(reading: _Reading, form: dict[str, Labelled], start: int, end: int, draft: _Draft) -> None:
    text, given = reading.text, reading.given
    places = [(m.start, m.end) for m in reading.mentions.within(start, end)]
    label = form.get("problem")
    span = (
        Span(label.start, label.end, "problem", "")
        if label
        else problems.problem(text, start, end, reading.moods, places)
    )
    draft.take(replace(span, value=_words(given[span.start : span.end])) if span else None)
    label = form.get("solution")
    answer = (
        Span(label.start, label.end, "solution", "")
        if label
        else problems.solution(text, start, end, reading.moods, span)
    )
    draft.take(replace(answer, value=_words(given[answer.start : answer.end])) if answer else None)


_NO_NAME = re.compile(r"(?:户|群众|村民|农民|社员|药农|果农|菜农|学员|大家|干部|人员)$|[,。;\n、]|^\d")
_NUMBER = re.compile(r" ?(?:约|共)?(\d{1,9})(?! ?[\d年月日.:])")
_ITEM = re.compile(r"[^、,;/\s\"。]+")
_WIDE = {c: chr(c - 0xFEE0) for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}


def _words(given: str) -> str:
    """Words of the text as a value: only full-width figures and letters are made plain."""
    return given.translate(_WIDE)


def _people(reading: _Reading, form: dict[str, Labelled], start: int, end: int, draft: _Draft) -> None:
    text, people = reading.text, reading.known.people
    number = contacts.phone(text, *_range(form, "phone", start, end)) or contacts.phone(text, start, end)
    draft.take(number)
    label = form.get("contact")
    name = contacts.contact(text, label.label, label.end + 1, number, people) if label else None
    draft.take(name or contacts.contact(text, start, end, number, people))
    label = form.get("satisfaction")
    if label:
        grade = next(
            (g for g in ("不满意", "较满意", "满意", "一般") if g in text[label.start : label.end]), None
        )
        if grade in SATISFACTION:
            at = text.index(grade, label.start)
            draft.take(Span(at, at + len(grade), "satisfaction", grade))
    else:
        draft.take(contacts.satisfaction(text, start, end, reading.moods))
    draft.take_list("companions", contacts.companions(text, start, end, people))
