"""Reports of wrong facts by form: nothing typed is lost, and all can read what became of them."""

import re
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.domain.keys import Scope
from app.settings import get_settings
from app.store.tables.institutions import Institution
from tests.editing import Editor, make_key
from tests.making import add_program, price, publish
from tests.reading_pages import ReadPage, asked, read_page

HTML = {"Accept": "text/html,*/*;q=0.8"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REPORT = {
    "collection": "program",
    "key": "alpha-hit",
    "field": "practicum",
    "statement": "A practicum of 120 hours is required.",
    "source_url": "https://alpha.example/practicum",
    "seen_on": "2026-11-20",
    "website": "",
}


@pytest.fixture(autouse=True)
def catalogue(session: Session) -> None:
    add_program(session, "alpha-hit", school="alpha-college", claims=[price("tuition", 1000)])
    publish(session)


def send(client: TestClient, status: int, path: str = "/corrections", **fields: str) -> Any:
    answer = client.post(path, data={**REPORT, **fields}, headers=HTML, follow_redirects=False)
    assert answer.status_code == status, answer.text
    return answer


def get(client: TestClient, path: str) -> ReadPage:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.text
    return read_page(answer.text)


def test_a_report_is_received_under_a_number_that_all_can_read(client: TestClient) -> None:
    answer = send(client, 303)

    assert answer.headers["location"] == "/corrections/1"
    page = get(client, "/corrections/1")
    assert page.marked("state") == ["open"]
    assert REPORT["statement"] in page.text
    assert "/programs/alpha-hit" in [link.href for link in page.links]
    assert "alpha-hit" not in page.text
    assert client.get("/v1/corrections/1").json()["seen_on"] == "2026-11-20"
    assert get(client, "/corrections").link("Report number 1") == "/corrections/1"


def test_the_list_of_the_reader_goes_along(client: TestClient) -> None:
    answer = send(client, 303, "/corrections?program=alpha-hit&lang=es")

    assert asked(answer.headers["location"]) == {"program": ["alpha-hit"], "lang": ["es"]}


def test_the_same_report_twice_leads_to_the_same_page(client: TestClient) -> None:
    first, second = send(client, 303), send(client, 303)

    assert first.headers["location"] == second.headers["location"]


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    client: TestClient,
) -> None:
    typed = {"statement": "<b>Wrong", "source_url": "alpha.example", "seen_on": "last week"}

    answer = send(client, 422, **typed)

    page = read_page(answer.text)
    for name in typed:
        assert f"{name}-fault-1" in page.ids
    assert page.sent("key") == ["alpha-hit"]
    assert page.sent("source_url") == ["alpha.example"]
    assert page.sent("seen_on") == ["last week"]
    assert "&lt;b&gt;Wrong</textarea>" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert client.get("/v1/corrections").json()["total"] == 0


def test_a_record_that_is_not_there_names_the_nearest(client: TestClient) -> None:
    page = read_page(send(client, 422, key="alpha-hi").text)

    assert "key-fault-1" in page.ids
    assert "'alpha-hit'" in page.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"website": "https://spam.example"}, "it must be left empty"),
        ({"wat": "1"}, "There is no field 'wat'."),
        ({"collection": "programme"}, "Did you mean 'program'?"),
        ({"statement": ""}, "“What is right?” is required."),
        ({"statement": "https://a.example and https://b.example"}, "one address at most"),
        ({"source_url": "https://www.shareasale.com/r.cfm?b=1"}, "pays somebody"),
    ],
)
def test_the_form_is_read_as_the_interface_reads_reports(
    client: TestClient, fields: dict[str, str], words: str
) -> None:
    assert words in read_page(send(client, 422, **fields).text).text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"seen_on": "11/20/2026"}, {"seen_on": "2026-11-20"}),
        ({"seen_on": "2/3/2026"}, {"seen_on": "2026-02-03"}),
        ({"key": "https://here.example/programs/alpha-hit?lang=es#cost"}, {"key": "alpha-hit"}),
        (
            {"key": "https://here.example/institutions/alpha-college"},
            {"collection": "institution", "key": "alpha-college"},
        ),
        (
            {"collection": "institution", "key": "100001"},
            {"collection": "institution", "key": "alpha-college"},
        ),
    ],
)
def test_days_and_records_are_read_as_people_write_them(
    client: TestClient, session: Session, typed: dict[str, str], kept: dict[str, str]
) -> None:
    school = session.exec(select(Institution)).one()
    school.unitid = 100001
    session.add(school)
    session.commit()

    send(client, 303, **typed)

    report = client.get("/v1/corrections/1").json()
    assert {name: report[name] for name in kept} == kept


def test_faults_name_the_labels_and_have_the_focus(client: TestClient) -> None:
    page = read_page(
        send(client, 422, statement="short", source_url="x", seen_on="13/45/2026").text
    )

    assert [part.marks for part in page.parts if "refused" in part.marks]
    summary = page.part("refused", "3")
    assert not any(name in summary for name in ("statement", "source_url", "seen_on"))
    assert "11/20/2026" in summary
    assert page.sent("seen_on") == ["13/45/2026"]


