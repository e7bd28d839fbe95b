"""Tables of the ledger, a module per subject."""

from db.models.assignments import Assignment
from db.models.base import Base
from db.models.batches import Appointment, AppointmentCategory, AppointmentPerson, SelectionBatch
from db.models.exchange import (
    AbsentDigestRow,
    AlsoRow,
    ArrivedRow,
    AsideRow,
    BlobSentRow,
    CertificateRow,
    ExchangeRow,
    HeldRow,
    PeerRow,
    TrustRow,
)
from db.models.journal import (
    ChangeRow,
    ConflictRow,
    Division,
    IncarnationRow,
    LocalRow,
    OperationRow,
)
from db.models.roster import (
    Commissioner,
    CommissionerPrivate,
    MergedRow,
    Organisation,
    ServiceTeam,
    TeamTask,
)
from db.models.stations import Setting, Station
from db.models.visits import (
    Attachment,
    Blob,
    DoubtAnswer,
    Recipient,
    Visit,
    VisitCompanion,
    VisitPlace,
)

__all__ = [
    "AbsentDigestRow",
    "AlsoRow",
    "Appointment",
    "AppointmentCategory",
    "AppointmentPerson",
    "ArrivedRow",
    "AsideRow",
    "Assignment",
    "Attachment",
    "Base",
    "Blob",
    "BlobSentRow",
    "CertificateRow",
    "ChangeRow",
    "Commissioner",
    "CommissionerPrivate",
    "ConflictRow",
    "Division",
    "DoubtAnswer",
    "ExchangeRow",
    "HeldRow",
    "IncarnationRow",
    "LocalRow",
    "MergedRow",
    "OperationRow",
    "Organisation",
    "PeerRow",
    "Recipient",
    "SelectionBatch",
    "ServiceTeam",
    "Setting",
    "Station",
    "TeamTask",
    "TrustRow",
    "Visit",
    "VisitCompanion",
    "VisitPlace",
]
