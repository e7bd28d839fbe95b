"""报告 over a real ledger: every kind by the list, its options, saving, series, recent papers, search."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from commissioner_app import kinds, paths, recent_papers, visits
from commissioner_app.kinds import KINDS
from commissioner_app.ledgers import Ledger
from commissioner_app.pdfpages import PdfPages
from ui.reports import page as page_module
from ui.reports.page import FIRST, ReportsPage
from ui.search.commands import commands

Settle = Callable[[], None]
Open = Callable[..., ReportsPage]


def text_of(pdf: Path) -> str:
    """Through PdfPages, for the window's threads use PDFium at the same time."""
    pages = PdfPages(pdf)
    text = "".join("".join(pages.text(n).split()) for n in range(len(pages)))
    pages.close()
    return text


def pages_of(pdf: Path) -> int:
    pages = PdfPages(pdf)
    pages.close()
    return len(pages)


def shown(page: ReportsPage, qtbot: QtBot, kind: str) -> str:
    """The text of the paper in the preview, once it is the one of this kind and up to date."""
    qtbot.waitUntil(lambda: page._shown == page.wish() and page._shown.kind == kind, timeout=20_000)
    assert page._written is not None
    return text_of(page._written.path)


def choose(page: ReportsPage, qtbot: QtBot, kind: str) -> None:
    """As a person does: with the arrow keys in the list."""
    at = list(KINDS).index(kind)
    page.kinds.setFocus()
    key = Qt.Key.Key_Down if at > page.kinds.currentRow() else Qt.Key.Key_Up
    while page.kinds.currentRow() != at:
        qtbot.keyClick(page.kinds, key)


def pick(combo: object, words: str) -> None:
    at = combo.findText(words, Qt.MatchFlag.MatchStartsWith)  # type: ignore[attr-defined]
    assert at >= 0, words
    combo.setCurrentIndex(at)  # type: ignore[attr-defined]


