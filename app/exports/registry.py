"""What the Credential Registry takes: its minimum, and envelopes of one record each.

A record goes there in terms of CTDL alone, named by its identifier; whatever stands in it and is
no record of ours is a node without a name beside it (credreg.net/registry/policy and handbook).
"""

from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.exports.linked_data import Node, ctid

REGISTRY = "https://credentialengineregistry.org"
CONTEXT = "https://credreg.net/ctdl/schema/context/json"

_FOR_ALL = ("ctid", "description", "name", "subjectWebpage")
MINIMUM: dict[str, tuple[tuple[str, ...], ...]] = {
    "ceterms:LearningProgram": (
        *((term,) for term in (*_FOR_ALL, "inLanguage", "lifeCycleStatusType")),
        ("ownedBy", "offeredBy"),
        ("availabilityListing", "availableAt", "availableOnlineAt"),
    ),
    "ceterms:Certification": (
        *((term,) for term in (*_FOR_ALL, "inLanguage", "credentialStatusType")),
        ("ownedBy", "offeredBy"),
    ),
    "ceterms:CredentialOrganization": (
        *((term,) for term in (*_FOR_ALL, "agentSectorType", "agentType")),
        ("address", "email"),
    ),
}
"""Class -> terms that a record must have, of each group one."""

IN_PLACE = frozenset(
    f"ceterms:{name}"
    for name in (
        *("AccreditAction", "ApproveAction", "ConditionProfile", "CostProfile"),
        *("CredentialAlignmentObject", "DurationProfile", "Place", "ValueProfile"),
    )
)
"""Classes of nodes that stand within a record; nodes of others stand beside it."""


def missing(node: Node) -> list[str]:
    """Return what a record lacks of the minimum, each as the terms of which one will do."""
    return [
        " or ".join(f"ceterms:{term}" for term in terms)
        for terms in MINIMUM[_class_of(node)]
        if not any(f"ceterms:{term}" in node for term in terms)
    ]


def envelope(node: Node, base: str) -> Node:
    """Return the envelope of a record, which its sender has yet to sign.

    ``resource`` goes as a JSON Web Token, RS256, by the key of the organization that publishes,
    whose public half is added as ``resource_public_key``.

    Args:
        node: A record as linked data.
        base: The address that its nodes are named under.
    """
    own = node["ceterms:ctid"]
    record = Record(base, own)
    others = (node.get("educationalCredentialAwarded"), node.get("provider"))
    record.add(one for one in others if one and not record.is_ours(one["@id"]))
    main = {"@id": resource(own), **record.terms_of(node)}
    return {
        "envelope_type": "resource_data",
        "envelope_version": "1.0.0",
        "envelope_community": "ce_registry",
        "envelope_ceterms_ctid": own,
        "envelope_ctdl_type": _class_of(node),
        "resource_format": "json",
        "resource_encoding": "jwt",
        "resource": {
            "@context": CONTEXT,
            "@id": f"{REGISTRY}/graph/{own}",
            "@graph": [main, *record.beside],
        },
    }


def resource(identifier: str) -> str:
    """Return the address in the registry of what has an identifier."""
    return f"{REGISTRY}/resources/{identifier}"


class Record:
    """A record on its way into the registry; ``beside`` are the nodes that others refer to."""

    def __init__(self, base: str, own: str) -> None:
        self.beside: list[Node] = []
        self._here, self._own = f"{base}/v1/", own
        self._named: dict[str, str] = {}

    def terms_of(self, node: Node) -> Node:
        """Return a node in terms of CTDL alone."""
        kind = _class_of(node)
        own = {"@type": kind} | {
            term: self._value(value) for term, value in node.items() if term.startswith("ceterms:")
        }
        # the one term that the registry takes from schema.org
        return own | ({"schema:value": node["value"]} if kind == "ceterms:ValueProfile" else {})

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(one) for one in value]
        if isinstance(value, str):
            return self._name(value)
        if not isinstance(value, dict) or not value.keys() & {"@id", "@type"}:
            return value
        if "@type" not in value:
            return self._name(value["@id"])
        told = self.terms_of(value)
        if told["@type"] in IN_PLACE:
            return told
        name = f"_:{uuid5(NAMESPACE_URL, f'{self._own}/{len(self.beside)}')}"
        self.beside.append({"@id": name, **told})
        return name

    def _name(self, text: str) -> str:
        """Return the address in the registry of a record of ours; other texts as they are."""
        if not self.is_ours(text):
            return self._named.get(text, text)
        return resource(ctid(text.removeprefix(self._here))["ceterms:ctid"])

    def is_ours(self, text: str) -> bool:
        """Return whether a text is the address of a record of ours, not of something in one."""
        return text.startswith(self._here) and "#" not in text

    def add(self, nodes: Iterable[Node]) -> None:
        """Add nodes that a record refers to by addresses which are no records of ours."""
        for node in nodes:
            self._named[node["@id"]] = str(self._value(node))


def _class_of(node: Node) -> str:
    classes = node["@type"]
    return next(
        (one for one in ([classes] if isinstance(classes, str) else classes) if ":" in one),
        "ceterms:Organization",
    )
