"""Tables of the exchange: whom this ledger trusts and what its peers have. None of them is exchanged."""

from sqlalchemy import Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class CertificateRow(Base):
    """Derived: the stations whose certificate counts here, and what it allows."""

    __tablename__ = "certificate"
    station: Mapped[str] = mapped_column(String, primary_key=True)
    role: Mapped[str] = mapped_column(String)
    county: Mapped[str | None] = mapped_column(String)
    place: Mapped[str | None] = mapped_column(String)
    person: Mapped[str | None] = mapped_column(String)
    ended: Mapped[str | None] = mapped_column(String)  # JSON {session: [[first, last], …]}


class AsideRow(Base):
    """Derived: changes that do not count and that nobody has taken over or dismissed."""

    __tablename__ = "aside"
    session: Mapped[str] = mapped_column(String(16), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    entity: Mapped[str] = mapped_column(String)
    record: Mapped[str] = mapped_column(String)
    __table_args__ = (Index("ix_aside_record", "record"), {"sqlite_with_rowid": False})


class AlsoRow(Base):
    """Derived: what the scope rule looks at beyond the values that a record's row shows.

    kind: county / place / person / team (of whose it is) or ref (what any of its changes refers to); now: 1 while the
    value stands in a head, 0 where it only once did.
    """

    __tablename__ = "also"
    record: Mapped[str] = mapped_column(String, primary_key=True)
    kind: Mapped[str] = mapped_column(String, primary_key=True)
    value: Mapped[str] = mapped_column(String, primary_key=True)
    now: Mapped[int] = mapped_column(Integer, primary_key=True)
    entity: Mapped[str] = mapped_column(String, primary_key=True)
    __table_args__ = (Index("ix_also_value", "kind", "value"), {"sqlite_with_rowid": False})


class HeldRow(Base):
    """Derived: the numbers of each session that this ledger holds."""

    __tablename__ = "held"
    session: Mapped[str] = mapped_column(String(16), primary_key=True)
    first: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
    __table_args__ = ({"sqlite_with_rowid": False},)


class AbsentDigestRow(Base):
    """Digest of a change that this ledger does not hold, of an operation that it holds in part.

    With it the operation's signature still proves the rest, here and wherever that is passed on.
    """

    __tablename__ = "absent_digest"
    session: Mapped[str] = mapped_column(String(16), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = ({"sqlite_with_rowid": False},)


class TrustRow(Base):
    """A person's decision about a station, made on this laptop: accepted or refused."""

    __tablename__ = "trust"
    station: Mapped[str] = mapped_column(String, primary_key=True)
    decision: Mapped[str] = mapped_column(String)
    decided: Mapped[int] = mapped_column(Integer)  # milliseconds since 1970
    actor: Mapped[str] = mapped_column(String)
    # What the person saw: the key it stands for, and the identity that came with it.
    public_key: Mapped[str] = mapped_column(String)
    identity: Mapped[str] = mapped_column(String)  # JSON {name, role, county, place, person}


class PeerRow(Base):
    """What a station has said to hold (`has`, its last statement) and has ever shown (`showed`), as ranges."""

    __tablename__ = "peer"
    station: Mapped[str] = mapped_column(String, primary_key=True)
    has: Mapped[str] = mapped_column(String)
    showed: Mapped[str] = mapped_column(String)


class ExchangeRow(Base):
    """One file sent or received (往来记录)."""

    __tablename__ = "exchange"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[int] = mapped_column(Integer)  # milliseconds since 1970
    direction: Mapped[str] = mapped_column(String)  # sent / received
    peer: Mapped[str] = mapped_column(String)  # station, or "" where none was known
    name: Mapped[str] = mapped_column(String)
    file: Mapped[str] = mapped_column(String)
    made: Mapped[int] = mapped_column(Integer)  # the sender's time of day
    new: Mapped[int] = mapped_column(Integer)
    changed: Mapped[int] = mapped_column(Integer)
    conflicts: Mapped[int] = mapped_column(Integer)
    refused: Mapped[int] = mapped_column(Integer)
    photos: Mapped[int] = mapped_column(Integer)
    bytes: Mapped[int] = mapped_column(Integer)
    actor: Mapped[str] = mapped_column(String)


class BlobSentRow(Base):
    """Which attachments a station was sent or came with: a photo goes again only when asked."""

    __tablename__ = "blob_sent"
    peer: Mapped[str] = mapped_column(String, primary_key=True)
    sha256: Mapped[str] = mapped_column(String, primary_key=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class ArrivedRow(Base):
    """Records that came with a file and that nobody has looked at since (新到)."""

    __tablename__ = "arrived"
    record: Mapped[str] = mapped_column(String, primary_key=True)
    entity: Mapped[str] = mapped_column(String)
    __table_args__ = ({"sqlite_with_rowid": False},)
