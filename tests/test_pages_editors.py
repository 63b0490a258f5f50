"""The editors' page: what waits, by program and weight, decided on without script."""

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.domain.keys import Scope
from app.reader.fetching import Visitor
from app.reader.run import PageReading, load_lexicon, read_program
from app.settings import get_settings
from app.store.tables.reading import FoundFact, PageReview
from tests.editing import make_key
from tests.making import NOW
from tests.schools import CODING, HIT, SPANISH, Schools, add_to_catalogue, three_schools

HTML = {"Accept": "text/html"}


@pytest.fixture
def schools(session: Session) -> Iterator[Schools]:
    """Serve the three sites, and read each to the end."""
    with three_schools() as sites:
        add_to_catalogue(session, sites)
        session.commit()
        for path in ("cost-sheet", "tuition-archive"):  # endless and slow
            del sites.sites[CODING].files[f"academics/medical-coding/{path}"]
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        visitor = Visitor("test", 0, sites.hosts)
        reading = PageReading(engine, visitor, load_lexicon(get_settings().seed_dir), NOW)
        for slug in (HIT, CODING, SPANISH):
            list(read_program(reading, slug))
        visitor.close()
        yield sites


@pytest.fixture
def key(engine: Engine) -> str:
    headers = make_key(engine, Scope.WRITE_FACTS, Scope.PUBLISH)
    return headers["Authorization"].removeprefix("Bearer ")


def post(client: TestClient, key: str, status: int = 200, **fields: str) -> str:
    answer = client.post("/editors", data={"key": key, **fields}, headers=HTML)
    assert answer.status_code == status, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.text


def programs_in(text: str) -> list[str]:
    return re.findall(r'data-program="([^"]+)"', text)


def facts_in(text: str, program: str) -> dict[str, str]:
    """Return rule -> number of the facts of a program."""
    part = text.partition(f'data-program="{program}"')[2].partition("</form>")[0]
    return {rule: n for n, rule in re.findall(r'data-fact="(\d+)" data-rule="([^"]+)"', part)}


def as_marked(text: str, program: str, mark: str = "later") -> dict[str, str]:
    """Return the fields of a program's form as a browser sends them, all marked alike."""
    part = text.partition(f'data-program="{program}"')[2].partition("</form>")[0]
    numbers = re.findall(r'data-fact="(\d+)"', part)
    typed = re.findall(r'<input id="(value-[^"]+)" name="[^"]+" value="([^"]*)"', part)
    return {**{f"fact-{n}": mark for n in numbers}, **dict(typed)}


@pytest.mark.usefixtures("schools")
def test_programs_come_by_weight_and_can_be_narrowed_down(client: TestClient, key: str) -> None:
    shown = post(client, key)

    assert programs_in(shown) == [HIT, CODING, SPANISH]
    assert programs_in(post(client, key, state="PR")) == [SPANISH]
    assert programs_in(post(client, key, school="harlow")) == [CODING]
    assert programs_in(post(client, key, check="program_accredited")) == [HIT]
    assert programs_in(post(client, key, check="hours_stated")) == [HIT, CODING, SPANISH]
    assert programs_in(post(client, key, about=CODING)) == [CODING]
    assert programs_in(post(client, key, status=422, check="nothing")) == [HIT, CODING, SPANISH]


