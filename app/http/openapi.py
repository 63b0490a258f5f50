"""The OpenAPI document: what is told about the whole service, and problems on every operation."""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.http import openapi_parts as parts
from app.http.faults import DOCUMENTING
from app.http.problems import MEDIA_TYPE
from app.schemas.briefs import BriefComparison, BriefPrograms, BriefRead
from app.schemas.problems import Problem

TITLE = "hit-compare"
SUMMARY = "US health information programs, compared; unknown is never a no."
DESCRIPTION = """
**New here?** Open a line below and press *Execute*: it is filled in already. The
[quick start](/docs/quick-start) goes from a question to its answer in a browser, a spreadsheet,
Python and R; the [glossary](/docs/glossary) explains the words.

Compares US programs in medical records, coding, health information management and health
informatics: accreditation, cost, transfer of credits and practicum, beside the credentials, work
settings and advancement paths of the field.

* Every fact says who states it, where, and as of when. `null` means unknown, never no and never 0.
* A score is an interval: unknown counts as nothing in `low` and as met in `high`.
* Lists come in pages: pass `next` back as `cursor`, or follow the header `Link`. It leads
  on, and back to the first page; there is no `prev`, for a cursor knows only where a page ends.
* Repeat a parameter to mean any of its values.
* Every refusal is a problem document (RFC 9457) that names the field and the value.

No key is needed to read. Facts are as stated by their sources; verify before enrolling. Editors
with a key add `release=draft` to any read, to see the catalogue as it is proposed.
"""
TAGS = [
    {
        "name": "Find a program",
        "description": "Which programs are there for a student, and what is known of each?",
    },
    {
        "name": "Score it",
        "description": "How much can a student verify before enrolling, and what is left to ask?",
    },
    {
        "name": "Compare",
        "description": "How do two programs stand side by side, and how sure is their order?",
    },
    {
        "name": "Look up a credential",
        "description": "What does RHIT, CCS or CPC ask for, cost and need to be kept?",
    },
    {
        "name": "Where it leads",
        "description": "Where does one work with it, what does it pay, and which roles come next?",
    },
    {
        "name": "Data and method",
        "description": "Where do the facts come from, how can they be taken away, and how are "
        "mistakes reported?",
    },
    {
        "name": "Put it on your site",
        "description": "How does a program or a credential get onto the page of a school? "
        "[Cards](/docs/embed) writes the lines to copy.",
    },
    {
        "name": "Keep it true",
        "description": "How do editors correct and publish facts? This needs a key; all else is "
        "open to everybody.",
    },
    {
        "name": "Service",
        "description": "Is the service up, and what do its refusals mean?",
    },
]
PREFILLED: dict[str, dict[str, Any]] = {
    "list_programs": {"state": ["OH"], "award_level": ["associate"], "cip_code": ["51.0707"]},
    "list_institutions": {"near": "45402", "within_miles": 50},
    "get_eligibility": {"program": "sinclair-community-college-510707-associate"},
    "get_timeline": {"award_level": "associate"},
    "look_up_identifier": {"code": "CTR"},
    "export_programs_ndjson": {"state": ["OH"]},
    "export_programs_csv": {"state": ["OH"]},
    "export_programs_xlsx": {"state": ["OH"]},
    "export_institutions_csv": {"state": ["OH"]},
    "export_institutions_ndjson": {"state": ["OH"]},
    "export_institutions_xlsx": {"state": ["OH"]},
    "export_programs_as_linked_data": {"state": ["VT"]},
    "export_institutions_as_linked_data": {"state": ["VT"]},
}
"""Operation -> optional parameters that the page to try it has filled in, beside those required:
where nothing is answered without, too much, or not what the operation says it is for."""

CONTACT = {"name": "hit-compare", "url": "https://github.com/hit-compare/hit-compare"}

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


REFUSAL_NAMES = {
    "400": "BadRequest",
    "401": "NoKey",
    "403": "Forbidden",
    "404": "NotFound",
    "406": "NotAcceptable",
    "409": "Conflict",
    "410": "StartOver",
    "412": "Changed",
    "413": "BodyTooLarge",
    "414": "AddressTooLong",
    "415": "NotJson",
    "422": "InvalidRequest",
    "428": "IfMatchNeeded",
    "429": "TooManyRequests",
    "500": "Fault",
    "503": "Unavailable",
}
"""Status -> name of the refusal as a component of the document."""

LATER = {"429", "503"}
"""Refusals that say when to ask again."""

