"""The parts of a paste that are visits of their own: list items, other days, other places."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from commissioner_app.recognise.chains import Chain
from commissioner_app.recognise.dates import DateHit
from commissioner_app.recognise.layout import Message
from commissioner_app.recognise.places import level_of
from commissioner_app.recognise.recipients import Found
from commissioner_app.recognise.text import Ranged, trimmed
from commissioner_app.recognise.times import ClockHit, HalfHit

_CONNECTIVE = re.compile(
    r"随后|接着|然后|之后|又到|又去|又赴|再到|再去|紧接着|转到|转战|转赴|最后到|最后去|而后|后到|后又|"
    r"返程|回来路过|完了去|完事去|再赴|还去了?|还到了?"
)
_REPORTING = re.compile(r"汇报|总结|工作|小结|日志|如下|情况|记录")
_LEADING = re.compile(r"[ \n]*(?:再|又|还|并)?(?:到了?|去了?|在|赴|前往|来到)?[ ]?")
_CUT = re.compile(r"[,。;!?\n]")
_BUSY = re.compile(
    r"指导|培训|调研|讲|看|教|查|解决|推广|引进|发放|走访|咨询|答疑|讲座|示范|诊断|服务\d|带动"
)


MOST_CONTEXT = 8
"""How many names before a part may settle what it leaves open."""


@dataclass
class Part:
    """A visit's piece of the text, with what it takes over from before: date, places."""

    start: int
    end: int
    message: Message
    date: DateHit | None = None
    inherited: bool = False
    chains: list[Chain] = field(default_factory=list)
    context: list[Chain] = field(default_factory=list)
    recipients: list[Found] = field(default_factory=list)
    halves: list[HalfHit] = field(default_factory=list)
    clocks: list[ClockHit] = field(default_factory=list)
    marker: bool = False


@dataclass(frozen=True)
class Signs:
    """What of a text tells its parts apart."""

    lists: list[tuple[int, int]]
    dates: Ranged[DateHit]
    chains: Ranged[Chain]
    recipients: Ranged[Found]
    halves: Ranged[HalfHit]
    clocks: Ranged[ClockHit]


def split(text: str, message: Message, signs: Signs, form: bool) -> list[Part]:
    """The visits of a message, in order; what only leads in (本周工作：) hands its date and place on and is none.

    `form`: the message is a form, where new lines begin no visits.
    """
    own_lists = [m for m in signs.lists if message.start <= m[0] < message.end]
    listed = _visit_items(message, own_lists, signs)
    cuts = _cuts(text, message, listed, signs)
    parts: list[Part] = []
    current: Part | None = None
    atoms = [_gather(Part(start, end, message), signs) for start, end in cuts]
    for n, atom in enumerate(atoms):
        atom.marker = any(a <= atom.start <= b for a, b in listed)
        if current is None:
            current = atom
            continue
        ahead = atoms[n + 1 : n + 3]
        if _begins(text, current, atom, ahead, form):
            parts.append(current)
            atom.context = [*current.context, *current.chains][-MOST_CONTEXT:]
            if atom.date is None and current.date is not None:
                atom.date, atom.inherited = current.date, True
            current = atom
        else:
            _merge(current, atom)
    if current is not None:
        parts.append(current)
    return _without_heads(text, parts)


def _gather(part: Part, signs: Signs) -> Part:
    a, b = part.start, part.end
    part.date = next(iter(signs.dates.within(a, b)), None)
    part.chains = signs.chains.within(a, b)
    part.recipients = signs.recipients.within(a, b)
    part.halves = signs.halves.within(a, b)
    part.clocks = signs.clocks.within(a, b)
    return part


def _merge(current: Part, atom: Part) -> None:
    current.end = atom.end
    current.date = current.date or atom.date
    if atom.date is not None and current.inherited:
        current.date, current.inherited = atom.date, False
    current.chains += atom.chains
    current.recipients += atom.recipients
    current.halves += atom.halves
    current.clocks += atom.clocks


def _cuts(text: str, message: Message, lists: list[tuple[int, int]], signs: Signs) -> list[tuple[int, int]]:
    """The pieces between punctuation, and before every date, list number and part of the day."""
    first, last = message.start, message.end
    dates, clocks = signs.dates.within(first, last), signs.clocks.within(first, last)
    inner = (
        [(d.start, d.end) for d in dates]
        + [(c.start, c.end) for c in clocks]
        + [(a, b + 1) for a, b in lists]
    )
    inside = {p for a, b in inner for p in range(a + 1, b)}
    behind = {p for d in dates for p in range(d.start, d.end + 2)} | {
        p for c in clocks for p in range(c.start + 1, c.end)
    }
    at = (
        {first, last}
        | {m.end() for m in _CUT.finditer(text, first, last)}
        | {d.start for d in dates}
        | {a for a, _ in lists}
    )
    at |= {
        h.start for h in signs.halves.within(first + 1, last)
        if h.start not in behind and text[h.start - 1] not in "每一各"
        and (text[h.start - 1] not in "、和及" or signs.chains.within(h.end, h.end + 3))
    }  # fmt: skip
    points = sorted(at - inside)
    return [(a, b) for a, b in pairwise(points) if text[a:b].strip(" \n,。;!?、")]


