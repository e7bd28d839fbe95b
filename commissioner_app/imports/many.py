"""Several tables of visits and returned 填报表 imported one after the other; what could not be read, as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from commissioner_app import tables
from commissioner_app.imports.result import ImportResult, RowProblem
from commissioner_app.imports.visits import import_visits
from db.errors import LedgerError
from db.ledger import Ledger


@dataclass(frozen=True)
class FileResult:
    """What became of a file: its result, or the sentence why nothing was read."""

    path: Path
    result: ImportResult | None
    refused: str = ""

    @property
    def problems(self) -> list[RowProblem]:
        """Its rows that were not imported; a file that could not be read is one."""
        return self.result.problems if self.result else [RowProblem(0, self.refused)]

    @property
    def sentence(self) -> str:
        """What to tell the user."""
        return self.result.sentence if self.result else self.refused


def import_all(
    ledger: Ledger,
    files: Sequence[Path],
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[FileResult]:
    """Import some files, each as an operation of its own; one that cannot be read does not stop the others.

    progress(done, all) may raise to give up between two files: those before stay imported.
    """
    found = []
    for n, path in enumerate(files):
        if progress:
            progress(n, len(files))
        try:
            found.append(FileResult(path, import_visits(ledger, path, dry_run)))
        except LedgerError as error:
            found.append(FileResult(path, None, str(error)))
    return found


def save_problems(found: Sequence[FileResult], path: Path) -> int:
    """Write what was not imported (.xlsx, .csv): file, sheet, row, reason. The number of rows. Raises Refused, DiskTrouble."""
    rows = [(f.path.name, p.sheet, p.row or None, p.message) for f in found for p in f.problems]
    tables.write(path, "没有导入的行", ("文件", "工作表", "行", "原因"), rows, (28, 14, 8, 60))
    return len(rows)
