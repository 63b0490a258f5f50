"""Cards for other sites: how they are asked for, and what the oEmbed address answers."""

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from app.domain.vocabulary import REGIONS
from app.schemas.checklists import ChecklistQuery
from app.schemas.comparison import ComparisonQuery
from app.schemas.pages import DayQuery, QueryModel, Stamp

Theme = TypeAliasType("Theme", Literal["auto", "light", "dark"])
CardSize = TypeAliasType("CardSize", Literal["compact", "full"])
if TYPE_CHECKING:
    LanguageCode = str
else:
    LanguageCode = TypeAliasType("LanguageCode", Literal[tuple(REGIONS)])


class LanguageQuery(QueryModel):
    """In which language a card, a block or a page speaks."""

    lang: LanguageCode = Field(default="en", description="Language of labels", examples=["es"])


class LookQuery(LanguageQuery):
    """How a card looks and in which language it speaks."""

    theme: Theme = Field(
        default="light",
        description="Light or dark; auto follows the reader's system, for pages that do so too",
        examples=["dark"],
    )


class SizeQuery(QueryModel):
    """How much a card tells."""

    size: CardSize = Field(
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


class BlockQuery(LanguageQuery, DayQuery):
    """Query string of the block of a credential."""


class SayerRead(BaseModel):
    """Who says a fact of a block."""

    who: str = Field(examples=["Issuer"])
    source: str
    url: str | None
    as_of: str


class BlockFactRead(BaseModel):
    """A fact of a block, in words."""

    label: str
    value: str
    said_by: list[SayerRead]


class BlockRead(Stamp):
    """A credential in words, to be copied into pages of other sites; only what still counts."""

    code: str
    name: str
    lang: str
    status: str
    issuer: str
    issuer_page: str | None = Field(description="Page of the issuer on it; null: not known")
    summary: str
    facts: list[BlockFactRead]
    page: str = Field(description="The full record, with every source")


class ComparisonCardQuery(LookQuery, ComparisonQuery):
    """Query string of the card of a comparison."""


OembedFormat = TypeAliasType("OembedFormat", Literal["json", "xml"])


class OembedQuery(QueryModel):
    """Query string of GET /oembed (oembed.com, version 1.0)."""

    url: str = Field(
        max_length=4_000,
        description="Address of a card, or of the page of a program, a credential or a comparison "
        "of this server; its host may be left out",
        examples=["/embed/program/sinclair-community-college-510707-associate"],
    )
    format: OembedFormat = Field(
        default="json", description="How the answer is written", examples=["xml"]
    )
    maxwidth: int = Field(
        default=0, ge=0, le=10_000, description="Most pixels across; 0: no limit", examples=[400]
    )
    maxheight: int = Field(
        default=0, ge=0, le=10_000, description="Most pixels down; 0: no limit", examples=[600]
    )


class OembedRead(BaseModel):
    """How to put a card on a page, as oEmbed 1.0 has it."""

    version: Literal["1.0"] = "1.0"
    type: Literal["rich"] = "rich"
    title: str
    author_name: str = Field(description="Schools of the programs, or issuer of the credential")
    provider_name: str = "hit-compare"
    provider_url: str
    cache_age: int = Field(description="Seconds for which the answer may be kept")
    html: str = Field(description="An iframe with the card")
    width: int
    height: int = Field(description="Pixels that such a card usually takes at that width")
    thumbnail_url: str = Field(description="A picture for previews")
    thumbnail_width: int
    thumbnail_height: int
