"""Filters that have a name: the menu that chooses one, and the small dialogs that name, rename and delete them."""

from typing import Protocol

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QMenu, QVBoxLayout, QWidget

from commissioner_app import visit_conditions
from commissioner_app.errors import LedgerError
from commissioner_app.visit_conditions import Conditions
from ui.context import Context
from ui.theme import Size
from ui.widgets.basic import button, label, roomy_rows


class NameDialog(QDialog):
    """Asks for a name; `keep` is called with it and may raise Refused: then the sentence is shown."""

    def __init__(self, parent: QWidget, title: str, explanation: str, name: str, go: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        column.addWidget(label(title, "cardtitle"))
        column.addWidget(label(explanation, "caption", wrap=True))
        self.name = QLineEdit(name)
        self.name.setAccessibleName(_tr("名称"))
        self.name.setMaxLength(visit_conditions.LONGEST_NAME)
        self.name.selectAll()
        column.addWidget(self.name)
        self.error = label("", "error")
        column.addWidget(self.error)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        row.addStretch(1)
        row.addWidget(button(_tr("取消"), on_click=self.reject))
        self.go = button(go, "primary", on_click=self._go)
        self.go.setDefault(True)
        row.addWidget(self.go)
        column.addLayout(row)

    def keep(self, name: str) -> None:
        """What is done with the name."""

    def _go(self) -> None:
        try:
            self.keep(self.name.text())
        except LedgerError as error:
            self.error.setText(str(error))
            self.name.setFocus()
        else:
            self.accept()


class SaveDialog(NameDialog):
    """Names the conditions that are in force."""

    def __init__(self, parent: QWidget, context: Context, conditions: Conditions, words: str) -> None:
        super().__init__(
            parent, _tr("存为常用筛选"), _tr("{0}。保存在本机的台账里，同名的会被替换。").format(words), "", _tr("保存")
        )  # fmt: skip
        self._context, self._conditions = context, conditions

    def keep(self, name: str) -> None:
        visit_conditions.save(self._context.ledger, name, self._conditions)


class _Rename(NameDialog):
    def __init__(self, parent: QWidget, context: Context, old: str) -> None:
        super().__init__(parent, _tr("重命名"), _tr("给“{0}”换一个名称。").format(old), old, _tr("重命名"))
        self._context, self._old = context, old

    def keep(self, name: str) -> None:
        visit_conditions.rename(self._context.ledger, self._old, name)


class ManageDialog(QDialog):
    """Lists the named filters; F2 renames, Delete deletes."""

    def __init__(self, parent: QWidget, context: Context) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(_tr("管理常用筛选"))
        self.setMinimumWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        column.addWidget(label(_tr("常用筛选"), "cardtitle"))
        self.list = QListWidget()
        self.list.setAccessibleName(_tr("常用筛选"))
        roomy_rows(self.list)
        self.list.setFixedHeight(6 * Size.ROW)
        self.list.itemDoubleClicked.connect(lambda _i: self.rename())
        column.addWidget(self.list)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.rename_button = button(_tr("重命名…"), on_click=self.rename)
        self.rename_button.setToolTip(_tr("重命名（F2）"))
        self.delete_button = button(_tr("删除"), "danger", on_click=self.delete)
        self.delete_button.setToolTip(_tr("删除（Delete）"))
        row.addWidget(self.rename_button)
        row.addWidget(self.delete_button)
        row.addStretch(1)
        row.addWidget(button(_tr("完成"), "primary", on_click=self.accept))
        column.addLayout(row)
        for keys, do in (("F2", self.rename), ("Del", self.delete)):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(do)
        self._fill()
        self.list.setFocus()

    def _fill(self, at: int = 0) -> None:
        self.list.clear()
        self.list.addItems(list(visit_conditions.saved(self._context.ledger)))
        self.list.setCurrentRow(min(at, self.list.count() - 1))
        for part in (self.rename_button, self.delete_button):
            part.setEnabled(self.list.count() > 0)

    def rename(self) -> None:
        """Give the chosen one another name."""
        item = self.list.currentItem()
        if item is not None and _Rename(self, self._context, item.text()).exec():
            self._fill(self.list.currentRow())

    def delete(self) -> None:
        """Forget the chosen one; no visit is touched."""
        item = self.list.currentItem()
        if item is not None:
            visit_conditions.delete(self._context.ledger, item.text())
            self._fill(self.list.currentRow())


class Shows(Protocol):
    """Who shows the menu."""

    def conditions(self) -> Conditions:
        """What is in force."""

    def use(self, conditions: Conditions) -> None:
        """Put others in force."""

    def save_conditions(self) -> None:
        """Ask for a name."""

    def manage_saved(self) -> None:
        """Rename and delete."""


def fill_menu(menu: QMenu, context: Context, page: Shows) -> None:
    """The named filters, and what can be done with them."""
    kept = visit_conditions.saved(context.ledger)
    for name, conditions in kept.items():
        action = menu.addAction(name.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(page.conditions() == conditions)
        action.triggered.connect(lambda _on, conditions=conditions: page.use(conditions))
    if not kept:
        menu.addAction(_tr("还没有常用筛选")).setEnabled(False)
    menu.addSeparator()
    save = menu.addAction(_tr("把当前筛选存为常用…"))
    save.setEnabled(page.conditions().narrowed or page.conditions().always)
    save.triggered.connect(page.save_conditions)
    manage = menu.addAction(_tr("管理…"))
    manage.setEnabled(bool(kept))
    manage.triggered.connect(page.manage_saved)


def _tr(text: str) -> str:
    return QCoreApplication.translate("SavedFilters", text)
