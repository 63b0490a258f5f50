"""Occupations of O*NET: what is done in them, with which software, and what lies near."""

from sqlmodel import Field, SQLModel

from app.domain.vocabulary import RelatedTier, TaskType
from app.store.tables.fields import SortableText, one_of


class Occupation(SQLModel, table=True):
    """One O*NET-SOC occupation; codes that end in .00 stand for the whole SOC occupation."""

    __tablename__ = "occupation"

    onet_code: str = Field(primary_key=True, sa_type=SortableText)
    soc_code: str = Field(index=True, sa_type=SortableText)
    title: str
    source: str = Field(foreign_key="source.key")


class OccupationTask(SQLModel, table=True):
    """One task, in the words of O*NET; ``as_of`` is the month it was last confirmed."""

    __tablename__ = "occupation_task"

    onet_code: str = Field(
        primary_key=True, foreign_key="occupation.onet_code", sa_type=SortableText
    )
    task_id: int = Field(primary_key=True)
    task: str
    task_type: str | None = None
    as_of: str | None = None
    domain_source: str | None = None
    source: str = Field(foreign_key="source.key")

    __table_args__ = (one_of("task_type", TaskType),)


class OccupationTechnology(SQLModel, table=True):
    """Software or equipment used on the job; hot: often in job postings of any kind."""

    __tablename__ = "occupation_technology"

    onet_code: str = Field(
        primary_key=True, foreign_key="occupation.onet_code", sa_type=SortableText
    )
    commodity_code: str = Field(primary_key=True)
    name: str = Field(primary_key=True, sa_type=SortableText)
    category: str
    is_hot: bool
    is_in_demand: bool
    source: str = Field(foreign_key="source.key")


class RelatedOccupation(SQLModel, table=True):
    """A neighbour; rank 1 is nearest. It need not be an occupation of the catalogue."""

    __tablename__ = "related_occupation"

    onet_code: str = Field(
        primary_key=True, foreign_key="occupation.onet_code", sa_type=SortableText
    )
    related_code: str = Field(primary_key=True, sa_type=SortableText)
    related_title: str
    tier: str
    rank: int
    source: str = Field(foreign_key="source.key")

    __table_args__ = (one_of("tier", RelatedTier),)
