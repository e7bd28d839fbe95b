"""SettingsPage: 设置, one tab for each subject; a tab is made when it is first looked at."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.context import Context
from ui.settings.section import Section
from ui.shell.page import Page
from ui.theme import Size
from ui.widgets.basic import button, scroll, tabs


class SettingsPage(Page):
    """``show_item`` takes the key of a tab; "check" begins the check of the ledger, "year" the batch of a new year,
    "rule_set" goes to the 考核要求 of the batch in force."""

    key = "settings"
    icon = "settings"
    shows = frozenset({"batch", "category", "station", "setting", "visit", "appointment", "commissioner"})
    wants = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.title = self.tr("设置")
        self._makers: list[tuple[str, str, Callable[[], Section]]] = [
            ("unit", self.tr("单位和经办人"), lambda: _made("unit", context)),
            ("batches", self.tr("选派批次"), lambda: _made("batches", context)),
            ("doubts", self.tr("核实规则"), lambda: _made("doubts", context)),
            ("ledger", self.tr("台账和备份"), lambda: _made("ledger", context)),
            ("password", self.tr("密码"), lambda: _made("password", context)),
            ("look", self.tr("外观"), lambda: _made("look", context)),
            ("about", self.tr("关于"), lambda: _made("about", context)),
        ]
        self._sections: dict[int, Section] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP, Size.GAP_WIDE, Size.GAP_WIDE)
        column.setSpacing(Size.GAP_MID)
        head = QHBoxLayout()
        self.tabs = tabs(*(title for _key, title, _make in self._makers))
        self.tabs.setAccessibleName(self.tr("设置的分类"))
        self.tabs.currentChanged.connect(self._turn)
        head.addWidget(self.tabs, 1)
        self.history = button(self.tr("操作历史"), icon="history", shortcut="Ctrl+H", on_click=self._history)
        head.addWidget(self.history)
        column.addLayout(head)
        self.stack = QStackedWidget()
        self._holders: list[QVBoxLayout] = []
        for _entry in self._makers:
            holder = QWidget()
            inside = QVBoxLayout(holder)
            inside.setContentsMargins(0, 0, 0, 0)
            self._holders.append(inside)
            self.stack.addWidget(holder)
        column.addWidget(self.stack, 1)
        self._at = 0
        QShortcut(QKeySequence("Ctrl+S"), self, self._save)

    def section(self, key: str) -> Section:
        """A tab's content, made if it was not yet looked at."""
        at = next(n for n, (each, _title, _make) in enumerate(self._makers) if each == key)
        if at not in self._sections:
            made = self._makers[at][2]()
            self._sections[at] = made
            self._holders[at].addWidget(scroll(made))
            made.refresh(self.shows)
        return self._sections[at]

    def show_item(self, what: object) -> None:
        """Bring a tab to the front."""
        key = {"check": "ledger", "batch": "batches", "year": "batches", "rule_set": "batches"}.get(
            str(what), str(what)
        )
        at = next((n for n, (each, _title, _make) in enumerate(self._makers) if each == key), -1)
        if at >= 0:
            self.tabs.setCurrentIndex(at)
        if what == "check" and self._at == at:
            from ui.settings.ledgerfile import LedgerSection

            section = self.section("ledger")
            assert isinstance(section, LedgerSection)
            QTimer.singleShot(0, section, section.check)
        elif what in ("year", "rule_set") and self._at == at:
            from ui.settings.batches import BatchSection

            years = self.section("batches")
            assert isinstance(years, BatchSection)
            years.go_on_from_last() if what == "year" else years.show_rule_set()

    def caption(self) -> str:
        return self.context.unit

    def activated(self) -> None:
        self.section(self._makers[self._at][0])
        self.tabs.setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        self.captionChanged.emit(self.caption())
        for section in self._sections.values():
            section.refresh(kinds)

    def may_leave(self) -> bool:
        section = self._sections.get(self._at)
        return section is None or section.may_leave()

    def _turn(self, at: int) -> None:
        if at == self._at:
            return
        if not self.may_leave():
            self.tabs.setCurrentIndex(self._at)
            return
        self._at = at
        self.section(self._makers[at][0])
        self.stack.setCurrentIndex(at)

    def _save(self) -> None:
        section = self._sections.get(self._at)
        if section is not None:
            section.save()

    def _history(self) -> None:
        from ui.history.dialog import show_history

        show_history(self.window(), self.context)


def _made(key: str, context: Context) -> Section:
    # Each is imported when its tab is first looked at.
    if key == "unit":
        from ui.settings.unit import UnitSection

        return UnitSection(context)
    if key == "batches":
        from ui.settings.batches import BatchSection

        return BatchSection(context)
    if key == "doubts":
        from ui.settings.doubtrules import DoubtRules

        return DoubtRules(context)
    if key == "ledger":
        from ui.settings.ledgerfile import LedgerSection

        return LedgerSection(context)
    if key == "password":
        from ui.settings.password import PasswordSection

        return PasswordSection(context)
    if key == "look":
        from ui.settings.look import LookSection

        return LookSection(context)
    from ui.settings.about import AboutSection

    return AboutSection(context)
