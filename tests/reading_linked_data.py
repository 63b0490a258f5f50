"""Read our records back from linked data, by their meaning: from expanded JSON-LD, without us."""

import re
from typing import Any

from pyld import jsonld

SCHEMA = "https://schema.org/"
CTDL = "https://purl.org/ctdl/terms/"
CONCEPTS = "https://purl.org/ctdl/vocabs/"

DELIVERY = {"InPerson": "campus", "BlendedDelivery": "hybrid", "OnlineOnly": "online"}
SECTORS = {
    "Public": "public",
    "PrivateNonProfit": "private_nonprofit",
    "PrivateForProfit": "private_for_profit",
}

Node = dict[str, Any]


def refuse(url: str, _options: object) -> None:
    raise AssertionError(f"the network was asked for {url}")


def expand(document: Node) -> list[Node]:
    """Return every node of a document, expanded without a network."""
    return list(jsonld.expand(document, {"documentLoader": refuse}))


def values(node: Node, term: str) -> list[Any]:
    """Return the values of a term: schema.org where it has no prefix, ``ceterms:`` CTDL."""
    iri = CTDL + term.removeprefix("ceterms:") if term.startswith("ceterms:") else SCHEMA + term
    found = node.get(iri, [])
    return [one.get("@value", one.get("@id", one) if set(one) == {"@id"} else one) for one in found]


def value(node: Node, term: str) -> Any:
    found = values(node, term)
    assert len(found) <= 1, (term, found)
    return found[0] if found else None


