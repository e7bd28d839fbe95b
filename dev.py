#!/usr/bin/env python3
"""Sets the project up and runs, tests, checks and packages it; needs nothing but Python 3.11-3.13.

Only the standard library is used, and the syntax is that of Python 3.6, so that an unsuitable Python still
gets as far as being told so.
"""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "dev-stamp")
WINDOWS = sys.platform == "win32"
LINUX = sys.platform.startswith("linux")
SCRIPTS = os.path.join(VENV, "Scripts" if WINDOWS else "bin")
PYTHON = os.path.join(SCRIPTS, "python.exe" if WINDOWS else "python")

#: Exit status when the machine lacks something that only its owner can add; nothing has been changed then.
EXIT_MACHINE = 3

USAGE = """用法 Usage: python3 dev.py VERB [参数 arguments]

  run          打开软件；没有图形界面时生成服务工作报告 PDF   open the app (no display: write the report)
  test         ruff、mypy、分层规则和 pytest；带参数时只运行 pytest   all checks; with arguments only pytest
  lint         ruff、mypy 和分层规则   the checks without pytest
  bench        python -m benchmarks
  screenshots  重画 docs/screenshots
  package      用 PyInstaller 打包到 dist/ 并试运行   build the bundle and try it"""

# What PySide6-Essentials 6.8.3 (widgets; platforms xcb and offscreen) links to beyond a minimal Debian, found
# with ldd in bookworm and trixie: the library's file and Debian's package. trixie's libglib2.0-0t64 provides
# the old name.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


class MachineError(Exception):
    """Something is missing that dev.py must not or cannot add; its text is one sentence for the user."""


