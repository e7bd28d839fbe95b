"""The fold against the reference model: same changes, same values, conflicts, deletions and stale reviews."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from db.entities import DELETED
from db.journal.changes import Change, ChangeId
from db.journal.fold import all_heads, fold
from db.journal.undo import plan_choice, plan_undo
from tests.oracle import model

FIELDS = ("content", "topic", "review")
STATES = ("submitted", "passed", "returned")

step = st.tuples(
    st.sampled_from(
        [
            "edit",
            "edit",
            "edit",
            "choose",
            "sync",
            "review",
            "delete",
            "undelete",
            "choose",
            "undo",
            "redo",
            "sync",
        ]
    ),
    st.integers(0, 2),
    st.integers(0, 5),
    st.integers(0, 3),
    st.integers(-5, 5),
)


class World:
    """Three stations that write one visit; a station knows a set of changes, as laptops do."""

    def __init__(self) -> None:
        first = Change(ChangeId("s0", 1), 1, 1000, "visit", "v", "insert",
                       {"content": "t0", "topic": "d0", "review": ["submitted", None, None, None]})  # fmt: skip
        self.all = [first]
        self.known: list[dict[ChangeId, Change]] = [{first.id: first} for _ in range(3)]
        self.seq = [1, 0, 0]
        self.now = 1000

    def write(self, station: int, drafts: list, offset: int) -> None:
        self.now += 10
        for draft in drafts:
            folded = fold(self.known[station].values())
            replaces = draft.replaces
            if replaces is None:
                replaces = {f: folded.shown.get(f, ()) for f in draft.values}
            self.seq[station] += 1
            change = Change(
                ChangeId(f"s{station}", self.seq[station]), self.seq[station], self.now + offset * 100, "visit",
                "v", draft.kind, draft.values, replaces, draft.saw or {},
            )  # fmt: skip
            self.all.append(change)
            self.known[station][change.id] = change

    def play(self, steps: list[tuple[str, int, int, int, int]]) -> None:
        from db.journal.changes import Draft

        for kind, s, a, b, offset in steps:
            mine = self.known[s]
            folded = fold(mine.values())
            if kind == "sync":
                other = self.known[(s + 1 + a % 2) % 3]
                mine.update(other)
            elif kind == "edit":
                name = FIELDS[a % 2]
                self.write(s, [Draft("visit", "v", "update", {name: f"{name}{b}"})], offset)
            elif kind == "review":
                value = [STATES[a % 3], f"r{s}", None, None]
                saw = all_heads(folded) if value[0] != "submitted" else {}
                self.write(s, [Draft("visit", "v", "update", {"review": value}, saw=saw)], offset)
            elif kind in ("delete", "undelete"):
                saw = all_heads(folded) if kind == "delete" else {}
                heads = folded.heads.get(DELETED, ())
                self.write(s, [Draft("visit", "v", kind, {DELETED: kind == "delete"},
                                     replaces={DELETED: heads}, saw=saw)], offset)  # fmt: skip
            elif kind == "choose" and folded.conflicts - {DELETED}:
                name = sorted(folded.conflicts - {DELETED})[0]
                head = mine[folded.heads[name][b % len(folded.heads[name])]]
                draft = plan_choice("visit", "v", name, head.values[name], list(mine.values()))
                self.write(s, [draft], offset)
                assert name not in fold(mine.values()).conflicts
                if a % 2:  # and think better of it
                    self.undo(s, list(mine.values())[-1], offset)
                    # Of a deleted record nothing but the deletion is undone.
                    after = fold(mine.values())
                    assert after.deleted or name in after.conflicts
            elif kind in ("undo", "redo"):
                own = [c for c in mine.values() if c.id.session == f"s{s}" and c.kind != "insert"]
                if own:
                    self.undo(s, own[-1 - a % len(own)], offset)

    def undo(self, station: int, change: Change, offset: int) -> None:
        """Take one change back; what it wrote is then as if it had never been, as the model has it."""
        mine = self.known[station]
        ledger = oracle_ledger(list(mine.values()))
        allowed, gone = {tuple(i) for i in mine}, {tuple(change.id)}
        expected = {
            f: {repr(ledger.ch[i].vals[f]) for i in ledger.heads("v", f, allowed, without=gone)}
            for f in change.values
        }
        shown = fold(mine.values()).heads
        plan = plan_undo([change], lambda _: list(mine.values()))
        undone = {f for d in plan.drafts for f in d.values}
        # The model's rule: a field goes back only while the change is among its heads.
        assert undone <= {f for f in change.values if change.id in shown.get(f, ())}
        self.write(station, plan.drafts, offset)
        after = oracle_ledger(list(mine.values()))
        for name in undone - {DELETED}:
            now = {repr(after.ch[i].vals[name]) for i in after.heads("v", name, {tuple(i) for i in mine})}
            assert now == (expected[name] or {repr(None)})


def oracle_ledger(changes: list[Change]) -> model.Ledger:
    """The same changes in the reference model."""
    ledger = model.Ledger(model.FIXED)
    for c in changes:
        vals = {f: tuple(v) if isinstance(v, list) else v for f, v in c.values.items()}
        if vals.get("review"):
            state = {"passed": "confirmed"}.get(vals["review"][0], vals["review"][0])
            vals["review"] = (state, *vals["review"][1:])
        saw = frozenset((f, tuple(i)) for f, ids in c.saw.items() for i in ids)
        repl = {f: frozenset(tuple(i) for i in c.replaces.get(f, ())) for f in c.values}
        ledger.add(model.Change(tuple(c.id), "BU", None, c.wall, 0, "visit", "v", c.kind, vals, repl, saw))
    return ledger


def oracle(changes: list[Change]) -> model.Fold:
    """The record as the reference model folds it."""
    return oracle_ledger(changes).fold("v")


KINDS = [
    "edit",
    "edit",
    "edit",
    "review",
    "delete",
    "undelete",
    "choose",
    "choose",
    "undo",
    "redo",
    "sync",
    "sync",
]


def random_steps(rng: random.Random) -> list[tuple[str, int, int, int, int]]:
    """A long history with every kind of step; Hypothesis' own lists are mostly short and seldom meet a conflict."""
    return [
        (rng.choice(KINDS), rng.randint(0, 2), rng.randint(0, 5), rng.randint(0, 3), rng.randint(-5, 5))
        for _ in range(40)
    ]


@given(
    st.one_of(
        st.lists(step, min_size=1, max_size=40),
        st.integers(0, 10**9).map(lambda n: random_steps(random.Random(n))),
    ),
    st.randoms(),
)
@settings(max_examples=300)
def test_fold_is_the_models(steps: list, rng: random.Random) -> None:
    model.CONTENT = ("content", "topic")
    world = World()
    world.play(steps)
    for changes in [*(list(k.values()) for k in world.known), world.all]:
        mine, want = fold(changes), oracle(changes)
        heads = {f: {tuple(i) for i in ids} for f, ids in mine.heads.items()}
        assert heads == {f: set(ids) for f, ids in want.heads.items()}
        assert {f: ids[-1] for f, ids in mine.heads.items()} == {f: ids[-1] for f, ids in want.heads.items()}
        assert set(mine.conflicts) == set(want.conf)
        assert mine.deleted == want.deleted
        assert set(mine.stale) == set(want.stale)
        # The order in which packages arrive does not matter, nor receiving twice.
        shuffled = list(changes)
        rng.shuffle(shuffled)
        again = fold(shuffled)
        assert (again.values, again.heads, again.conflicts, again.deleted, again.stale) == (
            mine.values, mine.heads, mine.conflicts, mine.deleted, mine.stale,
        )  # fmt: skip
