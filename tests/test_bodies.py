"""What holds for a kind of field in every request, found by walking through all of them."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, get_args

import pytest
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from starlette.testclient import TestClient

from app.schemas.records import WRITABLE, is_address_column, values_model
from tests.application import shared_application


def models_asked() -> set[type[BaseModel]]:
    """Return every shape of a body or a query string, and those inside them."""
    found: set[type[BaseModel]] = set()
    for route in iter_route_contexts(shared_application().routes):
        dependant = getattr(route, "dependant", None)
        for parameter in (*dependant.body_params, *dependant.query_params) if dependant else ():
            found |= set(models_in(parameter.field_info.annotation, found))
    return found


def models_in(annotation: Any, known: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    if is_model and annotation not in known:
        known.add(annotation)
        yield annotation
        for info in annotation.model_fields.values():
            yield from models_in(info.annotation, known)
    annotation = getattr(annotation, "__value__", annotation)
    for part in get_args(annotation):
        yield from models_in(part, known)


def holds_date(annotation: Any) -> bool:
    return annotation is date or any(map(holds_date, get_args(annotation)))


def reader_of(info: FieldInfo) -> TypeAdapter[Any]:
    annotation: Any = info.annotation
    for rule in info.metadata:
        annotation = Annotated[annotation, rule]
    return TypeAdapter(annotation)


DATES = [
    (f"{model.__name__}.{name}", info)
    for model in sorted(models_asked(), key=str)
    for name, info in model.model_fields.items()
    if holds_date(info.annotation)
]
"""Name of a field that takes a date -> the field."""


def test_there_are_dates_in_bodies_and_in_queries() -> None:
    names = {name for name, _ in DATES}

    assert {"ComparisonRequest.as_of", "HeldCredential.certified_on", "DayQuery.as_of"} <= names


@pytest.mark.parametrize(("name", "info"), DATES, ids=[name for name, _ in DATES])
@pytest.mark.parametrize("value", [0, 1.5, True, 1_767_225_600, "0", "86400", "-86400", "+86400.0"])
def test_a_date_is_text_and_never_a_number(name: str, info: FieldInfo, value: Any) -> None:
    reader = reader_of(info)

    assert reader.validate_python("2026-11-24") == date(2026, 11, 24), name
    with pytest.raises(ValidationError):
        reader.validate_python(value)


@pytest.mark.parametrize("value", [0, 1_767_225_600, "0"])
def test_a_number_for_a_date_is_told_as_such(client: TestClient, value: Any) -> None:
    body = {"credentials": [{"code": "RHIT", "certified_on": value}]}

    answer = client.post("/v1/renewal-plans", json=body)

    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert fault["pointer"] == "#/credentials/0/certified_on"
    assert "must be a date such as 2026-11-24" in fault["detail"]


ADDRESSES = [
    (collection, name)
    for collection in sorted(WRITABLE)
    for name in values_model(collection).model_fields
    if is_address_column(name)
]


@pytest.mark.parametrize(("collection", "name"), ADDRESSES)
@pytest.mark.parametrize(
    "address",
    ["https://user:pw@evil.example", "https://www.school.edu/\u202ecod.exe", "https:///nowhere"],
)
def test_every_column_that_pages_link_takes_safe_addresses_only(
    collection: str, name: str, address: str
) -> None:
    reader = reader_of(values_model(collection).model_fields[name])

    assert reader.validate_python("https://www.school.edu/hit") == "https://www.school.edu/hit"
    with pytest.raises(ValidationError, match=r"it holds|names no host"):
        reader.validate_python(address)
