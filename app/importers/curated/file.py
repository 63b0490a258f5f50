"""The format of curated program facts, as JSON: a list of records, one for each program.

Null means that the pages read do not say; it never means no. Every fact has the address of the
page it was read on.
"""

from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from app.domain.dates import parse_as_of
from app.domain.matching import AWARDS
from app.domain.text.hygiene import require_visible
from app.domain.text.identifiers import parse_cip, parse_opeid, parse_unitid
from app.domain.vocabulary import STATE_NAMES, Topic

Value = TypeVar("Value")


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if (
        parts.scheme not in {"http", "https"}
        or "." not in (parts.hostname or "")
        or parts.username is not None
        or any(letter.isspace() for letter in url)
    ):
        raise ValueError("not a web address beginning with http:// or https://")
    return url


def _website(address: str) -> str:
    _web_address(address if "://" in address else f"https://{address}")
    return address


def _state(code: str) -> str:
    if code not in STATE_NAMES:
        raise ValueError("not a two-letter state code")
    return code


def _award(award: str) -> str:
    if award not in AWARDS:
        raise ValueError(f"not one of {', '.join(map(repr, AWARDS))}")
    return award


def _dated(text: str) -> str:
    parse_as_of(text)
    return text


def _year_as_text(value: object) -> object:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


def _one_year(text: str) -> str:
    if not (len(text) == 4 and text.isascii() and text.isdigit() and "1900" <= text < "2100"):
        raise ValueError("not a year")
    return text


def _unitid(value: object) -> object:
    return parse_unitid(value) if isinstance(value, str) else value


def _six_digits(unitid: int) -> int:
    return parse_unitid(str(unitid))


def _null_as_nothing(value: object) -> object:
    return [] if value is None else value


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    AfterValidator(require_visible),
]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=300)]
Url = Annotated[Text, AfterValidator(_web_address)]
Dated = Annotated[Text, BeforeValidator(_year_as_text), AfterValidator(_dated)]
Year = Annotated[Text, BeforeValidator(_year_as_text), AfterValidator(_one_year)]
Amount = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
Count = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
Rows = Annotated[list[Value], BeforeValidator(_null_as_nothing)]
"""A list; null, where nothing was found, is the empty list."""

PracticumFormat = Literal["onsite", "virtual", "simulation", "mixed"]


