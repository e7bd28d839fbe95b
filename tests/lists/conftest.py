"""The lists, made once a test session; a ledger with the places of 2022."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from commissioner_app import ledgers
from commissioner_app.ledgers import Ledger, NewLedger
from tests.lists import generate


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the lists as .xls and .xlsx, fresh from LibreOffice where there is one."""
    folder = tmp_path_factory.mktemp("lists")
    return folder if generate.make(folder) else generate.MADE


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bureau's ledger with the 38 open places of 2022, closed; made once, copied for each test."""
    path = tmp_path_factory.mktemp("ledger") / "l.ktledger"
    ledgers.create(path, NewLedger("bureau", roster="2022", actor="演示员")).close()
    return path


@pytest.fixture
def roster(fresh: Path, tmp_path: Path) -> Iterator[Ledger]:
    """A bureau's ledger with the 38 open places of 2022."""
    path = tmp_path / "l.ktledger"
    shutil.copy(fresh, path)
    with ledgers.open_ledger(path) as found:
        yield found
