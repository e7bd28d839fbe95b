"""Lists in eight shapes, as .xls and .xlsx from LibreOffice: every person right, every unreadable row named."""

from pathlib import Path

import pytest

from commissioner_app import batches, history, people, places
from commissioner_app.divisions import Divisions
from commissioner_app.imports.roster import import_roster
from commissioner_app.ledgers import Ledger
from tests.lists.generate import KINDS
from tests.lists.shapes import SHAPES, Who


def held(ledger: Ledger) -> list[Who]:
    """Everybody who holds a place, as the ledger has them."""
    divisions = Divisions.of(ledger)
    batch = batches.all_batches(ledger)[0]
    found = []
    for p in places.listed(ledger, batch):
        if p.commissioner:
            told = people.person(ledger, p.commissioner)
            with ledger.read() as c:
                sql = "SELECT name FROM organisation WHERE id = ?"
                unit = c.exec_driver_sql(sql, (told.get("organisation"),)).scalar()
            counties = "、".join(divisions.name(a.county) for a in p.assignments)
            found.append(
                Who(p.name, unit or "", p.category_name, counties, told.get("phone") or "", told.get("title") or "",
                    told.get("specialty") or "", told.get("birth_month") or "")
            )  # fmt: skip
    return sorted(found, key=lambda w: w.name)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", list(SHAPES))
def test_every_person_is_right_and_every_unreadable_row_named(
    made: Path, roster: Ledger, name: str, kind: str
) -> None:
    shape = SHAPES[name]
    file = made / f"{name}.{kind}"
    dry = import_roster(roster, file, dry_run=True)
    assert held(roster) == []
    result = import_roster(roster, file)
    assert dry == result
    assert held(roster) == sorted(shape.people, key=lambda w: w.name)
    assert [(p.sheet, p.row) for p in result.problems] == [(s, r) for s, r, _ in shape.problems]
    for problem, (_, _, words) in zip(result.problems, shape.problems, strict=True):
        assert words in problem.message and problem.message.endswith("。")
    assert (result.created, result.skipped) == (len(shape.people), shape.skipped)
    again = import_roster(roster, file)
    assert (again.created, again.updated, again.unchanged) == (0, 0, len(shape.people))
    history.undo(roster)
    assert held(roster) == []
    assert import_roster(roster, file).created == len(shape.people)
    assert held(roster) == sorted(shape.people, key=lambda w: w.name)
