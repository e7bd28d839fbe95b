"""What an import did or would do, with the names of `import --json`."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class RowProblem:
    """A row that looks like a record but could not be read or decided; row as Excel counts."""

    row: int
    message: str
    sheet: str = ""


@dataclass
class ImportResult:
    """rows: rows of data seen, several people in one row counted each; skipped: rows that are no records (titles,
    section rows, totals, notes, empty); ignored: columns that hold something and were not read."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "rows": self.rows, "created": self.created, "updated": self.updated, "unchanged": self.unchanged,
            "skipped": self.skipped,
            "problems": [{"row": p.row, "message": p.message, "sheet": p.sheet} for p in self.problems],
            "ignored": self.ignored,
        }  # fmt: skip

    @property
    def sentence(self) -> str:
        """What to tell the user."""
        text = f"读入 {self.rows} 行：新增 {self.created}，更新 {self.updated}，未变 {self.unchanged}"
        if self.skipped:
            text += f"，跳过 {self.skipped}"
        return text + (f"；{len(self.problems)} 行有问题。" if self.problems else "。")
