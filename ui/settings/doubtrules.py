"""设置 → 核实规则: what is worth checking about visits, rule by rule; an office changes what it wants to be told."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QListWidget, QVBoxLayout, QWidget

from commissioner_app import doubts
from commissioner_app.doubts import Rule, Rules
from commissioner_app.doubts import rules as ruling
from commissioner_app.doubts.defaults import reset_all
from ui.context import Context
from ui.editing import tab_through
from ui.settings.doubtfields import ParameterForm
from ui.settings.section import Section
from ui.theme import Size
from ui.widgets.ask import ask
from ui.widgets.basic import Combo, button, label, restyle, roomy_rows
from ui.widgets.card import Card
from ui.widgets.form import Form

LIST = 240


class DoubtRules(Section):
    """The rules beside the one that is being edited; only whoever has the bureau's rights changes them."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, wide=True)
        self._rules: Rules = ruling.shipped()
        self._rule: Rule = next(iter(self._rules.rules.values()))
        self._saving = False
        self._read = False
        self.parameters = ParameterForm()
        row = QHBoxLayout()
        row.setSpacing(Size.GAP_MID)
        row.addWidget(self._listing())
        row.addWidget(self._editor(), 1)
        self.column.addLayout(row, 1)

    def _listing(self) -> QWidget:
        card = Card(self.tr("核实规则"), flush=True)
        card.setFixedWidth(LIST)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("核实规则列表"))
        roomy_rows(self.list)
        self.list.currentRowChanged.connect(self._choose)
        card.body.addWidget(self.list, 1)
        self.reset_all = button(self.tr("全部恢复默认"), icon="restore", on_click=self._reset_all)
        foot = QVBoxLayout()
        foot.setContentsMargins(Size.GAP_MID, Size.GAP, Size.GAP_MID, Size.GAP)
        foot.addWidget(self.reset_all)
        card.body.addLayout(foot)
        return card

    def _editor(self) -> QWidget:
        self.card = Card(self.tr("规则"))
        self.notice = label("", "notice", tone="info", wrap=True)
        self.why = label("", "sub", wrap=True)
        self.source = label("", "caption", wrap=True)
        self.form = Form(columns=2)
        self.enabled = QCheckBox(self.tr("检查这一项"))
        self.severity = Combo()
        for key, text in ruling.SEVERITIES.items():
            self.severity.addItem(text, key)
        self.severity.setToolTip(self.tr("待核实：计入待核实条数；提示：只在记录旁说明"))
        self.sentence = QLineEdit()
        self.form.add("enabled", self.tr("启用"), self.enabled)
        self.form.add("severity", self.tr("程度"), self.severity)
        self.form.add("sentence", self.tr("提示语"), self.sentence, span=2, check=self._sentence_problem)
        self.shown = label("", "caption", wrap=True)
        self.words = label("", "caption", wrap=True)
        self.sentence.textChanged.connect(lambda _text: self._show_example())
        body = self.card.body
        for part in (self.notice, self.why, self.source, self.form, self.shown, self.words, self.parameters):
            body.addWidget(part)
        body.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.resetter = button(self.tr("恢复默认"), on_click=self.reset)
        self.resetter.setToolTip(self.tr("这条规则恢复为程序自带的内容"))
        self.saver = button(self.tr("保存"), "primary", on_click=self.save)
        self.saver.setToolTip(self.tr("保存（Ctrl+S）"))
        row.addWidget(self.resetter)
        row.addStretch(1)
        row.addWidget(self.saver)
        body.addLayout(row)
        return self.card

    # -- showing ---------------------------------------------------------------------------------------

    def refresh(self, kinds: frozenset[str]) -> None:
        # What is being typed stays; saving it changes only the fields that were changed.
        self._heed_rights()
        if not self.dirty() and not self._saving:
            self.reload()

    def reload(self) -> None:
        """Read the rules anew; the one that is open stays open."""
        self._read = True
        self._rules = doubts.rules_of(self.context.ledger)
        found = list(self._rules.rules.values())
        self.list.blockSignals(True)
        self.list.clear()
        for rule in found:
            self.list.addItem(_listed(rule))
        at = next((n for n, rule in enumerate(found) if rule.id == self._rule.id), 0)
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)
        self._show(found[at])

    def _heed_rights(self) -> None:
        may = self.context.rights == "bureau"
        for part in (self.form, self.parameters):
            part.setEnabled(may)
        for each in (self.reset_all, self.resetter, self.saver):
            each.setVisible(may)
        text = "" if may else self.tr("核实规则由市科技局设定，本机只能查看。")
        self._tell(text, "info")

    def _tell(self, text: str, tone: str) -> None:
        self.notice.setText(text)
        self.notice.setProperty("tone", tone)
        restyle(self.notice)
        self.notice.setVisible(bool(text))

    def _show(self, rule: Rule) -> None:
        self._rule = rule
        self.card.set_title(rule.title)
        self.why.setText(rule.why)
        self.source.setText(self.tr("依据：{0}").format(rule.source))
        with self.form.loading():
            self.enabled.setChecked(rule.enabled)
            self.severity.setCurrentIndex(self.severity.findData(rule.severity))
            self.sentence.setText(rule.sentence)
            self.sentence.setCursorPosition(0)
        ships = ruling.shipped()[rule.id]
        self.sentence.setToolTip(self.tr("默认：{0}").format(ships.sentence))
        offered = [f"{{{name}}} {word(name)}" for name in (*rule.placeholders, *ruling.EVERYWHERE)]
        self.words.setText(self.tr("花括号中的内容会换成每条记录的数据：{0}").format("、".join(offered)))
        self.parameters.show_rule(rule, ships)
        fields = self.parameters.fields()
        tab_through(
            [
                self.list,
                self.reset_all,
                self.enabled,
                self.severity,
                self.sentence,
                *fields,
                self.resetter,
                self.saver,
            ]
        )
        self.resetter.setEnabled(rule != ships)
        self.reset_all.setEnabled(self._rules != ruling.shipped() or bool(self._rules.problems))
        self._show_example()
        if self._rules.problems:
            self._tell("\n".join(self._rules.problems), "warn")
        else:
            self._heed_rights()

    def _show_example(self) -> None:
        names = (*self._rule.placeholders, *ruling.EVERYWHERE)
        text = ruling.fill(self.sentence.text().strip(), {name: f"〔{word(name)}〕" for name in names})
        self.shown.setText(self.tr("显示为：{0}").format(text))

    def _sentence_problem(self) -> str:
        return self.parameters.refusal(lambda: self._rule.checked_sentence(self.sentence.text()))

    def _choose(self, at: int) -> None:
        found = list(self._rules.rules.values())
        if not 0 <= at < len(found) or found[at].id == self._rule.id:
            return
        if not self.may_leave():
            back = next(n for n, rule in enumerate(found) if rule.id == self._rule.id)
            self.list.blockSignals(True)
            self.list.setCurrentRow(back)
            self.list.blockSignals(False)
            return
        self._show(found[at])

    # -- editing ---------------------------------------------------------------------------------------

    def values(self) -> dict[str, object]:
        """What differs from the rule as it was opened."""
        rule = self._rule
        shown: dict[str, tuple[object, object]] = {
            "enabled": (self.enabled.isChecked(), rule.enabled),
            "severity": (self.severity.currentData(), rule.severity),
            "sentence": (self.sentence.text().strip(), rule.sentence),
        }
        changed = {name: now for name, (now, before) in shown.items() if now != before}
        return {**changed, **self.parameters.values()}

    def dirty(self) -> bool:
        """Whether something was changed that is not saved."""
        return self._read and bool(self.values())

    def _invalid(self) -> bool:
        # Both are asked, so that every wrong field is marked; the cursor goes into the first one.
        below = self.parameters.first_invalid()
        return self.form.first_invalid() or below

    def may_leave(self) -> bool:
        if not self.dirty():
            return True
        question = self.tr("核实规则“{0}”的修改还没有保存").format(self._rule.title)
        answer = ask(self, question, self.tr("离开前要保存吗？"), [self.tr("保存"), self.tr("放弃")])
        if answer == 0:
            if self._invalid():
                return False
            self.save()
        elif answer == 1:
            self._show(self._rule)
        return answer >= 0

    def save(self) -> None:
        """Ctrl+S: what was changed of this rule, together."""
        rule, values, ledger = self._rule, self.values(), self.context.ledger
        if self.context.rights != "bureau" or self._invalid() or not values:
            return
        self._saving = True

        def refused(sentence: str) -> None:
            self._saving = False
            self.form.set_error("sentence", sentence)

        self.context.do(
            lambda: doubts.change(ledger, rule.id, **values),
            self.tr("已修改核实规则“{0}”").format(rule.title),
            done=self._saved, failed=refused, owner=self,
        )  # fmt: skip

    def reset(self) -> None:
        """恢复默认: this rule as it ships."""
        rule, ledger = self._rule, self.context.ledger
        self._saving = True
        self.context.do(
            lambda: doubts.reset(ledger, rule.id),
            self.tr("核实规则“{0}”已恢复默认").format(rule.title),
            done=self._saved, owner=self,
        )  # fmt: skip

    def _reset_all(self) -> None:
        """全部恢复默认: all rules as they ship; what is being typed is asked about first."""
        if not self.may_leave():
            return
        ledger = self.context.ledger
        self._saving = True
        self.context.do(
            lambda: reset_all(ledger), self.tr("核实规则已全部恢复默认"), done=self._saved, owner=self
        )

    def _saved(self, _outcome: object) -> None:
        self._saving = False
        self.reload()
        if not self.focusWidget():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)


def _listed(rule: Rule) -> str:
    marks = [] if rule.enabled else [_tr("停用")]
    if rule.enabled and rule.severity != "doubt":
        marks.append(ruling.SEVERITIES[rule.severity])
    if rule != ruling.shipped()[rule.id]:
        marks.append(_tr("已修改"))
    return f"{rule.title}　{'、'.join(marks)}" if marks else rule.title


def word(name: str) -> str:
    """What a name in braces stands for."""
    return {
        "date": _tr("服务日期"), "who": _tr("特派员"), "county": _tr("服务的县"), "period": _tr("服务期"),
        "counties": _tr("另外的县"), "others": _tr("另外的记录"), "count": _tr("另外的条数"), "days": _tr("填写的天数"),
        "span": _tr("起止天数"), "assigned": _tr("当日安排的县"), "percent": _tr("相同程度"), "photos": _tr("照片名称"),
        "figures": _tr("偏高的数字"), "days_off": _tr("哪天休息"),
    }.get(name, name)  # fmt: skip


def _tr(text: str) -> str:
    return QCoreApplication.translate("DoubtRules", text)
