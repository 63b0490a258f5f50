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
    migration: str = Field(description="Version of the tables", examples=["0001"])
    scores_looked_at: datetime | None = Field(
        default=None,
        description="When this process last saw to it that the stored scores hold, which it does "
        "every hour; null in its first minute",
    )
