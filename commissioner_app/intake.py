"""Files on their way into a visit: what a folder holds, which are of the day, photos scaled, PDFs and sheets told apart."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from commissioner_app import attachments, pdfpages, photos
from commissioner_app.attachments import DOCUMENT, LIMIT, PHOTO, SCAN, Ready
from db.errors import Refused
from db.ledger import Ledger

Progress = Callable[[int, int], None]
"""progress(done, all) may raise to give up."""

SUFFIXES = (*photos.SUFFIXES, ".pdf")


@dataclass(frozen=True)
class Prepared:
    """files: (visit, file), the visit None for the one that was asked for; refused: one sentence each."""

    files: tuple[tuple[str | None, Ready], ...]
    refused: tuple[str, ...]


def fits(path: Path) -> bool:
    """Whether a visit takes a file by its name, or a folder."""
    return path.suffix.lower() in SUFFIXES or path.is_dir()


def expand(paths: Sequence[Path]) -> list[Path]:
    """The files, and of each folder all pictures and PDFs below it by name; hidden ones are left out."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (
                p
                for p in sorted(path.rglob("*"))
                if p.suffix.lower() in SUFFIXES
                and not any(x.startswith(".") for x in p.relative_to(path).parts)
            )
            found += [p for p in inside if p.is_file()]
        else:
            found.append(path)
    return found


def of_days(files: Sequence[Path], first: str, last: str, progress: Progress | None = None) -> list[Path]:
    """Those pictures whose camera says that they were taken from one day to another (ISO dates, both included)."""
    found = []
    for n, file in enumerate(files):
        if progress:
            progress(n, len(files))
        taken = photos.taken(file)
        if taken and first <= taken[:10] <= last:
            found.append(file)
    return found


def prepare(
    ledger: Ledger, files: Sequence[Path], *, signed: bool = False, progress: Progress | None = None
) -> Prepared:
    """Read files for a visit; what cannot be read is named and the others go on.

    Pictures become photos. A PDF is kept as it is, unless its first page bears the code of a visit: then its pages are
    signed sheets, each for the visit of its code. With `signed` everything is a page of this visit's signed sheet.
    """
    ready: list[tuple[str | None, Ready]] = []
    refused: list[str] = []
    for n, file in enumerate(files):
        if progress:
            progress(n, len(files))
        try:
            if signed or file.suffix.lower() == ".pdf":
                ready += _paper(ledger, file, signed)
            elif photos.is_picture(file):
                ready.append((None, attachments.photo_ready(file.name, photos.read(file))))
            else:
                raise Refused(f"“{file.name}”不是图片或 PDF，没有添加。")
        except Refused as error:
            refused.append(str(error))
    return Prepared(tuple(ready), tuple(refused))


def picture(data: bytes, name: str) -> Ready:
    """A picture that was pasted. Raises Refused."""
    return attachments.photo_ready(name, photos.prepare(data, name))


def _paper(ledger: Ledger, file: Path, signed: bool) -> list[tuple[str | None, Ready]]:
    from commissioner_app import scans

    if not signed:
        _refuse_large(file)
        if not scans.first_visit(file):
            return [(None, _document(file))]
    found = scans.look(ledger, [file])
    if found.refused:
        raise Refused(found.refused[0])
    return [(None if signed else page.visit, scans.ready(page)) for page in found.pages]


def _document(file: Path) -> Ready:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Refused(f"无法读取“{file.name}”，没有添加。") from error
    if not pdfpages.page_count(data):
        raise Refused(f"“{file.name}”已损坏、设有密码或不是 PDF，没有添加。")
    return Ready(file.name, DOCUMENT, data, "application/pdf", hashlib.sha256(data).hexdigest())


def _refuse_large(file: Path) -> None:
    try:
        if file.stat().st_size > LIMIT:
            raise Refused(f"“{file.name}”超过 {LIMIT // 10**6} MB，请压缩后再添加。")
    except OSError as error:
        raise Refused(f"无法读取“{file.name}”，没有添加。") from error


def refusal(refused: Sequence[str]) -> str:
    """What was not taken, in one sentence."""
    if len(refused) < 2:
        return "".join(refused)
    names = "、".join(dict.fromkeys(s.split("”")[0].split("“")[-1] for s in refused[:3]))
    return f"有 {len(refused)} 个文件没有添加：{names}{' 等' if len(refused) > 3 else ''}，已损坏、过大或不是图片和 PDF。"


def thumbnail(data: bytes, media_type: str, side: int) -> bytes | None:
    """A small JPEG of what is kept, at most `side` pixels wide and high; None where it cannot be drawn."""
    if media_type == "application/pdf":
        return pdfpages.first_page(data, side)
    try:
        return photos.thumbnail(data, side)
    except Refused:
        return None


__all__ = [
    "DOCUMENT",
    "PHOTO",
    "SCAN",
    "Prepared",
    "expand",
    "fits",
    "of_days",
    "picture",
    "prepare",
    "refusal",
    "thumbnail",
]
