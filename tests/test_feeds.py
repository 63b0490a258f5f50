"""Feeds of Atom and the page of releases: whoever subscribes is told what changed."""

import json
from xml.etree import ElementTree

from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.keys import Scope
from tests.editing import Editor, make_key
from tests.making import add_program, price, publish

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: TestClient, path: str) -> ElementTree.Element:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml"
    tag = {"If-None-Match": answer.headers["etag"]}
    assert client.get(path, headers=tag).status_code == 304
    feed = ElementTree.fromstring(answer.content)
    for name in ("id", "title", "updated", "author"):
        assert feed.find(f"{ATOM}{name}") is not None
    return feed


def titles(feed: ElementTree.Element) -> list[str | None]:
    return [one.text for one in feed.findall(f"{ATOM}entry/{ATOM}title")]


def test_releases_and_the_changes_of_one_program_can_be_subscribed_to(
    engine: Engine, client: TestClient, session: Session
) -> None:
    for name in ("alpha", "beta"):
        school = f"{name}-college"
        add_program(session, f"{name}-hit", school=school, claims=[price("tuition", 1000)])
    publish(session)
    editor = Editor(client, make_key(engine, Scope.ADMIN))
    lines = client.get("/v1/export/cost_claim.ndjson").text.splitlines()
    [number] = [
        one["key"] for one in map(json.loads, lines) if one["record"]["program"] == "alpha-hit"
    ]
    editor.change("cost_claim", number, amount_low_cents=90_000)
    editor.publish("Prices of <Alpha>")

    releases = read(client, "/releases.atom")
    alpha, beta = (read(client, f"/programs/{name}-hit/changes.atom") for name in ("alpha", "beta"))
    page = client.get("/releases", headers={"Accept": "text/html"})

    assert titles(releases)[0] == "Release 2: Prices of <Alpha>"
    assert len(titles(releases)) == 2
    assert titles(alpha) == ["Changed by release 2"]
    assert "cost claim: " in str(alpha.findtext(f"{ATOM}entry/{ATOM}summary"))
    assert titles(beta) == []
    assert page.status_code == 200
    assert 'data-release="2"' in page.text and 'href="/releases.atom"' in page.text
    assert client.get("/programs/gamma-hit/changes.atom").status_code == 404
    shown = client.get("/programs/alpha-hit", headers={"Accept": "text/html"}).text
    assert 'href="/programs/alpha-hit/changes.atom"' in shown


def test_a_credential_can_be_subscribed_to(seeded_client: TestClient) -> None:
    feed = read(seeded_client, "/credentials/RHIT/changes.atom")

    assert feed.findtext(f"{ATOM}title") == "hit-compare: RHIT"
    assert seeded_client.get("/credentials/RHIX/changes.atom").status_code == 404
