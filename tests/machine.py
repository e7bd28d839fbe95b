"""Block devices as Linux shows them below /proc, /sys and /dev, in a folder of the test."""

import shutil
import sys
from pathlib import Path

import pytest

from commissioner_app.exchange.drives import Drive, linux_drives

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="drives are made up as Linux shows them")


class Machine:
    """Block devices as Linux shows them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.blocks, self.labels, self.dev = root / "class", root / "by-label", root / "dev"
        for folder in (self.blocks, self.labels, self.dev):
            folder.mkdir()
        self.lines: list[bytes] = []

    def disk(self, name: str, where: str, removable: int, parts: int = 1, kind: str = "") -> None:
        disk = self.root / "devices" / where / "block" / name
        disk.mkdir(parents=True)
        (disk / "removable").write_text(f"{removable}\n")
        if kind:
            (disk / "device").mkdir()
            (disk / "device" / "type").write_text(f"{kind}\n")
        (self.blocks / name).symlink_to(disk)
        for number in range(1, parts + 1):
            part = f"{name}{'p' if name[-1].isdigit() else ''}{number}"
            (disk / part).mkdir()
            (self.blocks / part).symlink_to(disk / part)

    def mapper(self, name: str, below: str) -> None:
        disk = self.root / "devices" / "virtual" / "block" / name
        (disk / "slaves" / below).mkdir(parents=True)
        (disk / "removable").write_text("0\n")
        (self.blocks / name).symlink_to(disk)

    def mount(self, device: str, point: str, options: str = "rw,relatime", label: str = "") -> Path:
        path = self.root / "media" / point
        path.mkdir(parents=True, exist_ok=True)
        escaped = str(path).encode().replace(b"\\", b"\\134").replace(b" ", b"\\040").replace(b"\t", b"\\011")
        self.lines.append(
            b"/dev/" + device.encode() + b" " + escaped + b" vfat " + options.encode() + b" 0 0"
        )
        if label:
            (self.labels / label).symlink_to(Path("/dev") / device)
        return path

    def stick(self, name: str, options: str = "rw,relatime") -> Path:
        """A USB stick of that name is put in; its folder."""
        letter = chr(ord("b") + len(self.lines))
        self.disk(f"sd{letter}", f"pci0/usb2/2-{letter}/host4", 1)
        path = self.mount(f"sd{letter}1", name, options)
        self.tell()
        return path

    def pull_out(self) -> None:
        """All sticks are pulled out without a word to the system before."""
        shutil.rmtree(self.root / "media")
        self.lines.clear()
        self.tell()

    @property
    def mounts(self) -> Path:
        return self.root / "mounts"

    def tell(self) -> None:
        """Show what is mounted now."""
        self.mounts.write_bytes(b"\n".join(self.lines) + b"\n")

    def found(self) -> list[Drive]:
        self.tell()
        return linux_drives(self.mounts, self.blocks, self.labels)
