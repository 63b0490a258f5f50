"""A program as linked data."""

from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from itertools import islice

from app.domain.claims import (
    CostClaim,
    OfferingClaim,
    PracticumClaim,
    PreparationClaim,
    ProgramClaim,
)
from app.domain.vocabulary import (
    GONE,
    AwardLevel,
    CostComponent,
    Delivery,
    EnrollmentStatus,
    Residency,
    SchoolStatus,
    ServiceKind,
)
from app.exports.linked_data import (
    ENGLISH,
    Node,
    Site,
    accreditation,
    aligned,
    ctid,
    described,
    duration,
    english,
    fact,
    known,
    leads,
    offers,
    plain_facts,
    record,
    said,
)
from app.exports.linked_institutions import place_of, school_path, to_school
from app.schemas.claims import ClaimRead
from app.schemas.details import ProgramRead

CIP = "https://nces.ed.gov/ipeds/cipcode/"
SOC = "https://www.bls.gov/soc/2018/"

AWARDS = {
    AwardLevel.CERTIFICATE_UNDER_12_WEEKS: "Certificate",
    AwardLevel.CERTIFICATE_UNDER_1_YEAR: "Certificate",
    AwardLevel.CERTIFICATE_1_TO_2_YEARS: "Certificate",
    AwardLevel.CERTIFICATE_2_TO_4_YEARS: "Certificate",
    AwardLevel.ASSOCIATE: "AssociateDegree",
    AwardLevel.BACHELOR: "BachelorDegree",
    AwardLevel.POSTBACCALAUREATE_CERTIFICATE: "PostBaccalaureateCertificate",
    AwardLevel.MASTER: "MasterDegree",
    AwardLevel.POSTMASTER_CERTIFICATE: "PostMasterCertificate",
    AwardLevel.DOCTORATE_RESEARCH: "ResearchDoctorate",
    AwardLevel.DOCTORATE_PROFESSIONAL: "ProfessionalDoctorate",
    AwardLevel.DOCTORATE_OTHER: "DoctoralDegree",
}
"""Award -> class of CTDL."""

KINDS_OF_AWARD = {
    AwardLevel.CERTIFICATE_UNDER_12_WEEKS: "Certificate of under 12 weeks",
    AwardLevel.CERTIFICATE_UNDER_1_YEAR: "Certificate of under 1 year",
    AwardLevel.CERTIFICATE_1_TO_2_YEARS: "Certificate of 1 to 2 years",
    AwardLevel.CERTIFICATE_2_TO_4_YEARS: "Certificate of 2 to 4 years",
    AwardLevel.ASSOCIATE: "Associate degree",
    AwardLevel.BACHELOR: "Bachelor's degree",
    AwardLevel.POSTBACCALAUREATE_CERTIFICATE: "Postbaccalaureate certificate",
    AwardLevel.MASTER: "Master's degree",
    AwardLevel.POSTMASTER_CERTIFICATE: "Post-master's certificate",
    AwardLevel.DOCTORATE_RESEARCH: "Research doctorate",
    AwardLevel.DOCTORATE_PROFESSIONAL: "Professional doctorate",
    AwardLevel.DOCTORATE_OTHER: "Doctorate",
}
"""Award -> how a description begins, and the name of one that its school does not name."""

FORMATS = {
    Delivery.CAMPUS: "on campus",
    Delivery.HYBRID: "partly online",
    Delivery.ONLINE: "online",
}
ON_CAMPUS = frozenset({Delivery.CAMPUS, Delivery.HYBRID})
"""Delivery that brings one to the school."""

MODES = {
    Delivery.CAMPUS: ("onsite", "deliveryType:InPerson"),
    Delivery.HYBRID: ("blended", "deliveryType:BlendedDelivery"),
    Delivery.ONLINE: ("online", "deliveryType:OnlineOnly"),
}
"""Delivery -> word of schema.org for it, concept of CTDL."""

LIFE = {
    EnrollmentStatus.OPEN: "lifeCycle:Active",
    EnrollmentStatus.PAUSED: "lifeCycle:Suspended",
    EnrollmentStatus.DISCONTINUED: "lifeCycle:Ceased",
}

CREDITS = {
    "clock_hour": "creditUnit:ClockHour",
    "competency_unit": "creditUnit:CompetencyCredit",
    "quarter": "creditUnit:QuarterHour",
}
"""Unit of credits -> concept of CTDL; a credit hour may be of a semester or of a quarter."""


