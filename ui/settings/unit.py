"""设置 → 单位和经办人."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget

from commissioner_app import actors, ledgers
from commissioner_app.errors import LedgerError
from ui.context import Context
from ui.settings.actor import switch_actor
from ui.settings.section import Facts, Section
from ui.theme import Size
from ui.widgets.ask import ask
from ui.widgets.basic import button, label, roomy_rows
from ui.widgets.card import Card
from ui.widgets.form import Form


class UnitSection(Section):
    """The unit's name and the people who work here."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        unit = Card(self.tr("使用单位"))
        self.form = Form(columns=1)
        self.name = QLineEdit()
        self.form.add("name", self.tr("单位全称，与公章一致"), self.name, required=True)
        unit.body.addWidget(self.form)
        self.facts = Facts()
        unit.body.addWidget(self.facts)
        self.saver = button(self.tr("保存"), "primary", on_click=self.save)
        self.saver.setToolTip(self.tr("保存（Ctrl+S）"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.saver)
        unit.body.addLayout(row)
        self.column.addWidget(unit)

        people = Card(self.tr("经办人"))
        people.body.addWidget(
            label(
                self.tr("每一步操作都记下经办人，历史里看得到。换人时在这里或窗口底部切换。"),
                "sub",
                wrap=True,
            )
        )
        self.names = QListWidget()
        self.names.setAccessibleName(self.tr("经办人列表"))
        roomy_rows(self.names)
        self.names.itemActivated.connect(lambda _item: self._switch())
        people.body.addWidget(self.names)
        buttons = QHBoxLayout()
        buttons.setSpacing(Size.GAP)
        buttons.addWidget(button(self.tr("切换为选中的人"), icon="person", on_click=self._switch))
        buttons.addWidget(button(self.tr("新增经办人…"), icon="add", on_click=self._add))
        buttons.addStretch(1)
        buttons.addWidget(button(self.tr("移除"), "danger", on_click=self._forget))
        people.body.addLayout(buttons)
        self.column.addWidget(people)
        self.column.addStretch(1)

    def refresh(self, kinds: frozenset[str]) -> None:
        c = self.context
        if not self.dirty():
            with self.form.loading():
                self.name.setText(c.unit)
        self._unit = c.unit
        facts = [(self.tr("角色"), ledgers.ROLES.get(c.role, c.role))]
        if c.county:
            facts.append((self.tr("受援县"), c.divisions.name(c.county)))
        self.facts.show_facts(facts)
        self._list()

    _unit = ""

    def dirty(self) -> bool:
        """Whether another name stands in the field than in the ledger."""
        return bool(self._unit) and self.name.text().strip() != self._unit

    def may_leave(self) -> bool:
        if not self.dirty():
            return True
        question = self.tr("单位名称还没有保存")
        answer = ask(self, question, self.name.text(), [self.tr("保存"), self.tr("放弃")])
        if answer == 0:
            self.save()
            return bool(self.name.text().strip())
        if answer == 1:
            with self.form.loading():
                self.name.setText(self._unit)
        return answer == 1

    def save(self) -> None:
        if self.form.first_invalid() or not self.dirty():
            return
        ledger, name = self.context.ledger, self.name.text().strip()
        self._unit = name

        def refused(sentence: str) -> None:
            self.form.set_error("name", sentence)

        self.context.do(
            lambda: ledgers.rename_station(ledger, name),
            self.tr("已修改使用单位名称"),
            failed=refused,
            owner=self,
        )

    def _list(self) -> None:
        self.names.clear()
        names = actors.known(self.context.ledger)
        for name in names:
            now = name == self.context.ledger.actor
            self.names.addItem(self.tr("{0}（正在使用）").format(name) if now else name)
        self.names.setFixedHeight(min(max(len(names), 2), 6) * Size.ROW + Size.GAP)
        self.names.setCurrentRow(
            names.index(self.context.ledger.actor) if self.context.ledger.actor in names else 0
        )

    def _chosen(self) -> str:
        names = actors.known(self.context.ledger)
        at = self.names.currentRow()
        return names[at] if 0 <= at < len(names) else ""

    def _switch(self) -> None:
        actors.switch(self.context.ledger, self._chosen())
        self._switched()

    def _add(self) -> None:
        if switch_actor(self, self.context):
            self._switched()

    def _switched(self) -> None:
        self._list()
        window = self.ledger_window()
        window.status.set_actor(self.context.ledger.actor)
        window.toast(self.tr("经办人已切换为{0}").format(self.context.ledger.actor))

    def _forget(self) -> None:
        try:
            actors.forget(self.context.ledger, self._chosen())
        except LedgerError as error:
            self.ledger_window().toast(str(error))
        self._list()
