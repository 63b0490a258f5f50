"""Cards for other sites: how they are asked for, and what the oEmbed address answers."""

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from app.domain.vocabulary import REGIONS
from app.schemas.checklists import ChecklistQuery
from app.schemas.comparison import ComparisonQuery
from app.schemas.pages import DayQuery, QueryModel

Theme = Literal["auto", "light", "dark"]
Size = Literal["compact", "full"]
if TYPE_CHECKING:
    LanguageCode = str
else:
    LanguageCode = Literal[tuple(REGIONS)]


class LookQuery(QueryModel):
    """How a card looks and in which language it speaks."""

    theme: Theme = Field(
        default="light",
        description="Light or dark; auto follows the reader's system, for pages that do so too",
        examples=["dark"],
    )
    lang: LanguageCode = Field(default="en", description="Language of labels", examples=["es"])


class SizeQuery(QueryModel):
    """How much a card tells."""

    size: Size = Field(
        default="compact",
        description="What decides, in a few lines; or full, with every fact and its source",
        examples=["full"],
    )


class ChecklistCardQuery(LookQuery, ChecklistQuery):
    """Query string of the card of a checklist."""


class ProgramCardQuery(SizeQuery, ChecklistCardQuery):
    """Query string of the card of a program."""


class CredentialCardQuery(SizeQuery, LookQuery, DayQuery):
    """Query string of the card of a credential."""


class ComparisonCardQuery(LookQuery, ComparisonQuery):
    """Query string of the card of a comparison."""


class OembedQuery(QueryModel):
    """Query string of GET /oembed (oembed.com, version 1.0)."""

    url: str = Field(
        max_length=4_000,
        description="Address of a card, or of the page of a program, a credential or a comparison "
        "of this server; its host may be left out",
        examples=["/embed/program/sinclair-community-college-510707-associate"],
    )
    format: Literal["json", "xml"] = Field(
        default="json", description="How the answer is written", examples=["xml"]
    )
    maxwidth: int | None = Field(
        default=None, ge=1, le=10_000, description="Most pixels across", examples=[400]
    )
    maxheight: int | None = Field(
        default=None, ge=1, le=10_000, description="Most pixels down", examples=[600]
    )


class OembedRead(BaseModel):
    """How to put a card on a page, as oEmbed 1.0 has it."""

    version: Literal["1.0"] = "1.0"
    type: Literal["rich"] = "rich"
    title: str
    provider_name: str = "hit-compare"
    provider_url: str
    cache_age: int = Field(description="Seconds for which the answer may be kept")
    html: str = Field(description="An iframe with the card")
    width: int
    height: int
