"""The format of curated program facts, as JSON: a list of records, one for each program.

Null means that the pages read do not say; it never means no. Every fact has the address of the
page it was read on. A file of the first format is one that leaves out what the second has more:
keys of the directory, dates and sayers of single facts, ranges, forms of one program.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
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

from app.domain.sayers import SourceKind
from app.domain.text.contacts import is_mail_of_office, phones_in
from app.domain.text.hygiene import require_visible
from app.domain.text.identifiers import parse_cip, parse_opeid, parse_unitid
from app.domain.titles import AWARDS
from app.domain.vocabulary import STATE_NAMES, AccreditationStatus, ContactRole, Topic

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


def _one_of(known: Mapping[str, object]) -> Callable[[str], str]:
    """Return a check that a word is one of those known, in this spelling."""

    def check(word: str) -> str:
        if word not in known:
            raise ValueError(f"not one of {', '.join(map(repr, known))}")
        return word

    return check


def _year_as_text(value: object) -> object:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


def _one_year(text: str) -> str:
    if not (len(text) == 4 and text.isascii() and text.isdigit() and "1900" <= text < "2100"):
        raise ValueError("not a year")
    return text


def _mail_of_office(address: str) -> str:
    if not is_mail_of_office(address):
        raise ValueError("not a mailbox of a role or office; addresses of people are not kept")
    return address.lower()


def _phone(text: str) -> str:
    numbers = phones_in(text)
    if len(numbers) != 1:
        raise ValueError("not a telephone number such as 555-010-0142")
    return numbers[0]


def _unitid(value: object) -> object:
    return parse_unitid(value) if isinstance(value, str) else value


def _six_digits(unitid: int) -> int:
    return parse_unitid(str(unitid))


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


_SPREADS = (
    re.compile(r"(?P<low>\d+(?:\.\d+)?) ?(?:-|\u2013|to) ?(?P<high>\d+(?:\.\d+)?)"),
    re.compile(r"(?P<low>\d+(?:\.\d+)?) ?(?:\+|or more)|(?:at least|minimum) (?P<least>\d+)"),
    re.compile(r"(?:at most|up to|maximum) (?P<high>\d+(?:\.\d+)?)"),
)


def _spread(value: object) -> object:
    """Return one number, or a range in words, as its two ends; others as they are.

    Raises:
        ValueError: Text that is no range, or a number below 0 or above 100,000.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value <= LARGEST:
            raise ValueError(f"not a number from 0 to {LARGEST:,}")
        return {"low": value, "high": value}
    if isinstance(value, str):
        for spelling in _SPREADS:
            if match := spelling.fullmatch(value.strip().lower()):
                ends = match.groupdict()
                low = ends.get("low") or ends.get("least")
                high = ends.get("high")
                return {"low": low and float(low), "high": high and float(high)}
        raise ValueError('neither a number nor a range such as "18-24" or "360 or more"')
    return value


def _null_as_nothing(value: object) -> object:
    return [] if value is None else value


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    AfterValidator(require_visible),
]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=300)]
Url = Annotated[Text, AfterValidator(_web_address)]
Award = Annotated[Text, AfterValidator(_one_of(AWARDS))]
Dated = Annotated[Text, BeforeValidator(_year_as_text)]
"""A date, month, year or academic year; in any other words it is unknown, which is remarked."""

Day = Annotated[Text, AfterValidator(_day)]
Year = Annotated[Text, BeforeValidator(_year_as_text), AfterValidator(_one_year)]
Amount = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
Count = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
LARGEST = 100_000
SOURCE_KINDS = {str(kind): kind for kind in SourceKind}
STATUSES = {
    **{str(status): status for status in AccreditationStatus},
    "candidate": AccreditationStatus.CANDIDACY,
    "probation": AccreditationStatus.PROBATIONARY,
    "administrative_probation": AccreditationStatus.ADMINISTRATIVE_PROBATIONARY,
    "self_study": AccreditationStatus.APPLIED,
    "self-study": AccreditationStatus.APPLIED,
}
"""Word of a file -> where an accreditation stands."""

