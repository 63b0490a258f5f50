"""Shapes shared by answers: the page of a list, the stamp of facts, evidence, query rules."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any, Generic, TypedDict, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError, to_json

from app.domain.evidence import Age, Subject, age_of, expires_on
from app.schemas.served import served

Item = TypeVar("Item")


def printable(text: str) -> str:
    """Return a text as it is.

    Raises:
        ValueError: It holds control characters or lone surrogates.
    """
    if any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise ValueError("control characters and lone surrogates are not accepted")
    return text


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(printable)
]
"""Words from a caller: bounded, without control characters."""

Cursor = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(printable)]
"""What an answer gave as `next`."""


class QueryModel(BaseModel):
    """A query string or body; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def parted(given: Any) -> Any:
    """Return the names in a parameter that is repeated, or holds several parted by commas."""
    if isinstance(given, list) and all(isinstance(one, str) for one in given):
        return list(dict.fromkeys(name.strip() for one in given for name in one.split(",")))
    return given


def _written_out(value: object) -> object:
    """Refuse a number for a date, which would be read as seconds since 1970."""
    is_text = isinstance(value, str) and "-" in value[1:]
    if not (is_text or isinstance(value, date)):
        raise PydanticCustomError("date_type", "Input should be a date written as YYYY-MM-DD")
    return value


IsoDate = Annotated[date, BeforeValidator(_written_out)]
"""A date as text, never as a number."""

Day = Annotated[IsoDate, Field(ge=date(1990, 1, 1), le=date(2100, 1, 1))]
"""A day that somebody may ask for."""


class DayQuery(QueryModel):
    """Query string of an answer that can be asked of any day."""

    as_of: Day | None = Field(
        default=None,
        description="Day to judge age by; default today",
        examples=["2026-11-24"],
    )


class PageParams(QueryModel):
    """How much of a list to return and from where."""

    limit: int = Field(default=20, ge=1, le=100, description="Items a page", examples=[20])
    cursor: Cursor | None = Field(
        default=None,
        description="`next` of the page before, unchanged",
    )


class PartParams(QueryModel):
    """Which part of a short list to return; without a limit all of it."""

    limit: int | None = Field(
        default=None, ge=1, le=500, description="Items a page; default all", examples=[5]
    )
    cursor: Cursor | None = Field(
        default=None,
        description="`next` of the page before, unchanged",
    )


OFTEN_LEFT_OUT = "x-often-left-out"
"""Of a shape of answers: its fields that are left out where they have nothing to tell."""

FROZEN = "x-frozen"
"""Marks a shape of answers that are kept as they were, without the fields that came later."""


def sent_always(names: Collection[str] = ()) -> Callable[[JsonDict], None]:
    """Return what tells of a shape that of its fields with a default only these are always sent."""

    def mark(schema: JsonDict) -> None:
        told, needed = schema["properties"], schema.get("required", [])
        if isinstance(told, dict) and isinstance(needed, list):
            schema[OFTEN_LEFT_OUT] = [one for one in told if one not in {*names, *needed}]

    return mark


@served
class Evidence(BaseModel):
    """Who says a fact, where, and as of when."""

    source: str = Field(description="Key of /v1/sources", examples=["ipeds-ic2022-ay"])
    source_url: str | None = Field(description="Page that states it; null: see the source")
    as_of: str | None = Field(
        description="Date, month, year or academic year as printed; null: undated",
        examples=["2022-23"],
    )
    basis: str = Field(description="On whose word it rests", examples=["government_data"])
    as_stated: str | None = Field(description="Short words of the page, where wording matters")
    stale: bool = Field(description="Past its shelf life: shown, but counted as unknown")
    expires_on: date | None = Field(
        default=None,
        description="Last day on which it counts in full; null: undated, or no day is known",
    )
    checked_on: date | None = Field(
        default=None,
        description="Day on which the page was last looked at; null: not recorded, as for all that "
        "was taken from stored copies of pages",
    )
    words_sha256: str | None = Field(
        default=None, description="SHA-256 of `as_stated` in UTF-8; null where there are no words"
    )


class Aging(TypedDict):
    """How long a statement counts, as evidence tells it."""

    stale: bool
    expires_on: date | None


@lru_cache(maxsize=4096)
def aging(as_of: str | None, subject: Subject, today: date) -> Aging:
    """Return whether a statement of a date is too old on a day, and until when it counts."""
    return {
        "stale": age_of(as_of, subject, today) is Age.STALE,
        "expires_on": expires_on(as_of, subject),
    }


@lru_cache(maxsize=4096)
def hash_of(words: str | None) -> str | None:
    """Return the hash by which words of a page are recognised; None for none."""
    return None if words is None else sha256(words.encode()).hexdigest()


class Stamp(BaseModel):
    """In every answer that shows facts."""

    release: int = Field(description="Published state of the catalogue", examples=[1])
    as_of: date = Field(description="The day the answer stands for")
    sources: list[str] = Field(description="Keys of /v1/sources that the answer draws on")


class StampFields(TypedDict):
    """The fields of a stamp, as queries hand them out."""

    release: int
    as_of: date
    sources: list[str]


class Page(Stamp, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    total: int = Field(description="Matches over all pages")
    total_is_estimate: bool = Field(default=False, description="Whether `total` is estimated")
    next: str | None = Field(default=None, description="Cursor of the next page; null: the last")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Name a page by its items: that is what clients made from the OpenAPI file call it."""
        return "".join(getattr(param, "__name__", "Any") for param in params) + "Page"


def page_bytes(
    docs: list[str],
    total: int,
    following: str | None,
    stamp: StampFields,
    more: Mapping[str, Any] | None = None,
) -> bytes:
    """Return a page as JSON, its items joined from stored texts without parsing them."""
    rest = {
        **(more or {}),
        "total": total,
        "total_is_estimate": False,
        "next": following,
        **stamp,
    }
    return b'{"items":[' + ",".join(docs).encode() + b"]," + to_json(rest)[1:]
