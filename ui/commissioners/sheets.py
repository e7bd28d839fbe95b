"""The two forms of the detail: the person (人员) and the place (名额)."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from commissioner_app import people, pinyin
from commissioner_app.rows import Named, TeamRow
from commissioner_app.visits import INDUSTRIES
from ui.editing import CodeList, SecretEdit, Sheet
from ui.widgets.basic import Combo
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
        self.add("remark", tr("备注"), remark, span=2)
        self.id_number.setAccessibleName(tr("身份证号"))


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
        """Offer the categories and teams of the batch; what is chosen stays."""
        kept = self.state()
        with self.loading():
            self._category.clear()
            self._team.clear()
            self._team.addItem("—", None)
            for each in categories:
                self._category.addItem(each.name, each.id)
            for team in teams:
                self._team.addItem(team.name, team.id)
            self._category.setCurrentIndex(self._category.findData(kept["category"]))
            self._team.setCurrentIndex(max(self._team.findData(kept["team"]), 0))


def _tr(text: str) -> str:
    return QCoreApplication.translate("CommissionerSheets", text)
