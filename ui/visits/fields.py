"""The fields of the visit editor: what stands in them, what is wrong with it, what one tells of another."""

from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from commissioner_app import places, visit_entry, visits
from commissioner_app.places import PlaceRow
from commissioner_app.suggestions import KnownRecipient
from ui.context import Context
from ui.visits.controls import VisitControls
from ui.visits.fieldvalues import clock_text, read, reading, write, writing
from ui.visits.hints import Hints


class VisitFields(VisitControls):
    """All fields of a visit. `values` and `load` speak the journal's fields, `state` and `restore` what was typed.

    `dated` is sent when a day of the visit changes.
    """

    dated = Signal()

    def __init__(self, context: Context, hints: Hints, photos: QWidget) -> None:
        super().__init__(context, hints, photos)
        self._days_typed = False
        #: Fields that a person has changed since the visit was shown.
        self.typed: set[str] = set()
        self._loaded_who: dict[str, str | None] = {}
        self._loaded_date: str | None = None
        self._loaded_typical: bool | None = None
        self.edited.connect(self._follow)
        self.recipient.chosen.connect(self._know)

    # -- values ----------------------------------------------------------------------------------------

    def set_places(self, found: list[PlaceRow]) -> None:
        """The places that may be named."""
        self.who.set_people(found)
        self._take_hints()
        inside = self._context.period
        period = (date.fromisoformat(inside.start), date.fromisoformat(inside.end))
        self.date.period = self.end_date.period = period

    def load(self, values: dict[str, Any], recipient_name: str, companions: list[str]) -> None:
        """Show a visit's values."""
        time = values.get("time") or [None] * 5
        self._loaded_who = {w[0]: w[1] for w in values.get("who") or []}
        self._loaded_date, self._loaded_typical = time[0], values.get("typical")
        self.typed = set()
        with self.loading():
            write(self, values, recipient_name, companions)
        self._days_typed = time[4] is not None and time[4] != visit_entry.half_days_of(*time[:4])
        self.recipient.set_where(self.place.where())
        self.dated.emit()

    def values(self) -> dict[str, Any]:
        """The journal's fields as they stand; call after `first_invalid` has said that all is well."""
        found = read(self)
        iso = found["time"][0]
        found["who"] = sorted(self._who(self.who.records(), iso), key=str) or None
        found["typical"] = self.typical.isChecked() or (None if self._loaded_typical is None else False)
        return found

    def _who(self, chosen: list[str], iso: str | None) -> list[list[str | None]]:
        """Places with their people: who made a visit stays its maker; only another date asks anew who holds a place."""
        found = visits.who_of(self.who.places.values(), chosen, iso or "")
        if iso != self._loaded_date:
            return found
        return [[place, self._loaded_who.get(place or "", person)] for place, person in found]

    def state(self) -> dict[str, Any]:
        """What stands in the controls, right or wrong, for a draft on disk."""
        return {**reading(self), "days_typed": self._days_typed, "typed": sorted(self.typed)}

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what `state` gave, over what was loaded."""
        with self.loading():
            writing(self, state)
        self._days_typed = bool(state.get("days_typed"))
        self.typed = set(state.get("typed") or ())
        self.recipient.set_where(self.place.where())
        self.dated.emit()

    def companion_names(self) -> list[str]:
        """Those who went along."""
        return self.companions.values()

    def days_shown(self) -> tuple[str | None, str | None]:
        """First and last day of the visit as ISO dates."""
        first, last = self.date.value(), self.end_date.value()
        return first.isoformat() if first else None, last.isoformat() if last else None

    # -- checks and help while typing ------------------------------------------------------------------

    def _follow(self, name: str) -> None:
        """Days come from times until somebody types them; what is known of a place or a recipient comes with it."""
        self.typed.add(name)
        if name == "days":
            self._days_typed = bool(self.days.text().strip())
        if name in ("start_time", "end_time", "date", "end_date"):
            self._count_days()
            self.dated.emit()
        if name == "who":
            self._fields["who"].head.setText(self._caption("who"))
        if name == "place":
            self.recipient.set_where(self.place.where())

    def _count_days(self) -> None:
        clocks = clock_text(self.start_time.text()), clock_text(self.end_time.text())
        found = None if self._days_typed else visit_entry.half_days_of(*self.days_shown(), *clocks)
        if found:
            self._loading = True
            self.days.setText(visits.days_text(found).replace(",", ""))
            self._loading = False
            self._show(self._fields["days"], "")

    def _know(self, known: KnownRecipient) -> None:
        """A recipient that was chosen brings its contact, and the place where none has been typed."""
        here = self.place.where()
        if known.where[0] and "place" not in self.typed and (not here[0] or not here[2]):
            self.place.set_where(known.where)
        if not self.contact.text() and not self.contact_phone.text():
            self.contact.setText(known.contact)
            self.contact_phone.setText(known.phone)


def all_places(context: Context, values: dict[str, Any] | None = None) -> list[PlaceRow]:
    """The places of the batch that the period belongs to, and those that a visit's values name from another year."""
    found = places.listed(context.ledger, context.batch)
    named = {w[0] for w in (values or {}).get("who") or []} - {p.id for p in found}
    if named:
        on = ((values or {}).get("time") or [None])[0]
        found += [p for p in places.listed(context.ledger, None, on) if p.id in named]
    return found
