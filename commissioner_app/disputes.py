"""A record's fields in conflict, and what changed after its review, with who and when in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commissioner_app.history import when_text
from commissioner_app.labels import Reader, field_label
from db.entities import DELETED, REVIEW, entity
from db.journal import store
from db.journal.changes import Change, ChangeId
from db.journal.fold import fold
from db.journal.rights import Certificates, counted, facts_of, may

Authors = Mapping[ChangeId, tuple[str, str]]
"""(station's name, actor) by operation."""


@dataclass(frozen=True)
class Author:
    """Who wrote a value: when is the time of day of the laptop that wrote it, wall the same in milliseconds."""

    station: str
    actor: str
    when: str
    wall: int


@dataclass(frozen=True)
class Choice:
    """One of the values: text is the value in words; station, actor and when are those of its latest author.

    may: whether this station may choose it.
    """

    value: Any
    text: str
    authors: tuple[Author, ...] = ()
    may: bool = True

    @property
    def station(self) -> str:
        """The unit that wrote it last."""
        return self.authors[0].station if self.authors else ""

    @property
    def actor(self) -> str:
        """The 经办人 who wrote it last."""
        return self.authors[0].actor if self.authors else ""

    @property
    def when(self) -> str:
        """When it was written last."""
        return self.authors[0].when if self.authors else ""

    @property
    def wall(self) -> int:
        """When it was written last, in milliseconds since 1970."""
        return self.authors[0].wall if self.authors else 0


@dataclass(frozen=True)
class Conflict:
    """A field with two or more different heads; the value shown comes first.

    before: what all of them replaced, in words ("" where that is not one value).
    """

    entity: str
    record: str
    field: str
    label: str
    choices: tuple[Choice, ...]
    before: str = ""


@dataclass(frozen=True)
class Changed:
    """A field that changed after a review."""

    label: str
    before: str
    now: str
    author: Author


class Case:
    """A record with its history, its fold and what is needed to tell of it in words."""

    def __init__(self, changes: list[Change], reader: Reader, valid: Certificates, station: str) -> None:
        self.folded = fold(changes, valid)
        self.by_id = {c.id: c for c in changes}
        self.reader = reader
        self._valid, self._station = valid, station

    @property
    def operations(self) -> set[ChangeId]:
        """The operations whose authors will be named."""
        return {ChangeId(c.id.session, c.operation) for c in self.by_id.values()}

    def conflicts(self, authors: Authors) -> list[Conflict]:
        """The fields in conflict that this version can show."""
        f, target = self.folded, entity(self.folded.entity)
        return [
            Conflict(
                f.entity, f.record, name, field_label(f.entity, name), self._choices(name, authors),
                self._before(name),
            )
            for name in sorted(store.known_conflicts(target, f) if target else ())
        ]  # fmt: skip

    def changes(self, authors: Authors) -> tuple[Changed, ...]:
        """What changed since the review: before is what the reviewer saw."""
        f = self.folded
        reviews = [self.by_id[i] for i in f.heads.get(REVIEW.get(f.entity, ""), ())]
        found = []
        for name in sorted(f.stale):
            seen = [self.by_id[i] for r in reviews for i in r.saw.get(name, ()) if i in self.by_id]
            before = seen[-1].values.get(name) if seen else None
            now = self.by_id[f.heads[name][-1]]
            found.append(
                Changed(
                    field_label(f.entity, name),
                    self.reader.value(f.entity, name, before),
                    self.reader.value(f.entity, name, now.values[name]),
                    self._author(now, authors),
                )
            )
        return tuple(found)

    def _choices(self, name: str, authors: Authors) -> tuple[Choice, ...]:
        """Different values, the shown one first, each with all who wrote it, the latest first."""
        found: dict[str, tuple[Any, list[Author]]] = {}
        for i in self.folded.heads[name][::-1]:
            change = self.by_id[i]
            value = change.values[name]
            found.setdefault(repr(value), (value, []))[1].append(self._author(change, authors))
        if name == DELETED and repr(False) not in found:
            # Deleted here, edited there: keeping the record with the edits is the other choice.
            edits = [self._author(c, authors) for c in self._unseen_edits()]
            found[repr(False)] = (False, sorted(edits, key=lambda a: -a.wall))
        texts = self._texts(name, [value for value, _ in found.values()])
        return tuple(
            Choice(value, text, tuple(dict.fromkeys(who)), self._may(name, value))
            for (value, who), text in zip(found.values(), texts, strict=True)
        )

    def _may(self, name: str, value: Any) -> bool:
        """Whether this station may write a value (what it may not would be kept aside everywhere)."""
        own, f = self._valid.get(self._station), self.folded
        if own is None or own.ended is not None:
            return False
        kind = "delete" if name == DELETED and value else "update"
        wish = Change(ChangeId("", 0), 0, 0, f.entity, f.record, kind, {name: value}, station=self._station)
        return own.whole or may(own, wish, facts_of(counted(list(self.by_id.values()), self._valid)))

    def _unseen_edits(self) -> list[Change]:
        """The heads that no deletion had seen."""
        f = self.folded
        deleting = [self.by_id[i] for i in f.heads[DELETED] if self.by_id[i].values[DELETED]]
        seen = {i for d in deleting for ids in d.saw.values() for i in ids}
        unseen = [i for name, ids in f.heads.items() if name != DELETED for i in ids if i not in seen]
        return [self.by_id[i] for i in dict.fromkeys(unseen)]

    def _texts(self, name: str, values: list[Any]) -> list[str]:
        f = self.folded
        if name == DELETED:
            edits = "、".join(
                dict.fromkeys(field_label(f.entity, n) for c in self._unseen_edits() for n in c.values)
            )
            return ["删除" if v else f"保留（另有改动：{edits}）" if edits else "保留" for v in values]
        texts = [self.reader.value(f.entity, name, v) for v in values]
        if len(set(texts)) < len(texts):  # masked numbers look alike: show where they differ
            plain = [str(v) for v in values]
            width = max(map(len, plain))
            same = [len({p[n : n + 1] for p in plain}) == 1 for n in range(width)]
            texts = ["".join("*" if same[n] else c for n, c in enumerate(p)) for p in plain]
        return texts

    def _before(self, name: str) -> str:
        if name == DELETED:
            return ""
        heads = [self.by_id[i] for i in self.folded.heads[name]]
        olds = {i for h in heads for i in h.replaces.get(name, ()) if i in self.by_id}
        texts = {self.reader.value(self.folded.entity, name, self.by_id[i].values.get(name)) for i in olds}
        return texts.pop() if len(texts) == 1 else ""

    @staticmethod
    def _author(change: Change, authors: Authors) -> Author:
        station, actor = authors.get(ChangeId(change.id.session, change.operation), ("", ""))
        return Author(station, actor, when_text(change.wall), change.wall)