Rows = Annotated[list[Value], BeforeValidator(_null_as_nothing)]
"""A list; null, where nothing was found, is the empty list."""

SourceKindName = Annotated[Text, AfterValidator(_one_of(SOURCE_KINDS))]
DocumentPage = Annotated[Text, BeforeValidator(_year_as_text)]
Delivery = Literal["online", "hybrid", "campus"]
CreditUnit = Literal["semester", "quarter", "clock_hour", "competency_unit"]
EnrollmentStatus = Literal["open", "paused", "discontinued"]
PracticumFormat = Literal["onsite", "virtual", "simulation", "mixed"]


class Part(BaseModel):
    """A part of a record; a key the format does not have is refused, as is any other type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Spread(Part):
    """From low to high; one number is both, and without one of them the range is open there."""

    low: Count | None = None
    high: Count | None = None

    @model_validator(mode="after")
    def _is_in_order(self) -> "Spread":
        if self.low is None and self.high is None:
            raise ValueError("neither low nor high is given")
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError("high is below low")
        return self


Amounts = Annotated[Spread, BeforeValidator(_spread)]
"""A number, a range in words ("18-24", "360 or more") or as ``{"low": 18, "high": 24}``."""


class EvidencePart(Part):
    """Where a fact was read: page, date, day of reading, and who speaks there.

    ``as_of`` is the date of the page, of its edition or of the event it tells of; ``seen_on`` the
    day on which it was read. ``page`` is the page of a document.
    """

    url: Url
    as_of: Dated | None = None
    seen_on: Day | None = None
    source_kind: SourceKindName | None = None
    page: DocumentPage | None = None


class FactEvidence(Part):
    """Where facts without a row of their own were read, unless on the program's page."""

    delivery: EvidencePart | None = None
    credits_total: EvidencePart | None = None
    duration_months: EvidencePart | None = None
    enrollment_status: EvidencePart | None = None
    campuses: EvidencePart | None = None
    contact: EvidencePart | None = None
    curriculum_topics: EvidencePart | None = None
    prepares_for: EvidencePart | None = None
    refund_policy_url: EvidencePart | None = None
    transfer_policy_url: EvidencePart | None = None
    transfer_in_max: EvidencePart | None = None
    prior_learning: EvidencePart | None = None


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


class ContactPart(Part):
    """Whom to ask: a role or office, its mailbox, its number; never a person."""

    role: ContactRole
    mail: Annotated[Text, AfterValidator(_mail_of_office)] | None = None
    phone: Annotated[Text, AfterValidator(_phone)] | None = None


class ProgramPart(Part):
    """The award, and how it is offered."""

    title: Annotated[Text, Field(max_length=300)]
    slug: Slug | None = None
    """The program of the catalogue that it is, where somebody looked it up."""
    cip: Annotated[Text, AfterValidator(parse_cip)] | None = None
    award_level: Award | None = None
    award_as_stated: Text | None = None
    delivery: Rows[Delivery] = []
    credits_total: Amounts | None = None
    credit_unit: CreditUnit | None = None
    duration_months: Amounts | None = None
    duration_note: Text | None = None
    enrollment_status: EnrollmentStatus | None = None
    contact: ContactPart | None = None
    page_year: Dated | None = None
    campuses: Rows[Text] = []
    url: Url


class AccreditationPart(EvidencePart):
    """What a page says about an accreditor."""

    accreditor: Text
    scope: Literal["program", "institution"]
    status: Annotated[Text, AfterValidator(_one_of(STATUSES))]
    as_stated: Text | None = None
    through_year: Year | None = None
    awarded_on: Dated | None = None
    effective_on: Dated | None = None
    expires_on: Dated | None = None
    next_review: Dated | None = None
    since: Dated | None = None
    award_level: Award | None = None
    campuses: Rows[Text] = []
    forms: Rows[Text] = []
    url: Url


