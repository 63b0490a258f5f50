"""From one record of curated program facts to claims, each with the page it was read on."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict

from app.domain.accreditors import GRANTED, body_of
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
from app.domain.sayers import BASES, SourceKind, Speaker
from app.domain.text.addresses import is_sales_link, is_same_page, strip_tracking
from app.domain.text.identifiers import fold
from app.domain.titles import AWARDS, award_named_in
from app.domain.vocabulary import (
    CERTIFICATE,
    AccreditationStatus,
    Availability,
    CostComponent,
    CostUnit,
    Level,
    ServiceKind,
    TransferKind,
    ValueStatus,
)
from app.importers.curated.file import (
    STATUSES,
    AccreditationPart,
    ComponentPart,
    CostPart,
    EvidencePart,
    FormPart,
    FormPracticumPart,
    OutcomePart,
    ProgramPart,
    Record,
    Spread,
)
from app.importers.curated.reading import Remark
from app.importers.reading import to_cents
from app.queries.accreditors import published_remits
from app.queries.sayers import published_sayers
from app.queries.titles import published_title_rules

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
    seen_on: str | None
    form: str | None


@dataclass(slots=True)
class Reading:
    """The claims of one record; ``remarks`` tells what was not read as it stands, and why."""

    record: str
    at: int
    claims: list[ProgramClaim] = field(default_factory=list)
    program_url: str | None = None
    remarks: list[Remark] = field(default_factory=list)
    refused: int = 0

    def remark(self, path: str, value: str | None, what: str, became: str) -> None:
        """Add a remark on a value of the record; each is told once."""
        told = Remark(
            repr(self.record), f"$[{self.at}].{path}", value and repr(value), what, became
        )
        if told not in self.remarks:
            self.remarks.append(told)


def read_claims(
    record: Record,
    source: str,
    *,
    websites: Iterable[str | None] = (),
    schools: frozenset[str] = frozenset(),
    at: int = 0,
) -> Reading:
    """Return every claim of a record.

    Addresses lose their tracking parameters; a fact that only an advertising network's address
    stands for is refused, and so is one from a host of copies that the operator names.

    Args:
        record: As the file has it.
        source: Key of the source.
        websites: Of its school, as the directory has them, beside that of the record.
        schools: Hosts of all schools of the directory.
        at: Its place in the file.
    """
    sayers = published_sayers()
    reading = Reading(record.id, at)
    told: set[str] = set()
    own = tuple(site for site in (record.institution.website, *websites) if site)
    if not is_sales_link(record.program.url):
        reading.program_url = strip_tracking(record.program.url)[0]
    pages = _Pages(record, source, Speaker(sayers, own, schools), reading)
    for path, url, claim in _all_claims(record, pages):
        if is_sales_link(url) or sayers.is_refused(url):
            reading.refused += 1
            is_sale = is_sales_link(url)
            what = "only forwards a paid click" if is_sale else "is a copy on a host not read"
            reading.remark(path, url, what, "The fact is refused")
            continue
        clean, gone = strip_tracking(url)
        if gone and url not in told:
            told.add(url)
            what = f"tracking parameters {', '.join(gone)}"
            reading.remark(path, url, what, f"Taken out of {clean}")
        reading.claims.append(replace(claim, source_url=clean))
    return reading


OFFERED = ("delivery", "credits_total", "duration_months", "enrollment_status", "campuses")
"""Facts of an offering that stand in the part of the program, or of a form."""

PARTS = {
    **dict.fromkeys((*OFFERED, "contact"), "program."),
    **dict.fromkeys(("transfer_policy_url", "transfer_in_max", "prior_learning"), "transfer."),
}
"""Fact without a row of its own -> the part of a record that it stands in."""


@dataclass(frozen=True, slots=True)
class _Pages:
    """Says of each fact of a record where it stands, as of when, and who speaks there.

    ``form`` is the form of the program that is being read, None: the program as a whole.
    """

    record: Record
    source: str
    speaker: Speaker
    reading: Reading
    form: str | None = None

    def evidence(
        self, path: str, part: EvidencePart, *, own_date: tuple[str, str] | None = None
    ) -> Evidence:
        """Return evidence dated by its own year, by its row, or by its page.

        ``own_date`` is the place and the words of a date that leads, even if it cannot be read.
        """
        url = part.url
        if own_date:
            as_of = self.date(*own_date)
        elif part.as_of:
            as_of = self.date(f"{path}.as_of", part.as_of)
        else:
            as_of = year_in_path(url) or self.program_page_date(url)
        stated = SourceKind(part.source_kind) if part.source_kind else None
        kind = self.speaker.kind_of(url, stated)
        if stated and BASES[kind] != BASES[stated]:
            what = f"{url} is not a page of that kind"
            self.reading.remark(f"{path}.source_kind", str(stated), what, f"Read as {str(kind)!r}")
        return {
            "level": Level.PROGRAM,
            "source": self.source,
            "basis": BASES[kind],
            "source_url": url,
            "as_of": as_of,
            "seen_on": part.seen_on,
            "form": self.form,
        }

    def fact(self, name: str, url: str) -> tuple[str, EvidencePart]:
        """Return the place and evidence of a fact without a row; ``url`` where it names no page."""
        own: EvidencePart | None = getattr(self.record.evidence, name)
        place = f"{PARTS.get(name, '')}{name}"
        return (f"evidence.{name}", own) if own else (place, EvidencePart(url=url))

    def date(self, path: str, words: str | None) -> str | None:
        """Return a date as evidence is dated by; what cannot be read is remarked and unknown."""
        if words is None:
            return None
        try:
            return parse_as_of(words)
        except ValueError as error:
            self.reading.remark(path, words, str(error), "The date is not known")
            return None

    def program_page_date(self, url: str) -> str | None:
        """Return the date printed on the program's page if the address is that page."""
        program = self.record.program
        if program.page_year and is_same_page(url, program.url):
            return self.date("program.page_year", program.page_year)
        return None

    def is_for_all_students(self, url: str) -> bool:
        """Return whether a page of prices is not that of the program or its field."""
        titles = published_title_rules()
        return not is_same_page(url, self.record.program.url) and not titles.is_page_of_field(url)


