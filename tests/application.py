"""The application and its OpenAPI document, made once a process: both take long."""

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
