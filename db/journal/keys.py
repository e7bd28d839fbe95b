"""A station's Ed25519 key: signing operations and sessions, and proving who wrote them."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SHIPPED = {
    "7cdebe56-8d3b-5c02-87fb-19008e14e7ed": "9b1f9c174682b93d34a1b95763693aa8321c94d204b2cc961108812fe27db05b"
}
"""Stations that ship with the program and their public keys; the private halves are not kept."""


class StationKey:
    """The private key of this station; made at `init`, kept in the ledger's local table."""

    def __init__(self, private: bytes | None = None) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private) if private else Ed25519PrivateKey.generate()

    @property
    def private(self) -> bytes:
        """The 32 private bytes."""
        return self._key.private_bytes_raw()

    @property
    def public(self) -> str:
        """The public key as hex."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> bytes:
        """64 bytes of signature."""
        return self._key.sign(message)


def verifies(public: str, signature: bytes, message: bytes) -> bool:
    """Whether the signature over the message was made with the private half of `public`."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
