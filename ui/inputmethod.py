"""Typing Chinese on Linux desktops with fcitx: choose an input module that PySide6's wheels really bring.

The wheels hold no fcitx plugin, so under ``QT_IM_MODULE=fcitx`` (UOS, 麒麟) only Latin letters would
arrive. Their ibus plugin speaks to fcitx5's portal once ``IBUS_USE_PORTAL=1`` is set; plain ibus does not
(DESIGN.md, facts).
"""

import os
import sys
from collections.abc import Callable, MutableMapping

PORTAL = "org.freedesktop.portal.IBus"
FCITX = "org.fcitx.Fcitx5"


def prepare(
    environment: MutableMapping[str, str] = os.environ,
    platform: str = sys.platform,
    on_bus: Callable[[str], bool] | None = None,
) -> bool:
    """Set the two variables where they help and return whether they were set; call before QApplication.

    They help on Linux when the desktop names fcitx (or names nothing and fcitx5 runs) and the portal is on
    the session bus. A module that the user chose otherwise is left alone.
    """
    if not platform.startswith("linux"):
        return False
    module = environment.get("QT_IM_MODULE", "").lower()
    if module not in ("", "fcitx", "fcitx5"):
        return False
    if not environment.get("DBUS_SESSION_BUS_ADDRESS") and not os.path.exists(f"/run/user/{os.getuid()}/bus"):
        return False
    present = on_bus or _on_session_bus()
    if not present(PORTAL) or (not module and not present(FCITX)):
        return False
    environment["QT_IM_MODULE"] = "ibus"
    environment["IBUS_USE_PORTAL"] = "1"
    return True


def _on_session_bus() -> Callable[[str], bool]:
    """A function that says whether a name is owned on the session bus; QtDBus works without an
    application.
    """
    from PySide6.QtDBus import QDBusConnection, QDBusMessage

    bus = QDBusConnection.sessionBus()

    def present(name: str) -> bool:
        if not bus.isConnected():
            return False
        ask = QDBusMessage.createMethodCall(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner"
        )
        ask.setArguments([name])
        answer = bus.call(ask, timeout=500)
        return bool(answer.arguments() and answer.arguments()[0])

    return present
