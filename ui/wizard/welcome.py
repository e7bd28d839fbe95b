"""Welcome: what one sees without a ledger, and the wizard that makes one, from nothing or from a received file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from commissioner_app import demo, ledgers, paths, setup
from commissioner_app.errors import LedgerError
from commissioner_app.exchange import joining
from commissioner_app.ledgers import Ledger
from ui import tasks
from ui.theme import Size
from ui.widgets.ask import ask
from ui.widgets.basic import button, label, restyle, rule, scroll
from ui.wizard.choice import ChoiceCard
from ui.wizard.last_steps import PlaceStep, SheetStep
from ui.wizard.rail import StepRail
from ui.wizard.received import FileStep, OwnUnitStep, ask_for_file, role_text
from ui.wizard.steps import PasswordStep, RoleStep, RosterStep, Step, UnitStep, new_ledger
from ui.wizard.unlock import open_asking

WIDTH, HEIGHT = 960, 620


class Welcome(QDialog):
    """``ledger`` is the open ledger once the dialog is accepted; ``reason`` says why none was opened.

    With ``retry`` a link tries that file again (a stick that has been put in meanwhile). ``package`` is a received
    file that has been chosen already; ``joined`` is the one that the ledger was made from.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        reason: str = "",
        retry: Path | None = None,
        begin_new: bool = False,
        package: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self.ledger: Ledger | None = None
        self.joined: Path | None = None
        self._begin_new = begin_new
        self._package = package
        self._busy = False
        self._progress: tasks.Progress | None = None
        self.setWindowTitle(self.tr("科技特派员服务台账"))
        self.resize(WIDTH, HEIGHT)
        self.setMinimumSize(WIDTH, HEIGHT - 60)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.rail = StepRail(
            self.tr("科技特派员服务台账"),
            [
                self.tr("记录科技特派员的选派、安排和每一次服务，打印正式的服务工作报告。"),
                self.tr("全部数据保存在本机的一个文件里，不需要网络。"),
            ],
        )
        whole.addWidget(self.rail)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        self.stack = QStackedWidget()
        right.addWidget(self.stack, 1)
        right.addWidget(self._footer())
        whole.addLayout(right, 1)

        self.stack.addWidget(self._page(self._start(reason, retry)))
        self.role, self.unit, self.roster = RoleStep(), UnitStep(), RosterStep()
        self.file, self.own_unit = FileStep(), OwnUnitStep()
        self.passwords, self.place, self.sheet = PasswordStep(), PlaceStep(), SheetStep()
        last = [self.passwords, self.place, self.sheet]
        self._from_nothing: list[Step] = [self.role, self.unit, self.roster, *last]
        self._from_file: list[Step] = [self.file, self.own_unit, *last]
        self.steps = self._from_nothing
        self._pages = {step: self._page(step) for step in (*self._from_nothing, *self._from_file[:2])}
        for step, page in self._pages.items():
            self.stack.addWidget(page)
            step.changed.connect(self._show_footer)
        self._at = -1
        if package is not None and not reason:
            self._join(package)
        else:
            self.go_to(0 if begin_new else -1)

    # -- what it looks like ----------------------------------------------------------------------------

    def _page(self, inner: QWidget) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(
            2 * Size.GAP_WIDE, Size.GAP_WIDE + Size.GAP, 2 * Size.GAP_WIDE, Size.GAP_MID
        )
        column.addWidget(inner)
        return scroll(page)

    def _footer(self) -> QWidget:
        self.footer = QWidget()
        column = QVBoxLayout(self.footer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(rule())
        row = QHBoxLayout()
        column.addLayout(row)
        row.setContentsMargins(2 * Size.GAP_WIDE, Size.GAP_MID, 2 * Size.GAP_WIDE, Size.GAP_MID)
        row.setSpacing(Size.GAP)
        self.back = button(self.tr("上一步"), icon="back", shortcut="Alt+B", on_click=self.go_back)
        self.error = label("", "error", wrap=True)
        self.next = button(self.tr("下一步"), "primary", on_click=self.go_on)
        self.next.setToolTip(self.tr("下一步（Enter）"))
        self.next.setDefault(True)
        row.addWidget(self.back)
        row.addWidget(self.error, 1)
        self.stop = button(self.tr("取消"), on_click=self._cancel)
        row.addWidget(self.stop)
        row.addWidget(self.next)
        return self.footer

    def _start(self, reason: str, retry: Path | None) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP + Size.TIGHT)
        column.addWidget(label(self.tr("欢迎使用"), "pagetitle"))
        column.addWidget(
            label(
                self.tr("从一个台账开始。每一步都可以返回修改，也可以先用演示台账试一试。"), "sub", wrap=True
            )
        )
        self.notice = label(reason, "notice", tone="warn", wrap=True)
        self.notice.setVisible(bool(reason))
        column.addWidget(self.notice)
        self.retry = button(self.tr("再试一次"), "link", icon="restore", on_click=lambda: self._open(retry))
        self.retry.setVisible(retry is not None)
        column.addWidget(self.retry)
        column.addSpacing(Size.GAP)
        self.new = ChoiceCard(
            "add", self.tr("新建台账"), self.tr("第一次使用选这个，分几步填写单位和名单，约一分钟")
        )
        self.received = ChoiceCard(
            "exchange",
            self.tr("用收到的文件建立"),
            self.tr("已选好 {0}，还需要对方告诉您的口令").format(self._package.name)
            if self._package
            else self.tr("收到市科技局或县科技局发来的文件（.ktpack）和口令时选这个"),
        )
        self.existing = ChoiceCard(
            "folder", self.tr("打开已有台账"), self.tr("已经有台账文件（.ktledger），在这台电脑或 U 盘上")
        )
        self.training = ChoiceCard(
            "training", self.tr("演示台账"), self.tr("虚构的人员和服务记录，供练习用，处处标明“演示”")
        )
        self.new.clicked.connect(self._begin_new_one)
        self.received.clicked.connect(self._receive)
        self.existing.clicked.connect(self._choose)
        self.training.clicked.connect(self._demo)
        for card in (self.new, self.received, self.existing, self.training):
            column.addWidget(card)
        column.addStretch(1)
        return page

    # -- going through the steps -----------------------------------------------------------------------

    def at(self) -> int:
        """The number of the step in front, -1 at the start."""
        return self._at

    def shown_steps(self) -> list[Step]:
        """The steps as the rail lists them: the 恢复单 only where there is a password."""
        return self.steps if self.passwords.password() is not None else self.steps[:-1]

    def go_to(self, number: int) -> None:
        """Bring a step to the front; what it needs from those before is filled in."""
        self._at = number
        if number < 0:
            self.stack.setCurrentIndex(0)
        else:
            step = self.steps[number]
            self._prepare(step)
            self.stack.setCurrentWidget(self._pages[step])
        self._show_footer()
        if number < 0:
            (self.received if self._package else self.new).setFocus()

    def go_back(self) -> None:
        """Alt+B."""
        if not self._busy and self.ledger is None and self.at() > (0 if self._begin_new else -1):
            self.go_to(self.at() - 1)

    def go_on(self) -> None:
        """Enter: the next step, or the deed at the last."""
        if self._busy or self.at() < 0:
            return
        self.error.setText("")
        step = self.steps[self.at()]
        if not step.complete():
            return
        if step is self.place:
            self._create()
        elif step is self.sheet:
            self.accept()
        else:
            self.go_to(self.at() + 1)

    def _begin_new_one(self) -> None:
        self.steps = self._from_nothing
        self.go_to(0)

    def _receive(self) -> None:
        package = self._package or ask_for_file(self)
        if package is not None:
            self._join(package)

    def _join(self, package: Path) -> None:
        self.steps = self._from_file
        self.file.set_file(package)
        self.go_to(0)

    def _show_footer(self) -> None:
        at = self.at()
        step = self.steps[at] if at >= 0 else None
        names = [each.title for each in self.shown_steps()]
        self.rail.set_steps(names if step else [], at)
        last = step is self.sheet
        self.back.setVisible(at > (0 if self._begin_new else -1) and not last)
        self.footer.setVisible(at >= 0)
        deed = step.deed() if step else None
        text = self.tr("下一步")
        if step is self.place:
            text = self.tr("建立台账")
        elif last:
            text = self.tr("以后再存，开始使用") if deed else self.tr("开始使用")
        # Until it is done, it is what Enter does.
        (deed or self.next).setDefault(True)
        self.next.setProperty("kind", "" if deed else "primary")
        restyle(self.next)
        self.next.setText(self.tr("请稍候…") if self._busy else text)
        self.next.setAccessibleName(self.next.text())
        for part in (self.back, self.next, self.new, self.received, self.existing, self.training):
            part.setEnabled(not self._busy)
        self.stop.setVisible(self._progress is not None)
        self.error.setText("")

    def _prepare(self, step: Step) -> None:
        offer = self.file.offer
        if step is self.unit:
            self.unit.set_role(self.role.role())
        elif step is self.own_unit and offer is not None:
            self.own_unit.suggest(offer)
        elif step is self.place and self.steps is self._from_file and offer is not None:
            self._prepare_place_from(offer)
        elif step is self.place:
            self._prepare_place()

    def _prepare_place(self) -> None:
        year = self.roster.batch_year()
        self.place.suggest(ledgers.default_path(self.unit.name.text().strip(), year))
        county = self.unit.county.currentText() if self.unit.county_code() else ""
        roster = self.roster.roster()
        if roster:
            batch = self.tr("{0}年度名额（{1} 个，未录入姓名）").format(roster, setup.SHIPPED_PLACES)
        else:
            batch = self.roster.name.text().strip()
        self.place.set_summary(
            [
                (self.tr("角色"), ledgers.ROLES[self.role.role()] + (f"（{county}）" if county else "")),
                (self.tr("使用单位"), self.unit.name.text().strip()),
                (self.tr("经办人"), self.unit.actor.text().strip()),
                (self.tr("名单"), batch),
                self._password_line(),
            ]
        )

    def _prepare_place_from(self, offer: joining.Offer) -> None:
        unit = self.own_unit.wanted(offer)
        self.place.suggest(ledgers.default_path(unit.name))
        assert self.file.path is not None
        self.place.set_summary(
            [
                (self.tr("角色"), role_text(offer)),
                (self.tr("使用单位"), unit.name),
                (self.tr("经办人"), unit.actor),
                (self.tr("内容"), self.tr("{0}发来的 {1}").format(offer.sender, self.file.path.name)),
                self._password_line(),
            ]
        )

    def _password_line(self) -> tuple[str, str]:
        has_one = self.passwords.password() is not None
        return self.tr("密码"), self.tr("有，下一步保存恢复单") if has_one else self.tr("不设")

    # -- what is done ----------------------------------------------------------------------------------

    def _create(self) -> None:
        path, password = self.place.path(), self.passwords.password()
        if self.steps is self._from_file:
            self._create_from_file(path, password)
            return
        batch = self.roster.batch()
        wanted = new_ledger(self.role, self.unit, self.roster)
        self._work(lambda: setup.create(path, wanted, password, batch), self._created)

    def _create_from_file(self, path: Path, password: str | None) -> None:
        file, phrase, offer = self.file.path, self.file.phrase, self.file.offer
        assert file is not None and offer is not None
        wanted = self.own_unit.wanted(offer)
        progress = tasks.Progress(self.tr("正在建立台账"))

        def tell(done: int, total: int) -> None:
            progress.check()
            progress.report(done, total)

        def create() -> Ledger:
            return joining.create_from_package(
                path, wanted, file, phrase, password, compared=offer.fingerprint, progress=tell
            )

        def created(ledger: Ledger) -> None:
            self.joined = file
            self._created(ledger)

        self._work(create, created, progress)

    def _created(self, ledger: Ledger) -> None:
        self.ledger = ledger
        if ledger.encrypted:
            unit = self.own_unit if self.steps is self._from_file else self.unit
            self.sheet.saver.set_ledger(ledger, unit.name.text().strip())
            self.go_to(self.steps.index(self.sheet))
        else:
            self.accept()

    def _choose(self) -> None:
        folder = paths.documents()
        chosen, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("打开已有台账"),
            str(folder if folder.is_dir() else folder.parent),
            self.tr("服务台账 (*.ktledger)"),
        )
        if chosen:
            self._open(Path(chosen))

    def _open(self, path: Path | None) -> None:
        if path is None:
            return
        try:
            self.ledger = open_asking(self, path)
        except LedgerError as error:
            self.say(str(error))
            return
        if self.ledger is not None:
            self.accept()

    def _demo(self) -> None:
        def make() -> Ledger:
            return demo.make(paths.free_path(paths.documents(), "演示台账", paths.SUFFIX), photos=True)

        def made(ledger: Ledger) -> None:
            self.ledger = ledger
            self.accept()

        self._work(make, made)

    def _work(
        self, fn: Callable[[], Ledger], done: Callable[[Ledger], None], progress: tasks.Progress | None = None
    ) -> None:
        """Make a ledger on a worker thread; with `progress` it can be cancelled."""
        self._progress = progress
        self._set_busy(True)

        def succeed(ledger: Ledger) -> None:
            self._set_busy(False)
            done(ledger)

        def fail(error: BaseException) -> None:
            self._set_busy(False)
            if isinstance(error, LedgerError):
                self.say(str(error))
            elif isinstance(error, OSError):
                why = error.strerror or str(error)
                self.say(self.tr("这个位置不能写入：{0}。请换一个位置。").format(why))
            else:
                raise error

        if progress is not None:
            progress.changed.connect(self._report)
            progress.finished.connect(lambda: self._set_busy(False))  # also after 取消
        tasks.run(fn, done=succeed, failed=fail, owner=self, progress=progress)

    def _report(self, done: int, total: int) -> None:
        if self._busy:
            self.next.setText(self.tr("请稍候… {0}%").format(100 * done // max(total, 1)))

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()

    def _set_busy(self, on: bool) -> None:
        self._busy = on
        if not on:
            self._progress = None
        self._show_footer()
        if on:
            self.setCursor(Qt.CursorShape.BusyCursor)
        else:
            self.unsetCursor()

    def say(self, sentence: str) -> None:
        """Say in place why it did not work."""
        if self.at() < 0:
            self.notice.setText(sentence)
            self.notice.show()
        else:
            self.error.setText(sentence)

    # -- leaving ---------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.at() >= 0:
            self._cancel()
            self.go_back()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._busy:
            event.ignore()
        elif self.ledger is not None:
            # It has been made: closing the window here means going on without the sheet.
            self.accept()
        elif self.at() <= 0 or self._give_up():
            super().closeEvent(event)
        else:
            event.ignore()

    def _give_up(self) -> bool:
        question, words = self.tr("放弃新建台账？"), self.tr("已填写的内容不会保留。")
        return ask(self, question, words, [self.tr("放弃")], danger=True) == 0
