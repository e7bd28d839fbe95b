"""The training data that people look at: drawn photos on the day of the visit, the same for the same seed."""

from pathlib import Path

from commissioner_app import attachments, demo, doubts, statistics, visits
from commissioner_app.ledgers import Ledger


def rows(ledger: Ledger) -> list[visits.VisitRow]:
    period = statistics.default_period(ledger)
    found = visits.listed_rowids(
        ledger, statistics.visit_filter(period, statistics.Scope(), states=()), "date", False
    )
    return list(visits.rows(ledger, list(found)).values())


def test_the_demo_has_photos_of_the_day_and_cases(tmp_path: Path) -> None:
    shas = []
    for name in ("一", "二"):
        with demo.make(tmp_path / f"{name}.ktledger", 30, photos=True) as ledger:
            made = rows(ledger)
            photos = {v.id: attachments.listed(ledger, "visit", v.id) for v in made}
            for v in made:
                assert all((p.taken_at or "").startswith(v.date or "?") for p in photos[v.id])
            without = [v for v in made if not photos[v.id]]
            assert len(without) == 3
            assert doubts.all_of(ledger).counts["photo_other_day"].open == 0
            cases = [v for v in made if ledger.folded(v.id).values.get("typical")]
            assert len(cases) == 3 and all(photos[v.id] for v in cases) and not any(v.stale for v in made)
            shas.append(sorted(p.sha256 for found in photos.values() for p in found))
    assert shas[0] == shas[1] and len(set(shas[0])) == len(shas[0]) >= 27
