"""What one receiver would get, where it is written, and the writing."""

import contextlib
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from commissioner_app import exchange, maintenance, paths
from commissioner_app.errors import LedgerError
from commissioner_app.exchange import SUFFIX, Outlook, Peer, Sent, phrases
from ui import tasks
from ui.context import Context
from ui.exchange import words
from ui.exchange.destination import KEPT, Destination
from ui.settings.section import Facts
from ui.theme import Size
from ui.widgets.basic import button, label, restyle, scroll
from ui.widgets.card import Card
from ui.widgets.form import Form
from ui.widgets.pill import Pill

ROWS = 5
"""So many kinds stand in rows of their own; more of them in one paragraph."""
FORBIDDEN = '\\/:*?"<>|'


class SendForm(Card):
    """``written`` carries what was written and the passphrase; ``busyChanged`` while it is being written."""

    written = Signal(object, str)
    busyChanged = Signal(bool)

    def __init__(self, context: Context) -> None:
        super().__init__(flush=True)
        self._context = context
        self.peer: Peer | None = None
        self.outlook: Outlook | None = None
        self.busy = False
        self._name_typed = False
        self._progress: tasks.Progress | None = None
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(Size.GAP_MID, Size.GAP_MID, Size.GAP_MID, Size.GAP)
        self._column.setSpacing(Size.GAP)
        self._head()
        self._content()
        self._secret()
        self._target()
        self._column.addStretch(1)
        self.body.addWidget(scroll(inner), 1)
        self._foot()
        shortcut = QShortcut(QKeySequence("Ctrl+S"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.write)

    # -- what it looks like ----------------------------------------------------------------------------

    def _head(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Size.GAP)
        self.name, self.pill = label("", "cardtitle", wrap=True), Pill()
        line.addWidget(self.name, 1)
        line.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(line)
        self.about = label("", "caption", wrap=True)
        self._column.addWidget(self.about)
        self.replaced = QCheckBox(self.tr("对方换了电脑或重装过（用口令，全部重发）"))
        self.replaced.toggled.connect(lambda _on: self._effective_changed())
        self._column.addWidget(self.replaced)

    def _content(self) -> None:
        self._column.addSpacing(Size.TIGHT)
        self._column.addWidget(label(self.tr("将要发送"), "cardtitle"))
        self.summary = label("", wrap=True)
        self.facts = Facts()
        self.photos = QCheckBox("")
        self.photos.toggled.connect(lambda _on: self._count_again())
        for part in (self.summary, self.facts, self.photos):
            self._column.addWidget(part)

    def _secret(self) -> None:
        self.secret = QWidget()
        column = QVBoxLayout(self.secret)
        column.setContentsMargins(0, Size.TIGHT, 0, 0)
        column.setSpacing(Size.GAP)
        column.addWidget(label(self.tr("打开口令"), "cardtitle"))
        self.secret_text = label("", "sub", wrap=True)
        column.addWidget(self.secret_text)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.secret_form = Form(1)
        self.phrase = QLineEdit()
        self.secret_form.add(
            "phrase",
            self.tr("口令，也可以自己定一个"),
            self.phrase,
            check=lambda: phrases.problem(self.phrase.text()),
        )
        row.addWidget(self.secret_form, 1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, Size.GAP_MID + Size.TIGHT, 0, 0)
        self.new_phrase = button(self.tr("换一个口令"), "tool", icon="restore", on_click=self._new_phrase)
        self.copy_phrase = button(self.tr("复制口令"), "tool", icon="copy", on_click=self._copy)
        buttons.addWidget(self.new_phrase, 0, Qt.AlignmentFlag.AlignTop)
        buttons.addWidget(self.copy_phrase, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(buttons)
        column.addLayout(row)
        self._column.addWidget(self.secret)

    def _target(self) -> None:
        self._column.addSpacing(Size.TIGHT)
        self._column.addWidget(label(self.tr("保存到"), "cardtitle"))
        self.where = Destination(self._context)
        self.where.setAccessibleName(self.tr("保存到"))
        self.where.changed.connect(self._look_at_room)
        self._column.addWidget(self.where)
        self.room = label("", "notice", tone="warn", wrap=True)
        self.room.hide()
        self._column.addWidget(self.room)
        self.form = Form(1)
        self.file = QLineEdit()
        self.form.add("file", self.tr("文件名"), self.file, check=self._name_problem)
        self.form.edited.connect(self._typed)
        self._column.addWidget(self.form)

    def _foot(self) -> None:
        foot = QVBoxLayout()
        foot.setContentsMargins(Size.GAP_MID, Size.TIGHT, Size.GAP_MID, Size.GAP)
        foot.setSpacing(Size.GAP)
        self.error = label("", "notice", tone="bad", wrap=True)
        self.error.hide()
        foot.addWidget(self.error)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.state = label("", "caption")
        self.cancel = button(self.tr("取消"), on_click=self._cancel)
        self.cancel.hide()
        self.go = button("", "primary", icon="exchange", on_click=self.write)
        row.addWidget(self.state, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.go)
        foot.addLayout(row)
        self.body.addLayout(foot)

    # -- showing ---------------------------------------------------------------------------------------

    def show_peer(self, peer: Peer) -> None:
        """Show what this one would get; what was typed for it stays."""
        other = self.peer is None or (peer.role, peer.county, peer.place, peer.station) != (
            self.peer.role, self.peer.county, self.peer.place, self.peer.station)  # fmt: skip
        self.peer = peer
        self.setAccessibleName(self.tr("发给{0}").format(peer.name))
        self.name.setText(peer.name)
        self.pill.set(*words.state(peer))
        times = [words.role(peer)]
        if peer.last_sent:
            times.append(self.tr("上次发送 {0}").format(words.moment(peer.last_sent)))
        if peer.last_received:
            times.append(self.tr("上次收到 {0}").format(words.moment(peer.last_received)))
        self.about.setText(" · ".join(times))
        verb = words.sending(self._context.role, peer)
        self.go.setText(self.tr("生成{0}文件").format(verb))
        self.go.setAccessibleName(self.go.text())
        self.go.setToolTip(self.tr("生成{0}文件（Ctrl+S）").format(verb))
        self.replaced.setVisible(peer.station is not None)
        if other:
            self._name_typed = False
            self._fail("")
            self.state.setText("")
            for box in (self.photos, self.replaced):
                blocked = box.blockSignals(True)
                box.setChecked(False)
                box.blockSignals(blocked)
            with self.secret_form.loading():
                self.phrase.clear()
            self._wait()
        self._show_secret()
        self._read()

    def receiver(self) -> Peer | None:
        """Whom it is written for: one with a new laptop has no key yet."""
        if self.peer is not None and self.replaced.isChecked():
            return self.peer.new_laptop()
        return self.peer

    def _effective_changed(self) -> None:
        self._show_secret()
        self._wait()
        self._read()

    def _show_secret(self) -> None:
        to = self.receiver()
        needed = to is not None and to.needs_passphrase
        self.secret.setVisible(needed)
        why = (
            self.tr("对方换了电脑，原来的密钥打不开，这一次用口令加密。")
            if self.replaced.isChecked()
            else self.tr("还没有对方的密钥，这一次用口令加密。")
        )
        self.secret_text.setText(why + self.tr("请打电话把口令告诉对方，不要和文件放在同一条微信消息里。"))
        if needed and not self.phrase.text():
            with self.secret_form.loading():
                self.phrase.setText(phrases.generate())

    def begin_again(self) -> None:
        """Another copy for the same receiver, under the next name; the passphrase stays."""
        self._name_typed = False
        self._fail("")
        self._show_secret()
        self._read()

    def forget_phrase(self) -> None:
        """The next file gets a passphrase of its own."""
        with self.secret_form.loading():
            self.phrase.clear()

    def _read(self) -> None:
        ledger, peer, photos = self._context.ledger, self.receiver(), self.photos.isChecked()
        if peer is None:
            return
        self._context.read(
            lambda: (exchange.outlook(ledger, peer, photos), exchange.file_name(ledger, peer)),
            self._show,
            self,
            "outlook",
        )

    def _show(self, found: tuple[Outlook, str]) -> None:
        outlook, name = found
        self._show_outlook(outlook)
        if not self._name_typed:
            with self.form.loading():
                self.file.setText(name)
                self.file.setCursorPosition(0)

    def _count_again(self) -> None:
        self._wait()
        self._read()

    def _wait(self) -> None:
        self.summary.setText(self.tr("正在计算…"))
        self.summary.show()
        self.facts.hide()
        self.photos.setVisible(self.photos.isChecked())

    def _show_outlook(self, o: Outlook) -> None:
        self.outlook = o
        nothing = not o.lines
        if nothing:
            self.summary.setText(
                self.tr("没有新内容，对方已确认收到全部改动。仍可生成一份回执，让对方知道本机收到了什么。")
            )
        self.summary.setVisible(nothing)
        counts = [(kind, words.number(count)) for kind, count in o.lines]
        if len(counts) > ROWS:
            counts = [(self.tr("内容"), "、".join(f"{kind} {count}" for kind, count in counts))]
        self.facts.show_facts(
            [*counts, (self.tr("大小"), self.tr("约 {0}").format(maintenance.size_text(o.bytes)))]
        )
        self.facts.setVisible(not nothing)
        before = o.photos_sent_before
        self.photos.setVisible(before > 0)
        self.photos.setText(self.tr("补发照片（以前发过的 {0} 张再发一次）").format(words.number(before)))
        self._look_at_room()

    def _look_at_room(self) -> None:
        drive, o = self.where.drive(), self.outlook
        short = drive is not None and o is not None and o.bytes > drive.free
        if short and drive is not None and o is not None:
            self.room.setText(
                self.tr("这个 U 盘剩余 {0}，可能放不下（约 {1}）。请清理 U 盘或换一个位置。").format(
                    maintenance.size_text(drive.free), maintenance.size_text(o.bytes)
                )
            )
        self.room.setVisible(short)

    # -- typing ----------------------------------------------------------------------------------------

    def _typed(self, name: str) -> None:
        if name == "file":
            self._name_typed = True
            self._fail("")

    def _name_problem(self) -> str:
        name = self.file.text().strip()
        if not name:
            return self.tr("请填写文件名")
        bad = [ch for ch in name if ch in FORBIDDEN]
        return self.tr("文件名里不能有 {0}").format(" ".join(bad)) if bad else ""

    def _new_phrase(self) -> None:
        with self.secret_form.loading():
            self.phrase.setText(phrases.generate())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.phrase.text())
        self._context.said.emit(self.tr("已复制口令；请打电话或另发一条消息告诉对方。"), False)

    def target(self) -> Path | None:
        """The file that would be written."""
        folder, name = self.where.folder(), self.file.text().strip()
        if folder is None or not name:
            return None
        return folder / (name if name.lower().endswith(SUFFIX) else name + SUFFIX)

    # -- writing ---------------------------------------------------------------------------------------

    def write(self) -> None:
        """Write the package on a worker thread; what is missing is marked instead."""
        to = self.receiver()
        if self.busy or to is None:
            return
        if to.needs_passphrase and self.secret_form.first_invalid():
            return
        if self.form.first_invalid():
            return
        target = self.target()
        if target is None:
            self._fail(self.tr("请选择保存到哪里。"))
            self.where.other.setFocus()
            return
        if target.exists():
            self.form.set_error("file", self.tr("那里已有同名的文件，请换一个文件名"))
            self.file.setFocus()
            return
        self._start(to, target)

    def _start(self, peer: Peer, target: Path) -> None:
        ledger, photos = self._context.ledger, self.photos.isChecked()
        phrase = phrases.tidy(self.phrase.text()) if peer.needs_passphrase else None
        on_stick = self.where.drive() is not None
        verb = words.sending(self._context.role, peer)
        progress = tasks.Progress(self.tr("正在生成{0}文件").format(verb))
        self._progress = progress
        self._fail("")
        self._set_busy(True)

        def tell(done: int, total: int) -> None:
            progress.check()
            progress.report(done, total)

        def work() -> Sent:
            if target.parent == paths.documents():  # never one of a stick that has been pulled out
                target.parent.mkdir(parents=True, exist_ok=True)
            sent = exchange.send(ledger, peer, target, phrase, photos, tell)
            if not on_stick:
                with contextlib.suppress(OSError):  # the file is there, also where settings cannot be kept
                    paths.write_settings(**{KEPT: str(target.parent)})
            return sent

        def done(sent: Sent) -> None:
            self.state.setText("")  # a 取消 that came too late
            self.written.emit(sent, phrase or "")

        def failed(error: BaseException) -> None:
            if progress.cancelled:
                return
            if isinstance(error, LedgerError):
                self._fail(str(error))
            elif isinstance(error, OSError):
                self._fail(self.tr("文件没有写成：{0}。台账没有改动。").format(error.strerror or str(error)))
            else:
                raise error

        progress.changed.connect(self._report)
        progress.finished.connect(lambda: self._ended(progress))
        tasks.run(
            work,
            done=done,
            failed=failed,
            owner=self,
            progress=progress,
        )
        watch = getattr(self.window(), "watch", None)
        if watch is not None:
            watch(progress)

    def _report(self, done: int, total: int, _text: str) -> None:
        if total > 0:
            self.state.setText(self.tr("正在写入并核对… {0} %").format(min(100, done * 100 // total)))

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()
            self.cancel.setEnabled(False)
            self.state.setText(self.tr("正在取消…"))

    def _ended(self, progress: tasks.Progress) -> None:
        self._set_busy(False)
        if progress.cancelled:
            self.state.setText(self.tr("已取消，没有留下文件。"))
        self._progress = None

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.state.setText(self.tr("正在写入并核对…") if busy else "")
        self.go.setVisible(not busy)
        self.cancel.setVisible(busy)
        self.cancel.setEnabled(True)
        for part in (self.replaced, self.photos, self.secret, self.where, self.form):
            part.setEnabled(not busy)
        self.busyChanged.emit(busy)

    def _fail(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        restyle(self.error)
