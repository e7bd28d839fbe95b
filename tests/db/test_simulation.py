"""A dozen random histories in lockstep with the reference model; `python -m benchmarks simulate` plays many more."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.oracle import wide
from tests.simulation import lockstep

Start = tuple[bytes, Path]


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """Ledgers of a bureau, three counties and three commissioners, as every history finds them."""
    source = lockstep.room()
    with lockstep.prepared():
        yield lockstep.prepare(source, population=5), source
    shutil.rmtree(source)


@pytest.mark.parametrize("seed", range(12))
def test_every_station_is_as_the_model_says(start: Start, seed: int, tmp_path: Path) -> None:
    steps = wide.random_steps(seed, 40, hot=seed % 2 == 0)
    world = lockstep.play(*start, tmp_path, seed, steps, thorough=seed % 4 == 0)
    assert world.tally.compared > 10
