"""Field visits (服务记录), whom they served, who went along, and what is attached to them."""

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Record, part, picks, plain, ref


class Recipient(Record, Base):
    """A recipient organisation (受援单位)."""

    __tablename__ = "recipient"
    name: Mapped[str | None] = plain()
    kind: Mapped[str | None] = plain()
    county: Mapped[str | None] = part("where")
    township: Mapped[str | None] = part("where")
    village: Mapped[str | None] = part("where")
    contact: Mapped[str | None] = plain()
    phone: Mapped[str | None] = plain()
    remark: Mapped[str | None] = plain()
    merged_into: Mapped[str | None] = ref("recipient")


class Visit(Record, Base):
    """One field visit.

    `who` is a set of [place, person]: a team's day names several places and counts for each, and the
    visit stays with the person who made it when the place changes hands. `half_days` counts half days.
    Township and village are division codes where the table has them, else the words that were typed.
    """

    __tablename__ = "visit"
    number: Mapped[str | None] = plain()  # 编号
    who: Mapped[list[list[str | None]] | None] = mapped_column(JSON, nullable=True, info={"set": True})
    date: Mapped[str | None] = part("time")
    end_date: Mapped[str | None] = part("time")
    start_time: Mapped[str | None] = part("time")
    end_time: Mapped[str | None] = part("time")
    half_days: Mapped[int | None] = part("time")
    county: Mapped[str | None] = part("where")
    township: Mapped[str | None] = part("where")
    village: Mapped[str | None] = part("where")
    recipient: Mapped[str | None] = ref("recipient")
    contact: Mapped[str | None] = part("recipient_contact")
    contact_phone: Mapped[str | None] = part("recipient_contact")
    ways: Mapped[list[str] | None] = picks()
    industry: Mapped[str | None] = plain()
    topic: Mapped[str | None] = plain()
    content: Mapped[str | None] = plain()
    problem: Mapped[str | None] = plain()
    solution: Mapped[str | None] = plain()
    trained: Mapped[int | None] = plain()  # 人次
    households: Mapped[int | None] = plain()
    varieties: Mapped[list[str] | None] = picks()
    techniques: Mapped[list[str] | None] = picks()
    materials: Mapped[str | None] = plain()
    opinion: Mapped[str | None] = plain()  # the recipient's
    satisfaction: Mapped[str | None] = plain()
    remark: Mapped[str | None] = plain()
    typical: Mapped[bool | None] = plain()  # a 典型案例 of the report
    state: Mapped[str | None] = part("review")
    reviewer: Mapped[str | None] = part("review")
    review_opinion: Mapped[str | None] = part("review")
    review_date: Mapped[str | None] = part("review")
    stale: Mapped[bool] = mapped_column(server_default=text("0"), info={"derived": True})

    __table_args__ = (
        # Lists by date and statistics by county and month are answered from these alone.
        Index(
            "ix_visit_date",
            "deleted",
            "date",
            "id",
            "county",
            "state",
            "half_days",
            "trained",
            "households",
            "disputed",
            "stale",
        ),
        Index("ix_visit_state", "deleted", "state", "date"),
        Index("ix_visit_number", "number"),
        Index("ix_visit_recipient", "recipient"),
    )


class VisitPlace(Base):
    """Derived from `Visit.who`, not journaled: one row for each place that a visit counts for."""

    __tablename__ = "visit_place"
    appointment: Mapped[str] = mapped_column(String, primary_key=True)
    visit: Mapped[str] = mapped_column(
        String, ForeignKey("visit.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    commissioner: Mapped[str | None] = mapped_column(String)
    __table_args__ = (Index("ix_visit_place_visit", "visit", "appointment", "commissioner"),)


class VisitCompanion(Record, Base):
    """Somebody who went along: a person of the roster or a name.

    `county` and `places` follow the visit's, so that who may write it is told by its own changes.
    """

    __tablename__ = "visit_companion"
    visit: Mapped[str | None] = ref("visit")
    commissioner: Mapped[str | None] = ref("commissioner")
    name: Mapped[str | None] = plain()
    county: Mapped[str | None] = mapped_column(nullable=True, info={"quiet": True})
    places: Mapped[list[str] | None] = mapped_column(JSON, nullable=True, info={"set": True, "quiet": True})
    __table_args__ = (Index("ix_visit_companion_visit", "visit"),)


class Attachment(Record, Base):
    """A photo, scan or document of a record; its bytes lie once in `Blob`. County and places as companions'."""

    __tablename__ = "attachment"
    visit: Mapped[str | None] = ref("visit")
    commissioner: Mapped[str | None] = ref("commissioner")
    assignment: Mapped[str | None] = ref("assignment")
    kind: Mapped[str | None] = plain()
    file_name: Mapped[str | None] = plain()
    sha256: Mapped[str | None] = plain()
    source_sha256: Mapped[str | None] = (
        plain()
    )  # of the file before it was scaled: the same photo is known again
    media_type: Mapped[str | None] = plain()
    size: Mapped[int | None] = plain()
    taken_at: Mapped[str | None] = plain()
    latitude: Mapped[float | None] = part("position")
    longitude: Mapped[float | None] = part("position")
    caption: Mapped[str | None] = plain()
    county: Mapped[str | None] = mapped_column(nullable=True, info={"quiet": True})
    places: Mapped[list[str] | None] = mapped_column(JSON, nullable=True, info={"set": True, "quiet": True})
    __table_args__ = (Index("ix_attachment_visit", "visit"),)


class DoubtAnswer(Record, Base):
    """What somebody answered to a doubt (待核实) about a visit: the rule and the remark. County and places as companions'."""

    __tablename__ = "doubt_answer"
    visit: Mapped[str | None] = ref("visit")
    rule: Mapped[str | None] = plain()
    answer: Mapped[str | None] = plain()
    county: Mapped[str | None] = mapped_column(nullable=True, info={"quiet": True})
    places: Mapped[list[str] | None] = mapped_column(JSON, nullable=True, info={"set": True, "quiet": True})
    __table_args__ = (Index("ix_doubt_answer_visit", "visit"),)


class Blob(Base):
    """The bytes of attachments, each kept once."""

    __tablename__ = "blob"
    sha256: Mapped[str] = mapped_column(String, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
