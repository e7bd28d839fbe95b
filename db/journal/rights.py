"""Who may write what: a pure function of a change, its record's history and its author's certificate.

Never what a table held when a package arrived: so every ledger that knows the same changes counts the same
ones. The rules are DESIGN.md's "Rights by role", proven against shared/model by tests/db/test_rights.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from db.entities import DELETED
from db.ids import computed_id
from db.journal.changes import Change, ChangeId

Spans = Mapping[str, tuple[tuple[int, int], ...]]
"""Session → ranges of numbers, both ends included."""


@dataclass(frozen=True)
class Certificate:
    """What a station may write: role (bureau / county / commissioner / ship), county, place, person.

    ended: what had been accepted of it when its certificate ended; None while it is in force.
    """

    role: str
    county: str | None = None
    place: str | None = None
    person: str | None = None
    ended: Spans | None = None

    @property
    def whole(self) -> bool:
        """Whether everything it writes counts."""
        return self.role in ("bureau", "ship") and self.ended is None


Certificates = Mapping[str, Certificate]
"""The certificates that count in a ledger, by station."""


@dataclass
class Facts:
    """What the history of a record says about whose it is."""

    counties: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    inserters: set[str] = field(default_factory=set)


CHILDREN = ("visit_companion", "attachment", "doubt_answer")
"""Parts of a visit: each carries the visit's county and places, so that its rights follow from itself."""

_BUREAU_ONLY = frozenset(
    (
        "batch",
        "category",
        "organisation",
        "commissioner",
        "team",
        "team_task",
        "appointment",
        "appointment_person",
    )
)


def county_of(entity: str, values: Mapping[str, Any]) -> str | None:
    """The county that a change's values name."""
    if entity in CHILDREN:
        value = values.get("county")
    else:
        value = values.get("where")
        value = value[0] if isinstance(value, list) and value else None
    return value if isinstance(value, str) else None


def places_of(entity: str, values: Mapping[str, Any]) -> list[str]:
    """The places that a change's values name as its own (a visit counts for each)."""
    if entity in CHILDREN:
        found = values.get("places")
        return [p for p in found if isinstance(p, str)] if isinstance(found, list) else []
    who = values.get("who") if entity == "visit" else None
    if not isinstance(who, list):
        return []
    return [pair[0] for pair in who if isinstance(pair, list) and pair and isinstance(pair[0], str)]


def facts_of(changes: Iterable[Change]) -> Facts:
    """What these changes of one record say."""
    facts = Facts()
    for change in changes:
        values = change.values
        county = county_of(change.entity, values)
        if county:
            facts.counties.add(county)
        facts.places.update(places_of(change.entity, values))
        if change.entity == "commissioner_private" and isinstance(values.get("commissioner"), str):
            facts.persons.add(values["commissioner"])
        if change.kind == "insert":
            facts.inserters.add(change.station)
    return facts


def may(certificate: Certificate | None, change: Change, facts: Facts) -> bool:
    """Whether a change counts, given what the counted changes of its record say."""
    if certificate is None:
        return False
    if certificate.role in ("bureau", "ship"):
        return True
    if change.entity == "station":
        if change.record == change.station:
            return change.kind == "insert" or set(change.values) == {"name"}
        return certificate.role == "county" and set(change.values) == {"accepted"}
    if change.entity == "setting":
        return True
    if change.entity in _BUREAU_ONLY:
        return False
    if certificate.role == "county":
        return _county_may(certificate.county, change, facts)
    if certificate.role == "commissioner":
        return _commissioner_may(certificate, change, facts)
    return False


def _county_may(own: str | None, change: Change, facts: Facts) -> bool:
    county = county_of(change.entity, change.values)
    if change.entity == "assignment":
        return (
            change.kind == "update"
            and own in facts.counties
            and county in (None, own)
            and DELETED not in change.values
        )
    if change.entity in ("recipient", "visit", *CHILDREN):
        if change.kind == "insert":
            return county in (None, own)
        return own in facts.counties or (not facts.counties and change.station in facts.inserters)
    return False


def _commissioner_may(certificate: Certificate, change: Change, facts: Facts) -> bool:
    values, place = change.values, certificate.place
    if change.entity == "commissioner_private":
        # Its own phone, and nothing of anybody else's.
        if change.kind == "insert":
            # Its record is computed from the person: nobody else's is taken over by entering it again.
            return (
                values.get("commissioner") == certificate.person
                and change.record == computed_id("commissioner_private", certificate.person)
                and set(values) <= {"commissioner", "phone"}
            )
        return certificate.person in facts.persons and set(values) <= {"phone"}
    if change.entity == "recipient":
        return change.kind == "insert" or change.station in facts.inserters
    if change.entity == "visit":
        review = values.get("review")
        if review and (not isinstance(review, list) or review[0] not in (None, "draft", "submitted")):
            return False
    if change.entity in ("visit", *CHILDREN):
        written = "who" if change.entity == "visit" else "places"
        if change.kind == "insert" or written in values:
            own = place in places_of(change.entity, values)
            return own and (change.kind == "insert" or place in facts.places)
        return place in facts.places
    return False


