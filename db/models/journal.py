"""Tables of the journal itself, what is derived from it, and what belongs to this laptop alone."""

from sqlalchemy import Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class IncarnationRow(Base):
    """A session: 64 random bits drawn at the first write after an opening, signed for by the station's key."""

    __tablename__ = "incarnation"
    session: Mapped[str] = mapped_column(String(16), primary_key=True)
    station: Mapped[str] = mapped_column(String)
    opened: Mapped[int] = mapped_column(Integer)  # milliseconds since 1970
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class OperationRow(Base):
    """One transaction: label, actor, time of day, signature over the salted digests of its changes.

    Its identity is that of its first change.
    """

    __tablename__ = "operation"
    session: Mapped[str] = mapped_column(String(16), primary_key=True)
    first: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(String)
    actor: Mapped[str] = mapped_column(String)
    wall: Mapped[int] = mapped_column(Integer)
    undoes: Mapped[str | None] = mapped_column(String)  # identity of the operation that this one takes back
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    # The order in which operations reached this ledger; Ctrl+Z takes back the latest of this station.
    arrival: Mapped[int] = mapped_column(Integer, index=True)


class ChangeRow(Base):
    """One change of one record. JSON columns are text in canonical form, exactly as digested."""

    __tablename__ = "change"
    session: Mapped[str] = mapped_column(String(16), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    operation: Mapped[int] = mapped_column(Integer)  # seq of the operation's first change
    wall: Mapped[int] = mapped_column(Integer)
    entity: Mapped[str] = mapped_column(String)
    record: Mapped[str] = mapped_column(String)
    kind: Mapped[str] = mapped_column(String)
    values: Mapped[str] = mapped_column(String)
    replaces: Mapped[str | None] = mapped_column(String)
    saw: Mapped[str | None] = mapped_column(String)
    format: Mapped[int] = mapped_column(Integer)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (Index("ix_change_record", "record"), {"sqlite_with_rowid": False})


class ConflictRow(Base):
    """Derived: fields with two or more different heads."""

    __tablename__ = "conflict"
    entity: Mapped[str] = mapped_column(String, primary_key=True)
    record: Mapped[str] = mapped_column(String, primary_key=True)
    field: Mapped[str] = mapped_column(String, primary_key=True)


class LocalRow(Base):
    """What belongs to this laptop and is never exchanged: its station and key, actor, last backup."""

    __tablename__ = "local"
    key: Mapped[str] = mapped_column(String, primary_key=True)
    value: Mapped[str] = mapped_column(String)


class Division(Base):
    """Reference data: county, township, village by statistical code (loaded from resources)."""

    __tablename__ = "division"
    code: Mapped[str] = mapped_column(String, primary_key=True)
    parent: Mapped[str | None] = mapped_column(String, index=True)
    level: Mapped[int] = mapped_column(Integer)  # 0 city, 1 county, 2 township, 3 village
    name: Mapped[str] = mapped_column(String)  # the everyday name
    full_name: Mapped[str] = mapped_column(String)