def test_every_kind_is_drawn_with_its_options(
    open_page: Open, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(ReportsPage, demo_ledger)
    assert [page.kinds.item(n).text() for n in range(page.kinds.count())] == [k.title for k in KINDS.values()]
    choose(page, qtbot, "ledger")
    pick(page.options.about, "受援县")
    pick(page.options.which, "温县")
    text = shown(page, qtbot, "ledger")
    assert "2022年度温县科技特派员服务记录台账" in text and "修武县" not in text
    # What the paper is about goes along to the next kind.
    choose(page, qtbot, "statistics")
    assert "2022年度温县科技特派员服务成效统计表" in shown(page, qtbot, "statistics")
    choose(page, qtbot, "contact-card")
    assert "****" in shown(page, qtbot, "contact-card") and page.options.scope().county
    pick(page.options.phone, "完整显示")
    assert "****" not in shown(page, qtbot, "contact-card")
    choose(page, qtbot, "roster")
    pick(page.options.about, "全市")
    assert "名额编号" in shown(page, qtbot, "roster")
    pick(page.options.notice, "公示稿")
    assert "名单公示" in (notice := shown(page, qtbot, "roster")) and "名额编号" not in notice
    choose(page, qtbot, "blank-sheet")
    assert not page.batch_button.isVisible()
    page.options.count.setValue(3)
    assert shown(page, qtbot, "blank-sheet").count("□满意") == 3
    qtbot.waitUntil(lambda: page.bar.pages.text() == "/ 3 页")
    choose(page, qtbot, "person-summary")
    pick(page.options.which, "演示三")
    assert "姓名：演示三" in shown(page, qtbot, "person-summary")
    choose(page, qtbot, "visit-sheet")  # the person goes along, across kinds that are not about anybody
    assert page.options.which.currentText().startswith("演示三（")
    found = shown(page, qtbot, "visit-sheet")
    assert "演示三" in found and "服务记录单" in found


def test_nothing_yet_gives_an_empty_paper_and_no_error(
    open_page: Open, fresh_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(ReportsPage, fresh_ledger)
    for kind, words in (
        ("service", "暂无服务记录"), ("roster", "共38个名额，已落实0人。"), ("ledger", "本期没有服务记录。"),
        ("visit-sheet", "本期没有服务记录。"), ("statistics", "合计"),
        ("contact-card", "这个范围里还没有录入特派员。"), ("person-summary", "服务情况汇总"),
    ):  # fmt: skip
        choose(page, qtbot, kind)
        assert words in shown(page, qtbot, kind), kind
    choose(page, qtbot, "ledger")
    page.options.period.first.setText("2022-13-99")
    settle()
    assert page.options.errors()
    page.save()  # takes the officer to the date; no dialog of files opens
    assert page.options.period.first.hasFocus()


def test_a_newer_wish_replaces_the_older(
    open_page: Open, demo_ledger: Ledger, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(ReportsPage, demo_ledger)
    given_up: list[str] = []
    write = kinds.write

    def watched(*args: object, **named: object) -> object:
        try:
            return write(*args, **named)
        except BaseException as error:
            given_up.append(type(error).__name__)
            raise

    monkeypatch.setattr(page_module.kinds, "write", watched)
    choose(page, qtbot, "visit-sheet")  # 207 sheets: seconds of work
    page.draw()
    # The first sheets are there long before the last; nobody prints them for the whole.
    qtbot.waitUntil(lambda: page.preview.count() == FIRST, timeout=10_000)
    assert page.state.text().startswith("正在生成") and not page.print_button.isEnabled()
    qtbot.waitUntil(lambda: "第" in page.state.text(), timeout=10_000)
    choose(page, qtbot, "blank-sheet")
    page.draw()
    assert "□满意" in shown(page, qtbot, "blank-sheet")
    qtbot.waitUntil(lambda: given_up == ["Cancelled"], timeout=10_000)
    settle()
    assert page._shown is not None and page._shown.kind == "blank-sheet"
    # The beginning of an older paper that comes late is not shown any more.
    assert page._written is not None
    page._show_head(page._number - 1, PdfPages(page._written.path))
    assert page._shown is not None and page.print_button.isEnabled()


def test_a_paper_is_saved_listed_and_made_again(
    open_page: Open, demo_ledger: Ledger, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    page = open_page(ReportsPage, demo_ledger)
    choose(page, qtbot, "statistics")
    pick(page.options.about, "受援县")
    pick(page.options.which, "温县")
    asked: list[str] = []

    def ask(_parent: object, _title: str, start: str, _filter: str) -> tuple[str, str]:
        asked.append(Path(start).name)
        return str(tmp_path / "统计"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    with qtbot.waitSignal(page._context.said, timeout=10_000) as said:
        qtbot.keyClick(page.kinds, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert asked == ["温县_成效统计表_2022.pdf"]
    assert "已保存成效统计表" in said.args[0] and "温县" in text_of(tmp_path / "统计.pdf")
    assert page.recent.list.count() == 1 and page.recent.list.item(0).text() == "统计"
    settle()
    # Another day, another window: Enter on it brings back kind, county and period.
    again = open_page(ReportsPage, demo_ledger)
    choose(again, qtbot, "roster")
    again.recent.list.setCurrentRow(0)
    qtbot.keyClick(again.recent.list, Qt.Key.Key_Return)
    assert "温县科技特派员服务成效统计表" in shown(again, qtbot, "statistics")
    again.recent.list.setCurrentRow(0)  # the list is filled anew after every paper
    menu = again.recent.menu_of(again.recent.list.current())
    assert [a.text() for a in menu.actions() if a.text()] == [
        "再次生成", "打开文件", "打开所在文件夹", "从列表中移除"
    ]  # fmt: skip
    menu.actions()[-1].trigger()
    assert again.recent.list.count() == 0 and (tmp_path / "统计.pdf").exists()
    # A list that something else has damaged is not an error.
    paths.write_settings(recent_papers=[{"ledger": str(demo_ledger.path.resolve()), "wish": 3}, "x"])
    assert recent_papers.listed(demo_ledger.path) == []


def test_one_for_each_county_into_a_folder_and_into_one_pdf(
    open_page: Open, demo_ledger: Ledger, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    page = open_page(ReportsPage, demo_ledger)
    choose(page, qtbot, "ledger")
    page._fill_batch()
    assert [a.text() for a in page.batch_menu.actions() if a.text()][2:4] == [
        "每个受援县一份，存入文件夹…", "每个受援县一份，合成一个 PDF…"
    ]  # fmt: skip
    with qtbot.waitSignal(page._context.said, timeout=20_000) as said:
        page.make_series("county", False, tmp_path)
    assert "已生成 3 份" in said.args[0]
    folder = tmp_path / "服务记录台账_2022_按受援县"
    assert sorted(p.name for p in folder.iterdir()) == [
        f"{c}_服务记录台账_2022.pdf" for c in ("修武县", "博爱县", "温县")
    ]
    wen = text_of(folder / "温县_服务记录台账_2022.pdf")
    assert "温县" in wen and "修武县" not in wen
    out = tmp_path / "合.pdf"
    with qtbot.waitSignal(page._context.said, timeout=20_000):
        page.make_series("county", True, out)
    settle()
    with pypdfium2.PdfDocument(out.read_bytes()) as document:
        outline = [(b.get_title(), b.get_dest().get_index()) for b in document.get_toc()]
        assert document.get_metadata_dict()["Title"] == "服务记录台账"
    sizes = [pages_of(folder / f"{name}_服务记录台账_2022.pdf") for name, _ in outline]
    assert [page for _, page in outline] == [sum(sizes[:n]) for n in range(3)]
    assert pages_of(out) == sum(sizes)
    assert not list(tmp_path.glob("*.part"))


def test_a_series_is_cancelled_and_says_so(
    open_page: Open, demo_ledger: Ledger, qtbot: QtBot, settle: Settle, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from ui.reports import making

    page = open_page(ReportsPage, demo_ledger)
    choose(page, qtbot, "person-summary")

    def stop_at_once(_owner: object, progress: object) -> None:
        progress.changed.connect(lambda *_: progress.cancel())  # type: ignore[attr-defined]

    monkeypatch.setattr(making, "watch", stop_at_once)
    with qtbot.waitSignal(page._context.said, timeout=20_000) as said:
        page.make_series("person", True, tmp_path / "全.pdf")
    assert said.args[0] == "已取消，没有生成文件。"
    assert list(tmp_path.glob("全*")) == []
    with qtbot.waitSignal(page._context.said, timeout=20_000) as said:
        page.make_series("person", False, tmp_path)
    assert "已取消" in said.args[0]
    assert not list(tmp_path.rglob("*.part")) and len(list(tmp_path.rglob("*个人年度*.pdf"))) < 31


def test_words_are_found_and_pages_gone_to_by_the_keyboard(
    open_page: Open, demo_ledger: Ledger, qtbot: QtBot
) -> None:
    page = open_page(ReportsPage, demo_ledger)
    choose(page, qtbot, "contact-card")
    shown(page, qtbot, "contact-card")
    qtbot.waitUntil(lambda: page.bar.pages.text() == "/ 16 页", timeout=10_000)
    qtbot.keyClick(page.kinds, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.bar.search.hasFocus()
    page.bar.search.insert("演示二十三")
    qtbot.keyClick(page.bar.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.bar.hits.text() == "1 / 1 处", timeout=10_000)
    hit = page.preview._hits[0][0]
    assert "演示二十三" in page.preview._pages.text(hit)
    assert page.preview._views[hit].marks[0][1] is True
    qtbot.waitUntil(lambda: page.preview.current_page() == hit + 1)
    page.bar.search.clear()
    assert page.bar.hits.text() == "" and not page.preview._views[hit].marks
    page.bar.page.setFocus()
    page.bar.page.selectAll()
    qtbot.keyClicks(page.bar.page, "9")
    qtbot.keyClick(page.bar.page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.preview.current_page() == 9)


def test_typed_words_stay_when_the_ledger_changes(
    open_page: Open, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(ReportsPage, demo_ledger)
    shown(page, qtbot, "service")
    page.options.next_steps.setPlainText("继续做好演示工作。")
    rows = visits.listed_rowids(demo_ledger, visits.VisitFilter(), "date", True)[:1]
    visits.delete(demo_ledger, [visits.rows(demo_ledger, rows)[rows[0]].id])
    page._context.changed.emit(page.shows)
    settle()
    assert page.options.next_steps.toPlainText() == "继续做好演示工作。"
    assert "继续做好演示工作" in shown(page, qtbot, "service")


def test_commands_lead_to_every_kind(open_page: Open, demo_ledger: Ledger, qtbot: QtBot) -> None:
    page = open_page(ReportsPage, demo_ledger)
    found = {c.title: c.page for c in commands()}
    for kind in KINDS.values():
        where = found[f"打印{kind.title}"]
        assert where is not None and where[0] == "reports"
        page.show_item(where[1])
        assert page.kinds.current() == kind.id and page.heading.text() == kind.title
    for part in (page.kinds, page.recent.list, page.bar.page, page.bar.search, page.preview):
        assert part.accessibleName()