def counted(changes: Collection[Change], certificates: Certificates) -> list[Change]:
    """The changes of one record that count: the least set that follows from changes that themselves count.

    After a certificate has ended there count what the bureau had by then and what another station had built on.
    """
    if all((c := certificates.get(x.station)) is not None and c.whole for x in changes):
        return list(changes)
    found = _own_only(_fixpoint(changes, certificates), changes, certificates)
    late = {c.id for c in found if _late(certificates[c.station], c.id)}
    if not late:
        return found
    others = [c for c in found if c.id not in late]
    built = {
        (c.station, i) for c in others for heads in (c.replaces, c.saw) for ids in heads.values() for i in ids
    }
    dropped = {
        c.id
        for c in found
        if c.id in late
        and not any(i == c.id and station != c.station for station, i in built)
        and not (c.kind == "insert" and any(o.station != c.station for o in others))
    }
    if not dropped:
        return found
    kept = [c for c in changes if c.id not in dropped]
    return _own_only(_fixpoint(kept, certificates), kept, certificates)


def _own_only(found: list[Change], changes: Collection[Change], certificates: Certificates) -> list[Change]:
    """Without what a station wrote over others by right of nothing but having entered their record once more.

    Two stations may enter the same record (one table imported twice); what stands in it without the second one is
    its to replace or delete only with a right that follows from the others' changes.
    """
    inserters = {c.station for c in found if c.kind == "insert"}
    if len(inserters) < 2:
        return found
    dropped: set[int] = set()
    for station in sorted(inserters):
        certificate = certificates[station]
        if certificate.role in ("bureau", "ship"):
            continue
        others = _fixpoint([c for c in changes if c.station != station], certificates)
        ids, facts = {c.id for c in others}, facts_of(others)
        for change in found:
            if change.station != station:
                continue
            over = any(i in ids for heads in (change.replaces, change.saw) for h in heads.values() for i in h)
            if over and not may(certificate, replace(change, kind="update"), facts):
                dropped.add(id(change))
    if not dropped:
        return found
    return _fixpoint([c for c in changes if id(c) not in dropped], certificates)


def _late(certificate: Certificate, identity: ChangeId) -> bool:
    if certificate.ended is None:
        return False
    return not any(a <= identity.seq <= b for a, b in certificate.ended.get(identity.session, ()))


def _fixpoint(changes: Iterable[Change], certificates: Certificates) -> list[Change]:
    found: list[Change] = []
    rest: list[Change] = []
    for change in changes:
        certificate = certificates.get(change.station)
        whole = certificate is not None and certificate.role in ("bureau", "ship")
        (found if whole else rest).append(change)
    while rest:
        facts = facts_of(found)
        fresh = [c for c in rest if may(certificates.get(c.station), c, facts)]
        if not fresh:
            break
        found += fresh
        ids = {c.id for c in fresh}
        rest = [c for c in rest if c.id not in ids]
    return found


def why_not(certificate: Certificate | None, change: Change) -> str:
    """Why a change does not count, in one sentence for the person who wants it or decides about it."""
    if certificate is None:
        return "填报单位尚未认可。"
    if certificate.ended is not None:
        return "填报单位停用以后所作的改动。"
    commissioner = certificate.role == "commissioner"
    unit = "科技特派员" if commissioner else "县科技局"
    if change.entity in _BUREAU_ONLY:
        return f"选派批次、名额、人员和服务团由市科技局维护，{unit}不能改动。"
    if change.entity == "commissioner_private":
        return f"身份证号和联系电话由市科技局维护，{unit}不能改动{'他人的' if commissioner else ''}。"
    if change.entity == "assignment":
        return "受援县安排由市科技局确定，县科技局只能补充本县的安排。"
    if change.entity == "station":
        return f"{unit}不能改动使用单位的登记。"
    review = change.values.get("review")
    if commissioner and isinstance(review, list) and review and review[0] in ("passed", "returned"):
        return "科技特派员不能审核服务记录。"
    return "只能填写和修改本人的记录。" if commissioner else "只能填写和修改本县的记录。"
