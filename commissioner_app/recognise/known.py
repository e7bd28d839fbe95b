"""What 粘贴识别 may know beforehand: places, period, recipients, people, the words of the industries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from commissioner_app.divisions import Divisions
from commissioner_app.recognise import strangers
from commissioner_app.recognise.places import PlaceIndex
from commissioner_app.recognise.recipients import RecipientIndex
from commissioner_app.recognise.subjects import SubjectIndex
from commissioner_app.recognise.vocabulary import KnownRecipient as KnownRecipient
from commissioner_app.recognise.vocabulary import shipped_aliases


@dataclass(frozen=True, eq=False)
class Known:
    """All that the rules may use beside the text. Make it once and keep it: the indexes are made at first use.

    period: the first and last day (ISO) that dates without a year belong to; today: the day (ISO) that 昨天 and 上周五
    count from, where the text has no message time; own_counties: codes, which decide between places of one name;
    aliases: an officer's own names of places, each with a code or a name of the table; industries: an officer's own
    words by industry; people: names that may stand in the text as companions.
    """

    divisions: Divisions
    period: tuple[str, str]
    today: str
    own_counties: tuple[str, ...] = ()
    recipients: tuple[KnownRecipient, ...] = ()
    people: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    industries: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def for_whom(self, own_counties: tuple[str, ...], today: str) -> "Known":
        """The same for somebody else's text of another day; what has been made for looking up is shared."""
        other = replace(self, own_counties=own_counties, today=today)
        shared = {"places": self.places, "recipient_names": self.recipient_names, "subjects": self.subjects}
        other.__dict__.update(shared)
        if "sounds" in self.__dict__:
            other.__dict__["sounds"] = self.sounds
        return other

    @cached_property
    def places(self) -> PlaceIndex:
        """The names of places, looked up at once."""
        return PlaceIndex(self.divisions, {**shipped_aliases(), **self.aliases})

    @cached_property
    def sounds(self) -> Mapping[tuple[str, ...], list[str]]:
        """Places by sound, made when a name is met that no table has (the readings take a tenth of a second)."""
        return strangers.sounds(self.divisions)

    @cached_property
    def recipient_names(self) -> RecipientIndex:
        """The names of known recipients as people shorten them."""
        return RecipientIndex(self.recipients, self.divisions)

    @cached_property
    def subjects(self) -> SubjectIndex:
        """The words of the industries."""
        return SubjectIndex(self.industries)
