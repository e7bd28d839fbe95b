"""Beginning: with what a new visit opens, so that only what is new has to be typed."""

from typing import Any

from PySide6.QtCore import QObject

from commissioner_app import batches, exchange, visit_entry, visits
from commissioner_app.places import PlaceRow
from commissioner_app.visit_entry import Opening
from commissioner_app.visits import Opened
from ui.context import Context
from ui.visits.fields import VisitFields


class Beginning(QObject):
    """Whose it is: the commissioner's own, the one of the visit shown before, the one logged for last."""

    def __init__(self, context: Context, fields: VisitFields, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._fields = context, fields
        self._carried: dict[str, Any] | None = None
        self._for: str | None = None

    def carry(self) -> None:
        """The next visit begins with the people, the day and the place that stand in the fields now."""
        values = self._fields.values()
        self._carried = {
            "who": values["who"], "time": [values["time"][0], None, None, None, None], "where": values["where"],
        }  # fmt: skip

    def open(
        self, places: list[PlaceRow], before: Opened | None, values: dict[str, Any] | None, recipient: str,
        companions: list[str],
    ) -> None:  # fmt: skip
        """Fill the fields of a new visit; `before` is the visit that was shown, `values` those of a duplicate."""
        carried, self._carried = self._carried, None
        found = values or carried or self._usual(places, before)
        self._fields.load(found, recipient, companions)
        self._fields.who.guessed = values is None and self._context.role != "commissioner"
        self._for = None
        if values is None:
            self.follow()

    def day_after(self, day: str | None) -> str | None:
        """The day of a visit that follows another one's."""
        period = self._context.period
        return visit_entry.likely_day(self._context.batch, period.start, period.end, day)

    def _usual(self, places: list[PlaceRow], before: Opened | None) -> dict[str, Any]:
        day = self.day_after(None)
        by_id = {p.id: p for p in places}
        asked = [w[0] for w in (before.values.get("who") if before else None) or []][:1]
        asked.append(visit_entry.last_place(self._context.ledger))
        if self._context.role == "commissioner":
            asked = [exchange.own(self._context.ledger).place]
        mine = next((place for place in asked if place in by_id), None)
        who = visits.who_of(by_id.values(), [mine], day or "") if mine else []
        return {
            "who": who,
            "time": [day, None, None, None, None],
            "where": [self._context.county, None, None],
        }

    def follow(self) -> None:
        """Another person is named first: county, township and recipient come with them where none has been typed."""
        fields, context = self._fields, self._context
        chosen = fields.who.records()
        first = chosen[0] if chosen else None
        if first == self._for or first is None:
            return
        self._for = first
        place = next((p for p in fields.who.places.values() if p.id == first), None)
        day = fields.days_shown()[0] or batches.reference_day(context.batch)
        here = fields.place.where()
        given = here[0] if here[2] or "place" in fields.typed else None
        context.read(lambda: visit_entry.opening(context.ledger, place, day, context.county, given),
                     lambda found: self._take(first, found), self, "opening")  # fmt: skip

    def _take(self, asked: str, found: Opening) -> None:
        fields = self._fields
        if asked != self._for or fields.locked:
            return
        here = fields.place.where()
        place_free = "place" not in fields.typed and not here[2]
        if place_free and not (here[1] and here[0] == found.county):
            with fields.loading():
                fields.place.set_where([found.county, found.township, None])
            if fields.place.hasFocus():  # the next key writes over it, as when one comes here by Tab
                fields.place.selectAll()
            fields.recipient.set_where(fields.place.where())
            here = fields.place.where()
        if (
            found.recipient
            and here[0] == found.county
            and "recipient" not in fields.typed
            and not fields.recipient.text()
        ):
            with fields.loading():
                fields.recipient.setText(found.recipient)
