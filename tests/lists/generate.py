"""Makes the lists of shapes.py as .xls and .xlsx with LibreOffice.

`python -m tests.lists.generate` writes them anew into tests/lists/made, from where tests take them on machines
without LibreOffice; where it is installed they are made afresh in every test session.
"""

import shutil
import subprocess
from pathlib import Path

from openpyxl import Workbook

from tests.lists.shapes import SHAPES

MADE = Path(__file__).with_name("made")
KINDS = ("xls", "xlsx")


def make(folder: Path) -> bool:
    """Write every shape as .xls and .xlsx into a folder; False where there is no LibreOffice."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return False
    seeds = folder / "seeds"
    seeds.mkdir(parents=True)
    for shape in SHAPES.values():
        book = Workbook()
        shape.fill(book)
        book.save(seeds / f"{shape.name}.xlsx")
    for kind in KINDS:
        subprocess.run(
            [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", kind,
             "--outdir", str(folder), *map(str, sorted(seeds.iterdir()))],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    shutil.rmtree(seeds)
    shutil.rmtree(folder / "profile", ignore_errors=True)
    return True


def main() -> None:
    """Make the files that are kept with the tests anew."""
    shutil.rmtree(MADE, ignore_errors=True)
    MADE.mkdir()
    if not make(MADE):
        raise SystemExit("LibreOffice (soffice) is not installed")


if __name__ == "__main__":
    main()
