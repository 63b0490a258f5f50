"""The lookup of any identifier over the wire."""

from typing import Literal

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from app.domain.vocabulary import SchoolStatus
from app.schemas.pages import QueryModel, Stamp, Text
from app.schemas.programs import FormerName, Successor

LookupKind = TypeAliasType(
    "LookupKind", Literal["institution", "field_of_study", "occupation", "credential"]
)


class LookupQuery(QueryModel):
    """Query string of GET /v1/lookup: exactly one of these."""

    unitid: Text | None = Field(
        default=None, description="School, by its IPEDS key", examples=["202222"]
    )
    opeid: Text | None = Field(
        default=None,
        description="School, by its key of eight digits; branches share the first six, which "
        "alone stand for the main campus",
        examples=["00686700"],
    )
    school: Text | None = Field(
        default=None,
        min_length=2,
        description="School, by a whole name of it: of today, of an older edition of the "
        "directory, or a nickname; case and accents do not matter",
        examples=["Sinclair Community College"],
    )
    cip: Text | None = Field(
        default=None,
        description="Field of study: a CIP code, series or family",
        examples=["51.0707"],
    )
    soc: Text | None = Field(
        default=None,
        description="Occupation, by SOC or O*NET-SOC code; one of SOC 2010 leads to its successors",
        examples=["29-2072"],
    )
    code: Text | None = Field(
        default=None,
        description="Credential, by its code, former code or name",
        examples=["CTR"],
    )


class LookupItem(BaseModel):
    """A record that the identifier stands for."""

    kind: LookupKind
    key: str
    name: str
    url: str
    is_exact: bool = Field(
        description="false: a near match, such as a branch, a former name or a successor"
    )
    status: SchoolStatus | None = Field(
        default=None, description="Whether it operates; only for a school"
    )
    merged_into: Successor | None = Field(
        default=None,
        description="The school that it goes on as a part of, which follows among the records "
        "where the catalogue has it",
    )
    former_name: FormerName | None = Field(
        default=None, description="The name that led to a school, where it is one of older editions"
    )
    program_count: int | None = Field(
        default=None, description="Programs on offer; only for a field of study"
    )


HowMany = TypeAliasType("HowMany", Literal["one", "several"])


class LookupAnswer(Stamp):
    """What the identifier stands for; several records where it is shared."""

    kind: LookupKind
    key: str = Field(description="The identifier in its regular spelling")
    match: HowMany
    items: list[LookupItem]
