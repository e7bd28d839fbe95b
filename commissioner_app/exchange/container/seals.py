"""Who can open a package: station keys and a passphrase as recipients and identities of age.

A station's Ed25519 key serves as age's `ssh-ed25519` recipient, so no second key is needed. A passphrase is made
into such a key too (scrypt over a random salt of the header): one mechanism for both, at a cost that is fixed.
age's own passphrase files let the sender choose the cost, up to gigabytes of memory at the receiver.
"""

import base64
import hashlib
import secrets
import struct
import unicodedata
from dataclasses import dataclass

import pyrage
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from commissioner_app.exchange.container import sentences as say
from commissioner_app.exchange.container.clear import ClearHeader
from db.errors import Refused
from db.journal.keys import StationKey

# OWASP's recommendation for scrypt: 128 MB and 0.4 s on an office PC. Part of container 1; never changed in it.
_COST, _BLOCK, _LANES = 2**17, 8, 1
_MEMORY = 256 * 1024 * 1024
SALT = 16


@dataclass(frozen=True)
class Seal:
    """The stations that can open a package (Ed25519 public keys as hex), and a passphrase that can too."""

    keys: tuple[str, ...] = ()
    passphrase: str | None = None


@dataclass(frozen=True)
class Locked:
    """A seal made ready: recipients for age, marks and salt for the header, the passphrase's key for reading back."""

    recipients: list[pyrage.ssh.Recipient]
    marks: tuple[str, ...]
    salt: bytes | None
    passphrase_key: bytes | None


def mark(public_key: str) -> str:
    """16 hex digits by which a reader sees in the clear header whether its key is among those that open it."""
    return hashlib.sha256(b"ktpack for\n" + bytes.fromhex(public_key)).hexdigest()[:16]


def passphrase_key(passphrase: str, salt: bytes) -> bytes:
    """The 32 private bytes that a passphrase stands for; full-width and decomposed typing give the same."""
    text = unicodedata.normalize("NFKC", passphrase).strip().encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY, dklen=32)


def lock(seal: Seal) -> Locked:
    """Make a seal ready. Raises Refused for a key that is none and for an empty passphrase."""
    publics = list(dict.fromkeys(key.lower() for key in seal.keys))
    salt = secret = None
    if seal.passphrase is not None:
        if not seal.passphrase.strip():
            raise Refused(say.EMPTY_PASSPHRASE)
        salt = secrets.token_bytes(SALT)
        secret = passphrase_key(seal.passphrase, salt)
        publics.append(StationKey(secret).public)
    if not publics:
        raise ValueError("a package needs a key or a passphrase")
    recipients = [_recipient(key) for key in publics]
    return Locked(recipients, tuple(mark(key) for key in publics), salt, secret)


def unlock(header: ClearHeader, own_private: bytes | None, passphrase: str | None) -> pyrage.ssh.Identity:
    """The identity that opens a package. Raises Refused: not for us, passphrase missing or wrong."""
    if own_private is not None and mark(StationKey(own_private).public) in header.marks:
        return identity(own_private)
    if header.salt is None:
        raise Refused(say.NOT_FOR_US)
    if passphrase is None or not passphrase.strip():
        raise Refused(say.PASSPHRASE_MISSING)
    secret = passphrase_key(passphrase, header.salt)
    if mark(StationKey(secret).public) not in header.marks:
        raise Refused(say.WRONG_PASSPHRASE)
    return identity(secret)


def identity(private: bytes) -> pyrage.ssh.Identity:
    """age's identity for the 32 private bytes of an Ed25519 key."""
    key = Ed25519PrivateKey.from_private_bytes(private)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    return pyrage.ssh.Identity.from_buffer(pem)


def _recipient(public_key: str) -> pyrage.ssh.Recipient:
    name = b"ssh-ed25519"
    try:
        raw = bytes.fromhex(public_key)
        if len(raw) != 32:
            raise ValueError(public_key)
        wire = struct.pack(">I", len(name)) + name + struct.pack(">I", len(raw)) + raw
        return pyrage.ssh.Recipient.from_str(f"{name.decode()} {base64.b64encode(wire).decode()}")
    except (ValueError, pyrage.RecipientError) as error:
        raise Refused(say.BAD_KEY) from error
