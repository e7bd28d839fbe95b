"""The lists, made once a test session; a ledger with the places of 2022."""

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


@pytest.fixture
def roster(tmp_path: Path) -> Iterator[Ledger]:
    """A bureau's ledger with the 38 open places of 2022."""
    found = ledgers.create(tmp_path / "l.ktledger", NewLedger("bureau", roster="2022", actor="演示员"))
    yield found
    found.close()
