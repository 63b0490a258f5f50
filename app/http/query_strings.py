"""Query strings read as one model without the framework, which takes them apart one by one."""

from collections.abc import Collection
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from app.http.single_values import check_single


def repeatable(model: type[BaseModel]) -> frozenset[str]:
    """Return the parameters of a model that may be given more than once."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if list in (get_origin(field.annotation), *map(get_origin, get_args(field.annotation)))
    )


def read_query(model: type[BaseModel], many: Collection[str], raw: bytes) -> BaseModel:
    """Return a query string as a model; those in ``many`` may come more than once.

    Raises:
        InvalidRequestError: A parameter of one value came more than once.
        RequestValidationError: A value or a name is not accepted.
    """
    given: dict[str, Any] = {}
    asked = parse_qsl(raw.decode("latin-1"), keep_blank_values=True)
    for name, value in asked:
        if name in many:
            given.setdefault(name, []).append(value)
        else:
            given[name] = value
    if len(given) < len(asked):
        check_single(asked, lambda name: name in model.model_fields and name not in many)
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(located(error, "query")) from error


def located(error: ValidationError, *place: str) -> list[dict[str, Any]]:
    """Return the faults of a value, with the place in the request where it stands."""
    return [{**fault, "loc": (*place, *fault["loc"])} for fault in error.errors()]
