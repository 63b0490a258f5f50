"""The documentation page in a real browser: whole, and nothing from elsewhere."""

import hashlib
from collections.abc import Iterator
from importlib.resources import files

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.browsing import SCREENSHOTS, chromium, serving

CARRIED = {  # Swagger UI 5.34.0, the files of the npm package swagger-ui-dist
    "swagger-ui-bundle.js": "3f6abf70480db7e07914df4c98a77385f22ea585eaf457a3e6415ba0eae2d167",
    "swagger-ui.css": "c3cfe8248c4b0b89673600fb829924eafbac6de4bc4b2b06f5f5243483074d0a",
}


@pytest.mark.parametrize("name", CARRIED)
def test_the_carried_files_are_those_that_were_checked(name: str) -> None:
    content = files("fastapi_swagger.resources").joinpath(name).read_bytes()

    assert hashlib.sha256(content).hexdigest() == CARRIED[name]


def test_a_file_that_is_not_part_of_the_documentation_is_not_served(client: TestClient) -> None:
    assert client.get("/docs/docs.css").status_code == 200
    assert client.get("/docs/__init__.py").status_code == 404


@pytest.fixture
def server(databases: object, seeded_engine: Engine) -> Iterator[str]:
    """The application on a port of this machine."""
    with serving(seeded_engine) as address:
        yield address


def test_the_page_opens_an_operation_and_tries_it_without_asking_anybody_else(
    server: str,
) -> None:
    asked: list[str] = []
    errors: list[str] = []
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 1400})
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))

        page.goto(f"{server}/docs")
        operation = page.locator("[id='operations-Find_a_program-list_programs']")
        operation.locator(".opblock-summary-control").click()
        operation.locator(".execute").click()
        answer = operation.locator(".live-responses-table")
        answer.wait_for()
        shown = answer.inner_text()
        scored = page.locator("[id='operations-Score_it-get_program_checklist']")
        scored.locator(".opblock-summary-control").click()
        scored.locator(".execute").click()
        scored.locator(".live-responses-table").wait_for()
        shown_too = scored.locator(".live-responses-table").inner_text()
        scored.scroll_into_view_if_needed()
        page.screenshot(path=SCREENSHOTS / "docs.png")

    assert "200" in shown
    assert "program_accredited" in shown_too
    assert errors == []
    assert [url for url in asked if not url.startswith((server, "data:"))] == []
