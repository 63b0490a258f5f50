"""Linked data: the context, the facts with who says them, and the nodes that subjects share.

Nodes speak schema.org and CTDL (credreg.net) side by side. What is unknown, withheld, stale or
contradicted is left out, never 0 or "none".
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from app.domain.checklist.accreditors import LASTING_ACCREDITATION
from app.domain.claims import (
    AccreditationClaim,
    CostClaim,
    OutcomeClaim,
    ProgramClaim,
    ServiceClaim,
    TransferClaim,
)
from app.domain.evidence import to_span
from app.domain.text.addresses import to_iri
from app.domain.vocabulary import AccreditationStatus, Basis, CostComponent, Residency
from app.schemas.claims import LEADING, ClaimRead
from app.schemas.linked_data import References
from app.schemas.pages import Evidence, Stamp

Node = dict[str, Any]
"""A JSON-LD object; its keys are terms of CONTEXT."""

_CONCEPTS = ("agentSector", "costType", "credentialStat", "creditUnit", "deliveryType", "orgType")
_WORDS = (
    "addressCountry",
    "addressLocality",
    "addressRegion",
    "alternateName",
    "description",
    "frameworkName",
)
_PAGES = ("availabilityListing", "availableOnlineAt", "subjectWebpage")
_IRIS = ("framework", "offeredBy", "offers", "ownedBy", "resultsInCredential", "sameAs")

CONTEXT: dict[str, Any] = {
    "@vocab": "https://schema.org/",
    "schema": "https://schema.org/",
    "ceterms": "https://purl.org/ctdl/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{
        name: f"https://purl.org/ctdl/vocabs/{name}/"
        for name in (*_CONCEPTS, "lifeCycle", "residency")
    },
    **{name: {"@type": "@id"} for name in ("inCodeSet", "isBasedOn", "sameAs", "url")},
    **{
        f"ceterms:{name}": {"@container": "@language"}
        for name in (
            *_WORDS,
            "frameworkName",
            "name",
            "paymentPattern",
            "streetAddress",
            "targetNodeName",
        )
    },
    **{
        f"ceterms:{name}": {"@type": "@id"}
        for name in (*_IRIS, *_PAGES, "costDetails", "creditUnitType", "targetNode")
    },
    **{
        f"ceterms:{name}": {"@type": "schema:Duration"}
        for name in ("exactDuration", "maximumDuration", "minimumDuration", "renewalFrequency")
    },
    **{f"ceterms:{name}": {"@type": "xsd:date"} for name in ("endDate", "startDate")},
    "ceterms:inLanguage": {"@type": "xsd:language"},
}
"""Prefixes and types of every term used, inline, so that no reader needs the network."""

SCHEMA_ORG = "https://schema.org"
"""The context that search engines know by heart, in their spelling."""

ENGLISH = "en-US"

CTDL_COSTS = {
    CostComponent.TUITION: "costType:Tuition",
    CostComponent.FEES: "costType:MixedFees",
    CostComponent.BOOKS: "costType:LearningResource",
    CostComponent.TECHNOLOGY: "costType:TechnologyFee",
    CostComponent.TOTAL: "costType:AggregateCost",
    "exam_fee": "costType:StandaloneAssessment",
    "retake_fee": "costType:ReexaminationFee",
    "renewal_fee": "costType:RenewalFee",
}
"""What a price pays for -> concept of ceterms:CostType; the rest has none."""

CTDL_RESIDENCIES = {
    Residency.IN_DISTRICT: "residency:Local",
    Residency.IN_STATE: "residency:InState",
    Residency.OUT_OF_STATE: "residency:OutOfState",
}

FEDERAL_AID = "US Department of Education"
"""Who approves schools for federal student aid (Title IV)."""

SAID_BY_PUBLISHER = frozenset(
    {
        Basis.GOVERNMENT_DATA,
        Basis.STATED_BY_ISSUER,
        Basis.STATED_BY_ACCREDITOR,
        Basis.EDITORIAL,
    }
)


@dataclass(frozen=True, slots=True)
class Site:
    """Where nodes are served, and what they refer to.

    ``base`` is an address without a path and without a slash at its end; ``school`` is the node
    that speaks where a school does.
    """

    base: str
    references: References
    school: str | None = None

    def iri(self, path: str) -> str:
        """Return the address of a path under /v1."""
        return f"{self.base}/v1/{path}"

    def pages(self, path: str, official: str | None) -> Node:
        """Return the page about something: its owner's, else ours at a path below the base."""
        theirs = to_iri(official) if official else None
        page = theirs or f"{self.base}/{path}"
        return {"url": page, "sameAs": theirs, "ceterms:subjectWebpage": page}


