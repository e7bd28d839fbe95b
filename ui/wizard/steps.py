"""The steps of the wizard: each a page that knows its title, what is wrong with it, and what was chosen."""

import datetime as dt
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from commissioner_app import ledgers, setup
from commissioner_app.ledgers import NewLedger
from ui.theme import Size
from ui.widgets.basic import Combo, label
from ui.widgets.dateedit import PeriodField
from ui.widgets.form import Form
from ui.wizard.choice import ChoiceGroup
from ui.wizard.passwords import NewPassword


class Step(QWidget):
    """``title`` stands in the rail, ``heading`` above the page; ``complete`` shows what is still wrong.

    ``changed`` is sent when ``deed`` is another.
    """

    changed = Signal()
    title = ""

    def __init__(self, heading: str, line: str) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Size.GAP)
        self.column.addWidget(label(heading, "pagetitle", wrap=True))
        self.line = label(line, "sub", wrap=True)
        self.column.addWidget(self.line)
        self.column.addSpacing(Size.GAP)
        self.start: QWidget | None = None

    def complete(self) -> bool:
        """Whether one may go on; if not the errors are shown."""
        return True

    def deed(self) -> QPushButton | None:
        """The button that Enter presses before one goes on, None when going on is all there is to do."""
        return None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.start is not None:
            self.start.setFocus()


class RoleStep(Step):
    """Who uses this computer."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("这台电脑由谁使用？"), self.tr("角色决定能改哪些内容，建立台账以后不能更改。")
        )
        self.title = self.tr("角色")
        self.roles = ChoiceGroup(
            [
                ("bureau", "county", self.tr("市科技局"), self.tr("管理选派批次、名单和服务团，出具全市报告")),
                ("county", "assignment", self.tr("县科技局"), self.tr("安排受援县服务，审核服务记录，出具本县报告")),
                ("commissioner", "commissioner", self.tr("科技特派员"), self.tr("登记自己的服务记录，汇总服务情况")),
            ]
        )  # fmt: skip
        self.column.addWidget(self.roles)
        self.column.addStretch(1)
        self.start = self.roles

    def role(self) -> str:
        """bureau, county or commissioner."""
        return self.roles.current()


class UnitStep(Step):
    """County, the unit's full name, 经办人."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("使用单位和经办人"), self.tr("单位全称印在报告上，请与公章一致；以后可在设置中修改。")
        )
        self.title = self.tr("单位")
        self._role = "bureau"
        self._suggested = ""
        self.form = Form(columns=1)
        self.county = Combo()
        self.county.addItem(self.tr("请选择"), None)
        for code, name in setup.shipped_counties():
            self.county.addItem(name, code)
        self.name, self.actor = QLineEdit(), QLineEdit()
        self.actor.setPlaceholderText(self.tr("填写姓名，每一步操作都记在这个名字下"))
        self.form.add("county", self.tr("受援县"), self.county, check=self._county_problem)
        self.form.add("name", self.tr("单位全称"), self.name, required=True)
        self.form.add("actor", self.tr("经办人"), self.actor, required=True)
        self.form.setMaximumWidth(Size.DIALOG)
        self.column.addWidget(self.form)
        self.column.addStretch(1)
        self.county.currentIndexChanged.connect(lambda _at: self._suggest())

    def set_role(self, role: str) -> None:
        """Ask for what this role needs; what was typed stays."""
        self._role = role
        self.form.set_visible("county", role != "bureau")
        self._suggest()
        if self.county.currentData() is None and role == "county":
            self.start = self.county
        else:
            self.start = self.actor

    def county_code(self) -> str | None:
        """The county's code, None where the role needs none or it is open."""
        code: str | None = self.county.currentData() if self._role != "bureau" else None
        return code

    def complete(self) -> bool:
        return not self.form.first_invalid()

    def _county_problem(self) -> str:
        missing = self._role == "county" and self.county.currentData() is None
        return self.tr("请选择受援县。") if missing else ""

    def _suggest(self) -> None:
        county = self.county.currentText() if self.county_code() else ""
        unknown = self._role == "county" and not county
        suggested = "" if unknown else ledgers.default_unit(self._role, county)
        if self.name.text() in ("", self._suggested):
            with self.form.loading():
                self.name.setText(suggested)
        self._suggested = suggested


