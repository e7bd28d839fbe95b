"""Rows a second of the report's 服务记录 list against one plain LongTable of CJK Paragraphs.

    python benchmarks/report_table.py [ROWS ...]        default: 1000 10000

Each case runs in a process of its own, so that peak memory is its own; fonts are loaded within the time.
"""

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_ROOT))

_CONTENTS = (
    "查看铁棍山药长势，讲解线虫病绿色防控和水肥一体化技术要点，发放资料40份。",
    "解答连作障碍与土壤改良问题，建议轮作小麦并检测土壤；约定10月复查。",
    "引进脱毒种苗2个品种，示范面积30亩，组织现场观摩并答疑。",
)


def _cells(count: int) -> Iterator[tuple[datetime.date, tuple[str, ...]]]:
    """Invented rows; every content is different, as in a real ledger."""
    for n in range(count):
        yield (
            datetime.date(2022, 4, 1) + datetime.timedelta(days=n % 270),
            (
                f"演示{n % 38 + 1}", "河南农业大学", "温县祥云镇大玉兰村", "演示山药种植专业合作社",
                "现场指导、技术培训", f"演示第{n + 1}次：{_CONTENTS[n % 3]}",
            ),
        )  # fmt: skip


def _ours(count: int) -> int:
    from commissioner_app.reports.data import Figures, ServiceReportData, VisitLine
    from commissioner_app.reports.fonts import FontSet
    from commissioner_app.reports.service import write_service_report

    def visits() -> Iterator[VisitLine]:
        for date, cells in _cells(count):
            person, sender, place, recipient, ways, content = cells
            yield VisitLine(
                date, None, person, sender, place, recipient, ways, content, 1, trained=32, state="审核通过"
            )

    data = ServiceReportData(
        title="演示", unit="演示单位", scope="焦作市", scope_kind="city", year_label="2022年度",
        start=datetime.date(2022, 4, 1), end=datetime.date(2022, 12, 31), signed=None, demo=True,
        places=38, people=0, total=Figures(visits=count, half_days=count), visits=visits(),
    )  # fmt: skip
    with tempfile.TemporaryFile() as out:
        return write_service_report(data, out, FontSet()).pages


def _long_table(count: int) -> int:
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate

    font = _ROOT / "resources" / "fonts" / "NotoSerifSC-Regular.ttf"
    pdfmetrics.registerFont(TTFont("Serif", str(font)))
    style = ParagraphStyle("cell", fontName="Serif", fontSize=9, leading=12, wordWrap="CJK")
    heads = [
        "序号", "日期", "特派员", "派出单位", "服务地点", "受援单位",
        "服务方式", "服务内容", "天数", "培训", "状态",
    ]  # fmt: skip
    rows = [[Paragraph(head, style) for head in heads]]
    for n, (date, cells) in enumerate(_cells(count)):
        texts = (str(n + 1), date.isoformat(), *cells, "0.5", "32", "审核通过")
        rows.append([Paragraph(text, style) for text in texts])
    widths = (28, 55, 42, 66, 72, 76, 56, 136.8, 28, 34, 44)
    table = LongTable(rows, colWidths=widths, repeatRows=1)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.25, colors.black)])
    with tempfile.TemporaryFile() as out:
        margins = {"leftMargin": 100, "topMargin": 80, "bottomMargin": 73}
        document = SimpleDocTemplate(out, pagesize=landscape(A4), **margins)
        document.build([table])
        return int(document.page)


def _measure(kind: str, count: int) -> dict[str, float]:
    start = time.perf_counter()
    pages = {"ours": _ours, "longtable": _long_table}[kind](count)
    seconds = time.perf_counter() - start
    return {"rows_per_second": count / seconds, "seconds": seconds, "pages": pages, "peak_mb": _peak_mb()}


def _peak_mb() -> float:
    """Peak resident memory of this process in MB."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset / 2**20)
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would count the parent's pages from before exec
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def run(argv: Sequence[str]) -> int:
    """Measures the numbers of rows named; 0 if the list is at least 5 times as fast at the largest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("rows", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument("--only", choices=("ours", "longtable"), help=argparse.SUPPRESS)
    parser.add_argument("--no-longtable", action="store_true", help="measure our list alone")
    options = parser.parse_args(argv)
    if options.only:
        print(json.dumps(_measure(options.only, options.rows[0])))
        return 0
    ratio = 0.0
    for count in options.rows:
        speeds = {}
        for kind in ("ours",) if options.no_longtable else ("ours", "longtable"):
            command = [sys.executable, __file__, str(count), "--only", kind]
            result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            speed = speeds[kind] = result["rows_per_second"]
            spent = f"{result['seconds']:7.2f} s {result['pages']:5.0f} pages {result['peak_mb']:6.0f} MB"
            print(f"{kind:10} {count:>7} rows {speed:8.0f} rows/s {spent}")
        if "longtable" in speeds:
            ratio = speeds["ours"] / speeds["longtable"]
            print(f"           {count:>7} rows: {ratio:.1f} times as fast (goal 5)")
    return 0 if options.no_longtable or ratio >= 5 else 1


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))
