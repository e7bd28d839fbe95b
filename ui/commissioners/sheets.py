"""The two forms of the detail: the person (人员) and the place (名额)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from commissioner_app import people, pinyin
from commissioner_app.rows import Named, TeamRow
from commissioner_app.visits import INDUSTRIES
from ui.editing import CodeList, SecretEdit, Sheet
from ui.widgets.basic import Combo, button
from ui.widgets.picklist import PickList
from ui.widgets.suggest import SuggestEdit

TITLES = ("教授", "副教授", "讲师", "研究员", "副研究员", "助理研究员", "推广研究员", "正高级农艺师", "高级农艺师",
          "农艺师", "正高级工程师", "高级工程师", "工程师", "高级兽医师", "高级实验师")  # fmt: skip
DEGREES = ("博士研究生", "硕士研究生", "大学本科", "博士", "硕士", "学士", "大专")

Source = Callable[[], Sequence[tuple[str, str]]]


def suggestions(texts: Sequence[str], people: bool = False) -> list[tuple[str, str]]:
    """Texts with their pinyin, as SuggestEdit wants them; `people`: they are names of people."""
    return [(text, pinyin.keys(text, people)) for text in texts]


class PersonSheet(Sheet):
    """The person; ``names`` and ``organisations`` are what the fields suggest."""

    def __init__(self, names: Source, organisations: Source) -> None:
        super().__init__(2)
        tr = _tr
        self.name = SuggestEdit(names)
        self.phone, self.email, self.birth = QLineEdit(), QLineEdit(), QLineEdit()
        self.id_number = SecretEdit(people.mask_id)
        gender = Combo()
        for data in (None, "男", "女"):
            gender.addItem(data or "—", data)
        self.birth.setPlaceholderText(tr("如 1980-05"))
        remark = QPlainTextEdit()
        remark.setFixedHeight(64)
        remark.setTabChangesFocus(True)
        self.add("name", tr("姓名"), self.name, check=lambda: "" if self.value("name") else tr("请填写姓名"))
        self.add("gender", tr("性别"), gender)
        self.add("organisation_name", tr("派出单位"), SuggestEdit(organisations), span=2)
        self.add("department", tr("院系部门"), QLineEdit())
        self.add(
            "birth_month",
            tr("出生年月"),
            self.birth,
            check=lambda: people.birth_month_problem(self.birth.text()),
        )
        self.add("title", tr("职称"), SuggestEdit(lambda: suggestions(TITLES)))
        self.add("post", tr("职务"), QLineEdit())
        self.add("degree", tr("学历学位"), SuggestEdit(lambda: suggestions(DEGREES)))
        self.add("specialty", tr("专业"), QLineEdit())
        self.add("industries", tr("服务产业"), PickList(INDUSTRIES, free=True), span=2)
        self.add("phone", tr("联系电话"), self.phone, check=lambda: people.phone_problem(self.phone.text()))
        self.add("email", tr("电子邮箱"), self.email, check=lambda: people.email_problem(self.email.text()))
        self.add(
            "id_number",
            tr("身份证号（可不填，只在本台账内保存）"),
            self.id_number,
            span=2,
            check=lambda: people.id_number_problem(self.id_number.value()),
        )
        item = self._grid.itemAt(self._grid.count() - 1)
        box = item.layout() if item is not None else None
        assert isinstance(box, QVBoxLayout)
        self.fill = button(tr("按身份证号填入出生年月和性别"), "link", on_click=self.fill_in)
        self.fill.hide()
        box.insertWidget(box.count() - 1, self.fill)
        self.add("remark", tr("备注"), remark, span=2)
        self.id_number.setAccessibleName(tr("身份证号"))
        self.edited.connect(lambda _name: self._offer())

    def load(self, values: Mapping[str, Any], keep_typed: bool = False) -> None:
        super().load(values, keep_typed)
        self._offer()

    def fields(self) -> list[QWidget]:
        found = super().fields()
        found.insert(found.index(self.id_number) + 1, self.fill)
        return found

    def _missing(self) -> dict[str, str]:
        """What the ID number tells of fields that are empty."""
        told = people.id_number_tells(self.id_number.value())
        known = {"birth_month": told[0], "gender": told[1]} if told else {}
        return {name: value for name, value in known.items() if not self.value(name)}

    def _offer(self) -> None:
        names = {"birth_month": _tr("出生年月"), "gender": _tr("性别")}
        missing = [names[name] for name in self._missing()]
        self.fill.setVisible(bool(missing))
        self.fill.setText(_tr("按身份证号填入{0}").format(_tr("和").join(missing)))

    def fill_in(self) -> None:
        """Put month of birth and gender from the ID number into the fields that are empty; not saved by that."""
        for name, value in self._missing().items():
            widget = self.widget(name)
            if isinstance(widget, Combo):
                widget.setCurrentIndex(widget.findData(value))
            elif isinstance(widget, QLineEdit):
                widget.setText(value)


class PlaceSheet(Sheet):
    """The place; ``taken`` tells whether another place has a code."""

    def __init__(
        self,
        organisations: Source,
        counties: Sequence[tuple[str, str]],
        taken: Callable[[str], bool],
    ) -> None:
        super().__init__(2)
        tr = _tr
        code = QLineEdit()
        self._category, self._team = Combo(), Combo()
        for combo in (self._category, self._team):
            combo.setMinimumContentsLength(4)
            combo.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        remark = QPlainTextEdit()
        remark.setFixedHeight(64)
        remark.setTabChangesFocus(True)
        self.add(
            "code",
            tr("名额编号"),
            code,
            required=True,
            check=lambda: tr("已有这个名额编号") if taken(code.text().strip()) else "",
        )
        self.add("category", tr("类别"), self._category)
        self.add("organisation_name", tr("派出单位"), SuggestEdit(organisations), span=2)
        self.add("team", tr("服务团"), self._team, span=2)
        self.add("funding", tr("经费来源"), QLineEdit(), span=2)
        self.add("candidate_counties", tr("可选受援县"), CodeList(counties), span=2)
        self.add("remark", tr("备注"), remark, span=2)

    def set_choices(self, categories: Sequence[Named], teams: Sequence[TeamRow]) -> None:
        """Offer the categories and teams of the batch; what is chosen stays, also one of another year."""
        kept = self.state()
        texts = {combo: combo.currentText() for combo in (self._category, self._team)}
        with self.loading():
            self._category.clear()
            self._team.clear()
            self._team.addItem("—", None)
            for each in categories:
                self._category.addItem(each.name, each.id)
            for team in teams:
                self._team.addItem(team.name, team.id)
            for name, combo in (("category", self._category), ("team", self._team)):
                if kept[name] is not None and combo.findData(kept[name]) < 0:
                    combo.addItem(texts[combo], kept[name])
            self._category.setCurrentIndex(self._category.findData(kept["category"]))
            self._team.setCurrentIndex(max(self._team.findData(kept["team"]), 0))


def _tr(text: str) -> str:
    return QCoreApplication.translate("CommissionerSheets", text)
