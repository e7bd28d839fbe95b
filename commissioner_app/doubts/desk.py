"""What is known about the doubts of an open ledger, kept in memory and brought up to date by what has changed.

A first full reading takes seconds at 100,000 visits; afterwards only the changed visits, the people they belong to and
their texts are looked at again. What is held is told by the journal's ranges, so writes of another program count too.
"""

import threading
from array import array
from collections.abc import Collection, Iterable
from weakref import WeakKeyDictionary

from commissioner_app.doubts import rules as ruling
from commissioner_app.doubts.checks import Checker, Hit, Hits, Log, Seen
from commissioner_app.doubts.rules import Rules
from commissioner_app.doubts.texts import Alike, Texts
from commissioner_app.periods import today
from db.journal import store
from db.journal.ranges import Ranges
from db.ledger import Connection, Ledger
from db.queries import doubts as queries
from db.queries.doubts import Person, Reference

MANY = 50
"""Texts of so many changed visits are compared anew together: one by one would take longer."""

BULK = 2000
"""After so many changed visits (an import, a merge) everything is read again."""


class Desk:
    """The doubts of one ledger. All methods are called with `lock` held."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rules = ruling.shipped()
        self.reference = Reference()
        self.now = ""
        self.texts: Texts | None = None
        self.complete = False
        self._held = Ranges()
        self._trust: tuple[object, ...] = ()
        self._clear()

    def _clear(self) -> None:
        self.complete = False
        self.alone: Hits = {rule: {} for rule in self.rules.rules}
        self.people: dict[Person, Hits] = {}
        self._whose: list[tuple[Person, ...]] = [()]
        self._number: dict[tuple[Person, ...], int] = {(): 0}
        self._of_row = array("i")

    def refresh(self, connection: Connection, now: str | None = None) -> None:
        """Notice what has changed since the last time; what was never read stays unread."""
        now = now or today()
        held, trust = store.held(connection), queries.trust_stamp(connection)
        rules, reference = ruling.load(connection), queries.reference(connection)
        lost = self._held.minus(held)
        fresh = queries.changed(connection, held.minus(self._held)) if self._held else {}
        anew = bool(lost) or trust != self._trust or "station" in fresh or not self._held
        changed = [] if anew else self._changed_visits(connection, fresh)
        if anew or parameters(rules, "near_text") != parameters(self.rules, "near_text"):
            self.texts = None
        rest = (now, reference, parameters(rules)) != (self.now, self.reference, parameters(self.rules))
        self._held, self._trust = held, trust
        self.rules, self.reference, self.now = rules, reference, now
        if anew or rest or len(changed) > BULK:
            self._clear()
        elif changed and self.complete:
            self._again(connection, changed, "attachment" in fresh)
        if changed and self.texts is not None:
            if len(changed) > MANY:
                self.texts.near = None
            for rowid, content in queries.texts(connection, changed):
                self.texts.put(rowid, content)

    def _changed_visits(self, connection: Connection, fresh: dict[str, set[str]]) -> list[int]:
        visits = set(fresh.get("visit", ()))
        if "attachment" in fresh:
            visits.update(queries.visits_of_attachments(connection, sorted(fresh["attachment"])))
        return sorted(queries.rowids(connection, sorted(visits)).values())

    def read_texts(self, connection: Connection) -> Texts:
        """What all visits say."""
        if self.texts is None:
            rule = self.rules["near_text"]
            self.texts = Texts(rule["percent"], rule["least"])
            for rowid, content in queries.texts(connection):
                self.texts.put(rowid, content)
        return self.texts

    def read_all(self, connection: Connection) -> None:
        """Hold every visit against every rule, unless that is done."""
        texts = self.read_texts(connection)
        if self.rules.on("near_text"):
            texts.compare()
        if self.complete:
            return
        self._clear()
        checker = self.checker()
        photos = _photos(connection, None)
        logs: dict[Person, Log] = {}
        for row in queries.visits(connection):
            seen = checker.see(row)
            self._enter(checker, seen, photos.get(seen.rowid))
            for person in seen.whose.people:
                log = logs.get(person)
                if log is None:
                    log = logs[person] = Log()
                log.add(seen, checker.county(seen.county))
        for person, log in logs.items():
            self._keep(person, checker.together(log))
        self.alone["photo_reused"] = _reused(connection)
        self.complete = True

    def _again(self, connection: Connection, changed: list[int], photos: bool) -> None:
        """Look again at some visits and at all visits of the people they belong to, or belonged to."""
        checker = self.checker()
        people = {p for rowid in changed for p in self._people_of(rowid)}
        for hits in self.alone.values():
            for rowid in changed:
                hits.pop(rowid, None)
        for rowid in changed:
            self._set_people(rowid, ())
        taken = _photos(connection, changed)
        for row in queries.visits(connection, changed):
            seen = checker.see(row)
            self._enter(checker, seen, taken.get(seen.rowid))
            people.update(seen.whose.people)
        for person, log in logs_of(connection, checker, people).items():
            self._keep(person, checker.together(log))
        if photos or taken or self.alone["photo_reused"]:
            self.alone["photo_reused"] = _reused(connection)

    def checker(self) -> Checker:
        """What holds visits against the rules in force."""
        return Checker(self.rules, self.reference, self.now)

    def _enter(self, checker: Checker, seen: Seen, photos: list[tuple[str, str | None]] | None) -> None:
        for rule, hit in checker.alone(seen):
            self.alone[rule][seen.rowid] = hit
        for rule, hit in checker.photos(seen, photos):
            self.alone[rule][seen.rowid] = hit
        self._set_people(seen.rowid, seen.whose.people)

    def _keep(self, person: Person, hits: Hits) -> None:
        if any(hits.values()):
            self.people[person] = {rule: found for rule, found in hits.items() if found}
        else:
            self.people.pop(person, None)

    def _set_people(self, rowid: int, people: tuple[Person, ...]) -> None:
        number = self._number.get(people)
        if number is None:
            number = self._number[people] = len(self._whose)
            self._whose.append(people)
        if rowid >= len(self._of_row):
            self._of_row.extend([0] * (rowid + 1 - len(self._of_row)))
        self._of_row[rowid] = number

    def _people_of(self, rowid: int) -> tuple[Person, ...]:
        return self._whose[self._of_row[rowid]] if rowid < len(self._of_row) else ()

    def hits(self, rule: str) -> set[int]:
        """Row numbers of all visits that a rule points out; only after `read_all`."""
        if rule == "near_text":
            return set(self.texts.hits()) if self.texts else set()
        found = set(self.alone[rule])
        for hits in self.people.values():
            found.update(hits.get(rule, ()))
        return found

    def met(self, rowid: int) -> dict[str, Hit]:
        """What a visit has met, by rule; only after `read_all`."""
        found = {rule: hits[rowid] for rule, hits in self.alone.items() if rowid in hits}
        add_together(found, rowid, (self.people.get(p, {}) for p in self._people_of(rowid)))
        if self.texts is not None and self.texts.near is not None:
            add_text(found, self.texts.others(rowid))
        return found


def add_together(found: dict[str, Hit], rowid: int, of_people: Iterable[Hits]) -> None:
    """Add what a visit meets beside the other visits of its people: one finding for a team's day."""
    for hits in of_people:
        for rule, by_row in hits.items():
            hit = by_row.get(rowid)
            if hit is None:
                continue
            before = found.get(rule)
            others = tuple(dict.fromkeys([*(before.others if before else ()), *hit.others]))
            found[rule] = Hit(before.words if before else hit.words, others)


