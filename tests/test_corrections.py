"""Reports of wrong facts: from anyone, bounded, public, and a change only by an editor."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.clock import moment
from app.domain.keys import Scope
from app.main import create_app
from app.ops import cli
from app.schemas.corrections import ReportedCollection
from app.settings import get_settings
from app.store.records import collections
from app.store.tables.changes import DraftEdit
from app.store.tables.corrections import Correction
from app.store.tables.institutions import Institution
from app.store.tables.statistics import Statistic
from tests.editing import Editor, make_key
from tests.making import GOVERNMENT, add_program, price, publish

pytestmark = pytest.mark.engines_in_turn

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
        *("hidden_at", "hidden_reason"),
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
        ({"source_url": "https://user:pw@evil.example/x"}, "a user name or a password"),
        ({"source_url": "https://www.school.edu/\u202ecod.exe"}, "U+202E"),
        ({"source_url": "https://www.school.edu/%E2%80%AEcod.exe"}, "U+202E"),
        ({"statement": "Read this backwards: \u202eedoc"}, "turn or break a line"),
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


def test_a_day_has_room_for_only_so_many(
    client: TestClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "corrections_per_day", 1)
    report(client)

    problem = report(client, 429, statement="Another thing is wrong here.")
    session.execute(sa.update(Correction).values(created_at=moment() - timedelta(days=1)))
    session.commit()

    assert "before midnight UTC" in problem["detail"]
    report(client, statement="Another thing is wrong here.")


def test_thousands_that_nobody_has_read_yet_do_not_stop_the_next(
    client: TestClient, session: Session
) -> None:
    old = {**REPORT, "created_at": moment() - timedelta(days=2), "state": "open"}
    rows = [{**old, "digest": f"{number}"} for number in range(5_000)]
    session.execute(sa.insert(Correction), rows)
    session.commit()

    assert report(client)["state"] == "open"


def test_one_network_cannot_shut_the_door_for_all_others(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.http.writes.LEAST_FOR_A_NETWORK", 2)
    monkeypatch.setattr(get_settings(), "corrections_per_day", 20)
    senders = [TestClient(client.app, client=(f"2001:db8:7:{n}::1", 1)) for n in range(3)]
    stranger = TestClient(client.app, client=("2001:db8:8::1", 1))

    found = [
        one.post("/v1/corrections", json={**REPORT, "statement": f"This is wrong, {n}."})
        for n, one in enumerate(senders)
    ]

    assert [answer.status_code for answer in found] == [201, 201, 429]
    assert "network" in found[2].json()["detail"]
    report(stranger, statement="Another thing is wrong here.")


def test_proposed_values_are_of_known_columns(client: TestClient) -> None:
    made = report(client, proposed={"url": "https://alpha.example/hit", "campus": None})
    problem = report(client, 422, proposed={"awrd_level": "associate", "x/y": 1})

    assert made["proposed"] == {"url": "https://alpha.example/hit", "campus": None}
    faults = {fault["pointer"]: fault for fault in problem["errors"]}
    assert set(faults) == {"#/proposed/awrd_level", "#/proposed/x~1y"}
    assert faults["#/proposed/awrd_level"]["suggestion"] == "award_level"
    assert "no column 'x/y'" in faults["#/proposed/x~1y"]["detail"]


@pytest.mark.parametrize("collection", sorted(get_args(ReportedCollection.__value__)))
def test_every_kind_of_record_that_can_be_reported_is_known(collection: str) -> None:
    assert collection in collections()


def test_a_kind_of_record_that_nobody_reports_is_refused_in_the_log(client: TestClient) -> None:
    answer = client.get("/v1/corrections", params={"collection": "programme"})

    assert answer.json()["errors"][0]["suggestion"] == "program"


def test_a_statistic_is_reported_and_waits_for_the_file_of_its_source(
    client: TestClient, editor: Editor, session: Session
) -> None:
    session.add(
        Statistic(
            slug="figure",
            label="A figure",
            measure="employment",
            method="employer_survey",
            unit="workers",
            population="All",
            source=GOVERNMENT,
            basis="government_data",
        )
    )
    session.commit()
    about = {"collection": "statistic", "key": "figure", "field": None}
    wrong = report(client, 422, **about, proposed={"valu_low": 1})
    number = report(client, **about, proposed={"value_low": 1})["id"]

    problem = editor.ask(
        "POST",
        f"/v1/admin/corrections/{number}/accept",
        {"reason": "It is so.", "collection": "statistic", "values": {"value_low": 1}},
        status=422,
    )

    assert wrong["errors"][0]["suggestion"] == "value_low"
    assert "import the file" in problem["detail"]
    assert client.get(f"/v1/corrections/{number}").json()["state"] == "open"


@pytest.mark.parametrize(
    ("page", "basis"),
    [
        ("https://alpha.example/hit", "stated_by_institution"),
        ("https://catalog.alpha.example/hit", "stated_by_institution"),
        ("https://notalpha.example/hit", "third_party"),
        ("https://reviews.example/alpha", "third_party"),
    ],
)
@pytest.mark.parametrize("of", ["program", "institution"])
def test_what_the_schools_own_website_says_is_stated_by_the_school(
    client: TestClient, editor: Editor, session: Session, page: str, basis: str, of: str
) -> None:
    school = session.exec(select(Institution)).one()
    school.website = "www.alpha.example"
    session.commit()
    key = "alpha-hit" if of == "program" else str(school.unitid or school.slug)
    number = report(client, collection=of, key=key, source_url=page)["id"]

    decided = editor.ask(
        "POST",
        f"/v1/admin/corrections/{number}/accept",
        {"reason": "The page says so.", "collection": "practicum_claim", "values": PRACTICUM},
    )

    assert decided["edit"]["record"]["basis"] == basis


@pytest.mark.parametrize(
    ("proposed", "words"),
    [
        ({"name": "y" * 60_000}, "60,011 bytes; at most 4,096"),
        ({"name": "y" * 1_001}, "at most 1,000 characters"),
        ({"aliases": ["y" * 990] * 5}, "at most 4,096"),
        ({"name": "a\u0007b"}, "control characters"),
        ({"url": "https://user@evil.example"}, "a user name or a password"),
        ({"url": "https://www.shareasale.com/r.cfm?b=1"}, "pays somebody"),
    ],
)
def test_proposed_values_are_bounded_and_sound(
    client: TestClient, proposed: dict[str, Any], words: str
) -> None:
    problem = report(client, 422, proposed=proposed)

    assert problem["errors"][0]["pointer"] == "#/proposed"
    assert words in problem["detail"]
    assert client.get("/v1/corrections").json()["total"] == 0


SLANDER = {
    "field": "Jane Doe",
    "statement": "Jane Doe of this school stole the fees.",
    "source_url": "https://gossip.example/jane-doe",
    "proposed": {"name": "School of Jane Doe"},
}


@pytest.mark.parametrize("decision", [None, "decline"])
def test_the_words_of_a_report_can_be_taken_away_for_good(
    engine: Engine, client: TestClient, editor: Editor, decision: str | None
) -> None:
    made = report(client, **SLANDER)
    path = f"/v1/admin/corrections/{made['id']}"
    if decision:
        editor.ask("POST", f"{path}/decline", {"reason": "Jane Doe did not."})

    hidden = editor.ask("POST", f"{path}/hide", {"reason": "A person.", "decision_too": True})
    later = editor.ask("POST", f"{path}/hide", {"reason": "Once more."})

    assert hidden == later == client.get(f"/v1/corrections/{made['id']}").json()
    kept = ("id", "collection", "key", "created_at", "seen_on")
    assert {name: hidden[name] for name in kept} == {name: made[name] for name in kept}
    assert hidden["state"] == ("declined" if decision else "open")
    assert (hidden["decided_at"] is not None) == bool(decision)
    assert hidden["hidden_reason"] == "A person."
    assert hidden["hidden_at"] is not None
    assert not (hidden["statement"] or hidden["source_url"] or hidden["proposed"])
    assert hidden["field"] is None
    assert "Jane" not in client.get("/v1/corrections").text
    with engine.connect() as connection:
        rows = connection.execute(sa.select(Correction)).all()  # type: ignore[call-overload]
    assert "Jane" not in str(rows)
    assert "Ann Editor" in str(rows)
    if engine.dialect.name == "sqlite":
        folder = Path(str(engine.url.database))
        for file in folder.parent.glob(f"{folder.name}*"):
            assert b"Jane Doe of this school" not in file.read_bytes()


def test_hidden_words_cannot_be_reported_again(client: TestClient, editor: Editor) -> None:
    made = report(client, **SLANDER)
    editor.ask("POST", f"/v1/admin/corrections/{made['id']}/hide", {"reason": "A person."})

    again = report(client, 200, **SLANDER)

    assert (again["id"], again["statement"]) == (made["id"], "")


def test_of_an_accepted_report_the_change_stays_and_its_reason_can_go(
    client: TestClient, editor: Editor, session: Session
) -> None:
    made = report(client, **SLANDER)
    body = {"reason": "Jane Doe says so.", "collection": "practicum_claim", "values": PRACTICUM}
    path = f"/v1/admin/corrections/{made['id']}"
    edit = editor.ask("POST", f"{path}/accept", body)["edit"]

    hidden = editor.ask("POST", f"{path}/hide", {"reason": "A person.", "decision_too": True})
    editor.publish()

    assert (hidden["state"], hidden["edit_id"], hidden["reason"]) == ("accepted", edit["id"], "")
    assert session.exec(select(DraftEdit.why)).all() == [f"Correction {made['id']}"]
    claims = client.get("/v1/programs/alpha-hit/claims").json()["items"]
    assert any(claim.get("hours_low") == 120 for claim in claims)


def test_hiding_needs_a_key_that_may_decide_and_a_report(
    engine: Engine, client: TestClient, editor: Editor
) -> None:
    made = report(client)
    path = f"/v1/admin/corrections/{made['id']}/hide"
    body = {"reason": "A person."}

    assert client.post(path, json=body).status_code == 401
    reader = make_key(engine, Scope.READ_DRAFTS)
    assert client.post(path, json=body, headers=reader).status_code == 403
    editor.ask("POST", "/v1/admin/corrections/99/hide", body, status=404)
    editor.ask("POST", path, {}, status=422)
    assert client.get(f"/v1/corrections/{made['id']}").json() == made


def test_a_command_hides_words_too(
    engine: Engine, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = report(client, **SLANDER)
    monkeypatch.setattr(
        get_settings(), "database_url", engine.url.render_as_string(hide_password=False)
    )
    monkeypatch.setattr("app.ops.cli_writes.migrate", lambda _engine: None)

    done = CliRunner().invoke(
        cli.cli, ["corrections", "hide", str(made["id"]), "--why", "It names a person"]
    )
    short = CliRunner().invoke(cli.cli, ["corrections", "hide", "1", "--why", "x"])

    assert done.exit_code == 0, done.output
    assert short.exit_code == 2
    assert "Jane" not in client.get("/v1/corrections").text
    with engine.connect() as connection:
        by = connection.execute(sa.text("SELECT hidden_by FROM correction")).scalar_one()
    assert by == "command line"


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
