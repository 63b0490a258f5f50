"""What is made of the OpenAPI document after the framework has described every route.

Pure functions on the document; each changes it in place and says what for.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from app.schemas.pages import FROZEN, OFTEN_LEFT_OUT

Schema = dict[str, Any]
Document = dict[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
FILLED_IN = "x-filled-in"
"""Operation -> the parameters it is tried with: those of its example answer."""

VIEWS = "x-views"
"""Operation -> value of `view` -> shape of that answer."""

MEANINGS = Path(__file__).with_name("property_meanings.json")
ANSWERS = Path(__file__).with_name("example_answers.json")

_SCHEMA_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_SCHEMA_MAPS = ("properties", "patternProperties", "$defs")
_SCHEMAS = ("items", "additionalProperties", "contains", "not", "propertyNames")


@cache
def meanings() -> dict[str, str]:
    """Return what properties mean that say nothing themselves.

    ``name`` holds for every property of that name, ``Schema.name`` for the one of a schema.
    """
    told: dict[str, str] = json.loads(MEANINGS.read_bytes())
    return told


@cache
def example_answers() -> dict[str, dict[str, Any]]:
    """Return what operations answered of the seed: ``tests/example_answers.py`` records it.

    Operation -> ``status``, ``headers`` (their names) and ``content``, media type -> body.
    """
    told: dict[str, dict[str, Any]] = json.loads(ANSWERS.read_bytes())
    return told


def operations(document: Document) -> Iterator[Schema]:
    """Yield every operation of a document."""
    for item in document["paths"].values():
        for method in METHODS:
            if method in item:
                yield item[method]


def within(schema: Any) -> Iterator[Schema]:
    """Yield a schema and those written out within it, without following references.

    What merely looks like a schema, such as an example or a property called ``title``, is none.
    """
    if not isinstance(schema, dict):
        return
    yield schema
    for key in _SCHEMA_LISTS:
        for one in schema.get(key, ()):
            yield from within(one)
    for key in _SCHEMA_MAPS:
        for one in schema.get(key, {}).values():
            yield from within(one)
    for key in _SCHEMAS:
        yield from within(schema.get(key))


def _written_out(document: Document) -> Iterator[Schema]:
    """Yield every schema that stands in a document, in parameters, bodies and components."""
    for schema in document["components"]["schemas"].values():
        yield from within(schema)
    for operation in operations(document):
        for schema in (*_asked(operation), *_answered(operation), *_of_parameters(operation)):
            yield from within(schema)


def _of_parameters(operation: Schema) -> Iterator[Schema]:
    for parameter in operation.get("parameters", ()):
        yield parameter["schema"]


def _viewed(operation: Schema) -> Iterator[Schema]:
    yield from operation.get(VIEWS, {}).values()


def _asked(operation: Schema) -> Iterator[Schema]:
    for media in operation.get("requestBody", {}).get("content", {}).values():
        if "schema" in media:
            yield media["schema"]


def _answered(operation: Schema) -> Iterator[Schema]:
    for response in operation["responses"].values():
        for media in response.get("content", {}).values():
            if "schema" in media:
                yield media["schema"]


def _reached(document: Document, schemas: Iterable[Schema]) -> set[str]:
    """Return the names of the components that schemas refer to, near or far."""
    found: set[str] = set()
    waiting = list(schemas)
    while waiting:
        for schema in within(waiting.pop()):
            name = schema.get("$ref", "").rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                waiting.append(document["components"]["schemas"][name])
    return found


def tidy_schemas(document: Document) -> None:
    """Take away titles, which repeat names, and bounds of dates, for which there is no word."""
    for schema in _written_out(document):
        for key in ("title", "ge", "le"):
            if isinstance(schema.get(key), str):
                del schema[key]


def require_what_is_sent(document: Document) -> None:
    """Require each property of an answer that every answer has, whatever its default is.

    Shapes that callers send too stay as they are: they may leave out what has a default.
    """
    every = list(operations(document))
    asked = _reached(document, [schema for one in every for schema in _asked(one)])
    answered = _reached(
        document, [schema for one in every for schema in (*_answered(one), *_viewed(one))]
    )
    _keep_frozen(document)
    schemas = document["components"]["schemas"]
    for name in answered:
        seldom = schemas[name].pop(OFTEN_LEFT_OUT, [])
        sent = [key for key in schemas[name].get("properties", {}) if key not in seldom]
        if sent and name not in asked:
            schemas[name]["required"] = sent
    for name in answered - asked:
        for schema in within(schemas[name]):
            schema.pop("default", None)  # of what is always sent it tells nothing


def _keep_frozen(document: Document) -> None:
    """Let answers that are kept as they were refer to shapes that ask for no later field."""
    schemas = document["components"]["schemas"]
    roots = [schema for schema in schemas.values() if schema.pop(FROZEN, False)]
    inside = _reached(document, roots)
    grown = {one for one in inside if _has_optional(schemas[one])}
    while more := {one for one in inside - grown if _referred_to(schemas[one]) & grown}:
        grown |= more
    for name in sorted(grown):
        schemas[f"Frozen{name}"] = deepcopy(schemas[name])
        schemas[f"Frozen{name}"].pop(OFTEN_LEFT_OUT, None)
    for root in (*roots, *(schemas[f"Frozen{name}"] for name in grown)):
        for schema in within(root):
            before, _, name = schema.get("$ref", "").rpartition("/")
            if name in grown:
                schema["$ref"] = f"{before}/Frozen{name}"


def _has_optional(schema: Schema) -> bool:
    return len(schema.get("required", ())) < len(schema.get("properties", ()))


def _referred_to(schema: Schema) -> set[str]:
    return {one["$ref"].rpartition("/")[2] for one in within(schema) if "$ref" in one}


def drop_unused(document: Document) -> None:
    """Take away shapes that no operation refers to."""
    every = [
        schema
        for one in operations(document)
        for schema in (*_asked(one), *_answered(one), *_of_parameters(one), *_viewed(one))
    ]
    reached = _reached(document, every)
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {n: s for n, s in schemas.items() if n in reached}


def describe_properties(document: Document) -> None:
    """Say what each property means that does not say so itself."""
    told = meanings()
    for name, component in document["components"]["schemas"].items():
        for schema in within(component):
            for key, one in schema.get("properties", {}).items():
                meaning = told.get(f"{name}.{key}") or told.get(key)
                if "description" not in one and meaning:
                    one["description"] = meaning


def give_examples(document: Document) -> None:
    """Give every parameter an example, and every operation a true answer to its own."""
    for operation in operations(document):
        for parameter in operation.get("parameters", ()):
            examples = parameter["schema"].get("examples")
            if "example" not in parameter and examples:
                parameter["example"] = examples[0]
            parameter["schema"].pop("examples", None)
        told = example_answers().get(operation["operationId"])
        response = operation["responses"].get(told["status"]) if told else None
        if told is None or response is None:
            continue
        for status, one in operation["responses"].items():
            for media_type in one.get("content", ()) if status.startswith("2") else ():
                if media_type in told["content"]:
                    one["content"][media_type]["example"] = told["content"][media_type]
        headers = {name: _header(name) for name in told["headers"]}
        if any(one["name"] == "cursor" for one in operation.get("parameters", ())):
            headers["Link"] = _header("Link")
        if headers:
            response.setdefault("headers", {}).update(headers)
        if "ETag" in headers:
            tag = {"ETag": _header("ETag")}
            operation["responses"]["304"] = {"description": UNCHANGED, "headers": tag}


UNCHANGED = "What If-None-Match names is still so"

HEADERS: dict[str, Schema] = {
    "ETag": {
        "description": "Tag of this answer: send it as If-None-Match, and get a 304 without a body "
        "while nothing changed",
        "schema": {"type": "string"},
        "example": 'W/"1-20261130-0f1e2d3c4b5a6978"',
    },
    "Last-Modified": {
        "description": "When the release was published that this is of",
        "schema": {"type": "string"},
        "example": "Mon, 30 Nov 2026 12:00:00 GMT",
    },
    "Link": {
        "description": 'Addresses of other pages: rel="next", and from the second on rel="first"',
        "schema": {"type": "string"},
        "example": '</v1/programs?cursor=h4GsyFsi>; rel="next"',
    },
    "Location": {
        "description": "Address of what was made",
        "schema": {"type": "string"},
        "example": "/v1/corrections/7",
    },
    "Content-Disposition": {
        "description": "Name under which a browser keeps the file",
        "schema": {"type": "string"},
        "example": 'attachment; filename="programs.csv"',
    },
    "Repr-Digest": {
        "description": "SHA-256 of the whole file (RFC 9530)",
        "schema": {"type": "string"},
        "example": "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
    },
    "Accept-Ranges": {
        "description": "`bytes`: a part of the file can be asked for by Range",
        "schema": {"type": "string"},
        "example": "bytes",
    },
    "Retry-After": {
        "description": "Seconds to wait before asking again",
        "schema": {"type": "integer"},
        "example": 5,
    },
    "RateLimit": {
        "description": "What is left of each limit, and the seconds until it is whole again; sent "
        "where a limit is set",
        "schema": {"type": "string"},
        "example": '"address";r=599;t=60',
    },
}
"""Headers that answers bear, by name; each is a component of the document."""


def _header(name: str) -> Schema:
    return {"$ref": f"#/components/headers/{name}"}


def share_headers(document: Document) -> None:
    """Keep the headers that answers refer to as components."""
    text = json.dumps(document["paths"])
    document["components"]["headers"] = {
        name: header for name, header in HEADERS.items() if f"#/components/headers/{name}" in text
    }


def share_responses(document: Document, names: Mapping[str, str]) -> None:
    """Write each refusal once: ``names`` is status -> its name as a component.

    Pages refuse as pages, and say so themselves.
    """
    shared: dict[str, Schema] = {}
    for operation in operations(document):
        for status, response in operation["responses"].items():
            if status in names and len(response.get("content", ())) == 1:
                shared.setdefault(names[status], response)
                if response == shared[names[status]]:
                    ref = {"$ref": f"#/components/responses/{names[status]}"}
                    operation["responses"][status] = ref
    document["components"]["responses"] = shared


def share_parameters(document: Document) -> None:
    """Write each parameter once that several operations take.

    Of several kinds of one name the commonest is a component; the others stay where they are.
    """
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    for operation in operations(document):
        for parameter in operation.get("parameters", ()):
            uses[_component_name(parameter)][json.dumps(parameter)] += 1
    common = {}
    for name, kinds in uses.items():
        text, times = kinds.most_common(1)[0]
        if times > 1:
            common[name] = text
    for operation in operations(document):
        operation["parameters"] = [
            {"$ref": f"#/components/parameters/{_component_name(one)}"}
            if common.get(_component_name(one)) == json.dumps(one)
            else one
            for one in operation.get("parameters", ())
        ]
        if not operation["parameters"]:
            del operation["parameters"]
    document["components"]["parameters"] = {
        name: json.loads(text) for name, text in sorted(common.items())
    }


def _component_name(parameter: Schema) -> str:
    words = parameter["name"].replace("-", "_").split("_")
    return "".join(f"{word[:1].upper()}{word[1:]}" for word in words)


def to_yaml(value: Any, indent: str = "") -> str:
    """Return a document as YAML: a line a value, its texts as JSON writes them.

    >>> print(to_yaml({"paths": {"/a": ["b", {"c": 1, "d": []}]}}))
    "paths":
      "/a":
        - "b"
        -
          "c": 1
          "d": []
    """
    if isinstance(value, dict):
        parts = [
            (f"{indent}{json.dumps(key, ensure_ascii=False)}:", one) for key, one in value.items()
        ]
    else:
        parts = [(f"{indent}-", one) for one in value]
    lines = []
    for start, one in parts:
        if isinstance(one, dict | list) and one:
            lines.append(f"{start}\n{to_yaml(one, indent + '  ')}")
        else:
            lines.append(f"{start} {_quoted(one)}")
    return "\n".join(lines)


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
