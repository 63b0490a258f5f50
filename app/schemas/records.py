"""What an editor may write: one shape a collection, made from its table."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from types import GenericAlias, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import sqlalchemy as sa
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    create_model,
    model_validator,
)
from sqlmodel import SQLModel

from app.domain.evidence import to_span
from app.domain.independence import refusal_of
from app.domain.text.addresses import LONGEST_ADDRESS, check_address
from app.domain.text.hygiene import find_hidden
from app.schemas.advancement import PathOccupation, RequirementFacts
from app.schemas.guide import GuideFacts
from app.schemas.pages import PageParams, QueryModel, Stamp, Text, printable
from app.schemas.programs import FormerName
from app.schemas.renewal import ACROSS_ISSUERS, RENEWAL_RULES
from app.schemas.work_settings import SettingRoleFacts
from app.store.tables.advancement import AdvancementPath, AdvancementStep
from app.store.tables.claims import TABLES
from app.store.tables.credentials import (
    Credential,
    CredentialClaim,
    CredentialName,
    CredentialRule,
    CredentialUnknown,
)
from app.store.tables.fields import closed_lists
from app.store.tables.guide import GuideEntry
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program
from app.store.tables.sources import Source
from app.store.tables.work_settings import WorkSetting

CLAIMS: dict[str, type[SQLModel]] = {
    **{str(table.__tablename__): table for table in TABLES.values()},
    "credential_claim": CredentialClaim,
}
"""Evidence-carrying facts: a change supersedes the older row, nothing is overwritten."""

WRITABLE: dict[str, type[SQLModel]] = {
    "program": Program,
    "institution": Institution,
    "source": Source,
    "credential": Credential,
    "credential_name": CredentialName,
    "credential_rule": CredentialRule,
    "credential_unknown": CredentialUnknown,
    "work_setting": WorkSetting,
    "advancement_path": AdvancementPath,
    "advancement_step": AdvancementStep,
    "guide_entry": GuideEntry,
    **CLAIMS,
}
"""Collections that editors write; all others are kept by importers alone."""

MANAGED = frozenset(
    {
        *("id", "source", "origin", "recorded_at", "superseded_at", "updated_at"),
        *("retired_at", "retired_reason", "row_count", "curated_id", "match_quality"),
        *("match_reason", "award_group", "joined_records", "moved_to"),
    }
)
"""Columns that the service sets itself."""

ABOUT = {"program_id": "program", "institution_id": "institution"}
"""Column -> field of the record that names the program or school."""

SHAPES: dict[str, dict[str, Any]] = {
    "advancement_path": {
        "requirements": list[RequirementFacts],
        "soc_codes": list[PathOccupation],
    },
    "institution": {"former_names": list[FormerName] | None},
    "work_setting": {"roles": list[SettingRoleFacts]},
}
"""Collection -> column -> shape of lists whose entries hold more than a word."""

LONGEST_TEXT = 4_000
LongText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT),
    AfterValidator(printable),
]
URL = Annotated[
    LongText,
    StringConstraints(pattern=r"^https?://[^\s]+$", max_length=LONGEST_ADDRESS),
    AfterValidator(check_address),
]
INT = Annotated[int, Field(ge=-(2**53), le=2**53)]
FLOAT = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]


class Values(BaseModel):
    """Columns of a record, as an editor gives them."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="after")
    def _is_sound(self) -> "Values":
        given = self.model_dump(exclude_unset=True)
        if "as_of" in given:
            to_span(given["as_of"])
        for path, text in texts_in(given):
            if reason := reason_against(path, text):
                raise ValueError(f"{path}: {reason}")
        return self


def reason_against(path: str, text: str) -> str | None:
    """Return why a text may not stand at a place of a record, or None."""
    if hidden := find_hidden(text):
        return hidden
    if is_address_column(path.rpartition(".")[2]):
        try:
            check_address(text)
        except ValueError as error:
            return str(error)
    return refusal_of(text)


def is_address_column(name: str) -> bool:
    """Return whether a column, or an entry of one, holds an address that pages link to."""
    return name in {"url", "website"} or name.endswith("_url")


class RuleValues(Values):
    """Columns of a rule on credentials; those on renewal have a shape of their own."""

    @model_validator(mode="after")
    def _is_understood(self) -> "RuleValues":
        given = self.model_dump()
        if given["kind"] == "renewal" and given["subject"] != ACROSS_ISSUERS:
            try:
                RENEWAL_RULES.validate_python(given["rules"])
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(map(str, ("rules", *first["loc"])))
                raise ValueError(f"{place}: {first['msg']}") from error
        return self


