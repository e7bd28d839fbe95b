"""`import roster` as a process, as scripts call it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def command(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COMMISSIONER_HOME": str(home), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "commissioner_app", *arguments], env=env, cwd=home, capture_output=True, encoding="utf-8", timeout=60
    )  # fmt: skip


def told(home: Path, *arguments: str) -> dict[str, Any]:
    done = command(home, *arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_import_roster_as_a_process(tmp_path: Path, made: Path, fresh: Path) -> None:
    ledger = tmp_path / "l.ktledger"
    ledger.write_bytes(fresh.read_bytes())
    base = ("--ledger", str(ledger), "import", "roster")
    file = str(made / "合并单元格.xls")
    dry = told(tmp_path, *base, file, "--dry-run")
    real = told(tmp_path, *base, file)
    assert dry == real == {
        "rows": 5, "created": 4, "updated": 0, "unchanged": 0, "skipped": 11, "ignored": [],
        "problems": [{"row": 12, "message": "没有姓名。", "sheet": "名单"}],
    }  # fmt: skip
    (tmp_path / "列.csv").write_text(
        "姓名,单位,身高\n演示甲,演示研究院,180\n演示乙,演示研究院,\n,x,\n", "utf-8"
    )
    words = command(tmp_path, *base, str(tmp_path / "列.csv"))
    assert words.returncode == 0 and words.stdout.startswith("读入 3 行：新增 2")
    assert "列 第 4 行：没有姓名。" in words.stdout and "没有读入的列：身高" in words.stdout
    assert told(tmp_path, "--ledger", str(ledger), "info")["commissioners"] == 6