def _visit_items(message: Message, lists: list[tuple[int, int]], signs: Signs) -> list[tuple[int, int]]:
    """The list numbers whose items are visits of their own (their days or places differ) and not points of one."""
    keys = []
    for n, (start, _) in enumerate(lists):
        end = lists[n + 1][0] if n + 1 < len(lists) else message.end
        date = next((d.stays for d in signs.dates.within(start, end)), None)
        place = next((c.codes for c in signs.chains.within(start, end)), None)
        recipient = next((r.name for r in signs.recipients.within(start, end)), None)
        keys.append((date, place, recipient))
    told = [k for k in keys if any(k)]
    if len(told) < 2 or len(told) * 10 < len(keys) * 6 or len(set(told)) < 2:
        return []
    return [item for item, key in zip(lists, keys, strict=True) if any(key)]


def _begins(text: str, current: Part, atom: Part, ahead: list[Part], form: bool) -> bool:
    """Whether a piece begins another visit."""
    if atom.marker:
        return True
    other_place = _differs(current, atom)
    if atom.date is not None:
        if current.date is not None and not current.inherited:
            turned = {h.label for h in atom.halves} != {h.label for h in current.halves}
            return atom.date.stays != current.date.stays or (other_place and (turned or _busy(text, current)))
        if current.date is None and current.chains and other_place and _busy(text, current):
            return True
    if atom.date is None and form:
        return False
    if atom.halves and current.halves:
        labels = {h.label for h in current.halves}
        if any(h.label not in labels for h in atom.halves) and "whole" not in labels:
            for piece in (atom, *ahead):
                if piece is not atom and (piece.halves or piece.date):
                    break
                if piece.chains or piece.recipients:
                    return _differs(current, piece) or _other_county(current, piece)
    if not other_place or not (current.chains or current.recipients):
        return False
    place = min([c.start for c in atom.chains] + [r.start for r in atom.recipients])
    if _CONNECTIVE.search(text[atom.start : place]):
        return True
    before = text[max(0, atom.start - 6) : atom.start].rstrip(" ")
    sentence = atom.start == 0 or before.endswith(("\n", "。", ";", "!", "?"))
    if not sentence or _LEADING.fullmatch(text, atom.start, place) is None:
        return False
    return _busy(text, current) and any(_busy(text, piece) for piece in (atom, *ahead[:1]))


def _busy(text: str, part: Part) -> bool:
    return bool(_BUSY.search(text[part.start : part.end]))


def _differs(current: Part, atom: Part) -> bool:
    """Whether a piece names a place or recipient that is another than those so far."""
    here = [c for c in atom.chains if not c.weak]
    there = [c for c in current.chains if not c.weak]
    if here and there:
        deepest = max(there, key=lambda c: c.level)
        mine = max(here, key=lambda c: c.level)
        if any(x.startswith(y) or y.startswith(x) for x in mine.codes for y in deepest.codes):
            return bool(
                atom.recipients
                and current.recipients
                and atom.recipients[0].name != current.recipients[0].name
            )
        # 温县 and then 赵堡镇 of it: the township goes on from the county even behind another village.
        return mine.level >= deepest.level or all(level_of(c) >= 2 for c in mine.codes)
    if atom.recipients and current.recipients:
        return atom.recipients[0].name != current.recipients[0].name
    return bool(atom.recipients and there and max(c.level for c in there) == 3 and not here)


def _other_county(current: Part, atom: Part) -> bool:
    """Whether a piece names a county alone, and none of those so far: 上午在温县讲课，下午去修武县."""
    mine = {x[:6] for c in atom.chains if not c.weak for x in c.codes}
    here = {x[:6] for c in current.chains if not c.weak for x in c.codes}
    return bool(mine and here) and mine.isdisjoint(here)


def _without_heads(text: str, parts: list[Part]) -> list[Part]:
    """Leave out what only leads in: 本周工作汇报：, 8月3日在温县：."""
    if len(parts) < 2:
        return parts
    head, rest = parts[0], parts[1:]
    if head.marker or (head.date and head.chains and not rest[0].inherited):
        return parts
    deep = any(c.level == 3 for c in head.chains) or head.recipients
    if deep or (_busy(text, head) and head.chains) or (_busy(text, head) and head.date):
        return parts
    bare = not head.chains and not head.date and not head.halves
    if bare and _busy(text, head) and not _REPORTING.search(text[head.start : head.end]):
        return parts
    return rest


def content_of(text: str, part: Part, lists: list[tuple[int, int]]) -> tuple[int, int]:
    """The range of a part's words: without its list number and the signs around it."""
    start = part.start
    for a, b in lists:
        if a <= start < b:
            start = b
    start, end = trimmed(text, start, part.end, " \n,、;:")
    return start, end
