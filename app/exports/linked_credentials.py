"""A credential as linked data."""

from collections.abc import Iterable
from urllib.parse import quote

from app.domain.vocabulary import CredentialStatus
from app.exports.linked_data import (
    CTDL_COSTS,
    ENGLISH,
    Node,
    Site,
    aligned,
    ctid,
    described,
    duration,
    english,
    fact,
    known,
    money,
    record,
    said,
)
from app.schemas.credentials import CellRead, CredentialRead, RouteRead, StatementRead

STATUSES = {
    CredentialStatus.OFFERED: "credentialStat:Active",
    CredentialStatus.RETIRED: "credentialStat:Deprecated",
}
"""Status -> concept of CTDL; an unknown one has none."""

Told = tuple[CellRead, StatementRead]


def to_credential(read: CredentialRead, site: Site) -> Node:
    """Return a credential with its issuer, its exam, what it costs and how it is renewed."""
    path = f"credentials/{read.code}"
    iri = site.iri(path)
    issuer = site.iri(f"credentials?issuer={quote(read.issuer)}#issuer")
    told = [
        (cell, cell.current)
        for cell in read.cells
        if cell.current and not cell.current.evidence.stale
    ]
    fees = [
        _fee(cell, statement.value_low, statement, site)
        for cell, statement in told
        if cell.field.endswith("_fee")
        and statement.unit == "USD"
        and statement.value_low is not None
    ]
    names = [name.name for name in read.other_names if name.relation == "former"]
    status = STATUSES.get(read.status)
    return known(
        {
            "@id": iri,
            "@type": ["EducationalOccupationalCredential", "ceterms:Certification"],
            "name": read.name,
            "ceterms:name": english(read.name),
            "alternateName": [read.code, *names],
            "ceterms:alternateName": {ENGLISH: [read.code, *names]},
            "identifier": {"@type": "PropertyValue", "propertyID": "code", "value": read.code},
            **ctid(path),
            **described(read.summary),
            **site.pages(path, read.page_url),
            "ceterms:inLanguage": ENGLISH,
            "credentialCategory": "certification",
            "educationalLevel": read.level,
            "about": {"@type": "DefinedTerm", "termCode": read.focus},
            "creativeWorkStatus": None if read.status == CredentialStatus.UNKNOWN else read.status,
            "ceterms:credentialStatusType": aligned(status) if status else None,
            "provider": {
                "@id": issuer,
                "@type": ["Organization", "ceterms:CredentialOrganization"],
                "name": read.issuer_name,
                "ceterms:name": english(read.issuer_name),
                "alternateName": read.issuer,
                "url": read.issuer_url,
                "sameAs": read.issuer_url,
                "ceterms:subjectWebpage": read.issuer_url,
                "ceterms:agentType": aligned("orgType:CertificationBody"),
            },
            "ceterms:ownedBy": issuer,
            "ceterms:offeredBy": issuer,
            "offers": [offer for offer, _ in fees],
            "ceterms:estimatedCost": [cost for _, cost in fees],
            **_renewal(told),
            **_exam(read, told, site),
            "subjectOf": [_fact(*pair, site) for pair in told],
            "mainEntityOfPage": record(iri, read, site),
        }
    )


def _fact(cell: CellRead, told: StatementRead, site: Site) -> Node:
    """Return a cell; its qualifier (member, scored ...) and the year it is about stand beside."""
    has_number = told.value_low is not None or told.value_high is not None
    return fact(
        cell.field,
        told.evidence,
        site,
        value=None if has_number else told.value_text,
        low=told.value_low,
        high=told.value_high,
        unitText=told.unit,
        name=cell.label,
        description=told.value_text if has_number else None,
        valueReference=[
            {"@type": "PropertyValue", "propertyID": key, "value": value}
            for key, value in (("qualifier", cell.qualifier), ("year", cell.year), ("n", told.n))
            if value is not None
        ],
    )


def _fee(cell: CellRead, low: float, told: StatementRead, site: Site) -> tuple[Node, Node]:
    """Return a fee as an offer of schema.org and as a cost profile of CTDL."""
    evidence = said(told.evidence, site)
    offer, cost = money(low, told.value_high, None, told.evidence)
    kind = CTDL_COSTS.get(cell.field)
    return known(
        {
            "@type": "Offer",
            "category": cell.field,
            "name": cell.qualifier,
            **offer,
            "subjectOf": evidence,
        }
    ), known(
        {
            "@type": "ceterms:CostProfile",
            "ceterms:name": english(cell.label),
            "ceterms:description": english(told.value_text),
            **cost,
            "ceterms:directCostType": aligned(kind) if kind else None,
            "subjectOf": evidence,
        }
    )


def _renewal(told: Iterable[Told]) -> Node:
    for cell, statement in told:
        if cell.field == "renewal_cycle_months" and statement.value_low == statement.value_high:
            cycle = duration(statement.value_low)
            return {"validFor": cycle, "ceterms:renewalFrequency": cycle}
    return {}


def _exam(read: CredentialRead, told: Iterable[Told], site: Site) -> Node:
    """Return what must be met: the exam, and one of the routes that open it."""
    minutes = [
        {
            "@type": "ceterms:DurationProfile",
            "ceterms:exactDuration": f"PT{statement.value_low:g}M",
            "subjectOf": said(statement.evidence, site),
        }
        for cell, statement in told
        if cell.field == "exam_minutes"
        and cell.qualifier is None
        and statement.value_low is not None
        and statement.value_low == statement.value_high
    ]
    exam = {
        "@type": "ceterms:AssessmentProfile",
        "ceterms:name": english(f"{read.code} exam"),
        "ceterms:estimatedDuration": minutes,
    }
    routes = [
        _route(route, site)
        for route in (read.eligibility.any_of if read.eligibility else [])
        if route.decides and not route.conflicting and not route.evidence.stale
    ]
    if not minutes and not routes:
        return {}
    return {
        "ceterms:requires": known(
            {
                "@type": "ceterms:ConditionProfile",
                "ceterms:targetAssessment": known(exam) if minutes else None,
                "ceterms:alternativeCondition": routes,
            }
        )
    }


def _route(route: RouteRead, site: Site) -> Node:
    return {
        "@type": "ceterms:ConditionProfile",
        "ceterms:name": english(route.route),
        "ceterms:description": english(route.text),
        "subjectOf": said(route.evidence, site),
    }
