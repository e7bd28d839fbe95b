"""Passwords: set, changed, taken away; the 恢复单 opens; a process killed half way leaves the old file whole."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from commissioner_app import actors, backups, ledgers, maintenance, recovery
from db.check import check
from db.engine import is_encrypted
from db.errors import LedgerBusy, Refused, WrongPassword
from db.ledger import Ledger

ROOT = Path(__file__).parents[2]
OLD, NEW = "山药2022", "another-long-one"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "焦作市科技局2022.ktledger"
    ledgers.create(made, ledgers.NewLedger("bureau", roster="2022"), OLD).close()
    return made


def places(path: Path, password: str | None) -> int:
    with ledgers.open_ledger(path, password) as ledger:
        assert check(ledger).faults == []
        return ledgers.info(ledger).places


def test_a_new_password_brings_a_new_key(path: Path) -> None:
    with ledgers.open_ledger(path, OLD) as ledger:
        first, station = ledger.key, ledger.station
    before = recovery.change_password(path, OLD, NEW)
    assert places(path, NEW) == 38
    with ledgers.open_ledger(path, NEW) as ledger:
        second = ledger.key
        assert ledger.station == station
        actors.switch(ledger, "演示乙")  # it can be written to
    assert first and second and first[:64] != second[:64] and first[64:] != second[64:]
    assert places(path, second.upper()) == 38
    for wrong in (OLD, first):
        with pytest.raises(WrongPassword):
            ledgers.open_ledger(path, wrong)
    assert maintenance.opens(before, OLD) and not maintenance.opens(before, NEW)
    assert places(before, first) == 38


def test_a_password_is_set_and_taken_away(path: Path) -> None:
    recovery.change_password(path, OLD, None)
    assert not is_encrypted(path) and places(path, None) == 38
    recovery.change_password(path, None, NEW)
    assert is_encrypted(path) and places(path, NEW) == 38


def test_a_wrong_password_changes_nothing(path: Path) -> None:
    content = path.read_bytes()
    with pytest.raises(WrongPassword):
        recovery.change_password(path, "falsch", NEW)
    assert path.read_bytes() == content


def test_a_ledger_that_is_open_elsewhere_is_left_alone(path: Path) -> None:
    with ledgers.open_ledger(path, OLD) as elsewhere:
        elsewhere.data_version()
        with pytest.raises(LedgerBusy):
            recovery.change_password(path, OLD, NEW)
        actors.switch(elsewhere, "演示乙")
    with ledgers.open_ledger(path, OLD) as ledger:
        assert ledger.actor == "演示乙"


KILLED = """
import sys, time
from pathlib import Path
from commissioner_app import recovery
from db import rekey
verify = rekey.verify
def slow(part, key):
    print("copied", flush=True)
    time.sleep(30)
    verify(part, key)
rekey.verify = slow
recovery.change_password(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
"""


def test_killed_half_way_the_old_file_is_whole(path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path), OLD, NEW], stdout=subprocess.PIPE, env=environment, cwd=ROOT
    )
    assert process.stdout.readline().strip() == b"copied"
    process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    process.wait(10)
    assert places(path, OLD) == 38
    recovery.change_password(path, OLD, NEW)
    assert places(path, NEW) == 38
    assert not list(path.parent.glob("*.newkey*"))


def test_the_sheet_holds_the_key(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "恢复单.pdf"
    with ledgers.open_ledger(path, OLD) as ledger:
        key = ledger.key
        recovery.write_sheet(ledger, target, "焦作市科技局")
        assert recovery.sheet_path(ledger).suffix == ".pdf"
    document = pypdfium2.PdfDocument(target)
    assert len(document) == 1
    text = "".join(document[0].get_textpage().get_text_range().split())
    document.close()
    for n in range(0, 96, 16):
        assert key[n : n + 16].upper() in text
    assert "焦作市科技局2022.ktledger" in text and "锁存保管" in text
    with pikepdf.open(target) as pdf:
        faces = [f for f in pdf.pages[0].Resources.Font.values() if f.Subtype == "/TrueType"]
        assert faces and all("/FontFile2" in face.FontDescriptor for face in faces)
    assert target.stat().st_size < 200_000 and not list(tmp_path.glob("*.part"))


def test_without_a_password_there_is_no_sheet(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        recovery.write_sheet(ledger, tmp_path / "x.pdf")


def test_hints_and_problems_in_words() -> None:
    assert [recovery.strength(p)[0] for p in ("", "abc", "123456", "839201", "shan2022", "一二三四五六")] == [
        0, 1, 1, 2, 3, 3,
    ]  # fmt: skip
    assert recovery.password_problem("shan2022", "shan2022") == ""
    assert "不一样" in recovery.password_problem("shan2022", "shan2023")
    assert recovery.key_problem("ab12 " * 24) == "" and "95" in recovery.key_problem("a" * 95)
    assert "G" in recovery.key_problem("G" * 96).upper()


def test_actors_are_remembered(ledger: Ledger) -> None:
    first = ledger.actor
    actors.switch(ledger, "演示乙")
    actors.switch(ledger, first)
    assert actors.known(ledger) == [first, "演示乙"]
    with pytest.raises(Refused):
        actors.forget(ledger, first)
    actors.forget(ledger, "演示乙")
    assert actors.known(ledger) == [first]


def test_backups_are_listed_with_their_reason(ledger: Ledger) -> None:
    backups.make(ledger, "升级前")
    (found,) = maintenance.listed_backups(ledger.path)
    assert found.why == "升级前" and found.size > 1000
    assert maintenance.facts(ledger).changes == 1 and maintenance.check(ledger).faults == []
    assert maintenance.size_text(860_000) == "860 KB" and maintenance.size_text(12_400_000) == "12.4 MB"
