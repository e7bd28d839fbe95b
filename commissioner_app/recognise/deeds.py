"""What was done at a part's visit: ways, figures, what was brought, subject, problem, and who says so."""

import re
from collections.abc import Callable
from dataclasses import replace

from commissioner_app.recognise import contacts, figures, novelties, problems, subjects, ways
from commissioner_app.recognise.draft import Draft
from commissioner_app.recognise.labels import Labelled
from commissioner_app.recognise.moods import Moods
from commissioner_app.recognise.reading import Reading
from commissioner_app.recognise.result import Span
from commissioner_app.visits import INDUSTRIES, SATISFACTION, WAYS

_NUMBER = re.compile(r" ?(?:约|共)?(\d{1,9})(?! ?[\d年月日.:])")
_ITEM = re.compile(r"[^、,;/\s\"。]+")
_NOTHING = ("无", "暂无", "没有", "-")
# 满意 is within 不满意 and 较满意: the longer ones first.
_GRADES = sorted(SATISFACTION, key=len, reverse=True)

Form = dict[str, Labelled]


def fill(reading: Reading, start: int, end: int, form: Form, draft: Draft) -> None:
    """All fields but date, place and recipient; a labelled value goes before what the words tell."""
    _ways(reading, form, start, end, draft)
    _figures(reading, form, start, end, draft)
    _novelties(reading, form, start, end, draft)
    _subject(reading, form, start, end, draft)
    _trouble(reading, form, start, end, draft)
    _people(reading, form, start, end, draft)


def _ways(reading: Reading, form: Form, start: int, end: int, draft: Draft) -> None:
    label = form.get("ways")
    if label:
        places = {way: reading.text.find(way, label.start, label.end) for way in WAYS}
        found = [Span(at, at + len(way), "ways", way) for way, at in places.items() if at >= 0]
        found = found or ways.find(reading.text, label.start, label.end, reading.moods, [])
    else:
        found = ways.find(reading.text, start, end, reading.moods, reading.apart(start, end))
    draft.take_list("ways", sorted(found, key=lambda s: WAYS.index(str(s.value))))


def _figures(reading: Reading, form: Form, start: int, end: int, draft: Draft) -> None:
    text, moods = reading.text, reading.moods
    told = draft.values.get("ways", ())
    for name in ("trained", "households"):
        label = form.get(name)
        match = _NUMBER.match(text, label.start, label.end) if label else None
        if match:
            draft.take(Span(match.start(1), match.end(1), name, int(match.group(1))))
        elif name == "trained":
            figure = figures.trained(text, start, end, moods, "技术培训" in told, "现场指导" in told)
            draft.take_figure(name, figure)
        else:
            draft.take_figure(name, figures.households(text, start, end, moods))
    held = text.find("培训", start, end)
    if "trained" in draft.values and held >= 0 and "ways" not in form:
        # 原计划培训50人，实到32人: it was held, though the word stands with the plan.
        draft.add_way("技术培训", held, held + 2)


def _novelties(reading: Reading, form: Form, start: int, end: int, draft: Draft) -> None:
    finders: tuple[tuple[str, str, Callable[[str, int, int, Moods], list[Span]]], ...] = (
        ("varieties", "引进品种", novelties.varieties),
        ("techniques", "引进技术", novelties.techniques),
    )
    for name, way, finder in finders:
        label = form.get(name)
        if label:
            items = _ITEM.finditer(reading.text, label.start, label.end)
            found = [Span(*m.span(), name, "") for m in items if m.group() not in _NOTHING]
        else:
            found = finder(reading.text, start, end, reading.moods)
        draft.take_list(name, [replace(s, value=reading.words(s.start, s.end)) for s in found])
        if found and "ways" not in form:
            draft.add_way(way, found[0].start, found[0].end)
    handed = novelties.materials(reading.text, start, end, reading.moods)
    _take_words(reading, form.get("materials"), "materials", handed, draft)


def _subject(reading: Reading, form: Form, start: int, end: int, draft: Draft) -> None:
    text = reading.text
    label = form.get("industry")
    if label:
        known = (*INDUSTRIES, *reading.known.industries)
        industry = next((i for i in known if text.find(i, label.start, label.end) >= 0), None)
        if industry:
            at = text.index(industry, label.start)
            draft.take(Span(at, at + len(industry), "industry", industry))
    content = form.get("content")
    a, b = (content.start, content.end) if content else (start, end)
    new = [(s.start, s.end) for s in draft.spans if s.field == "varieties"]
    apart, some = reading.apart(start, end), reading.subjects.within(start, end)
    first = subjects.choose(text, some, reading.moods, a, b, apart, new)
    whole = subjects.choose(text, some, reading.moods, start, end, apart, new)
    told, topic = first.industry or whole.industry, first.topic or whole.topic
    if told and "industry" not in draft.values:
        draft.take(Span(told.start, told.last, "industry", told.industry))
    title = subjects.title(text, start, end) or (topic and (topic.start, topic.last))
    span = Span(*title, "topic", "") if title else None
    _take_words(reading, form.get("topic"), "topic", span, draft)


def _trouble(reading: Reading, form: Form, start: int, end: int, draft: Draft) -> None:
    text, moods = reading.text, reading.moods
    places = [(m.start, m.end) for m in reading.mentions.within(start, end)]
    trouble = None if "problem" in form else problems.problem(text, start, end, moods, places)
    _take_words(reading, form.get("problem"), "problem", trouble, draft)
    stood = next((s for s in draft.spans if s.field == "problem"), None)
    answer = None if "solution" in form else problems.solution(text, start, end, moods, stood)
    _take_words(reading, form.get("solution"), "solution", answer, draft)


def _people(reading: Reading, form: Form, start: int, end: int, draft: Draft) -> None:
    text, people = reading.text, reading.known.people
    label = form.get("phone")
    number = (contacts.phone(text, label.start, label.end) if label else None) or contacts.phone(
        text, start, end
    )
    draft.take(number)
    label = form.get("contact")
    name = contacts.contact(text, label.label, label.end + 1, number, people) if label else None
    draft.take(name or contacts.contact(text, start, end, number, people))
    label = form.get("satisfaction")
    if label:
        grade = next((g for g in _GRADES if text.find(g, label.start, label.end) >= 0), None)
        at = text.index(grade, label.start) if grade else 0
        draft.take(Span(at, at + len(grade), "satisfaction", grade) if grade else None)
    else:
        draft.take(contacts.satisfaction(text, start, end, reading.moods))
    draft.take_list("companions", contacts.companions(text, start, end, people))


def _take_words(
    reading: Reading, label: Labelled | None, name: str, found: Span | None, draft: Draft
) -> None:
    """The words behind a label, else those that were found."""
    if label:
        draft.take(Span(label.start, label.end, name, reading.words(label.start, label.end)))
    elif found:
        draft.take(replace(found, value=reading.words(found.start, found.end)))
