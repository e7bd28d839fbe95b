"""People and the organisations and teams they belong to."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Record, part, picks, plain, ref


class Organisation(Record, Base):
    """A sending organisation (派出单位): university or institute."""

    __tablename__ = "organisation"
    name: Mapped[str | None] = plain()
    aliases: Mapped[list[str] | None] = picks()
    remark: Mapped[str | None] = plain()
    merged_into: Mapped[str | None] = ref("organisation")


class Commissioner(Record, Base):
    """The person (科技特派员), without anything that is private."""

    __tablename__ = "commissioner"
    name: Mapped[str | None] = plain()
    gender: Mapped[str | None] = plain()
    birth_month: Mapped[str | None] = plain()  # YYYY-MM
    organisation: Mapped[str | None] = ref("organisation")
    department: Mapped[str | None] = plain()
    title: Mapped[str | None] = plain()  # 职称
    post: Mapped[str | None] = plain()  # 职务
    degree: Mapped[str | None] = plain()
    specialty: Mapped[str | None] = plain()
    industries: Mapped[list[str] | None] = picks()
    remark: Mapped[str | None] = plain()
    merged_into: Mapped[str | None] = ref("commissioner")


class CommissionerPrivate(Record, Base):
    """Phone and ID number: a record of its own that nothing refers to, sent only to whom it concerns."""

    __tablename__ = "commissioner_private"
    commissioner: Mapped[str | None] = ref("commissioner")
    phone: Mapped[str | None] = plain()
    id_number: Mapped[str | None] = plain()
    email: Mapped[str | None] = plain()


class ServiceTeam(Record, Base):
    """A team for one industry (产业科技特派员服务团)."""

    __tablename__ = "team"
    batch: Mapped[str | None] = ref("batch")
    name: Mapped[str | None] = plain()
    level: Mapped[str | None] = plain()  # 省派 / 市派 / 县派
    industry: Mapped[str | None] = plain()
    organisation: Mapped[str | None] = ref("organisation")
    county: Mapped[str | None] = plain()  # division code
    leader: Mapped[str | None] = ref("appointment")
    tasks: Mapped[str | None] = plain()
    remark: Mapped[str | None] = plain()


class TeamTask(Record, Base):
    """A task that a team has agreed on (约定任务): what, until when, how far."""

    __tablename__ = "team_task"
    team: Mapped[str | None] = ref("team")
    title: Mapped[str | None] = plain()
    starts: Mapped[str | None] = part("period")
    due: Mapped[str | None] = part("period")
    state: Mapped[str | None] = plain()  # 未开始 / 进行中 / 已完成
    result: Mapped[str | None] = plain()
    __table_args__ = (Index("ix_team_task_team", "team"),)


class MergedRow(Base):
    """Derived from `merged_into`, not journaled: which record stands for one that was merged."""

    __tablename__ = "merged"
    entity: Mapped[str] = mapped_column(String, primary_key=True)
    record: Mapped[str] = mapped_column(String, primary_key=True)
    stands: Mapped[str] = mapped_column(String)
    __table_args__ = ({"sqlite_with_rowid": False},)
