"""From one record of curated program facts to claims, each with the page it was read on."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypedDict

from app.domain.accreditors import RemitKind, body_of
from app.domain.claims import (
    AccreditationClaim,
    CostClaim,
    OfferingClaim,
    OutcomeClaim,
    PracticumClaim,
    PreparationClaim,
    ProgramClaim,
    ServiceClaim,
    TopicClaim,
    TransferClaim,
)
from app.domain.dates import parse_as_of, year_in_path
from app.domain.matching import award_named_in, is_page_of_field
from app.domain.text.addresses import is_sales_link, is_same_page, strip_tracking
from app.domain.text.identifiers import fold
from app.domain.vocabulary import (
    AccreditationStatus,
    Availability,
    Basis,
    CostComponent,
    CostUnit,
    Level,
    ServiceKind,
    TransferKind,
    ValueStatus,
)
from app.importers.curated.file import CostPart, PracticumPart, Record
from app.importers.reading import to_cents
from app.queries.accreditors import published_remits

STATUSES = {
    "accredited": AccreditationStatus.ACCREDITED,
    "candidate": AccreditationStatus.CANDIDACY,
    "not_accredited": AccreditationStatus.NOT_ACCREDITED,
    "aligned_only": AccreditationStatus.ALIGNED_ONLY,
    "historical": AccreditationStatus.HISTORICAL,
    "unclear": AccreditationStatus.UNCLEAR,
}
UNITS = re.compile(
    r"""\b(?:
        (?P<contact_hour> contact\ hours? )
      | (?P<clock_hour> clock\ hours? )
      | (?P<credit> (?:semester|quarter)\ (?:credit|hour|unit)s?\b | credits?\b )
      | (?P<course> (?:course|class|classes)\b )
      | (?P<quarter> quarters?\b )
      | (?P<semester> semesters?\b )
      | (?P<month> months?\b )
      | (?P<term> terms?\b )
      | (?P<year> years?\b )
      | (?P<program> program\b )
    )""",
    re.VERBOSE,
)
"""The first unit named is the one charged for: "quarter, 15 credits" is a price of a quarter."""

_COMPONENT = r"(?P<component>tuition|fees|books|technology)"
_INSIDE = re.compile(
    rf"(?<!not )(?<!not yet )\b(?:included|contained|inside|part of)\b(?: in| within)?"
    rf"(?: the| all)?(?: \w+)? {_COMPONENT}\b"
)
_INCLUDING = re.compile(
    rf"(?<!not )(?<!without )\b(?:including|includes|inclusive of)(?: the| all| mandatory)*"
    rf" {_COMPONENT}\b"
)
_NO_PRACTICUM = re.compile(
    r"\b(?:no|without(?: an?)?) (?:practicum|externship|internship|clinicals?|placement|"
    r"(?:professional )?practice experience|directed practice|ppe)\b(?! (?:is |are )?required)"
    r"|\bdoes not (?:have|include|offer|contain) an? (?:practicum|externship|internship)\b"
)
_JOINT = re.compile(
    r"\bjoint(?:ly)?(?: \w+)? with (?P<partner>[^.;,()]+)|\bjoint(?:ly)?\b", re.IGNORECASE
)
_AT_MOST = re.compile(r"\b(?:at most|upper end|up to|maximum|no more than)\b", re.IGNORECASE)
_MONTH_RANGE = re.compile(r"\b(\d+)(?: to |\s?[-–]\s?)(\d+) months\b", re.IGNORECASE)


class Evidence(TypedDict):
    """The evidence every claim of this source carries."""

    level: str
    source: str
    basis: str
    source_url: str | None
    as_of: str | None


@dataclass(slots=True)
class Reading:
    """The claims of one record; ``remarks`` tells what was taken out of it and why."""

    claims: list[ProgramClaim] = field(default_factory=list)
    program_url: str | None = None
    remarks: list[str] = field(default_factory=list)
    refused: int = 0


def read_claims(record: Record, source: str) -> Reading:
    """Return every claim of a record.

    Addresses lose their tracking parameters; a fact that only an advertising network's address
    stands for is refused.
    """
    reading = Reading()
    if not is_sales_link(record.program.url):
        reading.program_url = strip_tracking(record.program.url)[0]
    stripped: dict[str, list[str]] = {}
    for url, claim in _all_claims(record, _Pages(record, source)):
        if is_sales_link(url):
            reading.refused += 1
            what = type(claim).__name__.removesuffix("Claim").lower()
            reading.remarks.append(f"{what} refused: {url} only forwards a paid click")
            continue
        clean, gone = strip_tracking(url)
        if gone:
            stripped[clean] = gone
        reading.claims.append(replace(claim, source_url=clean))
    for clean, names in stripped.items():
        reading.remarks.append(f"tracking parameters {', '.join(names)} taken out of {clean}")
    return reading


@dataclass(frozen=True, slots=True)
class _Pages:
    """Dates the facts of a record by the pages they stand on."""

    record: Record
    source: str

    def evidence(self, url: str, as_of: str | None = None) -> Evidence:
        """Return evidence dated by its own year, or by that of its page."""
        return {
            "level": Level.PROGRAM,
            "source": self.source,
            "basis": Basis.STATED_BY_INSTITUTION,
            "source_url": url,
            "as_of": as_of or year_in_path(url) or self.program_page_date(url),
        }

    def program_page_date(self, url: str) -> str | None:
        """Return the date printed on the program's page if the address is that page."""
        program = self.record.program
        if program.page_year and is_same_page(url, program.url):
            return parse_as_of(program.page_year)
        return None

    def is_for_all_students(self, url: str) -> bool:
        """Return whether a page of prices is not that of the program or its field."""
        return not is_same_page(url, self.record.program.url) and not is_page_of_field(url)


