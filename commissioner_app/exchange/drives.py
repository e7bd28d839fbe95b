"""Which USB sticks, cards and other removable drives are there now."""

import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOUNTS, BLOCKS, LABELS = Path("/proc/self/mounts"), Path("/sys/class/block"), Path("/dev/disk/by-label")
"""Where Linux tells of drives."""


@dataclass(frozen=True)
class Drive:
    """A removable drive that files can be read from; label as people know it, free in bytes."""

    path: Path
    label: str
    free: int
    writable: bool


def removable_drives() -> list[Drive]:
    """The removable drives of this machine by label; never raises, a drive that does not answer is left out."""
    if sys.platform == "win32":
        import ctypes

        found = windows_drives(ctypes.windll.kernel32)
    elif sys.platform == "darwin":
        found = mac_drives(Path("/Volumes"))
    else:
        found = linux_drives(MOUNTS, BLOCKS, LABELS)
    return sorted(found, key=lambda d: (d.label, str(d.path)))


def linux_drives(mounts: Path, blocks: Path, labels: Path) -> list[Drive]:
    """Mounted block devices that are removable, on USB, or SD cards; encrypted ones by the device below."""
    try:
        lines = mounts.read_bytes().splitlines()
    except OSError:
        return []
    found: dict[str, Drive] = {}
    for line in lines:
        parts = line.split(b" ")
        if len(parts) < 4 or not parts[0].startswith(b"/dev/"):
            continue
        device, point = (os.fsdecode(_unescaped(p)) for p in parts[:2])
        name = os.path.basename(os.path.realpath(device))
        if name in found or _of_the_system(point) or not _is_removable(blocks, name):
            continue
        drive = _drive(Path(point), _label(labels, name), b"rw" in parts[3].split(b","))
        if drive is not None:
            found[name] = drive
    return list(found.values())


def mac_drives(volumes: Path) -> list[Drive]:
    """Everything mounted below /Volumes but the system's own volume, which is a link there."""
    try:
        entries = sorted(volumes.iterdir())
    except OSError:
        return []
    points = [p for p in entries if not p.is_symlink() and not p.name.startswith(".") and os.path.ismount(p)]
    return [drive for p in points if (drive := _drive(p, p.name, True)) is not None]


def windows_drives(kernel: Any) -> list[Drive]:
    """Drives of type DRIVE_REMOVABLE with a medium in them; kernel: kernel32. A: and B: are floppies."""
    import ctypes

    removable, read_only = 2, 0x00080000
    kernel.SetErrorMode(1)  # SEM_FAILCRITICALERRORS: no window about an empty card reader
    found = []
    letters = kernel.GetLogicalDrives()
    for number in range(2, 26):
        root = f"{chr(ord('A') + number)}:\\"
        if not letters >> number & 1 or kernel.GetDriveTypeW(root) != removable:
            continue
        name, flags = ctypes.create_unicode_buffer(261), ctypes.c_ulong()
        if not kernel.GetVolumeInformationW(root, name, 261, None, None, ctypes.byref(flags), None, 0):
            continue
        label = f"{name.value or 'U 盘'}（{root[:2]}）"
        drive = _drive(Path(root), label, not flags.value & read_only)
        if drive is not None:
            found.append(drive)
    return found


def _drive(point: Path, label: str, writable: bool) -> Drive | None:
    try:
        free = shutil.disk_usage(point).free
    except OSError:
        return None
    return Drive(point, label or point.name or str(point), free, writable and os.access(point, os.W_OK))


def _unescaped(text: bytes) -> bytes:
    r"""A field of /proc/mounts: blank, tab, newline, # and backslash stand there as \ooo (proc(5))."""
    return re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m.group(1), 8) & 0xFF]), text)


def _of_the_system(point: str) -> bool:
    """Whether a mount belongs to the system itself (a machine that was started from a stick)."""
    return point == "/" or point.split("/")[1] in ("boot", "efi", "usr", "var", "home", "snap", "nix")


def _is_removable(blocks: Path, name: str, depth: int = 0) -> bool:
    device = blocks / name
    try:
        real = device.resolve(strict=True)
        below = sorted((real / "slaves").iterdir()) if (real / "slaves").is_dir() else []
    except OSError:
        return False
    if below and depth < 4:  # LUKS, LVM
        return any(_is_removable(blocks, b.name, depth + 1) for b in below)
    disk = real if (real / "removable").exists() else real.parent  # a partition lies in its disk's folder
    if _word(disk / "removable") == "1" or _word(disk / "device" / "type") == "SD":
        return True
    return any(re.fullmatch(r"usb\d+", part) for part in real.parts)


def _word(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _label(labels: Path, name: str) -> str:
    """The file system's label, from udev's links; special characters stand there as \\xNN."""
    try:
        links = list(labels.iterdir())
    except OSError:
        return ""
    for link in links:
        if os.path.basename(os.path.realpath(link)) == name:
            raw = os.fsencode(link.name)
            plain = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda m: bytes([int(m.group(1), 16)]), raw)
            return plain.decode("utf-8", "replace")
    return ""