def main(argv: "list[str]") -> int:
    """Carry out one verb; the exit status is that of what it ran."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    version = sys.version_info[:2]
    if not (3, 11) <= version <= (3, 13):
        return _say(
            "本程序需要 Python 3.11、3.12 或 3.13，当前是 {}.{}；请安装其中之一，再用它运行 dev.py。"
            " / Python 3.11, 3.12 or 3.13 is needed; this is {}.{}.".format(*version + version),
            EXIT_MACHINE,
        )
    verbs = {
        "run": run,
        "test": test,
        "lint": lint,
        "bench": bench,
        "screenshots": screenshots,
        "package": package,
    }
    if argv[:1] in (["-h"], ["--help"], ["help"]):
        print(USAGE)
        return 0
    if not argv or argv[0] not in verbs:
        return _say(USAGE, 2)
    try:
        prepare_system(argv[0])
        prepare_venv()
        return verbs[argv[0]](argv[1:])
    except MachineError as error:
        return _say(str(error), EXIT_MACHINE)
    except KeyboardInterrupt:
        return _say("已中断。 / Interrupted.", 130)


# --- set-up ---------------------------------------------------------------------------------------------------


def prepare_system(verb: str) -> None:
    """Make sure that the system has what pip cannot bring; raises MachineError before anything is made."""
    if not LINUX:
        return
    missing = missing_packages(verb)
    if not missing:
        return
    names = sorted(set(missing.values()))
    if not shutil.which("apt-get"):
        raise MachineError(
            "系统缺少 {}，请用系统的软件包管理器安装后重试。 / Please install what the system lacks: {}.".format(
                "、".join(missing), ", ".join(missing)
            )
        )
    command = ["apt-get", "install", "-y", "--no-install-recommends"] + names
    if os.geteuid() != 0:
        raise MachineError(
            "系统缺少运行所需的软件包，请先执行下面一行，再重试。 / Please run this line first, then try again:\n"
            "  sudo apt-get install -y --no-install-recommends " + " ".join(names)
        )
    print("正在安装系统软件包 / installing system packages: " + " ".join(names), flush=True)
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    _quietly(["apt-get", "update"], env=env)  # may fail for one source and still know the packages
    status, output = _quietly(command, env=env)
    left = missing_packages(verb)
    if left:
        raise MachineError(
            output.strip()
            + "\n系统软件包没有装好（apt-get 退出码 {}），缺少 {}；请检查网络和软件源后执行：{}".format(
                status, "、".join(left), " ".join(command)
            )
        )


def missing_packages(verb: str) -> "dict[str, str]":
    """What this Linux lacks for `verb`, as {what: Debian's package}."""
    missing = {}
    if not importlib.util.find_spec("ensurepip"):
        own = os.path.realpath("/usr/bin/python3") == os.path.realpath(sys.executable)
        missing["venv"] = "python3-venv" if own else "python{}.{}-venv".format(*sys.version_info)
    for library, name in QT_LIBRARIES.items():
        if not _loads(library):
            missing[library] = name
    if verb == "package":
        if not shutil.which("objdump"):
            missing["objdump"] = "binutils"
        if not os.environ.get("DISPLAY") and not shutil.which("Xvfb"):
            missing["Xvfb"] = "xvfb"
        shared = sysconfig.get_config_var("INSTSONAME") or ""
        folder = sysconfig.get_config_var("LIBDIR") or ""
        if ".so" in shared and not (_loads(shared) or _loads(os.path.join(folder, shared))):
            missing[shared] = "libpython{}.{}".format(*sys.version_info)
    return missing


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def prepare_venv() -> None:
    """Make .venv, unless the one that stands there was finished for this lock, this Python and this folder.

    A virtual environment cannot be built elsewhere and renamed (its scripts hold absolute paths), so the
    stamp is written last: without a valid one the folder counts as half made and is built anew.
    """
    wanted = _fingerprint()
    try:
        with open(STAMP, encoding="utf-8") as file:
            if file.read() == wanted and os.path.exists(PYTHON):
                return
    except OSError:
        pass
    print("正在准备 .venv，首次需要一两分钟 / preparing .venv, a minute or two the first time …", flush=True)
    try:
        shutil.rmtree(VENV)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise MachineError(
            "旧的 .venv 删不掉（{}），请关闭正在运行的程序后重试。 / The old .venv is in use.".format(error)
        ) from None
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    steps = (
        [sys.executable, "-m", "venv", VENV],
        pip + ["--require-hashes", "--only-binary=:all:", "-r", "requirements.lock"],
        # A plain .pth instead of setuptools' import hook: found by mypy too, and nothing to pay at each start.
        pip
        + ["--no-deps", "--no-build-isolation", "--no-index"]
        + ["--config-settings", "editable_mode=compat", "--editable", "."],
    )
    done = False
    try:
        for step in steps:
            status, output = _quietly(step, cwd=ROOT)
            if status != 0:
                raise MachineError(
                    output.strip()
                    + "\n.venv 没有建成，已清除；请检查网络和磁盘空间后重试。 / .venv could not be made and was removed."
                )
        with open(STAMP, "w", encoding="utf-8") as file:
            file.write(wanted)
        done = True
    finally:
        if not done:
            shutil.rmtree(VENV, ignore_errors=True)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for name in ("requirements.lock", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return "\n".join((digest.hexdigest(), sys.version, os.path.realpath(sys.executable), VENV))


# --- verbs ----------------------------------------------------------------------------------------------------


def run(args: "list[str]") -> int:
    """Open the window; without a display do the main job: ledger, roster of 2022, service report as a PDF."""
    app = [PYTHON, "-m", "commissioner_app"]
    own_ledger = len(args) == 2 and args[0] == "--ledger"
    if has_display() or (args and not own_ledger):
        return _call(app + args)
    print(
        "没有检测到图形界面，改为直接生成服务工作报告。 / No display found: writing the report instead.",
        flush=True,
    )
    # Asked first, because `init` must not touch a ledger that is already there.
    if _quietly(app + args + ["info", "--json"])[0] != 0:
        status = _call(app + args + ["init", "--role", "bureau", "--roster", "2022"])
        if status != 0:
            return status
    ask = "import platformdirs; print(platformdirs.user_documents_dir())"
    documents = subprocess.run(
        [PYTHON, "-X", "utf8", "-c", ask], stdout=subprocess.PIPE, check=True, cwd=ROOT
    )
    folder = documents.stdout.decode("utf-8").strip()
    if not os.path.isdir(folder):
        folder = os.getcwd()
    report = os.path.join(folder, "服务工作报告2022.pdf")
    status = _call(app + args + ["report", "service", "--year", "2022", "--out", report])
    if status == 0:
        print("服务工作报告已写入 / report written: " + report, flush=True)
    return status


def has_display() -> bool:
    """Whether a window could be shown: always on Windows and macOS, on Linux when a server is named."""
    return not LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def test(args: "list[str]") -> int:
    """All checks, the others first: the last line printed is pytest's own. With arguments only pytest."""
    if args:
        return _call([PYTHON, "-m", "pytest"] + args, offscreen=True)
    failed = _checks()
    if failed:
        print("未通过 / failed: {}；下面继续运行 pytest。".format("、".join(failed)), flush=True)
    status = _call([PYTHON, "-m", "pytest", "-n", "2"], offscreen=True)
    return status or int(bool(failed))


def lint(args: "list[str]") -> int:
    """ruff, mypy and the rules of who may import whom; arguments go to ruff alone (`lint --fix`)."""
    if args:
        return _call([PYTHON, "-m", "ruff", "check"] + args)
    failed = _checks()
    print("未通过 / failed: " + "、".join(failed) if failed else "全部通过 / all passed.", flush=True)
    return int(bool(failed))


def _checks() -> "list[str]":
    checks = (
        ("ruff", [PYTHON, "-m", "ruff", "check", "."]),
        ("mypy", [PYTHON, "-m", "mypy"]),
        ("lint-imports", [os.path.join(SCRIPTS, "lint-imports"), "--no-logo"]),
    )
    failed = []
    for name, command in checks:
        print("== " + name, flush=True)
        if _call(command) != 0:
            failed.append(name)
    return failed


def bench(args: "list[str]") -> int:
    """The measurements of benchmarks/."""
    return _call([PYTHON, "-m", "benchmarks"] + args)


def screenshots(args: "list[str]") -> int:
    """Draw the pictures of docs/screenshots anew, without a screen."""
    return _call([PYTHON, os.path.join("docs", "make_screenshots.py")] + args, offscreen=True)


def package(args: "list[str]") -> int:
    """Build dist/commissioner-app, then run the built program: a ledger, its facts, a report, the window."""
    started = time.monotonic()
    build = [PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "build.spec"]
    status = _call(build + args)
    if status != 0:
        return status
    folder = os.path.join(ROOT, "dist", "commissioner-app")
    sizes = [os.path.getsize(path) for path in _files(folder)]
    print(
        "打包完成 / built: {}，{} 个文件 files，{:.0f} MB，{:.0f} 秒 s".format(
            folder, len(sizes), sum(sizes) / 1e6, time.monotonic() - started
        ),
        flush=True,
    )
    return try_bundle(folder)


def try_bundle(folder: str) -> int:
    """Run the bundle as a user would, in a home of its own so that it meets and leaves nothing behind."""
    window = os.path.join(folder, "commissioner-app.exe" if WINDOWS else "commissioner-app")
    # A windowed program has no console on Windows; its twin has.
    console = os.path.join(folder, "commissioner-app-console.exe") if WINDOWS else window
    with tempfile.TemporaryDirectory(prefix="commissioner-app-") as home:
        env = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "PYTHON"))}
        env.update(HOME=home, USERPROFILE=home, APPDATA=home, LOCALAPPDATA=home)
        ledger = ["--ledger", os.path.join(home, "试运行.ktledger")]
        screen = None
        if LINUX and not env.get("DISPLAY"):
            screen, env["DISPLAY"] = _start_xvfb()
        try:
            for command in (
                [console] + ledger + ["init", "--role", "bureau", "--roster", "2022"],
                [console] + ledger + ["info", "--json"],
                [console]
                + ledger
                + ["report", "service", "--year", "2022", "--out", os.path.join(home, "r.pdf")],
                [window] + ledger + ["--smoke-window"],
                [window] + ledger + ["--smoke-window"],  # again, now that the disk has it
            ):
                begun = time.monotonic()
                status = subprocess.call(command, cwd=home, env=env)
                verb = " ".join(command[3:])
                print(
                    "{}：{:.2f} 秒 s，退出码 exit {}".format(verb, time.monotonic() - begun, status),
                    flush=True,
                )
                if status != 0:
                    return status
        finally:
            if screen is not None:
                screen.terminate()
                screen.wait()
    return 0


