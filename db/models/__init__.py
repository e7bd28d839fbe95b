"""Tables of the ledger, a module per subject."""

from db.models.assignments import Assignment
from db.models.base import Base
from db.models.batches import Appointment, AppointmentCategory, AppointmentPerson, SelectionBatch
from db.models.journal import (
    ChangeRow,
    ConflictRow,
    Division,
    IncarnationRow,
    LocalRow,
    OperationRow,
)
from db.models.roster import Commissioner, CommissionerPrivate, Organisation, ServiceTeam
from db.models.stations import Setting, Station
from db.models.visits import Attachment, Blob, Recipient, Visit, VisitCompanion, VisitPlace

__all__ = [
    "Appointment",
    "AppointmentCategory",
    "AppointmentPerson",
    "Assignment",
    "Attachment",
    "Base",
    "Blob",
    "ChangeRow",
    "Commissioner",
    "CommissionerPrivate",
    "ConflictRow",
    "Division",
    "IncarnationRow",
    "LocalRow",
    "OperationRow",
    "Organisation",
    "Recipient",
    "SelectionBatch",
    "ServiceTeam",
    "Setting",
    "Station",
    "Visit",
    "VisitCompanion",
    "VisitPlace",
]