PageClaim = tuple[str, ProgramClaim]
"""The address a claim rests on, as the file has it, and the claim."""


def _all_claims(record: Record, pages: _Pages) -> Iterator[PageClaim]:
    yield from _accreditation(record, pages)
    yield from _costs(record, pages)
    yield from _transfer(record, pages)
    yield from _practicum(record.practicum, pages)
    yield from _curriculum(record, pages)
    yield from _offering(record, pages)
    yield from _services_and_outcomes(record, pages)


def _accreditation(record: Record, pages: _Pages) -> Iterator[PageClaim]:
    for row in record.accreditation:
        of_program = row.scope == "program"
        names_award = of_program and record.program.award_level and row.as_stated
        body = body_of(published_remits(), row.accreditor) if of_program else None
        yield (
            row.url,
            AccreditationClaim(
                **pages.evidence(row.url),
                scope=row.scope,
                accreditor=body or row.accreditor,
                status=_to_status(STATUSES[row.status], body),
                award_level=award_named_in(row.as_stated or "") if names_award else None,
                through_year=int(row.through_year) if row.through_year else None,
                as_stated=row.as_stated,
            ),
        )


GRANTED = {
    RemitKind.CERTIFICATION: AccreditationStatus.CERTIFIED,
    RemitKind.APPROVAL: AccreditationStatus.APPROVED,
}
"""What a body that accredits nobody grants -> how a program stands whose page says that it does."""


def _to_status(status: AccreditationStatus, body: str | None) -> AccreditationStatus:
    """Return a status as stated, unless the body that is named can only certify or approve."""
    if status is not AccreditationStatus.ACCREDITED or body is None:
        return status
    kinds = {remit.kind for remit in published_remits() if remit.body == body}
    if RemitKind.ACCREDITATION in kinds:
        return status
    return next((GRANTED[kind] for kind in GRANTED if kind in kinds), status)


def _costs(record: Record, pages: _Pages) -> Iterator[PageClaim]:
    def heading(row: CostPart) -> tuple[str | None, ...]:
        return (row.kind, _to_unit(row), row.residency, row.applies_to)

    shared = Counter(heading(row) for row in record.costs)
    for row in record.costs:
        is_named = row.kind in {"fees", "technology", "other"} or shared[heading(row)] > 1
        low = to_cents(row.amount_usd)
        high = low if row.amount_max_usd is None else to_cents(row.amount_max_usd)
        words = fold(row.note or "")
        inside, including = _INSIDE.search(words), _INCLUDING.search(words)
        evidence = pages.evidence(row.url)
        own_year = parse_as_of(row.academic_year) if row.academic_year else None
        evidence["as_of"] = own_year or pages.program_page_date(row.url)
        yield (
            row.url,
            CostClaim(
                **evidence,
                component=row.kind,
                amount_low_cents=low,
                amount_high_cents=high,
                unit=_to_unit(row),
                unit_as_stated=row.basis_as_stated,
                residency=row.residency,
                applies_to=row.applies_to,
                label=_first_clause(row.note) if is_named else None,
                contains=[including["component"]] if including else [],
                contained_in=inside["component"] if inside else None,
                is_institution_wide=pages.is_for_all_students(row.url),
                note=row.note,
                value_status=_status_of(row.amount_usd),
            ),
        )
    if record.refund_policy_url:
        yield (
            record.refund_policy_url,
            CostClaim(
                **pages.evidence(record.refund_policy_url), component=CostComponent.REFUND_POLICY
            ),
        )


def _to_unit(row: CostPart) -> str | None:
    if row.basis is not None:
        return CostUnit(row.basis)
    match = UNITS.search(fold(row.basis_as_stated or ""))
    return CostUnit(str(match.lastgroup)) if match else None


def _first_clause(note: str | None) -> str | None:
    return re.split(r"[,;:(]", note)[0].strip() or None if note else None


def _status_of(value: float | None) -> ValueStatus:
    return ValueStatus.PUBLISHED_WITHOUT_AMOUNT if value is None else ValueStatus.REPORTED


