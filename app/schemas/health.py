"""Health over the wire."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field


class Health(BaseModel):
    """The service answers."""

    status: Literal["ok"] = "ok"


class EditionAge(BaseModel):
    """The newest edition of a publication in the catalogue."""

    publication: str = Field(examples=["ipeds-directory"])
    source: str = Field(description="Its key in /v1/sources", examples=["ipeds-hd2024"])
    edition: str | None = Field(examples=["2024-25"])
    age_days: int | None = Field(description="Null: the edition bears no date")
    looked_for_at: datetime | None = Field(
        description="When a newer one was last looked for; null: never from here"
    )
    next_due_on: date | None = Field(
        description="Last day by which the next is usually out; null: none follows"
    )
    is_overdue: bool


class DatabaseStanding(BaseModel):
    """One of the databases of the service."""

    name: str = Field(
        description="`primary`, which is written to, or the address of a replica",
        examples=["primary"],
    )
    release: int | None = Field(description="Newest release it has; null: it is away", examples=[1])
    lag_seconds: float | None = Field(
        description="How far a replica is behind the primary; null: it is away or does not tell",
        examples=[0],
    )


class Readiness(Health):
    """The service can answer from its catalogue."""

    release: int = Field(description="Published state that is served", examples=[1])
    published_at: datetime = Field(description="When that was")
    newest_source: str | None = Field(
        description="Key of /v1/sources: the one read last, or else of the newest edition; null: "
        "no source tells its day",
        examples=["ipeds-hd2024"],
    )
    newest_source_days: int | None = Field(
        description="Age of that in days; an academic year counts from its end", examples=[517]
    )
    editions: list[EditionAge] = Field(
        description="Of everything that comes out in editions, the newest of the catalogue"
    )
    overdue: list[str] = Field(
        description="Publications of which a newer edition is usually out by now",
        examples=[["ipeds-directory"]],
    )
    databases: list[DatabaseStanding] = Field(
        description="The primary and its replicas; a replica that is away or behind is not read"
    )
    migration: str = Field(description="Version of the tables", examples=["0001"])
    scores_looked_at: datetime | None = Field(
        default=None,
        description="When this process last saw to it that the stored scores hold, which it does "
        "every hour; null in its first minute",
    )
