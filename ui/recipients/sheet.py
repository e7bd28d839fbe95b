"""The form of a recipient: name, kind, place down to the village, contact; townships and villages by typing."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from commissioner_app import people, recipients
from commissioner_app.divisions import Division, Divisions
from ui.editing import Sheet
from ui.widgets.basic import Combo
from ui.widgets.suggest import SuggestEdit

PLACE = ("county", "township", "village")


class RecipientSheet(Sheet):
    """Speaks the journal's fields: county, township and village are `where` [county, township, village]."""

    def __init__(self, divisions: Divisions) -> None:
        super().__init__(2)
        tr = _tr
        self._divisions = divisions
        self._kind_chosen = False
        self.name, self.phone, self.contact = QLineEdit(), QLineEdit(), QLineEdit()
        self.kind, self.county = Combo(), Combo()
        self.kind.addItem("—", None)
        for kind in recipients.KINDS:
            self.kind.addItem(kind, kind)
        self.county.addItem("—", None)
        for county in divisions.counties():
            self.county.addItem(county.name, county.code)
        for combo in (self.kind, self.county):
            combo.setMinimumContentsLength(4)
            combo.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.township = SuggestEdit(lambda: keyed(divisions.children(self.county.currentData())))
        self.village = SuggestEdit(self._villages)
        self.village.setToolTip(tr("可以只输入拼音首字母；写了村，乡镇会自动填上"))
        remark = QPlainTextEdit()
        remark.setFixedHeight(64)
        remark.setTabChangesFocus(True)
        self.add("name", tr("名称"), self.name, span=2, required=True)
        self.add("kind", tr("性质"), self.kind)
        self.add("county", tr("受援县"), self.county)
        self.add("township", tr("乡镇"), self.township)
        self.add("village", tr("村"), self.village)
        self.add("contact", tr("联系人"), self.contact)
        self.add("phone", tr("联系电话"), self.phone, check=lambda: people.phone_problem(self.phone.text()))
        self.add("remark", tr("备注"), remark, span=2)
        self.edited.connect(self._follow)

    def where(self) -> list[str | None]:
        """The place as it stands: codes where the divisions know the words."""
        return self._divisions.where(
            self.county.currentData(), self.township.text().strip(), self.village.text().strip()
        )

    def put(self, values: dict[str, Any], keep_typed: bool = False) -> None:
        """Show a record's values."""
        county, township, village = values.get("where") or (None, None, None)
        names = {"county": county, "township": self._divisions.name(township) or None,
                 "village": self._divisions.name(village) or None}  # fmt: skip
        self._kind_chosen = bool(values.get("kind"))
        self.load({**values, **names}, keep_typed)

    def wanted(self, *, whole: bool = False) -> dict[str, Any]:
        """The journal's fields that differ from what was loaded; with `whole` all that are filled in."""
        changed = {n: v for n, v in self.state().items() if v is not None} if whole else self.changes()
        values = {name: value for name, value in changed.items() if name not in PLACE}
        if any(name in changed for name in PLACE):
            values["where"] = self.where()
        return values

    def _villages(self) -> list[tuple[str, str]]:
        """The villages of the township; of the whole county where none is given."""
        d, county = self._divisions, self.county.currentData()
        township = d.find(county, self.township.text())
        if township:
            return keyed(d.children(township))
        return keyed([v for t in d.children(county) for v in d.children(t.code)])

    def _follow(self, name: str) -> None:
        """A name tells the kind until somebody chooses one; a village tells its township."""
        if name == "kind":
            self._kind_chosen = self.kind.currentData() is not None
        elif name == "name" and not self._kind_chosen:
            kind = recipients.kind_of(self.name.text().strip())
            with self.loading():
                self.kind.setCurrentIndex(max(self.kind.findData(None if kind == "其他" else kind), 0))
        elif name == "village" and not self.township.text() and self.village.text():
            township = self.where()[1]
            if township:
                with self.loading():
                    self.township.setText(self._divisions.name(township))


def keyed(found: Sequence[Division]) -> list[tuple[str, str]]:
    """Divisions as SuggestEdit wants them: (name, pinyin and initials), each name once."""
    return [(name, recipients.search_keys(name)) for name in dict.fromkeys(d.name for d in found)]


def _tr(text: str) -> str:
    return QCoreApplication.translate("RecipientSheet", text)
