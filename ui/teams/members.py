"""The members of a team: the list with 移出, and the dialog that adds places without a team."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from commissioner_app import pinyin
from commissioner_app.rows import PlaceRow
from ui.theme import Size
from ui.widgets.basic import button, label, roomy_rows

PLACE = Qt.ItemDataRole.UserRole
NAME = PLACE + 1


def place_text(place: PlaceRow) -> str:
    """A place in a list: 演示一  2022-团-01."""
    return f"{place.name}　{place.code}" if place.name else place.code


class MemberList(QWidget):
    """``addWanted``, ``removeWanted`` (places) and ``opened`` (a place) say what the user wants."""

    addWanted = Signal()
    removeWanted = Signal(list)
    leaderWanted = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Size.GAP, 0, 0)
        column.setSpacing(Size.GAP)
        self._count = label("", "caption")
        self.list = _List()
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        roomy_rows(self.list)
        self.list.setAccessibleName(self.tr("成员"))
        self.list.itemActivated.connect(lambda item: self.opened.emit(str(item.data(PLACE))))
        self.list.itemSelectionChanged.connect(self._selected)
        self.list.removePressed.connect(self._remove)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.add = button(self.tr("添加成员…"), icon="add", on_click=self.addWanted.emit)
        self.leader = button(self.tr("设为团长"), on_click=self._lead)
        self.remove = button(self.tr("移出"), "danger", on_click=self._remove)
        self.remove.setToolTip(self.tr("移出服务团，名额保留（Delete）"))
        row.addWidget(self.add)
        row.addStretch(1)
        row.addWidget(self.leader)
        row.addWidget(self.remove)
        column.addWidget(self._count)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self._selected()

    def show_members(self, places: Sequence[PlaceRow], leader: str | None) -> None:
        """Show these members; who was selected stays so."""
        kept = set(self.selected())
        self.list.clear()
        for place in places:
            lead = self.tr("（团长）") if place.id == leader else ""
            waiting = "" if place.name else self.tr("（待录入）")
            item = QListWidgetItem(place_text(place) + lead + waiting)
            item.setData(PLACE, place.id)
            item.setToolTip(
                " · ".join(t for t in (place.organisation_name, place.title, place.specialty) if t)
            )
            self.list.addItem(item)
            item.setSelected(place.id in kept)
        staffed = sum(1 for p in places if p.commissioner)
        self._count.setText(
            self.tr("{0} 个名额，已录入 {1} 人；回车看资料").format(f"{len(places):,}", f"{staffed:,}")
            if places
            else self.tr("还没有成员。")
        )
        self._selected()

    def selected(self) -> list[str]:
        """The places selected."""
        return [str(item.data(PLACE)) for item in self.list.selectedItems()]

    def _selected(self) -> None:
        chosen = self.selected()
        self.remove.setEnabled(bool(chosen))
        self.leader.setEnabled(len(chosen) == 1)

    def _remove(self) -> None:
        if chosen := self.selected():
            self.removeWanted.emit(chosen)

    def _lead(self) -> None:
        if chosen := self.selected():
            self.leaderWanted.emit(chosen[0])


class _List(QListWidget):
    removePressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.removePressed.emit()
        else:
            super().keyPressEvent(event)


class AddMembers(QDialog):
    """Choose places of the batch that belong to no team."""

    def __init__(self, team: str, places: Sequence[PlaceRow], parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setWindowTitle(self.tr("添加成员"))
        self.setMinimumSize(Size.DIALOG, Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        column.addWidget(label(self.tr("加入{0}").format(team), "cardtitle", wrap=True))
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选姓名、编号、单位，拼音首字母也行"))
        self.filter.setAccessibleName(self.tr("筛选"))
        self.filter.textChanged.connect(self._narrow)
        column.addWidget(self.filter)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("不在服务团中的名额"))
        roomy_rows(self.list)
        for place in places:
            text = "　".join(
                t for t in (place_text(place), place.category_name, place.organisation_name) if t
            )
            item = QListWidgetItem(text)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(PLACE, place.id)
            item.setData(NAME, place.name)
            self.list.addItem(item)
        self.list.itemChanged.connect(lambda _item: self._count())
        column.addWidget(self.list, 1)
        if not places:
            column.addWidget(label(self.tr("所有名额都已在服务团中。"), "caption"))
        row = QHBoxLayout()
        self._chosen = label("", "caption")
        row.addWidget(self._chosen)
        row.addStretch(1)
        row.addWidget(button(self.tr("取消"), on_click=self.reject))
        self.yes = button(self.tr("添加"), "primary", on_click=self.accept)
        self.yes.setDefault(True)
        row.addWidget(self.yes)
        column.addLayout(row)
        self._count()

    def chosen(self) -> list[str]:
        """The places ticked."""
        items = (self.list.item(at) for at in range(self.list.count()))
        return [str(i.data(PLACE)) for i in items if i.checkState() == Qt.CheckState.Checked]

    def _count(self) -> None:
        self._chosen.setText(self.tr("已选 {0} 个").format(len(self.chosen())))
        self.yes.setEnabled(bool(self.chosen()))

    def _narrow(self, text: str) -> None:
        for at in range(self.list.count()):
            item = self.list.item(at)
            item.setHidden(
                bool(text.strip()) and not pinyin.found(text, item.text(), people=[str(item.data(NAME))])
            )
