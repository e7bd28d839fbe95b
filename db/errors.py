"""Known failures of the ledger, each with one Chinese sentence for the person in front of the screen."""


class LedgerError(Exception):
    """Something that is nobody's bug: the sentence says what happened and what to do."""


class NotALedger(LedgerError):
    """The file is no ledger, or damaged beyond opening."""


class WrongPassword(LedgerError):
    """The ledger is encrypted and the password does not open it."""


class NewerLedger(LedgerError):
    """The ledger was written by a newer version of the program; it is not touched."""


class LedgerBusy(LedgerError):
    """Another process holds the write lock for longer than the busy timeout."""


class DiskTrouble(LedgerError):
    """Disk full, read-only or pulled out: nothing was written."""


class Refused(LedgerError):
    """An operation that the rules do not allow; nothing changed."""


class FirstContact(Refused):
    """A file of a station that no person here has accepted yet: its fingerprint has to be compared first."""
