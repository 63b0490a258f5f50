"""Imports as jobs: state, progress and report; kept as a file, served as it is."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from app.schemas.pages import Text
from app.schemas.releases import ReleaseReport

JobState = TypeAliasType(
    "JobState",
    Literal["open", "running", "done", "failed", "blocked", "cancelled", "interrupted"],
)


class UploadedFile(BaseModel):
    """A file of a job, and the importer that takes it."""

    name: str
    bytes: int
    sha256: str
    importer: str


class FileOutcome(BaseModel):
    """What became of the rows of one file."""

    name: str
    rows_read: int
    added: int
    changed: int
    retired: int
    unchanged: int
    refused: int
    seconds: float | None = Field(default=None, description="Time that it took")
    reasons: list[str] = Field(description="Rows refused or passed over, with line and value")


class JobRead(BaseModel):
    """One import: what it has, how far it is, and what it did."""

    id: str
    created_at: datetime
    actor: str
    state: JobState = Field(
        description="open: takes files; blocked: a field would be known much less; interrupted: "
        "its process ended, nothing was kept, and it can be run again"
    )
    dry_run: bool = False
    accept_drop: list[str] = Field(default_factory=list)
    files: list[UploadedFile] = Field(default_factory=list)
    at_file: str | None = Field(default=None, description="File being read")
    rows_read: int = Field(default=0, description="Rows read so far, over all files")
    started_at: datetime | None = None
    finished_at: datetime | None = None
    outcomes: list[FileOutcome] = Field(default_factory=list)
    release: int | None = Field(default=None, description="The release it made; null: none")
    report: ReleaseReport | None = None
    failed_file: str | None = Field(
        default=None, description="File that it failed at; null: none, or not for a file"
    )
    errors: list[str] = Field(
        default_factory=list, description="Why it failed, each with file, line, column and value"
    )


class JobList(BaseModel):
    """Every job on this machine, the newest first."""

    items: list[JobRead]


class RunRequest(BaseModel):
    """How to run a job."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"dry_run": True}]})

    dry_run: bool = Field(default=True, description="Do all the work and take it back")
    accept_drop: list[Text] = Field(
        default_factory=list, max_length=100, description="Fields that may be known less"
    )
