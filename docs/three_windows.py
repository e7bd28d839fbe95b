"""Plays a round between three laptops in three real windows, by mouse and keyboard, and compares the totals.

    python docs/three_windows.py [OUT]

市科技局, a county and a commissioner: a process, a home folder and a ledger each, one folder as the stick that is
carried between them. What the mouse and the keyboard do, xdotool does on a real screen (Xvfb is started where
there is none); the windows are only asked where a button lies and what they show. Pictures named exchange-*.png
are drawn into OUT (docs/screenshots). Needs Xvfb, openbox, xdotool and ImageMagick (`apt install`); Linux only.
"""

import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]
OUT = ROOT / "docs" / "screenshots"

WIDTH, HEIGHT = 1366, 768
PATIENCE = 20.0
"""Seconds until what was expected on a screen is missed."""
COUNTY = "修武县"
PEOPLE = ("演示甲", "演示乙", "演示丙")
PARTS = ("openbox", "xdotool", "import")


def main(arguments: list[str]) -> int:
    """Play the round; 0 if bureau and county end with the same totals, else 1."""
    if arguments[:1] == ["--laptop"]:
        return _laptop(Path(arguments[1]), arguments[2])
    out = Path(arguments[0]) if arguments else OUT
    out.mkdir(parents=True, exist_ok=True)
    missing = [name for name in PARTS if shutil.which(name) is None]
    if missing:
        print(f"not installed: {', '.join(missing)}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="commissioner-three-") as folder, _screen():
        office = Office(Path(folder), out)
        try:
            office.prepare()
            office.play()
            return office.compare()
        except BaseException:
            office.shot("exchange-failed")
            raise
        finally:
            office.close()


# -- a laptop: the window and what it tells about itself ---------------------------------------------------


def _laptop(ledger: Path, address: str) -> int:
    """Open the window as a user would, and answer questions about what is seen in it."""
    from PySide6.QtNetwork import QLocalServer

    from ui.app import make_application, open_window

    make_application()
    server = QLocalServer()

    def serve() -> None:
        link = server.nextPendingConnection()

        def answer() -> None:
            while link.canReadLine():
                question = json.loads(bytes(link.readLine().data()))
                link.write(json.dumps(_answer(question)).encode() + b"\n")

        link.readyRead.connect(answer)

    server.newConnection.connect(serve)
    server.listen(address)
    return open_window(["--ledger", str(ledger)])


def _answer(question: dict[str, str]) -> Any:
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit

    from ui import tasks

    kind, text = question["kind"], question["text"]
    if kind == "calm":
        return not tasks.busy()
    if kind == "shown":
        return any(w.isVisible() for w in QApplication.topLevelWidgets())
    if kind == "copy":
        QGuiApplication.clipboard().setText(text)
        return True
    seen = _seen()
    if kind == "says":
        return any(isinstance(w, QLabel) and text in w.text() for w in seen)
    if kind == "read":
        for w in seen:
            if text in w.accessibleName():
                if isinstance(w, QLineEdit):
                    return w.text()
                if isinstance(w, QPlainTextEdit):
                    return w.toPlainText()
        return None
    if kind == "code":
        found = [w.groups() for w in seen if type(w).__name__ == "CodeBoxes"]
        return found[0] if found else None
    return _place(kind, text, seen)


def _seen() -> list[Any]:
    from PySide6.QtWidgets import QApplication, QWidget

    top = QApplication.activeModalWidget()
    tops = [top] if top else [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    return [w for each in tops for w in each.findChildren(QWidget) if w.isVisible()]


def _place(kind: str, text: str, seen: list[Any]) -> list[Any] | None:
    """Where something is that a person would aim at: x, y, and how to scroll to it if it is out of sight."""
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QAbstractButton, QTabBar, QTableView

    for w in seen:
        at: QPoint | None = None
        if kind == "button" and isinstance(w, QAbstractButton) and w.isEnabled():
            if text in (w.text().split("  ")[0], w.accessibleName()):
                at = w.rect().center()
        elif kind == "tick" and isinstance(w, QAbstractButton) and w.text().startswith(text):
            at = QPoint(10, w.height() // 2)
        elif kind == "field" and not isinstance(w, QAbstractButton):
            if w.accessibleName().split("（")[0] == text and w.isEnabled():
                at = w.rect().center()
        elif kind == "part" and text in w.accessibleName():
            at = w.rect().center()
        elif kind == "tab" and isinstance(w, QTabBar):
            n = next((n for n in range(w.count()) if w.tabText(n).startswith(text)), -1)
            at = w.tabRect(n).center() if n >= 0 else None
        elif kind == "row" and isinstance(w, QTableView) and w.model() is not None and w.isEnabled():
            at = _cell(w, text)
            w = w.viewport()
        if at is not None:
            return [*_scroll(w, at)]
    return None


def _cell(table: Any, text: str) -> Any:
    model = table.model()
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            if text in str(model.index(row, column).data() or ""):
                return table.visualRect(model.index(row, column)).center()
    return None


def _scroll(w: Any, at: Any) -> Iterator[Any]:
    from PySide6.QtWidgets import QScrollArea

    spot = w.mapToGlobal(at)
    yield spot.x()
    yield spot.y()
    area = w.parent()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parent()
    if area is None:
        yield 0
        return
    inside = area.viewport().mapFromGlobal(spot)
    yield -1 if inside.y() < 8 else 1 if inside.y() > area.viewport().height() - 8 else 0
    centre = area.viewport().mapToGlobal(area.viewport().rect().center())
    yield area.viewport().mapToGlobal(area.viewport().rect().topLeft()).x() + 4
    yield centre.y()


# -- the hands: one at a time, as there is one mouse -------------------------------------------------------


class Laptop:
    """A window in a process of its own, used with mouse and keyboard."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder / name, name
        self.folder.mkdir()
        self.ledger = self.folder / f"{name}.ktledger"
        self._process: subprocess.Popen[bytes] | None = None
        self._link: socket.socket | None = None
        self._window = ""
        self.slow: list[str] = []

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "COMMISSIONER_HOME": str(self.folder), "PYTHONPATH": str(ROOT)}

    def cli(self, *words: str) -> str:
        """The command line of this laptop; what it prints."""
        told = subprocess.run(
            [sys.executable, "-m", "commissioner_app", "--ledger", str(self.ledger), *words],
            cwd=ROOT, env=self._environment(), capture_output=True, text=True,
        )  # fmt: skip
        if told.returncode:
            raise RuntimeError(f"{self.name} {words}: {told.stderr}")
        return told.stdout

    def start(self) -> None:
        """Open the window and wait for it."""
        address = str(self.folder / "eyes")
        command = [sys.executable, str(Path(__file__).resolve()), "--laptop", str(self.ledger), address]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment())
        self._wait(lambda: Path(address).exists(), "no window")
        self._link = socket.socket(socket.AF_UNIX)
        self._link.connect(address)
        self._file = self._link.makefile("rw", encoding="utf-8")
        self._wait(lambda: self.ask("shown"), "not shown")
        found = ["search", "--sync", "--onlyvisible", "--pid", str(self._process.pid), "--name", "台账"]
        self._window = _xdo(*found).split()[-1]
        self.calm()

    def stop(self) -> None:
        """Close the window as a user does."""
        if self._process is not None:
            if self._link is not None:
                self._link.close()
            self._process.terminate()
            self._process.wait(10)

    # -- eyes

    def ask(self, kind: str, text: str = "") -> Any:
        """Ask the window."""
        self._file.write(json.dumps({"kind": kind, "text": text}) + "\n")
        self._file.flush()
        return json.loads(self._file.readline())

    def calm(self) -> None:
        """Wait until nothing is being read or written."""
        quiet = 0
        end = time.monotonic() + PATIENCE
        while quiet < 4 and time.monotonic() < end:
            quiet = quiet + 1 if self.ask("calm") else 0
            time.sleep(0.06)

    def sees(self, text: str) -> None:
        """Wait until a text is on the screen."""
        self._wait(lambda: self.ask("says", text), f"does not say {text}")

    def _wait(self, true: Callable[[], Any], otherwise: str) -> Any:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = true()
            if found:
                return found
            time.sleep(0.08)
        raise TimeoutError(f"{self.name}: {otherwise}")

    # -- hands

    def front(self) -> None:
        """Take this laptop in hand."""
        _xdo("windowactivate", "--sync", self._window)
        self.calm()

    def _aim(self, kind: str, text: str) -> None:
        for _ in range(60):
            spot = self._wait(lambda: self.ask(kind, text), f"has no {kind} {text}")
            if not spot[2]:
                break
            _xdo("mousemove", str(spot[3]), str(spot[4]), "click", "5" if spot[2] > 0 else "4")
            time.sleep(0.04)
        _xdo("mousemove", str(spot[0]), str(spot[1]))

    def click(self, text: str, kind: str = "button", times: int = 1) -> None:
        """Click what bears this text."""
        self._aim(kind, text)
        _xdo("click", "--repeat", str(times), "--delay", "60", "1")
        time.sleep(0.1)
        began = time.monotonic()
        self.calm()
        took = time.monotonic() - began
        if took > 1.0:
            self.slow.append(f"{self.name}: {text} {took:.1f} s")

    def keys(self, *names: str) -> None:
        """Press keys: ctrl+s, Return."""
        _xdo("key", "--clearmodifiers", *names)
        time.sleep(0.1)
        self.calm()

    def fill(self, field: str, text: str) -> None:
        """Click a field and replace what it holds; Chinese comes by the clipboard, as no input method runs here."""
        self._aim("field", field)
        _xdo("click", "1")
        self.keys("ctrl+a")
        self.put(text)

    def put(self, text: str) -> None:
        """Write where the cursor stands."""
        if text.isascii():
            _xdo("type", "--delay", "8", text)
        else:
            self.ask("copy", text)
            _xdo("key", "--clearmodifiers", "ctrl+v")
        time.sleep(0.1)
        self.calm()

    def into(self, tab: str) -> None:
        """数据交换, a tab of it."""
        self.click("数据交换")
        self.click(tab, "tab")

    # -- what is done more than once

    def send(self, to: str, folder: Path, picture: str = "") -> tuple[Path, str]:
        """Write a package for somebody into a folder; the file and its passphrase (empty if it has a key)."""
        before = set(folder.glob("*.ktpack"))
        self.front()
        self.into({"bureau": "下发", "commissioner": "上报"}.get(self.name, "上报、下发"))
        self.click(to, "row")
        if self.ask("button", "再发一份"):
            self.click("再发一份")
        phrase = self.ask("read", "口令，也可以自己定一个") or ""
        if not self.ask("tick", f"文件夹 {folder}"):
            self.click("其他位置…")
            self.put(str(folder))
            self.keys("Return")
        if picture:
            self.office.shot(picture)
        self.click("生成下发文件" if self.ask("button", "生成下发文件") else "生成上报文件")
        self.sees("已写好并核对无误")
        new = sorted(set(folder.glob("*.ktpack")) - before)
        assert len(new) == 1, new
        return new[0], phrase

    def look_at(self, file: Path, phrase: str = "") -> None:
        """Bring a package to its preview: from the list of what lies on the stick, else by the dialog."""
        self.front()
        self.into("接收")
        if self.ask("button", "接收其他文件"):
            self.click("接收其他文件")
        if self.ask("row", file.name):
            self.click(file.name, "row", times=2)
        else:
            self.click("选择文件…")
            self.put(str(file))
            self.keys("Return")
        if phrase:
            self.sees("这个文件用口令加密")
            self.put(phrase)
            self.keys("Return")
        self._wait(lambda: self.ask("part", "发来的文件") or self.ask("button", "不接收"), "no preview")
        self.calm()

    office: "Office"


class Office:
    """The three laptops and the stick."""

    def __init__(self, folder: Path, out: Path) -> None:
        self.folder, self.out = folder, out
        self.stick = folder / "USB"
        self.stick.mkdir()
        self.bureau, self.county, self.person = (
            Laptop(folder, name) for name in ("bureau", "county", "commissioner")
        )
        self._shown: set[str] = set()
        for laptop in (self.bureau, self.county, self.person):
            laptop.office = self

    def close(self) -> None:
        """End what was started."""
        for laptop in (self.bureau, self.county, self.person):
            laptop.stop()

    def shot(self, name: str) -> None:
        """A picture of the whole screen, as make_screenshots.py stores them."""
        from make_screenshots import _write
        from PIL import Image

        raw = self.folder / "screen.png"
        subprocess.run(["import", "-window", "root", str(raw)], check=True)
        with Image.open(raw) as picture:
            _write(picture.convert("RGB"), self.out / f"{name}.png")

    def prepare(self) -> None:
        """The bureau's ledger, with people in three places."""
        b = self.bureau
        b.cli("init", "--role", "bureau", "--roster", "2022", "--actor", "演示市经办")
        table = self.folder / "名单.csv"
        b.cli("export", "roster", "--out", str(table))
        with open(table, encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["受援县"] == COUNTY][: len(PEOPLE)]
        for row, name in zip(rows, PEOPLE, strict=True):
            row["姓名"] = name
        with open(table, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        print(b.cli("import", "roster", str(table)).strip())
        b.start()

    def play(self) -> None:
        """The round: down to the commissioner, up to the bureau, then a field that two have filled in."""
        b, w, c = self.bureau, self.county, self.person
        # Down: each ledger is made from the file that came.
        file, phrase = b.send(COUNTY, self.stick, picture="exchange-send")
        self.shot("exchange-sent")
        self.join(w, "county", file, phrase)
        w.start()
        file, phrase = w.send(PEOPLE[0], self.stick)
        self.join(c, "commissioner", file, phrase)
        c.start()
        # Up: two visits, sent, looked at, taken, reviewed, sent on.
        self.log_visit("2022-09-06", "查看怀山药长势，讲解线虫病防控", "32")
        self.log_visit("2022-09-20", "讲解冬凌草田间管理，现场示范追肥", "18")
        file, phrase = c.send(COUNTY, self.stick)
        w.look_at(file, phrase)
        self.compare_codes(w, c, "exchange-code")
        self.shot("exchange-receive")
        w.click("已核对一致", "tick")
        w.click("接收")
        w.sees("已接收")
        self.shot("exchange-received")
        w.click("查看新到的服务记录")
        for day in ("2022-09-06", "2022-09-20"):
            w.click(day, "row")
            if day == "2022-09-20":
                self.shot("exchange-review")
            w.keys("F8")
            w.sees("审核通过")
        file, phrase = w.send("焦作市", self.stick)
        b.look_at(file, phrase)
        self.compare_codes(b, w)
        b.click("已核对一致", "tick")
        b.click("接收")
        b.sees("已接收")
        # Sideways: the same fields changed at two places that do not know of each other.
        self.change(w, "2022-09-06", {"培训人数": "35", "服务内容": "查看怀山药长势，讲解线虫病和根腐病防控"})
        self.change(c, "2022-09-06", {"培训人数": "30", "服务内容": "查看怀山药长势，讲解线虫病防控和轮作"})
        file, phrase = c.send(COUNTY, self.stick)
        w.look_at(file, phrase)
        self.shot("exchange-receive-conflict")
        w.click("接收")
        w.sees("已接收")
        w.click("去核对不一致")
        w.keys("2")
        self.shot("exchange-inbox")
        w.keys("ctrl+Return")
        w.sees("培训人数：2 处填写不同")
        w.keys("1", "ctrl+Return")
        w.sees("没有填报不一致")
        self.shot("exchange-inbox-empty")
        w.click("服务记录")
        w.click("2022-09-06", "row")
        w.keys("F8")
        w.sees("审核通过")
        # Home: up to the bureau and down to the commissioner.
        file, _ = w.send("焦作市", self.stick)
        b.look_at(file)
        b.click("接收")
        b.sees("已接收")
        file, _ = w.send(PEOPLE[0], self.stick)
        c.look_at(file)
        c.click("接收")
        c.sees("已接收")
        b.front()
        b.into("往来记录")
        self.shot("exchange-log")
        for laptop in (w, c):  # what is known to have gone stands at the foot until an answer comes
            laptop.front()
            laptop.into("使用单位")

    def change(self, laptop: Laptop, day: str, values: dict[str, str]) -> None:
        """Change a visit in its editor and save it."""
        laptop.front()
        laptop.click("服务记录")
        laptop.click("全部", "tick")
        laptop.click(day, "row")
        for field, text in values.items():
            laptop.fill(field, text)
        laptop.keys("ctrl+s")
        laptop.sees("已保存服务记录")

    def join(self, laptop: Laptop, role: str, file: Path, phrase: str) -> None:
        """A ledger from the file that came: the wizard has no page for it, the command line has."""
        words = ["--actor", "演示县经办"] if role == "county" else []
        words += ["--county", COUNTY] if role == "county" else []
        secret = self.folder / "口令.txt"
        secret.write_text(phrase, "utf-8")
        print(
            laptop.cli(
                "init", "--role", role, *words, "--from-package", str(file), "--passphrase-file", str(secret)
            ).strip()
        )

    def log_visit(self, day: str, content: str, trained: str) -> None:
        """登记服务 and hand it in."""
        c = self.person
        c.front()
        c.keys("ctrl+n")
        if not c.ask("read", "特派员"):
            c.click("特派员", "field")
            c.put(PEOPLE[0])
            c.keys("Return", "Escape")
        c.fill("日期", day)
        c.fill("天数", "1")
        c.fill("服务内容", content)
        c.fill("培训人数", trained)
        c.click("提交审核")
        c.sees("已提交审核")

    def compare_codes(self, here: Laptop, there: Laptop, picture: str = "") -> None:
        """What two people do by phone: the code in the preview here is the one under 使用单位 there."""
        shown = here.ask("code")
        there.front()
        there.into("使用单位")
        own = there.ask("code")
        assert shown == own, (shown, own)
        if picture:
            self.shot(picture)
        here.front()

    def compare(self) -> int:
        """Print the totals of bureau and county, from the command line; 0 if they are the same."""
        found = []
        for laptop in (self.bureau, self.county):
            info = json.loads(laptop.cli("info", "--json"))
            told = {name: info[name] for name in ("visits", "visits_pending", "conflicts")}
            table = laptop.folder / "statistics.csv"
            laptop.cli("export", "statistics", "--year", "2022", "--out", str(table))
            with open(table, encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    if row["分组"] in ("合计", "受援县") and row["服务次数"] != "0":
                        told[row["分组"]] = {
                            k: v for k, v in list(row.items())[3:]
                        }  # what follows the places
            laptop.cli(
                "report",
                "service",
                "--county",
                COUNTY,
                "--year",
                "2022",
                "--out",
                str(table.with_suffix(".pdf")),
            )
            found.append(told)
            print(f"{laptop.name}: {json.dumps(told, ensure_ascii=False)}")
        for laptop in (self.bureau, self.county, self.person):
            print(f"{laptop.name}: {laptop.cli('check').strip()}")
            print(*laptop.slow, sep="\n", end="\n" if laptop.slow else "")
        same = found[0] == found[1]
        print("the same totals" if same else "NOT THE SAME")
        return int(not same)


def _xdo(*words: str) -> str:
    return subprocess.run(["xdotool", *words], check=True, capture_output=True, text=True).stdout


@contextmanager
def _screen() -> Iterator[None]:
    """A screen and a window manager; windows fill it."""
    started: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory() as folder:
        if "DISPLAY" not in os.environ:
            number = next(n for n in range(90, 200) if not Path(f"/tmp/.X11-unix/X{n}").exists())
            os.environ["DISPLAY"] = f":{number}"
            size = f"{WIDTH}x{HEIGHT}x24"
            started.append(subprocess.Popen(["Xvfb", f":{number}", "-screen", "0", size, "-nolisten", "tcp"]))
            while not Path(f"/tmp/.X11-unix/X{number}").exists():
                time.sleep(0.05)
            rules = Path(folder) / "rc.xml"
            rules.write_text(
                '<openbox_config xmlns="http://openbox.org/3.4/rc"><applications><application type="normal">'
                "<decor>no</decor><maximized>yes</maximized></application></applications></openbox_config>"
            )
            started.append(
                subprocess.Popen(["openbox", "--config-file", str(rules)], stderr=subprocess.DEVNULL)
            )
            time.sleep(1)
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        try:
            yield
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(10)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
