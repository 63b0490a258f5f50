"""The draft, its preview and its release, over the wire."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from app.schemas.pages import QueryModel, Text
from app.schemas.records import RecordRead
from app.schemas.releases import ReleaseReport

EditAction = TypeAliasType("EditAction", Literal["create", "change", "retire"])


class EditRead(BaseModel):
    """One proposed change."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    action: EditAction
    collection: str
    key: str | None = Field(description="null: a new claim, numbered when it is published")
    record: dict[str, Any] = Field(description="The columns that change, or all of a new record")
    actor: str
    why: str
    at: datetime
    published_in: int | None
    discarded_at: datetime | None
    discarded_by: str | None


class EditAnswer(BaseModel):
    """What became of a write: the edit, and the record as the draft has it now."""

    edit: EditRead
    record: RecordRead


class DraftRead(BaseModel):
    """Everything that is proposed and not published, oldest first."""

    edits: list[EditRead]
    release: int = Field(description="The release that the draft builds on")


class AcceptQuery(QueryModel):
    """Query string of the draft's report."""

    accept_drop: list[Text] = Field(
        default_factory=list,
        max_length=100,
        description="Fields that may be known less; repeat the parameter",
        examples=[["programs.campus"]],
    )


class PublishRequest(BaseModel):
    """A note on the release, and fields that may be known less than before."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"note": "Prices of 2026-27 in Ohio"}]},
    )

    note: Text = Field(min_length=3, description="What the release is about")
    accept_drop: list[Text] = Field(default_factory=list, max_length=100)


class RollbackRequest(BaseModel):
    """Which release to go back to, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"release": 1, "why": "Release 2 mixed up two schools."}]},
    )

    release: int = Field(ge=1, le=2**31 - 1)
    why: Text = Field(min_length=3)


class PublishedRead(BaseModel):
    """The release that was made."""

    release: int
    report: ReleaseReport
