"""报告: choose what the 服务工作报告 covers, see it at once, save or print it."""

import shutil
import tempfile
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from commissioner_app import papers, paths, places, statistics, teams
from commissioner_app.papers import ReportWish, Written
from commissioner_app.pdfpages import PdfPages
from commissioner_app.periods import Period
from commissioner_app.statistics import Scope
from ui.context import Context
from ui.reports.preview import Preview
from ui.shell.page import Page
from ui.tasks import Progress
from ui.theme import Size
from ui.widgets.basic import Combo, button, label, restyle, scroll
from ui.widgets.card import Card
from ui.widgets.dateedit import DateField, PeriodField
from ui.widgets.form import Form

OPTIONS_WIDTH = 332
WAIT_MS = 350


class ReportsPage(Page):
    """The preview is the paper itself: it is written to a temporary file and drawn from there."""

    key, icon = "reports", "report"
    shows = frozenset(
        {
            "visit",
            "appointment",
            "appointment_person",
            "commissioner",
            "assignment",
            "team",
            "batch",
            "station",
            "setting",
        }
    )
    wants = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._folder = Path(tempfile.mkdtemp(prefix="commissioner-report-"))
        self.destroyed.connect(partial(shutil.rmtree, self._folder, ignore_errors=True))
        self._number = 0
        self._written: Written | None = None
        self._title_typed = False
        self._build()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(WAIT_MS)
        self._later.timeout.connect(self.draw)
        context.periodChanged.connect(self._take_period)
        for keys, do in (("Ctrl+S", self.save), ("Ctrl+P", self.print)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        row.setSpacing(Size.GAP_MID)
        options = Card(self.tr("服务工作报告"), flush=True)
        options.setFixedWidth(OPTIONS_WIDTH)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.GAP)
        column.setSpacing(Size.GAP)
        self.form = Form(1)
        self.kind, self.which = Combo(), Combo()
        for text, key in ((self.tr("全市"), "city"), (self.tr("受援县"), "county"), (self.tr("服务团"), "team"),
                          (self.tr("特派员"), "person")):  # fmt: skip
            self.kind.addItem(text, key)
        self.period = PeriodField()
        self.title = QLineEdit()
        self.next_steps = QPlainTextEdit()
        self.next_steps.setFixedHeight(84)
        self.next_steps.setTabChangesFocus(True)
        self.next_steps.setPlaceholderText(self.tr("写进报告的最后一部分；不写则没有这一部分"))
        self.signed = DateField()
        self.signed.setPlaceholderText(self.tr("留空则打印“年 月 日”"))
        self.fonts = Combo()
        self.fonts.addItem(self.tr("系统的仿宋、小标宋（没有则用内置）"), True)
        self.fonts.addItem(self.tr("程序内置字体"), False)
        self.form.add("kind", self.tr("范围"), self.kind)
        self.form.add("which", self.tr("名称"), self.which)
        self.form.add("period", self.tr("期间"), self.period)
        self.form.add("title", self.tr("标题"), self.title)
        self.form.add("next_steps", self.tr("下一步打算"), self.next_steps)
        self.form.add("signed", self.tr("落款日期"), self.signed)
        self.form.add("fonts", self.tr("字体"), self.fonts)
        self.form.edited.connect(self._edited)
        column.addWidget(self.form)
        self.notes = label("", "notice", tone="warn", wrap=True)
        self.notes.hide()
        column.addWidget(self.notes)
        column.addStretch(1)
        options.body.addWidget(scroll(inner), 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(Size.GAP_MID, Size.TIGHT, Size.GAP_MID, Size.GAP)
        foot.addStretch(1)
        self.print_button = button(self.tr("打印…"), on_click=self.print)
        self.print_button.setToolTip(self.tr("打印（Ctrl+P）"))
        self.save_button = button(self.tr("保存 PDF…"), "primary", on_click=self.save)
        self.save_button.setToolTip(self.tr("保存（Ctrl+S）"))
        foot.addWidget(self.print_button)
        foot.addWidget(self.save_button)
        options.body.addLayout(foot)
        row.addWidget(options)
        card = Card(flush=True)
        bar = QHBoxLayout()
        bar.setContentsMargins(Size.GAP_MID, Size.GAP, Size.GAP_MID, 0)
        self.where = label("", "caption")
        self.preview = Preview()
        self.preview.pageChanged.connect(
            lambda n, of: self.where.setText(self.tr("第 {0} 页，共 {1} 页").format(n, of) if of else "")
        )
        self.zoom = label("", "caption")
        self.preview.zoomChanged.connect(lambda z: self.zoom.setText(f"{z * 100:.0f} %"))
        bar.addWidget(
            button(
                self.tr("上一页"),
                "tool",
                icon="up",
                on_click=lambda: self.preview.go_to(self.preview.current_page() - 1),
            )
        )
        bar.addWidget(
            button(
                self.tr("下一页"),
                "tool",
                icon="down",
                on_click=lambda: self.preview.go_to(self.preview.current_page() + 1),
            )
        )
        bar.addWidget(self.where)
        bar.addStretch(1)
        self.state = label("", "caption")
        bar.addWidget(self.state)
        bar.addStretch(1)
        bar.addWidget(
            button(self.tr("缩小"), "tool", icon="zoom-out", on_click=lambda: self.preview.step_zoom(-1))
        )
        bar.addWidget(self.zoom)
        bar.addWidget(
            button(self.tr("放大"), "tool", icon="zoom-in", on_click=lambda: self.preview.step_zoom(1))
        )
        bar.addWidget(button(self.tr("适合宽度"), "link", on_click=lambda: self.preview.set_zoom(0)))
        card.body.addLayout(bar)
        card.body.addWidget(self.preview, 1)
        row.addWidget(card, 1)

    # -- what the window asks --------------------------------------------------------------------------

    def caption(self) -> str:
        return self.tr("预览即所得，改动选项后自动重新生成")

    def refresh(self, kinds: frozenset[str]) -> None:
        if kinds & {"batch", "team", "appointment", "appointment_person", "commissioner"}:
            before = self.scope()
            self._fill_which()
            if self.scope() != before:  # another year has other teams and places
                self._load_kept()
        if self.period.period() == (None, None):
            self._take_period()
        if self._number == 0:
            self.draw()
        else:
            self._later.start()

    def show_item(self, what: object) -> None:
        """Show the report of a scope: {"kind": "county", "which": code}."""
        if isinstance(what, dict):
            self.kind.setCurrentIndex(max(self.kind.findData(what.get("kind")), 0))
            self._fill_which()
            self.which.setCurrentIndex(max(self.which.findData(what.get("which")), 0))
            self._later.start()

    # -- options ---------------------------------------------------------------------------------------

    def _take_period(self) -> None:
        p = self._context.period
        with self.form.loading():
            self.period.set_period(date.fromisoformat(p.start), date.fromisoformat(p.end))
        self._load_kept()
        self._later.start()

    def _fill_which(self) -> None:
        c, kind, now = self._context, self.kind.currentData(), self.which.currentData()
        with self.form.loading():
            self.which.clear()
            if kind == "county":
                for d in c.divisions.counties():
                    self.which.addItem(d.name, d.code)
            elif kind == "team":
                for t in teams.listed(c.ledger, c.batch.id if c.batch else None):
                    self.which.addItem(t.name, t.id)
            elif kind == "person":
                for p in places.listed(c.ledger, c.batch):
                    self.which.addItem(f"{p.name}（{p.code}）" if p.name else p.code, p.id)
            self.which.setCurrentIndex(max(self.which.findData(now), 0))
        self.form.set_visible("which", kind != "city")

    def _edited(self, name: str) -> None:
        if name == "kind":
            self._fill_which()
        if name in ("kind", "which", "period"):
            self._load_kept()
        if name == "title":
            self._title_typed = True
        self._later.start()

    def _load_kept(self) -> None:
        """Title and text that the officer has kept for this scope and period."""
        kept = papers.saved_title(self._context.ledger, self.scope(), self.wanted_period())
        self._title_typed = bool(kept.get("title"))
        with self.form.loading():
            self.title.setText(kept.get("title", ""))
            self.next_steps.setPlainText(kept.get("next_steps", ""))

    def scope(self) -> Scope:
        """What the report is about."""
        kind, which = self.kind.currentData(), self.which.currentData()
        if kind == "county":
            return Scope(county=which)
        if kind == "team":
            return Scope(team=which)
        return Scope(place=which) if kind == "person" else Scope()

    def wanted_period(self) -> Period:
        """The period asked for; its label is that of the top bar where it is the same."""
        first, last = self.period.period()
        c = self._context.period
        if first is None or last is None:
            return c
        start, end = first.isoformat(), last.isoformat()
        known = [p for p in self._context.period_choices() if (p.start, p.end) == (start, end)]
        return known[0] if known else Period(start, end)

    def wish(self) -> ReportWish:
        """What is asked for now."""
        title = self.title.text().strip() if self._title_typed else ""
        return ReportWish(
            self.wanted_period(),
            self.scope(),
            title,
            self.next_steps.toPlainText().strip(),
            self.signed.value(),
        )

    # -- drawing, saving, printing ---------------------------------------------------------------------

    def draw(self) -> None:
        """Write the paper anew on a worker thread and show it."""
        if self.form.errors():
            return
        self._number += 1
        out = self._folder / f"{self._number}.pdf"
        c, wish, system = self._context, self.wish(), bool(self.fonts.currentData())
        self.state.setText(self.tr("正在生成…"))

        def work() -> tuple[Written, PdfPages, list[str], str]:
            o = statistics.overview(c.ledger, wish.period, wish.scope)
            written = papers.write_service_report(c.ledger, wish, out, system_fonts=system)
            title = papers.default_title(wish.period, wish.scope, o.scope_name, o.batch)
            return written, PdfPages(out), papers.warnings(o), title

        c.read(work, self._drawn, self, "draw")

    def _drawn(self, found: tuple[Written, PdfPages, list[str], str]) -> None:
        written, pages, notes, title = found
        old, self._written = self._written, written
        if old is not None:
            old.path.unlink(missing_ok=True)
        self.state.setText("")
        if not self._title_typed:
            with self.form.loading():
                self.title.setText(title)
                self.title.setCursorPosition(0)
        if written.missing:
            notes = [self.tr("这些字没有字体可用：{0}").format("、".join(sorted(written.missing))), *notes]
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        restyle(self.notes)
        self.preview.show_pages(pages)

    def save(self) -> None:
        """Save the paper that is shown."""
        if self.form.first_invalid() or self._written is None:
            return
        name = f"{self.title.text().strip() or self.tr('服务工作报告')}.pdf"
        start = str(paths.documents() / "".join(ch for ch in name if ch not in '\\/:*?"<>|'))
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("保存报告"), start, self.tr("PDF 文件 (*.pdf)"))
        if chosen:
            self.save_to(Path(chosen if chosen.lower().endswith(".pdf") else chosen + ".pdf"))

    def save_to(self, path: Path) -> None:
        """Write the paper anew to a file, keep its title and text, and say where it lies."""
        c, wish, system = self._context, self.wish(), bool(self.fonts.currentData())
        progress = Progress(self.tr("正在保存报告"))
        window = self.window()
        watch = getattr(window, "watch", None)
        if watch is not None:
            watch(progress)

        def told(done: int, total: int | None) -> bool:
            progress.report(done, total or 0)
            progress.check()
            return True

        def work() -> Written:
            if wish.title or wish.next_steps:
                papers.keep_title(c.ledger, wish.scope, wish.period, wish.title, wish.next_steps)
            return papers.write_service_report(c.ledger, wish, path, system_fonts=system, progress=told)

        c.read(
            work,
            lambda w: c.said.emit(self.tr("已保存报告（{0} 页）：{1}").format(w.pages, w.path), False),
            self,
            progress=progress,
        )

    def print(self) -> None:
        """Print the paper that is shown by the system's dialog."""
        if self._written is not None and not self.form.first_invalid():
            from ui.reports.printing import print_pdf

            print_pdf(self, self._context, self._written.path, self.title.text())
