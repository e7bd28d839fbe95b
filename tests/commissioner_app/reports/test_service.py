"""服务工作报告 read back from its PDF: text, fonts, positions, length, sameness."""

import dataclasses
import datetime
import io
from collections.abc import Callable

import pikepdf
import pypdfium2 as pdfium
import pytest

from commissioner_app.reports import blocks
from commissioner_app.reports import styles as s
from commissioner_app.reports.data import Figures, ServiceReportData
from commissioner_app.reports.flow import lay_out
from commissioner_app.reports.fonts import FontSet
from commissioner_app.reports.paper import Paper, ReportCancelled
from commissioner_app.reports.service import PaperInfo, write_service_report
from tests.commissioner_app.reports.conftest import Printed
from tests.commissioner_app.reports.report_samples import TITLE, city, visits

Print = Callable[[ServiceReportData], Printed]
_NOT_A_REPORT = PaperInfo(0, frozenset())


def test_the_opening_paragraph_tells_the_year(printed: Print) -> None:
    text = printed(city()).text()
    assert (
        "2022年度，我市共选派科技特派员38人，其中产业科技特派员服务团1个（18人）、省派科技特派员16人、"
        "校派科技特派员4人。2022年4月1日至12月31日，共开展实地服务214次、187.5天，培训3,460人次，"
        "服务农户681户。" in text
    )


def test_totals_per_county_stand_in_the_table(printed: Print) -> None:
    first = printed(city()).pages()[0]
    words = first.split()
    for name, *figures in (
        ("修武县", "20", "98", "86.5", "1,720", "310", "24"),
        ("博爱县", "9", "52", "46.0", "700", "166", "11"),
    ):
        at = words.index(name)
        assert words[at + 1 : at + 7] == figures
    assert "38 214 187.5 3,460 681 50" in " ".join(words)


def test_parts_come_in_official_order(printed: Print) -> None:
    text = printed(city()).text()
    order = [
        "一、基本情况", "二、工作开展情况", "（一）各县服务情况", "（四）每月情况", "图1每月服务次数",
        "三、需要说明的情况", "四、下一步打算", "附件：科技特派员服务记录一览表", "焦作市科学技术局",
        "2023年1月10日", "合计共40次",
    ]  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_empty_data_gives_a_proper_short_report(printed: Print) -> None:
    empty = city(
        0, total=Figures(), by_county=[], by_category=[], by_way=[], by_month=[], pending=0, drafts=0,
        conflicts=0, next_steps="", signed=None,
    )  # fmt: skip
    report = printed(empty)
    text = report.text()
    assert report.info.pages == 1
    assert "2022年4月1日至12月31日，暂无服务记录。" in text
    assert "表1" not in text and "附件" not in text and "下一步" not in text
    assert text.index("焦作市科学技术局") < text.index("年月日")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            dict(scope="温县", scope_kind="county", places=9, categories=[("校派", 9)], teams=[]),
            "我县共有科技特派员9人。",
        ),
        (dict(scope="解放区", scope_kind="county", places=0), "我区暂无科技特派员名额。"),
        (dict(scope="演示服务团", scope_kind="team", places=18), "2022年度，演示服务团共有科技特派员18人。"),
        (dict(scope="演示一", scope_kind="person"), "科技特派员演示一共开展实地服务214次"),
    ],
)
def test_wording_fits_the_scope(printed: Print, changes: dict[str, object], sentence: str) -> None:
    assert sentence in printed(city(0, **changes)).text()


def test_rare_characters_copy_out_right_and_missing_ones_are_named(printed: Print) -> None:
    visit = dataclasses.replace(next(visits(1)), commissioner="演示𬭎𬸚㛃䶮", content="私用\ue863字")
    report = printed(city(0, visits=[visit], title="演示𬭎的报告"))
    text = report.text()
    assert "演示𬭎的报告" in text and "演示𬭎𬸚㛃䶮" in text and "私用\ue863字" in text
    assert report.info.missing == {"\ue863"}


def test_all_fonts_are_embedded_subsets(printed: Print) -> None:
    report = printed(city())
    fonts: dict[str, pikepdf.Object] = {}
    with report.open() as pdf:
        for page in pdf.pages:
            fonts.update(page.Resources.Font)
        assert {str(font.BaseFont).split("+")[1] for font in fonts.values()} == {
            "NotoSerifSC-Regular", "NotoSerifSC-Bold", "NotoSansSC-Bold", "LXGWWenKai-Regular",
        }  # fmt: skip
        for font in fonts.values():
            assert len(str(font.BaseFont).split("+")[0]) == 7
            assert len(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()) < 400_000
            assert "/ToUnicode" in font


def test_metadata_outline_and_page_labels(printed: Print) -> None:
    report = printed(city(30))
    with report.open() as pdf:
        assert str(pdf.docinfo["/Title"]) == TITLE
        assert str(pdf.docinfo["/Author"]) == "焦作市科学技术局"
        assert str(pdf.Root.Lang) == "zh-CN"
        with pdf.open_outline() as outline:
            (root, annex) = outline.root
            assert root.title == TITLE and annex.title == "附件：科技特派员服务记录一览表"
            assert [part.title for part in root.children][:2] == ["一、基本情况", "二、工作开展情况"]
            assert root.children[1].children[0].title == "（一）各县服务情况"
    for number, page in enumerate(report.pages(), 1):
        assert f"—{number}—" in "".join(page.split())


def test_the_same_data_gives_the_same_bytes_with_other_fonts_objects_too(printed: Print) -> None:
    out = io.BytesIO()
    write_service_report(city(60), out, FontSet())
    assert out.getvalue() == printed(city(60)).content


