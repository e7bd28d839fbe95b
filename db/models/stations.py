"""Stations (本机 / 使用单位): who may write what is told by their certificate."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Record, plain, ref


class Station(Record, Base):
    """One laptop's identity. Role, county, place and person never change in it (they are its certificate)."""

    __tablename__ = "station"
    name: Mapped[str | None] = plain()  # the unit's full name as on its stamp
    role: Mapped[str | None] = plain()  # bureau / county / commissioner / shipped
    county: Mapped[str | None] = plain()
    appointment: Mapped[str | None] = ref("appointment")
    commissioner: Mapped[str | None] = ref("commissioner")
    public_key: Mapped[str | None] = plain()  # Ed25519, hex
    accepted: Mapped[bool | None] = plain()
    ended: Mapped[dict[str, Any] | None] = mapped_column(JSON, nullable=True)


class Setting(Record, Base):
    """A setting of the ledger that all its users share, e.g. the title of the report."""

    __tablename__ = "setting"
    key: Mapped[str | None] = plain()
    value: Mapped[dict[str, Any] | None] = mapped_column(JSON, nullable=True)