def test_an_accepted_report_names_the_fact_and_the_release(
    engine: Engine, client: TestClient
) -> None:
    send(client, 303)
    accepted = {
        "reason": "The page says so.",
        "collection": "practicum_claim",
        "values": {"availability": "required", "hours_low": 120, "hours_high": 120},
    }
    editor = Editor(client, make_key(engine, Scope.WRITE_FACTS, Scope.PUBLISH))
    editor.ask("POST", "/v1/admin/corrections/1/accept", accepted)
    waiting = get(client, "/corrections/1")

    published = editor.publish()

    page = get(client, "/corrections/1")
    assert waiting.marked("fact") == page.marked("fact") == ["practicum"]
    assert waiting.marked("release") == []
    assert page.marked("release") == [str(published["release"])]


def test_schools_are_told_what_to_send(client: TestClient) -> None:
    page = get(client, "/corrections")

    assert "for-schools" in page.ids
    assert page.link("For schools") == "/corrections#for-schools"


def test_who_asks_for_json_gets_a_problem_with_pointers(client: TestClient) -> None:
    answer = client.post(
        "/corrections", data={**REPORT, "key": "nobody"}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == "#/key"


def test_the_interface_points_at_the_field_that_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/corrections", json={**REPORT, "seen_on": "soon", "website": "x"})

    pointers = {fault["pointer"] for fault in answer.json()["errors"]}
    assert pointers == {"#/seen_on", "#/website"}


def test_a_sender_of_many_keeps_the_form_and_is_told_to_wait(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "corrections", "1/hour")
    send(client, 303)

    answer = send(client, 429, statement="Another thing that is wrong.")

    page = read_page(answer.text)
    assert "Another thing that is wrong." in page.text
    assert int(answer.headers["retry-after"]) > 0


def test_when_the_day_has_no_room_the_form_is_kept(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "corrections_per_day", 1)
    send(client, 303)

    answer = send(client, 429, statement="Another thing that is wrong.")

    assert "Another thing that is wrong." in answer.text
    assert 0 < int(answer.headers["retry-after"]) <= 86_400


@pytest.mark.parametrize("lang", ["en", "es"])
def test_of_a_hidden_report_the_page_shows_that_and_why_but_no_word(
    engine: Engine, client: TestClient, lang: str
) -> None:
    send(client, 303)
    key = make_key(engine, Scope.WRITE_FACTS)
    body = {"reason": "It names a person."}
    assert client.post("/v1/admin/corrections/1/hide", json=body, headers=key).is_success

    for path in ("/corrections", "/corrections/1"):
        page = get(client, f"{path}?lang={lang}")

        assert "It names a person." in page.text
        assert REPORT["statement"] not in page.text
        assert REPORT["source_url"] not in page.text


def test_links_of_strangers_are_marked_as_such(client: TestClient) -> None:
    send(client, 303)

    text = client.get("/corrections/1", headers=HTML).text

    assert f'href="{REPORT["source_url"]}" rel="nofollow ugc noopener noreferrer"' in text


def test_a_link_from_a_record_fills_the_form_in(client: TestClient) -> None:
    send(client, 303)

    page = get(client, "/corrections?collection=program&key=alpha-hit&field=tuition")

    assert set(page.sent("key")) == {"alpha-hit"}
    assert "tuition" in page.sent("field")
    assert page.marked("about") == ["alpha-hit"]
    assert "Health Information Technology" in page.part("about", "alpha-hit")
    assert "Only reports on alpha-hit" not in page.text
    assert page.marked("report") == ["1"]


def test_what_became_of_a_report_is_shown_with_the_reason(
    engine: Engine, client: TestClient
) -> None:
    send(client, 303)
    send(client, 303, statement="The tuition is another one.")
    key = make_key(engine, Scope.WRITE_FACTS)
    declined = {"reason": "The page is of 2019."}
    assert client.post("/v1/admin/corrections/1/decline", json=declined, headers=key).is_success

    page = get(client, "/corrections?state=declined")

    assert page.marked("report") == ["1"]
    assert page.marked("state") == ["declined"]
    assert "The page is of 2019." in page.text
    assert page.link("Waiting") == "/corrections?state=open"


def test_the_log_goes_on_page_by_page(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "corrections", "100/hour")
    for number in range(21):
        send(client, 303, statement=f"This is the wrong thing number {number}.")

    page = get(client, "/corrections")

    assert "Report number 1" not in [link.text for link in page.links]
    older = get(client, page.link("Older reports"))
    assert older.link("Report number 1") == "/corrections/1"


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "text/plain"}, "x", 415),
        ({}, "x", 415),
        (FORM, "&".join("a=1" for _ in range(501)), 422),
        (FORM, "x" * 70_000, 413),
    ],
)
def test_what_is_no_form_is_refused(
    client: TestClient, headers: dict[str, str], content: str, status: int
) -> None:
    assert client.post("/corrections", content=content, headers=headers).status_code == status


def test_faults_are_told_in_the_language_of_the_page(client: TestClient) -> None:
    page = send(client, 422, "/corrections?lang=es", statement="", source_url="x", wat="1").text

    faults = re.findall(r'<p class="fault" [^>]*>(.*?)</p>', page)
    faults += re.findall(r'<li><a href="#\w+">(.*?)</a></li>', page)
    assert len(faults) == 4
    assert not any('lang="en"' in fault for fault in faults)
