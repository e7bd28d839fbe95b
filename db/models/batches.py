"""Selection batches (选派批次), their categories (类别) and their places (名额)."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from db.models.base import Base, Record, part, picks, plain, ref


class SelectionBatch(Record, Base):
    """One year's selection: document, service period, evaluation period, rule set."""

    __tablename__ = "batch"
    year: Mapped[int | None] = plain()
    name: Mapped[str | None] = plain()
    state: Mapped[str | None] = plain()  # 拟选派 until the final document number is entered, then 已选派
    document_number: Mapped[str | None] = plain()
    service_from: Mapped[str | None] = part("service_period")
    service_to: Mapped[str | None] = part("service_period")
    evaluation_from: Mapped[str | None] = part("evaluation_period")
    evaluation_to: Mapped[str | None] = part("evaluation_period")
    rule_set: Mapped[str | None] = plain()
    source: Mapped[str | None] = plain()
    remark: Mapped[str | None] = plain()


class AppointmentCategory(Record, Base):
    """A category of places in one batch; its names change from year to year, so it is data with aliases."""

    __tablename__ = "category"
    batch: Mapped[str | None] = ref("batch")
    name: Mapped[str | None] = plain()
    full_name: Mapped[str | None] = plain()  # as written in official text: 省派科技特派员
    aliases: Mapped[list[str] | None] = picks()
    position: Mapped[int | None] = plain()


class Appointment(Record, Base):
    """One place (名额) in a batch; who holds it is told by `AppointmentPerson`."""

    __tablename__ = "appointment"
    batch: Mapped[str | None] = ref("batch")
    code: Mapped[str | None] = plain()  # 名额编号
    category: Mapped[str | None] = ref("category")
    organisation: Mapped[str | None] = ref("organisation")  # 派出单位
    team: Mapped[str | None] = ref("team")
    funding: Mapped[str | None] = plain()
    continues: Mapped[str | None] = ref("appointment")  # the place of an earlier batch (续聘)
    candidate_counties: Mapped[list[str] | None] = picks()  # division codes the source names as possible
    remark: Mapped[str | None] = plain()


class AppointmentPerson(Record, Base):
    """The person of a place from–to: a place's person may change within the period."""

    __tablename__ = "appointment_person"
    appointment: Mapped[str | None] = ref("appointment")
    commissioner: Mapped[str | None] = ref("commissioner")
    held_from: Mapped[str | None] = part("period")
    held_to: Mapped[str | None] = part("period")
    __table_args__ = (Index("ix_appointment_person_appointment", "appointment"),)
