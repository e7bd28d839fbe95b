"""Fixtures that all tests share: a home of their own, ledgers, and errors in the log that fail the test."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hypothesis import HealthCheck, settings

from db.ledger import Ledger
from tests import office as laptops
from tests.office import Office

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, logs and documents of a test lie in a folder of its own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("COMMISSIONER_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def no_logged_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """An unexpected log message of level error fails the test."""
    yield
    bad = [r for when in ("setup", "call") for r in caplog.get_records(when) if r.levelno >= logging.ERROR]
    assert not bad, [r.getMessage() for r in bad]


@pytest.fixture
def make_ledger(tmp_path: Path) -> Iterator[Callable[..., Ledger]]:
    """Makes ledgers with a station; closed at the end."""
    made: list[Ledger] = []

    def make(name: str = "a", role: str = "bureau", password: str | None = None) -> Ledger:
        ledger = Ledger.create(tmp_path / f"{name}.ktledger", password)
        county = "410825" if role == "county" else None
        ledger.make_station({"role": role, "name": f"演示单位{name}", "county": county}, f"演示{name}")
        made.append(ledger)
        return ledger

    yield make
    for ledger in made:
        ledger.close()


@pytest.fixture
def ledger(make_ledger: Callable[..., Ledger]) -> Ledger:
    """A bureau's empty ledger."""
    return make_ledger()


@pytest.fixture(scope="session")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three laptops of tests/office.py, made once; tests get copies."""
    folder = tmp_path_factory.mktemp("offices")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMMISSIONER_HOME", str(folder / "home"))
        return laptops.build(folder)


@pytest.fixture
def office(offices: Path, tmp_path: Path) -> Iterator[Office]:
    """Bureau b with three people, county w (修武县) and commissioner c, who have exchanged all there is."""
    with laptops.unpack(offices, laptops.SETTLED, tmp_path) as found:
        yield found


@pytest.fixture
def young_office(offices: Path, tmp_path: Path) -> Iterator[Office]:
    """The same three just after they were made: neither the bureau nor the county has heard of those below."""
    with laptops.unpack(offices, laptops.YOUNG, tmp_path) as found:
        yield found
