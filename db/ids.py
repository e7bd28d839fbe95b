"""Keys of records: UUIDv7 for new ones, computed ones where two stations must meet in the same record."""

import hashlib
import secrets
import uuid

import uuid_utils

# Namespace of every computed id; it must never change, else ledgers made apart would not meet.
NAMESPACE = uuid.UUID("6f0c9e6e-8a53-5d0e-9a1b-4b7a3a5d2c10")


def new_id() -> str:
    """A fresh record key: UUIDv7, so that keys sort by the time they were made."""
    return str(uuid_utils.uuid7())


def session_id(station: str) -> str:
    """A fresh session of a station: 40 random bits, and 24 that bind them to it."""
    drawn = secrets.token_hex(5)
    return drawn + _binding(drawn, station)


def bound(session: str, station: str) -> bool:
    """Whether a session can be this station's: so nobody signs for one that is another's."""
    return session[10:] == _binding(session[:10], station)


def _binding(drawn: str, station: str) -> str:
    return hashlib.sha256(f"session\x1f{drawn}\x1f{station}".encode()).hexdigest()[:6]


def computed_id(*parts: object) -> str:
    """The key of a record that is the same wherever it is entered, e.g. the batch of a year."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join("" if p is None else str(p) for p in parts)))
