"""What lists of use cases are made of, under one name for the window's type hints."""

from db.journal.changes import Heads
from db.queries.roster import AssignmentRow, BatchRow, Named, PersonRow, PlaceRow, TeamRow, covers
from db.queries.statistics import Figures
from db.queries.teams import TaskRow

__all__ = [
    "AssignmentRow",
    "BatchRow",
    "Figures",
    "Heads",
    "Named",
    "PersonRow",
    "PlaceRow",
    "TaskRow",
    "TeamRow",
    "covers",
]
