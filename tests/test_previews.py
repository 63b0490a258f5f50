"""What others read of a page without showing it: search engines, previews of links, browsers."""

import json
import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

OWENS = "owens-community-college-510707-associate"
MERCY = "mercy-college-of-ohio-510707-associate"
PAGES = {
    f"/programs/{OWENS}?program={MERCY}&weights=accreditation:1&near=45402": f"/programs/{OWENS}",
    "/credentials/rhit?holds=CCA": "/credentials/RHIT",
    "/credentials/CCS?lang=es": "/credentials/CCS?lang=es",
    "/institutions/204945?home_state=OH": "/institutions/204945",
    "/data?lang=en": "/data",
    f"/compare?program={OWENS}&program={MERCY}&near=45402": (
        f"/compare?program={OWENS}&program={MERCY}"
    ),
    f"/?q=owens&state=OH&program={MERCY}": "/?q=owens&state=OH",
    "/careers": "/careers",
    "/docs/embed": "/docs/embed",
}
"""Address of a page -> the lasting one."""
KINDS = {
    f"/programs/{OWENS}": "EducationalOccupationalProgram",
    "/credentials/RHIT": "EducationalOccupationalCredential",
    "/institutions/204945": "CollegeOrUniversity",
    "/data": "Dataset",
}


def read(client: TestClient, path: str) -> tuple[dict[str, str], str]:
    """Return name -> content of the tags of a page, and the page."""
    page = client.get(path, headers={"Accept": "text/html"}).text
    tags = re.findall(r'<meta (?:property|name)="([^"]*)" content="([^"]*)"', page)
    return {name: unescape(content) for name, content in tags}, page


@pytest.mark.parametrize("asked", PAGES)
def test_a_page_says_how_a_link_to_it_is_shown_and_where_it_lasts(
    seeded_client: TestClient, asked: str
) -> None:
    lasting = f"http://testserver{PAGES[asked]}"
    tags, page = read(seeded_client, f"{asked}{'&' if '?' in asked else '?'}utm_source=news")

    [canonical] = re.findall(r'<link rel="canonical" href="([^"]*)"', page)
    assert unescape(canonical) == tags["og:url"] == lasting
    assert tags["og:title"] and tags["og:description"]
    assert tags["twitter:card"] == "summary_large_image"
    picture = seeded_client.get(tags["og:image"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert seeded_client.get(lasting).status_code == 200


def linked(page: str) -> dict[str, Any]:
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return dict(json.loads(text))


@pytest.mark.parametrize("path", KINDS)
def test_search_engines_find_in_a_page_what_it_is_about(
    seeded_client: TestClient, path: str
) -> None:
    tags, page = read(seeded_client, path)
    node = linked(page)

    assert node["@context"] == "https://schema.org"
    assert node["@type"] == KINDS[path]
    assert node["name"] and node["description"] and node["url"].startswith("http")
    assert "ceterms:" not in json.dumps(node)
    assert len(json.dumps(node)) < 8_000
    assert path == "/data" or node["mainEntityOfPage"] == tags["og:url"]


def test_linked_data_in_a_page_say_what_those_of_the_interface_say(
    seeded_client: TestClient,
) -> None:
    node = linked(read(seeded_client, f"/programs/{OWENS}")[1])
    whole = seeded_client.get(f"/v1/programs/{OWENS}.jsonld").json()

    for term in ("@id", "name", "description", "url"):
        assert node[term] == whole[term]
    assert node["provider"]["name"] == whole["provider"]["name"]
    assert [one["price"] for one in node["offers"]] == [one["price"] for one in whole["offers"]]


def test_files_of_a_data_set_are_there(seeded_client: TestClient) -> None:
    node = linked(read(seeded_client, "/data")[1])
    listed = {one["name"] for one in seeded_client.get("/v1/export").json()["items"]}

    assert {"programs.csv", "credentials.csv", "catalogue.ndjson"} <= {
        one["name"] for one in node["distribution"]
    }
    assert {one["name"] for one in node["distribution"]} <= listed


def test_what_browsers_robots_and_finders_of_weaknesses_ask_for_is_there(
    seeded_client: TestClient,
) -> None:
    icon = seeded_client.get("/favicon.ico")
    robots = seeded_client.get("/robots.txt").text
    security = seeded_client.get("/.well-known/security.txt").text

    assert icon.content[:4] == b"\0\0\1\0"
    assert icon.headers["content-type"] == "image/vnd.microsoft.icon"
    assert "Disallow: /v1/export/\n" in robots  # the list of files has no slash at its end
    assert re.search(r"(?m)^Contact: https://\S+$", security)
    assert re.search(r"(?m)^Expires: \d{4}-\d\d-\d\dT00:00:00Z$", security)