class RosterStep(Step):
    """The shipped places of 2022, or this year's batch."""

    def __init__(self, today: dt.date | None = None) -> None:
        super().__init__(self.tr("从哪一份名单开始？"), self.tr("名单和期间以后都可以在程序中修改。"))
        self.title = self.tr("名单")
        year = (today or dt.date.today()).year
        shipped = self.tr("随程序提供：{0} 个名额，未录入姓名").format(setup.SHIPPED_PLACES)
        empty = self.tr("{0}年度，从空名单开始").format(year)
        self.kinds = ChoiceGroup(
            [
                ("2022", "batch", self.tr("2022年度名额"), shipped),
                ("new", "calendar", empty, self.tr("建立新的选派批次，名单可以手工录入或从表格导入")),
            ]
        )
        self.column.addWidget(self.kinds)
        self.form = Form(columns=2)
        self.year, self.name = QLineEdit(), QLineEdit()
        self.service, self.evaluation = PeriodField(), PeriodField()
        self.form.add("year", self.tr("年份"), self.year, required=True, check=self._year_problem)
        self.form.add("name", self.tr("批次名称"), self.name, required=True)
        self.form.add("service", self.tr("服务期"), self.service, required=True)
        self.form.add("evaluation", self.tr("考核期"), self.evaluation, required=True)
        self.column.addSpacing(Size.GAP)
        self.column.addWidget(self.form)
        self.column.addStretch(1)
        self.form.hide()
        self.kinds.changed.connect(lambda kind: self.form.setVisible(kind == "new"))
        self.form.edited.connect(self._edited)
        with self.form.loading():
            self.year.setText(str(year))
            self._prefill(year)
        self.start = self.kinds

    def roster(self) -> str | None:
        """The shipped roster that is wanted, None for a new batch."""
        return None if self.kinds.current() == "new" else self.kinds.current()

    def batch_year(self) -> int:
        """The year of the batch."""
        return int(self.year.text()) if self.roster() is None else setup.SHIPPED_YEAR

    def batch(self) -> dict[str, Any] | None:
        """The fields of a new batch, None for the shipped roster."""
        if self.roster() is not None:
            return None
        periods = {}
        for name, field in (("service_period", self.service), ("evaluation_period", self.evaluation)):
            periods[name] = [d.isoformat() if d else None for d in field.period()]
        return {"name": self.name.text().strip(), **periods}

    def complete(self) -> bool:
        return self.roster() is not None or not self.form.first_invalid()

    def _year_problem(self) -> str:
        text = self.year.text().strip()
        good = text.isdigit() and 2000 <= int(text) <= 2100
        return "" if good else self.tr("请填写年份，如 2023。")

    def _edited(self, name: str) -> None:
        if name == "year" and not self._year_problem():
            with self.form.loading():
                self._prefill(int(self.year.text()))

    def _prefill(self, year: int) -> None:
        self.name.setText(self.tr("{0}年度科技特派员选派").format(year))
        for field in (self.service, self.evaluation):
            field.set_period(dt.date(year, 1, 1), dt.date(year, 12, 31))


class PasswordStep(Step):
    """None, or one typed twice."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("要给台账设密码吗？"),
            self.tr("台账里有姓名、电话等个人信息；带出办公室的电脑建议设密码。"),
        )
        self.title = self.tr("密码")
        self.kinds = ChoiceGroup(
            [
                ("none", "document", self.tr("不设密码"), self.tr("打开程序就能使用，以后可在设置中加上")),
                ("password", "lock", self.tr("设密码"), self.tr("台账文件加密保存，打开时输入密码；另存一张恢复单以防忘记")),
            ]
        )  # fmt: skip
        self.fields = NewPassword()
        self.fields.setMaximumWidth(Size.DIALOG + 2 * Size.CONTROL)
        self.column.addWidget(self.kinds)
        self.column.addSpacing(Size.GAP)
        self.column.addWidget(self.fields)
        self.column.addStretch(1)
        self.fields.hide()
        self.kinds.changed.connect(self._show)
        self.start = self.kinds

    def password(self) -> str | None:
        """The password, None without one."""
        return self.fields.password() if self.kinds.current() == "password" else None

    def complete(self) -> bool:
        return self.kinds.current() == "none" or self.fields.complete()

    def _show(self, kind: str) -> None:
        self.fields.setVisible(kind == "password")


def new_ledger(role: RoleStep, unit: UnitStep, roster: RosterStep) -> NewLedger:
    """What the steps say, as the use case wants it."""
    return NewLedger(
        role=role.role(),
        county=unit.county_code(),
        name=unit.name.text().strip(),
        actor=unit.actor.text().strip(),
        roster=roster.roster(),
        year=None if roster.roster() else roster.batch_year(),
    )
