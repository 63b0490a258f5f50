"""A school as linked data."""

from collections.abc import Iterable

from app.domain.field_outcomes import FIGURES, population_of
from app.domain.vocabulary import Control, InstitutionLevel
from app.exports.linked_data import (
    Node,
    Site,
    accreditation,
    aligned,
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

CONFERS_DEGREES = frozenset({InstitutionLevel.FOUR_YEAR, InstitutionLevel.TWO_YEAR})


def school_iri(school: InstitutionDetail, site: Site) -> str:
    """Return the address of a school: by its UNITID, else by its slug."""
    return site.iri(f"institutions/{school.unitid or school.slug}")


def to_school(school: InstitutionDetail, site: Site) -> Node:
    """Return a school as its directory has it: names, identifiers and place."""
    kind = "CollegeOrUniversity" if school.level in CONFERS_DEGREES else "EducationalOrganization"
    identifiers = {"UNITID": school.unitid and str(school.unitid), "OPEID": school.opeid}
    return known(
        {
            "@id": school_iri(school, site),
            "@type": [kind, "ceterms:CredentialOrganization"],
            "name": school.name,
            "ceterms:name": english(school.name),
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
            "url": school.website,
            "sameAs": school.website,
            "ceterms:subjectWebpage": school.website,
            **_at(school),
            "ceterms:agentSectorType": aligned(SECTORS[school.control]) if school.control else None,
            "dissolutionDate": school.closed_on,
            "subjectOf": [said(school.evidence, site)],
        }
    )


def _at(school: InstitutionDetail) -> Node:
    point = {"latitude": school.latitude, "longitude": school.longitude}
    on_map = None not in point.values()
    address = {
        "streetAddress": school.address,
        "addressLocality": school.city,
        "addressRegion": school.state,
    }
    return {
        "address": known(
            {
                "@type": "PostalAddress",
                **address,
                "postalCode": school.zip_code,
                "addressCountry": "US",
            }
        ),
        "geo": {"@type": "GeoCoordinates", **point} if on_map else None,
        "ceterms:address": known(
            {
                "@type": "ceterms:Place",
                **{f"ceterms:{term}": english(text) for term, text in address.items()},
                "ceterms:postalCode": school.zip_code,
                **({f"ceterms:{term}": value for term, value in point.items()} if on_map else {}),
            }
        ),
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
