"""Passwords of a ledger and the 恢复单: one page with the key that opens the ledger without the password."""

import datetime as dt
import os
import secrets
from io import BytesIO
from pathlib import Path
from typing import Any

import resources
from commissioner_app import backups
from db import rekey
from db.engine import key_for, raw_key
from db.errors import DiskTrouble, Refused
from db.ledger import Ledger

SHORTEST = 6
KEY_DIGITS = 96

_COMMON = frozenset({"123456", "12345678", "123456789", "111111", "000000", "888888", "666666", "password", "qwerty",
                     "abc123", "654321", "123123"})  # fmt: skip


def strength(password: str) -> tuple[int, str]:
    """How good a password is (0 none, 1 too weak, 2 usable, 3 good) and a hint in words."""
    if not password:
        return 0, f"至少 {SHORTEST} 个字符；几个词连起来，又长又好记。"
    if len(password) < SHORTEST:
        return 1, f"太短，至少 {SHORTEST} 个字符。"
    kinds = sum(any(test(c) for c in password) for test in (str.isdigit, str.islower, str.isupper, _is_sign))
    if password.lower() in _COMMON or len(set(password)) < 4:
        return 1, "太常见，容易被猜到，请换一个。"
    if password.isdigit() and len(password) < 10:
        return 2, "只有数字，容易被猜到；加几个字母或汉字更好。"
    if len(password) >= 12 or (len(password) >= 8 and kinds >= 2) or any(ord(c) > 0x2E7F for c in password):
        return 3, "密码强度好。"
    return 2, "可以使用；再长一些更好。"


def _is_sign(c: str) -> bool:
    return not c.isalnum()


def password_problem(password: str, again: str) -> str:
    """Why a new password typed twice cannot be taken; "" for a good one."""
    level, hint = strength(password)
    if level < 2:
        return hint if password else "请输入密码。"
    return "" if password == again else "两次输入的密码不一样。"


def key_problem(text: str) -> str:
    """What is wrong with a key typed from a 恢复单; "" for 96 hex digits (spaces and dashes do not matter)."""
    compact = compact_key(text)
    wrong = next((c for c in compact if c not in "0123456789abcdef"), "")
    if wrong:
        return f"“{wrong}”不会出现在恢复单上，只有数字 0–9 和字母 A–F。"
    if len(compact) != KEY_DIGITS:
        return f"已输入 {len(compact)} 位，应为 {KEY_DIGITS} 位（24 组，每组 4 位）。"
    return ""


def compact_key(text: str) -> str:
    """The digits alone, in small letters."""
    return "".join(c for c in text.lower() if not c.isspace() and c not in "-—·")


def change_password(path: Path, old: str | None, new: str | None) -> Path:
    """Set, change or remove the password of a closed ledger; returns the backup made before.

    `old` is the password (or the 恢复单's key) that opens it now, None for a plain ledger; `new` None takes the
    password away. A new password brings a new key and salt, so the earlier 恢复单 opens only earlier copies.
    Raises WrongPassword, LedgerBusy, DiskTrouble; then the ledger is as it was.
    """
    with Ledger.open(path, old) as ledger:
        before = backups.make(ledger, "改密码前")
    rekey.rekey(path, key_for(path, old), raw_key(new, secrets.token_bytes(16)) if new else None)
    return before


def sheet_path(ledger: Ledger) -> Path:
    """Where a 恢复单 goes unless the user says otherwise."""
    from commissioner_app import paths

    return paths.free_path(ledger.path.parent, f"恢复单_{ledger.path.stem}", ".pdf")