def _transfer(record: Record, pages: _Pages) -> Iterator[PageClaim]:
    transfer = record.transfer
    policy = transfer.transfer_policy_url
    if policy:
        yield (
            policy,
            TransferClaim(**pages.evidence(policy), kind=TransferKind.POLICY, is_offered=True),
        )
    for row in transfer.articulation:
        yield (
            row.url,
            TransferClaim(
                **pages.evidence(row.url),
                kind=TransferKind.ARTICULATION,
                is_offered=True,
                receiving_institution=row.to_institution,
                receiving_program=row.to_program,
                note=row.note,
            ),
        )
    limit, in_words = transfer.transfer_in_max_credits, transfer.transfer_in_max_as_stated
    if limit is not None or in_words:
        url = policy or record.program.url
        yield (
            url,
            TransferClaim(
                **pages.evidence(url),
                kind=TransferKind.CREDITS_ACCEPTED,
                is_offered=limit != 0,
                credits_max=limit,
                as_stated=in_words,
            ),
        )
    if transfer.prior_learning is not None and transfer.prior_learning_url:
        yield (
            transfer.prior_learning_url,
            TransferClaim(
                **pages.evidence(transfer.prior_learning_url),
                kind=TransferKind.PRIOR_LEARNING,
                is_offered=transfer.prior_learning,
            ),
        )
    if stackable := transfer.stackable:
        yield (
            stackable.url,
            TransferClaim(
                **pages.evidence(stackable.url),
                kind=TransferKind.STACKABLE,
                is_offered=stackable.value,
                note=stackable.detail,
            ),
        )


def _practicum(practicum: PracticumPart, pages: _Pages) -> Iterator[PageClaim]:
    if practicum.url is None or not practicum.says_something:
        return
    yield (
        practicum.url,
        PracticumClaim(
            **pages.evidence(practicum.url),
            availability=_to_availability(practicum),
            hours_low=practicum.hours,
            hours_high=practicum.hours,
            format=practicum.format,
            is_site_arranged=practicum.placement_support,
            components=[  # keys as PostgreSQL orders them, so that what is read back is equal
                {"hours": part.hours, "label": part.label, "format": part.format}
                for part in practicum.components
            ],
            note=practicum.note,
        ),
    )


def _to_availability(practicum: PracticumPart) -> Availability | None:
    """Return "none" only where the page says there is none: not required may be optional."""
    if practicum.required is None:
        return None
    if practicum.required:
        return Availability.REQUIRED
    says_none = _NO_PRACTICUM.search(fold(practicum.note or ""))
    return Availability.NONE if says_none else Availability.OPTIONAL


def _curriculum(record: Record, pages: _Pages) -> Iterator[PageClaim]:
    url = record.program.url
    for topic in dict.fromkeys(record.curriculum_topics):
        yield url, TopicClaim(**pages.evidence(url), topic=topic, is_covered=True)
    for text in dict.fromkeys(record.prepares_for):
        yield (
            url,
            PreparationClaim(
                **pages.evidence(url), credential_code=to_credential_code(text), as_stated=text
            ),
        )


def to_credential_code(text: str) -> str:
    """Return a credential's code: "rhit" -> "RHIT", "Registered ... (RHIA)" -> "RHIA"."""
    codes = set(re.findall(r"\b[A-Z]{2,6}(?:-[A-Z]{1,3})?\b", text))
    return codes.pop() if len(codes) == 1 else text.upper()


def _offering(record: Record, pages: _Pages) -> Iterator[PageClaim]:
    program = record.program
    low, high = _to_months(program.duration_months, program.duration_note)
    yield (
        program.url,
        OfferingClaim(
            **pages.evidence(program.url),
            delivery=list(dict.fromkeys(program.delivery)),
            credits=program.credits_total,
            credit_unit=program.credit_unit,
            months_low=low,
            months_high=high,
            enrollment_status=program.enrollment_status,
            campuses=program.campuses,
            joint_with=_to_partner(record),
            as_stated=program.duration_note,
            note=record.notes,
        ),
    )


def _to_months(months: float | None, note: str | None) -> tuple[float | None, float | None]:
    """Return the shortest and longest length; a length "at most" has no shortest."""
    stated = _MONTH_RANGE.search(note or "")
    if stated and months in {float(stated[1]), float(stated[2])}:
        return float(stated[1]), float(stated[2])
    return (None if months and _AT_MOST.search(note or "") else months), months


def _to_partner(record: Record) -> str | None:
    """Return with whom a joint degree is given; the only articulation where no name is said."""
    program = record.program
    for text in (program.title, program.award_as_stated, record.notes):
        match = _JOINT.search(text or "")
        if match and match["partner"]:
            return match["partner"].strip()
        if match and text is not record.notes and len(record.transfer.articulation) == 1:
            return record.transfer.articulation[0].to_institution
    return None


def _services_and_outcomes(record: Record, pages: _Pages) -> Iterator[PageClaim]:
    if services := record.career_services:
        yield (
            services.url,
            ServiceClaim(
                **pages.evidence(services.url),
                service=ServiceKind.CAREER_SERVICES,
                is_offered=services.offered,
                note=services.detail,
            ),
        )
    for row in record.outcomes:
        year = parse_as_of(row.year) if row.year else None
        yield (
            row.url,
            OutcomeClaim(
                **pages.evidence(row.url, year),
                metric=row.metric,
                value=row.value,
                unit=row.unit or "percent",
                credential_code=to_credential_code(row.credential) if row.credential else None,
                cohort=row.year,
                note=row.note,
                value_status=_status_of(row.value),
            ),
        )
