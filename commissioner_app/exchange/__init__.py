"""The exchange (数据交换): files that carry changes between laptops which never meet a network."""

from commissioner_app.exchange.asides import Aside, asides, dismiss, take_over
from commissioner_app.exchange.container import Envelope
from commissioner_app.exchange.people import (
    Peer,
    Wanted,
    addressees,
    end,
    find,
    fingerprint,
    on_the_way,
    own,
    peers,
    refuse,
    trust,
    unsent,
)
from commissioner_app.exchange.receiving import (
    Inspection,
    Line,
    Receipt,
    apply,
    arrived,
    envelope,
    inspect,
    log,
    seen_arrivals,
)
from commissioner_app.exchange.sending import SUFFIX, Outlook, Sent, file_name, outlook, send
from db.queries.exchange import LogRow as LogEntry

__all__ = [
    "SUFFIX",
    "Aside",
    "Envelope",
    "Inspection",
    "Line",
    "LogEntry",
    "Outlook",
    "Peer",
    "Receipt",
    "Sent",
    "Wanted",
    "addressees",
    "apply",
    "arrived",
    "asides",
    "dismiss",
    "end",
    "envelope",
    "file_name",
    "find",
    "fingerprint",
    "inspect",
    "log",
    "on_the_way",
    "outlook",
    "own",
    "peers",
    "refuse",
    "seen_arrivals",
    "send",
    "take_over",
    "trust",
    "unsent",
]