def test_a_thousand_visits_are_all_there_with_the_head_on_every_page(printed: Print) -> None:
    report = printed(city(1000))
    pages = report.pages()
    text = report.text()
    assert all(f"（演示第{n}条）" in text for n in range(1, 1001))
    assert "合计共1,000次" in text
    annex = next(n for n, page in enumerate(pages) if page.lstrip().startswith("附件"))
    assert len(pages) > annex + 50
    assert all("受援单位" in page and "服务内容" in page for page in pages[annex:])
    assert pages[-1].count("演示第") >= 1  # the total is not alone on its page


def _boxes(content: bytes) -> list[tuple[int, float, float, list[tuple[str, tuple[float, ...]]]]]:
    """Number, width, height and the visible characters' boxes (left, bottom, right, top) of each page."""
    found = []
    with pdfium.PdfDocument(content) as document:
        for number, page in enumerate(document, 1):
            text = page.get_textpage()
            size = page.get_size()
            chars = [
                (text.get_text_range(n, 1), text.get_charbox(n))
                for n in range(text.count_chars())
                if text.get_text_range(n, 1).strip()
            ]
            found.append((number, *size, chars))
    return found


@pytest.mark.parametrize("unit", ["焦作市科学技术局", "演示用的很长的单位全称（科学技术和工业信息化局）" * 2])
def test_nothing_stands_outside_the_text_block(printed: Print, unit: str) -> None:
    long_names = dict(unit=unit, title="关于2022年度" + "科技特派员工作开展情况的报告" * 4)
    months = [(f"{year}年{month}月", Figures(month, 2)) for year in (2021, 2022) for month in range(1, 13)]
    for number, width, height, chars in _boxes(printed(city(30, by_month=months, **long_names)).content):
        tall = height > width
        left = s.MARGIN_LEFT if tall else s.LANDSCAPE_LEFT
        top = height - (s.MARGIN_TOP if tall else s.LANDSCAPE_TOP)
        right = left + (s.TEXT_WIDTH if tall else s.LANDSCAPE_WIDTH)
        bottom = top - (s.TEXT_HEIGHT if tall else s.LANDSCAPE_HEIGHT)
        outside = [
            char for char, (x1, y1, x2, y2) in chars
            if x1 < left - 0.5 or x2 > right + 0.5 or y1 < bottom - 0.5 or y2 > top + 0.5
        ]  # fmt: skip
        assert "".join(outside) == f"—{number}—"


def test_the_page_number_stands_at_the_outer_foot(printed: Print) -> None:
    for number, width, height, chars in _boxes(printed(city(0)).content):
        dash = [box for char, box in chars if char == "—"][-1]
        assert dash[3] < height - s.MARGIN_TOP - s.TEXT_HEIGHT
        assert (dash[0] > width / 2) == bool(number % 2)


def test_a_heading_never_stands_alone_at_the_foot(fonts: FontSet) -> None:
    for lines_before in range(15, 25):
        out = io.BytesIO()
        paper = Paper(out, fonts, "演示", "演示")
        before = [piece for _ in range(lines_before) for piece in blocks.paragraph(fonts, "前文。")]
        after = blocks.paragraph(fonts, "后文" * 40 + "。")
        headings = blocks.heading(fonts, "一、标题", 1) + blocks.heading(fonts, "（一）小标题", 2)
        lay_out(paper, before + headings + after)
        paper.save()
        page = next(page for page in Printed(_NOT_A_REPORT, out.getvalue()).pages() if "一、标题" in page)
        below = page.partition("小标题")[2].partition("—")[0].split()
        assert len(below) >= 2  # two lines of the text at least


def test_the_total_of_a_list_is_never_alone(printed: Print) -> None:
    for count in range(1, 25):
        pages = printed(city(count)).pages()
        assert "演示第" in pages[-1] and "合计" in pages[-1]


def test_the_signature_is_never_alone_on_its_page(printed: Print) -> None:
    for lines in range(1, 26):
        report = printed(city(0, next_steps="\n".join(["继续做好服务。"] * lines)))
        page = next(page for page in report.pages() if "2023年1月10日" in page)
        assert "焦作市科学技术局" in page and page.count("继续做好服务。") >= 1


def test_the_training_mark_covers_every_page_and_is_no_text(printed: Print) -> None:
    demo, real = printed(city(30)), printed(city(30, demo=False))
    assert demo.pages() == real.pages()
    for report, marked in ((demo, True), (real, False)):
        with report.open() as pdf:
            assert all(("/XObject" in page.Resources) is marked for page in pdf.pages)


def test_progress_is_told_and_can_stop_the_report(fonts: FontSet) -> None:
    told: list[tuple[int, int | None]] = []

    def listen(done: int, total: int | None) -> bool:
        told.append((done, total))
        return True

    write_service_report(city(100), io.BytesIO(), fonts, listen)
    assert told[-1][0] <= 100 and told[-1][1] == 100 and [n for n, _ in told] == sorted(n for n, _ in told)
    with pytest.raises(ReportCancelled):
        write_service_report(city(100), io.BytesIO(), fonts, lambda done, total: done < 20)


def test_a_very_long_entry_is_set_smaller_or_goes_on_and_loses_nothing(printed: Print) -> None:
    texts = ["始" + "长" * 600 + "终", "头" + "长" * 3000 + "尾"]
    entries = [dataclasses.replace(next(visits(1)), content=text) for text in texts]
    assert "".join(printed(city(0, visits=entries)).text()).count("长") == 3600


def test_service_over_two_dates_and_years(printed: Print) -> None:
    visit = dataclasses.replace(
        next(visits(1)), date=datetime.date(2022, 12, 30), end_date=datetime.date(2023, 1, 2)
    )
    assert "2022-12-30至2023-01-02" in printed(city(0, visits=[visit])).text()
