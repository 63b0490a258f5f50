"""The OpenAPI document: what is told about the whole service, and problems on every operation."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from app.problems import MEDIA_TYPE
from app.schemas.problems import Problem

TITLE = "hit-compare"
SUMMARY = "US health information programs, compared; unknown is never a no."
DESCRIPTION = """
Compares US programs in medical records, coding, health information management and health
informatics: accreditation, cost, transfer of credits and practicum, beside the credentials, work
settings and advancement paths of the field.

* Every fact says who states it, where, and as of when. `null` means unknown, never no and never 0.
* A score is an interval: unknown counts as nothing in `low` and as met in `high`.
* Lists come in pages: pass `next` back as `cursor`. Repeat a parameter to mean any of its values.
* Every refusal is a problem document (RFC 9457) that names the field and the value.

No key is needed to read. Facts are as stated by their sources; verify before enrolling. Editors
with a key add `release=draft` to any read, to see the catalogue as it is proposed.
"""
TAGS = [
    {
        "name": "Find a program",
        "description": "Search programs and schools, and see everything known on one.",
    },
    {
        "name": "Score it",
        "description": "How much of what a student should know can be verified, and what to ask.",
    },
    {"name": "Compare", "description": "Programs side by side, and how sure the order is."},
    {
        "name": "Look up a credential",
        "description": "What certifiers ask, charge and renew, cell by cell, with who says so.",
    },
    {
        "name": "Where it leads",
        "description": "Work settings, roles to grow into, wages, outlook and the career guide.",
    },
    {
        "name": "Data and method",
        "description": "Where facts come from, and from any identifier to its record.",
    },
    {
        "name": "Keep it true",
        "description": "What editors do, with a key: propose, preview, publish, import, curate.",
    },
    {
        "name": "Put it on your site",
        "description": "Cards to show on other sites; the page /docs/embed writes the snippet.",
    },
    {"name": "Service", "description": "Whether the service is up, and its kinds of problems."},
]
REFUSALS = {
    "400": "The request cannot be read",
    "404": "Nothing has this address or key",
    "413": "The body is too large",
    "414": "The address is too long",
    "415": "The body is not JSON",
    "422": "A parameter or field has an unknown name or a value not accepted",
    "429": "More requests than are allowed, where a limit is set",
    "500": "A fault of this service",
    "503": "The service cannot answer at the moment",
}

REFUSALS_WITH_KEY = {
    "401": "No key, or one that opens nothing",
    "403": "The key does not open this address",
    "409": "The catalogue stands otherwise than the request supposes",
}
REFUSALS_OF_CHANGES = {
    "412": "The record changed since it was read",
    "428": "A change needs If-Match",
}


PAGE = "text/html"
"""Where an answer is a page, so are its refusals, unless a caller would rather have a problem."""

_built: dict[str, dict[str, Any]] = {}
"""Version -> its document, which takes most of a second to make; every application is the same."""


def install(app: FastAPI) -> None:
    """Give an application its OpenAPI document, made once a process when first asked for."""

    def document() -> dict[str, Any]:
        if app.version not in _built:
            _built[app.version] = build(app)
        return _built[app.version]

    app.openapi = document  # type: ignore[method-assign]


def _name_by_title(document: dict[str, Any]) -> None:
    """Give pages the names that clients should know them by: ProgramPage, not Page_Program_."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    names = {name: schemas[name]["title"] for name in schemas if name.startswith("Page_")}
    document["components"]["schemas"] = {names.get(n, n): s for n, s in schemas.items()}
    for reference in _references(document["paths"]):
        name = reference["$ref"].rpartition("/")[2]
        reference["$ref"] = f"#/components/schemas/{names.get(name, name)}"


def _references(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for one in value:
            yield from _references(one)
    elif isinstance(value, dict):
        if "$ref" in value:
            yield value
        for one in value.values():
            yield from _references(one)


def build(app: FastAPI) -> dict[str, Any]:
    """Return the document of an application, every refusal described as a problem."""
    document = get_openapi(
        title=TITLE,
        version=app.version,
        summary=SUMMARY,
        description=DESCRIPTION.strip(),
        routes=app.routes,
        tags=TAGS,
        servers=[{"url": "/"}],
        license_info={"name": "Apache License 2.0", "identifier": "Apache-2.0"},
    )
    _name_by_title(document)
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    _, problems = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas |= problems["$defs"]
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                if parameter["required"]:  # so that the page to try it has it filled in
                    parameter["example"] = parameter["schema"]["examples"][0]
            has_body = "requestBody" in operation
            refusals = dict(REFUSALS)
            is_page = list(operation["responses"].get("200", {}).get("content", {})) == [PAGE]
            shown = content | {PAGE: {"schema": {"type": "string"}}} if is_page else content
            if operation.get("security"):
                refusals |= REFUSALS_WITH_KEY
            elif operation["operationId"] == "get_release_digest":
                refusals["409"] = "The release is not the newest any more"
            if any(p["name"] == "If-Match" for p in operation.get("parameters", [])):
                refusals |= REFUSALS_OF_CHANGES
            if len(operation["responses"].get("200", {}).get("content", ())) > 1:
                refusals["406"] = "Accept allows none of the representations"
            for status, description in refusals.items():
                if status in {"413", "415"} and not has_body:
                    continue
                operation["responses"][status] = {"description": description, "content": shown}
    document["security"] = []
    return document