def write_sheet(ledger: Ledger, target: Path, unit: str = "", day: dt.date | None = None) -> Path:
    """Write the 恢复单 of an encrypted ledger as a PDF of one A4 page, whole or not at all.

    Raises Refused where the ledger has no password, DiskTrouble.
    """
    if ledger.key is None:
        raise Refused("这个台账没有设置密码，不需要恢复单。")
    content = _draw(ledger.key, ledger.path.name, unit, day or dt.date.today())
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(part, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
    except OSError as error:
        raise DiskTrouble(f"恢复单没有写成：{error.strerror or error}。请另选一个位置。") from error
    finally:
        part.unlink(missing_ok=True)
    return target


def _draw(key: str, name: str, unit: str, day: dt.date) -> bytes:
    # Imported here: a third of a second that opening a ledger does not pay.
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    for face in ("Regular", "Bold"):
        pdfmetrics.registerFont(
            TTFont(f"Sheet-{face}", str(resources.path("fonts", f"NotoSansSC-{face}.ttf")))
        )
    buffer = BytesIO()
    page = Canvas(buffer, pagesize=A4, invariant=1)
    page.setTitle("台账恢复单")
    width, height = A4
    left, right, y = 28 * mm, width - 26 * mm, height - 37 * mm
    page.setFont("Sheet-Bold", 22)
    page.drawCentredString(width / 2, y, "台账恢复单")
    y -= 16 * mm
    for caption, value in (
        ("台账文件", name),
        ("使用单位", unit or "—"),
        ("制作日期", f"{day.year}年{day.month}月{day.day}日"),
    ):
        page.setFont("Sheet-Regular", 12)
        page.setFillGray(0.35)
        page.drawString(left, y, caption)
        page.setFillGray(0)
        page.drawString(left + 24 * mm, y, _fit(page, value, right - left - 24 * mm))
        y -= 8 * mm
    y -= 4 * mm
    y = _draw_key(page, key, left, right, y)
    y -= 12 * mm
    page.setFont("Sheet-Bold", 14)
    page.drawString(left, y, "怎样使用")
    y -= 9 * mm
    for n, lines in enumerate(_ADVICE, 1):
        page.setFont("Sheet-Regular", 12)
        page.drawString(left, y, f"{n}．")
        for line in lines:
            page.drawString(left + 8 * mm, y, line)
            y -= 7.2 * mm
        y -= 1 * mm
    y -= 4 * mm
    page.setFillGray(0.93)
    page.roundRect(left, y - 11 * mm, right - left, 17 * mm, 2 * mm, stroke=0, fill=1)
    page.setFillGray(0)
    page.setFont("Sheet-Bold", 13)
    page.drawString(left + 6 * mm, y - 1 * mm, "请锁存保管。")
    page.setFont("Sheet-Regular", 11)
    page.drawString(
        left + 6 * mm, y - 7.5 * mm, "谁持有这张纸和台账文件，谁就能打开台账。不要拍照，不要与电脑放在一起。"
    )
    y -= 32 * mm
    page.setFont("Sheet-Regular", 12)
    for at, text in ((left, "保管人："), ((left + right) / 2, "存放处：")):
        page.drawString(at, y, text)
        start = at + 18 * mm
        page.line(start, y - 1.5 * mm, start + 48 * mm, y - 1.5 * mm)
    page.showPage()
    page.save()
    return buffer.getvalue()


_ADVICE = (
    ("打开本程序，选“打开已有台账”，选中台账文件。",),
    ("在输入密码的窗口中点“忘记密码”，按行输入上面的恢复密钥。", "空格和短横可以不输，大小写不分。"),
    ("打开后请到“设置 → 密码”设一个新密码，并另存一张新的恢复单。",),
    ("改过密码以后，本单对新的台账文件不再有效；", "改密码以前的备份仍用原来的密码或本单打开。"),
)


def _draw_key(page: Any, key: str, left: float, right: float, y: float) -> float:
    """The key as six numbered lines of four groups; every digit stands in a cell of its own width."""
    from reportlab.lib.units import mm

    groups = [key[n : n + 4].upper() for n in range(0, len(key), 4)]
    rows = [groups[n : n + 4] for n in range(0, len(groups), 4)]
    row, cell, gap = 11 * mm, 6.2 * mm, 8 * mm
    height = len(rows) * row + 17 * mm
    page.setLineWidth(0.8)
    page.roundRect(left, y - height + 4 * mm, right - left, height, 2 * mm)
    page.setFont("Sheet-Bold", 12)
    page.drawString(left + 6 * mm, y - 5 * mm, "恢复密钥")
    page.setFont("Sheet-Regular", 10)
    page.drawRightString(right - 6 * mm, y - 5 * mm, "共 24 组，每组 4 位，按行从左到右输入")
    y -= 17 * mm
    for n, line in enumerate(rows, 1):
        page.setFont("Sheet-Regular", 10)
        page.setFillGray(0.35)
        page.drawString(left + 6 * mm, y, f"第 {n} 行")
        page.setFillGray(0)
        page.setFont("Sheet-Regular", 17)
        x = left + 28 * mm
        for group in line:
            for digit in group:
                page.drawCentredString(x + cell / 2, y, digit)
                x += cell
            x += gap - 2 * mm
        y -= row
    return float(y + 2 * mm)


def _fit(page: Any, text: str, width: float) -> str:
    """The text, cut with … where it is wider than the line."""
    while text and page.stringWidth(text, "Sheet-Regular", 12) > width:
        text = text[:-2] + "…"
    return text
