"""Drafts on disk: whole or old, encrypted beside a ledger with a password, gone for good when they are dropped."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from commissioner_app import drafts, paths
from db.ledger import Ledger

Make = Callable[..., Ledger]
WORDS = "指导铁棍山药种植"


def files() -> list[Path]:
    folder = paths.settings_dir() / "drafts"
    return sorted(folder.iterdir()) if folder.is_dir() else []


@pytest.mark.parametrize("password", [None, "演示密码2022"])
def test_what_is_kept_comes_back(make_ledger: Make, password: str | None) -> None:
    ledger = make_ledger(password=password)
    key = drafts.new_key("visit:new")
    assert drafts.keep(ledger, key, {"text": WORDS}) and drafts.keep_part(ledger, key, "照片", b"bytes")
    assert drafts.kept(ledger, key) == {"text": WORDS} and drafts.part(ledger, key, "照片") == b"bytes"
    plain = [f for f in files() if WORDS.encode() in f.read_bytes() or b"bytes" in f.read_bytes()]
    assert bool(plain) == (password is None)
    (found,) = drafts.waiting(ledger)
    assert (found.editor, found.content) == (key, {"text": WORDS})
    # It comes back after the ledger has been closed, as after a crash.
    ledger.close()
    with Ledger.open(ledger.path, password) as again:
        assert [k.content for k in drafts.waiting(again)] == [{"text": WORDS}]
        drafts.drop(again, key)
    assert files() == []


def test_of_two_sittings_neither_writes_over_the_other(ledger: Ledger) -> None:
    first, second = drafts.new_key("visit:new"), drafts.new_key("visit:new")
    drafts.keep(ledger, first, {"n": 1})
    drafts.keep(ledger, second, {"n": 2})
    assert {k.content["n"] for k in drafts.waiting(ledger)} == {1, 2}


def test_a_late_write_does_not_bring_back_what_was_dropped(ledger: Ledger) -> None:
    key = drafts.new_key("visit:new")
    drafts.keep(ledger, key, {})
    drafts.drop(ledger, key, for_good=True)
    assert not drafts.keep(ledger, key, {"late": True}) and not drafts.keep_part(ledger, key, "a", b"late")
    assert files() == [] and drafts.waiting(ledger) == []


def test_an_editor_with_one_key_begins_again(ledger: Ledger) -> None:
    drafts.keep(ledger, "paste", {"n": 1})
    drafts.drop(ledger, "paste")
    assert drafts.keep(ledger, "paste", {"n": 2}) and drafts.kept(ledger, "paste") == {"n": 2}


def test_drafts_of_another_ledger_are_not_offered(make_ledger: Make) -> None:
    one, other = make_ledger("a"), make_ledger("b")
    drafts.keep(one, "k", {"of": "a"})
    assert drafts.waiting(other) == [] and drafts.kept(other, "k") is None


def test_damaged_swapped_and_foreign_files_are_left_out(make_ledger: Make) -> None:
    ledger = make_ledger(password="演示密码2022")
    drafts.keep(ledger, "k1", {"n": 1})
    drafts.keep(ledger, "k2", {"n": 2})
    one, two = files()
    whole, other = one.read_bytes(), two.read_bytes()
    one.write_bytes(other)  # whole, but under another's name
    two.write_bytes(other[:-1] + bytes([other[-1] ^ 1]))
    assert drafts.waiting(ledger) == []
    one.write_bytes(whole[: len(whole) // 2])
    assert drafts.waiting(ledger) == []
    one.write_bytes(whole)
    assert len(drafts.waiting(ledger)) == 1


def test_a_draft_from_before_the_password_is_encrypted_when_it_is_found(make_ledger: Make) -> None:
    ledger = make_ledger(password="演示密码2022")
    real, ledger.key = ledger.key, None  # as it was before
    drafts.keep(ledger, "k", {"text": WORDS})
    drafts.keep_part(ledger, "k", "a", b"photo of somebody")
    ledger.key = real
    assert any(WORDS.encode() in f.read_bytes() for f in files())
    assert [k.content["text"] for k in drafts.waiting(ledger)] == [WORDS]
    assert not any(word in f.read_bytes() for f in files() for word in (WORDS.encode(), b"photo of somebody"))
    assert drafts.part(ledger, "k", "a") == b"photo of somebody"


KILLED_WRITING = """
import itertools, os, sys
from pathlib import Path
from commissioner_app import drafts
from db.ledger import Ledger
with Ledger.open(Path(sys.argv[1])) as ledger:
    for n in itertools.count(1):
        drafts.keep(ledger, "k", {"n": n, "text": "字" * 200_000})
        if n == 1:
            print("begun", flush=True)
"""


def test_a_kill_while_writing_leaves_a_whole_draft(ledger: Ledger) -> None:
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", KILLED_WRITING, str(ledger.path)], stdout=subprocess.PIPE,
                                 env={**os.environ, "PYTHONPATH": os.getcwd()})  # fmt: skip
        assert child.stdout is not None and child.stdout.readline() == b"begun\n"
        child.kill()
        child.wait()
        kept = drafts.kept(ledger, "k")
        assert kept is not None and kept["n"] >= 1 and len(kept["text"]) == 200_000
