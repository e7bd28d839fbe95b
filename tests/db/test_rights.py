"""Rights and what is kept aside against the reference model, over its random histories (stage 1: pure)."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.journal.certificates import effective
from db.journal.changes import Change
from db.journal.fold import fold
from tests.oracle import wide
from tests.simulation import mapping


def compare_all(world: Any, ledgers: list[tuple[str, Any]], rng: random.Random) -> list[str]:
    """Every record of some ledgers, folded here and there; also in another order of the changes."""
    wrong = []
    mapped: dict[tuple[str, int], Change] = {}
    for name, led in ledgers:
        valid = mapping.certificates(led)
        for rec, cs in led.byrec.items():
            changes = [mapped.setdefault(c.id, mapping.change(c)) for c in cs]
            wrong += [f"{name} {rec}: {d}" for d in mapping.compare(led, rec, changes, valid)]
            shuffled = rng.sample(changes, len(changes))
            if mapping.found(fold(shuffled, valid), changes) != mapping.found(fold(changes, valid), changes):
                wrong.append(f"{name} {rec}: the order of the changes matters")
    return wrong


def compare_certificates(world: Any) -> list[str]:
    """Whose changes count on a station: as the model says, from the same station records."""
    wrong = []
    for s in world.stations:
        changes = [mapping.change(c) for r, cs in s.led.byrec.items() if r.startswith("st:") for c in cs]
        got = effective(changes, mapping.station(s.key), {mapping.station("BU")})
        got = {k: c for k, c in got.items() if c.role != "ship"}
        want = {k: c for k, c in mapping.certificates(s.led).items() if c.role != "ship"}
        if mapping.station("BU") not in {c.record for c in changes}:
            want.pop(mapping.station("BU"))
            continue  # without a bureau others have its rights: the model always knows one
        if got != want:
            wrong.append(f"{s.name}: certificates: model {want}, app {got}")
    return wrong


def play(seed: int, steps: list[tuple], population: int = 5) -> list[str]:
    """One history; what differs from the model."""
    world = wide.World(seed, population=population)
    for step in steps:
        world.step(step)
    rng = random.Random(seed)
    wrong = compare_all(world, [(s.name, s.led) for s in world.stations], rng)
    wrong += compare_certificates(world)
    world.judge()
    assert not world.viol, world.viol
    wrong += compare_all(
        world, [("all", world.union()), (world.stations[0].name, world.stations[0].led)], rng
    )
    return wrong + compare_certificates(world)


@pytest.mark.parametrize("seed", range(12))
def test_rights_and_fold_are_the_models(seed: int) -> None:
    assert not play(seed, wide.random_steps(seed, 120, seed % 2 == 0))


@given(st.integers(0, 10**9), st.integers(10, 80), st.booleans())
@settings(max_examples=40)
def test_rights_and_fold_are_the_models_in_any_history(seed: int, length: int, hot: bool) -> None:
    assert not play(seed, wide.random_steps(seed, length, hot))
