"""Frozen comparisons over the wire."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from app.schemas.comparison import ComparisonRead
from app.schemas.embeds import LanguageCode
from app.schemas.pages import FROZEN, QueryModel

SHIPPED = "91d96c12773ff9a06e6d7f1fbee4f32301fc2e99458e9fd56c0d7fcac179858d"
"""A snapshot that is in the seed, so that its address works everywhere."""

SnapshotFormat = TypeAliasType("SnapshotFormat", Literal["json", "html", "markdown"])


class HandOutQuery(QueryModel):
    """Query string of GET /s/{start}."""

    lang: LanguageCode = Field(
        default="en",
        description="Language of the hand-out; JSON is as it was frozen",
        examples=["es"],
    )


class SnapshotQuery(HandOutQuery):
    """Query string of GET /v1/snapshots/{hash}."""

    format: SnapshotFormat | None = Field(
        default=None,
        description="Representation wanted, whatever the Accept header says",
        examples=["html"],
    )


class FrozenSource(BaseModel):
    """A source as it was described when the comparison was frozen."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    title: str
    publisher: str
    licence: str
    attribution: str | None
    edition: str | None
    url: str | None
    retrieved_on: str | None
    basis: str


class SnapshotContent(BaseModel):
    """What a snapshot freezes."""

    model_config = ConfigDict(json_schema_extra={FROZEN: True})

    format: int = Field(description="Shape of the snapshot", examples=[1])
    comparison: ComparisonRead
    source_list: list[FrozenSource] = Field(description="Every source the comparison draws on")


class SnapshotRead(SnapshotContent):
    """A frozen comparison at a permanent address."""

    hash: str = Field(
        description="SHA-256 of the rest as JSON with sorted keys and without spaces",
        examples=[SHIPPED],
    )
