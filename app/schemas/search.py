"""The search in everything, over the wire."""

from typing import Literal

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from app.schemas.messages import Sentence
from app.schemas.pages import QueryModel, Stamp, Text
from app.schemas.programs import Loosened, OtherReading, Understood

GroupKind = TypeAliasType(
    "GroupKind",
    Literal["program", "institution", "credential", "advancement_path", "guide", "statistic"],
)


ResultKind = TypeAliasType(
    "ResultKind",
    Literal[
        "program",
        "institution",
        "credential",
        "advancement_path",
        "guide",
        "accreditor",
        "figure",
        "statistic",
    ],
)


class SearchQuery(QueryModel):
    """Query string of GET /v1/search."""

    q: Text = Field(
        min_length=2,
        description="What somebody looks for, in everyday words; read as `q` of /v1/programs is",
        examples=["RHIA salary"],
    )
    limit: int = Field(default=3, ge=1, le=10, description="Results of a kind", examples=[3])


class SearchResult(BaseModel):
    """Something that was found."""

    kind: ResultKind
    key: str = Field(description="What it goes by", examples=["RHIA"])
    title: Sentence
    text: Sentence | None = Field(description="A line on it")
    because: Sentence = Field(description="Why it is here")
    href: str = Field(description="Where it is as data", examples=["/v1/credentials/RHIA"])
    page: str = Field(description="Where people read it", examples=["/credentials/RHIA"])


class SearchGroup(BaseModel):
    """The best of one kind."""

    kind: GroupKind
    total: int = Field(description="How many of the kind were found")
    items: list[SearchResult] = Field(description="The best of them")
    href: str = Field(description="Where the whole list is", examples=["/v1/programs?q=coding"])


class SearchAnswer(Stamp):
    """The best of every kind; what the text is about comes first."""

    groups: list[SearchGroup] = Field(description="Kinds of which nothing was found are not there")
    understood: list[Understood] = Field(description="How the words were read, as in /v1/programs")
    choices: list[OtherReading] = Field(description="What the words may mean otherwise")
    loosened: list[Loosened] = Field(description="What was given up, so that programs are found")
    nothing: Sentence | None = Field(
        description="Why no program can meet all of the text; null: some may"
    )
