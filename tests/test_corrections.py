"""Reports of wrong facts: from anyone, bounded, public, and a change only by an editor."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.keys import Scope
from app.main import create_app
from app.queries import corrections
from app.settings import get_settings
from tests.editing import Editor, make_key
from tests.making import add_program, price, publish

REPORT: dict[str, Any] = {
    "collection": "program",
    "key": "alpha-hit",
    "field": "practicum",
    "statement": "A practicum of 120 hours is required.",
    "source_url": "https://alpha.example/practicum",
    "seen_on": "2026-11-20",
}
PRACTICUM = {"availability": "required", "hours_low": 120, "hours_high": 120}


@pytest.fixture(autouse=True)
def catalogue(session: Session) -> None:
    add_program(session, "alpha-hit", school="alpha-college", claims=[price("tuition", 1000)])
    publish(session)


@pytest.fixture
def editor(engine: Engine, client: TestClient) -> Editor:
    return Editor(client, make_key(engine, Scope.WRITE_FACTS, Scope.PUBLISH))


def report(client: TestClient, status: int = 201, **fields: Any) -> dict[str, Any]:
    answer = client.post("/v1/corrections", json={**REPORT, **fields})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def test_anyone_can_report_and_everybody_can_read_it(client: TestClient) -> None:
    made = report(client)

    assert made["state"] == "open"
    assert client.get(f"/v1/corrections/{made['id']}").json() == made
    log = client.get("/v1/corrections", params={"state": "open", "key": "alpha-hit"}).json()
    assert [item["statement"] for item in log["items"]] == [REPORT["statement"]]
    assert client.get("/v1/corrections", params={"state": "declined"}).json()["total"] == 0


def test_nothing_about_the_sender_is_kept(client: TestClient) -> None:
    made = report(client)

    assert set(made) == {
        *("id", "collection", "key", "field", "statement", "source_url", "seen_on", "proposed"),
        *("created_at", "state", "reason", "decided_at", "edit_id"),
    }


def test_the_same_report_twice_is_one(client: TestClient) -> None:
    first = report(client)
    again = report(client, 200, statement="a practicum of 120 hours is REQUIRED")

    assert again["id"] == first["id"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"key": "nobody-hit"}, "nobody-hit"),
        ({"collection": "cip"}, "collection"),
        ({"statement": "Wrong."}, "statement"),
        ({"statement": "x" * 1001}, "statement"),
        ({"source_url": "ftp://x.example"}, "source_url"),
        ({"source_url": "https://www.shareasale.com/r.cfm?b=1"}, "pays somebody"),
        ({"statement": "See http://a.example and http://b.example now"}, "one address"),
        ({"statement": "The cheapest online biology degree accredited is here"}, "sponsored"),
        ({"website": "https://spam.example"}, "left empty"),
        ({"seen_on": "yesterday"}, "neither a date"),
        ({"email": "me@example.org"}, "email"),
    ],
)
def test_what_is_no_report_is_refused_with_the_reason(
    client: TestClient, fields: dict[str, Any], words: str
) -> None:
    problem = report(client, 422, **fields)

    assert words in str(problem)
    assert client.get("/v1/corrections").json()["total"] == 0


def test_one_address_can_send_only_so_many(client: TestClient) -> None:
    limit = int(get_settings().corrections.split("/")[0])
    for number in range(limit):
        report(client, statement=f"Practicum number {number} is required.")

    answer = client.post("/v1/corrections", json=REPORT)

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_when_too_many_are_open_no_more_are_taken(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "MOST_OPEN", 1)
    report(client)

    problem = report(client, 503, statement="Another thing is wrong here.")

    assert "no more are taken" in problem["detail"]


def test_an_accepted_report_becomes_a_fact_with_its_page_as_evidence(
    client: TestClient, editor: Editor
) -> None:
    number = report(client)["id"]

    decided = editor.ask(
        "POST",
        f"/v1/admin/corrections/{number}/accept",
        {"reason": "The page says so.", "collection": "practicum_claim", "values": PRACTICUM},
    )
    editor.publish()

    assert decided["correction"]["state"] == "accepted"
    assert decided["correction"]["edit_id"] == decided["edit"]["id"]
    practicum = client.get("/v1/programs/alpha-hit").json()["practicum"][0]
    assert practicum["hours_low"] == 120
    assert practicum["evidence"]["source_url"] == REPORT["source_url"]
    assert practicum["evidence"]["as_of"] == "2026-11-20"
    log = client.get(f"/v1/corrections/{number}").json()
    assert log["reason"] == "The page says so."


def test_an_accepted_report_can_change_the_record_itself(
    client: TestClient, editor: Editor
) -> None:
    number = report(client, field="url", statement="The page moved to another address.")["id"]

    editor.ask(
        "POST",
        f"/v1/admin/corrections/{number}/accept",
        {
            "reason": "It moved.",
            "collection": "program",
            "values": {"url": "https://alpha.example/hit"},
        },
    )
    editor.publish()

    links = client.get("/v1/programs/alpha-hit").json()["links"]
    assert links["program_page"] == "https://alpha.example/hit"


def test_a_declined_report_stays_public_with_its_reason_and_changes_nothing(
    client: TestClient, editor: Editor
) -> None:
    number = report(client)["id"]

    editor.ask("POST", f"/v1/admin/corrections/{number}/decline", {"reason": "It is of 2019."})

    log = client.get(f"/v1/corrections/{number}").json()
    assert (log["state"], log["reason"]) == ("declined", "It is of 2019.")
    again = editor.ask(
        "POST", f"/v1/admin/corrections/{number}/decline", {"reason": "Again."}, status=409
    )
    assert "declined already" in again["detail"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"collection": "practicum_claim", "values": {"availability": "maybe"}}, "availability"),
        ({"collection": "institution", "values": {}}, "accept it as a change"),
    ],
)
def test_a_report_that_cannot_become_the_change_stays_open(
    client: TestClient, editor: Editor, body: dict[str, Any], words: str
) -> None:
    number = report(client)["id"]

    problem = editor.ask(
        "POST",
        f"/v1/admin/corrections/{number}/accept",
        {"reason": "So it is.", **body},
        status=422,
    )

    assert words in problem["detail"]
    assert client.get(f"/v1/corrections/{number}").json()["state"] == "open"


def test_deciding_needs_a_key(client: TestClient) -> None:
    number = report(client)["id"]

    answer = client.post(f"/v1/admin/corrections/{number}/decline", json={"reason": "No."})

    assert answer.status_code == 401


@pytest.fixture
def generous(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("CORRECTIONS", "1000/hour")
    get_settings.cache_clear()
    with TestClient(create_app(engine)) as client:
        yield client
    monkeypatch.undo()
    get_settings.cache_clear()


def test_the_log_comes_in_pages_the_newest_first(generous: TestClient) -> None:
    for number in range(5):
        report(generous, statement=f"Practicum number {number} is required.")

    first = generous.get("/v1/corrections", params={"limit": 3}).json()
    rest = generous.get("/v1/corrections", params={"limit": 3, "cursor": first["next"]}).json()

    numbers = [item["id"] for item in first["items"] + rest["items"]]
    assert numbers == sorted(numbers, reverse=True)
    assert (len(numbers), first["total"], rest["next"]) == (5, 5, None)