def to_program(read: ProgramRead, site: Site) -> Node:
    """Return a program with its award, school, prices and what it leads to."""
    path = f"programs/{read.slug}"
    iri = site.iri(path)
    site = replace(site, school=site.iri(school_path(read.institution)))
    page = site.pages(path, read.links.program_page)
    sold, costs = offers(_prices(read), site)
    study = _study(read, site)
    return known(
        {
            "@id": iri,
            "@type": ["EducationalOccupationalProgram", "ceterms:LearningProgram"],
            "name": read.name,
            "ceterms:name": english(read.name),
            **ctid(path),
            **described(_description(read)),
            **page,
            "ceterms:inLanguage": ENGLISH,
            **_availability(read, page["url"]),
            **_field(read),
            **_occupations(read, site),
            **_award(read, iri),
            "provider": to_school(read.institution, site),
            "ceterms:ownedBy": site.school,
            "ceterms:offeredBy": site.school,
            **study,
            "contactPoint": [
                _contact(claim, site)
                for claim in read.offerings
                if claim.stated.has_contact and leads(claim)
            ],
            "offers": sold,
            "ceterms:estimatedCost": costs,
            **accreditation(
                (claim for claim in read.accreditations if claim.level == "program"),
                site,
                read.as_of,
            ),
            "ceterms:isPreparationFor": [
                _preparation(claim, site) for claim in filter(leads, read.preparation)
            ],
            "ceterms:subject": [
                {**aligned(None, claim.stated.topic), "subjectOf": said(claim.evidence, site)}
                for claim in filter(leads, read.topics)
                if claim.stated.is_covered
            ],
            "subjectOf": [*study["subjectOf"], *_facts(read, site)],
            "mainEntityOfPage": record(iri, read, site, dateModified=read.updated_at.isoformat()),
        }
    )


def _description(read: ProgramRead) -> str:
    """Return in sentences what a program is, where, how and for how long, as far as it is known."""
    school = read.institution
    award = KINDS_OF_AWARD.get(read.award_level, "Program") if read.award_level else "Program"
    field = f" in {read.cip_title.removesuffix('.')}" if read.cip_title else ""
    place = ", ".join(part for part in (school.city, school.state) if part)
    where = f" in {place}" if place else ""
    told = [f"{award}{field} at {school.name}{where}."]
    if read.delivery:
        told.append(f"Offered {' or '.join(FORMATS[mode] for mode in read.delivery)}.")
    if read.months:
        low, high = read.months.low, read.months.high
        told.append(f"Takes {low:g}{'' if low == high else f' to {high:g}'} months.")
    return " ".join(told)


def _availability(read: ProgramRead, page: str) -> Node:
    """Return where a program can be studied; the page about it lists that in any case."""
    ways = set(read.delivery or ())
    return {
        "ceterms:availabilityListing": page,
        "ceterms:availableOnlineAt": page if Delivery.ONLINE in ways else None,
        "ceterms:availableAt": place_of(read.institution) if ways & ON_CAMPUS else None,
    }


def _field(read: ProgramRead) -> Node:
    if read.cip_code is None:
        return {}
    return {
        "identifier": {
            "@type": "PropertyValue",
            "propertyID": "CIP2020",
            "value": read.cip_code,
        },
        "ceterms:instructionalProgramType": aligned(
            None,
            read.cip_title,
            framework=CIP,
            frameworkName=english("Classification of Instructional Programs, 2020"),
            codedNotation=read.cip_code,
        ),
    }


def _occupations(read: ProgramRead, site: Site) -> Node:
    coded, aligning = [], []
    for occupation in site.references.occupations.get(read.cip_code or "", []):
        evidence = said(occupation.evidence, site)
        coded.append(
            {
                "@type": "CategoryCode",
                "inCodeSet": SOC,
                "codeValue": occupation.soc_code,
                "name": occupation.title,
                "subjectOf": evidence,
            }
        )
        aligning.append(
            {
                **aligned(
                    None,
                    occupation.title,
                    framework=SOC,
                    frameworkName=english("Standard Occupational Classification, 2018"),
                    codedNotation=occupation.soc_code,
                ),
                "subjectOf": evidence,
            }
        )
    return {"occupationalCategory": coded, "ceterms:occupationType": aligning}


