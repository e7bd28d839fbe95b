"""Where a part's visit was and whom it served, from the names in it."""

import re

from commissioner_app.recognise import deciding, strangers
from commissioner_app.recognise.draft import Draft
from commissioner_app.recognise.labels import Labelled
from commissioner_app.recognise.parts import Part
from commissioner_app.recognise.reading import Reading
from commissioner_app.recognise.recipients import Found
from commissioner_app.recognise.result import Span
from commissioner_app.recognise.text import trimmed

_NO_NAME = re.compile(r"(?:户|群众|村民|农民|社员|药农|果农|菜农|学员|大家|干部|人员)$|[,。;\n、]|^\d")


def fill(reading: Reading, part: Part, form: dict[str, Labelled], draft: Draft) -> None:
    """County, township, village and recipient."""
    _place(reading, part, form.get("where"), draft)
    _recipient(reading, part, form.get("recipient"), draft)


def _place(reading: Reading, part: Part, label: Labelled | None, draft: Draft) -> None:
    chains = part.chains
    if label:
        chains = [c for c in chains if label.start <= c.start < label.end] or chains
    divisions, own = reading.known.divisions, reading.known.own_counties
    decided = deciding.decide(divisions, reading.text, chains, part.context, own)
    counties = {c for r in part.recipients for c in r.counties}
    if decided.county is None and not decided.places and len(counties) == 1:
        county = counties.pop()
        if county:
            # The recipient is known: its county goes with it.
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
        mentions = reading.mentions.within(part.start, part.end)
        for start, end in strangers.find(reading.text, part.start, part.end, mentions)[:3]:
            draft.doubt("village", _stranger(reading, decided, reading.text[start:end]))


def _stranger(reading: Reading, decided: deciding.Decided, word: str) -> str:
    parent = decided.township or decided.county
    among = [parent] if parent else list(reading.known.own_counties)
    alike = strangers.alike(reading.known.sounds, word, among)[:5]
    if not alike:
        return f"区划表里没有“{word}”，没有填。"
    divisions = reading.known.divisions
    names = "、".join(divisions.text(c[:6], c[:9], c if len(c) == 12 else None) for c in alike)
    return f"区划表里没有“{word}”，是否为同音的{names}？"


def _recipient(reading: Reading, part: Part, label: Labelled | None, draft: Draft) -> None:
    some = part.recipients
    if label:
        inside = [r for r in some if label.start <= r.start < label.end]
        some = inside or _labelled_name(reading, label) or some
    if not some:
        return
    first = some[0] if label else next((r for r in some if r.ids), some[0])
    draft.take(Span(first.start, first.end, "recipient", first.name))
    ids = _fitting(first, draft.values.get("county"), reading.known.own_counties)
    if len(ids) == 1:
        draft.values["recipient_id"] = ids[0]
    elif ids:
        draft.values["recipient_ids"] = ids
        draft.doubt("recipient", f"台账里叫“{first.name}”的有 {len(ids)} 个，请选择。")
    other = next((r for r in some if r.name != first.name), None)
    if other:
        draft.doubt("recipient", f"文中还有“{other.name}”，只填了一个。")


def _fitting(found: Found, county: str | None, own: tuple[str, ...]) -> tuple[str, ...]:
    """Which of the known recipients of one name: those of the county that is told, else of the own counties."""
    pairs = list(zip(found.ids, found.counties, strict=True))
    fitting = [i for i, c in pairs if (c == county if county else c in own)]
    return tuple(fitting) if fitting and len(pairs) > 1 else found.ids


def _labelled_name(reading: Reading, label: Labelled) -> list[Found]:
    """What a form names as 服务对象, where it is a name and no place or kind of people."""
    start, end = trimmed(reading.text, label.start, label.end)
    place = reading.chains.within(start, end)
    if (
        not 2 <= end - start <= 30
        or _NO_NAME.search(reading.text[start:end])
        or (place and place[-1].end >= end)
    ):
        return []
    return [Found(start, end, reading.words(start, end))]
