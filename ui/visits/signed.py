"""归档签字单: scans and photos of signed sheets find their visits by the code; the rest is attached by hand."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QCoreApplication, QModelIndex, Qt
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QHBoxLayout, QListView, QVBoxLayout, QWidget

from commissioner_app import paths, photos, scans, visit_views
from commissioner_app.attachments import Added
from commissioner_app.ledgers import Outcome
from commissioner_app.scans import Found, ScanPage
from commissioner_app.visits import VisitRow
from ui.context import Context
from ui.tasks import Progress
from ui.theme import Size
from ui.visits.picker import VisitPicker
from ui.visits.picture import Picture
from ui.visits.signedlist import Line, PageItems, Pages
from ui.widgets.ask import ask
from ui.widgets.basic import button, label

_THUMB = 200
_SHOWN_REFUSALS = 4
_MARGIN = 64


def choose_signed(owner: QWidget, context: Context) -> None:
    """Ask for scans, then look at them."""
    patterns = " ".join(f"*{suffix}" for suffix in scans.SUFFIXES)
    names, _ = QFileDialog.getOpenFileNames(
        owner, _tr("选择签字单的扫描件或照片"), str(paths.documents()),
        _tr("扫描件和照片 ({0})").format(patterns),
    )  # fmt: skip
    file_signed(owner, context, [Path(name) for name in names])


def file_signed(owner: QWidget, context: Context, files: Sequence[Path]) -> None:
    """Look at scans on a worker thread, then show what was found; nothing is written before a person says so."""
    wanted = [f for f in files if scans.is_scan(f)]
    if not wanted:
        return
    progress = Progress(_tr("正在识别签字单"))
    watch = getattr(owner.window(), "watch", None)
    if watch is not None:
        watch(progress)

    def told(pages: int) -> None:
        progress.report(pages, 0, _tr("已看 {0} 页").format(pages))
        progress.check()

    def work() -> tuple[Found, list[Line]]:
        found = scans.look(context.ledger, wanted, told)
        rows = visit_views.by_id(context.ledger, sorted({p.visit for p in found.pages if p.visit}))
        lines = []
        for page in found.pages:
            progress.check()
            lines.append(Line(page, _image(photos.thumbnail(page.jpeg, _THUMB)), rows.get(page.visit or "")))
        return found, lines

    def show(result: tuple[Found, list[Line]]) -> None:
        found, lines = result
        if lines:
            SignedDialog(owner, context, lines, found.refused).open()
        else:
            context.refused.emit("".join(found.refused[:_SHOWN_REFUSALS]) or _tr("没有可以归档的页。"))

    context.read(work, show, owner, "signed", progress=progress)


def _image(jpeg: bytes) -> QImage:
    return QImage.fromData(QByteArray(jpeg))


class SignedDialog(QDialog):
    """Every page with the visit it was found to belong to; 归档 attaches them in one operation."""

    def __init__(
        self, parent: QWidget, context: Context, lines: Sequence[Line], refused: Sequence[str] = ()
    ) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(_tr("归档签字单"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        around = parent.window().size()
        self.resize(min(around.width() - 2 * _MARGIN, 1120), min(around.height() - _MARGIN, 760))
        self.pages = Pages(lines, context.divisions, self)
        self.list = QListView()
        self.list.setModel(self.pages)
        self.list.setItemDelegate(PageItems(self.list))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(_tr("签字单各页"))
        self.list.setFixedWidth(392)
        self.picture = Picture()
        self.target = label("", wrap=True)
        self.picker = VisitPicker(context)
        self.picker.setAccessibleName(_tr("归到哪条服务记录"))
        self.picker.chosen.connect(self.assign)
        self.keep = QCheckBox(_tr("归档这一页"))
        self.keep.setToolTip(_tr("在列表中按空格切换"))
        self.keep.toggled.connect(self._keep)
        self.notice = label("", "notice", tone="bad", wrap=True)
        self.sums = label("", "caption")
        self.cancel = button(_tr("取消"), on_click=self.reject)
        self.go = button("", "primary", on_click=self.file_all)
        self.go.setToolTip(_tr("归档（Ctrl+Enter）"))
        self._tell_refused(refused)
        self._build()
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.file_all)
        toggle = QShortcut(QKeySequence("Space"), self.list)
        toggle.setContext(Qt.ShortcutContext.WidgetShortcut)
        toggle.activated.connect(self.keep.toggle)
        self.list.activated.connect(lambda _i: self.picker.setFocus())
        self.list.selectionModel().currentChanged.connect(self._show)
        unknown = next((n for n, line in enumerate(lines) if line.visit is None), 0)
        self.list.setCurrentIndex(self.pages.index(unknown))
        self._count()
        (self.picker if lines[unknown].visit is None else self.list).setFocus()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        column.addWidget(label(_tr("归档签字单"), "cardtitle"))
        said = _tr("按记录单上的二维码找到所属的服务记录；未识别的在右侧指定，或保持原样不归档。")
        column.addWidget(label(said, "caption", wrap=True))
        column.addWidget(self.notice)
        middle = QHBoxLayout()
        middle.setSpacing(Size.GAP_MID)
        middle.addWidget(self.list)
        right = QVBoxLayout()
        right.setSpacing(Size.GAP)
        right.addWidget(self.picture, 1)
        right.addWidget(self.target)
        right.addWidget(label(_tr("归到哪条服务记录"), "caption"))
        right.addWidget(self.picker)
        right.addWidget(self.keep)
        middle.addLayout(right, 1)
        column.addLayout(middle, 1)
        foot = QHBoxLayout()
        foot.setSpacing(Size.GAP)
        foot.addWidget(self.sums)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.go)
        column.addLayout(foot)

    def _tell_refused(self, refused: Sequence[str]) -> None:
        shown = list(refused[:_SHOWN_REFUSALS])
        if len(refused) > len(shown):
            shown.append(_tr("另有 {0} 个文件没有读入。").format(len(refused) - len(shown)))
        self.notice.setText("\n".join(shown))
        self.notice.setVisible(bool(shown))

    # -- one page --------------------------------------------------------------------------------------

    def line(self) -> Line | None:
        """The page in view."""
        at = self.list.currentIndex().row()
        return self.pages.lines[at] if 0 <= at < len(self.pages.lines) else None

    def _show(self, _now: QModelIndex | None = None) -> None:
        line = self.line()
        if line is None:
            return
        page: ScanPage = line.page
        self.picture.show_image(line.thumb, page.title)
        self._context.read(lambda: (page, _image(page.jpeg)), self._show_large, self, "page")
        first, second = self.pages.told(line)
        self.target.setText(f"{first}\n{second}" if second else first)
        blocked = self.keep.blockSignals(True)
        self.keep.setChecked(line.goes)
        self.keep.setEnabled(line.visit is not None)
        self.keep.blockSignals(blocked)

    def _show_large(self, found: tuple[ScanPage, QImage]) -> None:
        line = self.line()
        if line is not None and line.page is found[0]:
            self.picture.show_image(found[1], found[0].title)

    def assign(self, visit: VisitRow) -> None:
        """A person says to which visit the page in view belongs; then comes the next one without any."""
        line, at = self.line(), self.list.currentIndex().row()
        if line is None:
            return
        line.visit, line.by_hand, line.left_out = visit, True, False
        self.pages.touch(at)
        self._count()
        rest = [*range(at + 1, len(self.pages.lines)), *range(at)]
        following = next((n for n in rest if self.pages.lines[n].visit is None), None)
        if following is not None:
            self.list.setCurrentIndex(self.pages.index(following))
            self.picker.setFocus()
        else:
            self._show()
            self.go.setFocus()

    def _keep(self, on: bool) -> None:
        line = self.line()
        if line is not None and line.visit is not None:
            line.left_out = not on
            self.pages.touch(self.list.currentIndex().row())
            self._count()

    def _count(self) -> None:
        lines = self.pages.lines
        going = sum(line.goes for line in lines)
        unknown = sum(line.visit is None for line in lines)
        text = _tr("共 {0} 页").format(len(lines))
        if unknown:
            text += _tr("，{0} 页未识别").format(unknown)
        self.sums.setText(text)
        self.go.setText(_tr("归档 {0} 页").format(going))
        self.go.setAccessibleName(self.go.text())
        self.go.setEnabled(going > 0)

    # -- all -------------------------------------------------------------------------------------------

    def file_all(self) -> None:
        """Attach every page that has a visit, in one operation."""
        chosen = [(line.page, line.visit.id) for line in self.pages.lines if line.visit and line.goes]
        if not chosen or not self.go.isEnabled():
            return
        c = self._context
        added: list[Added] = []
        self.go.setEnabled(False)

        def write() -> Outcome:
            added.append(scans.attach(c.ledger, chosen))
            return added[-1].outcome

        def done(outcome: Outcome) -> None:
            count, known = len(outcome.records.get("attachment", [])), len(added[-1].known)
            said = _tr("已归档 {0} 页签字单").format(count) if count else _tr("没有新的签字单")
            if known:
                said += _tr("，{0} 页以前已归档").format(known)
            c.said.emit(said, outcome.operation is not None)
            self.accept()

        def fail(sentence: str) -> None:
            self._tell_refused([sentence])
            self.go.setEnabled(True)

        c.do(write, done=done, failed=fail, owner=self)

    def reject(self) -> None:
        """Esc asks only where somebody has chosen visits by hand."""
        if any(line.by_hand for line in self.pages.lines):
            text = _tr("手工指定的内容还没有归档。")
            if ask(self, _tr("放弃这次归档？"), text, [_tr("放弃")], danger=True) != 0:
                return
        super().reject()


def _tr(text: str) -> str:
    return QCoreApplication.translate("SignedDialog", text)