def _award(read: ProgramRead, iri: str) -> Node:
    if read.award_level is None and read.award_as_stated is None:
        return {}
    kind = [f"ceterms:{AWARDS[read.award_level]}"] if read.award_level else []
    award = {
        "@id": f"{iri}#award",
        "@type": ["EducationalOccupationalCredential", *kind],
        "name": _name_of_award(read),
        "ceterms:name": english(_name_of_award(read)) if kind else None,
        "credentialCategory": read.award_level,
    }
    return {
        "educationalCredentialAwarded": known(award),
        "ceterms:resultsInCredential": award["@id"] if kind else None,
    }


def _name_of_award(read: ProgramRead) -> str:
    """Return what a school calls what it confers, else what kind of award it is and in what."""
    if read.award_as_stated or read.award_level is None:
        return read.award_as_stated or read.name
    kind = KINDS_OF_AWARD[read.award_level]
    return f"{kind} in {read.cip_title.removesuffix('.')}" if read.cip_title else kind


def _study(read: ProgramRead, site: Site) -> Node:
    """Return how one studies: mode, length, credits, and the claims these plain values rest on."""
    offerings = [claim for claim in read.offerings if not claim.evidence.stale]
    rests: dict[tuple[str, ...], list[ClaimRead[ProgramClaim]]] = {}
    node: Node = {}
    if read.delivery:
        modes = [MODES[mode] for mode in read.delivery]
        node["educationalProgramMode"] = [word for word, _ in modes]
        node["ceterms:deliveryType"] = [aligned(concept) for _, concept in modes]
        told: list[ClaimRead[ProgramClaim]] = [
            claim for claim in offerings if claim.stated.delivery
        ]
        whole = [s for s in read.services if s.stated.service == ServiceKind.ALL_PROGRAMS_DISTANCE]
        rests["educationalProgramMode", "ceterms:deliveryType"] = told or [*whole[:1]]
    if read.months:
        low, high = duration(read.months.low), duration(read.months.high)
        node["timeToComplete"] = low if low == high else None
        node["ceterms:estimatedDuration"] = {
            "@type": "ceterms:DurationProfile",
            **(
                {"ceterms:exactDuration": low}
                if low == high
                else {"ceterms:minimumDuration": low, "ceterms:maximumDuration": high}
            ),
        }
        stated = (claim for claim in offerings if claim.stated.months_low == read.months.low)
        rests["timeToComplete", "ceterms:estimatedDuration"] = [*islice(stated, 1)]
    leading = [
        claim
        for claim in read.offerings
        if claim.level == "program" and leads(claim) and not claim.stated.has_contact
    ]
    for claim in leading[:1]:
        node |= _credits(claim)
        if claim.stated.credits is not None:
            rests["numberOfCredits", "ceterms:creditValue"] = [claim]
        if claim.stated.enrollment_status:
            status = LIFE[EnrollmentStatus(claim.stated.enrollment_status)]
            node["ceterms:lifeCycleStatusType"] = aligned(status)
            rests["ceterms:lifeCycleStatusType",] = [claim]
    school = read.institution
    if school.status in GONE:
        is_closing = school.status == SchoolStatus.CLOSING
        life = "lifeCycle:Suspended" if is_closing else "lifeCycle:Ceased"
        node["ceterms:lifeCycleStatusType"] = aligned(life)
        rests.pop(("ceterms:lifeCycleStatusType",), None)
        life_rests = school.status_evidence
    elif "ceterms:lifeCycleStatusType" in node:
        life_rests = []
    else:
        # somebody completed it lately
        counts = (one for one in read.all_completions if one.count and not one.evidence.stale)
        life_rests = [one.evidence for one in islice(counts, 1)]
        if life_rests:
            node["ceterms:lifeCycleStatusType"] = aligned("lifeCycle:Active")
    node["subjectOf"] = [
        said(claim.evidence, site, about) for about, claims in rests.items() for claim in claims
    ] + [said(one, site, ("ceterms:lifeCycleStatusType",)) for one in life_rests]
    return node


def _contact(claim: ClaimRead[OfferingClaim], site: Site) -> Node:
    told = claim.stated
    return known(
        {
            "@type": "ContactPoint",
            "contactType": told.contact_role and told.contact_role.replace("_", " "),
            "email": told.contact_mail,
            "telephone": told.contact_phone,
            "subjectOf": said(claim.evidence, site),
        }
    )