def _start_xvfb() -> "tuple[subprocess.Popen[bytes], str]":
    """A screen of our own; Xvfb picks a free number and writes it once it is ready."""
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read, encoding="ascii") as file:
        number = file.readline().strip()
    if not number:
        raise MachineError("Xvfb 没有启动，无法试开窗口。 / Xvfb did not start.")
    return screen, ":" + number


# --- helpers --------------------------------------------------------------------------------------------------


def _files(folder: str) -> "list[str]":
    found: "list[str]" = []
    for parent, _, names in os.walk(folder):
        paths = [os.path.join(parent, name) for name in names]
        found.extend(path for path in paths if not os.path.islink(path))
    return found


def _call(command: "list[str]", offscreen: bool = False) -> int:
    env = dict(os.environ)
    if offscreen:
        env["QT_QPA_PLATFORM"] = "offscreen"
    if WINDOWS:  # a pipe or file gets UTF-8 there too; a console is not affected
        env["PYTHONIOENCODING"] = "utf-8:replace"
    # `run` and `bench` keep the folder that the user stands in: paths in the arguments are meant from there.
    return subprocess.call(command, cwd=None if "commissioner_app" in command else ROOT, env=env)


def _quietly(command: "list[str]", **options: object) -> "tuple[int, str]":
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)  # type: ignore[call-overload]
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _say(text: str, status: int) -> int:
    sys.stderr.write(text + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