class CostPart(EvidencePart):
    """One price; no amount: it is published without one."""

    kind: Literal["tuition", "fees", "books", "technology", "other", "total"]
    amount_usd: Amount | None = None
    amount_max_usd: Amount | None = None
    basis: Literal["program", "year", "credit", "semester"] | None = None
    basis_as_stated: Text | None = None
    residency: Literal["in_state", "out_of_state", "in_district", "any"] | None = None
    applies_to: Literal["online", "campus", "full_time", "part_time"] | None = None
    academic_year: Dated | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _range_is_in_order(self) -> "CostPart":
        if self.amount_max_usd is not None and (
            self.amount_usd is None or self.amount_max_usd < self.amount_usd
        ):
            raise ValueError("amount_max_usd is the upper end of a range that begins higher")
        return self


class ArticulationPart(EvidencePart):
    """A named agreement by which credits count further on."""

    to_institution: Text
    to_program: Text | None = None
    note: Text | None = None


class StackablePart(EvidencePart):
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
    hours: Amounts | None = None
    format: PracticumFormat | None = None


class FormPracticumPart(Part):
    """Practical training in one form; without a page of its own it was read on that of the form."""

    required: bool | None = None
    required_in: Rows[Text] = []
    hours: Amounts | None = None
    format: PracticumFormat | None = None
    sites: Rows[Literal["on_campus", "local"]] = []
    components: Rows[ComponentPart] = []
    placement_support: bool | None = None
    note: Text | None = None
    url: Url | None = None
    as_of: Dated | None = None
    seen_on: Day | None = None
    source_kind: SourceKindName | None = None
    page: DocumentPage | None = None

    @property
    def says_something(self) -> bool:
        """Whether any fact is stated."""
        facts = (self.required, self.hours, self.format, self.placement_support, self.note)
        return bool(self.components or self.sites or self.required_in) or any(
            fact is not None for fact in facts
        )

    @property
    def evidence(self) -> EvidencePart | None:
        """Where it was read; None: it has no page of its own."""
        return EvidencePart.model_validate(self, from_attributes=True) if self.url else None


class PracticumPart(FormPracticumPart):
    """Practical training."""

    @model_validator(mode="after")
    def _facts_have_a_page(self) -> "PracticumPart":
        if self.says_something and self.url is None:
            raise ValueError("facts are stated without url")
        return self


class CareerServicesPart(EvidencePart):
    """Help with finding work."""

    offered: bool
    detail: Text | None = None
    url: Url


class OutcomePart(EvidencePart):
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
    reached_count: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    person_count: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    year: Dated | None = None
    cohort: Text | None = None
    definition: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _share_is_one(self) -> "OutcomePart":
        if self.unit in {None, "percent"} and self.value is not None and self.value > 100:
            raise ValueError("more than 100 percent")
        if self.reached_count is not None and self.reached_count > (self.person_count or 0):
            raise ValueError("reached_count is more than person_count")
        return self


class FormPart(Part):
    """One form or track of a program, with the facts that hold for it alone.

    Without a page of its own, they were read on the program's.
    """

    name: Annotated[Text, Field(max_length=100)]
    delivery: Rows[Delivery] = []
    credits_total: Amounts | None = None
    credit_unit: CreditUnit | None = None
    duration_months: Amounts | None = None
    duration_note: Text | None = None
    enrollment_status: EnrollmentStatus | None = None
    campuses: Rows[Text] = []
    evidence: EvidencePart | None = None
    practicum: FormPracticumPart = FormPracticumPart()
    costs: Rows[CostPart] = []
    accreditation: Rows[AccreditationPart] = []
    outcomes: Rows[OutcomePart] = []
    notes: Text | None = None


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
    forms: Rows[FormPart] = []
    evidence: FactEvidence = FactEvidence()
    source_pages: Rows[Url] = []
    notes: Text | None = None