def texts_in(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the place and the words of every text in a JSON value."""
    match value:
        case str():
            yield path, value
        case dict():
            for key, part in value.items():
                yield from texts_in(part, f"{path}.{key}" if path else str(key))
        case list():
            for at, part in enumerate(value):
                yield from texts_in(part, f"{path}.{at}")


@lru_cache
def values_model(collection: str) -> type[Values]:
    """Return the shape of a whole record of a writable collection."""
    model = WRITABLE[collection]
    table = SQLModel.metadata.tables[collection]
    lists = closed_lists(table)
    fields: dict[str, Any] = {}
    for column in table.columns:
        if column.name in MANAGED:
            continue
        if column.name in ABOUT:
            fields[ABOUT[column.name]] = (LongText | None, None)
            continue
        info = model.model_fields[column.name]
        kind = _kind(column, info.annotation, lists.get(column.name))
        if info.is_required() or (collection in CLAIMS and column.name == "source_url"):
            fields[column.name] = (_required(kind), ...)
        else:
            default = info.get_default(call_default_factory=True, validated_data={})
            fields[column.name] = (kind, default)
    for name, shape in SHAPES.get(collection, {}).items():
        may_be_null = type(None) in get_args(shape)
        fields[name] = (shape, None if may_be_null else Field(default_factory=list))
    if collection == "guide_entry":
        fields["facts"] = (GuideFacts, GuideFacts())
    base = RuleValues if collection == "credential_rule" else Values
    return create_model(f"{model.__name__}Values", __base__=base, **fields)


def _kind(column: sa.Column[Any], annotation: Any, members: list[str] | None) -> Any:
    """Return the type of a column as it may be written: bounded, and closed where it is."""
    if members:
        choice = Literal[tuple(members)]  # type: ignore[valid-type]
        return choice | None if column.nullable else choice
    if is_address_column(column.name):
        return URL | None if column.nullable else URL
    return _bounded(annotation)


BOUNDED = {str: LongText, int: INT, float: FLOAT}


def _bounded(annotation: Any) -> Any:
    if annotation in BOUNDED:
        return BOUNDED[annotation]
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return Union[tuple(_bounded(part) for part in parts)]  # noqa: UP007 - made at run time
    if origin is list:
        return GenericAlias(list, (_bounded(parts[0]),))
    return annotation


def _required(kind: Any) -> Any:
    parts = [part for part in get_args(kind) if part is not type(None)]
    is_optional = get_origin(kind) in (Union, UnionType)
    return Union[tuple(parts)] if is_optional else kind  # noqa: UP007


class WriteRequest(BaseModel):
    """Columns to write and the reason, which stays readable in the record's history."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "values": {"url": "https://college.example/him"},
                    "why": "The program moved to a new page.",
                }
            ]
        },
    )

    values: dict[str, Any] = Field(
        description="Column -> value; /v1/admin/collections tells the columns of each collection"
    )
    why: Text = Field(min_length=3, description="Why, in a few words")


class RetireRequest(BaseModel):
    """The reason for taking a record out; its address and history stay."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"why": "The school closed the program in 2026."}]},
    )

    why: Text = Field(min_length=3, description="Why, in a few words")


class RecordsQuery(PageParams):
    """Query string of the records of a collection."""

    program: Text | None = Field(
        default=None,
        description="Slug: only records on this program",
        examples=["sinclair-community-college-510707-associate"],
    )


class RecordRead(BaseModel):
    """One record as the draft has it; `etag` goes into If-Match of a change."""

    collection: str = Field(examples=["cost_claim"])
    key: str | None = Field(description="null: a proposed claim, numbered when it is published")
    record: dict[str, Any]
    etag: str
    is_retired: bool = Field(description="Superseded, or taken out of lists")
    edits: list[int] = Field(description="Numbers of the pending edits on it")


class RecordPage(BaseModel):
    """One page of records, by key."""

    items: list[RecordRead]
    next: str | None


class CollectionRead(BaseModel):
    """A collection, who keeps it, and the shape of its records."""

    collection: str
    is_writable: bool
    is_evidence: bool = Field(description="Facts that supersede each other and are never changed")
    record_schema: dict[str, Any] | None = Field(description="JSON Schema of `values`")


class CollectionsRead(BaseModel):
    """Every collection of the catalogue."""

    items: list[CollectionRead]


class ChangeRead(BaseModel):
    """One change of a record: who, when, why, before and after."""

    release: int
    at: datetime
    actor: str
    why: str
    edits: list["EditAuthor"] = Field(description="The proposed changes that it came from")
    fields: list[str] = Field(description="Columns that read otherwise than before")
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class EditAuthor(BaseModel):
    """Who proposed a change, when and why."""

    edit: int
    actor: str
    at: datetime
    why: str


class HistoryQuery(QueryModel):
    """Query string of a record's history."""

    field: Text | None = Field(
        default=None, description="Only changes of this column", examples=["url"]
    )


class HistoryRead(Stamp):
    """Every change of a record, newest first; the first release is where history begins."""

    collection: str
    key: str
    items: list[ChangeRead]
