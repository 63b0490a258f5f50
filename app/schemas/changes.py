"""The feed of changes over the wire."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from app.schemas.pages import Cursor, QueryModel
from app.store.records import collections

LONGEST_WAIT = 25


CollectionName = StrEnum(  # type: ignore[misc]
    "CollectionName", {name.upper(): name for name in sorted(collections())}
)
"""Collections of the catalogue; `/v1/export/{collection}.schema.json` is the shape of each."""


class ChangesQuery(QueryModel):
    """Query string of GET /v1/changes."""

    since: int = Field(
        default=0,
        ge=0,
        le=2**31 - 1,
        description="Release you hold; 0: nothing yet, so everything is sent",
        examples=[0],
    )
    collection: list[CollectionName] = Field(
        default_factory=list,
        description="Only records of these; repeat it to mean any of them. Whoever holds some "
        "collections asks for the same ones each time",
        examples=[["program"]],
    )
    limit: int = Field(default=500, ge=1, le=2_000, description="Items a page", examples=[500])
    cursor: Cursor | None = Field(default=None, description="`next` of the page before, unchanged")
    wait: int = Field(
        default=0,
        ge=0,
        le=LONGEST_WAIT,
        description="Seconds to wait for a release after `since`, where there is none yet",
        examples=[0],
    )


ChangeOperation = TypeAliasType("ChangeOperation", Literal["upsert", "delete"])


class ChangeItem(BaseModel):
    """One record as it stands now, or the word that it is gone."""

    release: int = Field(description="Release in which it last changed")
    op: ChangeOperation = Field(description="Whether it is there, or gone")
    collection: CollectionName = Field(examples=["program"])
    key: str = Field(description="Of the record within its collection")
    record: dict[str, Any] | None = Field(
        description="As `/v1/export/{collection}.schema.json` describes it; null: it is gone"
    )


class ChangesRead(BaseModel):
    """What changed; when `next` is null you hold release `release`, whole."""

    items: list[ChangeItem]
    since: int
    release: int = Field(description="The newest release: the `since` of your next question")
    next: str | None = Field(description="Cursor of the next page; null: you have everything")
