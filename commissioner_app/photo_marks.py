"""What is to be pointed out about the photos of a visit: taken on another day, used for another visit."""

from collections.abc import Sequence
from dataclasses import dataclass

from commissioner_app.attachments import PHOTO, SCAN
from commissioner_app.periods import day_text
from db.ledger import Ledger
from db.queries import attachments as queries
from db.queries import visits


@dataclass(frozen=True)
class Seen:
    """What is looked at of a photo, saved or not yet; taken_at: local time as ISO, None where nobody knows."""

    key: str
    kind: str
    sha256: str
    source_sha256: str
    taken_at: str | None


def marks(
    ledger: Ledger, visit: str | None, photos: Sequence[Seen], first: str | None, last: str | None
) -> dict[str, tuple[str, ...]]:
    """One sentence for each thing to be pointed out, by key; `first` and `last` are the visit's days (ISO).

    A photo that tells no time is no doubt: WeChat takes it away.
    """
    found: dict[str, tuple[str, ...]] = {}
    with ledger.read() as connection:
        shas = {s for p in photos if p.kind in (PHOTO, SCAN) for s in (p.sha256, p.source_sha256) if s}
        uses = queries.uses_elsewhere(connection, shas, visit)
        others = sorted({other for visits_ in uses.values() for other in visits_})
        briefs = visits.briefs(connection, others)
    for photo in photos:
        told = []
        day = (photo.taken_at or "")[:10]
        if photo.kind == PHOTO and day and first and not first <= day <= (last or first):
            told.append(f"拍摄于{day_text(day)}，不是服务当天。")
        where = sorted(uses.get(photo.sha256, set()) | uses.get(photo.source_sha256, set()))
        if photo.kind in (PHOTO, SCAN) and where:
            date, names, *_ = briefs.get(where[0], ("", "", None, None))
            more = f"等 {len(where)} 条服务记录" if len(where) > 1 else "的服务记录"
            told.append(f"同一张照片也用在{day_text(date)}{names}{more}中。")
        if told:
            found[photo.key] = tuple(told)
    return found
