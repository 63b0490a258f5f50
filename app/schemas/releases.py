"""Releases over the wire."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from app.schemas.pages import PageParams, Stamp


class ReleaseQuery(PageParams):
    """Query string of GET /v1/releases."""


class ReleaseItem(BaseModel):
    """One published state."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    published_at: datetime
    actor: str = Field(description="The key's name, or `command line`")
    note: str
    scored_on: date = Field(description="The day its stored scores stand for")
    rubric: str | None = Field(
        default=None,
        description="The rubric its stored scores are by, null where it was not kept yet",
        examples=["2026.1"],
    )


HowChanged = TypeAliasType("HowChanged", Literal["added", "changed", "retired"])


class ProgramChange(BaseModel):
    """One program, and how many rows about it are other than before."""

    program: str
    change: HowChanged
    rows: dict[str, int] = Field(description="Collection -> rows added, changed or retired")


class ProgramChanges(BaseModel):
    """How many programs a release touches."""

    added: int
    retired: int
    changed: int
    beside_reported: int = Field(
        description="Added without a field of study at schools whose programs are reported with "
        "theirs: each may be one of these over again"
    )
    largest: list[ProgramChange] = Field(description="Those with the most rows, twenty at most")


class ReleaseReport(BaseModel):
    """What a release changed; empty for the first."""

    model_config = ConfigDict(extra="allow")

    rows: dict[str, dict[str, int]] = Field(
        default_factory=dict, description="Collection -> added, changed, retired"
    )
    fields: dict[str, dict[str, float | None]] = Field(
        default_factory=dict, description="Every field -> known share before and after"
    )
    programs: ProgramChanges | None = Field(
        default=None, description="What changes by program; null: the release is older than that"
    )
    only_more_records: list[str] = Field(
        default_factory=list,
        description="Fields whose known share falls only since records were added that do not "
        "tell it: no answer is lost",
    )
    blocked_by: list[str] = Field(
        default_factory=list, description="Fields known much less; they block a release"
    )
    accepted_drops: list[str] = Field(default_factory=list)
    ranks: dict[str, Any] = Field(
        default_factory=dict,
        description="How many programs score otherwise, and the largest moves in the order",
    )
    edits: int | None = Field(default=None, description="Proposed changes in it")
    rolled_back_to: int | None = None


class ReleaseRead(ReleaseItem, Stamp):
    """One published state with its report."""

    report: ReleaseReport


class DigestRead(BaseModel):
    """The hash of the export of a release, without its last line."""

    release: int
    sha256: str
