"""The example for offices that script the exchange runs, and both ends print the same figures."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

ROOT = Path(__file__).resolve().parents[2]


def figures(file: Path) -> list[str]:
    """Every table row and sentence with a number in a report, without whose letterhead it is."""
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file))
    return [line for line in text.splitlines() if re.search(r"\d", line) and "年" not in line]


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_the_round_in_examples(tmp_path: Path) -> None:
    app = tmp_path / "commissioner-app"
    app.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m commissioner_app "$@"\n')
    app.chmod(0o755)
    done = subprocess.run(
        ["sh", str(ROOT / "examples" / "round.sh"), str(tmp_path / "round")], capture_output=True, text=True,
        env={**os.environ, "APP": str(app), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "受援县,修武县,18,2,1.5,1,75,32,0,1" in done.stdout
    assert "第一次收到“演示甲”的文件" in done.stderr
    one, other = (figures(tmp_path / "round" / f"{who}.pdf") for who in ("bureau", "county"))
    assert one == other and len(one) > 20