def path_end(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def to_as_of(coverage: str | None) -> str | None:
    """Return a period as the catalogue prints it: an academic year is 2022-23."""
    match = re.fullmatch(r"(\d{4})-07-01/(\d\d)(\d\d)-06-30", coverage or "")
    return f"{match[1]}-{match[3]}" if match else coverage


def evidence(node: Node) -> Node:
    """Return the evidence of a node that is a claim or the subject of one."""
    claim = node if f"{SCHEMA}Claim" in node.get("@type", []) else value(node, "subjectOf")
    return {
        "source": path_end(value(claim, "isBasedOn")),
        "source_url": value(claim, "appearance"),
        "as_of": to_as_of(value(claim, "temporalCoverage")),
        "basis": value(claim, "genre"),
        "as_stated": value(claim, "text"),
    }


def months(iso: str) -> float:
    return float(iso.removeprefix("P").removesuffix("M"))


def price(offer: Node) -> Node:
    spec = value(offer, "priceSpecification")
    exact = value(spec, "price")
    terms = {
        value(term, "propertyID"): value(term, "value")
        for term in values(offer, "additionalProperty")
    }
    return {
        "component": value(offer, "category"),
        "label": value(offer, "name"),
        "amount_low_usd": exact if exact is not None else value(spec, "minPrice"),
        "amount_high_usd": exact if exact is not None else value(spec, "maxPrice"),
        "unit": value(spec, "unitText"),
        **{key: terms.get(key) for key in ("level", "residency", "student_level", "applies_to")},
        "value_status": terms.get("value_status", "reported"),
        "evidence": evidence(offer),
    }


def facts(node: Node) -> list[Node]:
    """Return the facts told as claims under our own keys."""
    found = []
    for claim in values(node, "subjectOf"):
        told = value(claim, "mainEntity")
        if told is not None:
            exact = value(told, "value")
            found.append(
                {
                    "key": value(told, "propertyID"),
                    "low": exact if exact is not None else value(told, "minValue"),
                    "high": exact if exact is not None else value(told, "maxValue"),
                    "unit": value(told, "unitText"),
                    "beside": {
                        value(one, "propertyID"): value(one, "value")
                        for one in values(told, "valueReference")
                        if isinstance(one, dict)
                    },
                    "evidence": evidence(claim),
                }
            )
    return found


def acts(node: Node) -> list[Node]:
    return [
        {
            "kind": path_end(act["@type"][0]),
            "stated": value(act, "ceterms:name"),
            "agent": value(value(act, "ceterms:actingAgent"), "name"),
            "began_on": value(act, "ceterms:startDate"),
            "ended_on": value(act, "ceterms:endDate"),
            "evidence": evidence(act),
        }
        for act in values(node, "ceterms:objectOfAction")
    ]


def record(node: Node) -> Node:
    page = value(node, "mainEntityOfPage")
    return {
        "release": value(page, "version"),
        "as_of": value(page, "temporalCoverage"),
        "sources": sorted(path_end(iri) for iri in values(page, "isBasedOn")),
    }


def school(node: Node) -> Node:
    identifiers = {
        value(one, "propertyID"): value(one, "value") for one in values(node, "identifier")
    }
    address, point = value(node, "address"), value(node, "geo") or {}
    sector = value(node, "ceterms:agentSectorType")
    directory = [one for one in values(node, "subjectOf") if not values(one, "mainEntity")]
    return {
        "unitid": int(identifiers["UNITID"]) if "UNITID" in identifiers else None,
        "opeid": identifiers.get("OPEID"),
        "name": value(node, "name"),
        "aliases": values(node, "alternateName"),
        "website": value(node, "sameAs"),
        "address": value(address, "streetAddress"),
        "city": value(address, "addressLocality"),
        "state": value(address, "addressRegion"),
        "zip_code": value(address, "postalCode"),
        "latitude": value(point, "latitude"),
        "longitude": value(point, "longitude"),
        "control": (
            SECTORS[path_end(value(sector, "ceterms:targetNode"))] if sector is not None else None
        ),
        "closed_on": value(node, "dissolutionDate"),
        "evidence": evidence(directory[0]),
    }


def program(node: Node) -> Node:
    cip, award = (
        value(node, "ceterms:instructionalProgramType"),
        value(node, "educationalCredentialAwarded"),
    )
    length = value(node, "ceterms:estimatedDuration")
    exact = length and value(length, "ceterms:exactDuration")
    credit = value(node, "numberOfCredits")
    updated = value(value(node, "mainEntityOfPage"), "dateModified")
    modes = [
        path_end(value(one, "ceterms:targetNode")) for one in values(node, "ceterms:deliveryType")
    ]
    return {
        "slug": path_end(node["@id"]),
        "name": value(node, "name"),
        "page": value(node, "sameAs"),
        "cip_code": cip and value(cip, "ceterms:codedNotation"),
        "cip_title": cip and value(cip, "ceterms:targetNodeName"),
        "award_level": award and value(award, "credentialCategory"),
        "award": award and value(award, "name"),
        "institution": school(value(node, "provider")),
        "delivery": sorted(DELIVERY[mode] for mode in modes) or None,
        "months": length
        and {
            "low": months(exact or value(length, "ceterms:minimumDuration")),
            "high": months(exact or value(length, "ceterms:maximumDuration")),
        },
        "credits": credit and (value(credit, "value"), value(credit, "unitText")),
        "prices": [price(offer) for offer in values(node, "offers")],
        "acts": acts(node),
        "preparation": [
            (value(one, "ceterms:name"), evidence(one))
            for one in values(node, "ceterms:isPreparationFor")
        ],
        "topics": [
            (value(one, "ceterms:targetNodeName"), evidence(one))
            for one in values(node, "ceterms:subject")
        ],
        "socs": [value(one, "codeValue") for one in values(node, "occupationalCategory")],
        "facts": facts(node),
        "updated_at": updated.replace("+00:00", "Z"),
        **record(node),
    }


def institution(node: Node) -> Node:
    return {
        **school(node),
        "prices": [price(offer) for offer in values(node, "makesOffer")],
        "acts": acts(node),
        "facts": facts(node),
        "programs": [path_end(iri) for iri in values(node, "ceterms:offers")],
        **record(node),
    }


def credential(node: Node) -> Node:
    issuer = value(node, "provider")
    needs = value(node, "ceterms:requires") or {}
    code, *former = values(node, "alternateName")
    return {
        "code": code,
        "former_names": former,
        "name": value(node, "name"),
        "issuer": value(issuer, "alternateName"),
        "issuer_name": value(issuer, "name"),
        "issuer_url": value(issuer, "sameAs"),
        "level": value(node, "educationalLevel"),
        "focus": value(value(node, "about"), "termCode"),
        "summary": value(node, "description"),
        "status": value(node, "creativeWorkStatus") or "unknown",
        "page_url": value(node, "sameAs"),
        "fees": [price(offer) for offer in values(node, "offers")],
        "facts": facts(node),
        "routes": [
            (value(one, "ceterms:description"), evidence(one))
            for one in values(needs, "ceterms:alternativeCondition")
        ],
        **record(node),
    }
