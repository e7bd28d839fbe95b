"""What is no table, locked or empty gets one clear sentence, from the use case and from the command line."""

import random
from pathlib import Path

import openpyxl
import openpyxl.styles
import pytest

from commissioner_app.cli import run
from commissioner_app.imports import grid
from commissioner_app.imports.roster import import_roster
from commissioner_app.ledgers import Ledger
from db.errors import Refused
from tests.lists import broken, generate

CASES = {
    "random.xlsx": (lambda p: broken.random_bytes(p), "不是有效的表格"),
    "random.xls": (lambda p: broken.random_bytes(p), "不是有效的表格"),
    "random.csv": (lambda p: broken.random_bytes(p), "不是 CSV"),
    "document.xlsx": (lambda p: broken.renamed_document(p), "Word 文档"),
    "document.xls": (lambda p: broken.renamed_document(p), "Word 文档"),
    "locked.xlsx": (lambda p: broken.locked(p), "设有密码"),
    "locked.xls": (lambda p: broken.locked_old(p, generate.MADE / "合并单元格.xls"), "设有密码"),
    "renamed.xls": (lambda p: broken.locked(p), "设有密码"),
    "empty.xlsx": (lambda p: broken.empty(p), "是空的"),
    "spaces.xlsx": (lambda p: broken.empty(p, " ", "　"), "是空的"),
    "nothing.csv": (lambda p: p.write_bytes(b""), "空的"),
    "lines.csv": (lambda p: p.write_text("\n\n,,\n"), "是空的"),
    "cut.xlsx": (lambda p: p.write_bytes((generate.MADE / "合并单元格.xlsx").read_bytes()[:5000]), "不是有效的表格"),
    "archive.xlsx": (lambda p: _archive(p), "压缩文件"),
    "archived.xls": (lambda p: p.write_text("MIME-Version: 1.0\n"), "另存为 .xlsx"),
    "text.xls": (lambda p: p.write_text("没有表格"), "不是有效的表格"),
    "page.xls": (lambda p: p.write_text("<html><body>没有</body></html>"), "没有表格"),
    "letter.csv": (lambda p: p.write_text("关于选派科技特派员的通知\n各县（市、区）：\n", "utf-8"), "没有找到表头"),
    "header.csv": (lambda p: p.write_text("姓名,单位\n,\n合计,0\n", "utf-8"), "没有一行人员"),
    "picture.png": (lambda p: p.write_bytes(b"\x89PNG"), "只能读入"),
    "missing.xlsx": (lambda p: None, "找不到文件"),
}  # fmt: skip


def _archive(path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("名单.txt", "演示")


@pytest.mark.parametrize("name", list(CASES))
def test_one_clear_sentence(
    tmp_path: Path, roster: Ledger, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make, words = CASES[name]
    make(tmp_path / name)
    with pytest.raises(Refused) as refused:
        import_roster(roster, tmp_path / name)
    sentence = str(refused.value)
    assert words in sentence and "\n" not in sentence
    assert name == "missing.xlsx" or (
        sentence.endswith("。") and "。" not in sentence[:-1].replace("。请", "")
    )
    assert run(["--ledger", str(roster.path), "import", "roster", str(tmp_path / name), "--json"]) == 1
    out, err = capsys.readouterr()
    assert (out, err) == ("", sentence + "\n")
    with roster.read() as c:
        assert c.exec_driver_sql("SELECT count(*) FROM commissioner").scalar() == 0


@pytest.mark.parametrize("kind", generate.KINDS)
def test_damaged_workbooks_are_read_or_refused(tmp_path: Path, kind: str) -> None:
    whole = (generate.MADE / f"逐级分组.{kind}").read_bytes()
    draw = random.Random(11)
    for n in range(60):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 30)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        if n % 3 == 0:
            del data[draw.randrange(len(data)) :]
        file = tmp_path / f"{n}.{kind}"
        file.write_bytes(bytes(data))
        try:
            assert grid.read(file).sheets
        except Refused as error:
            assert str(error).endswith("。")


def test_a_workbook_by_another_name_is_read_for_what_it_is(tmp_path: Path) -> None:
    for kind, other in (("xlsx", "xls"), ("xls", "xlsx"), ("xlsx", "csv")):
        file = tmp_path / f"{kind}.{other}"
        file.write_bytes((generate.MADE / f"合并单元格.{kind}").read_bytes())
        assert [s.name for s in grid.read(file).sheets] == ["名单"]


def test_a_cell_beyond_reason_is_named_instead_of_ending_the_program(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "姓名", "演示"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Refused, match="第 1048576 行、第 16384 列"):
        grid.read(tmp_path / "a.xlsx")
    book.active["XFD1048576"] = None
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)  # only a format that far
    book.save(tmp_path / "a.xlsx")
    assert grid.read(tmp_path / "a.xlsx").sheets[0].rows == [["姓名"]]


def test_stray_cells_far_below_cost_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "单位"])
    book.active.append(["演示甲", "河南农业大学"])
    book.active.cell(60_000, 3, " ")
    book.save(tmp_path / "a.xlsx")
    assert len(grid.read(tmp_path / "a.xlsx").sheets[0].rows) == 2
