"""The .ktpack file: a clear header and sealed, signed frames; it knows nothing of the ledger.

The bytes, from first to last:

- `MAGIC`, u32 length, the clear header as JSON, u32 CRC-32 of all of it
- an age stream (age-encryption.org/v1) for the receiver's station key, or a key computed from a passphrase
- `END`, so that a file that was not copied whole is told from one that is damaged

Inside the age stream: frames [u32 length][u8 kind][payload], see `frames.py`. Numbers are big-endian.
A newer container keeps magic, length, header with its number, and CRC; all else may change with the number.
"""

from commissioner_app.exchange.container.clear import CONTAINER, MAGIC, Envelope, envelope
from commissioner_app.exchange.container.frames import LIMIT_FRAME, LIMIT_MANIFEST, LIMIT_TOTAL
from commissioner_app.exchange.container.reader import Reader
from commissioner_app.exchange.container.seals import Seal
from commissioner_app.exchange.container.writer import write

__all__ = [
    "CONTAINER",
    "LIMIT_FRAME",
    "LIMIT_MANIFEST",
    "LIMIT_PART",
    "LIMIT_TOTAL",
    "MAGIC",
    "Envelope",
    "Reader",
    "Seal",
    "envelope",
    "write",
]

LIMIT_PART = 95 * 10**6
"""Bytes of one file that still goes through a mailbox or WeChat; whoever makes packages splits them so."""
