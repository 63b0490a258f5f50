"""What the validation found wrong with a request, in plain sentences with the nearest valid name.

The names and examples come from the OpenAPI document of the operation: what is suggested
is what is documented.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from threading import Lock
from typing import Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.domain.messages import N_, Listing, Message, either
from app.domain.text.json_text import escape_part
from app.domain.vocabulary import STATE_NAMES
from app.errors import Fault, InvalidRequestError, hinting, nearest
from app.schemas.filters import ELSEWHERE, same_words, spoken_for

MAX_VALUE = 100
MAX_CHOICES = 40

SENTENCES = {
    "missing": N_("is required"),
    "int_parsing": N_("must be a whole number"),
    "int_type": N_("must be a whole number"),
    "int_from_float": N_("must be a whole number"),
    "int_parsing_size": N_("is too large a number"),
    "float_parsing": N_("must be a number"),
    "float_type": N_("must be a number"),
    "finite_number": N_("must be a finite number"),
    "bool_parsing": N_("must be true or false"),
    "bool_type": N_("must be true or false"),
    "string_type": N_("must be text"),
    "string_unicode": N_("must be text"),
    "list_type": N_("must be a list"),
    "dict_type": N_("must be an object"),
    "model_type": N_("must be an object"),
    "model_attributes_type": N_("must be an object"),
    "date_type": N_("must be a date such as 2026-11-24"),
    "date_parsing": N_("must be a date such as 2026-11-24"),
    "date_from_datetime_parsing": N_("must be a date such as 2026-11-24"),
    "date_from_datetime_inexact": N_("must be a date such as 2026-11-24, without a time"),
    "greater_than": N_("must be greater than %(gt)s"),
    "greater_than_equal": N_("must be at least %(ge)s"),
    "less_than": N_("must be less than %(lt)s"),
    "less_than_equal": N_("must be at most %(le)s"),
    "string_too_short": N_("must have at least %(min_length)s characters"),
    "string_too_long": N_("must have at most %(max_length)s characters"),
    "too_short": N_("must have at least %(min_length)s entries"),
    "too_long": N_("must have at most %(max_length)s entries"),
    "string_pattern_mismatch": N_("does not have the form asked for, %(pattern)s"),
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def printable(text: str, limit: int = MAX_VALUE) -> str:
    r"""Return text that any client can show: bounded, and what is no character escaped.

    >>> printable("\ud800 and \0")
    '\\ud800 and \\x00'
    """
    if len(text) > limit:
        text = f"{text[: limit - 1]}…"
    return _CONTROL.sub(lambda match: ascii(match[0])[1:-1], text)


DOCUMENTING = Lock()
"""Held while FastAPI describes routes: two threads at once take each other's fields away."""

_contracts: dict[Callable[..., Any], "Contract"] = {}
"""Function of a route -> its contract, made when it first refuses something."""