@pytest.mark.usefixtures("schools")
def test_a_page_of_programs_leads_to_the_next(
    client: TestClient, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.site.routes.editors.PROGRAMS", 2)
    first = post(client, key)
    cursor = re.search(r'name="cursor" value="([^"]+)"', first)

    assert cursor
    assert programs_in(post(client, key, cursor=cursor[1])) == [SPANISH]


@pytest.mark.usefixtures("schools")
def test_the_same_stands_once_and_contradictions_stand_side_by_side(
    client: TestClient, key: str, session: Session
) -> None:
    shown = post(client, key)

    assert shown.count("data-again") == 1  # credits, in the catalog and on the page
    [contradiction] = re.findall(r'(?s)data-contradiction>(.*?)class="part ', shown)
    assert re.findall(r"practicum of (\d+) hours", contradiction) == ["160", "180"]
    done = post(client, key, act="accept_rest", **as_marked(shown, SPANISH))
    assert done.count("data-not-accepted") == 2
    facts = session.exec(select(FoundFact).where(FoundFact.state == "accepted")).all()
    assert {fact.rule for fact in facts} == {"offering.credits", "cost.tuition"}
    numbers = re.findall(r'data-fact="(\d+)"', contradiction)
    marked = {f"fact-{numbers[0]}": "accept", f"fact-{numbers[1]}": "decline"}
    after = post(client, key, act="save", **marked)
    assert SPANISH not in programs_in(after)


@pytest.mark.usefixtures("schools")
def test_a_value_is_changed_where_it_is_accepted(
    client: TestClient, key: str, session: Session
) -> None:
    shown = post(client, key)
    fields = as_marked(shown, HIT)
    number = facts_in(shown, HIT)["cost.fees"]
    fields[f"fact-{number}"] = "accept"
    fields[f"value-{number}-amount_high_cents"] = "12.50"
    fields[f"value-{number}-as_of"] = "2025-26"

    post(client, key, act="save", **fields)

    fact = session.get(FoundFact, int(number))
    assert fact is not None
    [edit] = (
        client.get("/v1/admin/draft", headers={"Authorization": f"Bearer {key}"})
        .json()
        .get("edits", [None])
    )
    assert edit is None or edit["record"]["amount_high_cents"] == 1250


@pytest.mark.usefixtures("schools")
def test_what_cannot_be_accepted_waits_and_says_why(client: TestClient, key: str) -> None:
    shown = post(client, key)
    number = facts_in(shown, HIT)["practicum.required"]
    fields = {f"fact-{number}": "accept", f"value-{number}-hours_low": "many"}

    after = post(client, key, act="save", **fields)

    assert f'data-not-accepted="{number}"' in after
    assert f'data-fact="{number}"' in after
    for wrong in ("x", "y" * 5_000):
        text = post(client, key, status=422, act="save", why=wrong, **fields)
        assert f'data-fact="{number}"' in text
    post(client, key, status=422, act="close_review", review="many")
    post(client, key, status=404, act="close_review", review="77")
    post(client, key, status=422, cursor="broken")


@pytest.mark.usefixtures("schools")
def test_three_schools_come_from_an_empty_queue_to_a_release(client: TestClient, key: str) -> None:
    shown = post(client, key)
    for slug in (HIT, CODING):
        shown = post(client, key, act="accept_rest", **as_marked(shown, slug))
        assert slug not in programs_in(shown)
    fields = as_marked(shown, SPANISH)
    newer, older = list(fields)[:2]
    shown = post(client, key, act="accept_rest", **{**fields, newer: "accept", older: "decline"})
    assert 'data-waiting="0"' in shown
    assert not client.get(f"/v1/programs/{HIT}").json()["accreditations"]
    post(client, key, status=422, act="publish", note="")

    published = post(client, key, act="publish", note="Read on pages of three schools")

    assert 'data-published="2"' in published
    text = client.get(f"/v1/programs/{HIT}").text
    told = json.loads(text)
    [accredited] = told["accreditations"]
    assert accredited["through_year"] == 2032
    assert accredited["evidence"]["basis"] == "stated_by_institution"
    assert accredited["evidence"]["source_url"].endswith("/programs/health-information-technology/")
    assert told["score"]["low"] > 30
    assert "Example" not in text  # whom to ask is a person
    assert "@" not in text
    practicum = client.get(f"/v1/programs/{SPANISH}").json()["practicum"]
    assert [one["hours_low"] for one in practicum] == [160]
    counted = client.get("/v1/completeness").json()["reading"]
    assert (counted["read"], counted["answered"], counted["checked"]) == (3, 0, 3)
    assert [one["state"] for one in counted["states"]] == ["OH", "PR"]


@pytest.mark.usefixtures("schools")
def test_a_key_without_the_scope_does_not_publish(engine: Engine, client: TestClient) -> None:
    headers = make_key(engine, Scope.WRITE_FACTS, name="Bo")
    key = headers["Authorization"].removeprefix("Bearer ")

    post(client, key, status=403, act="publish", note="Mine")


@pytest.mark.usefixtures("schools")
def test_pages_to_look_at_and_addresses_for_schools_stand_on_the_page(
    client: TestClient, key: str, session: Session
) -> None:
    made = post(client, key, act="make_link", program=HIT)
    path = re.search(r'data-link="https?://[^/]+(/answer/[^"]+)"', made)
    assert path
    assert path[1] in made.replace("%2F", "/")
    assert made.count("data-mail=") == 2
    number = re.search(r'data-answer-link="(\d+)"', made)
    assert number
    assert client.get(path[1], headers=HTML).status_code == 200
    post(client, key, act="revoke_link", link=number[1])
    assert client.get(path[1], headers=HTML).status_code == 404
    post(client, key, status=422, act="make_link", program="no-such-program")
    fact = session.exec(select(FoundFact)).first()
    assert fact is not None
    session.add(
        PageReview(
            program_id=fact.program_id, url="https://a.example/", outcome="gone", found_at=NOW
        )
    )
    session.commit()

    shown = post(client, key)

    assert 'data-outcome="gone"' in shown
    closed = post(client, key, act="close_review", review="1", why="It has a new address")
    assert "data-outcome" not in closed