class Part(BaseModel):
    """A part of a record; a key the format does not have is refused, as is any other type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class InstitutionPart(Part):
    """Who offers the program: UNITID or OPEID name it surely, else name, state and website."""

    name: Text
    city: Text | None = None
    state: Annotated[Text, AfterValidator(_state)]
    website: Annotated[Text, AfterValidator(_website)] | None = None
    control: Literal["public", "private nonprofit", "private for-profit"] | None = None
    control_url: Url | None = None
    unitid: Annotated[int, BeforeValidator(_unitid), AfterValidator(_six_digits)] | None = None
    opeid: Annotated[Text, AfterValidator(parse_opeid)] | None = None


class ProgramPart(Part):
    """The award, and how it is offered."""

    title: Annotated[Text, Field(max_length=300)]
    slug: Slug | None = None
    """The program of the catalogue that it is, where somebody looked it up."""
    cip: Annotated[Text, AfterValidator(parse_cip)] | None = None
    award_level: Annotated[Text, AfterValidator(_award)] | None = None
    award_as_stated: Text | None = None
    delivery: Rows[Literal["online", "hybrid", "campus"]] = []
    credits_total: Count | None = None
    credit_unit: Literal["semester", "quarter", "clock_hour", "competency_unit"] | None = None
    duration_months: Annotated[Count, Field(gt=0)] | None = None
    duration_note: Text | None = None
    enrollment_status: Literal["open", "paused", "discontinued"] | None = None
    page_year: Dated | None = None
    campuses: Rows[Text] = []
    url: Url


class AccreditationPart(Part):
    """What a page says about an accreditor."""

    accreditor: Text
    scope: Literal["program", "institution"]
    status: Literal[
        "accredited", "candidate", "not_accredited", "aligned_only", "historical", "unclear"
    ]
    as_stated: Text | None = None
    through_year: Year | None = None
    url: Url


class CostPart(Part):
    """One price; no amount: it is published without one."""

    kind: Literal["tuition", "fees", "books", "technology", "other", "total"]
    amount_usd: Amount | None = None
    amount_max_usd: Amount | None = None
    basis: Literal["program", "year", "credit", "semester"] | None = None
    basis_as_stated: Text | None = None
    residency: Literal["in_state", "out_of_state", "in_district", "any"] | None = None
    applies_to: Literal["online", "campus", "full_time", "part_time"] | None = None
    academic_year: Dated | None = None
    url: Url
    note: Text | None = None

    @model_validator(mode="after")
    def _range_is_in_order(self) -> "CostPart":
        if self.amount_max_usd is not None and (
            self.amount_usd is None or self.amount_max_usd < self.amount_usd
        ):
            raise ValueError("amount_max_usd is the upper end of a range that begins higher")
        return self


class ArticulationPart(Part):
    """A named agreement by which credits count further on."""

    to_institution: Text
    to_program: Text | None = None
    url: Url
    note: Text | None = None


class StackablePart(Part):
    """Whether the award counts towards a longer one."""

    value: bool
    detail: Text | None = None
    url: Url


class TransferPart(Part):
    """Credits that come in or go on."""

    articulation: Rows[ArticulationPart] = []
    transfer_in_max_credits: Count | None = None
    transfer_in_max_as_stated: Text | None = None
    transfer_policy_url: Url | None = None
    prior_learning: bool | None = None
    prior_learning_url: Url | None = None
    stackable: StackablePart | None = None

    @model_validator(mode="after")
    def _prior_learning_has_a_page(self) -> "TransferPart":
        if self.prior_learning is not None and self.prior_learning_url is None:
            raise ValueError("prior_learning is stated without prior_learning_url")
        return self


class ComponentPart(Part):
    """One part of a practicum, under the school's own word for it."""

    label: Text | None = None
    hours: Count | None = None
    format: PracticumFormat | None = None


class PracticumPart(Part):
    """Practical training."""

    required: bool | None = None
    hours: Count | None = None
    format: PracticumFormat | None = None
    components: Rows[ComponentPart] = []
    placement_support: bool | None = None
    note: Text | None = None
    url: Url | None = None

    @property
    def says_something(self) -> bool:
        """Whether any fact is stated."""
        facts = (self.required, self.hours, self.format, self.placement_support, self.note)
        return bool(self.components) or any(fact is not None for fact in facts)

    @model_validator(mode="after")
    def _facts_have_a_page(self) -> "PracticumPart":
        if self.says_something and self.url is None:
            raise ValueError("facts are stated without url")
        return self


class CareerServicesPart(Part):
    """Help with finding work."""

    offered: bool
    detail: Text | None = None
    url: Url


class OutcomePart(Part):
    """A measured result."""

    metric: Literal[
        "exam_pass_rate",
        "placement_rate",
        "employment_rate",
        "graduation_rate",
        "retention_rate",
        "employer_satisfaction",
        "graduate_satisfaction",
        "student_satisfaction",
    ]
    credential: Text | None = None
    value: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    unit: Text | None = None
    year: Dated | None = None
    url: Url
    note: Text | None = None

    @model_validator(mode="after")
    def _share_is_one(self) -> "OutcomePart":
        if self.unit in {None, "percent"} and self.value is not None and self.value > 100:
            raise ValueError("more than 100 percent")
        return self


class Record(Part):
    """Everything read on one program."""

    id: Slug
    same_as: Slug | None = None
    """The id of another record, of this file or another, on the same program."""
    institution: InstitutionPart
    program: ProgramPart
    accreditation: Rows[AccreditationPart] = []
    costs: Rows[CostPart] = []
    refund_policy_url: Url | None = None
    transfer: TransferPart = TransferPart()
    practicum: PracticumPart = PracticumPart()
    curriculum_topics: Rows[Topic] = []
    prepares_for: Rows[Text] = []
    career_services: CareerServicesPart | None = None
    outcomes: Rows[OutcomePart] = []
    source_pages: Rows[Url] = []
    notes: Text | None = None
