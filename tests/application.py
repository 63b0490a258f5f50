"""The application and its OpenAPI document, made once a process: both take long."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi import FastAPI
from sqlalchemy import create_engine

from app.main import create_app


@cache
def shared_application() -> FastAPI:
    """Return the application for all tests that do not need one of their own; bind it."""
    return create_app(create_engine("sqlite://"))


def openapi_document() -> dict[str, Any]:
    """Return the document as it is served; only read it."""
    return shared_application().openapi()


def operations_of(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and operation, with what it shares with others written out in it."""

    def written_out(one: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in one:
            return one
        _, _, kind, name = one["$ref"].split("/")
        return dict(document["components"][kind][name])

    for path, item in document["paths"].items():
        for method, operation in item.items():
            parameters = [written_out(one) for one in operation.get("parameters", ())]
            responses = {s: written_out(one) for s, one in operation["responses"].items()}
            yield path, method, {**operation, "parameters": parameters, "responses": responses}
