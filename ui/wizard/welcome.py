"""Welcome: what one sees without a ledger, and the wizard that makes one; nothing has to be known beforehand."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from commissioner_app import demo, ledgers, paths, setup
from commissioner_app.errors import LedgerError
from commissioner_app.ledgers import Ledger
from ui import tasks
from ui.theme import Size
from ui.widgets.ask import ask
from ui.widgets.basic import button, label, restyle, rule, scroll
from ui.wizard.choice import ChoiceCard
from ui.wizard.last_steps import PlaceStep, SheetStep
from ui.wizard.rail import StepRail
from ui.wizard.steps import PasswordStep, RoleStep, RosterStep, Step, UnitStep, new_ledger
from ui.wizard.unlock import open_asking

WIDTH, HEIGHT = 960, 620


class Welcome(QDialog):
    """``ledger`` is the open ledger once the dialog is accepted; ``reason`` says why none was opened.

    With ``retry`` a link tries that file again (a stick that has been put in meanwhile).
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        reason: str = "",
        retry: Path | None = None,
        begin_new: bool = False,
    ) -> None:
        super().__init__(parent)
        self.ledger: Ledger | None = None
        self._begin_new = begin_new
        self._busy = False
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
        self.passwords, self.place, self.sheet = PasswordStep(), PlaceStep(), SheetStep()
        self.steps: list[Step] = [self.role, self.unit, self.roster, self.passwords, self.place, self.sheet]
        for step in self.steps:
            self.stack.addWidget(self._page(step))
        self.sheet.saver.saved.connect(lambda _path: self._show_footer())
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
        self.existing = ChoiceCard(
            "folder", self.tr("打开已有台账"), self.tr("已经有台账文件（.ktledger），在这台电脑或 U 盘上")
        )
        self.training = ChoiceCard(
            "training", self.tr("演示台账"), self.tr("虚构的人员和服务记录，供练习用，处处标明“演示”")
        )
        self.new.clicked.connect(lambda: self.go_to(0))
        self.existing.clicked.connect(self._choose)
        self.training.clicked.connect(self._demo)
        for card in (self.new, self.existing, self.training):
            column.addWidget(card)
        column.addStretch(1)
        return page

    # -- going through the steps -----------------------------------------------------------------------

    def at(self) -> int:
        """The number of the step in front, -1 at the start."""
        return self.stack.currentIndex() - 1

    def shown_steps(self) -> list[Step]:
        """The steps as the rail lists them: the 恢复单 only where there is a password."""
        return self.steps if self.passwords.password() is not None else self.steps[:-1]

    def go_to(self, number: int) -> None:
        """Bring a step to the front; what it needs from those before is filled in."""
        if number == 1:
            self.unit.set_role(self.role.role())
        elif number == 4:
            self._prepare_place()
        self.stack.setCurrentIndex(number + 1)
        self._show_footer()
        if number < 0:
            self.new.setFocus()

    def go_back(self) -> None:
        """Alt+B."""
        if not self._busy and self.ledger is None and self.at() > (0 if self._begin_new else -1):
            self.go_to(self.at() - 1)

    def go_on(self) -> None:
        """Enter: the next step, or the deed at the last."""
        at = self.at()
        if self._busy or at < 0:
            return
        self.error.setText("")
        if not self.steps[at].complete():
            return
        if at < 4:
            self.go_to(at + 1)
        elif at == 4:
            self._create()
        else:
            self.accept()

    def _show_footer(self) -> None:
        at = self.at()
        names = [step.title for step in self.shown_steps()]
        self.rail.set_steps(names if at >= 0 else [], at)
        last = at == 5
        self.back.setVisible(at > (0 if self._begin_new else -1) and not last)
        self.footer.setVisible(at >= 0)
        saved = self.sheet.saver.written is not None
        text = self.tr("下一步")
        if at == 4:
            text = self.tr("建立台账")
        elif last:
            text = self.tr("开始使用") if saved else self.tr("以后再存，开始使用")
        # Until the sheet is saved, saving it is what Enter does.
        waiting = last and not saved
        (self.sheet.saver.save if waiting else self.next).setDefault(True)
        self.next.setProperty("kind", "" if waiting else "primary")
        restyle(self.next)
        self.next.setText(self.tr("请稍候…") if self._busy else text)
        self.next.setAccessibleName(self.next.text())
        for part in (self.back, self.next, self.new, self.existing, self.training):
            part.setEnabled(not self._busy)
        self.error.setText("")

    def _prepare_place(self) -> None:
        year = self.roster.batch_year()
        self.place.suggest(ledgers.default_path(self.unit.name.text().strip(), year))
        county = self.unit.county.currentText() if self.unit.county_code() else ""
        roster = self.roster.roster()
        if roster:
            batch = self.tr("{0}年度名额（{1} 个，未录入姓名）").format(roster, setup.SHIPPED_PLACES)
        else:
            batch = self.roster.name.text().strip()
        has_password = self.passwords.password() is not None
        self.place.set_summary(
            [
                (self.tr("角色"), ledgers.ROLES[self.role.role()] + (f"（{county}）" if county else "")),
                (self.tr("使用单位"), self.unit.name.text().strip()),
                (self.tr("经办人"), self.unit.actor.text().strip()),
                (self.tr("名单"), batch),
                (self.tr("密码"), self.tr("有，下一步保存恢复单") if has_password else self.tr("不设")),
            ]
        )

    # -- what is done ----------------------------------------------------------------------------------

    def _create(self) -> None:
        path, password, batch = self.place.path(), self.passwords.password(), self.roster.batch()
        wanted = new_ledger(self.role, self.unit, self.roster)
        self._work(lambda: setup.create(path, wanted, password, batch), self._created)

    def _created(self, ledger: Ledger) -> None:
        self.ledger = ledger
        if ledger.encrypted:
            self.sheet.saver.set_ledger(ledger, self.unit.name.text().strip())
            self.go_to(5)
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
            return demo.make(paths.free_path(paths.documents(), "演示台账", paths.SUFFIX))

        def made(ledger: Ledger) -> None:
            self.ledger = ledger
            self.accept()

        self._work(make, made)

    def _work(self, fn: Callable[[], Ledger], done: Callable[[Ledger], None]) -> None:
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

        tasks.run(fn, done=succeed, failed=fail, owner=self)

    def _set_busy(self, on: bool) -> None:
        self._busy = on
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
