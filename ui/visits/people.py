"""WhoList: the places that made a visit, one by one or a whole team; NamesList: names of those who went along."""

import re
from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from commissioner_app import pinyin
from commissioner_app.places import PlaceRow
from ui import icons
from ui.theme import Size
from ui.widgets.picklist import PickList


class WhoList(PickList):
    """`places` are by the words that stand for them: a person's name, the code of a place without one.

    A team is an entry too: ticking it ticks all its members, once more none of them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(free=True, parent=parent)
        self.adds = False
        self.fits = lambda needle, text: pinyin.found(needle, text, people=[text])
        self.places: dict[str, PlaceRow] = {}
        self.teams: dict[str, list[str]] = {}
        #: Who stands here is a guess: the first person or team that is chosen takes the place of it.
        self.guessed = False
        self.setPlaceholderText(self.tr("可多选，也可整团登记"))
        self.team_action = self.addAction(icons.icon("team"), QLineEdit.ActionPosition.TrailingPosition)
        self.team_action.setToolTip(self.tr("整团登记（Alt+T）"))
        self.team_action.triggered.connect(self.choose_team)

    def set_people(self, found: Iterable[PlaceRow]) -> None:
        """The places that may be named."""
        named: dict[str, PlaceRow] = {}
        members: dict[str, list[str]] = {}
        for place in found:
            text = place.name or place.code
            text = text if text not in named else f"{text}（{place.code}）"
            named[text] = place
            if place.team and place.team_name:
                members.setdefault(place.team_name, []).append(text)
        self.places = named
        self.teams = {}
        for team, texts in members.items():
            staffed = [t for t in texts if named[t].commissioner] or texts
            if len(staffed) > 1:
                self.teams[self.tr("整团：{0}（{1} 人）").format(team, len(staffed))] = staffed
        self.team_action.setVisible(bool(self.teams))
        self.set_choices([*named, *self.teams])

    def records(self) -> list[str]:
        """The places chosen, as records."""
        return [self.places[w].id for w in self.values() if w in self.places]

    def set_records(self, records: Iterable[str | None]) -> None:
        """Choose these places."""
        by_id = {place.id: text for text, place in self.places.items()}
        self.set_values([by_id.get(r or "", r or "") for r in records])

    def choose_team(self) -> None:
        """Take the one team whole, or ask which."""
        if not self.isEnabled():
            return
        if len(self.teams) == 1:
            self.toggle(next(iter(self.teams)))
            return
        menu = QMenu(self)
        for team in self.teams:
            menu.addAction(team).triggered.connect(lambda _checked=False, team=team: self.toggle(team))
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _show(self) -> None:
        super()._show()
        if self.team_action.isVisible():  # its sign takes room, too
            room = self.width() - 5 * Size.GAP - 2 * Size.ICON
            whole = "、".join(self.values())
            self.setText(self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room))
            self.setToolTip(whole if self.text() != whole else "")
            self.setCursorPosition(0)

    def set_values(self, values: Iterable[str]) -> None:
        self.guessed = False
        super().set_values(values)

    def toggle(self, value: str) -> None:
        guessed, self.guessed = self.guessed, False
        members = self.teams.get(value, [value])
        chosen = self.values()
        whole = set(members) <= set(chosen)
        if guessed and not whole:
            chosen = []
        self.set_values([v for v in chosen if v not in members] if whole else [*chosen, *members])
        self.changed.emit(self.values())
        if self._panel is not None and self._panel.isVisible() and (guessed or len(members) > 1):
            QTimer.singleShot(0, self._panel, self._panel.fill)  # ticks have changed that nobody pressed

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_T and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self.choose_team()
        else:
            super().keyPressEvent(event)


class NamesList(PickList):
    """Names, chosen or typed; 张三、李四 typed at once are two."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(free=True, parent=parent)
        self.fits = lambda needle, text: pinyin.found(needle, text, people=[text])
        self.setPlaceholderText(self.tr("可多人"))

    def toggle(self, value: str) -> None:
        names = [n for n in re.split(r"[、，,;；\s]+", value) if n]
        if len(names) < 2:
            super().toggle(value)
            return
        self.set_values([*self.values(), *names])
        self.changed.emit(self.values())
