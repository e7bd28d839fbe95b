"""受援县安排: which place serves which county, from when to when."""

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Record, part, picks, plain, ref


class Assignment(Record, Base):
    """A place's stay in a county (and townships, recipients) from–to."""

    __tablename__ = "assignment"
    appointment: Mapped[str | None] = ref("appointment")
    county: Mapped[str | None] = part("where")  # division code
    townships: Mapped[list[str] | None] = mapped_column(
        JSON, nullable=True, info={"group": "where", "set": True}
    )
    assigned_from: Mapped[str | None] = part("period")
    assigned_to: Mapped[str | None] = part("period")
    recipients: Mapped[list[str] | None] = picks()
    agreement_number: Mapped[str | None] = part("agreement")
    agreement_date: Mapped[str | None] = part("agreement")
    agreement_state: Mapped[str | None] = part("agreement")
    remark: Mapped[str | None] = plain()
    __table_args__ = (Index("ix_assignment_appointment", "appointment"),)