PageClaim = tuple[str, str, ProgramClaim]
"""Place in the record, the address a claim rests on, as the file has it, and the claim."""


def _all_claims(record: Record, pages: _Pages) -> Iterator[PageClaim]:
    for path, part, claim in _claims_with_evidence(record, pages):
        if part.page is None:
            yield path, part.url, claim
        elif part.page.isdigit() and re.search(r"\.pdf($|\?)", part.url, re.IGNORECASE):
            yield path, f"{part.url.partition('#')[0]}#page={part.page}", claim
        else:
            note = "; ".join(filter(None, (claim.note, f"page {part.page}")))
            yield path, part.url, replace(claim, note=note)


Stated = tuple[str, EvidencePart, ProgramClaim]


def _claims_with_evidence(record: Record, pages: _Pages) -> Iterator[Stated]:
    yield from _accreditation("accreditation", record.accreditation, pages)
    yield from _costs("costs", record.costs, pages)
    yield from _refund_policy(record, pages)
    yield from _transfer(record, pages)
    yield from _practicum("practicum", record.practicum, record.practicum.evidence, pages)
    yield from _curriculum(record, pages)
    yield from _offering(record, pages)
    yield from _contact(record, pages)
    yield from _services(record, pages)
    yield from _outcomes("outcomes", record.outcomes, pages)
    for at, form in enumerate(record.forms):
        yield from _form(f"forms[{at}]", form, replace(pages, form=form.name))


def _form(path: str, form: FormPart, pages: _Pages) -> Iterator[Stated]:
    part = form.evidence or EvidencePart(url=pages.record.program.url)
    yield from _accreditation(f"{path}.accreditation", form.accreditation, pages)
    yield from _costs(f"{path}.costs", form.costs, pages)
    yield from _practicum(
        f"{path}.practicum", form.practicum, form.practicum.evidence or part, pages
    )
    yield from _outcomes(f"{path}.outcomes", form.outcomes, pages)
    offered = _offered(form, OFFERED)
    if offered or form.notes or form.duration_note:
        evidence = pages.evidence(f"{path}.evidence", part)
        yield (
            path,
            part,
            OfferingClaim(**evidence, **offered, as_stated=form.duration_note, note=form.notes),
        )