def add_text(found: dict[str, Hit], alike: Alike) -> None:
    """Add that a visit says nearly the same as others."""
    if alike.total:
        # 90.2 is over 90, and only what is the same is 100.
        shown = 100 if alike.percent >= 100 else min(99, int(alike.percent) + 1)
        found["near_text"] = Hit({"percent": str(shown)}, alike.rows, alike.total)


def logs_of(connection: Connection, checker: Checker, people: Collection[Person]) -> dict[Person, Log]:
    """All visits of some people, packed; those without visits have an empty log."""
    rows: dict[int, list[Person]] = {}
    for rowid, place, commissioner in queries.rows_of_people(connection, people, checker.reference.standing):
        person = checker.reference.person(place, commissioner)
        if person not in rows.setdefault(rowid, []):
            rows[rowid].append(person)
    logs = {person: Log() for person in people}
    for row in queries.visits(connection, rows):
        seen = checker.see(row)
        for person in rows[seen.rowid]:
            logs[person].add(seen, checker.county(seen.county))
    return logs


def _photos(
    connection: Connection, rowids: Collection[int] | None
) -> dict[int, list[tuple[str, str | None]]]:
    found: dict[int, list[tuple[str, str | None]]] = {}
    for rowid, name, taken in queries.photos(connection, rowids):
        found.setdefault(rowid, []).append((name, taken))
    return found


def _reused(connection: Connection) -> dict[int, Hit]:
    """By visit the photos that stand at another visit too, and at which."""
    at: dict[str, list[int]] = {}
    names: dict[int, dict[str, list[str]]] = {}
    for sha, rowid, name in queries.reused_photos(connection):
        at.setdefault(sha, []).append(rowid)
        names.setdefault(rowid, {}).setdefault(name, []).append(sha)
    return {
        rowid: photo_hit(list(of), dict.fromkeys(r for shas in of.values() for s in shas for r in at[s]))
        for rowid, of in names.items()
    }


def photo_hit(names: list[str], others: Iterable[int]) -> Hit:
    """Photos of a visit that stand at others too."""
    more = f"等 {len(names)} 张" if len(names) > 3 else ""
    shown = "、".join(f"“{name}”" for name in sorted(names)[:3])
    return Hit({"photos": shown + more}, tuple(sorted(set(others))))


def parameters(rules: Rules, *only: str) -> dict[str, dict[str, object]]:
    """The figures of the rules: what a reading depends on (sentences and switches only change how it is shown)."""
    return {
        name: {p.name: p.value for p in rule.parameters.values()}
        for name, rule in rules.rules.items()
        if not only or name in only
    }


_desks: "WeakKeyDictionary[Ledger, Desk]" = WeakKeyDictionary()
_guard = threading.Lock()


def of(ledger: Ledger) -> Desk:
    """The desk of an open ledger; it goes when the ledger does."""
    with _guard:
        return _desks.setdefault(ledger, Desk())


def forget(ledger: Ledger) -> None:
    """Read everything anew the next time: after a repair, which changes rows and writes no change."""
    with _guard:
        _desks.pop(ledger, None)
