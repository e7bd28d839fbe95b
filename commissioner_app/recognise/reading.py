"""One text with all that was found in it at once, before it is given to its parts."""

from dataclasses import dataclass

from commissioner_app.recognise import chains, layout, recipients, times
from commissioner_app.recognise.chains import Chain
from commissioner_app.recognise.known import Known
from commissioner_app.recognise.moods import Moods
from commissioner_app.recognise.places import Mention
from commissioner_app.recognise.subjects import Subject
from commissioner_app.recognise.text import Ranged, plain

# What stands in full width in a value is made plain; signs stay as they were written.
_WIDE = {c: chr(c - 0xFEE0) for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}


@dataclass
class Reading:
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

    def words(self, start: int, end: int) -> str:
        """A piece of the text as a value: as it was written, only full-width figures and letters made plain."""
        return self.given[start:end].translate(_WIDE)

    def apart(self, start: int, end: int) -> list[tuple[int, int]]:
        """Where names of places and recipients stand in a range: their words tell nothing else."""
        return [(x.start, x.end) for r in (self.mentions, self.recipients) for x in r.within(start, end)]


def read(given: str, known: Known) -> Reading:
    """Read a text. Places and recipients are looked up once, dates need the messages and come later."""
    text = plain(given)
    moods = Moods(text)
    named = known.recipient_names.find(text)
    mentions = known.places.mentions(text, [(r.start, r.end) for r in named])
    joined = chains.join(known.divisions, text, mentions)
    found = recipients.find(text, named, joined, moods)
    inside = [(r.start, r.end) for r in found if r not in named]
    if inside:
        # A village's name within the name of a firm is no place, unless it is written in full.
        mentions = [m for m in mentions if m.sure or not any(a <= m.start and m.end <= b for a, b in inside)]
        joined = chains.join(known.divisions, text, mentions)
    return Reading(
        given, text, known, moods, Ranged.of(mentions), Ranged.of(joined), Ranged.of(found),
        Ranged.of(known.subjects.find(text)), layout.markers(text), Ranged.of(times.halves(text, moods)),
        Ranged.of(times.clocks(text, moods)), Ranged.of(times.durations(text, moods)),
    )  # fmt: skip