def _accreditation(path: str, rows: Sequence[AccreditationPart], pages: _Pages) -> Iterator[Stated]:
    for at, row in enumerate(rows):
        here = f"{path}[{at}]"
        of_program = row.scope == "program"
        names_award = of_program and pages.record.program.award_level and row.as_stated
        named = award_named_in(row.as_stated or "") if names_award else None
        body = body_of(published_remits(), row.accreditor) if of_program else None
        evidence = pages.evidence(here, row)
        evidence["form"] = None
        days = ("since", "awarded_on", "effective_on", "expires_on", "next_review")
        began, awarded, effective, expires, review = (
            pages.date(f"{here}.{name}", getattr(row, name)) for name in days
        )
        one_campus = len(row.campuses) == 1
        yield (
            here,
            row,
            AccreditationClaim(
                **evidence,
                scope=row.scope,
                accreditor=body or row.accreditor,
                status=_to_status(STATUSES[row.status], body),
                award_level=_to_level(row.award_level) if row.award_level else named,
                campus=row.campuses[0] if one_campus else None,
                campuses=[] if one_campus else row.campuses,
                forms=row.forms or ([pages.form] if pages.form else []),
                through_year=int(row.through_year) if row.through_year else None,
                began_on=began,
                awarded_on=awarded,
                effective_on=effective,
                expires_on=expires,
                next_review=review,
                as_stated=row.as_stated,
            ),
        )


def _to_level(award: str) -> str:
    """Return the award level that an accreditation covers; "certificate" where it is not closer."""
    level, *more = AWARDS[award]
    return CERTIFICATE if more else level


def _to_status(status: AccreditationStatus, body: str | None) -> AccreditationStatus:
    """Return a status as stated, unless the body that is named can only certify or approve."""
    if status is not AccreditationStatus.ACCREDITED or body is None:
        return status
    kinds = {remit.kind for remit in published_remits() if remit.body == body}
    return next((granted for kind, granted in GRANTED.items() if kind in kinds), status)


