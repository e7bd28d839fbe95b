"""`commissioner-app recognise` as a process: a text, many lines, with and without a ledger."""

import json
import subprocess
import sys
from pathlib import Path

TEXT = "7月3日上午到温县祥云镇大玉兰村指导铁棍山药种植，现场培训32人，解决线虫病问题"


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "commissioner_app", *arguments],
        input=text.encode(),
        capture_output=True,
        timeout=120,
    )


def test_a_text_becomes_drafts_with_places_by_name(tmp_path: Path) -> None:
    period = ("--from", "2022-04-01", "--to", "2023-03-31", "--today", "2022-09-15", "--json")
    done = run("recognise", "-", *period, text=TEXT)
    assert done.returncode == 0, done.stderr.decode()
    (draft,) = json.loads(done.stdout)
    wanted = {"date": "2022-07-03", "days": 0.5, "county": "温县", "township": "祥云镇", "trained": 32, "households": None,
              "ways": ["现场指导", "技术培训"], "varieties": []}  # fmt: skip
    assert {k: draft[k] for k in wanted} == wanted and draft["village"].startswith("大玉兰")
    start, end = draft["spans"]["trained"]
    assert "32" in TEXT[start:end]
    file = tmp_path / "多行.txt"
    file.write_text(f"{TEXT}\n今天天气不错\n7月4日\\n修武县，培训10人\n", "utf-8")
    lines = run("recognise", str(file), "--lines", *period).stdout.decode().splitlines()
    answers = [json.loads(line) for line in lines]
    assert len(answers) == 3 and answers[0] == [draft]
    assert [(d["date"], d["county"], d["trained"]) for d in answers[2]] == [("2022-07-04", "修武县", 10)]


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    done = run("recognise", str(tmp_path / "没有.txt"))
    assert done.returncode == 1 and done.stderr.decode().strip().endswith(("。", "directory"))
    assert run("recognise", "-", "--from", "2022-04-01", text=TEXT).returncode == 1
