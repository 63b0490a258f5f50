"""Every address of the service, asked: none may fail, whatever the database has been through."""

import re
from collections.abc import Iterable

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient


def addresses_of(app: FastAPI, program: str) -> list[str]:
    """Return every address that is read, those of a program filled in with one that there is."""
    found = []
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        if "GET" not in (route.methods or ()) or path.startswith(("/v1/admin", "/static")):
            continue
        path = re.sub(r"\{(slug|program)(:\w+)?\}", program, path)
        path = re.sub(r"\{release(:\w+)?\}", "1", path)
        path = re.sub(r"\{[^}]*\}", "RHIT", path)
        found.append(f"{path}?state=VT" if path.endswith("s.jsonld") else path)
    return sorted({*found, "/v1/programs?state=OH", "/v1/programs?q=health", "/?q=health"})


def failures(client: TestClient, addresses: Iterable[str]) -> dict[str, int]:
    """Return address -> status of those that fail, each asked for as programs or people do."""
    found = {}
    for address in addresses:
        accept = "application/json" if address.startswith("/v1/") else "text/html"
        answer = client.get(address, headers={"accept": accept})
        is_being_made = address.startswith("/v1/export/") and "retry-after" in answer.headers
        if answer.status_code >= 500 and not is_being_made:
            found[address] = answer.status_code
    return found
