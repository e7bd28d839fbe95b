"""经办人: who sits at this computer; their names are kept with the ledger on this laptop alone."""

import json

from db.errors import Refused
from db.ledger import Ledger

_KEY = "actors"


def known(ledger: Ledger) -> list[str]:
    """The names used at this laptop, the present one among them, in order of their first use."""
    try:
        found = json.loads(ledger.local(_KEY, "[]"))
    except ValueError:
        found = []
    names = [str(name) for name in found] if isinstance(found, list) else []
    return list(dict.fromkeys([*names, ledger.actor] if ledger.actor else names))


def switch(ledger: Ledger, name: str) -> None:
    """From now on operations carry this name; a new one is added to the list. Raises Refused for an empty one."""
    wanted = " ".join(name.split())
    if not wanted:
        raise Refused("请填写经办人的姓名。")
    names = known(ledger)
    if wanted not in names:
        names.append(wanted)
    ledger.set_local(_KEY, json.dumps(names, ensure_ascii=False))
    ledger.set_local("actor", wanted)


def forget(ledger: Ledger, name: str) -> None:
    """Take a name off the list; the history keeps it. Raises Refused for the present one."""
    if name == ledger.actor:
        raise Refused("正在使用的经办人不能移除，请先切换到另一位。")
    names = [n for n in known(ledger) if n != name]
    ledger.set_local(_KEY, json.dumps(names, ensure_ascii=False))
