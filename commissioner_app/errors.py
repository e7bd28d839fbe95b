"""Known failures, for the window: each carries one Chinese sentence."""

from db.errors import DiskTrouble, LedgerBusy, LedgerError, NewerLedger, NotALedger, Refused, WrongPassword

__all__ = [
    "DiskTrouble",
    "LedgerBusy",
    "LedgerError",
    "NewerLedger",
    "NotALedger",
    "Refused",
    "WrongPassword",
]
