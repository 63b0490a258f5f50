"""Answers in short: what an assistant, or a person in a hurry, needs of a long one."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from app.schemas.messages import Sentence
from app.schemas.pages import QueryModel


class BriefView(StrEnum):
    """The other shape of an answer."""

    BRIEF = "brief"


VIEW_TOLD = (
    "brief: the answer in short, as `{shape}`: in words, with numbered sources and the page for "
    "people, made for assistants"
)
AskedBrief = Annotated[
    BriefView | None,
    Field(description=VIEW_TOLD.format(shape="BriefRead"), examples=["brief"]),
]


class BriefQuery(QueryModel):
    """Whether an answer is wanted in short."""

    view: AskedBrief = None


class BriefSource(BaseModel):
    """A publication or page that facts of the answer rest on."""

    n: int = Field(description="Its number in this answer", examples=[1])
    title: str = Field(examples=["IPEDS custom table of published tuition and fees, 2023-24"])
    as_of: str | None = Field(
        description="Date, month, year or academic year as printed; null: undated",
        examples=["2023-24"],
    )
    url: str | None = Field(description="Page that states it; null: none is known")


class BriefFact(BaseModel):
    """One fact in words."""

    label: Sentence = Field(examples=["Total to the credential"])
    says: Sentence = Field(
        description="`not known` where nobody tells, which is never a no",
        examples=["$15,753 to $19,704, and technology on top"],
    )
    by: list[int] = Field(description="Numbers in `sources`; empty: worked out from other facts")


class BriefRow(BaseModel):
    """One fact of the programs compared, in words."""

    label: Sentence = Field(examples=["Total to the credential"])
    says: list[Sentence] = Field(
        description="Of each program in the order of `programs`; one for all that say the same"
    )
    verdict: str = Field(
        description="same, differs, unknown or not comparable; `better` names the program whose "
        "value is certainly the better one",
        examples=["differs, better: 1"],
    )
    by: list[int] = Field(description="Numbers in `sources`")


class BriefQuestion(BaseModel):
    """What is left to ask, and whom."""

    ask: Sentence
    whom: Sentence | None


Title = Annotated[Sentence, Field(description="What the answer is about")]
Page = Annotated[str, Field(description="The same for people, with all that is left out here")]
InShort = Annotated[
    Sentence | None, Field(description="The answer in a sentence or two; null: none is known")
]
Asks = Annotated[list[BriefQuestion], Field(description="What matters most of what is not known")]
LeftOut = Annotated[int, Field(description="Facts and questions that stand on the page only")]
Release = Annotated[int, Field(description="Published state of the catalogue", examples=[1])]
AsOf = Annotated[str, Field(description="The day the answer stands for", examples=["2026-11-30"])]


class BriefRead(BaseModel):
    """An answer in short: facts in words, each with the numbers of its sources."""

    title: Title
    page: Page
    answer: InShort
    facts: list[BriefFact]
    ask: Asks
    left_out: LeftOut
    sources: list[BriefSource]
    note: Sentence
    release: Release
    as_of: AsOf


class BriefProgram(BaseModel):
    """A program that is compared."""

    n: int = Field(examples=[1])
    name: str
    school: str
    page: str = Field(description="Its page for people; its last part is the slug")


class BriefComparison(BaseModel):
    """A comparison in short: the rows that decide, in words."""

    title: Title
    page: Page
    programs: list[BriefProgram]
    answer: InShort
    rows: list[BriefRow]
    ask: Asks
    left_out: LeftOut
    sources: list[BriefSource]
    note: Sentence
    release: Release
    as_of: AsOf


class FoundProgram(BaseModel):
    """A program that a search found, in a line."""

    name: str
    school: str
    place: str = Field(examples=["Dayton, OH"])
    award: str = Field(examples=["associate"])
    cost: str = Field(
        description="Whole cost to the credential, and for whom; `not known` is never 0",
        examples=["$9,696 to $12,120, for residents of Ohio"],
    )
    accredited: str = Field(description="yes, no or not known", examples=["not known"])
    online: str = Field(description="yes, no or not known", examples=["yes"])
    page: str = Field(description="Its page for people; its last part is the slug")


class BriefPrograms(BaseModel):
    """What a search found, in short."""

    answer: Sentence
    programs: list[FoundProgram]
    total: int = Field(description="Programs found in all")
    read_as: list[Sentence] = Field(description="How the words of the search were read")
    page: str = Field(description="The same for people, with filters and sources")
    note: Sentence
    release: Release
    as_of: AsOf
