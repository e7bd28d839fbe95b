"""PlaceEdit: county, township and village in one line, found while typing by Chinese, pinyin or initials."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from commissioner_app.divisions import Divisions
from commissioner_app.gazetteer import Reading, Where
from ui.visits.hints import Hints
from ui.widgets.droplist import DropList, Hit

_PASSING = (
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)


class PlaceEdit(QLineEdit):
    """Shows 温县 祥云镇 大玉兰. What the table does not know stays as typed, within the place that stood here before."""

    def __init__(self, divisions: Divisions, hints: Hints, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._divisions = divisions
        self._hints = hints
        self._where: Where = [None, None, None]
        self._near: list[str | None] = [None, None]
        self.setPlaceholderText(self.tr("乡镇或村，拼音首字母也行，如 xy、dyl"))
        self.drop = DropList(self, choose_first=True)
        self.drop.taken.connect(self._take)
        self.textEdited.connect(self._offer)

    # -- value -----------------------------------------------------------------------------------------

    def where(self) -> Where:
        """[county, township, village]: codes, or words for what the table does not know."""
        return self._understood().where

    def set_where(self, where: Sequence[str | None]) -> None:
        """Show a place."""
        self._where = list(where)
        if where[0]:
            self._near = list(where[:2])
        text = self._divisions.text(where[0], where[1], where[2])
        if self.text() != text:
            self.setText(text)
        self.setToolTip(self._tip())

    def set_near(self, county: str | None, township: str | None = None) -> None:
        """Where to look first while nothing stands here."""
        self._near = [county, township]

    def problem(self) -> str:
        """What is wrong with the text, in words; empty if nothing is."""
        if not self.text().strip():
            return ""
        found = self._understood()
        if found.choices:
            return self.tr("有 {0} 处叫“{1}”，请从列表中选择").format(len(found.choices), self.text().strip())
        return "" if found.where[0] else self.tr("请连同受援县填写，如 温县 祥云镇 大玉兰")

    def _understood(self) -> Reading:
        text = self.text().strip()
        if text == self._divisions.text(self._where[0], self._where[1], self._where[2]):
            return Reading(list(self._where))
        table = self._hints.gazetteer
        if table is None:  # still being read: the words as they are, one after the other
            words = [*text.split()[:2], " ".join(text.split()[2:])]
            county, township, village = (*words, "", "")[:3]
            return Reading(self._divisions.where(county, township, village))
        if text[-1:].isascii() and text[-1:].isalpha() and (first := table.search(text, self._near, 1)):
            return Reading(list(first[0].where))
        return table.read(text, self._near)

    def _tip(self) -> str:
        unknown = [w for w in self._where if w and w not in self._divisions.by_code]
        return self.tr("“{0}”不在行政区划表中，按所填文字保存").format("、".join(unknown)) if unknown else ""

    # -- typing ----------------------------------------------------------------------------------------

    def _offer(self, typed: str) -> None:
        table = self._hints.gazetteer
        if table is None or not typed.strip():
            self.drop.close_panel()
            return
        hits = [Hit(s.title, s.above, "place", list(s.where)) for s in table.search(typed, self._near)]
        reading = table.read(typed, self._near)
        asked = (
            not typed.strip()[-1:].isascii()
            and reading.where[0]
            and reading.where not in [h.key for h in hits]
        )
        if asked and len(typed.strip()) > 1:
            text = self._divisions.text(reading.where[0], reading.where[1], reading.where[2])
            hits.append(Hit(text, self.tr("按所填文字"), "edit", reading.where))
        self.drop.offer(hits)

    def _browse(self) -> None:
        """↓ in a field without hits: the townships of the county, or the counties."""
        county = self.where()[0] or self._near[0]
        below = self._divisions.children(county) or self._divisions.counties()
        hits = [Hit(d.name, self._divisions.name(d.parent) if d.level > 1 else "", "place",
                    [d.parent, d.code, None] if d.level > 1 else [d.code, None, None]) for d in below]  # fmt: skip
        self.drop.offer(hits)

    def _take(self, hit: Hit) -> None:
        if isinstance(hit.key, list):
            self.set_where(hit.key)
            self.setFocus()

    def settle(self) -> None:
        """Show what was typed as it is understood."""
        found = self._understood()
        if found.where[0] and not found.choices:
            self.set_where(found.where)
        elif not self.text().strip():
            self._where = [None, None, None]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not self.isReadOnly():
            self._browse()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.settle()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _PASSING:
            self.settle()
