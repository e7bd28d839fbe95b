"""What 粘贴识别 gives: drafts of visits, where in the text each value stood, and what it would not decide."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A piece of the original text and what was read from it.

    `start` and `end` count code points of the text that was given (Qt counts UTF-16 units: an emoji is two).
    `field` is a field of `Recognised`; `value` is its value, of a list field the item.
    """

    start: int
    end: int
    field: str
    value: str | int


@dataclass(frozen=True)
class Doubt:
    """A sentence about a field for the person who checks the draft."""

    field: str
    message: str


@dataclass(frozen=True)
class Where:
    """A place as codes of the divisions; township and village may be open."""

    county: str
    township: str | None = None
    village: str | None = None


@dataclass(frozen=True)
class Recognised:
    """A draft of a visit from one part of the text; None and () stand for what the text does not say.

    date, end_date: ISO, the second only for stays of several days; start_time, end_time: HH:MM; half_days: half days;
    county, township, village: codes of the divisions; recipient: its name (the known one's where there is one) with
    recipient_id of the known one; about: the fields whose figure the text rounds (三十余人); places, recipient_ids:
    what to choose between where a name did not decide; start, end: the part of the text, which `content` is, except
    where a form names its 内容.
    """

    start: int
    end: int
    content: str
    date: str | None = None
    end_date: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    half_days: int | None = None
    county: str | None = None
    township: str | None = None
    village: str | None = None
    places: tuple[Where, ...] = ()
    recipient: str | None = None
    recipient_id: str | None = None
    recipient_ids: tuple[str, ...] = ()
    contact: str | None = None
    phone: str | None = None
    ways: tuple[str, ...] = ()
    industry: str | None = None
    topic: str | None = None
    problem: str | None = None
    solution: str | None = None
    trained: int | None = None
    households: int | None = None
    varieties: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    materials: str | None = None
    satisfaction: str | None = None
    companions: tuple[str, ...] = ()
    about: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()
    doubts: tuple[Doubt, ...] = ()