def _costs(path: str, rows: Sequence[CostPart], pages: _Pages) -> Iterator[Stated]:
    def heading(row: CostPart) -> tuple[str | None, ...]:
        return (row.kind, _to_unit(row), row.residency, row.applies_to)

    shared = Counter(heading(row) for row in rows)
    for at, row in enumerate(rows):
        here = f"{path}[{at}]"
        is_named = row.kind in {"fees", "technology", "other"} or shared[heading(row)] > 1
        low = to_cents(row.amount_usd)
        high = low if row.amount_max_usd is None else to_cents(row.amount_max_usd)
        words = fold(row.note or "")
        inside, including = _INSIDE.search(words), _INCLUDING.search(words)
        year = row.academic_year
        own_date = (f"{here}.academic_year", year) if year else None
        evidence = pages.evidence(here, row, own_date=own_date)
        if not year and not row.as_of:  # the year of an address is that of the page, not of a price
            evidence["as_of"] = pages.program_page_date(row.url)
        yield (
            here,
            row,
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


def _refund_policy(record: Record, pages: _Pages) -> Iterator[Stated]:
    if record.refund_policy_url:
        path, part = pages.fact("refund_policy_url", record.refund_policy_url)
        evidence = pages.evidence(path, part)
        yield path, part, CostClaim(**evidence, component=CostComponent.REFUND_POLICY)


def _to_unit(row: CostPart) -> str | None:
    if row.basis is not None:
        return CostUnit(row.basis)
    match = UNITS.search(fold(row.basis_as_stated or ""))
    return CostUnit(str(match.lastgroup)) if match else None


def _first_clause(note: str | None) -> str | None:
    return re.split(r"[,;:(]", note)[0].strip() or None if note else None


def _status_of(value: float | None) -> ValueStatus:
    return ValueStatus.PUBLISHED_WITHOUT_AMOUNT if value is None else ValueStatus.REPORTED


def _transfer(record: Record, pages: _Pages) -> Iterator[Stated]:
    transfer = record.transfer
    policy = transfer.transfer_policy_url
    if policy:
        path, part = pages.fact("transfer_policy_url", policy)
        evidence = pages.evidence(path, part)
        yield path, part, TransferClaim(**evidence, kind=TransferKind.POLICY, is_offered=True)
    for at, row in enumerate(transfer.articulation):
        path = f"transfer.articulation[{at}]"
        yield (
            path,
            row,
            TransferClaim(
                **pages.evidence(path, row),
                kind=TransferKind.ARTICULATION,
                is_offered=True,
                receiving_institution=row.to_institution,
                receiving_program=row.to_program,
                note=row.note,
            ),
        )
    limit, in_words = transfer.transfer_in_max_credits, transfer.transfer_in_max_as_stated
    if limit is not None or in_words:
        path, part = pages.fact("transfer_in_max", policy or record.program.url)
        yield (
            path,
            part,
            TransferClaim(
                **pages.evidence(path, part),
                kind=TransferKind.CREDITS_ACCEPTED,
                is_offered=limit != 0,
                credits_max=limit,
                as_stated=in_words,
            ),
        )
    if transfer.prior_learning is not None and transfer.prior_learning_url:
        path, part = pages.fact("prior_learning", transfer.prior_learning_url)
        yield (
            path,
            part,
            TransferClaim(
                **pages.evidence(path, part),
                kind=TransferKind.PRIOR_LEARNING,
                is_offered=transfer.prior_learning,
            ),
        )
    if stackable := transfer.stackable:
        path = "transfer.stackable"
        yield (
            path,
            stackable,
            TransferClaim(
                **pages.evidence(path, stackable),
                kind=TransferKind.STACKABLE,
                is_offered=stackable.value,
                note=stackable.detail,
            ),
        )


def _practicum(
    path: str, practicum: FormPracticumPart, part: EvidencePart | None, pages: _Pages
) -> Iterator[Stated]:
    if part is None or not practicum.says_something:
        return
    hours = practicum.hours or Spread.model_construct()
    yield (
        path,
        part,
        PracticumClaim(
            **pages.evidence(path, part),
            availability=_to_availability(practicum),
            hours_low=hours.low,
            hours_high=hours.high,
            format=practicum.format,
            is_site_arranged=practicum.placement_support,
            required_in=practicum.required_in,
            sites=list(dict.fromkeys(practicum.sites)),
            components=[_to_component(part) for part in practicum.components],
            note=practicum.note,
        ),
    )


def _to_component(part: ComponentPart) -> dict[str, object]:
    """Return a part of a practicum, its keys as PostgreSQL orders them, so that it stays equal."""
    hours = part.hours
    is_range = hours is not None and hours.low != hours.high
    exact = hours.low if hours and not is_range else None
    told: dict[str, object] = {"hours": exact, "label": part.label, "format": part.format}
    if hours and is_range:
        told |= {"hours_low": hours.low, "hours_high": hours.high}
    return told


def _to_availability(practicum: FormPracticumPart) -> Availability | None:
    """Return "none" only where the page says there is none: not required may be optional.

    What only some tracks require is optional in the program.
    """
    if practicum.required_in:
        return Availability.OPTIONAL
    if practicum.required is None:
        return None
    if practicum.required:
        return Availability.REQUIRED
    says_none = _NO_PRACTICUM.search(fold(practicum.note or ""))
    return Availability.NONE if says_none else Availability.OPTIONAL


def _curriculum(record: Record, pages: _Pages) -> Iterator[Stated]:
    path, part = pages.fact("curriculum_topics", record.program.url)
    for topic in dict.fromkeys(record.curriculum_topics):
        yield path, part, TopicClaim(**pages.evidence(path, part), topic=topic, is_covered=True)
    path, part = pages.fact("prepares_for", record.program.url)
    for text in _credentials_named(record):
        yield (
            path,
            part,
            PreparationClaim(
                **pages.evidence(path, part),
                credential_code=to_credential_code(text),
                as_stated=text,
            ),
        )


def _credentials_named(record: Record) -> list[str]:
    """Return what the program prepares for, without bodies that give out credentials or accredit.

    A program prepares for an exam, not for whoever holds it.
    """
    return [text for text in dict.fromkeys(record.prepares_for) if not _is_body(text)]


def _is_body(text: str) -> bool:
    named = {text.casefold(), to_credential_code(text).casefold()}
    is_issuer = not named.isdisjoint(published_sayers().issuer_names)
    return is_issuer or body_of(published_remits(), text) is not None


def to_credential_code(text: str) -> str:
    """Return a credential's code: "rhit" -> "RHIT", "Registered ... (RHIA)" -> "RHIA"."""
    codes = set(re.findall(r"\b[A-Z]{2,6}(?:-[A-Z]{1,3})?\b", text))
    return codes.pop() if len(codes) == 1 else text.upper()


def _offering(record: Record, pages: _Pages) -> Iterator[Stated]:
    """Yield one claim of all that stands on the program's page, and one of each other page."""
    program = record.program
    stated_on: dict[EvidencePart, tuple[str, list[str]]] = {}
    for name in OFFERED:
        path, part = pages.fact(name, program.url)
        stated_on.setdefault(part, (path, []))[1].append(name)
    own = EvidencePart(url=program.url)
    for part, (path, names) in stated_on.items():
        offered = _offered(program, names)
        if part != own and offered:
            as_stated = program.duration_note if "duration_months" in names else None
            evidence = pages.evidence(path, part)
            yield path, part, OfferingClaim(**evidence, **offered, as_stated=as_stated)
    _, names = stated_on.get(own, ("", []))
    bodies = []
    for at, text in enumerate(record.prepares_for):
        if _is_body(text):
            bodies.append(text)
            what = "a body, not a credential"
            pages.reading.remark(f"prepares_for[{at}]", text, what, "Kept as a note")
    notes = [record.notes] if record.notes else []
    notes += [f"The page names {', '.join(bodies)} where it tells of exams."] if bodies else []
    is_length_here = "duration_months" in names
    yield (
        "program",
        own,
        OfferingClaim(
            **pages.evidence("program", own),
            **_offered(program, names),
            joint_with=_to_partner(record),
            as_stated=program.duration_note if is_length_here else None,
            note=" ".join(notes) or None,
        ),
    )


def _contact(record: Record, pages: _Pages) -> Iterator[Stated]:
    """Yield whom to ask, a claim by itself."""
    ask = record.program.contact
    if ask is not None and (ask.mail or ask.phone):
        path, part = pages.fact("contact", record.program.url)
        yield (
            path,
            part,
            OfferingClaim(
                **pages.evidence(path, part),
                contact_role=ask.role,
                contact_mail=ask.mail,
                contact_phone=ask.phone,
            ),
        )


def _offered(part: ProgramPart | FormPart, names: Sequence[str]) -> dict[str, Any]:
    """Return the fields of an offering claim that some facts of a program, or a form, fill."""
    told: dict[str, Any] = {}
    if "delivery" in names and part.delivery:
        told["delivery"] = list(dict.fromkeys(part.delivery))
    if "credits_total" in names and (load := part.credits_total):
        is_range = load.low != load.high
        told |= {"credits_low": load.low, "credits_high": load.high} if is_range else {}
        told |= {"credit_unit": part.credit_unit}
        told |= {} if is_range else {"credits": load.low}
    if "duration_months" in names:
        low, high = _to_months(part.duration_months, part.duration_note)
        told |= {"months_low": low, "months_high": high} if low or high else {}
    if "enrollment_status" in names and part.enrollment_status:
        told["enrollment_status"] = part.enrollment_status
    if "campuses" in names and part.campuses:
        told["campuses"] = part.campuses
    return told


def _to_months(months: Spread | None, note: str | None) -> tuple[float | None, float | None]:
    """Return the shortest and longest length; a length "at most" has no shortest.

    One "at least" tells no length: how long it takes is not known.
    """
    if months is None or months.high is None:
        return None, None
    if months.low != months.high:
        return months.low, months.high
    stated = _MONTH_RANGE.search(note or "")
    if stated and months.low in {float(stated[1]), float(stated[2])}:
        return float(stated[1]), float(stated[2])
    return (None if _AT_MOST.search(note or "") else months.low), months.high


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


def _services(record: Record, pages: _Pages) -> Iterator[Stated]:
    if services := record.career_services:
        path = "career_services"
        yield (
            path,
            services,
            ServiceClaim(
                **pages.evidence(path, services),
                service=ServiceKind.CAREER_SERVICES,
                is_offered=services.offered,
                note=services.detail,
            ),
        )


def _outcomes(path: str, rows: Sequence[OutcomePart], pages: _Pages) -> Iterator[Stated]:
    for at, row in enumerate(rows):
        here = f"{path}[{at}]"
        own_date = (f"{here}.year", row.year) if row.year else None
        value = row.value
        if value is None and row.person_count and row.reached_count is not None:
            value = round(100 * row.reached_count / row.person_count, 1)
        yield (
            here,
            row,
            OutcomeClaim(
                **pages.evidence(here, row, own_date=own_date),
                metric=row.metric,
                value=value,
                unit=row.unit or "percent",
                credential_code=to_credential_code(row.credential) if row.credential else None,
                cohort=row.cohort or row.year,
                reached_count=row.reached_count,
                person_count=row.person_count,
                definition=row.definition,
                note=row.note,
                value_status=_status_of(value),
            ),
        )
