"""The command line as a process: the main job, its JSON, its refusals."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import xlsxwriter

ROOT = Path(__file__).parents[2]


class Cli:
    """Runs the program in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {**os.environ, "COMMISSIONER_HOME": str(home), "PYTHONPATH": str(ROOT)}

    def run(self, *args: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "commissioner_app", *map(str, args)],
            capture_output=True, text=True, encoding="utf-8", env=self.env, cwd=self.home, check=False,
        )  # fmt: skip
        assert done.returncode == code, (args, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done

    def json(self, *args: object) -> dict:
        found: dict = json.loads(self.run(*args, "--json").stdout)
        return found


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path)


def roster_table(path: Path) -> list[str]:
    """38 people of the right kinds, as an office would list them; all names are training data."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    head = ["姓名", "工作单位", "职称", "专业", "联系电话", "类别", "服务团", "受援县"]
    for c, text in enumerate(head):
        sheet.write(0, c, text)
    names = []
    for n in range(38):
        kind, unit, team, county = (
            ("服务团成员", "河南师范大学", "省中药材产业科技特派员服务团", "修武县") if n < 18
            else ("省派科技特派员", "演示研究院", "", ["温县", "修武县", "博爱县"][n % 3]) if n < 34
            else ("校派", "河南农业大学", "", ["温县", "修武县", "博爱县", "温县"][n % 4])
        )  # fmt: skip
        names.append(f"演示{chr(0x4E00 + n * 37)}{chr(0x5200 + n * 11)}")
        for c, text in enumerate([names[-1], unit, "教授", "中药材", "", kind, team, county]):
            sheet.write(n + 1, c, text)
        sheet.write_number(n + 1, 4, 13800000000 + n)  # phones as office systems store them
    book.close()
    return names


def visits_table(path: Path, names: list[str], count: int = 500) -> dict[str, list[float]]:
    """`count` visits; the totals by county: visits, days, people trained."""
    totals: dict[str, list[float]] = {}
    with open(path, "w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "特派员",
                "服务日期",
                "天数",
                "受援县",
                "乡镇",
                "村",
                "受援单位",
                "服务方式",
                "服务内容",
                "培训人数",
            ]
        )
        for n in range(count):
            county = ["温县", "修武县", "博爱县"][n % 3]
            days, trained = [0.5, 1, 1.5][n % 3], n % 40
            where = {"温县": ("祥云镇", "大玉兰"), "修武县": ("七贤镇", ""), "博爱县": ("柏山镇", "")}[county]
            month, day = 4 + n % 9, 1 + n % 28
            date = f"2022年{month}月{day}日" if n % 2 else f"2022-{month}-{day}"
            writer.writerow([names[n % 38], date, days, county, *where, "演示合作社", "现场指导、技术培训",
                             f"演示第{n}次指导铁棍山药种植", trained])  # fmt: skip
            t = totals.setdefault(county, [0, 0, 0])
            t[0] += 1
            t[1] += days
            t[2] += trained
    return totals


def read_csv(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_the_main_job(cli: Cli, tmp_path: Path) -> None:
    cli.run("init", "--role", "bureau", "--roster", "2022", "--actor", "演示员")
    facts = cli.json("info")
    assert (facts["places"], facts["teams"], facts["commissioners"], facts["year"]) == (38, 1, 0, 2022)
    names = roster_table(tmp_path / "名单.xlsx")
    dry = cli.json("import", "roster", tmp_path / "名单.xlsx", "--dry-run")
    assert dry["created"] == 38 and cli.json("info")["commissioners"] == 0
    result = cli.json("import", "roster", tmp_path / "名单.xlsx")
    assert (result["rows"], result["created"], result["problems"]) == (38, 38, [])
    facts = cli.json("info")
    assert (facts["places"], facts["commissioners"], facts["teams"]) == (38, 38, 1)
    assert cli.json("import", "roster", tmp_path / "名单.xlsx")["unchanged"] == 38
    totals = visits_table(tmp_path / "记录.csv", names)
    result = cli.json("import", "visits", tmp_path / "记录.csv")
    assert (result["rows"], result["created"], result["problems"]) == (500, 500, [])
    again = cli.json("import", "visits", tmp_path / "记录.csv")
    assert (again["created"], again["unchanged"]) == (0, 500)
    assert cli.json("info")["visits"] == 500
    out = tmp_path / "r.pdf"
    cli.run("report", "service", "--year", "2022", "--out", out)
    document = pypdfium2.PdfDocument(out.read_bytes())
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    assert "共选派科技特派员38人" in text.replace("\r\n", "").replace("\n", "")
    for county, (count, days, trained) in totals.items():
        row = next(
            line for line in text.splitlines() if line.startswith(county) and f" {trained:,.0f}" in line
        )
        assert row.split()[2:5] == [f"{count:,.0f}", f"{days:,.1f}", f"{trained:,.0f}"], row
    with pikepdf.open(out) as pdf:
        fonts = {str(f): f for page in pdf.pages for f in page.resources.Font.values()}
        for font in fonts.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor and "+" in str(descriptor.FontName)
    assert "完好" in cli.run("check").stdout
    first = out.read_bytes()
    cli.run("report", "service", "--year", "2022", "--out", out)
    assert out.read_bytes() == first


def test_export_edit_import_round_trip(cli: Cli, tmp_path: Path) -> None:
    cli.run("demo")
    cli.run("export", "visits", "--out", tmp_path / "v.csv")
    rows = read_csv(tmp_path / "v.csv")
    assert len(rows) == 214 and {
        "编号",
        "特派员",
        "日期",
        "天数",
        "受援县",
        "乡镇",
        "村",
        "服务方式",
        "培训人数",
    } <= set(rows[0])
    assert cli.json("import", "visits", tmp_path / "v.csv")["unchanged"] == 214
    rows[3]["培训人数"] = "77"
    rows[5]["服务内容"] = "演示：改过的内容"
    rows.append({**rows[0], "编号": "FOREIGN-1", "特派员": "不在名单里的人"})
    rows.append({**rows[0], "编号": "FOREIGN-2", "日期": "2022-13-45"})
    rows.append({**rows[0], "编号": "FOREIGN-3"})
    with open(tmp_path / "w.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    result = cli.json("import", "visits", tmp_path / "w.csv")
    assert (result["updated"], result["unchanged"], result["created"]) == (2, 212, 1)
    assert [p["row"] for p in result["problems"]] == [216, 217]
    cli.run("export", "visits", "--out", tmp_path / "x.csv")
    after = {r["编号"]: r for r in read_csv(tmp_path / "x.csv")}
    assert after[rows[3]["编号"]]["培训人数"] == "77" and "FOREIGN-3" in after
    # A passed visit whose content changed goes back to 待审核.
    assert after[rows[5]["编号"]]["状态"] == "待审核"


def test_backup_and_restore(cli: Cli, tmp_path: Path) -> None:
    ledger = tmp_path / "a.ktledger"
    cli.run("--ledger", ledger, "init", "--role", "county", "--county", "温县", "--roster", "2022")
    cli.run("backup", "--ledger", ledger, "--to", tmp_path / "b.ktledger")
    roster_table(tmp_path / "名单.xlsx")
    cli.run("import", "roster", tmp_path / "名单.xlsx", "--ledger", ledger)
    assert cli.json("info", "--ledger", ledger)["commissioners"] == 38
    cli.run("restore", tmp_path / "b.ktledger", "--ledger", ledger)
    assert cli.json("info", "--ledger", ledger)["commissioners"] == 0
    kept = list((tmp_path / "备份").glob("*恢复前*"))
    assert len(kept) == 1 and cli.json("info", "--ledger", kept[0])["commissioners"] == 38


def test_an_encrypted_ledger(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("演示密码\n", "utf-8")
    (tmp_path / "bad").write_text("错的\n", "utf-8")
    ledger = tmp_path / "a.ktledger"
    cli.run("init", "--role", "bureau", "--ledger", ledger, "--encrypt", "--password-file", tmp_path / "pw")
    assert cli.json("--password-file", tmp_path / "pw", "info", "--ledger", ledger)["role"] == "bureau"
    assert (
        "密码不对" in cli.run("info", "--ledger", ledger, "--password-file", tmp_path / "bad", code=1).stderr
    )
    assert "密码" in cli.run("info", "--ledger", ledger, code=1).stderr


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["init", "--role", "county"], "哪个县"),
        (["init", "--role", "county", "--county", "火星"], "火星"),
        (["init", "--role", "bureau", "--roster", "1999"], "1999"),
        (["info"], "还没有台账"),
        (["info", "--ledger", "没有.ktledger"], "找不到"),
        (["check", "--ledger", "junk.ktledger"], "不是服务台账"),
    ],
)
def test_refusals_are_one_sentence_and_leave_nothing(cli: Cli, args: list[str], word: str) -> None:
    (cli.home / "junk.ktledger").write_bytes(b"junk" * 5000)
    done = cli.run(*args, code=1)
    assert word in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert not list(cli.home.rglob("documents/**/*.ktledger"))


def test_refusals_over_a_ledger(cli: Cli, tmp_path: Path) -> None:
    cli.run("init", "--role", "bureau", "--roster", "2022")
    before = cli.json("info")
    (tmp_path / "empty.csv").write_text("特派员,日期\n", "utf-8")
    (tmp_path / "random.xlsx").write_bytes(os.urandom(200_000))
    (tmp_path / "r.docx").write_bytes(b"PK")
    for args in (
        ["import", "visits", "empty.csv"],
        ["import", "visits", "random.xlsx"],
        ["import", "roster", "nichts.xlsx"],
        ["import", "roster", "r.docx"],
        ["report", "service", "--county", "火星", "--out", "x.pdf"],
        ["report", "service", "--commissioner", "没有这人", "--out", "x.pdf"],
        ["report", "service", "--team", "没有这团", "--out", "x.pdf"],
        ["report", "service", "--from", "2022-02-30", "--to", "2022-03-01", "--out", "x.pdf"],
        ["report", "service", "--year", "2022", "--out", "x.txt"],
        ["init", "--role", "bureau", "--ledger", before["path"]],
    ):
        done = cli.run(*args, code=1)
        assert len(done.stderr.strip().splitlines()) == 1 and any(c >= "\u4e00" for c in done.stderr), (
            done.stderr
        )
    assert cli.json("info") == before
    assert not (tmp_path / "x.pdf").exists()
    cli.run("report", "bogus", "--out", "x.pdf", code=2)
    cli.run("bogus", code=2)


def test_reports_of_every_scope(cli: Cli, tmp_path: Path) -> None:
    cli.run("demo")
    for n, scope in enumerate((["--county", "温县"], ["--team", "中药材"], ["--commissioner", "演示一"],
                               ["--commissioner", "2022-校派-01"])):  # fmt: skip
        out = tmp_path / f"{n}.pdf"
        cli.run("report", "service", *scope, "--from", "2022-04-01", "--to", "2022-06-30", "--out", out)
        assert len(pypdfium2.PdfDocument(out.read_bytes())) >= 1