def document(node: Node) -> bytes:
    """Return a node as a document of its own."""
    return to_json({"@context": CONTEXT, **node}).encode()


def to_json(node: Node) -> str:
    """Return a node as one line of JSON."""
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"))


def schema_org(node: Node) -> Node:
    """Return what a node says in terms of schema.org alone, without who says it.

    That is what search engines and previews read of a page, in a tenth of the bytes.
    """
    return {"@context": SCHEMA_ORG, **_schema_org(node)}


def _schema_org(value: Any) -> Any:
    if isinstance(value, list):
        return [_schema_org(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        term: _own_class(told) if term == "@type" else _schema_org(told)
        for term, told in value.items()
        if not term.startswith("ceterms:") and term != "subjectOf"
    }


def _own_class(classes: str | list[str]) -> str:
    return classes if isinstance(classes, str) else classes[0]


def known(node: Node) -> Node:
    """Return a node without the terms that hold nothing."""
    return {term: value for term, value in node.items() if value is not None and value != []}


def ctid(path: str) -> Node:
    """Return the identifier in credential registries of what has an address under /v1.

    It is made from the path alone, so that it is the same on every server and never changes; the
    registry asks for a UUID of version 4 (credreg.net/ctdl/ctid).
    """
    digest = sha256(f"hit-compare/{path}".encode()).digest()
    return {"ceterms:ctid": f"ce-{UUID(bytes=digest[:16], version=4)}"}


def english(text: str | None) -> Node | None:
    """Return a text as CTDL has texts: by language."""
    return {ENGLISH: text} if text else None


def described(text: str | None) -> Node:
    """Return a description in the terms of both vocabularies."""
    return {"description": text, "ceterms:description": english(text)}


def period(as_of: str | None) -> str | None:
    """Return a date as printed in ISO 8601: an academic year runs from July to June."""
    span = to_span(as_of)
    if span is None or as_of is None:
        return None
    is_academic_year = (span.last - span.first).days > 300 and len(as_of) > 4
    return f"{span.first.isoformat()}/{span.last.isoformat()}" if is_academic_year else as_of


def duration(months: float | None) -> str | None:
    """Return months as an ISO 8601 duration."""
    return None if months is None else f"P{months:g}M"


def said(evidence: Evidence, site: Site, about: Iterable[str] = ()) -> Node:
    """Return who says something, on whose word, where and as of when.

    ``about`` names the terms that the claim speaks of where it stands beside plain values.
    """
    author: Node | None = None
    if evidence.basis == Basis.STATED_BY_INSTITUTION and site.school:
        author = {"@id": site.school}
    elif evidence.basis in SAID_BY_PUBLISHER and evidence.source in site.references.publishers:
        author = {"@type": "Organization", "name": site.references.publishers[evidence.source]}
    return known(
        {
            "@type": "Claim",
            "about": [{"@id": _whole(term)} for term in about],
            "author": author,
            "genre": evidence.basis,
            "temporalCoverage": period(evidence.as_of),
            "text": evidence.as_stated,
            "appearance": {"@id": to_iri(evidence.source_url)} if evidence.source_url else None,
            "isBasedOn": site.iri(f"sources/{evidence.source}"),
        }
    )


def _whole(term: str) -> str:
    prefix, colon, name = term.rpartition(":")
    return f"{CONTEXT[prefix]}{name}" if colon else f"{CONTEXT['@vocab']}{name}"


def fact(
    key: str,
    evidence: Evidence,
    site: Site,
    *,
    value: float | str | bool | None = None,
    low: float | None = None,
    high: float | None = None,
    **more: Any,
) -> Node:
    """Return a claim of a fact for which neither vocabulary has a term, under our key for it.

    Equal ends of a range are one value; an open end is left out.
    """
    if low is not None and low == high:
        value, low, high = low, None, None
    told = {
        "@type": "PropertyValue",
        "propertyID": key,
        "value": value,
        "minValue": low,
        "maxValue": high,
        **more,
    }
    return {**said(evidence, site), "mainEntity": known(told)}


def aligned(node: str | None, name: str | None = None, **more: Any) -> Node:
    """Return a reference to a concept of CTDL or to a code of somebody's list."""
    return known(
        {
            "@type": "ceterms:CredentialAlignmentObject",
            "ceterms:targetNode": node,
            "ceterms:targetNodeName": english(name),
            **{f"ceterms:{term}": value for term, value in more.items()},
        }
    )


def leads(claim: ClaimRead[ProgramClaim]) -> bool:
    """Return whether a claim is the one to tell: it leads, and can still be trusted."""
    return claim.standing in LEADING and not claim.evidence.stale


def money(
    low: float, high: float | None, unit: str | None, evidence: Evidence
) -> tuple[Node, Node]:
    """Return the terms of an amount in an offer and in a CTDL cost; a range has no one price.

    A price of an academic year holds in that year; the day of a page tells nothing of the kind.
    """
    exact = low if low == high else None
    first, slash, last = (period(evidence.as_of) or "").partition("/")
    offer = {
        "price": exact,
        "priceCurrency": "USD",
        "validFrom": first if slash else None,
        "validThrough": last or None,
        "priceSpecification": known(
            {
                "@type": "UnitPriceSpecification",
                "price": exact,
                "minPrice": None if exact is not None else low,
                "maxPrice": None if exact is not None else high,
                "priceCurrency": "USD",
                "unitText": unit,
            }
        ),
    }
    cost = {
        "ceterms:price": exact,
        "ceterms:currency": "USD",
        "ceterms:startDate": first if slash else None,
        "ceterms:endDate": last or None,
        "ceterms:costDetails": evidence.source_url and to_iri(evidence.source_url),
    }
    return known(offer), known(cost)


def offers(costs: Iterable[ClaimRead[CostClaim]], site: Site) -> tuple[list[Node], list[Node]]:
    """Return prices as offers of schema.org and as cost profiles of CTDL."""
    sold: list[Node] = []
    profiles: list[Node] = []
    for cost in costs:
        if cost.stated.amount_low_usd is None:
            continue
        evidence = said(cost.evidence, site)
        offer, profile = money(
            cost.stated.amount_low_usd, cost.stated.amount_high_usd, cost.stated.unit, cost.evidence
        )
        sold.append(
            known(
                {
                    "@type": "Offer",
                    "category": cost.stated.component,
                    "name": cost.stated.label,
                    **offer,
                    "additionalProperty": _terms_of(cost),
                    "subjectOf": evidence,
                }
            )
        )
        residency = (
            CTDL_RESIDENCIES.get(Residency(cost.stated.residency))
            if cost.stated.residency
            else None
        )
        kind = CTDL_COSTS.get(cost.stated.component)
        profiles.append(
            known(
                {
                    "@type": "ceterms:CostProfile",
                    "ceterms:name": english(cost.stated.component.replace("_", " ").capitalize()),
                    "ceterms:description": english(cost.note),
                    **profile,
                    "ceterms:directCostType": aligned(kind) if kind else None,
                    "ceterms:residencyType": aligned(residency) if residency else None,
                    "ceterms:paymentPattern": english(
                        f"per {cost.stated.unit}" if cost.stated.unit else None
                    ),
                    "subjectOf": evidence,
                }
            )
        )
    return sold, profiles


def _terms_of(cost: ClaimRead[CostClaim]) -> list[Node]:
    terms = {
        "level": cost.level,
        "residency": cost.stated.residency,
        "student_level": cost.stated.student_level,
        "applies_to": cost.stated.applies_to,
        "value_status": None if cost.value_status == "reported" else cost.value_status,
    }
    return [
        {"@type": "PropertyValue", "propertyID": key, "value": value}
        for key, value in terms.items()
        if value is not None
    ]


def accreditation(claims: Iterable[ClaimRead[AccreditationClaim]], site: Site, today: date) -> Node:
    """Return who accredits and approves, each as a fact and as an act with its evidence.

    Candidacy, preaccreditation and courses that follow standards are not accreditation.
    """
    accreditors: list[Node] = []
    approvers: list[Node] = []
    acts: list[Node] = []
    for claim in claims:
        has_ended = claim.stated.ended_on is not None and claim.stated.ended_on <= today.isoformat()
        if not leads(claim) or has_ended:
            continue
        agent = _agent("QACredentialOrganization", claim.stated.accreditor)
        if claim.stated.status in LASTING_ACCREDITATION:
            kind, agents = "ceterms:AccreditAction", accreditors
        elif claim.stated.status == AccreditationStatus.APPROVED:
            kind, agents = "ceterms:ApproveAction", approvers
        elif claim.stated.status == AccreditationStatus.TITLE_IV:
            kind, agents = "ceterms:ApproveAction", approvers
            agent = _agent("Organization", FEDERAL_AID)
        else:
            continue
        agents.append(agent)
        acts.append(
            known(
                {
                    "@type": kind,
                    "ceterms:name": english(f"{claim.stated.accreditor}: {claim.stated.status}"),
                    "ceterms:actingAgent": agent,
                    "ceterms:startDate": claim.stated.began_on,
                    "ceterms:endDate": claim.stated.ended_on,
                    "subjectOf": said(claim.evidence, site),
                }
            )
        )
    return {
        "ceterms:accreditedBy": accreditors,
        "ceterms:approvedBy": approvers,
        "ceterms:objectOfAction": acts,
    }


def _agent(kind: str, name: str) -> Node:
    types = ["Organization", f"ceterms:{kind}"]
    return {"@type": types, "name": name, "ceterms:name": english(name)}


def plain_facts(
    transfer: Iterable[ClaimRead[TransferClaim]],
    outcomes: Iterable[ClaimRead[OutcomeClaim]],
    services: Iterable[ClaimRead[ServiceClaim]],
    site: Site,
) -> Iterable[Node]:
    """Yield what is said of transfer, outcomes and services."""
    for move in filter(leads, transfer):
        if move.stated.is_offered is not None:
            yield fact(
                f"transfer_{move.stated.topic}",
                move.evidence,
                site,
                value=move.stated.is_offered,
                description=move.stated.receiving_program,
            )
        if move.stated.credits_max is not None:
            yield fact(
                f"transfer_{move.stated.topic}_credits_max",
                move.evidence,
                site,
                value=move.stated.credits_max,
                unitText="credits",
            )
    for outcome in filter(leads, outcomes):
        if outcome.stated.value is not None:
            yield fact(
                outcome.stated.metric,
                outcome.evidence,
                site,
                value=outcome.stated.value,
                unitText=outcome.stated.unit,
                description=outcome.stated.cohort,
                valueReference=outcome.stated.credential_code,
            )
    for service in filter(leads, services):
        yield fact(service.stated.service, service.evidence, site, value=service.stated.is_offered)


def record(iri: str, read: Stamp, site: Site, **more: Any) -> Node:
    """Return the document a node is told in: its release, its day and what it rests on."""
    return {
        "@id": f"{iri}.jsonld",
        "@type": "WebPage",
        "version": read.release,
        "temporalCoverage": read.as_of.isoformat(),
        **more,
        "isBasedOn": [site.iri(f"sources/{key}") for key in read.sources],
    }
