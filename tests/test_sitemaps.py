"""What there is to read, for those who collect it."""

from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from app.queries import sitemaps
from app.settings import get_settings
from tests.asking import forget


def addresses(client: TestClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/xml"
    tree = ElementTree.fromstring(answer.text)
    return [place.text or "" for place in tree.iter(f"{{{NAMESPACE}}}loc")]


def count_programs(client: TestClient) -> int:
    """Return how many programs there are, those of closed schools among them."""
    page = client.get("/v1/programs?limit=1").json()
    return int(page["total"] + sum(page["left_out"].values()))


NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
HERE = "http://testserver"


def test_robots_are_led_to_the_sitemap_and_kept_off_lists(seeded_client: TestClient) -> None:
    answer = seeded_client.get("/robots.txt")

    assert answer.headers["content-type"].startswith("text/plain")
    assert f"Sitemap: {HERE}/sitemap.xml\n" in answer.text
    assert "Disallow: /*?*program=\n" in answer.text


def test_the_sitemap_names_every_program_school_and_page_once(seeded_client: TestClient) -> None:
    parts = addresses(seeded_client, "/sitemap.xml")

    listed = [
        address for part in parts for address in addresses(seeded_client, part.removeprefix(HERE))
    ]

    assert len(set(listed)) == len(listed)
    programs = [one for one in listed if one.startswith(f"{HERE}/programs/")]
    assert len(programs) == count_programs(seeded_client)
    schools = [one for one in listed if one.startswith(f"{HERE}/institutions/")]
    assert len(schools) == seeded_client.get("/v1/completeness").json()["collections"][2]["total"]
    for page in ("/guide/questions", "/credentials/RHIT", "/method", "/work-settings/hospital"):
        assert f"{HERE}{page}" in listed


def test_pages_in_the_sitemap_are_there(seeded_client: TestClient) -> None:
    for address in addresses(seeded_client, "/sitemap-pages.xml"):
        path = address.removeprefix(HERE)
        if path.startswith(("/guide", "/method", "/data", "/statistics", "/corrections")):
            assert seeded_client.get(path).status_code == 200
        elif path.count("/") == 2:
            assert seeded_client.get(f"/v1{path}").status_code == 200


def test_many_addresses_are_split_into_parts(
    seeded_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "MOST", 2_000)
    forget(seeded_client.app)  # type: ignore[arg-type]

    parts = [one for one in addresses(seeded_client, "/sitemap.xml") if "programs" in one]
    sizes = [len(set(addresses(seeded_client, part.removeprefix(HERE)))) for part in parts]

    assert max(sizes) == 2_000
    assert sum(sizes) == count_programs(seeded_client)
    forget(seeded_client.app)  # type: ignore[arg-type]


def test_addresses_are_those_the_service_is_known_by(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "public_url", "https://hit.example/app")

    assert "Sitemap: https://hit.example/app/sitemap.xml\n" in client.get("/robots.txt").text
    assert addresses(client, "/sitemap.xml") == ["https://hit.example/app/sitemap-pages.xml"]
    assert "https://hit.example/app/guide" in addresses(client, "/sitemap-pages.xml")


def test_a_part_that_is_not_there_is_not_found(seeded_client: TestClient) -> None:
    answer = seeded_client.get("/sitemap-programs-2.xml")

    assert answer.status_code == 404
    assert "programs-1" in answer.json()["detail"]