class Contract:
    """What the OpenAPI document says about one operation."""

    def __init__(self, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> None:
        self._operation, self._schemas = operation, schemas

    @classmethod
    def of_route(cls, route: APIRoute) -> "Contract":
        """Return what a route allows; made without the document of all routes, which takes long."""
        with DOCUMENTING:
            if route.endpoint not in _contracts:
                _contracts[route.endpoint] = cls._make(route)
        return _contracts[route.endpoint]

    @classmethod
    def _make(cls, route: APIRoute) -> "Contract":
        alone = copy(route)
        alone.include_in_schema = True
        alone.response_field, alone.response_fields, alone.responses = None, {}, {}
        document = get_openapi(title=route.name, version="", routes=[alone])
        operation = next(iter(document["paths"][route.path_format].values()))
        schemas = document.get("components", {}).get("schemas", {})
        return cls(operation, schemas)

    @classmethod
    def of_body(cls, model: type[BaseModel]) -> "Contract":
        """Return what a model of a body allows."""
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        body = {"content": {"application/json": {"schema": schema}}}
        return cls({"requestBody": body}, schema.get("$defs", {}))

    def parameters(self, place: str) -> dict[str, Mapping[str, Any]]:
        """Return the parameters in ``query``, ``path``, ``header`` or ``cookie`` by name."""
        return {
            parameter["name"]: parameter
            for parameter in self._operation.get("parameters", [])
            if parameter["in"] == place
        }

    def fields(self, path: Iterable[str | int]) -> dict[str, Mapping[str, Any]]:
        """Return the fields that the object at a place in the body may have, by name."""
        content = self._operation.get("requestBody", {}).get("content", {})
        schemas = [media.get("schema", {}) for media in content.values()]
        for part in path:
            schemas = [child for schema in schemas for child in self._children(schema, part)]
        found: dict[str, Mapping[str, Any]] = {}
        for schema in schemas:
            for shape in self._shapes(schema):
                found |= shape.get("properties", {})
        return found

    def _children(self, schema: Mapping[str, Any], part: str | int) -> list[Mapping[str, Any]]:
        children = []
        for shape in self._shapes(schema):
            if isinstance(part, int):
                child = shape.get("items")
            else:
                child = shape.get("properties", {}).get(part, shape.get("additionalProperties"))
            if isinstance(child, Mapping):
                children.append(child)
        return children

    def _shapes(self, schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Follow references and alternatives to the schemas that say what is allowed."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self._shapes(self._schemas[name])
        choices = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
        return [schema, *(shape for choice in choices for shape in self._shapes(choice))]


def to_faults(errors: Sequence[Any], body: Any, contract: Contract) -> list[Fault]:
    """Return the faults behind pydantic's errors; each place and sentence once."""
    faults = []
    for error in errors:
        place, *path = error["loc"]
        if place == "body":
            fault = _fault_of_body(error, path, body, contract)
        else:
            fault = _fault_of_parameter(error, place, path, contract)
        if fault not in faults:
            faults.append(fault)
    return faults


def _fault_of_parameter(
    error: Mapping[str, Any], place: str, path: Sequence[str | int], contract: Contract
) -> Fault:
    name = str(path[0]) if path else None
    subject = name or f"The {place}"
    documented = contract.parameters(place)
    if error["type"] == "extra_forbidden":
        absent = Message("There is no parameter %(name)s.", name=_quoted(subject))
        meant = _parameters_meant(subject, documented)
        return Fault(
            hinting(absent, *meant),
            parameter=name,
            value=_as_text(error["input"]),
            suggestion=next(iter(meant), None),
        )
    example = _example(documented.get(subject, {}).get("schema", {}))
    sentence, near = _sentence(error, example)
    return Fault(
        hinting(Message("%(what)s %(fault)s.", what=printable(subject), fault=sentence), near),
        parameter=name,
        value=None if error["type"] == "missing" else _as_text(error["input"]),
        suggestion=near,
    )


def _fault_of_body(
    error: Mapping[str, Any], path: Sequence[str | int], body: Any, contract: Contract
) -> Fault:
    missing = error["type"] == "missing"
    parts = _parts_in(body, path)
    if missing and path and (not parts or parts[-1] != path[-1]):
        parts = [*parts, path[-1]]
    pointer = "#" + "".join(f"/{escape_part(part)}" for part in parts)
    subject = ".".join(str(part) for part in parts) or "The body"
    fields = contract.fields(parts[:-1])
    if error["type"] == "extra_forbidden":
        near = nearest(str(parts[-1]), fields)
        return Fault(
            hinting(Message("There is no field %(name)s.", name=_quoted(subject)), near),
            pointer=pointer,
            value=_as_text(error["input"]),
            suggestion=near,
        )
    schema = fields.get(str(parts[-1]), {}) if parts else {}
    sentence, near = _sentence(error, _example(schema))
    return Fault(
        hinting(Message("%(what)s %(fault)s.", what=printable(subject), fault=sentence), near),
        pointer=pointer,
        value=None if missing else _as_text(error["input"]),
        suggestion=near,
    )


def _parts_in(body: Any, path: Sequence[str | int]) -> list[str | int]:
    """Return the parts of a location that lead into the body; the rest names types, not places."""
    parts = []
    for part in path:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError):
            continue
        parts.append(part)
    return parts


def _sentence(error: Mapping[str, Any], example: str | None) -> tuple[Message, str | None]:
    """Return what is wrong as the end of a sentence, and the nearest valid value if there is."""
    context = error.get("ctx", {})
    if error["type"] in {"enum", "literal_error"}:
        choices = re.findall(r"'([^']*)'", context["expected"])
        near = _nearest_choice(str(error["input"]), choices)
        if len(choices) > MAX_CHOICES:
            many = Message(
                "must be one of %(n)s values listed in '/docs/interface'", n=len(choices)
            )
            return many, near
        listed = Listing(", ", [*choices[:-2], either(choices[-2:])])
        return Message("must be %(choices)s", choices=listed), near
    if error["type"] in {"value_error", "assertion_error"}:
        reason = next(iter(context["error"].args), "")
        return Message("is refused: %(reason)s", reason=Message(reason.removesuffix("."))), None
    if error["type"] == "string_pattern_mismatch" and example:
        return Message("must look like %(example)s", example=repr(example)), None
    kind = error["type"]
    if isinstance(error.get("input"), str) and f"string_{kind}" in SENTENCES:
        kind = f"string_{kind}"  # a text is counted in characters, however its type is annotated
    if known := SENTENCES.get(kind):
        return Message(known, **context), None
    said = error["msg"].replace("Input should", "must").rstrip(".")
    return Message(said), context.get("suggestion")


def _parameters_meant(name: str, documented: Iterable[str]) -> list[str]:
    """Return the parameters that an unknown one may be meant for, the likeliest first."""
    known = list(documented)
    spoken = [one for meant in (name, *spoken_for(name)) for one in same_words(meant, known)]
    elsewhere = [one for one in ELSEWHERE.get(name.lower(), ()) if one in known]
    near = nearest(name, known)
    return spoken or elsewhere or ([near] if near else [])


def _nearest_choice(text: str, choices: Sequence[str]) -> str | None:
    """Return the choice most like a text; a state may be meant by its name."""
    named = {name: code for code, name in STATE_NAMES.items() if code in choices}
    state = nearest(text, named)
    if state:
        return named[state]
    said = (one for one in spoken_for(text) if one in choices)
    return next(said, None) or nearest(text, choices)


def _example(schema: Mapping[str, Any]) -> str | None:
    examples = schema.get("examples") or schema.get("items", {}).get("examples")
    if not examples:
        return None
    first = examples[0]
    return str(first[0] if isinstance(first, list) and first else first)


def _quoted(name: str) -> str:
    return repr(printable(name))


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


@contextmanager
def rename_faults(**fields: str) -> Iterator[None]:
    """Report what is wrong with a body as of the parameters or fields that it was made from.

    Args:
        fields: What the body calls it -> parameter or field, where the names differ.

    Raises:
        InvalidRequestError: Something raised it; every fault names a parameter.
    """
    try:
        yield
    except InvalidRequestError as error:
        faults = []
        for fault in error.faults:
            name = fault.parameter or (fault.pointer or "").removeprefix("#/").partition("/")[0]
            faults.append(replace(fault, pointer=None, parameter=fields.get(name, name)))
        raise InvalidRequestError(faults) from error