PAGE = "text/html"
"""Where an answer is a page, so are its refusals, unless a caller would rather have a problem."""

BRIEF_ANSWERS: dict[str, type[BaseModel]] = {
    "list_programs": BriefPrograms,
    "compare_programs": BriefComparison,
}
"""Operation -> what it answers to `view=brief`; the others with a view BriefRead."""

NAMED_ONLY = (Problem, BriefRead, BriefComparison, BriefPrograms)
"""Shapes that no route declares as its answer, as each stands for another one."""

_built: dict[str, dict[str, Any]] = {}
"""Version -> its document, which takes most of a second to make; every application is the same."""


def install(app: FastAPI) -> None:
    """Give an application its OpenAPI document, made once a process when first asked for.

    No other answer needs it, refusals least of all.
    """

    def document() -> dict[str, Any]:
        with DOCUMENTING:
            if app.version not in _built:
                _built[app.version] = build(app)
        return _built[app.version]

    app.openapi = document  # type: ignore[method-assign]


def openapi_file(app: FastAPI, base: str, *, as_yaml: bool = False) -> bytes:
    """Return the document of an application as it is sent; ask from a thread, it takes long.

    Whoever keeps it as a file finds the server and its pages under ``base``.
    """
    document = app.openapi()
    document = document | {
        "servers": [{"url": base}],
        "externalDocs": document["externalDocs"] | {"url": f"{base}/docs/quick-start"},
    }
    if as_yaml:
        text = parts.to_yaml(document)
    else:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("](/", f"]({base}/").encode()


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


def _fill_in(operation: dict[str, Any]) -> None:
    """Give parameters the value that the page to try the operation has filled in."""
    chosen = PREFILLED.get(operation["operationId"], {})
    for parameter in operation.get("parameters", []):
        if parameter["name"] in chosen:
            parameter["example"] = chosen[parameter["name"]]
    if chosen:
        operation[parts.FILLED_IN] = sorted(chosen)


def _name_views(operation: dict[str, Any]) -> None:
    """Tell what shape `view=brief` has, which is not the one that is usually answered."""
    if any(p["name"] == "view" for p in operation.get("parameters", [])):
        shape = BRIEF_ANSWERS.get(operation["operationId"], BriefRead)
        operation[parts.VIEWS] = {"brief": {"$ref": f"#/components/schemas/{shape.__name__}"}}


def _add_refusals(operation: dict[str, Any]) -> None:
    """Describe the problems that an operation can answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refusals = dict(REFUSALS)
    responses = operation["responses"]
    is_page = list(responses.get("200", {}).get("content", {})) == [PAGE]
    shown = content | {PAGE: {"schema": {"type": "string"}}} if is_page else content
    if operation.get("security"):
        refusals |= REFUSALS_WITH_KEY
    elif operation["operationId"] == "get_release_digest":
        refusals["409"] = "The release is not the newest any more"
    elif operation["operationId"] == "list_changes":
        refusals["410"] = "The release that a copy holds is newer than any here: start over"
    if any(p["name"] == "If-Match" for p in operation.get("parameters", [])):
        refusals |= REFUSALS_OF_CHANGES
    if len(responses.get("200", {}).get("content", ())) > 1:
        refusals["406"] = "Accept allows none of the representations"
    for status, description in refusals.items():
        if status in {"413", "415"} and "requestBody" not in operation:
            continue
        responses[status] = {"description": description, "content": shown}
        if status in LATER:
            responses[status]["headers"] = {
                "Retry-After": {"$ref": "#/components/headers/Retry-After"}
            }


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
        contact=CONTACT,
        license_info={"name": "Apache License 2.0", "identifier": "Apache-2.0"},
    )
    _name_by_title(document)
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    _, others = models_json_schema(
        [(one, "serialization") for one in NAMED_ONLY],
        ref_template="#/components/schemas/{model}",
    )
    schemas |= others["$defs"]
    for operation in parts.operations(document):
        _name_views(operation)
        _fill_in(operation)
        _add_refusals(operation)
    parts.tidy_schemas(document)
    parts.drop_unused(document)
    parts.require_what_is_sent(document)
    parts.describe_properties(document)
    parts.give_examples(document)
    parts.share_headers(document)
    parts.share_responses(document, REFUSAL_NAMES)
    parts.share_parameters(document)
    document["security"] = []
    document["externalDocs"] = {
        "description": "From a question to its answer, in a browser, a spreadsheet, Python and R",
        "url": "/docs/quick-start",
    }
    return document