def _credits(claim: ClaimRead[OfferingClaim]) -> Node:
    if claim.stated.credits is None:
        return {}
    return {
        "numberOfCredits": known(
            {
                "@type": "QuantitativeValue",
                "value": claim.stated.credits,
                "unitText": claim.stated.credit_unit,
            }
        ),
        "ceterms:creditValue": known(
            {
                "@type": "ceterms:ValueProfile",
                "value": claim.stated.credits,
                "ceterms:creditUnitType": CREDITS.get(claim.stated.credit_unit or ""),
            }
        ),
    }


def _preparation(claim: ClaimRead[PreparationClaim], site: Site) -> Node:
    """Return what a program says it prepares for, in its own word and by the address it stands for.

    A credential that the catalogue does not hold has a name only.
    """
    code = site.references.credentials.get(claim.stated.credential_code)
    return known(
        {
            "@type": "ceterms:ConditionProfile",
            "ceterms:name": english(claim.stated.credential_code),
            "ceterms:targetCredential": {"@id": site.iri(f"credentials/{code}")} if code else None,
            "subjectOf": said(claim.evidence, site),
        }
    )


def _prices(read: ProgramRead) -> list[ClaimRead[CostClaim]]:
    """Return the program's own prices, and those of the school that its headline price is of."""
    own = [claim for claim in read.costs if claim.level == "program" and leads(claim)]
    return own if read.price is None or read.price.level == "program" else own + _headline(read)


def _headline(read: ProgramRead) -> list[ClaimRead[CostClaim]]:
    """Return the prices of the school that the headline price is of, for whom it holds."""
    price = read.price
    is_for_all = price is not None and price.residency == Residency.ANY
    stated_for = (Residency.ANY, Residency.IN_STATE) if is_for_all else (price and price.residency,)
    alike = [
        claim
        for claim in read.costs
        if price
        and (
            claim.level,
            claim.stated.unit,
            claim.evidence.source,
            claim.evidence.as_of,
        )
        == (price.level, price.basis, price.source, price.academic_year)
        and claim.stated.residency in stated_for
        and claim.stated.amount_low_usd is not None
        and claim.stated.amount_low_usd == claim.stated.amount_high_usd
    ]
    for claim in alike:
        if claim.stated.component == CostComponent.TUITION_AND_FEES:
            return [_for_all(claim) if is_for_all else claim]
    tuition = [claim for claim in alike if claim.stated.component == CostComponent.TUITION]
    fees = [claim for claim in alike if claim.stated.component == CostComponent.FEES]
    for one in tuition:
        for other in fees:
            total = (one.stated.amount_low_usd or 0) + (other.stated.amount_low_usd or 0)
            if price and round(total, 2) == price.tuition_and_fees_usd:
                return [_for_all(part) if is_for_all else part for part in (one, other)]
    return []


def _for_all(claim: ClaimRead[CostClaim]) -> ClaimRead[CostClaim]:
    """Return a price of residents that everybody pays."""
    told = copy(claim)
    told._claim = replace(claim.stated, residency=Residency.ANY)
    return told


def _facts(read: ProgramRead, site: Site) -> Iterable[Node]:
    for answer in filter(leads, read.online_completions):
        yield fact(
            "completion_online", answer.evidence, site, value=answer.stated.completion_online
        )
    for claim in filter(leads, read.practicum):
        yield from _practicum(claim, site)
    for count in read.all_completions:
        if not count.evidence.stale:
            yield fact("completions", count.evidence, site, value=count.count, unitText="awards")
    yield from plain_facts(
        [claim for claim in read.transfer if claim.level == "program"],
        [claim for claim in read.outcomes if claim.level == "program"],
        [claim for claim in read.services if claim.level == "program"],
        site,
    )


def _practicum(claim: ClaimRead[PracticumClaim], site: Site) -> Iterable[Node]:
    if claim.stated.availability:
        yield fact("practicum", claim.evidence, site, value=claim.stated.availability)
    if claim.stated.hours_low is not None or claim.stated.hours_high is not None:
        yield fact(
            "practicum_hours",
            claim.evidence,
            site,
            low=claim.stated.hours_low,
            high=claim.stated.hours_high,
            unitText="hours",
        )
    if claim.stated.format:
        yield fact("practicum_format", claim.evidence, site, value=claim.stated.format)
