"""The headers that pages are sent with: what a browser may do with each of them."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx import Response
from starlette.testclient import TestClient

from app.http import policies
from app.main import create_app
from app.schemas.snapshots import SHIPPED
from app.settings import get_settings
from tests.fixtures import Databases

PROGRAM = "sinclair-community-college-510707-associate"
FILLED = {
    "slug": PROGRAM,
    "code": "RHIT",
    "hash": SHIPPED,
    "section": "questions",
    "unitid": "202222",
}
PAGES = {
    "/",
    "/docs",
    "/docs/embed",
    "/docs/glossary",
    "/docs/interface",
    "/docs/quick-start",
    "/docs/versions",
    "/docs/webhooks",
    "/embed/checklist/{slug}",
    "/embed/comparison",
    "/embed/credential/{code}",
    "/embed/program/{slug}",
    "/problems",
    "/v1/snapshots/{hash}",
}


@pytest.fixture(scope="module")
def client(databases: Databases) -> Iterator[TestClient]:
    with TestClient(create_app(databases.seeded("sqlite"))) as client:
        yield client


def pages(client: TestClient) -> dict[str, list[Response]]:
    """Return every page there is, as it is shown and, where it can be, as it is refused."""
    app = client.app
    assert isinstance(app, FastAPI)
    found: dict[str, list[Response]] = {}
    for route in iter_route_contexts(app.routes):
        path = str(route.path)
        if "GET" not in (route.methods or ()) or path.startswith(("/v1/admin", "/v1/export")):
            continue
        address = path
        for name, value in FILLED.items():
            address = address.replace(f"{{{name}}}", value)
        for query in ("", "?program=a&program=b", "?limt=1"):
            answer = client.get(f"{address}{query}", headers={"accept": "text/html"})
            if answer.headers.get("content-type", "").startswith("text/html"):
                found.setdefault(path, []).append(answer)
    return found


def test_every_page_is_sent_with_all_that_keeps_its_reader_safe(client: TestClient) -> None:
    found = pages(client)

    assert set(found) >= PAGES
    for path, answers in found.items():
        is_card = path.startswith("/embed/")
        for answer in answers:
            headers = answer.headers
            policy = dict(
                part.strip().partition(" ")[::2]
                for part in headers["content-security-policy"].split(";")
            )
            where = f"{answer.url} {answer.status_code}"
            assert policy["default-src"] == policy["base-uri"] == "'none'", where
            assert policy["form-action"] in {"'none'", "'self'"}, where
            assert "unsafe" not in headers["content-security-policy"], where
            assert "*" not in headers["content-security-policy"], where
            assert policy.get("frame-ancestors") == (None if is_card else "'none'"), where
            shared = "cross-origin" if is_card else "same-origin"
            assert headers["cross-origin-resource-policy"] == shared, where
            assert headers["cross-origin-opener-policy"] == "same-origin", where
            assert headers["x-content-type-options"] == "nosniff", where
            assert headers["referrer-policy"] == "strict-origin-when-cross-origin", where
            for power in policies.POWERS:
                assert f"{power}=()" in headers["permissions-policy"], where
            assert "strict-transport-security" not in headers, where


def test_only_a_service_known_to_be_at_an_https_address_asks_for_https(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://hit.example")
    get_settings.cache_clear()
    with TestClient(create_app(databases.seeded("sqlite"))) as client:
        asked = [client.get(path) for path in ("/docs", "/v1/programs", "/v1/nothing")]
    get_settings.cache_clear()

    for answer in asked:
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
