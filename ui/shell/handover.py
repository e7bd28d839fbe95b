"""A double click on a package while the window is open: the new process hands the file to the old one and ends."""

import getpass
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from commissioner_app import paths

CONNECT_MS, ANSWER_MS = 300, 2000
LONGEST = 64_000
TAKEN, REFUSED = b"taken\n", b"no\n"


def _name() -> str:
    """One window a user and settings folder; the name says nothing about either."""
    whose = f"{getpass.getuser()} {paths.settings_dir()}"
    return f"commissioner-app-{hashlib.sha256(whose.encode()).hexdigest()[:16]}"


def hand_over(files: Sequence[Path]) -> bool:
    """Give the files to a window that is open already; False if there is none that takes them."""
    socket = QLocalSocket()
    socket.connectToServer(_name())
    if not socket.waitForConnected(CONNECT_MS):
        return False
    socket.write(json.dumps([str(path.absolute()) for path in files]).encode() + b"\n")
    socket.flush()
    answer = b""
    while not answer.endswith(b"\n") and socket.waitForReadyRead(ANSWER_MS):
        answer += bytes(socket.readAll().data())
    return answer == TAKEN


class Listener(QObject):
    """Takes files from later processes of the same user; `take(files)` says whether a window has them."""

    def __init__(self, take: Callable[[list[Path]], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._take = take
        self._sockets: list[QLocalSocket] = []
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._meet)
        # Asked first: listening would take the name away from a process that is alive, and replaces what a
        # killed one has left.
        if not _answers():
            self._server.listen(_name())

    def listening(self) -> bool:
        """False where another process of this user listens already."""
        return self._server.isListening()

    def close(self) -> None:
        """Take no more."""
        self._server.close()
        for socket in self._sockets:
            socket.abort()
            socket.deleteLater()
        self._sockets.clear()

    def _meet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._sockets.append(socket)
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(self._read)
        self._read()

    def _read(self) -> None:
        for socket in list(self._sockets):
            if socket.canReadLine():
                files = _files(bytes(socket.readLine().data()))
                socket.write(TAKEN if files and self._take(files) else REFUSED)
                socket.flush()
                self._leave(socket)
            elif (
                socket.bytesAvailable() > LONGEST
                or socket.state() != QLocalSocket.LocalSocketState.ConnectedState
            ):
                self._leave(socket)

    def _leave(self, socket: QLocalSocket) -> None:
        self._sockets.remove(socket)
        socket.readyRead.disconnect(self._read)
        socket.disconnected.disconnect(self._read)
        socket.disconnectFromServer()
        socket.deleteLater()


def _files(line: bytes) -> list[Path]:
    try:
        found = json.loads(line)
    except ValueError:
        return []
    return [Path(each) for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _answers() -> bool:
    socket = QLocalSocket()
    socket.connectToServer(_name())
    return socket.waitForConnected(CONNECT_MS)
