"""VisitPicker: a line in which a few words (编号, 姓名, 日期, 地点) find the visit that is meant."""

from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from commissioner_app import visit_views
from commissioner_app.visits import STATES, VisitFilter, VisitRow
from ui.context import Context
from ui.visits.marks import state_of
from ui.widgets.datetext import parse_date
from ui.widgets.droplist import DropList, Hit

WAIT_MS = 120
WIDTH = 460


class VisitPicker(QLineEdit):
    """`chosen` carries the VisitRow that was taken from the list below."""

    chosen = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setPlaceholderText(self.tr("输入编号、姓名、日期或地点，如“演示一 7.3”"))
        self.setClearButtonEnabled(True)
        self.drop = DropList(self, choose_first=True)
        self.drop.taken.connect(self._take)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(WAIT_MS)
        self._later.timeout.connect(self.look)
        self.textEdited.connect(lambda _text: self._later.start())

    def look(self) -> None:
        """Look for what was typed; a word that is a date is the day, all others stand anywhere in the visit."""
        f = self.wish()
        if f is None:
            self.drop.offer([])
            return
        ledger = self._context.ledger
        self._context.read(lambda: visit_views.matching(ledger, f), self._offer, self, "matching")

    def wish(self) -> VisitFilter | None:
        """What the words ask for; None without any."""
        p = self._context.period
        period = (date.fromisoformat(p.start), date.fromisoformat(p.end))
        day, words = None, []
        for word in self.text().split():
            found = parse_date(word, date.today(), period) if not word.isdigit() or len(word) == 8 else None
            if found is not None:
                day = found.isoformat()
            else:
                words.append(word)
        return VisitFilter(day=day, text=" ".join(words)) if day or words else None

    def _offer(self, found: list[VisitRow]) -> None:
        if not self.hasFocus() and not self.drop.isVisible():
            return
        self.drop.offer([self._hit(v) for v in found] or [Hit(self.tr("没有找到，请换个词"))], WIDTH)

    def _hit(self, v: VisitRow) -> Hit:
        where = self._context.divisions.text(v.county, v.township, None)
        caption = " · ".join(t for t in (where, STATES.get(state_of(v), ""), v.number or "") if t)
        return Hit(f"{v.date or '—'}　{v.names or '—'}", caption, "visit", v)

    def _take(self, hit: Hit) -> None:
        if isinstance(hit.key, VisitRow):
            self.clear()
            self.chosen.emit(hit.key)
