"""How the exchange is worded: roles, states, times and amounts."""

import datetime as dt

from PySide6.QtCore import QCoreApplication

from commissioner_app.exchange import Peer
from commissioner_app.ledgers import ROLES
from ui.theme import Tone

DASH = "—"


def role(peer: Peer) -> str:
    """市科技局, 县科技局, 科技特派员."""
    return ROLES.get(peer.role, peer.role)


def state(peer: Peer) -> tuple[str, Tone]:
    """The state of a station as a word and its tone; of one not yet seen nothing is known."""
    if peer.station is None:
        return (_tr("等待回音"), "info") if peer.last_sent else (_tr("未联系过"), "plain")
    known: dict[str, tuple[str, Tone]] = {
        "trusted": (_tr("已认可"), "accent"),
        "unknown": (_tr("未认可"), "warn"),
        "refused": (_tr("已拒绝"), "bad"),
        "ended": (_tr("已停用"), "plain"),
    }
    return known.get(peer.state, (peer.state, "plain"))


def moment(ms: int | None) -> str:
    """A time in a table, as 2022-09-28 16:40; a dash for none, or for one that no calendar has."""
    found = _moment(ms)
    return found.strftime("%Y-%m-%d %H:%M") if found else DASH


def day(ms: int | None) -> str:
    """A day in a table, as 2022-09-28; a dash for none."""
    found = _moment(ms)
    return found.strftime("%Y-%m-%d") if found else DASH


def moment_text(ms: int | None) -> str:
    """A time in a sentence, as 2022年9月28日16:40."""
    found = _moment(ms)
    return f"{found.year}年{found.month}月{found.day}日{found:%H:%M}" if found else DASH


def _moment(ms: int | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(ms / 1000) if ms else None
    except (OverflowError, OSError, ValueError):
        return None  # the clock of another laptop may say anything


def sending(own_role: str, to: Peer | None = None) -> str:
    """What this station does when it sends: 上报 goes up, 下发 goes down."""
    if to is None:
        return {"bureau": _tr("下发"), "commissioner": _tr("上报")}.get(own_role, _tr("上报、下发"))
    order = ("commissioner", "county", "bureau")
    ranks = {name: rank for rank, name in enumerate(order)}
    return _tr("上报") if ranks.get(to.role, 0) > ranks.get(own_role, 0) else _tr("下发")


def number(n: int) -> str:
    """With thousands separated."""
    return f"{n:,}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExchangeWords", text)
