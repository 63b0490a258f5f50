"""Health over the wire."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


class Health(BaseModel):
    """The service answers."""

    status: Literal["ok"] = "ok"


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
    migration: str = Field(description="Version of the tables", examples=["0001"])
    scores_looked_at: datetime | None = Field(
        default=None,
        description="When this process last saw to it that the stored scores hold, which it does "
        "every hour; null in its first minute",
    )
