"""Completions of words that are still being typed, over the wire."""

from pydantic import BaseModel, Field

from app.domain.vocabulary import SuggestionKind
from app.schemas.embeds import LanguageCode
from app.schemas.pages import QueryModel, Stamp, Text


class SuggestionQuery(QueryModel):
    """Query string of GET /v1/suggest."""

    prefix: Text = Field(
        min_length=2,
        description="What is typed so far; of several words the last one may be unfinished",
        examples=["sinc"],
    )
    kinds: list[SuggestionKind] = Field(
        default_factory=list,
        description="What it may become; default all",
        examples=[["school", "place"]],
    )
    limit: int = Field(default=8, ge=1, le=20, description="Suggestions at most", examples=[8])
    lang: LanguageCode = Field(
        default="en",
        description="Language whose words come first; names are the same in both",
        examples=["es"],
    )


class Suggestion(BaseModel):
    """Something that words may become."""

    kind: SuggestionKind
    text: str = Field(
        description="As people write it: as `q` it is read as this",
        examples=["Sinclair Community College"],
    )
    detail: str | None = Field(
        description="Which one: the place of a school, the title of a field, the name of a "
        "credential",
        examples=["Dayton, OH"],
    )
    matched: str | None = Field(
        description="The name that begins so, such as a nickname or former name; null: `text` does"
    )
    programs: int = Field(
        description="How many programs it stands for, and `query` finds; where there are none, a "
        "text (`q`) looks farther",
        examples=[8],
    )
    query: dict[str, list[str]] = Field(
        description="Parameters of /v1/programs that stand for it",
        examples=[{"unitid": ["204796"]}],
    )
    href: str = Field(description="Where it is as data", examples=["/v1/institutions/204796"])
    page: str = Field(description="Where people read it", examples=["/institutions/204796"])


class Suggestions(Stamp):
    """What words may become, the likeliest first."""

    items: list[Suggestion]
    is_mended: bool = Field(
        description="Nothing begins so: what is listed begins with what is likely meant"
    )
