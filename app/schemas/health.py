"""Health over the wire."""

from typing import Literal

from pydantic import BaseModel, Field


class Health(BaseModel):
    """The service answers."""

    status: Literal["ok"] = "ok"


class Readiness(Health):
    """The service can answer from its catalogue."""

    release: int = Field(description="Published state that is served", examples=[1])
    migration: str = Field(description="Version of the tables", examples=["0001"])
