"""A school as linked data."""

from collections.abc import Iterable

from app.domain.field_outcomes import FIGURES, population_of
from app.domain.vocabulary import GONE, Control, InstitutionLevel, SchoolStatus
from app.exports.linked_data import (
    Node,
    Site,
    accreditation,
    aligned,
    ctid,
    described,
    english,
    fact,
    known,
    leads,
    offers,
    plain_facts,
    record,
    said,
)
from app.schemas.institutions import InstitutionRead
from app.schemas.programs import InstitutionDetail

SECTORS = {
    Control.PUBLIC: "agentSector:Public",
    Control.PRIVATE_NONPROFIT: "agentSector:PrivateNonProfit",
    Control.PRIVATE_FOR_PROFIT: "agentSector:PrivateForProfit",
}

CONTROLS = {
    Control.PUBLIC: "Public",
    Control.PRIVATE_NONPROFIT: "Private nonprofit",
    Control.PRIVATE_FOR_PROFIT: "Private for-profit",
}
"""Control -> how a description begins."""

CONFERS_DEGREES = frozenset({InstitutionLevel.FOUR_YEAR, InstitutionLevel.TWO_YEAR})


def school_path(school: InstitutionDetail) -> str:
    """Return the path of a school under /v1, and of its page: by its UNITID, else by its slug."""
    return f"institutions/{school.unitid or school.slug}"


def to_school(school: InstitutionDetail, site: Site) -> Node:
    """Return a school as its directory has it: names, identifiers and place."""
    kind = "CollegeOrUniversity" if school.level in CONFERS_DEGREES else "EducationalOrganization"
    identifiers = {"UNITID": school.unitid and str(school.unitid), "OPEID": school.opeid}
    return known(
        {
            "@id": site.iri(school_path(school)),
            "@type": [kind, "ceterms:CredentialOrganization"],
            "name": school.name,
            "ceterms:name": english(school.name),
            **ctid(school_path(school)),
            **described(_description(school)),
            "alternateName": [
                *school.aliases,
                *(former.name for former in school.former_names or ()),
            ],
            "identifier": [
                {"@type": "PropertyValue", "propertyID": name, "value": value}
                for name, value in identifiers.items()
                if value
            ],
            "ceterms:ipedsID": identifiers["UNITID"],
            "ceterms:opeID": school.opeid,
            **site.pages(school_path(school), school.website),
            **_at(school),
            "ceterms:agentType": aligned(
                "orgType:Postsecondary" if school.unitid else "orgType:TrainingProvider"
            ),
            "ceterms:agentSectorType": aligned(SECTORS[school.control]) if school.control else None,
            "ceterms:lifeCycleStatusType": _life(school),
            "dissolutionDate": school.closed_on,
            "subjectOf": [said(school.evidence, site)],
        }
    )


def _description(school: InstitutionDetail) -> str:
    """Return in a sentence of what kind a school is, and where."""
    kind = CONTROLS.get(school.control, "") if school.control else ""
    level = "college or university" if school.level in CONFERS_DEGREES else "school"
    what = f"{kind} {level}".strip().capitalize()
    place = ", ".join(part for part in (school.city, school.state) if part)
    return f"{what} in {place}, US." if place else f"{what} in the US."


def _life(school: InstitutionDetail) -> Node | None:
    if school.status not in GONE:
        return aligned("lifeCycle:Active") if school.is_active else None
    is_closing = school.status == SchoolStatus.CLOSING
    return aligned("lifeCycle:Ceasing" if is_closing else "lifeCycle:Ceased")


def place_of(school: InstitutionDetail) -> Node:
    """Return where a school is, as CTDL has places."""
    point = {"latitude": school.latitude, "longitude": school.longitude}
    on_map = None not in point.values()
    address = {
        "streetAddress": school.address,
        "addressLocality": school.city,
        "addressRegion": school.state,
    }
    return known(
        {
            "@type": "ceterms:Place",
            **{f"ceterms:{term}": english(text) for term, text in address.items()},
            "ceterms:addressCountry": english("US"),
            "ceterms:postalCode": school.zip_code,
            **({f"ceterms:{term}": value for term, value in point.items()} if on_map else {}),
        }
    )


def _at(school: InstitutionDetail) -> Node:
    point = {"latitude": school.latitude, "longitude": school.longitude}
    on_map = None not in point.values()
    return {
        "address": known(
            {
                "@type": "PostalAddress",
                "streetAddress": school.address,
                "addressLocality": school.city,
                "addressRegion": school.state,
                "postalCode": school.zip_code,
                "addressCountry": "US",
            }
        ),
        "geo": {"@type": "GeoCoordinates", **point} if on_map else None,
        "ceterms:address": place_of(school),
    }


def _of_fields(read: InstitutionRead, site: Site) -> Iterable[Node]:
    """Yield what graduates of each field and level of a school earn and owe."""
    for claim in filter(leads, read.field_outcomes):
        for figure in FIGURES:
            if (value := getattr(claim.stated, figure)) is not None:
                yield fact(
                    f"field_{figure.removesuffix('_usd')}",
                    claim.evidence,
                    site,
                    value=value,
                    unitText="USD",
                    description=population_of(claim.stated),
                )


def to_institution(read: InstitutionRead, site: Site) -> Node:
    """Return a school with what is claimed of it as a whole, and its programs by address."""
    node = to_school(read, site)
    facts = [
        *plain_facts(read.transfer, read.outcomes, read.services, site),
        *_of_fields(read, site),
    ]
    sold, _ = offers(filter(leads, read.costs), site)
    return node | known(
        {
            **accreditation(read.accreditations, site, read.as_of),
            "makesOffer": sold,
            "subjectOf": [*node["subjectOf"], *facts],
            "ceterms:offers": [site.iri(f"programs/{program.slug}") for program in read.programs],
            "mainEntityOfPage": record(node["@id"], read, site),
        }
    )
