"""报告: choose a paper and what it is about, see it at once, save, print or make it for everybody."""

import shutil
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout

from commissioner_app import kinds, papers, paths, series, statistics
from commissioner_app.kinds import KINDS, Wish
from commissioner_app.papers import Written
from commissioner_app.pdfpages import PdfPages
from commissioner_app.recent_papers import Recent
from commissioner_app.series import Each, Made
from ui.context import Context
from ui.reports.bar import PreviewBar
from ui.reports.icons import ICONS
from ui.reports.lines import LINE, Line, LineList
from ui.reports.making import entries_told, save_paper, save_series, series_words
from ui.reports.options import Options
from ui.reports.preview import Preview
from ui.reports.recent import RecentList, open_path
from ui.shell.page import Page
from ui.tasks import Progress
from ui.theme import Size
from ui.widgets.basic import button, label, restyle
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState

KINDS_WIDTH = 264
WAIT_MS = 350
FIRST = 3
"""Entries of a paper of slow ones that are shown before the rest is there."""
_WARNED = frozenset({"service", "statistics"})


class ReportsPage(Page):
    """The preview is the paper itself: it is written to a temporary file and drawn from there."""

    key, icon = "reports", "report"
    shows = frozenset(
        {"visit", "visit_companion", "appointment", "appointment_person", "assignment", "attachment", "batch",
         "category", "commissioner", "commissioner_private", "organisation", "recipient", "setting", "station",
         "team"}
    )  # fmt: skip
    wants = Signal(str, object)
    _begun = Signal(int, object)  # number of the drawing, first pages

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._folder = Path(tempfile.mkdtemp(prefix="commissioner-report-"))
        self.destroyed.connect(partial(shutil.rmtree, self._folder, ignore_errors=True))
        self._number = 0
        self._written: Written | None = None
        self._shown: Wish | None = None
        self._forms: dict[str, Options] = {}
        self._about: Wish | None = None
        self._front = ""  # the kind of the paper that is in the preview
        self._build()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(WAIT_MS)
        self._later.timeout.connect(self.draw)
        self._begun.connect(self._show_head, Qt.ConnectionType.QueuedConnection)
        self._show_kind("service")
        context.periodChanged.connect(self._take_period)
        for keys, do in (("Ctrl+S", self.save), ("Ctrl+P", self.print), ("Ctrl+O", self.open_file),
                         ("Ctrl+F", lambda: self.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason))):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # -- building --------------------------------------------------------------------------------------

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        row.setSpacing(Size.GAP_MID)
        left = Card(flush=True)
        left.setFixedWidth(KINDS_WIDTH)
        self.kinds = LineList(self.tr("材料种类"))
        self.kinds.show_lines(
            [Line(k.id, ICONS[k.id], k.title, k.purpose, k.purpose) for k in KINDS.values()]
        )
        self.kinds.setFixedHeight(len(KINDS) * LINE + 4)
        self.kinds.chosen.connect(self._show_kind)
        self.kinds.opened.connect(lambda _key: self.options.setFocus())
        self.recent = RecentList(self._context)
        self.recent.again.connect(self.make_again)
        left.body.setContentsMargins(Size.TIGHT, Size.TIGHT, Size.TIGHT, Size.TIGHT)
        left.body.addWidget(self.kinds)
        left.body.addWidget(self.recent, 1)
        row.addWidget(left)
        card = Card(flush=True)
        card.body.setContentsMargins(0, Size.GAP + Size.TIGHT, 0, 0)
        card.body.addLayout(self._head())
        self._holder = QVBoxLayout()
        self._holder.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, 0)
        card.body.addLayout(self._holder)
        self.notes = label("", "notice", tone="warn", wrap=True)
        self._holder.addWidget(self.notes)
        self.notes.hide()
        self.preview = Preview()
        self.bar = PreviewBar(self.preview)
        self.state = self.bar.state
        card.body.addWidget(self.bar)
        self.nothing = EmptyState("report", "")
        self.view = QStackedWidget()
        self.view.addWidget(self.preview)
        self.view.addWidget(self.nothing)
        card.body.addWidget(self.view, 1)
        row.addWidget(card, 1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, 0)
        head.setSpacing(Size.GAP)
        self.heading = label("", "cardtitle")
        self.note_button = button("", "link", icon="warning", on_click=self._toggle_notes)
        self.note_button.setCheckable(True)
        self.note_button.hide()
        self.more = button(self.tr("字体"), "tool", icon="more")
        menu = QMenu(self)
        group = QActionGroup(self)
        self.system_fonts = menu.addAction(self.tr("用系统的仿宋、小标宋（没有则用内置）"))
        self.bundled_fonts = menu.addAction(self.tr("用程序内置字体"))
        for action in (self.system_fonts, self.bundled_fonts):
            action.setCheckable(True)
            group.addAction(action)
        self.system_fonts.setChecked(True)
        group.triggered.connect(lambda _a: self._later.start())
        self.more.setMenu(menu)
        self.batch_button = button(self.tr("批量…"))
        self.batch_button.setToolTip(self.tr("给每位特派员、每个受援县或服务团各生成一份"))
        self.batch_menu = QMenu(self)
        self.batch_menu.aboutToShow.connect(self._fill_batch)
        self.batch_button.setMenu(self.batch_menu)
        self.open_button = button(self.tr("打开"), on_click=self.open_file)
        self.open_button.setToolTip(self.tr("用系统的 PDF 阅读程序打开（Ctrl+O）"))
        self.print_button = button(self.tr("打印…"), on_click=self.print)
        self.print_button.setToolTip(self.tr("打印（Ctrl+P）"))
        self.save_button = button(self.tr("保存 PDF…"), "primary", on_click=self.save)
        self.save_button.setToolTip(self.tr("保存（Ctrl+S）"))
        head.addWidget(self.heading)
        head.addWidget(self.note_button)
        head.addStretch(1)
        for part in (self.more, self.batch_button, self.open_button, self.print_button, self.save_button):
            head.addWidget(part)
        return head

    # -- what the window asks --------------------------------------------------------------------------

    def caption(self) -> str:
        return self.tr("预览即所得，改动选项后自动重新生成")

    def activated(self) -> None:
        self.kinds.setFocus()

    def refresh(self, kinds_: frozenset[str]) -> None:
        if kinds_ & {"batch", "team", "appointment", "appointment_person", "commissioner", "setting"}:
            before = self.options.scope()
            if not self._typing():
                for form in self._forms.values():
                    form.fill()
            if self.options.scope() != before:
                self._shown = None
        self.recent.refresh()
        if self._number == 0:
            self.draw()
        else:
            self._later.start()

    def _typing(self) -> bool:
        """Text of this paper was typed and not saved: what arrives meanwhile does not take it away."""
        o = self.options
        if "text" not in o.kind.takes:
            return False
        kept = papers.saved_title(self._context.ledger, o.scope(), o.wanted_period())
        typed = o.title.text().strip() if o.title_typed else kept.get("title", "")
        steps = o.next_steps.toPlainText().strip()
        return (typed, steps) != (kept.get("title", ""), kept.get("next_steps", ""))

    def show_item(self, what: object) -> None:
        """Show a paper, of a scope if one is named: {"paper": "ledger", "kind": "county", "which": code}."""
        if not isinstance(what, dict):
            return
        if what.get("paper") in KINDS:
            self.kinds.set_current(what["paper"])
            self._show_kind(what["paper"])
        scope = {"county": "county", "team": "team", "person": "place"}.get(str(what.get("kind")))
        if scope:
            wish = replace(self.options.wish(), scope=statistics.Scope(**{scope: what.get("which")}))
            self.options.take(wish, scope_only=True)
            self._about = self.wish()
        self._later.start()

    # -- options ---------------------------------------------------------------------------------------

    @property
    def options(self) -> Options:
        """The options of the kind that is shown."""
        return self._forms[self._kind]

    def _show_kind(self, kind: str) -> None:
        before = self._forms.get(getattr(self, "_kind", ""))
        if before is not None and before.kind.id == kind:
            return
        if kind not in self._forms:
            form = self._forms[kind] = Options(self._context, KINDS[kind])
            form.edited.connect(partial(self._edited, form))
            self._holder.insertWidget(0, form)
        self._kind = kind
        if before is not None:
            before.hide()
        if self._about is not None:
            self.options.take(self._about, scope_only=True)
        self.options.show()
        self.kinds.set_current(kind)
        self.heading.setText(KINDS[kind].title)
        self.batch_button.setVisible(bool(series.possible(self.wish())))
        self._shown = None
        self._later.start()

    def _edited(self, form: Options, name: str) -> None:
        if name in ("about", "which", "period"):
            self._about = form.wish()  # goes with the officer from one kind to the next
        self._later.start()

    def _take_period(self) -> None:
        self._about = None
        for form in self._forms.values():
            form.take_period()
        self._later.start()

    def wish(self) -> Wish:
        """What is asked for now."""
        return self.options.wish()

    def make_again(self, recent: Recent) -> None:
        """Show a paper with the options of then; it is saved again where the officer says."""
        self._show_kind(recent.wish.kind)
        self.options.take(recent.wish)
        self._about = self.wish()
        (self.system_fonts if recent.system_fonts else self.bundled_fonts).setChecked(True)
        self._later.stop()
        self.draw()
        self.save_button.setFocus()
        self._context.said.emit(self.tr("已按当时的选项重新生成，可以保存或打印。"), False)

    # -- drawing ---------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Write the paper anew on a worker thread and show it; a newer wish stops an older one."""
        self._later.stop()
        if self.options.errors():
            return
        lacks = self.options.lacks()
        if lacks:
            self._show_nothing(lacks)
            return
        self._number += 1
        number, out = self._number, self._folder / f"{self._number}.pdf"
        c, wish, system = self._context, self.wish(), self.system_fonts.isChecked()
        progress = Progress("")
        progress.changed.connect(self._told)
        self.state.setText(self.tr("正在生成…"))

        def work() -> tuple[Written, PdfPages, list[str], str, Wish]:
            progress.check()
            told = entries_told(progress)
            if KINDS[wish.kind].slow:
                head = self._folder / f"{number}-head.pdf"
                kinds.write(c.ledger, wish, head, system_fonts=system, first=FIRST)
                progress.check()
                self._begun.emit(number, PdfPages(head))
                head.unlink(missing_ok=True)
            written = kinds.write(c.ledger, wish, out, system_fonts=system, progress=told)
            notes, title = [], ""
            if wish.kind in _WARNED:
                o = statistics.overview(c.ledger, wish.period, wish.scope)
                notes = papers.warnings(o)
                title = papers.default_title(wish.period, wish.scope, o.scope_name, o.batch)
            return written, PdfPages(out), notes, title, wish

        c.read(work, self._drawn, self, "draw", progress, self._show_nothing)

    def _show_head(self, number: int, pages: PdfPages) -> None:
        """The first pages, until all are there; they are only looked at, not printed."""
        if number != self._number:
            pages.close()
            return
        kind, self._written, self._shown = self.options.kind.id, None, None
        self._enable(False)
        self.view.setCurrentWidget(self.preview)
        self.bar.setEnabled(True)
        self.preview.show_pages(pages, stay=self._front == kind)
        self._front = kind

    def _told(self, _done: int, _total: int, text: str) -> None:
        if self.sender() is not None and not getattr(self.sender(), "cancelled", False):
            self.state.setText(self.tr("正在生成…{0}").format(text))

    def _drawn(self, found: tuple[Written, PdfPages, list[str], str, Wish]) -> None:
        written, pages, notes, title, wish = found
        old, self._written = self._written, written
        if old is not None and old.path.parent == self._folder:
            old.path.unlink(missing_ok=True)
        same, self._front, self._shown = self._front == wish.kind, wish.kind, wish
        self.state.setText("")
        self.options.show_title(title)
        if written.missing:
            notes = [self.tr("这些字没有字体可用：{0}").format("、".join(sorted(written.missing))), *notes]
        self._show_notes(notes)
        self.view.setCurrentWidget(self.preview)
        self.bar.setEnabled(True)
        self._enable(True)
        self.preview.show_pages(pages, stay=same)
        self.bar.search_again()

    def _show_nothing(self, sentence: str) -> None:
        self.state.setText("")
        self._written = self._shown = None
        self.nothing.set_sentence(sentence)
        self.view.setCurrentWidget(self.nothing)
        self._show_notes([])
        self.bar.setEnabled(False)
        self._enable(False)

    def _enable(self, there: bool) -> None:
        for part in (self.open_button, self.print_button):
            part.setEnabled(there)

    def _show_notes(self, notes: list[str]) -> None:
        self.notes.setText("\n".join(notes))
        self.note_button.setText(self.tr("打印前请留意 {0} 点").format(len(notes)))
        self.note_button.setAccessibleName(self.note_button.text())
        self.note_button.setToolTip("\n".join(notes))
        self.note_button.setVisible(bool(notes))
        self._toggle_notes()
        restyle(self.notes)

    def _toggle_notes(self) -> None:
        self.notes.setVisible(self.note_button.isChecked() and bool(self.notes.text()))

    # -- saving, opening, printing ---------------------------------------------------------------------

    def _ready(self) -> bool:
        if self.options.first_invalid():
            return False
        if self.options.lacks():
            self._context.refused.emit(self.options.lacks())
            return False
        return True

    def save(self) -> None:
        """Save the paper that is shown."""
        if not self._ready():
            return
        start = str(paths.documents() / kinds.file_name(self._context.ledger, self.wish()))
        title = self.tr("保存{0}").format(self.options.kind.title)
        chosen, _ = QFileDialog.getSaveFileName(self, title, start, self.tr("PDF 文件 (*.pdf)"))
        if chosen:
            self.save_to(Path(chosen if chosen.lower().endswith(".pdf") else chosen + ".pdf"))

    def save_to(self, path: Path) -> None:
        """Write the paper anew to a file, keep its title and text, and say where it lies."""

        def done(written: Written) -> None:
            said = self.tr("已保存{0}（{1} 页）：{2}").format(title, f"{written.pages:,}", written.path)
            self._context.said.emit(said, False)
            self.recent.refresh()

        title = self.options.kind.title
        save_paper(self, self._context, self.wish(), path, self.system_fonts.isChecked(), done)

    def open_file(self) -> None:
        """Show the paper by the system's program, under the name it would be saved by."""
        if self._written is None or not self._ready():
            return
        copy = self._folder / "open" / kinds.file_name(self._context.ledger, self.wish())
        try:
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(self._written.path, paths.free_path(copy.parent, copy.stem, ".pdf"))
        except OSError as error:
            self._context.refused.emit(self.tr("文件没有写成：{0}").format(error.strerror or error))
            return
        if not open_path(max(copy.parent.iterdir(), key=lambda p: p.stat().st_mtime_ns)):
            self._context.refused.emit(self.tr("电脑上没有能打开 PDF 的程序，请先保存，再用 WPS 打开。"))

    def print(self) -> None:
        """Print the paper that is shown by the system's dialog."""
        if self._written is not None and self._ready():
            from ui.reports.printing import print_pdf

            print_pdf(self, self._context, self._written.path, self.options.kind.title)

    # -- series ----------------------------------------------------------------------------------------

    def _fill_batch(self) -> None:
        self.batch_menu.clear()
        names = {"person": self.tr("每位特派员一份"), "county": self.tr("每个受援县一份"),
                 "team": self.tr("每个服务团一份")}  # fmt: skip
        for n, each in enumerate(series.possible(self.wish())):
            if n:
                self.batch_menu.addSeparator()
            for one, words in ((False, self.tr("{0}，存入文件夹…")), (True, self.tr("{0}，合成一个 PDF…"))):
                action = self.batch_menu.addAction(words.format(names[each]))
                action.triggered.connect(partial(self._ask_series, each, one))

    def _ask_series(self, each: Each, one: bool) -> None:
        if self.options.errors():
            self.options.first_invalid()
            return
        start = paths.documents()
        if one:
            by = self.tr("{0}（按{1}）").format(self.options.kind.title, series.EACH[each])
            name = "_".join(p for p in (by, kinds.time_name(self._context.ledger, self.wish())) if p)
            chosen, _ = QFileDialog.getSaveFileName(
                self, self.tr("批量生成"), str(start / f"{name}.pdf"), self.tr("PDF 文件 (*.pdf)")
            )
            if chosen and not chosen.lower().endswith(".pdf"):
                chosen += ".pdf"
        else:
            chosen = QFileDialog.getExistingDirectory(self, self.tr("存入哪个文件夹"), str(start))
        if chosen:
            self.make_series(each, one, Path(chosen))

    def make_series(self, each: Each, one: bool, out: Path) -> None:
        """Make the paper for each, into a new folder below `out` or (one) into the PDF `out`."""

        def done(made: Made) -> None:
            self._context.said.emit(series_words(made), False)

        save_series(self, self._context, self.wish(), each, out, one, self.system_fonts.isChecked(), done)
