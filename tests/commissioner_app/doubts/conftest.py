"""A bureau's ledger with three people: two served 温县 in the whole period of 2022, the third has no county."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from commissioner_app import assignments, batches, ledgers, people, places, visits
from commissioner_app.ledgers import Ledger, NewLedger

WEN, BOAI = "410825", "410822"


@pytest.fixture(scope="session")
def office_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("doubts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMMISSIONER_HOME", str(folder / "home"))
        path = folder / "o.ktledger"
        ledger = ledgers.create(path, NewLedger("bureau", roster="2022", actor="演示员"))
        batch = batches.all_batches(ledger)[0]
        found = [p for p in places.listed(ledger, batch) if p.category_name == "省派"]
        for place, name in zip(found, ("演示甲", "演示乙", "演示丙"), strict=False):
            people.save_person(ledger, None, {"name": name}, place=place.id)
        assignments.move(ledger, batch, found[:2], WEN, "2022-04-01")
        ledger.close()
    return path


@pytest.fixture
def ledger(office_file: Path, tmp_path: Path) -> Iterator[Ledger]:
    path = tmp_path / "o.ktledger"
    shutil.copyfile(office_file, path)
    opened = ledgers.open_ledger(path)
    yield opened
    opened.close()


@pytest.fixture
def log(ledger: Ledger) -> Callable[..., str]:
    """Logs a visit: by the names of its people, on a day, with half days; everything else may be given by field."""
    known = {p.name: p for p in places.listed(ledger, None, "2022-09-01") if p.name}
    numbers = iter(range(1, 100_000))

    def values(
        who: str = "演示甲", day: str = "2022-06-01", half: int | None = 2, **more: Any
    ) -> dict[str, Any]:
        n = next(numbers)
        times = more.pop("times", (None, None))
        return {
            "who": [[known[name].id, known[name].commissioner] for name in who.split("、")],
            "time": [day, more.pop("end", None), *times, half],
            "where": [more.pop("county", WEN), None, None],
            "content": more.pop("content", f"第{n * 7919}次到田间查看，编号{n * 104729}，事项{n * 1299709}"),
            **more,
        }

    def save(*args: Any, **more: Any) -> str:
        return visits.save(ledger, None, values(*args, **more)).records["visit"][0]

    save.values = values  # type: ignore[attr-defined]
    return save
