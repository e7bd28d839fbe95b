"""Removable drives, on a made-up /proc and /sys, a made-up kernel32, and this machine."""

import shutil
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from commissioner_app.exchange import drives
from commissioner_app.exchange.drives import Drive, linux_drives, mac_drives, removable_drives, windows_drives
from tests.machine import Machine

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_sticks_cards_and_usb_disks(machine: Machine) -> None:
    machine.disk("sda", "pci0/ata1/host0", 0, 2)
    machine.disk("sdb", "pci0/usb2/2-1/host4", 1)
    machine.disk("sdc", "pci0/usb1/1-3/host5", 0)
    machine.disk("mmcblk0", "pci0/mmc0", 0, kind="MMC")
    machine.disk("mmcblk1", "pci0/mmc1", 0, kind="SD")
    machine.mount("sda2", "data")
    stick = machine.mount(
        "sdb1", "王工 的\\U盘\t1", label="\\x20\\xe6\\xb8\\xa9\\xe5\\x8e\\xbfU\\xe7\\x9b\\x98"
    )
    disk = machine.mount("sdc1", "移动硬盘", "ro,relatime,errors=remount-rw")
    machine.mount("mmcblk0p1", "eMMC")
    card = machine.mount("mmcblk1p1", "card")
    machine.lines.append(b"tmpfs /media/x tmpfs rw 0 0")
    machine.lines.append(b"nonsense")
    found = {d.path: d for d in machine.found()}
    assert set(found) == {stick, disk, card}
    assert found[stick].label == " 温县U盘" and found[stick].writable
    assert found[disk].label == "移动硬盘" and not found[disk].writable
    assert found[card].free == shutil.disk_usage(card).free > 0


def test_encrypted_sticks_and_second_mounts(machine: Machine) -> None:
    machine.disk("sda", "pci0/ata1/host0", 0)
    machine.disk("sdb", "pci0/usb2/2-1/host4", 1)
    machine.mapper("dm-0", "sda1")
    machine.mapper("dm-1", "sdb1")
    machine.mount("dm-0", "internal")
    stick = machine.mount("dm-1", "保密U盘")
    machine.mount("dm-1", "again")
    assert [d.path for d in machine.found()] == [stick]


def test_a_machine_started_from_a_stick(machine: Machine) -> None:
    machine.disk("sdb", "pci0/usb2/2-1/host4", 1)
    for point in (b"/", b"/boot/efi", b"/home"):
        machine.lines.append(b"/dev/sdb1 " + point + b" ext4 rw 0 0")
    assert machine.found() == []


def test_a_drive_that_does_not_answer_is_left_out(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.disk("sdb", "pci0/usb2/2-1/host4", 1)
    machine.mount("sdb1", "gone").rmdir()
    machine.mount("sdz1", "unknown")
    assert machine.found() == []
    assert linux_drives(machine.root / "none", machine.blocks, machine.labels) == []


def test_this_machine() -> None:
    assert all(isinstance(d, Drive) and d.path.is_dir() for d in removable_drives())


class Kernel:
    """kernel32 with C: fixed, D: an empty card reader, E: a stick, F: a locked card without a name, A: a floppy."""

    def SetErrorMode(self, mode: int) -> int:
        self.mode = mode
        return 0

    def GetLogicalDrives(self) -> int:
        return sum(1 << (ord(c) - ord("A")) for c in "ACDEF")

    def GetDriveTypeW(self, root: str) -> int:
        return 3 if root == "C:\\" else 2

    def GetVolumeInformationW(self, root: str, name: Any, size: int, *rest: Any) -> int:
        if root == "D:\\":
            return 0
        name.value = "温县" if root == "E:\\" else ""
        rest[2]._obj.value = 0x00080000 | 0x2 if root == "F:\\" else 0x2
        return 1


def test_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drives.shutil, "disk_usage", lambda p: Usage(10, 3, 7))
    monkeypatch.setattr(drives.os, "access", lambda p, mode: True)
    kernel = Kernel()
    assert windows_drives(kernel) == [
        Drive(Path("E:\\"), "温县（E:）", 7, True),
        Drive(Path("F:\\"), "U 盘（F:）", 7, False),
    ]
    assert kernel.mode == 1


def test_mac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Macintosh HD").symlink_to("/")
    for name in ("温县U盘", ".timemachine", "folder"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(drives, "os", SimpleNamespace(path=SimpleNamespace(ismount=lambda p: p.name != "folder"), access=lambda *_: True, W_OK=2))  # fmt: skip
    assert [d.label for d in mac_drives(tmp_path)] == ["温县U盘"]
    assert mac_drives(tmp_path / "none") == []
